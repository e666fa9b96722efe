/* SPDX-License-Identifier: Apache-2.0
 * :name binds typed values: literals, LIMIT, durations, lists after IN. */
#include "binding.h"

static struct bench bench;
static struct vs_value coins[2];
static struct vs_parameter parameters[5];
static struct vs_value text_value(const char *text) {
  return (struct vs_value){.type = VS_TYPE(STRING), .as.string = vs_str_of(text)};
}
static void open_bench(void) {
  bench_open(&bench);
  coins[0] = text_value("ADA");
  coins[1] = text_value("XLM");
  parameters[0] = (struct vs_parameter){.name = VS_STR("coin"), .value = coins[0]};
  parameters[1] = (struct vs_parameter){.name = VS_STR("n"), .value = {.type = VS_TYPE(INTEGER), .as.integer = 7}};
  parameters[2] = (struct vs_parameter){.name = VS_STR("width"), .value = text_value("5m")};
  parameters[3] = (struct vs_parameter){.name = VS_STR("coins"), .list = coins, .list_count = 2};
  parameters[4] = (struct vs_parameter){.name = VS_STR("none"), .list = coins, .list_count = 0};
  bench.context.parameters = parameters;
  bench.context.parameter_count = VS_COUNT_OF(parameters);
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_parameter, .init = open_bench, .fini = close_bench);

static void expect_filter(const char *sql, const char *expected) {
  struct vs_text text;
  const struct vs_plan *plan = bench_bind(&bench, sql);
  vs_text_init(&text, bench.env.memory, 1 << 16);
  vs_plan_explain(plan, &text);
  cr_expect(strstr(text.data, expected), "%s\n%s\nwants %s", sql, text.data, expected);
  vs_text_release(&text);
}

Test(plan_parameter, stands_for_a_literal) {
  expect_filter("SELECT symbol FROM 'data/bars.csv' WHERE symbol = :coin", "Filter symbol = 'ADA'");
}

Test(plan_parameter, gives_limits_and_durations) {
  expect_filter("SELECT symbol FROM 'data/bars.csv' LIMIT :n", "Limit 7 rows");
  expect_filter("SELECT COUNT(*) FROM 'data/bars.csv' WINDOW TUMBLING(:width)", "tumbling, 5 minutes");
  expect_filter("SELECT COUNT(*) FROM 'data/bars.csv' GROUP BY TUMBLE(ts, :n)", "tumbling, 7 seconds");
}

Test(plan_parameter, a_list_follows_in) {
  expect_filter("SELECT symbol FROM 'data/bars.csv' WHERE symbol IN (:coins, 'ETH')",
                "Filter symbol = 'ADA' OR symbol = 'XLM' OR symbol = 'ETH'");
  expect_filter("SELECT symbol FROM 'data/bars.csv' WHERE symbol NOT IN (:coins)", "Filter NOT (symbol = 'ADA' OR");
  expect_filter("SELECT symbol FROM 'data/bars.csv' WHERE symbol IN (:none)", "Filter FALSE");
}
