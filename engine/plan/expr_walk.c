/* SPDX-License-Identifier: Apache-2.0
 * Walks the syntax tree of an expression; subqueries are not entered. */
#include "engine/plan/binder.h"

static void walk_list(const struct vs_exprs *list, vs_expr_visit visit, void *context) {
  for (uint32_t i = 0; i < list->count; i++)
    vs_expr_walk(list->items[i], visit, context);
}

static void walk_call(const struct vs_call *call, vs_expr_visit visit, void *context) {
  walk_list(&call->arguments, visit, context);
  vs_expr_walk(call->filter, visit, context);
  for (uint32_t i = 0; i < call->within.count; i++)
    vs_expr_walk(call->within.items[i].expr, visit, context);
}

static void walk_cases(const struct vs_expr *expr, vs_expr_visit visit, void *context) {
  vs_expr_walk(expr->as.cases.operand, visit, context);
  for (uint32_t i = 0; i < expr->as.cases.when_count; i++) {
    vs_expr_walk(expr->as.cases.whens[i].condition, visit, context);
    vs_expr_walk(expr->as.cases.whens[i].result, visit, context);
  }
  vs_expr_walk(expr->as.cases.otherwise, visit, context);
}

static void walk_three(const struct vs_expr *a, const struct vs_expr *b, const struct vs_expr *c, vs_expr_visit visit,
                       void *context) {
  vs_expr_walk(a, visit, context);
  vs_expr_walk(b, visit, context);
  vs_expr_walk(c, visit, context);
}

void vs_expr_walk(const struct vs_expr *expr, vs_expr_visit visit, void *context) {
  if (!expr || !visit(expr, context)) return;
  switch (expr->kind) {
  case VS_EXPR_LITERAL:
  case VS_EXPR_INTERVAL:
  case VS_EXPR_PARAMETER:
  case VS_EXPR_COLUMN:
  case VS_EXPR_STAR:
  case VS_EXPR_SUBQUERY:
  case VS_EXPR_EXISTS: return;
  case VS_EXPR_UNARY: vs_expr_walk(expr->as.unary.operand, visit, context); return;
  case VS_EXPR_BINARY:
  case VS_EXPR_AT_ZONE: walk_three(expr->as.binary.left, expr->as.binary.right, NULL, visit, context); return;
  case VS_EXPR_IS: vs_expr_walk(expr->as.is.operand, visit, context); return;
  case VS_EXPR_BETWEEN:
    walk_three(expr->as.between.operand, expr->as.between.low, expr->as.between.high, visit, context);
    return;
  case VS_EXPR_IN:
    vs_expr_walk(expr->as.in.operand, visit, context);
    walk_list(&expr->as.in.list, visit, context);
    return;
  case VS_EXPR_LIKE:
    walk_three(expr->as.like.operand, expr->as.like.pattern, expr->as.like.escape, visit, context);
    return;
  case VS_EXPR_CASE: walk_cases(expr, visit, context); return;
  case VS_EXPR_CAST: vs_expr_walk(expr->as.cast.operand, visit, context); return;
  case VS_EXPR_CALL: walk_call(&expr->as.call, visit, context); return;
  case VS_EXPR_INDEX: walk_three(expr->as.index.operand, expr->as.index.subscript, NULL, visit, context); return;
  case VS_EXPR_ARRAY:
  case VS_EXPR_ROW: walk_list(&expr->as.items, visit, context); return;
  case VS_EXPR_QUANTIFIED: vs_expr_walk(expr->as.quantified.operand, visit, context); return;
  }
}

static bool visit_aggregate(const struct vs_expr *expr, void *context) {
  bool *found = context;
  if (expr->kind == VS_EXPR_CALL && !expr->as.call.over && vs_aggregate_find(expr->as.call.name.text)) *found = true;
  return !*found;
}

bool vs_expr_has_aggregate(const struct vs_expr *expr) {
  bool found = false;
  vs_expr_walk(expr, visit_aggregate, &found);
  return found;
}
