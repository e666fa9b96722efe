/* SPDX-License-Identifier: Apache-2.0
 * Exact decimals. Magnitudes are computed unsigned; a result of more than 38 digits is refused. */
#include "engine/types/decimal.h"
#include "engine/types/number.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define E19 ((vs_i128)10000000000000000000ULL)
/* clang-format off */
static const vs_i128 powers[39] = {
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000LL, 100000000000LL,
  1000000000000LL, 10000000000000LL, 100000000000000LL, 1000000000000000LL, 10000000000000000LL, 100000000000000000LL,
  1000000000000000000LL, E19, E19 * 10, E19 * 100, E19 * 1000, E19 * 10000, E19 * 100000, E19 * 1000000, E19 * 10000000,
  E19 * 100000000, E19 * 1000000000, E19 * 10000000000LL, E19 * 100000000000LL, E19 * 1000000000000LL,
  E19 * 10000000000000LL, E19 * 100000000000000LL, E19 * 1000000000000000LL, E19 * 10000000000000000LL,
  E19 * 100000000000000000LL, E19 * 1000000000000000000LL, E19 * E19,
};
/* clang-format on */

vs_i128 vs_power_of_ten(uint32_t exponent) {
  assert(exponent <= VS_DECIMAL_MAX);
  return powers[exponent];
}

static vs_u128 magnitude_of(vs_i128 value) {
  return value < 0 ? 0 - (vs_u128)value : (vs_u128)value;
}
static vs_i128 with_sign(vs_u128 magnitude, bool is_negative) {
  return is_negative ? -(vs_i128)magnitude : (vs_i128)magnitude;
}

bool vs_decimal_fits(vs_i128 value, uint32_t precision) {
  return magnitude_of(value) < (vs_u128)powers[precision];
}

bool vs_decimal_parse(struct vs_str text, vs_i128 *ret_value, uint32_t *ret_scale, uint32_t *ret_digits) {
  const char *at = text.data, *end = text.data + text.size;
  bool is_negative = at < end && *at == '-', seen_dot = false, any = false;
  if (at < end && (*at == '-' || *at == '+')) at++;
  vs_u128 value = 0;
  uint32_t scale = 0, digits = 0;
  for (; at < end; at++) {
    unsigned digit = (unsigned)(*at - '0');
    if (*at == '.' && !seen_dot) {
      seen_dot = true;
      continue;
    }
    if (digit > 9 || digits == VS_DECIMAL_MAX + (value == 0)) return false;
    value = value * 10 + digit;
    digits += value != 0;
    scale += seen_dot;
    any = true;
  }
  if (!any || scale > VS_DECIMAL_MAX || value >= (vs_u128)powers[VS_DECIMAL_MAX]) return false;
  *ret_value = with_sign(value, is_negative);
  *ret_scale = scale;
  *ret_digits = VS_MAX(VS_MAX(digits, scale), 1);
  return true;
}

size_t vs_decimal_print(vs_i128 value, uint32_t scale, uint32_t keep, char ret_text[48]) {
  char digits[48];
  uint32_t count = 0;
  vs_u128 rest = magnitude_of(value);
  while (scale > keep && rest % 10 == 0) {
    rest /= 10;
    scale--;
  }
  while (rest || count <= scale) {
    digits[count++] = (char)('0' + (int)(rest % 10));
    rest /= 10;
  }
  size_t size = 0;
  if (value < 0) ret_text[size++] = '-';
  while (count) {
    ret_text[size++] = digits[--count];
    if (count == scale && scale) ret_text[size++] = '.';
  }
  ret_text[size] = 0;
  return size;
}

/* Half away from zero. */
static vs_u128 divide_rounded(vs_u128 dividend, vs_u128 divisor) {
  vs_u128 quotient = dividend / divisor, rest = dividend % divisor;
  return quotient + (rest >= divisor - rest);
}

bool vs_decimal_rescale(vs_i128 value, uint32_t from_scale, uint32_t to_scale, vs_i128 *ret_value) {
  vs_i128 result;
  if (to_scale <= from_scale)
    result = with_sign(divide_rounded(magnitude_of(value), (vs_u128)powers[from_scale - to_scale]), value < 0);
  else if (__builtin_mul_overflow(value, powers[to_scale - from_scale], &result))
    return false;
  if (!vs_decimal_fits(result, VS_DECIMAL_MAX)) return false;
  *ret_value = result;
  return true;
}

struct wide { /* 256 bits */
  vs_u128 high, low;
};
static struct wide wide_multiply(vs_u128 a, vs_u128 b) {
  uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64), b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
  vs_u128 low = (vs_u128)a0 * b0, middle = (vs_u128)a1 * b0, cross = (vs_u128)a0 * b1, high = (vs_u128)a1 * b1;
  vs_u128 sum = (low >> 64) + (uint64_t)middle + (uint64_t)cross;
  return (struct wide){high + (middle >> 64) + (cross >> 64) + (sum >> 64), (sum << 64) | (uint64_t)low};
}
/* Bit by bit: reached only when the scaled dividend leaves 128 bits. False when the quotient does. */
static bool wide_divide_rounded(struct wide dividend, vs_u128 divisor, vs_u128 *ret_quotient) {
  if (dividend.high >= divisor) return false;
  vs_u128 rest = dividend.high, quotient = 0;
  for (int bit = 127; bit >= 0; bit--) {
    bool carry = rest >> 127;
    rest = rest << 1 | (dividend.low >> bit & 1);
    quotient <<= 1;
    if (carry || rest >= divisor) {
      rest -= divisor;
      quotient |= 1;
    }
  }
  *ret_quotient = quotient + (rest >= divisor - rest);
  return true;
}

static bool divide_magnitudes(vs_u128 a, vs_u128 b, int shift, vs_u128 *ret_quotient) {
  if (shift > 2 * VS_DECIMAL_MAX || shift < -VS_DECIMAL_MAX) return false;
  if (shift < 0) {
    vs_u128 divisor;
    bool is_tiny = __builtin_mul_overflow(b, (vs_u128)powers[-shift], &divisor);
    *ret_quotient = is_tiny ? 0 : divide_rounded(a, divisor); /* a < 10^38 is below half of any divisor beyond 2^128 */
    return true;
  }
  if (shift > VS_DECIMAL_MAX) { /* no dividend but zero can stand a factor above 10^38 unless the divisor absorbs it */
    vs_u128 common = (vs_u128)powers[shift - VS_DECIMAL_MAX];
    if (a > ~(vs_u128)0 / common) return false;
    a *= common;
    shift = VS_DECIMAL_MAX;
  }
  vs_u128 scaled;
  if (__builtin_mul_overflow(a, (vs_u128)powers[shift], &scaled))
    return wide_divide_rounded(wide_multiply(a, (vs_u128)powers[shift]), b, ret_quotient);
  *ret_quotient = divide_rounded(scaled, b);
  return true;
}

bool vs_decimal_divide(vs_i128 a, uint32_t a_scale, vs_i128 b, uint32_t b_scale, uint32_t to_scale,
                       vs_i128 *ret_value) {
  assert(b != 0);
  vs_u128 quotient;
  int shift = (int)to_scale - (int)a_scale + (int)b_scale;
  if (!divide_magnitudes(magnitude_of(a), magnitude_of(b), shift, &quotient) ||
      quotient >= (vs_u128)powers[VS_DECIMAL_MAX])
    return false;
  *ret_value = with_sign(quotient, (a < 0) != (b < 0));
  return true;
}

double vs_decimal_to_double(vs_i128 value, uint32_t scale) {
  vs_u128 magnitude = magnitude_of(value);
  if (magnitude >> 53 == 0 && scale <= 22) return (double)value / (double)powers[scale];
  char text[64];
  size_t size = vs_decimal_print(value, 0, 0, text);
  snprintf(text + size, sizeof text - size, "e-%u", scale); /* libc rounds digits and exponent correctly */
  return strtod(text, NULL);
}

/* digits * 10^exponent to an integer, half away from zero. */
static bool scale_digits(uint64_t digits, int exponent, vs_u128 *ret_value) {
  if (exponent < -VS_DECIMAL_MAX || digits == 0) {
    *ret_value = 0;
    return true;
  }
  if (exponent <= 0) {
    *ret_value = divide_rounded(digits, (vs_u128)powers[-exponent]);
    return true;
  }
  return exponent <= VS_DECIMAL_MAX && !__builtin_mul_overflow((vs_u128)digits, (vs_u128)powers[exponent], ret_value);
}

bool vs_decimal_from_double(double value, uint32_t scale, vs_i128 *ret_value) {
  double scaled = value * (double)powers[scale], whole = floor(fabs(scaled)), rest = fabs(scaled) - whole;
  if (fabs(scaled) < 1e11 && fabs(rest - 0.5) > 1e-3) {
    *ret_value = with_sign((vs_u128)(uint64_t)whole + (rest > 0.5), value < 0);
    return true;
  }
  /* Near a tie what counts is the number a person sees (2.345), not its nearest binary fraction. */
  int exponent;
  vs_u128 magnitude;
  uint64_t digits = vs_float_digits(value, &exponent);
  if (!isfinite(value) || !scale_digits(digits, exponent + (int)scale, &magnitude) ||
      magnitude >= (vs_u128)powers[VS_DECIMAL_MAX])
    return false;
  *ret_value = with_sign(magnitude, value < 0);
  return true;
}

static struct vs_type as_decimal(struct vs_type type) {
  return type.id == VS_TYPE_DECIMAL ? type : vs_type_decimal(19, 0);
}

/* max(10, s1 + 8, s2) decimals as long as the whole digits leave room, but never fewer than 10 nor than the inputs
 * have: a quotient of two DECIMAL(38,18) would have none otherwise. */
static int quotient_scale(struct vs_type a, struct vs_type b, int whole) {
  int least = VS_MAX(10, VS_MAX(a.scale, b.scale)), wanted = VS_MAX(least, a.scale + 8);
  return VS_MIN(VS_MIN(wanted, VS_MAX(VS_DECIMAL_MAX - whole, least)), VS_DECIMAL_MAX);
}

bool vs_decimal_result(vs_decimal_operator op, struct vs_type a, struct vs_type b, struct vs_type *ret_type) {
  a = as_decimal(a), b = as_decimal(b);
  int whole_a = a.precision - a.scale, whole_b = b.precision - b.scale;
  int scale = VS_MAX(a.scale, b.scale), whole = VS_MAX(whole_a, whole_b);
  switch (op) {
  case VS_DECIMAL_ADD: whole++; break;
  case VS_DECIMAL_MODULO: break;
  case VS_DECIMAL_MULTIPLY:
    scale = a.scale + b.scale;
    whole = whole_a + whole_b;
    break;
  case VS_DECIMAL_DIVIDE:
    whole = whole_a + b.scale;
    scale = quotient_scale(a, b, whole);
    break;
  }
  if (scale > VS_DECIMAL_MAX) return false;
  *ret_type = vs_type_decimal((uint8_t)VS_MAX(VS_MIN(whole + scale, VS_DECIMAL_MAX), 1), (uint8_t)scale);
  return true;
}
