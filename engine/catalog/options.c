/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/catalog/options.h"

#include "engine/base/suggest.h"

#include <assert.h>

static bool has_scope(struct vs_str key, struct vs_str scope) {
  return scope.size && key.size > scope.size + 1 && key.data[scope.size] == '.' &&
         vs_str_equal_nocase((struct vs_str){key.data, scope.size}, scope);
}

static vs_status text_of(const struct vs_value *value, struct vs_arena *arena, struct vs_str *ret_text,
                         struct vs_error *err) {
  if (value->type.id == VS_TYPE_STRING && !value->is_null) return *ret_text = value->as.string, VS_OK;
  struct vs_text text;
  vs_text_init(&text, arena->memory, 0);
  vs_value_print(value, VS_STYLE_PLAIN, &text);
  struct vs_str view = vs_text_view(&text);
  char *copy = vs_arena_copy(arena, view.data, view.size);
  *ret_text = (struct vs_str){copy, view.size};
  vs_text_release(&text);
  return copy ? VS_OK : vs_fail_memory(err);
}

static vs_status refuse_key(const struct vs_property *property, struct vs_str key, struct vs_error *err) {
  uint32_t count;
  char nearest[200];
  struct vs_suggest suggest;
  const struct vs_setting *settings = vs_source_settings(&count);
  vs_suggest_init(&suggest, key);
  for (uint32_t i = 0; i < count; i++)
    vs_suggest_offer(&suggest, vs_str_of(settings[i].key));
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_KEY, property->key_span, "no key '%.*s'", VS_STR_ARG(key));
  vs_suggest_print(&suggest, nearest, sizeof nearest);
  return vs_fail_hint(err, status, "%s", *nearest ? nearest : "velo reference settings lists the keys");
}

static bool is_near_a_key(struct vs_str key) {
  uint32_t count;
  struct vs_suggest suggest;
  const struct vs_setting *settings = vs_source_settings(&count);
  vs_suggest_init(&suggest, key);
  for (uint32_t i = 0; i < count; i++)
    vs_suggest_offer(&suggest, vs_str_of(settings[i].key));
  return suggest.count > 0;
}

static struct vs_option_entry *entry_of(struct vs_options_scope *options, const struct vs_setting *setting) {
  for (uint32_t i = 0; i < options->count; i++)
    if (options->items[i].setting == setting) return &options->items[i];
  assert(options->count < VS_COUNT_OF(options->items));
  options->items[options->count].setting = setting;
  return &options->items[options->count++];
}

/* `key` is without its scope. A later value replaces an earlier one, a scoped one any that is not. */
static vs_status take(struct vs_options_scope *options, const struct vs_setting *setting,
                      const struct vs_property *property, bool is_scoped, struct vs_arena *arena,
                      struct vs_error *err) {
  struct vs_option_value value;
  struct vs_str text;
  VS_TRY(text_of(&property->value, arena, &text, err));
  VS_TRY(vs_setting_check(setting, text, setting->is_planned ? property->key_span : property->value_span, &value, err));
  struct vs_option_entry *entry = entry_of(options, setting);
  if (entry->is_scoped && !is_scoped) return VS_OK;
  *entry = (struct vs_option_entry){setting, value, property->key_span, property->value_span, is_scoped};
  return VS_OK;
}

static vs_status read_property(struct vs_options_scope *options, const struct vs_property *property,
                               struct vs_arena *arena, struct vs_error *err) {
  uint32_t count;
  const struct vs_setting *settings = vs_source_settings(&count);
  struct vs_str key = property->key;
  bool is_scoped = has_scope(key, options->name);
  if (is_scoped) key = (struct vs_str){key.data + options->name.size + 1, key.size - options->name.size - 1};
  const struct vs_setting *setting = vs_setting_find(settings, count, key);
  if (setting) return take(options, setting, property, is_scoped, arena, err);
  bool is_dotted = memchr(key.data, '.', key.size) != NULL;
  bool is_mine = is_scoped || (options->is_declaration && (!is_dotted || is_near_a_key(key)));
  return is_mine && key.size && key.data[0] != '@' ? refuse_key(property, key, err) : VS_OK;
}

vs_status vs_options_read(struct vs_options_scope *options, const struct vs_properties *const *properties,
                          uint32_t count, struct vs_arena *arena, struct vs_error *err) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; properties[i] && k < properties[i]->count; k++)
      VS_TRY(read_property(options, &properties[i]->items[k], arena, err));
  return VS_OK;
}

const struct vs_option_entry *vs_options_find(const struct vs_options_scope *options, const char *key) {
  for (uint32_t i = 0; i < options->count; i++)
    if (strcmp(options->items[i].setting->key, key) == 0) return &options->items[i];
  return NULL;
}

struct vs_option_value vs_options_get(const struct vs_options_scope *options, const char *key) {
  uint32_t count;
  struct vs_option_value value = {0};
  const struct vs_option_entry *entry = vs_options_find(options, key);
  if (entry) return entry->value;
  const struct vs_setting *settings = vs_source_settings(&count);
  const struct vs_setting *setting = vs_setting_find(settings, count, vs_str_of(key));
  assert(setting);
  if (!setting->fallback || vs_setting_check(setting, vs_str_of(setting->fallback), VS_NO_SPAN, &value, NULL) != VS_OK)
    return (struct vs_option_value){0};
  value.is_given = false;
  return value;
}
