/* SPDX-License-Identifier: Apache-2.0
 * Rows set aside by a query, as tables: <query>.failed and <query>.late, each column as text, with why and where. */
#include "engine/runtime/kept.h"

enum { EXTRA_COLUMNS = 3 };

static vs_status make_schema(const struct vs_aside *aside, struct vs_arena *arena, struct vs_schema *ret_schema,
                             struct vs_error *err) {
  static const struct vs_field extra[EXTRA_COLUMNS] = {
      {.name = {"_reason", 7}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true},
      {.name = {"_line", 5}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
      {.name = {"_text", 5}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true}};
  uint32_t count = aside->schema->field_count;
  struct vs_field *fields = VS_ARENA_ARRAY(arena, struct vs_field, count + EXTRA_COLUMNS);
  if (!fields) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++)
    fields[i] =
        (struct vs_field){.name = aside->schema->fields[i].name, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true};
  memcpy(fields + count, extra, sizeof extra);
  *ret_schema = (struct vs_schema){fields, count + EXTRA_COLUMNS, count + EXTRA_COLUMNS};
  return VS_OK;
}

static void put_text(struct vs_vector *column, uint32_t row, struct vs_str text) {
  if (!text.data) vs_bit_clear(column->validity, row);
  ((struct vs_string *)column->data)[row] = vs_string_of(text.data ? text.data : "", text.size);
}

static void put_row(struct vs_batch *batch, uint32_t row, const struct vs_aside_row *from) {
  uint32_t count = batch->schema->field_count - EXTRA_COLUMNS;
  for (uint32_t i = 0; i < count; i++)
    put_text(&batch->columns[i], row, from->values[i]);
  put_text(&batch->columns[count], row, from->reason);
  ((int64_t *)batch->columns[count + 1].data)[row] = (int64_t)from->line;
  put_text(&batch->columns[count + 2], row, from->text);
}

/* At most VS_BATCH_ROWS rows from `begin` on. */
static vs_status append_part(const struct vs_aside *aside, uint32_t begin, struct vs_rows *rows, struct vs_arena *arena,
                             struct vs_error *err) {
  struct vs_batch batch;
  uint32_t count = VS_MIN(aside->count - begin, (uint32_t)VS_BATCH_ROWS);
  VS_TRY(vs_batch_init(&batch, vs_rows_schema(rows), count, arena, err));
  for (uint32_t i = 0; i < batch.schema->field_count; i++)
    if (!vs_vector_validity(&batch.columns[i], count, arena)) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++)
    put_row(&batch, i, &aside->rows[begin + i]);
  batch.row_count = batch.selected_count = count;
  return vs_rows_append(rows, &batch, err);
}

static vs_status append(const struct vs_aside *aside, uint32_t from, struct vs_rows *rows, struct vs_memory *memory,
                        struct vs_error *err) {
  vs_status status = VS_OK;
  struct vs_arena arena;
  vs_arena_init(&arena, memory, 0);
  for (uint32_t begin = from; status == VS_OK && begin < aside->count; begin += VS_BATCH_ROWS) {
    vs_arena_reset(&arena);
    status = append_part(aside, begin, rows, &arena, err);
  }
  vs_arena_release(&arena);
  return status;
}

static vs_status new_rows(const struct vs_aside *aside, struct vs_memory *memory, struct vs_rows **ret_rows,
                          struct vs_error *err) {
  struct vs_arena arena;
  struct vs_schema schema;
  vs_arena_init(&arena, memory, 0);
  vs_status status = make_schema(aside, &arena, &schema, err);
  if (status == VS_OK) status = vs_rows_new(&schema, memory, ret_rows, err);
  vs_arena_release(&arena);
  return status;
}

vs_status vs_aside_rows(const struct vs_aside *older, const struct vs_aside *newer, struct vs_memory *memory,
                        struct vs_rows **ret_rows, struct vs_error *err) {
  struct vs_rows *rows = NULL;
  uint32_t too_many = older->count + newer->count > VS_ASIDE_ROWS ? older->count + newer->count - VS_ASIDE_ROWS : 0;
  VS_TRY(new_rows(newer, memory, &rows, err));
  vs_status status = append(older, too_many, rows, memory, err);
  if (status == VS_OK) status = append(newer, 0, rows, memory, err);
  if (status != VS_OK)
    vs_rows_unref(rows);
  else
    *ret_rows = rows;
  return status;
}
