/* SPDX-License-Identifier: Apache-2.0
 * What stands behind FROM and JOIN: names, paths, subqueries, window table functions, and the joins themselves. */
#include "engine/sql/parse.h"

static vs_status parse_path(struct vs_parser *parser, struct vs_source *source) {
  const struct vs_token *token = vs_parser_take(parser);
  source->kind = VS_SOURCE_PATH;
  source->path = token->text;
  return token->kind == VS_TOKEN_URI ? VS_OK : vs_parse_string(parser, token, &source->path);
}

static vs_status parse_nested(struct vs_parser *parser, struct vs_source *source) {
  uint32_t open = parser->at;
  source->kind = VS_SOURCE_QUERY;
  VS_TRY(vs_parser_open(parser, "(", ""));
  if (!vs_parser_is_query(parser, 0)) {
    vs_status status = vs_parser_unexpected(parser, "SELECT in the parentheses after FROM", "SELECT WITH");
    return parser->err && parser->err->hint[0]
               ? status
               : vs_fail_hint(parser->err, status, "a table's name needs no parentheses");
  }
  VS_TRY(vs_parse_query(parser, &source->query));
  return vs_parser_close(parser, ")", open);
}

static vs_status fail_table_function(struct vs_parser *parser) {
  struct vs_str name = vs_parser_peek(parser, 0)->text;
  if (vs_str_equal_nocase(name, VS_STR("UNNEST")))
    return vs_fail(parser->err, VS_CODE_NOT_YET, vs_parser_place(parser), "UNNEST in FROM does not run yet");
  vs_status status = vs_fail(parser->err, VS_CODE_UNEXPECTED_TOKEN, vs_parser_place(parser),
                             "%.*s is no table function", VS_STR_ARG(name));
  return vs_fail_hint(
      parser->err, status,
      "in FROM stand a name, 'a path', (SELECT ...), TUMBLE(...), HOP(...), CUMULATE(...), SESSION(...)");
}

static vs_status parse_relation(struct vs_parser *parser, struct vs_source *source) {
  const struct vs_token *token = vs_parser_peek(parser, 0);
  if (token->kind == VS_TOKEN_STRING || token->kind == VS_TOKEN_URI) return parse_path(parser, source);
  if (vs_parser_is_sign(parser, 0, "(")) return parse_nested(parser, source);
  if (vs_parse_is_window_function(parser)) return vs_parse_window_function(parser, source);
  if (vs_parse_is_ident(parser, 0) && vs_parser_is_sign(parser, 1, "(")) return fail_table_function(parser);
  source->kind = VS_SOURCE_NAME;
  VS_TRY(vs_parse_name(parser, "a table, a 'path' or a subquery", &source->name));
  if (vs_parser_is_sign(parser, 0, "/") || vs_parser_is_sign(parser, 0, "-")) {
    vs_status status = vs_parser_unexpected(parser, "a table, a 'path' or a subquery", NULL);
    return vs_fail_hint(parser->err, status, "quote a path or a name with such signs: 'data/trades.csv', `my-table`");
  }
  return VS_OK;
}

static vs_status parse_as_of(struct vs_parser *parser, struct vs_source *source) {
  if (source->as_of || !vs_parser_take_words(parser, "FOR", "SYSTEM_TIME")) return VS_OK;
  VS_TRY(vs_parser_expect_word(parser, "AS", "OF after FOR SYSTEM_TIME"));
  VS_TRY(vs_parser_expect_word(parser, "OF", "after FOR SYSTEM_TIME AS"));
  return vs_parse_expr(parser, &source->as_of);
}

static bool is_with_properties(const struct vs_parser *parser) {
  return vs_parser_is_word(parser, 0, "WITH") && vs_parser_is_sign(parser, 1, "(");
}

vs_status vs_parse_source(struct vs_parser *parser, struct vs_source *source) {
  uint32_t first = parser->at;
  source->span = vs_parser_place(parser);
  VS_TRY(parse_relation(parser, source));
  VS_TRY(parse_as_of(parser, source));
  VS_TRY(vs_parse_alias(parser, &source->alias));
  VS_TRY(parse_as_of(parser, source)); /* some dialects write the alias first */
  source->span = vs_parser_span(parser, first);
  return is_with_properties(parser) ? vs_parse_properties(parser, &source->properties) : VS_OK;
}

static bool is_join(const struct vs_parser *parser) {
  static const char *const words[] = {"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL"};
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_is_word(parser, 0, words[i])) return true;
  return false;
}

static vs_status parse_join_kind(struct vs_parser *parser, vs_join_kind *ret_kind) {
  static const char *const words[] = {"INNER", "LEFT", "RIGHT", "FULL", "CROSS"};
  *ret_kind = VS_JOIN_INNER;
  if (vs_parser_is_word(parser, 0, "NATURAL")) {
    vs_status status = vs_fail(parser->err, VS_CODE_UNEXPECTED_TOKEN, vs_parser_place(parser),
                               "NATURAL JOIN is refused: a new column would silently change it");
    return vs_fail_hint(parser->err, status, "write JOIN ... USING (column)");
  }
  for (uint32_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_take_word(parser, words[i])) {
      *ret_kind = (vs_join_kind)i;
      if (i >= VS_JOIN_LEFT && i <= VS_JOIN_FULL) (void)vs_parser_take_word(parser, "OUTER");
      break;
    }
  return vs_parser_expect_word(parser, "JOIN", "after its kind");
}

static vs_status parse_within(struct vs_parser *parser, struct vs_join *join) {
  uint32_t open = parser->at + 1;
  if (join->has_within || !vs_parser_take_word(parser, "WITHIN")) return VS_OK;
  join->has_within = true;
  if (vs_parser_is_sign(parser, 0, "(")) {
    join->has_within_pair = true;
    VS_TRY(vs_parser_open(parser, "(", ""));
    VS_TRY(vs_parse_duration(parser, "before the row in WITHIN (before, after)", &join->within_before));
    VS_TRY(vs_parser_expect_sign(parser, ",", "between the two durations of WITHIN (before, after)"));
    VS_TRY(vs_parse_duration(parser, "after the row in WITHIN (before, after)", &join->within_after));
    VS_TRY(vs_parser_close(parser, ")", open));
  } else {
    VS_TRY(vs_parse_duration(parser, "after WITHIN", &join->within_before));
    join->within_after = join->within_before;
  }
  if (!vs_parser_take_words(parser, "GRACE", "PERIOD")) return VS_OK;
  join->has_grace = true;
  return vs_parse_duration(parser, "after GRACE PERIOD", &join->grace);
}

static vs_status parse_join(struct vs_parser *parser, struct vs_join *join) {
  uint32_t first = parser->at;
  join->span = vs_parser_place(parser);
  VS_TRY(parse_join_kind(parser, &join->kind));
  VS_TRY(vs_parse_source(parser, &join->right));
  VS_TRY(parse_within(parser, join));
  if (vs_parser_take_word(parser, "ON"))
    VS_TRY(vs_parse_expr(parser, &join->on));
  else if (vs_parser_take_word(parser, "USING"))
    VS_TRY(vs_parse_ident_list(parser, "and the shared columns after USING", &join->using_names));
  VS_TRY(parse_within(parser, join));
  join->span = vs_parser_span(parser, first);
  return VS_OK;
}

vs_status vs_parse_joins(struct vs_parser *parser, struct vs_select *select) {
  while (is_join(parser)) {
    struct vs_join join = {0};
    vs_status status = parse_join(parser, &join);
    if (!vs_list_push(parser->arena, (void **)&select->joins, select->join_count, &join, sizeof join))
      return vs_parser_no_memory(parser);
    select->join_count++;
    VS_TRY(status);
  }
  return VS_OK;
}
