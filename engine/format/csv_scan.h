/* SPDX-License-Identifier: Apache-2.0
 * CSV by RFC 4180: cuts bytes into rows and fields without looking at values.
 *
 * Delimiters, quotes and line ends are found 64 bytes at a time. A quote counts only at the start of a field; inside an
 * unquoted field it is a character like any other. A broken quote costs its own line and nothing else. */
#ifndef VS_FORMAT_CSV_SCAN_H
#define VS_FORMAT_CSV_SCAN_H

#include "engine/base/text.h"
#include "engine/format/lanes.h"

struct vs_csv_field {
  struct vs_str text;         /* without the outer quotes */
  bool is_quoted, has_escape; /* has_escape: "" stands for " */
};

struct vs_csv_scan {
  const char *bytes;
  size_t size;
  char delimiter, quote; /* quote 0: none */
  bool is_end;           /* nothing follows these bytes */
  size_t block;          /* the 64 bytes `mask` speaks of */
  uint64_t mask;         /* special characters from the current position on */
};

typedef enum { VS_CSV_ROW, VS_CSV_MORE, VS_CSV_BROKEN } vs_csv_outcome;
struct vs_csv_row {
  uint32_t field_count; /* may be above the capacity given: further fields are only counted */
  size_t next;          /* where the next row begins */
  uint64_t lines;       /* line ends passed */
};

void vs_csv_scan_init(struct vs_csv_scan *scan, const char *bytes, size_t size, char delimiter, char quote,
                      bool is_end);
void vs_csv_scan_seek(struct vs_csv_scan *scan, size_t position); /* the next row begins there */
/* The row at `start` < size, where the last one ended. MORE: it is cut; BROKEN: a quote is not closed or is followed by
 * text, and ret_row->next is the line behind `start` (MORE when that is not in sight). */
vs_csv_outcome vs_csv_scan_row(struct vs_csv_scan *scan, size_t start, struct vs_csv_field *fields, uint32_t capacity,
                               struct vs_csv_row *ret_row);
/* "" -> ". A field without escapes is returned as it is; NULL data when the arena is full. */
struct vs_str vs_csv_unescape(const struct vs_csv_field *field, char quote, struct vs_arena *arena);

/* ---- inline parts: one look per 64 bytes ---- */

VS_INLINE uint64_t vs_csv_mask_at(const struct vs_csv_scan *scan, size_t block) {
  if (scan->size - block >= VS_BLOCK)
    return vs_block_equal_any(scan->bytes + block, scan->delimiter, scan->quote, '\n');
  char tail[VS_BLOCK] = {0};
  size_t rest = scan->size - block;
  memcpy(tail, scan->bytes + block, rest);
  return vs_block_equal_any(tail, scan->delimiter, scan->quote, '\n') & (((uint64_t)1 << rest) - 1);
}

/* The next special character at or behind the current position, and past it; `size` when there is none. */
VS_INLINE size_t vs_csv_next_special(struct vs_csv_scan *scan) {
  while (!scan->mask) {
    if (scan->size - scan->block <= VS_BLOCK) return scan->size;
    scan->block += VS_BLOCK;
    scan->mask = vs_csv_mask_at(scan, scan->block);
  }
  size_t at = scan->block + (size_t)__builtin_ctzll(scan->mask);
  scan->mask &= scan->mask - 1;
  return at;
}

#endif
