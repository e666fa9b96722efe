/* SPDX-License-Identifier: Apache-2.0
 * %param: typed values for :name. `a = 1` sets, `a` shows, nothing lists, `a --ask` asks the user. */
#include "kernel/magics/magic.h"

#include <ctype.h>
#include <stdio.h>

/* clang-format off */
static const struct vs_option options[] = {
  {"ask", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "ask for the value"},
  {"secret", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "do not show what is typed, nor the value later"},
};
/* clang-format on */

static void print_one(const struct vs_parameter *parameter, bool is_secret, struct vs_text *text) {
  char type[32];
  vs_text_printf(text, "%.*s = ", VS_STR_ARG(parameter->name));
  if (is_secret) {
    vs_text_puts(text, "(secret)\n");
    return;
  }
  if (parameter->list) {
    for (uint32_t i = 0; i < parameter->list_count; i++) {
      vs_text_puts(text, i ? ", " : "[");
      vs_value_print(&parameter->list[i], VS_STYLE_TABLE, text);
    }
    vs_text_puts(text, "]\n");
    return;
  }
  vs_value_print(&parameter->value, VS_STYLE_TABLE, text);
  vs_text_printf(text, "  (%s)\n", vs_type_print(parameter->value.type, type));
}

static vs_status show(struct vsk_context *context, struct vs_str name, struct vs_error *err) {
  struct vs_text text;
  uint32_t shown = 0;
  vs_text_init(&text, vs_engine_env(context->engine)->memory, 1 << 20);
  for (uint32_t i = 0; i < vs_engine_parameter_count(context->engine); i++) {
    bool is_secret = false;
    const struct vs_parameter *parameter = vs_engine_parameter_at(context->engine, i, &is_secret);
    if (!name.data || vs_str_equal(name, parameter->name)) print_one(parameter, is_secret, &text), shown++;
  }
  if (!shown && !name.data) vs_text_puts(&text, "no parameters yet; %param name = value sets one");
  vs_status status = vs_text_check(&text, err);
  if (!shown && name.data)
    status = vs_fail_hint(err,
                          vs_fail(err, VS_CODE_UNKNOWN_PARAMETER, vsk_magic_span(context, name),
                                  "there is no parameter %.*s", VS_STR_ARG(name)),
                          "%%param %.*s = value sets it; %%param alone lists what there is", VS_STR_ARG(name));
  if (status == VS_OK) vsk_show_text(context, vs_str_trim(vs_text_view(&text)));
  vs_text_release(&text);
  return status;
}

static vs_status ask(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_error *err) {
  struct vs_str name = arguments->values[0], answer;
  bool is_secret = vs_arguments_has(arguments, "secret");
  char prompt[128];
  snprintf(prompt, sizeof prompt, "%.*s: ", VS_STR_ARG(name));
  VS_TRY(vsk_session_ask(context->session, prompt, is_secret, context->arena, &answer, err));
  if (is_secret) vsk_session_hide(context->session, answer);
  return vs_engine_parameter_set(context->engine, name, answer, false, is_secret, VS_PARAMETER_SET, err);
}

/* `name = value`: the value keeps its quotes, which tell a text from a number, so the line is cut by hand. */
static bool read_assignment(struct vs_str line, struct vs_str *ret_name, struct vs_str *ret_value) {
  size_t i = 0;
  while (i < line.size && (isalnum((unsigned char)line.data[i]) || line.data[i] == '_'))
    i++;
  *ret_name = (struct vs_str){line.data, i};
  struct vs_str rest = vs_str_trim((struct vs_str){line.data + i, line.size - i});
  if (i == 0 || rest.size == 0 || rest.data[0] != '=') return false;
  *ret_value = vs_str_trim((struct vs_str){rest.data + 1, rest.size - 1});
  return true;
}

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body, (void)body_offset;
  struct vs_str line = arguments->value_count ? arguments->values[0] : VS_STR(""), name, value;
  struct vs_arguments words;
  bool is_assignment = read_assignment(line, &name, &value);
  if (is_assignment && !value.size)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%%param %.*s = has no value", VS_STR_ARG(name)),
                        "write a number, a text (in quotes unless it is one word), True, False, None or a [list]");
  if (is_assignment)
    return vs_engine_parameter_set(context->engine, name, value, true, false, VS_PARAMETER_DEFAULT, err);
  VS_TRY(vsk_magic_words(context, arguments->command, line, &words, err));
  if (vs_arguments_has(&words, "ask") && words.value_count == 1) return ask(context, &words, err);
  if (vs_arguments_has(&words, "ask") || words.value_count > 1)
    return vs_fail_hint(err, vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%%param takes one name, or name = value"),
                        "%%param symbol = 'ADA' sets one, %%param symbol shows it, %%param symbol --ask asks");
  return show(context, words.value_count ? words.values[0] : (struct vs_str){NULL, 0}, err);
}

const struct vsk_magic vsk_magic_param = {
    .command = {.name = "%param",
                .arguments = "[NAME [= VALUE]]",
                .summary = "set, show or ask for a parameter, used as :NAME",
                .details = "VALUE is a number, a text (in quotes unless it is one word), True, False, None or a list "
                           "[a, b]; the type follows.\n"
                           "A value injected by papermill or VELO_PARAM_NAME wins over a default in the notebook.",
                .examples = "  %param symbol = 'ADA'\n  %param limits = [1, 2.5]\n  %param password --ask --secret",
                .options = options,
                .option_count = VS_COUNT_OF(options),
                .argument_max = UINT32_MAX},
    .is_line = true,
    .takes_raw = true,
    .run = run,
};
