/* SPDX-License-Identifier: Apache-2.0
 * GROUP BY: keys, the way expressions above the groups find them, and the AGGREGATE node. */
#include "engine/plan/binder.h"

/* ---- keys ---- */
static vs_status add_key(struct vs_scope *rows, struct vs_grouping *grouping, struct vs_bound *key, struct vs_str name,
                         struct vs_error *err) {
  uint32_t names = grouping->key_capacity;
  for (uint32_t i = 0; i < grouping->key_count; i++)
    if (vs_bound_equal(grouping->keys[i], key)) return VS_OK;
  if (!vs_binder_grow(rows->binder, (void **)&grouping->key_names, grouping->key_count, &names, sizeof name) ||
      !vs_binder_grow(rows->binder, (void **)&grouping->keys, grouping->key_count, &grouping->key_capacity, sizeof key))
    return vs_fail_memory(err);
  grouping->keys[grouping->key_count] = key;
  grouping->key_names[grouping->key_count++] = name;
  return VS_OK;
}

static struct vs_str name_of(const struct vs_expr *expr) {
  if (expr && expr->kind == VS_EXPR_COLUMN) return expr->as.name.parts[expr->as.name.part_count - 1].text;
  return VS_STR("key");
}

static vs_status position_key(struct vs_scope *rows, const struct vs_expr *expr, struct vs_bound **ret_key,
                              struct vs_str *ret_name, struct vs_error *err) {
  int64_t position = expr->as.literal.as.integer;
  struct vs_outputs *outputs = rows->outputs;
  if (position < 1 || position > (int64_t)outputs->listed_count)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_BAD_POSITION, expr->span,
                                "GROUP BY position %lld: the SELECT list has %u item%s", (long long)position,
                                outputs->listed_count, outputs->listed_count == 1 ? "" : "s"),
                        "positions count from 1");
  struct vs_output *output = &outputs->items[position - 1];
  if (!output->expr) {
    *ret_key = output->bound;
    *ret_name = output->name;
    return VS_OK;
  }
  struct vs_scope left = *rows;
  left.visible = (uint32_t)position - 1;
  *ret_name = output->alias.data ? output->alias : name_of(output->expr);
  return vs_bind_expr(&left, output->expr, ret_key, err);
}

static bool is_position(const struct vs_expr *expr) {
  return expr->kind == VS_EXPR_LITERAL && expr->as.literal.type.id == VS_TYPE_INTEGER && !expr->as.literal.is_null;
}

static bool is_window_name(const struct vs_expr *expr) {
  bool is_end;
  return expr->kind == VS_EXPR_COLUMN &&
         vs_name_is_window_bound(expr->as.name.parts[expr->as.name.part_count - 1].text, &is_end);
}

static vs_status bind_item(struct vs_scope *rows, const struct vs_expr *expr, struct vs_grouping *grouping,
                           struct vs_error *err) {
  struct vs_bound *key = NULL;
  struct vs_str name = name_of(expr);
  if (grouping->window && is_window_name(expr)) return VS_OK; /* groups are per window already */
  if (is_position(expr)) {
    VS_TRY(position_key(rows, expr, &key, &name, err));
  } else {
    VS_TRY(vs_bind_expr(rows, expr, &key, err));
  }
  if (vs_bound_is_constant(key)) /* one group for all: a key that says nothing */
    vs_binder_warn(rows->binder, expr->span, "GROUP BY a constant puts all rows into one group");
  if (key->is == VS_BOUND_COLUMN)
    name = rows->input->node->schema->fields[key->as.column].name; /* as the source spells it */
  return add_key(rows, grouping, key, name, err);
}

static vs_status bind_windows(struct vs_scope *rows, const struct vs_select *select, struct vs_grouping *grouping,
                              struct vs_error *err) {
  struct vs_scope plain = *rows;
  plain.outputs = NULL;
  plain.clause = "WINDOW";
  if (select->window) VS_TRY(vs_window_bind(&plain, select->window, &grouping->window, err));
  for (uint32_t i = 0; i < select->group.count; i++) {
    const struct vs_expr *expr = select->group.items[i];
    if (!vs_call_is_window(expr)) continue;
    if (grouping->window) return vs_fail(err, VS_CODE_BAD_WINDOW, expr->span, "the query has a window already");
    VS_TRY(vs_window_bind_call(&plain, expr, &grouping->window, err));
  }
  return VS_OK;
}

vs_status vs_group_bind(struct vs_scope *rows, const struct vs_select *select, struct vs_grouping *grouping,
                        struct vs_error *err) {
  VS_TRY(bind_windows(rows, select, grouping, err));
  for (uint32_t i = 0; i < select->group.count; i++)
    if (!vs_call_is_window(select->group.items[i])) VS_TRY(bind_item(rows, select->group.items[i], grouping, err));
  return VS_OK;
}

/* ---- expressions above the groups ---- */
/* Operators make no column, so they need no try where all keys are columns: long conditions stay linear. */
static bool is_operator(const struct vs_expr *expr) {
  return expr->kind == VS_EXPR_BINARY || expr->kind == VS_EXPR_UNARY || expr->kind == VS_EXPR_IS ||
         expr->kind == VS_EXPR_BETWEEN || expr->kind == VS_EXPR_IN || expr->kind == VS_EXPR_LIKE;
}

static bool keys_are_columns(const struct vs_grouping *grouping) {
  for (uint32_t i = 0; i < grouping->key_count; i++)
    if (grouping->keys[i]->is != VS_BOUND_COLUMN) return false;
  return true;
}

static bool may_be_key(const struct vs_grouping *grouping, const struct vs_expr *expr) {
  if (is_operator(expr) && keys_are_columns(grouping)) return false;
  return expr->kind != VS_EXPR_LITERAL && expr->kind != VS_EXPR_INTERVAL && expr->kind != VS_EXPR_PARAMETER &&
         expr->kind != VS_EXPR_STAR && !vs_expr_has_aggregate(expr);
}

/* Tries the expression over rows and compares with the keys: `a.symbol`, `SYMBOL` and `symbol` are one key then. */
vs_status vs_group_find_key(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                            struct vs_error *err) {
  struct vs_grouping *grouping = scope->grouping;
  struct vs_scope rows = *scope;
  struct vs_bound *bound = NULL;
  *ret_bound = NULL;
  if (!may_be_key(grouping, expr)) return VS_OK;
  rows.grouping = NULL;
  bool was_quiet = scope->binder->is_quiet;
  uint32_t depth = scope->binder->depth;
  scope->binder->is_quiet = true;
  vs_status status = vs_bind_expr(&rows, expr, &bound, NULL);
  scope->binder->is_quiet = was_quiet;
  scope->binder->depth = depth;
  for (uint32_t i = 0; status == VS_OK && i < grouping->key_count; i++)
    if (vs_bound_equal(grouping->keys[i], bound)) {
      const struct vs_bound *key = grouping->keys[i];
      struct vs_bound *column = vs_bound_new(scope->binder, VS_BOUND_COLUMN, key->type, key->is_nullable, expr->span);
      if (!column) return vs_fail_memory(err);
      column->as.column = i;
      *ret_bound = column;
      return VS_OK;
    }
  return VS_OK;
}

struct vs_bound *vs_group_window_column(struct vs_scope *scope, bool is_end, struct vs_span span) {
  struct vs_grouping *grouping = scope->grouping;
  struct vs_binder *binder = scope->binder;
  uint32_t ends = grouping->window_capacity;
  if (!vs_binder_grow(binder, (void **)&grouping->window_is_end, grouping->window_count, &ends, sizeof(bool)) ||
      !vs_binder_grow(binder, (void **)&grouping->window_columns, grouping->window_count, &grouping->window_capacity,
                      sizeof(struct vs_bound *)))
    return NULL;
  struct vs_bound *column = vs_bound_new(binder, VS_BOUND_COLUMN, VS_TYPE(TIMESTAMP_MS), false, span);
  if (!column) return NULL;
  column->as.column = UINT32_MAX; /* numbered by vs_group_node */
  grouping->window_is_end[grouping->window_count] = is_end;
  grouping->window_columns[grouping->window_count++] = column;
  return column;
}

/* ---- the node ---- */
static void number_window_columns(struct vs_grouping *grouping) {
  for (uint32_t i = 0; i < grouping->window_count; i++)
    grouping->window_columns[i]->as.column =
        grouping->key_count + grouping->item_count + (grouping->window_is_end[i] ? 1 : 0);
}

static void fill_fields(const struct vs_grouping *grouping, const struct vs_schema *input, struct vs_field *fields) {
  for (uint32_t i = 0; i < grouping->key_count; i++) {
    const struct vs_bound *key = grouping->keys[i];
    vs_role role = vs_type_is_temporal(key->type) ? VS_ROLE_TIME : VS_ROLE_KEY;
    if (key->is == VS_BOUND_COLUMN) { /* a bound of an inner window stays one */
      vs_role below = input->fields[key->as.column].role;
      role = below == VS_ROLE_WINDOW_START || below == VS_ROLE_WINDOW_END ? below : role;
    }
    fields[i] = (struct vs_field){grouping->key_names[i], key->type, key->is_nullable, .role = role};
  }
  for (uint32_t i = 0; i < grouping->item_count; i++) {
    const struct vs_aggregate_bound *bound = &grouping->items[i].bound;
    vs_role role = vs_type_is_numeric(bound->result)    ? VS_ROLE_MEASURE
                   : vs_type_is_temporal(bound->result) ? VS_ROLE_TIME
                                                        : VS_ROLE_NONE;
    fields[grouping->key_count + i] = (struct vs_field){grouping->item_names[i],
                                                        bound->result,
                                                        true,
                                                        .role = role,
                                                        .measure = bound->aggregate->measure,
                                                        .measure_input = grouping->inputs[i]};
  }
}

static void fill_bounds(struct vs_field *fields) {
  fields[0] = (struct vs_field){VS_STR("_window_start"), VS_TYPE(TIMESTAMP_MS), false, true,
                                VS_ROLE_WINDOW_START,    VS_MEASURE_RAW,        0,     0};
  fields[1] = (struct vs_field){VS_STR("_window_end"), VS_TYPE(TIMESTAMP_MS), false, true,
                                VS_ROLE_WINDOW_END,    VS_MEASURE_RAW,        0,     0};
}

vs_status vs_group_node(struct vs_binder *binder, struct vs_grouping *grouping, const struct vs_relation *input,
                        vs_emit emit, struct vs_span span, struct vs_node **ret_node, struct vs_error *err) {
  uint32_t shown = grouping->key_count + grouping->item_count, count = shown + (grouping->window ? 2 : 0);
  struct vs_node *node = VS_ARENA_NEW(binder->arena, struct vs_node);
  struct vs_schema *schema = VS_ARENA_NEW(binder->arena, struct vs_schema);
  struct vs_field *fields = vs_binder_alloc(binder, sizeof *fields, count);
  if (!node || !schema || !fields) return vs_fail_memory(err);
  number_window_columns(grouping);
  fill_fields(grouping, input->node->schema, fields);
  if (grouping->window) fill_bounds(fields + shown);
  *schema = (struct vs_schema){fields, count, shown};
  *node = (struct vs_node){.is = VS_NODE_AGGREGATE,
                           .input = input->node,
                           .schema = schema,
                           .mode = emit == VS_EMIT_CHANGES ? VS_MODE_UPSERT : VS_MODE_APPEND,
                           .is_bounded = input->node->is_bounded,
                           .span = span};
  node->as.aggregate = (struct vs_aggregate_plan){.keys = grouping->keys,
                                                  .key_count = grouping->key_count,
                                                  .items = grouping->items,
                                                  .item_count = grouping->item_count,
                                                  .window = grouping->window,
                                                  .emit = emit};
  *ret_node = node;
  return VS_OK;
}
