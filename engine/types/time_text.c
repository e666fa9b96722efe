/* SPDX-License-Identifier: Apache-2.0
 * The fixed text forms of dates and times: one pass, no allocation, since every CSV time column goes through here. */
#include "engine/types/time.h"

struct scan {
  const char *at, *end;
};

/* Exactly `count` digits. */
static bool scan_digits(struct scan *scan, int count, uint32_t *ret_value) {
  if (scan->end - scan->at < count) return false;
  uint32_t value = 0;
  for (int i = 0; i < count; i++) {
    unsigned digit = (unsigned)(scan->at[i] - '0');
    if (digit > 9) return false;
    value = value * 10 + digit;
  }
  scan->at += count;
  *ret_value = value;
  return true;
}
static bool scan_char(struct scan *scan, char wanted) {
  if (scan->at == scan->end || *scan->at != wanted) return false;
  scan->at++;
  return true;
}

static bool date_days(uint32_t year, uint32_t month, uint32_t day, int64_t *ret_days) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > vs_days_in_month((int32_t)year, month))
    return false;
  *ret_days = vs_days_from_civil((int32_t)year, month, day);
  return true;
}

/* YYYY-MM-DD, YYYY/MM/DD; and, for a whole text only, MM/DD/YYYY and DD-MM-YYYY. */
static bool scan_date(struct scan *scan, bool *ret_is_year_first, int64_t *ret_days) {
  uint32_t first, middle, last;
  bool is_year_first = scan->end - scan->at >= 5 && (scan->at[4] == '-' || scan->at[4] == '/');
  if (!scan_digits(scan, is_year_first ? 4 : 2, &first)) return false;
  char separator = scan->at < scan->end ? *scan->at : 0;
  if ((separator != '-' && separator != '/') || !scan_char(scan, separator) || !scan_digits(scan, 2, &middle) ||
      !scan_char(scan, separator) || !scan_digits(scan, is_year_first ? 2 : 4, &last))
    return false;
  *ret_is_year_first = is_year_first;
  if (is_year_first) return date_days(first, middle, last, ret_days);
  return separator == '/' ? date_days(last, first, middle, ret_days) : date_days(last, middle, first, ret_days);
}

/* ".f{1,9}"; digits past the sixth are cut. */
static bool scan_fraction(struct scan *scan, uint32_t *ret_us) {
  uint32_t us = 0, count = 0;
  for (; scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9'; scan->at++, count++)
    if (count < 6) us = us * 10 + (uint32_t)(*scan->at - '0');
  for (uint32_t i = count; i < 6; i++)
    us *= 10;
  *ret_us = us;
  return count >= 1 && count <= 9;
}

/* HH:MM[:SS[.f]] */
static bool scan_time(struct scan *scan, int64_t *ret_us) {
  uint32_t hour, minute, second = 0, us = 0;
  if (!scan_digits(scan, 2, &hour) || !scan_char(scan, ':') || !scan_digits(scan, 2, &minute)) return false;
  if (scan_char(scan, ':')) {
    if (!scan_digits(scan, 2, &second) || (scan_char(scan, '.') && !scan_fraction(scan, &us))) return false;
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  *ret_us = ((int64_t)hour * 3600 + minute * 60 + second) * VS_US_PER_SECOND + us;
  return true;
}

/* Z, +HH, +HHMM or +HH:MM; nothing is UTC. */
static bool scan_zone(struct scan *scan, int64_t *ret_us) {
  *ret_us = 0;
  if (scan->at == scan->end || scan_char(scan, 'Z')) return true;
  bool is_west = *scan->at == '-';
  uint32_t hours, minutes = 0;
  if ((!is_west && *scan->at != '+') || (scan->at++, !scan_digits(scan, 2, &hours))) return false;
  if (scan->at < scan->end) {
    (void)scan_char(scan, ':');
    if (!scan_digits(scan, 2, &minutes)) return false;
  }
  int64_t offset = ((int64_t)hours * 60 + minutes) * 60 * VS_US_PER_SECOND;
  *ret_us = is_west ? -offset : offset;
  return hours <= 15 && minutes <= 59;
}

bool vs_timestamp_parse(struct vs_str text, int64_t *ret_us) {
  struct scan scan = {text.data, text.data + text.size};
  int64_t days, time_us = 0, zone_us = 0;
  bool is_year_first;
  if (!scan_date(&scan, &is_year_first, &days)) return false;
  if (scan.at < scan.end) {
    if (!is_year_first || (!scan_char(&scan, ' ') && !scan_char(&scan, 'T')) || !scan_time(&scan, &time_us) ||
        !scan_zone(&scan, &zone_us) || scan.at < scan.end)
      return false;
  }
  int64_t us = days * VS_US_PER_DAY + time_us - zone_us;
  if (!vs_timestamp_in_range(us)) return false;
  *ret_us = us;
  return true;
}

bool vs_date_parse(struct vs_str text, int64_t *ret_days) {
  struct scan scan = {text.data, text.data + text.size};
  bool is_year_first;
  int64_t days;
  if (!scan_date(&scan, &is_year_first, &days) || scan.at < scan.end) return false;
  *ret_days = days;
  return true;
}

bool vs_time_parse(struct vs_str text, int64_t *ret_us) {
  struct scan scan = {text.data, text.data + text.size};
  int64_t us;
  if (!scan_time(&scan, &us) || scan.at < scan.end) return false;
  *ret_us = us;
  return true;
}

static char *put_digits(char *at, uint32_t value, int count) {
  for (int i = count - 1; i >= 0; i--) {
    at[i] = (char)('0' + value % 10);
    value /= 10;
  }
  return at + count;
}
static char *put_date(char *at, const struct vs_civil *civil) {
  at = put_digits(at, (uint32_t)civil->year, 4);
  *at++ = '-';
  at = put_digits(at, civil->month, 2);
  *at++ = '-';
  return put_digits(at, civil->day, 2);
}
static char *put_time(char *at, const struct vs_civil *civil) {
  at = put_digits(at, civil->hour, 2);
  *at++ = ':';
  at = put_digits(at, civil->minute, 2);
  *at++ = ':';
  return put_digits(at, civil->second, 2);
}
static char *put_fraction(char *at, uint32_t us) {
  *at++ = '.';
  return us % 1000 ? put_digits(at, us, 6) : put_digits(at, us / 1000, 3);
}

size_t vs_timestamp_print(int64_t us, char ret_text[32]) {
  struct vs_civil civil;
  vs_civil_from_us(us, &civil);
  char *at = put_date(ret_text, &civil);
  *at++ = ' ';
  at = put_fraction(put_time(at, &civil), civil.microsecond);
  *at = 0;
  return (size_t)(at - ret_text);
}

size_t vs_date_print(int64_t days, char ret_text[16]) {
  struct vs_civil civil;
  vs_civil_from_us(days * VS_US_PER_DAY, &civil);
  char *at = put_date(ret_text, &civil);
  *at = 0;
  return (size_t)(at - ret_text);
}

size_t vs_time_print(int64_t us, char ret_text[24]) {
  struct vs_civil civil;
  vs_civil_from_us(us, &civil);
  char *at = put_time(ret_text, &civil);
  if (civil.microsecond) at = put_fraction(at, civil.microsecond);
  *at = 0;
  return (size_t)(at - ret_text);
}
