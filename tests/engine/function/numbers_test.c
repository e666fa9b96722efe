/* SPDX-License-Identifier: Apache-2.0
 * Mathematics, rounding, choices and casts. */
#include "calls.h"

Test(function_numbers, rounding_goes_half_away_from_zero) {
  EXPECT_CALL("ROUND", "2.345, 2", "2.35");
  EXPECT_CALL("ROUND", "-2.345, 2", "-2.35");
  EXPECT_CALL("ROUND", "2.345e0, 2", "2.35");
  EXPECT_CALL("ROUND", "2.5", "3");
  EXPECT_CALL("ROUND", "-2.5e0", "-3");
  EXPECT_CALL("ROUND", "9.99, 1", "10");
  EXPECT_CALL("ROUND", "1250, -2", "1300");
  EXPECT_CALL("ROUND", "1249.99, -2", "1200");
  EXPECT_CALL("ROUND", "9223372036854775807, -1", "row VELO-3006");
  EXPECT_CALL("ROUND", "5, -40", "0");
  EXPECT_CALL("ROUND", "1.5, 40", "1.5");
  EXPECT_CALL("ROUND", "0.1e0, 20", "0.1");
  EXPECT_CALL("ROUND", "1234.5678e0, -2", "1200");
  EXPECT_CALL("ROUND", "12345678901234567890.55, 1", "12345678901234567890.6");
  EXPECT_CALL("ROUND", "1.5, NULL", "NULL");
  EXPECT_CALL("ROUND", "'1.5'", "bind VELO-2006");
  EXPECT_TYPED("ROUND", "2.345, 2", "2.35 DECIMAL(4,2)");
  EXPECT_TYPED("ROUND", "2.345", "2 DECIMAL(2,0)");
  EXPECT_TYPED("ROUND", "2.345, 9", "2.345 DECIMAL(5,3)");
}

Test(function_numbers, trunc_cuts_towards_zero) {
  EXPECT_CALL("TRUNC", "-2.349, 2", "-2.34");
  EXPECT_CALL("TRUNC", "2.99e0", "2");
  EXPECT_CALL("TRUNC", "-0.57e0, 2", "-0.57");
  EXPECT_CALL("TRUNC", "0.579e0, 2", "0.57");
  EXPECT_CALL("TRUNC", "1e-30, 5", "0");
  EXPECT_CALL("TRUNC", "1999, -3", "1000");
}

Test(function_numbers, whole_numbers_up_and_down) {
  EXPECT_TYPED("CEIL", "2.1", "3 INTEGER");
  EXPECT_CALL("CEIL", "-2.9", "-2");
  EXPECT_CALL("FLOOR", "-2.1", "-3");
  EXPECT_CALL("FLOOR", "2.9e0", "2");
  EXPECT_CALL("CEILING", "7", "7");
  EXPECT_TYPED("FLOOR", "12345678901234567890.5", "12345678901234567890 DECIMAL(21,0)");
  EXPECT_CALL("FLOOR", "-12345678901234567890.5", "-12345678901234567891");
  EXPECT_CALL("CEIL", "1e19", "row VELO-3006");
}

Test(function_numbers, functions_of_one_number) {
  EXPECT_CALL("ABS", "-2.5", "2.5");
  EXPECT_CALL("ABS", "-9223372036854775808", "row VELO-3006");
  EXPECT_CALL("SIGN", "-0.5", "-1");
  EXPECT_CALL("SIGN", "0e0", "0");
  EXPECT_CALL("SQRT", "2", "1.4142135623730951");
  EXPECT_CALL("SQRT", "-1", "NULL");
  EXPECT_CALL("SQRT", "6.25", "2.5");
  EXPECT_CALL("LN", "0", "NULL");
  EXPECT_CALL("LN", "1", "0");
  EXPECT_CALL("LOG10", "1000", "3");
  EXPECT_CALL("EXP", "0", "1");
  EXPECT_CALL("EXP", "1000", "row VELO-3006");
  EXPECT_CALL("POWER", "2, 10", "1024");
  EXPECT_CALL("POW", "-8, 0.5", "NULL");
  EXPECT_CALL("POWER", "0, -1", "NULL");
  EXPECT_CALL("POWER", "10, 400", "row VELO-3006");
}

Test(function_numbers, least_and_greatest_ignore_null) {
  EXPECT_CALL("LEAST", "3, NULL, 1.5", "1.5");
  EXPECT_CALL("GREATEST", "3, 4e0, 1.5", "4");
  EXPECT_CALL("GREATEST", "NULL, NULL", "NULL");
  EXPECT_CALL("LEAST", "'b', 'a', 'c'", "a");
  EXPECT_CALL("GREATEST", "'a text of more than twelve', 'a text of more than thirteen'", "a text of more than twelve");
  EXPECT_CALL("LEAST", "ts'2026-01-02', date'2026-01-01'", "2026-01-01 00:00:00.000");
  EXPECT_CALL("LEAST", "1, 'a'", "bind VELO-2006");
}

Test(function_cast, every_pair) {
  static const struct {
    const char *value, *to, *expected;
  } cases[] = {
      {"'42'", "INTEGER", "42"},
      {"' -7 '", "INTEGER", "-7"},
      {"'1.5'", "INTEGER", "row VELO-3007"},
      {"'9223372036854775808'", "INTEGER", "row VELO-3007"},
      {"'12.345'", "DECIMAL(4,2)", "12.35"},
      {"'123.45'", "DECIMAL(4,2)", "row VELO-3007"},
      {"'1e2'", "DECIMAL(5,1)", "100"},
      {"'1.5e3'", "FLOAT", "1500"},
      {"'nan'", "FLOAT", "row VELO-3007"},
      {"'inf'", "FLOAT", "row VELO-3007"},
      {"'yes'", "BOOLEAN", "true"},
      {"'F'", "BOOLEAN", "false"},
      {"'maybe'", "BOOLEAN", "row VELO-3007"},
      {"'2026-01-31'", "DATE", "2026-01-31"},
      {"'2026-01-31 12:00'", "DATE", "2026-01-31"},
      {"'12:30:15'", "TIME", "12:30:15"},
      {"'1 day 2 hours'", "INTERVAL", "1 day 02:00:00"},
      {"-2.9", "INTEGER", "-2"},
      {"-2.9e0", "INTEGER", "-2"},
      {"1e19", "INTEGER", "row VELO-3006"},
      {"2.345", "DECIMAL(9,2)", "2.35"},
      {"-2.345", "DECIMAL(9,2)", "-2.35"},
      {"2.675e0", "DECIMAL(9,2)", "2.68"},
      {"123", "DECIMAL(2,0)", "row VELO-3006"},
      {"12", "DECIMAL(38,30)", "12"},
      {"0.1", "FLOAT", "0.1"},
      {"12345678901234567890.123456789", "FLOAT", "12345678901234567000"},
      {"12345678901234567890.5", "INTEGER", "row VELO-3006"},
      {"3", "BOOLEAN", "true"},
      {"TRUE", "INTEGER", "1"},
      {"1", "TIMESTAMP", "1970-01-01 00:00:01.000"},
      {"1769864405123", "TIMESTAMP", "2026-01-31 13:00:05.123"},
      {"9223372036854775807", "TIMESTAMP", "row VELO-3007"},
      {"ms'2026-01-01'", "TIMESTAMP", "2026-01-01 00:00:00.000"},
      {"ms'2026-01-01'", "INTEGER", "1767225600000"},
      {"ts'1969-12-31 23:59:59.9995'", "TIMESTAMP_MS", "1969-12-31 23:59:59.999"},
      {"ts'2026-01-31 12:30'", "DATE", "2026-01-31"},
      {"ts'2026-01-31 12:30'", "TIME", "12:30:00"},
      {"date'2026-01-31'", "TIMESTAMP", "2026-01-31 00:00:00.000"},
      {"1.50", "STRING", "1.50"},
      {"0.1e0", "STRING", "0.1"},
      {"TRUE", "STRING", "true"},
      {"ts'2026-01-31'", "STRING", "2026-01-31 00:00:00.000"},
      {"ms'1970-01-01 00:00:01'", "STRING", "1000"},
      {"iv'90'", "STRING", "00:01:30"},
      {"NULL", "STRING", "NULL"},
      {"NULL", "INTEGER", "NULL"},
      {"TRUE", "DATE", "bind VELO-2007"},
      {"date'2026-01-31'", "FLOAT", "bind VELO-2007"},
  };
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    struct vs_type to = VS_TYPE(NULL);
    char name[32];
    unsigned precision, scale;
    for (int id = 0; id <= VS_TYPE_STRUCT; id++)
      if (strcmp(vs_type_print((struct vs_type){.id = (vs_type_id)id}, name), cases[i].to) == 0) to.id = (vs_type_id)id;
    if (sscanf(cases[i].to, "DECIMAL(%u,%u)", &precision, &scale) == 2)
      to = vs_type_decimal((uint8_t)precision, (uint8_t)scale);
    for (int mode = 0; mode < 6; mode++) { /* constant, flat, dictionary; CAST and TRY_CAST */
      struct call_fixture fixture;
      struct vs_call_bound cast;
      struct vs_error err = {0};
      struct vs_vector result;
      struct vs_value value = literal(vs_str_of(cases[i].value));
      char actual[128];
      fixture_open(&fixture);
      struct vs_vector vector = spread(&value, mode % 3, &fixture.arena);
      bool is_try = mode >= 3;
      if (vs_cast_bind(value.type, to, is_try, VS_NO_SPAN, &fixture.arena, &cast, &err) != VS_OK) {
        snprintf(actual, sizeof actual, "bind VELO-%d", err.code);
      } else {
        cr_assert_eq(vs_call_run(&cast, &fixture.eval, &vector, 1, CALL_ROWS, &result, &err), VS_OK);
        struct vs_value last = vs_value_get(&result, CALL_ROWS - 1);
        print_value(&last, false, &fixture.memory, actual, sizeof actual);
        if (fixture.errors.count) snprintf(actual, sizeof actual, "row VELO-%d", fixture.errors.samples[0].code);
      }
      const char *expected = is_try && strncmp(cases[i].expected, "row", 3) == 0 ? "NULL" : cases[i].expected;
      cr_expect_str_eq(actual, expected, "CAST(%s AS %s) gave %s, not %s", cases[i].value, cases[i].to, actual,
                       expected);
      fixture_close(&fixture);
    }
  }
}

Test(function_calls, masked_rows_do_not_fail) {
  struct call_fixture fixture;
  fixture_open(&fixture);
  struct vs_type types[2] = {VS_TYPE(INTEGER), VS_TYPE(INTEGER)};
  struct vs_binding binding = {.arguments = types, .argument_count = 2, .span = VS_NO_SPAN, .arena = &fixture.arena};
  const struct vs_scalar *row = vs_scalar_find(VS_STR("+"));
  struct vs_call_bound call = {.function = row, .span = VS_NO_SPAN};
  cr_assert_eq(row->bind(row, &binding, &call, NULL), VS_OK);
  int64_t a[4] = {INT64_MAX, INT64_MAX, 1, INT64_MAX}, b[4] = {1, 1, 1, 1};
  uint64_t active[1] = {0x5}, valid[1] = {0x7};
  struct vs_vector arguments[2] = {{.type = VS_TYPE(INTEGER), .data = a, .validity = valid},
                                   {.type = VS_TYPE(INTEGER), .data = b}};
  struct vs_vector result;
  fixture.eval.active = active;
  fixture.eval.first_row = 100;
  cr_assert_eq(vs_call_run(&call, &fixture.eval, arguments, 2, 4, &result, NULL), VS_OK);
  cr_expect_eq(fixture.errors.count, 1);
  cr_expect_eq(fixture.errors.samples[0].row, 100);
  cr_expect_str_eq(fixture.errors.samples[0].message, "9223372036854775807 + 1 does not fit INTEGER");
  cr_expect_eq(((int64_t *)result.data)[2], 2);
  cr_expect(vs_vector_is_null(&result, 3));
  fixture_close(&fixture);
}

Test(function_calls, division_by_zero_is_counted_or_fails_as_set) {
  for (int fails = 0; fails < 2; fails++) {
    struct call_fixture fixture;
    fixture_open(&fixture);
    struct vs_type types[2] = {VS_TYPE(INTEGER), VS_TYPE(INTEGER)};
    struct vs_binding binding = {.arguments = types, .argument_count = 2, .span = VS_NO_SPAN, .arena = &fixture.arena};
    const struct vs_scalar *row = vs_scalar_find(VS_STR("%"));
    struct vs_call_bound call = {.function = row, .span = VS_NO_SPAN};
    cr_assert_eq(row->bind(row, &binding, &call, NULL), VS_OK);
    int64_t a[3] = {7, 7, 7}, b[3] = {2, 0, 0};
    struct vs_vector arguments[2] = {{.type = VS_TYPE(INTEGER), .data = a}, {.type = VS_TYPE(INTEGER), .data = b}};
    struct vs_vector result;
    fixture.eval.division_by_zero_fails = fails;
    cr_assert_eq(vs_call_run(&call, &fixture.eval, arguments, 2, 3, &result, NULL), VS_OK);
    cr_expect_eq(fixture.errors.count, fails ? 2 : 0);
    cr_expect_eq(fixture.eval.division_by_zero_count, fails ? 0 : 2);
    if (fails) cr_expect_eq(fixture.errors.samples[0].code, VS_CODE_DIVISION_BY_ZERO);
    cr_expect_eq(vs_value_get(&result, 0).as.integer, 1);
    cr_expect_eq(vs_vector_is_null(&result, 1), !fails);
    fixture_close(&fixture);
  }
}

/* A failing dictionary value that no row holds must not fail anything. */
Test(function_calls, unused_dictionary_values_do_not_fail) {
  struct call_fixture fixture;
  struct vs_call_bound cast;
  struct vs_vector result;
  fixture_open(&fixture);
  struct vs_string values[3] = {vs_string_of("1", 1), vs_string_of("abc", 3), vs_string_of("3", 1)};
  struct vs_dictionary dictionary = {.values = values, .value_count = 3};
  uint16_t codes[4] = {0, 2, 2, 0};
  uint64_t valid[1] = {0xb};
  struct vs_vector vector = {.type = VS_TYPE(STRING),
                             .encoding = VS_VECTOR_DICTIONARY,
                             .data = codes,
                             .dictionary = &dictionary,
                             .validity = valid};
  cr_assert_eq(vs_cast_bind(VS_TYPE(STRING), VS_TYPE(INTEGER), false, VS_NO_SPAN, &fixture.arena, &cast, NULL), VS_OK);
  cr_assert_eq(vs_call_run(&cast, &fixture.eval, &vector, 1, 4, &result, NULL), VS_OK);
  cr_expect_eq(fixture.errors.count, 0);
  cr_expect_eq(vs_value_get(&result, 1).as.integer, 3);
  cr_expect(vs_value_get(&result, 2).is_null);
  codes[3] = 1;
  cr_assert_eq(vs_call_run(&cast, &fixture.eval, &vector, 1, 4, &result, NULL), VS_OK);
  cr_expect_eq(fixture.errors.count, 1);
  cr_expect_eq(fixture.errors.samples[0].row, 4);
  fixture_close(&fixture);
}
