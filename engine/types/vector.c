/* SPDX-License-Identifier: Apache-2.0
 * Vectors: allocation, flattening, gathering. The loops are dense and know only the size of a value. */
#include "engine/types/vector.h"
#include <assert.h>

static_assert(sizeof(struct vs_string) == 16, "strings are 16 bytes wide in every vector");

bool vs_string_equal(const struct vs_string *a, const struct vs_string *b) {
  if (a->size != b->size || memcmp(a->prefix, b->prefix, sizeof a->prefix) != 0) return false;
  struct vs_str x = vs_string_view(a), y = vs_string_view(b);
  return memcmp(x.data, y.data, x.size) == 0;
}

int vs_string_compare(const struct vs_string *a, const struct vs_string *b) {
  struct vs_str x = vs_string_view(a), y = vs_string_view(b);
  int order = memcmp(x.data, y.data, VS_MIN(x.size, y.size));
  return order ? order : (x.size > y.size) - (x.size < y.size);
}

bool vs_string_copy(const struct vs_string *string, struct vs_arena *arena, struct vs_string *ret_string) {
  if (string->size <= VS_STRING_INLINE) {
    *ret_string = *string;
    return true;
  }
  const char *copy = vs_arena_copy(arena, string->tail.data, string->size);
  if (!copy) return false;
  *ret_string = vs_string_of(copy, string->size);
  return true;
}

vs_status vs_vector_init(struct vs_vector *vector, struct vs_type type, uint32_t capacity, struct vs_arena *arena,
                         struct vs_error *err) {
  void *data = vs_arena_alloc(arena, VS_MAX(capacity, 1) * vs_physical_size(vs_type_physical(type)));
  if (!data) return vs_fail_memory(err);
  *vector = (struct vs_vector){.type = type, .encoding = VS_VECTOR_FLAT, .data = data};
  return VS_OK;
}

uint64_t *vs_vector_validity(struct vs_vector *vector, uint32_t row_count, struct vs_arena *arena) {
  if (vector->validity) return vector->validity;
  size_t bytes = (VS_MAX(row_count, 1) + 63) / 64 * sizeof(uint64_t);
  uint64_t *bits = vs_arena_alloc(arena, bytes);
  if (bits) {
    memset(bits, 0xff, bytes);
    vector->validity = bits;
  }
  return bits;
}

/* One loop per value size, so that the compiler knows the width. */
#define GATHER_LOOP(kind)                                                                                              \
  do {                                                                                                                 \
    const kind *source = from;                                                                                         \
    kind *target = to;                                                                                                 \
    for (uint32_t i = 0; i < count; i++)                                                                               \
      target[i] = source[rows[i]];                                                                                     \
  } while (0)

static void gather_values(void *to, const void *from, size_t size, const uint16_t *rows, uint32_t count) {
  switch (size) {
  case 1: GATHER_LOOP(uint8_t); break;
  case 2: GATHER_LOOP(uint16_t); break;
  case 8: GATHER_LOOP(uint64_t); break;
  default: GATHER_LOOP(vs_u128); break;
  }
}

static uint64_t *gather_validity(const uint64_t *from, const uint16_t *rows, uint32_t count, struct vs_arena *arena) {
  uint64_t *bits = vs_arena_zalloc(arena, (VS_MAX(count, 1) + 63) / 64 * sizeof *bits);
  for (uint32_t i = 0; bits && i < count; i++)
    bits[i >> 6] |= (uint64_t)vs_bit_get(from, rows[i]) << (i & 63);
  return bits;
}

static size_t value_size(const struct vs_vector *vector) {
  return vector->encoding == VS_VECTOR_DICTIONARY ? sizeof(uint16_t) : vs_physical_size(vs_type_physical(vector->type));
}

vs_status vs_vector_gather(const struct vs_vector *vector, const uint16_t *rows, uint32_t row_count,
                           struct vs_arena *arena, struct vs_vector *ret_vector, struct vs_error *err) {
  struct vs_vector result = *vector;
  if (vector->encoding != VS_VECTOR_CONSTANT && vector->data) {
    size_t size = value_size(vector);
    result.data = vs_arena_alloc(arena, VS_MAX(row_count, 1) * size);
    if (vector->validity) result.validity = gather_validity(vector->validity, rows, row_count, arena);
    if (!result.data || (vector->validity && !result.validity)) return vs_fail_memory(err);
    gather_values(result.data, vector->data, size, rows, row_count);
  }
  *ret_vector = result;
  return VS_OK;
}

#define FILL_LOOP(kind)                                                                                                \
  do {                                                                                                                 \
    kind value = *(const kind *)from;                                                                                  \
    kind *target = to;                                                                                                 \
    for (uint32_t i = 0; i < count; i++)                                                                               \
      target[i] = value;                                                                                               \
  } while (0)

static void fill_values(void *to, const void *from, size_t size, uint32_t count) {
  switch (size) {
  case 1: FILL_LOOP(uint8_t); break;
  case 8: FILL_LOOP(uint64_t); break;
  default: FILL_LOOP(vs_u128); break;
  }
}

static vs_status flatten_constant(const struct vs_vector *vector, uint32_t row_count, struct vs_arena *arena,
                                  struct vs_vector *result, struct vs_error *err) {
  fill_values(result->data, vector->data, value_size(vector), row_count);
  if (!vs_vector_is_null(vector, 0)) return VS_OK;
  result->validity = vs_arena_zalloc(arena, (VS_MAX(row_count, 1) + 63) / 64 * sizeof(uint64_t));
  return result->validity ? VS_OK : vs_fail_memory(err);
}

vs_status vs_vector_flatten(const struct vs_vector *vector, uint32_t row_count, struct vs_arena *arena,
                            struct vs_vector *ret_vector, struct vs_error *err) {
  struct vs_vector result = *vector;
  if (vector->encoding != VS_VECTOR_FLAT) {
    VS_TRY(vs_vector_init(&result, vector->type, row_count, arena, err));
    if (vector->encoding == VS_VECTOR_CONSTANT) {
      VS_TRY(flatten_constant(vector, row_count, arena, &result, err));
    } else {
      const uint16_t *codes = vector->data;
      gather_values(result.data, vector->dictionary->values, sizeof(struct vs_string), codes, row_count);
      result.validity = vector->validity;
    }
  }
  *ret_vector = result;
  return VS_OK;
}

vs_status vs_vector_copy_row(struct vs_vector *to, uint32_t to_row, const struct vs_vector *from, uint32_t from_row,
                             struct vs_arena *arena, struct vs_error *err) {
  vs_physical physical = vs_type_physical(to->type);
  size_t size = vs_physical_size(physical);
  char *target = (char *)to->data + (size_t)to_row * size;
  if (vs_vector_is_null(from, from_row)) {
    vs_bit_clear(to->validity, to_row);
    memset(target, 0, size);
    return VS_OK;
  }
  if (to->validity) vs_bit_set(to->validity, to_row);
  if (physical == VS_PHYSICAL_STRING) {
    struct vs_string string = vs_vector_string(from, from_row);
    return vs_string_copy(&string, arena, (struct vs_string *)(void *)target) ? VS_OK : vs_fail_memory(err);
  }
  memcpy(target, (const char *)from->data + (size_t)vs_vector_index(from, from_row) * size, size);
  return VS_OK;
}
