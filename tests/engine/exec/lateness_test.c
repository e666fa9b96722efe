/* SPDX-License-Identifier: Apache-2.0
 * Watermarks, lateness and closing of windows (spec/sql.md 3.2). */
#include "rig.h"

#define MINUTE "WINDOW TUMBLING(ts, INTERVAL '1' MINUTE)"

static struct vs_job_counters count(const char *csv, const char *sql, uint32_t batch_rows) {
  struct rig *rig = rig_new();
  rig_write(rig, "t.csv", csv);
  rig->batch_rows = batch_rows;
  rig_run(rig, sql);
  struct vs_job_counters counters = rig->counters;
  cr_expect_eq(rig->status, VS_OK, "%s", rig->error.message);
  rig_free(rig);
  return counters;
}

static const char disordered[] = "ts,x\n"
                                 "2026-01-01 09:00:05,1\n"
                                 "2026-01-01 09:01:02,2\n" /* closes 09:00 */
                                 "2026-01-01 09:00:59,3\n" /* late */
                                 "2026-01-01 09:01:01,4\n" /* behind the newest, its window still open */
                                 "2026-01-01 09:05:00,5\n"
                                 "2026-01-01 09:04:59,6\n"; /* late */

Test(exec_window, record_behind_the_newest_updates_its_own_open_pane) {
  rig_check(disordered, "SELECT COUNT(*) AS n, SUM(x) AS s FROM 't.csv' " MINUTE, "1|1 / 2|6 / 1|5");
}

Test(exec_window, late_rows_are_counted_whatever_the_batch_size) {
  static const uint32_t sizes[] = {1, 2, 3, 2048};
  for (uint32_t i = 0; i < VS_COUNT_OF(sizes); i++) {
    cr_expect_eq(count(disordered, "SELECT COUNT(*) AS n FROM 't.csv' " MINUTE, sizes[i]).late, 2);
    cr_expect_eq(count(disordered, "SELECT COUNT(*) AS n FROM 't.csv' " MINUTE " EMIT CHANGES", sizes[i]).late, 2);
  }
}

Test(exec_window, lateness_does_not_depend_on_rows_where_drops_beside) {
  rig_check(disordered, "SELECT COUNT(*) AS n FROM 't.csv' WHERE x <> 2 " MINUTE " EMIT CHANGES", "1 / 1 / 1");
}

Test(exec_window, watermark_delay_keeps_a_pane_open) {
  rig_check(disordered,
            "SELECT COUNT(*) AS n, SUM(x) AS s FROM 't.csv' WINDOW TUMBLING(ts, INTERVAL '1' MINUTE) WITH "
            "('t.watermark.max_out_of_orderness' = '10s')",
            "2|4 / 2|6 / 1|6 / 1|5");
}

Test(exec_window, grace_keeps_a_pane_open) {
  rig_check(disordered, "SELECT COUNT(*) AS n, SUM(x) AS s FROM 't.csv' WINDOW TUMBLING(ts, 1m, GRACE PERIOD 10s)",
            "2|4 / 2|6 / 1|6 / 1|5");
}

Test(exec_window, row_without_a_time_fails_and_the_query_goes_on) {
  static const char csv[] = "ts,x\n2026-01-01 09:00:05,1\n,2\n2026-01-01 09:00:07,3\n";
  rig_check(csv, "SELECT COUNT(*) AS n, SUM(x) AS s FROM 't.csv' " MINUTE, "2|4");
  cr_expect_eq(count(csv, "SELECT COUNT(*) AS n FROM 't.csv' " MINUTE, 2048).failed, 1);
}

Test(exec_window, integer_times_are_scaled_by_magnitude) {
  rig_check("ts,x\n1767258005,1\n1767258059,2\n1767258060,3\n",
            "SELECT _window_start AS a, SUM(x) AS s FROM 't.csv' " MINUTE, "1767258000000|3 / 1767258060000|3");
}

Test(exec_window, times_before_1970_fall_into_the_window_below) {
  rig_check("ts,x\n1969-12-31 23:59:30,1\n1970-01-01 00:00:10,2\n",
            "SELECT _window_start AS a, COUNT(*) AS n FROM 't.csv' " MINUTE, "-60000|1 / 0|1");
}

Test(exec_window, windows_over_windows_nest) {
  rig_check("ts,x\n2026-01-01 09:00:05,1\n2026-01-01 09:01:10,2\n2026-01-01 09:01:20,3\n2026-01-01 09:02:00,4\n",
            "SELECT COUNT(*) AS panes, SUM(n) AS n FROM (SELECT COUNT(*) AS n FROM 't.csv' " MINUTE
            ") AS w WINDOW TUMBLING(INTERVAL '2' MINUTE)",
            "2|3 / 1|1");
}

Test(exec_window, event_time_set_by_a_projection_drives_the_windows) {
  rig_check("a,b,x\n2026-01-01 10:00:00,2026-01-01 09:00:05,1\n2026-01-01 10:00:00,2026-01-01 09:01:02,2\n",
            "SELECT COUNT(*) AS n, _window_start AS w FROM (SELECT b AS _event_time, x FROM 't.csv') AS q WINDOW "
            "TUMBLING(INTERVAL '1' MINUTE)",
            "1|1767258000000 / 1|1767258060000");
}

Test(exec_window, watermark_and_open_windows_are_counted) {
  struct vs_job_counters counters = count(disordered, "SELECT COUNT(*) AS n FROM 't.csv' " MINUTE, 2048);
  cr_expect_eq(counters.rows_in, 6);
  cr_expect_eq(counters.ended, VS_ENDED_INPUT);
  cr_expect_eq(counters.open_windows, 0, "the end of bounded input fires them all");
}

Test(exec_window, many_small_windows_in_one_batch_agree_with_batches_of_one) {
  struct rig *rig = rig_new();
  struct vs_text csv;
  vs_text_init(&csv, &rig->parts.memory, 1 << 20);
  vs_text_puts(&csv, "ts,k,x\n");
  for (uint32_t i = 0; i < 3000; i++)
    vs_text_printf(&csv, "%u,%c,%u\n", 1767258000 + i / 3 + i % 2, 'a' + i % 5, i);
  rig_write(rig, "t.csv", csv.data);
  rig->batch_rows = 1;
  const char *sql = "SELECT k, COUNT(*) AS n, SUM(x) AS s, COUNT(DISTINCT x) AS d FROM 't.csv' GROUP BY k WINDOW "
                    "TUMBLING(ts, INTERVAL '2' SECOND)";
  char *single = strdup(rig_run(rig, sql));
  uint64_t late = rig->counters.late;
  rig->batch_rows = 0;
  cr_expect_str_eq(rig_run(rig, sql), single);
  cr_expect_eq(rig->counters.late, late);
  cr_expect_gt(rig->row_count, 2000);
  free(single);
  vs_text_release(&csv);
  rig_free(rig);
}
