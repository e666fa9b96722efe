/* SPDX-License-Identifier: Apache-2.0
 * Rows folded by key: the newest row per key, in order of first sight. Under the result in update mode and under delete
 * marks. One thread at a time. */
#ifndef VS_EXEC_ROW_FOLD_H
#define VS_EXEC_ROW_FOLD_H

#include "engine/exec/rowset.h"

struct vs_fold {
  struct vs_rowset rows; /* in order of first sight; dead ones until the next sweep */
  struct vs_memory *memory;
  uint32_t *key_columns;  /* in rows.frame */
  struct vs_vector *keys; /* scratch */
  uint32_t key_count;
  uint64_t *hashes; /* per row; hashes[row_capacity] */
  uint8_t *dead;    /* per row */
  uint32_t row_capacity;
  uint32_t *slots; /* row + 1; 0 free. Dead rows stay in their slots */
  uint32_t slot_count, live_count, first_live;
  uint64_t batch_hashes[VS_BATCH_ROWS];
};

vs_status vs_fold_init(struct vs_fold *fold, const struct vs_type *types, uint32_t column_count,
                       const uint32_t *key_columns, uint32_t key_count, struct vs_memory *memory,
                       struct vs_error *err) VS_NODISCARD;
void vs_fold_release(struct vs_fold *fold); /* a zeroed one is allowed */
/* Hashes the keys of a batch's rows; before find, put and remove of its rows. */
void vs_fold_begin(struct vs_fold *fold, const struct vs_vector *columns, uint32_t row_count);
/* Brings what the rows a little ahead of the i-th selected one will need into the cache: first the slot, then the row.
 */
static inline void vs_fold_prefetch(const struct vs_fold *fold, const struct vs_batch *batch, uint32_t i) {
  uint32_t far = VS_MIN(i + 16, batch->selected_count - 1), near = VS_MIN(i + 8, batch->selected_count - 1);
  uint32_t far_row = batch->selection ? batch->selection[far] : far;
  uint32_t near_row = batch->selection ? batch->selection[near] : near;
  __builtin_prefetch(&fold->slots[(uint32_t)fold->batch_hashes[far_row] & (fold->slot_count - 1)]);
  uint32_t row = fold->slots[(uint32_t)fold->batch_hashes[near_row] & (fold->slot_count - 1)];
  if (row) __builtin_prefetch(&fold->hashes[row - 1]);
}
#define VS_FOLD_NONE UINT32_MAX
/* The live row with the key of columns[from_row]; VS_FOLD_NONE. */
uint32_t vs_fold_find(const struct vs_fold *fold, const struct vs_vector *columns, uint32_t from_row);
/* Inserts or overwrites; *ret_row is its number until the next put. */
vs_status vs_fold_put(struct vs_fold *fold, const struct vs_vector *columns, uint32_t from_row, uint32_t *ret_row,
                      struct vs_error *err) VS_NODISCARD;
void vs_fold_remove(struct vs_fold *fold, uint32_t row);
uint32_t vs_fold_oldest(struct vs_fold *fold); /* VS_FOLD_NONE when empty */

#endif
