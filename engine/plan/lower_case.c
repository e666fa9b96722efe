/* SPDX-License-Identifier: Apache-2.0
 * Everything lazy becomes one CASE: CASE with and without operand, COALESCE, IFNULL, NVL, NULLIF, IF. */
#include "engine/plan/binder.h"

/* A whole number written in the text is as wide as it looks: COALESCE(price, 0) stays what price is. */
static struct vs_type type_as_written(const struct vs_bound *bound) {
  if (bound->type.id != VS_TYPE_INTEGER || !vs_bound_is_constant(bound) || bound->as.constant.is_null)
    return bound->type;
  uint8_t digits = 1;
  for (int64_t rest = bound->as.constant.as.integer / 10; rest; rest /= 10)
    digits++;
  return vs_type_decimal(digits, 0);
}

static bool has_decimal(struct vs_bound ***results, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if ((*results[i])->type.id == VS_TYPE_DECIMAL) return true;
  return false;
}

static vs_status common_type(struct vs_bound ***results, uint32_t count, const char *what, struct vs_type *ret_type,
                             struct vs_error *err) {
  struct vs_type type = VS_TYPE(NULL);
  bool is_narrow = has_decimal(results, count);
  char first[32], second[32];
  for (uint32_t i = 0; i < count; i++) {
    const struct vs_bound *result = *results[i];
    if (!vs_type_common(type, is_narrow ? type_as_written(result) : result->type, &type))
      return vs_fail_hint(err,
                          vs_fail(err, VS_CODE_TYPE_CLASH, result->span, "%s gives %s here and %s elsewhere", what,
                                  vs_type_print(result->type, first), vs_type_print(type, second)),
                          "CAST one of them: CAST(x AS %s)", vs_type_print(type, second));
  }
  *ret_type = type;
  return VS_OK;
}

/* Gives all results one type and makes the CASE. */
static vs_status new_case(struct vs_binder *binder, struct vs_bound_when *whens, uint32_t when_count,
                          struct vs_bound *otherwise, const char *what, struct vs_span span,
                          struct vs_bound **ret_bound, struct vs_error *err) {
  struct vs_bound ***results = vs_binder_alloc(binder, sizeof *results, when_count + 1);
  uint32_t count = 0;
  struct vs_type type = VS_TYPE(NULL);
  if (!results) return vs_fail_memory(err);
  bool is_nullable = !otherwise || otherwise->is_nullable;
  for (uint32_t i = 0; i < when_count; i++)
    results[count++] = &whens[i].result;
  if (otherwise) results[count++] = &otherwise;
  VS_TRY(common_type(results, count, what, &type, err));
  for (uint32_t i = 0; i < count; i++) {
    is_nullable |= (*results[i])->is_nullable;
    VS_TRY(vs_apply_cast(binder, *results[i], type, false, (*results[i])->span, results[i], err));
  }
  struct vs_bound *bound = vs_bound_new(binder, VS_BOUND_CASE, type, is_nullable, span);
  if (!bound) return vs_fail_memory(err);
  bound->as.cases.whens = whens;
  bound->as.cases.when_count = when_count;
  bound->as.cases.otherwise = otherwise;
  *ret_bound = bound;
  return VS_OK;
}

static vs_status bind_when(struct vs_scope *scope, const struct vs_when *when, struct vs_bound *operand,
                           struct vs_bound_when *ret_when, struct vs_error *err) {
  struct vs_bound *condition = NULL;
  VS_TRY(vs_bind_expr(scope, when->condition, &condition, err));
  if (operand) {
    struct vs_bound *sides[2] = {operand, condition};
    VS_TRY(vs_apply(scope->binder, "=", sides, 2, when->condition->span, &condition, err));
  }
  VS_TRY(vs_apply_boolean(scope->binder, condition, "WHEN", &ret_when->condition, err));
  return vs_bind_expr(scope, when->result, &ret_when->result, err);
}

vs_status vs_bind_case(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                       struct vs_error *err) {
  uint32_t count = expr->as.cases.when_count;
  struct vs_bound_when *whens = vs_binder_alloc(scope->binder, sizeof *whens, count);
  struct vs_bound *operand = NULL, *otherwise = NULL;
  if (!whens) return vs_fail_memory(err);
  if (expr->as.cases.operand) VS_TRY(vs_bind_expr(scope, expr->as.cases.operand, &operand, err));
  for (uint32_t i = 0; i < count; i++)
    VS_TRY(bind_when(scope, &expr->as.cases.whens[i], operand, &whens[i], err));
  if (expr->as.cases.otherwise) VS_TRY(vs_bind_expr(scope, expr->as.cases.otherwise, &otherwise, err));
  return new_case(scope->binder, whens, count, otherwise, "CASE", expr->span, ret_bound, err);
}

/* ---- functions that are a CASE ---- */
static vs_status coalesce(struct vs_scope *scope, struct vs_bound **arguments, uint32_t count, const char *what,
                          struct vs_span span, struct vs_bound **ret_bound, struct vs_error *err) {
  struct vs_bound_when *whens = vs_binder_alloc(scope->binder, sizeof *whens, count);
  if (!whens) return vs_fail_memory(err);
  for (uint32_t i = 0; i + 1 < count; i++) {
    VS_TRY(vs_apply(scope->binder, "IS NOT NULL", &arguments[i], 1, arguments[i]->span, &whens[i].condition, err));
    whens[i].result = arguments[i];
  }
  VS_TRY(new_case(scope->binder, whens, count - 1, arguments[count - 1], what, span, ret_bound, err));
  (*ret_bound)->is_nullable = arguments[count - 1]->is_nullable;
  return VS_OK;
}

static vs_status nullif(struct vs_scope *scope, struct vs_bound **arguments, struct vs_span span,
                        struct vs_bound **ret_bound, struct vs_error *err) {
  struct vs_bound_when *when = vs_binder_alloc(scope->binder, sizeof *when, 1);
  struct vs_value null = vs_value_null(arguments[0]->type);
  if (!when) return vs_fail_memory(err);
  VS_TRY(vs_apply(scope->binder, "=", arguments, 2, span, &when->condition, err));
  when->result = vs_bound_constant(scope->binder, &null, span);
  return when->result ? new_case(scope->binder, when, 1, arguments[0], "NULLIF", span, ret_bound, err)
                      : vs_fail_memory(err);
}

static vs_status choose(struct vs_scope *scope, struct vs_bound **arguments, uint32_t count, struct vs_span span,
                        struct vs_bound **ret_bound, struct vs_error *err) {
  struct vs_bound_when *when = vs_binder_alloc(scope->binder, sizeof *when, 1);
  if (!when) return vs_fail_memory(err);
  VS_TRY(vs_apply_boolean(scope->binder, arguments[0], "IF", &when->condition, err));
  when->result = arguments[1];
  return new_case(scope->binder, when, 1, count > 2 ? arguments[2] : NULL, "IF", span, ret_bound, err);
}

typedef enum { COALESCE, NULLIF, CHOOSE } conditional_how;
static const struct conditional {
  const char *name, *signature;
  conditional_how how;
  uint32_t argument_min, argument_max;
} conditionals[] = {
    {"COALESCE", "(x, ...)", COALESCE, 1, 64},
    {"IFNULL", "(x, otherwise)", COALESCE, 2, 2},
    {"NVL", "(x, otherwise)", COALESCE, 2, 2},
    {"NULLIF", "(a, b)", NULLIF, 2, 2},
    {"IF", "(condition, then [, otherwise])", CHOOSE, 2, 3},
};

static const struct conditional *find_conditional(struct vs_str name) {
  for (size_t i = 0; i < VS_COUNT_OF(conditionals); i++)
    if (vs_str_equal_nocase(name, vs_str_of(conditionals[i].name))) return &conditionals[i];
  return NULL;
}

vs_status vs_bind_conditional(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                              struct vs_error *err) {
  const struct vs_call *call = &expr->as.call;
  const struct conditional *row = find_conditional(call->name.text);
  struct vs_bound *arguments[64];
  *ret_bound = NULL;
  if (!row) return VS_OK;
  uint32_t count = call->arguments.count;
  if (count < row->argument_min || count > row->argument_max)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_WRONG_ARGUMENTS, expr->span, "%s does not take %u argument%s", row->name,
                                count, count == 1 ? "" : "s"),
                        "%s%s", row->name, row->signature);
  for (uint32_t i = 0; i < count; i++)
    VS_TRY(vs_bind_expr(scope, call->arguments.items[i], &arguments[i], err));
  switch (row->how) {
  case COALESCE: return coalesce(scope, arguments, count, row->name, expr->span, ret_bound, err);
  case NULLIF: return nullif(scope, arguments, expr->span, ret_bound, err);
  case CHOOSE: return choose(scope, arguments, count, expr->span, ret_bound, err);
  }
  return VS_OK;
}
