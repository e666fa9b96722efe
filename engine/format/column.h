/* SPDX-License-Identifier: Apache-2.0
 * The columns of a batch while a decoder fills them, row by row. Order: init, then per batch begin, put..., finish.
 *
 * A row that turns out bad is undone: the next one is written over it. Dictionaries live as long as the columns. */
#ifndef VS_FORMAT_COLUMN_H
#define VS_FORMAT_COLUMN_H

#include "engine/format/bad_row.h"
#include "engine/format/field.h"
#include "engine/format/format.h"
#include "engine/format/pool.h"

/* How a column's text is read; one loop branch per field. */
typedef enum {
  VS_READ_INTEGER,
  VS_READ_DECIMAL64,
  VS_READ_DECIMAL128,
  VS_READ_FLOAT,
  VS_READ_BOOLEAN,
  VS_READ_DATE,
  VS_READ_TIME,
  VS_READ_TIMESTAMP,
  VS_READ_INTERVAL,
  VS_READ_DICTIONARY,
  VS_READ_PLAIN
} vs_read_kind;

typedef enum { VS_PUT_DONE, VS_PUT_MISFIT, VS_PUT_NOT_UTF8, VS_PUT_NULL, VS_PUT_NO_TIME, VS_PUT_NO_MEMORY } vs_put;

struct vs_column {
  const struct vs_field *field;
  vs_read_kind kind;
  bool is_read;
  void *data; /* of the current batch */
  uint64_t *validity;
  uint32_t null_count;
  uint32_t seen_row;       /* JSON: row number + 1 of the last value, to tell doubled and missing names */
  struct vs_places places; /* of a DECIMAL64 */
  struct vs_pool pool;
  struct vs_day_cache day;
  struct vs_str time_format; /* data NULL: every known form */
  vs_epoch_unit unit;
};

struct vs_columns {
  const struct vs_schema *schema;
  struct vs_column *items;   /* items[schema->field_count] */
  struct vs_vector *vectors; /* of the current batch */
  uint32_t read_count;       /* columns that are decoded */
  struct vs_arena keep;      /* dictionaries and the columns themselves */
  struct vs_arena *batch;
  uint16_t *row_offsets; /* as in vs_batch, for rows [0, offset_count); NULL: so far every row has its own line */
  uint32_t offset_count;
  int64_t shift; /* lines that the rows from there on stand further down than their number in the batch says */
};

vs_status vs_columns_init(struct vs_columns *columns, const struct vs_format_options *options,
                          const struct vs_schema *schema, const bool *projection, const struct vs_env *env,
                          struct vs_error *err) VS_NODISCARD;
/* Columns of the same file for one more decoder: what is known of the values, with dictionaries of their own. */
vs_status vs_columns_fork(const struct vs_columns *from, struct vs_columns *columns, struct vs_error *err) VS_NODISCARD;
void vs_columns_release(struct vs_columns *columns);
vs_status vs_columns_begin(struct vs_columns *columns, struct vs_arena *arena, struct vs_error *err) VS_NODISCARD;
vs_status vs_columns_finish(struct vs_columns *columns, uint32_t row_count, uint64_t first_row,
                            struct vs_batch *ret_batch, struct vs_error *err) VS_NODISCARD;
void vs_columns_undo(struct vs_columns *columns, uint32_t row);

/* Row `row` begins `line` lines behind the first of the batch, and those behind it follow line by line until this is
 * said again: once for many rows, where each has a line of its own. A batch ends before VS_LINES_MOST, for offsets are
 * short. */
enum { VS_LINES_MOST = UINT16_MAX - VS_BATCH_ROWS };
void vs_columns_shift(struct vs_columns *columns, uint32_t row, int64_t shift);
VS_INLINE void vs_columns_at_line(struct vs_columns *columns, uint32_t row, uint64_t line) {
  int64_t shift = (int64_t)line - row;
  if (row && shift != columns->shift) vs_columns_shift(columns, row, shift);
}

/* `text` lives as long as the batch. The rarer kinds are read in column.c. */
vs_put vs_column_put_other(struct vs_columns *columns, struct vs_column *column, uint32_t row,
                           struct vs_str text) VS_NODISCARD;
vs_put vs_column_put_null(struct vs_column *column, uint32_t row) VS_NODISCARD;
/* Counts the row as bad, with the message its column deserves. */
void vs_column_refuse(const struct vs_column *column, vs_put reason, struct vs_str text, uint64_t line,
                      struct vs_row_errors *errors);

VS_NODISCARD static inline vs_put vs_column_put(struct vs_columns *columns, struct vs_column *column, uint32_t row,
                                                struct vs_str text) {
  uint16_t code;
  switch (column->kind) {
  case VS_READ_INTEGER: return vs_field_integer(text, (int64_t *)column->data + row) ? VS_PUT_DONE : VS_PUT_MISFIT;
  case VS_READ_DECIMAL64:
    return vs_field_decimal64(text, column->field->type, (int64_t *)column->data + row) ? VS_PUT_DONE : VS_PUT_MISFIT;
  case VS_READ_DICTIONARY:
    if (vs_pool_find(&column->pool, text, &code) != VS_POOL_FOUND)
      return vs_column_put_other(columns, column, row, text);
    ((uint16_t *)column->data)[row] = code;
    return VS_PUT_DONE;
  default: return vs_column_put_other(columns, column, row, text);
  }
}

/* The same for text of which VS_SLACK bytes can be read, whatever its size. `kind` and `places` are the
 * column's: a loop over one column holds them. */
VS_NODISCARD VS_INLINE vs_put vs_column_put_wide(struct vs_columns *columns, struct vs_column *column,
                                                 vs_read_kind kind, const struct vs_places *places, uint32_t row,
                                                 struct vs_str text) {
  int64_t *cell = (int64_t *)column->data + row;
  switch (kind) {
  case VS_READ_INTEGER:
    if (vs_field_integer_short(text, cell)) return VS_PUT_DONE;
    return vs_column_put_other(columns, column, row, text);
  case VS_READ_DECIMAL64:
    if (vs_field_decimal64_short(text, places, cell)) return VS_PUT_DONE;
    return vs_column_put_other(columns, column, row, text);
  case VS_READ_DICTIONARY:
    if (vs_pool_find_short(&column->pool, text, (uint16_t *)column->data + row)) return VS_PUT_DONE;
    return vs_column_put_other(columns, column, row, text);
  case VS_READ_TIMESTAMP:
    if (!column->time_format.data && vs_field_timestamp_wide(text, &column->day, cell)) return VS_PUT_DONE;
    return vs_column_put_other(columns, column, row, text);
  default: return vs_column_put_other(columns, column, row, text);
  }
}

#endif
