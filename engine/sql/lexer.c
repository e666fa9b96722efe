/* SPDX-License-Identifier: Apache-2.0
 * Text -> tokens. Lexing never fails on its input: what is no token becomes one VS_TOKEN_ERROR and lexing goes on, so
 * that completion and highlighting work on broken text; parse_error.c says what is wrong with such a token. */
#include "engine/base/utf8.h"
#include "engine/sql/parse.h"
#include "engine/sql/print.h"
#include "engine/types/time.h"

struct lexer {
  struct vs_str text;
  size_t at;
};

static char peek(const struct lexer *lexer, size_t ahead) {
  return lexer->at + ahead < lexer->text.size ? lexer->text.data[lexer->at + ahead] : '\0';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Bytes of a name character at `at`: a letter, `_`, or inside a name a digit; 0 when there is none. */
static size_t name_size(const struct lexer *lexer, size_t at, bool is_inside) {
  if (at >= lexer->text.size) return 0;
  char c = lexer->text.data[at];
  if ((unsigned char)c < 0x80) {
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return is_letter || (is_inside && is_digit(c)) ? 1 : 0;
  }
  size_t size = 1;
  uint32_t code = vs_utf8_decode(lexer->text.data + at, lexer->text.size - at, &size);
  return vs_utf8_is_letter(code) ? size : 0;
}

static void skip_name(struct lexer *lexer) {
  size_t size;
  while ((size = name_size(lexer, lexer->at, true)) > 0)
    lexer->at += size;
}

static bool has_prefix(const struct lexer *lexer, const char *prefix) {
  size_t size = strlen(prefix);
  return lexer->text.size - lexer->at >= size && memcmp(lexer->text.data + lexer->at, prefix, size) == 0;
}

/* White space: ASCII, form feed, the byte order mark and the no-break space. */
static void skip_space(struct lexer *lexer) {
  for (;;) {
    char c = peek(lexer, 0);
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f')
      lexer->at++;
    else if (has_prefix(lexer, "\xEF\xBB\xBF"))
      lexer->at += 3;
    else if (has_prefix(lexer, "\xC2\xA0"))
      lexer->at += 2;
    else
      return;
  }
}

/* From an opening quote to behind the closing one; a doubled quote stays inside. False: never closed. */
static bool skip_quoted(struct lexer *lexer, bool has_escapes) {
  char quote = peek(lexer, 0);
  lexer->at++;
  while (lexer->at < lexer->text.size) {
    char c = peek(lexer, 0);
    if (c == quote && peek(lexer, 1) != quote) return lexer->at++, true;
    lexer->at += c == quote || (has_escapes && c == '\\') ? 2 : 1;
  }
  lexer->at = lexer->text.size;
  return false;
}

static vs_token_kind lex_quoted(struct lexer *lexer) {
  char quote = peek(lexer, 0);
  if (!skip_quoted(lexer, false)) return VS_TOKEN_ERROR;
  return quote == '\'' ? VS_TOKEN_STRING : quote == '"' ? VS_TOKEN_DOUBLE_QUOTED : VS_TOKEN_QUOTED_NAME;
}

static vs_token_kind lex_line_comment(struct lexer *lexer) {
  while (lexer->at < lexer->text.size && peek(lexer, 0) != '\n')
    lexer->at++;
  return VS_TOKEN_COMMENT;
}

static vs_token_kind lex_block_comment(struct lexer *lexer) {
  size_t depth = 0;
  while (lexer->at < lexer->text.size) {
    if (has_prefix(lexer, "/*")) {
      depth++;
      lexer->at += 2;
    } else if (has_prefix(lexer, "*/")) {
      lexer->at += 2;
      if (--depth == 0) return VS_TOKEN_COMMENT;
    } else {
      lexer->at++;
    }
  }
  return VS_TOKEN_ERROR;
}

/* Digits with single underscores between them; false when an underscore stands elsewhere. */
static bool skip_digits(struct lexer *lexer, bool (*is_member)(char)) {
  bool is_good = peek(lexer, 0) != '_', was_digit = false;
  while (is_member(peek(lexer, 0)) || peek(lexer, 0) == '_') {
    bool is_one = peek(lexer, 0) != '_';
    is_good = is_good && (is_one || was_digit);
    was_digit = is_one;
    lexer->at++;
  }
  return is_good && was_digit;
}

/* What follows the digits at once: nothing, or the units of a duration such as 5m or 1d12h. */
static vs_token_kind lex_number_tail(struct lexer *lexer, size_t begin, vs_token_kind kind, bool is_good) {
  bool has_dot = peek(lexer, 0) == '.' && is_digit(peek(lexer, 1));
  if (name_size(lexer, lexer->at, true) == 0 && !has_dot) return is_good ? kind : VS_TOKEN_ERROR;
  struct vs_interval interval;
  do {
    skip_name(lexer);
    has_dot = peek(lexer, 0) == '.' && is_digit(peek(lexer, 1));
    lexer->at += has_dot;
  } while (has_dot);
  struct vs_str written = {lexer->text.data + begin, lexer->at - begin};
  return is_good && vs_duration_parse(written, &interval) ? VS_TOKEN_DURATION : VS_TOKEN_ERROR;
}

static bool has_exponent(const struct lexer *lexer) {
  char c = peek(lexer, 0), sign = peek(lexer, 1);
  return (c == 'e' || c == 'E') && (is_digit(sign) || ((sign == '+' || sign == '-') && is_digit(peek(lexer, 2))));
}

static vs_token_kind lex_number(struct lexer *lexer) {
  size_t begin = lexer->at;
  if (peek(lexer, 0) == '0' && (peek(lexer, 1) == 'x' || peek(lexer, 1) == 'X')) {
    lexer->at += 2;
    bool is_good = skip_digits(lexer, is_hex) && name_size(lexer, lexer->at, true) == 0;
    skip_name(lexer);
    return is_good ? VS_TOKEN_INTEGER : VS_TOKEN_ERROR;
  }
  vs_token_kind kind = VS_TOKEN_INTEGER;
  bool is_good = is_digit(peek(lexer, 0)) ? skip_digits(lexer, is_digit) : true;
  if (peek(lexer, 0) == '.') {
    kind = VS_TOKEN_DECIMAL;
    lexer->at++;
    if (is_digit(peek(lexer, 0)) || peek(lexer, 0) == '_') is_good = skip_digits(lexer, is_digit) && is_good;
  }
  if (has_exponent(lexer)) {
    kind = VS_TOKEN_FLOAT;
    lexer->at += is_digit(peek(lexer, 1)) ? 1 : 2; /* behind e, e+ or e- */
    is_good = skip_digits(lexer, is_digit) && is_good;
  }
  return lex_number_tail(lexer, begin, kind, is_good);
}

/* kafka://host:9092/topic, bare. It ends where white space, a comma, a semicolon, a quote or a bracket stands. */
static vs_token_kind lex_uri(struct lexer *lexer) {
  while (lexer->at < lexer->text.size) {
    char c = peek(lexer, 0);
    if ((unsigned char)c <= ' ' || strchr(",;'\"`()<>", c)) break;
    lexer->at++;
  }
  return VS_TOKEN_URI;
}

static vs_token_kind lex_word(struct lexer *lexer) {
  char first = peek(lexer, 0);
  if ((first == 'E' || first == 'e') && peek(lexer, 1) == '\'') {
    lexer->at++;
    return skip_quoted(lexer, true) ? VS_TOKEN_STRING : VS_TOKEN_ERROR;
  }
  skip_name(lexer);
  return has_prefix(lexer, "://") ? lex_uri(lexer) : VS_TOKEN_WORD;
}

/* Longest first. Those of the second list are no operators here, only habits of other languages: one ERROR token each,
 * so that the error can name the operator to write. */
static const char *const signs[] = {"->>", "::", "||", "<>", "!=", "<=", ">=", "->", "+", "-", "*", "/", "%",
                                    "=",   "<",  ">",  "(",  ")",  "[",  "]",  ",",  ".", ";", "~", "@", ":"};
static const char *const foreign_signs[] = {"<=>", "==", "&&", ":=", "//"};

static bool skip_one_of(struct lexer *lexer, const char *const *list, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (has_prefix(lexer, list[i])) return lexer->at += strlen(list[i]), true;
  return false;
}

static vs_token_kind lex_sign(struct lexer *lexer) {
  if (peek(lexer, 0) == ':' && name_size(lexer, lexer->at + 1, false) > 0) {
    lexer->at++;
    skip_name(lexer);
    return VS_TOKEN_PARAMETER;
  }
  if (skip_one_of(lexer, foreign_signs, VS_COUNT_OF(foreign_signs))) return VS_TOKEN_ERROR;
  if (skip_one_of(lexer, signs, VS_COUNT_OF(signs))) return VS_TOKEN_SIGN;
  size_t size = vs_utf8_size(lexer->text.data + lexer->at, lexer->text.size - lexer->at);
  lexer->at += size ? size : 1;
  return VS_TOKEN_ERROR;
}

static vs_token_kind lex_one(struct lexer *lexer) {
  char c = peek(lexer, 0);
  if (lexer->at >= lexer->text.size) return VS_TOKEN_END;
  if (c == '\'' || c == '"' || c == '`') return lex_quoted(lexer);
  if (has_prefix(lexer, "--")) return lex_line_comment(lexer);
  if (has_prefix(lexer, "/*")) return lex_block_comment(lexer);
  if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1)))) return lex_number(lexer);
  if (name_size(lexer, lexer->at, false) > 0) return lex_word(lexer);
  return lex_sign(lexer);
}

vs_status vs_lex(struct vs_str text, const struct vs_parse_options *options, struct vs_arena *arena,
                 struct vs_token **ret_tokens, uint32_t *ret_token_count, struct vs_error *err) {
  struct lexer lexer = {.text = text};
  struct vs_token *tokens = NULL, token;
  uint32_t count = 0;
  if (text.size > VS_SQL_TEXT_MAX)
    return vs_fail(err, VS_CODE_FIELD_LIMIT, VS_NO_SPAN, "a statement text of %zu bytes is over 16 MiB", text.size);
  do {
    skip_space(&lexer);
    size_t begin = lexer.at;
    token.kind = lex_one(&lexer);
    token.text = (struct vs_str){text.data ? text.data + begin : "", lexer.at - begin};
    token.span = (struct vs_span){options ? options->source : 0, (uint32_t)begin, (uint32_t)lexer.at};
    token.span.begin += options ? options->base : 0;
    token.span.end += options ? options->base : 0;
    if (!vs_list_push(arena, (void **)&tokens, count, &token, sizeof token)) return vs_fail_memory(err);
    count++;
  } while (token.kind != VS_TOKEN_END);
  *ret_tokens = tokens;
  *ret_token_count = count;
  return VS_OK;
}

bool vs_lex_is_name(struct vs_str text) {
  struct lexer lexer = {.text = text};
  if (name_size(&lexer, 0, false) == 0) return false;
  skip_name(&lexer);
  return lexer.at == text.size;
}
