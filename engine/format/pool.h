/* SPDX-License-Identifier: Apache-2.0
 * The distinct strings of one column: text -> code. Strings are copied once, checked to be UTF-8 once, and then found
 * by two word comparisons; a column with more than VS_DICTIONARY_MAX of them is read plain from there on. */
#ifndef VS_FORMAT_POOL_H
#define VS_FORMAT_POOL_H

#include "engine/types/vector.h"

struct vs_pool {
  struct vs_dictionary dictionary;
  struct vs_arena *arena;
  uint16_t *slots; /* code + 1; 0 is free */
  uint32_t slot_count, capacity;
};

typedef enum { VS_POOL_FOUND, VS_POOL_FULL, VS_POOL_NOT_UTF8, VS_POOL_NO_MEMORY } vs_pool_outcome;

void vs_pool_init(struct vs_pool *pool, struct vs_arena *arena); /* the arena outlives the pool */
/* FULL: a new value beyond the limit, or one too long to be worth keeping. */
vs_pool_outcome vs_pool_find(struct vs_pool *pool, struct vs_str text, uint16_t *ret_code) VS_NODISCARD;

/* vs_string_of without library calls for the short strings most columns hold. */
static inline struct vs_string vs_string_make(const char *data, size_t size) {
  _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "short strings are built by little-endian words");
  uint64_t low = 0, high = 0;
  struct vs_string string;
  if (size > VS_STRING_INLINE) return vs_string_of(data, size);
  if (size >= 8) {
    memcpy(&low, data, 8);
    memcpy(&high, data + size - 8, 8);
    high = size == 8 ? 0 : high >> (8 * (16 - size));
  } else if (size >= 4) {
    uint32_t head, tail;
    memcpy(&head, data, 4);
    memcpy(&tail, data + size - 4, 4);
    low = head | (uint64_t)tail << (8 * (size - 4));
  } else if (size) {
    low = (uint64_t)(unsigned char)data[0] | (uint64_t)(unsigned char)data[size / 2] << (8 * (size / 2)) |
          (uint64_t)(unsigned char)data[size - 1] << (8 * (size - 1));
  }
  uint64_t words[2] = {(uint32_t)size | low << 32, low >> 32 | high << 32};
  memcpy(&string, words, sizeof string);
  return string;
}

bool vs_is_utf8(const char *data, size_t size); /* vs_utf8_is_valid behind a quick look for ASCII */

#endif
