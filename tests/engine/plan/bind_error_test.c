/* SPDX-License-Identifier: Apache-2.0
 * What does not bind says why, where, and what to do: code, place, message and hint of each. */
#include "binding.h"

static struct bench bench;
static void open_bench(void) {
  bench_open(&bench);
}
static void close_bench(void) {
  bench_close(&bench);
}
TestSuite(plan_bind_error, .init = open_bench, .fini = close_bench);

struct wrong {
  const char *sql;
  int code;
  const char *place, *message, *hint;
};
static void check(const struct wrong *rows, size_t count) {
  for (size_t i = 0; i < count; i++)
    bench_expect_error(&bench, rows[i].sql, rows[i].code, rows[i].place, rows[i].message, rows[i].hint);
}

/* clang-format off */
Test(plan_bind_error, names) {
  static const struct wrong rows[] = {
    {"SELECT symbl FROM 'data/bars.csv'", 2003, "symbl", "no column 'symbl' in bars", "did you mean symbol?"},
    {"SELECT zzz FROM 'data/bars.csv'", 2003, "zzz", "no column 'zzz' in bars", "columns: ts, symbol, open, high, low, close, volume"},
    {"SELECT b.symbol FROM 'data/bars.csv' AS t", 2003, "b", "no source is called 'b'", "the query reads from t: write t.symbol or symbol"},
    {"SELECT x.* FROM 'data/bars.csv'", 2003, "x.*", "no source is called 'x'", "write *"},
    {"SELECT symbol FROM trades", 2002, "trades", "no stream, table or result is called 'trades'", "read the file: FROM 'data/trades.csv'"},
    {"SELECT 1 FROM nowhere", 2002, "nowhere", "'nowhere'", "files here: "},
    {"SELECT symbol FROM 'data/barz.csv'", 4001, "'data/barz.csv'", "no file 'data/barz.csv'", "did you mean data/bars.csv?"},
    {"SELECT x", 2003, "x", "the query has no FROM", "'x'"},
    {"SELECT *", 2003, "*", "has no FROM", "add FROM"},
    {"SELECT close AS c FROM 'data/bars.csv' WHERE c > 1", 2003, "c", "an alias of the SELECT list, which is computed after WHERE", "repeat its expression in WHERE"},
    {"SELECT symbol FROM 'data/bars.csv' WHERE symbol = \"ADA\"", 2020, "\"ADA\"", "double quotes mark names", "'ADA'"},
    {"SELECT * EXCEPT (clos) FROM 'data/bars.csv'", 2003, "clos", "EXCEPT names 'clos'", "did you mean close?"},
    {"SELECT _window_start FROM 'data/bars.csv'", 2003, "_window_start", "the query has no window", "WINDOW TUMBLING(1m)"},
    {"SELECT ROUNDED(close) FROM 'data/bars.csv'", 2005, "ROUNDED", "no function 'ROUNDED'", "ROUND"},
    {"SELECT bogus(close) FROM 'data/bars.csv'", 2005, "bogus", "no function 'bogus'", "SHOW FUNCTIONS"},
    {"SELECT symbol FROM 'data/bars.csv' GROUP BY 2", 2019, "2", "GROUP BY position 2: the SELECT list has 1 item", "positions count from 1"},
    {"SELECT symbol FROM 'data/bars.csv' ORDER BY 0", 2019, "0", "ORDER BY position 0", "positions count from 1"},
    {"SELECT _topic FROM 'data/bars.csv'", 2001, "_topic", "the system column _topic does not run yet", "%help sql"},
  };
  check(rows, VS_COUNT_OF(rows));
}

Test(plan_bind_error, types) {
  static const struct wrong rows[] = {
    {"SELECT close + symbol FROM 'data/bars.csv'", 2007, "close + symbol", "DECIMAL(18,8) + STRING", "CAST"},
    {"SELECT symbol FROM 'data/bars.csv' WHERE symbol", 2007, "symbol", "WHERE needs a BOOLEAN, this is STRING", "compare it"},
    {"SELECT symbol FROM 'data/bars.csv' WHERE close > 0 AND symbol", 2007, "symbol", "AND needs a BOOLEAN, this is STRING", "compare it"},
    {"SELECT NOT symbol FROM 'data/bars.csv'", 2007, "symbol", "NOT needs a BOOLEAN", "compare it"},
    {"SELECT CASE WHEN close > 1 THEN 'x' ELSE 1 END FROM 'data/bars.csv'", 2007, "1", "CASE gives INTEGER here and STRING elsewhere", "CAST(x AS STRING)"},
    {"SELECT COALESCE(close, 'x') FROM 'data/bars.csv'", 2007, "'x'", "COALESCE gives STRING here", "CAST"},
    {"SELECT ROUND() FROM 'data/bars.csv'", 2006, "ROUND()", "ROUND takes at least 1 argument, not 0", "ROUND(number [, digits])"},
    {"SELECT NULLIF(1) FROM 'data/bars.csv'", 2006, "NULLIF(1)", "NULLIF does not take 1 argument", "NULLIF(a, b)"},
    {"SELECT SUM(symbol) FROM 'data/bars.csv'", 2006, "SUM(symbol)", "SUM does not take (STRING)", "SUM(number) -> the number's type; TRY_CAST"},
    {"SELECT BOOL_AND(close) FROM 'data/bars.csv'", 2006, "BOOL_AND(close)", "BOOL_AND does not take (DECIMAL(18,8))", "the form is BOOL_AND(condition) -> BOOLEAN"},
    {"SELECT SUM() FROM 'data/bars.csv'", 2006, "SUM()", "SUM does not take 0 arguments", "SUM"},
    {"SELECT SUM(*) FROM 'data/bars.csv'", 2006, "SUM(*)", "SUM does not take *", "SUM"},
    {"SELECT CAST(symbol AS ARRAY<INTEGER>) FROM 'data/bars.csv'", 2001, "ARRAY<INTEGER>", "a nested type does not run yet", ""},
    {"SELECT COUNT(*) FROM 'data/bars.csv' WINDOW TUMBLING(close > 1, 1m)", 2007, "close > 1", "BOOLEAN is no event time", "an event time is"},
  };
  check(rows, VS_COUNT_OF(rows));
}

Test(plan_bind_error, groups) {
  static const struct wrong rows[] = {
    {"SELECT symbol, close FROM 'data/bars.csv' GROUP BY symbol", 2008, "close", "column 'close' is neither grouped nor aggregated", "ANY_VALUE(close)"},
    {"SELECT symbol, COUNT(*) FROM 'data/bars.csv'", 2008, "symbol", "neither grouped nor aggregated", "write GROUP BY"},
    {"SELECT * FROM 'data/bars.csv' GROUP BY symbol", 2008, "*", "here rows are grouped", "list the GROUP BY columns"},
    {"SELECT _event_time FROM 'data/bars.csv' WINDOW TUMBLING(1h)", 2008, "_event_time", "belongs to a row", "_window_end"},
    {"SELECT symbol FROM 'data/bars.csv' WHERE SUM(close) > 1", 2009, "SUM(close)", "SUM cannot stand in WHERE", "HAVING"},
    {"SELECT symbol FROM 'data/bars.csv' GROUP BY SUM(close)", 2009, "SUM(close)", "SUM cannot stand in GROUP BY", ""},
    {"SELECT SUM(AVG(close)) FROM 'data/bars.csv'", 2009, "AVG(close)", "AVG stands inside SUM", "derived table"},
    {"SELECT symbol FROM 'data/bars.csv' HAVING symbol = 'ADA'", 2009, "symbol = 'ADA'", "HAVING needs GROUP BY", "WHERE"},
    {"SELECT COUNT(_window_end) FROM 'data/bars.csv' WINDOW TUMBLING(1h)", 2009, "_window_end", "before they are put into windows", "SELECT, HAVING or ORDER BY"},
    {"SELECT DISTINCT symbol FROM 'data/bars.csv' ORDER BY close", 2008, "close", "SELECT DISTINCT can be ordered by what it selects only", "add the expression"},
  };
  check(rows, VS_COUNT_OF(rows));
}

Test(plan_bind_error, windows_and_emission) {
  static const struct wrong rows[] = {
    {"SELECT COUNT(*) FROM 'data/bars.csv' WINDOW TUMBLING(0s)", 2011, "0s", "must be above zero", "TUMBLING(1m)"},
    {"SELECT COUNT(*) FROM (SELECT weather FROM 'data/seattle-weather.csv' GROUP BY weather) WINDOW TUMBLING(1d)", 2010, "WINDOW TUMBLING(1d)", "has no event time", "TUMBLING(ts, 1m)"},
    {"SELECT _event_time FROM (SELECT weather FROM 'data/seattle-weather.csv' GROUP BY weather)", 2010, "_event_time", "has no event time", "AS _event_time"},
    {"SELECT COUNT(*) FROM 'data/bars.csv' WITH ('bars.watch' = 'true') EMIT FINAL", 2012, "EMIT FINAL", "this input has none", "EMIT CHANGES"},
    {"SELECT COUNT(*) FROM (SELECT COUNT(*) AS n FROM 'data/bars.csv' WITH ('bars.watch' = 'true') GROUP BY symbol)", 2001, "(SELECT COUNT(*) AS n FROM 'data/bars.csv' WITH ('bars.watch' = 'true') GROUP BY symbol)", "an aggregate over rows that change", "WINDOW"},
  };
  check(rows, VS_COUNT_OF(rows));
}

Test(plan_bind_error, what_does_not_run_yet) {
  static const struct wrong rows[] = {
    {"SELECT LAG(close) OVER (ORDER BY ts) FROM 'data/bars.csv'", 2001, "OVER (ORDER BY ts)", "OVER does not run yet", "%help sql"},
    {"SELECT LAG(close) FROM 'data/bars.csv'", 2001, "LAG", "the function LAG does not run yet", ""},
    {"SELECT a.symbol FROM 'data/bars.csv' a JOIN 'data/trades.csv' b ON true", 2001, "JOIN 'data/trades.csv' b ON true", "JOIN does not run yet", ""},
    {"SELECT symbol FROM 'data/bars.csv' UNION SELECT symbol FROM 'data/trades.csv'", 2001, "UNION", "UNION does not run yet", ""},
    {"SELECT symbol FROM 'data/bars.csv' WHERE symbol IN (SELECT symbol FROM 'data/trades.csv')", 2001, "symbol IN (SELECT symbol FROM 'data/trades.csv')", "IN with a subquery", ""},
    {"SELECT symbol FROM 'data/bars.csv' WHERE EXISTS (SELECT 1)", 2001, "EXISTS (SELECT 1)", "EXISTS does not run yet", ""},
    {"SELECT (SELECT 1) FROM 'data/bars.csv'", 2001, "(SELECT 1)", "a scalar subquery", ""},
    {"SELECT COUNT(*) FROM 'data/bars.csv' WINDOW SLIDING(5m, 1m)", 2001, "WINDOW SLIDING(5m, 1m)", "a hopping (sliding) window", ""},
    {"SELECT COUNT(*) FROM 'data/bars.csv' WINDOW SESSION(5m)", 2001, "WINDOW SESSION(5m)", "a session window", ""},
    {"SELECT COUNT(*) FROM 'data/bars.csv' GROUP BY HOP(ts, 1m, 5m)", 2001, "HOP(ts, 1m, 5m)", "a hopping (sliding) window", ""},
    {"SELECT symbol FROM 'data/bars.csv' QUALIFY 1 = 1", 2001, "1 = 1", "QUALIFY", ""},
    {"SELECT symbol, COUNT(*) FROM 'data/bars.csv' GROUP BY symbol EMIT EVERY 1s", 2001, "EMIT EVERY 1s", "EMIT EVERY", ""},
    {"SELECT [1, 2]", 2001, "[1, 2]", "an array", ""},
    {"SELECT UNNEST(symbol) FROM 'data/bars.csv'", 2001, "UNNEST(symbol)", "UNNEST", ""},
    {"SELECT ts AT TIME ZONE 'UTC' FROM 'data/bars.csv'", 2001, "ts AT TIME ZONE 'UTC'", "AT TIME ZONE", ""},
  };
  check(rows, VS_COUNT_OF(rows));
}

Test(plan_bind_error, parameters_and_keys) {
  static const struct wrong rows[] = {
    {"SELECT symbol FROM 'data/bars.csv' LIMIT :n", 2013, ":n", "the parameter :n has no value", "%param n = value"},
    {"SELECT symbol FROM 'data/bars.csv' WHERE symbol = :coins", 2007, ":coins", "the parameter :coins is a list", "x IN (:coins)"},
    {"SELECT symbol FROM 'data/bars.csv' LIMIT :name", 2007, ":name", "LIMIT takes a whole number", "LIMIT :n"},
    {"SELECT COUNT(*) FROM 'data/bars.csv' WINDOW TUMBLING(:name)", 1010, ":name", "no duration", ""},
    {"SELECT COUNT(*) FROM 'data/bars.csv' WINDOW TUMBLING(:month)", 2011, ":month", "in months", "days"},
    {"SELECT symbol FROM 'data/bars.csv' WHERE symbol = :coin", 2013, ":coin", "has no value", "did you mean coins?"},
    {"SELECT symbol FROM 'data/bars.csv' WITH ('bar.replay' = '5')", 2014, "'bar.replay'", "belongs to no source or sink", "did you mean bars?"},
    {"SELECT symbol FROM 'data/bars.csv' WHERE close > 0 WITH ('replay' = '5')", 2014, "'replay'", "does not say whose it is", "'bars.replay'"},
    {"SELECT symbol FROM 'data/bars.csv' WITH ('bars.replai' = '5')", 2014, "'bars.replai'", "replai", "replay"},
    {"SELECT symbol FROM 'data/bars.csv' WITH ('bars.replay' = 'fast')", 2015, "'fast'", "replay", ""},
    {"SELECT symbol FROM 'data/bars.csv' INTO out", 2002, "out", "the sink 'out' is not declared", "'out.path' = 'out.csv'"},
  };
  const struct vs_value coins[] = {{.type = VS_TYPE(STRING), .as.string = VS_STR("ADA")}};
  const struct vs_parameter parameters[] = {
    {.name = VS_STR("coins"), .list = coins, .list_count = 1},
    {.name = VS_STR("name"), .value = coins[0]},
    {.name = VS_STR("month"), .value = {.type = VS_TYPE(INTERVAL), .as.interval = {.months = 1}}},
  };
  bench.context.parameters = parameters;
  bench.context.parameter_count = VS_COUNT_OF(parameters);
  check(rows, VS_COUNT_OF(rows));
}
/* clang-format on */
