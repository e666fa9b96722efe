/* SPDX-License-Identifier: Apache-2.0
 * CREATE STREAM | TABLE | VIEW: columns, watermark, key, properties, AS query. */
#include "engine/sql/parse.h"

static vs_status parse_default(struct vs_parser *parser, struct vs_column_def *column) {
  column->has_default = true;
  VS_TRY(vs_parse_expr_at(parser, VS_LEVEL_SIGN, &column->fallback));
  vs_expr_kind kind = column->fallback->kind;
  if (kind == VS_EXPR_LITERAL || kind == VS_EXPR_INTERVAL || kind == VS_EXPR_PARAMETER) return VS_OK;
  return vs_fail(parser->err, VS_CODE_UNEXPECTED_TOKEN, column->fallback->span, "DEFAULT takes a literal");
}

/* HEADER ('name') */
static vs_status parse_header(struct vs_parser *parser, struct vs_column_def *column) {
  uint32_t open = parser->at;
  column->has_header = true;
  VS_TRY(vs_parser_open(parser, "(", "and the header's name after HEADER"));
  if (!vs_parser_is_kind(parser, 0, VS_TOKEN_STRING))
    return vs_parser_unexpected(parser, "the header's name as 'text'", NULL);
  VS_TRY(vs_parse_string(parser, vs_parser_take(parser), &column->header));
  return vs_parser_close(parser, ")", open);
}

static vs_status parse_column(struct vs_parser *parser, struct vs_column_def *column) {
  uint32_t first = parser->at;
  VS_TRY(vs_parse_ident(parser, "a column's name, WATERMARK FOR or PRIMARY KEY", &column->name));
  VS_TRY(vs_parse_type(parser, &column->type));
  for (;;) {
    if (!column->is_not_null && vs_parser_take_words(parser, "NOT", "NULL"))
      column->is_not_null = true;
    else if (!column->is_primary_key && vs_parser_take_words(parser, "PRIMARY", "KEY"))
      column->is_primary_key = true;
    else if (!column->has_default && vs_parser_take_word(parser, "DEFAULT"))
      VS_TRY(parse_default(parser, column));
    else if (!column->has_header && vs_parser_take_word(parser, "HEADER"))
      VS_TRY(parse_header(parser, column));
    else
      break;
  }
  column->span = vs_parser_span(parser, first);
  return VS_OK;
}

static vs_status fail_twice(struct vs_parser *parser, const char *what) {
  return vs_fail(parser->err, VS_CODE_DUPLICATE_CLAUSE, vs_parser_place(parser), "%s is written twice", what);
}

static vs_status parse_watermark(struct vs_parser *parser, struct vs_create *create) {
  if (create->watermark) return fail_twice(parser, "WATERMARK");
  parser->at += 2;
  VS_TRY(vs_parse_ident(parser, "the time column after WATERMARK FOR", &create->watermark_column));
  VS_TRY(vs_parser_expect_word(parser, "AS", "and the watermark, as in WATERMARK FOR ts AS ts - INTERVAL '5' SECOND"));
  return vs_parse_expr(parser, &create->watermark);
}

static vs_status parse_key(struct vs_parser *parser, struct vs_create *create) {
  if (create->primary_key.count) return fail_twice(parser, "PRIMARY KEY (...)");
  parser->at += 2;
  return vs_parse_ident_list(parser, "and the key's columns after PRIMARY KEY", &create->primary_key);
}

static vs_status push_column(struct vs_parser *parser, struct vs_create *create) {
  struct vs_column_def column = {0};
  VS_TRY(parse_column(parser, &column));
  if (!vs_list_push(parser->arena, (void **)&create->columns, create->column_count, &column, sizeof column))
    return vs_parser_no_memory(parser);
  create->column_count++;
  return VS_OK;
}

static vs_status parse_element(struct vs_parser *parser, struct vs_create *create) {
  if (vs_parser_is_words(parser, "WATERMARK", "FOR")) return parse_watermark(parser, create);
  if (vs_parser_is_words(parser, "PRIMARY", "KEY")) return parse_key(parser, create);
  return push_column(parser, create);
}

static vs_status parse_columns(struct vs_parser *parser, struct vs_create *create) {
  uint32_t open = parser->at;
  create->has_columns = true;
  VS_TRY(vs_parser_open(parser, "(", ""));
  do {
    VS_TRY(parse_element(parser, create));
  } while (vs_parser_take_sign(parser, ","));
  return vs_parser_close(parser, ")", open);
}

static vs_status parse_kind(struct vs_parser *parser, vs_object_kind *ret_kind) {
  static const char *const words[] = {"STREAM", "TABLE", "VIEW"};
  for (uint32_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_take_word(parser, words[i])) return *ret_kind = (vs_object_kind)i, VS_OK;
  return vs_parser_unexpected(parser, "STREAM, TABLE or VIEW after CREATE", "STREAM TABLE VIEW");
}

/* CREATE STREAM s alone says nothing; a view is its query. */
static vs_status check_body(struct vs_parser *parser, const struct vs_create *create) {
  bool has_body =
      create->query || (create->kind != VS_OBJECT_VIEW && (create->has_columns || create->properties.items));
  if (has_body) return VS_OK;
  return create->kind == VS_OBJECT_VIEW
             ? vs_parser_unexpected(parser, "AS SELECT ... for the view", "AS")
             : vs_parser_unexpected(parser, "(columns), WITH (...) or AS SELECT ...", "WITH AS");
}

static vs_status parse_body(struct vs_parser *parser, struct vs_create *create) {
  if (vs_parser_is_sign(parser, 0, "(")) VS_TRY(parse_columns(parser, create));
  if (vs_parser_is_word(parser, 0, "WITH")) VS_TRY(vs_parse_properties(parser, &create->properties));
  if (vs_parser_take_word(parser, "AS")) VS_TRY(vs_parse_query(parser, &create->query));
  return check_body(parser, create);
}

vs_status vs_parse_create(struct vs_parser *parser, struct vs_create **ret_create) {
  struct vs_create *create = *ret_create = VS_ARENA_NEW(parser->arena, struct vs_create);
  if (!create) return vs_parser_no_memory(parser);
  VS_TRY(vs_parser_expect_word(parser, "CREATE", "here"));
  if (vs_parser_take_word(parser, "OR")) {
    VS_TRY(vs_parser_expect_word(parser, "REPLACE", "after CREATE OR"));
    create->or_replace = true;
  }
  VS_TRY(parse_kind(parser, &create->kind));
  if (vs_parser_is_words(parser, "IF", "NOT")) {
    parser->at += 2;
    VS_TRY(vs_parser_expect_word(parser, "EXISTS", "after IF NOT"));
    create->if_not_exists = true;
  }
  VS_TRY(vs_parse_ident(parser, "a name for what is created", &create->name));
  if (vs_parser_is_sign(parser, 0, ".")) {
    vs_status status = vs_parser_unexpected(parser, "a name without dots", NULL);
    return vs_fail_hint(parser->err, status, "there are no schemas; quote a dotted name by back-quotes: `a.b`");
  }
  return parse_body(parser, create);
}
