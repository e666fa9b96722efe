/* SPDX-License-Identifier: Apache-2.0
 * The entrances: a whole text into statements, one expression, and whether a text is complete. */
#include "engine/sql/parser.h"

#include "engine/base/utf8.h"
#include "engine/sql/parse.h"

static const struct vs_parse_options no_options = {0};

static vs_status check_utf8(struct vs_str text, const struct vs_parse_options *options, struct vs_error *err) {
  size_t at = 0, size;
  if (text.size > VS_SQL_TEXT_MAX || vs_utf8_is_valid(text.data, text.size)) return VS_OK;
  while ((size = vs_utf8_size(text.data + at, text.size - at)) > 0)
    at += size;
  struct vs_span span = {options->source, options->base + (uint32_t)at, options->base + (uint32_t)at + 1};
  vs_status status = vs_fail(err, VS_CODE_NOT_UTF8, span, "the byte 0x%02X is not UTF-8", (unsigned char)text.data[at]);
  return vs_fail_hint(err, status, "save the text as UTF-8");
}

/* Comments leave the token list; what they annotate is found by their offsets. */
static vs_status split_comments(struct vs_parser *parser, const struct vs_token *all, uint32_t count) {
  struct vs_token *tokens = VS_ARENA_ARRAY(parser->arena, struct vs_token, count);
  struct vs_token *comments = VS_ARENA_ARRAY(parser->arena, struct vs_token, count);
  if (!tokens || !comments) return vs_parser_no_memory(parser);
  for (uint32_t i = 0; i < count; i++)
    if (all[i].kind == VS_TOKEN_COMMENT)
      comments[parser->comment_count++] = all[i];
    else
      tokens[parser->token_count++] = all[i];
  parser->tokens = tokens;
  parser->comments = comments;
  return VS_OK;
}

/* Brackets find their partners once, so that looking behind a closing one costs nothing however deep they nest. */
static vs_status match_brackets(struct vs_parser *parser) {
  uint32_t *partners = VS_ARENA_ARRAY(parser->arena, uint32_t, parser->token_count);
  uint32_t *open = VS_ARENA_ARRAY(parser->arena, uint32_t, parser->token_count), open_count = 0;
  if (!partners || !open) return vs_parser_no_memory(parser);
  for (uint32_t i = 0; i < parser->token_count; i++) {
    const struct vs_token *token = &parser->tokens[i];
    char sign = token->kind == VS_TOKEN_SIGN && token->text.size == 1 ? token->text.data[0] : ' ';
    partners[i] = UINT32_MAX;
    if (sign == '(' || sign == '[') open[open_count++] = i;
    char wanted = sign == ')' ? '(' : '[';
    bool is_close = (sign == ')' || sign == ']') && open_count > 0;
    if (is_close && parser->tokens[open[open_count - 1]].text.data[0] == wanted) {
      uint32_t partner = open[--open_count];
      partners[partner] = i;
      partners[i] = partner;
    }
  }
  parser->partners = partners;
  return VS_OK;
}

static vs_status prepare(struct vs_parser *parser, struct vs_str text, const struct vs_parse_options *options,
                         struct vs_arena *arena, struct vs_error *err) {
  struct vs_token *tokens;
  uint32_t count;
  options = options ? options : &no_options;
  *parser =
      (struct vs_parser){.text = text, .options = *options, .arena = arena, .err = err, .bare_alias = UINT32_MAX - 1};
  VS_TRY(check_utf8(text, options, err));
  VS_TRY(vs_lex(text, options, arena, &tokens, &count, err));
  VS_TRY(split_comments(parser, tokens, count));
  return match_brackets(parser);
}

static void skip_statement(struct vs_parser *parser) {
  while (!vs_parser_is_kind(parser, 0, VS_TOKEN_END) && !vs_parser_is_sign(parser, 0, ";"))
    vs_parser_take(parser);
}

/* After a failure inside a statement: with recovery the failure is kept and reading goes on behind the next `;`. */
static vs_status end_statement(struct vs_parser *parser, vs_status status) {
  bool is_end = vs_parser_is_kind(parser, 0, VS_TOKEN_END) || vs_parser_is_sign(parser, 0, ";");
  if (status == VS_OK && !is_end) status = vs_parser_trailing(parser);
  if (status == VS_OK || !parser->options.recover || status == VS_RESOURCE) return status;
  if (parser->first_failure == VS_OK) parser->first_failure = status;
  parser->err = NULL;
  skip_statement(parser);
  return VS_OK;
}

static vs_status push_statement(struct vs_parser *parser, struct vs_script *script) {
  struct vs_statement *statement = VS_ARENA_NEW(parser->arena, struct vs_statement);
  uint32_t from = parser->at > 0 ? parser->tokens[parser->at - 1].span.end : parser->options.base;
  if (!statement ||
      !vs_list_push(parser->arena, (void **)&script->statements, script->statement_count, &statement, sizeof statement))
    return vs_parser_no_memory(parser);
  script->statement_count++;
  parser->depth = parser->height = 0;
  parser->keeps_last_with = false;
  parser->bare_alias = UINT32_MAX - 1;
  VS_TRY(end_statement(parser, vs_parse_statement(parser, statement)));
  return vs_annotations_collect(parser, from, vs_parser_place(parser).begin, statement);
}

static vs_status parse_script(struct vs_parser *parser, struct vs_script *script) {
  while (!vs_parser_is_kind(parser, 0, VS_TOKEN_END)) {
    if (vs_parser_take_sign(parser, ";")) continue;
    VS_TRY(push_statement(parser, script));
  }
  return parser->first_failure;
}

vs_status vs_parse(struct vs_str text, const struct vs_parse_options *options, struct vs_arena *arena,
                   struct vs_script *ret_script, struct vs_error *err) {
  struct vs_parser parser;
  struct vs_script script = {0};
  vs_status status = prepare(&parser, text, options, arena, err);
  if (status == VS_OK) status = parse_script(&parser, &script);
  if (status == VS_OK || (options && options->recover)) *ret_script = script;
  return status;
}

vs_status vs_parse_expression(struct vs_str text, const struct vs_parse_options *options, bool allow_percent,
                              struct vs_arena *arena, struct vs_expr **ret_expr, struct vs_error *err) {
  struct vs_parser parser;
  struct vs_expr *expr = NULL;
  VS_TRY(prepare(&parser, text, options, arena, err));
  parser.allow_percent = allow_percent;
  VS_TRY(vs_parse_expr(&parser, &expr));
  if (!vs_parser_is_kind(&parser, 0, VS_TOKEN_END))
    return vs_parser_unexpected(&parser, "an operator or the end of the expression", "AND OR NOT IS IN LIKE");
  *ret_expr = expr;
  return VS_OK;
}

vs_completeness vs_completeness_of(struct vs_str text, struct vs_arena *arena) {
  struct vs_script script;
  struct vs_error error;
  vs_error_clear(&error);
  if (vs_parse(text, NULL, arena, &script, &error) == VS_OK) return VS_COMPLETE;
  bool is_open = error.code == VS_CODE_UNEXPECTED_END || error.code == VS_CODE_UNTERMINATED_TEXT;
  return is_open ? VS_INCOMPLETE : VS_INVALID;
}
