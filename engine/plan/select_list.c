/* SPDX-License-Identifier: Apache-2.0
 * The SELECT list: * expanded, names given, roles and measures told, and the PROJECT node made of it. */
#include "engine/plan/binder.h"

vs_status vs_outputs_add(struct vs_binder *binder, struct vs_outputs *outputs, const struct vs_output *output,
                         struct vs_error *err) {
  if (!vs_binder_grow(binder, (void **)&outputs->items, outputs->count, &outputs->capacity, sizeof *output))
    return vs_fail_memory(err);
  outputs->items[outputs->count++] = *output;
  return VS_OK;
}

/* ---- * ---- */
static bool is_excepted(const struct vs_idents *except, struct vs_str name, bool *used) {
  for (uint32_t i = 0; i < except->count; i++)
    if (vs_str_equal_nocase(except->items[i].text, name)) {
      used[i] = true;
      return true;
    }
  return false;
}

static vs_status check_except(const struct vs_idents *except, const bool *used, const struct vs_relation *input,
                              struct vs_error *err) {
  for (uint32_t i = 0; i < except->count; i++) {
    struct vs_suggest suggest;
    char text[200];
    if (used[i]) continue;
    vs_suggest_init(&suggest, except->items[i].text);
    for (uint32_t j = 0; j < input->node->schema->shown_count; j++)
      vs_suggest_offer(&suggest, input->node->schema->fields[j].name);
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_UNKNOWN_COLUMN, except->items[i].span,
                                "EXCEPT names '%.*s', which * does not hold", VS_STR_ARG(except->items[i].text)),
                        "%s", vs_suggest_print(&suggest, text, sizeof text));
  }
  return VS_OK;
}

static vs_status check_star(const struct vs_expr *star, const struct vs_relation *input, bool is_grouped,
                            struct vs_error *err) {
  const struct vs_name *name = &star->as.star.name;
  if (is_grouped)
    return vs_fail_hint(
        err,
        vs_fail(err, VS_CODE_NOT_GROUPED, star->span, "* stands for columns of single rows, and here rows are grouped"),
        "list the GROUP BY columns and aggregates");
  if (!input->node->schema->shown_count)
    return vs_fail_hint(
        err, vs_fail(err, VS_CODE_UNKNOWN_COLUMN, star->span, "* has nothing to stand for: the query has no FROM"),
        "add FROM 'path'");
  if (name->part_count && !vs_scope_has_qualifier(input, name->parts[0].text))
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_UNKNOWN_COLUMN, star->span, "no source is called '%.*s' here",
                                VS_STR_ARG(name->parts[0].text)),
                        "write *");
  return VS_OK;
}

static vs_status expand_star(struct vs_binder *binder, const struct vs_expr *star, const struct vs_relation *input,
                             bool is_grouped, struct vs_outputs *outputs, struct vs_error *err) {
  const struct vs_schema *schema = input->node->schema;
  const struct vs_idents *except = &star->as.star.except;
  bool *used = vs_binder_alloc(binder, sizeof *used, except->count);
  if (!used) return vs_fail_memory(err);
  VS_TRY(check_star(star, input, is_grouped, err));
  for (uint32_t i = 0; i < schema->shown_count; i++) {
    if (is_excepted(except, schema->fields[i].name, used)) continue;
    struct vs_output output = {.name = schema->fields[i].name, .span = star->span};
    output.bound = vs_bound_column(binder, input->node, i, star->span);
    if (!output.bound) return vs_fail_memory(err);
    VS_TRY(vs_outputs_add(binder, outputs, &output, err));
  }
  return check_except(except, used, input, err);
}

vs_status vs_outputs_expand(struct vs_binder *binder, const struct vs_select *select, const struct vs_relation *input,
                            bool is_grouped, struct vs_outputs *ret_outputs, struct vs_error *err) {
  for (uint32_t i = 0; i < select->item_count; i++) {
    const struct vs_item *item = &select->items[i];
    if (item->expr->kind == VS_EXPR_STAR) {
      VS_TRY(expand_star(binder, item->expr, input, is_grouped, ret_outputs, err));
      continue;
    }
    bool sets_time = item->alias.text.data && vs_str_equal_nocase(item->alias.text, VS_STR("_event_time"));
    struct vs_output output = {.expr = item->expr,
                               .alias = item->alias.text,
                               .span = item->expr->span,
                               .is_hidden = sets_time,
                               .is_primary_key = item->is_primary_key,
                               .sets_event_time = sets_time};
    VS_TRY(vs_outputs_add(binder, ret_outputs, &output, err));
  }
  ret_outputs->listed_count = ret_outputs->count;
  return VS_OK;
}

/* ---- names (spec/sql.md 3.4) ---- */
static struct vs_str lower_copy(struct vs_binder *binder, struct vs_str text) {
  char *copy = vs_arena_copy(binder->arena, text.data, text.size);
  for (size_t i = 0; copy && i < text.size; i++)
    if (copy[i] >= 'A' && copy[i] <= 'Z') copy[i] = (char)(copy[i] - 'A' + 'a');
  return copy ? (struct vs_str){copy, text.size} : VS_STR("");
}

static struct vs_str base_name(struct vs_binder *binder, const struct vs_output *output, uint32_t position) {
  if (output->alias.data) return vs_binder_copy(binder, output->alias);
  if (!output->expr) return output->name;
  if (output->expr->kind == VS_EXPR_COLUMN) {
    const struct vs_name *name = &output->expr->as.name;
    return vs_binder_copy(binder, name->parts[name->part_count - 1].text);
  }
  if (output->expr->kind == VS_EXPR_CALL) return lower_copy(binder, output->expr->as.call.name.text);
  char *text = vs_arena_printf(binder->arena, "expr_%u", position);
  return vs_str_of(text ? text : "");
}

static bool is_taken(const struct vs_outputs *outputs, uint32_t before, struct vs_str name) {
  for (uint32_t i = 0; i < before; i++)
    if (!outputs->items[i].is_hidden && vs_str_equal_nocase(outputs->items[i].name, name)) return true;
  return false;
}

vs_status vs_outputs_name(struct vs_binder *binder, struct vs_outputs *outputs, struct vs_error *err) {
  for (uint32_t i = 0; i < outputs->count; i++) {
    struct vs_output *output = &outputs->items[i];
    if (output->sets_event_time) {
      output->name = VS_STR("_event_time");
      continue;
    }
    if (output->is_hidden) continue;
    struct vs_str base = base_name(binder, output, i + 1), name = base;
    for (uint32_t n = 2; is_taken(outputs, i, name); n++) {
      char *text = vs_arena_printf(binder->arena, "%.*s_%u", VS_STR_ARG(base), n);
      if (!text) return vs_fail_memory(err);
      name = vs_str_of(text);
    }
    output->name = name;
  }
  return VS_OK;
}

/* ---- roles ---- */
static vs_role role_of_type(struct vs_type type) {
  if (vs_type_is_temporal(type)) return VS_ROLE_TIME;
  return vs_type_is_numeric(type) ? VS_ROLE_MEASURE : VS_ROLE_NONE;
}

static vs_role role_of(const struct vs_output *output, const struct vs_schema *input, bool is_distinct) {
  const struct vs_bound *bound = output->bound;
  if (output->is_hidden) return output->role; /* sort keys have none: charts look at roles, not at names */
  vs_role role = bound->is == VS_BOUND_COLUMN ? input->fields[bound->as.column].role : role_of_type(bound->type);
  if (bound->is == VS_BOUND_COLUMN && role == VS_ROLE_NONE) role = role_of_type(bound->type);
  if (role == VS_ROLE_ALERT) role = VS_ROLE_NONE;
  if (output->is_primary_key || (is_distinct && role == VS_ROLE_NONE)) return VS_ROLE_KEY;
  return role;
}

static struct vs_field field_of(const struct vs_output *output, const struct vs_schema *input, bool is_distinct) {
  struct vs_field field = {.name = output->name,
                           .type = output->bound->type,
                           .is_nullable = output->bound->is_nullable,
                           .is_hidden = output->is_hidden,
                           .role = role_of(output, input, is_distinct),
                           .alert_index = output->alert_index};
  if (!output->is_hidden || output->role == VS_ROLE_KEY)
    field.measure = vs_measure_of(output->bound, input, &field.measure_input);
  return field;
}

/* ---- the node ---- */
vs_status vs_outputs_carry(struct vs_binder *binder, struct vs_outputs *outputs, const struct vs_node *input,
                           uint32_t column, uint32_t *ret_output, struct vs_error *err) {
  const struct vs_field *field = &input->schema->fields[column];
  for (uint32_t i = 0; i < outputs->count; i++) {
    const struct vs_bound *bound = outputs->items[i].bound;
    if (bound && bound->is == VS_BOUND_COLUMN && bound->as.column == column && !outputs->items[i].sets_event_time) {
      *ret_output = i;
      return VS_OK;
    }
  }
  struct vs_output output = {.name = field->name, .is_hidden = true, .role = field->role, .span = VS_NO_SPAN};
  output.bound = vs_bound_column(binder, input, column, VS_NO_SPAN);
  if (!output.bound) return vs_fail_memory(err);
  *ret_output = outputs->count;
  return vs_outputs_add(binder, outputs, &output, err);
}

static void number_columns(const struct vs_outputs *outputs, uint32_t *columns, uint32_t *ret_shown) {
  uint32_t next = 0;
  for (uint32_t i = 0; i < outputs->count; i++)
    if (!outputs->items[i].is_hidden) columns[i] = next++;
  *ret_shown = next;
  for (uint32_t i = 0; i < outputs->count; i++)
    if (outputs->items[i].is_hidden) columns[i] = next++;
}

vs_status vs_outputs_node(struct vs_binder *binder, struct vs_outputs *outputs, struct vs_node *input,
                          struct vs_span span, bool is_distinct, struct vs_node **ret_node, uint32_t **ret_columns,
                          struct vs_error *err) {
  uint32_t count = outputs->count, shown = 0;
  uint32_t *columns = vs_binder_alloc(binder, sizeof *columns, count);
  struct vs_bound **exprs = vs_binder_alloc(binder, sizeof *exprs, count);
  struct vs_field *fields = vs_binder_alloc(binder, sizeof *fields, count);
  struct vs_schema *schema = VS_ARENA_NEW(binder->arena, struct vs_schema);
  struct vs_node *node = VS_ARENA_NEW(binder->arena, struct vs_node);
  if (!columns || !exprs || !fields || !schema || !node) return vs_fail_memory(err);
  number_columns(outputs, columns, &shown);
  for (uint32_t i = 0; i < count; i++) {
    exprs[columns[i]] = outputs->items[i].bound;
    fields[columns[i]] = field_of(&outputs->items[i], input->schema, is_distinct);
  }
  *schema = (struct vs_schema){fields, count, shown};
  *node = (struct vs_node){.is = VS_NODE_PROJECT,
                           .input = input,
                           .schema = schema,
                           .mode = input->mode,
                           .is_bounded = input->is_bounded,
                           .span = span};
  node->as.project.exprs = exprs;
  node->as.project.expr_count = count;
  node->as.project.event_time = -1;
  *ret_node = node;
  *ret_columns = columns;
  return VS_OK;
}
