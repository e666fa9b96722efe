/* SPDX-License-Identifier: Apache-2.0
 * One constant: SET values, defaults, thresholds. */
#include "binding.h"

static struct bench bench;
static void open_bench(void) {
  bench_open(&bench);
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_constant, .init = open_bench, .fini = close_bench);

static vs_status constant_of(const char *text, struct vs_value *ret_value) {
  struct vs_expr *expr = NULL;
  const struct vs_parse_options options = {0};
  cr_assert(vs_parse_expression(vs_str_of(text), &options, true, &bench.arena, &expr, &bench.err) == VS_OK);
  return vs_plan_constant(&bench.context, expr, &bench.arena, ret_value, &bench.err);
}

Test(plan_constant, is_computed) {
  struct vs_value value;
  cr_assert(constant_of("2 * 3 + 1", &value) == VS_OK);
  cr_expect_eq(value.as.integer, 7);
  cr_assert(constant_of("'a''b'", &value) == VS_OK);
  cr_expect(vs_str_equal(value.as.string, VS_STR("a'b")));
}

Test(plan_constant, is_no_column_and_no_failure) {
  struct vs_value value;
  cr_expect(constant_of("symbol", &value) != VS_OK);
  cr_expect_eq((int)bench.err.code, (int)VS_CODE_UNKNOWN_COLUMN);
  cr_expect(constant_of("CAST('x' AS INTEGER)", &value) != VS_OK);
  cr_expect_eq((int)bench.err.code, (int)VS_CODE_TYPE_CLASH);
  cr_expect(constant_of("SUM(1)", &value) != VS_OK);
  cr_expect_eq((int)bench.err.code, (int)VS_CODE_MISPLACED_AGGREGATE);
}
