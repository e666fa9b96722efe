/* SPDX-License-Identifier: Apache-2.0
 * What is said on stderr: errors with their place, warnings, counters, samples of failed rows. */
#include "engine/base/caret.h"
#include "engine/cli/cli.h"
#include <stdio.h>
#include <unistd.h>

void vs_cli_say(const struct vs_cli *cli, const char *format, ...) {
  char line[2048];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  struct vs_text concealed VS_CLEANUP(vs_text_release);
  vs_text_init(&concealed, cli->env.memory, (size_t)1 << 20);
  bool is_concealed = vs_secret_list_conceal(cli->secrets, vs_str_of(line), &concealed);
  dprintf(cli->err_fd, "%.*s\n", VS_STR_ARG(is_concealed ? vs_text_view(&concealed) : vs_str_of(line)));
}

struct vs_str vs_cli_conceal(const struct vs_cli *cli, const struct vs_text *text, struct vs_text *ret_concealed) {
  vs_text_init(ret_concealed, cli->env.memory, text->size + ((size_t)64 << 20));
  bool is_concealed = vs_secret_list_conceal(cli->secrets, vs_text_view(text), ret_concealed);
  return is_concealed ? vs_text_view(ret_concealed) : vs_text_view(text);
}

void vs_cli_write(const struct vs_cli *cli, const struct vs_text *text) {
  struct vs_text concealed VS_CLEANUP(vs_text_release);
  struct vs_str shown = vs_cli_conceal(cli, text, &concealed);
  for (size_t done = 0; done < shown.size;) {
    ssize_t size = write(cli->out_fd, shown.data + done, shown.size - done);
    if (size <= 0) return;
    done += (size_t)size;
  }
}

/* ---- errors ---- */

void vs_cli_report(const struct vs_cli *cli, const struct vs_error *error) {
  struct vs_cli to = *cli;
  struct vs_text text;
  to.out_fd = cli->err_fd;
  vs_text_init(&text, cli->env.memory, (size_t)1 << 20);
  vs_caret_print(cli->text, vs_str_of(cli->file ? cli->file : "velo"), error, isatty(cli->err_fd) == 1, &text);
  if (text.size && text.data[text.size - 1] != '\n') vs_text_put(&text, '\n');
  /* The excerpt quotes the script, where short values are known by their keys. */
  struct vs_arena arena;
  vs_arena_init(&arena, cli->env.memory, 0);
  struct vs_str shown = vs_secret_list_conceal_code(cli->secrets, vs_text_view(&text), &arena);
  if (shown.data != text.data) {
    vs_text_clear(&text);
    vs_text_str(&text, shown);
  }
  vs_cli_write(&to, &text);
  vs_arena_release(&arena);
  vs_text_release(&text);
}

/* ---- after a statement ---- */

static const char *bound_text(vs_run_bound bound) {
  switch (bound) {
  case VS_BOUND_NONE: return "";
  case VS_BOUND_ROWS: return ", stopped by bound.rows";
  case VS_BOUND_SECONDS: return ", stopped by bound.seconds";
  case VS_BOUND_WAITING_CELL: return ", stopped for the next statement";
  case VS_BOUND_INTERRUPT: return ", interrupted";
  }
  return "";
}

static void print_grouped(uint64_t number, char ret_text[32]) {
  char digits[24];
  int size = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number), out = 0;
  for (int i = 0; i < size; i++) {
    if (i && (size - i) % 3 == 0) ret_text[out++] = ',';
    ret_text[out++] = digits[i];
  }
  ret_text[out] = '\0';
}

static void report_counters(const struct vs_cli *cli, const struct vs_view *view, const char *label) {
  char in[32], out[32], late[32], failed[32], elapsed[48] = "";
  print_grouped(view->counters.rows_in, in);
  print_grouped(view->result.totals.emitted, out);
  print_grouped(view->counters.late, late);
  print_grouped(view->counters.failed, failed);
  if (!cli->env.clock->is_virtual)
    snprintf(elapsed, sizeof elapsed, ", %.3f s", (double)view->counters.elapsed_us / 1e6);
  vs_cli_say(cli, "%s%s row%s in, %s row%s out, %s late, %s failed%s%s", label, in,
             view->counters.rows_in == 1 ? "" : "s", out, view->result.totals.emitted == 1 ? "" : "s", late, failed,
             elapsed, bound_text(view->bound));
  if (view->counters.open_windows && view->counters.ended == VS_ENDED_STOPPED)
    vs_cli_say(cli, "%llu windows were still open and are not shown", (unsigned long long)view->counters.open_windows);
  for (uint32_t i = 0; i < view->counters.sample_count; i++)
    vs_cli_say(cli, "failed %u: %s", i + 1, view->counters.samples[i].message);
}

void vs_cli_report_view(const struct vs_cli *cli, const struct vs_view *view, const char *label, bool has_counters) {
  for (uint32_t i = 0; i < view->warning_count; i++)
    vs_cli_say(cli, "%s%s%s", label,
               strncmp(view->warnings[i], "note: ", 6) == 0 ? "" : "warning: ", view->warnings[i]);
  if (view->note[0]) vs_cli_say(cli, "%s%s", label, view->note);
  if (has_counters) report_counters(cli, view, label);
  if (view->counters.division_by_zero)
    vs_cli_say(cli, "%llu division%s by zero gave NULL", (unsigned long long)view->counters.division_by_zero,
               view->counters.division_by_zero == 1 ? "" : "s");
}
