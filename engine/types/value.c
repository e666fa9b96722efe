/* SPDX-License-Identifier: Apache-2.0
 * Single values and their one printer. */
#include "engine/types/value.h"
#include "engine/types/decimal.h"
#include "engine/types/number.h"
#include "engine/types/time.h"

struct vs_value vs_value_null(struct vs_type type) {
  return (struct vs_value){.type = type, .is_null = true};
}

static struct vs_value value_of_string(const struct vs_vector *vector, uint32_t row) {
  const struct vs_string *strings = vector->data;
  const struct vs_string *string = vector->encoding == VS_VECTOR_DICTIONARY
                                       ? &vector->dictionary->values[((const uint16_t *)vector->data)[row]]
                                       : &strings[vs_vector_index(vector, row)];
  struct vs_value value = {.type = vector->type};
  value.as.string = vs_string_view(string); /* an inline string's bytes live in the vector, not in a copy */
  return value;
}

struct vs_value vs_value_get(const struct vs_vector *vector, uint32_t row) {
  struct vs_value value = {.type = vector->type};
  if (vs_vector_is_null(vector, row)) return vs_value_null(vector->type);
  uint32_t index = vs_vector_index(vector, row);
  switch (vs_type_physical(vector->type)) {
  case VS_PHYSICAL_BOOL: value.as.boolean = ((const uint8_t *)vector->data)[index] != 0; break;
  case VS_PHYSICAL_I64:
    if (vector->type.id == VS_TYPE_DECIMAL)
      value.as.decimal = ((const int64_t *)vector->data)[index];
    else
      value.as.integer = ((const int64_t *)vector->data)[index];
    break;
  case VS_PHYSICAL_F64: value.as.real = ((const double *)vector->data)[index]; break;
  case VS_PHYSICAL_I128: value.as.decimal = ((const vs_i128 *)vector->data)[index]; break;
  case VS_PHYSICAL_STRING: return value_of_string(vector, row);
  case VS_PHYSICAL_INTERVAL: value.as.interval = ((const struct vs_interval *)vector->data)[index]; break;
  }
  return value;
}

static vs_status store_constant(struct vs_vector *vector, const struct vs_value *value, struct vs_arena *arena,
                                struct vs_error *err) {
  switch (vs_type_physical(value->type)) {
  case VS_PHYSICAL_BOOL: *(uint8_t *)vector->data = value->as.boolean; break;
  case VS_PHYSICAL_I64:
    *(int64_t *)vector->data = value->type.id == VS_TYPE_DECIMAL ? (int64_t)value->as.decimal : value->as.integer;
    break;
  case VS_PHYSICAL_F64: *(double *)vector->data = value->as.real; break;
  case VS_PHYSICAL_I128: *(vs_i128 *)vector->data = value->as.decimal; break;
  case VS_PHYSICAL_INTERVAL: *(struct vs_interval *)vector->data = value->as.interval; break;
  case VS_PHYSICAL_STRING: {
    struct vs_string string = vs_string_of(value->as.string.data, value->as.string.size);
    if (!vs_string_copy(&string, arena, vector->data)) return vs_fail_memory(err);
    break;
  }
  }
  return VS_OK;
}

vs_status vs_vector_constant(struct vs_vector *vector, const struct vs_value *value, struct vs_arena *arena,
                             struct vs_error *err) {
  struct vs_vector result = {.type = value->type, .encoding = VS_VECTOR_CONSTANT};
  result.data = vs_arena_zalloc(arena, vs_physical_size(vs_type_physical(value->type)));
  if (!result.data) return vs_fail_memory(err);
  if (value->is_null) {
    result.validity = vs_arena_zalloc(arena, sizeof(uint64_t));
    if (!result.validity) return vs_fail_memory(err);
  } else {
    VS_TRY(store_constant(&result, value, arena, err));
  }
  *vector = result;
  return VS_OK;
}

static void print_bytes(struct vs_str bytes, struct vs_text *text) {
  static const char digits[] = "0123456789abcdef";
  vs_text_puts(text, "\\x");
  for (size_t i = 0; i < bytes.size; i++) {
    vs_text_put(text, digits[(unsigned char)bytes.data[i] >> 4]);
    vs_text_put(text, digits[(unsigned char)bytes.data[i] & 15]);
  }
}

static size_t print_integer_like(const struct vs_value *value, vs_style style, char text[48]) {
  switch (value->type.id) {
  case VS_TYPE_DATE: return vs_date_print(value->as.integer, text);
  case VS_TYPE_TIME: return vs_time_print(value->as.integer, text);
  case VS_TYPE_TIMESTAMP: return vs_timestamp_print(value->as.integer, text);
  case VS_TYPE_TIMESTAMP_MS: {
    int64_t us;
    if (style == VS_STYLE_TABLE && vs_epoch_to_us(value->as.integer, VS_EPOCH_MILLIS, &us))
      return vs_timestamp_print(us, text);
    break;
  }
  default: break;
  }
  return vs_integer_print(value->as.integer, text);
}

void vs_value_print(const struct vs_value *value, vs_style style, struct vs_text *ret_text) {
  char text[48];
  if (value->is_null) {
    vs_text_puts(ret_text, style == VS_STYLE_TABLE ? "NULL" : "");
    return;
  }
  if (value->type.id == VS_TYPE_DECIMAL) {
    uint32_t scale = value->type.scale;
    vs_text_append(ret_text, text,
                   vs_decimal_print(value->as.decimal, scale, style == VS_STYLE_TABLE ? 0 : scale, text));
    return;
  }
  switch (vs_type_physical(value->type)) {
  case VS_PHYSICAL_BOOL: vs_text_puts(ret_text, value->as.boolean ? "true" : "false"); break;
  case VS_PHYSICAL_I128:
  case VS_PHYSICAL_I64: vs_text_append(ret_text, text, print_integer_like(value, style, text)); break;
  case VS_PHYSICAL_F64: vs_text_append(ret_text, text, vs_float_print(value->as.real, text)); break;
  case VS_PHYSICAL_INTERVAL: vs_interval_print(value->as.interval, ret_text); break;
  case VS_PHYSICAL_STRING:
    if (value->type.id == VS_TYPE_BYTES)
      print_bytes(value->as.string, ret_text);
    else
      vs_text_str(ret_text, value->as.string);
    break;
  }
}

static bool is_bare_in_json(const struct vs_value *value, bool decimal_as_number) {
  switch (value->type.id) {
  case VS_TYPE_NULL:
  case VS_TYPE_BOOLEAN:
  case VS_TYPE_INTEGER:
  case VS_TYPE_FLOAT:
  case VS_TYPE_JSON:
  case VS_TYPE_TIMESTAMP_MS: return true;
  case VS_TYPE_DECIMAL: return decimal_as_number;
  default: return false;
  }
}

void vs_value_print_json(const struct vs_value *value, bool decimal_as_number, struct vs_text *ret_text) {
  if (value->is_null) {
    vs_text_puts(ret_text, "null");
  } else if (is_bare_in_json(value, decimal_as_number)) {
    vs_value_print(value, VS_STYLE_PLAIN, ret_text);
  } else if (value->type.id == VS_TYPE_STRING) {
    vs_text_json(ret_text, value->as.string);
  } else { /* times, decimals, intervals, bytes: ASCII without quotes, but for the backslash of bytes */
    vs_text_puts(ret_text, value->type.id == VS_TYPE_BYTES ? "\"\\" : "\"");
    vs_value_print(value, VS_STYLE_PLAIN, ret_text);
    vs_text_put(ret_text, '"');
  }
}

bool vs_value_equal(const struct vs_value *a, const struct vs_value *b) {
  if (!vs_type_equal(a->type, b->type) || a->is_null != b->is_null) return false;
  if (a->is_null) return true;
  if (a->type.id == VS_TYPE_DECIMAL) return a->as.decimal == b->as.decimal;
  switch (vs_type_physical(a->type)) {
  case VS_PHYSICAL_BOOL: return a->as.boolean == b->as.boolean;
  case VS_PHYSICAL_I64: return a->as.integer == b->as.integer;
  case VS_PHYSICAL_F64: return a->as.real == b->as.real;
  case VS_PHYSICAL_I128: return a->as.decimal == b->as.decimal;
  case VS_PHYSICAL_STRING: return vs_str_equal(a->as.string, b->as.string);
  case VS_PHYSICAL_INTERVAL:
    return a->as.interval.nanoseconds == b->as.interval.nanoseconds && a->as.interval.months == b->as.interval.months;
  }
  return false;
}
