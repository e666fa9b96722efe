/* SPDX-License-Identifier: Apache-2.0
 * Rows out of groups: all of a slice when it closes, or one per record under EMIT CHANGES. */
#include "engine/exec/aggregate.h"

/* Window bounds are shown and computed with as milliseconds. */
static int64_t bound_ms(int64_t us) {
  return us / 1000 - (us % 1000 < 0);
}

/* A result row carries the last instant of its window, so that windows over windows of the same size nest. */
static int64_t event_time_of(int64_t end_us) {
  return end_us - 1000;
}

vs_status vs_aggregate_fail(struct vs_aggregate_op *aggregate, vs_status status, struct vs_error *err) {
  if (status != VS_RESOURCE) return status;
  return vs_fail_state(aggregate->run.job, aggregate->window ? "WINDOW" : "GROUP BY", aggregate->node->span, err);
}

static vs_status output_init(struct vs_aggregate_op *aggregate, uint32_t count, struct vs_batch *ret_batch,
                             struct vs_error *err) {
  const struct vs_schema *schema = aggregate->node->schema;
  struct vs_arena *arena = aggregate->run.job->eval.arena;
  *ret_batch = (struct vs_batch){.schema = schema, .row_count = count, .selected_count = count, .first_row = 1};
  ret_batch->columns = VS_ARENA_ARRAY(arena, struct vs_vector, VS_MAX(schema->field_count, 1));
  if (!ret_batch->columns) return vs_fail_memory(err);
  for (uint32_t i = 0; i < aggregate->plan->item_count; i++) {
    struct vs_vector *column = &ret_batch->columns[aggregate->plan->key_count + i];
    VS_TRY(vs_vector_init(column, aggregate->items[i].item->bound.result, VS_MAX(count, 1), arena, err));
    if (!vs_vector_validity(column, VS_MAX(count, 1), arena)) return vs_fail_memory(err);
  }
  return VS_OK;
}

static vs_status finish_items(struct vs_aggregate_op *aggregate, struct vs_slice *slice, const struct vs_work *work,
                              struct vs_group *const *groups, uint32_t count, struct vs_batch *batch, uint32_t begin,
                              struct vs_error *err) {
  for (uint32_t i = 0; i < aggregate->plan->item_count; i++) {
    const struct vs_item_run *item = &aggregate->items[i];
    struct vs_aggregate_run run = vs_aggregate_run_of(aggregate, i, slice, work);
    VS_TRY(item->item->bound.finish(&run, (char *const *)groups, item->offset, count,
                                    &batch->columns[aggregate->plan->key_count + i], begin, err));
  }
  return VS_OK;
}

/* `starts_us` per row, or NULL: `start_us` for all. */
static vs_status add_bounds(struct vs_aggregate_op *aggregate, const int64_t *starts_us, int64_t start_us,
                            struct vs_batch *batch, struct vs_error *err) {
  struct vs_arena *arena = aggregate->run.job->eval.arena;
  struct vs_vector *bounds = &batch->columns[aggregate->plan->key_count + aggregate->plan->item_count];
  uint32_t capacity = VS_MAX(batch->row_count, 1);
  int64_t *times = VS_ARENA_ARRAY(arena, int64_t, capacity), size_us = aggregate->window->size_us;
  if (!times) return vs_fail_memory(err);
  VS_TRY(vs_vector_init(&bounds[0], VS_TYPE(TIMESTAMP_MS), capacity, arena, err));
  VS_TRY(vs_vector_init(&bounds[1], VS_TYPE(TIMESTAMP_MS), capacity, arena, err));
  for (uint32_t i = 0; i < batch->row_count; i++) {
    int64_t start = starts_us ? starts_us[i] : start_us;
    ((int64_t *)bounds[0].data)[i] = bound_ms(start);
    ((int64_t *)bounds[1].data)[i] = bound_ms(start + size_us);
    times[i] = event_time_of(start + size_us);
  }
  batch->event_time_us = times;
  return VS_OK;
}

static vs_status push_output(struct vs_aggregate_op *aggregate, const struct vs_batch *batch, struct vs_error *err) {
  struct vs_batch result;
  VS_TRY(vs_drop_failed(aggregate->run.job, batch, &result, err));
  return vs_push(aggregate->run.next, &result, err);
}

/* ---- EMIT CHANGES ---- */

/* The end of the run from `begin` on in which no group occurs twice and all rows belong to one slice: its rows can be
 * added together and finished together, with the same values as one by one. */
static uint32_t run_end(struct vs_aggregate_op *aggregate, const struct vs_work *work, uint32_t begin) {
  uint32_t stamp = ++aggregate->stamp, end = begin;
  for (; end < work->row_count && work->slices[end] == work->slices[begin] && work->groups[end]->stamp != stamp; end++)
    work->groups[end]->stamp = stamp;
  return end;
}

vs_status vs_aggregate_change(struct vs_aggregate_op *aggregate, struct vs_work *work, struct vs_error *err) {
  struct vs_batch batch;
  char *const **masks =
      VS_ARENA_ARRAY(aggregate->run.job->eval.arena, char *const *, VS_MAX(aggregate->plan->item_count, 1));
  if (!masks) return vs_fail_memory(err);
  aggregate->run.job->eval.row_offsets = work->row_offsets;
  VS_TRY(output_init(aggregate, work->row_count, &batch, err));
  VS_TRY(vs_aggregate_masks(aggregate, work, masks, err));
  for (uint32_t begin = 0, end; begin < work->row_count; begin = end) {
    struct vs_slice *slice = work->slices[begin];
    end = run_end(aggregate, work, begin);
    VS_TRY(vs_aggregate_add_rows(aggregate, work, slice, work->groups, masks, begin, end, err));
    VS_TRY(finish_items(aggregate, slice, work, work->groups + begin, end - begin, &batch, begin, err));
  }
  memcpy(batch.columns, work->values, aggregate->plan->key_count * sizeof *batch.columns);
  if (aggregate->window) VS_TRY(add_bounds(aggregate, work->starts_us, 0, &batch, err));
  batch.first_row = work->first_row;
  batch.row_offsets = work->row_offsets;
  return push_output(aggregate, &batch, err);
}

/* ---- a slice that closes ---- */

static vs_status fire_part(struct vs_aggregate_op *aggregate, struct vs_slice *slice, struct vs_group *const *groups,
                           uint32_t count, struct vs_error *err) {
  struct vs_job_context *context = aggregate->run.job;
  struct vs_batch batch;
  vs_row_errors_next_batch(&context->errors);
  context->eval.first_row = 1; /* a group comes from no single row: its place among the results is named */
  context->eval.row_offsets = NULL;
  VS_TRY(output_init(aggregate, count, &batch, err));
  for (uint32_t k = 0; k < aggregate->plan->key_count; k++)
    VS_TRY(vs_groups_key(&aggregate->layout, k, groups, count, context->eval.arena, &batch.columns[k], err));
  VS_TRY(finish_items(aggregate, slice, NULL, groups, count, &batch, 0, err));
  if (aggregate->window) VS_TRY(add_bounds(aggregate, NULL, slice->start_us, &batch, err));
  return push_output(aggregate, &batch, err);
}

static vs_status fire_all(struct vs_aggregate_op *aggregate, struct vs_slice *slice, struct vs_arena *arena,
                          struct vs_error *err) {
  struct vs_group *part[VS_BATCH_ROWS];
  for (struct vs_group *group = slice->groups.first; group;) {
    uint32_t count = 0;
    for (; group && count < VS_BATCH_ROWS; group = group->next)
      part[count++] = group;
    VS_TRY(fire_part(aggregate, slice, part, count, err));
    VS_TRY(vs_context_check(aggregate->run.job));
    vs_arena_reset(arena);
  }
  return VS_OK;
}

/* Batch memory is swapped for one of our own, reset after every batch, so that a million groups need no more than 2048.
 */
vs_status vs_aggregate_fire(struct vs_aggregate_op *aggregate, struct vs_slice *slice, struct vs_error *err) {
  struct vs_job_context *context = aggregate->run.job;
  struct vs_arena *former = context->eval.arena, own;
  vs_arena_init(&own, context->memory, 0);
  context->eval.arena = &own;
  vs_status status = fire_all(aggregate, slice, &own, err);
  context->eval.arena = former;
  vs_arena_release(&own);
  return status;
}
