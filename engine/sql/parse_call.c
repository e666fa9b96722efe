/* SPDX-License-Identifier: Apache-2.0
 * Function calls: arguments, the spellings with words inside (EXTRACT, POSITION, SUBSTRING, TRIM), FILTER, WITHIN GROUP
 * and OVER. The special spellings become calls with plain arguments, so later rooms know one shape. */
#include "engine/sql/parse.h"

static bool is_named(const struct vs_call *call, const char *name) {
  return !call->name.is_back_quoted && vs_str_equal_nocase(call->name.text, vs_str_of(name));
}

/* EXTRACT(YEAR FROM t) -> EXTRACT('YEAR', t) */
static vs_status parse_extract(struct vs_parser *parser, struct vs_call *call) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  struct vs_expr *part = vs_expr_new(parser, VS_EXPR_LITERAL, parser->at), *time;
  if (!part) return vs_parser_no_memory(parser);
  part->as.literal = (struct vs_value){.type = VS_TYPE(STRING), .as.string = token->text};
  if (token->kind == VS_TOKEN_STRING) VS_TRY(vs_parse_string(parser, token, &part->as.literal.as.string));
  parser->at += 2;
  VS_TRY(vs_exprs_push(parser, &call->arguments, part));
  VS_TRY(vs_parse_expr(parser, &time));
  return vs_exprs_push(parser, &call->arguments, time);
}

/* POSITION(a IN b) -> POSITION(a, b); the first argument is read below IN and goes on when there is none. */
static vs_status parse_position(struct vs_parser *parser, struct vs_call *call) {
  struct vs_expr *needle, *text;
  uint32_t first = parser->at;
  VS_TRY(vs_parse_expr_at(parser, VS_LEVEL_OPERAND, &needle));
  if (!vs_parser_take_word(parser, "IN")) {
    VS_TRY(vs_parse_expr_rest(parser, first, VS_LEVEL_LOWEST, &needle));
    return vs_exprs_push(parser, &call->arguments, needle);
  }
  VS_TRY(vs_exprs_push(parser, &call->arguments, needle));
  VS_TRY(vs_parse_expr(parser, &text));
  return vs_exprs_push(parser, &call->arguments, text);
}

static vs_status push_next(struct vs_parser *parser, struct vs_call *call) {
  struct vs_expr *expr;
  VS_TRY(vs_parse_expr(parser, &expr));
  return vs_exprs_push(parser, &call->arguments, expr);
}

/* SUBSTRING(s FROM i FOR n) -> SUBSTRING(s, i, n) */
static vs_status parse_substring(struct vs_parser *parser, struct vs_call *call) {
  VS_TRY(push_next(parser, call));
  if (!vs_parser_take_word(parser, "FROM")) return VS_OK;
  VS_TRY(push_next(parser, call));
  return vs_parser_take_word(parser, "FOR") ? push_next(parser, call) : VS_OK;
}

/* TRIM(LEADING c FROM s) -> LTRIM(s, c) */
static vs_status parse_trim(struct vs_parser *parser, struct vs_call *call) {
  bool is_column =
      vs_parser_is_sign(parser, 1, ")") || vs_parser_is_sign(parser, 1, ",") || vs_parser_is_sign(parser, 1, ".");
  struct vs_expr *characters = NULL, *text;
  bool has_side = false;
  if (!is_column && vs_parser_take_word(parser, "LEADING"))
    has_side = true, call->name.text = VS_STR("LTRIM");
  else if (!is_column && vs_parser_take_word(parser, "TRAILING"))
    has_side = true, call->name.text = VS_STR("RTRIM");
  else if (!is_column)
    has_side = vs_parser_take_word(parser, "BOTH");
  if (!(has_side && vs_parser_is_word(parser, 0, "FROM"))) VS_TRY(vs_parse_expr(parser, &characters));
  if (!has_side && !vs_parser_is_word(parser, 0, "FROM")) return vs_exprs_push(parser, &call->arguments, characters);
  VS_TRY(vs_parser_expect_word(parser, "FROM", "and the text in TRIM"));
  VS_TRY(vs_parse_expr(parser, &text));
  VS_TRY(vs_exprs_push(parser, &call->arguments, text));
  return characters ? vs_exprs_push(parser, &call->arguments, characters) : VS_OK;
}

static vs_status parse_first_argument(struct vs_parser *parser, struct vs_call *call) {
  bool is_part = vs_parser_is_kind(parser, 0, VS_TOKEN_WORD) || vs_parser_is_kind(parser, 0, VS_TOKEN_STRING);
  if (vs_parse_is_star(parser)) {
    struct vs_expr *star;
    VS_TRY(vs_parse_star(parser, &star));
    return vs_exprs_push(parser, &call->arguments, star);
  }
  if (is_named(call, "EXTRACT") && is_part && vs_parser_is_word(parser, 1, "FROM")) /* two tokens: part FROM */
    return parse_extract(parser, call);
  if (is_named(call, "POSITION")) return parse_position(parser, call);
  if (is_named(call, "SUBSTRING")) return parse_substring(parser, call);
  if (is_named(call, "TRIM")) return parse_trim(parser, call);
  return push_next(parser, call);
}

static vs_status parse_nulls(struct vs_parser *parser, struct vs_call *call) {
  if (vs_parser_take_words(parser, "IGNORE", "NULLS"))
    call->ignore_nulls = true;
  else
    (void)vs_parser_take_words(parser, "RESPECT", "NULLS");
  return VS_OK;
}

static vs_status parse_arguments(struct vs_parser *parser, struct vs_call *call) {
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "after the function's name"));
  call->has_parentheses = true;
  call->is_distinct = vs_parser_take_word(parser, "DISTINCT");
  if (!call->is_distinct && !vs_parser_is_sign(parser, 1, "(") && !vs_parser_is_sign(parser, 1, ")") &&
      !vs_parser_is_sign(parser, 1, ","))
    (void)vs_parser_take_word(parser, "ALL");
  if (call->is_distinct || !vs_parser_is_sign(parser, 0, ")")) VS_TRY(parse_first_argument(parser, call));
  while (vs_parser_take_sign(parser, ","))
    VS_TRY(push_next(parser, call));
  VS_TRY(parse_nulls(parser, call));
  if (vs_parser_is_words(parser, "ORDER", "BY")) VS_TRY(vs_parse_sort(parser, &call->within));
  return vs_parser_close(parser, ")", open);
}

static vs_status parse_filter(struct vs_parser *parser, struct vs_call *call) {
  vs_parser_take(parser);
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "after FILTER"));
  VS_TRY(vs_parser_expect_word(parser, "WHERE", "in FILTER (WHERE ...)"));
  VS_TRY(vs_parse_expr(parser, &call->filter));
  return vs_parser_close(parser, ")", open);
}

static vs_status parse_within_group(struct vs_parser *parser, struct vs_call *call) {
  parser->at += 2;
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "after WITHIN GROUP"));
  VS_TRY(vs_parse_sort(parser, &call->within));
  return vs_parser_close(parser, ")", open);
}

static vs_status parse_call_tail(struct vs_parser *parser, struct vs_call *call) {
  VS_TRY(parse_nulls(parser, call));
  for (;;) {
    if (!call->filter && vs_parser_is_word(parser, 0, "FILTER") && vs_parser_is_sign(parser, 1, "("))
      VS_TRY(parse_filter(parser, call));
    else if (!call->within.count && vs_parser_is_words(parser, "WITHIN", "GROUP"))
      VS_TRY(parse_within_group(parser, call));
    else
      break;
  }
  if (vs_parser_is_word(parser, 0, "OVER")) return vs_parse_over(parser, &call->over);
  return VS_OK;
}

vs_status vs_parse_call(struct vs_parser *parser, struct vs_ident name, uint32_t first, struct vs_expr **ret_expr) {
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_CALL, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.call.name = name;
  if (vs_parser_is_sign(parser, 0, "(")) VS_TRY(parse_arguments(parser, &node->as.call));
  VS_TRY(parse_call_tail(parser, &node->as.call));
  node->span = vs_parser_span(parser, first);
  return VS_OK;
}
