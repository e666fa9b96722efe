/* SPDX-License-Identifier: Apache-2.0
 * %sql and %%sql: cells are SQL already; these accept what is pasted from other notebooks. */
#include "kernel/magics/magic.h"

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  struct vs_str line = arguments->value_count ? arguments->values[0] : (struct vs_str){NULL, 0};
  if (body.size == 0 && line.size == 0) return vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%%sql needs a statement");
  if (line.size) VS_TRY(context->run_sql(context, line, (uint32_t)(line.data - context->request->code.data), err));
  return body.size ? context->run_sql(context, body, body_offset, err) : VS_OK;
}

const struct vsk_magic vsk_magic_sql = {
    .command = {.name = "%sql",
                .arguments = "[STATEMENT]",
                .summary = "run the rest of the line, or with %%sql the cell, as SQL",
                .details = "A cell is SQL without any magic; this one is for notebooks brought from elsewhere.",
                .argument_max = 1},
    .is_line = true,
    .is_cell = true,
    .holds_sql = true,
    .takes_raw = true,
    .run = run,
};
