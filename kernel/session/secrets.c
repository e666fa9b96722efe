/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/session/secrets.h"

enum { TEXT_LIMIT = 64 << 20 };

static bool is_clean(struct vs_secret_list *secrets, const json_t *value) {
  struct vs_text ignored VS_CLEANUP(vs_text_release);
  vs_text_init(&ignored, secrets->memory, TEXT_LIMIT);
  if (json_is_string(value))
    return !vs_secret_list_conceal(secrets, (struct vs_str){json_string_value(value), json_string_length(value)},
                                   &ignored);
  for (size_t i = 0; i < json_array_size(value); i++)
    if (!is_clean(secrets, json_array_get(value, i))) return false;
  const char *key;
  json_t *member;
  json_object_foreach((json_t *)(uintptr_t)value, key, member) if (!is_clean(secrets, member)) return false;
  return true;
}

static void clean(struct vs_secret_list *secrets, json_t *value) {
  const char *key;
  json_t *member;
  struct vs_text text VS_CLEANUP(vs_text_release);
  vs_text_init(&text, secrets->memory, TEXT_LIMIT);
  if (json_is_string(value) &&
      vs_secret_list_conceal(secrets, (struct vs_str){json_string_value(value), json_string_length(value)}, &text))
    json_string_setn(value, text.data ? text.data : "", text.size);
  for (size_t i = 0; i < json_array_size(value); i++)
    clean(secrets, json_array_get(value, i));
  json_object_foreach(value, key, member) clean(secrets, member);
}

json_t *vsk_secrets_conceal_json(struct vs_secret_list *secrets, const json_t *value) {
  if (atomic_load(&secrets->count) == 0 || is_clean(secrets, value)) return NULL;
  json_t *copy = json_deep_copy(value);
  clean(secrets, copy);
  return copy;
}
