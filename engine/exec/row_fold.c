/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exec/row_fold.h"
#include "engine/exec/hashing.h"

enum { FIRST_SLOTS = 256, SWEEP_ROWS = 1024 };

vs_status vs_fold_init(struct vs_fold *fold, const struct vs_type *types, uint32_t column_count,
                       const uint32_t *key_columns, uint32_t key_count, struct vs_memory *memory,
                       struct vs_error *err) {
  memset(fold, 0, sizeof *fold);
  fold->memory = memory;
  fold->key_count = key_count;
  VS_TRY(vs_rowset_init(&fold->rows, types, column_count, memory, err));
  fold->key_columns = VS_ARENA_ARRAY(&fold->rows.frame, uint32_t, VS_MAX(key_count, 1));
  fold->keys = VS_ARENA_ARRAY(&fold->rows.frame, struct vs_vector, VS_MAX(key_count, 1));
  fold->slots = vs_memory_alloc(memory, FIRST_SLOTS * sizeof *fold->slots);
  fold->slot_count = fold->slots ? FIRST_SLOTS : 0;
  if (!fold->key_columns || !fold->keys || !fold->slots) return vs_fail_memory(err);
  memset(fold->slots, 0, FIRST_SLOTS * sizeof *fold->slots);
  if (key_count) memcpy(fold->key_columns, key_columns, key_count * sizeof *key_columns);
  return VS_OK;
}

void vs_fold_release(struct vs_fold *fold) {
  if (!fold->memory) return;
  vs_memory_free(fold->memory, fold->slots, fold->slot_count * sizeof *fold->slots);
  vs_memory_free(fold->memory, fold->hashes, fold->row_capacity * sizeof *fold->hashes);
  vs_memory_free(fold->memory, fold->dead, fold->row_capacity);
  vs_rowset_release(&fold->rows);
  fold->memory = NULL;
}

void vs_fold_begin(struct vs_fold *fold, const struct vs_vector *columns, uint32_t row_count) {
  for (uint32_t k = 0; k < fold->key_count; k++)
    fold->keys[k] = columns[fold->key_columns[k]];
  vs_hash_rows(fold->keys, fold->key_count, row_count, fold->batch_hashes);
}

static bool is_cell_equal(const struct vs_vector *kept, uint32_t row, const struct vs_vector *from, uint32_t from_row) {
  bool is_null = vs_vector_is_null(from, from_row);
  if (is_null || !vs_bit_get(kept->validity, row)) return is_null && !vs_bit_get(kept->validity, row);
  vs_physical physical = vs_type_physical(kept->type);
  size_t size = vs_physical_size(physical);
  const void *cell = (const char *)kept->data + row * size;
  if (physical == VS_PHYSICAL_STRING) {
    struct vs_string string = vs_vector_string(from, from_row);
    return vs_text_cell_equal(cell, &string);
  }
  return vs_cell_equal(physical, cell, (const char *)from->data + vs_vector_index(from, from_row) * size);
}

static bool is_key_equal(const struct vs_fold *fold, uint32_t row, const struct vs_vector *columns, uint32_t from_row) {
  for (uint32_t k = 0; k < fold->key_count; k++) {
    uint32_t c = fold->key_columns[k];
    if (!is_cell_equal(&fold->rows.columns[c], row, &columns[c], from_row)) return false;
  }
  return true;
}

/* The slot of the live row with this key, or the free slot where the search ended. */
static uint32_t find_slot(const struct vs_fold *fold, const struct vs_vector *columns, uint32_t from_row) {
  uint64_t hash = fold->batch_hashes[from_row];
  uint32_t mask = fold->slot_count - 1;
  for (uint32_t slot = (uint32_t)hash & mask;; slot = (slot + 1) & mask) {
    uint32_t row = fold->slots[slot] - 1;
    if (!fold->slots[slot] ||
        (!fold->dead[row] && fold->hashes[row] == hash && is_key_equal(fold, row, columns, from_row)))
      return slot;
  }
}

uint32_t vs_fold_find(const struct vs_fold *fold, const struct vs_vector *columns, uint32_t from_row) {
  return fold->slots[find_slot(fold, columns, from_row)] - 1; /* a free slot holds 0 */
}

static vs_status rebuild_slots(struct vs_fold *fold, uint32_t slot_count, struct vs_error *err) {
  uint32_t *slots = vs_memory_alloc(fold->memory, slot_count * sizeof *slots);
  if (!slots) return vs_fail_memory(err);
  memset(slots, 0, slot_count * sizeof *slots);
  vs_memory_free(fold->memory, fold->slots, fold->slot_count * sizeof *slots);
  fold->slots = slots;
  fold->slot_count = slot_count;
  for (uint32_t row = 0; row < fold->rows.row_count; row++) {
    uint32_t slot = (uint32_t)fold->hashes[row] & (slot_count - 1);
    while (slots[slot])
      slot = (slot + 1) & (slot_count - 1);
    slots[slot] = row + 1;
  }
  return VS_OK;
}

/* Moves the live rows together. Text stays where it is; rowset sweeps it by itself. */
static vs_status sweep(struct vs_fold *fold, struct vs_error *err) {
  uint32_t to = 0;
  struct vs_rowset *rows = &fold->rows;
  for (uint32_t row = 0; row < rows->row_count; row++) {
    if (fold->dead[row]) continue;
    vs_rowset_move(rows, to, row);
    fold->hashes[to] = fold->hashes[row];
    fold->dead[to++] = 0;
  }
  rows->row_count = to;
  fold->first_live = 0;
  return rebuild_slots(fold, fold->slot_count, err);
}

static vs_status grow_rows(struct vs_fold *fold, struct vs_error *err) {
  uint32_t capacity = VS_MAX(fold->row_capacity * 2, (uint32_t)FIRST_SLOTS), former = fold->row_capacity;
  uint64_t *hashes = vs_memory_alloc(fold->memory, capacity * sizeof *hashes);
  uint8_t *dead = vs_memory_alloc(fold->memory, capacity);
  if (!hashes || !dead) {
    vs_memory_free(fold->memory, hashes, capacity * sizeof *hashes);
    vs_memory_free(fold->memory, dead, capacity);
    return vs_fail_memory(err);
  }
  if (former) {
    memcpy(hashes, fold->hashes, former * sizeof *hashes);
    memcpy(dead, fold->dead, former);
  }
  vs_memory_free(fold->memory, fold->hashes, former * sizeof *hashes);
  vs_memory_free(fold->memory, fold->dead, former);
  fold->hashes = hashes;
  fold->dead = dead;
  fold->row_capacity = capacity;
  return VS_OK;
}

static vs_status make_room(struct vs_fold *fold, struct vs_error *err) {
  uint32_t row_count = fold->rows.row_count, dead_count = row_count - fold->live_count;
  if (dead_count > SWEEP_ROWS && dead_count > fold->live_count) VS_TRY(sweep(fold, err));
  if (fold->rows.row_count == fold->row_capacity) VS_TRY(grow_rows(fold, err));
  if ((fold->rows.row_count + 1) * 2 > fold->slot_count) return rebuild_slots(fold, fold->slot_count * 2, err);
  return VS_OK;
}

vs_status vs_fold_put(struct vs_fold *fold, const struct vs_vector *columns, uint32_t from_row, uint32_t *ret_row,
                      struct vs_error *err) {
  uint32_t row = vs_fold_find(fold, columns, from_row);
  if (row != VS_FOLD_NONE) {
    *ret_row = row;
    return vs_rowset_put(&fold->rows, row, columns, from_row, err);
  }
  VS_TRY(make_room(fold, err));
  uint32_t slot = find_slot(fold, columns, from_row);
  row = fold->rows.row_count;
  VS_TRY(vs_rowset_put(&fold->rows, row, columns, from_row, err));
  fold->hashes[row] = fold->batch_hashes[from_row];
  fold->dead[row] = 0;
  fold->slots[slot] = row + 1;
  fold->live_count++;
  *ret_row = row;
  return VS_OK;
}

void vs_fold_remove(struct vs_fold *fold, uint32_t row) {
  fold->dead[row] = 1;
  fold->live_count--;
  vs_rowset_forget_text(&fold->rows, row);
}

uint32_t vs_fold_oldest(struct vs_fold *fold) {
  while (fold->first_live < fold->rows.row_count && fold->dead[fold->first_live])
    fold->first_live++;
  return fold->first_live < fold->rows.row_count ? fold->first_live : VS_FOLD_NONE;
}
