/* SPDX-License-Identifier: Apache-2.0
 * Statements other than CREATE and jobs: one row per first word. */
#include "engine/sql/parse.h"

static vs_status parse_query_statement(struct vs_parser *parser, struct vs_statement *statement) {
  return vs_parse_query(parser, &statement->as.query);
}

static vs_status parse_create_statement(struct vs_parser *parser, struct vs_statement *statement) {
  return vs_parse_create(parser, &statement->as.create);
}

static vs_status parse_row(struct vs_parser *parser, struct vs_exprs *row) {
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "in front of a row of VALUES"));
  VS_TRY(vs_parse_exprs(parser, row));
  return vs_parser_close(parser, ")", open);
}

static vs_status parse_values(struct vs_parser *parser, struct vs_statement *statement) {
  do {
    struct vs_exprs row = {0};
    VS_TRY(parse_row(parser, &row));
    if (!vs_list_push(parser->arena, (void **)&statement->as.insert.rows, statement->as.insert.row_count, &row,
                      sizeof row))
      return vs_parser_no_memory(parser);
    statement->as.insert.row_count++;
  } while (vs_parser_take_sign(parser, ","));
  return VS_OK;
}

static vs_status parse_insert(struct vs_parser *parser, struct vs_statement *statement) {
  vs_parser_take(parser);
  VS_TRY(vs_parser_expect_word(parser, "INTO", "after INSERT"));
  VS_TRY(vs_parse_name(parser, "a table's name after INSERT INTO", &statement->as.insert.target));
  if (vs_parser_is_sign(parser, 0, "(") && !vs_parser_is_query(parser, 0))
    VS_TRY(vs_parse_ident_list(parser, "", &statement->as.insert.columns));
  if (vs_parser_take_word(parser, "VALUES"))
    VS_TRY(parse_values(parser, statement));
  else if (vs_parser_is_query(parser, 0))
    VS_TRY(vs_parse_query(parser, &statement->as.insert.query));
  else
    return vs_parser_unexpected(parser, "VALUES (...) or SELECT in INSERT", "VALUES SELECT WITH");
  return vs_parser_is_word(parser, 0, "WITH") ? vs_parse_properties(parser, &statement->as.insert.properties) : VS_OK;
}

static vs_status parse_optional_where(struct vs_parser *parser, struct vs_expr **ret_expr) {
  return vs_parser_take_word(parser, "WHERE") ? vs_parse_expr(parser, ret_expr) : VS_OK;
}

static vs_status parse_assignment(struct vs_parser *parser, struct vs_statement *statement) {
  struct vs_assignment assignment = {0};
  VS_TRY(vs_parse_ident(parser, "a column's name in SET", &assignment.name));
  VS_TRY(vs_parser_expect_sign(parser, "=", "after the column in SET"));
  VS_TRY(vs_parse_expr(parser, &assignment.value));
  if (!vs_list_push(parser->arena, (void **)&statement->as.update.set, statement->as.update.set_count, &assignment,
                    sizeof assignment))
    return vs_parser_no_memory(parser);
  statement->as.update.set_count++;
  return VS_OK;
}

static vs_status parse_update(struct vs_parser *parser, struct vs_statement *statement) {
  vs_parser_take(parser);
  VS_TRY(vs_parse_name(parser, "a table's name after UPDATE", &statement->as.update.target));
  VS_TRY(vs_parser_expect_word(parser, "SET", "after the table of UPDATE"));
  do {
    VS_TRY(parse_assignment(parser, statement));
  } while (vs_parser_take_sign(parser, ","));
  return parse_optional_where(parser, &statement->as.update.where);
}

static vs_status parse_delete(struct vs_parser *parser, struct vs_statement *statement) {
  vs_parser_take(parser);
  VS_TRY(vs_parser_expect_word(parser, "FROM", "after DELETE"));
  VS_TRY(vs_parse_name(parser, "a table's name after DELETE FROM", &statement->as.erase.target));
  return parse_optional_where(parser, &statement->as.erase.where);
}

static vs_status parse_drop(struct vs_parser *parser, struct vs_statement *statement) {
  static const char *const words[] = {"STREAM", "TABLE", "VIEW", "JOB"};
  vs_parser_take(parser);
  for (uint32_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_take_word(parser, words[i])) {
      statement->as.drop.kind = (vs_object_kind)i;
      statement->as.drop.if_exists = vs_parser_take_words(parser, "IF", "EXISTS");
      return vs_parse_ident(parser, "the name of what to drop", &statement->as.drop.name);
    }
  return vs_parser_unexpected(parser, "STREAM, TABLE, VIEW or JOB after DROP", "STREAM TABLE VIEW JOB");
}

enum show_name { NO_NAME, MAY_NAME, MUST_NAME };
/* clang-format off */
static const struct { const char *word; enum show_name name; } show_rows[] = {
  [VS_SHOW_STREAMS] = {"STREAMS", NO_NAME}, [VS_SHOW_TABLES] = {"TABLES", NO_NAME}, [VS_SHOW_TOPICS] = {"TOPICS", NO_NAME},
  [VS_SHOW_FUNCTIONS] = {"FUNCTIONS", NO_NAME}, [VS_SHOW_JOBS] = {"JOBS", NO_NAME}, [VS_SHOW_QUERIES] = {"QUERIES", NO_NAME},
  [VS_SHOW_STATUS] = {"STATUS", MAY_NAME}, [VS_SHOW_METRICS] = {"METRICS", MAY_NAME},
  [VS_SHOW_VERSIONS] = {"VERSIONS", MUST_NAME}, [VS_SHOW_SCHEMA] = {"SCHEMA", MUST_NAME},
  [VS_SHOW_PARTITIONS] = {"PARTITIONS", MUST_NAME}, [VS_SHOW_PROPERTIES] = {"PROPERTIES", MUST_NAME},
};
/* clang-format on */

static vs_status parse_show_like(struct vs_parser *parser, struct vs_statement *statement) {
  bool has_word = vs_parser_take_word(parser, "LIKE");
  if (!has_word && !vs_parser_is_kind(parser, 0, VS_TOKEN_STRING)) return VS_OK;
  if (!vs_parser_is_kind(parser, 0, VS_TOKEN_STRING))
    return vs_parser_unexpected(parser, "a 'pattern' after LIKE", NULL);
  statement->as.show.has_like = true;
  return vs_parse_string(parser, vs_parser_take(parser), &statement->as.show.like);
}

static vs_status parse_show_name(struct vs_parser *parser, struct vs_statement *statement) {
  enum show_name name = show_rows[statement->as.show.what].name;
  if (statement->as.show.what == VS_SHOW_PROPERTIES) {
    bool is_stream = vs_parser_take_word(parser, "STREAM");
    if (!is_stream) VS_TRY(vs_parser_expect_word(parser, "TABLE", "or STREAM after SHOW PROPERTIES"));
    statement->as.show.object = is_stream ? VS_OBJECT_STREAM : VS_OBJECT_TABLE;
  }
  if (name == MUST_NAME || (name == MAY_NAME && vs_parse_is_ident(parser, 0)))
    return vs_parse_ident(parser, "a name in SHOW", &statement->as.show.name);
  return VS_OK;
}

static vs_status parse_show(struct vs_parser *parser, struct vs_statement *statement) {
  vs_parser_take(parser);
  for (uint32_t i = 0; i < VS_COUNT_OF(show_rows); i++)
    if (vs_parser_take_word(parser, show_rows[i].word)) {
      statement->as.show.what = (vs_show_what)i;
      VS_TRY(parse_show_name(parser, statement));
      return parse_show_like(parser, statement);
    }
  return vs_parser_unexpected(parser,
                              "STREAMS, TABLES, TOPICS, FUNCTIONS, JOBS, QUERIES, STATUS, METRICS, VERSIONS, SCHEMA, "
                              "PARTITIONS or PROPERTIES after SHOW",
                              "STREAMS TABLES TOPICS FUNCTIONS JOBS QUERIES STATUS METRICS VERSIONS SCHEMA PARTITIONS "
                              "PROPERTIES");
}

/* A quoted path is a name of one part, marked as back-quoted: DESCRIBE 'data/trades.csv'. */
static vs_status parse_describe(struct vs_parser *parser, struct vs_statement *statement) {
  struct vs_name *name = &statement->as.describe;
  vs_parser_take(parser);
  if (!vs_parser_is_kind(parser, 0, VS_TOKEN_STRING) && !vs_parser_is_kind(parser, 0, VS_TOKEN_URI))
    return vs_parse_name(parser, "a stream's or table's name after DESCRIBE", name);
  const struct vs_token *token = vs_parser_take(parser);
  struct vs_ident path = {.text = token->text, .span = token->span, .is_back_quoted = true};
  if (token->kind == VS_TOKEN_STRING) VS_TRY(vs_parse_string(parser, token, &path.text));
  if (!path.text.size) return vs_fail(parser->err, VS_CODE_UNEXPECTED_TOKEN, token->span, "the path is empty");
  if (!vs_list_push(parser->arena, (void **)&name->parts, 0, &path, sizeof path)) return vs_parser_no_memory(parser);
  name->part_count = 1;
  name->span = token->span;
  return VS_OK;
}

static vs_status parse_set(struct vs_parser *parser, struct vs_statement *statement) {
  struct vs_property property;
  vs_parser_take(parser);
  VS_TRY(vs_parse_setting(parser, "a setting's name after SET", &property));
  statement->as.set.key = property.key;
  statement->as.set.key_span = property.key_span;
  statement->as.set.value = property.value;
  statement->as.set.value_span = property.value_span;
  return VS_OK;
}

static vs_status parse_explain(struct vs_parser *parser, struct vs_statement *statement) {
  vs_parser_take(parser);
  if (vs_parser_take_word(parser, "ANALYZE"))
    statement->as.explain.how = VS_EXPLAIN_ANALYZE;
  else
    (void)vs_parser_take_word(parser, "PLAN");
  struct vs_statement *body = statement->as.explain.body = VS_ARENA_NEW(parser->arena, struct vs_statement);
  if (!body) return vs_parser_no_memory(parser);
  if (!vs_parser_is_query(parser, 0) && !vs_parser_is_word(parser, 0, "CREATE"))
    return vs_parser_unexpected(parser, "SELECT, WITH or CREATE after EXPLAIN", "ANALYZE PLAN SELECT WITH CREATE");
  return vs_parse_statement(parser, body);
}

typedef vs_status (*parse_function)(struct vs_parser *parser, struct vs_statement *statement);
/* clang-format off */
static const struct { const char *word; vs_statement_kind kind; parse_function parse; } statement_rows[] = {
  {"SELECT", VS_STATEMENT_QUERY, parse_query_statement}, {"WITH", VS_STATEMENT_QUERY, parse_query_statement},
  {"CREATE", VS_STATEMENT_CREATE, parse_create_statement}, {"INSERT", VS_STATEMENT_INSERT, parse_insert},
  {"UPDATE", VS_STATEMENT_UPDATE, parse_update}, {"DELETE", VS_STATEMENT_DELETE, parse_delete},
  {"DROP", VS_STATEMENT_DROP, parse_drop}, {"SHOW", VS_STATEMENT_SHOW, parse_show}, {"LIST", VS_STATEMENT_SHOW, parse_show},
  {"DESCRIBE", VS_STATEMENT_DESCRIBE, parse_describe}, {"DESC", VS_STATEMENT_DESCRIBE, parse_describe},
  {"START", VS_STATEMENT_JOB, vs_parse_job}, {"STOP", VS_STATEMENT_JOB, vs_parse_job},
  {"PAUSE", VS_STATEMENT_JOB, vs_parse_job}, {"RESUME", VS_STATEMENT_JOB, vs_parse_job},
  {"DEPLOY", VS_STATEMENT_JOB, vs_parse_job}, {"ROLLBACK", VS_STATEMENT_JOB, vs_parse_job},
  {"EXPLAIN", VS_STATEMENT_EXPLAIN, parse_explain}, {"SET", VS_STATEMENT_SET, parse_set},
};
/* clang-format on */
static const char statement_words[] =
    "SELECT WITH CREATE INSERT UPDATE DELETE DROP SHOW LIST DESCRIBE START STOP PAUSE "
    "RESUME DEPLOY ROLLBACK EXPLAIN SET";

vs_status vs_parse_statement(struct vs_parser *parser, struct vs_statement *statement) {
  uint32_t first = parser->at;
  statement->span = vs_parser_place(parser);
  parse_function parse = NULL;
  for (size_t i = 0; !parse && i < VS_COUNT_OF(statement_rows); i++)
    if (vs_parser_is_word(parser, 0, statement_rows[i].word)) {
      statement->kind = statement_rows[i].kind;
      parse = statement_rows[i].parse;
    }
  if (!parse && vs_parser_is_sign(parser, 0, "(")) parse = parse_query_statement;
  if (!parse)
    return vs_parser_unexpected(parser, "a statement: SELECT, CREATE, DESCRIBE, EXPLAIN, SHOW, SET ...",
                                statement_words);
  vs_status status = parse(parser, statement);
  statement->span = vs_parser_span(parser, first);
  return status;
}
