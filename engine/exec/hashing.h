/* SPDX-License-Identifier: Apache-2.0
 * Hashes and equality of key columns: by value, NULL equal to NULL, -0.0 equal to 0.0. Within one column the type and
 * its decimal scale are fixed, so equal integers are equal values. */
#ifndef VS_EXEC_HASHING_H
#define VS_EXEC_HASHING_H

#include "engine/types/batch.h"

/* Multiplies to 128 bits and folds: two cycles, all bits of the input reach all bits of the output. */
static inline uint64_t vs_hash_mix(uint64_t a, uint64_t b) {
  vs_u128 product = (vs_u128)(a ^ UINT64_C(0x9E3779B97F4A7C15)) * (b ^ UINT64_C(0xE7037ED1A0B428DB));
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Of each of the `row_count` rows over all key columns of any encoding. */
void vs_hash_rows(const struct vs_vector *keys, uint32_t key_count, uint32_t row_count, uint64_t *ret_hashes);

/* Size and prefix in one comparison, then the rest; short strings are padded with zeros, so no length decides. */
static inline bool vs_text_cell_equal(const struct vs_string *a, const struct vs_string *b) {
  uint64_t x[2], y[2];
  memcpy(x, a, sizeof x);
  memcpy(y, b, sizeof y);
  if (x[0] != y[0]) return false;
  return a->size <= VS_STRING_INLINE ? x[1] == y[1] : memcmp(a->tail.data, b->tail.data, a->size) == 0;
}

/* One value at `a` and one at `b`, both not NULL, of the same physical layout. */
static inline bool vs_cell_equal(vs_physical physical, const void *a, const void *b) {
  switch (physical) {
  case VS_PHYSICAL_BOOL: return *(const uint8_t *)a == *(const uint8_t *)b;
  case VS_PHYSICAL_I64: return *(const int64_t *)a == *(const int64_t *)b;
  case VS_PHYSICAL_F64: return *(const double *)a == *(const double *)b;
  case VS_PHYSICAL_I128:
  case VS_PHYSICAL_INTERVAL: return memcmp(a, b, 16) == 0;
  case VS_PHYSICAL_STRING: return vs_text_cell_equal(a, b);
  }
  return false;
}

#endif
