/* SPDX-License-Identifier: Apache-2.0
 * SELECT bound over real files: names, types, roles and measures of what comes out. */
#include "binding.h"

static struct bench bench;
static void open_bench(void) {
  bench_open(&bench);
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_select, .init = open_bench, .fini = close_bench);

/* clang-format off */
#define BARS "FROM 'data/bars.csv' "
#define TRADES "FROM 'data/trades.csv' "

Test(plan_select, star_gives_the_columns_of_the_file) {
  EXPECT_SCHEMA(&bench, "SELECT * " BARS, "ts TIMESTAMP TIME, symbol STRING, open DECIMAL(18,8), high DECIMAL(18,8), low DECIMAL(18,8), close DECIMAL(18,8), volume DECIMAL(18,8)");
  EXPECT_SCHEMA(&bench, "SELECT * EXCEPT (OPEN, high, low, volume), 1 AS one " BARS, "ts TIMESTAMP TIME, symbol STRING, close DECIMAL(18,8), one INTEGER");
  EXPECT_SCHEMA(&bench, "SELECT b.* EXCEPT (ts, open, high, low, volume) FROM 'data/bars.csv' b", "symbol STRING, close DECIMAL(18,8)");
}

Test(plan_select, names_follow_the_page) {
  EXPECT_SCHEMA(&bench, "SELECT b.symbol, symbol, ROUND(close, 2), close + 1, close * 2 AS close FROM 'data/bars.csv' b",
                "symbol STRING, symbol_2 STRING, round DECIMAL(13,2), expr_4 DECIMAL(19,8), close DECIMAL(19,8)");
}

Test(plan_select, names_resolve_exactly_or_without_case) {
  EXPECT_SCHEMA(&bench, "SELECT SYMBOL, bars.Close " BARS, "SYMBOL STRING, Close DECIMAL(18,8)");
  EXPECT_SCHEMA(&bench, "SELECT `symbol`, \"close\" " BARS, "symbol STRING, close DECIMAL(18,8)");
}

Test(plan_select, an_alias_serves_the_items_to_its_right) {
  EXPECT_SCHEMA(&bench, "SELECT close * 2 AS d, d + 1 AS e " BARS, "d DECIMAL(19,8), e DECIMAL(20,8)");
  EXPECT_SCHEMA(&bench, "SELECT SUM(close) AS s, s / COUNT(*) AS mean " BARS, "s DECIMAL(38,8) additive, mean DECIMAL(38,10) ratio");
  bench.context.aliases_first = true;
  EXPECT_SCHEMA(&bench, "SELECT 1 AS close, close + 1 AS two " BARS, "close INTEGER, two INTEGER");
  bench.context.aliases_first = false;
  EXPECT_SCHEMA(&bench, "SELECT 1 AS close, close AS second " BARS, "close INTEGER, second DECIMAL(18,8)");
}

Test(plan_select, groups_have_keys_and_measures) {
  EXPECT_SCHEMA(&bench, "SELECT side, SUM(amount) " TRADES "GROUP BY side", "side STRING KEY, sum DECIMAL(38,3) additive");
  EXPECT_SCHEMA(&bench, "SELECT symbol AS s, COUNT(*) n, AVG(close) a, MIN(low) l, MAX(high) h, SUM(volume) * 2 d, SUM(volume) / COUNT(*) r, SUM(close) + SUM(open) t " BARS "GROUP BY s",
                "s STRING KEY, n INTEGER additive, a DECIMAL(26,16) ratio, l DECIMAL(18,8) extreme, h DECIMAL(18,8) extreme, d DECIMAL(38,8) additive, r DECIMAL(38,10) ratio, t DECIMAL(38,8) additive");
}

Test(plan_select, keys_may_be_aliases_positions_and_expressions) {
  const char *same = "dir STRING KEY, count INTEGER additive";
  EXPECT_SCHEMA(&bench, "SELECT CASE WHEN close > open THEN 'up' ELSE 'down' END AS dir, COUNT(*) " BARS "GROUP BY dir", same);
  EXPECT_SCHEMA(&bench, "SELECT CASE WHEN close > open THEN 'up' ELSE 'down' END AS dir, COUNT(*) " BARS "GROUP BY 1", same);
  EXPECT_SCHEMA(&bench, "SELECT CASE WHEN close > open THEN 'up' ELSE 'down' END AS dir, COUNT(*) " BARS "GROUP BY CASE WHEN bars.Close > Open THEN 'up' ELSE 'down' END", same);
  EXPECT_SCHEMA(&bench, "SELECT close * 2 + 1 AS x " BARS "GROUP BY close * 2", "x DECIMAL(20,8)");
}

Test(plan_select, windows_bring_hidden_bounds) {
  EXPECT_SCHEMA(&bench, "SELECT symbol, COUNT(*) AS n " BARS "GROUP BY symbol WINDOW TUMBLING(INTERVAL '1' HOUR)",
                "symbol STRING KEY, n INTEGER additive | _window_start TIMESTAMP_MS START, _window_end TIMESTAMP_MS END");
  EXPECT_SCHEMA(&bench, "SELECT _window_start AS t, TUMBLE_END() AS u, COUNT(*) AS n " BARS "GROUP BY TUMBLE(ts, 30m)",
                "t TIMESTAMP_MS START, u TIMESTAMP_MS END, n INTEGER additive");
  EXPECT_SCHEMA(&bench, "SELECT _WINDOW_END, COUNT(*) AS n " BARS "WINDOW TUMBLING(1h) GROUP BY _window_end",
                "_WINDOW_END TIMESTAMP_MS END, n INTEGER additive | _window_start TIMESTAMP_MS START");
}

Test(plan_select, what_orders_the_result_travels_hidden) {
  EXPECT_SCHEMA(&bench, "SELECT symbol " BARS "GROUP BY symbol HAVING COUNT(*) > 5 ORDER BY SUM(volume) DESC, symbol", "symbol STRING KEY | _order_2 DECIMAL(38,8)");
  EXPECT_SCHEMA(&bench, "SELECT symbol, close AS price " BARS "ORDER BY price, 1, volume", "symbol STRING, price DECIMAL(18,8) | _order_3 DECIMAL(18,8)");
}

Test(plan_select, upserted_keys_travel_hidden) {
  EXPECT_SCHEMA(&bench, "SELECT COUNT(*) AS n " BARS "GROUP BY symbol EMIT CHANGES", "n INTEGER additive | symbol STRING KEY");
  EXPECT_SCHEMA(&bench, "SELECT n * 2 AS m FROM (SELECT symbol, COUNT(*) AS n " BARS "GROUP BY symbol) EMIT CHANGES", "m INTEGER additive | symbol STRING KEY");
  cr_expect(bench.plan->fold.is_keyed);
  cr_expect_eq(bench.plan->fold.key_count, 1u);
  cr_expect_eq(bench.plan->fold.key_columns[0], 1u);
}

Test(plan_select, event_time_leaves_the_payload) {
  EXPECT_SCHEMA(&bench, "SELECT ts AS _event_time, symbol, close AS price " BARS, "symbol STRING, price DECIMAL(18,8) | _event_time TIMESTAMP");
  EXPECT_SCHEMA(&bench, "SELECT _event_time, _event_time AS t " BARS, "_event_time TIMESTAMP_MS TIME, t TIMESTAMP_MS TIME");
  EXPECT_SCHEMA(&bench, "SELECT _offset, _PARTITION, _event_time - 5 AS earlier " BARS "WHERE _offset < 3", "_offset INTEGER, _PARTITION INTEGER, earlier INTEGER");
}

Test(plan_select, conditionals_find_one_type) {
  EXPECT_SCHEMA(&bench, "SELECT COALESCE(close, 0) a, NULLIF(open, 0) b, IF(close > open, 1, 2.5) c, NVL(symbol, 'q') d, CASE symbol WHEN 'ADA' THEN 1 END e, CASE WHEN close > 1 THEN 1 ELSE CAST(2 AS FLOAT) END f " BARS,
                "a DECIMAL(18,8), b DECIMAL(18,8), c DECIMAL(2,1), d STRING, e INTEGER, f FLOAT");
}

Test(plan_select, scalars_need_no_source) {
  EXPECT_SCHEMA(&bench, "SELECT 1 + 1, CAST('5' AS INTEGER) AS five", "expr_1 INTEGER, five INTEGER");
  cr_expect(bench.plan->is_scalar);
  cr_expect_eq((int)bench.plan->root->as.project.exprs[0]->is, (int)VS_BOUND_CONSTANT);
  cr_expect_eq(bench.plan->root->as.project.exprs[0]->as.constant.as.integer, 2);
}

Test(plan_select, row_errors_of_constants_wait_for_the_run) {
  bench_bind(&bench, "SELECT CAST('abc' AS INTEGER) AS x, 1 / 0 AS y");
  cr_expect_eq((int)bench.plan->root->as.project.exprs[0]->is, (int)VS_BOUND_CALL);
  cr_expect_eq((int)bench.plan->root->as.project.exprs[1]->is, (int)VS_BOUND_CALL);
}

Test(plan_select, only_what_is_read_is_decoded) {
  const struct vs_plan *plan = bench_bind(&bench, "SELECT n FROM (SELECT symbol, close AS c, volume * 2 AS v, open AS n " BARS "WHERE high > 0) AS x");
  const struct vs_node *scan = plan->root;
  while (scan->input) scan = scan->input;
  static const bool wanted[] = {false, false, true, true, false, false, false};
  for (uint32_t i = 0; i < scan->schema->field_count; i++)
    cr_expect_eq((int)scan->as.scan.projection[i], (int)wanted[i], "column %u", i);
  cr_expect_eq(scan->as.scan.endpoint.time_column, -1, "nobody needs the event time");
}

Test(plan_select, derived_tables_and_ctes_chain) {
  EXPECT_SCHEMA(&bench, "WITH a AS (SELECT symbol, close FROM 'data/bars.csv'), b AS (SELECT symbol AS s, close * 2 AS c FROM a WHERE close > 0) SELECT s, MAX(c) AS m FROM b GROUP BY s",
                "s STRING KEY, m DECIMAL(19,8) extreme");
  EXPECT_SCHEMA(&bench, "(SELECT symbol, close FROM 'data/bars.csv') ORDER BY close LIMIT 3", "symbol STRING, close DECIMAL(18,8)");
}

Test(plan_select, any_value_will_do_when_asked_for) {
  bench.context.is_strict = false;
  EXPECT_SCHEMA(&bench, "SELECT symbol, close " BARS "GROUP BY symbol", "symbol STRING KEY, close DECIMAL(18,8)");
  cr_assert_eq(bench.plan->warning_count, 1u);
  cr_expect(strstr(bench.plan->warnings[0].message, "column 'close' is not grouped"));
}

Test(plan_select, long_conditions_bind_in_little_memory) {
  static char sql[40000];
  size_t used = (size_t)snprintf(sql, sizeof sql, "SELECT symbol FROM 'data/bars.csv' GROUP BY symbol HAVING symbol = 'ADA'");
  for (int i = 0; i < 900; i++) used += (size_t)snprintf(sql + used, sizeof sql - used, " OR symbol = 'c%d'", i);
  bench_bind(&bench, sql);
  cr_expect_lt(bench.plan->arena.used_bytes, (size_t)8 << 20);
}

Test(plan_select, an_integer_condition_and_text_beside_a_number_are_noted) {
  bench_bind(&bench, "SELECT close " BARS "WHERE 1 AND symbol > 5");
  cr_expect_geq(bench.plan->warning_count, 2u);
}

Test(plan_select, memory_that_ends_is_an_error) {
  const struct vs_query *query = bench_parse(&bench, "SELECT symbol, COUNT(*) FROM 'data/bars.csv' GROUP BY symbol ORDER BY 2");
  for (uint64_t n = 1; n < 40; n++) {
    struct vs_plan *plan = NULL;
    bench.parts.memory.fail_at = atomic_load(&bench.parts.memory.allocations) + n;
    vs_status status = vs_plan_query(&bench.context, query, &bench.annotations, &plan, &bench.err);
    bench.parts.memory.fail_at = 0;
    cr_expect(status == VS_OK || bench.err.code == VS_CODE_OUT_OF_MEMORY || bench.err.code == VS_CODE_STATE_LIMIT, "allocation %d: VELO-%d %s", (int)n, (int)bench.err.code, bench.err.message);
    vs_plan_free(plan);
    if (status == VS_OK) break;
  }
}
/* clang-format on */
