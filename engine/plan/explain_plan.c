/* SPDX-License-Identifier: Apache-2.0
 * EXPLAIN: what the query emits and when, then its nodes as an indented tree, the root first. */
#include "engine/plan/binder.h"

/* ---- lines ---- */
static void line(struct vs_text *text, uint32_t depth) {
  for (uint32_t i = 0; i < depth; i++)
    vs_text_puts(text, "    ");
}

static void head(struct vs_text *text, uint32_t depth, const char *name) {
  if (depth > 1) line(text, depth - 1);
  vs_text_printf(text, "%s%s", depth ? "-> " : "", name);
}

static void fact(struct vs_text *text, uint32_t depth, const char *name) {
  line(text, depth);
  vs_text_printf(text, "  %s: ", name);
}

static void end(struct vs_text *text) {
  vs_text_put(text, '\n');
}

/* ---- what comes out ---- */
static const struct vs_node *window_node(const struct vs_node *node) {
  while (node && node->is != VS_NODE_AGGREGATE)
    node = node->input;
  return node;
}

static const char *plain_emission(const struct vs_plan *plan) {
  const char *text = "one row per input row that passes, at once";
  for (const struct vs_node *node = plan->root; node; node = node->input) {
    if (node->is == VS_NODE_SORT) return "sorted rows at the end of the input";
    if (node->is == VS_NODE_DISTINCT) text = "a row when it is seen for the first time";
    if (node->is == VS_NODE_SCAN && node->as.scan.from == VS_SCAN_ONE_ROW) return "one row";
  }
  return text;
}

static const char *emission(const struct vs_plan *plan) {
  const struct vs_node *aggregate = window_node(plan->root);
  bool has_window = aggregate && aggregate->as.aggregate.window;
  if (!plan->has_aggregate || !aggregate) return plain_emission(plan);
  if (aggregate->as.aggregate.emit == VS_EMIT_CHANGES)
    return has_window ? "CHANGES: one row per input row, the new values of its window and group"
           : aggregate->as.aggregate.key_count ? "CHANGES: one row per input row, the new values of its group"
                                               : "CHANGES: one row per input row, the running total";
  if (has_window) return "FINAL: the rows of a window when the watermark passes its end";
  return aggregate->as.aggregate.key_count ? "FINAL: one row per group at the end of the input"
                                           : "FINAL: one row at the end of the input";
}

static const char *const mode_names[] = {[VS_MODE_APPEND] = "append: rows are never changed",
                                         [VS_MODE_UPSERT] = "upsert",
                                         [VS_MODE_RETRACT] = "retract: old rows are taken back"};

static void print_fields(const struct vs_schema *schema, bool is_hidden, struct vs_text *text) {
  char type[32];
  bool is_first = true;
  for (uint32_t i = 0; i < schema->field_count; i++) {
    const struct vs_field *field = &schema->fields[i];
    if (field->is_hidden != is_hidden) continue;
    vs_text_printf(text, "%s%.*s %s", is_first ? "" : ", ", VS_STR_ARG(field->name), vs_type_print(field->type, type));
    is_first = false;
  }
  end(text);
}

static void print_mode(const struct vs_plan *plan, struct vs_text *text) {
  vs_text_printf(text, "Changes: %s", mode_names[plan->root->mode]);
  if (plan->root->mode == VS_MODE_UPSERT && !plan->fold.key_count) vs_text_puts(text, ": the one row is replaced");
  for (uint32_t i = 0; i < plan->fold.key_count; i++)
    vs_text_printf(text, "%s%.*s", i ? ", " : " by ",
                   VS_STR_ARG(plan->root->schema->fields[plan->fold.key_columns[i]].name));
  end(text);
}

static void print_sort_keys(const struct vs_sort_key *keys, uint32_t count, const struct vs_node *input,
                            struct vs_text *text) {
  for (uint32_t i = 0; i < count; i++) {
    if (i) vs_text_puts(text, ", ");
    const struct vs_bound *expr = keys[i].expr;
    if (expr->is == VS_BOUND_COLUMN && input->is == VS_NODE_PROJECT && input->schema->fields[expr->as.column].is_hidden)
      vs_bound_print(input->as.project.exprs[expr->as.column], input->input, text);
    else
      vs_bound_print(expr, input, text);
    vs_text_puts(text, keys[i].is_descending ? " DESC" : "");
    vs_text_puts(text, keys[i].nulls_first ? " NULLS FIRST" : "");
  }
}

static const struct vs_node *project_below(const struct vs_node *node) {
  while (node->is == VS_NODE_SORT || node->is == VS_NODE_LIMIT)
    node = node->input;
  return node;
}

static void print_summary(const struct vs_plan *plan, struct vs_text *text) {
  vs_text_printf(text, "Emits: %s\n", emission(plan));
  print_mode(plan, text);
  vs_text_printf(text, "Input: %s\n",
                 plan->root->is_bounded ? "bounded, the query ends by itself"
                                        : "unbounded, the query runs until it is stopped");
  vs_text_puts(text, "Columns: ");
  print_fields(plan->root->schema, false, text);
  if (plan->root->schema->shown_count < plan->root->schema->field_count) {
    vs_text_puts(text, "Hidden: ");
    print_fields(plan->root->schema, true, text);
  }
  if (plan->event_time.size) vs_text_printf(text, "Event time: %.*s\n", VS_STR_ARG(plan->event_time));
  if (plan->fold.order_count) {
    vs_text_puts(text, "Shown by: ");
    print_sort_keys(plan->fold.order, plan->fold.order_count, project_below(plan->root), text);
    if (plan->fold.limit >= 0) vs_text_printf(text, ", first %lld", (long long)plan->fold.limit);
    end(text);
  }
}

static void print_outside(const struct vs_plan *plan, struct vs_text *text) {
  for (uint32_t i = 0; i < plan->alert_count; i++)
    vs_text_printf(text, "Alert: %.*s (%.*s)\n", VS_STR_ARG(plan->alerts[i].alert->condition_text),
                   VS_STR_ARG(plan->alerts[i].alert->severity));
  if (plan->sink)
    vs_text_printf(text, "Sink: %.*s (%s%s)\n", VS_STR_ARG(plan->sink->shown_path), plan->sink->format->name,
                   plan->sink->append ? ", appended" : "");
}

/* ---- nodes ---- */
static void print_scan(const struct vs_node *node, uint32_t depth, struct vs_text *text) {
  const struct vs_scan *scan = &node->as.scan;
  if (scan->from == VS_SCAN_ONE_ROW) {
    head(text, depth, "One row\n");
    return;
  }
  bool is_endpoint = scan->from == VS_SCAN_ENDPOINT;
  head(text, depth, is_endpoint ? "Scan " : "Rows of ");
  vs_text_str(text, scan->name);
  if (is_endpoint)
    vs_text_printf(text, " (%s, %s)", scan->endpoint.format->name, node->is_bounded ? "bounded" : "watched");
  end(text);
  fact(text, depth, "columns");
  uint32_t read = 0,
           source_count = scan->offset_column >= 0 ? (uint32_t)scan->offset_column : node->schema->field_count;
  for (uint32_t i = 0; i < source_count; i++)
    if (scan->projection[i])
      vs_text_printf(text, "%s%.*s", read++ ? ", " : "", VS_STR_ARG(node->schema->fields[i].name));
  vs_text_printf(text, "%s (%u of %u)\n", read ? "" : "none", read, source_count);
  if (is_endpoint && scan->endpoint.time_column >= 0) {
    const struct vs_field *time = &node->schema->fields[scan->endpoint.time_column];
    char type[32];
    fact(text, depth, "event time");
    vs_text_printf(text, "%.*s, %s", VS_STR_ARG(time->name), vs_type_print(time->type, type));
    if (time->type.id == VS_TYPE_INTEGER) vs_text_printf(text, " in %s", vs_epoch_unit_name(scan->endpoint.time_unit));
    end(text);
    fact(text, depth, "watermark");
    vs_text_puts(text, "newest event time");
    if (scan->watermark_delay_us) {
      vs_text_puts(text, " - ");
      vs_duration_print(scan->watermark_delay_us, text);
    }
    end(text);
  }
  if (is_endpoint && scan->endpoint.replay_speed > 0) {
    fact(text, depth, "replay");
    vs_text_printf(text, "%g seconds of event time per second\n", scan->endpoint.replay_speed);
  }
}

static void print_window(const struct vs_node *node, uint32_t depth, struct vs_text *text) {
  const struct vs_window_plan *window = node->as.aggregate.window;
  fact(text, depth, "window");
  vs_text_puts(text, "tumbling, ");
  vs_duration_print(window->size_us, text);
  if (window->offset_us) {
    vs_text_puts(text, ", offset ");
    vs_duration_print(window->offset_us, text);
  }
  vs_text_puts(text, ", on ");
  if (window->time)
    vs_bound_print(window->time, node->input, text);
  else
    vs_text_puts(text, "the event time");
  if (window->time && window->time->type.id == VS_TYPE_INTEGER)
    vs_text_printf(text, " in %s",
                   window->time_unit == VS_EPOCH_AUTO ? "the unit its first values show"
                                                      : vs_epoch_unit_name(window->time_unit));
  end(text);
  if (window->owns_watermark) {
    fact(text, depth, "watermark");
    vs_text_puts(text, "newest time seen here\n");
  }
  fact(text, depth, "late rows");
  vs_text_puts(text, "counted and left out once their window closed");
  if (window->grace_us) {
    vs_text_puts(text, ", ");
    vs_duration_print(window->grace_us, text);
    vs_text_puts(text, " after its end");
  }
  end(text);
}

static const char *state_class(const struct vs_aggregate_plan *plan) {
  bool has_distinct = false;
  for (uint32_t i = 0; i < plan->item_count; i++)
    has_distinct |= plan->items[i].is_distinct;
  if (plan->window)
    return has_distinct ? "per group and open window, grows with distinct values"
                        : "one entry per group and open window";
  if (!plan->key_count) return has_distinct ? "one entry, grows with distinct values" : "one entry";
  return has_distinct ? "per group, grows with distinct values, kept to the end"
                      : "one entry per group, kept to the end";
}

static void print_aggregate(const struct vs_node *node, uint32_t depth, struct vs_text *text) {
  const struct vs_aggregate_plan *plan = &node->as.aggregate;
  head(text, depth, "Aggregate");
  for (uint32_t i = 0; i < plan->key_count; i++) {
    vs_text_puts(text, i ? ", " : " by ");
    vs_bound_print(plan->keys[i], node->input, text);
  }
  end(text);
  if (plan->item_count) fact(text, depth, "computes");
  for (uint32_t i = 0; i < plan->item_count; i++) {
    vs_text_puts(text, i ? ", " : "");
    vs_aggregate_item_print(&plan->items[i], node->input, text);
  }
  if (plan->item_count) end(text);
  if (plan->window) print_window(node, depth, text);
  fact(text, depth, "state");
  vs_text_printf(text, "%s\n", state_class(plan));
}

/* "close * 2 AS twice"; a column that keeps its name prints once. */
static void print_output(const struct vs_bound *expr, const struct vs_node *input, struct vs_str name,
                         struct vs_text *text) {
  size_t begin = text->size;
  vs_bound_print(expr, input, text);
  if (text->size >= begin && vs_str_equal((struct vs_str){text->data + begin, text->size - begin}, name)) return;
  vs_text_puts(text, " AS ");
  vs_text_str(text, name);
}

static bool is_pruned(const struct vs_bound *expr) {
  return vs_bound_is_constant(expr) && expr->as.constant.is_null && !vs_span_is_known(expr->span);
}

static void print_project(const struct vs_node *node, uint32_t depth, struct vs_text *text) {
  head(text, depth, "Project");
  const char *before = " ";
  for (uint32_t i = 0; i < node->as.project.expr_count; i++) {
    const struct vs_bound *expr = node->as.project.exprs[i];
    if (node->schema->fields[i].is_hidden || is_pruned(expr)) continue;
    vs_text_puts(text, before);
    print_output(expr, node->input, node->schema->fields[i].name, text);
    before = ", ";
  }
  end(text);
  if (node->as.project.event_time < 0) return;
  fact(text, depth, "event time");
  vs_bound_print(node->as.project.exprs[node->as.project.event_time], node->input, text);
  end(text);
}

static void print_limit(const struct vs_node *node, uint32_t depth, struct vs_text *text) {
  head(text, depth, "Limit");
  if (node->as.limit.limit >= 0)
    vs_text_printf(text, " %lld row%s", (long long)node->as.limit.limit, node->as.limit.limit == 1 ? "" : "s");
  if (node->as.limit.offset) vs_text_printf(text, " after the first %lld", (long long)node->as.limit.offset);
  vs_text_puts(text, node->as.limit.is_per_pane ? " of each window\n" : "\n");
}

static void print_node(const struct vs_node *node, uint32_t depth, struct vs_text *text) {
  switch (node->is) {
  case VS_NODE_SCAN: print_scan(node, depth, text); return;
  case VS_NODE_FILTER:
    head(text, depth, "Filter ");
    vs_bound_print(node->as.filter.condition, node->input, text);
    vs_text_puts(text, node->as.filter.sends_deletes ? "; rows that stop passing are deleted\n" : "\n");
    return;
  case VS_NODE_PROJECT: print_project(node, depth, text); return;
  case VS_NODE_AGGREGATE: print_aggregate(node, depth, text); return;
  case VS_NODE_DISTINCT:
    head(text, depth, "Distinct\n");
    fact(text, depth, "state");
    vs_text_puts(text, "every distinct row, kept to the end\n");
    return;
  case VS_NODE_SORT:
    head(text, depth, node->as.sort.is_per_pane ? "Sort each window by " : "Sort by ");
    print_sort_keys(node->as.sort.keys, node->as.sort.key_count, project_below(node), text);
    if (node->as.sort.limit >= 0) vs_text_printf(text, ", first %lld", (long long)node->as.sort.limit);
    end(text);
    return;
  case VS_NODE_LIMIT: print_limit(node, depth, text); return;
  }
}

void vs_plan_explain(const struct vs_plan *plan, struct vs_text *ret_text) {
  uint32_t depth = 0;
  print_summary(plan, ret_text);
  print_outside(plan, ret_text);
  end(ret_text);
  for (const struct vs_node *node = plan->root; node; node = node->input)
    print_node(node, depth++, ret_text);
}
