/* SPDX-License-Identifier: Apache-2.0
 * Operators by precedence (Pratt). Comparisons, IS, IN, BETWEEN and LIKE share one level and do not chain. The right
 * side of an operator is read one level higher, so a nesting costs at most nine stack frames; the height of the tree is
 * counted on the way because a chain of a million operators would be a tree no later room could walk. */
#include "engine/sql/parse.h"
#include "engine/types/time.h"

struct vs_expr *vs_expr_new(struct vs_parser *parser, vs_expr_kind kind, uint32_t first) {
  struct vs_expr *expr = VS_ARENA_NEW(parser->arena, struct vs_expr);
  if (expr) {
    expr->kind = kind;
    expr->span = vs_parser_span(parser, first);
  }
  return expr;
}

vs_status vs_exprs_push(struct vs_parser *parser, struct vs_exprs *exprs, struct vs_expr *expr) {
  if (!vs_list_push(parser->arena, (void **)&exprs->items, exprs->count, &expr, sizeof expr))
    return vs_parser_no_memory(parser);
  exprs->count++;
  return VS_OK;
}

vs_status vs_parse_exprs(struct vs_parser *parser, struct vs_exprs *ret_exprs) {
  do {
    struct vs_expr *expr;
    VS_TRY(vs_parse_expr(parser, &expr));
    VS_TRY(vs_exprs_push(parser, ret_exprs, expr));
  } while (vs_parser_take_sign(parser, ","));
  return VS_OK;
}

/* clang-format off */
static const struct { const char *sign; vs_operator op; int level; } binary_signs[] = {
  {"=", VS_OP_EQUAL, 4}, {"<>", VS_OP_NOT_EQUAL, 4}, {"!=", VS_OP_NOT_EQUAL, 4}, {"<", VS_OP_LESS, 4},
  {"<=", VS_OP_LESS_EQUAL, 4}, {">", VS_OP_GREATER, 4}, {">=", VS_OP_GREATER_EQUAL, 4}, {"~", VS_OP_REGEX, 4},
  {"||", VS_OP_CONCAT, 5}, {"+", VS_OP_ADD, 6}, {"-", VS_OP_SUBTRACT, 6},
  {"*", VS_OP_MULTIPLY, 7}, {"/", VS_OP_DIVIDE, 7}, {"%", VS_OP_MODULO, 7},
  {"->", VS_OP_ARROW, 9}, {"->>", VS_OP_ARROW_TEXT, 9},
};
/* clang-format on */

static bool find_binary(const struct vs_parser *parser, vs_operator *ret_op, int *ret_level) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  for (size_t i = 0; token->kind == VS_TOKEN_SIGN && i < VS_COUNT_OF(binary_signs); i++)
    if (vs_str_equal(token->text, vs_str_of(binary_signs[i].sign))) {
      *ret_op = binary_signs[i].op;
      *ret_level = binary_signs[i].level;
      return true;
    }
  bool is_or = vs_parser_is_word(parser, 0, "OR");
  if (!is_or && !vs_parser_is_word(parser, 0, "AND")) return false;
  *ret_op = is_or ? VS_OP_OR : VS_OP_AND;
  *ret_level = is_or ? 1 : 2;
  return true;
}

static vs_status wrap_binary(struct vs_parser *parser, uint32_t first, vs_operator op, struct vs_span op_span,
                             struct vs_expr *right, struct vs_expr **expr) {
  struct vs_expr *node = vs_expr_new(parser, VS_EXPR_BINARY, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.binary.op = op;
  node->as.binary.left = *expr;
  node->as.binary.right = right;
  node->as.binary.op_span = op_span;
  *expr = node;
  return VS_OK;
}

/* x = ANY (SELECT ...) */
static bool is_quantifier(const struct vs_parser *parser, vs_operator op) {
  bool is_comparison = op >= VS_OP_EQUAL && op <= VS_OP_GREATER_EQUAL;
  bool is_word = vs_parser_is_word(parser, 0, "ANY") || vs_parser_is_word(parser, 0, "SOME") ||
                 vs_parser_is_word(parser, 0, "ALL");
  return is_comparison && is_word && vs_parser_is_sign(parser, 1, "(") && vs_parser_is_query(parser, 1);
}

static vs_status parse_bracketed_query(struct vs_parser *parser, const char *where, struct vs_query **ret_query) {
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", where));
  VS_TRY(vs_parse_query(parser, ret_query));
  return vs_parser_close(parser, ")", open);
}

static vs_status parse_quantified(struct vs_parser *parser, uint32_t first, vs_operator op, struct vs_expr **expr) {
  struct vs_query *query = NULL;
  bool is_all = vs_parser_is_word(parser, 0, "ALL");
  vs_parser_take(parser);
  VS_TRY(parse_bracketed_query(parser, "after the quantifier", &query));
  struct vs_expr *node = vs_expr_new(parser, VS_EXPR_QUANTIFIED, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.quantified.operand = *expr;
  node->as.quantified.op = op;
  node->as.quantified.is_all = is_all;
  node->as.quantified.query = query;
  *expr = node;
  return VS_OK;
}

static vs_status parse_binary(struct vs_parser *parser, uint32_t first, vs_operator op, int level,
                              struct vs_expr **expr) {
  struct vs_span op_span = vs_parser_take(parser)->span;
  struct vs_expr *right = NULL;
  if (is_quantifier(parser, op)) return parse_quantified(parser, first, op, expr);
  if (level == VS_LEVEL_POSTFIX)
    VS_TRY(vs_parse_primary(parser, &right));
  else
    VS_TRY(vs_parse_expr_at(parser, level + 1, &right));
  return wrap_binary(parser, first, op, op_span, right, expr);
}

static vs_status parse_is(struct vs_parser *parser, uint32_t first, struct vs_expr **expr) {
  static const char *const words[] = {"NULL", "TRUE", "FALSE", "UNKNOWN"};
  struct vs_span op_span = vs_parser_take(parser)->span;
  bool is_not = vs_parser_take_word(parser, "NOT");
  if (vs_parser_take_words(parser, "DISTINCT", "FROM")) {
    struct vs_expr *right;
    op_span.end = parser->tokens[parser->at - 1].span.end;
    VS_TRY(vs_parse_expr_at(parser, VS_LEVEL_OPERAND, &right));
    return wrap_binary(parser, first, is_not ? VS_OP_NOT_DISTINCT_FROM : VS_OP_DISTINCT_FROM, op_span, right, expr);
  }
  for (uint32_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_take_word(parser, words[i])) {
      struct vs_expr *node = vs_expr_new(parser, VS_EXPR_IS, first);
      if (!node) return vs_parser_no_memory(parser);
      node->as.is.operand = *expr;
      node->as.is.what = (vs_is_what)i;
      node->as.is.is_not = is_not;
      *expr = node;
      return VS_OK;
    }
  return vs_parser_unexpected(parser, "NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM after IS",
                              "NOT NULL TRUE FALSE UNKNOWN DISTINCT");
}

static vs_status parse_in(struct vs_parser *parser, uint32_t first, bool is_not, struct vs_expr **expr) {
  struct vs_exprs list = {0};
  struct vs_query *query = NULL;
  uint32_t open = parser->at;
  if (vs_parser_is_kind(parser, 0, VS_TOKEN_PARAMETER)) { /* IN :names, the whole list */
    struct vs_expr *parameter;
    VS_TRY(vs_parser_enter(parser)); /* it prints in brackets */
    vs_parser_leave(parser);
    VS_TRY(vs_parse_primary(parser, &parameter));
    VS_TRY(vs_exprs_push(parser, &list, parameter));
  } else {
    VS_TRY(vs_parser_open(parser, "(", "after IN, with a list or a SELECT inside"));
    if (vs_parser_is_word(parser, 0, "SELECT") || vs_parser_is_word(parser, 0, "WITH"))
      VS_TRY(vs_parse_query(parser, &query));
    else
      VS_TRY(vs_parse_exprs(parser, &list));
    VS_TRY(vs_parser_close(parser, ")", open));
  }
  struct vs_expr *node = vs_expr_new(parser, VS_EXPR_IN, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.in.operand = *expr;
  node->as.in.list = list;
  node->as.in.query = query;
  node->as.in.is_not = is_not;
  *expr = node;
  return VS_OK;
}

static vs_status parse_between(struct vs_parser *parser, uint32_t first, bool is_not, struct vs_expr **expr) {
  struct vs_expr *low, *high;
  VS_TRY(vs_parse_expr_at(parser, VS_LEVEL_OPERAND, &low));
  VS_TRY(vs_parser_expect_word(parser, "AND", "between the two bounds of BETWEEN"));
  VS_TRY(vs_parse_expr_at(parser, VS_LEVEL_OPERAND, &high));
  struct vs_expr *node = vs_expr_new(parser, VS_EXPR_BETWEEN, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.between.operand = *expr;
  node->as.between.low = low;
  node->as.between.high = high;
  node->as.between.is_not = is_not;
  *expr = node;
  return VS_OK;
}

static vs_status parse_like(struct vs_parser *parser, uint32_t first, vs_like_kind how, bool is_not,
                            struct vs_expr **expr) {
  struct vs_expr *pattern, *escape = NULL;
  VS_TRY(vs_parse_expr_at(parser, VS_LEVEL_OPERAND, &pattern));
  if (how != VS_RLIKE && vs_parser_take_word(parser, "ESCAPE"))
    VS_TRY(vs_parse_expr_at(parser, VS_LEVEL_OPERAND, &escape));
  struct vs_expr *node = vs_expr_new(parser, VS_EXPR_LIKE, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.like.operand = *expr;
  node->as.like.pattern = pattern;
  node->as.like.escape = escape;
  node->as.like.how = how;
  node->as.like.is_not = is_not;
  *expr = node;
  return VS_OK;
}

static const char *const test_words[] = {"IN", "BETWEEN", "LIKE", "ILIKE", "RLIKE"};

/* Index of IN, BETWEEN, LIKE ... at the cursor, with NOT in front or not; -1: none. */
static int find_test(const struct vs_parser *parser) {
  uint32_t ahead = vs_parser_is_word(parser, 0, "NOT");
  for (size_t i = 0; i < VS_COUNT_OF(test_words); i++)
    if (vs_parser_is_word(parser, ahead, test_words[i])) return (int)i;
  return -1;
}

static vs_status parse_test(struct vs_parser *parser, uint32_t first, int test, struct vs_expr **expr) {
  bool is_not = vs_parser_take_word(parser, "NOT");
  vs_parser_take(parser);
  if (test == 0) return parse_in(parser, first, is_not, expr);
  if (test == 1) return parse_between(parser, first, is_not, expr);
  return parse_like(parser, first, (vs_like_kind)(test - 2), is_not, expr);
}

/* INDEX, also for .field behind anything but a plain name. */
static vs_status wrap_index(struct vs_parser *parser, uint32_t first, struct vs_expr *subscript,
                            struct vs_expr **expr) {
  struct vs_expr *node = vs_expr_new(parser, VS_EXPR_INDEX, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.index.operand = *expr;
  node->as.index.subscript = subscript;
  *expr = node;
  return VS_OK;
}

static vs_status parse_field(struct vs_parser *parser, uint32_t first, struct vs_expr **expr) {
  VS_TRY(vs_parser_enter(parser)); /* it prints as ['field'] */
  vs_parser_leave(parser);
  vs_parser_take(parser);
  if (!vs_parser_is_kind(parser, 0, VS_TOKEN_WORD) && !vs_parse_is_ident(parser, 0))
    return vs_parser_unexpected(parser, "a field's name after the dot", NULL);
  struct vs_expr *subscript = vs_expr_new(parser, VS_EXPR_LITERAL, parser->at);
  if (!subscript) return vs_parser_no_memory(parser);
  struct vs_ident field = {.text = vs_parser_peek(parser, 0)->text};
  if (vs_parse_is_ident(parser, 0))
    VS_TRY(vs_parse_ident(parser, "a field's name", &field));
  else
    vs_parser_take(parser);
  subscript->as.literal = (struct vs_value){.type = VS_TYPE(STRING), .as.string = field.text};
  return wrap_index(parser, first, subscript, expr);
}

static vs_status parse_index(struct vs_parser *parser, uint32_t first, struct vs_expr **expr) {
  struct vs_expr *subscript;
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "[", "in front of the index"));
  VS_TRY(vs_parse_expr(parser, &subscript));
  VS_TRY(vs_parser_close(parser, "]", open));
  return wrap_index(parser, first, subscript, expr);
}

/* Counts as a bracket for a moment: x::T prints as CAST(x AS T), which must still parse. */
static vs_status parse_type_suffix(struct vs_parser *parser, uint32_t first, struct vs_expr **expr) {
  VS_TRY(vs_parser_enter(parser));
  vs_parser_leave(parser);
  struct vs_type_node *type = VS_ARENA_NEW(parser->arena, struct vs_type_node);
  vs_parser_take(parser);
  if (!type) return vs_parser_no_memory(parser);
  VS_TRY(vs_parse_type(parser, type));
  struct vs_expr *node = vs_expr_new(parser, VS_EXPR_CAST, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.cast.operand = *expr;
  node->as.cast.type = type;
  *expr = node;
  return VS_OK;
}

static vs_status parse_zone(struct vs_parser *parser, uint32_t first, struct vs_expr **expr) {
  struct vs_span op_span = vs_parser_place(parser);
  struct vs_expr *zone;
  parser->at += 3;
  op_span.end = parser->tokens[parser->at - 1].span.end;
  VS_TRY(vs_parse_primary(parser, &zone));
  VS_TRY(wrap_binary(parser, first, VS_OP_EQUAL, op_span, zone, expr));
  (*expr)->kind = VS_EXPR_AT_ZONE;
  return VS_OK;
}

/* One ::type, [i], .field or AT TIME ZONE; *ret_is_one says whether there was one. */
static vs_status parse_postfix(struct vs_parser *parser, uint32_t first, struct vs_expr **expr, bool *ret_is_one) {
  *ret_is_one = true;
  if (vs_parser_is_sign(parser, 0, "::")) return parse_type_suffix(parser, first, expr);
  if (vs_parser_is_sign(parser, 0, "[")) return parse_index(parser, first, expr);
  if (vs_parser_is_sign(parser, 0, ".")) return parse_field(parser, first, expr);
  if (vs_parser_is_words(parser, "AT", "TIME") && vs_parser_is_word(parser, 2, "ZONE"))
    return parse_zone(parser, first, expr);
  *ret_is_one = false;
  return VS_OK;
}

static vs_status fail_chained(struct vs_parser *parser) {
  char found[64];
  vs_token_print(vs_parser_peek(parser, 0), found);
  vs_status status = vs_fail(parser->err, VS_CODE_UNEXPECTED_TOKEN, vs_parser_place(parser),
                             "comparisons do not chain: a second one begins with '%s'", found);
  return vs_fail_hint(parser->err, status, "write a < b AND b < c, or put one comparison in parentheses");
}

/* One operator of `level` or above behind *expr; *ret_is_one false when there is none. A postfix binds to an operand
 * alone: `a IS NULL::STRING` is no cast of the test. */
static vs_status parse_operator(struct vs_parser *parser, uint32_t first, int level, int *last_level,
                                struct vs_expr **expr, bool *ret_is_one) {
  vs_operator op = VS_OP_OR;
  int binary_level = 0, test;
  *ret_is_one = false;
  if (*last_level == VS_LEVEL_POSTFIX) VS_TRY(parse_postfix(parser, first, expr, ret_is_one));
  if (*ret_is_one) return VS_OK;
  bool is_binary = find_binary(parser, &op, &binary_level);
  bool is_is = !is_binary && vs_parser_is_word(parser, 0, "IS");
  test = is_binary || is_is ? -1 : find_test(parser);
  int found_level = is_binary ? binary_level : is_is || test >= 0 ? VS_LEVEL_COMPARE : 0;
  if (found_level == 0 || found_level < level) return VS_OK;
  if (found_level == VS_LEVEL_COMPARE && *last_level == VS_LEVEL_COMPARE) return fail_chained(parser);
  *last_level = found_level;
  *ret_is_one = true;
  if (is_binary) return parse_binary(parser, first, op, binary_level, expr);
  return is_is ? parse_is(parser, first, expr) : parse_test(parser, first, test, expr);
}

vs_status vs_parse_expr_rest(struct vs_parser *parser, uint32_t first, int level, struct vs_expr **expr) {
  int last_level = VS_LEVEL_POSTFIX;
  bool is_one = true;
  for (;;) {
    uint32_t height = parser->height;
    VS_TRY(parse_operator(parser, first, level, &last_level, expr, &is_one));
    if (!is_one) return VS_OK;
    VS_TRY(vs_parser_raise(parser, VS_MAX(height, parser->height)));
  }
}

static vs_status wrap_unary(struct vs_parser *parser, uint32_t first, vs_operator op, struct vs_expr *operand,
                            struct vs_expr **ret_expr) {
  struct vs_expr *node = vs_expr_new(parser, VS_EXPR_UNARY, first);
  if (!node) return vs_parser_no_memory(parser);
  node->as.unary.op = op;
  node->as.unary.operand = operand;
  *ret_expr = node;
  return VS_OK;
}

static vs_status parse_unary(struct vs_parser *parser, vs_operator op, int level, struct vs_expr **ret_expr) {
  struct vs_expr *operand;
  uint32_t first = parser->at;
  vs_parser_take(parser);
  VS_TRY(vs_parser_enter(parser));
  VS_TRY(vs_parse_expr_at(parser, level, &operand));
  vs_parser_leave(parser);
  return wrap_unary(parser, first, op, operand, ret_expr);
}

/* -5 is one literal, so that the smallest INTEGER can be written; -5::STRING and -5 MINUTES are not. */
static bool is_negative_literal(struct vs_parser *parser) {
  const struct vs_token *number = vs_parser_peek(parser, 1), *next = vs_parser_peek(parser, 2);
  if (number->kind != VS_TOKEN_INTEGER && number->kind != VS_TOKEN_DECIMAL && number->kind != VS_TOKEN_FLOAT)
    return false;
  if (next->kind == VS_TOKEN_WORD) {
    struct vs_interval unit;
    return !vs_str_equal_nocase(next->text, VS_STR("AT")) && !vs_unit_find(next->text, false, &unit);
  }
  static const char *const binds[] = {"::", "[", ".", "->", "->>", "%"};
  for (size_t i = 0; i < VS_COUNT_OF(binds); i++)
    if (vs_parser_is_sign(parser, 2, binds[i])) return i == VS_COUNT_OF(binds) - 1 && !parser->allow_percent;
  return true;
}

static vs_status parse_negative_literal(struct vs_parser *parser, struct vs_expr **ret_expr) {
  uint32_t first = parser->at;
  parser->at += 2;
  struct vs_expr *node = *ret_expr = vs_expr_new(parser, VS_EXPR_LITERAL, first);
  if (!node) return vs_parser_no_memory(parser);
  return vs_parse_number(parser, &parser->tokens[parser->at - 1], true, &node->as.literal);
}

static vs_status parse_prefix(struct vs_parser *parser, int level, struct vs_expr **ret_expr) {
  if (vs_parser_is_word(parser, 0, "NOT")) {
    if (level <= VS_LEVEL_NOT) return parse_unary(parser, VS_OP_NOT, VS_LEVEL_NOT, ret_expr);
    vs_status status = vs_parser_unexpected(parser, "a value", NULL);
    return vs_fail_hint(parser->err, status, "put NOT ... in parentheses");
  }
  if (vs_parser_is_sign(parser, 0, "-") && is_negative_literal(parser)) return parse_negative_literal(parser, ret_expr);
  if (vs_parser_is_sign(parser, 0, "-")) return parse_unary(parser, VS_OP_NEGATE, VS_LEVEL_SIGN, ret_expr);
  if (vs_parser_is_sign(parser, 0, "+")) return parse_unary(parser, VS_OP_PLUS, VS_LEVEL_SIGN, ret_expr);
  return vs_parse_primary(parser, ret_expr);
}

vs_status vs_parse_expr_at(struct vs_parser *parser, int level, struct vs_expr **ret_expr) {
  uint32_t first = parser->at, outer_height = parser->height;
  parser->height = 0;
  VS_TRY(parse_prefix(parser, level, ret_expr));
  VS_TRY(vs_parse_expr_rest(parser, first, level, ret_expr));
  parser->height = VS_MAX(parser->height, outer_height);
  return VS_OK;
}

vs_status vs_parse_expr(struct vs_parser *parser, struct vs_expr **ret_expr) {
  return vs_parse_expr_at(parser, VS_LEVEL_LOWEST, ret_expr);
}

static vs_status parse_sort_item(struct vs_parser *parser, struct vs_sort_item *item) {
  uint32_t first = parser->at;
  VS_TRY(vs_parse_expr(parser, &item->expr));
  item->is_descending = vs_parser_take_word(parser, "DESC");
  if (!item->is_descending) (void)vs_parser_take_word(parser, "ASC");
  if (vs_parser_take_word(parser, "NULLS")) {
    bool is_first = vs_parser_take_word(parser, "FIRST");
    if (!is_first) VS_TRY(vs_parser_expect_word(parser, "LAST", "or FIRST after NULLS"));
    item->nulls = is_first ? VS_SORT_NULLS_FIRST : VS_SORT_NULLS_LAST;
  }
  item->span = vs_parser_span(parser, first);
  return VS_OK;
}

vs_status vs_parse_sort(struct vs_parser *parser, struct vs_sort *ret_sort) {
  uint32_t first = parser->at;
  VS_TRY(vs_parser_expect_word(parser, "ORDER", "BY"));
  VS_TRY(vs_parser_expect_word(parser, "BY", "after ORDER"));
  do {
    struct vs_sort_item item = {0};
    VS_TRY(parse_sort_item(parser, &item));
    if (!vs_list_push(parser->arena, (void **)&ret_sort->items, ret_sort->count, &item, sizeof item))
      return vs_parser_no_memory(parser);
    ret_sort->count++;
  } while (vs_parser_take_sign(parser, ","));
  ret_sort->span = vs_parser_span(parser, first);
  return VS_OK;
}
