/* SPDX-License-Identifier: Apache-2.0
 * velo explain: the plan of every query of a file. */
#include "engine/cli/cli.h"

/* clang-format off */
static const struct vs_option options[] = {
  {"param", 'p', VS_OPTION_PAIR, "NAME=VALUE", NULL, NULL, "give :NAME a value, typed as a CSV field would be; may be repeated"},
};
static const struct vs_command command = {
  .name = "velo explain", .arguments = "FILE.sql|-", .summary = "print the plan of every query of a file",
  .details =
    "Binds the statements in order, as velo validate does, and prints for each query its operators, when it emits rows,\n"
    "how much state it keeps, its watermark and its columns. Nothing is run or written.",
  .options = options, .option_count = VS_COUNT_OF(options),
  .examples = "  velo explain hourly.sql\n  echo \"SELECT * FROM 'data/trades.csv'\" | velo explain -",
  .argument_min = 1, .argument_max = 1};
/* clang-format on */

static vs_status explain(struct vs_cli *cli, struct vs_text *text, struct vs_error *err) {
  struct vs_engine_script *script;
  VS_TRY(vs_engine_parse(cli->engine, cli->text, 0, &script, err));
  vs_status status = vs_engine_explain(cli->engine, script, VS_STR(""), text, err);
  vs_engine_script_free(script);
  return status;
}

static int explain_main(struct vs_cli *cli, const struct vs_arguments *arguments) {
  struct vs_error error = {0};
  struct vs_text text;
  if (!vs_cli_open(cli, arguments)) return VS_CLI_FAILED;
  vs_text_init(&text, cli->env.memory, (size_t)64 << 20);
  vs_status status = explain(cli, &text, &error);
  vs_cli_write(cli, &text);
  vs_text_release(&text);
  if (status != VS_OK) vs_cli_report(cli, &error);
  return status == VS_OK ? VS_CLI_DONE : VS_CLI_FAILED;
}

const struct vs_cli_command vs_cli_explain = {"explain", &command, explain_main};
