/* SPDX-License-Identifier: Apache-2.0
 * velo run: statements one by one, rows to stdout, the rest to stderr. SIGINT and SIGTERM stop the running query; what
 * it has shown stays, and later statements do not run. */
#include "engine/cli/cli.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* clang-format off */
static const struct vs_option options[] = {
  {"format", 'f', VS_OPTION_CHOICE, "FORMAT", "table|csv|json", "table", "how rows are written"},
  {"changes", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "write every row the query emits as it comes (what csv and json do)"},
  {"folded", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "write the folded result when the query has ended (what table does)"},
  {"param", 'p', VS_OPTION_PAIR, "NAME=VALUE", NULL, NULL, "give :NAME a value, typed as a CSV field would be; may be repeated"},
};
static const struct vs_command command = {
  .name = "velo run", .arguments = "FILE.sql|-", .summary = "run the statements of a file",
  .details =
    "Runs the statements one by one; the first error stops with exit code 1, and earlier output stays. Rows go to\n"
    "stdout. Status, counters, warnings and samples of failed rows go to stderr; CREATE, DROP and SET write nothing to\n"
    "stdout. A query without end runs until it is interrupted.\n\n"
    "A block from a line `-- Parameters` to the next empty line gives defaults to parameters (name = value); VELO_PARAM_NAME\n"
    "wins over it, -p over both. Lines that begin with % are skipped with a note, so a notebook saved as a script runs.\n"
    "Paths are looked for beside the file first, then in the working directory.\n\n"
    "json writes one object a line, DECIMAL as text with its declared scale (SET json.decimal.output = number).",
  .options = options, .option_count = VS_COUNT_OF(options),
  .examples =
    "  velo run hourly.sql\n"
    "  velo run candles.sql --format csv -p symbol=ETH > candles.csv\n"
    "  echo \"SELECT COUNT(*) AS n FROM 'data/trades.csv'\" | velo run -",
  .argument_min = 1, .argument_max = 1};
/* clang-format on */

struct session {
  struct vs_cli *cli;
  struct vs_engine_script *script;
  vs_cli_format format;
  bool shows_changes;
  int signal_fd;
  bool is_interrupted;
};

static vs_cli_format format_of(struct vs_str word) {
  return vs_str_equal(word, VS_STR("csv"))    ? VS_CLI_CSV
         : vs_str_equal(word, VS_STR("json")) ? VS_CLI_JSON
                                              : VS_CLI_TABLE;
}

/* Blocked before any thread exists, so that only this file descriptor sees them. */
static int open_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void wait_for_end(struct session *session, struct vs_run *run) {
  while (!vs_run_is_done(run)) {
    struct pollfd fds[] = {{.fd = vs_run_fd(run), .events = POLLIN}, {.fd = session->signal_fd, .events = POLLIN}};
    struct signalfd_siginfo info;
    if (poll(fds, 2, 1000) > 0 && fds[1].revents &&
        read(session->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
      session->is_interrupted = true;
      vs_run_stop(run, VS_BOUND_INTERRUPT);
    }
    vs_run_acknowledge(run);
  }
}

static void print_text(struct session *session, const char *note) {
  struct vs_text text;
  vs_text_init(&text, session->cli->env.memory, (size_t)16 << 20);
  vs_text_puts(&text, note);
  if (text.size && text.data[text.size - 1] != '\n') vs_text_put(&text, '\n');
  vs_cli_write(session->cli, &text);
  vs_text_release(&text);
}

static vs_status print_rows(struct session *session, struct vs_run *run, struct vs_view *view, struct vs_error *err) {
  switch (vs_run_is(run)) {
  case VS_RUN_QUERY:
  case VS_RUN_SCALAR:
    return session->shows_changes ? VS_OK : vs_cli_print_batch(session->cli, session->format, &view->result.head, err);
  case VS_RUN_LIST: return vs_cli_print_batch(session->cli, session->format, &view->result.head, err);
  case VS_RUN_TEXT:
    print_text(session, view->note);
    view->note = "";
    return VS_OK;
  case VS_RUN_NOTHING:
  case VS_RUN_OBJECT: return VS_OK;
  }
  return VS_OK;
}

static vs_status show_end(struct session *session, struct vs_run *run, const char *label, struct vs_error *err) {
  struct vs_arena arena;
  struct vs_view view;
  vs_run_kind kind = vs_run_is(run);
  vs_arena_init(&arena, session->cli->env.memory, 0);
  bool needs_rows = kind == VS_RUN_LIST || ((kind == VS_RUN_QUERY || kind == VS_RUN_SCALAR) && !session->shows_changes);
  vs_status status = vs_run_view(run, needs_rows ? UINT32_MAX : 0, 0, 0, &arena, &view, err);
  if (status == VS_OK) {
    status = print_rows(session, run, &view, err);
    vs_cli_report_view(session->cli, &view, label,
                       kind == VS_RUN_QUERY || (kind == VS_RUN_OBJECT && view.counters.elapsed_us));
  }
  vs_arena_release(&arena);
  return status;
}

static vs_status run_statement(struct session *session, uint32_t index, const char *label, struct vs_error *err) {
  struct vs_rows_tap rows;
  struct vs_tap *taps[] = {&rows.tap};
  struct vs_run *run;
  vs_statement_kind kind = session->script->tree.statements[index]->kind;
  vs_rows_tap_init(&rows, session->cli, session->format);
  const struct vs_run_options run_options = {
      .taps = taps,
      .tap_count = session->shows_changes && kind == VS_STATEMENT_QUERY ? 1 : 0,
      .execution_count = index + 1,
      .keep_result = true,
      .without_preview = true,
  };
  VS_TRY(vs_run_start(session->cli->engine, session->script, index, &run_options, &run, err));
  wait_for_end(session, run);
  vs_status status = vs_run_finish(run, err);
  struct vs_error ignored;
  vs_status shown = show_end(session, run, label, status == VS_OK ? err : &ignored);
  vs_run_free(run);
  return status == VS_OK ? shown : status;
}

static int run_all(struct session *session) {
  struct vs_error error = {0};
  uint32_t count = session->script->tree.statement_count;
  for (uint32_t i = 0; i < count; i++) {
    char label[32] = "";
    if (count > 1) snprintf(label, sizeof label, "[%u/%u] ", i + 1, count);
    if (run_statement(session, i, label, &error) != VS_OK) {
      vs_cli_report(session->cli, &error);
      if (count > 1) vs_cli_say(session->cli, "statement %u of %u failed; %u ran before it", i + 1, count, i);
      return VS_CLI_FAILED;
    }
    if (session->is_interrupted && i + 1 < count) {
      vs_cli_say(session->cli, "interrupted: %u of %u statements did not run", count - i - 1, count);
      return VS_CLI_FAILED;
    }
  }
  return VS_CLI_DONE;
}

static int run_main(struct vs_cli *cli, const struct vs_arguments *arguments) {
  struct session session = {.cli = cli, .format = format_of(vs_arguments_get(arguments, "format"))};
  struct vs_error error = {0};
  bool changes = vs_arguments_has(arguments, "changes"), folded = vs_arguments_has(arguments, "folded");
  if (changes && folded) {
    vs_cli_say(cli, "velo run: --changes and --folded exclude each other");
    return VS_CLI_USAGE;
  }
  session.shows_changes = changes || (session.format != VS_CLI_TABLE && !folded);
  session.signal_fd = open_signals();
  if (!vs_cli_open(cli, arguments)) return VS_CLI_FAILED;
  if (vs_engine_parse(cli->engine, cli->text, 0, &session.script, &error) != VS_OK) {
    vs_cli_report(cli, &error);
    return VS_CLI_FAILED;
  }
  int code = run_all(&session);
  vs_engine_script_free(session.script);
  close(session.signal_fd);
  return code;
}

const struct vs_cli_command vs_cli_run = {"run", &command, run_main};
