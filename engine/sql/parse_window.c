/* SPDX-License-Identifier: Apache-2.0
 * WINDOW TUMBLING | HOPPING | SLIDING | SESSION | CUMULATE, in the argument style and in ksqlDB's, and the window table
 * functions of FROM. An argument that reads as a duration is the duration, so the time column may stand first or last.
 */
#include "engine/sql/parse.h"

#include <stdio.h>

/* clang-format off */
static const struct window_row {
  const char *name;         /* after WINDOW */
  const char *function;     /* in FROM; NULL: no second spelling */
  vs_window_kind kind;
  uint32_t duration_count;
  bool is_step_first;       /* WINDOW CUMULATE(step, size) */
  const char *forms;
} window_rows[] = {
  {"TUMBLING",  "TUMBLE",   VS_WINDOW_TUMBLING, 1, false, "WINDOW TUMBLING([time column,] size), for example WINDOW TUMBLING(ts, 5m)"},
  {"SLIDING",   NULL,       VS_WINDOW_HOPPING,  2, false, "WINDOW SLIDING([time column,] size, advance), for example WINDOW SLIDING(ts, 10m, 1m)"},
  {"HOPPING",   "HOP",      VS_WINDOW_HOPPING,  2, false, "WINDOW HOPPING([time column,] size, advance), for example WINDOW HOPPING(ts, 10m, 1m)"},
  {"HOP",       NULL,       VS_WINDOW_HOPPING,  2, false, "WINDOW HOP([time column,] size, advance), for example WINDOW HOP(ts, 10m, 1m)"},
  {"SESSION",   "SESSION",  VS_WINDOW_SESSION,  1, false, "WINDOW SESSION([time column,] gap [, key...]), for example WINDOW SESSION(ts, 30m, user_id)"},
  {"CUMULATE",  "CUMULATE", VS_WINDOW_CUMULATE, 2, true,  "WINDOW CUMULATE([time column,] step, size), for example WINDOW CUMULATE(ts, 1h, 1d)"},
};
/* clang-format on */
static const char window_words[] = "TUMBLING SLIDING HOPPING HOP SESSION CUMULATE TUMBLE";

struct window_reader {
  const struct window_row *row;
  struct vs_window *window;
  uint32_t duration_count;
  bool has_size, has_advance;
  struct vs_span last_expr; /* what stands where a duration is missing */
};

static vs_status fail_forms(struct vs_parser *parser, const struct window_reader *reader, vs_status status) {
  return vs_fail_hint(parser->err, status, "%s", reader->row->forms);
}

static vs_status fail_twice(struct vs_parser *parser, const char *what, uint32_t first) {
  struct vs_span span = parser->tokens[first].span;
  return vs_fail(parser->err, VS_CODE_DUPLICATE_CLAUSE, span, "%s of the window is written twice", what);
}

/* Size and advance in the order of the row. */
static void place_duration(struct window_reader *reader, const struct vs_duration *duration) {
  bool is_size = (reader->duration_count == 0) != reader->row->is_step_first;
  if (is_size)
    reader->window->size = *duration;
  else
    reader->window->advance = *duration;
  reader->duration_count++;
}

/* A column may be named like an option: an option is followed by a duration at once. */
static bool is_option(const struct vs_parser *parser, const char *word, const char *second) {
  uint32_t ahead = second ? 2 : 1;
  if (!vs_parser_is_word(parser, 0, word) || (second && !vs_parser_is_word(parser, 1, second))) return false;
  const struct vs_token *token = vs_parser_peek(parser, ahead);
  if (token->kind == VS_TOKEN_WORD) return !vs_parser_is_reserved(parser, ahead);
  return token->kind != VS_TOKEN_SIGN && token->kind != VS_TOKEN_END && token->kind != VS_TOKEN_DOUBLE_QUOTED;
}

static vs_status read_option(struct vs_parser *parser, const char *where, bool *has, struct vs_duration *ret_duration,
                             uint32_t word_count) {
  uint32_t first = parser->at;
  parser->at += word_count;
  if (*has) return fail_twice(parser, where, first);
  *has = true;
  return vs_parse_duration(parser, where, ret_duration);
}

static vs_status parse_option(struct vs_parser *parser, struct window_reader *reader, bool *ret_is_option) {
  struct vs_window *window = reader->window;
  *ret_is_option = true;
  if (is_option(parser, "OFFSET", NULL))
    return read_option(parser, "after OFFSET", &window->has_offset, &window->offset, 1);
  if (is_option(parser, "GRACE", "PERIOD"))
    return read_option(parser, "after GRACE PERIOD", &window->has_grace, &window->grace, 2);
  if (is_option(parser, "RETENTION", NULL))
    return read_option(parser, "after RETENTION", &window->has_retention, &window->retention, 1);
  if (is_option(parser, "SIZE", NULL)) {
    reader->duration_count++;
    return read_option(parser, "after SIZE", &reader->has_size, &window->size, 1);
  }
  if (is_option(parser, "ADVANCE", "BY")) {
    reader->duration_count++;
    return read_option(parser, "after ADVANCE BY", &reader->has_advance, &window->advance, 2);
  }
  *ret_is_option = false;
  return VS_OK;
}

static bool is_argument_end(const struct vs_parser *parser) {
  return vs_parser_is_sign(parser, 0, ",") || vs_parser_is_sign(parser, 0, ")");
}

static vs_status parse_expr_argument(struct vs_parser *parser, struct window_reader *reader) {
  struct vs_window *window = reader->window;
  struct vs_expr *expr = NULL;
  bool has_all = reader->duration_count >= reader->row->duration_count;
  VS_TRY(vs_parse_expr(parser, &expr));
  reader->last_expr = expr->span;
  if (window->kind == VS_WINDOW_SESSION && has_all) return vs_exprs_push(parser, &window->keys, expr);
  bool is_constant = expr->kind == VS_EXPR_LITERAL || expr->kind == VS_EXPR_INTERVAL || expr->kind == VS_EXPR_PARAMETER;
  if (!window->time && !is_constant && (has_all || reader->duration_count == 0)) {
    window->time = expr;
    return VS_OK;
  }
  vs_status status =
      vs_fail(parser->err, VS_CODE_UNEXPECTED_TOKEN, expr->span,
              has_all ? "one argument too many for WINDOW %s" : "neither a duration nor a time column in WINDOW %s",
              reader->row->name);
  return fail_forms(parser, reader, status);
}

/* An argument that begins like a duration and is none, where one is still wanted. */
static bool is_spoilt_duration(const struct vs_parser *parser, const struct window_reader *reader) {
  const struct vs_token *token = vs_parser_peek(parser, 0), *next = vs_parser_peek(parser, 1);
  bool is_number = token->kind == VS_TOKEN_INTEGER || token->kind == VS_TOKEN_DECIMAL;
  bool is_interval =
      vs_parser_is_word(parser, 0, "INTERVAL") && (next->kind == VS_TOKEN_STRING || next->kind == VS_TOKEN_INTEGER);
  return reader->window->time || reader->duration_count > 0 || (is_number && next->kind == VS_TOKEN_WORD) ||
         is_interval;
}

static vs_status parse_argument(struct vs_parser *parser, struct window_reader *reader) {
  bool is_option = false;
  uint32_t first = parser->at;
  VS_TRY(parse_option(parser, reader, &is_option));
  if (is_option || reader->duration_count >= reader->row->duration_count)
    return is_option ? VS_OK : parse_expr_argument(parser, reader);
  struct vs_duration duration;
  if (vs_parse_duration_try(parser, false, &duration) && is_argument_end(parser)) {
    place_duration(reader, &duration);
    return VS_OK;
  }
  bool was_duration = parser->at != first;
  parser->at = first;
  if (is_spoilt_duration(parser, reader) && !(was_duration && !vs_parser_is_kind(parser, 1, VS_TOKEN_WORD)))
    return vs_parse_duration_fail(parser, "in the window");
  return parse_expr_argument(parser, reader);
}

static vs_status check_durations(struct vs_parser *parser, const struct window_reader *reader) {
  const struct vs_window *window = reader->window;
  bool needs_both = reader->row->duration_count == 2;
  if (reader->duration_count == reader->row->duration_count && reader->has_advance <= needs_both) return VS_OK;
  struct vs_span span = vs_span_is_known(reader->last_expr) ? reader->last_expr : window->span;
  vs_status status = reader->duration_count > reader->row->duration_count || reader->has_advance > needs_both
                         ? vs_fail(parser->err, VS_CODE_BAD_DURATION, window->span, "WINDOW %s takes %s",
                                   reader->row->name, needs_both ? "two durations" : "one duration")
                         : vs_fail(parser->err, VS_CODE_BAD_DURATION, span, "WINDOW %s needs %s", reader->row->name,
                                   needs_both ? "two durations, the size and the advance" : "a duration, its size");
  return fail_forms(parser, reader, status);
}

static vs_status parse_arguments(struct vs_parser *parser, struct window_reader *reader) {
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "after the kind of the window"));
  if (vs_parser_is_sign(parser, 0, ")"))
    return fail_forms(parser, reader, vs_parser_unexpected(parser, "a duration in the window", NULL));
  do {
    VS_TRY(parse_argument(parser, reader));
  } while (vs_parser_take_sign(parser, ","));
  return vs_parser_close(parser, ")", open);
}

static const struct window_row *find_row(const struct vs_parser *parser) {
  if (vs_parser_is_word(parser, 0, "TUMBLE")) /* the function's name is a common slip, and has one meaning */
    return &window_rows[0];
  for (size_t i = 0; i < VS_COUNT_OF(window_rows); i++)
    if (vs_parser_is_word(parser, 0, window_rows[i].name)) return &window_rows[i];
  return NULL;
}

vs_status vs_parse_window(struct vs_parser *parser, struct vs_window **ret_window) {
  struct vs_window *window = VS_ARENA_NEW(parser->arena, struct vs_window);
  uint32_t first = parser->at - 1; /* the word WINDOW */
  if (!window) return vs_parser_no_memory(parser);
  *ret_window = window;
  const struct window_row *row = find_row(parser);
  if (!row)
    return vs_parser_unexpected(parser, "TUMBLING, HOPPING, SLIDING, SESSION or CUMULATE after WINDOW", window_words);
  vs_parser_take(parser);
  window->kind = row->kind;
  struct window_reader reader = {.row = row, .window = window, .last_expr = VS_NO_SPAN};
  VS_TRY(parse_arguments(parser, &reader));
  window->span = vs_parser_span(parser, first);
  return check_durations(parser, &reader);
}

static const struct window_row *find_function(const struct vs_parser *parser, uint32_t ahead) {
  for (size_t i = 0; i < VS_COUNT_OF(window_rows); i++)
    if (window_rows[i].function && vs_parser_is_word(parser, ahead, window_rows[i].function) &&
        vs_parser_is_sign(parser, ahead + 1, "("))
      return &window_rows[i];
  return NULL;
}

bool vs_parse_is_window_function(const struct vs_parser *parser) {
  if (vs_parser_is_word(parser, 0, "TABLE") && vs_parser_is_sign(parser, 1, "(")) return true;
  return find_function(parser, 0) != NULL;
}

/* DESCRIPTOR(ts) */
static vs_status parse_descriptor(struct vs_parser *parser, struct vs_window *window) {
  VS_TRY(vs_parser_expect_word(parser, "DESCRIPTOR", "naming the time column, as in DESCRIPTOR(ts)"));
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "after DESCRIPTOR"));
  uint32_t first = parser->at;
  struct vs_name name;
  VS_TRY(vs_parse_name(parser, "the time column", &name));
  VS_TRY(vs_parser_close(parser, ")", open));
  window->time = vs_expr_new(parser, VS_EXPR_COLUMN, first);
  if (!window->time) return vs_parser_no_memory(parser);
  window->time->span = name.span;
  window->time->as.name = name;
  return VS_OK;
}

/* HOP takes (slide, size), the opposite of WINDOW HOPPING; TUMBLE, HOP and CUMULATE take an offset last. */
static vs_status parse_function_durations(struct vs_parser *parser, const struct window_row *row,
                                          struct vs_window *window) {
  VS_TRY(vs_parser_expect_sign(parser, ",", "and the duration after DESCRIPTOR(...)"));
  if (row->duration_count == 2) {
    VS_TRY(vs_parse_duration(parser, "of the step", &window->advance));
    VS_TRY(vs_parser_expect_sign(parser, ",", "and the window's size after the step"));
  }
  VS_TRY(vs_parse_duration(parser, "of the window", &window->size));
  if (row->kind == VS_WINDOW_SESSION || !vs_parser_take_sign(parser, ",")) return VS_OK;
  window->has_offset = true;
  return vs_parse_duration(parser, "of the offset", &window->offset);
}

/* PARTITION BY a, b in front of ", DESCRIPTOR(". */
static vs_status parse_partition(struct vs_parser *parser, struct vs_source *source) {
  if (!vs_parser_take_words(parser, "PARTITION", "BY")) return VS_OK;
  do {
    struct vs_ident ident;
    struct vs_idents *idents = &source->partition;
    VS_TRY(vs_parse_ident(parser, "a column name after PARTITION BY", &ident));
    if (!vs_list_push(parser->arena, (void **)&idents->items, idents->count, &ident, sizeof ident))
      return vs_parser_no_memory(parser);
    idents->count++;
    if (vs_parser_is_word(parser, 1, "DESCRIPTOR") && vs_parser_is_sign(parser, 2, "(")) return VS_OK;
  } while (vs_parser_take_sign(parser, ","));
  return VS_OK;
}

vs_status vs_parse_window_function(struct vs_parser *parser, struct vs_source *source) {
  uint32_t outer = parser->at, first = parser->at;
  bool has_table = vs_parser_is_word(parser, 0, "TABLE") && vs_parser_is_sign(parser, 1, "(");
  if (has_table) {
    vs_parser_take(parser);
    outer = parser->at;
    VS_TRY(vs_parser_open(parser, "(", "after TABLE"));
  }
  const struct window_row *row = find_function(parser, 0);
  struct vs_window *window = source->window = VS_ARENA_NEW(parser->arena, struct vs_window);
  if (!row)
    return vs_parser_unexpected(parser, "TUMBLE(, HOP(, CUMULATE( or SESSION( in TABLE(...)",
                                "TUMBLE HOP CUMULATE SESSION");
  if (!window) return vs_parser_no_memory(parser);
  source->kind = VS_SOURCE_WINDOW_FUNCTION;
  window->kind = row->kind;
  vs_parser_take(parser);
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "after the window function"));
  VS_TRY(vs_parser_expect_word(parser, "TABLE", "and a table's name, as in TUMBLE(TABLE trades, DESCRIPTOR(ts), 5m)"));
  VS_TRY(vs_parse_name(parser, "a table's name after TABLE", &source->name));
  VS_TRY(parse_partition(parser, source));
  VS_TRY(vs_parser_expect_sign(parser, ",", "and DESCRIPTOR(time column) after the table"));
  VS_TRY(parse_descriptor(parser, window));
  VS_TRY(parse_function_durations(parser, row, window));
  VS_TRY(vs_parser_close(parser, ")", open));
  window->span = vs_parser_span(parser, first);
  return has_table ? vs_parser_close(parser, ")", outer) : VS_OK;
}
