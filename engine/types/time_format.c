/* SPDX-License-Identifier: Apache-2.0
 * Times by pattern: strftime (with %) or Java style. Both are read item by item into the same fields, so printing and
 * parsing know one list only. */
#include "engine/types/time.h"

typedef enum {
  FIELD_LITERAL,
  FIELD_YEAR,
  FIELD_SHORT_YEAR,
  FIELD_MONTH,
  FIELD_MONTH_NAME,
  FIELD_MONTH_SHORT,
  FIELD_DAY,
  FIELD_DAY_SPACED,
  FIELD_DAY_OF_YEAR,
  FIELD_WEEKDAY_NAME,
  FIELD_WEEKDAY_SHORT,
  FIELD_WEEKDAY, /* 0 = Sunday */
  FIELD_ISO_WEEKDAY,
  FIELD_ISO_WEEK,
  FIELD_ISO_YEAR,
  FIELD_HOUR,
  FIELD_HOUR12,
  FIELD_HALF_DAY,
  FIELD_MINUTE,
  FIELD_SECOND,
  FIELD_FRACTION,
  FIELD_EPOCH,
  FIELD_ZONE,
  FIELD_ZONE_COLON,
  FIELD_ZONE_NAME
} field_kind;

struct field_row {
  char letter;
  uint8_t width; /* digits printed; 0 for names */
  field_kind kind;
};
/* clang-format off */
static const struct field_row strftime_rows[] = {
  {'Y', 4, FIELD_YEAR}, {'y', 2, FIELD_SHORT_YEAR}, {'m', 2, FIELD_MONTH}, {'B', 0, FIELD_MONTH_NAME},
  {'b', 0, FIELD_MONTH_SHORT}, {'h', 0, FIELD_MONTH_SHORT}, {'d', 2, FIELD_DAY}, {'e', 2, FIELD_DAY_SPACED},
  {'j', 3, FIELD_DAY_OF_YEAR}, {'A', 0, FIELD_WEEKDAY_NAME}, {'a', 0, FIELD_WEEKDAY_SHORT}, {'w', 1, FIELD_WEEKDAY},
  {'u', 1, FIELD_ISO_WEEKDAY}, {'V', 2, FIELD_ISO_WEEK}, {'G', 4, FIELD_ISO_YEAR}, {'H', 2, FIELD_HOUR},
  {'I', 2, FIELD_HOUR12}, {'p', 0, FIELD_HALF_DAY}, {'M', 2, FIELD_MINUTE}, {'S', 2, FIELD_SECOND},
  {'f', 6, FIELD_FRACTION}, {'L', 3, FIELD_FRACTION}, {'s', 1, FIELD_EPOCH}, {'z', 0, FIELD_ZONE},
  {'Z', 0, FIELD_ZONE_NAME},
};
/* Of Java the letter decides; the count of letters is the width. */
static const struct field_row java_rows[] = {
  {'y', 0, FIELD_YEAR}, {'u', 0, FIELD_YEAR}, {'M', 0, FIELD_MONTH}, {'L', 0, FIELD_MONTH}, {'d', 0, FIELD_DAY},
  {'D', 0, FIELD_DAY_OF_YEAR}, {'E', 0, FIELD_WEEKDAY_SHORT}, {'H', 0, FIELD_HOUR}, {'h', 0, FIELD_HOUR12},
  {'a', 0, FIELD_HALF_DAY}, {'m', 0, FIELD_MINUTE}, {'s', 0, FIELD_SECOND}, {'S', 0, FIELD_FRACTION},
  {'n', 0, FIELD_FRACTION}, {'X', 0, FIELD_ZONE_COLON}, {'x', 0, FIELD_ZONE_COLON}, {'Z', 0, FIELD_ZONE},
  {'z', 0, FIELD_ZONE_NAME},
};
static const struct { char letter; const char *pattern; } strftime_shorthands[] = {
  {'F', "%Y-%m-%d"}, {'T', "%H:%M:%S"}, {'R', "%H:%M"}, {'D', "%m/%d/%y"}, {'c', "%a %b %e %H:%M:%S %Y"},
  {'x', "%m/%d/%y"}, {'X', "%H:%M:%S"},
};
/* clang-format on */
static const char *const month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
static const char *const weekday_names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                            "Thursday", "Friday", "Saturday"};

struct item {
  field_kind kind;
  uint32_t width;
  struct vs_str literal;
};
struct reader {
  const char *at, *end;
  const char *outer_at, *outer_end; /* where to go on after a shorthand such as %F */
  bool is_strftime;
  bool is_quoted; /* a doubled quote was met: the second one goes on with the quoted text */
};

static struct reader reader_of(struct vs_str pattern) {
  bool is_strftime = pattern.size && memchr(pattern.data, '%', pattern.size);
  return (struct reader){.at = pattern.data, .end = pattern.data + pattern.size, .is_strftime = is_strftime};
}

static const struct field_row *row_find(const struct field_row *rows, size_t count, char letter) {
  for (size_t i = 0; i < count; i++)
    if (rows[i].letter == letter) return &rows[i];
  return NULL;
}

static struct item literal_item(const char *data, size_t size) {
  return (struct item){.kind = FIELD_LITERAL, .literal = {data, size}};
}

static bool enter_shorthand(struct reader *reader, char letter) {
  for (size_t i = 0; i < VS_COUNT_OF(strftime_shorthands); i++) {
    if (strftime_shorthands[i].letter != letter || reader->outer_at) continue;
    reader->outer_at = reader->at;
    reader->outer_end = reader->end;
    reader->at = strftime_shorthands[i].pattern;
    reader->end = reader->at + strlen(reader->at);
    return true;
  }
  return false;
}

/* %3f, %.3f and %-d are written too: a dot prints itself, digits are the width, a minus drops the padding. */
static bool next_strftime(struct reader *reader, struct item *ret_item) {
  const char *begin = reader->at++;
  if (*begin != '%' || reader->at == reader->end) {
    *ret_item = literal_item(begin, 1);
    return true;
  }
  uint32_t width = 0;
  bool is_unpadded = false;
  if (*reader->at == '.') {
    reader->at++;
    ret_item->literal = VS_STR(".");
  }
  for (; reader->at < reader->end && (*reader->at == '-' || (*reader->at >= '1' && *reader->at <= '9')); reader->at++) {
    is_unpadded |= *reader->at == '-';
    width = *reader->at == '-' ? width : (uint32_t)(*reader->at - '0');
  }
  char letter = reader->at < reader->end ? *reader->at++ : '%';
  const struct field_row *row = row_find(strftime_rows, VS_COUNT_OF(strftime_rows), letter);
  if (row) {
    ret_item->kind = row->kind;
    ret_item->width = is_unpadded ? 1 : width ? width : row->width;
  } else if (letter == 'n' || letter == 't') {
    *ret_item = literal_item(letter == 'n' ? "\n" : "\t", 1);
  } else if (enter_shorthand(reader, letter)) {
    return false;
  } else {
    *ret_item = letter == '%' ? literal_item("%", 1) : literal_item(begin, (size_t)(reader->at - begin));
  }
  return true;
}

static void java_widths(struct item *item, uint32_t count) {
  item->width = count;
  if (item->kind == FIELD_YEAR && count == 2)
    item->kind = FIELD_SHORT_YEAR;
  else if (item->kind == FIELD_MONTH && count >= 3)
    item->kind = count == 3 ? FIELD_MONTH_SHORT : FIELD_MONTH_NAME;
  else if (item->kind == FIELD_WEEKDAY_SHORT && count >= 4)
    item->kind = FIELD_WEEKDAY_NAME;
}

/* 'quoted text' stands for itself, '' for one quote, within quotes too. */
static struct item java_quoted(struct reader *reader) {
  const char *begin = ++reader->at;
  bool goes_on = reader->is_quoted;
  while (reader->at < reader->end && *reader->at != '\'')
    reader->at++;
  const char *close = reader->at;
  if (reader->at < reader->end) reader->at++;
  reader->is_quoted = close > begin && reader->at < reader->end && *reader->at == '\'';
  if (close == begin && !goes_on) return literal_item("'", 1);
  return literal_item(begin, (size_t)(close - begin) + reader->is_quoted);
}

static void next_java(struct reader *reader, struct item *ret_item) {
  char letter = *reader->at;
  const struct field_row *row = row_find(java_rows, VS_COUNT_OF(java_rows), letter);
  if (letter == '\'') {
    *ret_item = java_quoted(reader);
  } else if (!row) {
    *ret_item = literal_item(reader->at++, 1);
  } else {
    const char *begin = reader->at;
    while (reader->at < reader->end && *reader->at == letter)
      reader->at++;
    ret_item->kind = row->kind;
    java_widths(ret_item, (uint32_t)(reader->at - begin));
  }
}

static bool next_item(struct reader *reader, struct item *ret_item) {
  for (;;) {
    *ret_item = (struct item){0};
    if (reader->at == reader->end && reader->outer_at) {
      reader->at = reader->outer_at;
      reader->end = reader->outer_end;
      reader->outer_at = NULL;
    }
    if (reader->at == reader->end) return false;
    if (!reader->is_strftime) {
      next_java(reader, ret_item);
      return true;
    }
    if (next_strftime(reader, ret_item)) return true;
  }
}

/* Printing */

struct moment {
  struct vs_civil civil;
  int64_t us, days;
  int weekday; /* 0 = Sunday */
};

static int weekday_of(int64_t days) {
  return (int)(((days + 4) % 7 + 7) % 7);
}

void vs_iso_week(int64_t days, int32_t *ret_year, uint32_t *ret_week) {
  int64_t thursday = days + 3 - (weekday_of(days) + 6) % 7;
  struct vs_civil civil;
  vs_civil_from_us(thursday * VS_US_PER_DAY, &civil);
  *ret_year = civil.year;
  *ret_week = (uint32_t)((thursday - vs_days_from_civil(civil.year, 1, 1)) / 7 + 1);
}

static void put_number(struct vs_text *text, int64_t value, uint32_t width) {
  vs_text_printf(text, "%0*lld", (int)width, (long long)value);
}

static void put_fraction(struct vs_text *text, uint32_t us, uint32_t width) {
  uint32_t digits = us;
  for (uint32_t i = VS_MIN(width, 6); i < 6; i++)
    digits /= 10;
  put_number(text, digits, VS_MIN(width, 6));
  for (uint32_t i = 6; i < width; i++)
    vs_text_put(text, '0');
}

static void put_iso(struct vs_text *text, const struct moment *moment, const struct item *item) {
  int32_t year;
  uint32_t week;
  vs_iso_week(moment->days, &year, &week);
  put_number(text, item->kind == FIELD_ISO_YEAR ? year : (int32_t)week, item->width);
}

static void put_field(struct vs_text *text, const struct moment *moment, const struct item *item) {
  const struct vs_civil *civil = &moment->civil;
  vs_text_str(text, item->literal);
  switch (item->kind) {
  case FIELD_LITERAL: break;
  case FIELD_YEAR: put_number(text, civil->year, item->width); break;
  case FIELD_SHORT_YEAR: put_number(text, civil->year % 100, item->width); break;
  case FIELD_MONTH: put_number(text, civil->month, item->width); break;
  case FIELD_MONTH_NAME: vs_text_puts(text, month_names[civil->month - 1]); break;
  case FIELD_MONTH_SHORT: vs_text_append(text, month_names[civil->month - 1], 3); break;
  case FIELD_DAY: put_number(text, civil->day, item->width); break;
  case FIELD_DAY_SPACED: vs_text_printf(text, "%2d", civil->day); break;
  case FIELD_DAY_OF_YEAR:
    put_number(text, moment->days - vs_days_from_civil(civil->year, 1, 1) + 1, item->width);
    break;
  case FIELD_WEEKDAY_NAME: vs_text_puts(text, weekday_names[moment->weekday]); break;
  case FIELD_WEEKDAY_SHORT: vs_text_append(text, weekday_names[moment->weekday], 3); break;
  case FIELD_WEEKDAY: put_number(text, moment->weekday, 1); break;
  case FIELD_ISO_WEEKDAY: put_number(text, (moment->weekday + 6) % 7 + 1, 1); break;
  case FIELD_ISO_WEEK:
  case FIELD_ISO_YEAR: put_iso(text, moment, item); break;
  case FIELD_HOUR: put_number(text, civil->hour, item->width); break;
  case FIELD_HOUR12: put_number(text, (civil->hour + 11) % 12 + 1, item->width); break;
  case FIELD_HALF_DAY: vs_text_puts(text, civil->hour < 12 ? "AM" : "PM"); break;
  case FIELD_MINUTE: put_number(text, civil->minute, item->width); break;
  case FIELD_SECOND: put_number(text, civil->second, item->width); break;
  case FIELD_FRACTION: put_fraction(text, civil->microsecond, item->width); break;
  case FIELD_EPOCH: put_number(text, moment->us / VS_US_PER_SECOND - (moment->us % VS_US_PER_SECOND < 0), 1); break;
  case FIELD_ZONE: vs_text_puts(text, "+0000"); break;
  case FIELD_ZONE_COLON: vs_text_puts(text, "Z"); break;
  case FIELD_ZONE_NAME: vs_text_puts(text, "UTC"); break;
  }
}

void vs_timestamp_format(int64_t us, struct vs_str pattern, struct vs_text *ret_text) {
  struct moment moment = {.us = us};
  struct reader reader = reader_of(pattern);
  struct item item;
  vs_civil_from_us(us, &moment.civil);
  moment.days = vs_days_from_civil(moment.civil.year, moment.civil.month, moment.civil.day);
  moment.weekday = weekday_of(moment.days);
  while (next_item(&reader, &item))
    put_field(ret_text, &moment, &item);
}

/* Parsing */

struct parsed {
  const char *at, *end;
  struct vs_civil civil;
  int64_t epoch, zone_us;
  uint32_t day_of_year;
  int half_day; /* -1 unknown, 0 AM, 1 PM */
  bool has_epoch;
};

static bool take_number(struct parsed *parsed, int most_digits, int64_t *ret_value) {
  int64_t value = 0;
  int count = 0;
  bool is_negative = most_digits > 9 && parsed->at < parsed->end && *parsed->at == '-';
  parsed->at += is_negative;
  for (; count < most_digits && parsed->at < parsed->end; count++, parsed->at++) {
    unsigned digit = (unsigned)(*parsed->at - '0');
    if (digit > 9) break;
    value = value * 10 + digit;
  }
  *ret_value = is_negative ? -value : value;
  return count > 0;
}

static bool take_name(struct parsed *parsed, const char *const *names, int name_count, int *ret_index) {
  struct vs_str rest = {parsed->at, (size_t)(parsed->end - parsed->at)};
  for (int i = 0; i < name_count; i++) {
    struct vs_str full = vs_str_of(names[i]), abbreviated = {names[i], 3};
    struct vs_str match = vs_str_starts_nocase(rest, full) ? full : abbreviated;
    if (!vs_str_starts_nocase(rest, match)) continue;
    parsed->at += match.size;
    *ret_index = i;
    return true;
  }
  return false;
}

static bool take_half_day(struct parsed *parsed) {
  struct vs_str rest = {parsed->at, (size_t)(parsed->end - parsed->at)};
  bool is_afternoon = vs_str_starts_nocase(rest, VS_STR("PM"));
  if (!is_afternoon && !vs_str_starts_nocase(rest, VS_STR("AM"))) return false;
  parsed->half_day = is_afternoon;
  parsed->at += 2;
  return true;
}

static bool take_zone(struct parsed *parsed) {
  struct vs_str rest = {parsed->at, (size_t)(parsed->end - parsed->at)};
  struct vs_str utc = vs_str_starts_nocase(rest, VS_STR("UTC")) ? VS_STR("UTC") : VS_STR("Z");
  if (vs_str_starts_nocase(rest, utc) || vs_str_starts_nocase(rest, VS_STR("GMT"))) {
    parsed->at += vs_str_starts_nocase(rest, utc) ? utc.size : 3;
    return true;
  }
  int64_t hours, minutes = 0;
  bool is_west = rest.size && *parsed->at == '-';
  if (!rest.size || (!is_west && *parsed->at != '+') || (parsed->at++, !take_number(parsed, 2, &hours))) return false;
  if (parsed->at < parsed->end && *parsed->at == ':') parsed->at++;
  (void)take_number(parsed, 2, &minutes);
  parsed->zone_us = (is_west ? -1 : 1) * (hours * 60 + minutes) * 60 * VS_US_PER_SECOND;
  return true;
}

static bool take_fraction(struct parsed *parsed) {
  const char *begin = parsed->at;
  int64_t value;
  if (!take_number(parsed, 9, &value)) return false;
  for (int64_t digits = parsed->at - begin; digits < 9; digits++)
    value *= 10;
  parsed->civil.microsecond = (uint32_t)(value / 1000);
  return true;
}

static bool take_literal(struct parsed *parsed, struct vs_str literal) {
  if ((size_t)(parsed->end - parsed->at) < literal.size) return false;
  if (literal.size && memcmp(parsed->at, literal.data, literal.size) != 0) return false;
  parsed->at += literal.size;
  return true;
}

static bool take_in_range(struct parsed *parsed, int most_digits, int64_t least, int64_t most, int64_t *ret_value) {
  return take_number(parsed, most_digits, ret_value) && *ret_value >= least && *ret_value <= most;
}

static bool take_byte(struct parsed *parsed, int64_t least, int64_t most, uint8_t *ret_value) {
  int64_t value;
  if (!take_in_range(parsed, 2, least, most, &value)) return false;
  *ret_value = (uint8_t)value;
  return true;
}

static bool take_year(struct parsed *parsed, bool is_short) {
  int64_t year;
  if (!take_in_range(parsed, is_short ? 2 : 4, is_short ? 0 : 1, 9999, &year)) return false;
  parsed->civil.year = (int32_t)(is_short ? year + (year < 69 ? 2000 : 1900) : year); /* as POSIX strptime */
  return true;
}

static bool take_month_name(struct parsed *parsed) {
  int index;
  if (!take_name(parsed, month_names, 12, &index)) return false;
  parsed->civil.month = (uint8_t)(index + 1);
  return true;
}

static bool take_ignored(struct parsed *parsed, int most_digits) {
  int64_t ignored;
  return take_number(parsed, most_digits, &ignored);
}

static bool take_day_of_year(struct parsed *parsed) {
  int64_t day;
  if (!take_in_range(parsed, 3, 1, 366, &day)) return false;
  parsed->day_of_year = (uint32_t)day;
  return true;
}

static bool take_field(struct parsed *parsed, const struct item *item) {
  struct vs_civil *civil = &parsed->civil;
  int weekday;
  if (!take_literal(parsed, item->literal)) return false;
  switch (item->kind) {
  case FIELD_LITERAL: return true;
  case FIELD_YEAR: return take_year(parsed, false);
  case FIELD_SHORT_YEAR: return take_year(parsed, true);
  case FIELD_MONTH: return take_byte(parsed, 1, 12, &civil->month);
  case FIELD_MONTH_NAME:
  case FIELD_MONTH_SHORT: return take_month_name(parsed);
  case FIELD_DAY: return take_byte(parsed, 1, 31, &civil->day);
  case FIELD_DAY_SPACED:
    if (parsed->at < parsed->end && *parsed->at == ' ') parsed->at++;
    return take_byte(parsed, 1, 31, &civil->day);
  case FIELD_DAY_OF_YEAR: return take_day_of_year(parsed);
  case FIELD_WEEKDAY_NAME:
  case FIELD_WEEKDAY_SHORT: return take_name(parsed, weekday_names, 7, &weekday);
  case FIELD_WEEKDAY:
  case FIELD_ISO_WEEKDAY: return take_ignored(parsed, 1);
  case FIELD_ISO_WEEK: return take_ignored(parsed, 2);
  case FIELD_ISO_YEAR: return take_ignored(parsed, 4);
  case FIELD_HOUR: return take_byte(parsed, 0, 23, &civil->hour);
  case FIELD_HOUR12: return take_byte(parsed, 1, 12, &civil->hour);
  case FIELD_HALF_DAY: return take_half_day(parsed);
  case FIELD_MINUTE: return take_byte(parsed, 0, 59, &civil->minute);
  case FIELD_SECOND: return take_byte(parsed, 0, 59, &civil->second);
  case FIELD_FRACTION: return take_fraction(parsed);
  case FIELD_EPOCH: return parsed->has_epoch = take_number(parsed, 13, &parsed->epoch);
  case FIELD_ZONE:
  case FIELD_ZONE_COLON:
  case FIELD_ZONE_NAME: return take_zone(parsed);
  }
  return false;
}

static bool parsed_instant(struct parsed *parsed, int64_t *ret_us) {
  struct vs_civil *civil = &parsed->civil;
  if (parsed->has_epoch) return vs_epoch_to_us(parsed->epoch, VS_EPOCH_SECONDS, ret_us);
  if (parsed->half_day >= 0) civil->hour = (uint8_t)(civil->hour % 12 + 12 * parsed->half_day);
  if (parsed->day_of_year) civil->month = civil->day = 1; /* wins over month and day */
  if (civil->day > vs_days_in_month(civil->year, civil->month)) return false;
  int64_t us = vs_us_from_civil(civil) - parsed->zone_us;
  if (parsed->day_of_year) us += (parsed->day_of_year - 1) * VS_US_PER_DAY;
  if (!vs_timestamp_in_range(us)) return false;
  *ret_us = us;
  return true;
}

bool vs_timestamp_parse_format(struct vs_str text, struct vs_str pattern, int64_t *ret_us) {
  struct parsed parsed = {.at = text.data, .end = text.data + text.size, .half_day = -1};
  parsed.civil = (struct vs_civil){.year = 1970, .month = 1, .day = 1};
  struct reader reader = reader_of(pattern);
  struct item item;
  while (next_item(&reader, &item))
    if (!take_field(&parsed, &item)) return false;
  return parsed.at == parsed.end && parsed_instant(&parsed, ret_us);
}
