/* SPDX-License-Identifier: Apache-2.0
 * FROM a name: views are spliced, results are scanned as rows, changed definitions are blamed. */
#include "binding.h"

static struct bench bench;
static void open_bench(void) {
  bench_open(&bench);
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_source, .init = open_bench, .fini = close_bench);

static struct vs_object *begin_object(const char *name, vs_object_is is, struct vs_change **ret_change) {
  struct vs_arena *arena = NULL;
  cr_assert(vs_change_begin(bench.catalog, ret_change, NULL) == VS_OK);
  cr_assert(vs_change_arena(*ret_change, &arena, NULL) == VS_OK);
  struct vs_object *object = VS_ARENA_NEW(arena, struct vs_object);
  *object = (struct vs_object){.name = vs_str_of(name), .is = is, .owner_label = VS_STR("cell [2]"), .time_column = -1};
  return object;
}

static void put_view(const char *name, const char *create, uint64_t version, const char *below,
                     uint64_t below_version) {
  static struct vs_str depends[8];
  static uint64_t versions[8];
  static size_t next;
  struct vs_change *change = NULL;
  struct vs_object *object = begin_object(name, VS_OBJECT_IS_VIEW, &change);
  object->query = bench_parse(&bench, create);
  object->version = version;
  if (below) {
    depends[next] = vs_str_of(below);
    versions[next] = below_version;
    object->depends_on = &depends[next];
    object->depends_versions = &versions[next++];
    object->depend_count = 1;
  }
  cr_assert(vs_change_put(change, object, NULL) == VS_OK);
  cr_assert(vs_change_publish(change, NULL) == VS_OK);
}

static void put_rows(const char *name, const struct vs_schema *schema, int time_column, bool is_partial) {
  struct vs_change *change = NULL;
  struct vs_object *object = begin_object(name, VS_OBJECT_IS_RESULT, &change);
  struct vs_rows *rows = NULL;
  cr_assert(vs_rows_new(schema, bench.env.memory, &rows, NULL) == VS_OK);
  object->schema = vs_rows_schema(rows);
  object->rows = rows;
  object->time_column = time_column;
  object->is_partial = is_partial;
  cr_assert(vs_change_put(change, object, NULL) == VS_OK);
  cr_assert(vs_change_publish(change, NULL) == VS_OK);
  vs_rows_unref(rows);
}

Test(plan_source, a_view_is_spliced) {
  put_view("coins", "CREATE STREAM coins AS SELECT ts AS _event_time, symbol, close AS price FROM 'data/bars.csv'", 4,
           NULL, 0);
  EXPECT_SCHEMA(
      &bench, "SELECT symbol, MAX(price) AS top FROM Coins c WHERE c.price > 0 GROUP BY symbol WINDOW TUMBLING(1h)",
      "symbol STRING KEY, top DECIMAL(18,8) extreme | _window_start TIMESTAMP_MS START, _window_end TIMESTAMP_MS END");
  cr_expect_eq(bench.plan->read_count, 1u);
  cr_expect(vs_str_equal(bench.plan->reads[0], VS_STR("coins")));
  cr_expect_eq(bench.plan->read_versions[0], 4u);
  bench_expect_error(&bench, "SELECT close FROM coins", 2003, "close", "no column 'close' in coins",
                     "columns: symbol, price");
}

Test(plan_source, a_view_may_be_paced_by_its_reader) {
  put_view("coins", "CREATE STREAM coins AS SELECT symbol FROM 'data/bars.csv'", 1, NULL, 0);
  bench_bind(&bench, "SELECT symbol FROM coins WITH ('bars.replay' = '600')");
  const struct vs_node *scan = bench.plan->root;
  while (scan->input)
    scan = scan->input;
  cr_expect_float_eq(scan->as.scan.endpoint.replay_speed, 600, 1e-9);
  cr_expect(scan->as.scan.endpoint.time_column == 0 && scan->as.scan.projection[0], "pace needs the event time");
}

Test(plan_source, a_stream_that_reads_itself_is_refused) {
  put_view("a", "CREATE STREAM a AS SELECT * FROM b", 1, NULL, 0);
  put_view("b", "CREATE STREAM b AS SELECT * FROM a", 2, NULL, 0);
  cr_assert(bench_try(&bench, "SELECT * FROM a") != VS_OK);
  cr_expect_eq((int)bench.err.code, (int)VS_CODE_RECURSIVE_VIEW);
}

Test(plan_source, a_changed_definition_is_blamed) {
  put_view("base", "CREATE STREAM base AS SELECT symbol, close FROM 'data/bars.csv'", 9, NULL, 0);
  put_view("upper", "CREATE STREAM upper AS SELECT symbol, price FROM base", 5, "base", 3);
  bench_expect_error(&bench, "SELECT * FROM upper", 2017, "upper",
                     "upper no longer fits base, which cell [2] has changed", "mend the query of upper");
  put_view("lost", "CREATE STREAM lost AS SELECT symbol FROM gone", 6, "gone", 1);
  bench_expect_error(&bench, "SELECT * FROM lost", 2002, "lost", "lost reads from gone, which is gone",
                     "create gone again");
}

Test(plan_source, results_are_rows) {
  struct vs_field fields[] = {
      {.name = VS_STR("symbol"), .type = VS_TYPE(STRING), .role = VS_ROLE_KEY},
      {.name = VS_STR("n"), .type = VS_TYPE(INTEGER), .role = VS_ROLE_MEASURE, .measure = VS_MEASURE_ADDITIVE},
      {.name = VS_STR("_window_end"), .type = VS_TYPE(TIMESTAMP_MS), .is_hidden = true, .role = VS_ROLE_WINDOW_END}};
  const struct vs_schema schema = {fields, 3, 2};
  put_rows("volatility", &schema, -1, true);
  EXPECT_SCHEMA(&bench, "SELECT symbol, COUNT(*) AS rang FROM volatility WHERE n > 5 GROUP BY symbol",
                "symbol STRING KEY, rang INTEGER additive");
  cr_assert_eq(bench.plan->warning_count, 1u);
  cr_expect(strstr(bench.plan->warnings[0].message, "volatility is partial"));
  EXPECT_SCHEMA(
      &bench, "SELECT symbol, COUNT(*) AS c FROM volatility GROUP BY symbol WINDOW TUMBLING(2h)",
      "symbol STRING KEY, c INTEGER additive | _window_start TIMESTAMP_MS START, _window_end TIMESTAMP_MS END");
  EXPECT_SCHEMA(&bench, "SELECT * FROM volatility",
                "symbol STRING KEY, n INTEGER additive | _window_end TIMESTAMP_MS END");
}

Test(plan_source, rows_without_time_have_no_windows) {
  struct vs_field fields[] = {{.name = VS_STR("at"), .type = VS_TYPE(TIMESTAMP)},
                              {.name = VS_STR("n"), .type = VS_TYPE(INTEGER)}};
  const struct vs_schema schema = {fields, 2, 2};
  put_rows("r", &schema, -1, false);
  bench_expect_error(&bench, "SELECT COUNT(*) FROM r WINDOW TUMBLING(1m)", 2010, "WINDOW TUMBLING(1m)", "r has none",
                     "TUMBLING(at, ...)");
  put_rows("timed", &schema, 0, false);
  EXPECT_SCHEMA(&bench, "SELECT COUNT(*) AS c FROM timed WINDOW TUMBLING(1m)",
                "c INTEGER additive | _window_start TIMESTAMP_MS START, _window_end TIMESTAMP_MS END");
}

Test(plan_source, a_query_may_declare_its_source) {
  EXPECT_SCHEMA(&bench, "SELECT side FROM tape WITH ('tape.type' = 'file_source', 'tape.path' = 'data/trades.csv')",
                "side STRING");
}

Test(plan_source, a_sink_takes_what_is_emitted) {
  bench_bind(&bench, "SELECT symbol FROM 'data/bars.csv' INTO 'out.csv'");
  cr_assert(bench.plan->sink);
  bench_bind(&bench, "SELECT symbol FROM 'data/bars.csv' INTO out WITH ('out.type' = 'file_sink', 'out.path' = "
                     "'out.jsonl', 'out.append' = 'true')");
  cr_assert(bench.plan->sink);
  cr_expect(bench.plan->sink->append);
  cr_expect_str_eq(bench.plan->sink->format->name, "jsonl");
}
