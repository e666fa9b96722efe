/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/json_scan.h"

#include "engine/base/utf8.h"

enum { DEPTH_MAX = 200 };

vs_json_outcome vs_json_string(const char **at, const char *end, struct vs_json_value *ret_value) {
  const char *begin = *at + 1, *stop = vs_json_string_stop(begin, end);
  bool has_escape = false;
  while (stop < end && *stop == '\\') {
    has_escape = true;
    if (end - stop < 2) return VS_JSON_CUT;
    stop = vs_json_string_stop(stop + 2, end);
  }
  *at = stop;
  if (stop >= end) return VS_JSON_CUT;
  if (*stop != '"') return VS_JSON_BROKEN;
  *ret_value = (struct vs_json_value){VS_JSON_STRING, has_escape, {begin, (size_t)(stop - begin)}};
  *at = stop + 1;
  return VS_JSON_DONE;
}

static inline const char *digits_end(const char *at, const char *end) {
  while (at < end && (unsigned)(unsigned char)*at - '0' <= 9)
    at++;
  return at;
}

/* A number is over only when something follows it, so one that touches the end is cut. */
static vs_json_outcome read_number(const char **at, const char *end, struct vs_json_value *ret_value) {
  const char *begin = *at, *p = begin + (*begin == '-'), *digits = p;
  p = digits_end(p, end);
  bool is_sound = p > digits && (*digits != '0' || p == digits + 1);
  if (p < end && *p == '.') {
    digits = p + 1;
    p = digits_end(digits, end);
    is_sound &= p > digits;
  }
  if (p < end && (*p | 0x20) == 'e') {
    digits = p + 1;
    digits += digits < end && (*digits == '-' || *digits == '+');
    p = digits_end(digits, end);
    is_sound &= p > digits;
  }
  if (p == end) return VS_JSON_CUT;
  *at = p;
  *ret_value = (struct vs_json_value){VS_JSON_NUMBER, false, {begin, (size_t)(p - begin)}};
  return is_sound ? VS_JSON_DONE : VS_JSON_BROKEN;
}

static vs_json_outcome read_word(const char **at, const char *end, struct vs_str word, vs_json_kind kind,
                                 struct vs_json_value *ret_value) {
  size_t size = VS_MIN((size_t)(end - *at), word.size);
  if (memcmp(*at, word.data, size) != 0) return VS_JSON_BROKEN;
  if (size < word.size) return VS_JSON_CUT;
  *ret_value = (struct vs_json_value){kind, false, {*at, size}};
  *at += size;
  return VS_JSON_DONE;
}

static vs_json_outcome read_scalar(const char **at, const char *end, struct vs_json_value *ret_value) {
  switch (**at) {
  case '"': return vs_json_string(at, end, ret_value);
  case 't': return read_word(at, end, VS_STR("true"), VS_JSON_BOOLEAN, ret_value);
  case 'f': return read_word(at, end, VS_STR("false"), VS_JSON_BOOLEAN, ret_value);
  case 'n': return read_word(at, end, VS_STR("null"), VS_JSON_NULL, ret_value);
  default:
    if (**at == '-' || (unsigned)(unsigned char)**at - '0' <= 9) return read_number(at, end, ret_value);
    return VS_JSON_BROKEN;
  }
}

/* "name" and the colon behind it. */
static vs_json_outcome read_name(const char **at, const char *end) {
  struct vs_json_value name;
  if (*at == end) return VS_JSON_CUT;
  if (**at != '"') return VS_JSON_BROKEN;
  vs_json_outcome outcome = vs_json_string(at, end, &name);
  if (outcome != VS_JSON_DONE) return outcome;
  *at = vs_json_space(*at, end);
  if (*at == end) return VS_JSON_CUT;
  return *(*at)++ == ':' ? VS_JSON_DONE : VS_JSON_BROKEN;
}

struct nesting {
  char closers[DEPTH_MAX];
  uint32_t depth;
};

/* Opens the array or object at *at. *ret_has_value: a value comes next, not the closing bracket. */
static vs_json_outcome open_nested(const char **at, const char *end, struct nesting *nesting, bool *ret_has_value) {
  char closer = **at == '{' ? '}' : ']';
  if (nesting->depth == DEPTH_MAX) return VS_JSON_BROKEN;
  nesting->closers[nesting->depth++] = closer;
  *at = vs_json_space(*at + 1, end);
  if (*at == end) return VS_JSON_CUT;
  *ret_has_value = **at != closer;
  return *ret_has_value && closer == '}' ? read_name(at, end) : VS_JSON_DONE;
}

/* Behind a value: closes what ends here, then steps over the comma and the next name. */
static vs_json_outcome close_nested(const char **at, const char *end, struct nesting *nesting) {
  while (nesting->depth) {
    char closer = nesting->closers[nesting->depth - 1];
    *at = vs_json_space(*at, end);
    if (*at == end) return VS_JSON_CUT;
    if (**at == ',') {
      *at = vs_json_space(*at + 1, end);
      return closer == '}' ? read_name(at, end) : VS_JSON_DONE;
    }
    if (**at != closer) return VS_JSON_BROKEN;
    ++*at;
    nesting->depth--;
  }
  return VS_JSON_DONE;
}

static vs_json_outcome read_nested(const char **at, const char *end, struct vs_json_value *ret_value) {
  const char *begin = *at;
  struct vs_json_value inner;
  struct nesting nesting = {.depth = 0};
  do {
    bool has_value = true;
    *at = vs_json_space(*at, end);
    if (*at == end) return VS_JSON_CUT;
    bool is_nested = **at == '{' || **at == '[';
    vs_json_outcome outcome = is_nested ? open_nested(at, end, &nesting, &has_value) : read_scalar(at, end, &inner);
    if (outcome == VS_JSON_DONE && (!is_nested || !has_value)) outcome = close_nested(at, end, &nesting);
    if (outcome != VS_JSON_DONE) return outcome;
  } while (nesting.depth);
  *ret_value = (struct vs_json_value){VS_JSON_NESTED, false, {begin, (size_t)(*at - begin)}};
  return VS_JSON_DONE;
}

vs_json_outcome vs_json_value(const char **at, const char *end, struct vs_json_value *ret_value) {
  if (*at == end) return VS_JSON_CUT;
  return **at == '{' || **at == '[' ? read_nested(at, end, ret_value) : read_scalar(at, end, ret_value);
}

static bool hex_4(const char *at, const char *end, uint32_t *ret_value) {
  uint32_t value = 0;
  if (end - at < 4) return false;
  for (int i = 0; i < 4; i++) {
    unsigned digit = (unsigned)(unsigned char)at[i] - '0', letter = ((unsigned)(unsigned char)at[i] | 0x20) - 'a';
    if (digit > 9 && letter > 5) return false;
    value = value << 4 | (digit <= 9 ? digit : letter + 10);
  }
  *ret_value = value;
  return true;
}

/* The code point behind \u, surrogate pairs joined; a lone surrogate becomes U+FFFD. */
static bool unicode_escape(const char **at, const char *end, uint32_t *ret_code_point) {
  uint32_t high, low;
  if (!hex_4(*at, end, &high)) return false;
  *at += 4;
  if (high >= 0xD800 && high < 0xDC00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u' &&
      hex_4(*at + 2, end, &low) && low >= 0xDC00 && low < 0xE000) {
    *at += 6;
    high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  }
  *ret_code_point = high;
  return true;
}

static bool simple_escape(char letter, char *ret_character) {
  static const char letters[] = "\"\\/bfnrt", characters[] = "\"\\/\b\f\n\r\t";
  const char *found = letter ? strchr(letters, letter) : NULL;
  if (found) *ret_character = characters[found - letters];
  return found != NULL;
}

/* An escape is never shorter than what it stands for, so the text's size is room enough. */
struct vs_str vs_json_unescape(const struct vs_json_value *value, struct vs_arena *arena) {
  const char *at = value->text.data, *end = at + value->text.size;
  uint32_t code_point;
  if (!value->has_escape) return value->text;
  char *copy = vs_arena_alloc(arena, value->text.size), *to = copy;
  while (copy && at < end) {
    if (*at != '\\') {
      *to++ = *at++;
    } else if (at[1] == 'u') {
      at += 2;
      if (!unicode_escape(&at, end, &code_point)) return (struct vs_str){NULL, 0};
      to += vs_utf8_encode(code_point, to);
    } else {
      if (!simple_escape(at[1], to++)) return (struct vs_str){NULL, 0};
      at += 2;
    }
  }
  return (struct vs_str){copy, copy ? (size_t)(to - copy) : 0};
}
