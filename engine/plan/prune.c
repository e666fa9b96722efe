/* SPDX-License-Identifier: Apache-2.0
 * What nobody reads is not decoded and not computed: from the root down, each node says which columns of its input it
 * needs. A source whose event time nobody needs stops failing rows for it. */
#include "engine/plan/binder.h"

struct need {
  bool *columns;
  bool event_time;
};

static void need_expr(const struct vs_bound *expr, struct need *need) {
  if (!expr) return;
  vs_bound_mark_columns(expr, need->columns);
  need->event_time |= vs_bound_reads_event_time(expr);
}

static void prune_scan(struct vs_node *node, const struct need *need) {
  struct vs_scan *scan = &node->as.scan;
  if (scan->from == VS_SCAN_ONE_ROW) return;
  for (uint32_t i = 0; i < node->schema->field_count && (int)i != scan->offset_column; i++)
    scan->projection[i] = need->columns[i];
  if (scan->from != VS_SCAN_ENDPOINT || scan->endpoint.time_column < 0) return;
  if (need->event_time || scan->endpoint.replay_speed > 0)
    scan->projection[scan->endpoint.time_column] = true;
  else
    scan->endpoint.time_column = -1;
}

/* An expression nobody reads becomes a NULL of its type: it costs nothing and reads nothing. */
static void need_project(struct vs_binder *binder, struct vs_node *node, const struct need *above, struct need *below) {
  int event_time = above->event_time ? node->as.project.event_time : -1;
  below->event_time = above->event_time && node->as.project.event_time < 0;
  if (event_time < 0) node->as.project.event_time = -1;
  for (uint32_t i = 0; i < node->as.project.expr_count; i++) {
    struct vs_bound **expr = &node->as.project.exprs[i];
    if (above->columns[i] || (int)i == event_time) {
      need_expr(*expr, below);
      continue;
    }
    struct vs_value null = vs_value_null((*expr)->type);
    struct vs_bound *constant = vs_bound_constant(binder, &null, VS_NO_SPAN);
    if (constant) *expr = constant;
  }
}

/* FIRST_VALUE and LAST_VALUE go by event time; arrival only breaks ties. */
static bool is_ordered(const struct vs_aggregate_item *item) {
  vs_measure_kind measure = item->bound.aggregate->measure;
  return measure == VS_MEASURE_FIRST || measure == VS_MEASURE_LAST;
}

static void need_aggregate(const struct vs_node *node, struct need *below) {
  const struct vs_aggregate_plan *plan = &node->as.aggregate;
  for (uint32_t i = 0; i < plan->key_count; i++)
    need_expr(plan->keys[i], below);
  for (uint32_t i = 0; i < plan->item_count; i++) {
    for (uint32_t j = 0; j < plan->items[i].argument_count; j++)
      need_expr(plan->items[i].arguments[j], below);
    need_expr(plan->items[i].filter, below);
    below->event_time |= is_ordered(&plan->items[i]);
  }
  if (plan->window) {
    need_expr(plan->window->time, below);
    below->event_time |= !plan->window->time || !plan->window->owns_watermark;
  }
}

static void need_below(struct vs_binder *binder, struct vs_node *node, const struct need *above, struct need *below) {
  bool passes = node->is == VS_NODE_FILTER || node->is == VS_NODE_SORT || node->is == VS_NODE_LIMIT ||
                node->is == VS_NODE_DISTINCT;
  for (uint32_t i = 0; passes && i < node->schema->field_count; i++)
    below->columns[i] = above->columns[i] || node->is == VS_NODE_DISTINCT;
  if (passes) below->event_time = above->event_time;
  switch (node->is) {
  case VS_NODE_FILTER: need_expr(node->as.filter.condition, below); return;
  case VS_NODE_PROJECT: need_project(binder, node, above, below); return;
  case VS_NODE_AGGREGATE: need_aggregate(node, below); return;
  case VS_NODE_SORT:
    for (uint32_t i = 0; i < node->as.sort.key_count; i++)
      need_expr(node->as.sort.keys[i].expr, below);
    return;
  case VS_NODE_SCAN:
  case VS_NODE_DISTINCT:
  case VS_NODE_LIMIT: return;
  }
}

void vs_prune(struct vs_binder *binder, struct vs_node *root) {
  struct need need = {.columns = vs_binder_alloc(binder, sizeof(bool), root->schema->field_count)};
  for (uint32_t i = 0; need.columns && i < root->schema->field_count; i++)
    need.columns[i] = true;
  for (struct vs_node *node = root; need.columns && node; node = node->input) {
    if (node->is == VS_NODE_SCAN) {
      prune_scan(node, &need);
      return;
    }
    struct need below = {.columns = vs_binder_alloc(binder, sizeof(bool), node->input->schema->field_count)};
    if (!below.columns) return;
    need_below(binder, node, &need, &below);
    need = below;
  }
}
