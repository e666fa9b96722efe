/* SPDX-License-Identifier: Apache-2.0
 * Schemas and batches. */
#include "engine/types/batch.h"

int vs_schema_find(const struct vs_schema *schema, struct vs_str name) {
  int found = -1;
  for (uint32_t i = 0; i < schema->field_count; i++) {
    if (vs_str_equal(schema->fields[i].name, name)) return (int)i;
    if (vs_str_equal_nocase(schema->fields[i].name, name)) found = found == -1 ? (int)i : -2;
  }
  return found;
}

int vs_schema_find_role(const struct vs_schema *schema, vs_role role) {
  for (uint32_t i = 0; i < schema->field_count; i++)
    if (schema->fields[i].role == role) return (int)i;
  return -1;
}

vs_status vs_schema_copy(const struct vs_schema *schema, struct vs_arena *arena, const struct vs_schema **ret_schema,
                         struct vs_error *err) {
  struct vs_schema *copy = VS_ARENA_NEW(arena, struct vs_schema);
  struct vs_field *fields = VS_ARENA_ARRAY(arena, struct vs_field, VS_MAX(schema->field_count, 1));
  if (!copy || !fields) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count; i++) {
    fields[i] = schema->fields[i];
    fields[i].name.data = vs_arena_copy(arena, schema->fields[i].name.data, schema->fields[i].name.size);
    if (!fields[i].name.data) return vs_fail_memory(err);
  }
  *copy = (struct vs_schema){fields, schema->field_count, schema->shown_count};
  *ret_schema = copy;
  return VS_OK;
}

static struct vs_vector *columns_new(uint32_t count, struct vs_arena *arena) {
  return VS_ARENA_ARRAY(arena, struct vs_vector, VS_MAX(count, 1));
}

vs_status vs_batch_init(struct vs_batch *batch, const struct vs_schema *schema, uint32_t capacity,
                        struct vs_arena *arena, struct vs_error *err) {
  struct vs_vector *columns = columns_new(schema->field_count, arena);
  if (!columns) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count; i++)
    VS_TRY(vs_vector_init(&columns[i], schema->fields[i].type, capacity, arena, err));
  *batch = (struct vs_batch){.schema = schema, .columns = columns};
  return VS_OK;
}

static vs_status compact_columns(const struct vs_batch *batch, struct vs_arena *arena, struct vs_batch *result,
                                 struct vs_error *err) {
  uint32_t count = batch->selected_count;
  result->columns = columns_new(batch->schema->field_count, arena);
  if (!result->columns) return vs_fail_memory(err);
  for (uint32_t i = 0; i < batch->schema->field_count; i++)
    VS_TRY(vs_vector_gather(&batch->columns[i], batch->selection, count, arena, &result->columns[i], err));
  return VS_OK;
}

static vs_status compact_event_time(const struct vs_batch *batch, struct vs_arena *arena, struct vs_batch *result,
                                    struct vs_error *err) {
  if (!batch->event_time_us) return VS_OK;
  int64_t *times = vs_arena_alloc(arena, VS_MAX(batch->selected_count, 1) * sizeof *times);
  if (!times) return vs_fail_memory(err);
  for (uint32_t i = 0; i < batch->selected_count; i++)
    times[i] = batch->event_time_us[batch->selection[i]];
  result->event_time_us = times;
  return VS_OK;
}

static vs_status compact_weight(const struct vs_batch *batch, struct vs_arena *arena, struct vs_batch *result,
                                struct vs_error *err) {
  if (!batch->weight) return VS_OK;
  int8_t *weight = vs_arena_alloc(arena, VS_MAX(batch->selected_count, 1));
  if (!weight) return vs_fail_memory(err);
  for (uint32_t i = 0; i < batch->selected_count; i++)
    weight[i] = batch->weight[batch->selection[i]];
  result->weight = weight;
  return VS_OK;
}

/* The selection itself says where the rows came from, unless rows were dropped before. */
static vs_status compact_offsets(const struct vs_batch *batch, struct vs_arena *arena, struct vs_batch *result,
                                 struct vs_error *err) {
  result->row_offsets = batch->selection;
  if (!batch->row_offsets) return VS_OK;
  uint16_t *offsets = vs_arena_alloc(arena, VS_MAX(batch->selected_count, 1) * sizeof *offsets);
  if (!offsets) return vs_fail_memory(err);
  for (uint32_t i = 0; i < batch->selected_count; i++)
    offsets[i] = batch->row_offsets[batch->selection[i]];
  result->row_offsets = offsets;
  return VS_OK;
}

vs_status vs_batch_compact(const struct vs_batch *batch, struct vs_arena *arena, struct vs_batch *ret_batch,
                           struct vs_error *err) {
  struct vs_batch result = *batch;
  if (batch->selection) {
    VS_TRY(compact_columns(batch, arena, &result, err));
    VS_TRY(compact_event_time(batch, arena, &result, err));
    VS_TRY(compact_weight(batch, arena, &result, err));
    VS_TRY(compact_offsets(batch, arena, &result, err));
    result.selection = NULL;
    result.row_count = batch->selected_count;
  }
  *ret_batch = result;
  return VS_OK;
}

vs_status vs_batch_select(const struct vs_batch *batch, const struct vs_schema *schema, const uint32_t *columns,
                          struct vs_arena *arena, struct vs_batch *ret_batch, struct vs_error *err) {
  struct vs_vector *chosen = columns_new(schema->field_count, arena);
  if (!chosen) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count; i++)
    chosen[i] = batch->columns[columns[i]];
  struct vs_batch result = *batch;
  result.schema = schema;
  result.columns = chosen;
  *ret_batch = result;
  return VS_OK;
}
