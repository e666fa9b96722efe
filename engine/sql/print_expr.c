/* SPDX-License-Identifier: Apache-2.0
 * Expressions as text. Parentheses come from precedence alone: an operand is wrapped when it binds looser than its
 * place asks for. */
#include "engine/sql/parse.h"
#include "engine/sql/print.h"

enum { LEVEL_PRIMARY = 10 };

static const struct {
  const char *text;
  int level;
} operators[] = {
#define X(name, text, precedence) {text, precedence},
    VS_OPERATOR_LIST(X)
#undef X
};

static bool is_number(const struct vs_expr *expr) {
  vs_type_id id = expr->as.literal.type.id;
  return expr->kind == VS_EXPR_LITERAL && !expr->as.literal.is_null &&
         (id == VS_TYPE_INTEGER || id == VS_TYPE_FLOAT || id == VS_TYPE_DECIMAL);
}

static bool is_negative(const struct vs_value *value) {
  return (value->type.id == VS_TYPE_INTEGER && value->as.integer < 0) ||
         (value->type.id == VS_TYPE_DECIMAL && value->as.decimal < 0) ||
         (value->type.id == VS_TYPE_FLOAT && __builtin_signbit(value->as.real));
}

/* a::INTEGER::STRING may be a thousand casts long and CAST( may nest 200 deep, so a cast of a postfix is one too. */
static bool is_cast_suffix(const struct vs_expr *expr) {
  vs_expr_kind kind = expr->as.cast.operand->kind;
  return !expr->as.cast.is_try && (kind == VS_EXPR_CAST || kind == VS_EXPR_INDEX || kind == VS_EXPR_AT_ZONE);
}

static int level_of(const struct vs_expr *expr) {
  switch (expr->kind) {
  case VS_EXPR_UNARY: return operators[expr->as.unary.op].level;
  case VS_EXPR_BINARY: return operators[expr->as.binary.op].level;
  case VS_EXPR_LITERAL: return is_number(expr) && is_negative(&expr->as.literal) ? VS_LEVEL_SIGN : LEVEL_PRIMARY;
  case VS_EXPR_IS:
  case VS_EXPR_BETWEEN:
  case VS_EXPR_IN:
  case VS_EXPR_LIKE:
  case VS_EXPR_QUANTIFIED: return VS_LEVEL_COMPARE;
  case VS_EXPR_INDEX:
  case VS_EXPR_AT_ZONE: return VS_LEVEL_POSTFIX;
  case VS_EXPR_CAST: return is_cast_suffix(expr) ? VS_LEVEL_POSTFIX : LEVEL_PRIMARY;
  case VS_EXPR_INTERVAL:
  case VS_EXPR_PARAMETER:
  case VS_EXPR_COLUMN:
  case VS_EXPR_STAR:
  case VS_EXPR_CASE:
  case VS_EXPR_CALL:
  case VS_EXPR_ARRAY:
  case VS_EXPR_ROW:
  case VS_EXPR_SUBQUERY:
  case VS_EXPR_EXISTS: break;
  }
  return LEVEL_PRIMARY;
}

static void print_at(const struct vs_expr *expr, int level, struct vs_text *ret_text) {
  bool needs_brackets = level_of(expr) < level;
  if (needs_brackets) vs_text_put(ret_text, '(');
  vs_print_expr(expr, ret_text);
  if (needs_brackets) vs_text_put(ret_text, ')');
}

void vs_print_exprs(const struct vs_exprs *exprs, struct vs_text *ret_text) {
  for (uint32_t i = 0; i < exprs->count; i++) {
    if (i > 0) vs_text_puts(ret_text, ", ");
    vs_print_expr(exprs->items[i], ret_text);
  }
}

static bool begins_with_minus(const struct vs_expr *expr) {
  return (expr->kind == VS_EXPR_UNARY && expr->as.unary.op == VS_OP_NEGATE) ||
         (is_number(expr) && is_negative(&expr->as.literal));
}

/* -(5) is not the literal -5, and --x would be a comment. */
static void print_unary(const struct vs_expr *expr, struct vs_text *ret_text) {
  const struct vs_expr *operand = expr->as.unary.operand;
  vs_operator op = expr->as.unary.op;
  if (op == VS_OP_NOT) {
    vs_text_puts(ret_text, "NOT ");
    print_at(operand, VS_LEVEL_NOT, ret_text);
    return;
  }
  bool is_minus = op == VS_OP_NEGATE;
  vs_text_puts(ret_text, is_minus && begins_with_minus(operand) ? "- " : operators[op].text);
  print_at(operand, is_minus && is_number(operand) && !begins_with_minus(operand) ? LEVEL_PRIMARY + 1 : VS_LEVEL_SIGN,
           ret_text);
}

static void print_binary(const struct vs_expr *expr, struct vs_text *ret_text) {
  int level = operators[expr->as.binary.op].level;
  bool is_comparison = level == VS_LEVEL_COMPARE;
  print_at(expr->as.binary.left, is_comparison ? level + 1 : level, ret_text);
  vs_text_printf(ret_text, " %s ", operators[expr->as.binary.op].text);
  print_at(expr->as.binary.right, level + 1, ret_text);
}

static void print_query_in_brackets(const struct vs_query *query, struct vs_text *ret_text) {
  vs_text_put(ret_text, '(');
  vs_print_query(query, ret_text);
  vs_text_put(ret_text, ')');
}

static void print_is(const struct vs_expr *expr, struct vs_text *ret_text) {
  static const char *const words[] = {"NULL", "TRUE", "FALSE", "UNKNOWN"};
  print_at(expr->as.is.operand, VS_LEVEL_OPERAND, ret_text);
  vs_text_printf(ret_text, " IS %s%s", expr->as.is.is_not ? "NOT " : "", words[expr->as.is.what]);
}

static void print_between(const struct vs_expr *expr, struct vs_text *ret_text) {
  print_at(expr->as.between.operand, VS_LEVEL_OPERAND, ret_text);
  vs_text_puts(ret_text, expr->as.between.is_not ? " NOT BETWEEN " : " BETWEEN ");
  print_at(expr->as.between.low, VS_LEVEL_OPERAND, ret_text);
  vs_text_puts(ret_text, " AND ");
  print_at(expr->as.between.high, VS_LEVEL_OPERAND, ret_text);
}

static void print_in(const struct vs_expr *expr, struct vs_text *ret_text) {
  print_at(expr->as.in.operand, VS_LEVEL_OPERAND, ret_text);
  vs_text_puts(ret_text, expr->as.in.is_not ? " NOT IN " : " IN ");
  if (expr->as.in.query) {
    print_query_in_brackets(expr->as.in.query, ret_text);
    return;
  }
  vs_text_put(ret_text, '(');
  vs_print_exprs(&expr->as.in.list, ret_text);
  vs_text_put(ret_text, ')');
}

static void print_like(const struct vs_expr *expr, struct vs_text *ret_text) {
  static const char *const words[] = {"LIKE", "ILIKE", "RLIKE"};
  print_at(expr->as.like.operand, VS_LEVEL_OPERAND, ret_text);
  vs_text_printf(ret_text, " %s%s ", expr->as.like.is_not ? "NOT " : "", words[expr->as.like.how]);
  print_at(expr->as.like.pattern, VS_LEVEL_OPERAND, ret_text);
  if (expr->as.like.escape) {
    vs_text_puts(ret_text, " ESCAPE ");
    print_at(expr->as.like.escape, VS_LEVEL_OPERAND, ret_text);
  }
}

static void print_case(const struct vs_expr *expr, struct vs_text *ret_text) {
  vs_text_puts(ret_text, "CASE");
  if (expr->as.cases.operand) {
    vs_text_put(ret_text, ' ');
    vs_print_expr(expr->as.cases.operand, ret_text);
  }
  for (uint32_t i = 0; i < expr->as.cases.when_count; i++) {
    vs_text_puts(ret_text, " WHEN ");
    vs_print_expr(expr->as.cases.whens[i].condition, ret_text);
    vs_text_puts(ret_text, " THEN ");
    vs_print_expr(expr->as.cases.whens[i].result, ret_text);
  }
  if (expr->as.cases.otherwise) {
    vs_text_puts(ret_text, " ELSE ");
    vs_print_expr(expr->as.cases.otherwise, ret_text);
  }
  vs_text_puts(ret_text, " END");
}

static void print_cast(const struct vs_expr *expr, struct vs_text *ret_text) {
  if (is_cast_suffix(expr)) {
    print_at(expr->as.cast.operand, VS_LEVEL_POSTFIX, ret_text);
    vs_text_puts(ret_text, "::");
    vs_print_type(expr->as.cast.type, ret_text);
    return;
  }
  vs_text_puts(ret_text, expr->as.cast.is_try ? "TRY_CAST(" : "CAST(");
  vs_print_expr(expr->as.cast.operand, ret_text);
  vs_text_puts(ret_text, " AS ");
  vs_print_type(expr->as.cast.type, ret_text);
  vs_text_put(ret_text, ')');
}

static void print_over(const struct vs_over *over, struct vs_text *ret_text);

static void print_call(const struct vs_call *call, struct vs_text *ret_text) {
  if (vs_str_equal_nocase(call->name.text, VS_STR("JOIN")) || !call->has_parentheses)
    vs_text_str(ret_text, call->name.text); /* JOIN( is a function, CURRENT_TIMESTAMP one without parentheses */
  else
    vs_print_ident(&call->name, ret_text);
  if (call->has_parentheses) {
    vs_text_puts(ret_text, call->is_distinct ? "(DISTINCT " : "(");
    vs_print_exprs(&call->arguments, ret_text);
    vs_text_put(ret_text, ')');
  }
  if (call->ignore_nulls) vs_text_puts(ret_text, " IGNORE NULLS");
  if (call->within.count) {
    vs_text_puts(ret_text, " WITHIN GROUP (");
    vs_print_sort(&call->within, ret_text);
    vs_text_put(ret_text, ')');
  }
  if (call->filter) {
    vs_text_puts(ret_text, " FILTER (WHERE ");
    vs_print_expr(call->filter, ret_text);
    vs_text_put(ret_text, ')');
  }
  if (call->over) print_over(call->over, ret_text);
}

static void print_index(const struct vs_expr *expr, struct vs_text *ret_text) {
  print_at(expr->as.index.operand, VS_LEVEL_POSTFIX, ret_text);
  vs_text_put(ret_text, '[');
  vs_print_expr(expr->as.index.subscript, ret_text);
  vs_text_put(ret_text, ']');
}

static void print_star(const struct vs_expr *expr, struct vs_text *ret_text) {
  vs_print_dotted(&expr->as.star.name, ret_text);
  vs_text_puts(ret_text, expr->as.star.name.part_count ? ".*" : "*");
  if (!expr->as.star.except.count) return;
  vs_text_puts(ret_text, " EXCEPT (");
  vs_print_idents(&expr->as.star.except, ret_text);
  vs_text_put(ret_text, ')');
}

static void print_quantified(const struct vs_expr *expr, struct vs_text *ret_text) {
  print_at(expr->as.quantified.operand, VS_LEVEL_OPERAND, ret_text);
  vs_text_printf(ret_text, " %s %s ", operators[expr->as.quantified.op].text,
                 expr->as.quantified.is_all ? "ALL" : "ANY");
  print_query_in_brackets(expr->as.quantified.query, ret_text);
}

static void print_list(const struct vs_exprs *items, const char *open, const char *close, struct vs_text *ret_text) {
  vs_text_puts(ret_text, open);
  vs_print_exprs(items, ret_text);
  vs_text_puts(ret_text, close);
}

void vs_print_expr(const struct vs_expr *expr, struct vs_text *ret_text) {
  switch (expr->kind) {
  case VS_EXPR_LITERAL: vs_print_literal(&expr->as.literal, ret_text); break;
  case VS_EXPR_INTERVAL: vs_print_duration(&expr->as.duration, ret_text); break;
  case VS_EXPR_PARAMETER: vs_text_printf(ret_text, ":%.*s", VS_STR_ARG(expr->as.name.parts[0].text)); break;
  case VS_EXPR_COLUMN: vs_print_dotted(&expr->as.name, ret_text); break;
  case VS_EXPR_STAR: print_star(expr, ret_text); break;
  case VS_EXPR_UNARY: print_unary(expr, ret_text); break;
  case VS_EXPR_BINARY: print_binary(expr, ret_text); break;
  case VS_EXPR_IS: print_is(expr, ret_text); break;
  case VS_EXPR_BETWEEN: print_between(expr, ret_text); break;
  case VS_EXPR_IN: print_in(expr, ret_text); break;
  case VS_EXPR_LIKE: print_like(expr, ret_text); break;
  case VS_EXPR_CASE: print_case(expr, ret_text); break;
  case VS_EXPR_CAST: print_cast(expr, ret_text); break;
  case VS_EXPR_CALL: print_call(&expr->as.call, ret_text); break;
  case VS_EXPR_INDEX: print_index(expr, ret_text); break;
  case VS_EXPR_ARRAY: print_list(&expr->as.items, "[", "]", ret_text); break;
  case VS_EXPR_ROW: print_list(&expr->as.items, "(", ")", ret_text); break;
  case VS_EXPR_SUBQUERY: print_query_in_brackets(expr->as.query, ret_text); break;
  case VS_EXPR_EXISTS:
    vs_text_puts(ret_text, "EXISTS ");
    print_query_in_brackets(expr->as.query, ret_text);
    break;
  case VS_EXPR_QUANTIFIED: print_quantified(expr, ret_text); break;
  case VS_EXPR_AT_ZONE:
    print_at(expr->as.binary.left, VS_LEVEL_POSTFIX, ret_text);
    vs_text_puts(ret_text, " AT TIME ZONE ");
    print_at(expr->as.binary.right, LEVEL_PRIMARY, ret_text);
    break;
  }
}

void vs_print_sort(const struct vs_sort *sort, struct vs_text *ret_text) {
  static const char *const nulls[] = {"", " NULLS FIRST", " NULLS LAST"};
  vs_text_puts(ret_text, "ORDER BY ");
  for (uint32_t i = 0; i < sort->count; i++) {
    if (i > 0) vs_text_puts(ret_text, ", ");
    vs_print_expr(sort->items[i].expr, ret_text);
    vs_text_printf(ret_text, "%s%s", sort->items[i].is_descending ? " DESC" : "", nulls[sort->items[i].nulls]);
  }
}

static void print_bound(const struct vs_frame_bound *bound, struct vs_text *ret_text) {
  if (bound->kind == VS_BOUND_CURRENT_ROW) {
    vs_text_puts(ret_text, "CURRENT ROW");
    return;
  }
  if (bound->rows)
    vs_print_expr(bound->rows, ret_text);
  else if (bound->duration)
    vs_print_duration(bound->duration, ret_text);
  else
    vs_text_puts(ret_text, "UNBOUNDED");
  bool is_preceding = bound->kind == VS_BOUND_PRECEDING || bound->kind == VS_BOUND_UNBOUNDED_PRECEDING;
  vs_text_puts(ret_text, is_preceding ? " PRECEDING" : " FOLLOWING");
}

static void print_over_tail(const struct vs_over *over, struct vs_text *ret_text) {
  static const char *const emits[] = {"", " EMIT EVERY RECORD", " EMIT ON BUFFER FULL", " EMIT CHANGES"};
  vs_text_puts(ret_text, emits[over->emit]);
  if (!over->has_expire) return;
  vs_text_puts(ret_text, " EXPIRE AFTER ");
  if (over->expire_never)
    vs_text_puts(ret_text, "NEVER");
  else
    vs_print_duration(&over->expire, ret_text);
  if (over->expire_inactivity) vs_text_puts(ret_text, " INACTIVITY");
}

static void print_over(const struct vs_over *over, struct vs_text *ret_text) {
  vs_text_puts(ret_text, " OVER (");
  if (over->buffer_rows) {
    vs_text_puts(ret_text, "ROWS WINDOW BUFFER ");
    vs_print_expr(over->buffer_rows, ret_text);
    vs_text_puts(ret_text, " ROWS");
  }
  if (over->partition.count) {
    vs_text_puts(ret_text, over->buffer_rows ? " PARTITION BY " : "PARTITION BY ");
    vs_print_exprs(&over->partition, ret_text);
  }
  if (over->order.count) {
    vs_text_puts(ret_text, over->buffer_rows || over->partition.count ? " " : "");
    vs_print_sort(&over->order, ret_text);
  }
  if (over->has_frame) {
    vs_text_puts(ret_text, over->is_range ? " RANGE BETWEEN " : " ROWS BETWEEN ");
    print_bound(&over->start, ret_text);
    vs_text_puts(ret_text, " AND ");
    print_bound(&over->end, ret_text);
  }
  print_over_tail(over, ret_text);
  vs_text_put(ret_text, ')');
}
