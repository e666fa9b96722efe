/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/runtime/listing.h"

static bool add_fields(struct vs_list *list, struct vs_str names) {
  struct vs_field *fields = VS_ARENA_ARRAY(list->arena, struct vs_field, VS_LIST_COLUMNS_MAX);
  uint32_t count = 0;
  while (fields && names.size && count < VS_LIST_COLUMNS_MAX) {
    const char *bar = memchr(names.data, '|', names.size);
    size_t size = bar ? (size_t)(bar - names.data) : names.size;
    fields[count++] = (struct vs_field){.name = {names.data, size}, .type = VS_TYPE(STRING)};
    size_t used = size + (bar != NULL);
    names = (struct vs_str){names.data + used, names.size - used};
  }
  list->schema = (struct vs_schema){fields, count, count};
  return fields != NULL;
}

static bool grow(struct vs_list *list, uint32_t capacity) {
  uint32_t columns = list->schema.field_count;
  for (uint32_t i = 0; i < columns; i++) {
    struct vs_string *values = VS_ARENA_ARRAY(list->arena, struct vs_string, capacity);
    if (!values) return false;
    if (list->batch.row_count) memcpy(values, list->batch.columns[i].data, sizeof *values * list->batch.row_count);
    list->batch.columns[i].data = values;
  }
  list->capacity = capacity;
  return true;
}

void vs_list_init(struct vs_list *list, const char *columns, struct vs_arena *arena) {
  *list = (struct vs_list){.arena = arena};
  list->is_failed = !add_fields(list, vs_str_of(columns));
  list->batch.columns = VS_ARENA_ARRAY(arena, struct vs_vector, VS_LIST_COLUMNS_MAX);
  list->is_failed |= !list->batch.columns;
  for (uint32_t i = 0; i < list->schema.field_count && !list->is_failed; i++)
    list->batch.columns[i] = (struct vs_vector){.type = VS_TYPE(STRING), .encoding = VS_VECTOR_FLAT};
  list->is_failed = list->is_failed || !grow(list, 16);
}

void vs_list_add(struct vs_list *list, const struct vs_str *texts) {
  list->is_failed = list->is_failed || (list->batch.row_count == list->capacity && !grow(list, list->capacity * 2));
  for (uint32_t i = 0; i < list->schema.field_count && !list->is_failed; i++) {
    const char *copy = vs_arena_copy(list->arena, texts[i].data ? texts[i].data : "", texts[i].size);
    list->is_failed = !copy;
    if (copy)
      ((struct vs_string *)list->batch.columns[i].data)[list->batch.row_count] = vs_string_of(copy, texts[i].size);
  }
  if (!list->is_failed) list->batch.selected_count = ++list->batch.row_count;
}

vs_status vs_list_check(const struct vs_list *list, struct vs_error *err) {
  return list->is_failed ? vs_fail_memory(err) : VS_OK;
}

static void slice(const struct vs_list *list, uint32_t begin, uint32_t count, struct vs_arena *arena,
                  struct vs_batch *ret_batch) {
  uint32_t columns = list->schema.field_count;
  *ret_batch = (struct vs_batch){.schema = &list->schema, .row_count = count, .selected_count = count};
  ret_batch->columns = VS_ARENA_ARRAY(arena, struct vs_vector, columns + 1);
  for (uint32_t i = 0; i < columns && ret_batch->columns; i++) {
    ret_batch->columns[i] = list->batch.columns[i];
    ret_batch->columns[i].data = (struct vs_string *)list->batch.columns[i].data + begin;
  }
  if (!ret_batch->columns) ret_batch->row_count = ret_batch->selected_count = 0;
}

void vs_list_view(const struct vs_list *list, uint32_t head, uint32_t tail, struct vs_arena *arena,
                  struct vs_result_view *ret_view) {
  uint32_t rows = list->batch.row_count;
  uint32_t first = VS_MIN(head, rows), last = VS_MIN(tail, rows - first);
  *ret_view = (struct vs_result_view){.schema = &list->schema};
  slice(list, 0, first, arena, &ret_view->head);
  slice(list, rows - last, last, arena, &ret_view->tail);
  slice(list, 0, 0, arena, &ret_view->chart);
  ret_view->totals = (struct vs_result_totals){.emitted = rows, .folded = rows, .version = 1};
}
