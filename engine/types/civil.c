/* SPDX-License-Identifier: Apache-2.0
 * The proleptic Gregorian calendar, and integers read as times. */
#include "engine/types/time.h"

#define FIRST_DAY INT64_C(-719162) /* 0001-01-01 */
#define LAST_DAY INT64_C(2932896)  /* 9999-12-31 */

static int64_t floor_divide(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

/* Years begin in March, so that the leap day is the last of its year; an era is 400 years. */
int64_t vs_days_from_civil(int32_t year, uint32_t month, uint32_t day) {
  int64_t y = (int64_t)year - (month <= 2);
  int64_t era = floor_divide(y, 400), year_of_era = y - era * 400;
  int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, struct vs_civil *civil) {
  days += 719468;
  int64_t era = floor_divide(days, 146097), day_of_era = days - era * 146097;
  int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t shifted_month = (5 * day_of_year + 2) / 153;
  civil->day = (uint8_t)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  civil->month = (uint8_t)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  civil->year = (int32_t)(year_of_era + era * 400 + (civil->month <= 2));
}

void vs_civil_from_us(int64_t us, struct vs_civil *ret_civil) {
  int64_t days = floor_divide(us, VS_US_PER_DAY), rest = us - days * VS_US_PER_DAY;
  int64_t seconds = rest / VS_US_PER_SECOND;
  civil_from_days(days, ret_civil);
  ret_civil->hour = (uint8_t)(seconds / 3600);
  ret_civil->minute = (uint8_t)(seconds / 60 % 60);
  ret_civil->second = (uint8_t)(seconds % 60);
  ret_civil->microsecond = (uint32_t)(rest % VS_US_PER_SECOND);
}

int64_t vs_us_from_civil(const struct vs_civil *civil) {
  int64_t days = vs_days_from_civil(civil->year, civil->month, civil->day);
  int64_t seconds = (civil->hour * 60 + civil->minute) * 60 + civil->second;
  return days * VS_US_PER_DAY + seconds * VS_US_PER_SECOND + civil->microsecond;
}

uint32_t vs_days_in_month(int32_t year, uint32_t month) {
  static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (uint32_t)(month == 2 && is_leap);
}

bool vs_timestamp_in_range(int64_t us) {
  return us >= FIRST_DAY * VS_US_PER_DAY && us < (LAST_DAY + 1) * VS_US_PER_DAY;
}

static bool add_months(int64_t us, int64_t months, int64_t *ret_us) {
  struct vs_civil civil;
  vs_civil_from_us(us, &civil);
  if (months < -120000 || months > 120000) return false;
  int64_t month = (int64_t)civil.year * 12 + civil.month - 1 + months, year = floor_divide(month, 12);
  if (year < 1 || year > 9999) return false;
  civil.year = (int32_t)year;
  civil.month = (uint8_t)(month - year * 12 + 1);
  civil.day = (uint8_t)VS_MIN(civil.day, vs_days_in_month(civil.year, civil.month));
  *ret_us = vs_us_from_civil(&civil);
  return true;
}

bool vs_timestamp_add(int64_t us, struct vs_interval interval, int64_t *ret_us) {
  int64_t result = us;
  if (interval.months && !add_months(us, interval.months, &result)) return false;
  if (__builtin_add_overflow(result, floor_divide(interval.nanoseconds, 1000), &result) ||
      !vs_timestamp_in_range(result))
    return false;
  *ret_us = result;
  return true;
}

vs_epoch_unit vs_epoch_unit_of(int64_t largest_magnitude) {
  uint64_t magnitude = largest_magnitude < 0 ? 0 - (uint64_t)largest_magnitude : (uint64_t)largest_magnitude;
  if (magnitude < UINT64_C(100000000000)) return VS_EPOCH_SECONDS;
  if (magnitude < UINT64_C(100000000000000)) return VS_EPOCH_MILLIS;
  return magnitude < UINT64_C(100000000000000000) ? VS_EPOCH_MICROS : VS_EPOCH_NANOS;
}

bool vs_epoch_to_us(int64_t value, vs_epoch_unit unit, int64_t *ret_us) {
  int64_t us = value;
  bool is_over = false;
  switch (unit == VS_EPOCH_AUTO ? vs_epoch_unit_of(value) : unit) {
  case VS_EPOCH_AUTO:
  case VS_EPOCH_SECONDS: is_over = __builtin_mul_overflow(value, VS_US_PER_SECOND, &us); break;
  case VS_EPOCH_MILLIS: is_over = __builtin_mul_overflow(value, 1000, &us); break;
  case VS_EPOCH_MICROS: break;
  case VS_EPOCH_NANOS: us = floor_divide(value, 1000); break;
  }
  if (is_over || !vs_timestamp_in_range(us)) return false;
  *ret_us = us;
  return true;
}

const char *vs_epoch_unit_name(vs_epoch_unit unit) {
  switch (unit) {
  case VS_EPOCH_AUTO: break;
  case VS_EPOCH_SECONDS: return "seconds";
  case VS_EPOCH_MILLIS: return "milliseconds";
  case VS_EPOCH_MICROS: return "microseconds";
  case VS_EPOCH_NANOS: return "nanoseconds";
  }
  return "automatic";
}
