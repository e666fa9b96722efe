/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/pool.h"

#include "engine/base/map.h"
#include "engine/base/utf8.h"

enum { FIRST_CAPACITY = 64, LONGEST_KEPT = 1024 };

void vs_pool_init(struct vs_pool *pool, struct vs_arena *arena) {
  *pool = (struct vs_pool){.arena = arena, .dictionary.identity = pool};
}

bool vs_is_utf8(const char *data, size_t size) {
  uint64_t word, seen = 0;
  size_t i = 0;
  for (; i + sizeof word <= size; i += sizeof word) {
    memcpy(&word, data + i, sizeof word);
    seen |= word;
  }
  for (; i < size; i++)
    seen |= (uint64_t)(unsigned char)data[i];
  return !(seen & 0x8080808080808080u) || vs_utf8_is_valid(data, size);
}

static inline uint64_t hash_of(const struct vs_string *string) {
  if (string->size > VS_STRING_INLINE) return vs_hash_bytes(string->tail.data, string->size, 0);
  uint64_t words[2];
  memcpy(words, string, sizeof words);
  return vs_short_hash(words);
}

static inline bool is_same(const struct vs_string *a, const struct vs_string *b) {
  uint64_t x[2], y[2];
  memcpy(x, a, sizeof x);
  memcpy(y, b, sizeof y);
  if (x[0] != y[0]) /* size and first four bytes */
    return false;
  return a->size <= VS_STRING_INLINE ? x[1] == y[1] : memcmp(a->tail.data, b->tail.data, a->size) == 0;
}

static inline uint16_t *slot_of(const struct vs_pool *pool, const struct vs_string *string) {
  uint32_t mask = pool->slot_count - 1, at = (uint32_t)hash_of(string) & mask;
  while (pool->slots[at] && !is_same(&pool->dictionary.values[pool->slots[at] - 1], string))
    at = (at + 1) & mask;
  return &pool->slots[at];
}

/* The former array stays in the arena: a batch under way may still be read through it. */
static bool grow(struct vs_pool *pool) {
  uint32_t capacity = pool->capacity ? pool->capacity * 4 : FIRST_CAPACITY;
  struct vs_string *values = vs_arena_alloc(pool->arena, sizeof *values * capacity);
  uint16_t *slots = VS_ARENA_ARRAY(pool->arena, uint16_t, capacity * 4);
  if (!values || !slots) return false;
  if (pool->dictionary.value_count)
    memcpy(values, pool->dictionary.values, sizeof *values * pool->dictionary.value_count);
  pool->dictionary.values = values;
  pool->slots = slots;
  pool->slot_count = capacity * 4;
  pool->capacity = capacity;
  for (uint32_t i = 0; i < pool->dictionary.value_count; i++)
    *slot_of(pool, &values[i]) = (uint16_t)(i + 1);
  return true;
}

static vs_pool_outcome insert(struct vs_pool *pool, const struct vs_string *string, uint16_t *ret_code) {
  if (pool->dictionary.value_count == VS_DICTIONARY_MAX || string->size > LONGEST_KEPT) return VS_POOL_FULL;
  struct vs_str text = vs_string_view(string);
  if (!vs_is_utf8(text.data, text.size)) return VS_POOL_NOT_UTF8;
  if (pool->dictionary.value_count == pool->capacity && !grow(pool)) return VS_POOL_NO_MEMORY;
  uint32_t code = pool->dictionary.value_count;
  if (!vs_string_copy(string, pool->arena, &pool->dictionary.values[code])) return VS_POOL_NO_MEMORY;
  *slot_of(pool, string) = (uint16_t)(code + 1);
  pool->dictionary.value_count++;
  *ret_code = (uint16_t)code;
  return VS_POOL_FOUND;
}

vs_pool_outcome vs_pool_find(struct vs_pool *pool, struct vs_str text, uint16_t *ret_code) {
  struct vs_string string = vs_string_make(text.data, text.size);
  if (pool->slot_count) {
    uint16_t *slot = slot_of(pool, &string);
    if (*slot) return *ret_code = (uint16_t)(*slot - 1), VS_POOL_FOUND;
  }
  return insert(pool, &string, ret_code);
}
