/* SPDX-License-Identifier: Apache-2.0
 * A run: one statement from its tree to its end. What happens per kind of statement stands in run_<kind>.c; here is
 * what all share: the job and its taps, the bounds of a query without end, views, and the end. */
#include "engine/runtime/run.h"
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

vs_status vs_fail_not_yet(const struct vs_statement *statement, struct vs_error *err) {
  static const char *const names[] = {[VS_STATEMENT_INSERT] = "INSERT",
                                      [VS_STATEMENT_UPDATE] = "UPDATE",
                                      [VS_STATEMENT_DELETE] = "DELETE",
                                      [VS_STATEMENT_JOB] = "a job statement"};
  vs_status status = vs_fail(err, VS_CODE_NOT_YET, statement->span, "%s does not run yet", names[statement->kind]);
  if (statement->kind == VS_STATEMENT_JOB)
    return vs_fail_hint(err, status, "run its query as a statement of its own: SELECT ... INTO 'file.csv'");
  return vs_fail_hint(err, status,
                      "write rows with SELECT ... INTO 'file.csv', keep them with CREATE TABLE ... AS SELECT");
}

static vs_status not_yet(struct vs_run *run, struct vs_error *err) {
  return vs_fail_not_yet(run->statement, err);
}

/* clang-format off */
static const struct {
  vs_status (*start)(struct vs_run *run, struct vs_error *err);
  vs_run_kind kind;
} kinds[] = {
  [VS_STATEMENT_QUERY]    = {vs_run_query_start,   VS_RUN_QUERY},
  [VS_STATEMENT_CREATE]   = {vs_run_create_start,  VS_RUN_OBJECT},
  [VS_STATEMENT_INSERT]   = {not_yet,              VS_RUN_NOTHING},
  [VS_STATEMENT_UPDATE]   = {not_yet,              VS_RUN_NOTHING},
  [VS_STATEMENT_DELETE]   = {not_yet,              VS_RUN_NOTHING},
  [VS_STATEMENT_DROP]     = {vs_run_drop_start,    VS_RUN_NOTHING},
  [VS_STATEMENT_SHOW]     = {vs_run_show_start,    VS_RUN_LIST},
  [VS_STATEMENT_DESCRIBE] = {vs_run_show_start,    VS_RUN_LIST},
  [VS_STATEMENT_JOB]      = {not_yet,              VS_RUN_NOTHING},
  [VS_STATEMENT_EXPLAIN]  = {vs_run_explain_start, VS_RUN_TEXT},
  [VS_STATEMENT_SET]      = {vs_run_set_start,     VS_RUN_NOTHING},
};
/* clang-format on */

/* ---- starting ---- */

static void add_annotation_warnings(struct vs_run *run) {
  for (uint32_t i = 0; i < run->annotations.warning_count; i++)
    vs_run_warn_error(run, &run->annotations.warnings[i]);
}

static vs_status start(struct vs_run *run, struct vs_error *err) {
  VS_TRY(vs_annotations_read(run->statement, &run->arena, &run->annotations, err));
  add_annotation_warnings(run);
  run->kind = kinds[run->statement->kind].kind;
  return kinds[run->statement->kind].start(run, err);
}

static struct vs_run *new_run(struct vs_engine *engine, const struct vs_run_options *options) {
  struct vs_run *run = vs_memory_alloc(&engine->memory, sizeof *run);
  if (!run) return NULL;
  *run = (struct vs_run){.engine = engine, .options = *options, .note = "", .timer_fd = -1, .poll_fd = -1};
  vs_arena_init(&run->arena, &engine->memory, 0);
  run->stop_after_us = INT64_MAX;
  run->started_us = vs_clock_steady_us(engine->env->clock);
  vs_workspace_init(&run->workspace, engine, options->owner, options->owner_label);
  for (uint32_t i = 0; i < options->tap_count; i++)
    vs_run_add_tap(run, options->taps[i]);
  return run;
}

vs_status vs_run_start(struct vs_engine *engine, const struct vs_engine_script *script, uint32_t statement,
                       const struct vs_run_options *options, struct vs_run **ret_run, struct vs_error *err) {
  struct vs_run *run = new_run(engine, options);
  if (!run) return vs_fail_memory(err);
  run->statement = script->tree.statements[statement];
  vs_status status = start(run, err);
  if (status != VS_OK)
    vs_run_free(run);
  else
    *ret_run = run;
  return status;
}

/* ---- what a statement says beside its rows ---- */

static const char *print(struct vs_run *run, const char *format, va_list arguments) VS_PRINTF(2, 0);
static const char *print(struct vs_run *run, const char *format, va_list arguments) {
  char line[640];
  vsnprintf(line, sizeof line, format, arguments);
  return vs_arena_copy(&run->arena, line, strlen(line));
}

void vs_run_warn(struct vs_run *run, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *line = run->warning_count < VS_RUN_WARNINGS_MAX ? print(run, format, arguments) : NULL;
  va_end(arguments);
  if (line) run->warnings[run->warning_count++] = line;
}

void vs_run_warn_error(struct vs_run *run, const struct vs_error *warning) {
  vs_run_warn(run, "%s%s%s%s", warning->message, warning->hint[0] ? " (" : "", warning->hint,
              warning->hint[0] ? ")" : "");
}

void vs_run_note(struct vs_run *run, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *line = print(run, format, arguments);
  va_end(arguments);
  run->note = line ? line : "";
}

/* ---- the job and its bounds ---- */

enum { PREVIEW_ROWS = 5, PREVIEW_SECONDS = 2 };

void vs_run_add_tap(struct vs_run *run, struct vs_tap *tap) {
  if (run->tap_count < VS_RUN_TAPS_MAX) run->taps[run->tap_count++] = tap;
}

static void note_bound(struct vs_run *run, vs_run_bound why) {
  int none = VS_BOUND_NONE;
  atomic_compare_exchange_strong(&run->bound, &none, (int)why);
}

static vs_status bound_open(struct vs_tap *tap, const struct vs_schema *schema, vs_change_mode mode,
                            struct vs_error *err) {
  (void)tap, (void)schema, (void)mode, (void)err;
  return VS_OK;
}

static vs_status bound_batch(struct vs_tap *tap, const struct vs_batch *batch, struct vs_error *err) {
  struct vs_bound_tap *bound = (struct vs_bound_tap *)tap;
  (void)err;
  bound->rows_left -= batch->selected_count;
  if (bound->rows_left > 0) return VS_OK;
  if (!bound->run->is_preview) note_bound(bound->run, VS_BOUND_ROWS);
  return VS_STOP;
}

static void bound_close(struct vs_tap *tap, vs_status status, const struct vs_error *err) {
  (void)tap, (void)status, (void)err;
}

static const struct vs_tap_ops bound_ops = {bound_open, bound_batch, NULL, bound_close};

static void watch_with(int poll_fd, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
}

/* A virtual clock jumps, so its bound is looked at every 20 ms of real time. */
static vs_status open_timer(struct vs_run *run, int64_t seconds, struct vs_error *err) {
  bool is_virtual = run->engine->env->clock->is_virtual;
  struct itimerspec timer = {.it_value = {.tv_sec = seconds}};
  if (is_virtual) timer = (struct itimerspec){.it_interval = {.tv_nsec = 20000000}, .it_value = {.tv_nsec = 20000000}};
  run->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  run->poll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (run->timer_fd < 0 || run->poll_fd < 0 || timerfd_settime(run->timer_fd, 0, &timer, NULL) < 0)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "no timer for the query: %s", strerror(errno));
  watch_with(run->poll_fd, run->timer_fd);
  return VS_OK;
}

static vs_status start_bounds(struct vs_run *run, struct vs_error *err) {
  bool is_endless = run->options.is_headless && !run->plan->root->is_bounded;
  if (!is_endless && !run->is_preview) return VS_OK;
  int64_t rows = run->is_preview ? PREVIEW_ROWS : vs_engine_integer(run->engine, "bound.rows");
  int64_t seconds = run->is_preview ? PREVIEW_SECONDS : vs_engine_integer(run->engine, "bound.seconds");
  run->bound_tap = (struct vs_bound_tap){{&bound_ops}, run, rows};
  run->stop_after_us = run->started_us + seconds * VS_US_PER_SECOND;
  vs_run_add_tap(run, &run->bound_tap.tap);
  return open_timer(run, seconds, err);
}

static vs_status open_sink(struct vs_run *run, struct vs_error *err) {
  if (!run->plan->sink) return VS_OK;
  VS_TRY(vs_sink_tap_new(run->plan->sink, run->engine->env, &run->sink, err));
  vs_run_add_tap(run, run->sink);
  return VS_OK;
}

/* More threads than these wait for the one that takes the parts in order, and each holds two parts in memory. */
enum { THREADS_UNASKED_MOST = 8 };

/* Of the processors this process may use, which in a container may be fewer than there are. */
static uint32_t thread_count(const struct vs_engine *engine) {
  int64_t wanted = vs_engine_integer(engine, "exec.threads");
  cpu_set_t usable;
  if (wanted) return (uint32_t)wanted;
  if (sched_getaffinity(0, sizeof usable, &usable) != 0) return 1;
  return VS_MIN((uint32_t)CPU_COUNT(&usable), (uint32_t)THREADS_UNASKED_MOST);
}

vs_status vs_run_start_job(struct vs_run *run, struct vs_error *err) {
  if (!run->is_preview) VS_TRY(open_sink(run, err));
  VS_TRY(start_bounds(run, err));
  const struct vs_job_options options = {
      .env = run->engine->env,
      .taps = run->taps,
      .tap_count = run->tap_count,
      .state_limit_bytes = (size_t)vs_engine_integer(run->engine, "state.limit") << 20,
      .division_by_zero_fails = run->workspace.division_by_zero_fails,
      .batch_rows = (uint32_t)vs_engine_integer(run->engine, "batch.rows"),
      .part_bytes = (uint32_t)vs_engine_integer(run->engine, "exec.part_bytes"),
      .thread_count = thread_count(run->engine),
  };
  VS_TRY(vs_job_start(run->plan, &options, &run->job, err));
  if (run->poll_fd >= 0) watch_with(run->poll_fd, vs_job_fd(run->job));
  return VS_OK;
}

/* ---- waiting ---- */

vs_run_kind vs_run_is(const struct vs_run *run) {
  return run->kind;
}

const struct vs_plan *vs_run_plan(const struct vs_run *run) {
  return run->plan;
}

int vs_run_fd(const struct vs_run *run) {
  if (!run->job || run->is_finished) return -1;
  return run->poll_fd >= 0 ? run->poll_fd : vs_job_fd(run->job);
}

bool vs_run_is_done(const struct vs_run *run) {
  return !run->job || run->is_finished || vs_job_is_done(run->job);
}

void vs_run_stop(struct vs_run *run, vs_run_bound why) {
  if (vs_run_is_done(run)) return;
  note_bound(run, why);
  vs_job_stop(run->job);
}

static void check_time(struct vs_run *run) {
  if (run->stop_after_us != INT64_MAX && vs_clock_steady_us(run->engine->env->clock) >= run->stop_after_us)
    vs_run_stop(run, run->is_preview ? VS_BOUND_NONE : VS_BOUND_SECONDS);
}

void vs_run_acknowledge(struct vs_run *run) {
  uint64_t ticks;
  if (!run->job) return;
  if (run->timer_fd >= 0 && read(run->timer_fd, &ticks, sizeof ticks) == (ssize_t)sizeof ticks) check_time(run);
  vs_job_acknowledge(run->job);
}

/* ---- looking ---- */

vs_status vs_run_view(struct vs_run *run, uint32_t head, uint32_t tail, uint32_t chart, struct vs_arena *arena,
                      struct vs_view *ret_view, struct vs_error *err) {
  struct vs_view view = {.note = run->note, .warnings = run->warnings, .warning_count = run->warning_count};
  check_time(run);
  view.is_final = vs_run_is_done(run);
  view.is_bounded = !run->plan || run->plan->root->is_bounded;
  if (run->job && !run->is_preview) vs_job_count(run->job, &view.counters);
  view.bound = (vs_run_bound)atomic_load(&run->bound);
  if (run->is_preview) { /* a batch may hold more than was asked for */
    head = VS_MIN(head, (uint32_t)PREVIEW_ROWS);
    tail = 0;
  }
  if (run->result) VS_TRY(vs_result_copy(run->result, head, tail, chart, arena, &view.result, err));
  if (run->kind == VS_RUN_LIST) vs_list_view(&run->list, head, tail, arena, &view.result);
  if (run->kind == VS_RUN_OBJECT && run->list.arena) vs_list_view(&run->list, UINT32_MAX, 0, arena, &view.schema);
  *ret_view = view;
  return VS_OK;
}

/* ---- ending ---- */

static vs_status end_job(struct vs_run *run, struct vs_error *err) {
  uint64_t rows_written = 0;
  vs_status status = run->job ? vs_job_join(run->job, err) : VS_OK;
  if (status != VS_OK && run->is_preview) {
    vs_run_warn(run, "no rows to look at: %s", err->message);
    return VS_OK;
  }
  if (run->sink && status == VS_OK) {
    status = vs_sink_tap_finish(run->sink, &rows_written, err);
    if (status == VS_OK && !run->note[0])
      vs_run_note(run, "%llu row%s written to %.*s", (unsigned long long)rows_written, rows_written == 1 ? "" : "s",
                  VS_STR_ARG(run->plan->sink->shown_path));
  }
  return status;
}

/* SELECT without FROM has one row: where that fails there is nothing to count it beside, so the query fails, and there
 * is no table to show. */
static vs_status check_scalar(struct vs_run *run, struct vs_error *err) {
  if (run->kind != VS_RUN_SCALAR || !run->job) return VS_OK;
  struct vs_job_counters counters;
  vs_job_count(run->job, &counters);
  if (!counters.failed || !counters.sample_count) return VS_OK;
  const struct vs_row_error *sample = &counters.samples[0];
  run->kind = VS_RUN_NOTHING;
  return vs_fail(err, sample->code, sample->span, "%s", sample->message);
}

vs_status vs_run_finish(struct vs_run *run, struct vs_error *err) {
  if (!run->is_finished) {
    vs_error_clear(&run->error);
    run->status = end_job(run, &run->error);
    if (run->status == VS_OK) run->status = check_scalar(run, &run->error);
    if (run->status == VS_OK && run->publish) run->status = run->publish(run, &run->error);
    run->status = vs_arena_check(&run->arena, run->status, &run->error);
    run->is_finished = true;
  }
  if (err && run->status != VS_OK) *err = run->error;
  return run->status;
}

void vs_run_free(struct vs_run *run) {
  if (!run) return;
  vs_job_free(run->job);
  vs_sink_tap_free(run->sink);
  vs_result_free(run->result);
  vs_rows_unref(run->table);
  vs_plan_free(run->plan);
  vs_creation_release(&run->creation);
  if (run->timer_fd >= 0) close(run->timer_fd);
  if (run->poll_fd >= 0) close(run->poll_fd);
  struct vs_memory *memory = &run->engine->memory;
  vs_arena_release(&run->arena);
  vs_memory_free(memory, run, sizeof *run);
}
