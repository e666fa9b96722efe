/* SPDX-License-Identifier: Apache-2.0
 * WITH properties of one source or sink, checked and picked by key. Private to this room. */
#ifndef VS_CATALOG_OPTIONS_H
#define VS_CATALOG_OPTIONS_H

#include "engine/catalog/catalog.h"

struct vs_option_entry {
  const struct vs_setting *setting;
  struct vs_option_value value;
  struct vs_span key_span, value_span;
  bool is_scoped; /* "name.key", which wins over "key" */
};
struct vs_options_scope {
  struct vs_str name;               /* declared name, alias or file stem */
  bool is_declaration;              /* unprefixed keys belong to it, so unknown ones are errors */
  struct vs_option_entry items[32]; /* one per setting given */
  uint32_t count;
};
vs_status vs_options_read(struct vs_options_scope *options, const struct vs_properties *const *properties,
                          uint32_t count, struct vs_arena *arena, struct vs_error *err) VS_NODISCARD;
/* NULL when not given. */
const struct vs_option_entry *vs_options_find(const struct vs_options_scope *options, const char *key);
/* The value given, else the setting's fallback (text NULL when it has none). */
struct vs_option_value vs_options_get(const struct vs_options_scope *options, const char *key);

#endif
