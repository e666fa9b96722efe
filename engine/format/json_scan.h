/* SPDX-License-Identifier: Apache-2.0
 * One JSON value at a time, cut out of the bytes without building anything. Strict as RFC 8259; nesting up to 200. */
#ifndef VS_FORMAT_JSON_SCAN_H
#define VS_FORMAT_JSON_SCAN_H

#include "engine/base/text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef enum { VS_JSON_NULL, VS_JSON_BOOLEAN, VS_JSON_NUMBER, VS_JSON_STRING, VS_JSON_NESTED } vs_json_kind;
typedef enum { VS_JSON_DONE, VS_JSON_CUT, VS_JSON_BROKEN } vs_json_outcome; /* CUT: the bytes end inside the value */

struct vs_json_value {
  vs_json_kind kind;
  bool has_escape;    /* STRING */
  struct vs_str text; /* the value as written; a string without its quotes */
};

/* Reads the value at *at, which is not white space, and moves *at behind it; on BROKEN to where it went wrong. */
vs_json_outcome vs_json_value(const char **at, const char *end, struct vs_json_value *ret_value);
vs_json_outcome vs_json_string(const char **at, const char *end, struct vs_json_value *ret_value); /* **at is a quote */
/* The string's characters; NULL data for a bad escape or a full arena. */
struct vs_str vs_json_unescape(const struct vs_json_value *value, struct vs_arena *arena);

/* The first quote, backslash or control character at or behind `at`; `end` when there is none. */
VS_INLINE const char *vs_json_string_stop(const char *at, const char *end) {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
  for (; end - at >= 16; at += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i_u *)(const void *)at);
    __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, escape));
    found = _mm_or_si128(found, _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
    unsigned mask = (unsigned)_mm_movemask_epi8(found);
    if (mask) return at + __builtin_ctz(mask);
  }
#endif
  while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at > 0x1f)
    at++;
  return at;
}

static inline const char *vs_json_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    at++;
  return at;
}

#endif
