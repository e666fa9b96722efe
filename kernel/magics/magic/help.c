/* SPDX-License-Identifier: Apache-2.0
 * %help: the short tour, `%help sql` what runs today, `%help NAME` a magic's page. */
#include "kernel/magics/magic.h"

static const char tour[] = "Velostream SQL: a cell is streaming SQL, and answers with a chart and a table.\n"
                           "\n"
                           "  SELECT * FROM 'data/trades.csv';                a file is a stream\n"
                           "  CREATE STREAM trades AS SELECT ...;             name it for later cells\n"
                           "  SELECT ... WINDOW TUMBLING(5m) EMIT CHANGES;    windows, live\n"
                           "  SELECT * FROM _;                                the newest result is a table\n"
                           "  -- @name: top  -- @alert: v > 1 %  -- @viz: bar comments that mean something\n"
                           "\n"
                           "  %help sql            what the engine runs today\n"
                           "  %tables              what FROM can name: streams, tables, results, files\n"
                           "  %lsmagic             all magics; %NAME? explains one\n"
                           "  SHOW FUNCTIONS;      all functions\n"
                           "  %explain VELO-2003   what an error code means\n"
                           "\n"
                           "Tab completes tables, files, columns, functions and magics.\n"
                           "Shift-Tab explains the name under the cursor.";

static const char sql_today[] =
    "What runs today\n"
    "  sources      FROM 'file.csv|.json|.jsonl', CREATE STREAM s (cols) WITH (...), watch, replay\n"
    "  queries      SELECT, DISTINCT, WHERE, GROUP BY (names, aliases, positions), HAVING, ORDER BY, LIMIT, OFFSET,\n"
    "               CASE, BETWEEN, LIKE, IN lists, CAST and ::, WITH and derived tables over plain selects\n"
    "  windows      WINDOW TUMBLING(size) and GROUP BY TUMBLE(t, size), with or without GROUP BY\n"
    "  emission     EMIT CHANGES, EMIT FINAL, EMIT ON WINDOW CLOSE\n"
    "  objects      CREATE STREAM AS, CREATE TABLE AS, OR REPLACE, DROP, SHOW, DESCRIBE, EXPLAIN, SET\n"
    "  annotations  @name, @alert, @viz take effect; @metric is checked\n"
    "\n"
    "Parsed, not run yet: each of these answers with one error that names it (VELO-2001)\n"
    "  joins, subqueries, UNION and other set operations, OVER and QUALIFY, hopping, session and cumulating windows,\n"
    "  window table functions, EMIT EVERY, arrays, maps and structs, INSERT, UPDATE, DELETE, jobs, Kafka\n"
    "\n"
    "SHOW FUNCTIONS lists the functions.";

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body, (void)body_offset;
  if (arguments->value_count == 0) return vsk_show_page(context, vs_str_of(tour), err);
  struct vs_str topic = arguments->values[0];
  if (vs_str_equal_nocase(topic, VS_STR("sql"))) return vsk_show_page(context, vs_str_of(sql_today), err);
  while (topic.size && topic.data[0] == '%')
    topic.data++, topic.size--;
  if (!vsk_magic_find(topic)) return vsk_magic_unknown(topic, vsk_magic_span(context, topic), err);
  struct vsk_magic_line line = {.name = topic, .is_question = true, .span = VS_NO_SPAN};
  return vsk_magic_run(context, &line, body, body_offset, err);
}

static void complete(struct vs_engine *engine, void (*offer)(void *sink, struct vs_str word, const char *detail),
                     void *sink) {
  (void)engine;
  offer(sink, VS_STR("sql"), "what the engine runs today");
  for (uint32_t i = 0; vsk_magic_all[i]; i++)
    offer(sink, vs_str_of(vsk_magic_all[i]->command.name + 1), vsk_magic_all[i]->command.summary);
}

const struct vsk_magic vsk_magic_help = {
    .command = {.name = "%help",
                .arguments = "[sql|MAGIC]",
                .summary = "a short tour, what SQL runs today, or one magic's page",
                .examples = "  %help\n  %help sql\n  %help viz",
                .argument_max = 1},
    .is_line = true,
    .run = run,
    .complete = complete,
};
