/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/bad_row.h"

#include "engine/base/utf8.h"
#include <stdarg.h>
#include <stdio.h>

enum { KEPT = 40 };

void vs_bad_row_add(struct vs_row_errors *errors, uint64_t line, vs_code code, const char *format, ...) {
  struct vs_str text = errors->text;
  const struct vs_str *values = errors->values;
  errors->text = (struct vs_str){NULL, 0};
  errors->values = NULL;
  errors->count++;
  if (!vs_row_errors_keep(errors)) return;
  struct vs_row_error sample = {.code = code, .span = VS_NO_SPAN, .row = line};
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sample.message, sizeof sample.message, format, arguments);
  va_end(arguments);
  if (errors->sample_count < VS_ROW_ERROR_SAMPLES) errors->samples[errors->sample_count++] = sample;
  if (errors->aside) vs_aside_add(errors->aside, line, vs_str_of(sample.message), text, values);
}

const char *vs_shown_value(struct vs_str value, char ret_text[VS_SHOWN_VALUE]) {
  size_t from = 0, to = 0;
  while (from < value.size) {
    size_t size = vs_utf8_size(value.data + from, value.size - from), step = VS_MAX(size, (size_t)1);
    if (to + step > KEPT) break;
    bool is_shown = size > 1 || (size == 1 && (unsigned char)value.data[from] >= ' ' && value.data[from] != 0x7f);
    if (is_shown)
      memcpy(ret_text + to, value.data + from, size);
    else
      ret_text[to] = '?';
    to += is_shown ? size : 1;
    from += step;
  }
  snprintf(ret_text + to, VS_SHOWN_VALUE - to, "%s", from < value.size ? "..." : "");
  return ret_text;
}
