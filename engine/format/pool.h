/* SPDX-License-Identifier: Apache-2.0
 * The distinct strings of one column: text -> code. Strings are copied once, checked to be UTF-8 once, and then found
 * by two word comparisons; a column with more than VS_DICTIONARY_MAX of them is read plain from there on. */
#ifndef VS_FORMAT_POOL_H
#define VS_FORMAT_POOL_H

#include "engine/format/digits.h"
#include "engine/types/vector.h"

struct vs_pool {
  struct vs_dictionary dictionary;
  struct vs_arena *arena;
  uint16_t *slots; /* code + 1; 0 is free */
  uint32_t slot_count, capacity;
};

typedef enum { VS_POOL_FOUND, VS_POOL_FULL, VS_POOL_NOT_UTF8, VS_POOL_NO_MEMORY } vs_pool_outcome;

/* The arena outlives the pool, which stays where it is: its address is the dictionary's identity. */
void vs_pool_init(struct vs_pool *pool, struct vs_arena *arena);
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

/* A short string as the two words vs_string_make lays it out in, where VS_SLACK bytes from the text's begin on can be
 * read: no branch on its size. */
static inline void vs_short_words(const char *data, size_t size, uint64_t ret_words[2]) {
  /* bytes [0, 16) shifted behind the size, those past the text cleared */
  static const uint64_t kept[VS_STRING_INLINE + 1][2] = {
#define ROW(bytes)                                                                                                     \
  {bytes >= 4 ? ~UINT64_C(0) : ~(~UINT64_C(0) << (32 + 8 * (bytes & 3))),                                              \
   bytes >= 12 ? ~UINT64_C(0)                                                                                          \
   : bytes > 4 ? ~(~UINT64_C(0) << (8 * ((bytes - 4) & 7)))                                                            \
               : 0}
      ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), ROW(8), ROW(9), ROW(10), ROW(11), ROW(12),
#undef ROW
  };
  ret_words[0] = ((uint32_t)size | vs_load_8(data) << 32) & kept[size][0];
  ret_words[1] = vs_load_8(data + 4) & kept[size][1];
}

static inline uint64_t vs_short_hash(const uint64_t words[2]) {
  vs_u128 product = (vs_u128)(words[0] ^ 0x9E3779B97F4A7C15u) * (words[1] ^ 0xD6E8FEB86659FD93u);
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* A short string that is known; false: ask vs_pool_find. */
VS_INLINE bool vs_pool_find_short(const struct vs_pool *pool, struct vs_str text, uint16_t *ret_code) {
  if (text.size > VS_STRING_INLINE || !pool->slot_count) return false;
  uint64_t wanted[2], found[2];
  vs_short_words(text.data, text.size, wanted);
  uint32_t mask = pool->slot_count - 1, at = (uint32_t)vs_short_hash(wanted) & mask;
  for (; pool->slots[at]; at = (at + 1) & mask) {
    memcpy(found, &pool->dictionary.values[pool->slots[at] - 1], sizeof found);
    if (found[0] == wanted[0] && found[1] == wanted[1]) return *ret_code = (uint16_t)(pool->slots[at] - 1), true;
  }
  return false;
}

bool vs_is_utf8(const char *data, size_t size); /* vs_utf8_is_valid behind a quick look for ASCII */

#endif
