/* SPDX-License-Identifier: Apache-2.0
 * Open windows, kept by start. Few are open at a time and rows mostly hit the newest, so it is looked at first. */
#include "engine/exec/aggregate.h"

static bool needs_distinct(const struct vs_aggregate_op *aggregate) {
  for (uint32_t i = 0; i < aggregate->plan->item_count; i++)
    if (aggregate->items[i].is_distinct) return true;
  return false;
}

static vs_status grow_open(struct vs_aggregate_op *aggregate, struct vs_error *err) {
  uint32_t capacity = VS_MAX(aggregate->open_capacity * 2, 8u);
  struct vs_slice **open = vs_memory_resize(&aggregate->run.job->state, aggregate->open,
                                            aggregate->open_capacity * sizeof *open, capacity * sizeof *open);
  if (!open) return vs_fail_memory(err);
  aggregate->open = open;
  aggregate->open_capacity = capacity;
  return VS_OK;
}

static size_t distinct_bytes(const struct vs_aggregate_op *aggregate) {
  return aggregate->plan->item_count * sizeof(struct vs_groups);
}

void vs_slice_free(const struct vs_aggregate_op *aggregate, struct vs_slice *slice) {
  struct vs_memory *memory = &aggregate->run.job->state;
  vs_groups_release(&slice->groups);
  for (uint32_t i = 0; slice->distinct && i < aggregate->plan->item_count; i++)
    vs_groups_release(&slice->distinct[i]);
  vs_memory_free(memory, slice->distinct, distinct_bytes(aggregate));
  vs_memory_free(memory, slice, sizeof *slice);
}

static vs_status new_slice(struct vs_aggregate_op *aggregate, int64_t start_us, struct vs_slice **ret_slice,
                           struct vs_error *err) {
  struct vs_memory *memory = &aggregate->run.job->state;
  struct vs_slice *slice = vs_memory_alloc(memory, sizeof *slice);
  if (!slice) return vs_fail_memory(err);
  *slice = (struct vs_slice){.start_us = start_us};
  vs_groups_init(&slice->groups, &aggregate->layout, memory);
  if (needs_distinct(aggregate)) {
    slice->distinct = vs_memory_alloc(memory, distinct_bytes(aggregate));
    if (!slice->distinct) {
      vs_slice_free(aggregate, slice);
      return vs_fail_memory(err);
    }
    for (uint32_t i = 0; i < aggregate->plan->item_count; i++)
      vs_groups_init(&slice->distinct[i], &aggregate->items[i].distinct, memory);
  }
  *ret_slice = slice;
  return VS_OK;
}

/* The first open slice that starts at or after `start_us`. */
static uint32_t find_place(const struct vs_aggregate_op *aggregate, int64_t start_us) {
  uint32_t low = 0, high = aggregate->open_count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (aggregate->open[middle]->start_us < start_us)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

vs_status vs_slice_get(struct vs_aggregate_op *aggregate, int64_t start_us, struct vs_slice **ret_slice,
                       struct vs_error *err) {
  uint32_t count = aggregate->open_count;
  uint32_t place =
      count && aggregate->open[count - 1]->start_us == start_us ? count - 1 : find_place(aggregate, start_us);
  if (place < count && aggregate->open[place]->start_us == start_us) {
    *ret_slice = aggregate->open[place];
    return VS_OK;
  }
  if (count == aggregate->open_capacity) VS_TRY(grow_open(aggregate, err));
  VS_TRY(new_slice(aggregate, start_us, ret_slice, err));
  memmove(aggregate->open + place + 1, aggregate->open + place, (count - place) * sizeof *aggregate->open);
  aggregate->open[place] = *ret_slice;
  aggregate->open_count++;
  aggregate->run.job->open_windows += aggregate->window != NULL;
  return VS_OK;
}

void vs_slice_close_first(struct vs_aggregate_op *aggregate) {
  vs_slice_free(aggregate, aggregate->open[0]);
  aggregate->open_count--;
  aggregate->run.job->open_windows -= aggregate->window != NULL;
  memmove(aggregate->open, aggregate->open + 1, aggregate->open_count * sizeof *aggregate->open);
}

/* Windows still open when a query is stopped stay counted as open: they were not fired. */
void vs_slices_free(struct vs_aggregate_op *aggregate) {
  for (uint32_t i = 0; i < aggregate->open_count; i++)
    vs_slice_free(aggregate, aggregate->open[i]);
  vs_memory_free(&aggregate->run.job->state, aggregate->open, aggregate->open_capacity * sizeof *aggregate->open);
  aggregate->open = NULL;
  aggregate->open_count = aggregate->open_capacity = 0;
}
