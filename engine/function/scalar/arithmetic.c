/* SPDX-License-Identifier: Apache-2.0
 * + - * / % DIV MOD over numbers: INTEGER checked, DECIMAL by the rules of spec/sql.md 5, FLOAT never NaN or infinite.
 * With a time or an interval on one side the row's bind hands over to temporal_arithmetic.c. */
#include "engine/function/temporal.h"
#include "engine/types/decimal.h"
#include <math.h>

VS_BINARY_LOOP(i64, int64_t, int64_t, int64_t)
VS_BINARY_LOOP(f64, double, double, double)
VS_BINARY_LOOP(i128, vs_i128, vs_i128, vs_i128)
VS_BINARY_LOOP(i64_i128, int64_t, int64_t, vs_i128)
VS_BINARY_LOOP(i128_i64, vs_i128, vs_i128, int64_t)
VS_BINARY_LOOP(f64_i64, double, double, int64_t)
VS_UNARY_LOOP(i64_one, int64_t, int64_t)
VS_UNARY_LOOP(f64_one, double, double)
VS_UNARY_LOOP(i128_one, vs_i128, vs_i128)

/* clang-format off */
static inline uint64_t add_i64(const void *data, int64_t a, int64_t b, int64_t *r) {
  (void)data;
  uint64_t sum = (uint64_t)a + (uint64_t)b;
  *r = (int64_t)sum;
  return ((uint64_t)a ^ sum) & ((uint64_t)b ^ sum);
}
static inline uint64_t subtract_i64(const void *data, int64_t a, int64_t b, int64_t *r) {
  (void)data;
  uint64_t difference = (uint64_t)a - (uint64_t)b;
  *r = (int64_t)difference;
  return ((uint64_t)a ^ (uint64_t)b) & ((uint64_t)a ^ difference);
}
static inline uint64_t multiply_i64(const void *data, int64_t a, int64_t b, int64_t *r) {
  (void)data;
  return VS_FLAG_IF(__builtin_mul_overflow(a, b, r));
}
static inline uint64_t divide_i64(const void *data, int64_t a, int64_t b, int64_t *r) {
  (void)data;
  bool is_over = a == INT64_MIN && b == -1;
  *r = a / (b == 0 || is_over ? 1 : b);
  return VS_FLAG_IF(b == 0 || is_over);
}
static inline uint64_t modulo_i64(const void *data, int64_t a, int64_t b, int64_t *r) {
  (void)data;
  *r = b == 0 || b == -1 ? 0 : a % b;
  return VS_FLAG_IF(b == 0);
}
static inline uint64_t add_f64(const void *data, double a, double b, double *r) {
  (void)data;
  *r = a + b;
  return vs_flag_not_finite(*r);
}
static inline uint64_t subtract_f64(const void *data, double a, double b, double *r) {
  (void)data;
  *r = a - b;
  return vs_flag_not_finite(*r);
}
static inline uint64_t multiply_f64(const void *data, double a, double b, double *r) {
  (void)data;
  *r = a * b;
  return vs_flag_not_finite(*r);
}
static inline uint64_t divide_f64(const void *data, double a, double b, double *r) {
  (void)data;
  *r = a / (b == 0 ? 1 : b);
  return vs_flag_not_finite(*r) | VS_FLAG_IF(b == 0);
}
static inline uint64_t modulo_f64(const void *data, double a, double b, double *r) {
  (void)data;
  *r = fmod(a, b == 0 ? 1 : b);
  return VS_FLAG_IF(b == 0);
}
static inline uint64_t whole_quotient_f64(const void *data, double a, double b, int64_t *r) {
  (void)data;
  double quotient = trunc(a / (b == 0 ? 1 : b));
  bool fits = quotient >= -0x1p63 && quotient < 0x1p63;
  *r = fits ? (int64_t)quotient : 0;
  return VS_FLAG_IF(b == 0 || !fits);
}

/* Decimals of the result's scale. Below 19 digits a sum cannot overflow, hence plain add_i64 there. */
static inline uint64_t add_i128(const void *data, vs_i128 a, vs_i128 b, vs_i128 *r) {
  (void)data;
  bool is_over = __builtin_add_overflow(a, b, r);
  return VS_FLAG_IF(is_over || !vs_decimal_fits(*r, VS_DECIMAL_MAX));
}
static inline uint64_t subtract_i128(const void *data, vs_i128 a, vs_i128 b, vs_i128 *r) {
  (void)data;
  bool is_over = __builtin_sub_overflow(a, b, r);
  return VS_FLAG_IF(is_over || !vs_decimal_fits(*r, VS_DECIMAL_MAX));
}
static inline uint64_t multiply_i128(const void *data, vs_i128 a, vs_i128 b, vs_i128 *r) {
  (void)data;
  bool is_over = __builtin_mul_overflow(a, b, r);
  return VS_FLAG_IF(is_over || !vs_decimal_fits(*r, VS_DECIMAL_MAX));
}
static inline uint64_t multiply_i64_i128(const void *data, int64_t a, int64_t b, vs_i128 *r) {
  (void)data;
  *r = (vs_i128)a * b;
  return 0;
}
static inline uint64_t modulo_i128(const void *data, vs_i128 a, vs_i128 b, vs_i128 *r) {
  (void)data;
  *r = b == 0 || b == -1 ? 0 : a % b;
  return VS_FLAG_IF(b == 0);
}
/* clang-format on */

struct scales {
  uint32_t a, b, result;
};
static inline uint64_t divide_i128(const void *data, vs_i128 a, vs_i128 b, vs_i128 *r) {
  const struct scales *scales = data;
  *r = 0;
  return VS_FLAG_IF(b == 0 || !vs_decimal_divide(a, scales->a, b, scales->b, scales->result, r));
}
/* Both sides have the same scale, so the quotient needs none. */
static inline uint64_t whole_quotient_i128(const void *data, vs_i128 a, vs_i128 b, int64_t *r) {
  (void)data;
  vs_i128 quotient = a / (b == 0 ? 1 : b);
  *r = (int64_t)quotient;
  return VS_FLAG_IF(b == 0 || quotient != (int64_t)quotient);
}
static inline uint64_t negate_i64(const void *data, int64_t a, int64_t *r) {
  return subtract_i64(data, 0, a, r);
}
static inline uint64_t negate_f64(const void *data, double a, double *r) {
  (void)data;
  *r = 0.0 - a; /* no negative zero, which would print */
  return 0;
}
static inline uint64_t negate_i128(const void *data, vs_i128 a, vs_i128 *r) {
  (void)data;
  *r = -a;
  return 0;
}

#define KERNELS(X)                                                                                                     \
  X(add, vs_report_overflow)                                                                                           \
  X(subtract, vs_report_overflow)                                                                                      \
  X(multiply, vs_report_overflow)                                                                                      \
  X(modulo, vs_report_division)
#define X(op, report)                                                                                                  \
  VS_BINARY_KERNEL(eval_##op##_i64, i64, op##_i64, report)                                                             \
  VS_BINARY_KERNEL(eval_##op##_f64, f64, op##_f64, report)                                                             \
  VS_BINARY_KERNEL(eval_##op##_i128, i128, op##_i128, report)
KERNELS(X)
#undef X
VS_BINARY_KERNEL(eval_multiply_i64_i128, i64_i128, multiply_i64_i128, vs_report_overflow)
VS_BINARY_KERNEL(eval_divide_i64, i64, divide_i64, vs_report_division)
VS_BINARY_KERNEL(eval_divide_f64, f64, divide_f64, vs_report_division)
VS_BINARY_KERNEL(eval_divide_i128, i128, divide_i128, vs_report_division)
VS_BINARY_KERNEL(eval_whole_f64, f64_i64, whole_quotient_f64, vs_report_division)
VS_BINARY_KERNEL(eval_whole_i128, i128_i64, whole_quotient_i128, vs_report_division)
VS_UNARY_KERNEL(eval_negate_i64, i64_one, negate_i64, vs_report_overflow)
VS_UNARY_KERNEL(eval_negate_f64, f64_one, negate_f64, vs_report_overflow)
VS_UNARY_KERNEL(eval_negate_i128, i128_one, negate_i128, vs_report_overflow)

static vs_status eval_plus(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                           uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  (void)eval, (void)call, (void)row_count, (void)err;
  ret->data = arguments[0].data;
  return VS_OK;
}

static void cast_both(struct vs_binding *binding, struct vs_type type) {
  binding->arguments[0] = binding->arguments[1] = type;
}

/* A bare NULL takes the other side's type. */
static void settle_nulls(struct vs_binding *binding) {
  struct vs_type *types = binding->arguments;
  if (types[0].id == VS_TYPE_NULL) types[0] = types[1].id == VS_TYPE_NULL ? VS_TYPE(INTEGER) : types[1];
  if (types[1].id == VS_TYPE_NULL) types[1] = types[0];
}

static bool is_decimal(const struct vs_binding *binding) {
  return binding->arguments[0].id == VS_TYPE_DECIMAL || binding->arguments[1].id == VS_TYPE_DECIMAL;
}
static bool is_float(const struct vs_binding *binding) {
  return binding->arguments[0].id == VS_TYPE_FLOAT || binding->arguments[1].id == VS_TYPE_FLOAT;
}
static bool is_numeric(const struct vs_binding *binding) {
  return vs_type_is_numeric(binding->arguments[0]) && vs_type_is_numeric(binding->arguments[1]);
}

static vs_status scale_too_large(const struct vs_binding *binding, const char *name, struct vs_error *err) {
  char left[32], right[32];
  vs_status status =
      vs_fail(err, VS_CODE_SCALE_TOO_LARGE, binding->span, "%s %s %s needs more than 38 decimals",
              vs_type_print(binding->arguments[0], left), name, vs_type_print(binding->arguments[1], right));
  return vs_fail_hint(err, status, "CAST an operand to a smaller scale, as in CAST(x AS DECIMAL(18,4))");
}

struct family { /* the kernels of one operator that keeps the operands' type */
  vs_scalar_eval i64, f64, i128;
};

static vs_status bind_family(const struct vs_scalar *self, struct vs_binding *binding, vs_decimal_operator op,
                             const struct family *family, struct vs_call_bound *ret_call, struct vs_error *err) {
  struct vs_type result = VS_TYPE(INTEGER);
  if (is_float(binding))
    result = VS_TYPE(FLOAT);
  else if (is_decimal(binding) &&
           !vs_decimal_result(op, vs_bind_decimal(binding, 0), vs_bind_decimal(binding, 1), &result))
    return scale_too_large(binding, self->name, err);
  ret_call->result = result;
  cast_both(binding, result);
  switch (vs_type_physical(result)) {
  case VS_PHYSICAL_F64: ret_call->eval = family->f64; break;
  case VS_PHYSICAL_I128: ret_call->eval = family->i128; break;
  default: ret_call->eval = family->i64; break;
  }
  return VS_OK;
}

static vs_status bind_sum(const struct vs_scalar *self, struct vs_binding *binding, const struct family *family,
                          struct vs_call_bound *ret_call, struct vs_error *err) {
  if (vs_bind_temporal(self, binding, ret_call)) return VS_OK;
  settle_nulls(binding);
  if (!is_numeric(binding)) return vs_bind_refuse(self->name, self->signature, binding, err);
  return bind_family(self, binding, VS_DECIMAL_ADD, family, ret_call, err);
}

static vs_status bind_sign(const struct vs_scalar *self, struct vs_binding *binding, const struct family *family,
                           struct vs_call_bound *ret_call, struct vs_error *err) {
  struct vs_type *type = &binding->arguments[0];
  if (type->id == VS_TYPE_NULL || type->id == VS_TYPE_TIMESTAMP_MS) *type = VS_TYPE(INTEGER);
  ret_call->result = *type;
  if (type->id == VS_TYPE_INTERVAL && self->name[0] == '-')
    ret_call->eval = vs_eval_negate_interval;
  else if (type->id == VS_TYPE_INTERVAL)
    ret_call->eval = eval_plus;
  else if (!vs_type_is_numeric(*type))
    return vs_bind_refuse(self->name, self->signature, binding, err);
  else if (type->id == VS_TYPE_FLOAT)
    ret_call->eval = family->f64;
  else
    ret_call->eval = vs_type_physical(*type) == VS_PHYSICAL_I128 ? family->i128 : family->i64;
  return VS_OK;
}

static vs_status bind_plus(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  static const struct family two = {eval_add_i64, eval_add_f64, eval_add_i128};
  static const struct family one = {eval_plus, eval_plus, eval_plus};
  return binding->argument_count == 1 ? bind_sign(self, binding, &one, ret_call, err)
                                      : bind_sum(self, binding, &two, ret_call, err);
}

static vs_status bind_minus(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                            struct vs_error *err) {
  static const struct family two = {eval_subtract_i64, eval_subtract_f64, eval_subtract_i128};
  static const struct family one = {eval_negate_i64, eval_negate_f64, eval_negate_i128};
  return binding->argument_count == 1 ? bind_sign(self, binding, &one, ret_call, err)
                                      : bind_sum(self, binding, &two, ret_call, err);
}

/* The product's scale is the sum of the operands' scales, so each keeps its own. */
static vs_status bind_decimal_product(const struct vs_scalar *self, struct vs_binding *binding,
                                      struct vs_call_bound *ret_call, struct vs_error *err) {
  struct vs_type a = vs_bind_decimal(binding, 0), b = vs_bind_decimal(binding, 1), result;
  if (!vs_decimal_result(VS_DECIMAL_MULTIPLY, a, b, &result)) return scale_too_large(binding, self->name, err);
  bool is_narrow = a.precision <= VS_DECIMAL_I64_MAX && b.precision <= VS_DECIMAL_I64_MAX;
  ret_call->result = result;
  if (vs_type_physical(result) == VS_PHYSICAL_I64)
    ret_call->eval = eval_multiply_i64;
  else
    ret_call->eval = is_narrow ? eval_multiply_i64_i128 : eval_multiply_i128;
  binding->arguments[0] = is_narrow ? a : vs_decimal_widen(a);
  binding->arguments[1] = is_narrow ? b : vs_decimal_widen(b);
  return VS_OK;
}

static vs_status bind_product(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                              struct vs_error *err) {
  static const struct family family = {eval_multiply_i64, eval_multiply_f64, eval_multiply_i128};
  if (vs_bind_temporal(self, binding, ret_call)) return VS_OK;
  settle_nulls(binding);
  if (!is_numeric(binding)) return vs_bind_refuse(self->name, self->signature, binding, err);
  if (is_decimal(binding) && !is_float(binding)) return bind_decimal_product(self, binding, ret_call, err);
  return bind_family(self, binding, VS_DECIMAL_MULTIPLY, &family, ret_call, err);
}

static vs_status bind_decimal_quotient(struct vs_binding *binding, struct vs_call_bound *ret_call,
                                       struct vs_error *err) {
  struct vs_type a = vs_bind_decimal(binding, 0), b = vs_bind_decimal(binding, 1);
  struct scales *scales = VS_ARENA_NEW(binding->arena, struct scales);
  if (!scales) return vs_fail_memory(err);
  if (!vs_decimal_result(VS_DECIMAL_DIVIDE, a, b, &ret_call->result)) return scale_too_large(binding, "/", err);
  ret_call->result = vs_decimal_widen(ret_call->result);
  *scales = (struct scales){a.scale, b.scale, ret_call->result.scale};
  ret_call->data = scales;
  ret_call->eval = eval_divide_i128;
  binding->arguments[0] = vs_decimal_widen(a);
  binding->arguments[1] = vs_decimal_widen(b);
  return VS_OK;
}

static vs_status bind_quotient(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                               struct vs_error *err) {
  if (vs_bind_temporal(self, binding, ret_call)) return VS_OK;
  settle_nulls(binding);
  if (!is_numeric(binding)) return vs_bind_refuse(self->name, self->signature, binding, err);
  if (is_decimal(binding) && !is_float(binding)) return bind_decimal_quotient(binding, ret_call, err);
  ret_call->result = VS_TYPE(FLOAT); /* INTEGER / INTEGER too: volume / lot_size means a ratio */
  ret_call->eval = eval_divide_f64;
  cast_both(binding, VS_TYPE(FLOAT));
  return VS_OK;
}

static vs_status bind_modulo(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                             struct vs_error *err) {
  static const struct family family = {eval_modulo_i64, eval_modulo_f64, eval_modulo_i128};
  settle_nulls(binding);
  if (!is_numeric(binding)) return vs_bind_refuse(self->name, self->signature, binding, err);
  return bind_family(self, binding, VS_DECIMAL_MODULO, &family, ret_call, err);
}

static vs_status bind_div(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                          struct vs_error *err) {
  settle_nulls(binding);
  if (!is_numeric(binding)) return vs_bind_refuse(self->name, self->signature, binding, err);
  ret_call->result = VS_TYPE(INTEGER);
  struct vs_type meet = VS_TYPE(INTEGER);
  if (is_float(binding)) {
    meet = VS_TYPE(FLOAT);
    ret_call->eval = eval_whole_f64;
  } else if (is_decimal(binding)) {
    (void)vs_type_common(vs_bind_decimal(binding, 0), vs_bind_decimal(binding, 1), &meet);
    meet = vs_decimal_widen(meet);
    ret_call->eval = eval_whole_i128;
  } else {
    ret_call->eval = eval_divide_i64;
  }
  cast_both(binding, meet);
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"+", "", "a + b", 1, 2, VS_FN_HIDDEN, bind_plus, "Adds numbers, or an interval to a time or an interval.", "1.25 + 2 = 3.25"},
  {"-", "", "a - b", 1, 2, VS_FN_HIDDEN, bind_minus, "Subtracts numbers, an interval from a time, or a time from a time.", "3 - 1.25 = 1.75"},
  {"*", "", "a * b", 2, 2, VS_FN_HIDDEN, bind_product, "Multiplies numbers, exactly for decimals, or an interval by a number.", "1.5 * 1.5 = 2.25"},
  {"/", "", "a / b", 2, 2, VS_FN_HIDDEN, bind_quotient, "Divides; two INTEGER give a FLOAT; a zero divisor gives NULL.", "1.00 / 3 = 0.3333333333"},
  {"%", "", "a % b", 2, 2, VS_FN_HIDDEN, bind_modulo, "The rest of a division, with the sign of the dividend.", "-7 % 3 = -1"},
  {"MOD", "", "(a, b) -> type of a and b", 2, 2, 0, bind_modulo, "The rest of a division, with the sign of the dividend.", "MOD(-7, 3) = -1"},
  {"DIV", "", "(a, b) -> INTEGER", 2, 2, 0, bind_div, "The whole part of a division, cut towards zero.", "DIV(-7, 2) = -3"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_arithmetic = {"arithmetic", rows, VS_COUNT_OF(rows)};
