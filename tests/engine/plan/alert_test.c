/* SPDX-License-Identifier: Apache-2.0
 * @alert and @metric meet the output columns. */
#include "binding.h"

static struct bench bench;
static void open_bench(void) {
  bench_open(&bench);
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_alert, .init = open_bench, .fini = close_bench);

#define SPREAD                                                                                                         \
  "SELECT symbol, MAX(high) - MIN(low) AS spread, COUNT(*) AS n FROM 'data/bars.csv' GROUP BY symbol WINDOW "          \
  "TUMBLING(1h)"

Test(plan_alert, becomes_a_hidden_column) {
  EXPECT_SCHEMA(&bench, "-- @alert: spread > 1 %\n" SPREAD,
                "symbol STRING KEY, spread DECIMAL(19,8) ratio, n INTEGER additive | _alert_1 BOOLEAN ALERT, "
                "_window_start TIMESTAMP_MS START, _window_end TIMESTAMP_MS END");
  cr_assert_eq(bench.plan->alert_count, 1u);
  const struct vs_alert_plan *alert = &bench.plan->alerts[0];
  cr_expect_eq(alert->column, 3u);
  cr_expect_eq(alert->measure_column, 1);
  cr_expect_eq((int)alert->op, (int)VS_OP_GREATER);
  cr_expect_float_eq(alert->threshold, 0.01, 1e-12);
}

Test(plan_alert, a_mirrored_rule_is_turned) {
  bench_bind(&bench, "-- @alert: 100 <= n\n" SPREAD);
  cr_expect_eq(bench.plan->alerts[0].measure_column, 2);
  cr_expect_eq((int)bench.plan->alerts[0].op, (int)VS_OP_GREATER_EQUAL);
  cr_expect_float_eq(bench.plan->alerts[0].threshold, 100, 1e-12);
}

Test(plan_alert, a_compound_condition_draws_no_rule) {
  bench_bind(&bench, "-- @alert: n > 5 AND symbol = 'ADA'\n" SPREAD);
  cr_expect_eq(bench.plan->alerts[0].measure_column, -1);
}

Test(plan_alert, two_alerts_have_two_columns) {
  bench_bind(&bench, "-- @alert: n > 5\n-- @alert: symbol = 'ADA'\n" SPREAD);
  cr_assert_eq(bench.plan->alert_count, 2u);
  for (uint32_t i = 0; i < 2; i++) {
    const struct vs_field *field = &bench.plan->root->schema->fields[bench.plan->alerts[i].column];
    cr_expect_eq((int)field->role, (int)VS_ROLE_ALERT);
    cr_expect_eq(field->alert_index, i);
  }
}

Test(plan_alert, speaks_of_output_columns_only) {
  bench_expect_error(&bench, "-- @alert: spred > 1\n" SPREAD, 2021, "spred", "@alert uses 'spred'",
                     "did you mean spread?");
  bench_expect_error(&bench, "-- @alert: high > 1\n" SPREAD, 2021, "high", "no output column of the statement",
                     "output columns: symbol, spread, n");
  bench_expect_error(&bench, "-- @alert: SUM(n) > 1\n" SPREAD, 2021, "SUM(n)", "looks at output rows", "alias");
  bench_expect_error(&bench, "-- @alert: n\n-- @metric: m\nSELECT symbol AS n FROM 'data/bars.csv'", 2007, "n",
                     "@alert needs a BOOLEAN", "compare");
}

static const char *field_of_metric(const char *sql, char *ret_text) {
  const struct vs_plan *plan = bench_bind(&bench, sql);
  struct vs_str field = plan->annotations.metrics[0].field;
  snprintf(ret_text, 32, "%.*s", VS_STR_ARG(field));
  return ret_text;
}

Test(plan_alert, a_metric_finds_its_field) {
  char text[32];
  cr_expect_str_eq(field_of_metric("-- @metric: spread\n-- @metric_type: gauge\n" SPREAD, text), "spread");
  cr_expect_str_eq(field_of_metric("-- @metric: m\n-- @metric_type: gauge\n-- @alert: n > 5\n" SPREAD, text), "n");
  cr_expect_str_eq(
      field_of_metric(
          "-- @metric: m\n-- @metric_type: gauge\nSELECT symbol, COUNT(*) AS c FROM 'data/bars.csv' GROUP BY symbol",
          text),
      "c");
  cr_expect_str_eq(field_of_metric("-- @metric: m\n" SPREAD, text), "", "a counter counts rows");
}

Test(plan_alert, a_metric_that_does_not_fit_says_so) {
  bench_expect_error(&bench, "-- @metric: m\n-- @metric_type: gauge\n" SPREAD, 2021, "@metric: m",
                     "needs @metric_field", "numeric columns: spread, n");
  bench_expect_error(&bench, "-- @metric: m\n-- @metric_labels: symbl\n" SPREAD, 2021, "@metric: m",
                     "'symbl' is no output column", "did you mean symbol?");
  bench_expect_error(&bench, "-- @metric: m\n-- @metric_type: gauge\n-- @metric_field: symbol\n" SPREAD, 2021,
                     "@metric: m", "'symbol' is STRING", "numeric");
  bench_expect_error(&bench, "-- @metric: m\n-- @metric_condition: volume > 1\n" SPREAD, 2021, "volume",
                     "@metric_condition uses 'volume'", "output columns");
}
