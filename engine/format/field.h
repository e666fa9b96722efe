/* SPDX-License-Identifier: Apache-2.0
 * The text of one field -> one value of a given type. Exact: a value that would lose digits does not fit. The common
 * forms are parsed inline, digits straight into scaled integers; everything else takes the slow way in field.c. */
#ifndef VS_FORMAT_FIELD_H
#define VS_FORMAT_FIELD_H

#include "engine/format/digits.h"
#include "engine/types/decimal.h"
#include "engine/types/time.h"

bool vs_field_integer_slow(struct vs_str text, int64_t *ret_value) VS_NODISCARD;
/* Exponents are allowed; false when digits would be lost or `precision` is exceeded. */
bool vs_field_decimal(struct vs_str text, struct vs_type type, vs_i128 *ret_value) VS_NODISCARD;
bool vs_field_float(struct vs_str text, double *ret_value) VS_NODISCARD; /* finite decimal numbers only */
bool vs_field_boolean(struct vs_str text, uint8_t *ret_value) VS_NODISCARD;

/* The day and the minute of the last timestamps read: recorded data seldom changes them from row to row. */
struct vs_day_cache {
  char text[10];
  int64_t days;
  uint64_t minute[2]; /* "2026-01-01T00:00", 16 characters; zeros: none yet */
  int64_t minute_us;
};
bool vs_field_timestamp(struct vs_str text, struct vs_day_cache *cache, int64_t *ret_us) VS_NODISCARD;
/* Integer text as a time of the given unit; AUTO: by its own magnitude. */
bool vs_field_epoch(struct vs_str text, vs_epoch_unit unit, int64_t *ret_us) VS_NODISCARD;
/* "epoch_millis" -> MILLIS; AUTO for a pattern. */
vs_epoch_unit vs_epoch_unit_of_word(struct vs_str word);

static inline bool vs_field_integer(struct vs_str text, int64_t *ret_value) {
  size_t i = text.size && text.data[0] == '-';
  size_t digits = text.size - i;
  if (digits - 1 > 17) /* none, or more than always fit */
    return vs_field_integer_slow(text, ret_value);
  int64_t value = 0;
  for (; i < text.size; i++) {
    unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';
    if (digit > 9) return vs_field_integer_slow(text, ret_value);
    value = value * 10 + (int64_t)digit;
  }
  *ret_value = text.data[0] == '-' ? -value : value;
  return true;
}

extern const int64_t vs_field_powers[19]; /* 10^0 .. 10^18 */

/* DECIMAL of at most 18 digits. */
static inline bool vs_field_decimal64(struct vs_str text, struct vs_type type, int64_t *ret_value) {
  size_t i = text.size && text.data[0] == '-', digits = 0, decimals = 0;
  bool has_point = false, is_plain = text.size <= 20;
  uint64_t value = 0; /* of up to 20 digits; over 18 it is not used */
  for (; is_plain && i < text.size; i++) {
    unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';
    if (digit <= 9) {
      value = value * 10 + digit;
      digits++;
      decimals += has_point;
    } else {
      is_plain = text.data[i] == '.' && !has_point;
      has_point = true;
    }
  }
  if (is_plain && digits - 1 <= 17 && decimals <= type.scale && digits - decimals + type.scale <= type.precision) {
    int64_t scaled = (int64_t)value * vs_field_powers[type.scale - decimals];
    *ret_value = text.data[0] == '-' ? -scaled : scaled;
    return true;
  }
  vs_i128 wide;
  if (!vs_field_decimal(text, type, &wide)) return false;
  *ret_value = (int64_t)wide;
  return true;
}

/* ---- wide: VS_SLACK bytes from text.data on can be read ---- */

/* Up to 16 digits; false for every other form. */
static inline bool vs_field_integer_short(struct vs_str text, int64_t *ret_value) {
  uint64_t value;
  size_t is_negative = text.data[0] == '-';
  uint32_t digits = vs_number_16(text.data + is_negative, &value);
  if (!digits || digits != text.size - is_negative) return false;
  *ret_value = is_negative ? -(int64_t)value : (int64_t)value;
  return true;
}

/* Digits a DECIMAL64 has room for before the point and behind it; a loop over one column holds them. */
struct vs_places {
  uint32_t whole, decimals;
};

/* Up to eight characters behind the sign in one word, moved to its end: at most one is no digit and must be the point;
 * the digits before it are moved over it. False for every other form. */
static inline bool vs_field_decimal64_short(struct vs_str text, const struct vs_places *places, int64_t *ret_value) {
  uint32_t is_negative = text.data[0] == '-', size = (uint32_t)text.size - is_negative, decimals = 0;
  if (size - 1 > 7) return false;
  uint64_t word = (vs_load_8(text.data + is_negative) ^ VS_EACH_BYTE('0')) << (64 - 8 * size);
  uint64_t other = ((word + VS_EACH_BYTE(0x76)) | word) & VS_EACH_BYTE(0x80);
  if (other) {
    uint64_t point = other >> 7; /* its lowest bit */
    if ((other & (other - 1)) || (unsigned char)(word >> __builtin_ctzll(point)) != ('.' ^ '0') || --size == 0)
      return false;
    decimals = (uint32_t)__builtin_clzll(other) / 8;
    word = (word & (point - 1)) << 8 | (word & -(other << 1));
  }
  if (decimals > places->decimals || size - decimals > places->whole) return false;
  int64_t value = (int64_t)vs_eight_digits_value(word) * vs_field_powers[places->decimals - decimals];
  *ret_value = is_negative ? -value : value;
  return true;
}

/* "2026-01-01T00:00:59.123456" within the minute of the last one: three comparisons and one number, since the two
 * digits of the second and the six behind them are a number of microseconds once the point between them is gone. */
static inline bool vs_field_timestamp_known(const char *at, const struct vs_day_cache *cache, int64_t *ret_us) {
  const uint64_t signs = UINT64_C(0xff0000ff), colon_and_point = UINT64_C(0x2e00003a);
  uint64_t us = (vs_load_8(at + 17) & 0xffff) | (vs_load_8(at + 18) & ~UINT64_C(0xffff));
  bool is_known = vs_load_8(at) == cache->minute[0] && vs_load_8(at + 8) == cache->minute[1] &&
                  (vs_load_8(at + 16) & signs) == colon_and_point && at[17] <= '5' && vs_leading_digits(us) == 8;
  if (is_known) *ret_us = cache->minute_us + (int64_t)vs_digits_value(us, 8);
  return is_known;
}

static inline bool vs_field_timestamp_wide(struct vs_str text, struct vs_day_cache *cache, int64_t *ret_us) {
  return (text.size == 26 && vs_field_timestamp_known(text.data, cache, ret_us)) ||
         vs_field_timestamp(text, cache, ret_us);
}

#endif
