/* SPDX-License-Identifier: Apache-2.0
 * SELECT bound over real files: columns, types, roles, nodes. */
#include "binding.h"

static struct bench bench;
static void open_bench(void) {
  bench_open(&bench);
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_select, .init = open_bench, .fini = close_bench);

Test(plan_select, star_gives_the_columns_of_the_file) {
  EXPECT_SCHEMA(&bench, "SELECT * FROM 'data/bars.csv'",
                "ts TIMESTAMP TIME, symbol STRING, open DECIMAL(18,8), high DECIMAL(18,8), low DECIMAL(18,8), close "
                "DECIMAL(18,8), volume DECIMAL(18,8)");
}
