/* SPDX-License-Identifier: Apache-2.0
 * %echo: writes its text to stdout or stderr; a producer of many small messages for tests of clients. */
#include "kernel/magics/magic.h"

/* clang-format off */
static const struct vs_option options[] = {
  {"stderr", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "write to stderr instead of stdout"},
  {"repeat", 'n', VS_OPTION_INTEGER, "N", NULL, "1", "write the line N times"},
};
/* clang-format on */

enum { MOST = 1000000000 };

static vs_status print_line(const struct vs_arguments *arguments, struct vs_text *text) {
  for (uint32_t i = 0; i < arguments->value_count; i++) {
    vs_text_puts(text, i ? " " : "");
    vs_text_str(text, arguments->values[i]);
  }
  vs_text_put(text, '\n');
  return VS_OK;
}

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body, (void)body_offset;
  int64_t repeat = vs_arguments_integer(arguments, "repeat");
  if (repeat < 0 || repeat > MOST)
    return vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "--repeat must be between 0 and %d", MOST);
  vsk_stream stream = vs_arguments_has(arguments, "stderr") ? VSK_STDERR : VSK_STDOUT;
  struct vs_text line;
  vs_text_init(&line, vs_engine_env(context->engine)->memory, 1 << 20);
  VS_TRY(print_line(arguments, &line));
  vs_status status = VS_OK;
  for (int64_t i = 0; i < repeat && status == VS_OK; i++) {
    vsk_out_stream(context->session, stream, line.data, line.size);
    if (i % 64 == 63 && vs_wake_is_set(context->request->cancel))
      status = vs_fail(err, VS_CODE_INTERRUPTED, VS_NO_SPAN, "interrupted after %lld lines", (long long)i + 1);
  }
  vs_text_release(&line);
  return status;
}

const struct vsk_magic vsk_magic_echo = {
    .command = {.name = "%echo",
                .arguments = "TEXT...",
                .summary = "write text to the cell's output",
                .examples = "  %echo hello, world\n  %echo --stderr --repeat 3 careful",
                .options = options,
                .option_count = VS_COUNT_OF(options),
                .argument_max = UINT32_MAX},
    .is_line = true,
    .run = run,
};
