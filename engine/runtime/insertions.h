/* SPDX-License-Identifier: Apache-2.0
 * For receivers that cannot take a row back (CSV, JSON lines): a batch without its deletes. */
#ifndef VS_RUNTIME_INSERTIONS_H
#define VS_RUNTIME_INSERTIONS_H

#include "engine/types/batch.h"

/* `rows` is the memory of the new selection and lives as long as *ret_batch. */
static inline void vs_batch_insertions(const struct vs_batch *batch, uint16_t rows[VS_BATCH_ROWS],
                                       struct vs_batch *ret_batch) {
  *ret_batch = *batch;
  if (!batch->weight) return;
  uint32_t count = 0;
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    uint16_t row = batch->selection ? batch->selection[i] : (uint16_t)i;
    if (batch->weight[row] >= 0) rows[count++] = row;
  }
  ret_batch->selection = rows;
  ret_batch->selected_count = count;
}

#endif
