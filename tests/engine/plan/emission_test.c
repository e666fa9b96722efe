/* SPDX-License-Identifier: Apache-2.0
 * When rows come out, how they are folded, where ORDER BY and LIMIT act: spec/sql.md 0 and 3.3, row by row. */
#include "binding.h"

static struct bench bench;
static void open_bench(void) {
  bench_open(&bench);
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_emission, .init = open_bench, .fini = close_bench);

/* "project<aggregate<scan": execution from right to left. */
static void chain_of(const struct vs_plan *plan, char *ret_text, size_t capacity) {
  static const char *const names[] = {
      [VS_NODE_SCAN] = "scan",           [VS_NODE_FILTER] = "filter",     [VS_NODE_PROJECT] = "project",
      [VS_NODE_AGGREGATE] = "aggregate", [VS_NODE_DISTINCT] = "distinct", [VS_NODE_SORT] = "sort",
      [VS_NODE_LIMIT] = "limit"};
  size_t used = 0;
  ret_text[0] = '\0';
  for (const struct vs_node *node = plan->root; node && used < capacity; node = node->input) {
    bool is_paned = (node->is == VS_NODE_SORT && node->as.sort.is_per_pane) ||
                    (node->is == VS_NODE_LIMIT && node->as.limit.is_per_pane);
    bool deletes = node->is == VS_NODE_FILTER && node->as.filter.sends_deletes;
    used += (size_t)snprintf(ret_text + used, capacity - used, "%s%s%s", used ? " " : "", names[node->is],
                             is_paned  ? "*"
                             : deletes ? "-"
                                       : "");
  }
}

struct emission {
  const char *sql;
  vs_emit emit;
  vs_change_mode mode;
  int keys;       /* of the fold; -1: append */
  uint32_t order; /* keys of the fold's order */
  const char *chain;
};

/* clang-format off */
#define BARS "FROM 'data/bars.csv' "
#define LIVE "FROM 'data/bars.csv' WITH ('bars.watch' = 'true') "
static const struct emission rows[] = {
  {"SELECT symbol " BARS,                                                  VS_EMIT_FINAL,   VS_MODE_APPEND, -1, 0, "project scan"},
  {"SELECT symbol " LIVE,                                                  VS_EMIT_CHANGES, VS_MODE_APPEND, -1, 0, "project scan"},
  {"SELECT COUNT(*) " BARS,                                                VS_EMIT_FINAL,   VS_MODE_APPEND, -1, 0, "project aggregate scan"},
  {"SELECT COUNT(*) " LIVE,                                                VS_EMIT_CHANGES, VS_MODE_UPSERT,  0, 0, "project aggregate scan"},
  {"SELECT COUNT(*) " BARS "EMIT CHANGES",                                 VS_EMIT_CHANGES, VS_MODE_UPSERT,  0, 0, "project aggregate scan"},
  {"SELECT symbol, COUNT(*) " BARS "GROUP BY symbol",                      VS_EMIT_FINAL,   VS_MODE_APPEND, -1, 0, "project aggregate scan"},
  {"SELECT symbol, COUNT(*) " LIVE "GROUP BY symbol",                      VS_EMIT_CHANGES, VS_MODE_UPSERT,  1, 0, "project aggregate scan"},
  {"SELECT symbol, COUNT(*) " BARS "GROUP BY symbol HAVING COUNT(*) > 1 EMIT CHANGES", VS_EMIT_CHANGES, VS_MODE_UPSERT, 1, 0, "project filter- aggregate scan"},
  {"SELECT symbol, COUNT(*) " BARS "GROUP BY symbol HAVING COUNT(*) > 1",  VS_EMIT_FINAL,   VS_MODE_APPEND, -1, 0, "project filter aggregate scan"},
  {"SELECT symbol, COUNT(*) " LIVE "GROUP BY symbol WINDOW TUMBLING(1h)",  VS_EMIT_FINAL,   VS_MODE_APPEND, -1, 0, "project aggregate scan"},
  {"SELECT symbol, COUNT(*) " BARS "GROUP BY symbol WINDOW TUMBLING(1h) EMIT CHANGES", VS_EMIT_CHANGES, VS_MODE_UPSERT, 3, 0, "project aggregate scan"},
  {"SELECT symbol, COUNT(*) " BARS "GROUP BY symbol WINDOW TUMBLING(1h) EMIT ON WINDOW CLOSE", VS_EMIT_FINAL, VS_MODE_APPEND, -1, 0, "project aggregate scan"},
  {"SELECT DISTINCT symbol " BARS,                                         VS_EMIT_FINAL,   VS_MODE_APPEND, -1, 0, "distinct project scan"},
  /* ORDER BY and LIMIT */
  {"SELECT symbol " BARS "ORDER BY close LIMIT 3",                         VS_EMIT_FINAL,   VS_MODE_APPEND, -1, 0, "limit sort project scan"},
  {"SELECT symbol " BARS "LIMIT 3 OFFSET 1",                               VS_EMIT_FINAL,   VS_MODE_APPEND, -1, 0, "limit project scan"},
  {"SELECT symbol " LIVE "ORDER BY close",                                 VS_EMIT_CHANGES, VS_MODE_APPEND, -1, 0, "project scan"},
  {"SELECT symbol " LIVE "ORDER BY close LIMIT 3",                         VS_EMIT_CHANGES, VS_MODE_APPEND, -1, 0, "limit project scan"},
  {"SELECT symbol " BARS "ORDER BY close EMIT CHANGES",                    VS_EMIT_CHANGES, VS_MODE_APPEND, -1, 1, "project scan"},
  {"SELECT symbol, COUNT(*) n " BARS "GROUP BY symbol ORDER BY n DESC LIMIT 3", VS_EMIT_FINAL, VS_MODE_APPEND, -1, 0, "limit sort project aggregate scan"},
  {"SELECT symbol, COUNT(*) n " BARS "GROUP BY symbol ORDER BY n DESC LIMIT 3 EMIT CHANGES", VS_EMIT_CHANGES, VS_MODE_UPSERT, 1, 1, "project aggregate scan"},
  {"SELECT symbol, COUNT(*) n " BARS "GROUP BY symbol LIMIT 3 EMIT CHANGES", VS_EMIT_CHANGES, VS_MODE_UPSERT, 1, 0, "limit project aggregate scan"},
  {"SELECT symbol, COUNT(*) n " BARS "GROUP BY symbol WINDOW TUMBLING(1h) ORDER BY n DESC LIMIT 3", VS_EMIT_FINAL, VS_MODE_APPEND, -1, 0, "limit* sort* project aggregate scan"},
  {"SELECT * FROM (SELECT symbol, COUNT(*) n " BARS "GROUP BY symbol WINDOW TUMBLING(1h)) ORDER BY n DESC LIMIT 3", VS_EMIT_FINAL, VS_MODE_APPEND, -1, 0, "limit sort project project aggregate scan"},
  /* what a query sees of the one below it */
  {"SELECT n FROM (SELECT symbol, COUNT(*) n " BARS "GROUP BY symbol EMIT CHANGES) WHERE n > 5", VS_EMIT_FINAL, VS_MODE_APPEND, -1, 0, "project filter project aggregate scan"},
  {"SELECT n FROM (SELECT symbol, COUNT(*) n " BARS "GROUP BY symbol) WHERE n > 5 EMIT CHANGES", VS_EMIT_CHANGES, VS_MODE_UPSERT, 1, 0, "project filter- project aggregate scan"},
  {"SELECT COUNT(*) FROM (SELECT symbol, COUNT(*) n " BARS "GROUP BY symbol) EMIT CHANGES", VS_EMIT_CHANGES, VS_MODE_UPSERT, 0, 0, "project aggregate project aggregate scan"},
};
/* clang-format on */

Test(plan_emission, follows_the_page) {
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++) {
    char chain[200];
    const struct vs_plan *plan = bench_bind(&bench, rows[i].sql);
    chain_of(plan, chain, sizeof chain);
    cr_expect_str_eq(chain, rows[i].chain, "%s: %s", rows[i].sql, chain);
    cr_expect_eq((int)plan->emit, (int)rows[i].emit, "%s: emit %d", rows[i].sql, (int)plan->emit);
    cr_expect_eq((int)plan->root->mode, (int)rows[i].mode, "%s: mode %d", rows[i].sql, (int)plan->root->mode);
    cr_expect_eq(plan->fold.is_keyed ? (int)plan->fold.key_count : -1, rows[i].keys, "%s: %u keys", rows[i].sql,
                 plan->fold.key_count);
    cr_expect_eq(plan->fold.order_count, rows[i].order, "%s: order", rows[i].sql);
  }
}

Test(plan_emission, an_order_that_changes_little_is_noted) {
  bench_bind(&bench, "SELECT symbol " LIVE "ORDER BY close");
  cr_assert_eq(bench.plan->warning_count, 1u);
  cr_expect(strstr(bench.plan->warnings[0].message, "rows keep arrival order"));
  bench_bind(&bench, "SELECT symbol, COUNT(*) n " BARS "GROUP BY symbol ORDER BY n DESC LIMIT 3 EMIT CHANGES");
  cr_assert_eq(bench.plan->warning_count, 1u);
  cr_expect(strstr(bench.plan->warnings[0].message, "ORDER BY and LIMIT act on the result as it is shown"));
  cr_expect_eq(bench.plan->fold.limit, 3);
}

static const struct vs_window_plan *window_of(const char *sql) {
  const struct vs_node *node = bench_bind(&bench, sql)->root;
  while (node->is != VS_NODE_AGGREGATE)
    node = node->input;
  return node->as.aggregate.window;
}

Test(plan_emission, the_watermark_has_one_owner) {
  cr_expect(!window_of("SELECT COUNT(*) " BARS "WINDOW TUMBLING(1h)")->owns_watermark);
  cr_expect(!window_of("SELECT COUNT(*) " BARS "WINDOW TUMBLING(ts, 1h)")->owns_watermark,
            "ts is the event time already");
  cr_expect(!window_of("SELECT COUNT(*) FROM (SELECT ts AS _event_time " BARS ") WINDOW TUMBLING(1h)")->owns_watermark);
  cr_expect(window_of("SELECT COUNT(*) FROM 'data/trades.csv' WINDOW TUMBLING(local_timestamp, 1h)")->owns_watermark);
  cr_expect(
      window_of(
          "SELECT COUNT(*) FROM (SELECT local_timestamp AS _event_time FROM 'data/trades.csv') WINDOW TUMBLING(1h)")
          ->owns_watermark);
  cr_expect(!window_of("SELECT COUNT(*) FROM 'data/trades.csv' WITH ('trades.watermark.max_out_of_orderness' = '5s') "
                       "WINDOW TUMBLING(local_timestamp, 1h)")
                 ->owns_watermark,
            "the source declares its own");
}

Test(plan_emission, integer_times_have_a_unit) {
  const struct vs_window_plan *window = window_of("SELECT COUNT(*) FROM (SELECT timestamp AS at, local_timestamp AS "
                                                  "_event_time FROM 'data/trades.csv') WINDOW TUMBLING(at, 1h)");
  cr_assert(window->time);
  cr_expect_eq((int)window->time_unit, (int)VS_EPOCH_MICROS, "the unit travels with the column");
  cr_expect_eq((int)window_of("SELECT COUNT(*) FROM 'data/trades.csv' WINDOW TUMBLING(local_timestamp, 1h)")->time_unit,
               (int)VS_EPOCH_AUTO);
}
