/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/charts/chart_scale.h"

#include "engine/types/time.h"
#include "kernel/display/figure.h"

#include <math.h>
#include <stdio.h>

/* ---- labels ---- */
static struct vs_str keep(struct vs_text *text, struct vs_arena *arena) {
  char *copy = vs_arena_copy(arena, text->data ? text->data : "", text->size);
  struct vs_str result = {copy, copy ? text->size : 0};
  vs_text_release(text);
  return result;
}

struct number_style {
  double divisor;
  const char *suffix;
  uint32_t decimals;
};

static uint32_t decimals_of(double step) {
  double digits = ceil(-log10(step) - 1e-6);
  uint32_t decimals = digits > 0 ? (uint32_t)fmin(digits, 30) : 0;
  double scaled = step * pow(10, decimals);
  return fabs(scaled - round(scaled)) > 1e-6 * scaled ? decimals + 1 : decimals; /* 2.5 */
}

/* A suffix only where it shortens: 61,235 is not 61.235 K. */
static struct number_style style_of(double magnitude, double step, bool is_percent) {
  static const struct {
    double divisor;
    const char *suffix;
  } scales[] = {{1e12, " T"}, {1e9, " B"}, {1e6, " M"}, {1e3, " K"}};
  if (is_percent) return (struct number_style){0.01, " %", decimals_of(step * 100)};
  for (size_t i = 0; i < VS_COUNT_OF(scales); i++)
    if (magnitude >= scales[i].divisor * (scales[i].divisor < 1e6 ? 10 : 1) &&
        (decimals_of(step / scales[i].divisor) <= 1 || magnitude >= 1e7))
      return (struct number_style){scales[i].divisor, scales[i].suffix, decimals_of(step / scales[i].divisor)};
  return (struct number_style){1, "", decimals_of(step)};
}

static struct vs_str styled(double value, const struct number_style *style, struct vs_arena *arena) {
  struct vs_text text;
  vs_text_init(&text, arena->memory, 1024);
  if (value == 0)
    vs_text_printf(&text, "0%s", style->divisor < 1 ? style->suffix : "");
  else if (style->decimals > 9)
    vs_text_printf(&text, "%.3g", value);
  else {
    vsk_print_fixed(value / style->divisor, style->decimals, &text);
    vs_text_puts(&text, style->suffix);
  }
  return keep(&text, arena);
}

struct vs_str vsk_number_label(double value, bool is_percent, struct vs_arena *arena) {
  struct vs_text text;
  vs_text_init(&text, arena->memory, 1024);
  vsk_print_compact(is_percent ? value * 100 : value, &text);
  if (is_percent) vs_text_puts(&text, " %");
  return keep(&text, arena);
}

struct vs_str vsk_time_label(double ms, struct vs_arena *arena) {
  struct vs_civil civil;
  vs_civil_from_us((int64_t)ms * 1000, &civil);
  const char *text;
  if (civil.second || civil.microsecond)
    text = vs_arena_printf(arena, "%04d-%02u-%02u %02u:%02u:%02u", civil.year, civil.month, civil.day, civil.hour,
                           civil.minute, civil.second);
  else if (civil.hour || civil.minute)
    text = vs_arena_printf(arena, "%04d-%02u-%02u %02u:%02u", civil.year, civil.month, civil.day, civil.hour,
                           civil.minute);
  else
    text = vs_arena_printf(arena, "%04d-%02u-%02u", civil.year, civil.month, civil.day);
  return vs_str_of(text);
}

struct vs_str vsk_length_label(double ms, struct vs_arena *arena) {
  static const struct {
    double ms;
    const char *one, *many;
  } lengths[] = {{604800e3, "week", "weeks"}, {86400e3, "day", "days"}, {3600e3, "hour", "h"},
                 {60e3, "minute", "min"},     {1e3, "second", "s"},     {1, "millisecond", "ms"}};
  for (size_t i = 0; i < VS_COUNT_OF(lengths); i++) {
    double count = ms / lengths[i].ms;
    if (count == 1) return vs_str_of(lengths[i].one);
    if (count > 1 && count == floor(count)) return vs_str_of(vs_arena_printf(arena, "%.0f %s", count, lengths[i].many));
  }
  return VS_STR("window");
}

/* ---- numbers ---- */
static double nice_step(double raw) {
  double unit = pow(10, floor(log10(raw))), fraction = raw / unit;
  double nice = fraction <= 1.0001   ? 1
                : fraction <= 2.0001 ? 2
                : fraction <= 2.5001 ? 2.5
                : fraction <= 5.0001 ? 5
                                     : 10;
  return nice * unit;
}

/* k * step with the rounding of decimal text, so that 3 * 0.1 is 0.3 in the specification too. */
static double multiple(double k, double step) {
  char text[40];
  (void)snprintf(text, sizeof text, "%.12g", k * step);
  double value = 0;
  return sscanf(text, "%lf", &value) == 1 ? value : k * step;
}

bool vsk_axis_number(struct vsk_axis *axis, double low, double high, uint32_t want, bool is_percent,
                     struct vs_arena *arena) {
  low = fmax(low, -1e300), high = fmin(high, 1e300);      /* their difference must be a number */
  if (!(high - low > fmax(fabs(high) * 1e-12, 1e-290))) { /* one value: a domain around it */
    double room = fabs(high) < 1e-280 ? 1 : fabs(high) * 0.1;
    low -= room, high += room;
  }
  double step = nice_step((high - low) / want);
  double first = floor(low / step + 1e-9), last = ceil(high / step - 1e-9);
  axis->kind = VSK_AXIS_NUMBER;
  axis->label_every = 1;
  axis->tick_count = (uint32_t)(last - first) + 1;
  axis->ticks = VS_ARENA_ARRAY(arena, struct vsk_tick, axis->tick_count);
  if (!axis->ticks) return false;
  struct number_style style = style_of(fmax(fabs(first), fabs(last)) * step, step, is_percent);
  for (uint32_t i = 0; i < axis->tick_count; i++) {
    double value = multiple(first + i, step);
    axis->ticks[i] = (struct vsk_tick){value, styled(value, &style, arena)};
  }
  axis->low = axis->ticks[0].value;
  axis->high = axis->ticks[axis->tick_count - 1].value;
  return true;
}

/* ---- times ---- */
#define SECOND 1e3
#define MINUTE 60e3
#define HOUR 3600e3
#define DAY 86400e3
static const double time_steps[] = {
    1,           5,        10,         50,         100,         500,         SECOND,      5 * SECOND, 10 * SECOND,
    30 * SECOND, MINUTE,   2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,       2 * HOUR,
    3 * HOUR,    6 * HOUR, 12 * HOUR,  DAY,        2 * DAY,     7 * DAY,     14 * DAY};
static const uint32_t month_steps[] = {1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12000};
enum { TIME_TICKS = 8 };
static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static struct vs_str time_tick_label(double ms, double step, struct vs_arena *arena) {
  struct vs_civil civil;
  vs_civil_from_us((int64_t)ms * 1000, &civil);
  const char *month = month_names[civil.month - 1];
  bool is_midnight = !civil.hour && !civil.minute && !civil.second && !civil.microsecond;
  const char *text;
  if (step > 14 * DAY)
    text = civil.month == 1 || step >= 360 * DAY ? vs_arena_printf(arena, "%d", civil.year)
                                                 : vs_arena_printf(arena, "%s", month);
  else if (is_midnight)
    text = vs_arena_printf(arena, "%u %s", civil.day, month);
  else if (step < SECOND)
    text = vs_arena_printf(arena, "%02u.%03u", civil.second, civil.microsecond / 1000);
  else if (step < MINUTE)
    text = vs_arena_printf(arena, "%02u:%02u:%02u", civil.hour, civil.minute, civil.second);
  else
    text = vs_arena_printf(arena, "%02u:%02u", civil.hour, civil.minute);
  return vs_str_of(text);
}

static bool add_tick(struct vsk_axis *axis, double value, double step, struct vs_arena *arena) {
  struct vs_str label = time_tick_label(value, step, arena);
  axis->ticks[axis->tick_count++] = (struct vsk_tick){value, label};
  return label.data;
}

static double month_ms(int64_t month) { /* months since year 0 */
  return (double)vs_days_from_civil((int32_t)(month / 12), (uint32_t)(month % 12) + 1, 1) * DAY;
}

static bool month_ticks(struct vsk_axis *axis, struct vs_arena *arena) {
  struct vs_civil from, to;
  vs_civil_from_us((int64_t)axis->low * 1000, &from);
  vs_civil_from_us((int64_t)axis->high * 1000, &to);
  int64_t first = (int64_t)from.year * 12 + from.month - 1, last = (int64_t)to.year * 12 + to.month - 1;
  size_t i = 0;
  while (i + 1 < VS_COUNT_OF(month_steps) && (last - first) / month_steps[i] >= TIME_TICKS)
    i++;
  uint32_t step = month_steps[i];
  for (int64_t month = first - first % step; month <= last && axis->tick_count < TIME_TICKS + 2; month += step)
    if (month_ms(month) >= axis->low && month_ms(month) <= axis->high &&
        !add_tick(axis, month_ms(month), step * 30 * DAY, arena))
      return false;
  return true;
}

bool vsk_axis_time(struct vsk_axis *axis, double low_ms, double high_ms, struct vs_arena *arena) {
  if (!(high_ms > low_ms)) low_ms -= SECOND, high_ms += SECOND;
  *axis =
      (struct vsk_axis){.kind = VSK_AXIS_TIME, .title = axis->title, .low = low_ms, .high = high_ms, .label_every = 1};
  axis->ticks = VS_ARENA_ARRAY(arena, struct vsk_tick, TIME_TICKS + 4);
  if (!axis->ticks) return false;
  double span = high_ms - low_ms;
  size_t i = 0;
  while (i < VS_COUNT_OF(time_steps) && span / time_steps[i] > TIME_TICKS)
    i++;
  if (i == VS_COUNT_OF(time_steps)) return month_ticks(axis, arena);
  double step = time_steps[i], offset = step >= 7 * DAY ? 4 * DAY : 0; /* weeks begin on Monday; 1970 did on Thursday */
  for (double at = ceil((low_ms - offset) / step) * step + offset; at <= high_ms; at += step)
    if (!add_tick(axis, at, step, arena)) return false;
  return true;
}

bool vsk_axis_band(struct vsk_axis *axis, const struct vs_str *labels, uint32_t count, struct vs_arena *arena) {
  axis->kind = VSK_AXIS_BAND;
  axis->low = 0, axis->high = count;
  axis->tick_count = count;
  axis->label_every = 1;
  axis->ticks = VS_ARENA_ARRAY(arena, struct vsk_tick, count + 1);
  for (uint32_t i = 0; axis->ticks && i < count; i++)
    axis->ticks[i] = (struct vsk_tick){i, labels[i]};
  return axis->ticks;
}

/* ---- colours ---- */
static const uint32_t series_rgb[VSK_CHART_SERIES] = {0x3B82C4, 0xD9822B, 0x2A9D8F, 0xC4569B, 0x8468C9, 0x9A8B1F,
                                                      0xB5654A, 0x3E9CC2, 0x6E9B3C, 0xD46A6A, 0x7D8794, 0xA06CB4};
static const uint32_t scale_rgb[VSK_SCALE_STOPS] = {0x3F3A7A, 0x3B5C93, 0x2F7F93, 0x2FA187,
                                                    0x6DBE6B, 0xB9D454, 0xF4E061};

uint32_t vsk_series_rgb(uint32_t index) {
  return series_rgb[index % VSK_CHART_SERIES];
}

uint32_t vsk_scale_stop(uint32_t index) {
  return scale_rgb[index];
}

static uint32_t mixed(uint32_t from, uint32_t to, double fraction, int shift) {
  double a = from >> shift & 0xFF, b = to >> shift & 0xFF;
  return (uint32_t)lround(a + (b - a) * fraction) << shift;
}

uint32_t vsk_scale_rgb(double fraction) {
  double place = fmin(fmax(fraction, 0), 1) * (VSK_SCALE_STOPS - 1);
  uint32_t stop = (uint32_t)fmin(floor(place), VSK_SCALE_STOPS - 2);
  uint32_t from = scale_rgb[stop], to = scale_rgb[stop + 1];
  return mixed(from, to, place - stop, 16) | mixed(from, to, place - stop, 8) | mixed(from, to, place - stop, 0);
}

uint32_t vsk_ink_rgb(uint32_t background) {
  double light = 0.299 * (background >> 16 & 0xFF) + 0.587 * (background >> 8 & 0xFF) + 0.114 * (background & 0xFF);
  return light > 140 ? VSK_DARK_INK : VSK_LIGHT_INK;
}
