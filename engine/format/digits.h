/* SPDX-License-Identifier: Apache-2.0
 * Numbers eight characters at a time: no branch per digit, so lengths that vary from row to row cost nothing.
 *
 * Every function reads eight bytes (vs_number_16: seventeen) from where it is pointed at, whatever the text's length:
 * the caller knows that they are there. Little-endian, as strings are in this room. */
#ifndef VS_FORMAT_DIGITS_H
#define VS_FORMAT_DIGITS_H

#include "engine/base/text.h"

enum { VS_SLACK = 24 }; /* bytes that can be read from the begin of a text, in the functions called wide */

#define VS_EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t vs_load_8(const char *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

/* How many of the eight characters are digits before the first that is none. */
static inline uint32_t vs_leading_digits(uint64_t word) {
  uint64_t digits = word ^ VS_EACH_BYTE('0');
  /* a carry out of a byte that is no digit only reaches bytes behind it */
  uint64_t other = ((digits + VS_EACH_BYTE(0x76)) | digits) & VS_EACH_BYTE(0x80);
  return other ? (uint32_t)__builtin_ctzll(other) / 8 : 8;
}

/* The number of eight bytes 0 to 9, the first the highest. */
static inline uint64_t vs_eight_digits_value(uint64_t word) {
  word = (word * 10 + (word >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
  word = (word * 100 + (word >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
  return (uint32_t)(word * 10000 + (word >> 32));
}

/* The number that the first `count` characters, all digits, stand for; count 0 gives 0. */
static inline uint64_t vs_digits_value(uint64_t word, uint32_t count) {
  return count ? vs_eight_digits_value((word ^ VS_EACH_BYTE('0')) << (64 - 8 * count)) : 0; /* leading zeros in front */
}

/* "123" or "1234567890" at `at`, up to 16 digits: their number and value; 0 when there are none or more. */
static inline uint32_t vs_number_16(const char *at, uint64_t *ret_value) {
  static const uint32_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  uint64_t word = vs_load_8(at);
  uint32_t count = vs_leading_digits(word);
  *ret_value = vs_digits_value(word, count);
  if (count < 8) return count;
  word = vs_load_8(at + 8);
  uint32_t more = vs_leading_digits(word);
  *ret_value = *ret_value * powers[more] + vs_digits_value(word, more);
  return more == 8 && (unsigned)(unsigned char)at[16] - '0' <= 9 ? 0 : 8 + more;
}

#endif
