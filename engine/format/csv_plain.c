/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/csv_plain.h"

#include <assert.h>

/* A chunk is looked at twice: so short that it is still in the first-level cache, for fields of usual length. */
enum { CHUNK_ENDS = 512, CHUNK_BYTES = 256 * 1024 };

vs_status vs_csv_plain_init(struct vs_csv_plain *plain, struct vs_arena *arena, struct vs_error *err) {
  assert(plain->field_count > 0);
  plain->rows_most = VS_MAX(CHUNK_ENDS / plain->field_count, 1u);
  plain->rows_wanted = 1;
  plain->ends = VS_ARENA_ARRAY(arena, uint32_t, 1 + (size_t)plain->rows_most * plain->field_count + VS_BLOCK);
  return plain->ends ? VS_OK : vs_fail_memory(err);
}

/* What is looked through for the ends of fields: all of it has VS_SLACK bytes behind it. */
struct stretch {
  const char *begin;
  uint32_t size; /* whole blocks */
  char delimiter, quote;
};

static struct stretch stretch_of(const struct vs_csv_scan *scan, size_t at) {
  size_t size = VS_MIN(scan->size - at, (size_t)CHUNK_BYTES);
  size = size > VS_SLACK ? size - VS_SLACK : 0;
  return (struct stretch){scan->bytes + at, (uint32_t)size & ~(VS_BLOCK - 1u), scan->delimiter, scan->quote};
}

/* Delimiters, line ends and, with `has_quotes`, what of them is outside quotes; else quotes too. `is_inside`: all bits
 * when a block begins between quotes. */
VS_INLINE uint64_t ends_in_block(const struct stretch *stretch, uint32_t block, bool has_quotes, uint64_t *is_inside) {
  const char *begin = stretch->begin + block;
  uint64_t bits = vs_block_equal_any(begin, stretch->delimiter, stretch->quote, '\n');
  if (!has_quotes) return bits;
  uint64_t quotes = vs_block_equal(begin, stretch->quote), inside = vs_block_fill(quotes) ^ *is_inside;
  *is_inside = inside >> 63 ? ~UINT64_C(0) : 0;
  return bits & ~(inside | quotes);
}

/* As many ends as asked for or up to VS_BLOCK more; fewer where the stretch ends. */
VS_INLINE uint32_t find_ends(const struct stretch *from, uint32_t wanted, bool has_quotes, uint32_t *ret_ends) {
  const struct stretch stretch = *from;
  uint32_t count = 0;
  uint64_t is_inside = 0;
  for (uint32_t block = 0; count < wanted && block < stretch.size; block += VS_BLOCK)
    for (uint64_t bits = ends_in_block(&stretch, block, has_quotes, &is_inside); bits; bits &= bits - 1)
      ret_ends[count++] = block + (uint32_t)__builtin_ctzll(bits);
  return count;
}

/* The ends of one row, up to the first that is not where a sound row has it: the row before was odd, and many more may
 * be. */
static uint32_t find_row(const struct stretch *stretch, uint32_t field_count, bool has_quotes, uint32_t *ret_ends) {
  uint32_t count = 0;
  uint64_t is_inside = 0;
  for (uint32_t block = 0; block < stretch->size; block += VS_BLOCK)
    for (uint64_t bits = ends_in_block(stretch, block, has_quotes, &is_inside); bits; bits &= bits - 1) {
      ret_ends[count] = block + (uint32_t)__builtin_ctzll(bits);
      bool is_delimiter = stretch->begin[ret_ends[count++]] == stretch->delimiter;
      if (!is_delimiter || count == field_count) return count;
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

static bool has_quote(const char *begin, const uint32_t *ends, uint32_t count, char quote) {
  for (uint32_t i = 0; i < count; i++)
    if (begin[ends[i]] == quote) return true;
  return false;
}

/* Fields that begin and end with a quote, counted twice; ends[0] is that of the field before the first. */
static uint32_t count_quoted(const char *begin, const uint32_t *ends, uint32_t rows, uint32_t field_count, char quote) {
  uint32_t quoted = 0, last = field_count - 1;
  for (uint32_t i = 0; i < rows * field_count; i++) {
    uint32_t first = ends[i] + 1, end = ends[i + 1];
    if (i % field_count == last && end > first) end -= begin[end - 1] == '\r';
    quoted += end - first > 1 && begin[first] == quote && begin[end - 1] == quote ? 2 : 0;
  }
  return quoted;
}

static uint32_t count_byte(const char *begin, uint32_t size, char byte) {
  uint32_t count = 0, block = 0;
  for (; block + VS_BLOCK <= size; block += VS_BLOCK)
    count += (uint32_t)__builtin_popcountll(vs_block_equal(begin + block, byte));
  for (; block < size; block++)
    count += begin[block] == byte;
  return count;
}

/* Quotes stand around whole fields and nowhere else, and every row is one line; then quotes that were taken for the
 * begin or the end of one were that. When a long chunk has none, the next is cut as if there were no quotes. */
static bool are_quotes_plain(struct vs_csv_plain *plain, const char *begin, uint32_t rows, char quote) {
  uint32_t size = plain->ends[rows * plain->field_count] + 1, quotes = count_byte(begin, size, quote);
  if (!quotes && rows == plain->rows_most) plain->has_quotes = false;
  return quotes == count_quoted(begin, plain->ends, rows, plain->field_count, quote) &&
         rows == count_byte(begin, size, '\n');
}

/* One field of each row of a chunk. */
struct cut {
  const char *begin;
  const uint32_t *ends; /* of the field before it, and its own behind that; the next row's are `stride` further on */
  uint32_t stride, count;
  bool is_last; /* "\r" before the line end is not the field's */
  char quote;   /* where fields have any */
};

/* How many rows are written before one that is refused, or that finds the column of another kind: only a dictionary
 * that is full becomes one. What the loop needs is copied, since a call could change what is pointed at. */
VS_INLINE uint32_t put_kind(struct vs_columns *columns, struct vs_column *column, const struct cut *from, uint32_t row,
                            vs_read_kind kind, bool has_quotes) {
  const struct cut cut = *from;
  const struct vs_places places = column->places;
  const uint32_t *ends = cut.ends;
  uint32_t done = 0;
  for (; done < cut.count; done++, ends += cut.stride) {
    uint32_t begin = ends[0] + 1, end = ends[1];
    if (cut.is_last && end > begin) end -= cut.begin[end - 1] == '\r';
    bool is_quoted = has_quotes && end > begin && cut.begin[begin] == cut.quote;
    struct vs_str text = {cut.begin + begin + is_quoted, end - begin - 2u * is_quoted};
    if (kind == VS_READ_DICTIONARY && column->kind != kind) break;
    vs_put put = text.size || is_quoted ? vs_column_put_wide(columns, column, kind, &places, row + done, text)
                                        : vs_column_put_null(column, row + done);
    if (__builtin_expect(put != VS_PUT_DONE, 0)) break;
  }
  return done;
}

VS_INLINE uint32_t put_column(struct vs_columns *columns, struct vs_column *column, const struct cut *cut, uint32_t row,
                              bool has_quotes) {
  switch (column->kind) {
  case VS_READ_INTEGER: return put_kind(columns, column, cut, row, VS_READ_INTEGER, has_quotes);
  case VS_READ_DECIMAL64: return put_kind(columns, column, cut, row, VS_READ_DECIMAL64, has_quotes);
  case VS_READ_DICTIONARY: return put_kind(columns, column, cut, row, VS_READ_DICTIONARY, has_quotes);
  case VS_READ_TIMESTAMP: return put_kind(columns, column, cut, row, VS_READ_TIMESTAMP, has_quotes);
  default: return put_kind(columns, column, cut, row, column->kind, has_quotes);
  }
}

/* The rows before the first that some column refuses. */
static uint32_t put_rows(struct vs_csv_plain *plain, const char *begin, uint32_t row, uint32_t count, char quote) {
  uint32_t written = count;
  for (uint32_t i = 0; i < plain->target_count; i++) {
    const struct vs_csv_target *target = &plain->targets[i];
    const struct cut cut = {
        begin, plain->ends + target->field, plain->field_count, written, target->field + 1 == plain->field_count,
        quote};
    written = quote ? put_column(plain->columns, target->column, &cut, row, true)
                    : put_column(plain->columns, target->column, &cut, row, false);
  }
  for (uint32_t i = written; i < count; i++)
    vs_columns_undo(plain->columns, row + i);
  return written;
}

/* Finds the ends of fields in the next rows: how many are sound, `wanted` at most. The first quotes are met by looking
 * again. */
static uint32_t cut_rows(struct vs_csv_plain *plain, const struct vs_csv_scan *scan, size_t at, uint32_t wanted) {
  const struct stretch stretch = stretch_of(scan, at);
  uint32_t count = plain->field_count, *ends = plain->ends + 1;
  bool has_quotes = plain->has_quotes;
  uint32_t found = wanted == 1  ? find_row(&stretch, count, has_quotes, ends)
                   : has_quotes ? find_ends(&stretch, wanted * count, true, ends)
                                : find_ends(&stretch, wanted * count, false, ends);
  uint32_t rows = count_sound(stretch.begin, ends, VS_MIN(found / count, wanted), count, scan->delimiter);
  if (has_quotes) return are_quotes_plain(plain, stretch.begin, rows, scan->quote) ? rows : 0;
  if (rows == wanted || scan->quote == '\n') return rows;
  plain->has_quotes = has_quote(stretch.begin, ends + rows * count, VS_MIN(found - rows * count, count), scan->quote);
  return rows || !plain->has_quotes ? rows : cut_rows(plain, scan, at, wanted);
}

/* A chunk is as long as the last one went well and doubles, so that files of many odd rows are not cut in vain. */
uint32_t vs_csv_plain_rows(struct vs_csv_plain *plain, const struct vs_csv_scan *scan, size_t at, uint32_t row,
                           uint32_t room, size_t *ret_next) {
  uint32_t wanted = VS_MIN(plain->rows_wanted, room);
  plain->ends[0] = UINT32_MAX; /* the first field begins at 0 */
  uint32_t rows = cut_rows(plain, scan, at, wanted);
  if (rows) rows = put_rows(plain, scan->bytes + at, row, rows, plain->has_quotes ? scan->quote : '\0');
  plain->rows_wanted =
      rows < wanted ? VS_MAX(rows, 1u) : VS_MIN(VS_MAX(rows * 2, plain->rows_wanted), plain->rows_most);
  *ret_next = at + (uint32_t)(plain->ends[(size_t)rows * plain->field_count] + 1);
  return rows;
}
