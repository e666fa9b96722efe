/* SPDX-License-Identifier: Apache-2.0
 * %explain VELO-nnnn: what an error code means. %explain STATEMENT, %%explain: the plan. */
#include "kernel/magics/magic.h"

#include <ctype.h>
#include <stdlib.h>

static bool is_number(struct vs_str word) {
  size_t i = 0;
  while (i < word.size && isdigit((unsigned char)word.data[i]))
    i++;
  return word.size > 0 && i == word.size;
}

static vs_status explain_code(struct vsk_context *context, struct vs_str word, struct vs_str digits,
                              struct vs_error *err) {
  char *text_of_digits = vs_arena_copy(context->arena, digits.data, digits.size);
  if (!text_of_digits) return vs_fail_memory(err);
  const struct vs_code_row *row = vs_code_find((vs_code)strtol(text_of_digits, NULL, 10));
  if (!row)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_BAD_OPTION, vsk_magic_span(context, word), "there is no error code %.*s",
                                VS_STR_ARG(word)),
                        "velo reference errors lists them all");
  char *text = vs_arena_printf(context->arena, "VELO-%d  %s\n\nWhat it means: %s.\nWhat to do: %s.%s", (int)row->code,
                               row->ename, row->cause, row->todo, row->retriable ? "\nTrying again may help." : "");
  if (!text) return vs_fail_memory(err);
  vsk_show_text(context, vs_str_of(text));
  return VS_OK;
}

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body_offset;
  struct vs_str line = arguments->value_count ? arguments->values[0] : (struct vs_str){NULL, 0};
  struct vs_arguments words;
  bool is_code = vs_str_starts_nocase(line, VS_STR("VELO-")) || (line.size && isdigit((unsigned char)line.data[0]));
  if (is_code) VS_TRY(vsk_magic_words(context, arguments->command, line, &words, err));
  if (vs_str_starts_nocase(line, VS_STR("VELO-")))
    return explain_code(context, line, (struct vs_str){line.data + 5, line.size - 5}, err);
  if (is_number(line)) return explain_code(context, line, line, err);
  if (line.size == 0 && vs_str_trim(body).size == 0)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%%explain needs an error code or a statement"),
                        "%%explain VELO-2003, or %%explain SELECT ...");
  char *sql =
      vs_arena_printf(context->arena, "EXPLAIN %.*s%s%.*s", VS_STR_ARG(line), body.size ? "\n" : "", VS_STR_ARG(body));
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
    .holds_sql = true,
    .takes_raw = true,
    .run = run,
};
