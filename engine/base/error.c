/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct vs_code_row rows[] = {
#define X(name, number, ename, status, retry, cause, todo)                                                             \
  {VS_CODE_##name, #name, ename, VS_##status, retry == VS_RETRIABLE, cause, todo},
    VS_CODE_LIST(X)
#undef X
};

const struct vs_code_row *vs_code_rows(size_t *ret_count) {
  if (ret_count) *ret_count = VS_COUNT_OF(rows);
  return rows;
}

const struct vs_code_row *vs_code_find(vs_code code) {
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    if (rows[i].code == code) return &rows[i];
  return NULL;
}

vs_status vs_fail(struct vs_error *err, vs_code code, struct vs_span span, const char *format, ...) {
  const struct vs_code_row *row = vs_code_find(code);
  if (err) {
    vs_error_clear(err);
    err->code = code;
    err->span = span;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
  }
  return row ? row->status : VS_INTERNAL;
}

vs_status vs_fail_hint(struct vs_error *err, vs_status status, const char *format, ...) {
  if (err) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->hint, sizeof err->hint, format, arguments);
    va_end(arguments);
  }
  return status;
}

void vs_error_clear(struct vs_error *err) {
  if (err) *err = (struct vs_error){.span = VS_NO_SPAN, .other = VS_NO_SPAN};
}

bool vs_span_is_known(struct vs_span span) {
  return span.source != UINT32_MAX;
}

struct vs_span vs_span_join(struct vs_span first, struct vs_span last) {
  if (!vs_span_is_known(first)) return last;
  if (vs_span_is_known(last)) first.end = VS_MAX(first.end, last.end);
  return first;
}
