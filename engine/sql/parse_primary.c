/* SPDX-License-Identifier: Apache-2.0
 * Operands: literals, names, stars, CASE, CAST, subqueries, EXISTS, rows and arrays. Calls are in parse_call.c. */
#include "engine/sql/parse.h"
#include "engine/types/time.h"

#include <stdio.h>

static vs_status new_literal(struct vs_parser *parser, uint32_t first, struct vs_value value,
                             struct vs_expr **ret_expr) {
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_LITERAL, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.literal = value;
  return VS_OK;
}

/* Behind "5 %" no operand can begin: then it is five hundredths and not a remainder. */
static bool is_percent_ahead(const struct vs_parser *parser) {
  const struct vs_token *next = vs_parser_peek(parser, 1);
  if (!parser->allow_percent || !vs_parser_is_sign(parser, 0, "%")) return false;
  if (next->kind == VS_TOKEN_SIGN) return !vs_parser_is_sign(parser, 1, "(") && !vs_parser_is_sign(parser, 1, "[");
  const struct vs_keyword *keyword = next->kind == VS_TOKEN_WORD ? vs_keyword_find(next->text) : NULL;
  return next->kind == VS_TOKEN_END || (keyword && keyword->is_reserved && !vs_parser_is_word(parser, 1, "CASE"));
}

static vs_status take_percent(struct vs_parser *parser, const struct vs_token *number, struct vs_value *value) {
  vs_parser_take(parser);
  if (value->type.id == VS_TYPE_FLOAT) {
    value->as.real /= 100;
    return VS_OK;
  }
  vs_i128 unscaled = value->type.id == VS_TYPE_INTEGER ? value->as.integer : value->as.decimal;
  if (value->type.scale + 2 > VS_DECIMAL_MAX)
    return vs_fail(parser->err, VS_CODE_BAD_NUMBER, number->span, "the percentage has more than 38 digits");
  *value = vs_number_decimal(unscaled, value->type.scale + 2u);
  return VS_OK;
}

static vs_status parse_number_literal(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  const struct vs_token *token = vs_parser_take(parser);
  struct vs_value value;
  VS_TRY(vs_parse_number(parser, token, false, &value));
  if (is_percent_ahead(parser)) VS_TRY(take_percent(parser, token, &value));
  return new_literal(parser, first, value, ret_expr);
}

static vs_status parse_text_literal(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  struct vs_value value = {.type = VS_TYPE(STRING)};
  VS_TRY(vs_parse_string(parser, vs_parser_take(parser), &value.as.string));
  return new_literal(parser, first, value, ret_expr);
}

static vs_status parse_parameter(struct vs_parser *parser, struct vs_expr **ret_expr) {
  const struct vs_token *token = vs_parser_take(parser);
  struct vs_ident ident = {.text = {token->text.data + 1, token->text.size - 1}, .span = token->span};
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_PARAMETER, parser->at - 1);
  if (!node || !vs_list_push(parser->arena, (void **)&node->as.name.parts, 0, &ident, sizeof ident))
    return vs_parser_no_memory(parser);
  node->as.name.part_count = 1;
  node->as.name.span = token->span;
  return VS_OK;
}

static vs_status parse_column(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  struct vs_name name;
  VS_TRY(vs_parse_name(parser, "a column", &name));
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_COLUMN, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.name = name;
  return VS_OK;
}

bool vs_parse_is_star(const struct vs_parser *parser) {
  uint32_t ahead = 0;
  if (vs_parser_is_sign(parser, 0, "*")) return true;
  while (vs_parse_is_ident(parser, ahead) && vs_parser_is_sign(parser, ahead + 1, ".")) {
    if (vs_parser_is_sign(parser, ahead + 2, "*")) return true;
    ahead += 2;
  }
  return false;
}

vs_status vs_parse_star(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  struct vs_name name = {0};
  if (!vs_parser_is_sign(parser, 0, "*")) {
    VS_TRY(vs_parse_name(parser, "a table", &name));
    vs_parser_take(parser);
  }
  vs_parser_take(parser);
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_STAR, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.star.name = name;
  return VS_OK;
}

static vs_status parse_when(struct vs_parser *parser, struct vs_expr *node) {
  struct vs_when when;
  VS_TRY(vs_parser_expect_word(parser, "WHEN", "in CASE"));
  VS_TRY(vs_parse_expr(parser, &when.condition));
  VS_TRY(vs_parser_expect_word(parser, "THEN", "after the condition of WHEN"));
  VS_TRY(vs_parse_expr(parser, &when.result));
  if (!vs_list_push(parser->arena, (void **)&node->as.cases.whens, node->as.cases.when_count, &when, sizeof when))
    return vs_parser_no_memory(parser);
  node->as.cases.when_count++;
  return VS_OK;
}

static vs_status parse_case(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  vs_parser_take(parser);
  VS_TRY(vs_parser_enter(parser));
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_CASE, first);
  if (!node) return vs_parser_no_memory(parser);
  if (!vs_parser_is_word(parser, 0, "WHEN")) VS_TRY(vs_parse_expr(parser, &node->as.cases.operand));
  do {
    VS_TRY(parse_when(parser, node));
  } while (vs_parser_is_word(parser, 0, "WHEN"));
  if (vs_parser_take_word(parser, "ELSE")) VS_TRY(vs_parse_expr(parser, &node->as.cases.otherwise));
  if (!vs_parser_take_word(parser, "END"))
    return vs_parser_unexpected(parser, "WHEN, ELSE or END in CASE", "WHEN ELSE END");
  vs_parser_leave(parser);
  node->span = vs_parser_span(parser, first);
  return VS_OK;
}

static vs_status parse_cast(struct vs_parser *parser, bool is_try, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  vs_parser_take(parser);
  uint32_t open = parser->at;
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_CAST, first);
  struct vs_type_node *type = VS_ARENA_NEW(parser->arena, struct vs_type_node);
  if (!node || !type) return vs_parser_no_memory(parser);
  node->as.cast.type = type;
  node->as.cast.is_try = is_try;
  VS_TRY(vs_parser_open(parser, "(", "after CAST"));
  VS_TRY(vs_parse_expr(parser, &node->as.cast.operand));
  VS_TRY(vs_parser_expect_word(parser, "AS", "and a type, as in CAST(x AS DECIMAL(10,2))"));
  VS_TRY(vs_parse_type(parser, type));
  VS_TRY(vs_parser_close(parser, ")", open));
  node->span = vs_parser_span(parser, first);
  return VS_OK;
}

static vs_status parse_exists(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  vs_parser_take(parser);
  uint32_t open = parser->at;
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_EXISTS, first);
  if (!node) return vs_parser_no_memory(parser);
  VS_TRY(vs_parser_open(parser, "(", "and a SELECT after EXISTS"));
  VS_TRY(vs_parse_query(parser, &node->as.query));
  VS_TRY(vs_parser_close(parser, ")", open));
  node->span = vs_parser_span(parser, first);
  return VS_OK;
}

/* In ((SELECT 1) UNION SELECT 2) the outer bracket holds a query, in ((SELECT 1) + 1) an expression: what follows the
 * bracket of the innermost SELECT outwards decides. */
static bool is_query_bracket(const struct vs_parser *parser) {
  uint32_t at = parser->at + 1;
  if (!vs_parser_is_query(parser, 1)) return false;
  if (!vs_str_equal(parser->tokens[at].text, VS_STR("("))) return true;
  uint32_t close = parser->partners[at];
  if (close == UINT32_MAX || close + 1 >= parser->token_count) return false;
  static const char *const words[] = {"UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "EMIT", "INTO", "WITH"};
  struct vs_str next = parser->tokens[close + 1].text;
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_str_equal_nocase(next, vs_str_of(words[i]))) return true;
  return false;
}

static vs_status parse_subquery(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_SUBQUERY, first);
  if (!node) return vs_parser_no_memory(parser);
  VS_TRY(vs_parser_open(parser, "(", ""));
  VS_TRY(vs_parse_query(parser, &node->as.query));
  VS_TRY(vs_parser_close(parser, ")", first));
  node->span = vs_parser_span(parser, first);
  return VS_OK;
}

/* (a), (a, b) */
static vs_status parse_bracket(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  struct vs_exprs items = {0};
  if (is_query_bracket(parser)) return parse_subquery(parser, ret_expr);
  VS_TRY(vs_parser_open(parser, "(", ""));
  VS_TRY(vs_parse_exprs(parser, &items));
  VS_TRY(vs_parser_close(parser, ")", first));
  if (items.count == 1) {
    *ret_expr = items.items[0];
    return VS_OK;
  }
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_ROW, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.items = items;
  return VS_OK;
}

static vs_status parse_array(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_ARRAY, first);
  if (!node) return vs_parser_no_memory(parser);
  VS_TRY(vs_parser_open(parser, "[", ""));
  if (!vs_parser_is_sign(parser, 0, "]")) VS_TRY(vs_parse_exprs(parser, &node->as.items));
  VS_TRY(vs_parser_close(parser, "]", first));
  node->span = vs_parser_span(parser, first);
  return VS_OK;
}

/* DATE '2026-01-31' is CAST('2026-01-31' AS DATE). */
static bool is_typed_text(const struct vs_parser *parser) {
  static const char *const words[] = {"DATE", "TIME", "TIMESTAMP"};
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_is_word(parser, 0, words[i]) && vs_parser_is_kind(parser, 1, VS_TOKEN_STRING)) return true;
  return false;
}

static vs_status parse_typed_text(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  struct vs_type_node *type = VS_ARENA_NEW(parser->arena, struct vs_type_node);
  struct vs_expr *text;
  VS_TRY(vs_parser_enter(parser)); /* it prints as CAST(...) */
  vs_parser_leave(parser);
  if (!type) return vs_parser_no_memory(parser);
  VS_TRY(vs_parse_type(parser, type));
  VS_TRY(parse_text_literal(parser, &text));
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_CAST, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.cast.operand = text;
  node->as.cast.type = type;
  return VS_OK;
}

static vs_status parse_interval(struct vs_parser *parser, struct vs_expr **ret_expr, bool *ret_is_one) {
  uint32_t first = parser->at;
  struct vs_duration duration;
  *ret_is_one = vs_parse_duration_try(parser, true, &duration);
  if (!*ret_is_one) return VS_OK;
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_INTERVAL, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.duration = duration;
  return VS_OK;
}

static bool is_call_ahead(const struct vs_parser *parser) {
  if (!vs_parser_is_sign(parser, 1, "(")) return false;
  return vs_parse_is_ident(parser, 0) || vs_parser_is_word(parser, 0, "JOIN");
}

static vs_status parse_named(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  bool is_clock = vs_parser_is_word(parser, 0, "CURRENT_TIMESTAMP");
  if (is_call_ahead(parser) || is_clock) {
    const struct vs_token *token = vs_parser_peek(parser, 0);
    struct vs_ident name = {.text = token->text, .span = token->span};
    if (vs_parse_is_ident(parser, 0))
      VS_TRY(vs_parse_ident(parser, "a function's name", &name));
    else
      vs_parser_take(parser);
    return vs_parse_call(parser, name, first, ret_expr);
  }
  return parse_column(parser, ret_expr);
}

/* INTERVAL followed by what cannot be one: the message of a duration is better than that of a column. */
static bool is_broken_interval(const struct vs_parser *parser) {
  return vs_parser_is_word(parser, 0, "INTERVAL") &&
         (vs_parser_is_kind(parser, 1, VS_TOKEN_STRING) || vs_parser_is_kind(parser, 1, VS_TOKEN_INTEGER));
}

static vs_status parse_word(struct vs_parser *parser, struct vs_expr **ret_expr) {
  struct vs_value value = {.type = VS_TYPE(BOOLEAN), .as.boolean = vs_parser_is_word(parser, 0, "TRUE")};
  if (value.as.boolean || vs_parser_is_word(parser, 0, "FALSE")) {
    vs_parser_take(parser);
    return new_literal(parser, parser->at - 1, value, ret_expr);
  }
  if (vs_parser_take_word(parser, "NULL")) {
    value = (struct vs_value){.type = VS_TYPE(NULL), .is_null = true};
    return new_literal(parser, parser->at - 1, value, ret_expr);
  }
  if (vs_parser_is_word(parser, 0, "CASE")) return parse_case(parser, ret_expr);
  bool is_try = vs_parser_is_word(parser, 0, "TRY_CAST") && vs_parser_is_sign(parser, 1, "(");
  if (is_try || vs_parser_is_word(parser, 0, "CAST")) return parse_cast(parser, is_try, ret_expr);
  if (vs_parser_is_word(parser, 0, "EXISTS")) return parse_exists(parser, ret_expr);
  if (is_typed_text(parser)) return parse_typed_text(parser, ret_expr);
  struct vs_duration duration;
  if (is_broken_interval(parser)) return vs_parse_duration(parser, "after INTERVAL", &duration);
  return vs_parse_is_ident(parser, 0) || is_call_ahead(parser) ? parse_named(parser, ret_expr)
                                                               : vs_parser_unexpected(parser, "an expression", NULL);
}

vs_status vs_parse_primary(struct vs_parser *parser, struct vs_expr **ret_expr) {
  bool is_interval = false;
  VS_TRY(parse_interval(parser, ret_expr, &is_interval));
  if (is_interval) return VS_OK;
  switch (vs_parser_peek(parser, 0)->kind) {
  case VS_TOKEN_INTEGER:
  case VS_TOKEN_DECIMAL:
  case VS_TOKEN_FLOAT: return parse_number_literal(parser, ret_expr);
  case VS_TOKEN_STRING: return parse_text_literal(parser, ret_expr);
  case VS_TOKEN_PARAMETER: return parse_parameter(parser, ret_expr);
  case VS_TOKEN_QUOTED_NAME:
  case VS_TOKEN_DOUBLE_QUOTED: return parse_named(parser, ret_expr);
  case VS_TOKEN_WORD: return parse_word(parser, ret_expr);
  case VS_TOKEN_SIGN:
    if (vs_parser_is_sign(parser, 0, "(")) return parse_bracket(parser, ret_expr);
    if (vs_parser_is_sign(parser, 0, "[")) return parse_array(parser, ret_expr);
    break;
  case VS_TOKEN_END:
  case VS_TOKEN_DURATION:
  case VS_TOKEN_URI:
  case VS_TOKEN_COMMENT:
  case VS_TOKEN_ERROR: break;
  }
  return vs_parser_unexpected(parser, "an expression", NULL);
}
