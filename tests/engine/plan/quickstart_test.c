/* SPDX-License-Identifier: Apache-2.0
 * The statements of the quickstart and the first two stages of the seed bind, with the roles their charts need. */
#include "binding.h"

static struct bench bench;
static struct vs_parameter symbol;
static void open_bench(void) {
  bench_open(&bench);
  symbol =
      (struct vs_parameter){.name = VS_STR("symbol"), .value = {.type = VS_TYPE(STRING), .as.string = VS_STR("ADA")}};
  bench.context.parameters = &symbol;
  bench.context.parameter_count = 1;
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_quickstart, .init = open_bench, .fini = close_bench);

static void put_view(const char *name, const char *create) {
  struct vs_change *change = NULL;
  struct vs_arena *arena = NULL;
  cr_assert(vs_change_begin(bench.catalog, &change, NULL) == VS_OK);
  cr_assert(vs_change_arena(change, &arena, NULL) == VS_OK);
  struct vs_object *object = VS_ARENA_NEW(arena, struct vs_object);
  *object = (struct vs_object){.name = vs_str_of(name), .is = VS_OBJECT_IS_VIEW, .time_column = -1, .version = 1};
  object->query = bench_parse(&bench, create);
  cr_assert(vs_change_put(change, object, NULL) == VS_OK);
  cr_assert(vs_change_publish(change, NULL) == VS_OK);
}

/* clang-format off */
#define TRADES "CREATE STREAM trades AS SELECT ts AS _event_time, symbol, close AS price, ROUND(close * volume, 4) AS quantity FROM 'data/bars.csv'"
#define TAPE "CREATE STREAM trades AS SELECT symbol, price, amount AS quantity FROM 'data/trades.csv'"
#define BOUNDS " | _window_start TIMESTAMP_MS START, _window_end TIMESTAMP_MS END"
#define STAGE_1 "SELECT symbol, SUM(quantity) as volume\nFROM trades\nGROUP BY symbol\nWINDOW TUMBLING(INTERVAL '5' MINUTE)\nEMIT CHANGES"
#define STAGE_2 "-- @metric: price_volatility\n-- @metric_type: gauge\n-- @alert: volatility > 0.05\nSELECT symbol,\n       STDDEV(price) / AVG(price) as volatility\nFROM trades\nGROUP BY symbol\nWINDOW TUMBLING(INTERVAL '1' MINUTE)\nEMIT CHANGES"

Test(plan_quickstart, stages_of_the_seed_bind_over_bars) {
  put_view("trades", TRADES);
  EXPECT_SCHEMA(&bench, STAGE_1, "symbol STRING KEY, volume DECIMAL(38,4) additive" BOUNDS);
  EXPECT_SCHEMA(&bench, STAGE_2, "symbol STRING KEY, volatility FLOAT ratio | _alert_1 BOOLEAN ALERT, _window_start TIMESTAMP_MS START, _window_end TIMESTAMP_MS END");
  cr_expect_eq(bench.plan->alerts[0].measure_column, 1);
  cr_expect(vs_str_equal(bench.plan->annotations.metrics[0].field, VS_STR("volatility")));
  cr_expect_eq(bench.plan->fold.key_count, 3u);
}

Test(plan_quickstart, stages_of_the_seed_bind_over_the_tape) {
  put_view("trades", TAPE);
  EXPECT_SCHEMA(&bench, STAGE_1, "symbol STRING KEY, volume DECIMAL(38,3) additive" BOUNDS);
  EXPECT_SCHEMA(&bench, STAGE_2, "symbol STRING KEY, volatility FLOAT ratio | _alert_1 BOOLEAN ALERT, _window_start TIMESTAMP_MS START, _window_end TIMESTAMP_MS END");
}

Test(plan_quickstart, cells_bind) {
  put_view("trades", TRADES);
  EXPECT_SCHEMA(&bench, "SELECT symbol, SUM(quantity) AS turnover FROM trades GROUP BY symbol WINDOW TUMBLING(1h) EMIT CHANGES",
                "symbol STRING KEY, turnover DECIMAL(38,4) additive" BOUNDS);
  EXPECT_SCHEMA(&bench, "SELECT FIRST_VALUE(price) AS open, MAX(price) AS high, MIN(price) AS low, LAST_VALUE(price) AS close FROM trades WHERE symbol = :symbol WINDOW TUMBLING(30m)",
                "open DECIMAL(18,8) first, high DECIMAL(18,8) extreme, low DECIMAL(18,8) extreme, close DECIMAL(18,8) last" BOUNDS);
  for (uint32_t i = 0; i < 4; i++) cr_expect_eq(bench.plan->root->schema->fields[i].measure_input, 1u, "a candle has one input");
  EXPECT_SCHEMA(&bench, "SELECT side, SUM(amount) AS amount FROM 'data/trades.csv' GROUP BY side WINDOW TUMBLING(1m)",
                "side STRING KEY, amount DECIMAL(38,3) additive" BOUNDS);
  EXPECT_SCHEMA(&bench, "SELECT origin, AVG(delay) AS delay FROM 'data/flights.json' GROUP BY origin HAVING COUNT(*) >= 50 ORDER BY delay DESC",
                "origin STRING KEY, delay FLOAT ratio");
  EXPECT_SCHEMA(&bench, "SELECT EXTRACT(MONTH FROM date) AS month, weather, COUNT(*) AS days FROM 'data/seattle-weather.csv' GROUP BY month, weather",
                "month INTEGER KEY, weather STRING KEY, days INTEGER additive");
  EXPECT_SCHEMA(&bench, "SELECT FIRST_VALUE(price) AS open, MAX(price) AS high, MIN(price) AS low, LAST_VALUE(price) AS close FROM 'data/trades.csv' WINDOW TUMBLING(2m) EMIT CHANGES WITH ('trades.replay' = '750')",
                "open DECIMAL(18,2) first, high DECIMAL(18,2) extreme, low DECIMAL(18,2) extreme, close DECIMAL(18,2) last" BOUNDS);
}

Test(plan_quickstart, first_and_last_read_the_event_time) {
  const struct vs_node *scan = bench_bind(&bench, "SELECT FIRST_VALUE(close), FIRST_VALUE(close) IGNORE NULLS FROM 'data/bars.csv'")->root;
  cr_expect_eq(scan->input->as.aggregate.item_count, 2u, "NULLs count in one of them");
  while (scan->input) scan = scan->input;
  cr_expect(scan->as.scan.projection[0] && scan->as.scan.endpoint.time_column == 0);
}
/* clang-format on */
