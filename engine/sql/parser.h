/* SPDX-License-Identifier: Apache-2.0
 * Text -> tokens -> tree. One lexer serves the parser, statement splitting, completion and is_complete.
 *
 * Parsing is strict to the end of input. With `options.recover` set, parsing continues at clause keywords after an
 * error, so completion gets a partial tree; the first error is still reported. */
#ifndef VS_SQL_PARSER_H
#define VS_SQL_PARSER_H

#include "engine/sql/tree.h"

typedef enum {
  VS_TOKEN_END,
  VS_TOKEN_WORD,
  VS_TOKEN_QUOTED_NAME /* `x` */,
  VS_TOKEN_DOUBLE_QUOTED /* "x" */,
  VS_TOKEN_STRING,
  VS_TOKEN_INTEGER,
  VS_TOKEN_DECIMAL,
  VS_TOKEN_FLOAT,
  VS_TOKEN_DURATION /* 5m */,
  VS_TOKEN_PARAMETER /* :name */,
  VS_TOKEN_URI /* kafka://..., bare */,
  VS_TOKEN_SIGN,
  VS_TOKEN_COMMENT,
  VS_TOKEN_ERROR
} vs_token_kind;

struct vs_token {
  vs_token_kind kind;
  struct vs_span span;
  struct vs_str text; /* as written, borrowed from the input */
};

struct vs_parse_options {
  uint32_t source; /* index put into every span */
  uint32_t base;   /* added to every offset: the text starts there in its cell */
  bool recover;
};

/* The tokens of a text, comments included, END last; a bad character is one ERROR token and lexing goes on. */
vs_status vs_lex(struct vs_str text, const struct vs_parse_options *options, struct vs_arena *arena,
                 struct vs_token **ret_tokens, uint32_t *ret_token_count, struct vs_error *err) VS_NODISCARD;

/* All statements of a text. The tree borrows from `text`, which must live as long as `arena`.
 * Errors: VELO-10xx with span. With options->recover the tree holds what could be read, also when an error is returned.
 */
vs_status vs_parse(struct vs_str text, const struct vs_parse_options *options, struct vs_arena *arena,
                   struct vs_script *ret_script, struct vs_error *err) VS_NODISCARD;
/* One expression, to the end of text: alert conditions, metric conditions. `1 %` is the number 0.01 when
 * `allow_percent`. */
vs_status vs_parse_expression(struct vs_str text, const struct vs_parse_options *options, bool allow_percent,
                              struct vs_arena *arena, struct vs_expr **ret_expr, struct vs_error *err) VS_NODISCARD;

typedef enum { VS_COMPLETE, VS_INCOMPLETE, VS_INVALID } vs_completeness;
/* Open quote, parenthesis, comment, CASE: incomplete. A text that parses is complete, with or without ;. */
vs_completeness vs_completeness_of(struct vs_str text, struct vs_arena *arena);

/* Keywords for completion and for quoting, upper case, sorted. */
struct vs_keyword {
  const char *text;
  bool is_reserved;    /* cannot be a bare column name */
  bool is_never_alias; /* a name, but no alias without AS */
  bool starts_statement;
};
const struct vs_keyword *vs_keywords(uint32_t *ret_count);
const struct vs_keyword *vs_keyword_find(struct vs_str word); /* any case; NULL when it is no keyword */

#endif
