/* SPDX-License-Identifier: Apache-2.0
 * %config: settings of the session. KEY=VALUE sets, KEY shows, nothing lists. */
#include "engine/base/suggest.h"
#include "kernel/magics/magic.h"

/* clang-format off */
static const struct vs_option options[] = {
  {"origin", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "say where each value comes from"},
};
/* clang-format on */

static void print_setting(const struct vs_engine_setting *setting, bool with_origin, struct vs_text *text) {
  vs_text_printf(text, "%-28s %-10s", setting->row.key, setting->row.is_secret ? "(secret)" : setting->value);
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
    status = vs_fail_hint(
        err, vs_fail(err, VS_CODE_UNKNOWN_SETTING, VS_NO_SPAN, "there is no setting %.*s", VS_STR_ARG(key)), "%s",
        vs_suggest_print(&suggest, near, sizeof near));
  if (status == VS_OK) vsk_show_text(context, vs_str_trim(vs_text_view(&text)));
  vs_text_release(&text);
  return status;
}

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body, (void)body_offset;
  bool with_origin = vs_arguments_has(arguments, "origin");
  if (arguments->value_count == 0) return show(context, (struct vs_str){NULL, 0}, with_origin, err);
  for (uint32_t i = 0; i < arguments->value_count; i++) {
    struct vs_str word = arguments->values[i];
    const char *equals = memchr(word.data, '=', word.size);
    if (!equals) {
      VS_TRY(show(context, word, with_origin, err));
      continue;
    }
    struct vs_str key = {word.data, (size_t)(equals - word.data)};
    struct vs_str value = {equals + 1, word.size - key.size - 1};
    VS_TRY(vs_engine_set(context->engine, key, value, VS_NO_SPAN, err));
  }
  return VS_OK;
}

static void complete(struct vs_engine *engine, void (*offer)(void *sink, struct vs_str word, const char *detail),
                     void *sink) {
  for (uint32_t i = 0; i < vs_engine_setting_count(engine); i++) {
    struct vs_engine_setting setting;
    vs_engine_setting_at(engine, i, &setting);
    offer(sink, vs_str_of(setting.row.key), setting.row.doc);
  }
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
