/* SPDX-License-Identifier: Apache-2.0
 * The cursor over the tokens: looking ahead, taking, expecting, nesting, recovery. */
#include "engine/sql/parse.h"

#include <assert.h>
#include <stdio.h>

void *vs_list_push(struct vs_arena *arena, void **items, uint32_t count, const void *item, size_t size) {
  bool is_full = count == 0 || (count >= 4 && (count & (count - 1)) == 0);
  if (is_full) {
    char *grown = vs_arena_alloc(arena, size * (count ? (size_t)count * 2 : 4));
    if (!grown) return NULL;
    if (count) memcpy(grown, *items, size * count);
    *items = grown;
  }
  return memcpy((char *)*items + size * count, item, size);
}

const struct vs_token *vs_parser_peek(const struct vs_parser *parser, uint32_t ahead) {
  uint32_t last = parser->token_count - 1;
  return &parser->tokens[ahead > last - parser->at ? last : parser->at + ahead];
}

bool vs_parser_is_kind(const struct vs_parser *parser, uint32_t ahead, vs_token_kind kind) {
  return vs_parser_peek(parser, ahead)->kind == kind;
}

bool vs_parser_is_word(const struct vs_parser *parser, uint32_t ahead, const char *word) {
  const struct vs_token *token = vs_parser_peek(parser, ahead);
  return token->kind == VS_TOKEN_WORD && vs_str_equal_nocase(token->text, vs_str_of(word));
}

bool vs_parser_is_sign(const struct vs_parser *parser, uint32_t ahead, const char *sign) {
  const struct vs_token *token = vs_parser_peek(parser, ahead);
  return token->kind == VS_TOKEN_SIGN && vs_str_equal(token->text, vs_str_of(sign));
}

bool vs_parser_is_words(const struct vs_parser *parser, const char *first, const char *second) {
  return vs_parser_is_word(parser, 0, first) && vs_parser_is_word(parser, 1, second);
}

bool vs_parser_is_reserved(const struct vs_parser *parser, uint32_t ahead) {
  const struct vs_token *token = vs_parser_peek(parser, ahead);
  const struct vs_keyword *keyword = token->kind == VS_TOKEN_WORD ? vs_keyword_find(token->text) : NULL;
  return keyword && keyword->is_reserved;
}

bool vs_parser_is_query(const struct vs_parser *parser, uint32_t ahead) {
  while (vs_parser_is_sign(parser, ahead, "("))
    ahead++;
  return vs_parser_is_word(parser, ahead, "SELECT") || vs_parser_is_word(parser, ahead, "WITH");
}

const struct vs_token *vs_parser_take(struct vs_parser *parser) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  if (token->kind != VS_TOKEN_END) parser->at++;
  return token;
}

bool vs_parser_take_word(struct vs_parser *parser, const char *word) {
  bool is_there = vs_parser_is_word(parser, 0, word);
  parser->at += is_there;
  return is_there;
}

bool vs_parser_take_words(struct vs_parser *parser, const char *first, const char *second) {
  bool are_there = vs_parser_is_words(parser, first, second);
  parser->at += are_there ? 2 : 0;
  return are_there;
}

bool vs_parser_take_sign(struct vs_parser *parser, const char *sign) {
  bool is_there = vs_parser_is_sign(parser, 0, sign);
  parser->at += is_there;
  return is_there;
}

vs_status vs_parser_expect_word(struct vs_parser *parser, const char *word, const char *where) {
  char expected[96];
  if (vs_parser_take_word(parser, word)) return VS_OK;
  snprintf(expected, sizeof expected, "%s %s", word, where);
  return vs_parser_unexpected(parser, expected, word);
}

vs_status vs_parser_expect_sign(struct vs_parser *parser, const char *sign, const char *where) {
  char expected[96];
  if (vs_parser_take_sign(parser, sign)) return VS_OK;
  snprintf(expected, sizeof expected, "%s %s", sign, where);
  return vs_parser_unexpected(parser, expected, NULL);
}

vs_status vs_parser_enter(struct vs_parser *parser) {
  if (++parser->depth <= VS_SQL_DEPTH_MAX) return VS_OK;
  vs_status status =
      vs_fail(parser->err, VS_CODE_TOO_DEEP, vs_parser_place(parser), "nested more than %d deep", VS_SQL_DEPTH_MAX);
  return vs_fail_hint(parser->err, status, "name the inner part in WITH name AS (...)");
}

void vs_parser_leave(struct vs_parser *parser) {
  assert(parser->depth > 0);
  parser->depth--;
}

vs_status vs_parser_open(struct vs_parser *parser, const char *sign, const char *where) {
  VS_TRY(vs_parser_expect_sign(parser, sign, where));
  return vs_parser_enter(parser);
}

vs_status vs_parser_close(struct vs_parser *parser, const char *sign, uint32_t open_token) {
  if (vs_parser_take_sign(parser, sign)) {
    vs_parser_leave(parser);
    return VS_OK;
  }
  char expected[64];
  snprintf(expected, sizeof expected, "%s or , for the bracket left open", sign);
  vs_status status = vs_parser_unexpected(parser, expected, NULL);
  if (parser->err) parser->err->other = parser->tokens[open_token].span;
  return status;
}

vs_status vs_parser_raise(struct vs_parser *parser, uint32_t below) {
  parser->height = VS_MAX(parser->height, below + 1);
  if (parser->height <= VS_SQL_HEIGHT_MAX) return VS_OK;
  vs_status status = vs_fail(parser->err, VS_CODE_TOO_DEEP, vs_parser_place(parser),
                             "more than %d operators in one chain", VS_SQL_HEIGHT_MAX);
  return vs_fail_hint(parser->err, status, "use IN (...) instead of many ORs, or split the chain with parentheses");
}

struct vs_span vs_parser_place(const struct vs_parser *parser) {
  return vs_parser_peek(parser, 0)->span;
}

struct vs_span vs_parser_span(const struct vs_parser *parser, uint32_t first_token) {
  struct vs_span span = parser->tokens[first_token].span;
  if (parser->at > first_token) span.end = parser->tokens[parser->at - 1].span.end;
  return span;
}

vs_status vs_parser_no_memory(struct vs_parser *parser) {
  return vs_fail_memory(parser->err);
}

/* Words that begin a clause, where reading can go on after an error. */
static bool is_clause_start(const struct vs_parser *parser) {
  static const char *const words[] = {"FROM",  "WHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW",   "ORDER",
                                      "LIMIT", "EMIT",  "INTO",  "UNION",  "JOIN",    "INTERSECT"};
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_is_word(parser, 0, words[i])) return true;
  return vs_parser_is_word(parser, 0, "WITH") && vs_parser_is_sign(parser, 1, "(");
}

static bool is_level_end(const struct vs_parser *parser) {
  return vs_parser_is_kind(parser, 0, VS_TOKEN_END) || vs_parser_is_sign(parser, 0, ";") ||
         vs_parser_is_sign(parser, 0, ")");
}

vs_status vs_parser_recover(struct vs_parser *parser, vs_status status, uint32_t depth) {
  if (status == VS_OK || !parser->options.recover || status == VS_RESOURCE) return status;
  if (parser->first_failure == VS_OK) parser->first_failure = status;
  parser->err = NULL;
  parser->depth = depth;
  while (!is_level_end(parser) && !is_clause_start(parser)) {
    uint32_t partner = parser->partners[parser->at];
    parser->at = partner != UINT32_MAX && partner > parser->at ? partner + 1 : parser->at + 1;
  }
  return VS_OK;
}
