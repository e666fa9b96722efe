/* SPDX-License-Identifier: Apache-2.0
 * Dates, times and intervals: proleptic Gregorian arithmetic, every text form of spec/sql.md 5, formatting.
 * Instants are microseconds UTC within years 0001..9999; further digits of a second are cut. */
#ifndef VS_TYPES_TIME_H
#define VS_TYPES_TIME_H

#include "engine/types/type.h"

#define VS_US_PER_SECOND INT64_C(1000000)
#define VS_US_PER_DAY (INT64_C(86400) * VS_US_PER_SECOND)
#define VS_TIME_NONE INT64_MIN

struct vs_civil {
  int32_t year;
  uint8_t month, day, hour, minute, second;
  uint32_t microsecond;
};
int64_t vs_days_from_civil(int32_t year, uint32_t month, uint32_t day);
void vs_civil_from_us(int64_t us, struct vs_civil *ret_civil);
int64_t vs_us_from_civil(const struct vs_civil *civil);
uint32_t vs_days_in_month(int32_t year, uint32_t month); /* month 1..12 */
bool vs_timestamp_in_range(int64_t us);                  /* within years 0001..9999 */

void vs_iso_week(int64_t days, int32_t *ret_year, uint32_t *ret_week);

/* Text -> value; false when it is none of the accepted forms or out of range. */
bool vs_timestamp_parse(struct vs_str text, int64_t *ret_us) VS_NODISCARD;
bool vs_date_parse(struct vs_str text, int64_t *ret_days) VS_NODISCARD;
bool vs_time_parse(struct vs_str text, int64_t *ret_us) VS_NODISCARD;
/* By pattern: strftime when it holds %, else Java style (yyyy-MM-dd HH:mm:ss.SSS). */
bool vs_timestamp_parse_format(struct vs_str text, struct vs_str pattern, int64_t *ret_us) VS_NODISCARD;
/* "2026-01-31 12:00:00.000", six digits when needed; returns the size. */
size_t vs_timestamp_print(int64_t us, char ret_text[32]);
size_t vs_date_print(int64_t days, char ret_text[16]);
size_t vs_time_print(int64_t us, char ret_text[24]);
void vs_timestamp_format(int64_t us, struct vs_str pattern, struct vs_text *ret_text);
void vs_interval_print(struct vs_interval interval, struct vs_text *ret_text); /* "1 day 02:00:00" */

/* Duration units of spec/sql.md 1.1: "s", "MINUTES", "μs"; nanoseconds, or months for MONTH and YEAR. */
bool vs_unit_find(struct vs_str word, bool is_short_form, struct vs_interval *ret_unit) VS_NODISCARD;
/* "5m", "1d12h", "1 day 2 hours", "90" (seconds): one rule for SQL, WITH values and settings. */
bool vs_duration_parse(struct vs_str text, struct vs_interval *ret_interval) VS_NODISCARD;
/* Months clamp to the last day; false on overflow of the year range. */
bool vs_timestamp_add(int64_t us, struct vs_interval interval, int64_t *ret_us) VS_NODISCARD;

/* Units of integer times: by magnitude of the largest |x| (spec/sql.md 3.1). */
typedef enum { VS_EPOCH_AUTO, VS_EPOCH_SECONDS, VS_EPOCH_MILLIS, VS_EPOCH_MICROS, VS_EPOCH_NANOS } vs_epoch_unit;
vs_epoch_unit vs_epoch_unit_of(int64_t largest_magnitude);
bool vs_epoch_to_us(int64_t value, vs_epoch_unit unit, int64_t *ret_us) VS_NODISCARD; /* floors; false out of range */
const char *vs_epoch_unit_name(vs_epoch_unit unit);

#endif
