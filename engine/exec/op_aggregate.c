/* SPDX-License-Identifier: Apache-2.0
 * Aggregate: GROUP BY, global aggregates and tumbling windows.
 *
 * Whether a row is late is decided in arrival order against the watermark before it, so batches do not show; a batch
 * none of whose windows is over by then skips the question. Windows close when the watermark comes in line. */
#include "engine/exec/aggregate.h"
#include "engine/exec/bits.h"

/* ---- which rows count, and in which window ---- */

static vs_status set_times(struct vs_aggregate_op *aggregate, const struct vs_batch *batch, struct vs_work *work,
                           struct vs_error *err) {
  work->times_us = batch->event_time_us;
  if (aggregate->time_value < 0) return VS_OK;
  int64_t *times;
  VS_TRY(vs_event_time_of(&work->values[aggregate->time_value], batch->row_count, &aggregate->unit,
                          aggregate->run.job->eval.arena, &times, err));
  work->times_us = times;
  return VS_OK;
}

/* A row without a usable time cannot be placed: it fails, and the query goes on. */
static void fail_timeless(struct vs_aggregate_op *aggregate, const struct vs_batch *batch, const struct vs_work *work) {
  struct vs_row_errors *errors = &aggregate->run.job->errors;
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    uint32_t row = batch->selection ? batch->selection[i] : i;
    if (!work->times_us || work->times_us[row] == VS_TIME_NONE)
      vs_row_errors_add(errors, row, vs_batch_row_number(batch, row), VS_CODE_BAD_EVENT_TIME, aggregate->node->span,
                        "its event time is NULL or out of range");
  }
}

static vs_status list_live(struct vs_aggregate_op *aggregate, const struct vs_batch *batch, struct vs_work *work,
                           struct vs_error *err) {
  const struct vs_row_errors *errors = &aggregate->run.job->errors;
  work->rows = vs_arena_alloc(aggregate->run.job->eval.arena, VS_MAX(batch->selected_count, 1) * sizeof *work->rows);
  if (!work->rows) return vs_fail_memory(err);
  if (!batch->selection && !errors->has_failed) {
    for (; work->live_count < batch->row_count; work->live_count++)
      work->rows[work->live_count] = (uint16_t)work->live_count;
    return VS_OK;
  }
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    uint16_t row = batch->selection ? batch->selection[i] : (uint16_t)i;
    if (!errors->has_failed || !vs_bit_get(errors->failed, row)) work->rows[work->live_count++] = row;
  }
  return VS_OK;
}

static int64_t window_start(const struct vs_window_plan *window, int64_t time_us) {
  int64_t shifted = time_us - window->offset_us, rest = shifted % window->size_us;
  return time_us - (rest < 0 ? rest + window->size_us : rest);
}

/* Consecutive rows mostly share a window: a range check replaces the division. */
static vs_status set_starts(struct vs_aggregate_op *aggregate, struct vs_work *work, int64_t *ret_first_us,
                            struct vs_error *err) {
  const struct vs_window_plan *window = aggregate->window;
  int64_t start_us = 0, first_us = INT64_MAX;
  bool is_known = false;
  work->starts_us = VS_ARENA_ARRAY(aggregate->run.job->eval.arena, int64_t, VS_MAX(work->row_count, 1));
  if (!work->starts_us) return vs_fail_memory(err);
  for (uint32_t i = 0; i < work->live_count; i++) {
    int64_t time_us = work->times_us[work->rows[i]];
    if (!is_known || (uint64_t)(time_us - start_us) >= (uint64_t)window->size_us) {
      start_us = window_start(window, time_us);
      first_us = VS_MIN(first_us, start_us);
      is_known = true;
    }
    work->starts_us[work->rows[i]] = start_us;
  }
  *ret_first_us = first_us;
  return VS_OK;
}

/* `before` per row, or NULL: the watermark last seen in line stands for all. */
static void drop_late(struct vs_aggregate_op *aggregate, const struct vs_batch *batch, struct vs_work *work,
                      const int64_t *before) {
  struct vs_job_context *context = aggregate->run.job;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < work->live_count; i++) {
    uint16_t row = work->rows[i];
    int64_t watermark_us = before ? before[row] : aggregate->watermark_us, start_us = work->starts_us[row];
    if (!vs_window_is_closed(aggregate->window, start_us, watermark_us))
      work->rows[kept++] = row;
    else
      vs_late_rows_add(&context->late_rows, batch, row, start_us + aggregate->window->size_us, watermark_us,
                       context->memory);
  }
  aggregate->run.job->late += work->live_count - kept;
  work->live_count = kept;
}

/* The watermark before each row when the window's own time drives it; else what the batch brought. */
static vs_status row_watermarks(struct vs_aggregate_op *aggregate, const struct vs_batch *batch, struct vs_work *work,
                                const int64_t **ret_before, struct vs_error *err) {
  *ret_before = batch->watermark_us;
  if (!aggregate->window->owns_watermark) return VS_OK;
  int64_t *before = VS_ARENA_ARRAY(aggregate->run.job->eval.arena, int64_t, VS_MAX(work->row_count, 1));
  if (!before) return vs_fail_memory(err);
  struct vs_batch live = {.row_count = work->row_count, .selection = work->rows, .selected_count = work->live_count};
  vs_watermark_advance(&aggregate->own, &live, work->times_us, before);
  *ret_before = before;
  return VS_OK;
}

static vs_status place_rows(struct vs_aggregate_op *aggregate, const struct vs_batch *batch, struct vs_work *work,
                            struct vs_error *err) {
  int64_t first_us = INT64_MAX;
  const int64_t *before;
  VS_TRY(row_watermarks(aggregate, batch, work, &before, err));
  VS_TRY(set_starts(aggregate, work, &first_us, err));
  if (!work->live_count || aggregate->is_local) return VS_OK;
  int64_t last_us = before ? before[work->rows[work->live_count - 1]] : aggregate->watermark_us;
  if (vs_window_is_closed(aggregate->window, first_us,
                          last_us)) /* watermarks only rise: the last one decides for all */
    drop_late(aggregate, batch, work, before);
  return VS_OK;
}

/* ---- FINAL: rows only change states ---- */

struct span_of_slice {
  struct vs_slice *slice;
  uint32_t first, last, count; /* places among the live rows, and how many of those between are the slice's */
};

/* One entry per slice of the batch, in order of first sight. */
static uint32_t list_slices(struct vs_aggregate_op *aggregate, const struct vs_work *work,
                            struct span_of_slice *ret_spans) {
  uint32_t span_count = 0;
  uint64_t batch = ++aggregate->batch_count;
  if (aggregate->open_count == 1) { /* no other one for a row to be in */
    *ret_spans = (struct span_of_slice){aggregate->open[0], 0, work->live_count - 1, work->live_count};
    return 1;
  }
  for (uint32_t i = 0; i < work->live_count; i++) {
    struct vs_slice *slice = work->slices[work->rows[i]];
    if (slice->batch != batch) {
      slice->batch = batch;
      slice->place = span_count;
      ret_spans[span_count++] = (struct span_of_slice){.slice = slice, .first = i};
    }
    ret_spans[slice->place].last = i;
    ret_spans[slice->place].count++;
  }
  return span_count;
}

static void only_slice(const struct vs_work *work, const struct vs_slice *slice, char *const *from, char **ret_groups) {
  memset(ret_groups, 0, work->row_count * sizeof *ret_groups);
  for (uint32_t i = 0; i < work->live_count; i++)
    if (work->slices[work->rows[i]] == slice) ret_groups[work->rows[i]] = from[work->rows[i]];
}

/* Interleaved slices: every aggregate sees one slice's rows at a time, since memory of states is the slice's. */
static vs_status add_interleaved(struct vs_aggregate_op *aggregate, struct vs_work *work,
                                 const struct span_of_slice *span, char *const *const *masks, struct vs_error *err) {
  struct vs_arena *arena = aggregate->run.job->eval.arena;
  uint32_t item_count = aggregate->plan->item_count;
  char *const **own = VS_ARENA_ARRAY(arena, char *const *, VS_MAX(item_count, 1));
  for (uint32_t i = 0; own && i < item_count; i++) {
    char **groups = vs_arena_alloc(arena, work->row_count * sizeof *groups);
    if (!groups) return vs_fail_memory(err);
    only_slice(work, span->slice, masks[i] ? masks[i] : (char *const *)work->groups, groups);
    own[i] = groups;
  }
  if (!own) return vs_fail_memory(err);
  return vs_aggregate_add_rows(aggregate, work, span->slice, work->groups, own, work->rows[span->first],
                               work->rows[span->last] + 1u, err);
}

static vs_status add_all(struct vs_aggregate_op *aggregate, struct vs_work *work, struct vs_error *err) {
  struct vs_arena *arena = aggregate->run.job->eval.arena;
  char *const **masks = VS_ARENA_ARRAY(arena, char *const *, VS_MAX(aggregate->plan->item_count, 1));
  struct span_of_slice *spans = vs_arena_alloc(arena, VS_MAX(work->live_count, 1) * sizeof *spans);
  if (!masks || !spans) return vs_fail_memory(err);
  VS_TRY(vs_aggregate_masks(aggregate, work, masks, err));
  uint32_t span_count = list_slices(aggregate, work, spans);
  for (uint32_t i = 0; i < span_count; i++) {
    const struct span_of_slice *span = &spans[i];
    if (span->last - span->first + 1 == span->count)
      VS_TRY(vs_aggregate_add_rows(aggregate, work, span->slice, work->groups, masks, work->rows[span->first],
                                   work->rows[span->last] + 1u, err));
    else
      VS_TRY(add_interleaved(aggregate, work, span, masks, err));
  }
  return VS_OK;
}

/* ---- a batch ---- */

/* EMIT CHANGES answers row by row: values of rows that do not count are left out first. */
static vs_status compact(struct vs_aggregate_op *aggregate, struct vs_work *work, struct vs_error *err) {
  struct vs_arena *arena = aggregate->run.job->eval.arena;
  if (work->live_count == work->row_count) return VS_OK;
  struct vs_vector *values = VS_ARENA_ARRAY(arena, struct vs_vector, VS_MAX(aggregate->value_count, 1));
  int64_t *times = VS_ARENA_ARRAY(arena, int64_t, VS_MAX(work->live_count, 1));
  uint16_t *offsets = VS_ARENA_ARRAY(arena, uint16_t, VS_MAX(work->live_count, 1));
  if (!values || !times || !offsets) return vs_fail_memory(err);
  for (uint32_t v = 0; v < aggregate->value_count; v++)
    VS_TRY(vs_vector_gather(&work->values[v], work->rows, work->live_count, arena, &values[v], err));
  for (uint32_t i = 0; i < work->live_count; i++) {
    uint16_t row = work->rows[i];
    times[i] = work->times_us ? work->times_us[row] : 0;
    if (work->starts_us) work->starts_us[i] = work->starts_us[row];
    offsets[i] = work->row_offsets ? work->row_offsets[row] : row;
    work->rows[i] = (uint16_t)i;
  }
  work->times_us = work->times_us ? times : NULL;
  work->values = values;
  work->row_offsets = offsets;
  work->row_count = work->live_count;
  return VS_OK;
}

/* Aggregates loop over plain data: constants and codes are spelt out. Keys keep their encoding. */
static vs_status flatten_arguments(struct vs_aggregate_op *aggregate, struct vs_work *work, struct vs_error *err) {
  for (uint32_t v = aggregate->plan->key_count; v < aggregate->value_count; v++) {
    struct vs_vector flat;
    VS_TRY(vs_vector_flatten(&work->values[v], work->row_count, aggregate->run.job->eval.arena, &flat, err));
    work->values[v] = flat;
  }
  return VS_OK;
}

static vs_status group_rows(struct vs_aggregate_op *aggregate, struct vs_work *work, struct vs_error *err) {
  struct vs_arena *arena = aggregate->run.job->eval.arena;
  size_t count = VS_MAX(work->row_count, 1);
  work->groups = VS_ARENA_ARRAY(arena, struct vs_group *, count);
  work->slices = VS_ARENA_ARRAY(arena, struct vs_slice *, count);
  if (!work->groups || !work->slices) return vs_fail_memory(err);
  VS_TRY(flatten_arguments(aggregate, work, err));
  VS_TRY(vs_group_keys_init(&work->keys, &aggregate->layout, work->values, work->row_count, arena, err));
  VS_TRY(vs_aggregate_find_groups(aggregate, work, err));
  return aggregate->plan->emit == VS_EMIT_CHANGES ? VS_OK : add_all(aggregate, work, err);
}

static vs_status take_batch(struct vs_aggregate_op *aggregate, const struct vs_batch *batch, struct vs_error *err) {
  struct vs_job_context *context = aggregate->run.job;
  struct vs_work work = {.values = aggregate->values,
                         .row_count = batch->row_count,
                         .first_row = batch->first_row,
                         .row_offsets = batch->row_offsets};
  bool is_changes = aggregate->plan->emit == VS_EMIT_CHANGES;
  vs_row_errors_next_batch(&context->errors);
  VS_TRY(vs_program_run(aggregate->program, &context->eval, batch, aggregate->values, err));
  VS_TRY(set_times(aggregate, batch, &work, err));
  context->errors.batch = batch;
  if (aggregate->window) fail_timeless(aggregate, batch, &work);
  VS_TRY(list_live(aggregate, batch, &work, err));
  if (aggregate->window) VS_TRY(place_rows(aggregate, batch, &work, err));
  if (is_changes) VS_TRY(compact(aggregate, &work, err));
  if (is_changes) context->errors.batch = NULL; /* rows count anew */
  vs_row_errors_next_batch(&context->errors);
  VS_TRY(vs_aggregate_fail(aggregate, work.live_count ? group_rows(aggregate, &work, err) : VS_OK, err));
  context->errors.batch = NULL;
  if (is_changes && work.live_count) VS_TRY(vs_aggregate_change(aggregate, &work, err));
  aggregate->sequence += batch->row_count;
  return VS_OK;
}

/* ---- the watermark ---- */

static vs_status close_windows(struct vs_aggregate_op *aggregate, int64_t watermark_us, struct vs_error *err) {
  const struct vs_window_plan *window = aggregate->window;
  struct vs_operator_run *next = aggregate->run.next;
  while (aggregate->open_count && vs_window_is_closed(window, aggregate->open[0]->start_us, watermark_us)) {
    int64_t end_us = vs_slice_end(aggregate, aggregate->open[0]);
    if (aggregate->plan->emit != VS_EMIT_CHANGES) {
      VS_TRY(vs_aggregate_fire(aggregate, aggregate->open[0], err));
      VS_TRY(next->ops->watermark(next, end_us, err)); /* the pane is complete: ORDER BY and LIMIT per pane act now */
    }
    vs_slice_close_first(aggregate);
  }
  return VS_OK;
}

/* Rows of a window may still come until its grace is over, so what lies behind sees the watermark later by it. */
static vs_status advance(struct vs_aggregate_op *aggregate, int64_t watermark_us, struct vs_error *err) {
  if (watermark_us == VS_TIME_NONE || watermark_us <= aggregate->watermark_us) return VS_OK;
  aggregate->watermark_us = watermark_us;
  VS_TRY(close_windows(aggregate, watermark_us, err));
  return vs_forward_watermark(&aggregate->run, vs_time_minus(watermark_us, aggregate->window->grace_us), err);
}

static vs_status aggregate_push(struct vs_operator_run *run, const struct vs_batch *batch, struct vs_error *err) {
  struct vs_aggregate_op *aggregate = (struct vs_aggregate_op *)run;
  VS_TRY(take_batch(aggregate, batch, err));
  if (aggregate->is_local || !aggregate->window || !aggregate->window->owns_watermark) return VS_OK;
  return advance(aggregate, vs_watermark_now(&aggregate->own), err);
}

static vs_status aggregate_watermark(struct vs_operator_run *run, int64_t watermark_us, struct vs_error *err) {
  struct vs_aggregate_op *aggregate = (struct vs_aggregate_op *)run;
  if (!aggregate->window) return vs_forward_watermark(run, watermark_us, err);
  if (aggregate->window->owns_watermark && watermark_us != INT64_MAX) return VS_OK;
  return advance(aggregate, watermark_us, err);
}

/* Without a key there is a result even of no row: COUNT 0, the others NULL. */
static vs_status make_global_group(struct vs_aggregate_op *aggregate, struct vs_slice **ret_slice,
                                   struct vs_error *err) {
  struct vs_work work = {.row_count = 1};
  uint64_t hash = 0;
  uint16_t row = 0;
  struct vs_group *group;
  work.keys.hashes = &hash;
  VS_TRY(vs_slice_get(aggregate, 0, ret_slice, err));
  return vs_groups_find(&(*ret_slice)->groups, &work.keys, &row, 1, &group, err);
}

static vs_status aggregate_finish(struct vs_operator_run *run, struct vs_error *err) {
  struct vs_aggregate_op *aggregate = (struct vs_aggregate_op *)run;
  if (aggregate->window) {
    VS_TRY(advance(aggregate, INT64_MAX, err));
    return vs_forward_finish(run, err);
  }
  if (aggregate->plan->emit != VS_EMIT_CHANGES) {
    struct vs_slice *slice = NULL;
    if (!aggregate->open_count && !aggregate->plan->key_count)
      VS_TRY(vs_aggregate_fail(aggregate, make_global_group(aggregate, &slice, err), err));
    if (aggregate->open_count) VS_TRY(vs_aggregate_fire(aggregate, aggregate->open[0], err));
  }
  return vs_forward_finish(run, err);
}

static void aggregate_free(struct vs_operator_run *run) {
  vs_slices_free((struct vs_aggregate_op *)run);
}

/* Rows are late by the watermark before them; where not even the watermark behind the last one closes a window of
 * theirs, none is. */
static vs_status aggregate_merge(struct vs_operator_run *run, struct vs_partial *partial, bool *ret_is_taken,
                                 struct vs_error *err) {
  struct vs_aggregate_op *aggregate = (struct vs_aggregate_op *)run;
  const struct vs_window_plan *window = aggregate->window;
  struct vs_watermark behind = aggregate->own;
  behind.max_us = VS_MAX(behind.max_us, partial->max_window_us);
  bool owns = window && window->owns_watermark;
  int64_t watermark_us = owns ? vs_watermark_now(&behind) : partial->scan_watermark_us;
  *ret_is_taken =
      !window || !partial->slice_count ||
      !vs_window_is_closed(window, partial->slices[0]->start_us, VS_MAX(watermark_us, aggregate->watermark_us));
  if (!*ret_is_taken) return VS_OK;
  VS_TRY(vs_aggregate_fail(aggregate, vs_aggregate_merge_slices(aggregate, partial, err), err));
  aggregate->sequence = partial->sequence;
  aggregate->own = behind;
  return owns ? advance(aggregate, watermark_us, err) : VS_OK;
}

static const struct vs_operator_ops ops = {"aggregate",      aggregate_push, aggregate_watermark,
                                           aggregate_finish, aggregate_free, aggregate_merge};

/* ---- making ---- */

static uint32_t count_values(const struct vs_aggregate_plan *plan) {
  uint32_t count = plan->key_count + 1;
  for (uint32_t i = 0; i < plan->item_count; i++)
    count += plan->items[i].argument_count + 1;
  return count;
}

static bool is_distinct(const struct vs_aggregate_item *item) {
  return item->is_distinct && !(item->bound.aggregate && item->bound.aggregate->flags & VS_AGG_IGNORES_DISTINCT);
}

static vs_status init_distinct(struct vs_item_run *run, struct vs_arena *arena, struct vs_error *err) {
  uint32_t argument_count = run->item->argument_count;
  struct vs_type *types = VS_ARENA_ARRAY(arena, struct vs_type, 1 + argument_count);
  if (!types) return vs_fail_memory(err);
  types[0] = VS_TYPE(INTEGER);
  for (uint32_t a = 0; a < argument_count; a++)
    types[1 + a] = run->item->arguments[a]->type;
  return vs_group_layout_init(&run->distinct, types, 1 + argument_count, 0, arena, err);
}

/* Lays out the values of all items and their states; returns the bytes of all states. */
static vs_status init_items(struct vs_aggregate_op *aggregate, struct vs_bound **exprs, size_t *ret_state_bytes,
                            struct vs_error *err) {
  struct vs_arena *arena = &aggregate->run.job->query;
  const struct vs_aggregate_plan *plan = aggregate->plan;
  aggregate->items = VS_ARENA_ARRAY(arena, struct vs_item_run, VS_MAX(plan->item_count, 1));
  if (!aggregate->items) return vs_fail_memory(err);
  for (uint32_t i = 0; i < plan->item_count; i++) {
    const struct vs_aggregate_item *item = &plan->items[i];
    struct vs_item_run *run = &aggregate->items[i];
    *run = (struct vs_item_run){item, *ret_state_bytes, aggregate->value_count, -1, is_distinct(item), {0}};
    for (uint32_t a = 0; a < item->argument_count; a++)
      exprs[aggregate->value_count++] = item->arguments[a];
    if (item->filter) {
      run->filter = (int)aggregate->value_count;
      exprs[aggregate->value_count++] = item->filter;
    }
    if (run->is_distinct) VS_TRY(init_distinct(run, arena, err));
    *ret_state_bytes += (item->bound.state_size + 15) & ~(size_t)15;
  }
  return VS_OK;
}

static vs_status init_values(struct vs_aggregate_op *aggregate, size_t *ret_state_bytes, struct vs_error *err) {
  struct vs_arena *arena = &aggregate->run.job->query;
  const struct vs_aggregate_plan *plan = aggregate->plan;
  uint32_t capacity = count_values(plan);
  struct vs_bound **exprs = VS_ARENA_ARRAY(arena, struct vs_bound *, capacity);
  aggregate->values = VS_ARENA_ARRAY(arena, struct vs_vector, capacity);
  if (!exprs || !aggregate->values) return vs_fail_memory(err);
  for (; aggregate->value_count < plan->key_count; aggregate->value_count++)
    exprs[aggregate->value_count] = plan->keys[aggregate->value_count];
  VS_TRY(init_items(aggregate, exprs, ret_state_bytes, err));
  aggregate->time_value = -1;
  if (plan->window && plan->window->time) {
    aggregate->time_value = (int)aggregate->value_count;
    exprs[aggregate->value_count++] = plan->window->time;
  }
  return vs_program_compile(exprs, aggregate->value_count, arena, &aggregate->program, err);
}

static vs_status init_layout(struct vs_aggregate_op *aggregate, size_t state_bytes, struct vs_error *err) {
  struct vs_arena *arena = &aggregate->run.job->query;
  const struct vs_aggregate_plan *plan = aggregate->plan;
  struct vs_type *types = VS_ARENA_ARRAY(arena, struct vs_type, VS_MAX(plan->key_count, 1));
  if (!types) return vs_fail_memory(err);
  for (uint32_t k = 0; k < plan->key_count; k++)
    types[k] = plan->keys[k]->type;
  VS_TRY(vs_group_layout_init(&aggregate->layout, types, plan->key_count, state_bytes, arena, err));
  for (uint32_t i = 0; i < plan->item_count; i++)
    aggregate->items[i].offset += aggregate->layout.state_offset;
  return VS_OK;
}

vs_status vs_aggregate_new(struct vs_job_context *context, const struct vs_node *node, struct vs_operator_run *next,
                           struct vs_operator_run **ret_run, struct vs_error *err) {
  struct vs_aggregate_op *aggregate = VS_ARENA_NEW(&context->query, struct vs_aggregate_op);
  size_t state_bytes = 0;
  if (!aggregate) return vs_fail_memory(err);
  aggregate->run = (struct vs_operator_run){&ops, next, context};
  aggregate->node = node;
  aggregate->plan = &node->as.aggregate;
  aggregate->window = aggregate->plan->window;
  aggregate->watermark_us = VS_TIME_NONE;
  if (aggregate->window) {
    aggregate->unit = aggregate->window->time_unit;
    aggregate->own = (struct vs_watermark){aggregate->window->watermark_delay_us, VS_TIME_NONE};
  }
  VS_TRY(init_values(aggregate, &state_bytes, err));
  VS_TRY(init_layout(aggregate, state_bytes, err));
  *ret_run = &aggregate->run;
  return VS_OK;
}
