/* SPDX-License-Identifier: Apache-2.0
 * EXTRACT and its short forms: parts of an instant or an interval. */
#include "engine/function/kernel.h"
#include "engine/types/time.h"

typedef enum {
  PART_YEAR,
  PART_QUARTER,
  PART_MONTH,
  PART_WEEK,
  PART_DAY,
  PART_DOW,
  PART_DOY,
  PART_HOUR,
  PART_MINUTE,
  PART_SECOND,
  PART_MILLISECOND,
  PART_MICROSECOND,
  PART_NANOSECOND,
  PART_EPOCH
} time_part;
/* clang-format off */
static const struct { const char *name; time_part part; } part_names[] = {
  {"YEAR", PART_YEAR}, {"QUARTER", PART_QUARTER}, {"MONTH", PART_MONTH}, {"WEEK", PART_WEEK}, {"DAY", PART_DAY},
  {"DOW", PART_DOW}, {"DAYOFWEEK", PART_DOW}, {"DOY", PART_DOY}, {"DAYOFYEAR", PART_DOY}, {"HOUR", PART_HOUR},
  {"MINUTE", PART_MINUTE}, {"SECOND", PART_SECOND}, {"MILLISECOND", PART_MILLISECOND},
  {"MICROSECOND", PART_MICROSECOND}, {"NANOSECOND", PART_NANOSECOND}, {"EPOCH", PART_EPOCH},
};
/* clang-format on */

static bool part_find(struct vs_str name, time_part *ret_part) {
  if (name.size > 3 && (name.data[name.size - 1] | 0x20) == 's') name.size--;
  for (size_t i = 0; i < VS_COUNT_OF(part_names); i++)
    if (vs_str_equal_nocase(name, vs_str_of(part_names[i].name))) {
      *ret_part = part_names[i].part;
      return true;
    }
  return false;
}

/* What bind knows: the part, and which argument is the time. */
struct extraction {
  time_part part;
  uint32_t argument;
};

static int64_t day_of_year(const struct vs_civil *civil) {
  return vs_days_from_civil(civil->year, civil->month, civil->day) - vs_days_from_civil(civil->year, 1, 1) + 1;
}
static int64_t iso_week(const struct vs_civil *civil) {
  int32_t year;
  uint32_t week;
  vs_iso_week(vs_days_from_civil(civil->year, civil->month, civil->day), &year, &week);
  return week;
}
static int64_t weekday(const struct vs_civil *civil) {
  int64_t days = vs_days_from_civil(civil->year, civil->month, civil->day);
  return ((days + 4) % 7 + 7) % 7;
}

static int64_t part_of(const struct vs_civil *civil, time_part part) {
  switch (part) {
  case PART_YEAR: return civil->year;
  case PART_QUARTER: return (civil->month + 2) / 3;
  case PART_MONTH: return civil->month;
  case PART_WEEK: return iso_week(civil);
  case PART_DAY: return civil->day;
  case PART_DOW: return weekday(civil);
  case PART_DOY: return day_of_year(civil);
  case PART_HOUR: return civil->hour;
  case PART_MINUTE: return civil->minute;
  case PART_SECOND: return civil->second;
  case PART_MILLISECOND: return civil->microsecond / 1000;
  case PART_MICROSECOND: return civil->microsecond;
  case PART_NANOSECOND: return (int64_t)civil->microsecond * 1000;
  case PART_EPOCH: break;
  }
  return 0;
}

/* Parts of a length of time: whole units that are left over from the larger ones. */
static int64_t part_of_interval(struct vs_interval interval, time_part part) {
  int64_t ns = interval.nanoseconds, second = INT64_C(1000000000);
  switch (part) {
  case PART_YEAR: return interval.months / 12;
  case PART_QUARTER: return interval.months % 12 / 3;
  case PART_MONTH: return interval.months % 12;
  case PART_DAY: return ns / (86400 * second);
  case PART_HOUR: return ns / (3600 * second) % 24;
  case PART_MINUTE: return ns / (60 * second) % 60;
  case PART_SECOND: return ns / second % 60;
  case PART_MILLISECOND: return ns % second / 1000000;
  case PART_MICROSECOND: return ns % second / 1000;
  case PART_NANOSECOND: return ns % second;
  case PART_WEEK:
  case PART_DOW:
  case PART_DOY:
  case PART_EPOCH: break;
  }
  return 0;
}

static vs_status fail_range(struct vs_rows *rows, uint32_t row) {
  return vs_rows_fail(rows, row, VS_CODE_BAD_ARGUMENT, "the time is outside years 0001 to 9999");
}

static vs_status extract_row(struct vs_rows *rows, uint32_t row) {
  const struct extraction *data = rows->call->data;
  struct vs_civil civil;
  int64_t us;
  if (!vs_rows_instant(rows, data->argument, row, &us)) return fail_range(rows, row);
  vs_civil_from_us(us, &civil);
  vs_rows_put_i64(rows, row, part_of(&civil, data->part));
  return VS_OK;
}
static struct vs_interval interval_at(const struct vs_rows *rows, uint32_t argument, uint32_t row) {
  const struct vs_interval *values = rows->arguments[argument].data;
  return values[vs_vector_index(&rows->arguments[argument], row)];
}
static vs_status extract_interval_row(struct vs_rows *rows, uint32_t row) {
  const struct extraction *data = rows->call->data;
  vs_rows_put_i64(rows, row, part_of_interval(interval_at(rows, data->argument, row), data->part));
  return VS_OK;
}
/* TIME: within its day every part is that of an instant of 1970-01-01. */
static vs_status extract_time_row(struct vs_rows *rows, uint32_t row) {
  const struct extraction *data = rows->call->data;
  struct vs_civil civil;
  vs_civil_from_us(vs_rows_i64(rows, data->argument, row), &civil);
  vs_rows_put_i64(rows, row, part_of(&civil, data->part));
  return VS_OK;
}

/* EPOCH: microseconds are DECIMAL(18,6) as they stand, milliseconds DECIMAL(18,3). */
static vs_status epoch_row(struct vs_rows *rows, uint32_t row) {
  const struct extraction *data = rows->call->data;
  vs_rows_put_i64(rows, row, vs_rows_i64(rows, data->argument, row));
  return VS_OK;
}
/* An interval's seconds with three decimals; a month counts 30 days. */
static vs_status epoch_interval_row(struct vs_rows *rows, uint32_t row) {
  const struct extraction *data = rows->call->data;
  struct vs_interval interval = interval_at(rows, data->argument, row);
  vs_i128 ns = (vs_i128)interval.months * 30 * 86400 * 1000000000 + interval.nanoseconds;
  vs_i128 ms = (ns + (ns < 0 ? -500000 : 500000)) / 1000000;
  if (ms > INT64_C(999999999999999999) || ms < -INT64_C(999999999999999999))
    return vs_rows_fail(rows, row, VS_CODE_OVERFLOW, "the interval does not fit DECIMAL(18,3) seconds");
  vs_rows_put_i64(rows, row, (int64_t)ms);
  return VS_OK;
}
VS_ROW_KERNEL(eval_extract, extract_row)
VS_ROW_KERNEL(eval_extract_interval, extract_interval_row)
VS_ROW_KERNEL(eval_extract_time, extract_time_row)
VS_ROW_KERNEL(eval_epoch, epoch_row)
VS_ROW_KERNEL(eval_epoch_interval, epoch_interval_row)

static vs_status bind_part_of(const struct vs_scalar *self, struct vs_binding *binding, struct extraction *data,
                              struct vs_call_bound *ret_call, struct vs_error *err) {
  struct vs_type *type = &binding->arguments[data->argument];
  bool is_interval = type->id == VS_TYPE_INTERVAL, is_epoch = data->part == PART_EPOCH;
  ret_call->data = data;
  ret_call->result = VS_TYPE(INTEGER);
  if (is_interval) {
    ret_call->eval = is_epoch ? eval_epoch_interval : eval_extract_interval;
  } else if (type->id == VS_TYPE_TIME && data->part >= PART_HOUR && !is_epoch) {
    ret_call->eval = eval_extract_time;
  } else if (vs_bind_instant(binding, data->argument)) {
    ret_call->eval = is_epoch ? eval_epoch : eval_extract;
  } else {
    return vs_bind_refuse(self->name, self->signature, binding, err);
  }
  if (is_epoch) ret_call->result = vs_type_decimal(18, type->id == VS_TYPE_TIMESTAMP ? 6 : 3);
  return VS_OK;
}

static vs_status bind_extract(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                              struct vs_error *err) {
  struct extraction *data = VS_ARENA_NEW(binding->arena, struct extraction);
  struct vs_str name;
  if (!data) return vs_fail_memory(err);
  data->argument = 1;
  if (!vs_bind_constant_str(binding, 0, &name)) return vs_bind_refuse(self->name, self->signature, binding, err);
  if (!part_find(name, &data->part))
    return vs_fail_hint(
        err,
        vs_fail(err, VS_CODE_WRONG_ARGUMENTS, binding->argument_spans[0], "a time has no part %.*s", VS_STR_ARG(name)),
        "parts are YEAR QUARTER MONTH WEEK DAY DOW DOY HOUR MINUTE SECOND MILLISECOND MICROSECOND "
        "NANOSECOND EPOCH");
  return bind_part_of(self, binding, data, ret_call, err);
}

static vs_status bind_short(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                            struct vs_error *err) {
  struct extraction *data = VS_ARENA_NEW(binding->arena, struct extraction);
  if (!data) return vs_fail_memory(err);
  if (!part_find(vs_str_of(self->name), &data->part)) return vs_bind_refuse(self->name, self->signature, binding, err);
  return bind_part_of(self, binding, data, ret_call, err);
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"EXTRACT", "DATE_PART", "(part FROM t) -> INTEGER, EPOCH DECIMAL", 2, 2, 0, bind_extract, "One part of a time or an interval.", "EXTRACT(DOW FROM TIMESTAMP('2026-01-31 12:30:45')) = 6"},
  {"YEAR", "", "(t) -> INTEGER", 1, 1, 0, bind_short, "The year.", "YEAR(DATE('2026-01-31')) = 2026"},
  {"QUARTER", "", "(t) -> INTEGER", 1, 1, 0, bind_short, "The quarter, 1 to 4.", "QUARTER(DATE('2026-05-01')) = 2"},
  {"MONTH", "", "(t) -> INTEGER", 1, 1, 0, bind_short, "The month, 1 to 12.", "MONTH(DATE('2026-01-31')) = 1"},
  {"WEEK", "", "(t) -> INTEGER", 1, 1, 0, bind_short, "The ISO week, 1 to 53.", "WEEK(DATE('2027-01-01')) = 53"},
  {"DAY", "", "(t) -> INTEGER", 1, 1, 0, bind_short, "The day of the month.", "DAY(DATE('2026-01-31')) = 31"},
  {"HOUR", "", "(t) -> INTEGER", 1, 1, 0, bind_short, "The hour, 0 to 23.", "HOUR(TIMESTAMP('2026-01-31 12:30:45')) = 12"},
  {"MINUTE", "", "(t) -> INTEGER", 1, 1, 0, bind_short, "The minute, 0 to 59.", "MINUTE(TIMESTAMP('2026-01-31 12:30:45')) = 30"},
  {"SECOND", "", "(t) -> INTEGER", 1, 1, 0, bind_short, "The second, 0 to 59.", "SECOND(TIMESTAMP('2026-01-31 12:30:45.9')) = 45"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_time_part = {"times: parts", rows, VS_COUNT_OF(rows)};
