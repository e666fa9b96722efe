/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/charts/chart_build.h"

#include <criterion/criterion.h>
#include <math.h>

static struct vs_memory memory;
static struct vs_arena arena;
static void setup(void) {
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 64 << 20);
}
static void teardown(void) {
  vs_arena_release(&arena);
}
TestSuite(charts_scale, .init = setup, .fini = teardown);

/* The labels of an axis in one line. */
static const char *labels(const struct vsk_axis *axis) {
  const char *all = "";
  for (uint32_t i = 0; i < axis->tick_count; i++)
    all = vs_arena_printf(&arena, "%s%.*s|", all, VS_STR_ARG(axis->ticks[i].label));
  return all;
}

static const char *numbers(double low, double high, bool is_percent) {
  struct vsk_axis axis = {0};
  cr_assert(vsk_axis_number(&axis, low, high, 5, is_percent, &arena));
  cr_assert(axis.low <= low && axis.high >= high);
  return labels(&axis);
}

static const char *times(double low, double span) {
  struct vsk_axis axis = {0};
  cr_assert(vsk_axis_time(&axis, low, low + span, &arena));
  cr_assert_leq(axis.tick_count, 10);
  return labels(&axis);
}

Test(charts_scale, numbers_have_round_ticks_that_cover_the_data) {
  cr_assert_str_eq(numbers(0, 83, false), "0|20|40|60|80|100|");
  cr_assert_str_eq(numbers(-3, 18, false), "-5|0|5|10|15|20|");
  cr_assert_str_eq(numbers(9665, 9684, false), "9,665|9,670|9,675|9,680|9,685|");
}

Test(charts_scale, small_numbers_keep_their_digits) {
  cr_assert_str_eq(numbers(0.00005204, 0.00005212, false), "0.00005204|0.00005206|0.00005208|0.00005210|0.00005212|");
}

Test(charts_scale, large_numbers_get_a_suffix_only_where_it_shortens) {
  cr_assert_str_eq(numbers(0, 52000, false), "0|20 K|40 K|60 K|");
  cr_assert_str_eq(numbers(0, 3.2e6, false), "0|1 M|2 M|3 M|4 M|");
  cr_assert_str_eq(numbers(61235, 61260, false), "61,235|61,240|61,245|61,250|61,255|61,260|");
}

Test(charts_scale, fractions_read_as_percentages_on_request) {
  cr_assert_str_eq(numbers(0.002, 0.0116, true), "0.2 %|0.4 %|0.6 %|0.8 %|1.0 %|1.2 %|");
}

Test(charts_scale, one_value_gets_room_around_it) {
  struct vsk_axis axis = {0};
  cr_assert(vsk_axis_number(&axis, 5, 5, 5, false, &arena));
  cr_assert(axis.low < 5 && axis.high > 5);
  cr_assert(vsk_axis_number(&axis, 0, 0, 5, false, &arena));
  cr_assert(axis.low < 0 && axis.high > 0);
}

Test(charts_scale, extreme_numbers_end) {
  struct vsk_axis axis = {0};
  cr_assert(vsk_axis_number(&axis, -1e300, 1e300, 5, false, &arena));
  cr_assert(vsk_axis_number(&axis, 1e-300, 2e-300, 5, false, &arena));
  cr_assert(vsk_axis_number(&axis, -1.7e308, 1.7e308, 5, false, &arena));
  cr_assert_leq(axis.tick_count, 12);
  cr_assert(vsk_axis_number(&axis, 1e-320, 3e-320, 5, false, &arena));
  cr_assert_leq(axis.tick_count, 12);
  cr_assert(vsk_axis_number(&axis, 1e15, 1e15 + 1, 5, false, &arena));
  cr_assert_leq(axis.tick_count, 12);
}

Test(charts_scale, time_ticks_follow_clock_and_calendar) {
  double noon = 1516795200000.0;
  cr_assert_str_eq(times(noon, 3600e3), "12:00|12:10|12:20|12:30|12:40|12:50|13:00|");
  cr_assert_str_eq(times(noon, 86400e3), "12:00|15:00|18:00|21:00|25 Jan|03:00|06:00|09:00|12:00|");
  cr_assert_str_eq(times(noon, 2e3), "00.000|00.500|01.000|01.500|02.000|");
  cr_assert_str_eq(times(noon, 6 * 86400e3), "25 Jan|26 Jan|27 Jan|28 Jan|29 Jan|30 Jan|");
  cr_assert_str_eq(times(1325376000000.0, 4 * 365.25 * 86400e3), "2012|2013|2014|2015|2016|");
  cr_assert_str_eq(times(1325376000000.0, 40 * 365.25 * 86400e3), "2020|2030|2040|2050|");
}

Test(charts_scale, weeks_begin_on_monday) {
  struct vsk_axis axis = {0};
  cr_assert(vsk_axis_time(&axis, 1516795200000.0, 1516795200000.0 + 40 * 86400e3, &arena));
  cr_assert_str_eq(labels(&axis), "29 Jan|5 Feb|12 Feb|19 Feb|26 Feb|5 Mar|");
}

Test(charts_scale, lengths_are_worded) {
  const struct {
    double ms;
    const char *words;
  } cases[] = {{3600e3, "hour"}, {1800e3, "30 min"},   {60e3, "minute"},
               {86400e3, "day"}, {172800e3, "2 days"}, {1500, "1500 ms"}};
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++)
    cr_assert(vs_str_equal(vsk_length_label(cases[i].ms, &arena), vs_str_of(cases[i].words)), "%s", cases[i].words);
}

static double luminance(uint32_t rgb) {
  double parts[3];
  for (int i = 0; i < 3; i++) {
    double part = (rgb >> (16 - 8 * i) & 0xFF) / 255.0;
    parts[i] = part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
  }
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

Test(charts_scale, colours_read_on_white_and_on_black) {
  uint32_t colors[VSK_CHART_SERIES + 4] = {VSK_ALERT_RGB, VSK_UP_RGB, VSK_DOWN_RGB, VSK_GREY_RGB};
  for (uint32_t i = 0; i < VSK_CHART_SERIES; i++)
    colors[4 + i] = vsk_series_rgb(i);
  for (size_t i = 0; i < VS_COUNT_OF(colors); i++) {
    double light = luminance(colors[i]), on_white = 1.05 / (light + 0.05),
           on_black = (light + 0.05) / (luminance(0x111111) + 0.05);
    cr_assert(on_white >= 2.6 && on_black >= 3, "#%06x: %.2f on white, %.2f on black", colors[i], on_white, on_black);
  }
}

Test(charts_scale, sampling_keeps_the_extremes_the_ends_and_the_order) {
  static struct vsk_point points[10000];
  for (uint32_t i = 0; i < 10000; i++)
    points[i] = vsk_point_at(i, i == 4321 ? 900.0 : i == 7777 ? -900.0 : (double)(i % 10));
  uint32_t count = vsk_sample_extremes(points, 10000, 500);
  cr_assert_leq(count, 500);
  bool has_high = false, has_low = false;
  for (uint32_t i = 0; i < count; i++) {
    has_high |= points[i].y == 900, has_low |= points[i].y == -900;
    cr_assert(i == 0 || points[i].x > points[i - 1].x);
  }
  cr_assert(has_high && has_low && points[0].x == 0 && points[count - 1].x == 9999);
}
