/* SPDX-License-Identifier: Apache-2.0
 * Cells own objects; results are kept under names. */
#include "engine_rig.h"

static vs_status check(struct rig *rig, const char *text, const char *owner) {
  struct vs_engine_script *script;
  vs_status status = vs_engine_parse(rig->engine, vs_str_of(text), 0, &script, &rig->error);
  if (status != VS_OK) return status;
  status = vs_engine_check(rig->engine, script, vs_str_of(owner), &rig->error);
  vs_engine_script_free(script);
  return status;
}

Test(runtime_cells, another_cell_cannot_take_a_name_and_is_told_whose_it_is) {
  struct rig rig;
  rig_open(&rig);
  cr_assert_eq(rig_cell(&rig, "CREATE STREAM s AS SELECT 1 AS a", "cell [3]", 3), VS_OK, "%s", rig.error.message);
  cr_expect_eq(rig_cell(&rig, "CREATE STREAM s AS SELECT 2 AS a", "cell [4]", 4), VS_BIND);
  cr_expect_eq(rig.error.code, VS_CODE_NAME_TAKEN);
  cr_expect(strstr(rig.error.message, "cell [3]"), "%s", rig.error.message);
  cr_expect_eq(rig_cell(&rig, "CREATE STREAM s AS SELECT 5 AS a", "cell [3]", 5), VS_OK, "%s", rig.error.message);
  cr_expect_str_eq(rig_sql(&rig, "SELECT a FROM s"), "5\n");
  rig_close(&rig);
}

Test(runtime_cells, a_check_binds_in_order_and_changes_nothing) {
  struct rig rig;
  rig_open(&rig);
  rig_write(&rig, "t.csv", "s,v\nA,1\n");
  cr_expect_eq(check(&rig,
                     "CREATE TABLE t AS SELECT s, v FROM 't.csv'; CREATE STREAM x AS SELECT v + 1 AS w FROM t;"
                     "SELECT SUM(w) AS total FROM x; SELECT total FROM _",
                     "cell [1]"),
               VS_OK, "%s", rig.error.message);
  cr_expect_eq(check(&rig, "SELECT w FROM x", "cell [1]"), VS_BIND, "nothing was registered");
  cr_expect_eq(check(&rig, "CREATE STREAM x AS SELECT 1 AS a; SELECT b FROM x", "cell [1]"), VS_BIND);
  cr_expect_eq(rig.error.code, VS_CODE_UNKNOWN_COLUMN);
  cr_expect_eq(check(&rig, "CREATE STREAM x AS SELECT 1 AS a; CREATE STREAM x AS SELECT 2 AS a", "cell [1]"), VS_BIND);
  cr_expect_eq(rig.error.code, VS_CODE_NAME_TAKEN);
  rig_close(&rig);
}

Test(runtime_cells, a_check_knows_the_rows_that_may_be_set_aside) {
  struct rig rig;
  rig_open(&rig);
  rig_write(&rig, "t.csv", "s,v\nA,1\n");
  cr_expect_eq(check(&rig,
                     "CREATE TABLE t AS SELECT s, v FROM 't.csv'; SELECT s, _reason, _line, _text FROM t.failed;"
                     "-- @name: q\nSELECT v FROM 't.csv'; SELECT v FROM q.late; SELECT v FROM _.failed",
                     "cell [1]"),
               VS_OK, "%s", rig.error.message);
  cr_expect_eq(check(&rig, "CREATE TABLE t AS SELECT s FROM 't.csv'; SELECT v FROM t.failed", "cell [1]"), VS_BIND);
  cr_expect_eq(rig.error.code, VS_CODE_UNKNOWN_COLUMN, "v is not read: %s", rig.error.message);
  rig_close(&rig);
}

Test(runtime_cells, a_check_leaves_out_what_the_cell_owned_before) {
  struct rig rig;
  rig_open(&rig);
  cr_assert_eq(rig_cell(&rig, "CREATE STREAM s AS SELECT 1 AS a", "cell [1]", 1), VS_OK);
  cr_expect_eq(check(&rig, "CREATE STREAM s AS SELECT 2 AS b; SELECT b FROM s", "cell [1]"), VS_OK, "%s",
               rig.error.message);
  cr_expect_eq(check(&rig, "SELECT a FROM s", "cell [1]"), VS_BIND, "s goes when the cell runs again");
  cr_expect_str_eq(rig_sql(&rig, "SELECT a FROM s"), "1\n");
  rig_close(&rig);
}

Test(runtime_cells, forgetting_a_cell_drops_its_objects_only) {
  struct rig rig;
  rig_open(&rig);
  cr_assert_eq(rig_cell(&rig, "CREATE STREAM s AS SELECT 1 AS a", "one", 1), VS_OK);
  cr_assert_eq(rig_cell(&rig, "CREATE STREAM t AS SELECT 2 AS a", "two", 2), VS_OK);
  cr_assert_eq(vs_engine_forget(rig.engine, VS_STR("one"), &rig.error), VS_OK);
  cr_expect_eq(rig_cell(&rig, "SELECT a FROM s", "", 0), VS_BIND);
  cr_expect_str_eq(rig_sql(&rig, "SELECT a FROM t"), "2\n");
  rig_close(&rig);
}

Test(runtime_cells, results_have_a_number_a_name_and_the_underscore) {
  struct rig rig;
  struct vs_kept_result kept;
  rig_open(&rig);
  rig_write(&rig, "t.csv", "s,v\nA,1\nB,2\n");
  cr_assert_eq(rig_cell(&rig, "-- @name: pairs\nSELECT s, v FROM 't.csv'", "one", 7), VS_OK, "%s", rig.error.message);
  cr_expect_str_eq(rig_sql(&rig, "SELECT v FROM _7 ORDER BY v DESC"), "2\n1\n");
  cr_expect_str_eq(rig_sql(&rig, "SELECT COUNT(*) AS n FROM pairs"), "2\n");
  cr_expect_str_eq(rig_sql(&rig, "SELECT n + 1 AS m FROM _"), "3\n");
  cr_assert_eq(vs_engine_kept(rig.engine, VS_STR("pairs"), &kept, &rig.error), VS_OK);
  cr_expect_eq(kept.schema->shown_count, 2);
  cr_expect_not(kept.is_partial);
  cr_expect_eq(vs_engine_kept(rig.engine, VS_STR("nothing"), &kept, &rig.error), VS_USAGE);
  rig_close(&rig);
}

Test(runtime_cells, kept_rows_are_picked_evenly) {
  struct rig rig;
  struct vs_kept_result kept;
  struct vs_arena arena;
  struct vs_batch batch;
  char rows[8192] = "v\n";
  rig_open(&rig);
  for (int i = 0; i < 1000; i++)
    snprintf(rows + strlen(rows), 16, "%d\n", i);
  rig_write(&rig, "t.csv", rows);
  rig_sql(&rig, "SELECT v FROM 't.csv'");
  vs_arena_init(&arena, &rig.parts.memory, 0);
  cr_assert_eq(vs_engine_kept(rig.engine, VS_STR(""), &kept, &rig.error), VS_OK);
  cr_assert_eq(vs_kept_batch(&kept, 10, &arena, &batch, &rig.error), VS_OK, "%s", rig.error.message);
  cr_expect_eq(batch.row_count, 10);
  for (uint32_t i = 0; i < batch.row_count; i++)
    cr_expect_eq(((const int64_t *)batch.columns[0].data)[i], (int64_t)i * 100);
  vs_arena_release(&arena);
  rig_close(&rig);
}

Test(runtime_cells, the_oldest_results_go_when_the_limit_is_reached) {
  struct rig rig;
  char *rows = calloc(1, 2000000);
  rig_open(&rig);
  size_t at = (size_t)snprintf(rows, 8, "v\n");
  for (int i = 0; i < 9000; i++)
    at += (size_t)snprintf(rows + at, 200, "%0150d_%d\n", i, i);
  rig_write(&rig, "t.csv", rows);
  rig_sql(&rig, "SET results.limit = 2");
  cr_assert_eq(rig_cell(&rig, "SELECT v FROM 't.csv'", "", 1), VS_OK);
  cr_assert_eq(rig_cell(&rig, "SELECT v FROM 't.csv'", "", 2), VS_OK);
  cr_expect(strstr(rig.warnings.data, "_1 was freed"), "%s", rig.warnings.data);
  cr_expect_eq(rig_cell(&rig, "SELECT COUNT(*) AS n FROM _1", "", 3), VS_BIND);
  cr_expect_str_eq(rig_sql(&rig, "SELECT COUNT(*) AS n FROM _2"), "9000\n");
  free(rows);
  rig_close(&rig);
}

Test(runtime_cells, a_result_beyond_the_ring_is_partial_and_reading_it_warns) {
  struct rig rig;
  struct vs_kept_result kept;
  char *rows = calloc(1, 200000);
  size_t at = (size_t)snprintf(rows, 8, "v\n");
  rig_open(&rig);
  for (int i = 0; i < 10500; i++)
    at += (size_t)snprintf(rows + at, 16, "%d\n", i);
  rig_write(&rig, "t.csv", rows);
  rig_sql(&rig, "SELECT v FROM 't.csv'");
  cr_assert_eq(vs_engine_kept(rig.engine, VS_STR("_"), &kept, &rig.error), VS_OK);
  cr_expect(kept.is_partial);
  cr_expect_str_eq(rig_sql(&rig, "SELECT COUNT(*) AS n, MIN(v) AS first FROM _"), "10000|500\n");
  cr_expect(rig.warnings.data && strstr(rig.warnings.data, "partial"), "%s", rig.warnings.data);
  rig_sql(&rig, "CREATE TABLE t AS SELECT v FROM 't.csv'");
  cr_expect_str_eq(rig_sql(&rig, "SELECT COUNT(*) AS n FROM t"), "10500\n", "a table keeps every row");
  free(rows);
  rig_close(&rig);
}

Test(runtime_cells, a_query_that_fails_publishes_nothing) {
  struct rig rig;
  rig_open(&rig);
  struct vs_text csv;
  vs_text_init(&csv, &rig.parts.memory, 0);
  vs_text_puts(&csv, "k\n");
  for (int i = 0; i < 40000; i++)
    vs_text_printf(&csv, "a key longer than twelve bytes %d\n", i);
  rig_write(&rig, "keys.csv", csv.data);
  vs_text_release(&csv);
  rig_sql(&rig, "SET state.limit = 1");
  static const char query[] = "SELECT k, COUNT(*) AS n FROM 'keys.csv' GROUP BY k";
  char text[200];
  snprintf(text, sizeof text, "CREATE TABLE counts AS %s", query);
  cr_assert_neq(rig_cell(&rig, text, "a", 1), VS_OK);
  cr_expect_eq((int)rig.error.code, (int)VS_CODE_STATE_LIMIT, "%s", rig.error.message);
  snprintf(text, sizeof text, "-- @name: named\n%s", query);
  cr_assert_neq(rig_cell(&rig, text, "b", 2), VS_OK);
  static const char *const names[] = {"counts", "named", "_", "_2"};
  for (size_t i = 0; i < VS_COUNT_OF(names); i++) {
    snprintf(text, sizeof text, "SELECT * FROM %s", names[i]);
    cr_expect_neq(rig_cell(&rig, text, "c", 0), VS_OK, "%s", names[i]);
    cr_expect_eq((int)rig.error.code, (int)VS_CODE_UNKNOWN_TABLE, "%s: %s", names[i], rig.error.message);
  }
  rig_close(&rig);
}

Test(runtime_cells, export_writes_kept_rows_and_asks_before_replacing) {
  struct rig rig;
  struct vs_arena arena;
  struct vs_export_facts facts;
  rig_open(&rig);
  rig_write(&rig, "t.csv", "s,v\nA,1\nB,2\n");
  rig_sql(&rig, "SELECT v, s FROM 't.csv'");
  vs_arena_init(&arena, &rig.parts.memory, 0);
  cr_assert_eq(vs_engine_export(rig.engine, VS_STR("_"), VS_STR("out.csv"), false, &arena, &facts, &rig.error), VS_OK,
               "%s", rig.error.message);
  cr_expect_eq(facts.rows, 2);
  cr_expect_eq(facts.bytes, 12);
  cr_expect_str_eq(rig_sql(&rig, "SELECT SUM(v) AS s FROM 'out.csv'"), "3\n");
  cr_expect_eq(vs_engine_export(rig.engine, VS_STR("_"), VS_STR("out.csv"), false, &arena, &facts, &rig.error),
               VS_USAGE);
  cr_expect_eq(rig.error.code, VS_CODE_NEEDS_FORCE);
  cr_expect_eq(vs_engine_export(rig.engine, VS_STR("_"), VS_STR("out.csv"), true, &arena, &facts, &rig.error), VS_OK);
  cr_expect_eq(vs_engine_export(rig.engine, VS_STR("_"), VS_STR("out.xyz"), false, &arena, &facts, &rig.error),
               VS_SOURCE);
  vs_arena_release(&arena);
  rig_close(&rig);
}
