/* SPDX-License-Identifier: Apache-2.0
 * The `velo` program from the inside: one struct handed down, one row per command, one file velo_<command>.c each.
 *
 * stdout carries rows and texts that were asked for; everything said about them goes to stderr. */
#ifndef VS_CLI_CLI_H
#define VS_CLI_CLI_H

#include "engine/base/option.h"
#include "engine/base/secret_list.h"
#include "engine/velo.h"

/* Exit codes of the program. */
enum { VS_CLI_DONE = 0, VS_CLI_FAILED = 1, VS_CLI_USAGE = 2 };

struct vs_cli {
  struct vs_env env;
  struct vs_env_parts parts;
  struct vs_engine *engine;
  struct vs_arena arena;
  struct vs_secret_list *secrets; /* replaced in all that is written and logged */
  int out_fd, err_fd;
  const char *file;       /* as the user wrote it; "-" for stdin, shown as <stdin> */
  struct vs_str text;     /* of the file, with what is no SQL blanked out: the text spans point into */
  uint32_t skipped_lines; /* lines of magics left out */
};

struct vs_cli_command {
  const char *word; /* "run" */
  const struct vs_command *command;
  int (*main)(struct vs_cli *cli, const struct vs_arguments *arguments);
};
extern const struct vs_cli_command *const vs_cli_commands[]; /* NULL at the end */
extern const struct vs_cli_command vs_cli_run, vs_cli_validate, vs_cli_explain, vs_cli_reference;

/* The whole program; argv as main's. */
int vs_cli_main(int argc, char **argv);

/* Opens the engine and reads the file named by the first argument, parameters included. Says what is wrong itself. */
bool vs_cli_open(struct vs_cli *cli, const struct vs_arguments *arguments);

/* ---- script.c ---- */
/* Reads `file` ("-": stdin) into cli->text, takes its parameter blocks, blanks those and lines of magics. */
vs_status vs_cli_read_script(struct vs_cli *cli, const char *file, struct vs_error *err) VS_NODISCARD;

/* ---- report.c ---- */
void vs_cli_say(const struct vs_cli *cli, const char *format, ...) VS_PRINTF(2, 3); /* a line on stderr */
void vs_cli_write(const struct vs_cli *cli, const struct vs_text *text);            /* all of it on stdout */
/* `text`, or `ret_concealed` filled with the same without secrets. `ret_concealed` is initialised in any case. */
struct vs_str vs_cli_conceal(const struct vs_cli *cli, const struct vs_text *text, struct vs_text *ret_concealed);
/* file:line:column: the message, an excerpt with a caret, the hint. */
void vs_cli_report(const struct vs_cli *cli, const struct vs_error *error);
/* Counters, warnings, samples of failed rows, what ended it. */
void vs_cli_report_view(const struct vs_cli *cli, const struct vs_view *view, const char *label, bool has_counters);

/* ---- table.c ---- */
/* Rows as a table of text: numbers right, text left. `has_header` false continues one. */
void vs_cli_print_table(const struct vs_batch *batch, bool has_header, struct vs_text *ret_text);

/* ---- rows.c ---- */
typedef enum { VS_CLI_TABLE, VS_CLI_CSV, VS_CLI_JSON } vs_cli_format;
/* Writes every row a query emits to stdout, on the job's thread, one batch at a time. */
struct vs_rows_tap {
  struct vs_tap tap;
  const struct vs_cli *cli;
  vs_cli_format format;
  struct vs_encoder *encoder;
  struct vs_text text;
  bool is_begun;
};
void vs_rows_tap_init(struct vs_rows_tap *rows, const struct vs_cli *cli, vs_cli_format format);
/* A batch that is complete already: SHOW, or the folded result. */
vs_status vs_cli_print_batch(const struct vs_cli *cli, vs_cli_format format, const struct vs_batch *batch,
                             struct vs_error *err) VS_NODISCARD;

#endif
