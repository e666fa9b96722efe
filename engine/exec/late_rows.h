/* SPDX-License-Identifier: Apache-2.0
 * The newest late rows: at least the last VS_ASIDE_ROWS of them, in two halves of which the older is dropped whole. */
#ifndef VS_EXEC_LATE_ROWS_H
#define VS_EXEC_LATE_ROWS_H

#include "engine/types/aside.h"

struct vs_late_rows {
  struct vs_aside older, newer; /* zeroed until the first late row */
  bool is_short;                /* of memory: rows are missing */
};

/* Sets one row of a batch aside; want of memory leaves it out and is remembered. */
void vs_late_rows_add(struct vs_late_rows *late, const struct vs_batch *batch, uint32_t row, int64_t window_end_us,
                      int64_t watermark_us, struct vs_memory *memory);
void vs_late_rows_release(struct vs_late_rows *late);

#endif
