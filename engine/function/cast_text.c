/* SPDX-License-Identifier: Apache-2.0
 * Values as text: fixed-width types straight into batch memory, the rest through the one printer. */
#include "engine/function/cast.h"
#include "engine/types/decimal.h"
#include "engine/types/number.h"
#include "engine/types/time.h"

enum { TEXT_MAX = 64 };

/* Size of the text at `to`, or 0 for a type whose text has no fixed ceiling. */
static size_t print_fixed(const struct vs_value *value, char *to) {
  switch (value->type.id) {
  case VS_TYPE_INTEGER:
  case VS_TYPE_TIMESTAMP_MS: return vs_integer_print(value->as.integer, to);
  case VS_TYPE_FLOAT: return vs_float_print(value->as.real, to);
  case VS_TYPE_DECIMAL: return vs_decimal_print(value->as.decimal, value->type.scale, value->type.scale, to);
  case VS_TYPE_DATE: return vs_date_print(value->as.integer, to);
  case VS_TYPE_TIME: return vs_time_print(value->as.integer, to);
  case VS_TYPE_TIMESTAMP: return vs_timestamp_print(value->as.integer, to);
  case VS_TYPE_BOOLEAN: {
    struct vs_str word = value->as.boolean ? VS_STR("true") : VS_STR("false");
    memcpy(to, word.data, word.size);
    return word.size;
  }
  default: return 0;
  }
}

static bool print_through_text(struct vs_eval *eval, const struct vs_value *value, struct vs_bytes *bytes,
                               struct vs_string *ret_string) {
  struct vs_text text;
  vs_text_init(&text, eval->env->memory, 64u << 20);
  vs_value_print(value, VS_STYLE_PLAIN, &text);
  char *room = text.is_failed ? NULL : vs_bytes_reserve(bytes, text.size);
  if (room) {
    if (text.size) memcpy(room, text.data, text.size);
    *ret_string = vs_bytes_take(bytes, text.size);
  }
  vs_text_release(&text);
  return room;
}

/* The text of one value as CAST makes it, appended to `bytes`; false when memory is full. */
static bool value_to_string(struct vs_eval *eval, const struct vs_value *value, struct vs_bytes *bytes,
                            struct vs_string *ret_string) {
  char *room = vs_bytes_reserve(bytes, TEXT_MAX);
  if (!room) return false;
  size_t size = print_fixed(value, room);
  if (size == 0) return print_through_text(eval, value, bytes, ret_string);
  *ret_string = vs_bytes_take(bytes, size);
  return true;
}

vs_status vs_eval_to_text(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                          uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  (void)call;
  struct vs_bytes bytes = {.arena = eval->arena};
  struct vs_string *r = ret->data;
  for (uint32_t i = 0; i < row_count; i++) {
    r[i] = (struct vs_string){0};
    if (!vs_row_counts(eval, ret, i)) continue;
    struct vs_value value = vs_value_get(&arguments[0], i);
    if (!value_to_string(eval, &value, &bytes, &r[i])) return vs_fail_memory(err);
  }
  return VS_OK;
}
