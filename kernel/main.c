/* SPDX-License-Identifier: Apache-2.0
 * velo-kernel: `-f FILE` serves a notebook, everything else is set-up. */
#include "engine/base/option.h"
#include "kernel/cells/studio.h"
#include "kernel/setup/setup.h"

#include <stdio.h>

static const char banner[] =
    "Velostream SQL " VELO_VERSION ": streaming SQL in a notebook. %help shows what a cell can be.";

static int serve(const char *connection_file) {
  struct vs_env env;
  struct vs_env_parts parts;
  struct vs_error error;
  struct vsk_studio studio;
  vs_error_clear(&error);
  vs_status status = vs_env_init(&env, &parts, &error);
  if (status == VS_OK) status = vsk_studio_open(&studio, &env, &error);
  if (status == VS_OK) {
    const struct vsk_session_options options = {.env = &env,
                                                .connection_file = connection_file,
                                                .implementation_version = VELO_VERSION,
                                                .banner = banner,
                                                .handlers = vsk_studio_handlers(&studio),
                                                .targets = &vsk_echo_target,
                                                .target_count = 1};
    status = vsk_session_run(&options, &error);
    vsk_studio_close(&studio);
  }
  if (status == VS_OK) return 0;
  fprintf(stderr, "velo-kernel: VELO-%d %s%s%s\n", (int)error.code, error.message, error.hint[0] ? "; " : "",
          error.hint);
  return 1;
}

int main(int argument_count, char **arguments) {
  if (argument_count == 3 && (strcmp(arguments[1], "-f") == 0 || strcmp(arguments[1], "--connection-file") == 0))
    return serve(arguments[2]);
  return vsk_setup_main(argument_count, arguments);
}
