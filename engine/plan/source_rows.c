/* SPDX-License-Identifier: Apache-2.0
 * Scans of rows kept in memory: tables and results. */
#include "engine/plan/binder.h"

/* Rows carry no event time of their own: a projection sets it from the column that held it. */
static vs_status rows_with_time(struct vs_binder *binder, struct vs_relation *relation, int column, bool is_window_end,
                                struct vs_error *err) {
  struct vs_node *below = relation->node, *node = VS_ARENA_NEW(binder->arena, struct vs_node);
  uint32_t count = below->schema->field_count;
  struct vs_bound **exprs = vs_binder_alloc(binder, sizeof *exprs, count + 1);
  struct vs_field *fields = vs_binder_alloc(binder, sizeof *fields, count + 1);
  struct vs_schema *schema = VS_ARENA_NEW(binder->arena, struct vs_schema);
  if (!node || !exprs || !fields || !schema) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++) {
    exprs[i] = vs_bound_column(binder, below, i, below->span);
    fields[i] = below->schema->fields[i];
    if (!exprs[i]) return vs_fail_memory(err);
  }
  struct vs_bound *time = exprs[column];
  vs_epoch_unit unit = relation->units ? relation->units[column] : VS_EPOCH_AUTO;
  if (is_window_end) { /* a row of a window happened before the window's end */
    struct vs_value one = {.type = VS_TYPE(INTEGER), .as.integer = 1};
    struct vs_bound *sides[2] = {time, vs_bound_constant(binder, &one, below->span)};
    VS_TRY(vs_apply(binder, "-", sides, 2, below->span, &time, err));
    unit = VS_EPOCH_MILLIS;
  } else {
    VS_TRY(vs_window_time(binder, relation, time, &time, &unit, err));
  }
  exprs[count] = time;
  fields[count] =
      (struct vs_field){.name = VS_STR("_event_time"), .type = time->type, .is_nullable = true, .is_hidden = true};
  *schema = (struct vs_schema){fields, count + 1, below->schema->shown_count};
  *node = (struct vs_node){
      .is = VS_NODE_PROJECT, .input = below, .schema = schema, .is_bounded = true, .span = below->span};
  node->as.project.exprs = exprs;
  node->as.project.expr_count = count + 1;
  node->as.project.event_time = (int)count;
  node->as.project.event_time_unit = unit;
  relation->node = node;
  relation->has_event_time = true;
  relation->time_column = column;
  return VS_OK;
}

vs_status vs_source_rows(struct vs_binder *binder, const struct vs_object *object, struct vs_span span,
                         struct vs_relation *ret_relation, struct vs_error *err) {
  const struct vs_schema *from = object->rows ? vs_rows_schema(object->rows) : object->schema;
  struct vs_schema *schema = vs_scan_schema(binder, from, object->time_column);
  struct vs_node *node = schema ? vs_scan_new(binder, schema, object->name, span) : NULL;
  if (!node) return vs_fail_memory(err);
  node->as.scan.from = VS_SCAN_ROWS;
  node->as.scan.rows = object->rows;
  *ret_relation =
      (struct vs_relation){.node = node, .qualifier = node->as.scan.name, .is_memory = true, .time_column = -1};
  if (object->is_partial)
    vs_binder_warn(binder, span, "%.*s is partial: older rows fell out when it was made", VS_STR_ARG(object->name));
  int end = vs_schema_find_role(schema, VS_ROLE_WINDOW_END);
  if (end >= 0) return rows_with_time(binder, ret_relation, end, true, err);
  if (object->time_column >= 0) return rows_with_time(binder, ret_relation, object->time_column, false, err);
  return VS_OK;
}
