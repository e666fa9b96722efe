/* SPDX-License-Identifier: Apache-2.0
 * The JSON decoder's parts, shared by json_decode.c (every form) and json_plain.c (lines just as expected) only. */
#ifndef VS_FORMAT_JSON_DECODE_H
#define VS_FORMAT_JSON_DECODE_H

#include "engine/base/map.h"
#include "engine/format/column.h"
#include "engine/format/json.h"
#include "engine/format/lanes.h"

enum { VS_JSON_ORDER_MAX = 1024, VS_JSON_NAMES_MAX = 4096 };

/* A name as it stands in the file, from its quote to its colon. */
struct vs_json_name {
  struct vs_str raw;
  struct vs_column *column; /* NULL: not wanted */
  /* What stood between the value before it and its own: a comma, `raw`, maybe a space behind either. Behind the brace
   * of an object the comma does not count. */
  char *gap;
  size_t gap_size;
  char head[sizeof(vs_lane)]; /* of gap, zeros behind it */
  uint64_t head_bits;         /* one per byte of gap in head, and VS_JSON_GAP_LONG; all ones: the gap is not known */
};
#define VS_JSON_GAP_LONG (UINT64_C(1) << 63) /* head is not all of it */

struct vs_json_decoder {
  struct vs_decoder base;
  struct vs_memory *memory;
  struct vs_columns columns;
  struct vs_json_walk walk;
  struct vs_map names; /* raw -> struct vs_json_name */
  /* Of the last object; vs_json_no_name: to be looked up, or behind the last. */
  const struct vs_json_name *order[VS_JSON_ORDER_MAX + 1];
  bool can_stop_early, needs_exact_names;
  /* the batch under way */
  struct vs_row_errors *errors;
  uint32_t row;
  uint64_t first_line;
  const char *object; /* where the row under way begins */
};

extern const struct vs_json_name vs_json_no_name; /* looks like nothing that can stand in a file */
/* Columns the object did not mention become NULL; the row counts unless it is refused. */
void vs_json_end_row(struct vs_json_decoder *decoder, uint32_t seen_count, bool is_refused);
/* Of struct vs_json_visitor; the context is the decoder. */
const char *vs_json_plain_lines(void *context, const char *at, const char *end);

#endif
