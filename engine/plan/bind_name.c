/* SPDX-License-Identifier: Apache-2.0
 * A name in an expression. Order: column of the source, system column, alias to the left; with
 * SET sql.alias_precedence = alias the alias comes first. */
#include "engine/plan/binder.h"

static vs_status is_bound(struct vs_bound *bound, struct vs_bound **ret_bound, struct vs_error *err) {
  if (!bound) return vs_fail_memory(err);
  *ret_bound = bound;
  return VS_OK;
}

/* ---- system columns ---- */
typedef enum {
  SYSTEM_NONE,
  SYSTEM_EVENT_TIME,
  SYSTEM_TIMESTAMP,
  SYSTEM_OFFSET,
  SYSTEM_PARTITION,
  SYSTEM_LATER
} system_column;

static system_column system_of(struct vs_str name) {
  static const struct {
    const char *name;
    system_column is;
  } rows[] = {{"_event_time", SYSTEM_EVENT_TIME}, {"_timestamp", SYSTEM_TIMESTAMP}, {"_offset", SYSTEM_OFFSET},
              {"_partition", SYSTEM_PARTITION},   {"_topic", SYSTEM_LATER},         {"_key", SYSTEM_LATER},
              {"_headers", SYSTEM_LATER},         {"_ingest_time", SYSTEM_LATER},   {"_op", SYSTEM_LATER}};
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    if (vs_str_equal_nocase(name, vs_str_of(rows[i].name))) return rows[i].is;
  return SYSTEM_NONE;
}

static vs_status bind_event_time(struct vs_scope *scope, struct vs_span span, struct vs_bound **ret_bound,
                                 struct vs_error *err) {
  if (scope->grouping)
    return vs_fail_hint(
        err, vs_fail(err, VS_CODE_NOT_GROUPED, span, "_event_time belongs to a row, and here rows are grouped"),
        "use _window_end, or MAX(_event_time)");
  if (!scope->input->has_event_time)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_NO_EVENT_TIME, span, "_event_time: the source %.*s has no event time",
                                VS_STR_ARG(scope->input->qualifier)),
                        "name a time column: SELECT ts AS _event_time, or set event.time.field in WITH");
  return is_bound(vs_bound_new(scope->binder, VS_BOUND_EVENT_TIME, VS_TYPE(TIMESTAMP_MS), true, span), ret_bound, err);
}

/* Position of the row, from 0: a hidden column the scan adds when it is asked for. */
static vs_status bind_offset(struct vs_scope *scope, struct vs_span span, struct vs_bound **ret_bound,
                             struct vs_error *err) {
  struct vs_node *node = scope->input->node;
  while (node->is == VS_NODE_FILTER)
    node = node->input;
  if (node->is != VS_NODE_SCAN || node->as.scan.from == VS_SCAN_ONE_ROW)
    return vs_fail(err, VS_CODE_UNKNOWN_COLUMN, span, "_offset is the position in a source; a derived table has none");
  if (scope->grouping)
    return vs_fail(err, VS_CODE_NOT_GROUPED, span, "_offset belongs to a row, and here rows are grouped");
  struct vs_bound *bound = vs_bound_new(scope->binder, VS_BOUND_COLUMN, VS_TYPE(INTEGER), false, span);
  if (!bound) return vs_fail_memory(err);
  if (node->as.scan.offset_column < 0) {
    uint32_t count = node->schema->field_count;
    struct vs_field *fields = vs_binder_alloc(scope->binder, sizeof *fields, count + 1);
    struct vs_schema *schema = vs_binder_alloc(scope->binder, sizeof *schema, 1);
    if (!fields || !schema) return vs_fail_memory(err);
    memcpy(fields, node->schema->fields, sizeof *fields * count);
    fields[count] = (struct vs_field){.name = VS_STR("_offset"), .type = VS_TYPE(INTEGER), .is_hidden = true};
    *schema = (struct vs_schema){fields, count + 1, node->schema->shown_count};
    node->as.scan.offset_column = (int)count;
    for (struct vs_node *above = scope->input->node; above != node; above = above->input)
      above->schema = schema;
    node->schema = schema;
  }
  bound->as.column = (uint32_t)node->as.scan.offset_column;
  return is_bound(bound, ret_bound, err);
}

static vs_status bind_system(struct vs_scope *scope, system_column system, const struct vs_ident *ident,
                             struct vs_bound **ret_bound, struct vs_error *err) {
  struct vs_value zero = {.type = VS_TYPE(INTEGER)};
  switch (system) {
  case SYSTEM_EVENT_TIME: return bind_event_time(scope, ident->span, ret_bound, err);
  case SYSTEM_TIMESTAMP: /* processing time: a file's rows carry no message time of their own */
    return vs_apply(scope->binder, "NOW", NULL, 0, ident->span, ret_bound, err);
  case SYSTEM_OFFSET: return bind_offset(scope, ident->span, ret_bound, err);
  case SYSTEM_PARTITION: /* files and memory have one partition */
    return is_bound(vs_bound_constant(scope->binder, &zero, ident->span), ret_bound, err);
  case SYSTEM_LATER:
  case SYSTEM_NONE: break;
  }
  char construct[64];
  struct vs_str name = {ident->text.data, VS_MIN(ident->text.size, 24)};
  memcpy(construct, "the system column ", 18);
  memcpy(construct + 18, name.data, name.size);
  construct[18 + name.size] = '\0';
  return vs_not_yet(err, ident->span, construct);
}

/* ---- window bounds ---- */
static vs_status bind_window_bound(struct vs_scope *scope, bool is_end, const struct vs_ident *ident,
                                   struct vs_bound **ret_bound, struct vs_error *err) {
  if (scope->grouping && scope->grouping->window)
    return is_bound(vs_group_window_column(scope, is_end, ident->span), ret_bound, err);
  int column = VS_LOOKUP_NONE;
  if (scope->input)
    column = vs_schema_find_role(scope->input->node->schema, is_end ? VS_ROLE_WINDOW_END : VS_ROLE_WINDOW_START);
  if (column >= 0 && !scope->grouping)
    return is_bound(vs_bound_column(scope->binder, scope->input->node, (uint32_t)column, ident->span), ret_bound, err);
  if (scope->is_grouped_select && !scope->grouping)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_MISPLACED_AGGREGATE, ident->span,
                                "%s works on rows before they are put into windows: %.*s is not known there",
                                scope->inside_aggregate ? scope->inside_aggregate : scope->clause,
                                VS_STR_ARG(ident->text)),
                        "use it in SELECT, HAVING or ORDER BY");
  return vs_fail_hint(
      err, vs_fail(err, VS_CODE_UNKNOWN_COLUMN, ident->span, "%.*s: the query has no window", VS_STR_ARG(ident->text)),
      "add WINDOW TUMBLING(1m)");
}

/* ---- columns ---- */
static vs_status not_grouped(struct vs_scope *scope, const struct vs_ident *ident, struct vs_error *err) {
  bool has_keys = scope->grouping->key_count > 0;
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_NOT_GROUPED, ident->span, "column '%.*s' is neither grouped nor aggregated",
                              VS_STR_ARG(ident->text)),
                      "%s GROUP BY%s, or wrap it: ANY_VALUE(%.*s)", has_keys ? "add it to" : "write",
                      has_keys ? "" : " with it", VS_STR_ARG(ident->text));
}

/* SET sql.strict = false: any value of the group will do. */
static vs_status any_value(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                           struct vs_error *err) {
  const struct vs_aggregate *aggregate = vs_aggregate_find(VS_STR("ANY_VALUE"));
  if (!aggregate) aggregate = vs_aggregate_find(VS_STR("FIRST_VALUE"));
  struct vs_expr *call = VS_ARENA_NEW(scope->binder->arena, struct vs_expr);
  struct vs_expr **argument = vs_binder_alloc(scope->binder, sizeof *argument, 1);
  if (!call || !argument || !aggregate) return vs_fail_memory(err);
  union { /* the tree is read-only here, its lists are not declared so */
    const struct vs_expr *in;
    struct vs_expr *out;
  } same = {.in = expr};
  argument[0] = same.out;
  *call = (struct vs_expr){.kind = VS_EXPR_CALL, .span = expr->span};
  call->as.call.name = (struct vs_ident){.text = vs_str_of(aggregate->name), .span = expr->span};
  call->as.call.arguments = (struct vs_exprs){argument, 1};
  vs_binder_warn(scope->binder, expr->span, "column '%.*s' is not grouped: any value of the group is shown",
                 VS_STR_ARG(expr->as.name.parts[expr->as.name.part_count - 1].text));
  return vs_bind_aggregate(scope, call, aggregate, ret_bound, err);
}

static vs_status bind_alias(struct vs_scope *scope, uint32_t index, const struct vs_ident *ident,
                            struct vs_bound **ret_bound, struct vs_error *err);

static vs_status bind_column(struct vs_scope *scope, const struct vs_expr *expr, int column, int alias,
                             struct vs_bound **ret_bound, struct vs_error *err) {
  const struct vs_ident *ident = &expr->as.name.parts[expr->as.name.part_count - 1];
  if (column == VS_LOOKUP_AMBIGUOUS)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_AMBIGUOUS_COLUMN, ident->span,
                                "more than one column is called '%.*s' when case is ignored", VS_STR_ARG(ident->text)),
                        "write the name exactly as the source has it");
  if (scope->grouping && alias >= 0) /* the column is no key, so only the alias makes sense */
    return bind_alias(scope, (uint32_t)alias, ident, ret_bound, err);
  if (scope->grouping)
    return scope->binder->context->is_strict ? not_grouped(scope, ident, err) : any_value(scope, expr, ret_bound, err);
  return is_bound(vs_bound_column(scope->binder, scope->input->node, (uint32_t)column, ident->span), ret_bound, err);
}

/* ---- aliases ---- */
static vs_status bind_alias(struct vs_scope *scope, uint32_t index, const struct vs_ident *ident,
                            struct vs_bound **ret_bound, struct vs_error *err) {
  struct vs_output *output = &scope->outputs->items[index];
  if (scope->aliases_are_errors)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_UNKNOWN_COLUMN, ident->span,
                                "'%.*s' is an alias of the SELECT list, which is computed after %s",
                                VS_STR_ARG(ident->text), scope->clause),
                        "repeat its expression in %s, or filter a derived table", scope->clause);
  bool same_level = !scope->is_grouped_select || scope->grouping;
  if (output->bound && same_level) {
    *ret_bound = output->bound;
    return VS_OK;
  }
  struct vs_scope inner = *scope;
  inner.visible = index;
  return output->expr ? vs_bind_expr(&inner, output->expr, ret_bound, err)
                      : vs_fail(err, VS_CODE_UNKNOWN_COLUMN, ident->span, "no column '%.*s'", VS_STR_ARG(ident->text));
}

static int find_output_name(const struct vs_outputs *outputs, struct vs_str name) {
  int found = VS_LOOKUP_NONE;
  for (uint32_t i = 0; i < outputs->count; i++) {
    if (outputs->items[i].is_hidden) continue;
    if (vs_str_equal(outputs->items[i].name, name)) return (int)i;
    if (vs_str_equal_nocase(outputs->items[i].name, name) && found < 0) found = (int)i;
  }
  return found;
}

static vs_status bind_output_name(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                                  struct vs_error *err) {
  const struct vs_ident *ident = &expr->as.name.parts[expr->as.name.part_count - 1];
  int index = find_output_name(scope->outputs, ident->text);
  bool is_end = false;
  if (index >= 0) {
    *ret_bound = scope->outputs->items[index].bound;
    return VS_OK;
  }
  if (vs_name_is_window_bound(ident->text, &is_end)) return bind_window_bound(scope, is_end, ident, ret_bound, err);
  return vs_scope_unknown(scope, &expr->as.name, err);
}

static vs_status bind_unresolved(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                                 struct vs_error *err) {
  const struct vs_ident *ident = &expr->as.name.parts[expr->as.name.part_count - 1];
  if (ident->is_double_quoted && scope->binder->context->double_quotes_are_strings) {
    struct vs_value text = {.type = VS_TYPE(STRING), .as.string = ident->text};
    return is_bound(vs_bound_constant(scope->binder, &text, ident->span), ret_bound, err);
  }
  return vs_scope_unknown(scope, &expr->as.name, err);
}

static bool has_source(const struct vs_scope *scope) {
  return scope->input && scope->input->node->schema->field_count > 0;
}

vs_status vs_bind_name(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                       struct vs_error *err) {
  const struct vs_name *name = &expr->as.name;
  const struct vs_ident *ident = &name->parts[name->part_count - 1];
  bool is_end = false;
  if (scope->only_outputs) return bind_output_name(scope, expr, ret_bound, err);
  if (name->part_count > 2) return vs_not_yet(err, name->span, "a path into a nested column");
  if (name->part_count == 2 && (!scope->input || !vs_scope_has_qualifier(scope->input, name->parts[0].text)))
    return vs_scope_unknown(scope, name, err);
  int alias =
      name->part_count == 1 ? vs_scope_find_output(scope->outputs, scope->visible, ident->text) : VS_LOOKUP_NONE;
  if (alias >= 0 && scope->binder->context->aliases_first && !scope->aliases_are_errors)
    return bind_alias(scope, (uint32_t)alias, ident, ret_bound, err);
  int column = has_source(scope) ? vs_scope_find_column(scope->input, ident->text) : VS_LOOKUP_NONE;
  if (column != VS_LOOKUP_NONE) return bind_column(scope, expr, column, alias, ret_bound, err);
  if (has_source(scope) && vs_name_is_window_bound(ident->text, &is_end))
    return bind_window_bound(scope, is_end, ident, ret_bound, err);
  system_column system = has_source(scope) ? system_of(ident->text) : SYSTEM_NONE;
  if (system != SYSTEM_NONE) return bind_system(scope, system, ident, ret_bound, err);
  if (alias >= 0) return bind_alias(scope, (uint32_t)alias, ident, ret_bound, err);
  return bind_unresolved(scope, expr, ret_bound, err);
}
