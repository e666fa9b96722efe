/* SPDX-License-Identifier: Apache-2.0
 * JSON lines that are just as expected: the names of the last object in the same order, numbers of digits, strings
 * without escapes where they are wanted. Nothing is looked at twice; anything else is left to the long way, which then
 * reads the whole line again, so that what a row means is said in one place only. */
#include "engine/format/json_decode.h"

enum { LOOK_AHEAD = VS_BLOCK, LINES_FIRST = 4, LINES_MOST = 16 }; /* bytes every step may read without asking; lines */

/* Where the lines from `at` on end, as many as asked for or a few more: all that have LOOK_AHEAD bytes behind them.
 * Rows that begin where this found them need not wait for the row before, so the processor reads several at once. */
static uint32_t find_lines(const char *at, const char *end, uint32_t wanted, const char **ret_lines) {
  uint32_t count = 0;
  for (; count < wanted && end - at >= VS_BLOCK + LOOK_AHEAD; at += VS_BLOCK) {
    uint64_t bits = vs_block_equal(at, '\n');
    do { /* a block without a line end writes one that does not count: no branch to guess */
      ret_lines[count] = at + __builtin_ctzll(bits | (UINT64_C(1) << 63));
      count += bits != 0;
      bits &= bits - 1;
    } while (__builtin_expect(bits != 0, 0));
  }
  return count;
}

/* The gap is longer than what is_gap compares. */
static bool is_long_gap(const struct vs_json_name *name, const char *at, bool is_first) {
  return name->gap_size <= LOOK_AHEAD && name->gap_size > sizeof name->head &&
         memcmp(at + is_first, name->gap + is_first, name->gap_size - is_first) == 0;
}

/* `without`: 1 when the first byte does not count, else 0. */
VS_INLINE bool is_gap(const struct vs_json_name *name, const char *at, uint64_t without) {
  uint64_t same = vs_lane_bits(vs_lane_equal(vs_lane_load(name->head), vs_lane_load(at)));
  return __builtin_expect((name->head_bits & ~(same | without)) == 0, 1) || is_long_gap(name, at, without);
}

/* The first quote, backslash or control character; the line end is one. */
VS_INLINE const char *string_stop(const char *at) {
  for (;; at += sizeof(vs_lane)) {
    uint64_t bits = vs_lane_string_stops(at);
    if (bits) return at + __builtin_ctzll(bits);
  }
}

/* The closing quote of the string that begins at `at`; NULL when there is none, or an escape that matters. */
VS_INLINE const char *string_end(const char *at, bool skips_escapes) {
  const char *stop = string_stop(at);
  while (skips_escapes && *stop == '\\' && stop[1] != '\n')
    stop = string_stop(stop + 2);
  return *stop == '"' ? stop : NULL;
}

/* Behind "-12" or "-12.5" by the grammar of JSON numbers; NULL for other forms and more than 15 digits on a side. */
VS_INLINE const char *number_end(const char *at) {
  at += *at == '-';
  uint32_t digits = vs_leading_digits(vs_load_8(at));
  if (digits == 8) digits += vs_leading_digits(vs_load_8(at + 8));
  if (digits - 1 > 14 || (*at == '0' && digits > 1)) return NULL;
  at += digits;
  if (*at == '.') {
    digits = vs_leading_digits(vs_load_8(++at));
    if (digits == 8) digits += vs_leading_digits(vs_load_8(at + 8));
    if (digits - 1 > 14) return NULL;
    at += digits;
  }
  return (*at | 0x20) == 'e' ? NULL : at;
}

static const char *boolean_end(const char *at) {
  if (memcmp(at, "true", 4) == 0) return at + 4;
  return memcmp(at, "false", 5) == 0 ? at + 5 : NULL;
}

static const char *read_null(struct vs_column *column, uint32_t row, const char *at) {
  return memcmp(at, "null", 4) == 0 && vs_column_put_null(column, row) == VS_PUT_DONE ? at + 4 : NULL;
}

/* An integer is read while its end is looked for; what stands behind it, "." or "e" maybe, is looked at by the caller.
 */
VS_INLINE const char *put_integer(struct vs_column *column, uint32_t row, const char *at) {
  uint64_t value;
  bool is_negative = *at == '-';
  at += is_negative;
  uint32_t digits = vs_number_16(at, &value);
  if (!digits || (*at == '0' && digits > 1)) return NULL;
  ((int64_t *)column->data)[row] = is_negative ? -(int64_t)value : (int64_t)value;
  return at + digits;
}

/* "2026-01-01T00:00:59.123456" within the minute of the last one, with its quotes: its end is known, not looked for. */
VS_INLINE const char *put_timestamp(struct vs_column *column, uint32_t row, const char *at) {
  bool is_known = at[0] == '"' && at[27] == '"' && !column->time_format.data &&
                  vs_field_timestamp_known(at + 1, &column->day, (int64_t *)column->data + row);
  return is_known ? at + 28 : NULL;
}

VS_INLINE const char *put_text(struct vs_json_decoder *decoder, struct vs_column *column, const char *begin,
                               const char *end) {
  struct vs_str text = {begin, (size_t)(end - begin)};
  return vs_column_put_wide(&decoder->columns, column, column->kind, &column->places, decoder->row, text) == VS_PUT_DONE
             ? end
             : NULL;
}

/* Behind the value at `at`, which is not wanted. */
VS_INLINE const char *skip_value(const char *at) {
  if (*at == '"') {
    const char *stop = string_end(at + 1, true);
    return stop ? stop + 1 : NULL;
  }
  if (*at == 'n') return memcmp(at, "null", 4) == 0 ? at + 4 : NULL;
  return *at == 't' || *at == 'f' ? boolean_end(at) : number_end(at);
}

/* Reads the value at `at` into its column; NULL: the long way. */
VS_INLINE const char *read_value(struct vs_json_decoder *decoder, struct vs_column *column, const char *at) {
  const char *known = NULL;
  if (column->kind == VS_READ_INTEGER)
    known = put_integer(column, decoder->row, at);
  else if (column->kind == VS_READ_TIMESTAMP)
    known = put_timestamp(column, decoder->row, at);
  if (known) return known;
  if (*at == '"') {
    const char *stop = string_end(at + 1, false);
    bool keeps_quotes = column->field->type.id == VS_TYPE_JSON;
    return stop && !keeps_quotes && put_text(decoder, column, at + 1, stop) ? stop + 1 : NULL;
  }
  if (*at == 'n') return read_null(column, decoder->row, at);
  const char *stop = *at == 't' || *at == 'f' ? boolean_end(at) : number_end(at);
  return stop ? put_text(decoder, column, at, stop) : NULL;
}

/* Does the row whose last wanted value ends at `at` end as it should? What stands between is not read, as in the long
 * way. */
VS_INLINE bool is_row_end(const char *at, const char *line) {
  const char *brace = line - 1 - (line[-1] == '\r');
  return *at == '}' ? at == brace : *at == ',' && at < brace && *brace == '}';
}

/* Reads the row at `at` up to its line end, in front of which every step stops. False: the long way. */
VS_INLINE bool plain_line(struct vs_json_decoder *decoder, const char *at, const char *line) {
  uint32_t seen_count = 0, wanted = decoder->columns.read_count, row = decoder->row;
  uint64_t without = 1; /* the first gap begins with a brace */
  if (*at != '{') return false;
  for (const struct vs_json_name **next = decoder->order;; next++, without = 0) {
    const struct vs_json_name *name = *next;
    if (__builtin_expect(!is_gap(name, at, without), 0)) {
      if (!without && *at == '}') break;
      return *next = &vs_json_no_name, false; /* the long way looks it up */
    }
    at += name->gap_size;
    struct vs_column *column = name->column;
    if (!column) {
      at = skip_value(at);
      if (!at) return false;
      continue;
    }
    if (column->seen_row == row + 1) return false;
    at = read_value(decoder, column, at);
    if (!at) return false;
    column->seen_row = row + 1;
    if (++seen_count == wanted) break;
  }
  if (!is_row_end(at, line)) return false;
  if (seen_count < wanted)
    vs_json_end_row(decoder, seen_count, false);
  else if (decoder->row++ == 0)
    decoder->first_line = decoder->walk.line;
  return true;
}

const char *vs_json_plain_lines(void *context, const char *at, const char *end) {
  struct vs_json_decoder *decoder = context;
  const char *lines[LINES_MOST + VS_BLOCK];
  uint32_t count = LINES_FIRST;
  while (decoder->row < VS_BATCH_ROWS) {
    count = find_lines(at, end, VS_MIN(VS_MIN(count * 2, (uint32_t)LINES_MOST), VS_BATCH_ROWS - decoder->row), lines);
    if (!count) break;
    for (uint32_t i = 0; i < count && decoder->row < VS_BATCH_ROWS; i++) {
      uint32_t row = decoder->row;
      if (!plain_line(decoder, at, lines[i])) return vs_columns_undo(&decoder->columns, row), at;
      decoder->walk.line++;
      at = lines[i] + 1;
    }
  }
  return at;
}
