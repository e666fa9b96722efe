/* SPDX-License-Identifier: Apache-2.0
 * Vectors: one column of one batch, Arrow-like: a validity bitmap and dense data.
 *
 * Invariants
 *   - data holds `row_count` values of the type's physical layout (FLAT), one value (CONSTANT), or uint16_t codes into
 *     `dictionary` (DICTIONARY, STRING physical only). Values under a NULL are initialised, and in range for codes.
 *   - validity: bit i of word i/64 set = row i is not NULL; NULL pointer = no NULLs; of a CONSTANT only bit 0 counts.
 *   - a batch has at most VS_BATCH_ROWS rows, so a bitmap has at most VS_BATCH_WORDS words.
 *   - memory belongs to the arena (or reader) that made it and lives as long as the batch: whoever keeps a value longer
 *     copies it, strings included. */
#ifndef VS_TYPES_VECTOR_H
#define VS_TYPES_VECTOR_H

#include "engine/types/type.h"

enum { VS_BATCH_ROWS = 2048, VS_BATCH_WORDS = VS_BATCH_ROWS / 64, VS_DICTIONARY_MAX = 4096 };

/* 16 bytes: up to 12 bytes inline, else the first four as prefix and a pointer to all of them. Inline bytes that are
 * not used are zero (vs_string_of sees to it), so that short strings may be compared and hashed as two words. */
struct vs_string {
  uint32_t size;
  char prefix[4];
  union {
    char rest[8];
    const char *data;
  } tail;
};
enum { VS_STRING_INLINE = 12 };

static inline struct vs_string vs_string_of(const char *data, size_t size) {
  struct vs_string string = {.size = (uint32_t)size};
  if (size <= VS_STRING_INLINE) {
    if (size) memcpy(string.prefix, data, VS_MIN(size, 4));
    if (size > 4) memcpy(string.tail.rest, data + 4, size - 4);
  } else {
    memcpy(string.prefix, data, 4);
    string.tail.data = data;
  }
  return string;
}
/* The bytes; for an inline string they live inside *string, so the slice dies with it. */
static inline struct vs_str vs_string_view(const struct vs_string *string) {
  const char *data = string->size <= VS_STRING_INLINE ? string->prefix : string->tail.data;
  return (struct vs_str){data, string->size};
}
bool vs_string_equal(const struct vs_string *a, const struct vs_string *b);
int vs_string_compare(const struct vs_string *a,
                      const struct vs_string *b); /* by bytes, as UTF-8 sorts by code point */
/* A copy whose bytes live in `arena`; false when the arena is full. */
bool vs_string_copy(const struct vs_string *string, struct vs_arena *arena, struct vs_string *ret_string) VS_NODISCARD;

/* Distinct values of one source column; grows while the source is read, never shrinks or reorders: a code keeps its
 * meaning for the life of the dictionary, so operators may cache by (dictionary, code). */
struct vs_dictionary {
  struct vs_string *values; /* values[value_count]; the array may move between batches, not within one */
  uint32_t value_count;
  const void *identity; /* the same for all copies of one dictionary, however many values each of them has */
};

typedef enum { VS_VECTOR_FLAT, VS_VECTOR_CONSTANT, VS_VECTOR_DICTIONARY } vs_encoding;

struct vs_vector {
  struct vs_type type;
  vs_encoding encoding;
  uint64_t *validity;
  void *data;
  const struct vs_dictionary *dictionary; /* DICTIONARY only */
};

static inline bool vs_bit_get(const uint64_t *bits, uint32_t row) {
  return bits[row >> 6] >> (row & 63) & 1;
}
static inline void vs_bit_set(uint64_t *bits, uint32_t row) {
  bits[row >> 6] |= (uint64_t)1 << (row & 63);
}
static inline void vs_bit_clear(uint64_t *bits, uint32_t row) {
  bits[row >> 6] &= ~((uint64_t)1 << (row & 63));
}
static inline uint32_t vs_vector_index(const struct vs_vector *vector, uint32_t row) {
  return vector->encoding == VS_VECTOR_CONSTANT ? 0 : row;
}
static inline bool vs_vector_is_null(const struct vs_vector *vector, uint32_t row) {
  return vector->validity && !vs_bit_get(vector->validity, vs_vector_index(vector, row));
}
/* Slow row access, for printing, keys of rare rows and tests; kernels loop over data instead. */
static inline struct vs_string vs_vector_string(const struct vs_vector *vector, uint32_t row) {
  if (vector->encoding == VS_VECTOR_DICTIONARY)
    return vector->dictionary->values[((const uint16_t *)vector->data)[row]];
  return ((const struct vs_string *)vector->data)[vs_vector_index(vector, row)];
}

/* A FLAT vector of `type` with room for `capacity` rows: no validity, data not initialised. */
vs_status vs_vector_init(struct vs_vector *vector, struct vs_type type, uint32_t capacity, struct vs_arena *arena,
                         struct vs_error *err) VS_NODISCARD;
/* The validity bitmap, made all-valid in `arena` when absent; NULL when the arena is full. */
uint64_t *vs_vector_validity(struct vs_vector *vector, uint32_t row_count, struct vs_arena *arena) VS_NODISCARD;
/* `vector` as FLAT over `row_count` rows; itself when it is FLAT already. Strings still share bytes with the input. */
vs_status vs_vector_flatten(const struct vs_vector *vector, uint32_t row_count, struct vs_arena *arena,
                            struct vs_vector *ret_vector, struct vs_error *err) VS_NODISCARD;
/* The rows rows[0..row_count) of `vector`, in that order; CONSTANT and DICTIONARY stay what they are. */
vs_status vs_vector_gather(const struct vs_vector *vector, const uint16_t *rows, uint32_t row_count,
                           struct vs_arena *arena, struct vs_vector *ret_vector, struct vs_error *err) VS_NODISCARD;
/* Copies row `from_row` of `from` to row `to_row` of the FLAT vector `to` of the same type, strings into `arena`. `to`
 * must have a validity bitmap when the value may be NULL. */
vs_status vs_vector_copy_row(struct vs_vector *to, uint32_t to_row, const struct vs_vector *from, uint32_t from_row,
                             struct vs_arena *arena, struct vs_error *err) VS_NODISCARD;

#endif
