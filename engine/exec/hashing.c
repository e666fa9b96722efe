/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exec/hashing.h"
#include "engine/base/map.h"

enum { HASH_NULL = 0x5BD1E995, HASH_SEED = 0x2127599B };

static uint64_t hash_string(const struct vs_string *string) {
  uint64_t words[2];
  if (string->size > VS_STRING_INLINE) return vs_hash_bytes(string->tail.data, string->size, HASH_SEED);
  memcpy(words, string, sizeof words); /* short strings are padded with zeros */
  return vs_hash_mix(words[0], words[1]);
}

static uint64_t hash_real(double value) {
  uint64_t bits;
  value = value == 0 ? 0 : value;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static uint64_t hash_pair(const void *cell) {
  uint64_t words[2];
  memcpy(words, cell, sizeof words);
  return vs_hash_mix(words[0], words[1]);
}

VS_INLINE uint64_t hash_cell(vs_physical physical, const void *data, size_t index) {
  switch (physical) {
  case VS_PHYSICAL_BOOL: return ((const uint8_t *)data)[index];
  case VS_PHYSICAL_I64: return (uint64_t)((const int64_t *)data)[index];
  case VS_PHYSICAL_F64: return hash_real(((const double *)data)[index]);
  case VS_PHYSICAL_I128:
  case VS_PHYSICAL_INTERVAL: return hash_pair((const char *)data + index * 16);
  case VS_PHYSICAL_STRING: return hash_string((const struct vs_string *)data + index);
  }
  return 0;
}

VS_INLINE void hash_flat(vs_physical physical, const struct vs_vector *key, uint32_t row_count, uint64_t *hashes) {
  if (!key->validity) {
    for (uint32_t i = 0; i < row_count; i++)
      hashes[i] = vs_hash_mix(hashes[i], hash_cell(physical, key->data, i));
    return;
  }
  for (uint32_t i = 0; i < row_count; i++)
    hashes[i] = vs_hash_mix(hashes[i], vs_bit_get(key->validity, i) ? hash_cell(physical, key->data, i) : HASH_NULL);
}

static void hash_constant(const struct vs_vector *key, uint32_t row_count, uint64_t *hashes) {
  uint64_t hash = vs_vector_is_null(key, 0) ? HASH_NULL : hash_cell(vs_type_physical(key->type), key->data, 0);
  for (uint32_t i = 0; i < row_count; i++)
    hashes[i] = vs_hash_mix(hashes[i], hash);
}

static void hash_dictionary(const struct vs_vector *key, uint32_t row_count, uint64_t *hashes) {
  const uint16_t *codes = key->data;
  for (uint32_t i = 0; i < row_count; i++)
    hashes[i] =
        vs_hash_mix(hashes[i], vs_vector_is_null(key, i) ? HASH_NULL : hash_string(&key->dictionary->values[codes[i]]));
}

/* One instance of the loop per layout, so that the switch stays outside. */
static void hash_column(const struct vs_vector *key, uint32_t row_count, uint64_t *hashes) {
  if (key->encoding == VS_VECTOR_CONSTANT) {
    hash_constant(key, row_count, hashes);
    return;
  }
  if (key->encoding == VS_VECTOR_DICTIONARY) {
    hash_dictionary(key, row_count, hashes);
    return;
  }
  switch (vs_type_physical(key->type)) {
  case VS_PHYSICAL_BOOL: hash_flat(VS_PHYSICAL_BOOL, key, row_count, hashes); return;
  case VS_PHYSICAL_I64: hash_flat(VS_PHYSICAL_I64, key, row_count, hashes); return;
  case VS_PHYSICAL_F64: hash_flat(VS_PHYSICAL_F64, key, row_count, hashes); return;
  case VS_PHYSICAL_I128:
  case VS_PHYSICAL_INTERVAL: hash_flat(VS_PHYSICAL_I128, key, row_count, hashes); return;
  case VS_PHYSICAL_STRING: hash_flat(VS_PHYSICAL_STRING, key, row_count, hashes); return;
  }
}

void vs_hash_rows(const struct vs_vector *keys, uint32_t key_count, uint32_t row_count, uint64_t *ret_hashes) {
  for (uint32_t i = 0; i < row_count; i++)
    ret_hashes[i] = HASH_SEED;
  for (uint32_t k = 0; k < key_count; k++)
    hash_column(&keys[k], row_count, ret_hashes);
}
