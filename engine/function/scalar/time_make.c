/* SPDX-License-Identifier: Apache-2.0
 * Times from the clock, from text and from numbers; times as text and as numbers. */
#include "engine/function/kernel.h"
#include "engine/types/time.h"
#include <math.h>

static vs_status fail_range(struct vs_rows *rows, uint32_t row) {
  return vs_rows_fail(rows, row, VS_CODE_BAD_ARGUMENT, "the time is outside years 0001 to 9999");
}

static vs_status now_row(struct vs_rows *rows, uint32_t row) {
  vs_rows_put_i64(rows, row, rows->eval->now_ms);
  return VS_OK;
}
static vs_status now_seconds_row(struct vs_rows *rows, uint32_t row) {
  int64_t ms = rows->eval->now_ms;
  vs_rows_put_i64(rows, row, ms / 1000 - (ms % 1000 < 0));
  return VS_OK;
}
static vs_status unix_row(struct vs_rows *rows, uint32_t row) {
  int64_t us;
  if (!vs_rows_instant(rows, 0, row, &us)) return fail_range(rows, row);
  vs_rows_put_i64(rows, row, us / VS_US_PER_SECOND - (us % VS_US_PER_SECOND < 0));
  return VS_OK;
}
static vs_status same_row(struct vs_rows *rows, uint32_t row) {
  vs_rows_put_i64(rows, row, vs_rows_i64(rows, 0, row));
  return VS_OK;
}
static vs_status date_row(struct vs_rows *rows, uint32_t row) {
  int64_t us;
  if (!vs_rows_instant(rows, 0, row, &us)) return fail_range(rows, row);
  vs_rows_put_i64(rows, row, us / VS_US_PER_DAY - (us % VS_US_PER_DAY < 0));
  return VS_OK;
}
/* Seconds with a fraction; beyond 1e11 only milliseconds can be meant, as in CAST. */
static vs_status from_float_row(struct vs_rows *rows, uint32_t row) {
  const double *values = rows->arguments[0].data;
  double seconds = values[vs_vector_index(&rows->arguments[0], row)];
  double us = round(seconds * (fabs(seconds) > 1e11 ? 1e3 : 1e6));
  if (!(fabs(us) < 0x1p62) || !vs_timestamp_in_range((int64_t)us)) return fail_range(rows, row);
  vs_rows_put_i64(rows, row, (int64_t)us);
  return VS_OK;
}
static vs_status format_row(struct vs_rows *rows, uint32_t row) {
  int64_t us;
  if (!vs_rows_instant(rows, 0, row, &us)) return fail_range(rows, row);
  vs_timestamp_format(us, vs_rows_str(rows, 1, row), &rows->text);
  return vs_rows_put_text(rows, row);
}
static vs_status parse_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_str_trim(vs_rows_str(rows, 0, row)), pattern = vs_rows_str(rows, 1, row);
  int64_t us;
  if (!vs_timestamp_parse_format(text, pattern, &us))
    return vs_rows_fail(rows, row, VS_CODE_BAD_CAST, "'%.*s' does not fit the pattern '%.*s'",
                        (int)VS_MIN(text.size, 80), text.data, (int)VS_MIN(pattern.size, 60), pattern.data);
  vs_rows_put_i64(rows, row, us);
  return VS_OK;
}
VS_ROW_KERNEL(eval_now, now_row)
VS_ROW_KERNEL(eval_now_seconds, now_seconds_row)
VS_ROW_KERNEL(eval_unix, unix_row)
VS_ROW_KERNEL(eval_same, same_row)
VS_ROW_KERNEL(eval_date, date_row)
VS_ROW_KERNEL(eval_from_float, from_float_row)
VS_ROW_KERNEL(eval_format, format_row)
VS_ROW_KERNEL(eval_parse, parse_row)

static vs_status bind_now(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                          struct vs_error *err) {
  (void)self, (void)binding, (void)err;
  ret_call->result = VS_TYPE(TIMESTAMP_MS);
  ret_call->eval = eval_now;
  return VS_OK;
}

static vs_status bind_unix(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  ret_call->result = VS_TYPE(INTEGER);
  ret_call->eval = eval_now_seconds;
  if (binding->argument_count == 0) return VS_OK;
  ret_call->eval = eval_unix;
  return vs_bind_instant(binding, 0) ? VS_OK : vs_bind_refuse(self->name, self->signature, binding, err);
}

/* Numbers are seconds here, as in CAST(x AS TIMESTAMP). */
static vs_status bind_seconds(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                              struct vs_error *err) {
  struct vs_type *type = &binding->arguments[0];
  ret_call->result = VS_TYPE(TIMESTAMP);
  if (type->id == VS_TYPE_FLOAT || type->id == VS_TYPE_DECIMAL) {
    *type = VS_TYPE(FLOAT);
    ret_call->eval = eval_from_float;
  } else if (type->id == VS_TYPE_INTEGER || type->id == VS_TYPE_TIMESTAMP_MS || type->id == VS_TYPE_NULL) {
    *type = VS_TYPE(TIMESTAMP);
    ret_call->eval = eval_same;
  } else {
    return vs_bind_refuse(self->name, self->signature, binding, err);
  }
  return VS_OK;
}

static vs_status bind_timestamp(const struct vs_scalar *self, struct vs_binding *binding,
                                struct vs_call_bound *ret_call, struct vs_error *err) {
  struct vs_type *type = &binding->arguments[0];
  if (binding->argument_count == 2) {
    if (!vs_converts(type[0], VS_TYPE(STRING)) || !vs_converts(type[1], VS_TYPE(STRING)))
      return vs_bind_refuse(self->name, self->signature, binding, err);
    type[0] = type[1] = VS_TYPE(STRING);
    ret_call->result = VS_TYPE(TIMESTAMP);
    ret_call->eval = eval_parse;
    return VS_OK;
  }
  if (type->id != VS_TYPE_STRING && !vs_type_is_temporal(*type)) return bind_seconds(self, binding, ret_call, err);
  *type = ret_call->result = VS_TYPE(TIMESTAMP);
  ret_call->eval = eval_same;
  return VS_OK;
}

static vs_status bind_date(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  ret_call->result = VS_TYPE(DATE);
  ret_call->eval = eval_date;
  return vs_bind_instant(binding, 0) ? VS_OK : vs_bind_refuse(self->name, self->signature, binding, err);
}

static vs_status bind_format(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                             struct vs_error *err) {
  if (!vs_converts(binding->arguments[1], VS_TYPE(STRING)) || !vs_bind_instant(binding, 0))
    return vs_bind_refuse(self->name, self->signature, binding, err);
  binding->arguments[1] = VS_TYPE(STRING);
  ret_call->result = VS_TYPE(STRING);
  ret_call->eval = eval_format;
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"NOW", "CURRENT_TIMESTAMP", "() -> TIMESTAMP_MS", 0, 0, VS_FN_VOLATILE, bind_now, "The current time, epoch milliseconds in arithmetic.", "(NOW() > 0) = TRUE"},
  {"UNIX_TIMESTAMP", "", "([t]) -> INTEGER", 0, 1, VS_FN_VOLATILE, bind_unix, "Seconds since 1970-01-01, of now or of a time.", "UNIX_TIMESTAMP('1970-01-02') = 86400"},
  {"FROM_UNIXTIME", "", "(seconds) -> TIMESTAMP", 1, 1, 0, bind_seconds, "The time so many seconds after 1970-01-01.", "FROM_UNIXTIME(86400) = TIMESTAMP('1970-01-02')"},
  {"TIMESTAMP", "", "(x) -> TIMESTAMP", 1, 1, 0, bind_timestamp, "A time from its text, a date, or seconds since 1970-01-01. TIMESTAMP() is _timestamp.", "TIMESTAMP('2026-01-31T12:00Z') = '2026-01-31 12:00:00.000'"},
  {"TO_TIMESTAMP", "", "(x [, pattern]) -> TIMESTAMP", 1, 2, 0, bind_timestamp, "A time from text, by a pattern of % letters or of Java's when one is given.", "TO_TIMESTAMP('31.01.2026', '%d.%m.%Y') = TIMESTAMP('2026-01-31')"},
  {"DATE", "TO_DATE", "(x) -> DATE", 1, 1, 0, bind_date, "The day of a time or of its text.", "DATE('2026-01-31 23:59:59') = DATE('2026-01-31')"},
  {"DATE_FORMAT", "STRFTIME", "(t, pattern) -> STRING", 2, 2, 0, bind_format, "A time as text, by a pattern of % letters or of Java's.", "DATE_FORMAT('2026-01-31 12:05', '%d.%m.%Y %H:%M') = '31.01.2026 12:05'"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_time_make = {"times: making", rows, VS_COUNT_OF(rows)};
