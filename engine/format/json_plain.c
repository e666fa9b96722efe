/* SPDX-License-Identifier: Apache-2.0
 * JSON lines that are just as expected: the names of the last object in the same order, numbers of digits, strings
 * without escapes where they are wanted. Nothing is looked at twice; anything else is left to the long way, which then
 * reads the whole line again, so that what a row means is said in one place only. */
#include "engine/format/json_decode.h"

enum { LOOK_AHEAD = 64 }; /* bytes every step may read without asking */

VS_INLINE bool is_name(const struct vs_json_name *name, const char *at) {
#ifdef __SSE2__
  __m128i head = _mm_loadu_si128((const __m128i_u *)(const void *)name->head);
  __m128i found = _mm_cmpeq_epi8(head, _mm_loadu_si128((const __m128i_u *)(const void *)at));
  if (((uint32_t)_mm_movemask_epi8(found) & name->head_bits) != name->head_bits) return false;
  if (name->raw.size <= sizeof name->head) return true;
#endif
  return name->raw.size <= LOOK_AHEAD && memcmp(at, name->raw.data, name->raw.size) == 0;
}

/* The closing quote of the string that begins at `at`; NULL when there is none, or an escape that matters. */
VS_INLINE const char *string_end(const char *at, const char *end, bool skips_escapes) {
  const char *stop = vs_json_string_stop(at, end);
  while (skips_escapes && end - stop > 2 && *stop == '\\' && stop[1] != '\n')
    stop = vs_json_string_stop(stop + 2, end);
  return stop < end && *stop == '"' ? stop : NULL;
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
  if (memcmp(at, "null", 4) != 0) return NULL;
  return !column || vs_column_put_null(column, row) == VS_PUT_DONE ? at + 4 : NULL;
}

/* An integer is read while its end is looked for. */
VS_INLINE const char *put_integer(struct vs_column *column, uint32_t row, const char *at) {
  uint64_t value;
  bool is_negative = *at == '-';
  at += is_negative;
  uint32_t digits = vs_number_16(at, &value);
  if (!digits || (*at == '0' && digits > 1) || at[digits] == '.' || (at[digits] | 0x20) == 'e') return NULL;
  ((int64_t *)column->data)[row] = is_negative ? -(int64_t)value : (int64_t)value;
  return at + digits;
}

VS_INLINE const char *put_text(struct vs_json_decoder *decoder, struct vs_column *column, const char *begin,
                               const char *end) {
  struct vs_str text = {begin, (size_t)(end - begin)};
  return vs_column_put_wide(&decoder->columns, column, decoder->row, text) == VS_PUT_DONE ? end : NULL;
}

/* Reads the value at `at` into its column, or over it; NULL: the long way. */
VS_INLINE const char *read_value(struct vs_json_decoder *decoder, struct vs_column *column, const char *at,
                                 const char *end) {
  if (*at == '"') {
    const char *stop = string_end(at + 1, end, !column);
    if (!stop || !column) return stop ? stop + 1 : NULL;
    bool is_long = column->field->type.id == VS_TYPE_JSON || end - stop < LOOK_AHEAD; /* or keeps its quotes */
    return !is_long && put_text(decoder, column, at + 1, stop) ? stop + 1 : NULL;
  }
  if (column && column->kind == VS_READ_INTEGER) return put_integer(column, decoder->row, at);
  if (*at == 'n') return read_null(column, decoder->row, at);
  const char *stop = *at == 't' || *at == 'f' ? boolean_end(at) : number_end(at);
  return stop && column ? put_text(decoder, column, at, stop) : stop;
}

/* Behind the line end of a row whose last wanted value ends at `at`; the rest is not read, as in the long way. */
VS_INLINE const char *line_end(const char *at, const char *end) {
  const char *line = *at == '}' ? at + 1 + (at[1] == '\r') : memchr(at, '\n', (size_t)(end - at));
  if (!line || *line != '\n') return NULL;
  return line[-1] == '}' || (line[-1] == '\r' && line[-2] == '}') ? line + 1 : NULL;
}

VS_INLINE const char *plain_line(struct vs_json_decoder *decoder, const char *at, const char *end) {
  uint32_t seen_count = 0, wanted = decoder->columns.read_count, row = decoder->row;
  if (end - at < LOOK_AHEAD || *at != '{') return NULL;
  for (uint32_t i = 0; i < VS_JSON_ORDER_MAX; i++) {
    const struct vs_json_name *name = decoder->order[i];
    at += 1 + (at[1] == ' '); /* behind the brace or comma */
    if (end - at < 2 * LOOK_AHEAD || !name || !name->raw.size || !is_name(name, at)) return NULL;
    struct vs_column *column = name->column;
    at += name->raw.size;
    at += *at == ' ';
    if (column && column->seen_row == row + 1) return NULL;
    at = read_value(decoder, column, at, end);
    if (!at || end - at < LOOK_AHEAD || (*at != ',' && *at != '}')) return NULL;
    if (column) column->seen_row = row + 1;
    seen_count += column != NULL;
    if (seen_count == wanted || *at == '}') break;
  }
  at = line_end(at, end);
  if (at) vs_json_end_row(decoder, seen_count, false);
  return at;
}

const char *vs_json_plain_lines(void *context, const char *at, const char *end) {
  struct vs_json_decoder *decoder = context;
  while (at < end && decoder->row < VS_BATCH_ROWS) {
    uint32_t row = decoder->row;
    const char *next = plain_line(decoder, at, end);
    if (!next) {
      vs_columns_undo(&decoder->columns, row);
      break;
    }
    decoder->walk.line++;
    at = next;
  }
  return at;
}
