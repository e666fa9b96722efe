/* SPDX-License-Identifier: Apache-2.0
 * One line and one example for the keywords people ask about with Shift-Tab. */
#include "engine/runtime/keyword_help.h"

/* clang-format off */
static const struct vs_keyword_help rows[] = {
  {"SELECT", "Columns and expressions of the result; name them with AS.", "SELECT symbol, price * amount AS value FROM trades"},
  {"FROM", "What is read: a stream, a table, a result (_, _3) or a file in quotes.", "SELECT * FROM 'data/trades.csv'"},
  {"WHERE", "Rows that are kept, one by one, before grouping.", "SELECT * FROM trades WHERE price > 100"},
  {"GROUP", "GROUP BY columns, aliases or positions: one result row per group.", "SELECT symbol, COUNT(*) FROM trades GROUP BY symbol"},
  {"HAVING", "Groups that are kept, by a condition on aggregates.", "SELECT symbol FROM trades GROUP BY symbol HAVING COUNT(*) > 10"},
  {"ORDER", "ORDER BY columns, aliases or positions; ASC is the default.", "SELECT symbol, price FROM trades ORDER BY price DESC LIMIT 10"},
  {"LIMIT", "At most this many rows; the query ends when it has them.", "SELECT * FROM trades LIMIT 10"},
  {"DISTINCT", "Each different row once.", "SELECT DISTINCT symbol FROM trades"},
  {"WINDOW", "Groups by event time as well; a window's rows are final once the watermark has passed its end.", "SELECT COUNT(*) FROM trades WINDOW TUMBLING(5m)"},
  {"TUMBLING", "TUMBLING(size): windows of one size that follow each other, begun at multiples of the size in UTC.", "WINDOW TUMBLING(1h)"},
  {"EMIT", "EMIT CHANGES sends every change as it comes, EMIT FINAL only rows that will not change again.", "SELECT symbol, COUNT(*) FROM trades GROUP BY symbol EMIT CHANGES"},
  {"CHANGES", "EMIT CHANGES sends every change as it comes; what is shown is the newest row of each group.", "... GROUP BY symbol EMIT CHANGES"},
  {"FINAL", "EMIT FINAL sends rows that will not change again; the default over input that ends.", "... WINDOW TUMBLING(1m) EMIT FINAL"},
  {"CREATE", "CREATE STREAM names a query or declares a source, CREATE TABLE runs a query and keeps its rows.", "CREATE STREAM big AS SELECT * FROM trades WHERE amount > 10"},
  {"STREAM", "CREATE STREAM names a query for later cells or declares a source.", "CREATE STREAM s (ts TIMESTAMP, v INTEGER) WITH ('s.type' = 'file_source', 's.path' = 's.csv')"},
  {"TABLE", "CREATE TABLE runs a query to the end of its input and keeps the rows.", "CREATE TABLE last AS SELECT symbol, LAST_VALUE(price) AS price FROM trades GROUP BY symbol"},
  {"WITH", "Behind a source its options, before SELECT named queries.", "SELECT * FROM 'data/trades.csv' WITH ('trades.replay' = '600')"},
  {"WATERMARK", "How late rows may come: WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, in a declaration.", "CREATE STREAM s (ts TIMESTAMP, v INTEGER, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('s.path' = 's.csv')"},
  {"CASE", "The first branch whose condition holds.", "CASE WHEN price > 100 THEN 'high' ELSE 'low' END"},
  {"CAST", "A value as another type; one that does not fit fails its row, TRY_CAST gives NULL.", "CAST(price AS DECIMAL(18,2))"},
  {"BETWEEN", "Both bounds count.", "WHERE price BETWEEN 10 AND 20"},
  {"LIKE", "% stands for any text, _ for one character.", "WHERE symbol LIKE 'A%'"},
  {"EXPLAIN", "The plan of a query: what is read, what is kept, when rows are emitted.", "EXPLAIN SELECT COUNT(*) FROM trades"},
  {"DESCRIBE", "Columns, types and event time of a stream, table, result or file.", "DESCRIBE trades"},
  {"SHOW", "SHOW STREAMS, TABLES, FUNCTIONS, SCHEMA name, PROPERTIES STREAM name.", "SHOW STREAMS"},
  {"SET", "A setting of the session; %config lists them.", "SET display_rows = 50"},
  {"DROP", "Forgets a stream or table; IF EXISTS makes a missing one no error.", "DROP STREAM IF EXISTS trades"},
  {"INTO", "Writes the rows to a file as well.", "SELECT * FROM trades INTO 'out.csv'"},
  {"INTERVAL", "A span of time to add to or take from a time.", "ts + INTERVAL '5' MINUTE"},
};
/* clang-format on */

const struct vs_keyword_help *vs_keyword_help_find(struct vs_str word) {
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    if (vs_str_equal_nocase(vs_str_of(rows[i].word), word)) return &rows[i];
  return NULL;
}
