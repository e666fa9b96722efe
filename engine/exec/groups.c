/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exec/groups.h"
#include "engine/exec/hashing.h"

enum { FIRST_SLOTS = 64, PREFETCH_SLOTS = 1 << 14, PREFETCH_AHEAD = 16 };
#define POINTER_BITS 48
#define POINTER_MASK ((UINT64_C(1) << POINTER_BITS) - 1)

static size_t cell_bytes(vs_physical physical) {
  return vs_physical_size(physical) > 8 ? 16 : 8;
}

vs_status vs_group_layout_init(struct vs_group_layout *layout, const struct vs_type *types, uint32_t key_count,
                               size_t state_bytes, struct vs_arena *arena, struct vs_error *err) {
  *layout = (struct vs_group_layout){.key_count = key_count,
                                     .types = VS_ARENA_ARRAY(arena, struct vs_type, VS_MAX(key_count, 1)),
                                     .physicals = VS_ARENA_ARRAY(arena, vs_physical, VS_MAX(key_count, 1)),
                                     .key_offsets = VS_ARENA_ARRAY(arena, size_t, VS_MAX(key_count, 1))};
  if (!layout->types || !layout->physicals || !layout->key_offsets) return vs_fail_memory(err);
  size_t at = sizeof(struct vs_group) + (key_count + 63) / 64 * sizeof(uint64_t);
  for (uint32_t k = 0; k < key_count; k++) {
    layout->types[k] = types[k];
    layout->physicals[k] = vs_type_physical(types[k]);
    at = cell_bytes(layout->physicals[k]) == 16 ? (at + 15) & ~(size_t)15 : at;
    layout->key_offsets[k] = at;
    at += cell_bytes(layout->physicals[k]);
  }
  layout->state_offset = (at + 15) & ~(size_t)15;
  layout->block_bytes = layout->state_offset + state_bytes;
  return VS_OK;
}

vs_status vs_group_keys_init(struct vs_group_keys *keys, const struct vs_group_layout *layout,
                             const struct vs_vector *columns, uint32_t row_count, struct vs_arena *arena,
                             struct vs_error *err) {
  uint32_t key_count = layout->key_count;
  *keys = (struct vs_group_keys){.columns = VS_ARENA_ARRAY(arena, struct vs_vector, VS_MAX(key_count, 1))};
  if (!keys->columns) return vs_fail_memory(err);
  if (key_count == 1 && columns[0].encoding == VS_VECTOR_DICTIONARY) {
    keys->columns[0] = columns[0];
    keys->by_code = true;
    return VS_OK;
  }
  keys->hashes = vs_arena_alloc(arena, VS_MAX(row_count, 1) * sizeof *keys->hashes);
  if (!keys->hashes) return vs_fail_memory(err);
  vs_hash_rows(columns, key_count, row_count, keys->hashes);
  for (uint32_t k = 0; k < key_count; k++)
    VS_TRY(vs_vector_flatten(&columns[k], row_count, arena, &keys->columns[k], err));
  return VS_OK;
}

void vs_groups_init(struct vs_groups *groups, const struct vs_group_layout *layout, struct vs_memory *memory) {
  *groups = (struct vs_groups){.layout = layout, .memory = memory};
  vs_arena_init(&groups->arena, memory, 0);
}

void vs_groups_release(struct vs_groups *groups) {
  if (!groups->memory) return;
  vs_memory_free(groups->memory, groups->slots, groups->slot_count * sizeof *groups->slots);
  vs_arena_release(&groups->arena);
  *groups = (struct vs_groups){0};
}

/* ---- blocks ---- */

static bool is_null_key(const struct vs_group *group, uint32_t key) {
  return vs_bit_get(group->nulls, key);
}

VS_INLINE bool is_key_equal(const struct vs_group_layout *layout, const struct vs_group *group,
                            const struct vs_vector *columns, uint32_t row) {
  for (uint32_t k = 0; k < layout->key_count; k++) {
    bool is_null = columns[k].validity && !vs_bit_get(columns[k].validity, row);
    if (is_null || is_null_key(group, k)) {
      if (is_null != is_null_key(group, k)) return false;
      continue;
    }
    vs_physical physical = layout->physicals[k];
    const char *cell = (const char *)columns[k].data + row * vs_physical_size(physical);
    if (!vs_cell_equal(physical, (const char *)group + layout->key_offsets[k], cell)) return false;
  }
  return true;
}

static bool copy_keys(struct vs_groups *groups, struct vs_group *group, const struct vs_vector *columns, uint32_t row) {
  const struct vs_group_layout *layout = groups->layout;
  for (uint32_t k = 0; k < layout->key_count; k++) {
    char *cell = (char *)group + layout->key_offsets[k];
    if (vs_vector_is_null(&columns[k], row)) {
      vs_bit_set(group->nulls, k);
      continue;
    }
    size_t size = vs_physical_size(layout->physicals[k]);
    const char *from = (const char *)columns[k].data + row * size;
    if (layout->physicals[k] != VS_PHYSICAL_STRING)
      memcpy(cell, from, size);
    else if (!vs_string_copy((const struct vs_string *)(const void *)from, &groups->arena,
                             (struct vs_string *)(void *)cell))
      return false;
  }
  return true;
}

static vs_status grow(struct vs_groups *groups, struct vs_error *err) {
  uint32_t slot_count = groups->slot_count ? groups->slot_count * 2 : (uint32_t)FIRST_SLOTS;
  uint64_t *slots = vs_memory_alloc(groups->memory, slot_count * sizeof *slots);
  if (!slots) return vs_fail_memory(err);
  memset(slots, 0, slot_count * sizeof *slots);
  for (struct vs_group *group = groups->first; group; group = group->next) {
    uint32_t slot = (uint32_t)group->hash & (slot_count - 1);
    while (slots[slot])
      slot = (slot + 1) & (slot_count - 1);
    slots[slot] = group->hash >> POINTER_BITS << POINTER_BITS | (uint64_t)(uintptr_t)group;
  }
  vs_memory_free(groups->memory, groups->slots, groups->slot_count * sizeof *slots);
  groups->slots = slots;
  groups->slot_count = slot_count;
  return VS_OK;
}

static struct vs_group *add_group(struct vs_groups *groups, const struct vs_vector *columns, uint32_t row,
                                  uint64_t hash) {
  struct vs_group *group = vs_arena_zalloc(&groups->arena, groups->layout->block_bytes);
  if (!group || !copy_keys(groups, group, columns, row)) return NULL;
  group->hash = hash;
  group->index = groups->group_count++;
  if (groups->last)
    groups->last->next = group;
  else
    groups->first = group;
  groups->last = group;
  return group;
}

/* ---- probing ---- */

static struct vs_group *insert(struct vs_groups *groups, const struct vs_vector *columns, uint32_t row, uint64_t hash,
                               uint32_t slot) {
  if (groups->group_count >= groups->slot_count / 2) {
    if (grow(groups, NULL) != VS_OK) return NULL;
    slot = (uint32_t)hash & (groups->slot_count - 1);
    while (groups->slots[slot])
      slot = (slot + 1) & (groups->slot_count - 1);
  }
  struct vs_group *group = add_group(groups, columns, row, hash);
  if (group) groups->slots[slot] = hash >> POINTER_BITS << POINTER_BITS | (uint64_t)(uintptr_t)group;
  return group;
}

typedef enum { SHAPE_I64, SHAPE_ANY } shape;

VS_INLINE bool is_match(shape how, const struct vs_group_layout *layout, const struct vs_group *group,
                        const struct vs_vector *columns, uint32_t row) {
  if (how == SHAPE_ANY) return is_key_equal(layout, group, columns, row);
  const int64_t *cell = (const int64_t *)(const void *)((const char *)group + layout->key_offsets[0]);
  return !group->nulls[0] && *cell == ((const int64_t *)columns[0].data)[row];
}

VS_INLINE struct vs_group *find_group(shape how, struct vs_groups *groups, const struct vs_vector *columns,
                                      uint32_t row, uint64_t hash) {
  uint32_t mask = groups->slot_count - 1, slot = (uint32_t)hash & mask;
  for (uint64_t entry; (entry = groups->slots[slot]) != 0; slot = (slot + 1) & mask) {
    struct vs_group *group = (struct vs_group *)(uintptr_t)(entry & POINTER_MASK);
    if (entry >> POINTER_BITS == hash >> POINTER_BITS && group->hash == hash &&
        is_match(how, groups->layout, group, columns, row))
      return group;
  }
  return insert(groups, columns, row, hash, slot);
}

VS_INLINE bool find_rows(shape how, bool prefetches, struct vs_groups *groups, const struct vs_group_keys *keys,
                         const uint16_t *rows, uint32_t count, struct vs_group **ret_groups) {
  for (uint32_t i = 0; i < count; i++) {
    uint32_t row = rows ? rows[i] : i;
    if (prefetches && i + PREFETCH_AHEAD < count) {
      uint64_t ahead = keys->hashes[rows ? rows[i + PREFETCH_AHEAD] : i + PREFETCH_AHEAD];
      __builtin_prefetch(&groups->slots[(uint32_t)ahead & (groups->slot_count - 1)]);
      ahead = keys->hashes[rows ? rows[i + PREFETCH_AHEAD / 2] : i + PREFETCH_AHEAD / 2];
      __builtin_prefetch(
          (const void *)(uintptr_t)(groups->slots[(uint32_t)ahead & (groups->slot_count - 1)] & POINTER_MASK));
    }
    ret_groups[row] = find_group(how, groups, keys->columns, row, keys->hashes[row]);
    if (!ret_groups[row]) return false;
  }
  return true;
}

static bool find_hashed(struct vs_groups *groups, const struct vs_group_keys *keys, const uint16_t *rows,
                        uint32_t count, struct vs_group **ret_groups) {
  const struct vs_group_layout *layout = groups->layout;
  bool is_i64 = layout->key_count == 1 && layout->physicals[0] == VS_PHYSICAL_I64 && !keys->columns[0].validity;
  if (groups->slot_count < PREFETCH_SLOTS)
    return is_i64 ? find_rows(SHAPE_I64, false, groups, keys, rows, count, ret_groups)
                  : find_rows(SHAPE_ANY, false, groups, keys, rows, count, ret_groups);
  return is_i64 ? find_rows(SHAPE_I64, true, groups, keys, rows, count, ret_groups)
                : find_rows(SHAPE_ANY, true, groups, keys, rows, count, ret_groups);
}

/* ---- dictionary codes ---- */

/* The group of a code seen for the first time, found by its value: another source may have brought it before. */
static struct vs_group *find_code(struct vs_groups *groups, const struct vs_vector *key, uint32_t row) {
  struct vs_string value = vs_vector_string(key, row);
  uint64_t validity = !vs_vector_is_null(key, row), hash;
  struct vs_vector one = {.type = key->type, .encoding = VS_VECTOR_FLAT, .validity = &validity, .data = &value};
  vs_hash_rows(&one, 1, 1, &hash);
  return find_group(SHAPE_ANY, groups, &one, 0, hash);
}

/* Dictionaries grow, so does the array. Each thread that decodes has a dictionary of its own: the array is of the one
 * used last, for the state may not depend on how many threads there are. */
static bool prepare_codes(struct vs_groups *groups, const struct vs_dictionary *dictionary) {
  uint32_t count = VS_MAX(groups->code_count, 64u);
  if (groups->dictionary != dictionary->identity && groups->code_count)
    memset(groups->codes, 0, groups->code_count * sizeof *groups->codes);
  groups->dictionary = dictionary->identity;
  while (count < dictionary->value_count)
    count *= 2;
  if (count == groups->code_count) return true;
  struct vs_group **codes = VS_ARENA_ARRAY(&groups->arena, struct vs_group *, count);
  if (!codes) return false;
  if (groups->code_count) memcpy(codes, groups->codes, groups->code_count * sizeof *codes);
  groups->codes = codes;
  groups->code_count = count;
  return true;
}

static bool find_codes(struct vs_groups *groups, const struct vs_group_keys *keys, const uint16_t *rows, uint32_t count,
                       struct vs_group **ret_groups) {
  const struct vs_vector *key = &keys->columns[0];
  const uint16_t *codes = key->data;
  if (!prepare_codes(groups, key->dictionary)) return false;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t row = rows ? rows[i] : i;
    struct vs_group **known = vs_vector_is_null(key, row) ? &groups->null_group : &groups->codes[codes[row]];
    if (!*known && !(*known = find_code(groups, key, row))) return false;
    ret_groups[row] = *known;
  }
  return true;
}

vs_status vs_groups_find(struct vs_groups *groups, const struct vs_group_keys *keys, const uint16_t *rows,
                         uint32_t count, struct vs_group **ret_groups, struct vs_error *err) {
  if (!groups->slot_count) VS_TRY(grow(groups, err));
  bool is_done = keys->by_code ? find_codes(groups, keys, rows, count, ret_groups)
                               : find_hashed(groups, keys, rows, count, ret_groups);
  return is_done ? VS_OK : vs_fail_memory(err);
}

/* Groups are numbered by first sight: the first row of each new one is the row that has the next number. */
vs_status vs_groups_add(struct vs_groups *groups, const struct vs_group_keys *keys, const uint16_t *rows,
                        uint32_t count, uint16_t *ret_new_rows, uint32_t *ret_new_count, struct vs_error *err) {
  struct vs_group *found[VS_BATCH_ROWS];
  uint32_t before = groups->group_count, new_count = 0;
  VS_TRY(vs_groups_find(groups, keys, rows, count, found, err));
  for (uint32_t i = 0; i < count; i++) {
    uint32_t row = rows ? rows[i] : i;
    if (found[row]->index == before + new_count) ret_new_rows[new_count++] = (uint16_t)row;
  }
  *ret_new_count = new_count;
  return VS_OK;
}

vs_status vs_groups_key(const struct vs_group_layout *layout, uint32_t key, struct vs_group *const *groups,
                        uint32_t count, struct vs_arena *arena, struct vs_vector *ret_vector, struct vs_error *err) {
  VS_TRY(vs_vector_init(ret_vector, layout->types[key], VS_MAX(count, 1), arena, err));
  uint64_t *validity = vs_vector_validity(ret_vector, VS_MAX(count, 1), arena);
  if (!validity) return vs_fail_memory(err);
  size_t size = vs_physical_size(layout->physicals[key]), offset = layout->key_offsets[key];
  for (uint32_t i = 0; i < count; i++) {
    memcpy((char *)ret_vector->data + i * size, (const char *)groups[i] + offset, size);
    if (is_null_key(groups[i], key)) vs_bit_clear(validity, i);
  }
  return VS_OK;
}
