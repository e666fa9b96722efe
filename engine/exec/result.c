/* SPDX-License-Identifier: Apache-2.0
 * The display tap. Update mode folds by key, append mode keeps the newest rows in a ring; both are bounded. */
#include "engine/exec/result.h"
#include "engine/exec/program.h"
#include "engine/exec/row_fold.h"
#include "engine/exec/sorter.h"

#include <pthread.h>

struct vs_result {
  struct vs_tap tap;
  const struct vs_plan *plan;
  const struct vs_env *env;
  struct vs_arena arena;    /* types, order program */
  struct vs_program *order; /* NULL: order of arrival or first sight */
  uint32_t order_count;
  struct vs_type *order_types;
  struct vs_vector *taken; /* columns of the batch coming in, then its event time: the kept rows have it behind */
  pthread_mutex_t mutex;   /* guards all below */
  struct vs_memory memory;
  struct vs_fold fold;   /* update mode */
  struct vs_rowset ring; /* append mode: ring_count rows from ring_first on, modulo VS_RESULT_ROWS */
  uint32_t ring_first, ring_count;
  struct vs_result_totals totals;
};

static struct vs_result *result_of(struct vs_tap *tap) {
  return (struct vs_result *)((char *)tap - offsetof(struct vs_result, tap));
}

static const struct vs_rowset *kept_rows(const struct vs_result *result) {
  return result->plan->fold.is_keyed ? &result->fold.rows : &result->ring;
}

/* ---- taking rows in ---- */

static bool is_over(const struct vs_rowset *rows, uint32_t live_count) {
  return live_count * vs_rowset_width(rows) + rows->live_text_bytes > VS_RESULT_BYTES;
}

static vs_status fold_row(struct vs_result *result, const struct vs_batch *batch, uint32_t row, struct vs_error *err) {
  uint32_t kept;
  if (batch->weight && batch->weight[row] < 0) {
    kept = vs_fold_find(&result->fold, result->taken, row);
    if (kept != VS_FOLD_NONE) vs_fold_remove(&result->fold, kept);
    return VS_OK;
  }
  return vs_fold_put(&result->fold, result->taken, row, &kept, err);
}

static vs_status fold_batch(struct vs_result *result, const struct vs_batch *batch, struct vs_error *err) {
  vs_fold_begin(&result->fold, result->taken, batch->row_count);
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    vs_fold_prefetch(&result->fold, batch, i);
    VS_TRY(fold_row(result, batch, batch->selection ? batch->selection[i] : i, err));
  }
  while (is_over(&result->fold.rows, result->fold.live_count)) {
    vs_fold_remove(&result->fold, vs_fold_oldest(&result->fold));
    result->totals.dropped++;
  }
  return VS_OK;
}

static void drop_oldest(struct vs_result *result) {
  vs_rowset_forget_text(&result->ring, result->ring_first);
  result->ring_first = (result->ring_first + 1) % VS_RESULT_ROWS;
  result->ring_count--;
  result->totals.dropped++;
}

/* Writes the rows as at most two runs: up to the end of the ring, then from its beginning. */
static vs_status ring_batch(struct vs_result *result, const struct vs_batch *batch, struct vs_error *err) {
  uint16_t rows[VS_BATCH_ROWS];
  for (uint32_t i = 0; i < batch->selected_count; i++)
    rows[i] = batch->selection ? batch->selection[i] : (uint16_t)i;
  while (result->ring_count + batch->selected_count > VS_RESULT_ROWS)
    drop_oldest(result);
  for (uint32_t done = 0, count; done < batch->selected_count; done += count) {
    uint32_t at = (result->ring_first + result->ring_count) % VS_RESULT_ROWS;
    count = VS_MIN(batch->selected_count - done, VS_RESULT_ROWS - at);
    VS_TRY(vs_rowset_write(&result->ring, at, result->taken, rows + done, count, err));
    result->ring_count += count;
  }
  while (is_over(&result->ring, result->ring_count))
    drop_oldest(result);
  return VS_OK;
}

static vs_status result_open(struct vs_tap *tap, const struct vs_schema *schema, vs_change_mode mode,
                             struct vs_error *err) {
  (void)tap;
  (void)schema;
  (void)mode;
  (void)err;
  return VS_OK;
}

/* Rows without an event time get one that says so. */
static void take_columns(struct vs_result *result, const struct vs_batch *batch, int64_t *none) {
  uint32_t field_count = batch->schema->field_count;
  memcpy(result->taken, batch->columns, field_count * sizeof *result->taken);
  void *times = (void *)(uintptr_t)batch->event_time_us; /* only read */
  result->taken[field_count] = (struct vs_vector){.type = VS_TYPE(TIMESTAMP),
                                                  .encoding = times ? VS_VECTOR_FLAT : VS_VECTOR_CONSTANT,
                                                  .data = times ? times : none};
}

static vs_status result_batch(struct vs_tap *tap, const struct vs_batch *batch, struct vs_error *err) {
  struct vs_result *result = result_of(tap);
  int64_t none = VS_TIME_NONE;
  pthread_mutex_lock(&result->mutex);
  take_columns(result, batch, &none);
  vs_status status = result->plan->fold.is_keyed ? fold_batch(result, batch, err) : ring_batch(result, batch, err);
  result->totals.emitted += batch->selected_count;
  result->totals.version++;
  pthread_mutex_unlock(&result->mutex);
  return status;
}

static void result_close(struct vs_tap *tap, vs_status status, const struct vs_error *err) {
  (void)tap;
  (void)status;
  (void)err;
}

static const struct vs_tap_ops tap_ops = {result_open, result_batch, NULL, result_close};

/* ---- making and freeing ---- */

static vs_status compile_order(struct vs_result *result, struct vs_error *err) {
  const struct vs_fold_plan *fold = &result->plan->fold;
  if (!fold->order_count) return VS_OK;
  struct vs_bound **exprs = VS_ARENA_ARRAY(&result->arena, struct vs_bound *, fold->order_count);
  result->order_types = VS_ARENA_ARRAY(&result->arena, struct vs_type, fold->order_count);
  if (!exprs || !result->order_types) return vs_fail_memory(err);
  for (uint32_t i = 0; i < fold->order_count; i++) {
    exprs[i] = fold->order[i].expr;
    result->order_types[i] = exprs[i]->type;
  }
  result->order_count = fold->order_count;
  return vs_program_compile(exprs, fold->order_count, &result->arena, &result->order, err);
}

static vs_status init_rows(struct vs_result *result, struct vs_error *err) {
  const struct vs_schema *schema = result->plan->root->schema;
  const struct vs_fold_plan *fold = &result->plan->fold;
  struct vs_type *types = VS_ARENA_ARRAY(&result->arena, struct vs_type, schema->field_count + 1);
  result->taken = VS_ARENA_ARRAY(&result->arena, struct vs_vector, schema->field_count + 1);
  if (!types || !result->taken) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count; i++)
    types[i] = schema->fields[i].type;
  types[schema->field_count] = VS_TYPE(TIMESTAMP);
  VS_TRY(compile_order(result, err));
  if (fold->is_keyed)
    return vs_fold_init(&result->fold, types, schema->field_count + 1, fold->key_columns, fold->key_count,
                        &result->memory, err);
  return vs_rowset_init(&result->ring, types, schema->field_count + 1, &result->memory, err);
}

vs_status vs_result_new(const struct vs_plan *plan, const struct vs_env *env, struct vs_result **ret_result,
                        struct vs_error *err) {
  struct vs_result *result = vs_memory_alloc(env->memory, sizeof *result);
  if (!result) return vs_fail_memory(err);
  memset(result, 0, sizeof *result);
  result->tap.ops = &tap_ops;
  result->plan = plan;
  result->env = env;
  result->totals.is_keyed = plan->fold.is_keyed;
  pthread_mutex_init(&result->mutex, NULL);
  vs_memory_init(&result->memory, env->memory, 0);
  vs_arena_init(&result->arena, env->memory, 0);
  vs_status status = init_rows(result, err);
  if (status != VS_OK) {
    vs_result_free(result);
    return status;
  }
  *ret_result = result;
  return VS_OK;
}

void vs_result_free(struct vs_result *result) {
  if (!result) return;
  vs_fold_release(&result->fold);
  if (result->ring.memory) vs_rowset_release(&result->ring);
  vs_arena_release(&result->arena);
  pthread_mutex_destroy(&result->mutex);
  vs_memory_free(result->env->memory, result, sizeof *result);
}

struct vs_tap *vs_result_tap(struct vs_result *result) {
  return &result->tap;
}

/* ---- the shown order ---- */

/* Live rows in order of arrival or first sight. Under the mutex. */
static uint32_t list_rows(const struct vs_result *result, uint32_t *ret_rows) {
  uint32_t count = 0;
  if (result->plan->fold.is_keyed) {
    for (uint32_t row = 0; row < result->fold.rows.row_count; row++)
      if (!result->fold.dead[row]) ret_rows[count++] = row;
    return count;
  }
  for (; count < result->ring_count; count++)
    ret_rows[count] = (result->ring_first + count) % VS_RESULT_ROWS;
  return count;
}

/* The order keys of every kept row, dead ones included: row numbers then need no translation. */
static vs_status evaluate_order(const struct vs_result *result, struct vs_arena *arena, struct vs_rowset *keys,
                                struct vs_error *err) {
  const struct vs_rowset *rows = kept_rows(result);
  struct vs_vector *columns = VS_ARENA_ARRAY(arena, struct vs_vector, VS_MAX(rows->column_count, 1));
  struct vs_vector *values = VS_ARENA_ARRAY(arena, struct vs_vector, result->order_count);
  struct vs_row_errors *errors = VS_ARENA_NEW(arena, struct vs_row_errors);
  if (!columns || !values || !errors) return vs_fail_memory(err);
  struct vs_eval eval = {.env = result->env, .arena = arena, .errors = errors};
  struct vs_batch batch = {.schema = result->plan->root->schema, .columns = columns};
  for (uint32_t begin = 0; begin < rows->row_count; begin += VS_BATCH_ROWS) {
    batch.row_count = batch.selected_count = VS_MIN(rows->row_count - begin, (uint32_t)VS_BATCH_ROWS);
    vs_rowset_view(rows, begin, columns);
    VS_TRY(vs_program_run(result->order, &eval, &batch, values, err));
    VS_TRY(vs_rowset_write(keys, begin, values, NULL, batch.row_count, err));
  }
  return VS_OK;
}

static vs_status order_rows(struct vs_result *result, uint32_t *rows, uint32_t count, struct vs_arena *arena,
                            struct vs_error *err) {
  struct vs_rowset keys;
  VS_TRY(vs_rowset_init(&keys, result->order_types, result->order_count, &result->memory, err));
  vs_status status = evaluate_order(result, arena, &keys, err);
  if (status == VS_OK)
    status = vs_sort_rows(keys.columns, result->plan->fold.order, result->order_count, rows, count, &result->memory,
                          NULL, err);
  vs_rowset_release(&keys);
  return status;
}

/* The numbers of the rows to show, ORDER BY, OFFSET and LIMIT applied. Under the mutex. */
static vs_status shown_rows(struct vs_result *result, struct vs_arena *arena, uint32_t **ret_rows, uint32_t *ret_count,
                            struct vs_error *err) {
  const struct vs_fold_plan *fold = &result->plan->fold;
  uint32_t *rows = VS_ARENA_ARRAY(arena, uint32_t, VS_MAX(kept_rows(result)->row_count, 1));
  if (!rows) return vs_fail_memory(err);
  uint32_t count = list_rows(result, rows);
  if (result->order) VS_TRY(order_rows(result, rows, count, arena, err));
  uint32_t skipped = (uint32_t)VS_MIN(VS_MAX(fold->offset, 0), (int64_t)count);
  count -= skipped;
  *ret_rows = rows + skipped;
  *ret_count = fold->limit >= 0 && fold->limit < count ? (uint32_t)fold->limit : count;
  return VS_OK;
}

/* ---- copies ---- */

static vs_status copy_rows(const struct vs_result *result, const uint32_t *rows, uint32_t count, struct vs_arena *arena,
                           struct vs_batch *ret_batch, struct vs_error *err) {
  const struct vs_schema *schema = result->plan->root->schema;
  struct vs_batch batch = {.schema = schema, .row_count = count, .selected_count = count};
  batch.columns = VS_ARENA_ARRAY(arena, struct vs_vector, schema->field_count + 1);
  if (!batch.columns) return vs_fail_memory(err);
  VS_TRY(vs_rowset_gather(kept_rows(result), rows, count, true, arena, batch.columns, err));
  batch.event_time_us = batch.columns[schema->field_count].data;
  *ret_batch = batch;
  return VS_OK;
}

/* First and last row included, the others at even distances. */
static vs_status pick_evenly(const uint32_t *rows, uint32_t count, uint32_t wanted, struct vs_arena *arena,
                             const uint32_t **ret_rows, uint32_t *ret_count, struct vs_error *err) {
  *ret_rows = rows;
  *ret_count = VS_MIN(count, wanted);
  if (count <= wanted || wanted < 2) return VS_OK;
  uint32_t *picked = VS_ARENA_ARRAY(arena, uint32_t, wanted);
  if (!picked) return vs_fail_memory(err);
  for (uint32_t i = 0; i < wanted; i++)
    picked[i] = rows[(uint64_t)i * (count - 1) / (wanted - 1)];
  *ret_rows = picked;
  return VS_OK;
}

static bool is_alerting(const struct vs_result *result, uint32_t row) {
  for (uint32_t i = 0; i < result->plan->alert_count; i++) {
    const struct vs_vector *column = &kept_rows(result)->columns[result->plan->alerts[i].column];
    if (!vs_vector_is_null(column, row) && ((const uint8_t *)column->data)[row]) return true;
  }
  return false;
}

static struct vs_result_totals totals_of(const struct vs_result *result, const uint32_t *rows, uint32_t count) {
  struct vs_result_totals totals = result->totals;
  totals.folded = count;
  for (uint32_t i = 0; result->plan->alert_count && i < count; i++)
    totals.alerts += is_alerting(result, rows[i]);
  return totals;
}

static vs_status copy_locked(struct vs_result *result, uint32_t head, uint32_t tail, uint32_t chart,
                             struct vs_arena *arena, struct vs_result_view *ret_view, struct vs_error *err) {
  struct vs_result_view view = {.schema = result->plan->root->schema};
  uint32_t *rows, count, chart_count;
  const uint32_t *chart_rows;
  VS_TRY(shown_rows(result, arena, &rows, &count, err));
  head = VS_MIN(head, count);
  tail = VS_MIN(tail, count - head);
  VS_TRY(copy_rows(result, rows, head, arena, &view.head, err));
  VS_TRY(copy_rows(result, rows + count - tail, tail, arena, &view.tail, err));
  VS_TRY(pick_evenly(rows, count, chart, arena, &chart_rows, &chart_count, err));
  VS_TRY(copy_rows(result, chart_rows, chart_count, arena, &view.chart, err));
  view.totals = totals_of(result, rows, count);
  *ret_view = view;
  return VS_OK;
}

vs_status vs_result_copy(struct vs_result *result, uint32_t head, uint32_t tail, uint32_t chart, struct vs_arena *arena,
                         struct vs_result_view *ret_view, struct vs_error *err) {
  pthread_mutex_lock(&result->mutex);
  vs_status status = copy_locked(result, head, tail, chart, arena, ret_view, err);
  pthread_mutex_unlock(&result->mutex);
  return status;
}

/* ---- as a memory relation ---- */

static bool is_kept_column(const struct vs_field *field) {
  return !field->is_hidden || field->role == VS_ROLE_WINDOW_START || field->role == VS_ROLE_WINDOW_END;
}

static vs_status kept_schema(const struct vs_schema *schema, struct vs_arena *arena, struct vs_schema *ret_schema,
                             uint32_t **ret_columns, struct vs_error *err) {
  struct vs_schema kept = {.fields = VS_ARENA_ARRAY(arena, struct vs_field, VS_MAX(schema->field_count, 1)),
                           .shown_count = schema->shown_count};
  *ret_columns = VS_ARENA_ARRAY(arena, uint32_t, VS_MAX(schema->field_count, 1));
  if (!kept.fields || !*ret_columns) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count; i++)
    if (is_kept_column(&schema->fields[i])) {
      (*ret_columns)[kept.field_count] = i;
      kept.fields[kept.field_count++] = schema->fields[i];
    }
  *ret_schema = kept;
  return VS_OK;
}

static vs_status append_rows(struct vs_result *result, const struct vs_schema *schema, const uint32_t *columns,
                             struct vs_rows *to, struct vs_arena *arena, struct vs_error *err) {
  uint32_t *rows, count;
  struct vs_batch all, part;
  VS_TRY(shown_rows(result, arena, &rows, &count, err));
  for (uint32_t begin = 0; begin < count; begin += VS_BATCH_ROWS) {
    VS_TRY(copy_rows(result, rows + begin, VS_MIN(count - begin, (uint32_t)VS_BATCH_ROWS), arena, &all, err));
    VS_TRY(vs_batch_select(&all, schema, columns, arena, &part, err));
    VS_TRY(vs_rows_append(to, &part, err));
  }
  return VS_OK;
}

static vs_status make_rows(struct vs_result *result, struct vs_memory *memory, struct vs_arena *arena,
                           struct vs_rows **ret_rows, struct vs_error *err) {
  struct vs_schema schema;
  uint32_t *columns;
  struct vs_rows *rows;
  VS_TRY(kept_schema(result->plan->root->schema, arena, &schema, &columns, err));
  VS_TRY(vs_rows_new(&schema, memory, &rows, err));
  pthread_mutex_lock(&result->mutex);
  vs_status status = append_rows(result, vs_rows_schema(rows), columns, rows, arena, err);
  pthread_mutex_unlock(&result->mutex);
  if (status != VS_OK) {
    vs_rows_unref(rows);
    return status;
  }
  *ret_rows = rows;
  return VS_OK;
}

vs_status vs_result_rows(struct vs_result *result, struct vs_memory *memory, struct vs_rows **ret_rows,
                         struct vs_error *err) {
  struct vs_arena arena;
  vs_arena_init(&arena, result->env->memory, 0);
  vs_status status = make_rows(result, memory, &arena, ret_rows, err);
  vs_arena_release(&arena);
  return status;
}
