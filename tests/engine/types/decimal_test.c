/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/types/decimal.h"
#include <criterion/criterion.h>

static vs_i128 parse(const char *text, uint32_t *scale) {
  vs_i128 value = 0;
  uint32_t digits;
  cr_assert(vs_decimal_parse(vs_str_of(text), &value, scale, &digits), "%s", text);
  return value;
}
static void expect_print(const char *text, uint32_t keep, const char *expected) {
  uint32_t scale;
  char printed[48];
  vs_i128 value = parse(text, &scale);
  cr_expect_eq(vs_decimal_print(value, scale, keep, printed), strlen(expected));
  cr_expect_str_eq(printed, expected);
}

Test(types_decimal, text_keeps_scale_and_sign) {
  expect_print("-0012.3400", 4, "-12.3400");
  expect_print("-0012.3400", 0, "-12.34");
  expect_print("-0012.3400", 3, "-12.340");
  expect_print(".5", 9, "0.5");
  expect_print("7.", 0, "7");
  expect_print("-0.00", 2, "0.00");
  expect_print("99999999999999999999999999999999999999", 0, "99999999999999999999999999999999999999");
  expect_print("-0.00000000000000000000000000000000000001", 38, "-0.00000000000000000000000000000000000001");
}

Test(types_decimal, digits_and_scale_come_from_the_text) {
  vs_i128 value;
  uint32_t scale, digits;
  cr_assert(vs_decimal_parse(VS_STR("0.050"), &value, &scale, &digits));
  cr_expect(scale == 3 && digits == 3);
  cr_assert(vs_decimal_parse(VS_STR("0000120"), &value, &scale, &digits));
  cr_expect(scale == 0 && digits == 3);
  static const char *const refused[] = {"",
                                        "-",
                                        ".",
                                        "1.2.3",
                                        "1e3",
                                        "abc",
                                        "1 ",
                                        "--1",
                                        "100000000000000000000000000000000000000",
                                        "0.000000000000000000000000000000000000001"};
  for (size_t i = 0; i < VS_COUNT_OF(refused); i++)
    cr_expect(!vs_decimal_parse(vs_str_of(refused[i]), &value, &scale, &digits), "%s", refused[i]);
}

Test(types_decimal, rescaling_rounds_half_away_from_zero) {
  vs_i128 value;
  cr_assert(vs_decimal_rescale(25, 1, 0, &value) && value == 3);
  cr_assert(vs_decimal_rescale(-25, 1, 0, &value) && value == -3);
  cr_assert(vs_decimal_rescale(249, 2, 1, &value) && value == 25);
  cr_assert(vs_decimal_rescale(7, 0, 3, &value) && value == 7000);
  cr_expect(!vs_decimal_rescale(vs_power_of_ten(37), 0, 1, &value));
  cr_expect(vs_decimal_rescale(vs_power_of_ten(36), 0, 1, &value));
}

Test(types_decimal, quotients_pass_through_256_bits) {
  vs_i128 value, large = vs_power_of_ten(37) * 9;
  cr_assert(vs_decimal_divide(large, 0, large, 0, 30, &value));
  cr_expect(value == vs_power_of_ten(30));
  cr_assert(vs_decimal_divide(1, 0, 3, 0, 37, &value));
  cr_expect(value == vs_power_of_ten(37) / 3);
  cr_assert(vs_decimal_divide(-2, 0, 3, 0, 1, &value));
  cr_expect(value == -7);
  cr_expect(!vs_decimal_divide(large, 0, 1, 0, 5, &value));
  cr_assert(vs_decimal_divide(5, 38, vs_power_of_ten(37), 0, 0, &value));
  cr_expect(value == 0);
}

Test(types_decimal, doubles_convert_by_their_printed_digits) {
  vs_i128 value;
  cr_assert(vs_decimal_from_double(2.675, 2, &value) && value == 268);
  cr_assert(vs_decimal_from_double(-2.675, 2, &value) && value == -268);
  cr_assert(vs_decimal_from_double(0.1, 18, &value) && value == 100000000000000000);
  cr_assert(vs_decimal_from_double(1e-300, 10, &value) && value == 0);
  cr_expect(!vs_decimal_from_double(1e38, 1, &value));
  cr_expect_eq(vs_decimal_to_double(1, 1), 0.1);
  cr_expect_eq(vs_decimal_to_double(parse("123456789012345678901234567890.5", &(uint32_t){0}), 1),
               123456789012345678901234567890.5);
}

Test(types_decimal, result_types) {
  struct vs_type result, money = vs_type_decimal(18, 2), wide = vs_type_decimal(38, 18);
  char text[32];
  cr_assert(vs_decimal_result(VS_DECIMAL_ADD, money, VS_TYPE(INTEGER), &result));
  cr_expect_str_eq(vs_type_print(result, text), "DECIMAL(22,2)");
  cr_assert(vs_decimal_result(VS_DECIMAL_MULTIPLY, money, money, &result));
  cr_expect_str_eq(vs_type_print(result, text), "DECIMAL(36,4)");
  cr_assert(vs_decimal_result(VS_DECIMAL_DIVIDE, money, money, &result));
  cr_expect_str_eq(vs_type_print(result, text), "DECIMAL(28,10)");
  cr_assert(vs_decimal_result(VS_DECIMAL_DIVIDE, wide, wide, &result));
  cr_expect_str_eq(vs_type_print(result, text), "DECIMAL(38,18)",
                   "a quotient keeps decimals however wide the sides are");
  cr_assert(vs_decimal_result(VS_DECIMAL_MODULO, money, wide, &result));
  cr_expect_str_eq(vs_type_print(result, text), "DECIMAL(38,18)");
  cr_expect(!vs_decimal_result(VS_DECIMAL_MULTIPLY, wide, vs_type_decimal(38, 21), &result));
}
