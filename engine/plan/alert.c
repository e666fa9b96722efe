/* SPDX-License-Identifier: Apache-2.0
 * @alert: a condition over output columns becomes a hidden BOOLEAN column, so that rows are marked where they are made.
 */
#include "engine/plan/binder.h"
#include "engine/types/decimal.h"

/* What is wrong with a condition is shown in the annotation, not in the select list its names stand for. */
vs_status vs_bind_output_condition(const struct vs_scope *outer, const struct vs_expr *expr, const char *what,
                                   struct vs_bound **ret_bound, struct vs_error *err) {
  struct vs_scope scope = *outer;
  scope.clause = what;
  scope.only_outputs = true;
  vs_status status = vs_bind_condition(&scope, expr, ret_bound, err);
  if (status != VS_OK && err && (err->span.begin < expr->span.begin || err->span.end > expr->span.end))
    err->span = expr->span;
  return status;
}

static vs_status add_alert(struct vs_scope *scope, struct vs_outputs *outputs, const struct vs_alert *alert,
                           uint32_t index, struct vs_error *err) {
  struct vs_bound *condition = NULL;
  if (!alert->condition) return vs_fail(err, VS_CODE_BAD_ALERT, alert->span, "@alert has no condition");
  VS_TRY(vs_bind_output_condition(scope, alert->condition, "@alert", &condition, err));
  char *name = vs_arena_printf(scope->binder->arena, "_alert_%u", index + 1);
  struct vs_output output = {
      .bound = condition, .is_hidden = true, .role = VS_ROLE_ALERT, .alert_index = index, .span = alert->span};
  if (!name) return vs_fail_memory(err);
  output.name = vs_str_of(name);
  return vs_outputs_add(scope->binder, outputs, &output, err);
}

vs_status vs_alerts_add(struct vs_scope *scope, struct vs_outputs *outputs, struct vs_error *err) {
  struct vs_plan *plan = scope->binder->plan;
  plan->alert_count = plan->annotations.alert_count;
  plan->alerts = vs_binder_alloc(scope->binder, sizeof *plan->alerts, plan->alert_count);
  if (!plan->alerts) return vs_fail_memory(err);
  for (uint32_t i = 0; i < plan->alert_count; i++) {
    plan->alerts[i] = (struct vs_alert_plan){.alert = &plan->annotations.alerts[i], .measure_column = -1};
    VS_TRY(add_alert(scope, outputs, &plan->annotations.alerts[i], i, err));
  }
  return VS_OK;
}

/* ---- volatility > 0.05: the rule a chart draws ---- */
static bool number_of(const struct vs_bound *bound, double *ret_number) {
  if (!vs_bound_is_constant(bound) || bound->as.constant.is_null) return false;
  const struct vs_value *value = &bound->as.constant;
  if (value->type.id == VS_TYPE_INTEGER)
    *ret_number = (double)value->as.integer;
  else if (value->type.id == VS_TYPE_FLOAT)
    *ret_number = value->as.real;
  else if (value->type.id == VS_TYPE_DECIMAL)
    *ret_number = vs_decimal_to_double(value->as.decimal, value->type.scale);
  else
    return false;
  return true;
}

/* The condition compares with casts around the column that the select list does not have. */
static const struct vs_bound *without_cast(const struct vs_bound *bound, const struct vs_outputs *outputs) {
  for (uint32_t i = 0; i < outputs->listed_count; i++)
    if (outputs->items[i].bound == bound) return bound;
  return bound->is == VS_BOUND_CALL && bound->as.call.argument_count == 1 ? bound->as.call.arguments[0] : bound;
}

static int measure_of(const struct vs_outputs *outputs, const uint32_t *columns, const struct vs_bound *bound) {
  const struct vs_bound *bare = without_cast(bound, outputs);
  for (uint32_t i = 0; i < outputs->listed_count; i++)
    if (!outputs->items[i].is_hidden && vs_bound_equal(outputs->items[i].bound, bare)) return (int)columns[i];
  return -1;
}

static bool comparison_of(const struct vs_bound *bound, vs_operator *ret_op) {
  static const struct {
    const char *name;
    vs_operator op;
  } rows[] = {{">", VS_OP_GREATER},     {">=", VS_OP_GREATER_EQUAL}, {"<", VS_OP_LESS},
              {"<=", VS_OP_LESS_EQUAL}, {"=", VS_OP_EQUAL},          {"<>", VS_OP_NOT_EQUAL}};
  if (bound->is != VS_BOUND_CALL || bound->as.call.argument_count != 2 || !bound->as.call.call.function) return false;
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    if (strcmp(bound->as.call.call.function->name, rows[i].name) == 0) {
      *ret_op = rows[i].op;
      return true;
    }
  return false;
}

static vs_operator mirrored(vs_operator op) {
  switch (op) {
  case VS_OP_GREATER: return VS_OP_LESS;
  case VS_OP_GREATER_EQUAL: return VS_OP_LESS_EQUAL;
  case VS_OP_LESS: return VS_OP_GREATER;
  case VS_OP_LESS_EQUAL: return VS_OP_GREATER_EQUAL;
  default: return op;
  }
}

static void find_rule(const struct vs_outputs *outputs, const uint32_t *columns, const struct vs_bound *condition,
                      struct vs_alert_plan *alert) {
  vs_operator op = VS_OP_EQUAL;
  double threshold = 0;
  if (!comparison_of(condition, &op)) return;
  struct vs_bound *const *sides = condition->as.call.arguments;
  bool is_mirrored = number_of(sides[0], &threshold);
  if (!is_mirrored && !number_of(sides[1], &threshold)) return;
  int column = measure_of(outputs, columns, sides[is_mirrored ? 1 : 0]);
  if (column < 0) return;
  alert->measure_column = column;
  alert->op = is_mirrored ? mirrored(op) : op;
  alert->threshold = threshold;
}

void vs_alerts_number(struct vs_binder *binder, const struct vs_outputs *outputs, const uint32_t *columns) {
  for (uint32_t i = 0; i < outputs->count; i++) {
    const struct vs_output *output = &outputs->items[i];
    if (!output->is_hidden || output->role != VS_ROLE_ALERT || i < outputs->listed_count) continue;
    struct vs_alert_plan *alert = &binder->plan->alerts[output->alert_index];
    alert->column = columns[i];
    find_rule(outputs, columns, output->bound, alert);
  }
}
