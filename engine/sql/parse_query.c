/* SPDX-License-Identifier: Apache-2.0
 * Queries: WITH, SELECT, set operations and the clauses behind them, which stand in any order, each once. */
#include "engine/sql/parse.h"

enum clause { GROUP, WINDOW, HAVING, QUALIFY, ORDER, LIMIT, EMIT, INTO, WITH, CLAUSE_COUNT };
/* clang-format off */
static const struct { const char *word; bool is_of_select; } clause_rows[CLAUSE_COUNT] = {
  [GROUP] = {"GROUP", true}, [WINDOW] = {"WINDOW", true}, [HAVING] = {"HAVING", true}, [QUALIFY] = {"QUALIFY", true},
  [ORDER] = {"ORDER", false}, [LIMIT] = {"LIMIT", false}, [EMIT] = {"EMIT", false}, [INTO] = {"INTO", false},
  [WITH] = {"WITH", false},
};
/* clang-format on */

/* Where each clause was written, for "twice". */
struct clauses {
  bool has[CLAUSE_COUNT];
  struct vs_span places[CLAUSE_COUNT];
};

static enum clause find_clause(const struct vs_parser *parser) {
  enum clause clause = GROUP;
  while (clause < CLAUSE_COUNT && !vs_parser_is_word(parser, 0, clause_rows[clause].word))
    clause++;
  return clause;
}

static vs_status note_clause(struct vs_parser *parser, struct clauses *clauses, enum clause clause) {
  if (!clauses->has[clause]) {
    clauses->has[clause] = true;
    clauses->places[clause] = vs_parser_place(parser);
    return VS_OK;
  }
  vs_status status = vs_fail(parser->err, VS_CODE_DUPLICATE_CLAUSE, vs_parser_place(parser), "%s is written twice",
                             clause_rows[clause].word);
  if (parser->err) parser->err->other = clauses->places[clause];
  return vs_fail_hint(parser->err, status, "keep one %s", clause_rows[clause].word);
}

static vs_status parse_group(struct vs_parser *parser, struct vs_select *select) {
  VS_TRY(vs_parser_expect_word(parser, "BY", "after GROUP"));
  select->has_group = true;
  return vs_parse_exprs(parser, &select->group);
}

static vs_status parse_select_clause(struct vs_parser *parser, enum clause clause, struct vs_select *select) {
  vs_parser_take(parser);
  if (clause == GROUP) return parse_group(parser, select);
  if (clause == WINDOW) return vs_parse_window(parser, &select->window);
  return vs_parse_expr(parser, clause == HAVING ? &select->having : &select->qualify);
}

static vs_status parse_count(struct vs_parser *parser, const char *expected, struct vs_expr **ret_expr) {
  if (!vs_parser_is_kind(parser, 0, VS_TOKEN_INTEGER) && !vs_parser_is_kind(parser, 0, VS_TOKEN_PARAMETER))
    return vs_parser_unexpected(parser, expected, NULL);
  return vs_parse_primary(parser, ret_expr);
}

static vs_status parse_limit(struct vs_parser *parser, struct vs_query *query) {
  uint32_t first = parser->at;
  vs_parser_take(parser);
  VS_TRY(parse_count(parser, "a whole number or :name after LIMIT", &query->limit));
  if (vs_parser_take_word(parser, "OFFSET"))
    VS_TRY(parse_count(parser, "a whole number or :name after OFFSET", &query->offset));
  query->limit_span = vs_parser_span(parser, first);
  return VS_OK;
}

static vs_status parse_emit(struct vs_parser *parser, struct vs_query *query) {
  uint32_t first = parser->at;
  vs_parser_take(parser);
  query->emit_span = vs_parser_span(parser, first);
  if (vs_parser_take_word(parser, "CHANGES"))
    query->emit = VS_EMIT_CHANGES;
  else if (vs_parser_take_word(parser, "FINAL"))
    query->emit = VS_EMIT_FINAL;
  else if (vs_parser_take_words(parser, "ON", "WINDOW")) {
    VS_TRY(vs_parser_expect_word(parser, "CLOSE", "after EMIT ON WINDOW"));
    query->emit = VS_EMIT_FINAL;
  } else if (vs_parser_take_word(parser, "EVERY")) {
    query->emit = VS_EMIT_EVERY;
    VS_TRY(vs_parse_duration(parser, "after EMIT EVERY", &query->emit_every));
  } else {
    return vs_parser_unexpected(parser, "CHANGES, FINAL, ON WINDOW CLOSE or EVERY <duration> after EMIT",
                                "CHANGES FINAL ON EVERY");
  }
  query->emit_span = vs_parser_span(parser, first);
  return VS_OK;
}

static bool is_with_properties(const struct vs_parser *parser) {
  return vs_parser_is_word(parser, 0, "WITH") && vs_parser_is_sign(parser, 1, "(");
}

static vs_status parse_into(struct vs_parser *parser, struct vs_query *query) {
  vs_parser_take(parser);
  const struct vs_token *token = vs_parser_peek(parser, 0);
  query->has_into = true;
  query->into_is_path = token->kind == VS_TOKEN_STRING || token->kind == VS_TOKEN_URI;
  query->into.span = token->span; /* of a path; a name's own span replaces it */
  if (token->kind == VS_TOKEN_URI)
    query->into_path = vs_parser_take(parser)->text;
  else if (token->kind == VS_TOKEN_STRING)
    VS_TRY(vs_parse_string(parser, vs_parser_take(parser), &query->into_path));
  else
    VS_TRY(vs_parse_name(parser, "a sink's name or 'path' after INTO", &query->into));
  return is_with_properties(parser) ? vs_parse_properties(parser, &query->into_properties) : VS_OK;
}

static vs_status parse_tail_clause(struct vs_parser *parser, enum clause clause, struct vs_query *query) {
  switch (clause) {
  case ORDER: return vs_parse_sort(parser, &query->order);
  case LIMIT: return parse_limit(parser, query);
  case EMIT: return parse_emit(parser, query);
  case INTO: return parse_into(parser, query);
  case WITH: return vs_parse_properties(parser, &query->properties);
  case GROUP:
  case WINDOW:
  case HAVING:
  case QUALIFY: return parse_select_clause(parser, clause, &query->select);
  case CLAUSE_COUNT: break;
  }
  return VS_OK;
}

/* The clauses of a SELECT in front of a set operation or of the tail. */
static vs_status parse_select_clauses(struct vs_parser *parser, struct vs_select *select, struct clauses *clauses) {
  for (;;) {
    enum clause clause = find_clause(parser);
    if (clause == CLAUSE_COUNT || !clause_rows[clause].is_of_select) return VS_OK;
    uint32_t depth = parser->depth;
    VS_TRY(note_clause(parser, clauses, clause));
    VS_TRY(vs_parser_recover(parser, parse_select_clause(parser, clause, select), depth));
  }
}

static vs_status fail_foreign_clause(struct vs_parser *parser, enum clause clause) {
  vs_status status =
      vs_fail(parser->err, VS_CODE_UNEXPECTED_TOKEN, vs_parser_place(parser),
              "%s cannot follow the ORDER BY, LIMIT or EMIT of a set operation", clause_rows[clause].word);
  return vs_fail_hint(parser->err, status, "write it inside the SELECT it belongs to");
}

static vs_status parse_tail(struct vs_parser *parser, struct vs_query *query, struct clauses *clauses) {
  for (;;) {
    enum clause clause = find_clause(parser);
    if (clause == CLAUSE_COUNT || (clause == WITH && clauses->has[WITH] && parser->keeps_last_with)) return VS_OK;
    uint32_t depth = parser->depth;
    if (clause_rows[clause].is_of_select && query->kind != VS_QUERY_SELECT) return fail_foreign_clause(parser, clause);
    VS_TRY(vs_parser_recover(parser, note_clause(parser, clauses, clause), depth));
    VS_TRY(vs_parser_recover(parser, parse_tail_clause(parser, clause, query), depth));
  }
}

/* * EXCEPT (a, b): behind a star, names in parentheses are the columns to leave out, a SELECT is the set operation. */
static vs_status parse_star_except(struct vs_parser *parser, struct vs_expr *star) {
  bool is_list =
      vs_parser_is_word(parser, 0, "EXCEPT") && vs_parser_is_sign(parser, 1, "(") && !vs_parser_is_query(parser, 1);
  if (!is_list) return VS_OK;
  vs_parser_take(parser);
  VS_TRY(vs_parse_ident_list(parser, "and the columns to leave out after EXCEPT", &star->as.star.except));
  star->span.end = vs_parser_span(parser, parser->at - 1).end;
  return VS_OK;
}

static vs_status parse_item_expr(struct vs_parser *parser, struct vs_item *item) {
  if (!vs_parse_is_star(parser)) return vs_parse_expr(parser, &item->expr);
  VS_TRY(vs_parse_star(parser, &item->expr));
  return parse_star_except(parser, item->expr);
}

static vs_status parse_item(struct vs_parser *parser, struct vs_item *item) {
  uint32_t first = parser->at;
  VS_TRY(parse_item_expr(parser, item));
  if (item->expr->kind != VS_EXPR_STAR) {
    VS_TRY(vs_parse_alias(parser, &item->alias));
    item->is_primary_key = vs_parser_take_words(parser, "PRIMARY", "KEY");
  }
  item->span = vs_parser_span(parser, first);
  return VS_OK;
}

static vs_status fail_empty_list(struct vs_parser *parser) {
  vs_status status = vs_parser_unexpected(parser, "columns after SELECT", NULL);
  bool is_plain = parser->err && !parser->err->hint[0] && !vs_parser_is_kind(parser, 0, VS_TOKEN_ERROR);
  return is_plain ? vs_fail_hint(parser->err, status, "list columns or expressions, or * for all") : status;
}

static vs_status parse_items(struct vs_parser *parser, struct vs_select *select) {
  bool is_name_list = vs_parser_is_sign(parser, 1, ",") || vs_parser_is_word(parser, 1, "FROM");
  if (vs_parser_is_kind(parser, 0, VS_TOKEN_END) || (vs_parser_is_word(parser, 0, "FROM") && !is_name_list))
    return fail_empty_list(parser);
  do {
    struct vs_item item = {0};
    VS_TRY(parse_item(parser, &item));
    if (!vs_list_push(parser->arena, (void **)&select->items, select->item_count, &item, sizeof item))
      return vs_parser_no_memory(parser);
    select->item_count++;
  } while (vs_parser_take_sign(parser, ","));
  return VS_OK;
}

static vs_status parse_from(struct vs_parser *parser, struct vs_select *select) {
  if (!vs_parser_take_word(parser, "FROM")) return VS_OK;
  select->has_from = true;
  VS_TRY(vs_parse_source(parser, &select->from));
  return vs_parse_joins(parser, select);
}

static vs_status parse_where(struct vs_parser *parser, struct vs_select *select) {
  return vs_parser_take_word(parser, "WHERE") ? vs_parse_expr(parser, &select->where) : VS_OK;
}

static bool is_all_quantifier(const struct vs_parser *parser) {
  static const char *const after[] = {",", ".", "("};
  for (size_t i = 0; i < VS_COUNT_OF(after); i++)
    if (vs_parser_is_sign(parser, 1, after[i])) return false;
  return vs_parser_is_word(parser, 0, "ALL") && !vs_parser_is_word(parser, 1, "FROM") &&
         !vs_parser_is_word(parser, 1, "AS");
}

static vs_status parse_select(struct vs_parser *parser, struct vs_select *select, struct clauses *clauses) {
  uint32_t first = parser->at, depth = parser->depth;
  select->span = vs_parser_place(parser);
  VS_TRY(vs_parser_expect_word(parser, "SELECT", "or ( here"));
  select->is_distinct = vs_parser_take_word(parser, "DISTINCT");
  if (!select->is_distinct && is_all_quantifier(parser)) vs_parser_take(parser);
  VS_TRY(vs_parser_recover(parser, parse_items(parser, select), depth));
  VS_TRY(vs_parser_recover(parser, parse_from(parser, select), depth));
  VS_TRY(vs_parser_recover(parser, parse_where(parser, select), depth));
  VS_TRY(parse_select_clauses(parser, select, clauses));
  select->span = vs_parser_span(parser, first);
  return VS_OK;
}

/* SELECT ... or ( query ) */
static vs_status parse_core(struct vs_parser *parser, struct clauses *clauses, struct vs_query **ret_query) {
  uint32_t first = parser->at;
  struct vs_query *query = *ret_query = VS_ARENA_NEW(parser->arena, struct vs_query);
  if (!query) return vs_parser_no_memory(parser);
  *clauses = (struct clauses){0};
  if (vs_parser_is_sign(parser, 0, "(")) {
    query->kind = VS_QUERY_NESTED;
    VS_TRY(vs_parser_open(parser, "(", ""));
    VS_TRY(vs_parse_query(parser, &query->left));
    VS_TRY(vs_parser_close(parser, ")", first));
  } else {
    VS_TRY(parse_select(parser, &query->select, clauses));
  }
  query->span = vs_parser_span(parser, first);
  return VS_OK;
}

static bool find_set(const struct vs_parser *parser, vs_set_kind *ret_kind) {
  static const char *const words[] = {"UNION", "INTERSECT", "EXCEPT"};
  for (uint32_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_is_word(parser, 0, words[i])) return *ret_kind = (vs_set_kind)i, true;
  return false;
}

/* INTERSECT binds tighter, else left to right. `clauses` are those of the last SELECT read. */
static vs_status parse_set(struct vs_parser *parser, bool is_tight, struct clauses *clauses,
                           struct vs_query **ret_query) {
  uint32_t first = parser->at;
  vs_set_kind kind;
  VS_TRY(is_tight ? parse_core(parser, clauses, ret_query) : parse_set(parser, true, clauses, ret_query));
  while (find_set(parser, &kind) && (kind == VS_SET_INTERSECT) == is_tight) {
    struct vs_query *query = VS_ARENA_NEW(parser->arena, struct vs_query);
    uint32_t height = parser->height;
    if (!query) return vs_parser_no_memory(parser);
    query->kind = VS_QUERY_SET;
    query->set = kind;
    query->set_span = vs_parser_take(parser)->span;
    query->set_all = vs_parser_take_word(parser, "ALL");
    if (!query->set_all) (void)vs_parser_take_word(parser, "DISTINCT");
    query->left = *ret_query;
    VS_TRY(is_tight ? parse_core(parser, clauses, &query->right) : parse_set(parser, true, clauses, &query->right));
    query->span = vs_parser_span(parser, first);
    *ret_query = query;
    VS_TRY(vs_parser_raise(parser, VS_MAX(height, parser->height)));
  }
  return VS_OK;
}

static vs_status parse_cte(struct vs_parser *parser, struct vs_cte *cte) {
  uint32_t first = parser->at;
  VS_TRY(vs_parse_ident(parser, "a name after WITH, as in WITH name AS (SELECT ...)", &cte->name));
  if (vs_parser_is_sign(parser, 0, "(")) VS_TRY(vs_parse_ident_list(parser, "", &cte->columns));
  VS_TRY(vs_parser_expect_word(parser, "AS", "and (SELECT ...) after the name in WITH"));
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "and a SELECT after AS in WITH"));
  VS_TRY(vs_parse_query(parser, &cte->query));
  VS_TRY(vs_parser_close(parser, ")", open));
  cte->span = vs_parser_span(parser, first);
  return VS_OK;
}

static vs_status parse_ctes(struct vs_parser *parser, struct vs_cte **ret_ctes, uint32_t *ret_count) {
  if (!vs_parser_take_word(parser, "WITH")) return VS_OK;
  do {
    struct vs_cte cte = {0};
    VS_TRY(parse_cte(parser, &cte));
    if (!vs_list_push(parser->arena, (void **)ret_ctes, *ret_count, &cte, sizeof cte))
      return vs_parser_no_memory(parser);
    (*ret_count)++;
  } while (vs_parser_take_sign(parser, ","));
  return VS_OK;
}

vs_status vs_parse_query(struct vs_parser *parser, struct vs_query **ret_query) {
  uint32_t first = parser->at, cte_count = 0;
  struct vs_cte *ctes = NULL;
  struct clauses clauses = {0};
  bool keeps_last_with = parser->keeps_last_with;
  parser->keeps_last_with = false; /* only the outermost query of a job leaves its last WITH */
  VS_TRY(parse_ctes(parser, &ctes, &cte_count));
  VS_TRY(parse_set(parser, false, &clauses, ret_query));
  parser->keeps_last_with = keeps_last_with;
  (*ret_query)->ctes = ctes;
  (*ret_query)->cte_count = cte_count;
  VS_TRY(parse_tail(parser, *ret_query, &clauses));
  (*ret_query)->span = vs_parser_span(parser, first);
  return VS_OK;
}
