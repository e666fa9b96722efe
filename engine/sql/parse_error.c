/* SPDX-License-Identifier: Apache-2.0
 * What a syntax error says: what was found, what could stand there, and the likeliest slip. Slips are guessed from the
 * words around the place: a misspelt keyword read as an alias, a reserved word used as a name, a missing comma. */
#include "engine/base/suggest.h"
#include "engine/base/utf8.h"
#include "engine/sql/parse.h"

#include <stdio.h>

static const char clause_words[] = "FROM WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT EMIT INTO WITH UNION INTERSECT "
                                   "EXCEPT JOIN LEFT RIGHT FULL INNER CROSS USING WITHIN OFFSET";

void vs_token_print(const struct vs_token *token, char ret_text[64]) {
  enum { LONGEST = 40 };
  if (token->kind == VS_TOKEN_END) {
    snprintf(ret_text, 64, "the end of the text");
    return;
  }
  size_t size = 0;
  while (size < token->text.size && size < LONGEST && (unsigned char)token->text.data[size] >= ' ') {
    size_t step = vs_utf8_size(token->text.data + size, token->text.size - size);
    size += step ? step : 1;
  }
  snprintf(ret_text, 64, "%.*s%s", (int)size, token->text.data, size < token->text.size ? "..." : "");
}

bool vs_parser_suggest(struct vs_str word, const char *words, char ret_hint[VS_HINT_MAX]) {
  struct vs_suggest suggest;
  vs_suggest_init(&suggest, word);
  for (const char *at = words; word.size >= 3 && *at;) {
    size_t size = strcspn(at, " ");
    vs_suggest_offer(&suggest, (struct vs_str){at, size});
    at += size + (at[size] == ' ');
  }
  if (suggest.count == 0 || suggest.distances[0] == 0) return false;
  vs_suggest_print(&suggest, ret_hint, VS_HINT_MAX);
  return true;
}

static bool is_name_ahead(const struct vs_parser *parser) {
  static const char *const after[] = {",", ")", ".", "=", "<", ">", "+", "-", "*", "/", "<>", "!=", "<=", ">=", "||"};
  for (size_t i = 0; i < VS_COUNT_OF(after); i++)
    if (vs_parser_is_sign(parser, 1, after[i])) return true;
  return vs_parser_is_word(parser, 1, "FROM") || vs_parser_is_word(parser, 1, "AS");
}

/* SELECT order, x: a reserved word where a name was meant. */
static bool hint_reserved(const struct vs_parser *parser, char ret_hint[VS_HINT_MAX]) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  const struct vs_keyword *keyword = token->kind == VS_TOKEN_WORD ? vs_keyword_find(token->text) : NULL;
  bool is_behind_as = parser->at > 0 && vs_str_equal_nocase(parser->tokens[parser->at - 1].text, VS_STR("AS"));
  if (!keyword || !keyword->is_reserved || !((is_behind_as && !keyword->starts_statement) || is_name_ahead(parser)))
    return false;
  snprintf(ret_hint, VS_HINT_MAX, "%s is a reserved word; as a name write `%.*s`", keyword->text,
           VS_STR_ARG(token->text));
  return true;
}

static bool hint_comma(const struct vs_parser *parser, char ret_hint[VS_HINT_MAX]) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  bool is_behind_comma = parser->at > 0 && vs_str_equal(parser->tokens[parser->at - 1].text, VS_STR(","));
  const struct vs_keyword *keyword = token->kind == VS_TOKEN_WORD ? vs_keyword_find(token->text) : NULL;
  bool ends_list = (keyword && keyword->is_reserved) || vs_str_equal(token->text, VS_STR(")"));
  if (!is_behind_comma || !ends_list) return false;
  snprintf(ret_hint, VS_HINT_MAX, "remove the comma in front of %.*s", VS_STR_ARG(token->text));
  return true;
}

/* FROM t GRUOP BY x: GRUOP was read as the alias of t, and BY is what does not fit. */
static bool hint_misspelt_alias(struct vs_parser *parser, char ret_hint[VS_HINT_MAX], struct vs_span *span) {
  if (parser->bare_alias + 1 != parser->at || vs_parser_is_kind(parser, 0, VS_TOKEN_END)) return false;
  const struct vs_token *alias = &parser->tokens[parser->bare_alias];
  if (!vs_parser_suggest(alias->text, clause_words, ret_hint)) return false;
  *span = alias->span;
  return true;
}

static bool find_hint(struct vs_parser *parser, const char *words, char ret_hint[VS_HINT_MAX], struct vs_span *span) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  ret_hint[0] = '\0';
  return hint_misspelt_alias(parser, ret_hint, span) ||
         (words && token->kind == VS_TOKEN_WORD && vs_parser_suggest(token->text, words, ret_hint)) ||
         hint_comma(parser, ret_hint) || hint_reserved(parser, ret_hint);
}

/* The end of the text is shown behind its last token, not on the empty line below it. */
static struct vs_span place_of_end(const struct vs_parser *parser) {
  struct vs_span span = vs_parser_place(parser);
  span.end = parser->at > 0 ? parser->tokens[parser->at - 1].span.end : parser->options.base;
  span.begin = span.end;
  return span;
}

vs_status vs_parser_unexpected(struct vs_parser *parser, const char *expected, const char *words) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  struct vs_span span = token->span;
  char found[64], hint[VS_HINT_MAX];
  if (token->kind == VS_TOKEN_ERROR) return vs_parser_bad_token(parser, token);
  bool is_end = token->kind == VS_TOKEN_END;
  bool has_hint = find_hint(parser, words, hint, &span);
  if (span.begin != token->span.begin) token = &parser->tokens[parser->bare_alias];
  vs_token_print(token, found);
  vs_status status = vs_fail(parser->err, is_end ? VS_CODE_UNEXPECTED_END : VS_CODE_UNEXPECTED_TOKEN,
                             is_end ? place_of_end(parser) : span, "expected %s, found %s%s%s", expected,
                             is_end ? "" : "'", found, is_end ? "" : "'");
  return has_hint ? vs_fail_hint(parser->err, status, "%s", hint) : status;
}

static const char *trailing_hint(const struct vs_parser *parser) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  const struct vs_keyword *keyword = token->kind == VS_TOKEN_WORD ? vs_keyword_find(token->text) : NULL;
  if (vs_parser_is_sign(parser, 0, ")")) return "there is no ( for this )";
  if (vs_parser_is_sign(parser, 0, ",")) return "tables are joined by JOIN ... ON ..., or CROSS JOIN";
  if (vs_parser_is_word(parser, 0, "WHERE")) return "WHERE goes right behind FROM and its joins";
  if (vs_parser_is_word(parser, 0, "UNION") || vs_parser_is_word(parser, 0, "INTERSECT"))
    return "put the first query in parentheses: (SELECT ... LIMIT 5) UNION ...";
  if (keyword && keyword->starts_statement) return "end the statement in front of it with ;";
  if (keyword && keyword->is_reserved)
    return "compare the order: SELECT ... FROM ... WHERE ..., then the other clauses in any order";
  if (parser->bare_alias + 1 == parser->at)
    return "is a comma missing in front of it? columns are separated by commas: a, b AS c";
  return "end the statement with ; or remove the rest";
}

vs_status vs_parser_trailing(struct vs_parser *parser) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  struct vs_span span = token->span;
  char found[64], hint[VS_HINT_MAX];
  if (token->kind == VS_TOKEN_ERROR) return vs_parser_bad_token(parser, token);
  bool has_hint = find_hint(parser, clause_words, hint, &span);
  if (span.begin != token->span.begin) token = &parser->tokens[parser->bare_alias];
  vs_token_print(token, found);
  vs_status status =
      vs_fail(parser->err, VS_CODE_TRAILING_TOKENS, span, "the statement does not go on with '%s'", found);
  return vs_fail_hint(parser->err, status, "%s", has_hint ? hint : trailing_hint(parser));
}

/* Signs and letters of other languages and of word processors, with what to write here. */
/* clang-format off */
static const struct { const char *start, *message, *hint; } foreign[] = {
  {"==", "'==' is no operator here", "compare with ="},
  {"&&", "'&&' is no operator here", "write AND"},
  {"||", "'||' stands alone", "write OR between conditions"},
  {":=", "':=' is no operator here", "write ="},
  {"<=>", "'<=>' is no operator here", "write IS NOT DISTINCT FROM"},
  {"//", "'//' starts no comment here", "write -- for a comment to the end of the line"},
  {"#", "'#' starts no comment here", "write -- for a comment to the end of the line"},
  {"!", "'!' is no operator here", "write NOT, or <> for not equal"},
  {"|", "'|' is no operator here", "write || to join texts, OR between conditions"},
  {"&", "'&' is no operator here", "write AND, or BITAND(a, b)"},
  {"^", "'^' is no operator here", "write POWER(a, b)"},
  {"?", "'?' is no parameter here", "write :name and set it with %param name = value"},
  {"$", "'$' is no parameter here", "write :name and set it with %param name = value"},
  {"{", "'{' does not belong to SQL", "a parameter is written :name"},
  {"}", "'}' does not belong to SQL", "a parameter is written :name"},
  {"\\", "'\\' does not belong to SQL", "statements may run over several lines as they are"},
  {"\xE2\x80\x98", "a typographic quote", "write a straight quote: '"},
  {"\xE2\x80\x99", "a typographic quote", "write a straight quote: '"},
  {"\xE2\x80\x9C", "a typographic quote", "write a straight quote: ' for text"},
  {"\xE2\x80\x9D", "a typographic quote", "write a straight quote: ' for text"},
  {"\xE2\x80\x9E", "a typographic quote", "write a straight quote: ' for text"},
  {"\xC2\xB4", "an accent instead of a quote", "write a straight quote: '"},
  {"\xEF\xBC\x9B", "a full-width semicolon", "write ;"},
  {"\xEF\xBC\x8C", "a full-width comma", "write ,"},
  {"\xE2\x80\x93", "a typographic dash", "write - for minus, -- for a comment"},
  {"\xE2\x80\x94", "a typographic dash", "write - for minus, -- for a comment"},
  {"\xE2\x88\x92", "a typographic minus", "write -"},
  {"\xE2\x89\xA0", "a typographic sign", "write <>"},
  {"\xE2\x89\xA4", "a typographic sign", "write <="},
  {"\xE2\x89\xA5", "a typographic sign", "write >="},
  {"\xE2\x80\x8B", "an invisible character (zero-width space)", "remove it"},
};
/* clang-format on */

static vs_status fail_unterminated(struct vs_parser *parser, const struct vs_token *token) {
  char opening = token->text.data[0];
  struct vs_span span = token->span;
  const char *what = opening == '`'   ? "the name quoted by ` is never closed"
                     : opening == '"' ? "the name quoted by \" is never closed"
                     : opening == '/' ? "the comment opened by /* is never closed"
                                      : "the text opened by ' is never closed";
  const char *hint = opening == '`'   ? "close it with `"
                     : opening == '"' ? "close it with \"; text is written in single quotes"
                     : opening == '/' ? "close it with */; comments nest, so every /* needs its own"
                                      : "close it with '; a quote inside is doubled: 'it''s'";
  span.end = span.begin + (opening == '/' || opening == 'E' || opening == 'e' ? 2 : 1);
  return vs_fail_hint(parser->err, vs_fail(parser->err, VS_CODE_UNTERMINATED_TEXT, span, "%s", what), "%s", hint);
}

static vs_status fail_number(struct vs_parser *parser, const struct vs_token *token) {
  char found[64];
  vs_token_print(token, found);
  struct vs_str text = token->text;
  bool is_hex = text.size > 1 && (text.data[1] == 'x' || text.data[1] == 'X');
  bool has_unit = !is_hex && text.data[0] != '.' && strpbrk(found, "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWYZsd");
  vs_status status = vs_fail(parser->err, has_unit ? VS_CODE_BAD_DURATION : VS_CODE_BAD_NUMBER, token->span,
                             "%s is neither a number nor a duration", found);
  return vs_fail_hint(parser->err, status, "%s",
                      has_unit ? "units are ns us ms s m h d w, as in 5m or 1d12h; a name does not start with a digit"
                               : "numbers look like 15, 1_000, 1.5, 2e-3 or 0x1F");
}

vs_status vs_parser_bad_token(struct vs_parser *parser, const struct vs_token *token) {
  char first = token->text.data[0];
  if (first == '\'' || first == '"' || first == '`' || ((first == 'E' || first == 'e') && token->text.size > 1) ||
      (first == '/' && token->text.size > 1 && token->text.data[1] == '*'))
    return fail_unterminated(parser, token);
  if ((first >= '0' && first <= '9') || first == '.') return fail_number(parser, token);
  for (size_t i = 0; i < VS_COUNT_OF(foreign); i++)
    if (strlen(foreign[i].start) == token->text.size &&
        memcmp(foreign[i].start, token->text.data, token->text.size) == 0) {
      vs_status status = vs_fail(parser->err, VS_CODE_UNEXPECTED_CHARACTER, token->span, "%s", foreign[i].message);
      return vs_fail_hint(parser->err, status, "%s", foreign[i].hint);
    }
  size_t size;
  uint32_t code = vs_utf8_decode(token->text.data, token->text.size, &size);
  bool is_visible = code > ' ' && code != 0x7F && vs_utf8_width(token->text.data, token->text.size) > 0;
  vs_status status = vs_fail(parser->err, VS_CODE_UNEXPECTED_CHARACTER, token->span,
                             "the character %s%.*s%sU+%04X does not belong to SQL", is_visible ? "'" : "",
                             is_visible ? (int)token->text.size : 0, token->text.data, is_visible ? "' " : "", code);
  return vs_fail_hint(parser->err, status, "%s", "remove it, or quote it: text as 'text', a name as `name`");
}
