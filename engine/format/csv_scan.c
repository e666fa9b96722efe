/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/csv_scan.h"

void vs_csv_scan_seek(struct vs_csv_scan *scan, size_t position) {
  scan->block = position & ~(size_t)(VS_BLOCK - 1);
  scan->mask =
      scan->block < scan->size ? vs_csv_mask_at(scan, scan->block) & ~(uint64_t)0 << (position & (VS_BLOCK - 1)) : 0;
}

void vs_csv_scan_init(struct vs_csv_scan *scan, const char *bytes, size_t size, char delimiter, char quote,
                      bool is_end) {
  *scan = (struct vs_csv_scan){
      .bytes = bytes, .size = size, .delimiter = delimiter, .quote = quote ? quote : '\n', .is_end = is_end};
  vs_csv_scan_seek(scan, 0);
}

static uint64_t count_lines(const char *data, size_t size) {
  uint64_t lines = 0;
  for (const char *end = data + size; (data = memchr(data, '\n', (size_t)(end - data))); data++)
    lines++;
  return lines;
}

/* The line is given up; the next one may be sound. */
static vs_csv_outcome broken(struct vs_csv_scan *scan, size_t start, struct vs_csv_row *ret_row) {
  const char *end = memchr(scan->bytes + start, '\n', scan->size - start);
  if (!end && !scan->is_end) return VS_CSV_MORE;
  ret_row->next = end ? (size_t)(end - scan->bytes) + 1 : scan->size;
  ret_row->lines = 1;
  vs_csv_scan_seek(scan, ret_row->next);
  return VS_CSV_BROKEN;
}

/* The closing quote of the field that opens at `open`; `size` when it is not in sight. */
static size_t closing_quote(const struct vs_csv_scan *scan, size_t open, bool *ret_has_escape) {
  size_t at = open + 1;
  *ret_has_escape = false;
  for (;; at += 2) {
    const char *quote = at < scan->size ? memchr(scan->bytes + at, scan->quote, scan->size - at) : NULL;
    if (!quote) return scan->size;
    at = (size_t)(quote - scan->bytes);
    if (at + 1 >= scan->size || quote[1] != scan->quote) return at;
    *ret_has_escape = true;
  }
}

/* Reads a quoted field; *ret_end is the delimiter or line end behind it, or `size`. */
static vs_csv_outcome quoted_field(struct vs_csv_scan *scan, size_t open, struct vs_csv_field *field, size_t *ret_end) {
  bool has_escape;
  size_t close = closing_quote(scan, open, &has_escape), end = close + 1;
  if (close == scan->size) return scan->is_end ? VS_CSV_BROKEN : VS_CSV_MORE;
  bool is_cut = end == scan->size || (scan->bytes[end] == '\r' && end + 1 == scan->size);
  if (is_cut && !scan->is_end) return VS_CSV_MORE;
  *field = (struct vs_csv_field){{scan->bytes + open + 1, close - open - 1}, true, has_escape};
  if (end < scan->size && scan->bytes[end] == '\r' && (end + 1 == scan->size || scan->bytes[end + 1] == '\n')) end++;
  if (end < scan->size && scan->bytes[end] != scan->delimiter && scan->bytes[end] != '\n') return VS_CSV_BROKEN;
  vs_csv_scan_seek(scan, end);
  *ret_end = vs_csv_next_special(scan);
  return VS_CSV_ROW;
}

/* The end of the unquoted field at `begin`; quotes inside it are characters. */
VS_INLINE size_t plain_end(struct vs_csv_scan *scan) {
  size_t at = vs_csv_next_special(scan);
  while (__builtin_expect(at < scan->size && scan->bytes[at] == scan->quote && scan->quote != '\n', 0))
    at = vs_csv_next_special(scan);
  return at;
}

VS_INLINE struct vs_str plain_text(const struct vs_csv_scan *scan, size_t begin, size_t end) {
  bool is_last = end == scan->size || scan->bytes[end] == '\n';
  size_t size = end - begin;
  size -= is_last && size && scan->bytes[end - 1] == '\r';
  return (struct vs_str){scan->bytes + begin, size};
}

vs_csv_outcome vs_csv_scan_row(struct vs_csv_scan *scan, size_t start, struct vs_csv_field *fields, uint32_t capacity,
                               struct vs_csv_row *ret_row) {
  size_t begin = start, end = start;
  uint32_t count = 0;
  uint64_t lines = 1;
  for (;; begin = end + 1, count++) {
    struct vs_csv_field spare, *field = count < capacity ? &fields[count] : &spare;
    if (begin < scan->size && scan->bytes[begin] == scan->quote && scan->quote != '\n') {
      vs_csv_outcome outcome = quoted_field(scan, begin, field, &end);
      if (outcome == VS_CSV_BROKEN) return broken(scan, start, ret_row);
      if (outcome == VS_CSV_MORE) return vs_csv_scan_seek(scan, start), VS_CSV_MORE;
      lines += count_lines(field->text.data, field->text.size);
    } else {
      end = plain_end(scan);
      *field = (struct vs_csv_field){.text = plain_text(scan, begin, end)};
    }
    if (end == scan->size || scan->bytes[end] == '\n') break;
  }
  if (end == scan->size && !scan->is_end) return vs_csv_scan_seek(scan, start), VS_CSV_MORE;
  *ret_row = (struct vs_csv_row){count + 1, VS_MIN(end + 1, scan->size), lines};
  return VS_CSV_ROW;
}

struct vs_str vs_csv_unescape(const struct vs_csv_field *field, char quote, struct vs_arena *arena) {
  if (!field->has_escape) return field->text;
  char *copy = vs_arena_alloc(arena, field->text.size);
  size_t size = 0;
  for (size_t i = 0; copy && i < field->text.size; i++) {
    copy[size++] = field->text.data[i];
    i += field->text.data[i] == quote;
  }
  return (struct vs_str){copy, copy ? size : 0};
}
