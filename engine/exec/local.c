/* SPDX-License-Identifier: Apache-2.0
 * The first phase: one thread's operators over one part at a time. They have a context of their own, so nothing here is
 * shared with the job but the frozen plan. */
#include "engine/exec/aggregate.h"
#include "engine/exec/pipeline.h"

/* Making and merging a group of a part costs what aggregating some forty rows does (measured with 413 groups in parts
 * of 16,000 rows: a quarter more CPU time in all). Few groups are always worth it. */
enum { FEW_GROUPS = 16, ROWS_PER_GROUP = 256 };

struct vs_local {
  struct vs_job_context context;
  const struct vs_schema *schema; /* of the scan */
  struct vs_operator_run *head;
  struct vs_aggregate_op *aggregate;
  struct vs_arena batch;
};

/* ---- which plans ---- */

static bool is_steady(const struct vs_bound *bound);

static bool are_steady(struct vs_bound *const *bounds, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (!is_steady(bounds[i])) return false;
  return true;
}

static bool is_steady_case(const struct vs_bound *bound) {
  for (uint32_t i = 0; i < bound->as.cases.when_count; i++)
    if (!is_steady(bound->as.cases.whens[i].condition) || !is_steady(bound->as.cases.whens[i].result)) return false;
  return is_steady(bound->as.cases.otherwise);
}

/* The same for a row whenever it is computed. NULL is. */
static bool is_steady(const struct vs_bound *bound) {
  if (!bound) return true;
  switch (bound->is) {
  case VS_BOUND_CALL: {
    const struct vs_scalar *function = bound->as.call.call.function;
    return !(function && function->flags & VS_FN_VOLATILE) &&
           are_steady(bound->as.call.arguments, bound->as.call.argument_count);
  }
  case VS_BOUND_CASE: return is_steady_case(bound);
  case VS_BOUND_AND:
  case VS_BOUND_OR: return is_steady(bound->as.both.left) && is_steady(bound->as.both.right);
  case VS_BOUND_COLUMN:
  case VS_BOUND_CONSTANT:
  case VS_BOUND_EVENT_TIME: return true;
  }
  return false;
}

static bool can_merge(const struct vs_item_run *item) {
  return item->item->bound.merge && !item->is_distinct && is_steady(item->item->filter) &&
         are_steady(item->item->arguments, item->item->argument_count);
}

/* A unit that the first value decides must have been decided: every thread would have its own first value. */
static bool has_unit(const struct vs_aggregate_op *aggregate) {
  const struct vs_bound *time = aggregate->window ? aggregate->window->time : NULL;
  return !time || aggregate->unit != VS_EPOCH_AUTO || time->type.id != VS_TYPE_INTEGER;
}

static bool is_aggregate_possible(const struct vs_aggregate_op *aggregate) {
  const struct vs_aggregate_plan *plan = aggregate->plan;
  for (uint32_t i = 0; i < plan->item_count; i++)
    if (!can_merge(&aggregate->items[i])) return false;
  if (aggregate->window && (aggregate->window->kind != VS_WINDOW_TUMBLING || !is_steady(aggregate->window->time)))
    return false;
  return plan->emit != VS_EMIT_CHANGES && has_unit(aggregate) && are_steady(plan->keys, plan->key_count);
}

static bool is_node_possible(const struct vs_node *node) {
  if (node->is == VS_NODE_FILTER) return is_steady(node->as.filter.condition);
  return node->is == VS_NODE_PROJECT && node->as.project.event_time < 0 &&
         are_steady(node->as.project.exprs, node->as.project.expr_count);
}

bool vs_local_is_possible(const struct vs_operator_run *run) {
  const struct vs_aggregate_op *aggregate = (const struct vs_aggregate_op *)run;
  const struct vs_node *node = aggregate->node->input;
  for (; node->is != VS_NODE_SCAN; node = node->input)
    if (!is_node_possible(node)) return false;
  return node->as.scan.offset_column < 0 && is_aggregate_possible(aggregate);
}

/* ---- new and free ---- */

static void init_context(struct vs_job_context *context, const struct vs_job_context *job) {
  *context = (struct vs_job_context){.env = job->env, .memory = job->memory, .watermark_us = VS_TIME_NONE};
  vs_memory_init(&context->state, job->memory, job->state.limit_bytes);
  vs_arena_init(&context->query, job->memory, 0);
  context->eval = (struct vs_eval){
      .env = job->env, .errors = &context->errors, .division_by_zero_fails = job->eval.division_by_zero_fails};
}

static const struct vs_schema *scan_schema(const struct vs_node *node) {
  while (node->input)
    node = node->input;
  return node->schema;
}

vs_status vs_local_new(const struct vs_operator_run *run, struct vs_local **ret_local, struct vs_error *err) {
  const struct vs_aggregate_op *model = (const struct vs_aggregate_op *)run;
  struct vs_local *local = vs_memory_alloc(run->job->memory, sizeof *local);
  if (!local) return vs_fail_memory(err);
  *local = (struct vs_local){.schema = scan_schema(model->node)};
  init_context(&local->context, run->job);
  vs_arena_init(&local->batch, run->job->memory, 0);
  local->context.eval.arena = &local->batch;
  vs_status status = vs_pipeline_new_local(&local->context, model->node, &local->head, err);
  if (status != VS_OK) {
    vs_local_free(local);
    return status;
  }
  struct vs_operator_run *last = local->head;
  while (last->next)
    last = last->next;
  local->aggregate = (struct vs_aggregate_op *)last;
  local->aggregate->is_local = true;
  local->aggregate->unit = model->unit;
  *ret_local = local;
  return VS_OK;
}

void vs_local_free(struct vs_local *local) {
  if (!local) return;
  vs_pipeline_free(local->head);
  vs_arena_release(&local->batch);
  vs_arena_release(&local->context.query);
  vs_memory_free(local->context.memory, local, sizeof *local);
}

/* ---- a part ---- */

static bool has_failed(const struct vs_job_context *context) {
  return context->errors.count || context->eval.division_by_zero_count || context->eval.domain_count;
}

static vs_status run_batches(struct vs_local *local, const struct vs_part *part, struct vs_watermark *watermark) {
  for (uint32_t i = 0; i < part->batch_count; i++) {
    struct vs_batch batch = part->batches[i];
    batch.schema = local->schema;
    vs_arena_reset(&local->batch);
    if (batch.event_time_us) vs_watermark_advance(watermark, &batch, batch.event_time_us, NULL);
    VS_TRY(vs_push(local->head, &batch, NULL));
    if (has_failed(&local->context)) return VS_STOP;
  }
  return VS_OK;
}

static bool is_worth_merging(const struct vs_aggregate_op *aggregate, uint64_t row_count) {
  uint64_t count = 0;
  for (uint32_t i = 0; i < aggregate->open_count; i++)
    count += aggregate->open[i]->groups.group_count;
  return count <= FEW_GROUPS || count * ROWS_PER_GROUP <= row_count;
}

static void reset(struct vs_local *local, uint64_t number) {
  struct vs_aggregate_op *aggregate = local->aggregate;
  local->context.errors = (struct vs_row_errors){0};
  local->context.eval.division_by_zero_count = local->context.eval.domain_count = 0;
  aggregate->sequence = number << 32; /* a part has fewer rows, so numbers rise from part to part */
  aggregate->own.max_us = VS_TIME_NONE;
}

void vs_local_run(struct vs_local *local, const struct vs_part *part, uint64_t number, struct vs_partial *ret_partial) {
  struct vs_aggregate_op *aggregate = local->aggregate;
  struct vs_watermark watermark = {0, VS_TIME_NONE};
  reset(local, number);
  vs_status status = run_batches(local, part, &watermark);
  *ret_partial = (struct vs_partial){0};
  if (status != VS_OK || !is_worth_merging(aggregate, part->row_count)) {
    vs_slices_free(aggregate);
    return;
  }
  *ret_partial = (struct vs_partial){.is_usable = true,
                                     .from = aggregate,
                                     .slices = aggregate->open,
                                     .slice_count = aggregate->open_count,
                                     .slice_capacity = aggregate->open_capacity,
                                     .max_time_us = watermark.max_us,
                                     .max_window_us = aggregate->own.max_us,
                                     .sequence = aggregate->sequence};
  aggregate->open = NULL;
  aggregate->open_count = aggregate->open_capacity = 0;
}
