/* SPDX-License-Identifier: Apache-2.0
 * struct vs_run from the inside: one statement on its way. A kind of statement is one row in run.c and one file
 * run_<kind>.c whose start does what can be done at once, or starts a job and leaves the rest to `publish`. */
#ifndef VS_RUNTIME_RUN_H
#define VS_RUNTIME_RUN_H

#include "engine/runtime/listing.h"
#include "engine/runtime/workspace.h"

enum { VS_RUN_WARNINGS_MAX = 16, VS_RUN_TAPS_MAX = 16 };

/* Ends a query without end where nobody can interrupt it. */
struct vs_bound_tap {
  struct vs_tap tap;
  struct vs_run *run;
  int64_t rows_left;
};

struct vs_run {
  struct vs_engine *engine;
  struct vs_arena arena;
  struct vs_run_options options;
  const struct vs_statement *statement;
  struct vs_annotations annotations;
  struct vs_workspace workspace;
  vs_run_kind kind;

  struct vs_plan *plan;
  struct vs_job *job;
  struct vs_result *result;
  struct vs_tap *sink; /* owned; NULL: none */
  struct vs_bound_tap bound_tap;
  struct vs_tap *taps[VS_RUN_TAPS_MAX];
  uint32_t tap_count;
  int64_t started_us, stop_after_us; /* steady; INT64_MAX: never */
  int timer_fd, poll_fd;             /* -1: none */
  atomic_int bound;                  /* vs_run_bound; the first one stays */

  struct vs_creation creation;
  struct vs_rows *table; /* rows a CREATE TABLE collects; NULL: none */
  bool is_preview;       /* the job only fetches rows to look at; its failure fails nothing */
  struct vs_list list;   /* LIST, and the schema of an OBJECT */
  const char *note;
  const char *warnings[VS_RUN_WARNINGS_MAX];
  uint32_t warning_count;

  vs_status (*publish)(struct vs_run *run, struct vs_error *err); /* after the job; NULL: nothing to do */
  bool is_finished;
  vs_status status;
  struct vs_error error;
};

vs_status vs_run_query_start(struct vs_run *run, struct vs_error *err) VS_NODISCARD;
vs_status vs_run_create_start(struct vs_run *run, struct vs_error *err) VS_NODISCARD;
vs_status vs_run_drop_start(struct vs_run *run, struct vs_error *err) VS_NODISCARD;
vs_status vs_run_show_start(struct vs_run *run, struct vs_error *err) VS_NODISCARD;
vs_status vs_run_set_start(struct vs_run *run, struct vs_error *err) VS_NODISCARD;
vs_status vs_run_explain_start(struct vs_run *run, struct vs_error *err) VS_NODISCARD;
vs_status vs_fail_not_yet(const struct vs_statement *statement, struct vs_error *err) VS_NODISCARD;

void vs_run_warn(struct vs_run *run, const char *format, ...) VS_PRINTF(2, 3);
void vs_run_warn_error(struct vs_run *run, const struct vs_error *warning); /* with its hint */
void vs_run_note(struct vs_run *run, const char *format, ...) VS_PRINTF(2, 3);
void vs_run_add_tap(struct vs_run *run, struct vs_tap *tap);
/* Starts the plan's job with the run's taps, its sink and, for a query without end, its bounds. */
vs_status vs_run_start_job(struct vs_run *run, struct vs_error *err) VS_NODISCARD;
/* Names the SELECT's rows _, _<n> and @name. */
vs_status vs_run_keep_result(struct vs_run *run, struct vs_error *err) VS_NODISCARD;
/* Names what the run's query set aside <name>.failed and <name>.late. */
vs_status vs_run_keep_asides(struct vs_run *run, struct vs_str name, struct vs_error *err) VS_NODISCARD;

/* ---- sink_tap.c ---- */
/* A tap that writes what the query emits to `endpoint`; vs_sink_tap_free after the job has ended. */
vs_status vs_sink_tap_new(const struct vs_endpoint *endpoint, const struct vs_env *env, struct vs_tap **ret_tap,
                          struct vs_error *err) VS_NODISCARD;
vs_status vs_sink_tap_finish(struct vs_tap *tap, uint64_t *ret_rows, struct vs_error *err) VS_NODISCARD;
void vs_sink_tap_free(struct vs_tap *tap); /* NULL allowed */

/* ---- table_tap.c ---- */
/* A tap that keeps every row: what CREATE TABLE collects. The tap is allocated in `arena`. */
vs_status vs_table_tap_new(struct vs_rows **rows, struct vs_memory *memory, struct vs_arena *arena,
                           struct vs_tap **ret_tap, struct vs_error *err) VS_NODISCARD;

#endif
