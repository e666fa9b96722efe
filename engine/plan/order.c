/* SPDX-License-Identifier: Apache-2.0
 * ORDER BY and LIMIT (spec/sql.md 0): every sort key is a column of the output, hidden when it is not selected. */
#include "engine/plan/binder.h"

static vs_status position_of(const struct vs_outputs *outputs, const struct vs_expr *expr, uint32_t *ret_output,
                             struct vs_error *err) {
  int64_t position = expr->as.literal.as.integer;
  if (position < 1 || position > (int64_t)outputs->listed_count)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_BAD_POSITION, expr->span,
                                "ORDER BY position %lld: the SELECT list has %u item%s", (long long)position,
                                outputs->listed_count, outputs->listed_count == 1 ? "" : "s"),
                        "positions count from 1");
  *ret_output = (uint32_t)position - 1;
  return VS_OK;
}

static int find_equal(const struct vs_outputs *outputs, const struct vs_bound *bound) {
  for (uint32_t i = 0; i < outputs->count; i++)
    if (outputs->items[i].bound && !outputs->items[i].sets_event_time && vs_bound_equal(outputs->items[i].bound, bound))
      return (int)i;
  return VS_LOOKUP_NONE;
}

static vs_status hidden_key(struct vs_scope *scope, struct vs_bound *bound, bool is_distinct, uint32_t *ret_output,
                            struct vs_error *err) {
  if (is_distinct)
    return vs_fail_hint(
        err, vs_fail(err, VS_CODE_NOT_GROUPED, bound->span, "SELECT DISTINCT can be ordered by what it selects only"),
        "add the expression to the SELECT list");
  char *name = vs_arena_printf(scope->binder->arena, "_order_%u", scope->outputs->count + 1);
  struct vs_output output = {.bound = bound, .name = vs_str_of(name), .is_hidden = true, .span = bound->span};
  if (!name) return vs_fail_memory(err);
  *ret_output = scope->outputs->count;
  return vs_outputs_add(scope->binder, scope->outputs, &output, err);
}

static vs_status bind_key(struct vs_scope *scope, const struct vs_expr *expr, bool is_distinct, uint32_t *ret_output,
                          struct vs_error *err) {
  struct vs_bound *bound = NULL;
  if (expr->kind == VS_EXPR_LITERAL && expr->as.literal.type.id == VS_TYPE_INTEGER && !expr->as.literal.is_null)
    return position_of(scope->outputs, expr, ret_output, err);
  if (expr->kind == VS_EXPR_COLUMN && expr->as.name.part_count == 1) {
    int alias = vs_scope_find_output(scope->outputs, scope->visible, expr->as.name.parts[0].text);
    if (alias >= 0 && !scope->outputs->items[alias].sets_event_time) {
      *ret_output = (uint32_t)alias;
      return VS_OK;
    }
  }
  VS_TRY(vs_bind_expr(scope, expr, &bound, err));
  int same = find_equal(scope->outputs, bound);
  if (same >= 0) {
    *ret_output = (uint32_t)same;
    return VS_OK;
  }
  return hidden_key(scope, bound, is_distinct, ret_output, err);
}

/* ---- LIMIT, OFFSET ---- */
static vs_status bind_count(struct vs_binder *binder, const struct vs_expr *expr, const char *what, int64_t *ret_count,
                            struct vs_error *err) {
  const struct vs_value *value = NULL;
  if (expr->kind == VS_EXPR_PARAMETER)
    VS_TRY(vs_parameter_get(binder->context, &expr->as.name.parts[0], &value, err));
  else if (expr->kind == VS_EXPR_LITERAL)
    value = &expr->as.literal;
  if (!value || value->is_null || value->type.id != VS_TYPE_INTEGER || value->as.integer < 0)
    return vs_fail_hint(err, vs_fail(err, VS_CODE_TYPE_CLASH, expr->span, "%s takes a whole number from 0", what),
                        "LIMIT 10, or LIMIT :n with an integer parameter");
  *ret_count = value->as.integer;
  return VS_OK;
}

vs_status vs_order_bind(struct vs_scope *scope, const struct vs_query *query, bool is_distinct,
                        struct vs_order *ret_order, struct vs_error *err) {
  uint32_t count = query->order.count;
  *ret_order =
      (struct vs_order){.count = count, .limit = -1, .span = query->order.span, .limit_span = query->limit_span};
  ret_order->keys = vs_binder_alloc(scope->binder, sizeof *ret_order->keys, count);
  ret_order->outputs = vs_binder_alloc(scope->binder, sizeof *ret_order->outputs, count);
  if (!ret_order->keys || !ret_order->outputs) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++) {
    const struct vs_sort_item *item = &query->order.items[i];
    VS_TRY(bind_key(scope, item->expr, is_distinct, &ret_order->outputs[i], err));
    ret_order->keys[i].is_descending = item->is_descending;
    ret_order->keys[i].nulls_first = item->nulls == VS_SORT_NULLS_FIRST;
  }
  if (query->limit) VS_TRY(bind_count(scope->binder, query->limit, "LIMIT", &ret_order->limit, err));
  if (query->offset) VS_TRY(bind_count(scope->binder, query->offset, "OFFSET", &ret_order->offset, err));
  return VS_OK;
}

/* ---- nodes ---- */
static vs_status key_columns(struct vs_binder *binder, struct vs_order *order, const uint32_t *columns,
                             const struct vs_node *node, struct vs_error *err) {
  for (uint32_t i = 0; i < order->count; i++) {
    order->keys[i].expr = vs_bound_column(binder, node, columns[order->outputs[i]], order->span);
    if (!order->keys[i].expr) return vs_fail_memory(err);
  }
  return VS_OK;
}

static struct vs_node *node_above(struct vs_binder *binder, vs_node_is is, struct vs_node *input, struct vs_span span) {
  struct vs_node *node = VS_ARENA_NEW(binder->arena, struct vs_node);
  if (node)
    *node = (struct vs_node){.is = is,
                             .input = input,
                             .schema = input->schema,
                             .mode = input->mode,
                             .is_bounded = input->is_bounded,
                             .span = span};
  return node;
}

static vs_status sort_node(struct vs_binder *binder, const struct vs_order *order, bool is_per_pane,
                           struct vs_node **node, struct vs_error *err) {
  struct vs_node *sort = node_above(binder, VS_NODE_SORT, *node, order->span);
  if (!sort) return vs_fail_memory(err);
  sort->as.sort.keys = order->keys;
  sort->as.sort.key_count = order->count;
  sort->as.sort.is_per_pane = is_per_pane;
  sort->as.sort.limit =
      order->limit < 0 || order->limit > INT64_MAX - order->offset ? -1 : order->limit + order->offset;
  *node = sort;
  return VS_OK;
}

static vs_status limit_node(struct vs_binder *binder, const struct vs_order *order, bool is_per_pane,
                            struct vs_node **node, struct vs_error *err) {
  struct vs_node *limit = node_above(binder, VS_NODE_LIMIT, *node, order->limit_span);
  if (!limit) return vs_fail_memory(err);
  limit->as.limit.limit = order->limit;
  limit->as.limit.offset = order->offset;
  limit->as.limit.is_per_pane = is_per_pane;
  *node = limit;
  return VS_OK;
}

/* EMIT CHANGES with ORDER BY is a live leaderboard: what is shown is sorted and cut, the change stream is not. */
static void fold_order(struct vs_binder *binder, const struct vs_order *order, bool is_root) {
  struct vs_fold_plan *fold = &binder->plan->fold;
  const char *what = order->limit >= 0 ? "ORDER BY and LIMIT act" : "ORDER BY acts";
  if (is_root)
    vs_binder_warn(binder, order->span, "%s on the result as it is shown; the changes keep arrival order", what);
  else
    vs_binder_warn(binder, order->span, "ORDER BY below EMIT CHANGES has no effect: changes keep arrival order");
  if (!is_root) return;
  fold->order = order->keys;
  fold->order_count = order->count;
  fold->limit = order->limit;
  fold->offset = order->offset;
}

vs_status vs_order_nodes(struct vs_binder *binder, struct vs_order *order, const uint32_t *columns, vs_order_how how,
                         bool is_root, struct vs_node **node, struct vs_error *err) {
  bool has_limit = order->limit >= 0 || order->offset > 0, is_per_pane = how == VS_ORDER_PER_PANE;
  VS_TRY(key_columns(binder, order, columns, *node, err));
  if (order->count && how == VS_ORDER_FOLDED) {
    fold_order(binder, order, is_root);
    return VS_OK;
  }
  if (order->count && how == VS_ORDER_ARRIVAL)
    vs_binder_warn(binder, order->span, "ORDER BY has no effect: the input has no end, rows keep arrival order");
  else if (order->count)
    VS_TRY(sort_node(binder, order, is_per_pane, node, err));
  return has_limit ? limit_node(binder, order, is_per_pane, node, err) : VS_OK;
}
