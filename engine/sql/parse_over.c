/* SPDX-License-Identifier: Apache-2.0
 * OVER (...): the row buffer, PARTITION BY, ORDER BY, the frame, EMIT and EXPIRE, in any order, each once. */
#include "engine/sql/parse.h"

static vs_status parse_row_count(struct vs_parser *parser, const char *expected, struct vs_expr **ret_expr) {
  if (!vs_parser_is_kind(parser, 0, VS_TOKEN_INTEGER) && !vs_parser_is_kind(parser, 0, VS_TOKEN_PARAMETER))
    return vs_parser_unexpected(parser, expected, NULL);
  return vs_parse_primary(parser, ret_expr);
}

/* ROWS WINDOW BUFFER n ROWS */
static vs_status parse_buffer(struct vs_parser *parser, struct vs_over *over) {
  parser->at += 2;
  VS_TRY(vs_parser_expect_word(parser, "BUFFER", "after ROWS WINDOW"));
  VS_TRY(parse_row_count(parser, "the number of rows to keep after BUFFER", &over->buffer_rows));
  return vs_parser_expect_word(parser, "ROWS", "after the number of rows of BUFFER");
}

static vs_status parse_bound_side(struct vs_parser *parser, vs_bound_kind preceding, vs_bound_kind following,
                                  vs_bound_kind *ret_kind) {
  bool is_preceding = vs_parser_take_word(parser, "PRECEDING");
  if (!is_preceding && !vs_parser_take_word(parser, "FOLLOWING"))
    return vs_parser_unexpected(parser, "PRECEDING or FOLLOWING in the frame", "PRECEDING FOLLOWING");
  *ret_kind = is_preceding ? preceding : following;
  return VS_OK;
}

static vs_status parse_distance(struct vs_parser *parser, bool is_range, struct vs_frame_bound *bound) {
  uint32_t first = parser->at;
  struct vs_duration duration;
  bool is_count = vs_parser_is_kind(parser, 0, VS_TOKEN_INTEGER) &&
                  (vs_parser_is_word(parser, 1, "PRECEDING") || vs_parser_is_word(parser, 1, "FOLLOWING"));
  bool is_parameter = vs_parser_is_kind(parser, 0, VS_TOKEN_PARAMETER) && !is_range;
  if (!is_count && !is_parameter && vs_parse_duration_try(parser, false, &duration)) {
    bound->duration = VS_ARENA_NEW(parser->arena, struct vs_duration);
    if (!bound->duration) return vs_parser_no_memory(parser);
    *bound->duration = duration;
    return VS_OK;
  }
  parser->at = first;
  return parse_row_count(parser, "UNBOUNDED, CURRENT ROW, a number of rows or a duration in the frame", &bound->rows);
}

static vs_status parse_bound(struct vs_parser *parser, bool is_range, struct vs_frame_bound *bound) {
  if (vs_parser_take_word(parser, "UNBOUNDED"))
    return parse_bound_side(parser, VS_BOUND_UNBOUNDED_PRECEDING, VS_BOUND_UNBOUNDED_FOLLOWING, &bound->kind);
  if (vs_parser_take_words(parser, "CURRENT", "ROW")) {
    bound->kind = VS_BOUND_CURRENT_ROW;
    return VS_OK;
  }
  VS_TRY(parse_distance(parser, is_range, bound));
  return parse_bound_side(parser, VS_BOUND_PRECEDING, VS_BOUND_FOLLOWING, &bound->kind);
}

static vs_status parse_frame(struct vs_parser *parser, struct vs_over *over) {
  over->is_range = vs_parser_is_word(parser, 0, "RANGE");
  over->has_frame = true;
  over->end.kind = VS_BOUND_CURRENT_ROW;
  vs_parser_take(parser);
  if (!vs_parser_take_word(parser, "BETWEEN")) return parse_bound(parser, over->is_range, &over->start);
  VS_TRY(parse_bound(parser, over->is_range, &over->start));
  VS_TRY(vs_parser_expect_word(parser, "AND", "between the two bounds of the frame"));
  over->end = (struct vs_frame_bound){0};
  return parse_bound(parser, over->is_range, &over->end);
}

static vs_status parse_over_emit(struct vs_parser *parser, struct vs_over *over) {
  vs_parser_take(parser);
  if (vs_parser_take_words(parser, "EVERY", "RECORD"))
    over->emit = VS_OVER_EMIT_RECORD;
  else if (vs_parser_take_word(parser, "CHANGES"))
    over->emit = VS_OVER_EMIT_CHANGES;
  else if (vs_parser_take_words(parser, "ON", "BUFFER") && vs_parser_take_word(parser, "FULL"))
    over->emit = VS_OVER_EMIT_BUFFER_FULL;
  else
    return vs_parser_unexpected(parser, "EVERY RECORD, ON BUFFER FULL or CHANGES after EMIT in OVER",
                                "EVERY RECORD BUFFER FULL CHANGES");
  return VS_OK;
}

static vs_status parse_expire(struct vs_parser *parser, struct vs_over *over) {
  vs_parser_take(parser);
  VS_TRY(vs_parser_expect_word(parser, "AFTER", "in EXPIRE AFTER"));
  over->has_expire = true;
  over->expire_never = vs_parser_take_word(parser, "NEVER");
  if (over->expire_never) return VS_OK;
  VS_TRY(vs_parse_duration(parser, "or NEVER after EXPIRE AFTER", &over->expire));
  over->expire_inactivity = vs_parser_take_word(parser, "INACTIVITY");
  return VS_OK;
}

static vs_status parse_partition(struct vs_parser *parser, struct vs_over *over) {
  vs_parser_take(parser);
  VS_TRY(vs_parser_expect_word(parser, "BY", "after PARTITION"));
  return vs_parse_exprs(parser, &over->partition);
}

enum over_clause { BUFFER, PARTITION, ORDER, FRAME, EMIT, EXPIRE, CLAUSE_COUNT };

static enum over_clause find_clause(const struct vs_parser *parser) {
  if (vs_parser_is_words(parser, "ROWS", "WINDOW")) return BUFFER;
  if (vs_parser_is_word(parser, 0, "PARTITION")) return PARTITION;
  if (vs_parser_is_word(parser, 0, "ORDER")) return ORDER;
  if (vs_parser_is_word(parser, 0, "ROWS") || vs_parser_is_word(parser, 0, "RANGE")) return FRAME;
  if (vs_parser_is_word(parser, 0, "EMIT")) return EMIT;
  return vs_parser_is_word(parser, 0, "EXPIRE") ? EXPIRE : CLAUSE_COUNT;
}

static vs_status parse_clause(struct vs_parser *parser, enum over_clause clause, struct vs_over *over) {
  switch (clause) {
  case BUFFER: return parse_buffer(parser, over);
  case PARTITION: return parse_partition(parser, over);
  case ORDER: return vs_parse_sort(parser, &over->order);
  case FRAME: return parse_frame(parser, over);
  case EMIT: return parse_over_emit(parser, over);
  case EXPIRE: return parse_expire(parser, over);
  case CLAUSE_COUNT: break;
  }
  return vs_parser_unexpected(parser,
                              "ROWS WINDOW BUFFER, PARTITION BY, ORDER BY, ROWS, RANGE, EMIT, EXPIRE or ) in OVER",
                              "PARTITION ORDER ROWS RANGE EMIT EXPIRE");
}

vs_status vs_parse_over(struct vs_parser *parser, struct vs_over **ret_over) {
  uint32_t first = parser->at;
  struct vs_over *over = *ret_over = VS_ARENA_NEW(parser->arena, struct vs_over);
  struct vs_span written[CLAUSE_COUNT] = {{0}};
  bool has[CLAUSE_COUNT] = {false};
  if (!over) return vs_parser_no_memory(parser);
  vs_parser_take(parser);
  uint32_t open = parser->at;
  VS_TRY(vs_parser_open(parser, "(", "after OVER, which takes its window in parentheses"));
  while (!vs_parser_is_sign(parser, 0, ")")) {
    enum over_clause clause = find_clause(parser);
    struct vs_span place = vs_parser_place(parser);
    if (clause < CLAUSE_COUNT && has[clause]) {
      vs_status status = vs_fail(parser->err, VS_CODE_DUPLICATE_CLAUSE, place, "OVER has this clause twice");
      if (parser->err) parser->err->other = written[clause];
      return status;
    }
    if (clause < CLAUSE_COUNT) {
      has[clause] = true;
      written[clause] = place;
    }
    VS_TRY(parse_clause(parser, clause, over));
  }
  VS_TRY(vs_parser_close(parser, ")", open));
  over->span = vs_parser_span(parser, first);
  return VS_OK;
}
