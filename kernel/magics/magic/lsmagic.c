/* SPDX-License-Identifier: Apache-2.0
 * %lsmagic: the magics there are, with one line each. */
#include "kernel/magics/magic.h"

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)arguments, (void)body, (void)body_offset;
  struct vs_text text;
  vs_text_init(&text, vs_engine_env(context->engine)->memory, 1 << 20);
  for (uint32_t i = 0; vsk_magic_all[i]; i++)
    vs_text_printf(&text, "%-10s %s\n", vsk_magic_all[i]->command.name, vsk_magic_all[i]->command.summary);
  vs_text_puts(&text, "\n%NAME? tells more about one of them.");
  vs_status status = vs_text_check(&text, err);
  if (status == VS_OK) vsk_show_text(context, vs_text_view(&text));
  vs_text_release(&text);
  return status;
}

const struct vsk_magic vsk_magic_lsmagic = {
    .command = {.name = "%lsmagic", .arguments = "", .summary = "list the magics"},
    .is_line = true,
    .run = run,
};
