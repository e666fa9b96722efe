/* SPDX-License-Identifier: Apache-2.0
 * Rows kept in memory: flat batches of up to VS_BATCH_ROWS rows whose bytes are all their own. Appending comes before
 * sharing; from then on nothing changes, so any thread may read. */
#include "engine/connect/connector.h"

#include <assert.h>

struct chunk {
  struct vs_batch batch;
  uint32_t capacity;
  int64_t *event_time_us;
  struct chunk *next;
};

struct vs_rows {
  struct vs_memory *memory;
  struct vs_arena arena;
  const struct vs_schema *schema;
  struct chunk *first, *last;
  uint64_t count;
  bool has_event_time;
  atomic_uint_fast32_t references;
};

vs_status vs_rows_new(const struct vs_schema *schema, struct vs_memory *memory, struct vs_rows **ret_rows,
                      struct vs_error *err) {
  struct vs_rows *rows = vs_memory_alloc(memory, sizeof *rows);
  if (!rows) return vs_fail_memory(err);
  memset(rows, 0, sizeof *rows);
  rows->memory = memory;
  vs_arena_init(&rows->arena, memory, 0);
  atomic_init(&rows->references, 1);
  vs_status status = vs_schema_copy(schema, &rows->arena, &rows->schema, err);
  if (status != VS_OK)
    vs_rows_unref(rows);
  else
    *ret_rows = rows;
  return status;
}

static vs_status chunk_init(struct vs_rows *rows, struct chunk *chunk, struct vs_error *err) {
  const struct vs_schema *schema = rows->schema;
  struct vs_vector *columns = VS_ARENA_ARRAY(&rows->arena, struct vs_vector, VS_MAX(schema->field_count, 1u));
  chunk->event_time_us = vs_arena_alloc(&rows->arena, sizeof *chunk->event_time_us * chunk->capacity);
  if (!columns || !chunk->event_time_us) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count; i++) {
    VS_TRY(vs_vector_init(&columns[i], schema->fields[i].type, chunk->capacity, &rows->arena, err));
    if (!vs_vector_validity(&columns[i], chunk->capacity, &rows->arena)) return vs_fail_memory(err);
  }
  chunk->batch = (struct vs_batch){.schema = schema, .columns = columns, .first_row = rows->count + 1};
  return VS_OK;
}

/* Most results have a handful of rows and many are kept: the first chunk is as large as what comes, later ones double.
 */
static vs_status add_chunk(struct vs_rows *rows, uint32_t wanted, struct vs_error *err) {
  struct chunk *chunk = VS_ARENA_NEW(&rows->arena, struct chunk);
  if (!chunk) return vs_fail_memory(err);
  chunk->capacity = VS_MIN(VS_MAX(wanted, rows->last ? rows->last->capacity * 2 : 1), (uint32_t)VS_BATCH_ROWS);
  VS_TRY(chunk_init(rows, chunk, err));
  *(rows->last ? &rows->last->next : &rows->first) = chunk;
  rows->last = chunk;
  return VS_OK;
}

/* `left`: rows of the batch that are still to come, this one included. */
static vs_status append_row(struct vs_rows *rows, const struct vs_batch *batch, uint32_t row, uint32_t left,
                            struct vs_error *err) {
  if (!rows->last || rows->last->batch.row_count == rows->last->capacity) VS_TRY(add_chunk(rows, left, err));
  struct vs_batch *to = &rows->last->batch;
  uint32_t at = to->row_count;
  for (uint32_t i = 0; i < rows->schema->field_count; i++)
    if (batch->columns[i].data)
      VS_TRY(vs_vector_copy_row(&to->columns[i], at, &batch->columns[i], row, &rows->arena, err));
  rows->last->event_time_us[at] = batch->event_time_us ? batch->event_time_us[row] : INT64_MIN;
  to->selected_count = ++to->row_count;
  rows->count++;
  return VS_OK;
}

vs_status vs_rows_append(struct vs_rows *rows, const struct vs_batch *batch, struct vs_error *err) {
  assert(atomic_load(&rows->references) == 1 && batch->schema->field_count == rows->schema->field_count);
  rows->has_event_time |= batch->event_time_us != NULL;
  for (uint32_t k = 0; k < batch->selected_count; k++) {
    uint32_t row = batch->selection ? batch->selection[k] : k;
    if (!batch->weight || batch->weight[row] > 0) VS_TRY(append_row(rows, batch, row, batch->selected_count - k, err));
  }
  return VS_OK;
}

struct vs_rows *vs_rows_ref(struct vs_rows *rows) {
  atomic_fetch_add_explicit(&rows->references, 1, memory_order_relaxed);
  return rows;
}

void vs_rows_unref(struct vs_rows *rows) {
  if (!rows || atomic_fetch_sub_explicit(&rows->references, 1, memory_order_acq_rel) != 1) return;
  vs_arena_release(&rows->arena);
  vs_memory_free(rows->memory, rows, sizeof *rows);
}

const struct vs_schema *vs_rows_schema(const struct vs_rows *rows) {
  return rows->schema;
}

uint64_t vs_rows_count(const struct vs_rows *rows) {
  return rows->count;
}

size_t vs_rows_bytes(const struct vs_rows *rows) {
  return sizeof *rows + rows->arena.used_bytes;
}

struct rows_reader {
  struct vs_source_reader base;
  struct vs_memory *memory;
  struct vs_rows *rows;
  const struct chunk *next;
  uint64_t read_count;
};

/* Chunks are handed out as they are: they never change, and the reader's reference keeps them. */
static vs_status poll(struct vs_source_reader *base, struct vs_row_errors *errors, struct vs_batch *ret_batch,
                      vs_poll *ret_poll, int64_t *ret_wait_us, struct vs_error *err) {
  struct rows_reader *reader = (struct rows_reader *)base;
  (void)errors, (void)ret_wait_us, (void)err;
  *ret_poll = reader->next ? VS_POLL_ROWS : VS_POLL_END;
  if (!reader->next) return VS_OK;
  *ret_batch = reader->next->batch;
  ret_batch->event_time_us = reader->rows->has_event_time ? reader->next->event_time_us : NULL;
  reader->read_count += ret_batch->row_count;
  reader->next = reader->next->next;
  return VS_OK;
}

static void counters(const struct vs_source_reader *base, struct vs_source_counters *ret_counters) {
  const struct rows_reader *reader = (const struct rows_reader *)base;
  *ret_counters = (struct vs_source_counters){0, reader->read_count, -1};
}

static void close_reader(struct vs_source_reader *base) {
  struct rows_reader *reader = (struct rows_reader *)base;
  vs_rows_unref(reader->rows);
  vs_memory_free(reader->memory, reader, sizeof *reader);
}

vs_status vs_rows_open(struct vs_rows *rows, const struct vs_env *env, struct vs_source_reader **ret_reader,
                       struct vs_error *err) {
  static const struct vs_source_reader_ops ops = {poll, counters, close_reader};
  struct rows_reader *reader = vs_memory_alloc(env->memory, sizeof *reader);
  if (!reader) return vs_fail_memory(err);
  *reader = (struct rows_reader){
      .base = {&ops, .wake_fd = -1}, .memory = env->memory, .rows = vs_rows_ref(rows), .next = rows->first};
  *ret_reader = &reader->base;
  return VS_OK;
}
