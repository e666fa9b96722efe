/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/map.h"

#define XXH_INLINE_ALL
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wcast-qual"
#include <xxhash.h>
#pragma GCC diagnostic pop

uint64_t vs_hash_bytes(const void *data, size_t size, uint64_t seed) {
  return XXH3_64bits_withSeed(data, size, seed);
}

void vs_map_init(struct vs_map *map, struct vs_memory *memory) {
  *map = (struct vs_map){.memory = memory};
}

void vs_map_release(struct vs_map *map) {
  vs_memory_free(map->memory, map->entries, map->entry_capacity * sizeof *map->entries);
  vs_memory_free(map->memory, map->slots, map->slot_count * sizeof *map->slots);
  vs_map_init(map, map->memory);
}

/* The slot of `key`, or the free slot where it belongs; the table is never full. */
static uint32_t slot_of(const struct vs_map *map, struct vs_str key) {
  uint32_t mask = map->slot_count - 1;
  uint32_t slot = (uint32_t)vs_hash_bytes(key.data, key.size, 0) & mask;
  while (map->slots[slot] && !vs_str_equal(map->entries[map->slots[slot] - 1].key, key))
    slot = (slot + 1) & mask;
  return slot;
}

static vs_status grow(struct vs_map *map, struct vs_error *err) {
  uint32_t capacity = map->entry_capacity ? map->entry_capacity * 2 : 8, slot_count = capacity * 2;
  struct vs_map_entry *entries =
      vs_memory_resize(map->memory, map->entries, map->entry_capacity * sizeof *entries, capacity * sizeof *entries);
  if (!entries) return vs_fail_memory(err);
  map->entries = entries;
  map->entry_capacity = capacity;
  uint32_t *slots = vs_memory_alloc(map->memory, slot_count * sizeof *slots);
  if (!slots) return vs_fail_memory(err);
  vs_memory_free(map->memory, map->slots, map->slot_count * sizeof *map->slots);
  memset(slots, 0, slot_count * sizeof *slots);
  map->slots = slots;
  map->slot_count = slot_count;
  for (uint32_t i = 0; i < map->entry_count; i++)
    map->slots[slot_of(map, map->entries[i].key)] = i + 1;
  return VS_OK;
}

vs_status vs_map_put(struct vs_map *map, struct vs_str key, void *value, struct vs_error *err) {
  if (map->entry_count * 2 >= map->slot_count) VS_TRY(grow(map, err));
  uint32_t slot = slot_of(map, key);
  if (!map->slots[slot]) {
    map->entries[map->entry_count] = (struct vs_map_entry){key, NULL};
    map->slots[slot] = ++map->entry_count;
  }
  map->entries[map->slots[slot] - 1].value = value;
  return VS_OK;
}

void *vs_map_find(const struct vs_map *map, struct vs_str key) {
  if (!map->slot_count) return NULL;
  uint32_t index = map->slots[slot_of(map, key)];
  return index ? map->entries[index - 1].value : NULL;
}
