/* SPDX-License-Identifier: Apache-2.0
 * Jobs: start, wait, stop, counters, ends. */
#include "rig.h"

static bool is_readable(int fd, int timeout_ms) {
  struct pollfd ready = {.fd = fd, .events = POLLIN};
  return poll(&ready, 1, timeout_ms) > 0;
}

Test(exec_job, fd_is_readable_after_the_end) {
  struct rig *rig = rig_new();
  struct vs_tap *taps[2];
  rig_write(rig, "t.csv", "x\n1\n2\n");
  rig_bind(rig, "SELECT x FROM 't.csv'");
  struct vs_job *job = rig_start(rig, taps);
  cr_assert_eq(vs_job_join(job, &rig->error), VS_OK);
  cr_expect(is_readable(vs_job_fd(job), 0));
  vs_job_acknowledge(job);
  cr_expect_not(is_readable(vs_job_fd(job), 0));
  cr_expect(vs_job_is_done(job));
  struct vs_job_counters counters;
  vs_job_count(job, &counters);
  cr_expect_eq(counters.rows_in, 2);
  cr_expect_geq(counters.first_row_us, 0);
  cr_expect_eq(counters.ended, VS_ENDED_INPUT);
  vs_job_free(job);
  rig_free(rig);
}

/* A file that is watched never ends: the real clock makes the source wait. */
static struct vs_job *start_watching(struct rig *rig, struct vs_tap **taps) {
  vs_clock_init_real(&rig->parts.clock);
  rig_write(rig, "t.csv", "ts,x\n2026-01-01 09:00:00,1\n2026-01-01 09:00:01,2\n");
  rig_bind(rig, "SELECT COUNT(*) AS n FROM 't.csv' WINDOW TUMBLING(ts, INTERVAL '1' MINUTE) EMIT FINAL WITH ('t.watch' "
                "= 'true', 't.polling_interval' = '3600s')");
  return rig_start(rig, taps);
}

Test(exec_job, stop_during_a_wait_ends_within_50_ms_and_fires_nothing) {
  struct rig *rig = rig_new();
  struct vs_tap *taps[2];
  struct vs_job *job = start_watching(rig, taps);
  struct vs_job_counters counters = {0};
  while (counters.rows_in < 2)
    vs_job_count(job, &counters);
  cr_expect_eq(counters.open_windows, 1);
  int64_t begin_us = vs_clock_steady_us(&rig->parts.clock);
  vs_job_stop(job);
  cr_expect_eq(vs_job_join(job, &rig->error), VS_OK, "a stop is no error");
  cr_expect_lt(vs_clock_steady_us(&rig->parts.clock) - begin_us, 500000, "ten times the promise");
  vs_job_count(job, &counters);
  cr_expect_eq(counters.ended, VS_ENDED_STOPPED);
  cr_expect_eq(counters.open_windows, 1, "open windows are shown as open");
  cr_expect_eq(rig->row_count, 0, "and not fired");
  cr_expect_eq(rig->close_status, VS_STOP);
  vs_job_free(job);
  rig_free(rig);
}

Test(exec_job, free_stops_a_running_job) {
  struct rig *rig = rig_new();
  struct vs_tap *taps[2];
  vs_job_free(start_watching(rig, taps));
  cr_expect(rig->was_closed);
  rig_free(rig);
}

Test(exec_job, tap_ends_the_query_cleanly) {
  struct rig *rig = rig_new();
  rig_write(rig, "t.csv", "x\n1\n2\n3\n4\n");
  rig->stop_after = 2;
  cr_expect_str_eq(rig_run(rig, "SELECT x FROM 't.csv'"), "1 / 2");
  cr_expect_eq(rig->status, VS_OK);
  cr_expect_eq(rig->counters.ended, VS_ENDED_LIMIT);
  rig_free(rig);
}

Test(exec_job, missing_file_fails_the_start_and_leaves_nothing) {
  struct rig *rig = rig_new();
  struct vs_tap *taps[2] = {&rig->tap, NULL};
  struct vs_job *job = NULL;
  char path[128];
  rig_write(rig, "t.csv", "x\n1\n");
  rig_bind(rig, "SELECT x FROM 't.csv'");
  snprintf(path, sizeof path, "%s/t.csv", rig->folder);
  unlink(path);
  struct vs_job_options options = {.env = &rig->env, .taps = taps, .tap_count = 1};
  cr_expect_eq(vs_job_start(rig->plan, &options, &job, &rig->error), VS_SOURCE);
  cr_expect_null(job);
  cr_expect_not(rig->was_closed, "it was never opened");
  rig_free(rig);
}

Test(exec_job, plan_runs_many_times) {
  struct rig *rig = rig_new();
  struct vs_tap *taps[2];
  rig_write(rig, "t.csv", "k,x\na,1\nb,2\na,3\n");
  rig_bind(rig, "SELECT k, SUM(x) AS s FROM 't.csv' GROUP BY k");
  for (int i = 0; i < 3; i++) {
    rig->was_closed = false;
    vs_text_clear(&rig->rows);
    struct vs_job *job = rig_start(rig, taps);
    cr_assert_eq(vs_job_join(job, &rig->error), VS_OK);
    vs_job_free(job);
    cr_expect_str_eq(rig->rows.data, "a|4 / b|2");
  }
  rig_free(rig);
}

Test(exec_job, allocation_failure_anywhere_is_a_clean_error) {
  struct rig *rig = rig_new();
  rig_write(rig, "t.csv", "ts,k,x\n1767258000,a,1\n1767258001,b text longer than twelve,2\n1767258070,c,3\n");
  static const char *const queries[] = {
      "SELECT k, COUNT(DISTINCT x) AS d FROM 't.csv' WHERE x > 0 GROUP BY k WINDOW TUMBLING(ts, 10s)",
      "SELECT k, SUM(x) AS s FROM 't.csv' GROUP BY k HAVING SUM(x) > 1 EMIT CHANGES",
      "SELECT DISTINCT k FROM 't.csv' ORDER BY k LIMIT 2"};
  for (uint32_t q = 0; q < VS_COUNT_OF(queries); q++) {
    bool has_passed = false;
    for (uint64_t n = 1; !has_passed && n < 2000; n++) {
      struct vs_tap *taps[2];
      struct vs_job *job = NULL;
      rig_bind(rig, queries[q]);
      taps[0] = &rig->tap;
      taps[1] = vs_result_tap(rig->result);
      struct vs_job_options options = {.env = &rig->env, .taps = taps, .tap_count = 2};
      rig->parts.memory.fail_at = atomic_load(&rig->parts.memory.allocations) + n;
      vs_status status = vs_job_start(rig->plan, &options, &job, &rig->error);
      if (status == VS_OK) status = vs_job_join(job, &rig->error);
      has_passed = status == VS_OK;
      vs_job_free(job);
      rig->parts.memory.fail_at = 0;
      cr_expect(has_passed || status == VS_RESOURCE, "allocation %u of query %u: %s", (unsigned)n, q,
                rig->error.message);
    }
    cr_expect(has_passed);
  }
  rig_free(rig);
}
