/* SPDX-License-Identifier: Apache-2.0
 * EXPLAIN, word for word. */
#include "binding.h"

static struct bench bench;
static void open_bench(void) {
  bench_open(&bench);
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_explain, .init = open_bench, .fini = close_bench);

static void expect_explain(const char *sql, const char *expected) {
  struct vs_text text;
  const struct vs_plan *plan = bench_bind(&bench, sql);
  vs_text_init(&text, bench.env.memory, 1 << 20);
  vs_plan_explain(plan, &text);
  cr_expect_str_eq(text.data, expected, "%s\n--- got\n%s--- want\n%s", sql, text.data, expected);
  vs_text_release(&text);
}

Test(plan_explain, groups) {
  expect_explain(
      "SELECT symbol, COUNT(*) c FROM 'data/bars.csv' WHERE close > 0.5 OR NOT (symbol = 'ADA' AND open IS NULL) "
      "GROUP BY 1 HAVING COUNT(*) > 10 ORDER BY SUM(volume) DESC LIMIT 3",
      "Emits: FINAL: one row per group at the end of the input\n"
      "Changes: append: rows are never changed\n"
      "Input: bounded, the query ends by itself\n"
      "Columns: symbol STRING, c INTEGER\n"
      "Hidden: _order_3 DECIMAL(38,8)\n"
      "\n"
      "Limit 3 rows\n"
      "-> Sort by SUM(volume) DESC, first 3\n"
      "    -> Project symbol, COUNT(*) AS c\n"
      "        -> Filter COUNT(*) > 10\n"
      "            -> Aggregate by symbol\n"
      "                  computes: COUNT(*), SUM(volume)\n"
      "                  state: one entry per group, kept to the end\n"
      "                -> Filter close > 0.5 OR NOT (symbol = 'ADA' AND open IS NULL)\n"
      "                    -> Scan data/bars.csv (csv, bounded)\n"
      "                          columns: symbol, open, close, volume (4 of 7)\n");
}

Test(plan_explain, windows) {
  expect_explain(
      "-- @alert: amount > 5\n"
      "SELECT side, SUM(amount) AS amount FROM 'data/trades.csv' GROUP BY side WINDOW TUMBLING(90s, GRACE PERIOD 5s) "
      "EMIT CHANGES WITH ('trades.replay' = '750', 'trades.watermark.max_out_of_orderness' = '2s')",
      "Emits: CHANGES: one row per input row, the new values of its window and group\n"
      "Changes: upsert by side, _window_start, _window_end\n"
      "Input: bounded, the query ends by itself\n"
      "Columns: side STRING, amount DECIMAL(38,3)\n"
      "Hidden: _alert_1 BOOLEAN, _window_start TIMESTAMP_MS, _window_end TIMESTAMP_MS\n"
      "Event time: window end\n"
      "Alert: amount > 5 (warning)\n"
      "\n"
      "Project side, SUM(amount) AS amount\n"
      "-> Aggregate by side\n"
      "      computes: SUM(amount)\n"
      "      window: tumbling, 90 seconds, on the event time\n"
      "      late rows: counted and left out once their window closed, 5 seconds after its end\n"
      "      state: one entry per group and open window\n"
      "    -> Scan data/trades.csv (csv, bounded)\n"
      "          columns: timestamp, side, amount (3 of 8)\n"
      "          event time: timestamp, INTEGER in microseconds\n"
      "          watermark: newest event time - 2 seconds\n"
      "          replay: 750 seconds of event time per second\n");
}

Test(plan_explain, derived_tables) {
  expect_explain("SELECT DISTINCT d FROM (SELECT local_timestamp AS _event_time, price * 2 AS d, amount AS unread "
                 "FROM 'data/trades.csv') INTO 'out.jsonl'",
                 "Emits: a row when it is seen for the first time\n"
                 "Changes: append: rows are never changed\n"
                 "Input: bounded, the query ends by itself\n"
                 "Columns: d DECIMAL(19,2)\n"
                 "Event time: _event_time\n"
                 "Sink: out.jsonl (jsonl)\n"
                 "\n"
                 "Distinct\n"
                 "  state: every distinct row, kept to the end\n"
                 "-> Project d\n"
                 "    -> Project price * 2 AS d\n"
                 "        -> Scan data/trades.csv (csv, bounded)\n"
                 "              columns: price (1 of 8)\n");
}

Test(plan_explain, one_row) {
  expect_explain("SELECT 1 + 1 AS two", "Emits: one row\n"
                                        "Changes: append: rows are never changed\n"
                                        "Input: bounded, the query ends by itself\n"
                                        "Columns: two INTEGER\n"
                                        "\n"
                                        "Project 2 AS two\n"
                                        "-> One row\n");
}
