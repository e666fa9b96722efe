/* SPDX-License-Identifier: Apache-2.0
 * Times and durations as text. Calendar expectations come from Python's datetime. */
#include "engine/types/time.h"
#include <criterion/criterion.h>

static const char *reprint(const char *text) {
  static char printed[32];
  int64_t us;
  if (!vs_timestamp_parse(vs_str_of(text), &us)) return "refused";
  vs_timestamp_print(us, printed);
  return printed;
}

Test(types_time, every_form_of_a_timestamp) {
  static const char *const forms[][2] = {
      {"2026-01-31 12:00:00.123456789", "2026-01-31 12:00:00.123456"},
      {"2026-01-31T12:00Z", "2026-01-31 12:00:00.000"},
      {"2026-01-31 12:00:05.5", "2026-01-31 12:00:05.500"},
      {"2001/01/10 18:20", "2001-01-10 18:20:00.000"},
      {"2001/01/10 18:20:05.25", "2001-01-10 18:20:05.250"},
      {"2024-02-29", "2024-02-29 00:00:00.000"},
      {"01/31/2026", "2026-01-31 00:00:00.000"},
      {"31-01-2026", "2026-01-31 00:00:00.000"},
      {"2026-01-31 12:00:00+05:30", "2026-01-31 06:30:00.000"},
      {"2026-01-31 12:00:00-0800", "2026-01-31 20:00:00.000"},
      {"2026-01-31 12:00:00+00", "2026-01-31 12:00:00.000"},
      {"1969-12-31 23:59:59.999999999", "1969-12-31 23:59:59.999999"},
      {"0001-01-01", "0001-01-01 00:00:00.000"},
      {"9999-12-31 23:59:59.999999", "9999-12-31 23:59:59.999999"},
      {"2000-02-29", "2000-02-29 00:00:00.000"},
  };
  for (size_t i = 0; i < VS_COUNT_OF(forms); i++)
    cr_expect_str_eq(reprint(forms[i][0]), forms[i][1], "%s", forms[i][0]);
}

Test(types_time, other_texts_are_refused) {
  static const char *const texts[] = {"",
                                      "2026",
                                      "2026-01",
                                      "2026-1-5",
                                      "2026-13-01",
                                      "2026-00-01",
                                      "2026-01-00",
                                      "2023-02-29",
                                      "1900-02-29",
                                      "2026-01-31 24:00",
                                      "2026-01-31 12:60",
                                      "2026-01-31 12:00:60",
                                      "2026-01-31 12",
                                      "2026-01-31 ",
                                      "2026-01-31 12:00:00.",
                                      "2026-01-31 12:00:00.1234567890",
                                      "2026-01-31 12:00 PM",
                                      "2026-01-31x",
                                      "0000-01-01",
                                      "0001-01-01 00:00+01:00",
                                      "9999-12-31 23:30-01:00",
                                      "2026-01/31",
                                      "13/31/2026",
                                      "1234567890",
                                      "12:00:00",
                                      "2026-01-31 12:00:00+5",
                                      "2026-01-31 12:00:00+16:00",
                                      "-2026-01-31"};
  for (size_t i = 0; i < VS_COUNT_OF(texts); i++)
    cr_expect_str_eq(reprint(texts[i]), "refused", "%s", texts[i]);
}

Test(types_time, every_day_goes_there_and_back) {
  cr_expect_eq(vs_days_from_civil(1970, 1, 1), 0);
  cr_expect_eq(vs_days_from_civil(1, 1, 1), -719162);
  cr_expect_eq(vs_days_from_civil(9999, 12, 31), 2932896);
  struct vs_civil before = {.year = 0, .month = 12, .day = 31}, civil;
  for (int64_t day = -719162; day <= 2932896; day += 1) {
    vs_civil_from_us(day * VS_US_PER_DAY + (VS_US_PER_DAY - 1), &civil);
    bool is_next = civil.day == before.day + 1 ||
                   (civil.day == 1 && before.day == vs_days_in_month(VS_MAX(before.year, 1), before.month));
    if (!is_next || vs_days_from_civil(civil.year, civil.month, civil.day) != day || civil.hour != 23)
      cr_assert_fail("day %lld", (long long)day);
    before = civil;
  }
}

Test(types_time, months_clamp_to_the_last_day) {
  int64_t us, result;
  char text[32];
  cr_assert(vs_timestamp_parse(VS_STR("2024-01-31 10:00"), &us));
  cr_assert(vs_timestamp_add(us, (struct vs_interval){0, 1}, &result));
  vs_timestamp_print(result, text);
  cr_expect_str_eq(text, "2024-02-29 10:00:00.000");
  cr_assert(vs_timestamp_add(us, (struct vs_interval){-1, -11}, &result));
  vs_timestamp_print(result, text);
  cr_expect_str_eq(text, "2023-02-28 09:59:59.999999", "a nanosecond rounds down");
  cr_expect(!vs_timestamp_add(us, (struct vs_interval){0, 12 * 8000}, &result));
  cr_expect(!vs_timestamp_add(us, (struct vs_interval){0, INT64_MAX}, &result));
  cr_expect(!vs_timestamp_add(us, (struct vs_interval){0, -12 * 2024}, &result));
}

static struct vs_memory memory;
static void reprint_duration(const char *text, const char *expected) {
  struct vs_text printed;
  struct vs_interval interval, again;
  vs_memory_init(&memory, NULL, 0);
  vs_text_init(&printed, &memory, 200);
  bool is_fine = vs_duration_parse(vs_str_of(text), &interval);
  if (is_fine) vs_interval_print(interval, &printed);
  cr_expect_str_eq(is_fine ? printed.data : "refused", expected, "%s", text);
  if (is_fine) {
    cr_assert(vs_duration_parse(vs_text_view(&printed), &again), "%s reads back", printed.data);
    cr_expect(again.nanoseconds == interval.nanoseconds && again.months == interval.months);
  }
  vs_text_release(&printed);
}

Test(types_duration, one_rule) {
  static const char *const forms[][2] = {
      {"5m", "00:05:00"},
      {"1d12h", "1 day 12:00:00"},
      {"1 day 2 hours", "1 day 02:00:00"},
      {"90", "00:01:30"},
      {"5 MINUTES", "00:05:00"},
      {"1w", "7 days"},
      {"250ms", "00:00:00.250"},
      {"5us", "00:00:00.000005"},
      {"5μs", "00:00:00.000005"},
      {"5µs", "00:00:00.000005"},
      {"7ns", "00:00:00.000000007"},
      {"1.5 hours", "01:30:00"},
      {"-5m", "-00:05:00"},
      {"2 years 1 month", "2 years 1 month"},
      {"0", "00:00:00"},
      {"1 day 02:03:04.5", "1 day 02:03:04.500"},
      {"5 m", "refused"},
      {"5M", "refused"},
      {"5 mins", "refused"},
      {"m", "refused"},
      {"", "refused"},
      {"5m 90", "refused"},
      {"1.5 months", "refused"},
      {"9999999999999 d", "refused"},
      {"99999999999999999999", "refused"},
      {"1h 61:99", "refused"},
  };
  for (size_t i = 0; i < VS_COUNT_OF(forms); i++)
    reprint_duration(forms[i][0], forms[i][1]);
}

Test(types_time, patterns_print_and_read_back) {
  static const char *const patterns[][2] = {
      {"%Y-%m-%d %H:%M:%S.%3f", "2026-01-31 13:05:09.123"},
      {"%F %T%.6f %z", "2026-01-31 13:05:09.123456 +0000"},
      {"%A, %e. %B %Y, %I:%M %p (%j, %V of %G)", "Saturday, 31. January 2026, 01:05 PM (031, 05 of 2026)"},
      {"%d/%m/%y %%", "31/01/26 %"},
      {"%s", "1769864709"},
      {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-01-31T13:05:09.123Z"},
      {"EEE d MMM yy hh:mm a 'o''clock'", "Sat 31 Jan 26 01:05 PM o'clock"},
      {"M/d/yyyy H:m:s", "1/31/2026 13:5:9"},
      {"%-d.%-m.%Y", "31.1.2026"},
  };
  int64_t us, back;
  cr_assert(vs_timestamp_parse(VS_STR("2026-01-31 13:05:09.123456"), &us));
  vs_memory_init(&memory, NULL, 0);
  for (size_t i = 0; i < VS_COUNT_OF(patterns); i++) {
    struct vs_text text;
    vs_text_init(&text, &memory, 500);
    vs_timestamp_format(us, vs_str_of(patterns[i][0]), &text);
    cr_expect_str_eq(text.data, patterns[i][1]);
    cr_expect(vs_timestamp_parse_format(vs_text_view(&text), vs_str_of(patterns[i][0]), &back), "%s", text.data);
    cr_expect_eq(back - back % VS_US_PER_DAY, us - us % VS_US_PER_DAY, "%s", text.data);
    vs_text_release(&text);
  }
  cr_expect(!vs_timestamp_parse_format(VS_STR("31.02.2026"), VS_STR("%d.%m.%Y"), &back));
  cr_expect(!vs_timestamp_parse_format(VS_STR("31.01.2026 x"), VS_STR("%d.%m.%Y"), &back));
  cr_assert(vs_timestamp_parse_format(VS_STR("31.01.2026 12:00 +0200"), VS_STR("%d.%m.%Y %H:%M %z"), &back));
  cr_expect_eq(back % VS_US_PER_DAY, 10 * 3600 * VS_US_PER_SECOND);
}

Test(types_time, integers_are_read_by_magnitude) {
  int64_t us;
  cr_expect_eq(vs_epoch_unit_of(1769864405), VS_EPOCH_SECONDS);
  cr_expect_eq(vs_epoch_unit_of(-1769864405123), VS_EPOCH_MILLIS);
  cr_expect_eq(vs_epoch_unit_of(1769864405123456), VS_EPOCH_MICROS);
  cr_expect_eq(vs_epoch_unit_of(INT64_MIN), VS_EPOCH_NANOS);
  cr_assert(vs_epoch_to_us(-1, VS_EPOCH_NANOS, &us));
  cr_expect_eq(us, -1);
  cr_expect(!vs_epoch_to_us(INT64_MAX, VS_EPOCH_SECONDS, &us));
  cr_expect(!vs_epoch_to_us(INT64_MAX, VS_EPOCH_MICROS, &us));
}
