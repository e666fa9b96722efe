/* SPDX-License-Identifier: Apache-2.0
 * CSV rows on one line with the right number of fields and no quotes but around whole fields, many at a time: first
 * where their fields end, then column by column, so that one loop reads values of one kind and no row waits for the one
 * before. Whatever is not so is left to the long way (csv_decode.c), which alone says what a row means. */
#ifndef VS_FORMAT_CSV_PLAIN_H
#define VS_FORMAT_CSV_PLAIN_H

#include "engine/format/column.h"
#include "engine/format/csv_scan.h"

struct vs_csv_target {
  uint32_t field; /* in the file */
  struct vs_column *column;
};

struct vs_csv_plain {
  struct vs_columns *columns;
  const struct vs_csv_target *targets; /* by field */
  uint32_t target_count;
  uint32_t field_count; /* of a row */
  /* From here on it is init that sets them. */
  uint32_t *ends;                  /* of fields, from the chunk's begin on; ends[0] is that of the row before it */
  uint32_t rows_most, rows_wanted; /* in a chunk; wanted of the next one */
  bool has_quotes; /* the last rows had quotes around some fields: the next ones are cut as if they had */
};

/* The members before `ends` are set already; ends come from the arena. */
vs_status vs_csv_plain_init(struct vs_csv_plain *plain, struct vs_arena *arena, struct vs_error *err) VS_NODISCARD;
/* Reads what is plain from `at` on into the rows from `row` on, a chunk of at most `room` rows: how many, and where the
 * next one begins. 0: the row at `at` is for the long way. */
uint32_t vs_csv_plain_rows(struct vs_csv_plain *plain, const struct vs_csv_scan *scan, size_t at, uint32_t row,
                           uint32_t room, size_t *ret_next);

#endif
