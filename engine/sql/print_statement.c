/* SPDX-License-Identifier: Apache-2.0
 * Statements as text, their annotations in front as comment lines. */
#include "engine/sql/print.h"

static const char *const object_words[] = {"STREAM", "TABLE", "VIEW", "JOB"};

static void print_column(const struct vs_column_def *column, struct vs_text *ret_text) {
  vs_print_ident(&column->name, ret_text);
  vs_text_put(ret_text, ' ');
  vs_print_type(&column->type, ret_text);
  vs_text_puts(ret_text, column->is_not_null ? " NOT NULL" : "");
  vs_text_puts(ret_text, column->is_primary_key ? " PRIMARY KEY" : "");
  if (column->has_default) {
    vs_text_puts(ret_text, " DEFAULT ");
    vs_print_expr(column->fallback, ret_text);
  }
  if (column->has_header) {
    vs_text_puts(ret_text, " HEADER(");
    vs_print_string(column->header, ret_text);
    vs_text_put(ret_text, ')');
  }
}

static void print_columns(const struct vs_create *create, struct vs_text *ret_text) {
  const char *comma = "";
  vs_text_puts(ret_text, " (");
  for (uint32_t i = 0; i < create->column_count; i++, comma = ", ") {
    vs_text_puts(ret_text, comma);
    print_column(&create->columns[i], ret_text);
  }
  if (create->watermark) {
    vs_text_printf(ret_text, "%sWATERMARK FOR ", comma);
    vs_print_ident(&create->watermark_column, ret_text);
    vs_text_puts(ret_text, " AS ");
    vs_print_expr(create->watermark, ret_text);
    comma = ", ";
  }
  if (create->primary_key.count) {
    vs_text_printf(ret_text, "%sPRIMARY KEY (", comma);
    vs_print_idents(&create->primary_key, ret_text);
    vs_text_put(ret_text, ')');
  }
  vs_text_put(ret_text, ')');
}

static void print_create(const struct vs_create *create, struct vs_text *ret_text) {
  vs_text_printf(ret_text, "CREATE %s%s %s", create->or_replace ? "OR REPLACE " : "", object_words[create->kind],
                 create->if_not_exists ? "IF NOT EXISTS " : "");
  vs_print_ident(&create->name, ret_text);
  if (create->has_columns) print_columns(create, ret_text);
  vs_print_properties(&create->properties, ret_text);
  if (create->query) {
    vs_text_puts(ret_text, " AS ");
    vs_print_query(create->query, ret_text);
  }
}

static void print_rows(const struct vs_statement *statement, struct vs_text *ret_text) {
  vs_text_puts(ret_text, "VALUES ");
  for (uint32_t i = 0; i < statement->as.insert.row_count; i++) {
    vs_text_puts(ret_text, i > 0 ? ", (" : "(");
    vs_print_exprs(&statement->as.insert.rows[i], ret_text);
    vs_text_put(ret_text, ')');
  }
}

static void print_insert(const struct vs_statement *statement, struct vs_text *ret_text) {
  vs_text_puts(ret_text, "INSERT INTO ");
  vs_print_dotted(&statement->as.insert.target, ret_text);
  if (statement->as.insert.columns.count) {
    vs_text_puts(ret_text, " (");
    vs_print_idents(&statement->as.insert.columns, ret_text);
    vs_text_put(ret_text, ')');
  }
  vs_text_put(ret_text, ' ');
  if (statement->as.insert.query)
    vs_print_query(statement->as.insert.query, ret_text);
  else
    print_rows(statement, ret_text);
  vs_print_properties(&statement->as.insert.properties, ret_text);
}

static void print_where(const struct vs_expr *where, struct vs_text *ret_text) {
  if (!where) return;
  vs_text_puts(ret_text, " WHERE ");
  vs_print_expr(where, ret_text);
}

static void print_update(const struct vs_statement *statement, struct vs_text *ret_text) {
  vs_text_puts(ret_text, "UPDATE ");
  vs_print_dotted(&statement->as.update.target, ret_text);
  for (uint32_t i = 0; i < statement->as.update.set_count; i++) {
    vs_text_puts(ret_text, i > 0 ? ", " : " SET ");
    vs_print_ident(&statement->as.update.set[i].name, ret_text);
    vs_text_puts(ret_text, " = ");
    vs_print_expr(statement->as.update.set[i].value, ret_text);
  }
  print_where(statement->as.update.where, ret_text);
}

static void print_show(const struct vs_statement *statement, struct vs_text *ret_text) {
  static const char *const words[] = {"STREAMS", "TABLES",  "TOPICS",   "FUNCTIONS", "JOBS",       "QUERIES",
                                      "STATUS",  "METRICS", "VERSIONS", "SCHEMA",    "PARTITIONS", "PROPERTIES"};
  vs_text_printf(ret_text, "SHOW %s", words[statement->as.show.what]);
  if (statement->as.show.what == VS_SHOW_PROPERTIES)
    vs_text_printf(ret_text, " %s", object_words[statement->as.show.object]);
  if (statement->as.show.name.text.data) {
    vs_text_put(ret_text, ' ');
    vs_print_ident(&statement->as.show.name, ret_text);
  }
  if (statement->as.show.has_like) {
    vs_text_puts(ret_text, " LIKE ");
    vs_print_string(statement->as.show.like, ret_text);
  }
}

static void print_strategy(const struct vs_statement *statement, struct vs_text *ret_text) {
  if (!statement->as.job.strategy.size) return;
  vs_text_printf(ret_text, " STRATEGY %.*s", VS_STR_ARG(statement->as.job.strategy));
  if (statement->as.job.strategy_argument) {
    vs_text_put(ret_text, '(');
    vs_print_expr(statement->as.job.strategy_argument, ret_text);
    vs_text_put(ret_text, ')');
  }
}

/* The query in a body takes the first WITH behind it, so the job's own follows an empty one when there is none. */
static bool leaves_with_open(const struct vs_statement *body) {
  const struct vs_query *query = body->kind == VS_STATEMENT_CREATE ? body->as.create->query : body->as.query;
  if (body->kind == VS_STATEMENT_CREATE && !query) return false;
  return !query->properties.items;
}

static void print_job(const struct vs_statement *statement, struct vs_text *ret_text) {
  static const char *const verbs[] = {"START", "STOP", "PAUSE", "RESUME", "DEPLOY", "ROLLBACK"};
  vs_text_printf(ret_text, "%s JOB ", verbs[statement->as.job.verb]);
  vs_print_ident(&statement->as.job.name, ret_text);
  vs_text_puts(ret_text, statement->as.job.force ? " FORCE" : "");
  if (statement->as.job.version.data) {
    vs_text_puts(ret_text, " VERSION ");
    vs_print_string(statement->as.job.version, ret_text);
  }
  if (statement->as.job.body) {
    vs_text_puts(ret_text, " AS ");
    vs_print_statement(statement->as.job.body, ret_text);
    print_strategy(statement, ret_text);
    if (statement->as.job.properties.items && !statement->as.job.strategy.size &&
        leaves_with_open(statement->as.job.body))
      vs_text_puts(ret_text, " WITH ()");
  }
  vs_print_properties(&statement->as.job.properties, ret_text);
}

static void print_key(struct vs_str key, struct vs_text *ret_text) {
  struct vs_str rest = key;
  bool is_plain = true;
  while (is_plain && rest.size) {
    const char *dot = memchr(rest.data, '.', rest.size);
    size_t size = dot ? (size_t)(dot - rest.data) : rest.size;
    is_plain = vs_lex_is_name((struct vs_str){rest.data, size}) && (!dot || size + 1 < rest.size);
    size += dot != NULL;
    rest = (struct vs_str){rest.data + size, rest.size - size};
  }
  if (is_plain && key.size)
    vs_text_str(ret_text, key);
  else
    vs_print_string(key, ret_text);
}

static void print_set(const struct vs_statement *statement, struct vs_text *ret_text) {
  vs_text_puts(ret_text, "SET ");
  print_key(statement->as.set.key, ret_text);
  vs_text_puts(ret_text, " = ");
  vs_print_literal(&statement->as.set.value, ret_text);
}

/* A value that would lose quotes or blanks when read again is put into the other kind of quote. */
static void print_annotation(const struct vs_annotation *annotation, struct vs_text *ret_text) {
  struct vs_str value = annotation->value;
  char first = value.size ? value.data[0] : 'x', last = value.size ? value.data[value.size - 1] : 'x';
  bool is_touchy =
      vs_str_trim(value).size != value.size || (value.size > 1 && first == last && (first == '\'' || first == '"'));
  const char *quote = !is_touchy ? "" : memchr(value.data, '\'', value.size) ? "\"" : "'";
  vs_text_printf(ret_text, "-- @%.*s:%s%s", VS_STR_ARG(annotation->key), value.size ? " " : "", quote);
  vs_text_str(ret_text, value);
  vs_text_printf(ret_text, "%s\n", quote);
}

static void print_body(const struct vs_statement *statement, struct vs_text *ret_text) {
  switch (statement->kind) {
  case VS_STATEMENT_QUERY: vs_print_query(statement->as.query, ret_text); break;
  case VS_STATEMENT_CREATE: print_create(statement->as.create, ret_text); break;
  case VS_STATEMENT_INSERT: print_insert(statement, ret_text); break;
  case VS_STATEMENT_UPDATE: print_update(statement, ret_text); break;
  case VS_STATEMENT_DELETE:
    vs_text_puts(ret_text, "DELETE FROM ");
    vs_print_dotted(&statement->as.erase.target, ret_text);
    print_where(statement->as.erase.where, ret_text);
    break;
  case VS_STATEMENT_DROP:
    vs_text_printf(ret_text, "DROP %s %s", object_words[statement->as.drop.kind],
                   statement->as.drop.if_exists ? "IF EXISTS " : "");
    vs_print_ident(&statement->as.drop.name, ret_text);
    break;
  case VS_STATEMENT_SHOW: print_show(statement, ret_text); break;
  case VS_STATEMENT_DESCRIBE:
    vs_text_puts(ret_text, "DESCRIBE ");
    vs_print_dotted(&statement->as.describe, ret_text);
    break;
  case VS_STATEMENT_JOB: print_job(statement, ret_text); break;
  case VS_STATEMENT_EXPLAIN:
    vs_text_puts(ret_text, statement->as.explain.how == VS_EXPLAIN_ANALYZE ? "EXPLAIN ANALYZE " : "EXPLAIN ");
    vs_print_statement(statement->as.explain.body, ret_text);
    break;
  case VS_STATEMENT_SET: print_set(statement, ret_text); break;
  }
}

void vs_print_statement(const struct vs_statement *statement, struct vs_text *ret_text) {
  for (uint32_t i = 0; i < statement->annotation_count; i++)
    print_annotation(&statement->annotations[i], ret_text);
  print_body(statement, ret_text);
}
