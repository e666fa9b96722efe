/* SPDX-License-Identifier: Apache-2.0
 * velo reference: the tables the program itself works from, as JSON. */
#include "engine/cli/cli.h"

static const struct vs_command command = {
    .name = "velo reference",
    .arguments = "functions|settings|errors",
    .summary = "print a reference table as JSON",
    .details = "functions: every SQL function with signature, description and an example that is run as a test.\n"
               "settings: keys of SET and of WITH (...), with unit, range, default and environment variable.\n"
               "errors: every code with its cause and what to do.",
    .examples = "  velo reference functions\n  velo reference errors | less",
    .argument_min = 1,
    .argument_max = 1,
};

static int reference_main(struct vs_cli *cli, const struct vs_arguments *arguments) {
  const struct vs_engine_options options = {&cli->env, NULL, true};
  struct vs_error error = {0};
  struct vs_text text;
  vs_text_init(&text, cli->env.memory, (size_t)64 << 20);
  vs_status status = vs_engine_new(&options, &cli->engine, &error);
  if (status == VS_OK) status = vs_engine_reference(cli->engine, arguments->values[0], &text, &error);
  if (status == VS_OK)
    vs_cli_write(cli, &text);
  else
    vs_cli_report(cli, &error);
  vs_text_release(&text);
  return status == VS_OK ? VS_CLI_DONE : error.code == VS_CODE_BAD_OPTION ? VS_CLI_USAGE : VS_CLI_FAILED;
}

const struct vs_cli_command vs_cli_reference = {"reference", &command, reference_main};
