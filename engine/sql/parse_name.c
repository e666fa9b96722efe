/* SPDX-License-Identifier: Apache-2.0
 * Names, aliases, texts, numbers and WITH properties. */
#include "engine/base/utf8.h"
#include "engine/sql/parse.h"
#include "engine/types/decimal.h"
#include "engine/types/number.h"

#include <stdio.h>

bool vs_parse_is_ident(const struct vs_parser *parser, uint32_t ahead) {
  const struct vs_token *token = vs_parser_peek(parser, ahead);
  if (token->kind == VS_TOKEN_QUOTED_NAME || token->kind == VS_TOKEN_DOUBLE_QUOTED) return true;
  const struct vs_keyword *keyword = token->kind == VS_TOKEN_WORD ? vs_keyword_find(token->text) : NULL;
  return token->kind == VS_TOKEN_WORD && !(keyword && keyword->is_reserved);
}

/* What stands between quotes, doubled quotes made single. Borrowed from the text when there is nothing to change. */
static vs_status unquote(struct vs_parser *parser, struct vs_str inner, char quote, struct vs_str *ret_text) {
  if (!inner.size || !memchr(inner.data, quote, inner.size)) {
    *ret_text = inner;
    return VS_OK;
  }
  char *copy = vs_arena_alloc(parser->arena, inner.size);
  if (!copy) return vs_parser_no_memory(parser);
  size_t size = 0;
  for (size_t i = 0; i < inner.size; i++) {
    copy[size++] = inner.data[i];
    i += inner.data[i] == quote;
  }
  *ret_text = (struct vs_str){copy, size};
  return VS_OK;
}

static vs_status take_ident(struct vs_parser *parser, struct vs_ident *ret_ident) {
  const struct vs_token *token = vs_parser_take(parser);
  *ret_ident = (struct vs_ident){.text = token->text,
                                 .span = token->span,
                                 .is_double_quoted = token->kind == VS_TOKEN_DOUBLE_QUOTED,
                                 .is_back_quoted = token->kind == VS_TOKEN_QUOTED_NAME};
  if (token->kind == VS_TOKEN_WORD) return VS_OK;
  struct vs_str inner = {token->text.data + 1, token->text.size - 2};
  if (inner.size == 0) return vs_fail(parser->err, VS_CODE_UNEXPECTED_TOKEN, token->span, "a name is empty");
  return unquote(parser, inner, token->text.data[0], &ret_ident->text);
}

vs_status vs_parse_ident(struct vs_parser *parser, const char *what, struct vs_ident *ret_ident) {
  if (!vs_parse_is_ident(parser, 0)) return vs_parser_unexpected(parser, what, NULL);
  return take_ident(parser, ret_ident);
}

/* Behind a dot any word is a name: c.group needs no quotes. It must touch the dot, or `SELECT t. FROM trades t`, which
 * is what a cell looks like while a column is being typed, would lose its FROM. */
static vs_status parse_name_rest(struct vs_parser *parser, struct vs_name *name) {
  while (vs_parser_is_sign(parser, 0, ".") && !vs_parser_is_sign(parser, 1, "*")) {
    struct vs_ident part;
    vs_parser_take(parser);
    bool is_touching = vs_parser_peek(parser, 0)->span.begin == parser->tokens[parser->at - 1].span.end;
    if (is_touching && vs_parser_is_kind(parser, 0, VS_TOKEN_WORD))
      VS_TRY(take_ident(parser, &part));
    else
      VS_TRY(vs_parse_ident(parser, "a name after the dot", &part));
    if (!vs_list_push(parser->arena, (void **)&name->parts, name->part_count, &part, sizeof part))
      return vs_parser_no_memory(parser);
    name->part_count++;
    name->span.end = part.span.end;
  }
  return VS_OK;
}

vs_status vs_parse_name(struct vs_parser *parser, const char *what, struct vs_name *ret_name) {
  struct vs_ident first;
  *ret_name = (struct vs_name){.span = vs_parser_place(parser)};
  VS_TRY(vs_parse_ident(parser, what, &first));
  if (!vs_list_push(parser->arena, (void **)&ret_name->parts, 0, &first, sizeof first))
    return vs_parser_no_memory(parser);
  ret_name->part_count = 1;
  return parse_name_rest(parser, ret_name);
}

static vs_status parse_idents(struct vs_parser *parser, const char *what, struct vs_idents *ret_idents) {
  do {
    struct vs_ident ident;
    VS_TRY(vs_parse_ident(parser, what, &ident));
    if (!vs_list_push(parser->arena, (void **)&ret_idents->items, ret_idents->count, &ident, sizeof ident))
      return vs_parser_no_memory(parser);
    ret_idents->count++;
  } while (vs_parser_take_sign(parser, ","));
  return VS_OK;
}

vs_status vs_parse_ident_list(struct vs_parser *parser, const char *where, struct vs_idents *ret_idents) {
  uint32_t open = parser->at;
  *ret_idents = (struct vs_idents){0};
  VS_TRY(vs_parser_open(parser, "(", where));
  VS_TRY(parse_idents(parser, "a column name", ret_idents));
  return vs_parser_close(parser, ")", open);
}

/* DEPLOY JOB ... AS SELECT * FROM t STRATEGY ROLLING: no alias of t. */
static bool is_strategy(const struct vs_parser *parser) {
  static const char *const words[] = {"BLUE_GREEN", "CANARY", "ROLLING", "REPLACE"};
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_is_words(parser, "STRATEGY", words[i])) return true;
  return false;
}

vs_status vs_parse_alias(struct vs_parser *parser, struct vs_ident *ret_alias) {
  if (vs_parser_take_word(parser, "AS")) return vs_parse_ident(parser, "a name after AS", ret_alias);
  const struct vs_token *token = vs_parser_peek(parser, 0);
  const struct vs_keyword *keyword = token->kind == VS_TOKEN_WORD ? vs_keyword_find(token->text) : NULL;
  if (!vs_parse_is_ident(parser, 0) || (keyword && keyword->is_never_alias) || is_strategy(parser)) return VS_OK;
  parser->bare_alias = parser->at;
  return take_ident(parser, ret_alias);
}

static vs_status fail_escape(struct vs_parser *parser, const struct vs_token *token, size_t at, const char *why) {
  struct vs_span span = token->span;
  span.begin += (uint32_t)at;
  span.end = VS_MIN(span.begin + 2, token->span.end);
  vs_status status = vs_fail(parser->err, VS_CODE_BAD_ESCAPE, span, "%s in an E'...' text", why);
  return vs_fail_hint(parser->err, status, "known are \\n \\t \\r \\b \\f \\\\ \\' \\\" \\uXXXX \\UXXXXXXXX \\xHH");
}

static bool read_hex(struct vs_str text, size_t at, size_t digits, uint32_t *ret_code) {
  uint32_t code = 0;
  for (size_t i = at; i < at + digits; i++) {
    char c = i < text.size ? text.data[i] : ' ';
    uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                     : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                     : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                            : 16;
    if (digit == 16) return false;
    code = code << 4 | digit;
  }
  *ret_code = code;
  return true;
}

/* One escape at text[at] == '\\'; appends to `copy` and returns the bytes read, 0 when it is unknown. */
static size_t decode_escape(struct vs_str text, size_t at, char *copy, size_t *size) {
  static const char letters[] = "ntrbf\\'\"", meanings[] = "\n\t\r\b\f\\'\"";
  char letter = at + 1 < text.size ? text.data[at + 1] : ' ';
  const char *known = letter ? strchr(letters, letter) : NULL;
  uint32_t code = 0;
  if (known) {
    copy[(*size)++] = meanings[known - letters];
    return 2;
  }
  size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
  if (!digits || !read_hex(text, at + 2, digits, &code) || code == 0) return 0;
  if (letter == 'x')
    copy[(*size)++] = (char)(unsigned char)code;
  else if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
    return 0;
  else
    *size += vs_utf8_encode(code, copy + *size);
  return 2 + digits;
}

static vs_status unescape(struct vs_parser *parser, const struct vs_token *token, struct vs_str *ret_text) {
  struct vs_str text = {token->text.data, token->text.size - 1};
  char *copy = vs_arena_alloc(parser->arena, token->text.size);
  if (!copy) return vs_parser_no_memory(parser);
  size_t size = 0;
  for (size_t at = 2; at < text.size;) {
    if (text.data[at] != '\\') {
      copy[size++] = text.data[at];
      at += text.data[at] == '\'' ? 2 : 1;
      continue;
    }
    size_t read = decode_escape(text, at, copy, &size);
    if (read == 0) return fail_escape(parser, token, at, "an unknown escape");
    at += read;
  }
  if (!vs_utf8_is_valid(copy, size)) return fail_escape(parser, token, 0, "\\x bytes that are not UTF-8");
  *ret_text = (struct vs_str){copy, size};
  return VS_OK;
}

vs_status vs_parse_string(struct vs_parser *parser, const struct vs_token *token, struct vs_str *ret_text) {
  if (token->text.data[0] == 'E' || token->text.data[0] == 'e') return unescape(parser, token, ret_text);
  struct vs_str inner = {token->text.data + 1, token->text.size - 2};
  return unquote(parser, inner, token->text.data[0], ret_text);
}

static vs_status fail_number(struct vs_parser *parser, const struct vs_token *token, const char *why) {
  char found[64];
  vs_token_print(token, found);
  return vs_fail(parser->err, VS_CODE_BAD_NUMBER, token->span, "the number %s %s", found, why);
}

static uint8_t count_digits(vs_i128 value) {
  uint8_t digits = 0;
  for (vs_u128 rest = (vs_u128)(value < 0 ? -value : value); rest; rest /= 10)
    digits++;
  return digits;
}

struct vs_value vs_number_decimal(vs_i128 value, uint32_t scale) {
  uint8_t precision = VS_MAX(VS_MAX(count_digits(value), (uint8_t)scale), (uint8_t)1);
  return (struct vs_value){.type = vs_type_decimal(precision, (uint8_t)scale), .as.decimal = value};
}

static struct vs_value whole_value(vs_i128 value) {
  if (value >= INT64_MIN && value <= INT64_MAX)
    return (struct vs_value){.type = VS_TYPE(INTEGER), .as.integer = (int64_t)value};
  return vs_number_decimal(value, 0);
}

static bool read_hex_number(struct vs_str digits, vs_i128 *ret_value) {
  vs_u128 value = 0;
  for (size_t i = 2; i < digits.size; i++) {
    uint32_t digit;
    if (!read_hex(digits, i, 1, &digit) || value >> 120) return false;
    value = value << 4 | digit;
  }
  *ret_value = (vs_i128)value;
  return count_digits(*ret_value) <= VS_DECIMAL_MAX;
}

static bool read_decimal(struct vs_str digits, vs_i128 *ret_value, uint32_t *ret_scale) {
  uint32_t digit_count;
  if (!vs_decimal_parse(digits, ret_value, ret_scale, &digit_count)) return false;
  return *ret_scale <= VS_DECIMAL_MAX && vs_decimal_fits(*ret_value, VS_DECIMAL_MAX);
}

static vs_status number_of(struct vs_parser *parser, const struct vs_token *token, struct vs_str digits,
                           bool is_negative, struct vs_value *ret_value) {
  vs_i128 value = 0;
  uint32_t scale = 0;
  if (token->kind == VS_TOKEN_FLOAT) {
    double real;
    if (!vs_float_parse(digits, &real)) return fail_number(parser, token, "is too large for a FLOAT");
    *ret_value = (struct vs_value){.type = VS_TYPE(FLOAT), .as.real = is_negative ? -real : real};
    return VS_OK;
  }
  bool is_hex = digits.size > 1 && (digits.data[1] == 'x' || digits.data[1] == 'X');
  if (is_hex ? !read_hex_number(digits, &value) : !read_decimal(digits, &value, &scale))
    return fail_number(parser, token, "has more than 38 digits");
  value = is_negative ? -value : value;
  *ret_value = token->kind == VS_TOKEN_INTEGER ? whole_value(value) : vs_number_decimal(value, scale);
  return VS_OK;
}

vs_status vs_parse_number(struct vs_parser *parser, const struct vs_token *token, bool is_negative,
                          struct vs_value *ret_value) {
  enum { LONGEST = 400 };
  char digits[LONGEST + 2];
  size_t size = 0;
  if (token->text.size > LONGEST) return fail_number(parser, token, "has more than 38 digits");
  if (token->text.data[0] == '.') digits[size++] = '0';
  for (size_t i = 0; i < token->text.size; i++)
    if (token->text.data[i] != '_') digits[size++] = token->text.data[i];
  if (token->kind == VS_TOKEN_DECIMAL && digits[size - 1] == '.') size--;
  digits[size] = '\0';
  return number_of(parser, token, (struct vs_str){digits, size}, is_negative, ret_value);
}

/* 'a.b', "a.b", a.b.c, @name; the bare forms without white space inside. */
static vs_status parse_key(struct vs_parser *parser, const char *expected, struct vs_str *ret_key) {
  const struct vs_token *first = vs_parser_peek(parser, 0);
  if (first->kind == VS_TOKEN_STRING || first->kind == VS_TOKEN_DOUBLE_QUOTED)
    return vs_parse_string(parser, vs_parser_take(parser), ret_key);
  *ret_key = (struct vs_str){first->text.data, 0};
  if (vs_parser_take_sign(parser, "@")) ret_key->size = 1;
  for (;;) {
    const struct vs_token *part = vs_parser_peek(parser, 0);
    if (part->kind != VS_TOKEN_WORD || part->text.data != ret_key->data + ret_key->size)
      return vs_parser_unexpected(parser, expected, NULL);
    vs_parser_take(parser);
    ret_key->size += part->text.size;
    if (!vs_parser_take_sign(parser, ".")) return VS_OK;
    ret_key->size++;
  }
}

static vs_status parse_property_number(struct vs_parser *parser, bool is_negative, struct vs_value *ret_value) {
  if (!vs_parser_is_kind(parser, 0, VS_TOKEN_INTEGER) && !vs_parser_is_kind(parser, 0, VS_TOKEN_DECIMAL) &&
      !vs_parser_is_kind(parser, 0, VS_TOKEN_FLOAT))
    return vs_parser_unexpected(parser, "a number after the sign", NULL);
  return vs_parse_number(parser, vs_parser_take(parser), is_negative, ret_value);
}

/* Texts, numbers, TRUE and FALSE; a bare name or duration is text. */
static vs_status parse_property_value(struct vs_parser *parser, struct vs_value *ret_value) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  *ret_value = (struct vs_value){.type = VS_TYPE(STRING)};
  switch (token->kind) {
  case VS_TOKEN_STRING:
  case VS_TOKEN_DOUBLE_QUOTED: vs_parser_take(parser); return vs_parse_string(parser, token, &ret_value->as.string);
  case VS_TOKEN_INTEGER:
  case VS_TOKEN_DECIMAL:
  case VS_TOKEN_FLOAT: return parse_property_number(parser, false, ret_value);
  case VS_TOKEN_DURATION:
  case VS_TOKEN_URI: ret_value->as.string = vs_parser_take(parser)->text; return VS_OK;
  case VS_TOKEN_WORD:
    if (vs_parser_is_word(parser, 0, "TRUE") || vs_parser_is_word(parser, 0, "FALSE")) {
      *ret_value = (struct vs_value){.type = VS_TYPE(BOOLEAN), .as.boolean = vs_parser_is_word(parser, 0, "TRUE")};
      vs_parser_take(parser);
      return VS_OK;
    }
    return parse_key(parser, "a value: 'text', a number, true, false or a name", &ret_value->as.string);
  default: break;
  }
  if (vs_parser_is_sign(parser, 0, "-") || vs_parser_is_sign(parser, 0, "+"))
    return parse_property_number(parser, vs_str_equal(vs_parser_take(parser)->text, VS_STR("-")), ret_value);
  return vs_parser_unexpected(parser, "a value: 'text', a number, true, false or a name", NULL);
}

vs_status vs_parse_setting(struct vs_parser *parser, const char *where, struct vs_property *ret_property) {
  uint32_t first = parser->at;
  *ret_property = (struct vs_property){0};
  VS_TRY(parse_key(parser, where, &ret_property->key));
  ret_property->key_span = vs_parser_span(parser, first);
  VS_TRY(vs_parser_expect_sign(parser, "=", "between the key and its value"));
  first = parser->at;
  VS_TRY(parse_property_value(parser, &ret_property->value));
  ret_property->value_span = vs_parser_span(parser, first);
  return VS_OK;
}

vs_status vs_parse_properties(struct vs_parser *parser, struct vs_properties *ret_properties) {
  uint32_t first = parser->at;
  VS_TRY(vs_parser_expect_word(parser, "WITH", "in front of the properties"));
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "after WITH, as in WITH ('key' = 'value')"));
  ret_properties->items = VS_ARENA_ARRAY(parser->arena, struct vs_property, 1); /* not NULL: WITH () is written */
  if (!ret_properties->items) return vs_parser_no_memory(parser);
  ret_properties->count = 0;
  while (!vs_parser_is_sign(parser, 0, ")")) {
    struct vs_property property;
    VS_TRY(vs_parse_setting(parser, "a key: 'a.key', a.key or @key", &property));
    if (!vs_list_push(parser->arena, (void **)&ret_properties->items, ret_properties->count, &property,
                      sizeof property))
      return vs_parser_no_memory(parser);
    ret_properties->count++;
    if (!vs_parser_take_sign(parser, ",")) break;
  }
  VS_TRY(vs_parser_close(parser, ")", open));
  ret_properties->span = vs_parser_span(parser, first);
  return VS_OK;
}
