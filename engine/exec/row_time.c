/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exec/row_time.h"

#include <math.h>
#include <stdlib.h>

static bool scale(int64_t value, int64_t factor, int64_t *ret_us) {
  return !__builtin_mul_overflow(value, factor, ret_us);
}

static bool integer_to_us(int64_t value, vs_epoch_unit *unit, int64_t *ret_us) {
  if (*unit == VS_EPOCH_AUTO) *unit = vs_epoch_unit_of(value == INT64_MIN ? INT64_MAX : llabs(value));
  return vs_epoch_to_us(value, *unit, ret_us);
}

/* A FLOAT is milliseconds unless a unit is known. */
static bool float_to_us(double value, vs_epoch_unit unit, int64_t *ret_us) {
  static const double factors[] = {[VS_EPOCH_AUTO] = 1e3,
                                   [VS_EPOCH_SECONDS] = 1e6,
                                   [VS_EPOCH_MILLIS] = 1e3,
                                   [VS_EPOCH_MICROS] = 1,
                                   [VS_EPOCH_NANOS] = 1e-3};
  double us = floor(value * factors[unit]);
  if (!(us > -9.2e18 && us < 9.2e18)) return false;
  *ret_us = (int64_t)us;
  return true;
}

static bool value_to_us(const struct vs_vector *vector, uint32_t index, vs_epoch_unit *unit, int64_t *ret_us) {
  const int64_t *integers = vector->data;
  switch (vector->type.id) {
  case VS_TYPE_TIMESTAMP: *ret_us = integers[index]; return true;
  case VS_TYPE_TIMESTAMP_MS: return scale(integers[index], 1000, ret_us);
  case VS_TYPE_DATE: return scale(integers[index], VS_US_PER_DAY, ret_us);
  case VS_TYPE_INTEGER: return integer_to_us(integers[index], unit, ret_us);
  case VS_TYPE_FLOAT: return float_to_us(((const double *)vector->data)[index], *unit, ret_us);
  default: return false; /* bind admits no other type */
  }
}

static void copy_timestamps(const struct vs_vector *vector, uint32_t row_count, int64_t *ret_times_us) {
  memcpy(ret_times_us, vector->data, row_count * sizeof *ret_times_us);
}

vs_status vs_event_time_of(const struct vs_vector *vector, uint32_t row_count, vs_epoch_unit *unit,
                           struct vs_arena *arena, int64_t **ret_times_us, struct vs_error *err) {
  int64_t *times = vs_arena_alloc(arena, VS_MAX(row_count, 1) * sizeof *times);
  if (!times) return vs_fail_memory(err);
  *ret_times_us = times;
  if (vector->type.id == VS_TYPE_TIMESTAMP && vector->encoding == VS_VECTOR_FLAT && !vector->validity) {
    copy_timestamps(vector, row_count, times);
    return VS_OK;
  }
  for (uint32_t i = 0; i < row_count; i++)
    if (vs_vector_is_null(vector, i) || !value_to_us(vector, vs_vector_index(vector, i), unit, &times[i]))
      times[i] = VS_TIME_NONE;
  return VS_OK;
}

void vs_watermark_advance(struct vs_watermark *watermark, const struct vs_batch *batch, const int64_t *times_us,
                          int64_t *ret_before) {
  int64_t max_us = watermark->max_us;
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    uint32_t row = batch->selection ? batch->selection[i] : i;
    if (ret_before) ret_before[row] = vs_time_minus(max_us, watermark->delay_us);
    max_us = VS_MAX(max_us, times_us[row]);
  }
  watermark->max_us = max_us;
}
