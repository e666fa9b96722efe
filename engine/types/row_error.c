/* SPDX-License-Identifier: Apache-2.0
 * Row errors: counted all, kept a few. */
#include "engine/types/row_error.h"
#include <stdio.h>

bool vs_row_errors_keep(const struct vs_row_errors *errors) {
  return errors->sample_count < VS_ROW_ERROR_SAMPLES || (errors->aside && !vs_aside_is_full(errors->aside));
}

void vs_row_errors_add(struct vs_row_errors *errors, uint32_t batch_row, uint64_t source_row, vs_code code,
                       struct vs_span span, const char *format, ...) {
  if (vs_bit_get(errors->failed, batch_row)) return;
  vs_bit_set(errors->failed, batch_row);
  errors->has_failed = true;
  errors->count++;
  if (!vs_row_errors_keep(errors)) return;
  struct vs_row_error sample = {.code = code, .span = span, .row = source_row};
  /* A source names the line itself; of an expression nobody else knows which row it was. */
  bool is_named = span.end == span.begin || !source_row;
  int used =
      is_named ? 0 : snprintf(sample.message, sizeof sample.message, "row %llu: ", (unsigned long long)source_row);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sample.message + used, sizeof sample.message - (size_t)used, format, arguments);
  va_end(arguments);
  if (errors->sample_count < VS_ROW_ERROR_SAMPLES) errors->samples[errors->sample_count++] = sample;
  if (errors->aside) vs_aside_add_row(errors->aside, source_row, vs_str_of(sample.message), errors->batch, batch_row);
}

void vs_row_errors_next_batch(struct vs_row_errors *errors) {
  if (!errors->has_failed) return;
  memset(errors->failed, 0, sizeof errors->failed);
  errors->has_failed = false;
}
