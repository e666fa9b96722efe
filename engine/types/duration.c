/* SPDX-License-Identifier: Apache-2.0
 * Durations: the one rule for SQL, WITH values and settings (spec/sql.md 1.1). */
#include "engine/types/time.h"

#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_DAY (86400 * NS_PER_SECOND)

struct unit_row {
  const char *short_form, *long_form; /* the long form in the singular; "" when there is none */
  struct vs_interval unit;
};
/* clang-format off */
static const struct unit_row unit_rows[] = {
  {"ns",        "NANOSECOND",  {1, 0}},
  {"us",        "MICROSECOND", {1000, 0}},
  {"\xce\xbcs", "",            {1000, 0}}, /* Greek mu */
  {"\xc2\xb5s", "",            {1000, 0}}, /* micro sign */
  {"ms",        "MILLISECOND", {1000000, 0}},
  {"s",         "SECOND",      {NS_PER_SECOND, 0}},
  {"m",         "MINUTE",      {60 * NS_PER_SECOND, 0}},
  {"h",         "HOUR",        {3600 * NS_PER_SECOND, 0}},
  {"d",         "DAY",         {NS_PER_DAY, 0}},
  {"w",         "WEEK",        {7 * NS_PER_DAY, 0}},
  {"",          "MONTH",       {0, 1}},
  {"",          "QUARTER",     {0, 3}},
  {"",          "YEAR",        {0, 12}},
};
/* clang-format on */

static bool is_long_form(struct vs_str word, const char *singular) {
  struct vs_str name = vs_str_of(singular);
  if (name.size == 0) return false;
  if (word.size == name.size + 1 && (word.data[name.size] | 0x20) == 's') word.size--;
  return vs_str_equal_nocase(word, name);
}

bool vs_unit_find(struct vs_str word, bool is_short_form, struct vs_interval *ret_unit) {
  for (size_t i = 0; i < VS_COUNT_OF(unit_rows); i++) {
    const struct unit_row *row = &unit_rows[i];
    bool matches = is_short_form ? word.size && vs_str_equal(word, vs_str_of(row->short_form))
                                 : is_long_form(word, row->long_form);
    if (matches) {
      *ret_unit = row->unit;
      return true;
    }
  }
  return false;
}

struct amount {
  int64_t whole, fraction, fraction_unit; /* fraction / fraction_unit, a power of ten up to 10^9 */
  bool is_negative;
};

static const char *skip_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t'))
    at++;
  return at;
}

static const char *scan_amount(const char *at, const char *end, struct amount *ret_amount) {
  struct amount amount = {.fraction_unit = 1};
  amount.is_negative = at < end && *at == '-';
  if (at < end && (*at == '-' || *at == '+')) at++;
  const char *begin = at;
  for (; at < end && *at >= '0' && *at <= '9'; at++)
    if (__builtin_mul_overflow(amount.whole, 10, &amount.whole) ||
        __builtin_add_overflow(amount.whole, (int64_t)(*at - '0'), &amount.whole))
      return NULL;
  if (at == begin) return NULL;
  if (at < end && *at == '.') {
    for (at++; at < end && *at >= '0' && *at <= '9' && amount.fraction_unit < NS_PER_SECOND; at++) {
      amount.fraction = amount.fraction * 10 + (*at - '0');
      amount.fraction_unit *= 10;
    }
  }
  *ret_amount = amount;
  return at;
}

static bool add_amount(const struct amount *amount, struct vs_interval unit, struct vs_interval *sum) {
  if (unit.months && amount->fraction) return false;
  vs_i128 part = (vs_i128)amount->fraction * unit.nanoseconds / amount->fraction_unit;
  vs_i128 ns = (vs_i128)amount->whole * unit.nanoseconds + part, months = (vs_i128)amount->whole * unit.months;
  int sign = amount->is_negative ? -1 : 1;
  ns = sum->nanoseconds + sign * ns;
  months = sum->months + sign * months;
  if (ns != (int64_t)ns || months != (int64_t)months) return false;
  *sum = (struct vs_interval){(int64_t)ns, (int64_t)months};
  return true;
}

/* The letters behind a number; with a blank between a long form is meant, without one either. */
static const char *scan_unit(const char *at, const char *end, struct vs_interval *ret_unit) {
  bool is_apart = at < end && (*at == ' ' || *at == '\t');
  at = skip_space(at, end);
  const char *begin = at;
  while (at < end && (((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z') || (unsigned char)*at >= 0x80))
    at++;
  struct vs_str word = {begin, (size_t)(at - begin)};
  if ((!is_apart && vs_unit_find(word, true, ret_unit)) || vs_unit_find(word, false, ret_unit)) return at;
  return NULL;
}

/* "HH:MM:SS[.f]" as vs_interval_print writes it; hours may exceed 23. */
static const char *scan_clock(const char *at, const char *end, const struct amount *hours, struct vs_interval *sum) {
  struct amount minutes, seconds = {.fraction_unit = 1};
  at = scan_amount(at + 1, end, &minutes);
  if (at && at < end && *at == ':') at = scan_amount(at + 1, end, &seconds);
  if (!at || hours->fraction || minutes.fraction || minutes.whole > 59 || seconds.whole > 59) return NULL;
  minutes.is_negative = seconds.is_negative = hours->is_negative;
  bool is_fine = add_amount(hours, (struct vs_interval){3600 * NS_PER_SECOND, 0}, sum) &&
                 add_amount(&minutes, (struct vs_interval){60 * NS_PER_SECOND, 0}, sum) &&
                 add_amount(&seconds, (struct vs_interval){NS_PER_SECOND, 0}, sum);
  return is_fine ? at : NULL;
}

static const char *scan_part(const char *at, const char *end, bool is_first, struct vs_interval *sum) {
  struct amount amount;
  struct vs_interval unit = {NS_PER_SECOND, 0};
  at = scan_amount(at, end, &amount);
  if (!at) return NULL;
  if (at < end && *at == ':') return scan_clock(at, end, &amount, sum);
  bool is_bare = is_first && at == end;
  if (!is_bare) at = scan_unit(at, end, &unit);
  return at && add_amount(&amount, unit, sum) ? at : NULL;
}

bool vs_duration_parse(struct vs_str text, struct vs_interval *ret_interval) {
  text = vs_str_trim(text);
  if (!text.size) return false;
  struct vs_interval sum = {0, 0};
  const char *at = text.data, *end = text.data + text.size;
  bool is_first = true;
  do {
    at = scan_part(at, end, is_first, &sum);
    if (!at) return false;
    at = skip_space(at, end);
    is_first = false;
  } while (at < end);
  *ret_interval = sum;
  return true;
}

static void put_part(struct vs_text *text, const char *gap, int64_t amount, const char *unit) {
  if (amount) vs_text_printf(text, "%s%lld %s%s", gap, (long long)amount, unit, amount == 1 || amount == -1 ? "" : "s");
}

static void put_clock(struct vs_text *text, const char *gap, int64_t ns) {
  uint64_t rest = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns, seconds = rest / NS_PER_SECOND;
  vs_text_printf(text, "%s%s%02llu:%02llu:%02llu", gap, ns < 0 ? "-" : "", (unsigned long long)(seconds / 3600),
                 (unsigned long long)(seconds / 60 % 60), (unsigned long long)(seconds % 60));
  uint64_t fraction = rest % NS_PER_SECOND;
  if (fraction % 1000)
    vs_text_printf(text, ".%09llu", (unsigned long long)fraction);
  else if (fraction % 1000000)
    vs_text_printf(text, ".%06llu", (unsigned long long)fraction / 1000);
  else if (fraction)
    vs_text_printf(text, ".%03llu", (unsigned long long)fraction / 1000000);
}

void vs_interval_print(struct vs_interval interval, struct vs_text *ret_text) {
  int64_t years = interval.months / 12, months = interval.months % 12;
  int64_t days = interval.nanoseconds / NS_PER_DAY, rest = interval.nanoseconds % NS_PER_DAY;
  put_part(ret_text, "", years, "year");
  put_part(ret_text, years ? " " : "", months, "month");
  put_part(ret_text, interval.months ? " " : "", days, "day");
  bool is_empty = !interval.months && !days;
  if (rest || is_empty) put_clock(ret_text, is_empty ? "" : " ", rest);
}
