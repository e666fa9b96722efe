/* SPDX-License-Identifier: Apache-2.0
 * Row errors: a value that cannot be read or computed fails its row, never the query. Collected per batch as a bitmap;
 * the first few are kept as samples, all are counted. One thread at a time. */
#ifndef VS_TYPES_ROW_ERROR_H
#define VS_TYPES_ROW_ERROR_H

#include "engine/types/aside.h"

enum { VS_ROW_ERROR_SAMPLES = 5 };

struct vs_row_error {
  vs_code code;
  struct vs_span span; /* the expression, or VS_NO_SPAN for a source's field */
  uint64_t row;        /* number in its source, from 1; for a file the line; 0: of no source */
  char message[200]; /* "line 17, column price: 'abc' is no DECIMAL(18,2)", "'x' is no INTEGER": whoever shows it names
                        the row */
};

struct vs_row_errors {
  uint64_t failed[VS_BATCH_WORDS]; /* rows of the current batch; cleared per batch by its owner */
  bool has_failed;                 /* any bit set in the current batch */
  uint64_t count;                  /* rows failed since the query began */
  struct vs_row_error samples[VS_ROW_ERROR_SAMPLES];
  uint32_t sample_count;
  /* Every failed row is also set aside here; NULL: nobody reads them. Whoever fails a row says beforehand what it is:
   * an expression the batch its rows count in, a decoder the row's text, or its fields per field of its schema. */
  struct vs_aside *aside;
  const struct vs_batch *batch;
  struct vs_str text;
  const struct vs_str *values;
};

/* Whether one more failed row's message is kept, as a sample or with the row set aside. */
bool vs_row_errors_keep(const struct vs_row_errors *errors);
/* Marks a row once (a second error of the same row changes nothing). The message is formatted only when it is kept. */
void vs_row_errors_add(struct vs_row_errors *errors, uint32_t batch_row, uint64_t source_row, vs_code code,
                       struct vs_span span, const char *format, ...) VS_PRINTF(6, 7);
void vs_row_errors_next_batch(struct vs_row_errors *errors);

#endif
