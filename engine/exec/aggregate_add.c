/* SPDX-License-Identifier: Apache-2.0
 * Rows into groups: one probe per row and slice, then every aggregate over the whole batch. */
#include "engine/exec/aggregate.h"
#include "engine/exec/bits.h"

/* ---- groups ---- */

/* Without keys there is one group, found once. */
static vs_status find_single(struct vs_slice *slice, const struct vs_work *work, const uint16_t *rows, uint32_t count,
                             struct vs_error *err) {
  if (!slice->groups.first) VS_TRY(vs_groups_find(&slice->groups, &work->keys, rows, 1, work->groups, err));
  for (uint32_t i = 0; i < count; i++)
    work->groups[rows[i]] = slice->groups.first;
  return VS_OK;
}

static vs_status find_in(struct vs_aggregate_op *aggregate, struct vs_slice *slice, const struct vs_work *work,
                         const uint16_t *rows, uint32_t count, struct vs_error *err) {
  if (!aggregate->plan->key_count) return find_single(slice, work, rows, count, err);
  return vs_groups_find(&slice->groups, &work->keys, rows, count, work->groups, err);
}

/* Rows of the same window mostly come together: one probe loop per run. */
vs_status vs_aggregate_find_groups(struct vs_aggregate_op *aggregate, struct vs_work *work, struct vs_error *err) {
  for (uint32_t i = 0, end; i < work->live_count; i = end) {
    int64_t start_us = work->starts_us ? work->starts_us[work->rows[i]] : 0;
    struct vs_slice *slice;
    VS_TRY(vs_slice_get(aggregate, start_us, &slice, err));
    for (end = i; end < work->live_count && (!work->starts_us || work->starts_us[work->rows[end]] == start_us); end++)
      work->slices[work->rows[end]] = slice;
    VS_TRY(find_in(aggregate, slice, work, work->rows + i, end - i, err));
  }
  return VS_OK;
}

/* ---- FILTER and DISTINCT ---- */

static void apply_filter(const struct vs_vector *filter, const struct vs_work *work, char **mask) {
  uint64_t passes[VS_BATCH_WORDS];
  vs_bits_of_boolean(filter, true, work->row_count, passes);
  for (uint32_t i = 0; i < work->live_count; i++)
    if (!vs_bit_get(passes, work->rows[i])) mask[work->rows[i]] = NULL;
}

/* The rows that still count and whose arguments are not NULL: the values of the DISTINCT set. */
static uint32_t list_values(const struct vs_item_run *item, const struct vs_work *work, char **mask,
                            uint16_t *ret_rows) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < work->live_count; i++) {
    uint16_t row = work->rows[i];
    bool is_null = false;
    for (uint32_t a = 0; a < item->item->argument_count; a++)
      is_null |= vs_vector_is_null(&work->values[item->first_argument + a], row);
    if (mask[row] && !is_null) ret_rows[count++] = row;
  }
  return count;
}

static vs_status distinct_keys(struct vs_aggregate_op *aggregate, const struct vs_item_run *item,
                               const struct vs_work *work, struct vs_group_keys *ret_keys, struct vs_error *err) {
  struct vs_arena *arena = aggregate->run.job->eval.arena;
  uint32_t argument_count = item->item->argument_count;
  struct vs_vector *columns = VS_ARENA_ARRAY(arena, struct vs_vector, 1 + argument_count);
  if (!columns) return vs_fail_memory(err);
  VS_TRY(vs_vector_init(&columns[0], VS_TYPE(INTEGER), VS_MAX(work->row_count, 1), arena, err));
  for (uint32_t row = 0; row < work->row_count; row++)
    ((int64_t *)columns[0].data)[row] = work->groups[row] ? (int64_t)work->groups[row]->index : -1;
  for (uint32_t a = 0; a < argument_count; a++)
    columns[1 + a] = work->values[item->first_argument + a];
  return vs_group_keys_init(ret_keys, &item->distinct, columns, work->row_count, arena, err);
}

/* Leaves in the mask only the first row of every (group, value). Slices are met in runs, as in the group search. */
static vs_status apply_distinct(struct vs_aggregate_op *aggregate, uint32_t index, const struct vs_work *work,
                                char **mask, struct vs_error *err) {
  const struct vs_item_run *item = &aggregate->items[index];
  struct vs_arena *arena = aggregate->run.job->eval.arena;
  struct vs_group_keys keys;
  uint16_t *rows = vs_arena_alloc(arena, VS_MAX(work->live_count, 1) * sizeof *rows);
  uint16_t *fresh = vs_arena_alloc(arena, VS_MAX(work->live_count, 1) * sizeof *fresh);
  char **kept = VS_ARENA_ARRAY(arena, char *, VS_MAX(work->row_count, 1));
  if (!rows || !fresh || !kept) return vs_fail_memory(err);
  VS_TRY(distinct_keys(aggregate, item, work, &keys, err));
  uint32_t count = list_values(item, work, mask, rows), fresh_count;
  for (uint32_t i = 0, end; i < count; i = end) {
    struct vs_slice *slice = work->slices[rows[i]];
    for (end = i + 1; end < count && work->slices[rows[end]] == slice;)
      end++;
    VS_TRY(vs_groups_add(&slice->distinct[index], &keys, rows + i, end - i, fresh, &fresh_count, err));
    for (uint32_t f = 0; f < fresh_count; f++)
      kept[fresh[f]] = mask[fresh[f]];
  }
  memcpy(mask, kept, work->row_count * sizeof *mask);
  return VS_OK;
}

static vs_status mask_item(struct vs_aggregate_op *aggregate, uint32_t index, const struct vs_work *work,
                           char *const **ret_mask, struct vs_error *err) {
  const struct vs_item_run *item = &aggregate->items[index];
  *ret_mask = NULL;
  if (item->filter < 0 && !item->is_distinct) return VS_OK;
  char **mask = VS_ARENA_ARRAY(aggregate->run.job->eval.arena, char *, VS_MAX(work->row_count, 1));
  if (!mask) return vs_fail_memory(err);
  for (uint32_t row = 0; row < work->row_count; row++)
    mask[row] = (char *)work->groups[row];
  if (item->filter >= 0) apply_filter(&work->values[item->filter], work, mask);
  if (item->is_distinct) VS_TRY(apply_distinct(aggregate, index, work, mask, err));
  *ret_mask = mask;
  return VS_OK;
}

vs_status vs_aggregate_masks(struct vs_aggregate_op *aggregate, const struct vs_work *work, char *const **ret_masks,
                             struct vs_error *err) {
  for (uint32_t i = 0; i < aggregate->plan->item_count; i++)
    VS_TRY(mask_item(aggregate, i, work, &ret_masks[i], err));
  return VS_OK;
}

/* ---- states ---- */

struct vs_aggregate_run vs_aggregate_run_of(struct vs_aggregate_op *aggregate, uint32_t item, struct vs_slice *slice,
                                            const struct vs_work *work) {
  return (struct vs_aggregate_run){.bound = &aggregate->items[item].item->bound,
                                   .arena = &slice->groups.arena,
                                   .eval = &aggregate->run.job->eval,
                                   .event_time_us = work ? work->times_us : NULL,
                                   .first_sequence = aggregate->sequence};
}

vs_status vs_aggregate_add_rows(struct vs_aggregate_op *aggregate, const struct vs_work *work, struct vs_slice *slice,
                                struct vs_group *const *groups, char *const *const *masks, uint32_t begin, uint32_t end,
                                struct vs_error *err) {
  for (uint32_t i = 0; i < aggregate->plan->item_count; i++) {
    const struct vs_item_run *item = &aggregate->items[i];
    struct vs_aggregate_run run = vs_aggregate_run_of(aggregate, i, slice, work);
    char *const *blocks = masks[i] ? masks[i] : (char *const *)groups;
    VS_TRY(item->item->bound.add(&run, &work->values[item->first_argument], blocks, item->offset, begin, end, err));
  }
  return VS_OK;
}
