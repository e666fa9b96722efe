/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exec/rowset.h"

enum { FIRST_CAPACITY = 256, SWEEP_BYTES = 1 << 20 };

static size_t text_size(const struct vs_string *string) {
  return string->size > VS_STRING_INLINE ? string->size : 0;
}

vs_status vs_rowset_init(struct vs_rowset *rowset, const struct vs_type *types, uint32_t column_count,
                         struct vs_memory *memory, struct vs_error *err) {
  *rowset = (struct vs_rowset){.memory = memory, .column_count = column_count};
  vs_arena_init(&rowset->frame, memory, 0);
  vs_arena_init(&rowset->text, memory, 0);
  rowset->columns = VS_ARENA_ARRAY(&rowset->frame, struct vs_vector, VS_MAX(column_count, 1));
  rowset->sizes = VS_ARENA_ARRAY(&rowset->frame, uint8_t, VS_MAX(column_count, 1));
  rowset->is_text = VS_ARENA_ARRAY(&rowset->frame, bool, VS_MAX(column_count, 1));
  if (!rowset->columns || !rowset->sizes || !rowset->is_text) {
    vs_rowset_release(rowset);
    return vs_fail_memory(err);
  }
  for (uint32_t i = 0; i < column_count; i++) {
    vs_physical physical = vs_type_physical(types[i]);
    rowset->columns[i] = (struct vs_vector){.type = types[i], .encoding = VS_VECTOR_FLAT};
    rowset->sizes[i] = (uint8_t)vs_physical_size(physical);
    rowset->is_text[i] = physical == VS_PHYSICAL_STRING;
  }
  return VS_OK;
}

static void free_column(struct vs_rowset *rowset, uint32_t c, struct vs_vector *column, uint32_t capacity) {
  vs_memory_free(rowset->memory, column->data, (size_t)capacity * rowset->sizes[c]);
  vs_memory_free(rowset->memory, column->validity, capacity / 8);
}

void vs_rowset_release(struct vs_rowset *rowset) {
  for (uint32_t i = 0; rowset->capacity && i < rowset->column_count; i++)
    free_column(rowset, i, &rowset->columns[i], rowset->capacity);
  vs_arena_release(&rowset->frame);
  vs_arena_release(&rowset->text);
  *rowset = (struct vs_rowset){0};
}

void vs_rowset_clear(struct vs_rowset *rowset) {
  rowset->row_count = 0;
  rowset->live_text_bytes = 0;
  vs_arena_reset(&rowset->text);
}

static bool grow_column(struct vs_rowset *rowset, uint32_t c, uint32_t capacity, struct vs_vector *ret) {
  const struct vs_vector *column = &rowset->columns[c];
  *ret = *column;
  ret->data = vs_memory_alloc(rowset->memory, (size_t)capacity * rowset->sizes[c]);
  ret->validity = vs_memory_alloc(rowset->memory, capacity / 8);
  if (!ret->data || !ret->validity) {
    free_column(rowset, c, ret, capacity);
    return false;
  }
  if (rowset->capacity) {
    memcpy(ret->data, column->data, (size_t)rowset->row_count * rowset->sizes[c]);
    memcpy(ret->validity, column->validity, rowset->capacity / 8);
  }
  return true;
}

/* All columns grow or none does. */
vs_status vs_rowset_reserve(struct vs_rowset *rowset, uint32_t row_count, struct vs_error *err) {
  if (row_count <= rowset->capacity) return VS_OK;
  uint32_t capacity = VS_MAX(rowset->capacity, (uint32_t)FIRST_CAPACITY), grown_count = 0;
  while (capacity < row_count)
    capacity *= 2;
  struct vs_vector *grown = VS_ARENA_ARRAY(&rowset->frame, struct vs_vector, VS_MAX(rowset->column_count, 1));
  while (grown && grown_count < rowset->column_count && grow_column(rowset, grown_count, capacity, &grown[grown_count]))
    grown_count++;
  bool is_grown = grown && grown_count == rowset->column_count;
  for (uint32_t i = 0; i < grown_count; i++)
    free_column(rowset, i, is_grown ? &rowset->columns[i] : &grown[i], is_grown ? rowset->capacity : capacity);
  if (!is_grown) return vs_fail_memory(err);
  rowset->columns = grown;
  rowset->capacity = capacity;
  return VS_OK;
}

/* Takes a string into `text`; the bytes of the cell it replaces are used again when they suffice. */
static bool keep_string(struct vs_rowset *rowset, const struct vs_string *from, const struct vs_string *former,
                        struct vs_string *to) {
  rowset->live_text_bytes += text_size(from);
  if (former && text_size(former) >= text_size(from) && text_size(from)) {
    char *bytes = (char *)(uintptr_t)former->tail.data; /* ours: lives in rowset->text */
    memmove(bytes, from->tail.data, from->size);
    *to = vs_string_of(bytes, from->size);
    return true;
  }
  return vs_string_copy(from, &rowset->text, to);
}

VS_INLINE void write_sized(char *to, const char *from, const uint16_t *rows, uint32_t count, size_t size, size_t step) {
  for (uint32_t i = 0; i < count; i++)
    memcpy(to + i * size, from + (rows ? rows[i] : i) * step, size);
}

static void write_plain(struct vs_vector *to, size_t size, uint32_t at, const struct vs_vector *from,
                        const uint16_t *rows, uint32_t count) {
  size_t step = from->encoding == VS_VECTOR_CONSTANT ? 0 : size;
  char *cells = (char *)to->data + at * size;
  if (size == 8)
    write_sized(cells, from->data, rows, count, 8, step);
  else if (size == 16)
    write_sized(cells, from->data, rows, count, 16, step);
  else
    write_sized(cells, from->data, rows, count, 1, step);
}

static void set_bit(uint64_t *bits, uint32_t row, bool value) {
  if (value)
    vs_bit_set(bits, row);
  else
    vs_bit_clear(bits, row);
}

static vs_status put_text(struct vs_rowset *rowset, struct vs_vector *to, uint32_t row, const struct vs_vector *from,
                          uint32_t from_row, struct vs_error *err) {
  struct vs_string *cell = (struct vs_string *)to->data + row, former = {0}, string = {0};
  if (row < rowset->row_count) former = *cell;
  if (!vs_vector_is_null(from, from_row)) string = vs_vector_string(from, from_row);
  rowset->live_text_bytes -= text_size(&former);
  return keep_string(rowset, &string, &former, cell) ? VS_OK : vs_fail_memory(err);
}

static vs_status write_text(struct vs_rowset *rowset, struct vs_vector *to, uint32_t at, const struct vs_vector *from,
                            const uint16_t *rows, uint32_t count, struct vs_error *err) {
  for (uint32_t i = 0; i < count; i++)
    VS_TRY(put_text(rowset, to, at + i, from, rows ? rows[i] : i, err));
  return VS_OK;
}

static void move_text(struct vs_string *cells, uint32_t count, char **to) {
  for (uint32_t i = 0; i < count; i++) {
    if (!text_size(&cells[i])) continue;
    memcpy(*to, cells[i].tail.data, cells[i].size);
    cells[i] = vs_string_of(*to, cells[i].size);
    *to += cells[i].size;
  }
}

/* Copies what lives into one new block and drops the others; without memory for it everything stays as it is. */
static vs_status sweep(struct vs_rowset *rowset, struct vs_error *err) {
  struct vs_arena text;
  vs_arena_init(&text, rowset->memory, 0);
  char *to = vs_arena_alloc(&text, VS_MAX(rowset->live_text_bytes, 1));
  if (!to) return vs_fail_memory(err);
  for (uint32_t c = 0; c < rowset->column_count; c++)
    if (rowset->is_text[c]) move_text(rowset->columns[c].data, rowset->row_count, &to);
  vs_arena_release(&rowset->text);
  rowset->text = text;
  return VS_OK;
}

/* One row, as every change of a folded result writes it. */
static vs_status write_row(struct vs_rowset *rowset, uint32_t at, const struct vs_vector *vectors, uint32_t row,
                           struct vs_error *err) {
  for (uint32_t c = 0; c < rowset->column_count; c++) {
    struct vs_vector *to = &rowset->columns[c];
    const struct vs_vector *from = &vectors[c];
    size_t size = rowset->sizes[c];
    set_bit(to->validity, at, !vs_vector_is_null(from, row));
    if (rowset->is_text[c])
      VS_TRY(put_text(rowset, to, at, from, row, err));
    else if (size == 8)
      ((uint64_t *)to->data)[at] = ((const uint64_t *)from->data)[vs_vector_index(from, row)];
    else
      memcpy((char *)to->data + at * size, (const char *)from->data + vs_vector_index(from, row) * size, size);
  }
  return VS_OK;
}

static vs_status finish_write(struct vs_rowset *rowset, uint32_t row_count, struct vs_error *err) {
  rowset->row_count = VS_MAX(rowset->row_count, row_count);
  return rowset->text.used_bytes > 2 * rowset->live_text_bytes + SWEEP_BYTES ? sweep(rowset, err) : VS_OK;
}

vs_status vs_rowset_write(struct vs_rowset *rowset, uint32_t at, const struct vs_vector *vectors, const uint16_t *rows,
                          uint32_t count, struct vs_error *err) {
  VS_TRY(vs_rowset_reserve(rowset, at + count, err));
  for (uint32_t c = 0; c < rowset->column_count; c++) {
    struct vs_vector *to = &rowset->columns[c];
    if (rowset->is_text[c])
      VS_TRY(write_text(rowset, to, at, &vectors[c], rows, count, err));
    else
      write_plain(to, rowset->sizes[c], at, &vectors[c], rows, count);
    for (uint32_t i = 0; i < count; i++)
      set_bit(to->validity, at + i, !vs_vector_is_null(&vectors[c], rows ? rows[i] : i));
  }
  return finish_write(rowset, at + count, err);
}

vs_status vs_rowset_put(struct vs_rowset *rowset, uint32_t row, const struct vs_vector *vectors, uint32_t from_row,
                        struct vs_error *err) {
  VS_TRY(vs_rowset_reserve(rowset, row + 1, err));
  VS_TRY(write_row(rowset, row, vectors, from_row, err));
  return finish_write(rowset, row + 1, err);
}

static vs_status gather_text(struct vs_vector *column, uint32_t count, struct vs_arena *arena, struct vs_error *err) {
  struct vs_string *cells = column->data;
  for (uint32_t i = 0; i < count; i++)
    if (!vs_string_copy(&cells[i], arena, &cells[i])) return vs_fail_memory(err);
  return VS_OK;
}

static vs_status gather_column(const struct vs_vector *from, size_t size, const uint32_t *rows, uint32_t count,
                               struct vs_arena *arena, struct vs_vector *ret, struct vs_error *err) {
  VS_TRY(vs_vector_init(ret, from->type, VS_MAX(count, 1), arena, err));
  ret->validity = VS_ARENA_ARRAY(arena, uint64_t, VS_MAX((count + 63) / 64, 1));
  if (!ret->validity) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++) {
    memcpy((char *)ret->data + i * size, (const char *)from->data + rows[i] * size, size);
    if (vs_bit_get(from->validity, rows[i])) vs_bit_set(ret->validity, i);
  }
  return VS_OK;
}

vs_status vs_rowset_gather(const struct vs_rowset *rowset, const uint32_t *rows, uint32_t count, bool copies_text,
                           struct vs_arena *arena, struct vs_vector *ret_vectors, struct vs_error *err) {
  for (uint32_t c = 0; c < rowset->column_count; c++) {
    VS_TRY(gather_column(&rowset->columns[c], rowset->sizes[c], rows, count, arena, &ret_vectors[c], err));
    if (copies_text && rowset->is_text[c]) VS_TRY(gather_text(&ret_vectors[c], count, arena, err));
  }
  return VS_OK;
}

void vs_rowset_view(const struct vs_rowset *rowset, uint32_t begin, struct vs_vector *ret_vectors) {
  for (uint32_t c = 0; c < rowset->column_count; c++) {
    ret_vectors[c] = rowset->columns[c];
    ret_vectors[c].data = (char *)rowset->columns[c].data + (size_t)begin * rowset->sizes[c];
    ret_vectors[c].validity = rowset->columns[c].validity + begin / 64;
  }
}

void vs_rowset_move(struct vs_rowset *rowset, uint32_t to, uint32_t from) {
  for (uint32_t c = 0; to != from && c < rowset->column_count; c++) {
    struct vs_vector *column = &rowset->columns[c];
    size_t size = rowset->sizes[c];
    memcpy((char *)column->data + to * size, (char *)column->data + from * size, size);
    set_bit(column->validity, to, vs_bit_get(column->validity, from));
  }
}

void vs_rowset_forget_text(struct vs_rowset *rowset, uint32_t row) {
  for (uint32_t c = 0; c < rowset->column_count; c++)
    if (rowset->is_text[c]) {
      struct vs_string *cell = (struct vs_string *)rowset->columns[c].data + row;
      rowset->live_text_bytes -= text_size(cell);
      *cell = (struct vs_string){0};
    }
}

size_t vs_rowset_width(const struct vs_rowset *rowset) {
  size_t bytes = 0;
  for (uint32_t c = 0; c < rowset->column_count; c++)
    bytes += rowset->sizes[c] + 1u;
  return bytes;
}
