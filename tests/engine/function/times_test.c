/* SPDX-License-Identifier: Apache-2.0
 * Functions of times. Expectations for ISO weeks and month arithmetic come from Python's datetime. */
#include "calls.h"

static void expect_part(const char *part, const char *time, const char *expected) {
  struct vs_value values[2];
  char arguments[120], actual[64];
  int how[2] = {AS_CONSTANT, AS_FLAT};
  snprintf(arguments, sizeof arguments, "'%s', %s", part, time);
  call_once("EXTRACT", values, literals(arguments, values), how, false, actual, sizeof actual);
  cr_expect_str_eq(actual, expected, "EXTRACT(%s FROM %s) gave %s, not %s", part, time, actual, expected);
}

Test(function_times, extract_reads_every_kind_of_time) {
  expect_part("MILLISECOND", "ts'2026-01-31 12:30:45.678901'", "678");
  expect_part("MICROSECOND", "ts'2026-01-31 12:30:45.678901'", "678901");
  expect_part("NANOSECOND", "ts'2026-01-31 12:30:45.678901'", "678901000");
  expect_part("QUARTER", "ts'2026-12-31'", "4");
  expect_part("DOW", "date'2026-02-01'", "0");
  expect_part("DOY", "date'2024-12-31'", "366");
  expect_part("WEEK", "date'2027-01-01'", "53");
  expect_part("WEEK", "date'2025-12-29'", "1");
  expect_part("WEEK", "date'1969-12-29'", "1");
  expect_part("HOUR", "3600000", "1");
  expect_part("HOUR", "-1", "23");
  expect_part("YEAR", "ms'2026-01-31'", "2026");
  expect_part("MINUTE", "'2026-01-31T12:30:00Z'", "30");
  expect_part("HOUR", "time'12:30'", "12");
  expect_part("DAY", "time'12:30'", "bind VELO-2006");
  expect_part("EPOCH", "ts'1970-01-01 00:00:01.5'", "1.5");
  expect_part("EPOCH", "1500", "1.5");
  expect_part("EPOCH", "iv'1 hour'", "3600");
  expect_part("EPOCH", "iv'1500ms'", "1.5");
  expect_part("HOUR", "iv'1 day 02:03:04'", "2");
  expect_part("DAY", "iv'1 day 02:03:04'", "1");
  expect_part("CENTURY", "ts'2026-01-31'", "bind VELO-2006");
  expect_part("YEAR", "TRUE", "bind VELO-2006");
}

Test(function_times, short_forms) {
  EXPECT_CALL("YEAR", "date'2026-01-31'", "2026");
  EXPECT_CALL("MONTH", "ts'2026-01-31'", "1");
  EXPECT_CALL("DAY", "'2026-01-31'", "31");
  EXPECT_CALL("SECOND", "ts'1969-12-31 23:59:58.5'", "58");
}

Test(function_times, truncation_keeps_milliseconds_and_mondays) {
  struct vs_value values[3];
  char actual[64];
  int how[3] = {AS_CONSTANT, AS_FLAT, AS_FLAT};
  static const char *const cases[][2] = {
      {"'week', ts'2026-02-01 10:00'", "2026-01-26 00:00:00.000"},
      {"'week', ts'2026-01-26'", "2026-01-26 00:00:00.000"},
      {"'month', ts'2026-02-28 10:00'", "2026-02-01 00:00:00.000"},
      {"'quarter', ts'2026-06-30'", "2026-04-01 00:00:00.000"},
      {"'year', ts'2026-06-30'", "2026-01-01 00:00:00.000"},
      {"'hour', ts'1969-12-31 23:30'", "1969-12-31 23:00:00.000"},
      {"'minute', ms'2026-01-01 00:00:59.999'", "2026-01-01 00:00:00.000"},
      {"'second', 1999", "1000"},
      {"'fortnight', ts'2026-01-01'", "bind VELO-2006"},
  };
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    call_once("DATE_TRUNC", values, literals(cases[i][0], values), how, false, actual, sizeof actual);
    cr_expect_str_eq(actual, cases[i][1], "%s gave %s", cases[i][0], actual);
  }
}

Test(function_times, differences_count_full_units) {
  struct vs_value values[3];
  char actual[64];
  int how[3] = {AS_CONSTANT, AS_FLAT, AS_FLAT};
  static const char *const cases[][2] = {
      {"'minutes', ts'2026-01-01', ts'2026-01-01 01:30:59'", "90"},
      {"'hours', ts'2026-01-01 01:59', ts'2026-01-01'", "-1"},
      {"'days', ts'2026-01-01 12:00', ts'2026-01-03 11:59'", "1"},
      {"'weeks', date'2026-01-01', date'2026-01-31'", "4"},
      {"'months', ts'2026-01-31', ts'2026-02-28'", "1"},
      {"'months', ts'2026-01-31', ts'2026-03-30'", "1"},
      {"'months', ts'2026-03-30', ts'2026-01-31'", "-1"},
      {"'quarters', date'2026-01-01', date'2026-12-31'", "3"},
      {"'years', date'2024-02-29', date'2025-02-28'", "1"},
      {"'seconds', 1000, 61500", "60"},
      {"'milliseconds', ts'1970-01-01', 1500", "1500"},
  };
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    call_once("DATEDIFF", values, literals(cases[i][0], values), how, false, actual, sizeof actual);
    cr_expect_str_eq(actual, cases[i][1], "%s gave %s", cases[i][0], actual);
  }
}

Test(function_times, made_from_text_and_numbers) {
  EXPECT_CALL("FROM_UNIXTIME", "86400", "1970-01-02 00:00:00.000");
  EXPECT_CALL("FROM_UNIXTIME", "1769864405123", "2026-01-31 13:00:05.123");
  EXPECT_CALL("FROM_UNIXTIME", "0.5", "1970-01-01 00:00:00.500");
  EXPECT_CALL("UNIX_TIMESTAMP", "'1970-01-02'", "86400");
  EXPECT_CALL("UNIX_TIMESTAMP", "-1", "-1");
  EXPECT_CALL("TIMESTAMP", "'2026-01-31T12:00Z'", "2026-01-31 12:00:00.000");
  EXPECT_CALL("TIMESTAMP", "'soon'", "row VELO-3007");
  EXPECT_CALL("TO_TIMESTAMP", "'31.01.2026', '%d.%m.%Y'", "2026-01-31 00:00:00.000");
  EXPECT_CALL("TO_TIMESTAMP", "'2026/01/31 05', 'yyyy/MM/dd HH'", "2026-01-31 05:00:00.000");
  EXPECT_CALL("TO_TIMESTAMP", "'31.02.2026', '%d.%m.%Y'", "row VELO-3007");
  EXPECT_CALL("DATE", "'2026-01-31 23:59:59'", "2026-01-31");
  EXPECT_CALL("DATE", "-1", "1969-12-31");
  EXPECT_CALL("DATE_FORMAT", "ts'2026-01-31 12:05:09', '%d.%m.%Y %H:%M'", "31.01.2026 12:05");
  EXPECT_CALL("DATE_FORMAT", "ms'2026-01-31', 'EEE d MMM yyyy'", "Sat 31 Jan 2026");
  EXPECT_CALL("DATE_ADD", "ts'2026-01-31', iv'1 month'", "2026-02-28 00:00:00.000");
  EXPECT_CALL("DATE_SUB", "ts'2024-03-31', iv'1 month'", "2024-02-29 00:00:00.000");
}

Test(function_times, now_is_the_batch_clock) {
  struct call_fixture fixture;
  struct vs_call_bound call = {0};
  struct vs_vector result;
  fixture_open(&fixture);
  const struct vs_scalar *row = vs_scalar_find(VS_STR("current_timestamp"));
  struct vs_binding binding = {.arena = &fixture.arena};
  call.function = row;
  cr_assert_eq(row->bind(row, &binding, &call, NULL), VS_OK);
  cr_assert_eq(vs_call_run(&call, &fixture.eval, NULL, 0, 3, &result, NULL), VS_OK);
  cr_expect_eq(vs_value_get(&result, 2).as.integer, 1769864405123);
  cr_expect_eq(result.type.id, VS_TYPE_TIMESTAMP_MS);
  fixture_close(&fixture);
}
