/* SPDX-License-Identifier: Apache-2.0
 * %export: the kept rows of a result into a file, from the engine and not from the table shown. */
#include "kernel/magics/magic.h"

#include <stdio.h>

/* clang-format off */
static const struct vs_option options[] = {
  {"force", 'f', VS_OPTION_FLAG, NULL, NULL, NULL, "overwrite a file that is there"},
};
/* clang-format on */

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body, (void)body_offset;
  struct vs_str name = arguments->values[0], path = arguments->values[arguments->value_count - 1];
  bool has_to = arguments->value_count == 3 && vs_str_equal_nocase(arguments->values[1], VS_STR("to"));
  if (arguments->value_count == 3 && !has_to)
    return vs_fail_hint(err, vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%%export expects to before the file"),
                        "%%export last to 'file.csv'");
  struct vs_export_facts facts;
  vs_status status =
      vs_engine_export(context->engine, name, path, vs_arguments_has(arguments, "force"), context->arena, &facts, err);
  if (status != VS_OK && err)
    err->span = vsk_magic_span(context, err->code == VS_CODE_NOTHING_TO_SHOW ? arguments->values[0] : path);
  if (status != VS_OK) return status;
  char *text =
      vs_arena_printf(context->arena, "%llu row%s, %llu bytes written to %.*s%s", (unsigned long long)facts.rows,
                      facts.rows == 1 ? "" : "s", (unsigned long long)facts.bytes, VS_STR_ARG(facts.path),
                      facts.is_partial ? " (the newest rows only: the result had more than are kept)" : "");
  if (!text) return vs_fail_memory(err);
  vsk_show_text(context, vs_str_of(text));
  return VS_OK;
}

static void complete(struct vs_engine *engine, void (*offer)(void *sink, struct vs_str word, const char *detail),
                     void *sink) {
  struct vs_snapshot *snapshot = vs_catalog_current(vs_engine_catalog(engine));
  offer(sink, VS_STR("last"), "the newest result");
  offer(sink, VS_STR("to"), "before the file");
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++)
    if (vs_snapshot_at(snapshot, i)->rows) offer(sink, vs_snapshot_at(snapshot, i)->name, "result or table");
  vs_snapshot_unref(snapshot);
}

const struct vsk_magic vsk_magic_export = {
    .command = {.name = "%export",
                .arguments = "last|NAME to FILE",
                .summary = "write a result's rows to a CSV or JSON-lines file",
                .details = "The extension decides the format: .csv, .jsonl, .ndjson. NAME is a result or table; last "
                           "is the newest one.",
                .examples = "  %export last to 'out/volatility.csv'\n  %export _3 to rows.jsonl --force",
                .options = options,
                .option_count = VS_COUNT_OF(options),
                .argument_min = 2,
                .argument_max = 3},
    .is_line = true,
    .run = run,
    .complete = complete,
};
