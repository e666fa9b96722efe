/* SPDX-License-Identifier: Apache-2.0
 * Expressions: what is a literal, a name, an operator, a construct that does not run yet. Operators are function rows
 * named by their sign, so this file only says which row; the row says which types. */
#include "engine/plan/binder.h"

#include <stdio.h>

static const char *operator_name(vs_operator op) {
  static const char *const names[] = {
#define X(name, text, precedence) [VS_OP_##name] = text,
      VS_OPERATOR_LIST(X)
#undef X
  };
  return names[op];
}

static vs_status bind_constant(struct vs_scope *scope, const struct vs_value *value, struct vs_span span,
                               struct vs_bound **ret_bound, struct vs_error *err) {
  *ret_bound = vs_bound_constant(scope->binder, value, span);
  return *ret_bound ? VS_OK : vs_fail_memory(err);
}

static vs_status bind_interval(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                               struct vs_error *err) {
  const struct vs_duration *duration = &expr->as.duration;
  struct vs_value value = {.type = VS_TYPE(INTERVAL), .as.interval = duration->value};
  if (duration->parameter.text.data) return vs_not_yet(err, expr->span, "a parameter inside INTERVAL");
  return bind_constant(scope, &value, expr->span, ret_bound, err);
}

/* ---- operators ---- */
static vs_status bind_logic(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                            struct vs_error *err) {
  bool is_and = expr->as.binary.op == VS_OP_AND;
  struct vs_bound *left = NULL, *right = NULL;
  VS_TRY(vs_bind_expr(scope, expr->as.binary.left, &left, err));
  VS_TRY(vs_bind_expr(scope, expr->as.binary.right, &right, err));
  VS_TRY(vs_apply_boolean(scope->binder, left, is_and ? "AND" : "OR", &left, err));
  VS_TRY(vs_apply_boolean(scope->binder, right, is_and ? "AND" : "OR", &right, err));
  return vs_apply_both(scope->binder, is_and ? VS_BOUND_AND : VS_BOUND_OR, left, right, expr->span, ret_bound, err);
}

static vs_status bind_binary(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                             struct vs_error *err) {
  struct vs_bound *sides[2] = {NULL, NULL};
  vs_operator op = expr->as.binary.op;
  if (op == VS_OP_AND || op == VS_OP_OR) return bind_logic(scope, expr, ret_bound, err);
  VS_TRY(vs_bind_expr(scope, expr->as.binary.left, &sides[0], err));
  VS_TRY(vs_bind_expr(scope, expr->as.binary.right, &sides[1], err));
  if (op != VS_OP_CONCAT) VS_TRY(vs_unit_sides(scope, sides, err));
  return vs_apply(scope->binder, operator_name(op), sides, 2, expr->span, ret_bound, err);
}

static vs_status bind_unary(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                            struct vs_error *err) {
  struct vs_bound *operand = NULL;
  VS_TRY(vs_bind_expr(scope, expr->as.unary.operand, &operand, err));
  if (expr->as.unary.op == VS_OP_NOT) VS_TRY(vs_apply_boolean(scope->binder, operand, "NOT", &operand, err));
  return vs_apply(scope->binder, operator_name(expr->as.unary.op), &operand, 1, expr->span, ret_bound, err);
}

static vs_status negate(struct vs_scope *scope, bool is_not, struct vs_bound *bound, struct vs_span span,
                        struct vs_bound **ret_bound, struct vs_error *err) {
  if (is_not) return vs_apply(scope->binder, "NOT", &bound, 1, span, ret_bound, err);
  *ret_bound = bound;
  return VS_OK;
}

static vs_status bind_is(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                         struct vs_error *err) {
  static const char *const names[][2] = {[VS_IS_NULL] = {"IS NULL", "IS NOT NULL"},
                                         [VS_IS_TRUE] = {"IS TRUE", "IS NOT TRUE"},
                                         [VS_IS_FALSE] = {"IS FALSE", "IS NOT FALSE"},
                                         [VS_IS_UNKNOWN] = {"IS UNKNOWN", "IS NOT UNKNOWN"}};
  struct vs_bound *operand = NULL;
  VS_TRY(vs_bind_expr(scope, expr->as.is.operand, &operand, err));
  if (expr->as.is.what != VS_IS_NULL)
    VS_TRY(vs_apply_boolean(scope->binder, operand, "IS TRUE, FALSE or UNKNOWN", &operand, err));
  return vs_apply(scope->binder, names[expr->as.is.what][expr->as.is.is_not], &operand, 1, expr->span, ret_bound, err);
}

static vs_status bind_between(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                              struct vs_error *err) {
  struct vs_bound *low[2], *high[2], *both = NULL;
  VS_TRY(vs_bind_expr(scope, expr->as.between.operand, &low[0], err));
  VS_TRY(vs_bind_expr(scope, expr->as.between.low, &low[1], err));
  VS_TRY(vs_bind_expr(scope, expr->as.between.high, &high[1], err));
  high[0] = low[0];
  VS_TRY(vs_unit_sides(scope, low, err));
  VS_TRY(vs_unit_sides(scope, high, err));
  struct vs_bound *above = NULL, *below = NULL;
  VS_TRY(vs_apply(scope->binder, ">=", low, 2, expr->span, &above, err));
  VS_TRY(vs_apply(scope->binder, "<=", high, 2, expr->span, &below, err));
  VS_TRY(vs_apply_both(scope->binder, VS_BOUND_AND, above, below, expr->span, &both, err));
  return negate(scope, expr->as.between.is_not, both, expr->span, ret_bound, err);
}

static vs_status bind_like(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                           struct vs_error *err) {
  static const char *const names[] = {[VS_LIKE] = "LIKE", [VS_ILIKE] = "ILIKE", [VS_RLIKE] = "RLIKE"};
  struct vs_bound *arguments[3] = {NULL, NULL, NULL}, *match = NULL;
  uint32_t count = expr->as.like.escape ? 3 : 2;
  VS_TRY(vs_bind_expr(scope, expr->as.like.operand, &arguments[0], err));
  VS_TRY(vs_bind_expr(scope, expr->as.like.pattern, &arguments[1], err));
  if (expr->as.like.escape) VS_TRY(vs_bind_expr(scope, expr->as.like.escape, &arguments[2], err));
  VS_TRY(vs_apply(scope->binder, names[expr->as.like.how], arguments, count, expr->span, &match, err));
  return negate(scope, expr->as.like.is_not, match, expr->span, ret_bound, err);
}

/* ---- IN (list) ---- */
static vs_status in_equals(struct vs_scope *scope, struct vs_bound *operand, struct vs_bound *item,
                           struct vs_bound **any, struct vs_span span, struct vs_error *err) {
  struct vs_bound *sides[2] = {operand, item}, *equal = NULL;
  VS_TRY(vs_unit_sides(scope, sides, err));
  VS_TRY(vs_apply(scope->binder, "=", sides, 2, item->span, &equal, err));
  if (!*any)
    *any = equal;
  else
    VS_TRY(vs_apply_both(scope->binder, VS_BOUND_OR, *any, equal, span, any, err));
  return VS_OK;
}

static const struct vs_parameter *list_parameter(const struct vs_scope *scope, const struct vs_expr *expr) {
  const struct vs_plan_context *context = scope->binder->context;
  if (expr->kind != VS_EXPR_PARAMETER) return NULL;
  for (uint32_t i = 0; i < context->parameter_count; i++)
    if (context->parameters[i].list && vs_str_equal(context->parameters[i].name, expr->as.name.parts[0].text))
      return &context->parameters[i];
  return NULL;
}

static vs_status in_parameter(struct vs_scope *scope, const struct vs_parameter *parameter, struct vs_bound *operand,
                              const struct vs_expr *item, struct vs_bound **any, struct vs_error *err) {
  for (uint32_t i = 0; i < parameter->list_count; i++) {
    struct vs_bound *constant = vs_bound_constant(scope->binder, &parameter->list[i], item->span);
    if (!constant) return vs_fail_memory(err);
    VS_TRY(in_equals(scope, operand, constant, any, item->span, err));
  }
  return VS_OK;
}

static vs_status bind_in(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                         struct vs_error *err) {
  struct vs_bound *operand = NULL, *any = NULL;
  if (expr->as.in.query) return vs_not_yet(err, expr->span, "IN with a subquery");
  VS_TRY(vs_bind_expr(scope, expr->as.in.operand, &operand, err));
  for (uint32_t i = 0; i < expr->as.in.list.count; i++) {
    const struct vs_expr *item = expr->as.in.list.items[i];
    const struct vs_parameter *parameter = list_parameter(scope, item);
    struct vs_bound *bound = NULL;
    if (parameter) {
      VS_TRY(in_parameter(scope, parameter, operand, item, &any, err));
      continue;
    }
    VS_TRY(vs_bind_expr(scope, item, &bound, err));
    VS_TRY(in_equals(scope, operand, bound, &any, expr->span, err));
  }
  if (!any) { /* IN over an empty list parameter */
    struct vs_value never = {.type = VS_TYPE(BOOLEAN)};
    VS_TRY(bind_constant(scope, &never, expr->span, &any, err));
  }
  return negate(scope, expr->as.in.is_not, any, expr->span, ret_bound, err);
}

static vs_status bind_cast(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                           struct vs_error *err) {
  struct vs_bound *operand = NULL;
  vs_type_id target = expr->as.cast.type->type.id;
  if (target == VS_TYPE_ARRAY || target == VS_TYPE_MAP || target == VS_TYPE_STRUCT)
    return vs_not_yet(err, expr->as.cast.type->span, "a nested type");
  VS_TRY(vs_bind_expr(scope, expr->as.cast.operand, &operand, err));
  VS_TRY(vs_unit_cast(scope, expr->as.cast.type->type, &operand, err));
  return vs_apply_cast(scope->binder, operand, expr->as.cast.type->type, expr->as.cast.is_try, expr->span, ret_bound,
                       err);
}

static vs_status bind_star(struct vs_scope *scope, const struct vs_expr *expr, struct vs_error *err) {
  (void)scope;
  return vs_fail_hint(err, vs_fail(err, VS_CODE_UNEXPECTED_TOKEN, expr->span, "* stands for columns and is no value"),
                      "it may stand in the SELECT list and in COUNT(*)");
}

static vs_status bind_at_zone(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                              struct vs_error *err) {
  (void)scope;
  (void)ret_bound;
  return vs_not_yet(err, expr->span, "AT TIME ZONE");
}

static vs_status bind_kind(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                           struct vs_error *err) {
  switch (expr->kind) {
  case VS_EXPR_LITERAL: return bind_constant(scope, &expr->as.literal, expr->span, ret_bound, err);
  case VS_EXPR_INTERVAL: return bind_interval(scope, expr, ret_bound, err);
  case VS_EXPR_PARAMETER: return vs_bind_parameter(scope, expr, ret_bound, err);
  case VS_EXPR_COLUMN: return vs_bind_name(scope, expr, ret_bound, err);
  case VS_EXPR_STAR: return bind_star(scope, expr, err);
  case VS_EXPR_UNARY: return bind_unary(scope, expr, ret_bound, err);
  case VS_EXPR_BINARY: return bind_binary(scope, expr, ret_bound, err);
  case VS_EXPR_IS: return bind_is(scope, expr, ret_bound, err);
  case VS_EXPR_BETWEEN: return bind_between(scope, expr, ret_bound, err);
  case VS_EXPR_IN: return bind_in(scope, expr, ret_bound, err);
  case VS_EXPR_LIKE: return bind_like(scope, expr, ret_bound, err);
  case VS_EXPR_CASE: return vs_bind_case(scope, expr, ret_bound, err);
  case VS_EXPR_CAST: return bind_cast(scope, expr, ret_bound, err);
  case VS_EXPR_CALL: return vs_bind_call(scope, expr, ret_bound, err);
  case VS_EXPR_INDEX: return vs_not_yet(err, expr->span, "an array subscript");
  case VS_EXPR_ARRAY: return vs_not_yet(err, expr->span, "an array");
  case VS_EXPR_ROW: return vs_not_yet(err, expr->span, "a row of values");
  case VS_EXPR_SUBQUERY: return vs_not_yet(err, expr->span, "a scalar subquery");
  case VS_EXPR_EXISTS: return vs_not_yet(err, expr->span, "EXISTS");
  case VS_EXPR_QUANTIFIED: return vs_not_yet(err, expr->span, "ANY or ALL with a subquery");
  case VS_EXPR_AT_ZONE: return bind_at_zone(scope, expr, ret_bound, err);
  }
  return vs_not_yet(err, expr->span, "this expression");
}

vs_status vs_bind_expr(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                       struct vs_error *err) {
  struct vs_bound *key = NULL;
  if (scope->grouping && scope->grouping->key_count && !scope->only_outputs) {
    VS_TRY(vs_group_find_key(scope, expr, &key, err));
    if (key) {
      *ret_bound = key;
      return VS_OK;
    }
  }
  if (++scope->binder->depth > 1000)
    return vs_fail(err, VS_CODE_TOO_DEEP, expr->span, "the expression is nested too deep");
  vs_status status = bind_kind(scope, expr, ret_bound, err);
  scope->binder->depth--;
  return status;
}

vs_status vs_bind_condition(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                            struct vs_error *err) {
  struct vs_bound *bound = NULL;
  VS_TRY(vs_bind_expr(scope, expr, &bound, err));
  return vs_apply_boolean(scope->binder, bound, scope->clause, ret_bound, err);
}
