/* SPDX-License-Identifier: Apache-2.0
 * Finding the command and its arguments; help. */
#include "engine/cli/cli.h"
#include "engine/base/suggest.h"
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

const struct vs_cli_command *const vs_cli_commands[] = {&vs_cli_run, &vs_cli_validate, &vs_cli_explain,
                                                        &vs_cli_reference, NULL};

static void print_overview(struct vs_text *text) {
  vs_text_puts(text, "velo - streaming SQL from a shell\n\nusage: velo COMMAND [OPTIONS] ...\n\nCommands:\n");
  for (uint32_t i = 0; vs_cli_commands[i]; i++)
    vs_text_printf(text, "  %-12s%s\n", vs_cli_commands[i]->word, vs_cli_commands[i]->command->summary);
  vs_text_puts(
      text,
      "\nOther:\n  help CMD    the manual page of a command, as CMD --help\n  --version   the version\n\n"
      "Exit codes: 0 done, 1 a statement failed, 2 wrong usage.\n\n"
      "Environment: VELO_PARAM_NAME=VALUE (parameters), VELO_THREADS=N, VELO_ROOT=FOLDER (files stay inside it),\n"
      "  VELO_CLOCK=virtual[:TIME], VELO_CPU=v1|v3, VELO_LOG=error|warning|info|debug; velo reference settings\n"
      "  names the variable of every setting.\n\nExamples:\n"
      "  velo run notebook.sql\n"
      "  echo \"SELECT side, COUNT(*) AS n FROM 'trades.csv' GROUP BY side\" | velo run -\n");
}

static const struct vs_cli_command *find(const char *word) {
  for (uint32_t i = 0; vs_cli_commands[i]; i++)
    if (strcmp(vs_cli_commands[i]->word, word) == 0) return vs_cli_commands[i];
  return NULL;
}

static int print_help(const struct vs_cli *cli, const struct vs_cli_command *command, int fd) {
  struct vs_text text;
  struct vs_cli to = *cli;
  to.out_fd = fd;
  vs_text_init(&text, cli->env.memory, (size_t)1 << 20);
  if (command)
    vs_command_help(command->command, &text);
  else
    print_overview(&text);
  vs_cli_write(&to, &text);
  vs_text_release(&text);
  return VS_CLI_DONE;
}

static int unknown_command(const struct vs_cli *cli, const char *word) {
  struct vs_suggest suggest;
  char near[128];
  vs_suggest_init(&suggest, vs_str_of(word));
  for (uint32_t i = 0; vs_cli_commands[i]; i++)
    vs_suggest_offer(&suggest, vs_str_of(vs_cli_commands[i]->word));
  vs_cli_say(cli, "velo: there is no command %s%s%s", word, suggest.count ? "; " : "",
             vs_suggest_print(&suggest, near, sizeof near));
  vs_cli_say(cli, "velo help lists them");
  return VS_CLI_USAGE;
}

static int run_command(struct vs_cli *cli, const struct vs_cli_command *command, int argc, char **argv) {
  struct vs_str *words = VS_ARENA_ARRAY(&cli->arena, struct vs_str, argc + 1);
  struct vs_arguments *arguments = VS_ARENA_NEW(&cli->arena, struct vs_arguments);
  struct vs_error error = {0};
  if (!words || !arguments) return VS_CLI_FAILED;
  for (int i = 0; i < argc; i++)
    words[i] = vs_str_of(argv[i]);
  if (vs_arguments_parse(command->command, words, (uint32_t)argc, arguments, &error) != VS_OK) {
    vs_cli_report(cli, &error);
    return VS_CLI_USAGE;
  }
  return arguments->is_help ? print_help(cli, command, cli->out_fd) : command->main(cli, arguments);
}

static int dispatch(struct vs_cli *cli, int argc, char **argv) {
  const char *word = argc > 1 ? argv[1] : NULL;
  if (!word) {
    print_help(cli, NULL, cli->err_fd);
    return VS_CLI_USAGE;
  }
  if (strcmp(word, "--version") == 0) {
    dprintf(cli->out_fd, "velo %s\n", VELO_VERSION);
    return VS_CLI_DONE;
  }
  bool is_help = strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
  if (is_help && argc < 3) return print_help(cli, NULL, cli->out_fd);
  if (is_help) word = argv[2];
  const struct vs_cli_command *command = find(word);
  if (!command) return unknown_command(cli, word);
  return is_help ? print_help(cli, command, cli->out_fd) : run_command(cli, command, argc - 2, argv + 2);
}

static bool conceal_log(void *context, struct vs_str message, struct vs_text *ret_message) {
  return vs_secret_list_conceal(context, message, ret_message);
}

static void hide(void *context, struct vs_str value) {
  vs_secret_list_add(context, value);
}

int vs_cli_main(int argc, char **argv) {
  struct vs_secret_list secrets;
  struct vs_cli cli = {.secrets = &secrets, .out_fd = STDOUT_FILENO, .err_fd = STDERR_FILENO};
  struct vs_error error = {0};
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a file over its limit is a write error */
  if (vs_env_init(&cli.env, &cli.parts, &error) != VS_OK) {
    dprintf(cli.err_fd, "velo: %s\n", error.message);
    return VS_CLI_USAGE;
  }
  vs_secret_list_init(&secrets, cli.env.memory);
  cli.env.log->conceal = conceal_log;
  cli.env.log->conceal_context = &secrets;
  vs_arena_init(&cli.arena, cli.env.memory, 0);
  int code = dispatch(&cli, argc, argv);
  vs_engine_free(cli.engine);
  vs_arena_release(&cli.arena);
  cli.env.log->conceal = NULL;
  vs_secret_list_release(&secrets);
  return code;
}

static vs_status set_parameters(struct vs_cli *cli, const struct vs_arguments *arguments, struct vs_error *err) {
  for (uint32_t i = 0; i < arguments->set_count; i++) {
    struct vs_str pair = arguments->set[i].value;
    if (arguments->set[i].option->kind != VS_OPTION_PAIR) continue;
    const char *equals = memchr(pair.data, '=', pair.size);
    struct vs_str name = {pair.data, (size_t)(equals - pair.data)};
    struct vs_str value = {equals + 1, pair.size - name.size - 1};
    VS_TRY(vs_engine_parameter_set(cli->engine, name, value, false, false, VS_PARAMETER_SET, err));
  }
  return VS_OK;
}

static vs_status open_engine(struct vs_cli *cli, const struct vs_arguments *arguments, struct vs_error *err) {
  const char *file = arguments->values[0].data;
  const struct vs_engine_options options = {&cli->env, strcmp(file, "-") == 0 ? NULL : file, true};
  VS_TRY(vs_engine_new(&options, &cli->engine, err));
  vs_engine_tell_secrets(cli->engine, hide, cli->secrets);
  VS_TRY(vs_cli_read_script(cli, file, err));
  VS_TRY(set_parameters(cli, arguments, err)); /* last: -p wins over what the file says */
  vs_engine_tell_secrets(cli->engine, hide, cli->secrets);
  return VS_OK;
}

bool vs_cli_open(struct vs_cli *cli, const struct vs_arguments *arguments) {
  struct vs_error error = {0};
  if (open_engine(cli, arguments, &error) == VS_OK) return true;
  vs_cli_report(cli, &error);
  return false;
}
