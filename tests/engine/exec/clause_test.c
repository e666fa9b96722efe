/* SPDX-License-Identifier: Apache-2.0
 * WHERE, HAVING, ORDER BY, LIMIT, DISTINCT and what NULL does in each. */
#include "rig.h"

static const char rows[] = "k,x,y\n"
                           "a,1,10\n"
                           "b,,20\n"
                           ",3,30\n"
                           "a,4,\n"
                           "b,5,50\n"
                           ",6,60\n";

Test(exec_filter, only_true_passes) {
  rig_check(rows, "SELECT x FROM 't.csv' WHERE x > 3", "4 / 5 / 6");
  rig_check(rows, "SELECT y FROM 't.csv' WHERE NOT (x > 3)", "10 / 30");
  rig_check(rows, "SELECT y FROM 't.csv' WHERE x > 3 OR y = 20", "20 / ~ / 50 / 60");
  rig_check(rows, "SELECT y FROM 't.csv' WHERE x > 3 AND y > 0", "50 / 60");
}

Test(exec_filter, guard_masks_errors_of_the_side_not_taken) {
  rig_check("x,s\n1,5\n2,b\n3,7\n", "SELECT x FROM 't.csv' WHERE x <> 2 AND CAST(s AS INTEGER) > 4", "1 / 3");
  rig_check("x,s\n1,5\n2,b\n3,7\n", "SELECT CASE WHEN x = 2 THEN 0 ELSE CAST(s AS INTEGER) END AS v FROM 't.csv'",
            "5 / 0 / 7");
  rig_check("x,s\n1,5\n2,b\n3,7\n", "SELECT x FROM 't.csv' WHERE x = 2 OR CAST(s AS INTEGER) > 6", "2 / 3");
}

Test(exec_filter, failing_row_is_left_out_and_counted) {
  struct rig *rig = rig_new();
  rig_write(rig, "t.csv", "x,s\n1,5\n2,b\n3,7\n");
  cr_expect_str_eq(rig_run(rig, "SELECT CAST(s AS INTEGER) AS v FROM 't.csv'"), "5 / 7");
  cr_expect_eq(rig->counters.failed, 1);
  cr_expect_eq(rig->counters.sample_count, 1);
  rig_free(rig);
}

Test(exec_filter, failing_row_keeps_its_number_after_others_are_dropped) {
  struct rig *rig = rig_new();
  rig_write(rig, "t.csv", "x,s\n0,5\n0,5\n0,5\n0,5\n0,5\n1,b\n0,6\n0,6\n0,6\n");
  const char *const queries[] = {"SELECT CAST(s AS INTEGER) AS v FROM 't.csv' WHERE x = 1",
                                 "SELECT CAST(s AS INTEGER) AS v FROM 't.csv'"};
  uint64_t numbers[2];
  for (uint32_t i = 0; i < 2; i++) {
    rig_run(rig, queries[i]);
    cr_assert_eq(rig->counters.sample_count, 1);
    numbers[i] = rig->counters.samples[0].row;
  }
  cr_expect_eq(numbers[0], numbers[1], "row %u, without WHERE %u", (unsigned)numbers[0], (unsigned)numbers[1]);
  rig_free(rig);
}

Test(exec_project, case_takes_branches_in_order_and_null_without_else) {
  rig_check(rows, "SELECT CASE WHEN x > 4 THEN 'big' WHEN x > 1 THEN 'mid' END AS c FROM 't.csv'",
            "~ / ~ / mid / mid / big / big");
  rig_check(rows, "SELECT COALESCE(x, y, 0) AS c, NULLIF(x, 4) AS n FROM 't.csv'",
            "1|1 / 20|~ / 3|3 / 4|~ / 5|5 / 6|6");
}

Test(exec_group, null_is_a_group) {
  rig_check(rows, "SELECT k, COUNT(*) AS n, COUNT(x) AS c, SUM(x) AS s FROM 't.csv' GROUP BY k",
            "a|2|2|5 / b|2|1|5 / ~|2|2|9");
}

Test(exec_group, numbers_group_by_value) {
  rig_check("d\n1.0\n1.00\n1\n2.50\n2.5\n", "SELECT d, COUNT(*) AS n FROM 't.csv' GROUP BY d", "1.00|3 / 2.50|2");
}

Test(exec_group, several_keys_and_long_text) {
  rig_check(
      "a,b\nsome text beyond twelve bytes,1\nsome text beyond twelve bytez,1\nsome text beyond twelve bytes,1\nsome "
      "text beyond twelve bytes,2\n",
      "SELECT a, b, COUNT(*) AS n FROM 't.csv' GROUP BY a, b",
      "some text beyond twelve bytes|1|2 / some text beyond twelve bytez|1|1 / some text beyond twelve bytes|2|1");
}

Test(exec_group, filter_and_distinct_choose_rows_per_aggregate) {
  rig_check("k,x\na,1\na,1\nb,2\na,3\na,\na,3\n",
            "SELECT k, COUNT(DISTINCT x) AS d, SUM(DISTINCT x) AS s, COUNT(*) FILTER (WHERE x > 1) AS f FROM 't.csv' "
            "GROUP BY k",
            "a|2|4|2 / b|1|2|1");
  rig_check("k,x\na,1\na,1\nb,2\na,3\n", "SELECT k, COUNT(DISTINCT x) AS d FROM 't.csv' GROUP BY k EMIT CHANGES",
            "a|1 / a|1 / b|1 / a|2");
}

Test(exec_having, filters_groups_by_aggregates_not_selected) {
  rig_check(rows, "SELECT k FROM 't.csv' GROUP BY k HAVING SUM(y) > 50", "b / ~");
}

Test(exec_having, group_that_stops_satisfying_is_taken_back) {
  rig_check("k,x\na,5\nb,1\na,7\na,-20\nb,1\na,30\n",
            "SELECT k, SUM(x) AS s FROM 't.csv' GROUP BY k HAVING SUM(x) > 4 EMIT CHANGES",
            "a|5 / a|12 / -a|12 / a|22");
}

Test(exec_order, nulls_come_last_in_both_directions) {
  rig_check(rows, "SELECT x FROM 't.csv' ORDER BY x", "1 / 3 / 4 / 5 / 6 / ~");
  rig_check(rows, "SELECT x FROM 't.csv' ORDER BY x DESC", "6 / 5 / 4 / 3 / 1 / ~");
  rig_check(rows, "SELECT x FROM 't.csv' ORDER BY x DESC NULLS FIRST", "~ / 6 / 5 / 4 / 3 / 1");
}

Test(exec_order, ties_keep_their_order_of_arrival) {
  rig_check(rows, "SELECT k, y FROM 't.csv' ORDER BY k", "a|10 / a|~ / b|20 / b|50 / ~|30 / ~|60");
  rig_check(rows, "SELECT k, y FROM 't.csv' ORDER BY k DESC, y DESC", "b|50 / b|20 / a|10 / a|~ / ~|60 / ~|30");
}

Test(exec_order, kinds_of_values_sort_by_value) {
  rig_check("s\nb\nabcdefghij2\nabcdefghij1\n\nB\n", "SELECT s FROM 't.csv' ORDER BY s",
            "B / abcdefghij1 / abcdefghij2 / b / ~");
  rig_check("f\n-1.5\n2e10\n-300.25\n0\n", "SELECT CAST(f AS FLOAT) AS f FROM 't.csv' ORDER BY f",
            "-300.25 / -1.5 / 0 / 20000000000");
  rig_check("d\n-1.5\n22\n-300.25\n0\n", "SELECT d FROM 't.csv' ORDER BY d DESC", "22.00 / 0.00 / -1.50 / -300.25");
}

Test(exec_limit, offset_skips_then_limit_counts) {
  rig_check(rows, "SELECT y FROM 't.csv' LIMIT 2 OFFSET 1", "20 / 30");
  rig_check(rows, "SELECT y FROM 't.csv' ORDER BY y DESC LIMIT 2 OFFSET 1", "50 / 30");
  rig_check(rows, "SELECT y FROM 't.csv' LIMIT 0", "");
  rig_check(rows, "SELECT COUNT(*) AS n FROM (SELECT * FROM 't.csv' LIMIT 4) AS q", "4");
}

Test(exec_limit, ends_a_changes_query_after_n_rows) {
  struct rig *rig = rig_new();
  rig_write(rig, "t.csv", rows);
  cr_expect_str_eq(rig_run(rig, "SELECT k, COUNT(*) AS n FROM 't.csv' GROUP BY k EMIT CHANGES LIMIT 4"),
                   "a|1 / b|1 / ~|1 / a|2");
  cr_expect_eq(rig->counters.ended, VS_ENDED_LIMIT);
  cr_expect_eq(rig->close_status, VS_STOP);
  rig_free(rig);
}

Test(exec_limit, acts_per_pane_in_windows) {
  rig_check(
      "ts,k,x\n1767258000,a,1\n1767258001,b,2\n1767258002,c,3\n1767258010,a,5\n1767258011,b,4\n",
      "SELECT k, SUM(x) AS s FROM 't.csv' GROUP BY k WINDOW TUMBLING(ts, INTERVAL '10' SECOND) ORDER BY s DESC LIMIT 2",
      "c|3 / b|2 / a|5 / b|4");
}

Test(exec_distinct, null_is_one_value) {
  rig_check(rows, "SELECT DISTINCT k FROM 't.csv'", "a / b / ~");
  rig_check(rows, "SELECT DISTINCT k, x > 3 AS big FROM 't.csv'", "a|false / b|~ / ~|false / a|true / b|true / ~|true");
}

Test(exec_scan, select_without_from_is_one_row) {
  rig_check("x\n1\n", "SELECT 1 + 1 AS two, 'a' AS s", "2|a");
}

Test(exec_scan, system_columns_are_there_when_asked_for) {
  rig_check("ts,x\n1970-01-01 00:00:01.5,1\n1970-01-01 00:00:02,2\n",
            "SELECT x, _event_time + 0 AS t, _offset AS o FROM 't.csv'", "1|1500|0 / 2|2000|1");
}

Test(exec_state, budget_ends_the_query_with_its_clause_named) {
  struct rig *rig = rig_new();
  struct vs_text csv;
  vs_text_init(&csv, &rig->parts.memory, 4 << 20);
  vs_text_puts(&csv, "k\n");
  for (uint32_t i = 0; i < 60000; i++)
    vs_text_printf(&csv, "%u\n", i);
  rig_write(rig, "t.csv", csv.data);
  rig->state_limit_bytes = 1 << 20;
  static const char *const queries[][2] = {{"SELECT k, COUNT(*) AS n FROM 't.csv' GROUP BY k", "GROUP BY"},
                                           {"SELECT DISTINCT k FROM 't.csv'", "DISTINCT"},
                                           {"SELECT COUNT(DISTINCT k) AS n FROM 't.csv'", "GROUP BY"},
                                           {"SELECT k FROM 't.csv' ORDER BY k", "ORDER BY"}};
  for (uint32_t i = 0; i < VS_COUNT_OF(queries); i++) {
    rig_run(rig, queries[i][0]);
    cr_expect_eq(rig->status, VS_RESOURCE);
    cr_expect_eq(rig->error.code, VS_CODE_STATE_LIMIT, "%s: %s", queries[i][0], rig->error.message);
    cr_expect_not_null(strstr(rig->error.message, queries[i][1]), "%s", rig->error.message);
    cr_expect_eq(rig->counters.ended, VS_ENDED_FAILED);
    cr_expect_eq(rig->close_status, VS_RESOURCE);
  }
  vs_text_release(&csv);
  rig_free(rig);
}

Test(exec_order, top_n_keeps_a_bounded_number_of_rows) {
  struct rig *rig = rig_new();
  struct vs_text csv;
  vs_text_init(&csv, &rig->parts.memory, 8 << 20);
  vs_text_puts(&csv, "k\n");
  for (uint32_t i = 0; i < 200000; i++)
    vs_text_printf(&csv, "%u\n", i * 7919u % 200000);
  rig_write(rig, "t.csv", csv.data);
  rig->state_limit_bytes = 2 << 20;
  cr_expect_str_eq(rig_run(rig, "SELECT k FROM 't.csv' ORDER BY k LIMIT 3"), "0 / 1 / 2");
  cr_expect_eq(rig->status, VS_OK, "%s", rig->error.message);
  vs_text_release(&csv);
  rig_free(rig);
}
