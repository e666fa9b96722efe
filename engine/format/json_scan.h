/* SPDX-License-Identifier: Apache-2.0
 * One JSON value at a time, cut out of the bytes without building anything. Strict as RFC 8259; nesting up to 200. */
#ifndef VS_FORMAT_JSON_SCAN_H
#define VS_FORMAT_JSON_SCAN_H

#include "engine/base/text.h"
#include "engine/format/lanes.h"

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
  for (; end - at >= (ptrdiff_t)sizeof(vs_lane); at += sizeof(vs_lane)) {
    uint64_t bits = vs_lane_string_stops(at);
    if (bits) return at + __builtin_ctzll(bits);
  }
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
