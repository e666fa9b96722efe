/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exec/bits.h"

/* Eight bytes of 0 or 1 become eight bits by one multiplication: every product bit has exactly one source. */
static uint64_t pack_word(const uint8_t *bytes) {
  uint64_t word = 0;
  for (uint32_t i = 0; i < 8; i++) {
    uint64_t eight;
    memcpy(&eight, bytes + i * 8, 8);
    word |= (eight * UINT64_C(0x0102040810204080) >> 56) << (i * 8);
  }
  return word;
}

static uint64_t pack_some(const uint8_t *bytes, uint32_t count) {
  uint64_t word = 0;
  for (uint32_t i = 0; i < count; i++)
    word |= (uint64_t)(bytes[i] & 1) << i;
  return word;
}

static void fill_constant(const struct vs_vector *vector, bool wanted, uint32_t row_count, uint64_t *ret_bits) {
  bool is_wanted = !vs_vector_is_null(vector, 0) && (*(const uint8_t *)vector->data != 0) == wanted;
  for (uint32_t w = 0; w < vs_bits_words(row_count); w++)
    ret_bits[w] = is_wanted ? vs_bits_tail(row_count, w) : 0;
}

void vs_bits_of_boolean(const struct vs_vector *vector, bool wanted, uint32_t row_count, uint64_t *ret_bits) {
  if (vector->encoding == VS_VECTOR_CONSTANT) {
    fill_constant(vector, wanted, row_count, ret_bits);
    return;
  }
  const uint8_t *bytes = vector->data;
  for (uint32_t w = 0; w < vs_bits_words(row_count); w++) {
    uint32_t rest = row_count - w * 64;
    uint64_t word = rest >= 64 ? pack_word(bytes + w * 64) : pack_some(bytes + w * 64, rest);
    word = (wanted ? word : ~word) & vs_bits_tail(row_count, w);
    ret_bits[w] = vector->validity ? word & vector->validity[w] : word;
  }
}

uint32_t vs_bits_rows(const uint64_t *bits, uint32_t row_count, uint16_t *ret_rows) {
  uint32_t count = 0;
  for (uint32_t w = 0; w < vs_bits_words(row_count); w++)
    for (uint64_t word = bits[w]; word; word &= word - 1)
      ret_rows[count++] = (uint16_t)(w * 64 + (uint32_t)__builtin_ctzll(word));
  return count;
}

void vs_bits_bytes(const uint64_t *bits, uint32_t row_count, uint8_t *ret_bytes) {
  for (uint32_t i = 0; i < row_count; i++)
    ret_bytes[i] = (uint8_t)(bits[i >> 6] >> (i & 63) & 1);
}
