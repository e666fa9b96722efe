/* SPDX-License-Identifier: Apache-2.0
 * Aggregates: arguments over rows, result as a column above the groups. The same call written twice is one item. */
#include "engine/plan/binder.h"

static vs_status misplaced(struct vs_scope *scope, const struct vs_expr *expr, const struct vs_aggregate *aggregate,
                           struct vs_error *err) {
  if (scope->inside_aggregate)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_MISPLACED_AGGREGATE, expr->span,
                                "%s stands inside %s: aggregates do not nest", aggregate->name,
                                scope->inside_aggregate),
                        "aggregate in a derived table first: FROM (SELECT ... GROUP BY ...)");
  if (scope->only_outputs)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_BAD_ALERT, expr->span,
                                "%s looks at output rows, not at groups: %s cannot stand in it", scope->clause,
                                aggregate->name),
                        "SELECT it with an alias and use the alias");
  bool is_where = scope->clause && scope->clause[0] == 'W';
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_MISPLACED_AGGREGATE, expr->span,
                              "%s cannot stand in %s, which looks at single rows", aggregate->name, scope->clause),
                      is_where ? "use HAVING for conditions on groups" : "use it in SELECT, HAVING or ORDER BY");
}

/* WITHIN GROUP of the percentiles: its ORDER BY expression is the first argument, what stands in parentheses the
 * second. */
static vs_status check_within(const struct vs_aggregate *aggregate, const struct vs_call *call, struct vs_error *err) {
  if (call->within.count == 0) return VS_OK;
  if (!(aggregate->flags & VS_AGG_WITHIN)) return vs_not_yet(err, call->within.span, "WITHIN GROUP of this aggregate");
  if (call->within.count > 1)
    return vs_fail(err, VS_CODE_WRONG_ARGUMENTS, call->within.span, "%s orders by one expression", aggregate->name);
  if (!call->within.items[0].is_descending) return VS_OK;
  return vs_fail_hint(err, vs_not_yet(err, call->within.span, "WITHIN GROUP (ORDER BY ... DESC)"),
                      "write the fraction 1 - p and order ascending");
}

static uint32_t argument_count_of(const struct vs_call *call) {
  return call->arguments.count + call->within.count;
}

static const struct vs_expr *argument_of(const struct vs_call *call, uint32_t index) {
  if (call->within.count == 0) return call->arguments.items[index];
  return index == 0 ? call->within.items[0].expr : call->arguments.items[index - 1];
}

static vs_status check_arguments(const struct vs_aggregate *aggregate, const struct vs_expr *expr, bool is_star,
                                 struct vs_error *err) {
  uint32_t count = argument_count_of(&expr->as.call);
  if (is_star && (aggregate->flags & VS_AGG_STAR)) return VS_OK;
  if (!is_star && count >= aggregate->argument_min && count <= aggregate->argument_max) return VS_OK;
  vs_status status = is_star ? vs_fail(err, VS_CODE_WRONG_ARGUMENTS, expr->span, "%s does not take *", aggregate->name)
                             : vs_fail(err, VS_CODE_WRONG_ARGUMENTS, expr->span, "%s does not take %u argument%s",
                                       aggregate->name, count, count == 1 ? "" : "s");
  return vs_fail_hint(err, status, "%s%s", aggregate->name, aggregate->signature);
}

static bool items_equal(const struct vs_aggregate_item *a, const struct vs_aggregate_item *b) {
  if (a->bound.aggregate != b->bound.aggregate || a->bound.add != b->bound.add || a->is_star != b->is_star ||
      a->is_distinct != b->is_distinct || a->ignore_nulls != b->ignore_nulls ||
      a->argument_count != b->argument_count || !a->filter != !b->filter)
    return false;
  for (uint32_t i = 0; i < a->argument_count; i++)
    if (!vs_bound_equal(a->arguments[i], b->arguments[i])) return false;
  return !a->filter || vs_bound_equal(a->filter, b->filter);
}

/* Identity of the aggregated expression, from 1: MIN, MAX, FIRST and LAST of one input make a candle. */
static uint32_t input_identity(struct vs_binder *binder, struct vs_grouping *grouping, struct vs_bound *argument) {
  for (uint32_t i = 0; i < grouping->input_count; i++)
    if (vs_bound_equal(grouping->input_list[i], argument)) return i + 1;
  if (!vs_binder_grow(binder, (void **)&grouping->input_list, grouping->input_count, &grouping->input_capacity,
                      sizeof(struct vs_bound *)))
    return 0;
  grouping->input_list[grouping->input_count++] = argument;
  return grouping->input_count;
}

static bool grow_items(struct vs_binder *binder, struct vs_grouping *grouping) {
  uint32_t names = grouping->item_capacity, inputs = grouping->item_capacity;
  return vs_binder_grow(binder, (void **)&grouping->item_names, grouping->item_count, &names, sizeof(struct vs_str)) &&
         vs_binder_grow(binder, (void **)&grouping->inputs, grouping->item_count, &inputs, sizeof(uint32_t)) &&
         vs_binder_grow(binder, (void **)&grouping->items, grouping->item_count, &grouping->item_capacity,
                        sizeof(struct vs_aggregate_item));
}

static vs_status add_item(struct vs_scope *scope, const struct vs_aggregate_item *item, const struct vs_expr *expr,
                          struct vs_bound **ret_bound, struct vs_error *err) {
  struct vs_grouping *grouping = scope->grouping;
  uint32_t index = 0;
  while (index < grouping->item_count && !items_equal(&grouping->items[index], item))
    index++;
  if (index == grouping->item_count) {
    if (!grow_items(scope->binder, grouping)) return vs_fail_memory(err);
    grouping->items[index] = *item;
    grouping->item_names[index] = vs_str_of(item->bound.aggregate->name);
    grouping->inputs[index] = item->argument_count ? input_identity(scope->binder, grouping, item->arguments[0]) : 0;
    grouping->item_count++;
  }
  struct vs_bound *column = vs_bound_new(scope->binder, VS_BOUND_COLUMN, item->bound.result, true, expr->span);
  if (!column) return vs_fail_memory(err);
  column->as.column = grouping->key_count + index;
  *ret_bound = column;
  return VS_OK;
}

static vs_status bind_arguments(struct vs_scope *rows, const struct vs_expr *expr, struct vs_aggregate_item *item,
                                struct vs_error *err) {
  const struct vs_call *call = &expr->as.call;
  item->arguments = vs_binder_alloc(rows->binder, sizeof *item->arguments, argument_count_of(call));
  if (!item->arguments) return vs_fail_memory(err);
  for (uint32_t i = 0; i < argument_count_of(call) && !item->is_star; i++)
    VS_TRY(vs_bind_expr(rows, argument_of(call, i), &item->arguments[i], err));
  item->argument_count = item->is_star ? 0 : argument_count_of(call);
  if (call->filter) {
    struct vs_scope filter = *rows;
    filter.clause = "FILTER";
    VS_TRY(vs_bind_condition(&filter, call->filter, &item->filter, err));
  }
  return VS_OK;
}

vs_status vs_bind_aggregate(struct vs_scope *scope, const struct vs_expr *expr, const struct vs_aggregate *aggregate,
                            struct vs_bound **ret_bound, struct vs_error *err) {
  const struct vs_call *call = &expr->as.call;
  bool is_star = call->arguments.count == 1 && call->arguments.items[0]->kind == VS_EXPR_STAR;
  if (!scope->grouping || scope->only_outputs) return misplaced(scope, expr, aggregate, err);
  VS_TRY(check_within(aggregate, call, err));
  VS_TRY(check_arguments(aggregate, expr, is_star, err));
  struct vs_aggregate_item item = {.is_star = is_star,
                                   .ignore_nulls = call->ignore_nulls,
                                   .is_distinct = call->is_distinct && !(aggregate->flags & VS_AGG_IGNORES_DISTINCT)};
  struct vs_scope rows = *scope;
  rows.grouping = NULL;
  rows.inside_aggregate = aggregate->name;
  VS_TRY(bind_arguments(&rows, expr, &item, err));
  struct vs_binding binding;
  VS_TRY(vs_binding_init(scope->binder, item.arguments, item.argument_count, expr->span, &binding, err));
  VS_TRY(aggregate->bind(aggregate, &binding, call->ignore_nulls, &item.bound, err));
  item.bound.aggregate = aggregate;
  item.bound.span = expr->span;
  VS_TRY(vs_binding_casts(scope->binder, &binding, item.arguments, err));
  return add_item(scope, &item, expr, ret_bound, err);
}
