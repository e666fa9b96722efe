/* SPDX-License-Identifier: Apache-2.0
 * %config: settings of the session. KEY=VALUE sets, KEY shows, nothing lists. */
#include "engine/base/suggest.h"
#include "kernel/magics/magic.h"

#include <stdio.h>

/* clang-format off */
static const struct vs_option options[] = {
  {"origin", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "say where each value comes from"},
};
/* clang-format on */

static void print_setting(const struct vs_engine_setting *setting, bool with_origin, struct vs_text *text) {
  char value[48];
  const char *unit = setting->row.unit ? setting->row.unit : "";
  snprintf(value, sizeof value, "%s%s%s", setting->row.is_secret ? "(secret)" : setting->value, unit[0] ? " " : "",
           unit);
  vs_text_printf(text, "%-24s %-14s", setting->row.key, value);
  if (with_origin) vs_text_printf(text, " %-12s", setting->origin);
  vs_text_printf(text, " %s\n", setting->row.doc);
}

static vs_status show(struct vsk_context *context, struct vs_str key, bool with_origin, struct vs_error *err) {
  struct vs_text text;
  struct vs_suggest suggest;
  char near[160];
  uint32_t shown = 0;
  vs_suggest_init(&suggest, key);
  vs_text_init(&text, vs_engine_env(context->engine)->memory, 1 << 20);
  for (uint32_t i = 0; i < vs_engine_setting_count(context->engine); i++) {
    struct vs_engine_setting setting;
    vs_engine_setting_at(context->engine, i, &setting);
    vs_suggest_offer(&suggest, vs_str_of(setting.row.key));
    if (!key.data || vs_str_equal_nocase(key, vs_str_of(setting.row.key)))
      print_setting(&setting, with_origin, &text), shown++;
  }
  vs_status status = vs_text_check(&text, err);
  if (!shown)
    status = vs_fail_hint(err,
                          vs_fail(err, VS_CODE_UNKNOWN_SETTING, vsk_magic_span(context, key),
                                  "there is no setting %.*s", VS_STR_ARG(key)),
                          "%s", vs_suggest_print(&suggest, near, sizeof near));
  if (status == VS_OK) vsk_show_text(context, vs_str_trim(vs_text_view(&text)));
  vs_text_release(&text);
  return status;
}

/* What was set is shown as it was understood. */
static vs_status set(struct vsk_context *context, struct vs_str key, struct vs_str value, bool with_origin,
                     struct vs_error *err) {
  struct vs_error ignored, *error = err ? err : &ignored;
  vs_status status = vs_engine_set(context->engine, key, value, vsk_magic_span(context, key), error);
  if (status != VS_OK && error->code != VS_CODE_UNKNOWN_SETTING) error->span = vsk_magic_span(context, value);
  if (status != VS_OK) return status;
  return show(context, key, with_origin, err);
}

static void offer_choices(const struct vs_setting *row, struct vs_arena *arena,
                          void (*offer)(void *sink, struct vs_str word, const char *detail), void *sink) {
  const char *choices = row->choices;
  if (!choices && row->kind == VS_SET_BOOL) choices = "true|false";
  for (struct vs_str rest = vs_str_of(choices ? choices : ""); rest.size;) {
    const char *bar = memchr(rest.data, '|', rest.size);
    size_t size = bar ? (size_t)(bar - rest.data) : rest.size;
    const char *word = vs_arena_printf(arena, "%s=%.*s", row->key, (int)size, rest.data);
    if (word) offer(sink, vs_str_of(word), row->doc);
    rest = (struct vs_str){rest.data + size + (bar != NULL), rest.size - size - (bar != NULL)};
  }
}

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body, (void)body_offset;
  bool with_origin = vs_arguments_has(arguments, "origin");
  if (arguments->value_count == 0) return show(context, (struct vs_str){NULL, 0}, with_origin, err);
  for (uint32_t i = 0; i < arguments->value_count; i++) {
    struct vs_str word = arguments->values[i];
    const char *equals = memchr(word.data, '=', word.size);
    if (!equals && i + 2 < arguments->value_count && vs_str_equal(arguments->values[i + 1], VS_STR("="))) {
      VS_TRY(set(context, word, arguments->values[i + 2], with_origin, err)); /* key = value with spaces */
      i += 2;
      continue;
    }
    if (!equals) {
      VS_TRY(show(context, word, with_origin, err));
      continue;
    }
    struct vs_str key = {word.data, (size_t)(equals - word.data)};
    struct vs_str value = {equals + 1, word.size - key.size - 1};
    VS_TRY(set(context, key, value, with_origin, err));
  }
  return VS_OK;
}

static void complete(struct vs_engine *engine, void (*offer)(void *sink, struct vs_str word, const char *detail),
                     void *sink) {
  struct vs_arena arena;
  vs_arena_init(&arena, vs_engine_env(engine)->memory, 1 << 20);
  for (uint32_t i = 0; i < vs_engine_setting_count(engine); i++) {
    struct vs_engine_setting setting;
    vs_engine_setting_at(engine, i, &setting);
    const char *key = vs_arena_printf(&arena, "%s=", setting.row.key);
    if (key) offer(sink, vs_str_of(key), setting.row.doc);
    offer_choices(&setting.row, &arena, offer, sink);
  }
  vs_arena_release(&arena);
}

const struct vsk_magic vsk_magic_config = {
    .command = {.name = "%config",
                .arguments = "[KEY[=VALUE]...]",
                .summary = "show or set the session's settings",
                .examples = "  %config\n  %config display_rows=50\n  %config --origin state.limit",
                .options = options,
                .option_count = VS_COUNT_OF(options),
                .argument_max = UINT32_MAX},
    .is_line = true,
    .run = run,
    .complete = complete,
};
