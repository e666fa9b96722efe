/* SPDX-License-Identifier: Apache-2.0
 * Mathematics over one or two numbers. What has no real result is NULL and counted; what is too large fails its row. */
#include "engine/function/kernel.h"
#include "engine/types/decimal.h"
#include <math.h>

VS_UNARY_LOOP(i64, int64_t, int64_t)
VS_UNARY_LOOP(f64, double, double)
VS_UNARY_LOOP(i128, vs_i128, vs_i128)
VS_UNARY_LOOP(i128_i64, vs_i128, int64_t)
VS_UNARY_LOOP(f64_i64, double, int64_t)
VS_BINARY_LOOP(f64_f64, double, double, double)

static inline uint64_t abs_i64(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = a < 0 ? (int64_t)(0 - (uint64_t)a) : a;
  return VS_FLAG_IF(a == INT64_MIN);
}
static inline uint64_t abs_f64(const void *data, double a, double *r) {
  (void)data;
  *r = fabs(a);
  return 0;
}
static inline uint64_t abs_i128(const void *data, vs_i128 a, vs_i128 *r) {
  (void)data;
  *r = a < 0 ? -a : a;
  return 0;
}
static inline uint64_t sign_i64(const void *data, int64_t a, int64_t *r) {
  (void)data;
  *r = (a > 0) - (a < 0);
  return 0;
}
static inline uint64_t sign_f64(const void *data, double a, double *r) {
  (void)data;
  *r = (a > 0) - (a < 0);
  return 0;
}
static inline uint64_t sign_i128(const void *data, vs_i128 a, int64_t *r) {
  (void)data;
  *r = (a > 0) - (a < 0);
  return 0;
}
static inline uint64_t sqrt_f64(const void *data, double a, double *r) {
  (void)data;
  *r = sqrt(a < 0 ? 0 : a);
  return VS_FLAG_IF(a < 0);
}
static inline uint64_t ln_f64(const void *data, double a, double *r) {
  (void)data;
  *r = log(a <= 0 ? 1 : a);
  return VS_FLAG_IF(a <= 0);
}
static inline uint64_t log10_f64(const void *data, double a, double *r) {
  (void)data;
  *r = log10(a <= 0 ? 1 : a);
  return VS_FLAG_IF(a <= 0);
}
static inline uint64_t exp_f64(const void *data, double a, double *r) {
  (void)data;
  *r = exp(a);
  return vs_flag_not_finite(*r);
}
static inline uint64_t power_f64(const void *data, double a, double b, double *r) {
  (void)data;
  *r = pow(a, b);
  return vs_flag_not_finite(*r);
}
/* A fractional power of a negative number and a negative power of zero have no value; the rest is too large. */
static vs_status report_power(const struct vs_flagged *flagged, uint32_t row) {
  const double *a = flagged->arguments[0].data, *b = flagged->arguments[1].data;
  double base = a[vs_vector_index(&flagged->arguments[0], row)];
  double exponent = b[vs_vector_index(&flagged->arguments[1], row)];
  bool is_undefined = base == 0 || (base < 0 && exponent != trunc(exponent));
  return is_undefined ? vs_report_domain(flagged, row) : vs_report_overflow(flagged, row);
}

VS_UNARY_KERNEL(eval_abs_i64, i64, abs_i64, vs_report_overflow)
VS_UNARY_KERNEL(eval_abs_f64, f64, abs_f64, vs_report_overflow)
VS_UNARY_KERNEL(eval_abs_i128, i128, abs_i128, vs_report_overflow)
VS_UNARY_KERNEL(eval_sign_i64, i64, sign_i64, vs_report_overflow)
VS_UNARY_KERNEL(eval_sign_f64, f64, sign_f64, vs_report_overflow)
VS_UNARY_KERNEL(eval_sign_i128, i128_i64, sign_i128, vs_report_overflow)
VS_UNARY_KERNEL(eval_sqrt, f64, sqrt_f64, vs_report_domain)
VS_UNARY_KERNEL(eval_ln, f64, ln_f64, vs_report_domain)
VS_UNARY_KERNEL(eval_log10, f64, log10_f64, vs_report_domain)
VS_UNARY_KERNEL(eval_exp, f64, exp_f64, vs_report_overflow)
VS_BINARY_KERNEL(eval_power, f64_f64, power_f64, report_power)

/* CEIL and FLOOR: whole numbers; a DECIMAL that may not fit 64 bits stays DECIMAL(p,0). */
static inline uint64_t whole_f64(double whole, int64_t *r) {
  bool fits = whole >= -0x1p63 && whole < 0x1p63;
  *r = fits ? (int64_t)whole : 0;
  return VS_FLAG_IF(!fits);
}
static inline uint64_t ceil_f64(const void *data, double a, int64_t *r) {
  (void)data;
  return whole_f64(ceil(a), r);
}
static inline uint64_t floor_f64(const void *data, double a, int64_t *r) {
  (void)data;
  return whole_f64(floor(a), r);
}
static inline vs_i128 unit_of(const void *data) {
  return *(const vs_i128 *)data;
}
static inline uint64_t floor_i128(const void *data, vs_i128 a, vs_i128 *r) {
  vs_i128 unit = unit_of(data);
  *r = a / unit - (a % unit < 0);
  return 0;
}
static inline uint64_t ceil_i128(const void *data, vs_i128 a, vs_i128 *r) {
  vs_i128 unit = unit_of(data);
  *r = a / unit + (a % unit > 0);
  return 0;
}
static inline uint64_t floor_i128_i64(const void *data, vs_i128 a, int64_t *r) {
  vs_i128 whole;
  (void)floor_i128(data, a, &whole);
  *r = (int64_t)whole;
  return 0;
}
static inline uint64_t ceil_i128_i64(const void *data, vs_i128 a, int64_t *r) {
  vs_i128 whole;
  (void)ceil_i128(data, a, &whole);
  *r = (int64_t)whole;
  return 0;
}
VS_UNARY_KERNEL(eval_ceil_f64, f64_i64, ceil_f64, vs_report_overflow)
VS_UNARY_KERNEL(eval_floor_f64, f64_i64, floor_f64, vs_report_overflow)
VS_UNARY_KERNEL(eval_ceil_i128, i128, ceil_i128, vs_report_overflow)
VS_UNARY_KERNEL(eval_floor_i128, i128, floor_i128, vs_report_overflow)
VS_UNARY_KERNEL(eval_ceil_i128_i64, i128_i64, ceil_i128_i64, vs_report_overflow)
VS_UNARY_KERNEL(eval_floor_i128_i64, i128_i64, floor_i128_i64, vs_report_overflow)

static vs_status eval_same(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                           uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  (void)eval, (void)call, (void)row_count, (void)err;
  ret->data = arguments[0].data;
  return VS_OK;
}

/* TIMESTAMP_MS computes as INTEGER, a bare NULL counts as one. */
static vs_status settle_number(const struct vs_scalar *self, struct vs_binding *binding, struct vs_error *err) {
  struct vs_type *type = &binding->arguments[0];
  if (!vs_type_is_numeric(*type) && type->id != VS_TYPE_NULL)
    return vs_bind_refuse(self->name, self->signature, binding, err);
  if (type->id == VS_TYPE_NULL || type->id == VS_TYPE_TIMESTAMP_MS) *type = VS_TYPE(INTEGER);
  return VS_OK;
}

static vs_status bind_abs(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                          struct vs_error *err) {
  VS_TRY(settle_number(self, binding, err));
  ret_call->result = binding->arguments[0];
  switch (vs_type_physical(ret_call->result)) {
  case VS_PHYSICAL_F64: ret_call->eval = eval_abs_f64; break;
  case VS_PHYSICAL_I128: ret_call->eval = eval_abs_i128; break;
  default: ret_call->eval = eval_abs_i64; break;
  }
  return VS_OK;
}

static vs_status bind_sign(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  VS_TRY(settle_number(self, binding, err));
  struct vs_type type = binding->arguments[0];
  ret_call->result = type.id == VS_TYPE_DECIMAL ? vs_type_decimal(1, 0) : type;
  switch (vs_type_physical(type)) {
  case VS_PHYSICAL_F64: ret_call->eval = eval_sign_f64; break;
  case VS_PHYSICAL_I128: ret_call->eval = eval_sign_i128; break;
  default: ret_call->eval = eval_sign_i64; break;
  }
  return VS_OK;
}

static vs_status bind_decimal_whole(struct vs_binding *binding, bool is_ceil, struct vs_call_bound *ret_call,
                                    struct vs_error *err) {
  struct vs_type type = binding->arguments[0];
  int whole = type.precision - type.scale + 1; /* rounding up may carry into one more digit */
  vs_i128 *unit = VS_ARENA_NEW(binding->arena, vs_i128);
  if (!unit) return vs_fail_memory(err);
  *unit = vs_power_of_ten(type.scale);
  ret_call->data = unit;
  binding->arguments[0] = vs_decimal_widen(type);
  if (whole <= VS_DECIMAL_I64_MAX) {
    ret_call->result = VS_TYPE(INTEGER);
    ret_call->eval = is_ceil ? eval_ceil_i128_i64 : eval_floor_i128_i64;
  } else {
    ret_call->result = vs_decimal_widen(vs_type_decimal((uint8_t)VS_MIN(whole, VS_DECIMAL_MAX), 0));
    ret_call->eval = is_ceil ? eval_ceil_i128 : eval_floor_i128;
  }
  return VS_OK;
}

static vs_status bind_whole(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                            struct vs_error *err) {
  bool is_ceil = self->name[0] == 'C';
  VS_TRY(settle_number(self, binding, err));
  if (binding->arguments[0].id == VS_TYPE_DECIMAL) return bind_decimal_whole(binding, is_ceil, ret_call, err);
  ret_call->result = VS_TYPE(INTEGER);
  ret_call->eval = eval_same;
  if (binding->arguments[0].id == VS_TYPE_FLOAT) ret_call->eval = is_ceil ? eval_ceil_f64 : eval_floor_f64;
  return VS_OK;
}

static vs_status bind_float(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                            struct vs_error *err) {
  static const struct {
    const char *name;
    vs_scalar_eval eval;
  } kernels[] = {{"SQRT", eval_sqrt}, {"EXP", eval_exp}, {"LN", eval_ln}, {"LOG10", eval_log10}, {"POWER", eval_power}};
  VS_TRY(vs_bind_all(self, binding, VS_TYPE(FLOAT), err));
  ret_call->result = VS_TYPE(FLOAT);
  for (size_t i = 0; i < VS_COUNT_OF(kernels); i++)
    if (strcmp(kernels[i].name, self->name) == 0) ret_call->eval = kernels[i].eval;
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"ABS", "", "(number) -> the number's type", 1, 1, 0, bind_abs, "The value without its sign.", "ABS(-2.5) = 2.5"},
  {"SIGN", "", "(number) -> the number's type", 1, 1, 0, bind_sign, "-1, 0 or 1 by the sign of the value.", "SIGN(-3) = -1"},
  {"CEIL", "CEILING", "(number) -> INTEGER", 1, 1, 0, bind_whole, "The smallest whole number that is not less.", "CEIL(2.1) = 3"},
  {"FLOOR", "", "(number) -> INTEGER", 1, 1, 0, bind_whole, "The largest whole number that is not greater.", "FLOOR(-2.1) = -3"},
  {"SQRT", "", "(number) -> FLOAT", 1, 1, 0, bind_float, "The square root; NULL below zero.", "SQRT(16) = 4"},
  {"POWER", "POW", "(x, y) -> FLOAT", 2, 2, 0, bind_float, "x to the power of y.", "POWER(2, 10) = 1024"},
  {"EXP", "", "(number) -> FLOAT", 1, 1, 0, bind_float, "e to the power of the number.", "EXP(0) = 1"},
  {"LN", "", "(number) -> FLOAT", 1, 1, 0, bind_float, "The natural logarithm; NULL for zero and below.", "LN(1) = 0"},
  {"LOG10", "", "(number) -> FLOAT", 1, 1, 0, bind_float, "The logarithm to base 10; NULL for zero and below.", "LOG10(1000) = 3"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_mathematics = {"mathematics", rows, VS_COUNT_OF(rows)};
