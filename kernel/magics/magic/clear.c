/* SPDX-License-Identifier: Apache-2.0
 * %clear: empties the cell's output. */
#include "kernel/magics/magic.h"

/* clang-format off */
static const struct vs_option options[] = {
  {"wait", 'w', VS_OPTION_FLAG, NULL, NULL, NULL, "keep the old output until something new is shown"},
};
/* clang-format on */

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body, (void)body_offset, (void)err;
  vsk_out_clear(context->session, vs_arguments_has(arguments, "wait"));
  return VS_OK;
}

const struct vsk_magic vsk_magic_clear = {
    .command = {.name = "%clear",
                .arguments = "",
                .summary = "empty the output of this cell",
                .options = options,
                .option_count = VS_COUNT_OF(options)},
    .is_line = true,
    .run = run,
};
