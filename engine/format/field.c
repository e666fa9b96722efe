/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/field.h"

#include <math.h>
#include <stdlib.h>

/* clang-format off */
const int64_t vs_field_powers[19] = {
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
  1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
  1000000000000000000};
/* clang-format on */

/* 12.00 is the integer 12; 12.5 is none. */
bool vs_field_integer_slow(struct vs_str text, int64_t *ret_value) {
  vs_i128 value;
  if (!vs_field_decimal(text, vs_type_decimal(19, 0), &value) || value < INT64_MIN || value > INT64_MAX) return false;
  *ret_value = (int64_t)value;
  return true;
}

/* Splits "12.5e-3" at its exponent; false when the exponent is no small integer. */
static bool split_exponent(struct vs_str *text, int *ret_exponent) {
  size_t at = 0;
  while (at < text->size && (text->data[at] | 0x20) != 'e')
    at++;
  *ret_exponent = 0;
  if (at == text->size) return true;
  size_t i = at + 1;
  bool is_negative = i < text->size && text->data[i] == '-';
  i += i < text->size && (text->data[i] == '-' || text->data[i] == '+');
  if (i == text->size || text->size - i > 3) return false;
  for (; i < text->size; i++) {
    unsigned digit = (unsigned)(unsigned char)text->data[i] - '0';
    if (digit > 9) return false;
    *ret_exponent = *ret_exponent * 10 + (int)digit;
  }
  if (is_negative) *ret_exponent = -*ret_exponent;
  text->size = at;
  return true;
}

/* value * 10^-from to 10^-to without losing a digit. */
static bool rescale_exact(vs_i128 value, int from, uint32_t to, vs_i128 *ret_value) {
  while (from > (int)to && value % 10 == 0) {
    value /= 10;
    from--;
  }
  if (value == 0) return *ret_value = 0, true;
  if (from > (int)to || (int)to - from > VS_DECIMAL_MAX) return false;
  return !__builtin_mul_overflow(value, vs_power_of_ten(to - (uint32_t)VS_MAX(from, 0)), ret_value) &&
         (from >= 0 || !__builtin_mul_overflow(*ret_value, vs_power_of_ten((uint32_t)-from), ret_value));
}

bool vs_field_decimal(struct vs_str text, struct vs_type type, vs_i128 *ret_value) {
  int exponent;
  vs_i128 value, scaled;
  uint32_t scale, digits;
  if (!split_exponent(&text, &exponent) || !vs_decimal_parse(text, &value, &scale, &digits)) return false;
  if (!rescale_exact(value, (int)scale - exponent, type.scale, &scaled) || !vs_decimal_fits(scaled, type.precision))
    return false;
  *ret_value = scaled;
  return true;
}

/* Up to 15 digits and a power of ten of at most 22 are exact in binary64, so one rounding gives the right result. */
static bool float_fast(struct vs_str text, double *ret_value) {
  size_t i = text.size && text.data[0] == '-', digits = 0, decimals = 0;
  bool has_point = false;
  int64_t value = 0;
  for (; i < text.size; i++) {
    unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';
    if (digit > 9 && (text.data[i] != '.' || has_point)) return false;
    has_point |= digit > 9;
    decimals += has_point && digit <= 9;
    digits += digit <= 9;
    value = digit <= 9 ? value * 10 + (int64_t)digit : value;
    if (digits > 15) return false;
  }
  double result = (double)value / (double)vs_field_powers[decimals];
  *ret_value = text.data[0] == '-' ? -result : result;
  return digits > 0;
}

static bool is_number_text(struct vs_str text) {
  bool has_digit = false;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    has_digit |= c >= '0' && c <= '9';
    if (!(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '+' && (c | 0x20) != 'e') return false;
  }
  return has_digit;
}

bool vs_field_float(struct vs_str text, double *ret_value) {
  char copy[512], *end;
  if (float_fast(text, ret_value)) return true;
  if (text.size >= sizeof copy || !is_number_text(text)) return false;
  memcpy(copy, text.data, text.size);
  copy[text.size] = '\0';
  double value = strtod(copy, &end);
  if (end != copy + text.size || !isfinite(value)) return false;
  *ret_value = value;
  return true;
}

bool vs_field_boolean(struct vs_str text, uint8_t *ret_value) {
  bool is_true = vs_str_equal_nocase(text, VS_STR("true"));
  if (!is_true && !vs_str_equal_nocase(text, VS_STR("false"))) return false;
  *ret_value = is_true;
  return true;
}

/* Two digits, or more than 99 when one of them is none. */
static inline unsigned two_digits(const char *data) {
  unsigned high = (unsigned)(unsigned char)data[0] - '0', low = (unsigned)(unsigned char)data[1] - '0';
  return high > 9 || low > 9 ? 100 : high * 10 + low;
}

/* ".123456789" -> microseconds; further digits are cut. */
static bool fraction_us(struct vs_str text, int64_t *ret_us) {
  int64_t us = 0;
  if (text.size < 2 || text.size > 10 || text.data[0] != '.') return false;
  for (size_t i = 1; i < 7; i++) {
    unsigned digit = i < text.size ? (unsigned)(unsigned char)text.data[i] - '0' : 0;
    if (digit > 9) return false;
    us = us * 10 + (int64_t)digit;
  }
  for (size_t i = 7; i < text.size; i++)
    if ((unsigned)(unsigned char)text.data[i] - '0' > 9) return false;
  *ret_us = us;
  return true;
}

/* "2018-01-24[T ]12:00:00[.f][Z]" of a day seen before. */
static bool timestamp_fast(struct vs_str text, struct vs_day_cache *cache, int64_t *ret_us) {
  const char *d = text.data;
  if (text.size < 19 || memcmp(d, cache->text, 10) != 0 || (d[10] != 'T' && d[10] != ' ') || d[13] != ':' ||
      d[16] != ':')
    return false;
  unsigned hour = two_digits(d + 11), minute = two_digits(d + 14), second = two_digits(d + 17);
  struct vs_str rest = {d + 19, text.size - 19 - (d[text.size - 1] == 'Z')};
  int64_t us = 0;
  if (hour > 23 || minute > 59 || second > 59 || (rest.size && !fraction_us(rest, &us))) return false;
  cache->minute_us = ((cache->days * 24 + hour) * 60 + minute) * 60 * VS_US_PER_SECOND;
  memcpy(cache->minute, d, sizeof cache->minute);
  *ret_us = cache->minute_us + second * VS_US_PER_SECOND + us;
  return true;
}

bool vs_field_timestamp(struct vs_str text, struct vs_day_cache *cache, int64_t *ret_us) {
  if (timestamp_fast(text, cache, ret_us)) return true;
  if (!vs_timestamp_parse(text, ret_us)) return false;
  int64_t days;
  if (text.size >= 19 && vs_date_parse((struct vs_str){text.data, 10}, &days)) {
    memcpy(cache->text, text.data, 10);
    cache->days = days;
  }
  return true;
}

bool vs_field_epoch(struct vs_str text, vs_epoch_unit unit, int64_t *ret_us) {
  int64_t value;
  if (!vs_field_integer(text, &value)) return false;
  if (unit == VS_EPOCH_AUTO) unit = vs_epoch_unit_of(value == INT64_MIN ? INT64_MAX : llabs(value));
  return vs_epoch_to_us(value, unit, ret_us);
}

vs_epoch_unit vs_epoch_unit_of_word(struct vs_str word) {
  /* clang-format off */
  static const struct { const char *word; vs_epoch_unit unit; } rows[] = {
    {"epoch",         VS_EPOCH_SECONDS}, {"epoch_seconds", VS_EPOCH_SECONDS}, {"epoch_millis", VS_EPOCH_MILLIS},
    {"epoch_micros",  VS_EPOCH_MICROS},  {"epoch_nanos",   VS_EPOCH_NANOS},
  };
  /* clang-format on */
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    if (vs_str_equal_nocase(word, vs_str_of(rows[i].word))) return rows[i].unit;
  return VS_EPOCH_AUTO;
}
