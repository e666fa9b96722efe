/* SPDX-License-Identifier: Apache-2.0
 * velo validate: parses and binds a whole file, runs nothing. */
#include "engine/cli/cli.h"

/* clang-format off */
static const struct vs_option options[] = {
  {"param", 'p', VS_OPTION_PAIR, "NAME=VALUE", NULL, NULL, "give :NAME a value, typed as a CSV field would be; may be repeated"},
};
static const struct vs_command command = {
  .name = "velo validate", .arguments = "FILE.sql|-", .summary = "check the statements of a file without running them",
  .details =
    "Parses the file and binds every statement in order: names, types, parameters, files and their columns. Files are\n"
    "opened to look at their columns; nothing is run or written. Exit code 1 and one error with its place when a\n"
    "statement would not run.",
  .options = options, .option_count = VS_COUNT_OF(options),
  .examples = "  velo validate quickstart.sql\n  velo validate - -p symbol=ETH < candles.sql",
  .argument_min = 1, .argument_max = 1};
/* clang-format on */

static int validate_main(struct vs_cli *cli, const struct vs_arguments *arguments) {
  struct vs_engine_script *script;
  struct vs_error error = {0};
  if (!vs_cli_open(cli, arguments)) return VS_CLI_FAILED;
  vs_status status = vs_engine_parse(cli->engine, cli->text, 0, &script, &error);
  if (status == VS_OK) {
    status = vs_engine_check(cli->engine, script, VS_STR(""), &error);
    if (status == VS_OK)
      vs_cli_say(cli, "%s: %u statement%s, no errors", cli->file, script->tree.statement_count,
                 script->tree.statement_count == 1 ? "" : "s");
    vs_engine_script_free(script);
  }
  if (status != VS_OK) vs_cli_report(cli, &error);
  return status == VS_OK ? VS_CLI_DONE : VS_CLI_FAILED;
}

const struct vs_cli_command vs_cli_validate = {"validate", &command, validate_main};
