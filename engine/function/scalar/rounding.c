/* SPDX-License-Identifier: Apache-2.0
 * ROUND and TRUNC to a number of decimals; a negative number counts places left of the point. Half goes away from zero,
 * and for FLOAT it is the printed number that is rounded: ROUND(2.345e0, 2) is 2.35. */
#include "engine/function/kernel.h"
#include "engine/types/decimal.h"
#include "engine/types/number.h"
#include <math.h>

/* What one bound call knows: the decimals of input and result, and the digits when they are constant. */
struct rounding {
  bool is_trunc, is_constant;
  int64_t digits;
  uint32_t from_scale, to_scale;
};

static vs_i128 round_magnitude(const struct rounding *rounding, vs_i128 value, uint32_t dropped) {
  vs_i128 unit = vs_power_of_ten(VS_MIN(dropped, VS_DECIMAL_MAX)), rest = value % unit, whole = value / unit;
  if (dropped > VS_DECIMAL_MAX) return 0;
  if (!rounding->is_trunc && (rest < 0 ? -rest : rest) >= unit - (rest < 0 ? -rest : rest)) whole += value < 0 ? -1 : 1;
  return whole;
}

/* `value` at from_scale, rounded to `digits` decimals, at to_scale. False when it leaves 38 digits. */
static bool round_decimal(const struct rounding *rounding, vs_i128 value, int64_t digits, vs_i128 *ret_value) {
  int64_t kept = VS_MIN(digits, (int64_t)rounding->from_scale);
  int64_t dropped = VS_MIN((int64_t)rounding->from_scale - kept, VS_DECIMAL_MAX + 1);
  vs_i128 whole = round_magnitude(rounding, value, (uint32_t)dropped);
  int64_t shift = (int64_t)rounding->to_scale - ((int64_t)rounding->from_scale - dropped);
  vs_i128 result = whole;
  if (shift > VS_DECIMAL_MAX)
    result = 0; /* only zero is left this far left of the point */
  else if (shift > 0 && __builtin_mul_overflow(whole, vs_power_of_ten((uint32_t)shift), &result))
    return false;
  *ret_value = result;
  return vs_decimal_fits(result, VS_DECIMAL_MAX);
}

static double round_left_of_point(const struct rounding *rounding, double value, int64_t digits) {
  if (digits < -308) return 0;
  double unit = pow(10, (double)-digits), scaled = value / unit;
  return (rounding->is_trunc ? trunc(scaled) : round(scaled)) * unit;
}

static double round_float(const struct rounding *rounding, double value, int64_t digits) {
  if (digits < 0) return round_left_of_point(rounding, value, digits);
  if (digits == 0) return rounding->is_trunc ? trunc(value) : round(value);
  vs_i128 decimal;
  if (digits > 17 || fabs(value) >= 1e15) return value; /* no binary64 has decimals to lose there */
  if (rounding->is_trunc) {
    int exponent;
    uint64_t magnitude = vs_float_digits(value, &exponent);
    if (-exponent <= digits || -exponent > VS_DECIMAL_MAX) return -exponent > VS_DECIMAL_MAX ? 0 : value;
    vs_i128 cut = magnitude / (vs_u128)vs_power_of_ten((uint32_t)(-exponent - digits));
    return vs_decimal_to_double(value < 0 ? -cut : cut, (uint32_t)digits);
  }
  if (!vs_decimal_from_double(value, (uint32_t)digits, &decimal)) return value;
  return vs_decimal_to_double(decimal, (uint32_t)digits);
}

static int64_t digits_of(const struct vs_rows *rows, uint32_t row) {
  const struct rounding *rounding = rows->call->data;
  return rounding->is_constant ? rounding->digits : vs_rows_i64(rows, 1, row);
}

static vs_status round_float_row(struct vs_rows *rows, uint32_t row) {
  const double *values = rows->arguments[0].data;
  double value = values[vs_vector_index(&rows->arguments[0], row)];
  double result = round_float(rows->call->data, value, digits_of(rows, row));
  if (!isfinite(result))
    return vs_rows_fail(rows, row, VS_CODE_OVERFLOW, "%s leaves the range of FLOAT", rows->call->function->name);
  ((double *)rows->ret->data)[row] = result;
  return VS_OK;
}

static vs_status fail_range(struct vs_rows *rows, uint32_t row) {
  char type[32];
  return vs_rows_fail(rows, row, VS_CODE_OVERFLOW, "the result of %s does not fit %s", rows->call->function->name,
                      vs_type_print(rows->call->result, type));
}

static vs_status round_i64_row(struct vs_rows *rows, uint32_t row) {
  vs_i128 result;
  if (!round_decimal(rows->call->data, vs_rows_i64(rows, 0, row), digits_of(rows, row), &result) ||
      result != (int64_t)result)
    return fail_range(rows, row);
  vs_rows_put_i64(rows, row, (int64_t)result);
  return VS_OK;
}

/* The narrow forms give narrow results, the wide form either. */
static vs_status round_i128_row(struct vs_rows *rows, uint32_t row) {
  const vs_i128 *values = rows->arguments[0].data;
  vs_i128 value = values[vs_vector_index(&rows->arguments[0], row)], result;
  if (!round_decimal(rows->call->data, value, digits_of(rows, row), &result) ||
      !vs_decimal_fits(result, rows->ret->type.precision))
    return fail_range(rows, row);
  if (vs_type_physical(rows->ret->type) == VS_PHYSICAL_I64)
    vs_rows_put_i64(rows, row, (int64_t)result);
  else
    ((vs_i128 *)rows->ret->data)[row] = result;
  return VS_OK;
}
VS_ROW_KERNEL(eval_round_float, round_float_row)
VS_ROW_KERNEL(eval_round_i64, round_i64_row)
VS_ROW_KERNEL(eval_round_i128, round_i128_row)

/* The common case: DECIMAL in 64 bits to fewer decimals that are known. */
VS_UNARY_LOOP(i64, int64_t, int64_t)
struct round_narrow {
  struct rounding rounding; /* first: the row kernels read it there too */
  int64_t unit, half;
};
static inline uint64_t round_narrow_i64(const void *data, int64_t a, int64_t *r) {
  const struct round_narrow *narrow = data;
  int64_t half = a < 0 ? -narrow->half : narrow->half;
  *r = (a + half) / narrow->unit; /* |a| < 10^18 and half <= 10^18 / 2: no overflow */
  return 0;
}
VS_UNARY_KERNEL(eval_round_narrow, i64, round_narrow_i64, vs_report_overflow)

static struct vs_type rounded_type(const struct rounding *rounding, struct vs_type type) {
  int scale = rounding->is_constant ? (int)VS_MIN(VS_MAX(rounding->digits, 0), (int64_t)type.scale) : type.scale;
  int whole = type.precision - type.scale + 1;
  return vs_type_decimal((uint8_t)VS_MIN(whole + scale, VS_DECIMAL_MAX), (uint8_t)scale);
}

static void bind_decimal(struct vs_binding *binding, struct round_narrow *narrow, struct vs_call_bound *ret_call) {
  struct rounding *rounding = &narrow->rounding;
  struct vs_type *type = &binding->arguments[0];
  ret_call->result = rounded_type(rounding, *type);
  rounding->from_scale = type->scale;
  rounding->to_scale = ret_call->result.scale;
  bool is_plain = rounding->is_constant && rounding->digits >= 0;
  bool is_narrow = vs_type_physical(*type) == VS_PHYSICAL_I64 && vs_type_physical(ret_call->result) == VS_PHYSICAL_I64;
  if (is_plain && is_narrow) {
    narrow->unit = (int64_t)vs_power_of_ten(rounding->from_scale - rounding->to_scale);
    narrow->half = rounding->is_trunc || narrow->unit == 1 ? 0 : narrow->unit / 2;
    ret_call->eval = eval_round_narrow;
  } else {
    *type = vs_decimal_widen(*type);
    ret_call->eval = eval_round_i128;
  }
}

static vs_status bind_digits(const struct vs_scalar *self, struct vs_binding *binding, struct rounding *rounding,
                             struct vs_error *err) {
  rounding->is_constant = true;
  if (binding->argument_count < 2) return VS_OK;
  if (binding->arguments[1].id != VS_TYPE_INTEGER && binding->arguments[1].id != VS_TYPE_NULL)
    return vs_bind_refuse(self->name, self->signature, binding, err);
  binding->arguments[1] = VS_TYPE(INTEGER);
  const struct vs_value *constant = binding->constants ? binding->constants[1] : NULL;
  rounding->is_constant = constant && !constant->is_null;
  rounding->digits = rounding->is_constant ? constant->as.integer : 0;
  return VS_OK;
}

static vs_status bind_rounding(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                               struct vs_error *err) {
  struct vs_type *type = &binding->arguments[0];
  struct round_narrow *data = VS_ARENA_NEW(binding->arena, struct round_narrow);
  if (!data) return vs_fail_memory(err);
  if (!vs_type_is_numeric(*type) && type->id != VS_TYPE_NULL)
    return vs_bind_refuse(self->name, self->signature, binding, err);
  data->rounding.is_trunc = self->name[0] == 'T';
  VS_TRY(bind_digits(self, binding, &data->rounding, err));
  ret_call->data = data;
  if (type->id == VS_TYPE_DECIMAL) {
    bind_decimal(binding, data, ret_call);
    return VS_OK;
  }
  if (type->id != VS_TYPE_FLOAT) *type = VS_TYPE(INTEGER);
  ret_call->result = *type;
  ret_call->eval = type->id == VS_TYPE_FLOAT ? eval_round_float : eval_round_i64;
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"ROUND", "", "(number [, digits]) -> the number's type", 1, 2, 0, bind_rounding, "Rounds to a number of decimals, half away from zero.", "ROUND(2.345, 2) = 2.35"},
  {"TRUNC", "TRUNCATE", "(number [, digits]) -> the number's type", 1, 2, 0, bind_rounding, "Cuts towards zero to a number of decimals.", "TRUNC(-2.349, 2) = -2.34"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_rounding = {"rounding", rows, VS_COUNT_OF(rows)};
