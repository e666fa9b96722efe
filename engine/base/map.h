/* SPDX-License-Identifier: Apache-2.0
 * A hash map from text to pointer, for names and settings (not for rows: group keys have their own table in exec).
 * Keys are borrowed: they must live as long as the map. Iteration is in order of insertion. One thread at a time. */
#ifndef VS_BASE_MAP_H
#define VS_BASE_MAP_H

#include "engine/base/text.h"

struct vs_map_entry {
  struct vs_str key;
  void *value;
};
struct vs_map {
  struct vs_memory *memory;
  struct vs_map_entry *entries; /* entries[entry_count], oldest first */
  uint32_t *slots;              /* index + 1 into entries; 0 is free */
  uint32_t entry_count, entry_capacity, slot_count;
};

void vs_map_init(struct vs_map *map, struct vs_memory *memory);
void vs_map_release(struct vs_map *map);
/* Replaces the value of an existing key. */
vs_status vs_map_put(struct vs_map *map, struct vs_str key, void *value, struct vs_error *err) VS_NODISCARD;
void *vs_map_find(const struct vs_map *map, struct vs_str key); /* NULL when absent */

uint64_t vs_hash_bytes(const void *data, size_t size, uint64_t seed);

#endif
