/* SPDX-License-Identifier: Apache-2.0
 * Numbers and text. Digits and exponent pass through libc without a decimal point, so no locale shows. */
#include "engine/types/number.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool vs_integer_parse(struct vs_str text, int64_t *ret_value) {
  const char *at = text.data, *end = text.data + text.size;
  bool is_negative = at < end && *at == '-';
  if (at < end && (*at == '-' || *at == '+')) at++;
  if (at == end) return false;
  int64_t value = 0;
  bool is_over = false;
  for (; at < end; at++) {
    unsigned digit = (unsigned)(*at - '0');
    if (digit > 9) return false;
    /* Counting down reaches INT64_MIN, which has no positive twin. */
    is_over |= __builtin_mul_overflow(value, 10, &value);
    is_over |= __builtin_sub_overflow(value, (int64_t)digit, &value);
  }
  is_over = is_over || (!is_negative && value == INT64_MIN);
  if (is_over) return false;
  *ret_value = is_negative ? value : -value;
  return true;
}

struct float_text {
  uint64_t digits;
  int64_t exponent;
  int digit_count;
  bool is_negative;
};

static const char *scan_mantissa(const char *at, const char *end, struct float_text *scan, bool *ret_any) {
  bool seen_dot = false, any = false;
  for (; at < end; at++) {
    if (*at == '.' && !seen_dot) {
      seen_dot = true;
      continue;
    }
    unsigned digit = (unsigned)(*at - '0');
    if (digit > 9) break;
    any = true;
    scan->exponent -= seen_dot;
    if (scan->digit_count < 19) {
      scan->digits = scan->digits * 10 + digit;
      scan->digit_count += scan->digits != 0;
    } else {
      scan->digit_count++;
      scan->exponent++;
    }
  }
  *ret_any = any;
  return at;
}

static bool scan_exponent(const char *at, const char *end, struct float_text *scan) {
  if (at == end) return true;
  if ((*at | 0x20) != 'e') return false;
  int64_t exponent;
  if (end - at > 8 || !vs_integer_parse((struct vs_str){at + 1, (size_t)(end - at - 1)}, &exponent)) return false;
  scan->exponent += exponent;
  return true;
}

static const double small_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Correct rounding of more than 19 digits needs all of them; such texts are rare. */
static double parse_slowly(struct vs_str text) {
  char copy[800];
  size_t size = VS_MIN(text.size, sizeof copy - 1);
  memcpy(copy, text.data, size);
  copy[size] = 0;
  return strtod(copy, NULL);
}

bool vs_float_parse(struct vs_str text, double *ret_value) {
  struct float_text scan = {0};
  const char *at = text.data, *end = text.data + text.size;
  bool any;
  scan.is_negative = at < end && *at == '-';
  if (at < end && (*at == '-' || *at == '+')) at++;
  at = scan_mantissa(at, end, &scan, &any);
  if (!any || !scan_exponent(at, end, &scan)) return false;
  double value;
  if (scan.digits >> 53 == 0 && scan.digit_count <= 19 && scan.exponent >= -22 && scan.exponent <= 22) {
    double power = small_powers[scan.exponent < 0 ? -scan.exponent : scan.exponent];
    value = scan.exponent < 0 ? (double)scan.digits / power : (double)scan.digits * power;
    value = scan.is_negative ? -value : value;
  } else {
    value = parse_slowly(text);
  }
  if (!isfinite(value)) return false;
  *ret_value = value;
  return true;
}

size_t vs_integer_print(int64_t value, char ret_text[24]) {
  char digits[24];
  size_t count = 0, size = 0;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do
    digits[count++] = (char)('0' + rest % 10);
  while (rest /= 10);
  if (value < 0) ret_text[size++] = '-';
  while (count)
    ret_text[size++] = digits[--count];
  ret_text[size] = 0;
  return size;
}

static uint64_t digits_of(const char *text, int *ret_exponent) {
  uint64_t digits = 0;
  int decimals = 0;
  const char *at = text;
  for (; *at && *at != 'e'; at++) {
    if (*at < '0' || *at > '9') continue;
    digits = digits * 10 + (uint64_t)(*at - '0');
    decimals += at > text;
  }
  int exponent = (int)strtol(at + 1, NULL, 10) - decimals;
  while (digits && digits % 10 == 0) {
    digits /= 10;
    exponent++;
  }
  *ret_exponent = exponent;
  return digits;
}

uint64_t vs_float_digits(double value, int *ret_exponent) {
  double magnitude = fabs(value);
  *ret_exponent = 0;
  if (magnitude < 9007199254740992.0 && magnitude == (double)(uint64_t)magnitude) return (uint64_t)magnitude;
  char text[40];
  for (int precision = 14; precision <= 16; precision++) {
    snprintf(text, sizeof text, "%.*e", precision, magnitude);
    if (precision == 16 || strtod(text, NULL) == magnitude) break;
  }
  return digits_of(text, ret_exponent);
}

static size_t print_positional(const char *digits, int count, int point, char *ret_text) {
  size_t size = 0;
  if (point <= 0) {
    ret_text[size++] = '0';
    ret_text[size++] = '.';
    for (int i = point; i < 0; i++)
      ret_text[size++] = '0';
  }
  for (int i = 0; i < VS_MAX(count, point); i++) {
    if (i == point && point > 0) ret_text[size++] = '.';
    ret_text[size++] = i < count ? digits[i] : '0';
  }
  return size;
}

static size_t print_scientific(const char *digits, int count, int point, char *ret_text) {
  size_t size = 0;
  ret_text[size++] = digits[0];
  if (count > 1) ret_text[size++] = '.';
  memcpy(ret_text + size, digits + 1, (size_t)count - 1);
  size += (size_t)count - 1;
  ret_text[size++] = 'e';
  char exponent[24];
  size_t exponent_size = vs_integer_print(point - 1, exponent);
  memcpy(ret_text + size, exponent, exponent_size);
  return size + exponent_size;
}

size_t vs_float_print(double value, char ret_text[32]) {
  int exponent;
  char digits[24];
  int count = (int)vs_integer_print((int64_t)vs_float_digits(value, &exponent), digits);
  int point = count + exponent; /* digits before the point */
  size_t sign = value < 0;
  if (sign) ret_text[0] = '-';
  bool is_positional = point > -6 && point <= 21;
  size_t size = is_positional ? print_positional(digits, count, point, ret_text + sign)
                              : print_scientific(digits, count, point, ret_text + sign);
  ret_text[sign + size] = 0;
  return sign + size;
}
