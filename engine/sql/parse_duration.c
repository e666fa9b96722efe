/* SPDX-License-Identifier: Apache-2.0
 * The one duration rule (spec/sql.md 1.1): 5m, INTERVAL '5' MINUTE, INTERVAL 5 MINUTE, INTERVAL '1 day 2 hours',
 * 5 MINUTES, '5m', '1 minute', a bare number of seconds, :name. Expressions take the forms that need no context. */
#include "engine/sql/parse.h"
#include "engine/types/decimal.h"
#include "engine/types/time.h"

#include <stdio.h>

/* "1.5" times a unit; false beyond int64 or when a fraction of a month or nanosecond would be left. */
static bool scale_unit(struct vs_str number, struct vs_interval unit, struct vs_interval *ret_interval) {
  vs_i128 value;
  uint32_t scale, digits;
  if (!vs_decimal_parse(number, &value, &scale, &digits) || digits > 19 || scale > 18) return false;
  vs_i128 power = vs_power_of_ten(scale), ns = value * unit.nanoseconds, months = value * unit.months;
  if (ns % power || months % power || ns / power > INT64_MAX || ns / power < -(vs_i128)INT64_MAX) return false;
  if (months / power > INT32_MAX || months / power < -(vs_i128)INT32_MAX) return false;
  *ret_interval = (struct vs_interval){(int64_t)(ns / power), (int64_t)(months / power)};
  return true;
}

static bool negate(struct vs_interval *interval) {
  if (interval->nanoseconds == INT64_MIN || interval->months == INT64_MIN) return false;
  *interval = (struct vs_interval){-interval->nanoseconds, -interval->months};
  return true;
}

static struct vs_str inside(const struct vs_token *string) {
  bool is_plain = string->text.data[0] == '\'' || string->text.data[0] == '"';
  return is_plain ? (struct vs_str){string->text.data + 1, string->text.size - 2} : (struct vs_str){0};
}

static bool is_number(const struct vs_token *token) {
  return token->kind == VS_TOKEN_INTEGER || token->kind == VS_TOKEN_DECIMAL;
}

/* INTERVAL '5' MINUTE, INTERVAL 5 MINUTE, INTERVAL '1 day 2 hours', INTERVAL 5m; the tokens read, 0 when it is none. */
static uint32_t try_interval(const struct vs_parser *parser, struct vs_interval *ret_interval) {
  const struct vs_token *amount = vs_parser_peek(parser, 1), *unit_word = vs_parser_peek(parser, 2);
  struct vs_interval unit;
  if (!vs_parser_is_word(parser, 0, "INTERVAL")) return 0;
  if (amount->kind == VS_TOKEN_DURATION) return vs_duration_parse(amount->text, ret_interval) ? 2 : 0;
  bool is_text = amount->kind == VS_TOKEN_STRING;
  if (!is_text && !is_number(amount)) return 0;
  struct vs_str number = is_text ? inside(amount) : amount->text;
  if (unit_word->kind == VS_TOKEN_WORD && vs_unit_find(unit_word->text, false, &unit))
    return scale_unit(vs_str_trim(number), unit, ret_interval) ? 3 : 0;
  bool is_bare = number.size > 0 && number.data[number.size - 1] >= '0' && number.data[number.size - 1] <= '9' &&
                 !memchr(number.data, ':', number.size);
  return is_text && !is_bare && vs_duration_parse(number, ret_interval) ? 2 : 0; /* INTERVAL '5' lacks its unit */
}

/* 5m, 5 MINUTES, and where a duration must stand also '5m' and 90. */
static uint32_t try_bare(const struct vs_parser *parser, bool is_strict, struct vs_interval *ret_interval) {
  const struct vs_token *token = vs_parser_peek(parser, 0), *next = vs_parser_peek(parser, 1);
  struct vs_interval unit;
  if (token->kind == VS_TOKEN_DURATION) return vs_duration_parse(token->text, ret_interval) ? 1 : 0;
  if (token->kind == VS_TOKEN_STRING && !is_strict) return vs_duration_parse(inside(token), ret_interval) ? 1 : 0;
  if (!is_number(token)) return 0;
  if (next->kind == VS_TOKEN_WORD && vs_unit_find(next->text, false, &unit))
    return scale_unit(token->text, unit, ret_interval) ? 2 : 0;
  return !is_strict && scale_unit(token->text, (struct vs_interval){INT64_C(1000000000), 0}, ret_interval) ? 1 : 0;
}

bool vs_parse_duration_try(struct vs_parser *parser, bool is_strict, struct vs_duration *ret_duration) {
  uint32_t first = parser->at;
  struct vs_duration duration = {0};
  bool is_negative = !is_strict && vs_parser_take_sign(parser, "-");
  const struct vs_token *token = vs_parser_peek(parser, 0);
  uint32_t size = try_interval(parser, &duration.value);
  if (!size) size = try_bare(parser, is_strict, &duration.value);
  if (!size && !is_strict && !is_negative && token->kind == VS_TOKEN_PARAMETER) {
    duration.parameter.text = (struct vs_str){token->text.data + 1, token->text.size - 1};
    duration.parameter.span = token->span;
    size = 1;
  }
  bool is_calendar = !is_strict && duration.value.months != 0;
  if (!size || is_calendar || (is_negative && !negate(&duration.value))) {
    parser->at = first;
    return false;
  }
  parser->at += size;
  duration.span = vs_parser_span(parser, first);
  *ret_duration = duration;
  return true;
}

static const char forms[] = "write 5m, 1d12h, INTERVAL '5' MINUTE, 5 MINUTES, '5 minutes', or seconds as a number";

static bool is_calendar_ahead(const struct vs_parser *parser) {
  for (uint32_t ahead = 0; ahead < 3; ahead++)
    if (vs_parser_is_word(parser, ahead, "MONTH") || vs_parser_is_word(parser, ahead, "MONTHS") ||
        vs_parser_is_word(parser, ahead, "QUARTER") || vs_parser_is_word(parser, ahead, "YEAR") ||
        vs_parser_is_word(parser, ahead, "YEARS"))
      return true;
  return false;
}

/* The token that spoils a duration: INTERVAL 5 MINUTZ is wrong at its unit. */
static const struct vs_token *spoiler(const struct vs_parser *parser) {
  uint32_t ahead = vs_parser_is_sign(parser, 0, "-");
  if (vs_parser_is_word(parser, ahead, "INTERVAL")) ahead++;
  const struct vs_token *next = vs_parser_peek(parser, ahead + 1);
  const struct vs_token *token = vs_parser_peek(parser, ahead);
  bool has_amount = token->kind == VS_TOKEN_STRING || is_number(token);
  return has_amount && next->kind == VS_TOKEN_WORD ? next : token;
}

vs_status vs_parse_duration_fail(struct vs_parser *parser, const char *where) {
  static const char units[] = "NANOSECONDS MICROSECONDS MILLISECONDS SECONDS MINUTES HOURS DAYS WEEKS NANOSECOND "
                              "MICROSECOND MILLISECOND SECOND MINUTE HOUR DAY WEEK";
  const struct vs_token *token = spoiler(parser);
  char expected[96], found[64], hint[VS_HINT_MAX];
  snprintf(expected, sizeof expected, "a duration %s", where);
  if (token->kind == VS_TOKEN_ERROR) return vs_parser_bad_token(parser, token);
  if (token->kind == VS_TOKEN_END) {
    vs_status status = vs_parser_unexpected(parser, expected, NULL);
    return vs_fail_hint(parser->err, status, "%s", forms);
  }
  vs_token_print(token, found);
  vs_status status =
      vs_fail(parser->err, VS_CODE_BAD_DURATION, token->span, "expected %s, found '%s'", expected, found);
  if (is_calendar_ahead(parser))
    return vs_fail_hint(parser->err, status, "months and years differ in length; use days");
  if (token->kind == VS_TOKEN_WORD && vs_parser_suggest(token->text, units, hint))
    return vs_fail_hint(parser->err, status, "%s", hint);
  return vs_fail_hint(parser->err, status, "%s", forms);
}

vs_status vs_parse_duration(struct vs_parser *parser, const char *where, struct vs_duration *ret_duration) {
  if (vs_parse_duration_try(parser, false, ret_duration)) return VS_OK;
  return vs_parse_duration_fail(parser, where);
}
