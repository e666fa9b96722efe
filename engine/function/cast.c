/* SPDX-License-Identifier: Apache-2.0
 * CAST and TRY_CAST: one table row per pair of types. Numbers and times are flagged loops like every operator; texts
 * are read by loops too and written by cast_text.c. */
#include "engine/function/cast.h"
#include "engine/types/decimal.h"
#include "engine/types/number.h"
#include "engine/types/time.h"
#include <math.h>
#include <stdio.h>

VS_UNARY_LOOP(i64_i64, int64_t, int64_t)
VS_UNARY_LOOP(i64_i128, int64_t, vs_i128)
VS_UNARY_LOOP(i64_f64, int64_t, double)
VS_UNARY_LOOP(i64_bool, int64_t, uint8_t)
VS_UNARY_LOOP(bool_i64, uint8_t, int64_t)
VS_UNARY_LOOP(i128_i64, vs_i128, int64_t)
VS_UNARY_LOOP(i128_i128, vs_i128, vs_i128)
VS_UNARY_LOOP(i128_f64, vs_i128, double)
VS_UNARY_LOOP(f64_i64, double, int64_t)
VS_UNARY_LOOP(f64_i128, double, vs_i128)
VS_UNARY_LOOP(string_i64, struct vs_string, int64_t)
VS_UNARY_LOOP(string_i128, struct vs_string, vs_i128)
VS_UNARY_LOOP(string_f64, struct vs_string, double)
VS_UNARY_LOOP(string_bool, struct vs_string, uint8_t)
VS_UNARY_LOOP(string_interval, struct vs_string, struct vs_interval)

/* NULL for TRY_CAST, a failed row for CAST: a number that does not fit, or a value that means nothing there. */
static vs_status report_cast(const struct vs_flagged *flagged, uint32_t row) {
  const struct vs_cast *cast = flagged->call->data;
  if (cast->is_try) return vs_row_to_null(flagged, row);
  char message[200] = "", text[101], type[32];
  const char *quote = cast->from.id == VS_TYPE_STRING ? "'" : "";
  bool is_overflow = vs_type_is_numeric(cast->from) && vs_type_is_numeric(cast->to);
  if (vs_row_errors_keep(flagged->eval->errors)) {
    vs_print_operand(flagged, 0, row, text, sizeof text);
    snprintf(message, sizeof message, "%s%s%s %s %s", quote, text, quote,
             is_overflow ? "does not fit" : "cannot be converted to", vs_type_print(cast->to, type));
  }
  vs_eval_fail_row(flagged->eval, row, is_overflow ? VS_CODE_OVERFLOW : VS_CODE_BAD_CAST, flagged->call->span, message);
  return VS_OK;
}

static const struct vs_cast *cast_of(const void *data) {
  return data;
}
static inline int64_t floor_divide(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

/* Numbers. The scales are read from the bound types. */
static inline uint64_t integer_to_float(const void *data, int64_t a, double *r) {
  (void)data;
  *r = (double)a;
  return 0;
}
static inline uint64_t to_decimal(const void *data, vs_i128 a, uint32_t from_scale, vs_i128 *r) {
  struct vs_type to = cast_of(data)->to;
  *r = 0;
  vs_i128 scaled;
  if (!vs_decimal_rescale(a, from_scale, to.scale, &scaled) || !vs_decimal_fits(scaled, to.precision)) return VS_FLAG;
  *r = scaled;
  return 0;
}
static inline uint64_t to_narrow_decimal(const void *data, vs_i128 a, uint32_t from_scale, int64_t *r) {
  vs_i128 wide;
  uint64_t flag = to_decimal(data, a, from_scale, &wide);
  *r = (int64_t)wide;
  return flag;
}
/* Same or larger scale and room for every whole digit: one multiplication that cannot overflow. */
static inline uint64_t decimal_widens(const void *data, int64_t a, int64_t *r) {
  *r = (int64_t)((uint64_t)a * cast_of(data)->factor);
  return 0;
}
static inline uint64_t decimal_widens_wide(const void *data, int64_t a, vs_i128 *r) {
  *r = (vs_i128)a * (vs_i128)cast_of(data)->factor;
  return 0;
}
static inline uint64_t i64_to_narrow(const void *data, int64_t a, int64_t *r) {
  return to_narrow_decimal(data, a, cast_of(data)->from.scale, r);
}
static inline uint64_t i64_to_wide(const void *data, int64_t a, vs_i128 *r) {
  return to_decimal(data, a, cast_of(data)->from.scale, r);
}
static inline uint64_t i128_to_narrow(const void *data, vs_i128 a, int64_t *r) {
  return to_narrow_decimal(data, a, cast_of(data)->from.scale, r);
}
static inline uint64_t i128_to_wide(const void *data, vs_i128 a, vs_i128 *r) {
  return to_decimal(data, a, cast_of(data)->from.scale, r);
}
static inline uint64_t i64_to_float(const void *data, int64_t a, double *r) {
  *r = vs_decimal_to_double(a, cast_of(data)->from.scale);
  return 0;
}
static inline uint64_t i128_to_float(const void *data, vs_i128 a, double *r) {
  *r = vs_decimal_to_double(a, cast_of(data)->from.scale);
  return 0;
}
static inline uint64_t i64_to_integer(const void *data, int64_t a, int64_t *r) {
  *r = a / (int64_t)vs_power_of_ten(cast_of(data)->from.scale);
  return 0;
}
static inline uint64_t i128_to_integer(const void *data, vs_i128 a, int64_t *r) {
  vs_i128 whole = a / vs_power_of_ten(cast_of(data)->from.scale);
  *r = (int64_t)whole;
  return VS_FLAG_IF(whole != (int64_t)whole);
}
static inline uint64_t float_to_integer(const void *data, double a, int64_t *r) {
  (void)data;
  bool fits = a >= -0x1p63 && a < 0x1p63;
  *r = fits ? (int64_t)a : 0;
  return VS_FLAG_IF(!fits);
}
static inline uint64_t float_to_wide(const void *data, double a, vs_i128 *r) {
  struct vs_type to = cast_of(data)->to;
  vs_i128 value;
  *r = 0;
  if (!vs_decimal_from_double(a, to.scale, &value) || !vs_decimal_fits(value, to.precision)) return VS_FLAG;
  *r = value;
  return 0;
}
static inline uint64_t float_to_narrow(const void *data, double a, int64_t *r) {
  vs_i128 wide;
  uint64_t flag = float_to_wide(data, a, &wide);
  *r = (int64_t)wide;
  return flag;
}
static inline uint64_t integer_to_boolean(const void *data, int64_t a, uint8_t *r) {
  (void)data;
  *r = a != 0;
  return 0;
}
static inline uint64_t boolean_to_integer(const void *data, uint8_t a, int64_t *r) {
  (void)data;
  *r = a;
  return 0;
}

/* Times. */
static inline uint64_t seconds_to_us(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = 0; /* a value above 1e11 can only be meant as milliseconds */
  bool is_millis = a > INT64_C(100000000000) || a < -INT64_C(100000000000);
  return VS_FLAG_IF(!vs_epoch_to_us(a, is_millis ? VS_EPOCH_MILLIS : VS_EPOCH_SECONDS, r));
}
static inline uint64_t ms_to_us(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = 0;
  return VS_FLAG_IF(!vs_epoch_to_us(a, VS_EPOCH_MILLIS, r));
}
static inline uint64_t us_to_ms(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = floor_divide(a, 1000);
  return 0;
}
static inline uint64_t us_to_days(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = floor_divide(a, VS_US_PER_DAY);
  return 0;
}
static inline uint64_t us_to_time(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = a - floor_divide(a, VS_US_PER_DAY) * VS_US_PER_DAY;
  return 0;
}
static inline uint64_t ms_to_days(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = floor_divide(a, VS_US_PER_DAY / 1000);
  return VS_FLAG_IF(*r < -719162 || *r > 2932896);
}
static inline uint64_t days_to_us(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = (int64_t)((uint64_t)a * (uint64_t)VS_US_PER_DAY);
  return 0;
}
static inline uint64_t days_to_ms(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = (int64_t)((uint64_t)a * (uint64_t)(VS_US_PER_DAY / 1000));
  return 0;
}

/* Texts. */
static inline struct vs_str trimmed(const struct vs_string *string) {
  return vs_str_trim(vs_string_view(string));
}
static inline uint64_t text_to_integer(const void *data, struct vs_string a, int64_t *r) {
  (void)data;
  *r = 0;
  return VS_FLAG_IF(!vs_integer_parse(trimmed(&a), r));
}
static inline uint64_t text_to_float(const void *data, struct vs_string a, double *r) {
  (void)data;
  *r = 0;
  return VS_FLAG_IF(!vs_float_parse(trimmed(&a), r));
}
static inline uint64_t text_to_wide(const void *data, struct vs_string a, vs_i128 *r) {
  vs_i128 value;
  uint32_t scale, digits;
  double real;
  if (vs_decimal_parse(trimmed(&a), &value, &scale, &digits)) return to_decimal(data, value, scale, r);
  *r = 0; /* what is left are exponents */
  return vs_float_parse(trimmed(&a), &real) ? float_to_wide(data, real, r) : VS_FLAG;
}
static inline uint64_t text_to_narrow(const void *data, struct vs_string a, int64_t *r) {
  vs_i128 wide;
  uint64_t flag = text_to_wide(data, a, &wide);
  *r = (int64_t)wide;
  return flag;
}
static inline uint64_t text_to_boolean(const void *data, struct vs_string a, uint8_t *r) {
  (void)data;
  static const char *const words[] = {"false", "f", "0", "no", "true", "t", "1", "yes"};
  struct vs_str text = trimmed(&a);
  *r = 0;
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_str_equal_nocase(text, vs_str_of(words[i]))) {
      *r = i >= 4;
      return 0;
    }
  return VS_FLAG;
}
static inline uint64_t text_to_us(const void *data, struct vs_string a, int64_t *r) {
  (void)data;
  *r = 0;
  return VS_FLAG_IF(!vs_timestamp_parse(trimmed(&a), r));
}
static inline uint64_t text_to_ms(const void *data, struct vs_string a, int64_t *r) {
  uint64_t flag = text_to_us(data, a, r);
  *r = floor_divide(*r, 1000);
  return flag;
}
static inline uint64_t text_to_days(const void *data, struct vs_string a, int64_t *r) {
  uint64_t flag = text_to_us(data, a, r);
  *r = floor_divide(*r, VS_US_PER_DAY);
  return flag;
}
static inline uint64_t text_to_time(const void *data, struct vs_string a, int64_t *r) {
  (void)data;
  *r = 0;
  return VS_FLAG_IF(!vs_time_parse(trimmed(&a), r));
}
static inline uint64_t text_to_interval(const void *data, struct vs_string a, struct vs_interval *r) {
  (void)data;
  *r = (struct vs_interval){0, 0};
  return VS_FLAG_IF(!vs_duration_parse(trimmed(&a), r));
}

/* clang-format off */
#define CASTS(X) \
  X(integer_to_float, i64_f64) X(decimal_widens, i64_i64) X(decimal_widens_wide, i64_i128) X(i64_to_narrow, i64_i64) \
  X(i64_to_wide, i64_i128) X(i128_to_narrow, i128_i64) X(i128_to_wide, i128_i128) X(i64_to_float, i64_f64) \
  X(i128_to_float, i128_f64) X(i64_to_integer, i64_i64) X(i128_to_integer, i128_i64) X(float_to_integer, f64_i64) \
  X(float_to_wide, f64_i128) X(float_to_narrow, f64_i64) X(integer_to_boolean, i64_bool) X(boolean_to_integer, bool_i64) \
  X(seconds_to_us, i64_i64) X(ms_to_us, i64_i64) X(us_to_ms, i64_i64) X(us_to_days, i64_i64) X(us_to_time, i64_i64) \
  X(ms_to_days, i64_i64) X(days_to_us, i64_i64) X(days_to_ms, i64_i64) X(text_to_integer, string_i64) \
  X(text_to_float, string_f64) X(text_to_wide, string_i128) X(text_to_narrow, string_i64) X(text_to_boolean, string_bool) \
  X(text_to_us, string_i64) X(text_to_ms, string_i64) X(text_to_days, string_i64) X(text_to_time, string_i64) \
  X(text_to_interval, string_interval)
/* clang-format on */
#define X(op, loop) VS_UNARY_KERNEL(eval_##op, loop, op, report_cast)
CASTS(X)
#undef X

static vs_status eval_same(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                           uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  (void)eval, (void)call, (void)row_count, (void)err;
  ret->data = arguments[0].data;
  return VS_OK;
}

/* A NULL literal of any type: no row has a value. */
static vs_status eval_null(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                           uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  (void)arguments;
  memset(ret->data, 0, row_count * vs_physical_size(vs_type_physical(call->result)));
  uint64_t *bits = vs_vector_validity(ret, row_count, eval->arena);
  if (!bits) return vs_fail_memory(err);
  memset(bits, 0, vs_bitmap_bytes(row_count));
  return VS_OK;
}

struct conversion {
  vs_type_id from, to;
  vs_scalar_eval eval;
};
#define ROW(from, to, eval)                                                                                            \
  { VS_TYPE_##from, VS_TYPE_##to, eval }
/* clang-format off */
static const struct conversion conversions[] = {
  ROW(INTEGER, FLOAT, eval_integer_to_float), ROW(INTEGER, BOOLEAN, eval_integer_to_boolean),
  ROW(INTEGER, TIMESTAMP, eval_seconds_to_us), ROW(INTEGER, TIMESTAMP_MS, eval_same),
  ROW(BOOLEAN, INTEGER, eval_boolean_to_integer),
  ROW(FLOAT, INTEGER, eval_float_to_integer), ROW(FLOAT, TIMESTAMP_MS, eval_float_to_integer),
  ROW(DATE, TIMESTAMP, eval_days_to_us), ROW(DATE, TIMESTAMP_MS, eval_days_to_ms), ROW(DATE, INTEGER, eval_days_to_ms),
  ROW(TIMESTAMP, DATE, eval_us_to_days), ROW(TIMESTAMP, TIME, eval_us_to_time),
  ROW(TIMESTAMP, TIMESTAMP_MS, eval_us_to_ms), ROW(TIMESTAMP, INTEGER, eval_us_to_ms),
  ROW(TIMESTAMP_MS, TIMESTAMP, eval_ms_to_us), ROW(TIMESTAMP_MS, DATE, eval_ms_to_days),
  ROW(TIMESTAMP_MS, INTEGER, eval_same), ROW(TIMESTAMP_MS, FLOAT, eval_integer_to_float),
  ROW(STRING, INTEGER, eval_text_to_integer), ROW(STRING, FLOAT, eval_text_to_float),
  ROW(STRING, BOOLEAN, eval_text_to_boolean), ROW(STRING, TIMESTAMP, eval_text_to_us),
  ROW(STRING, TIMESTAMP_MS, eval_text_to_ms), ROW(STRING, DATE, eval_text_to_days), ROW(STRING, TIME, eval_text_to_time),
  ROW(STRING, INTERVAL, eval_text_to_interval), ROW(STRING, JSON, eval_same), ROW(STRING, BYTES, eval_same),
  ROW(JSON, STRING, eval_same), ROW(BYTES, STRING, vs_eval_to_text),
  ROW(BOOLEAN, STRING, vs_eval_to_text), ROW(INTEGER, STRING, vs_eval_to_text), ROW(FLOAT, STRING, vs_eval_to_text),
  ROW(DECIMAL, STRING, vs_eval_to_text), ROW(DATE, STRING, vs_eval_to_text), ROW(TIME, STRING, vs_eval_to_text),
  ROW(TIMESTAMP, STRING, vs_eval_to_text), ROW(TIMESTAMP_MS, STRING, vs_eval_to_text),
  ROW(INTERVAL, STRING, vs_eval_to_text),
};
/* clang-format on */

static vs_scalar_eval conversion_find(vs_type_id from, vs_type_id to) {
  for (size_t i = 0; i < VS_COUNT_OF(conversions); i++)
    if (conversions[i].from == from && conversions[i].to == to) return conversions[i].eval;
  return NULL;
}

static bool is_integer_like(vs_type_id id) {
  return id == VS_TYPE_INTEGER || id == VS_TYPE_TIMESTAMP_MS;
}

/* No value of `from` can fail: the whole digits have room and the scale does not shrink. */
static bool decimal_always_fits(struct vs_type from, struct vs_type to) {
  int whole = is_integer_like(from.id) ? 19 : from.precision - from.scale;
  return to.scale >= from.scale && to.scale - from.scale <= VS_DECIMAL_I64_MAX && to.precision - to.scale >= whole;
}

static vs_scalar_eval decimal_conversion(struct vs_cast *cast) {
  struct vs_type from = cast->from, to = cast->to;
  bool is_narrow = vs_type_physical(to) == VS_PHYSICAL_I64;
  if (from.id == VS_TYPE_STRING) return is_narrow ? eval_text_to_narrow : eval_text_to_wide;
  if (from.id == VS_TYPE_FLOAT) return is_narrow ? eval_float_to_narrow : eval_float_to_wide;
  if (from.id != VS_TYPE_DECIMAL && !is_integer_like(from.id)) return NULL;
  if (vs_type_physical(from) == VS_PHYSICAL_I128) return is_narrow ? eval_i128_to_narrow : eval_i128_to_wide;
  if (decimal_always_fits(from, to)) {
    cast->factor = (uint64_t)vs_power_of_ten((uint32_t)(to.scale - from.scale));
    return is_narrow ? eval_decimal_widens : eval_decimal_widens_wide;
  }
  return is_narrow ? eval_i64_to_narrow : eval_i64_to_wide;
}

static vs_scalar_eval decimal_becomes(struct vs_type from, vs_type_id to) {
  bool is_narrow = vs_type_physical(from) == VS_PHYSICAL_I64;
  if (to == VS_TYPE_FLOAT) return is_narrow ? eval_i64_to_float : eval_i128_to_float;
  if (is_integer_like(to)) return is_narrow ? eval_i64_to_integer : eval_i128_to_integer;
  return conversion_find(VS_TYPE_DECIMAL, to);
}

static vs_scalar_eval eval_of(struct vs_cast *cast) {
  if (cast->from.id == VS_TYPE_NULL) return eval_null;
  if (vs_type_equal(cast->from, cast->to)) return eval_same;
  if (cast->to.id == VS_TYPE_DECIMAL) return decimal_conversion(cast);
  if (cast->from.id == VS_TYPE_DECIMAL) return decimal_becomes(cast->from, cast->to.id);
  return conversion_find(cast->from.id, cast->to.id);
}

static const struct vs_scalar cast_row = {
    .name = "CAST", .aliases = "", .signature = "(x AS type) -> type", .flags = VS_FN_HIDDEN | VS_FN_DICTIONARY};

vs_status vs_cast_bind(struct vs_type from, struct vs_type to, bool is_try, struct vs_span span, struct vs_arena *arena,
                       struct vs_call_bound *ret_call, struct vs_error *err) {
  char from_text[32], to_text[32];
  struct vs_cast *cast = VS_ARENA_NEW(arena, struct vs_cast);
  if (!cast) return vs_fail_memory(err);
  *cast = (struct vs_cast){.from = from, .to = to, .is_try = is_try};
  vs_scalar_eval eval = eval_of(cast);
  if (!eval)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_TYPE_CLASH, span, "%s cannot be converted to %s",
                                vs_type_print(from, from_text), vs_type_print(to, to_text)),
                        "go by STRING, or use another function");
  *ret_call = (struct vs_call_bound){.function = &cast_row, .result = to, .eval = eval, .data = cast, .span = span};
  return VS_OK;
}
