/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/secret.h"

#include <ctype.h>

/* clang-format off */
static const char *const secret_words[] = {"apikey", "credential", "credentials", "passphrase", "passwd", "password", "pwd", "secret", "secrets", "token"};
static const char *const key_makers[] = {"access", "account", "api", "auth", "encryption", "private", "secret", "shared", "signing", "ssl"};
/* clang-format on */

static bool is_one_of(const char *const *words, size_t count, struct vs_str word) {
  for (size_t i = 0; i < count; i++)
    if (vs_str_equal_nocase(vs_str_of(words[i]), word)) return true;
  return false;
}

/* The next word; empty at the end. */
static struct vs_str next_word(struct vs_str text, size_t *position) {
  while (*position < text.size && !isalnum((unsigned char)text.data[*position]))
    ++*position;
  size_t begin = *position;
  while (*position < text.size && isalnum((unsigned char)text.data[*position]))
    ++*position;
  return (struct vs_str){text.data + begin, *position - begin};
}

bool vs_secret_key_is(struct vs_str key) {
  struct vs_str before = {NULL, 0}, word;
  for (size_t position = 0; (word = next_word(key, &position)).size; before = word) {
    if (is_one_of(secret_words, VS_COUNT_OF(secret_words), word)) return true;
    if (vs_str_equal_nocase(word, VS_STR("key")) && is_one_of(key_makers, VS_COUNT_OF(key_makers), before)) return true;
  }
  return false;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static bool is_key_character(char c) {
  return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '-';
}

/* Far beyond any key or magic line: what looks back must not make a long cell slow. */
enum { LOOK_BACK_MAX = 4096 };

static size_t look_back_limit(size_t position) {
  return position > LOOK_BACK_MAX ? position - LOOK_BACK_MAX : 0;
}

static size_t skip_blanks_back(struct vs_str text, size_t end, size_t limit) {
  while (end > limit && is_blank(text.data[end - 1]))
    end--;
  return end;
}

static struct vs_str word_before(struct vs_str text, size_t end) {
  size_t limit = look_back_limit(end);
  end = skip_blanks_back(text, end, limit);
  if (end > limit && strchr("'\"`", text.data[end - 1])) end--;
  size_t begin = end;
  while (begin > limit && is_key_character(text.data[begin - 1]))
    begin--;
  return (struct vs_str){text.data + begin, end - begin};
}

/* The key that ends before `end`, quoted or bare, with an optional type between (`token: str = "x"`). */
static struct vs_str key_before(struct vs_str text, size_t end) {
  struct vs_str word = word_before(text, end);
  size_t begin = (size_t)(word.data - text.data);
  size_t colon = skip_blanks_back(text, begin, look_back_limit(begin));
  return colon > 0 && text.data[colon - 1] == ':' ? word_before(text, colon - 1) : word;
}

static size_t line_begin(struct vs_str text, size_t position, size_t limit) {
  const char *newline = memrchr(text.data + limit, '\n', position - limit);
  return newline ? (size_t)(newline - text.data) + 1 : limit;
}

static bool is_in_magic_line(struct vs_str text, size_t position) {
  position = line_begin(text, position, look_back_limit(position));
  while (position < text.size && is_blank(text.data[position]))
    position++;
  return position < text.size && text.data[position] == '%';
}

static bool is_heading(struct vs_str line) {
  size_t position = 0;
  line = vs_str_trim(line);
  bool is_comment = line.size > 2 && (line.data[0] == '#' || memcmp(line.data, "--", 2) == 0);
  return is_comment && vs_str_equal_nocase(next_word(line, &position), VS_STR("parameters")) &&
         position + 1 >= line.size;
}

/* Between a `-- Parameters` line and the next empty one: `name = value` is no comparison there. */
static bool is_in_parameter_block(struct vs_str text, size_t position) {
  size_t limit = look_back_limit(position);
  for (size_t end = position; end > limit;) {
    size_t begin = line_begin(text, end, limit);
    struct vs_str line = vs_str_trim((struct vs_str){text.data + begin, end - begin});
    if (!line.size || is_heading(line)) return line.size > 0;
    end = begin > limit ? begin - 1 : limit;
  }
  return false;
}

static size_t quoted_size(struct vs_str text, size_t begin, char quote) {
  size_t end = begin;
  while (end < text.size && (text.data[end] != quote || (end + 1 < text.size && text.data[end + 1] == quote)))
    end += text.data[end] == quote ? 2 : 1;
  return VS_MIN(end, text.size) - begin;
}

static size_t bare_size(struct vs_str text, size_t begin) {
  size_t end = begin;
  while (end < text.size && !isspace((unsigned char)text.data[end]) && !strchr(",;)", text.data[end]))
    end++;
  return end - begin;
}

static bool is_bare_place(struct vs_str text, size_t position) {
  return is_in_magic_line(text, position) || is_in_parameter_block(text, position);
}

/* A parameter (:name) or a reference (${env:X}) is no value yet. */
static struct vs_str value_at(struct vs_str text, size_t begin) {
  while (begin < text.size && is_blank(text.data[begin]))
    begin++;
  char first = begin < text.size ? text.data[begin] : '\0';
  struct vs_str value = {text.data + begin, 0};
  if (first == '\'' || first == '"')
    value = (struct vs_str){text.data + begin + 1, quoted_size(text, begin + 1, first)};
  else if (isdigit((unsigned char)first) || (is_bare_place(text, begin) && first != ':' && first != '='))
    value.size = bare_size(text, begin);
  bool is_reference = value.size > 2 && memcmp(value.data, "${", 2) == 0;
  return is_reference ? (struct vs_str){value.data, 0} : value;
}

bool vs_secret_find(struct vs_str text, size_t *position, struct vs_str *ret_value) {
  for (; *position < text.size; ++*position) {
    if (text.data[*position] != '=') continue;
    if (!vs_secret_key_is(key_before(text, *position))) continue;
    struct vs_str value = value_at(text, *position + 1);
    if (!value.size) continue;
    *position = (size_t)(value.data - text.data) + value.size;
    *ret_value = value;
    return true;
  }
  return false;
}
