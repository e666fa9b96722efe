/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exec/pipeline.h"

static vs_operator_new *const makers[] = {
    [VS_NODE_FILTER] = vs_filter_new,     [VS_NODE_PROJECT] = vs_project_new, [VS_NODE_AGGREGATE] = vs_aggregate_new,
    [VS_NODE_DISTINCT] = vs_distinct_new, [VS_NODE_SORT] = vs_sort_new,       [VS_NODE_LIMIT] = vs_limit_new,
};

/* A window that takes its lateness from the watermark in line needs it per row. */
static bool wants_row_watermarks(const struct vs_node *node) {
  for (; node; node = node->input)
    if (node->is == VS_NODE_AGGREGATE && node->as.aggregate.window && !node->as.aggregate.window->owns_watermark)
      return true;
  return false;
}

/* A LIMIT that may be full before the input ends. Then nothing is read ahead: it would be in vain, and how many rows
 * were read would depend on the machine. */
static bool may_stop_early(const struct vs_node *node) {
  bool may_stop = false;
  for (; node; node = node->input) {
    if (node->is == VS_NODE_LIMIT && !node->as.limit.is_per_pane) may_stop = true;
    if (node->is == VS_NODE_SORT && !node->as.sort.is_per_pane) may_stop = false;
    if (node->is == VS_NODE_AGGREGATE && !node->as.aggregate.window && node->as.aggregate.emit != VS_EMIT_CHANGES)
      may_stop = false;
  }
  return may_stop;
}

/* The operators of `node` and all nodes below it but the scan. */
static vs_status make_chain(struct vs_job_context *context, const struct vs_node *node, struct vs_operator_run *head,
                            struct vs_operator_run **ret_head, struct vs_error *err) {
  for (; node->is != VS_NODE_SCAN; node = node->input) {
    vs_status status = makers[node->is](context, node, head, &head, err);
    if (status != VS_OK) {
      vs_pipeline_free(head);
      return status;
    }
  }
  *ret_head = head;
  return VS_OK;
}

vs_status vs_pipeline_new(struct vs_job_context *context, const struct vs_plan *plan, struct vs_operator_run *fan_out,
                          struct vs_operator_run **ret_head, struct vs_error *err) {
  context->wants_row_watermarks = wants_row_watermarks(plan->root);
  if (may_stop_early(plan->root)) context->thread_count = 1;
  return make_chain(context, plan->root, fan_out, ret_head, err);
}

vs_status vs_pipeline_new_local(struct vs_job_context *context, const struct vs_node *node,
                                struct vs_operator_run **ret_head, struct vs_error *err) {
  return make_chain(context, node, NULL, ret_head, err);
}

void vs_pipeline_free(struct vs_operator_run *head) {
  while (head) {
    struct vs_operator_run *next = head->next;
    head->ops->free(head);
    head = next;
  }
}
