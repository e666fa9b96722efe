/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_rig.h"

static void check_table(struct rig *rig, const char *table, const char *wanted) {
  struct vs_text text;
  vs_text_init(&text, &rig->parts.memory, (size_t)1 << 24);
  cr_assert_eq(vs_engine_reference(rig->engine, vs_str_of(table), &text, &rig->error), VS_OK);
  cr_expect_eq(text.data[0], '[');
  cr_expect(strstr(text.data, wanted), "%s lacks %s", table, wanted);
  vs_text_release(&text);
}

Test(runtime_reference, every_table_prints) {
  struct rig rig;
  rig_open(&rig);
  check_table(&rig, "functions", "\"name\": \"ROUND\"");
  check_table(&rig, "settings", "\"environment\": \"VELO_BOUND_ROWS\"");
  check_table(&rig, "errors", "\"code\": \"VELO-2003\"");
  struct vs_text text;
  vs_text_init(&text, &rig.parts.memory, 4096);
  cr_expect_eq(vs_engine_reference(rig.engine, VS_STR("magics"), &text, &rig.error), VS_USAGE);
  vs_text_release(&text);
  rig_close(&rig);
}

Test(runtime_reference, statements_that_do_nothing_say_what_they_did) {
  struct rig rig;
  rig_open(&rig);
  rig_sql(&rig, "SET sql.strict = false");
  cr_expect_eq(rig.kind, VS_RUN_NOTHING);
  cr_expect_str_eq(rig.note.data, "sql.strict = false");
  rig_sql(&rig, "SELECT 1 + 1");
  cr_expect_eq(rig.kind, VS_RUN_SCALAR);
  rig_sql(&rig, "EXPLAIN SELECT 1");
  cr_expect_eq(rig.kind, VS_RUN_TEXT);
  cr_expect(rig.note.size > 0);
  rig_sql(&rig, "CREATE STREAM s AS SELECT 1 AS a");
  cr_expect_eq(rig.kind, VS_RUN_OBJECT);
  rig_sql(&rig, "SHOW STREAMS");
  cr_expect_eq(rig.kind, VS_RUN_LIST);
  rig_close(&rig);
}
