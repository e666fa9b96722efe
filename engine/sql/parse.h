/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: the cursor over the tokens, and the productions the parse_*.c files share.
 *
 * Every production reads from the cursor, leaves it behind what it read, and returns a status; its error is in
 * parser->err. Outputs are written as far as they were read, also on failure, since completion wants a partial tree:
 * the one exception of this room to "ret_ only on success". A production never goes back over a nested construct, so
 * parsing takes linear time. */
#ifndef VS_SQL_PARSE_H
#define VS_SQL_PARSE_H

#include "engine/sql/parser.h"

enum {
  VS_SQL_TEXT_MAX = 16 << 20, /* spans are 32 bits wide and the arena holds about 100 bytes per token */
  VS_SQL_DEPTH_MAX = 200,     /* open brackets, CASEs and signs at any place */
  VS_SQL_HEIGHT_MAX = 2000    /* levels of the tree: a chain of operators is as high as it is long */
};

struct vs_parser {
  struct vs_str text;
  struct vs_parse_options options;
  struct vs_arena *arena;
  struct vs_error *err;          /* NULL once the first error is kept */
  const struct vs_token *tokens; /* without comments, END last */
  uint32_t token_count;
  const struct vs_token *comments;
  uint32_t comment_count;
  const uint32_t *partners; /* for each bracket token the index of the other one, else UINT32_MAX */
  uint32_t at;
  uint32_t depth, height; /* height: of the highest tree since it was last set to 0 */
  uint32_t bare_alias;    /* the last alias written without AS: often a misspelt clause; UINT32_MAX: none */
  bool allow_percent;
  bool keeps_last_with; /* inside START JOB ... AS: a second WITH belongs to the job */
  vs_status first_failure;
};

/* Appends a copy of `item`; returns its place, NULL without memory. Capacities are powers of two, so the count tells.
 */
void *vs_list_push(struct vs_arena *arena, void **items, uint32_t count, const void *item, size_t size);

/* The cursor (parse_cursor.c). `ahead` counts from the current token; behind the end stands END. */
const struct vs_token *vs_parser_peek(const struct vs_parser *parser, uint32_t ahead);
bool vs_parser_is_word(const struct vs_parser *parser, uint32_t ahead, const char *word);
bool vs_parser_is_sign(const struct vs_parser *parser, uint32_t ahead, const char *sign);
bool vs_parser_is_kind(const struct vs_parser *parser, uint32_t ahead, vs_token_kind kind);
bool vs_parser_is_words(const struct vs_parser *parser, const char *first, const char *second);
bool vs_parser_is_reserved(const struct vs_parser *parser, uint32_t ahead);
bool vs_parser_is_query(const struct vs_parser *parser, uint32_t ahead); /* SELECT or WITH, behind any number of ( */
const struct vs_token *vs_parser_take(struct vs_parser *parser);
bool vs_parser_take_word(struct vs_parser *parser, const char *word);
bool vs_parser_take_words(struct vs_parser *parser, const char *first, const char *second); /* both or none */
bool vs_parser_take_sign(struct vs_parser *parser, const char *sign);
vs_status vs_parser_expect_word(struct vs_parser *parser, const char *word, const char *where) VS_NODISCARD;
vs_status vs_parser_expect_sign(struct vs_parser *parser, const char *sign, const char *where) VS_NODISCARD;
/* Brackets count as depth: 200 open ones are VELO-1009. Close also says which bracket was open. */
vs_status vs_parser_open(struct vs_parser *parser, const char *sign, const char *where) VS_NODISCARD;
vs_status vs_parser_close(struct vs_parser *parser, const char *sign, uint32_t open_token) VS_NODISCARD;
vs_status vs_parser_enter(struct vs_parser *parser) VS_NODISCARD;
void vs_parser_leave(struct vs_parser *parser);
vs_status vs_parser_raise(struct vs_parser *parser,
                          uint32_t below) VS_NODISCARD; /* sets height to max(it, below + 1) */
struct vs_span vs_parser_span(const struct vs_parser *parser, uint32_t first_token); /* up to the last token taken */
struct vs_span vs_parser_place(const struct vs_parser *parser);                      /* of the current token */
vs_status vs_parser_no_memory(struct vs_parser *parser) VS_NODISCARD;
/* With options.recover: keeps the first failure, moves to the next clause keyword, comma-free end or `)` of this level
 * and returns VS_OK; otherwise returns `status`. */
vs_status vs_parser_recover(struct vs_parser *parser, vs_status status, uint32_t depth) VS_NODISCARD;

/* Errors (parse_error.c). `expected` completes "expected ..."; `words` are the keywords that could stand here, space
 * separated, for "did you mean"; NULL: none. */
vs_status vs_parser_unexpected(struct vs_parser *parser, const char *expected, const char *words) VS_NODISCARD;
vs_status vs_parser_trailing(struct vs_parser *parser) VS_NODISCARD;
vs_status vs_parser_bad_token(struct vs_parser *parser, const struct vs_token *token) VS_NODISCARD;
/* Writes "did you mean X?" when a word of the list is near; words of one or two letters resemble everything. */
enum { VS_HINT_MAX = 160 };
bool vs_parser_suggest(struct vs_str word, const char *words, char ret_hint[VS_HINT_MAX]);
void vs_token_print(const struct vs_token *token, char ret_text[64]); /* 'GRUOP', or the end of the text */

/* Names and properties (parse_name.c). */
bool vs_parse_is_ident(const struct vs_parser *parser, uint32_t ahead);
vs_status vs_parse_ident(struct vs_parser *parser, const char *what, struct vs_ident *ret_ident) VS_NODISCARD;
vs_status vs_parse_name(struct vs_parser *parser, const char *what, struct vs_name *ret_name) VS_NODISCARD;
vs_status vs_parse_ident_list(struct vs_parser *parser, const char *where,
                              struct vs_idents *ret_idents) VS_NODISCARD; /* ( ) */
vs_status vs_parse_alias(struct vs_parser *parser, struct vs_ident *ret_alias) VS_NODISCARD;
vs_status vs_parse_string(struct vs_parser *parser, const struct vs_token *token, struct vs_str *ret_text) VS_NODISCARD;
vs_status vs_parse_number(struct vs_parser *parser, const struct vs_token *token, bool is_negative,
                          struct vs_value *ret_value) VS_NODISCARD;
struct vs_value vs_number_decimal(vs_i128 value, uint32_t scale); /* of the least precision that holds it */
vs_status vs_parse_properties(struct vs_parser *parser, struct vs_properties *ret_properties) VS_NODISCARD; /* WITH ( */
vs_status vs_parse_setting(struct vs_parser *parser, const char *where, struct vs_property *ret_property) VS_NODISCARD;

/* Durations and windows (parse_duration.c, parse_window.c). Try leaves the cursor alone when there is none. `is_strict`
 * is the rule of expressions: no bare number, no text. */
bool vs_parse_duration_try(struct vs_parser *parser, bool is_strict, struct vs_duration *ret_duration);
vs_status vs_parse_duration(struct vs_parser *parser, const char *where, struct vs_duration *ret_duration) VS_NODISCARD;
vs_status vs_parse_duration_fail(struct vs_parser *parser, const char *where) VS_NODISCARD;
vs_status vs_parse_window(struct vs_parser *parser, struct vs_window **ret_window) VS_NODISCARD;
bool vs_parse_is_window_function(const struct vs_parser *parser);
vs_status vs_parse_window_function(struct vs_parser *parser, struct vs_source *source) VS_NODISCARD;

/* Expressions (parse_expr.c, parse_primary.c, parse_call.c). */
enum {
  VS_LEVEL_LOWEST = 1,
  VS_LEVEL_NOT = 3,
  VS_LEVEL_COMPARE = 4,
  VS_LEVEL_OPERAND = 5,
  VS_LEVEL_SIGN = 8,
  VS_LEVEL_POSTFIX = 9
};
vs_status vs_parse_expr(struct vs_parser *parser, struct vs_expr **ret_expr) VS_NODISCARD;
vs_status vs_parse_expr_at(struct vs_parser *parser, int level, struct vs_expr **ret_expr) VS_NODISCARD;
vs_status vs_parse_expr_rest(struct vs_parser *parser, uint32_t first, int level, struct vs_expr **expr) VS_NODISCARD;
vs_status vs_parse_exprs(struct vs_parser *parser, struct vs_exprs *ret_exprs) VS_NODISCARD;
vs_status vs_parse_sort(struct vs_parser *parser, struct vs_sort *ret_sort) VS_NODISCARD; /* ORDER BY ... */
vs_status vs_parse_primary(struct vs_parser *parser, struct vs_expr **ret_expr) VS_NODISCARD;
bool vs_parse_is_star(const struct vs_parser *parser); /* *, t.*; only a select item or a lone argument may be one */
vs_status vs_parse_star(struct vs_parser *parser, struct vs_expr **ret_expr) VS_NODISCARD;
vs_status vs_parse_call(struct vs_parser *parser, struct vs_ident name, uint32_t first,
                        struct vs_expr **ret_expr) VS_NODISCARD;
vs_status vs_parse_over(struct vs_parser *parser, struct vs_over **ret_over) VS_NODISCARD;
struct vs_expr *vs_expr_new(struct vs_parser *parser, vs_expr_kind kind, uint32_t first);
vs_status vs_exprs_push(struct vs_parser *parser, struct vs_exprs *exprs, struct vs_expr *expr) VS_NODISCARD;

vs_status vs_parse_type(struct vs_parser *parser, struct vs_type_node *ret_type) VS_NODISCARD;

/* Queries and statements. */
vs_status vs_parse_query(struct vs_parser *parser, struct vs_query **ret_query) VS_NODISCARD;
vs_status vs_parse_source(struct vs_parser *parser, struct vs_source *source) VS_NODISCARD;
vs_status vs_parse_joins(struct vs_parser *parser, struct vs_select *select) VS_NODISCARD;
vs_status vs_parse_statement(struct vs_parser *parser, struct vs_statement *statement) VS_NODISCARD;
vs_status vs_parse_create(struct vs_parser *parser, struct vs_create **ret_create) VS_NODISCARD;
vs_status vs_parse_job(struct vs_parser *parser, struct vs_statement *statement) VS_NODISCARD;

/* The comments of tokens [from, to) as annotations (annotation_lex.c). */
vs_status vs_annotations_collect(struct vs_parser *parser, uint32_t from_offset, uint32_t to_offset,
                                 struct vs_statement *statement) VS_NODISCARD;

#endif
