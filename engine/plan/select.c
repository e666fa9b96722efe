/* SPDX-License-Identifier: Apache-2.0
 * One SELECT from its FROM to its LIMIT. Order of binding: source, WHERE, output names, groups and window, select list,
 * HAVING, ORDER BY, alerts; then the nodes in order of execution: filter, aggregate, having, project, distinct, sort,
 * limit. */
#include "engine/plan/binder.h"

struct work {
  struct vs_binder *binder;
  const struct vs_query *query;
  const struct vs_select *select;
  vs_emit wanted, emit;
  bool is_root, is_grouped;
  struct vs_relation input;
  struct vs_outputs outputs;
  struct vs_grouping grouping;
  struct vs_scope scope; /* of the select list and what stands above it */
  struct vs_bound *having;
  struct vs_order order;
  struct vs_node *node; /* the top so far */
  uint32_t *columns;    /* output -> column of the project */
  uint32_t *key_outputs, key_count;
  int event_time; /* output that sets it; -1 */
};

/* ---- source ---- */
static bool has_aggregates(const struct vs_query *query, const struct vs_select *select) {
  for (uint32_t i = 0; i < select->item_count; i++)
    if (vs_expr_has_aggregate(select->items[i].expr)) return true;
  for (uint32_t i = 0; i < query->order.count; i++)
    if (vs_expr_has_aggregate(query->order.items[i].expr)) return true;
  return false;
}

/* What the source below should emit: complete rows unless this query passes changes on. */
static vs_emit wanted_below(const struct work *work) {
  bool asks =
      work->query->emit == VS_EMIT_CHANGES || (work->query->emit == VS_EMIT_DEFAULT && work->wanted == VS_EMIT_CHANGES);
  return asks && !work->is_grouped && !work->select->is_distinct ? VS_EMIT_CHANGES : VS_EMIT_FINAL;
}

static vs_status bind_source(struct work *work, struct vs_error *err) {
  struct vs_binder *binder = work->binder;
  if (!work->select->has_from) return vs_source_one_row(binder, work->select->span, &work->input, err);
  VS_TRY(vs_source_bind(binder, &work->select->from, wanted_below(work), &work->input, err));
  if (work->input.node->mode != VS_MODE_APPEND && (work->is_grouped || work->select->is_distinct))
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_NOT_YET, work->select->from.span,
                                "%s over rows that change (an aggregate without end) does not run yet",
                                work->select->is_distinct ? "DISTINCT" : "an aggregate"),
                        "give the inner query a WINDOW: its rows are final when a window closes");
  return VS_OK;
}

static vs_status filter_node(struct vs_binder *binder, struct vs_node *input, struct vs_bound *condition,
                             struct vs_span span, struct vs_node **ret_node, struct vs_error *err) {
  struct vs_node *node = VS_ARENA_NEW(binder->arena, struct vs_node);
  if (!node) return vs_fail_memory(err);
  *node = (struct vs_node){.is = VS_NODE_FILTER,
                           .input = input,
                           .schema = input->schema,
                           .mode = input->mode,
                           .is_bounded = input->is_bounded,
                           .span = span};
  node->as.filter.condition = condition;
  node->as.filter.sends_deletes = input->mode == VS_MODE_UPSERT;
  *ret_node = node;
  return VS_OK;
}

static vs_status bind_where(struct work *work, struct vs_error *err) {
  struct vs_bound *condition = NULL;
  struct vs_scope scope = {.binder = work->binder,
                           .input = &work->input,
                           .outputs = &work->outputs,
                           .visible = work->outputs.count,
                           .clause = "WHERE",
                           .aliases_are_errors = true,
                           .is_grouped_select = work->is_grouped};
  if (!work->select->where) return VS_OK;
  VS_TRY(vs_bind_condition(&scope, work->select->where, &condition, err));
  return filter_node(work->binder, work->input.node, condition, work->select->where->span, &work->input.node, err);
}

/* ---- expressions ---- */
static vs_status bind_groups(struct work *work, struct vs_error *err) {
  struct vs_scope rows = {.binder = work->binder,
                          .input = &work->input,
                          .outputs = &work->outputs,
                          .visible = work->outputs.count,
                          .clause = "GROUP BY",
                          .is_grouped_select = true};
  return work->is_grouped ? vs_group_bind(&rows, work->select, &work->grouping, err) : VS_OK;
}

static vs_status bind_items(struct work *work, struct vs_error *err) {
  work->scope = (struct vs_scope){.binder = work->binder,
                                  .input = &work->input,
                                  .grouping = work->is_grouped ? &work->grouping : NULL,
                                  .outputs = &work->outputs,
                                  .clause = "SELECT",
                                  .is_grouped_select = work->is_grouped};
  work->event_time = -1;
  for (uint32_t i = 0; i < work->outputs.listed_count; i++) {
    struct vs_output *output = &work->outputs.items[i];
    if (output->sets_event_time) work->event_time = (int)i;
    if (output->bound) continue;
    work->scope.visible = i;
    VS_TRY(vs_bind_expr(&work->scope, output->expr, &output->bound, err));
  }
  work->scope.visible = work->outputs.listed_count;
  return vs_outputs_name(work->binder, &work->outputs, err);
}

static vs_status bind_having(struct work *work, struct vs_error *err) {
  struct vs_scope scope = work->scope;
  if (!work->select->having) return VS_OK;
  if (!work->is_grouped)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_MISPLACED_AGGREGATE, work->select->having->span,
                                "HAVING needs GROUP BY, a WINDOW or an aggregate"),
                        "use WHERE for conditions on single rows");
  scope.clause = "HAVING";
  return vs_bind_condition(&scope, work->select->having, &work->having, err);
}

static vs_status decide_emit(struct work *work, struct vs_error *err) {
  struct vs_emit_facts facts = {.written = work->query->emit,
                                .wanted = work->is_root ? VS_EMIT_DEFAULT : work->wanted,
                                .is_bounded = work->input.node->is_bounded,
                                .has_aggregate = work->is_grouped,
                                .has_window = work->grouping.window != NULL,
                                .span =
                                    work->query->emit == VS_EMIT_DEFAULT ? work->select->span : work->query->emit_span};
  return vs_emit_decide(&facts, &work->emit, err);
}

/* ---- nodes ---- */
static vs_status build_groups(struct work *work, struct vs_error *err) {
  if (!work->is_grouped) return VS_OK;
  VS_TRY(vs_group_node(work->binder, &work->grouping, &work->input, work->emit, work->select->span, &work->node, err));
  if (!work->having) return VS_OK;
  return filter_node(work->binder, work->node, work->having, work->select->having->span, &work->node, err);
}

/* Keys of an UPSERT edge travel along, selected or not, so that the result can be folded. */
static vs_status carry_keys(struct work *work, struct vs_error *err) {
  uint32_t count = work->is_grouped ? work->grouping.key_count : work->input.key_count;
  if (work->node->mode != VS_MODE_UPSERT) return VS_OK;
  work->key_outputs = vs_binder_alloc(work->binder, sizeof *work->key_outputs, count + 2);
  if (!work->key_outputs) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++)
    VS_TRY(vs_outputs_carry(work->binder, &work->outputs, work->node, work->is_grouped ? i : work->input.keys[i],
                            &work->key_outputs[work->key_count++], err));
  return VS_OK;
}

static vs_status carry_bounds(struct work *work, struct vs_error *err) {
  static const vs_role roles[] = {VS_ROLE_WINDOW_START, VS_ROLE_WINDOW_END};
  if (work->select->is_distinct && !work->is_grouped)
    return VS_OK; /* rows that differ in their window only are the same row */
  bool is_own = work->grouping.window != NULL;
  for (size_t i = 0; i < VS_COUNT_OF(roles); i++) {
    uint32_t output = 0;
    int column = is_own ? (int)(work->grouping.key_count + work->grouping.item_count + i)
                        : vs_schema_find_role(work->node->schema, roles[i]);
    if (column < 0) continue;
    VS_TRY(vs_outputs_carry(work->binder, &work->outputs, work->node, (uint32_t)column, &output, err));
    if (is_own && work->key_outputs && work->node->mode == VS_MODE_UPSERT)
      work->key_outputs[work->key_count++] = output;
  }
  return VS_OK;
}

static vs_status carry_hidden(struct work *work, struct vs_error *err) {
  VS_TRY(carry_keys(work, err));
  return carry_bounds(work, err);
}

static vs_status set_event_time(struct work *work, struct vs_node *project, struct vs_error *err) {
  if (work->event_time < 0) return VS_OK;
  struct vs_relation above = work->input;
  uint32_t column = work->columns[work->event_time];
  struct vs_bound **expr = &project->as.project.exprs[column];
  if (work->is_grouped) above.units = NULL;
  if (!work->is_grouped && vs_window_is_own_time(&work->input, *expr)) return VS_OK;
  VS_TRY(vs_window_time(work->binder, &above, *expr, expr, &project->as.project.event_time_unit, err));
  project->schema->fields[column].type = (*expr)->type;
  project->as.project.event_time = (int)column;
  return VS_OK;
}

static vs_status build_project(struct work *work, struct vs_error *err) {
  struct vs_node *project = NULL;
  VS_TRY(vs_outputs_node(work->binder, &work->outputs, work->node, work->select->span, work->select->is_distinct,
                         &project, &work->columns, err));
  VS_TRY(set_event_time(work, project, err));
  work->node = project;
  return VS_OK;
}

static vs_status build_distinct(struct work *work, struct vs_error *err) {
  struct vs_node *node = VS_ARENA_NEW(work->binder->arena, struct vs_node);
  if (!work->select->is_distinct) return VS_OK;
  if (!node) return vs_fail_memory(err);
  *node = *work->node;
  node->is = VS_NODE_DISTINCT;
  node->mode = VS_MODE_APPEND; /* a row that came out once stays */
  node->input = work->node;
  memset(&node->as, 0, sizeof node->as);
  work->node = node;
  return VS_OK;
}

static vs_order_how order_how(const struct work *work) {
  bool is_changes = work->emit == VS_EMIT_CHANGES;
  bool is_written = work->query->emit == VS_EMIT_CHANGES;
  if (is_changes && (is_written || work->node->mode == VS_MODE_UPSERT)) return VS_ORDER_FOLDED;
  if (work->grouping.window) return VS_ORDER_PER_PANE;
  return work->node->is_bounded ? VS_ORDER_EXACT : VS_ORDER_ARRIVAL;
}

/* ---- result ---- */
static vs_status fill_units(struct work *work, const struct vs_node *project, struct vs_relation *relation,
                            struct vs_error *err) {
  uint32_t count = project->schema->field_count;
  relation->units = vs_binder_alloc(work->binder, sizeof *relation->units, count);
  if (!relation->units) return vs_fail_memory(err);
  relation->time_column = -1;
  for (uint32_t i = 0; i < count; i++) {
    const struct vs_bound *expr = project->as.project.exprs[i];
    if (expr->is != VS_BOUND_COLUMN || work->is_grouped) continue;
    if (work->input.units) relation->units[i] = work->input.units[expr->as.column];
    if (relation->time_column < 0 && (int)expr->as.column == work->input.time_column &&
        project->as.project.event_time < 0)
      relation->time_column = (int)i;
  }
  return VS_OK;
}

static vs_status fill_relation(struct work *work, const struct vs_node *project, struct vs_relation *ret_relation,
                               struct vs_error *err) {
  bool sets_time = project->as.project.event_time >= 0;
  *ret_relation = (struct vs_relation){.node = work->node,
                                       .qualifier = VS_STR(""),
                                       .has_event_time = work->is_grouped ? work->grouping.window || sets_time
                                                                          : work->input.has_event_time || sets_time,
                                       .has_own_watermark = work->input.has_own_watermark && !sets_time,
                                       .is_retimed = sets_time || (!work->is_grouped && work->input.is_retimed),
                                       .is_memory = work->input.is_memory};
  VS_TRY(fill_units(work, project, ret_relation, err));
  ret_relation->keys = vs_binder_alloc(work->binder, sizeof *ret_relation->keys, work->key_count);
  if (!ret_relation->keys) return vs_fail_memory(err);
  for (uint32_t i = 0; i < work->key_count; i++)
    ret_relation->keys[i] = work->columns[work->key_outputs[i]];
  ret_relation->key_count = work->key_count;
  return VS_OK;
}

static void fill_plan(struct work *work, const struct vs_node *project) {
  struct vs_plan *plan = work->binder->plan;
  plan->emit = work->emit;
  plan->is_scalar = !work->select->has_from;
  plan->event_time = vs_event_time_text(work->binder, &work->input, &work->grouping, work->is_grouped,
                                        work->event_time >= 0 ? &work->outputs.items[work->event_time] : NULL);
  (void)project;
}

static vs_status bind_all(struct work *work, struct vs_error *err) {
  VS_TRY(vs_reject_select(work->select, err));
  VS_TRY(bind_source(work, err));
  VS_TRY(vs_outputs_expand(work->binder, work->select, &work->input, work->is_grouped, &work->outputs, err));
  VS_TRY(bind_where(work, err));
  VS_TRY(bind_groups(work, err));
  VS_TRY(bind_items(work, err));
  VS_TRY(bind_having(work, err));
  VS_TRY(vs_order_bind(&work->scope, work->query, work->select->is_distinct, &work->order, err));
  if (work->is_root) {
    VS_TRY(vs_alerts_add(&work->scope, &work->outputs, err));
    VS_TRY(vs_metrics_check(&work->scope, &work->outputs, err));
  }
  return decide_emit(work, err);
}

static vs_status build_all(struct work *work, struct vs_relation *ret_relation, struct vs_error *err) {
  work->node = work->input.node;
  VS_TRY(build_groups(work, err));
  VS_TRY(carry_hidden(work, err));
  VS_TRY(build_project(work, err));
  struct vs_node *project = work->node;
  VS_TRY(build_distinct(work, err));
  VS_TRY(vs_order_nodes(work->binder, &work->order, work->columns, order_how(work), work->is_root, &work->node, err));
  if (work->is_root) {
    vs_alerts_number(work->binder, &work->outputs, work->columns);
    fill_plan(work, project);
  }
  if (work->is_grouped) work->binder->plan->has_aggregate = true;
  return fill_relation(work, project, ret_relation, err);
}

vs_status vs_bind_select(struct vs_binder *binder, const struct vs_query *query, const struct vs_select *select,
                         vs_emit wanted, bool is_root, struct vs_relation *ret_relation, struct vs_error *err) {
  struct work *work = VS_ARENA_NEW(binder->arena, struct work);
  if (!work) return vs_fail_memory(err);
  *work = (struct work){.binder = binder, .query = query, .select = select, .wanted = wanted, .is_root = is_root};
  work->is_grouped = select->has_group || select->group.count || select->window || has_aggregates(query, select) ||
                     (select->having && vs_expr_has_aggregate(select->having));
  VS_TRY(bind_all(work, err));
  return build_all(work, ret_relation, err);
}
