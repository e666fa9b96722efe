/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_rig.h"

/* The cursor stands where | is. Labels that are offered, in order, joined by commas; at most `limit`. */
static const char *offered(struct rig *rig, const char *text, vs_completion_is is, struct vs_text *ret) {
  struct vs_arena arena;
  struct vs_completions found;
  char copy[256];
  size_t at = strcspn(text, "|");
  snprintf(copy, sizeof copy, "%.*s%s", (int)at, text, text + at + 1);
  vs_arena_init(&arena, &rig->parts.memory, 0);
  cr_assert_eq(vs_engine_complete(rig->engine, vs_str_of(copy), at, &arena, &found, &rig->error), VS_OK);
  vs_text_clear(ret);
  for (uint32_t i = 0; i < found.count; i++)
    if (found.items[i].is == is) vs_text_printf(ret, "%s%.*s", ret->size ? "," : "", VS_STR_ARG(found.items[i].text));
  vs_arena_release(&arena);
  return ret->data ? ret->data : "";
}

static void open(struct rig *rig, struct vs_text *text) {
  rig_open(rig);
  vs_text_init(text, &rig->parts.memory, 65536);
  rig_write(rig, "trades.csv", "symbol,price,side\nADA,1.5,buy\n");
  rig_sql(rig, "CREATE STREAM trades AS SELECT * FROM 'trades.csv'");
}

static void close_all(struct rig *rig, struct vs_text *text) {
  vs_text_release(text);
  rig_close(rig);
}

Test(runtime_completion, behind_from_stand_streams_and_files) {
  struct rig rig;
  struct vs_text text;
  open(&rig, &text);
  cr_expect_str_eq(offered(&rig, "SELECT 1 FROM |", VS_IS_TABLE, &text), "trades");
  cr_expect_str_eq(offered(&rig, "SELECT 1 FROM tr|", VS_IS_FILE, &text), "'trades.csv'");
  cr_expect_str_eq(offered(&rig, "SELECT 1 FROM 'tr|", VS_IS_FILE, &text), "trades.csv");
  cr_expect_str_eq(offered(&rig, "SELECT 1 FROM 'tr|'", VS_IS_FILE, &text), "trades.csv");
  close_all(&rig, &text);
}

Test(runtime_completion, columns_come_from_a_from_later_in_the_cell) {
  struct rig rig;
  struct vs_text text;
  open(&rig, &text);
  cr_expect_str_eq(offered(&rig, "SELECT | FROM trades", VS_IS_COLUMN, &text), "symbol,price,side");
  cr_expect_str_eq(offered(&rig, "SELECT s| FROM 'trades.csv'", VS_IS_COLUMN, &text), "symbol,side");
  cr_expect_str_eq(offered(&rig, "SELECT t.pr| FROM trades t", VS_IS_COLUMN, &text), "price");
  cr_expect_str_eq(offered(&rig, "SELECT x.| FROM trades t", VS_IS_COLUMN, &text), "");
  cr_expect_str_eq(offered(&rig, "SELECT 1; SELECT pr| FROM trades; SELECT 2", VS_IS_COLUMN, &text), "price");
  cr_expect_str_eq(offered(&rig, "SELECT symbol FROM trades WHERE pr|", VS_IS_COLUMN, &text), "price");
  close_all(&rig, &text);
}

Test(runtime_completion, a_derived_table_offers_its_own_columns) {
  struct rig rig;
  struct vs_text text;
  open(&rig, &text);
  const char *outer = "SELECT | FROM (SELECT symbol, SUM(price) AS total FROM trades GROUP BY symbol) t WHERE 1 = 1";
  cr_expect_str_eq(offered(&rig, outer, VS_IS_COLUMN, &text), "symbol,total");
  cr_expect_str_eq(offered(&rig, "SELECT t.to| FROM (SELECT price AS total FROM trades) AS t", VS_IS_COLUMN, &text),
                   "total");
  cr_expect_str_eq(offered(&rig, "SELECT a FROM (SELECT pr| FROM trades) t", VS_IS_COLUMN, &text), "price");
  cr_expect_str_eq(offered(&rig, "SELECT a FROM (SELECT pr| FROM trades", VS_IS_COLUMN, &text), "price");
  cr_expect_str_eq(offered(&rig, "SELECT s| FROM (SELECT nothing FROM trades) t", VS_IS_COLUMN, &text), "");
  close_all(&rig, &text);
}

Test(runtime_completion, functions_settings_parameters_and_keywords_in_their_places) {
  struct rig rig;
  struct vs_text text;
  open(&rig, &text);
  cr_assert_eq(
      vs_engine_parameter_set(rig.engine, VS_STR("symbol"), VS_STR("1"), true, false, VS_PARAMETER_SET, &rig.error),
      VS_OK);
  cr_expect_str_eq(offered(&rig, "SELECT rou| FROM trades", VS_IS_FUNCTION, &text), "ROUND(");
  cr_expect_str_eq(offered(&rig, "SET bound.r|", VS_IS_SETTING, &text), "bound.rows = ");
  cr_expect_str_eq(offered(&rig, "SELECT * FROM trades WHERE symbol = :sy|", VS_IS_PARAMETER, &text), "symbol");
  cr_expect_str_eq(offered(&rig, "SHOW ta|", VS_IS_KEYWORD, &text), "TABLES");
  cr_expect(strstr(offered(&rig, "SEL|", VS_IS_KEYWORD, &text), "SELECT"));
  cr_expect_str_eq(offered(&rig, "SELECT 1 -- sel|", VS_IS_KEYWORD, &text), "");
  cr_expect_str_eq(offered(&rig, "DESCRIBE tr|", VS_IS_TABLE, &text), "trades");
  close_all(&rig, &text);
}

Test(runtime_completion, places_where_few_words_may_stand_offer_only_those) {
  struct rig rig;
  struct vs_text text;
  open(&rig, &text);
  cr_expect_str_eq(offered(&rig, "CREATE |", VS_IS_KEYWORD, &text), "STREAM,TABLE,OR");
  cr_expect_str_eq(offered(&rig, "CREATE OR REPLACE |", VS_IS_KEYWORD, &text), "STREAM,TABLE");
  cr_expect_str_eq(offered(&rig, "CREATE STREAM s AS |", VS_IS_KEYWORD, &text), "SELECT,WITH");
  cr_expect_str_eq(offered(&rig, "SELECT CAST(price AS D|) FROM trades", VS_IS_KEYWORD, &text), "DECIMAL(18,4),DATE");
  cr_expect_str_eq(offered(&rig, "SELECT * FROM trades WINDOW |", VS_IS_KEYWORD, &text), "TUMBLING(");
  cr_expect_str_eq(offered(&rig, "SET sql.division_by_zero = |", VS_IS_KEYWORD, &text), "'null','error'");
  cr_expect_str_eq(offered(&rig, "SELECT 1 FROM trades WHERE side = 'tr|'", VS_IS_FILE, &text), "");
  close_all(&rig, &text);
}

Test(runtime_completion, keys_of_a_source_and_annotations) {
  struct rig rig;
  struct vs_text text;
  open(&rig, &text);
  cr_expect_str_eq(offered(&rig, "SELECT * FROM 'trades.csv' WITH ('trades.rep|", VS_IS_SETTING, &text),
                   "trades.replay");
  cr_expect_str_eq(offered(&rig, "CREATE STREAM s (a INTEGER) WITH ('s.pa|", VS_IS_SETTING, &text), "s.path");
  cr_expect_str_eq(offered(&rig, "-- @alert_se|", VS_IS_SETTING, &text), "alert_severity: ");
  cr_expect_str_eq(offered(&rig, "-- @viz: h|", VS_IS_KEYWORD, &text), "histogram,heatmap");
  close_all(&rig, &text);
}

Test(runtime_completion, any_position_of_any_text_is_answered) {
  struct rig rig;
  struct vs_text text;
  static const char broken[] =
      "-- @viz: \n--@ SELECT a., 'x FROM (((t WITH (' WHERE :: = ; SET a.b.c = ; CAST( AS \"q `r /* s";
  open(&rig, &text);
  for (size_t i = 0; i <= sizeof broken - 1; i++) {
    struct vs_arena arena;
    struct vs_completions found;
    struct vs_text markdown, plain;
    vs_text_init(&markdown, &rig.parts.memory, 65536);
    vs_text_init(&plain, &rig.parts.memory, 65536);
    vs_arena_init(&arena, &rig.parts.memory, 0);
    cr_expect_eq(vs_engine_complete(rig.engine, vs_str_of(broken), i, &arena, &found, &rig.error), VS_OK);
    cr_expect_leq(found.begin, found.end);
    vs_engine_inspect(rig.engine, vs_str_of(broken), i, &markdown, &plain);
    vs_arena_release(&arena);
    vs_text_release(&markdown);
    vs_text_release(&plain);
  }
  close_all(&rig, &text);
}

Test(runtime_completion, inspection_knows_functions_columns_objects_settings_keywords) {
  static const struct {
    const char *text, *wanted;
  } cases[] = {{"SELECT ROUND(price) FROM trades", "ROUND"},
               {"SELECT price FROM trades", "DECIMAL"},
               {"SELECT 1 FROM trades", "symbol"},
               {"SET bound.rows = 5", "10000"},
               {"SELECT DISTINCT 1", "Each different row once"},
               {"SELECT ROUND(price, 2)", "ROUND"}, /* inside the parentheses of a call */
               {"SELECT * FROM 'trades.csv'", "symbol"},
               {"SELECT 1 WHERE TRUE AND 1", "reserved"}};
  static const size_t places[] = {8, 9, 15, 6, 9, 20, 18, 22};
  struct rig rig;
  struct vs_text text, plain;
  open(&rig, &text);
  vs_text_init(&plain, &rig.parts.memory, 65536);
  for (uint32_t i = 0; i < VS_COUNT_OF(cases); i++) {
    vs_text_clear(&text), vs_text_clear(&plain);
    cr_expect(vs_engine_inspect(rig.engine, vs_str_of(cases[i].text), places[i], &text, &plain), "%s", cases[i].text);
    cr_expect(plain.data && strstr(plain.data, cases[i].wanted), "%s: %s", cases[i].text, plain.data);
  }
  cr_expect_not(vs_engine_inspect(rig.engine, VS_STR("SELECT zzz"), 8, &text, &plain));
  vs_text_release(&plain);
  close_all(&rig, &text);
}
