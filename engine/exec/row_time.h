/* SPDX-License-Identifier: Apache-2.0
 * Event time from a computed column, and the watermark that follows it. */
#ifndef VS_EXEC_ROW_TIME_H
#define VS_EXEC_ROW_TIME_H

#include "engine/exec/context.h"

/* Microseconds per row of a TIMESTAMP, TIMESTAMP_MS, DATE, INTEGER or FLOAT column; VS_TIME_NONE where it is NULL or
 * out of range. *unit AUTO is decided by the first usable value and kept, so that it does not depend on batches. */
vs_status vs_event_time_of(const struct vs_vector *vector, uint32_t row_count, vs_epoch_unit *unit,
                           struct vs_arena *arena, int64_t **ret_times_us, struct vs_error *err) VS_NODISCARD;

/* A watermark driven by the event times seen: their maximum minus a delay. */
struct vs_watermark {
  int64_t delay_us, max_us; /* max_us VS_TIME_NONE: none seen */
};
static inline int64_t vs_watermark_now(const struct vs_watermark *watermark) {
  return vs_time_minus(watermark->max_us, watermark->delay_us);
}
/* Takes the selected rows of a batch in arrival order. ret_before[row] (NULL: not wanted) is the watermark before it.
 */
void vs_watermark_advance(struct vs_watermark *watermark, const struct vs_batch *batch, const int64_t *times_us,
                          int64_t *ret_before);

#endif
