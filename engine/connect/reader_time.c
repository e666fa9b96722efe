/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/connect/reader_time.h"

#include "engine/format/bad_row.h"
#include "engine/format/field.h"
#include "engine/types/decimal.h"
#include "engine/types/value.h"

#include <stdlib.h>

void vs_event_time_init(struct vs_event_time *time, const struct vs_endpoint *endpoint) {
  const struct vs_format_options *options = &endpoint->format_options;
  *time = (struct vs_event_time){.column = endpoint->time_column, .unit = endpoint->time_unit};
  bool has_pattern = options->time_format.data && options->time_column == endpoint->time_column &&
                     vs_epoch_unit_of_word(options->time_format) == VS_EPOCH_AUTO &&
                     !vs_str_equal_nocase(options->time_format, VS_STR("iso8601"));
  if (has_pattern) time->format = options->time_format;
}

static bool integer_time(struct vs_event_time *time, int64_t value, int64_t *ret_us) {
  if (time->unit == VS_EPOCH_AUTO) time->unit = vs_epoch_unit_of(value == INT64_MIN ? INT64_MAX : llabs(value));
  return vs_epoch_to_us(value, time->unit, ret_us);
}

/* FLOAT counts milliseconds, as everywhere. */
static bool float_time(double value, int64_t *ret_us) {
  return value > -1e14 && value < 1e15 && vs_epoch_to_us((int64_t)(value * 1000.0), VS_EPOCH_MICROS, ret_us);
}

static bool decimal_time(struct vs_event_time *time, vs_i128 value, uint32_t scale, int64_t *ret_us) {
  static const int64_t us_per_unit[] = {
      [VS_EPOCH_SECONDS] = 1000000, [VS_EPOCH_MILLIS] = 1000, [VS_EPOCH_MICROS] = 1, [VS_EPOCH_NANOS] = 1};
  vs_i128 whole = value / vs_power_of_ten(scale);
  if (whole > INT64_MAX || whole < INT64_MIN + 1) return false;
  if (time->unit == VS_EPOCH_AUTO) time->unit = vs_epoch_unit_of(llabs((int64_t)whole));
  if (time->unit == VS_EPOCH_NANOS) return vs_epoch_to_us((int64_t)whole, time->unit, ret_us);
  vs_i128 us;
  if (__builtin_mul_overflow(value, (vs_i128)us_per_unit[time->unit], &us)) return false;
  us /= vs_power_of_ten(scale);
  return us <= INT64_MAX && us >= INT64_MIN + 1 && vs_epoch_to_us((int64_t)us, VS_EPOCH_MICROS, ret_us);
}

static bool text_time(const struct vs_event_time *time, struct vs_str text, int64_t *ret_us) {
  if (time->format.data) return vs_timestamp_parse_format(text, time->format, ret_us);
  return vs_timestamp_parse(text, ret_us) || (time->unit != VS_EPOCH_AUTO && vs_field_epoch(text, time->unit, ret_us));
}

static bool row_time(struct vs_event_time *time, const struct vs_value *value, int64_t *ret_us) {
  switch (value->type.id) {
  case VS_TYPE_TIMESTAMP: return *ret_us = value->as.integer, true;
  case VS_TYPE_TIMESTAMP_MS: return vs_epoch_to_us(value->as.integer, VS_EPOCH_MILLIS, ret_us);
  case VS_TYPE_DATE: return !__builtin_mul_overflow(value->as.integer, VS_US_PER_DAY, ret_us);
  case VS_TYPE_INTEGER: return integer_time(time, value->as.integer, ret_us);
  case VS_TYPE_FLOAT: return float_time(value->as.real, ret_us);
  case VS_TYPE_DECIMAL: return decimal_time(time, value->as.decimal, value->type.scale, ret_us);
  case VS_TYPE_STRING: return text_time(time, value->as.string, ret_us);
  case VS_TYPE_NULL:
  case VS_TYPE_BOOLEAN:
  case VS_TYPE_BYTES:
  case VS_TYPE_JSON:
  case VS_TYPE_TIME:
  case VS_TYPE_INTERVAL:
  case VS_TYPE_ARRAY:
  case VS_TYPE_MAP:
  case VS_TYPE_STRUCT: return false;
  }
  return false;
}

static void refuse(const struct vs_batch *batch, int column, uint32_t row, struct vs_row_errors *errors) {
  char shown[VS_SHOWN_VALUE];
  char buffer[64];
  struct vs_value value = vs_value_get(&batch->columns[column], row);
  struct vs_string string;
  struct vs_str text = {buffer, 0};
  if (value.type.id == VS_TYPE_STRING) {
    string = vs_vector_string(&batch->columns[column], row);
    text = vs_string_view(&string);
  } else if (value.type.id == VS_TYPE_INTEGER) {
    text.size = vs_decimal_print(value.as.integer, 0, 0, buffer);
  }
  struct vs_str name = batch->schema->fields[column].name;
  uint64_t line = vs_batch_row_number(batch, row);
  struct vs_aside *aside = errors->aside;
  errors->aside = NULL; /* set aside by its columns instead */
  vs_bad_row_add(errors, line, VS_CODE_BAD_EVENT_TIME, "line %llu, column %.*s: '%s' is no event time",
                 (unsigned long long)line, VS_STR_ARG(name), vs_shown_value(text, shown));
  errors->aside = aside;
  if (aside) vs_aside_add_row(aside, line, VS_STR("its event time is unusable"), batch, row);
}

/* The rows with a usable time, when some had none. */
static vs_status keep_rows(const uint16_t *rows, uint32_t count, struct vs_arena *arena, struct vs_batch *batch,
                           struct vs_error *err) {
  struct vs_batch all = *batch;
  if (count == batch->row_count) return VS_OK;
  all.selection = rows;
  all.selected_count = count;
  return vs_batch_compact(&all, arena, batch, err);
}

static vs_status set_slow(struct vs_event_time *time, struct vs_arena *arena, struct vs_row_errors *errors,
                          struct vs_batch *batch, int64_t *us, struct vs_error *err) {
  const struct vs_vector *vector = &batch->columns[time->column];
  uint16_t *rows = vs_arena_alloc(arena, sizeof *rows * VS_MAX(batch->row_count, 1u));
  uint32_t count = 0;
  if (!rows) return vs_fail_memory(err);
  for (uint32_t row = 0; row < batch->row_count; row++) {
    bool is_null = vs_vector_is_null(vector, row);
    struct vs_value value = vs_value_get(vector, row);
    struct vs_string string;
    if (!is_null && value.type.id == VS_TYPE_STRING) {
      string = vs_vector_string(vector, row); /* a short string lives in it */
      value.as.string = vs_string_view(&string);
    }
    us[row] = VS_TIME_NONE;
    if (is_null || row_time(time, &value, &us[row]))
      rows[count++] = (uint16_t)row;
    else
      refuse(batch, time->column, row, errors);
  }
  return keep_rows(rows, count, arena, batch, err);
}

/* Integers of a known unit, all valid and in range: the case of recorded data. */
static bool set_integers(const struct vs_event_time *time, const struct vs_batch *batch, int64_t *us) {
  const struct vs_vector *vector = &batch->columns[time->column];
  const int64_t *values = vector->data;
  if (vector->type.id != VS_TYPE_INTEGER || vector->validity || time->unit == VS_EPOCH_AUTO) return false;
  bool is_sound = true;
  for (uint32_t row = 0; row < batch->row_count; row++)
    is_sound &= vs_epoch_to_us(values[row], time->unit, &us[row]);
  return is_sound;
}

vs_status vs_event_time_set(struct vs_event_time *time, struct vs_arena *arena, struct vs_row_errors *errors,
                            struct vs_batch *batch, struct vs_error *err) {
  if (time->column < 0) return VS_OK;
  const struct vs_vector *vector = &batch->columns[time->column];
  if (vector->type.id == VS_TYPE_TIMESTAMP && !vector->validity && vector->encoding == VS_VECTOR_FLAT) {
    batch->event_time_us = vector->data;
    return VS_OK;
  }
  int64_t *us = vs_arena_alloc(arena, sizeof *us * VS_MAX(batch->row_count, 1u));
  if (!us) return vs_fail_memory(err);
  batch->event_time_us = us;
  return set_integers(time, batch, us) ? VS_OK : set_slow(time, arena, errors, batch, us, err);
}
