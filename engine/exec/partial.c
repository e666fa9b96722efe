/* SPDX-License-Identifier: Apache-2.0
 * The second phase: groups made elsewhere go into the groups that are here, in their order of first sight. */
#include "engine/exec/aggregate.h"

void vs_partial_release(struct vs_partial *partial) {
  for (uint32_t i = 0; i < partial->slice_count; i++)
    vs_slice_free(partial->from, partial->slices[i]);
  if (partial->slices)
    vs_memory_free(&partial->from->run.job->state, partial->slices, partial->slice_capacity * sizeof *partial->slices);
  *partial = (struct vs_partial){0};
}

/* The groups of ours with the keys of `from[0..count)`. */
static vs_status find_groups(struct vs_aggregate_op *aggregate, struct vs_slice *slice, struct vs_group *const *from,
                             uint32_t count, struct vs_group **ret_groups, struct vs_error *err) {
  struct vs_arena *arena = aggregate->run.job->eval.arena;
  uint32_t key_count = aggregate->plan->key_count;
  struct vs_group_keys keys = {.columns = VS_ARENA_ARRAY(arena, struct vs_vector, VS_MAX(key_count, 1)),
                               .hashes = VS_ARENA_ARRAY(arena, uint64_t, VS_MAX(count, 1))};
  if (!keys.columns || !keys.hashes) return vs_fail_memory(err);
  for (uint32_t k = 0; k < key_count; k++)
    VS_TRY(vs_groups_key(&aggregate->layout, k, from, count, arena, &keys.columns[k], err));
  for (uint32_t i = 0; i < count; i++)
    keys.hashes[i] = from[i]->hash;
  return vs_groups_find(&slice->groups, &keys, NULL, count, ret_groups, err);
}

static vs_status merge_groups(struct vs_aggregate_op *aggregate, struct vs_slice *slice, struct vs_group *const *from,
                              uint32_t count, struct vs_error *err) {
  struct vs_group *to[VS_BATCH_ROWS];
  VS_TRY(find_groups(aggregate, slice, from, count, to, err));
  for (uint32_t i = 0; i < aggregate->plan->item_count; i++) {
    const struct vs_item_run *item = &aggregate->items[i];
    struct vs_aggregate_run run = vs_aggregate_run_of(aggregate, i, slice, NULL);
    for (uint32_t g = 0; g < count; g++)
      VS_TRY(item->item->bound.merge(&run, (char *)to[g] + item->offset, (const char *)from[g] + item->offset, err));
  }
  return VS_OK;
}

static vs_status merge_slice(struct vs_aggregate_op *aggregate, const struct vs_slice *from, struct vs_error *err) {
  struct vs_slice *slice;
  VS_TRY(vs_slice_get(aggregate, from->start_us, &slice, err));
  for (struct vs_group *group = from->groups.first; group;) {
    struct vs_group *groups[VS_BATCH_ROWS];
    uint32_t count = 0;
    for (; group && count < VS_BATCH_ROWS; group = group->next)
      groups[count++] = group;
    VS_TRY(merge_groups(aggregate, slice, groups, count, err));
  }
  return VS_OK;
}

vs_status vs_aggregate_merge_slices(struct vs_aggregate_op *aggregate, const struct vs_partial *partial,
                                    struct vs_error *err) {
  for (uint32_t i = 0; i < partial->slice_count; i++)
    VS_TRY(merge_slice(aggregate, partial->slices[i], err));
  return VS_OK;
}
