/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/display/figure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static void put_grouped(const char *digits, size_t size, struct vs_text *text) {
  for (size_t i = 0; i < size; i++) {
    if (i && (size - i) % 3 == 0) vs_text_put(text, ',');
    vs_text_put(text, digits[i]);
  }
}

void vsk_print_count(uint64_t count, struct vs_text *ret_text) {
  char digits[24];
  int size = snprintf(digits, sizeof digits, "%" PRIu64, count);
  put_grouped(digits, (size_t)size, ret_text);
}

void vsk_print_plural(uint64_t count, const char *noun, struct vs_text *ret_text) {
  vsk_print_count(count, ret_text);
  vs_text_printf(ret_text, " %s%s", noun, count == 1 ? "" : "s");
}

void vsk_print_fixed(double value, uint32_t decimals, struct vs_text *ret_text) {
  char digits[400];
  int size = snprintf(digits, sizeof digits, "%.*f", (int)VS_MIN(decimals, 30), fabs(value));
  size_t whole = strcspn(digits, ".");
  if (value < 0 && strspn(digits, "0.") < (size_t)size) vs_text_put(ret_text, '-');
  put_grouped(digits, whole, ret_text);
  vs_text_append(ret_text, digits + whole, (size_t)size - whole);
}

/* Trailing zeros behind a point say nothing in a rounded figure. */
static void put_trimmed(double value, int decimals, struct vs_text *text) {
  char digits[64];
  int size = snprintf(digits, sizeof digits, "%.*f", decimals, value);
  if (strchr(digits, '.')) {
    while (digits[size - 1] == '0')
      size--;
    if (digits[size - 1] == '.') size--;
  }
  vs_text_append(text, digits, (size_t)size);
}

static double rounded3(double value) {
  double unit = pow(10, floor(log10(fabs(value))) - 2);
  return round(value / unit) * unit;
}

void vsk_print_compact(double value, struct vs_text *ret_text) {
  static const char *const suffixes[] = {"", " K", " M", " B", " T"};
  if (value == 0 || !isfinite(value)) {
    vs_text_puts(ret_text, value == 0 ? "0" : "-");
    return;
  }
  double shown = rounded3(value);
  size_t step = 0;
  for (; fabs(shown) >= 1000 && step + 1 < VS_COUNT_OF(suffixes); step++)
    shown /= 1000;
  int exponent = (int)floor(log10(fabs(shown)) + 1e-9);
  if (exponent < -9 || exponent > 5)
    vs_text_printf(ret_text, "%.3g", value);
  else
    put_trimmed(shown, VS_MAX(0, 2 - exponent), ret_text);
  vs_text_puts(ret_text, exponent > 5 ? "" : suffixes[step]);
}

void vsk_print_duration(int64_t us, struct vs_text *ret_text) {
  if (us < 9950)
    vs_text_printf(ret_text, "%.1f ms", VS_MAX((double)us / 1000, 0.1));
  else if (us < 100000)
    vs_text_printf(ret_text, "%" PRId64 " ms", (us + 500) / 1000);
  else if (us < 59950000)
    vs_text_printf(ret_text, "%.1f s", (double)us / 1e6);
  else {
    int64_t seconds = (us + 500000) / 1000000;
    if (seconds < 3600)
      vs_text_printf(ret_text, "%" PRId64 " min %02" PRId64 " s", seconds / 60, seconds % 60);
    else
      vs_text_printf(ret_text, "%" PRId64 " h %02" PRId64 " min", seconds / 3600, seconds / 60 % 60);
  }
}
