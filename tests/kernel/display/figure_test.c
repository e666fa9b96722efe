/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/display/figure.h"

#include <criterion/criterion.h>

static struct vs_memory memory;
static struct vs_text text;
static void setup(void) {
  vs_memory_init(&memory, NULL, 0);
  vs_text_init(&text, &memory, 0);
}
static void teardown(void) {
  vs_text_release(&text);
}
TestSuite(display_figure, .init = setup, .fini = teardown);

static const char *shown(void) {
  vs_text_put(&text, '|');
  return text.data;
}

Test(display_figure, counts_have_separators_every_three_digits) {
  vsk_print_count(0, &text), shown();
  vsk_print_count(999, &text), shown();
  vsk_print_count(9999, &text), shown();
  vsk_print_count(UINT64_MAX, &text);
  cr_assert_str_eq(shown(), "0|999|9,999|18,446,744,073,709,551,615|");
}

Test(display_figure, one_is_singular) {
  vsk_print_plural(1, "row", &text), shown();
  vsk_print_plural(0, "row", &text), shown();
  vsk_print_plural(2000, "row", &text);
  cr_assert_str_eq(shown(), "1 row|0 rows|2,000 rows|");
}

Test(display_figure, compact_keeps_three_digits) {
  const double values[] = {0, 12500, 999.96, 999499, 0.00812, 0.00005204, 3400000, -1234, 1, 100};
  for (size_t i = 0; i < VS_COUNT_OF(values); i++)
    vsk_print_compact(values[i], &text), shown();
  cr_assert_str_eq(text.data, "0|12.5 K|1 K|999 K|0.00812|0.000052|3.4 M|-1.23 K|1|100|", "%s", text.data);
}

Test(display_figure, durations_choose_their_unit) {
  const int64_t values[] = {0, 3440, 99400, 812000, 59900000, 60000000, 125000000, 7260000000};
  for (size_t i = 0; i < VS_COUNT_OF(values); i++)
    vsk_print_duration(values[i], &text), shown();
  cr_assert_str_eq(text.data, "0.1 ms|3.4 ms|99 ms|0.8 s|59.9 s|1 min 00 s|2 min 05 s|2 h 01 min|", "%s", text.data);
}

Test(display_figure, fixed_never_prints_a_negative_zero) {
  vsk_print_fixed(-0.0001, 2, &text), shown();
  vsk_print_fixed(-1234567.891, 2, &text), shown();
  vsk_print_fixed(0.00005204, 8, &text);
  cr_assert_str_eq(shown(), "0.00|-1,234,567.89|0.00005204|");
}
