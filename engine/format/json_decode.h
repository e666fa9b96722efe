/* SPDX-License-Identifier: Apache-2.0
 * The JSON decoder's parts, shared by json_decode.c (every form) and json_plain.c (lines just as expected) only. */
#ifndef VS_FORMAT_JSON_DECODE_H
#define VS_FORMAT_JSON_DECODE_H

#include "engine/base/map.h"
#include "engine/format/column.h"
#include "engine/format/json.h"

enum { VS_JSON_ORDER_MAX = 1024, VS_JSON_NAMES_MAX = 4096 };

/* A name as it stands in the file, from its quote to its colon. */
struct vs_json_name {
  struct vs_str raw;
  struct vs_column *column; /* NULL: not wanted */
  char head[16];            /* of raw, zeros behind it */
  uint32_t head_bits;       /* one per byte of raw in head */
};

struct vs_json_decoder {
  struct vs_decoder base;
  struct vs_memory *memory;
  struct vs_columns columns;
  struct vs_json_walk walk;
  struct vs_map names;                                 /* raw -> struct vs_json_name */
  const struct vs_json_name *order[VS_JSON_ORDER_MAX]; /* of the last object */
  bool can_stop_early, needs_exact_names;
  /* the batch under way */
  struct vs_row_errors *errors;
  uint32_t row;
  uint64_t first_line;
  const char *object; /* where the row under way begins */
};

/* Columns the object did not mention become NULL; the row counts unless it is refused. */
void vs_json_end_row(struct vs_json_decoder *decoder, uint32_t seen_count, bool is_refused);
/* Of struct vs_json_visitor; the context is the decoder. */
const char *vs_json_plain_lines(void *context, const char *at, const char *end);

#endif
