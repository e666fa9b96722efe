/* SPDX-License-Identifier: Apache-2.0
 * %explain VELO-nnnn: what an error code means. %explain STATEMENT, %%explain: the plan. */
#include "kernel/magics/magic.h"

#include <stdlib.h>

static vs_status explain_code(struct vsk_context *context, struct vs_str word, struct vs_error *err) {
  long number = strtol(word.data + 5, NULL, 10);
  const struct vs_code_row *row = vs_code_find((vs_code)number);
  if (!row)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "there is no error code %.*s", VS_STR_ARG(word)),
                        "velo reference errors lists them all");
  char *text = vs_arena_printf(context->arena, "VELO-%d  %s\n\n%s.\nWhat to do: %s.%s", (int)row->code, row->ename,
                               row->cause, row->todo, row->retriable ? "\nTrying again may help." : "");
  if (!text) return vs_fail_memory(err);
  vsk_show_text(context, vs_str_of(text));
  return VS_OK;
}

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body_offset;
  struct vs_str line = arguments->value_count ? arguments->values[0] : (struct vs_str){NULL, 0};
  if (vs_str_starts_nocase(line, VS_STR("VELO-"))) return explain_code(context, line, err);
  if (line.size == 0 && vs_str_trim(body).size == 0)
    return vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%%explain needs an error code or a statement");
  char *sql = vs_arena_printf(context->arena, "EXPLAIN %.*s\n%.*s", VS_STR_ARG(line), VS_STR_ARG(body));
  if (!sql) return vs_fail_memory(err);
  return context->run_sql(context, vs_str_of(sql), UINT32_MAX, err);
}

const struct vsk_magic vsk_magic_explain = {
    .command = {.name = "%explain",
                .arguments = "VELO-NNNN|STATEMENT",
                .summary = "what an error code means, or how a statement runs",
                .examples = "  %explain VELO-2003\n  %explain SELECT COUNT(*) FROM trades",
                .argument_max = 1},
    .is_line = true,
    .is_cell = true,
    .takes_raw = true,
    .run = run,
};
