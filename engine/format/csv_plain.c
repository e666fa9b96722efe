/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/csv_plain.h"

/* A chunk is looked at twice: so short that it is still in the first-level cache, for fields of usual length. */
enum { CHUNK_ENDS = 512, CHUNK_BYTES = 256 * 1024 };

vs_status vs_csv_plain_init(struct vs_csv_plain *plain, struct vs_arena *arena, struct vs_error *err) {
  plain->rows_most = VS_MAX(CHUNK_ENDS / VS_MAX(plain->field_count, 1u), 1u);
  plain->rows_wanted = 1;
  plain->ends = VS_ARENA_ARRAY(arena, uint32_t, 1 + (size_t)plain->rows_most * plain->field_count + VS_BLOCK);
  return plain->ends ? VS_OK : vs_fail_memory(err);
}

/* Where delimiters, quotes and line ends are: as many as asked for or a few more, all with VS_SLACK bytes behind them.
 */
static uint32_t find_ends(const struct vs_csv_scan *scan, size_t at, uint32_t wanted, uint32_t *ret_ends) {
  const char *begin = scan->bytes + at, delimiter = scan->delimiter, quote = scan->quote;
  size_t size = VS_MIN(scan->size - at, (size_t)CHUNK_BYTES);
  uint32_t count = 0;
  for (uint32_t block = 0; count < wanted && block + VS_BLOCK + VS_SLACK <= size; block += VS_BLOCK) {
    uint64_t bits = vs_block_equal_any(begin + block, delimiter, quote, '\n');
    for (; bits; bits &= bits - 1)
      ret_ends[count++] = block + (uint32_t)__builtin_ctzll(bits);
  }
  return count;
}

/* How many of the rows have a delimiter behind each field and a line end behind the last. */
static uint32_t count_sound(const char *begin, const uint32_t *ends, uint32_t rows, uint32_t field_count,
                            char delimiter) {
  for (uint32_t row = 0; row < rows; row++, ends += field_count) {
    bool is_sound = begin[ends[field_count - 1]] == '\n';
    for (uint32_t field = 0; field + 1 < field_count; field++)
      is_sound &= begin[ends[field]] == delimiter;
    if (!is_sound) return row;
  }
  return rows;
}

/* One field of each row of a chunk. */
struct cut {
  const char *begin;
  const uint32_t *ends; /* of the field before it, and its own behind that; the next row's are `stride` further on */
  uint32_t stride, count;
  bool is_last; /* "\r" before the line end is not the field's */
};

/* How many rows are written before one that is refused, or that finds the column of another kind: only a dictionary
 * that is full becomes one. What the loop needs is copied, since a call could change what is pointed at. */
VS_INLINE uint32_t put_kind(struct vs_columns *columns, struct vs_column *column, const struct cut *from, uint32_t row,
                            vs_read_kind kind) {
  const struct cut cut = *from;
  const struct vs_places places = column->places;
  const uint32_t *ends = cut.ends;
  uint32_t done = 0;
  for (; done < cut.count; done++, ends += cut.stride) {
    uint32_t begin = ends[0] + 1, end = ends[1];
    if (cut.is_last && end > begin) end -= cut.begin[end - 1] == '\r';
    struct vs_str text = {cut.begin + begin, end - begin};
    if (kind == VS_READ_DICTIONARY && column->kind != kind) break;
    vs_put put = text.size ? vs_column_put_wide(columns, column, kind, &places, row + done, text)
                           : vs_column_put_null(column, row + done);
    if (__builtin_expect(put != VS_PUT_DONE, 0)) break;
  }
  return done;
}

static uint32_t put_column(struct vs_columns *columns, struct vs_column *column, const struct cut *cut, uint32_t row) {
  switch (column->kind) {
  case VS_READ_INTEGER: return put_kind(columns, column, cut, row, VS_READ_INTEGER);
  case VS_READ_DECIMAL64: return put_kind(columns, column, cut, row, VS_READ_DECIMAL64);
  case VS_READ_DICTIONARY: return put_kind(columns, column, cut, row, VS_READ_DICTIONARY);
  case VS_READ_TIMESTAMP: return put_kind(columns, column, cut, row, VS_READ_TIMESTAMP);
  default: return put_kind(columns, column, cut, row, column->kind);
  }
}

/* The rows before the first that some column refuses. */
static uint32_t put_rows(struct vs_csv_plain *plain, const char *begin, uint32_t row, uint32_t count) {
  uint32_t written = count;
  for (uint32_t i = 0; i < plain->target_count; i++) {
    const struct vs_csv_target *target = &plain->targets[i];
    const struct cut cut = {begin, plain->ends + target->field, plain->field_count, written,
                            target->field + 1 == plain->field_count};
    written = put_column(plain->columns, target->column, &cut, row);
  }
  for (uint32_t i = written; i < count; i++)
    vs_columns_undo(plain->columns, row + i);
  return written;
}

/* A chunk is as long as the last one went well and doubles, so that files of many odd rows are not cut in vain. */
uint32_t vs_csv_plain_rows(struct vs_csv_plain *plain, const struct vs_csv_scan *scan, size_t at, uint32_t row,
                           uint32_t room, size_t *ret_next) {
  const char *begin = scan->bytes + at;
  uint32_t wanted = VS_MIN(plain->rows_wanted, room), count = plain->field_count;
  plain->ends[0] = UINT32_MAX; /* the first field begins at 0 */
  uint32_t found = find_ends(scan, at, wanted * count, plain->ends + 1);
  uint32_t rows = count_sound(begin, plain->ends + 1, VS_MIN(found / count, wanted), count, scan->delimiter);
  rows = put_rows(plain, begin, row, rows);
  plain->rows_wanted =
      rows < wanted ? VS_MAX(rows, 1u) : VS_MIN(VS_MAX(rows * 2, plain->rows_wanted), plain->rows_most);
  *ret_next = at + (uint32_t)(plain->ends[(size_t)rows * count] + 1);
  return rows;
}
