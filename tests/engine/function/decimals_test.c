/* SPDX-License-Identifier: Apache-2.0
 * Decimal arithmetic against Python's decimal module. */
#include "calls.h"

static const struct {
  const char *a, *b, *sum, *difference, *product, *quotient;
} cases[] = {
#define X(a, b, sum, difference, product, quotient) {a, b, sum, difference, product, quotient},
#include "decimal_cases.inc"
#undef X
};

static void expect(const char *name, const char *a, const char *b, const char *expected) {
  char arguments[120];
  snprintf(arguments, sizeof arguments, "%s, %s", a, b);
  EXPECT_CALL(name, arguments, strcmp(expected, "over") == 0 ? "row VELO-3006" : expected);
}

Test(function_decimals, operators_agree_with_python) {
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    expect("+", cases[i].a, cases[i].b, cases[i].sum);
    expect("-", cases[i].a, cases[i].b, cases[i].difference);
    expect("*", cases[i].a, cases[i].b, cases[i].product);
    expect("/", cases[i].a, cases[i].b, cases[i].quotient);
  }
}
