/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/types/aside.h"

#include "engine/base/utf8.h"
#include "engine/types/value.h"

enum { FIRST_ROWS = 16 };

static bool keeps(const struct vs_schema *schema, const bool *wanted, uint32_t i) {
  return !schema->fields[i].is_hidden && (!wanted || wanted[i]);
}

vs_status vs_aside_init(struct vs_aside *aside, const struct vs_schema *schema, const bool *wanted,
                        struct vs_memory *memory, struct vs_error *err) {
  *aside = (struct vs_aside){0};
  vs_arena_init(&aside->arena, memory, 0);
  struct vs_schema kept = {.fields = VS_ARENA_ARRAY(&aside->arena, struct vs_field, VS_MAX(schema->field_count, 1))};
  aside->sources = VS_ARENA_ARRAY(&aside->arena, uint32_t, VS_MAX(schema->field_count, 1));
  if (!kept.fields || !aside->sources) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count && kept.field_count < VS_ASIDE_COLUMNS; i++)
    if (keeps(schema, wanted, i)) {
      aside->sources[kept.field_count] = i;
      kept.fields[kept.field_count++] = schema->fields[i];
    }
  kept.shown_count = kept.field_count;
  return vs_schema_copy(&kept, &aside->arena, &aside->schema, err);
}

void vs_aside_release(struct vs_aside *aside) {
  if (aside->arena.memory) vs_arena_release(&aside->arena);
  *aside = (struct vs_aside){0};
}

bool vs_aside_is_full(const struct vs_aside *aside) {
  return aside->count == VS_ASIDE_ROWS || aside->arena.used_bytes > VS_ASIDE_BYTES || aside->arena.is_failed;
}

static bool make_room(struct vs_aside *aside) {
  if (aside->count < aside->capacity) return true;
  uint32_t capacity = VS_MIN(aside->capacity ? aside->capacity * 4 : (uint32_t)FIRST_ROWS, (uint32_t)VS_ASIDE_ROWS);
  struct vs_aside_row *rows = VS_ARENA_ARRAY(&aside->arena, struct vs_aside_row, capacity);
  if (!rows) return false;
  if (aside->count) memcpy(rows, aside->rows, aside->count * sizeof *rows);
  aside->rows = rows;
  aside->capacity = capacity;
  return true;
}

/* Bytes that are not UTF-8 become '?': the table is read as text. */
static void clean(char *text, size_t size) {
  for (size_t at = 0, step; at < size; at += step) {
    step = vs_utf8_size(text + at, size - at);
    if (!step) text[at] = '?', step = 1;
  }
}

static struct vs_str copy(struct vs_aside *aside, struct vs_str from) {
  if (!from.data) return (struct vs_str){NULL, 0};
  size_t size = VS_MIN(from.size, (size_t)VS_ASIDE_TEXT);
  char *text = vs_arena_copy(&aside->arena, from.data, size);
  if (text) clean(text, size);
  return (struct vs_str){text, text ? size : 0};
}

static struct vs_aside_row *new_row(struct vs_aside *aside, uint64_t line, struct vs_str reason) {
  if (vs_aside_is_full(aside) || !make_room(aside)) return NULL;
  struct vs_aside_row *row = &aside->rows[aside->count];
  *row = (struct vs_aside_row){.line = line, .reason = copy(aside, reason)};
  row->values = VS_ARENA_ARRAY(&aside->arena, struct vs_str, VS_MAX(aside->schema->field_count, 1));
  return row->values ? row : NULL;
}

/* The newest row to where its line belongs: a batch says first which of its rows cannot be read, then which cannot be
 * computed, and where batches end must not show. What has no line stays where it is. */
static void settle(struct vs_aside *aside) {
  if (aside->arena.is_failed) return;
  const struct vs_aside_row row = aside->rows[aside->count];
  uint32_t at = aside->count++;
  for (; row.line && at > 0 && aside->rows[at - 1].line > row.line; at--)
    aside->rows[at] = aside->rows[at - 1];
  aside->rows[at] = row;
}

void vs_aside_add(struct vs_aside *aside, uint64_t line, struct vs_str reason, struct vs_str text,
                  const struct vs_str *values) {
  struct vs_aside_row *row = new_row(aside, line, reason);
  if (!row) return;
  row->text = copy(aside, text);
  for (uint32_t i = 0; values && i < aside->schema->field_count; i++)
    row->values[i] = copy(aside, values[aside->sources[i]]);
  settle(aside);
}

/* The column of that name; mostly it stands where it stood in the source. */
static int find_column(const struct vs_aside *aside, uint32_t column, const struct vs_schema *schema) {
  struct vs_str name = aside->schema->fields[column].name;
  uint32_t source = aside->sources[column];
  if (source < schema->field_count && vs_str_equal(schema->fields[source].name, name)) return (int)source;
  return vs_schema_find(schema, name);
}

static struct vs_str print(struct vs_aside *aside, const struct vs_vector *vector, uint32_t row) {
  struct vs_text text;
  if (!vector->data || vs_vector_is_null(vector, row)) return (struct vs_str){NULL, 0};
  struct vs_value value = vs_value_get(vector, row);
  vs_text_init(&text, aside->arena.memory, 0);
  vs_value_print(&value, VS_STYLE_PLAIN, &text);
  struct vs_str result = copy(aside, vs_text_view(&text));
  aside->arena.is_failed |= text.is_failed;
  vs_text_release(&text);
  return result;
}

void vs_aside_add_row(struct vs_aside *aside, uint64_t line, struct vs_str reason, const struct vs_batch *batch,
                      uint32_t row) {
  struct vs_aside_row *to = new_row(aside, line, reason);
  if (!to) return;
  for (uint32_t i = 0; batch && i < aside->schema->field_count; i++) {
    int column = find_column(aside, i, batch->schema);
    if (column >= 0) to->values[i] = print(aside, &batch->columns[column], row);
  }
  settle(aside);
}
