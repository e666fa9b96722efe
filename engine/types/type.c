/* SPDX-License-Identifier: Apache-2.0
 * Names, physical layouts and implicit conversions of the logical types. */
#include "engine/types/type.h"
#include <stdio.h>

struct type_row {
  const char *sql_name;
  vs_physical physical;
};
static const struct type_row type_rows[] = {
#define X(name, sql, physical) [VS_TYPE_##name] = {sql, VS_PHYSICAL_##physical},
    VS_TYPE_LIST(X)
#undef X
};

vs_physical vs_type_physical(struct vs_type type) {
  if (type.id == VS_TYPE_DECIMAL) return type.precision <= VS_DECIMAL_I64_MAX ? VS_PHYSICAL_I64 : VS_PHYSICAL_I128;
  return type_rows[type.id].physical;
}

size_t vs_physical_size(vs_physical physical) {
  switch (physical) {
  case VS_PHYSICAL_BOOL: return 1;
  case VS_PHYSICAL_I64: return sizeof(int64_t);
  case VS_PHYSICAL_F64: return sizeof(double);
  case VS_PHYSICAL_I128: return sizeof(vs_i128);
  case VS_PHYSICAL_STRING: return 16; /* struct vs_string, which this header cannot see */
  case VS_PHYSICAL_INTERVAL: return sizeof(struct vs_interval);
  }
  return 0;
}

bool vs_type_equal(struct vs_type a, struct vs_type b) {
  return a.id == b.id && a.precision == b.precision && a.scale == b.scale;
}

bool vs_type_is_numeric(struct vs_type type) {
  return type.id == VS_TYPE_INTEGER || type.id == VS_TYPE_FLOAT || type.id == VS_TYPE_DECIMAL ||
         type.id == VS_TYPE_TIMESTAMP_MS;
}

bool vs_type_is_temporal(struct vs_type type) {
  return type.id == VS_TYPE_DATE || type.id == VS_TYPE_TIMESTAMP || type.id == VS_TYPE_TIMESTAMP_MS;
}

const char *vs_type_print(struct vs_type type, char ret_text[32]) {
  if (type.id == VS_TYPE_DECIMAL)
    snprintf(ret_text, 32, "DECIMAL(%u,%u)", type.precision, type.scale);
  else
    snprintf(ret_text, 32, "%s", type_rows[type.id].sql_name);
  return ret_text;
}

static struct vs_type decimal_of(struct vs_type type) {
  return type.id == VS_TYPE_DECIMAL ? type : vs_type_decimal(19, 0);
}

static struct vs_type decimals_meet(struct vs_type a, struct vs_type b) {
  int scale = VS_MAX(a.scale, b.scale);
  int whole = VS_MAX(a.precision - a.scale, b.precision - b.scale);
  return vs_type_decimal((uint8_t)VS_MIN(whole + scale, VS_DECIMAL_MAX), (uint8_t)scale);
}

static struct vs_type numbers_meet(struct vs_type a, struct vs_type b) {
  if (a.id == VS_TYPE_FLOAT || b.id == VS_TYPE_FLOAT) return VS_TYPE(FLOAT);
  if (a.id == VS_TYPE_DECIMAL || b.id == VS_TYPE_DECIMAL) return decimals_meet(decimal_of(a), decimal_of(b));
  return VS_TYPE(INTEGER);
}

static bool is_text(vs_type_id id) {
  return id == VS_TYPE_STRING || id == VS_TYPE_JSON;
}

bool vs_type_common(struct vs_type a, struct vs_type b, struct vs_type *ret_type) {
  if (vs_type_equal(a, b) || b.id == VS_TYPE_NULL)
    *ret_type = a;
  else if (a.id == VS_TYPE_NULL)
    *ret_type = b;
  else if (vs_type_is_numeric(a) && vs_type_is_numeric(b))
    *ret_type = numbers_meet(a, b);
  else if (vs_type_is_temporal(a) && vs_type_is_temporal(b))
    *ret_type = VS_TYPE(TIMESTAMP);
  else if (is_text(a.id) && is_text(b.id))
    *ret_type = VS_TYPE(STRING);
  else
    return false;
  return true;
}
