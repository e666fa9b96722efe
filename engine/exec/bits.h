/* SPDX-License-Identifier: Apache-2.0
 * Row bitmaps of one batch: masks of expressions, rows a filter keeps. Words past the last row are always zero. */
#ifndef VS_EXEC_BITS_H
#define VS_EXEC_BITS_H

#include "engine/types/batch.h"

static inline uint32_t vs_bits_words(uint32_t row_count) {
  return (row_count + 63) / 64;
}

/* The bits of word `word` that stand for rows of the batch. */
static inline uint64_t vs_bits_tail(uint32_t row_count, uint32_t word) {
  uint32_t rest = row_count - word * 64;
  return rest >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << rest) - 1;
}

static inline void vs_bits_fill(uint64_t *bits, uint32_t row_count) {
  for (uint32_t w = 0; w < vs_bits_words(row_count); w++)
    bits[w] = vs_bits_tail(row_count, w);
}

static inline bool vs_bits_any(const uint64_t *bits, uint32_t row_count) {
  uint64_t any = 0;
  for (uint32_t w = 0; w < vs_bits_words(row_count); w++)
    any |= bits[w];
  return any != 0;
}

/* Rows where the BOOLEAN `vector` is not NULL and equals `wanted`. */
void vs_bits_of_boolean(const struct vs_vector *vector, bool wanted, uint32_t row_count, uint64_t *ret_bits);
/* The set rows, ascending; returns their number. ret_rows has room for 64 times the words. */
uint32_t vs_bits_rows(const uint64_t *bits, uint32_t row_count, uint16_t *ret_rows);
/* One byte 0 or 1 per row. */
void vs_bits_bytes(const uint64_t *bits, uint32_t row_count, uint8_t *ret_bytes);

#endif
