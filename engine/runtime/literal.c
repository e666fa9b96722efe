/* SPDX-License-Identifier: Apache-2.0
 * Literals of parameter cells. papermill injects Python text, people write SQL or Python quotes, `velo -p` gives bare
 * text; all become typed values here, and nothing is ever spliced into SQL as text. */
#include "engine/base/utf8.h"
#include "engine/runtime/engine_state.h"
#include "engine/types/decimal.h"
#include "engine/types/time.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

struct reader {
  const char *next, *end;
  struct vs_arena *arena;
};

static void skip_space(struct reader *reader) {
  while (reader->next < reader->end && isspace((unsigned char)*reader->next))
    reader->next++;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Digits with at most one dot and one exponent; underscores between digits are allowed as in Python and SQL. */
static bool looks_numeric(struct vs_str text, bool *ret_has_dot, bool *ret_has_exponent) {
  size_t i = text.size && text.data[0] == '-' ? 1 : 0, digits = 0;
  *ret_has_dot = *ret_has_exponent = false;
  for (; i < text.size; i++) {
    char c = text.data[i];
    if (is_digit(c)) {
      digits++;
    } else if (c == '.' && !*ret_has_dot && !*ret_has_exponent) {
      *ret_has_dot = true;
    } else if ((c == 'e' || c == 'E') && digits && !*ret_has_exponent && i + 1 < text.size) {
      *ret_has_exponent = true;
      if (text.data[i + 1] == '+' || text.data[i + 1] == '-') i++;
    } else {
      return false;
    }
  }
  return digits > 0 && is_digit(text.data[text.size - 1]);
}

static bool has_leading_zero(struct vs_str text) {
  size_t i = text.data[0] == '-' ? 1 : 0;
  return text.size > i + 1 && text.data[i] == '0' && is_digit(text.data[i + 1]);
}

static bool read_real(struct vs_str text, struct vs_value *ret_value) {
  char digits[128];
  if (text.size >= sizeof digits) return false;
  memcpy(digits, text.data, text.size);
  digits[text.size] = '\0';
  double real = strtod(digits, NULL);
  if (!isfinite(real)) return false;
  *ret_value = (struct vs_value){.type = VS_TYPE(FLOAT), .as.real = real};
  return true;
}

static bool read_exact(struct vs_str text, bool has_dot, struct vs_value *ret_value) {
  vs_i128 value;
  uint32_t scale, digits;
  if (!vs_decimal_parse(text, &value, &scale, &digits) || digits > VS_DECIMAL_MAX) return false;
  if (!has_dot && value >= INT64_MIN && value <= INT64_MAX) {
    *ret_value = (struct vs_value){.type = VS_TYPE(INTEGER), .as.integer = (int64_t)value};
    return true;
  }
  uint32_t precision = VS_MAX(VS_MAX(digits, scale), 1u);
  *ret_value = (struct vs_value){.type = vs_type_decimal((uint8_t)precision, (uint8_t)scale), .as.decimal = value};
  return true;
}

static bool read_number(struct vs_str text, struct vs_value *ret_value) {
  bool has_dot, has_exponent;
  if (!text.size || !looks_numeric(text, &has_dot, &has_exponent) || has_leading_zero(text)) return false;
  return has_exponent ? read_real(text, ret_value) : read_exact(text, has_dot, ret_value);
}

static bool read_time(struct vs_str text, struct vs_value *ret_value) {
  int64_t value;
  if (vs_date_parse(text, &value))
    *ret_value = (struct vs_value){.type = VS_TYPE(DATE), .as.integer = value};
  else if (vs_timestamp_parse(text, &value))
    *ret_value = (struct vs_value){.type = VS_TYPE(TIMESTAMP), .as.integer = value};
  else
    return false;
  return true;
}

static bool read_word(struct vs_str text, struct vs_value *ret_value) {
  if (vs_str_equal_nocase(text, VS_STR("true")) || vs_str_equal_nocase(text, VS_STR("false")))
    *ret_value = (struct vs_value){.type = VS_TYPE(BOOLEAN), .as.boolean = text.size == 4};
  else if (vs_str_equal_nocase(text, VS_STR("none")) || vs_str_equal_nocase(text, VS_STR("null")))
    *ret_value = vs_value_null(VS_TYPE(NULL));
  else
    return false;
  return true;
}

/* A word that ends at a separator: a number (underscores dropped), True, None, 2026-01-31T12:00:00Z. */
static bool read_plain(struct vs_str text, struct vs_arena *arena, struct vs_value *ret_value) {
  char *digits = vs_arena_alloc(arena, text.size + 1);
  size_t size = 0;
  if (!digits) return false;
  for (size_t i = 0; i < text.size; i++)
    if (text.data[i] != '_' || i == 0 || !is_digit(text.data[i - 1])) digits[size++] = text.data[i];
  return read_number((struct vs_str){digits, size}, ret_value) || read_word(text, ret_value) ||
         read_time(text, ret_value);
}

static int hex_value(char c) {
  return is_digit(c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

static size_t read_code_point(struct reader *reader, int digits, char *ret_bytes) {
  uint32_t code_point = 0;
  for (int i = 0; i < digits; i++, reader->next++) {
    int value = reader->next < reader->end ? hex_value(*reader->next) : -1;
    if (value < 0) return 0;
    code_point = code_point << 4 | (uint32_t)value;
  }
  return vs_utf8_encode(code_point, ret_bytes);
}

/* The escape after a backslash, as Python reads it; an unknown one keeps its backslash. */
static size_t read_escape(struct reader *reader, char *ret_bytes) {
  static const char names[] = "ntrbf0\\'\"", values[] = "\n\t\r\b\f\0\\'\"";
  char c = *reader->next++;
  const char *found = strchr(names, c);
  if (c && found) {
    ret_bytes[0] = values[found - names];
    return 1;
  }
  if (c == 'u' || c == 'U' || c == 'x') return read_code_point(reader, c == 'u' ? 4 : c == 'U' ? 8 : 2, ret_bytes);
  ret_bytes[0] = '\\';
  ret_bytes[1] = c;
  return 2;
}

static bool read_quoted(struct reader *reader, struct vs_value *ret_value) {
  char quote = *reader->next++;
  char *bytes = vs_arena_alloc(reader->arena, (size_t)(reader->end - reader->next) * 2 + 1);
  size_t size = 0;
  while (bytes && reader->next < reader->end) {
    char c = *reader->next++;
    bool is_doubled = c == quote && reader->next < reader->end && *reader->next == quote;
    if (c == quote && !is_doubled) {
      *ret_value = (struct vs_value){.type = VS_TYPE(STRING), .as.string = {bytes, size}};
      return true;
    }
    if (is_doubled) reader->next++;
    if (c == '\\' && reader->next < reader->end) {
      size_t added = read_escape(reader, bytes + size);
      if (!added) return false;
      size += added;
    } else {
      bytes[size++] = c;
    }
  }
  return false;
}

/* 5 -- so many */
static bool starts_comment(const struct reader *reader) {
  return reader->end - reader->next > 2 && memcmp(reader->next, " --", 3) == 0;
}

static bool read_scalar(struct reader *reader, struct vs_value *ret_value) {
  if (reader->next < reader->end && (*reader->next == '\'' || *reader->next == '"'))
    return read_quoted(reader, ret_value);
  const char *begin = reader->next;
  while (reader->next < reader->end && !memchr(",])#", *reader->next, 4) && !starts_comment(reader))
    reader->next++;
  return read_plain(vs_str_trim((struct vs_str){begin, (size_t)(reader->next - begin)}), reader->arena, ret_value);
}

static bool read_list(struct reader *reader, struct vs_parameter *ret_parameter) {
  char close = *reader->next++ == '[' ? ']' : ')';
  size_t capacity = 1;
  for (const char *c = reader->next; c < reader->end; c++)
    capacity += *c == ',';
  struct vs_value *items = VS_ARENA_ARRAY(reader->arena, struct vs_value, capacity + 1);
  uint32_t count = 0;
  for (skip_space(reader); items && reader->next < reader->end && *reader->next != close; skip_space(reader)) {
    if (!read_scalar(reader, &items[count++])) return false;
    skip_space(reader);
    if (reader->next < reader->end && *reader->next == ',')
      reader->next++;
    else if (reader->next == reader->end || *reader->next != close)
      return false;
  }
  if (!items || reader->next == reader->end) return false;
  reader->next++;
  ret_parameter->value = vs_value_null(VS_TYPE(NULL));
  ret_parameter->list = items;
  ret_parameter->list_count = count;
  return true;
}

static bool read_literal(struct reader *reader, struct vs_parameter *ret_parameter) {
  skip_space(reader);
  if (reader->next == reader->end) return false;
  bool is_list = *reader->next == '[' || *reader->next == '(';
  if (!(is_list ? read_list(reader, ret_parameter) : read_scalar(reader, &ret_parameter->value))) return false;
  skip_space(reader);
  bool is_at_comment = reader->next < reader->end &&
                       (*reader->next == '#' || (reader->end - reader->next > 1 && memcmp(reader->next, "--", 2) == 0));
  return reader->next == reader->end || is_at_comment;
}

bool vs_literal_parse(struct vs_str text, bool is_bare, struct vs_arena *arena, struct vs_parameter *ret_parameter) {
  struct reader reader = {text.data, text.data + text.size, arena};
  struct vs_parameter parameter = {0};
  bool is_literal = text.size && read_literal(&reader, &parameter);
  if (!is_literal && !is_bare) return false;
  if (!is_literal) {
    char *copy = vs_arena_copy(arena, text.data ? text.data : "", text.size);
    if (!copy) return false;
    parameter = (struct vs_parameter){.value = {.type = VS_TYPE(STRING), .as.string = {copy, text.size}}};
    if (text.size == 0) parameter.value = vs_value_null(VS_TYPE(STRING));
  }
  parameter.name = ret_parameter->name;
  *ret_parameter = parameter;
  return true;
}
