/* SPDX-License-Identifier: Apache-2.0
 * user_expressions: a parameter's value, or a scalar SELECT. */
#include "kernel/cells/cell.h"

static json_t *answer(struct vs_str plain) {
  return json_pack("{s:s,s:{s:s%},s:{}}", "status", "ok", "data", "text/plain", plain.data, plain.size, "metadata");
}

static json_t *refuse(const struct vs_error *error) {
  const struct vs_code_row *row = vs_code_find(error->code);
  return json_pack("{s:s,s:s,s:s,s:[]}", "status", "error", "ename", row ? row->ename : "VeloInternalError", "evalue",
                   error->message, "traceback");
}

static vs_status run_scalar(struct vsk_studio *studio, struct vs_str sql, struct vs_text *text, struct vs_error *err) {
  struct vs_engine_script *script = NULL;
  struct vs_run *run = NULL;
  struct vs_arena arena;
  struct vs_view view;
  const struct vs_run_options options = {
      .owner = VS_STR("user_expressions"), .owner_label = VS_STR("an expression"), .is_headless = true};
  VS_TRY(vs_engine_parse(studio->engine, sql, 0, &script, err));
  vs_arena_init(&arena, studio->env->memory, 1 << 20);
  vs_status status = script->tree.statement_count == 1
                         ? vs_run_start(studio->engine, script, 0, &options, &run, err)
                         : vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "one scalar expression is expected");
  if (status == VS_OK && vs_run_is(run) != VS_RUN_SCALAR)
    status = vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "a SELECT without FROM is expected");
  if (status == VS_OK) status = vs_run_finish(run, err);
  if (status == VS_OK) status = vs_run_view(run, 1, 0, 0, &arena, &view, err);
  if (status == VS_OK && view.result.head.row_count) {
    struct vs_value value = vs_value_get(&view.result.head.columns[0], 0);
    vs_value_print(&value, VS_STYLE_TABLE, text);
  }
  vs_run_free(run);
  vs_engine_script_free(script);
  vs_arena_release(&arena);
  return status;
}

static bool print_parameter(struct vsk_studio *studio, struct vs_str name, struct vs_text *text) {
  for (uint32_t i = 0; i < vs_engine_parameter_count(studio->engine); i++) {
    bool is_secret = false;
    const struct vs_parameter *parameter = vs_engine_parameter_at(studio->engine, i, &is_secret);
    if (!vs_str_equal(parameter->name, name) || parameter->list) continue;
    if (is_secret)
      vs_text_puts(text, "(secret)");
    else
      vs_value_print(&parameter->value, VS_STYLE_TABLE, text);
    return true;
  }
  return false;
}

json_t *vsk_evaluate(void *context, struct vs_str expression) {
  struct vsk_studio *studio = context;
  struct vs_error error;
  struct vs_text text, sql;
  vs_error_clear(&error);
  vs_text_init(&text, studio->env->memory, 1 << 20);
  vs_text_init(&sql, studio->env->memory, 1 << 20);
  expression = vs_str_trim(expression);
  bool is_select = vs_str_starts_nocase(expression, VS_STR("SELECT"));
  vs_text_puts(&sql, is_select ? "" : "SELECT ");
  vs_text_str(&sql, expression);
  vs_status status =
      print_parameter(studio, expression, &text) ? VS_OK : run_scalar(studio, vs_text_view(&sql), &text, &error);
  json_t *reply = status == VS_OK ? answer(vs_text_view(&text)) : refuse(&error);
  vs_text_release(&text);
  vs_text_release(&sql);
  return reply;
}
