/* SPDX-License-Identifier: Apache-2.0
 * The folded result: keyed in update mode, a ring in append mode, copies in shown order (design Contracts 3). */
#include "rig.h"

static const char trades[] = "symbol,price\nA,10\nB,20\nA,5\nC,1\nB,7\n";

static void check(const char *csv, const char *sql, const char *folded, struct vs_result_totals *ret_totals) {
  static const uint32_t sizes[] = {1, 2048};
  struct rig *rig = rig_new();
  rig_write(rig, "t.csv", csv);
  for (uint32_t i = 0; i < VS_COUNT_OF(sizes); i++) {
    struct vs_result_view view;
    rig->batch_rows = sizes[i];
    rig_run(rig, sql);
    const char *rows = rig_folded(rig, &view);
    cr_expect_str_eq(rows, folded, "%s\n  got    %s\n  wanted %s", sql, rows, folded);
    *ret_totals = view.totals;
  }
  rig_free(rig);
}

Test(exec_result, update_mode_keeps_the_newest_row_per_key) {
  struct vs_result_totals totals;
  check(trades, "SELECT symbol, SUM(price) AS s FROM 't.csv' GROUP BY symbol EMIT CHANGES", "A|15 / B|27 / C|1",
        &totals);
  cr_expect_eq(totals.emitted, 5);
  cr_expect_eq(totals.folded, 3);
  cr_expect(totals.is_keyed);
}

Test(exec_result, global_changes_fold_to_one_row) {
  struct vs_result_totals totals;
  check(trades, "SELECT COUNT(*) AS n FROM 't.csv' EMIT CHANGES", "5", &totals);
  cr_expect_eq(totals.emitted, 5);
}

Test(exec_result, append_mode_keeps_every_row_in_order) {
  struct vs_result_totals totals;
  check(trades, "SELECT price FROM 't.csv' WHERE price > 5", "10 / 20 / 7", &totals);
  cr_expect_not(totals.is_keyed);
}

Test(exec_result, delete_mark_takes_the_row_back) {
  struct vs_result_totals totals;
  check("k,x\na,5\nb,9\na,-20\nc,7\n", "SELECT k, SUM(x) AS s FROM 't.csv' GROUP BY k HAVING SUM(x) > 4 EMIT CHANGES",
        "b|9 / c|7", &totals);
  cr_expect_eq(totals.emitted, 4);
  cr_expect_eq(totals.folded, 2);
}

Test(exec_result, order_and_limit_of_changes_act_on_what_is_shown) {
  struct vs_result_totals totals;
  check(trades, "SELECT symbol, SUM(price) AS s FROM 't.csv' GROUP BY symbol ORDER BY s DESC LIMIT 2 EMIT CHANGES",
        "B|27 / A|15", &totals);
  cr_expect_eq(totals.folded, 2);
  cr_expect_eq(totals.emitted, 5, "and end nothing");
}

Test(exec_result, ring_keeps_the_newest_rows_and_counts_the_others) {
  struct rig *rig = rig_new();
  struct vs_text csv;
  vs_text_init(&csv, &rig->parts.memory, 8 << 20);
  vs_text_puts(&csv, "n,s\n");
  for (uint32_t i = 0; i < 25000; i++)
    vs_text_printf(&csv, "%u,a text longer than twelve bytes %u\n", i, i % 3000);
  rig_write(rig, "t.csv", csv.data);
  rig->stop_after = 0;
  rig_run(rig, "SELECT n, s FROM 't.csv'");
  struct vs_result_view view;
  cr_assert_eq(vs_result_copy(rig->result, 2, 2, 5, &rig->arena, &view, &rig->error), VS_OK);
  cr_expect_eq(view.totals.emitted, 25000);
  cr_expect_eq(view.totals.folded, VS_RESULT_ROWS);
  cr_expect_eq(view.totals.dropped, 15000);
  const int64_t *head = view.head.columns[0].data, *tail = view.tail.columns[0].data,
                *chart = view.chart.columns[0].data;
  cr_expect(head[0] == 15000 && head[1] == 15001 && tail[0] == 24998 && tail[1] == 24999);
  cr_expect_eq(view.chart.row_count, 5);
  cr_expect(chart[0] == 15000 && chart[4] == 24999, "the chart's rows reach from the first to the last");
  struct vs_value text = vs_value_get(&view.tail.columns[1], 1);
  cr_expect(vs_str_equal(text.as.string, VS_STR("a text longer than twelve bytes 999")));
  vs_text_release(&csv);
  rig_free(rig);
}

Test(exec_result, many_keys_and_deletes_stay_consistent) {
  struct rig *rig = rig_new();
  struct vs_text csv;
  vs_text_init(&csv, &rig->parts.memory, 8 << 20);
  vs_text_puts(&csv, "k,x\n");
  for (uint32_t round = 0; round < 4; round++)
    for (uint32_t k = 0; k < 3000; k++)
      vs_text_printf(&csv, "key number %u is long enough,%d\n", k, k % 3 == round % 3 ? -100 : 50);
  rig_write(rig, "t.csv", csv.data);
  rig_run(rig, "SELECT k, SUM(x) AS s FROM 't.csv' GROUP BY k HAVING SUM(x) > 0 EMIT CHANGES");
  struct vs_result_view view;
  cr_assert_eq(vs_result_copy(rig->result, 10000, 0, 0, &rig->arena, &view, &rig->error), VS_OK);
  cr_expect_eq(view.totals.folded, 2000, "sums: k%%3 = 0: -100+50+50-100; others: 50 three times less 100");
  vs_text_release(&csv);
  rig_free(rig);
}

Test(exec_result, rows_become_a_memory_relation) {
  struct rig *rig = rig_new();
  rig_write(rig, "t.csv", trades);
  rig_run(rig, "SELECT symbol, SUM(price) AS s FROM 't.csv' GROUP BY symbol EMIT CHANGES");
  struct vs_rows *rows;
  cr_assert_eq(vs_result_rows(rig->result, &rig->parts.memory, &rows, &rig->error), VS_OK);
  cr_expect_eq(vs_rows_count(rows), 3);
  cr_expect_eq(vs_rows_schema(rows)->shown_count, 2);
  vs_rows_unref(rows);
  rig_free(rig);
}

Test(exec_result, copy_of_an_empty_result_is_empty) {
  struct vs_result_totals totals;
  check(trades, "SELECT price FROM 't.csv' WHERE price > 500", "", &totals);
  cr_expect_eq(totals.folded, 0);
}
