/* SPDX-License-Identifier: Apache-2.0
 * The operators: arithmetic, comparison, logic, as spec/sql.md 5 defines them. */
#include "calls.h"

Test(function_operators, integer_overflow_fails_the_row) {
  EXPECT_CALL("+", "9223372036854775807, 1", "row VELO-3006");
  EXPECT_CALL("+", "9223372036854775806, 1", "9223372036854775807");
  EXPECT_CALL("-", "-9223372036854775807, 2", "row VELO-3006");
  EXPECT_CALL("*", "3037000500, 3037000500", "row VELO-3006");
  EXPECT_CALL("*", "-3, 4", "-12");
  EXPECT_CALL("-", "5", "-5");
  EXPECT_CALL("-", "-9223372036854775808", "row VELO-3006");
}

Test(function_operators, integers_divide_to_a_ratio) {
  EXPECT_TYPED("/", "7, 2", "3.5 FLOAT");
  EXPECT_TYPED("DIV", "-7, 2", "-3 INTEGER");
  EXPECT_CALL("%", "-7, 3", "-1");
  EXPECT_CALL("MOD", "7, -3", "1");
  EXPECT_CALL("%", "-9223372036854775808, -1", "0");
  EXPECT_CALL("DIV", "-9223372036854775808, -1", "row VELO-3006");
  EXPECT_CALL("DIV", "7.5, 2", "3");
  EXPECT_CALL("DIV", "-7e0, 2", "-3");
}

Test(function_operators, zero_divisor_gives_null) {
  EXPECT_CALL("/", "1, 0", "NULL");
  EXPECT_CALL("/", "1.5, 0.0", "NULL");
  EXPECT_CALL("/", "1e0, 0e0", "NULL");
  EXPECT_CALL("%", "1, 0", "NULL");
  EXPECT_CALL("%", "1.5, 0", "NULL");
  EXPECT_CALL("%", "1e0, 0", "NULL");
  EXPECT_CALL("DIV", "1, 0", "NULL");
}

Test(function_operators, reference_mistakes_are_not_repeated) {
  EXPECT_CALL("/", "1.00, 2.00", "0.5");
  EXPECT_CALL("*", "12.34e0, 0.5", "6.17");
  EXPECT_CALL("/", "12.5e0, 100.0", "0.125");
  EXPECT_CALL("/", "10.00, 4e0", "2.5");
  EXPECT_CALL("/", "1.00, 3", "0.3333333333");
  EXPECT_CALL("=", "10.50, 10.5", "true");
  EXPECT_CALL("<>", "10.50, 10.5", "false");
}

Test(function_operators, decimal_result_types_follow_the_rules) {
  EXPECT_TYPED("+", "1.25, 2", "3.25 DECIMAL(4,2)");
  EXPECT_TYPED("*", "1.25, 0.5", "0.625 DECIMAL(4,3)");
  EXPECT_TYPED("/", "1.00, 3", "0.3333333333 DECIMAL(19,10)");
  EXPECT_TYPED("+", "1.5, 2e0", "3.5 FLOAT");
  EXPECT_CALL("*", "0.00000000000000000001, 0.00000000000000000001", "bind VELO-2018");
  EXPECT_CALL("+", "9999999999999999999999999999999999999.0, 1.0", "row VELO-3006");
  EXPECT_CALL("*", "99999999999999999999.0, 99999999999999999999.0", "row VELO-3006");
  EXPECT_CALL("/", "2.0, 3.0", "0.6666666667");
  EXPECT_CALL("/", "-2.0, 3.0", "-0.6666666667");
}

Test(function_operators, float_never_becomes_infinite) {
  EXPECT_CALL("*", "1e308, 10e0", "row VELO-3006");
  EXPECT_CALL("+", "1.7e308, 1.7e308", "row VELO-3006");
  EXPECT_CALL("/", "1e308, 1e-10", "row VELO-3006");
  EXPECT_CALL("-", "0e0", "0");
}

Test(function_operators, null_makes_null) {
  EXPECT_CALL("+", "NULL, 1", "NULL");
  EXPECT_CALL("*", "1.5, NULL", "NULL");
  EXPECT_CALL("=", "NULL, NULL", "NULL");
  EXPECT_CALL("<", "NULL, 'a'", "NULL");
  EXPECT_CALL("NOT", "NULL", "NULL");
}

Test(function_operators, text_is_no_number_in_arithmetic) {
  EXPECT_CALL("+", "'1', 1", "bind VELO-2007");
  EXPECT_CALL("*", "TRUE, 1", "bind VELO-2007");
}

Test(function_operators, times_take_intervals) {
  EXPECT_CALL("+", "ts'2026-01-31 12:00', iv'1 month'", "2026-02-28 12:00:00.000");
  EXPECT_CALL("+", "iv'1 day', ts'2024-02-28'", "2024-02-29 00:00:00.000");
  EXPECT_CALL("-", "ts'2026-01-31 12:00', iv'90'", "2026-01-31 11:58:30.000");
  EXPECT_TYPED("-", "date'2026-03-01', iv'1 day'", "2026-02-28 00:00:00.000 TIMESTAMP");
  EXPECT_TYPED("+", "1000, iv'5 seconds'", "6000 INTEGER");
  EXPECT_TYPED("-", "ms'2026-01-01', iv'1 month'", "2025-12-01 00:00:00.000 TIMESTAMP_MS");
  EXPECT_CALL("+", "'2026-01-01T00:00Z', iv'1h'", "2026-01-01 01:00:00.000");
  EXPECT_TYPED("-", "ts'2026-01-02', ts'2026-01-01 12:00'", "12:00:00 INTERVAL");
  EXPECT_CALL("-", "date'2026-01-01', date'2026-01-03'", "-2 days");
  EXPECT_TYPED("-", "ms'2026-01-02', ms'2026-01-01'", "86400000 INTEGER");
  EXPECT_CALL("+", "ts'9999-12-31 23:59:59', iv'1s'", "row VELO-3006");
  EXPECT_CALL("*", "iv'90', 2", "00:03:00");
  EXPECT_CALL("/", "iv'1h', 4", "00:15:00");
  EXPECT_CALL("/", "iv'1h', 0", "NULL");
  EXPECT_CALL("-", "iv'1h'", "-01:00:00");
  EXPECT_CALL("+", "ts'2026-01-01', 5", "bind VELO-2007");
  EXPECT_CALL("+", "ts'2026-01-01', NULL", "NULL");
}

Test(function_comparison, numbers_compare_by_value_across_types) {
  EXPECT_CALL("=", "1, 1.00", "true");
  EXPECT_CALL("=", "0.1e0, 0.1", "true");
  EXPECT_CALL(">", "9007199254740993, 9007199254740992e0", "true");
  EXPECT_CALL("=", "9007199254740993, 9007199254740992e0", "false");
  EXPECT_CALL("<", "9007199254740992e0, 9007199254740993", "true");
  EXPECT_CALL(">=", "9223372036854775807, 9.3e18", "false");
}

Test(function_comparison, decimals_without_a_common_type_compare_exactly) {
  EXPECT_CALL("<", "9999999999999999999999999999999999999.0, 0.0000000000000000000000000000000000001", "false");
  EXPECT_CALL(">", "0.5, 9999999999999999999999999999999999999.5", "false");
  EXPECT_CALL("<", "-1.50000000000000000000000000000000001, -12345678901234567890.5", "false");
  EXPECT_CALL("=", "12345678901234567890.5, 12345678901234567890.50000000000000000", "true");
}

Test(function_comparison, times_meet_texts_and_milliseconds) {
  EXPECT_CALL("=", "ts'2026-01-01 10:00', '2026-01-01T10:00:00Z'", "true");
  EXPECT_CALL("<", "date'2026-01-01', '2026-01-01 00:00:01'", "true");
  EXPECT_CALL("=", "ts'1970-01-01 00:00:01', 1000", "true");
  EXPECT_CALL(">", "9223372036854775807, ts'9999-12-31'", "true");
  EXPECT_CALL("=", "ms'2026-01-01', ts'2026-01-01'", "true");
  EXPECT_CALL("<", "ms'2026-01-01', ts'2026-01-01 00:00:00.000001'", "true");
  EXPECT_CALL("=", "date'1970-01-02', 86400000", "true");
  EXPECT_CALL("<", "ts'2026-01-01', 'soon'", "row VELO-3007");
}

Test(function_comparison, text_beside_a_number_is_read_as_one) {
  EXPECT_CALL("=", "'10.5', 10.5", "true");
  EXPECT_CALL(">", "'9', 10", "false");
  EXPECT_CALL("=", "'1e2', 100", "true");
  EXPECT_CALL("=", "'abc', 1", "row VELO-3007");
  EXPECT_CALL("=", "TRUE, 1", "bind VELO-2007");
}

Test(function_comparison, texts_compare_by_code_point) {
  EXPECT_CALL("<", "'a', 'B'", "false");
  EXPECT_CALL("<", "'Zebra', 'zebra'", "true");
  EXPECT_CALL("=", "'a text longer than twelve', 'a text longer than twelve'", "true");
  EXPECT_CALL("<", "'a text longer than twelve', 'a text longer than twelvf'", "true");
  EXPECT_CALL("<", "'ab', 'abc'", "true");
  EXPECT_CALL(">", "'ä', 'z'", "true");
}

Test(function_comparison, distinct_from_knows_null) {
  EXPECT_CALL("IS DISTINCT FROM", "1, NULL", "true");
  EXPECT_CALL("IS DISTINCT FROM", "NULL, NULL", "false");
  EXPECT_CALL("IS NOT DISTINCT FROM", "NULL, NULL", "true");
  EXPECT_CALL("IS NOT DISTINCT FROM", "2, 2.0", "true");
  EXPECT_CALL("IS DISTINCT FROM", "2, 3", "true");
}

Test(function_logic, three_values) {
  static const char *const table[][4] = {
      /* a, b, AND, OR */
      {"TRUE", "TRUE", "true", "true"},   {"TRUE", "FALSE", "false", "true"},   {"TRUE", "NULL", "NULL", "true"},
      {"FALSE", "TRUE", "false", "true"}, {"FALSE", "FALSE", "false", "false"}, {"FALSE", "NULL", "false", "NULL"},
      {"NULL", "TRUE", "NULL", "true"},   {"NULL", "FALSE", "false", "NULL"},   {"NULL", "NULL", "NULL", "NULL"},
  };
  for (size_t i = 0; i < VS_COUNT_OF(table); i++) {
    char arguments[32];
    snprintf(arguments, sizeof arguments, "%s, %s", table[i][0], table[i][1]);
    EXPECT_CALL("AND", arguments, table[i][2]);
    EXPECT_CALL("OR", arguments, table[i][3]);
  }
}

Test(function_logic, is_tests_are_never_null) {
  static const char *const tests[][4] = {
      {"IS NULL", "false", "false", "true"},    {"IS NOT NULL", "true", "true", "false"},
      {"IS TRUE", "true", "false", "false"},    {"IS NOT TRUE", "false", "true", "true"},
      {"IS FALSE", "false", "true", "false"},   {"IS NOT FALSE", "true", "false", "true"},
      {"IS UNKNOWN", "false", "false", "true"}, {"IS NOT UNKNOWN", "true", "true", "false"},
  };
  for (size_t i = 0; i < VS_COUNT_OF(tests); i++) {
    EXPECT_CALL(tests[i][0], "TRUE", tests[i][1]);
    EXPECT_CALL(tests[i][0], "FALSE", tests[i][2]);
    EXPECT_CALL(tests[i][0], "NULL", tests[i][3]);
  }
  EXPECT_CALL("NOT", "1", "false");
  EXPECT_CALL("AND", "'x', TRUE", "bind VELO-2007");
}
