/* SPDX-License-Identifier: Apache-2.0
 * CREATE STREAM s (a INTEGER, b STRING) AS SELECT ...: the column list renames and casts the select list by position;
 * WITH q(a, b) AS (SELECT ...) renames it alone. */
#include "engine/plan/binder.h"

static vs_status check_count(const struct vs_schema *schema, uint32_t column_count, struct vs_span span,
                             struct vs_error *err) {
  if (schema->shown_count == column_count) return VS_OK;
  return vs_fail(err, VS_CODE_TYPE_CLASH, span, "the column list names %u column%s, the query selects %u", column_count,
                 column_count == 1 ? "" : "s", schema->shown_count);
}

static vs_status declare_one(struct vs_binder *binder, const struct vs_column_def *column, struct vs_bound **expr,
                             struct vs_field *field, struct vs_error *err) {
  struct vs_type type = column->type.type;
  VS_TRY(vs_apply_cast(binder, *expr, type, false, column->span, expr, err));
  field->name = vs_binder_copy(binder, column->name.text);
  if (!vs_type_equal(field->type, type) && field->role == VS_ROLE_NONE && vs_type_is_numeric(type))
    field->role = VS_ROLE_MEASURE;
  field->type = type;
  if (column->is_primary_key) field->role = VS_ROLE_KEY;
  return VS_OK;
}

vs_status vs_columns_declare(struct vs_binder *binder, const struct vs_column_def *columns, uint32_t column_count,
                             struct vs_relation *relation, struct vs_span span, struct vs_error *err) {
  struct vs_node *below = relation->node, *node = VS_ARENA_NEW(binder->arena, struct vs_node);
  uint32_t count = below->schema->field_count;
  struct vs_bound **exprs = vs_binder_alloc(binder, sizeof *exprs, count);
  struct vs_field *fields = vs_binder_alloc(binder, sizeof *fields, count);
  struct vs_schema *schema = VS_ARENA_NEW(binder->arena, struct vs_schema);
  VS_TRY(check_count(below->schema, column_count, span, err));
  if (!node || !exprs || !fields || !schema) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++) {
    fields[i] = below->schema->fields[i];
    exprs[i] = vs_bound_column(binder, below, i, span);
    if (!exprs[i]) return vs_fail_memory(err);
    if (i < column_count) VS_TRY(declare_one(binder, &columns[i], &exprs[i], &fields[i], err));
  }
  *schema = (struct vs_schema){fields, count, below->schema->shown_count};
  *node = *below;
  node->is = VS_NODE_PROJECT;
  node->input = below;
  node->schema = schema;
  memset(&node->as, 0, sizeof node->as);
  node->as.project.exprs = exprs;
  node->as.project.expr_count = count;
  node->as.project.event_time = -1;
  relation->node = node;
  return VS_OK;
}

vs_status vs_columns_rename(struct vs_binder *binder, const struct vs_idents *names, struct vs_relation *relation,
                            struct vs_span span, struct vs_error *err) {
  const struct vs_schema *schema = relation->node->schema;
  struct vs_column_def *columns = vs_binder_alloc(binder, sizeof *columns, names->count);
  if (!columns) return vs_fail_memory(err);
  VS_TRY(check_count(schema, names->count, span, err));
  for (uint32_t i = 0; i < names->count; i++)
    columns[i] = (struct vs_column_def){
        .name = names->items[i], .type = {.type = schema->fields[i].type}, .span = names->items[i].span};
  return vs_columns_declare(binder, columns, names->count, relation, span, err);
}
