/* SPDX-License-Identifier: Apache-2.0
 * Comparisons: by value across numeric types, times against text and epoch milliseconds, NULL-safe forms.
 * Every kernel is one of six orders over one pair of physical types. */
#include "engine/function/kernel.h"
#include "engine/types/decimal.h"

VS_BINARY_LOOP(bool_loop, uint8_t, uint8_t, uint8_t)
VS_BINARY_LOOP(i64_loop, int64_t, int64_t, uint8_t)
VS_BINARY_LOOP(f64_loop, double, double, uint8_t)
VS_BINARY_LOOP(i128_loop, vs_i128, vs_i128, uint8_t)
VS_BINARY_LOOP(string_loop, struct vs_string, struct vs_string, uint8_t)
VS_BINARY_LOOP(interval_loop, struct vs_interval, struct vs_interval, uint8_t)
VS_BINARY_LOOP(i64_f64_loop, int64_t, double, uint8_t)

/* -1, 0 or 1 where a comparison cannot be told by one machine operator. */
static inline int order_string(struct vs_string a, struct vs_string b) {
  return vs_string_compare(&a, &b);
}
static inline int order_interval(struct vs_interval a, struct vs_interval b) {
  return vs_interval_order(a, b);
}
/* Exact: 2^53 + 1 is larger than 9007199254740992.0 although it rounds to it. */
static inline int order_i64_f64(int64_t a, double b) {
  double rounded = (double)a;
  if (rounded != b) return rounded > b ? 1 : -1;
  if (b >= 0x1p63) return -1;
  int64_t back = (int64_t)b;
  return (a > back) - (a < back);
}
/* Microseconds against milliseconds. */
static inline int order_us_ms(int64_t us, int64_t ms) {
  vs_i128 other = (vs_i128)ms * 1000;
  return (us > other) - (us < other);
}
static inline int order_ms_us(int64_t ms, int64_t us) {
  return -order_us_ms(us, ms);
}

/* Decimals of different scales that have no common DECIMAL(38): the whole parts decide, then the rests. */
struct decimal_scales {
  uint32_t a, b;
};
static inline int order_scaled(const struct decimal_scales *scales, vs_i128 a, vs_i128 b) {
  vs_i128 unit_a = vs_power_of_ten(scales->a), unit_b = vs_power_of_ten(scales->b);
  vs_i128 whole_a = a / unit_a, whole_b = b / unit_b, rest_a = a % unit_a, rest_b = b % unit_b;
  if (whole_a != whole_b) return whole_a > whole_b ? 1 : -1;
  if (scales->a < scales->b)
    rest_a *= vs_power_of_ten(scales->b - scales->a);
  else
    rest_b *= vs_power_of_ten(scales->a - scales->b);
  return (rest_a > rest_b) - (rest_a < rest_b);
}

/* Reversed order of arguments is the caller's business: FLOAT against INTEGER swaps them and turns the sign. */
#define ORDERS(X) X(equal, ==) X(not_equal, !=) X(less, <) X(less_equal, <=) X(greater, >) X(greater_equal, >=)
/* clang-format off */
#define PLAIN(name, sign, kind, A) \
  static inline uint64_t name##_##kind(const void *data, A a, A b, uint8_t *r) { (void)data; *r = a sign b; return 0; } \
  VS_BINARY_KERNEL(eval_##name##_##kind, kind##_loop, name##_##kind, vs_report_overflow)
#define BY_ORDER(name, sign, kind, loop, A, B) \
  static inline uint64_t name##_##kind(const void *data, A a, B b, uint8_t *r) { (void)data; *r = order_##kind(a, b) sign 0; return 0; } \
  VS_BINARY_KERNEL(eval_##name##_##kind, loop, name##_##kind, vs_report_overflow)
#define X(name, sign) \
  PLAIN(name, sign, bool, uint8_t) \
  PLAIN(name, sign, i64, int64_t) \
  PLAIN(name, sign, f64, double) \
  PLAIN(name, sign, i128, vs_i128) \
  BY_ORDER(name, sign, interval, interval_loop, struct vs_interval, struct vs_interval) \
  BY_ORDER(name, sign, i64_f64, i64_f64_loop, int64_t, double) \
  BY_ORDER(name, sign, us_ms, i64_loop, int64_t, int64_t) \
  BY_ORDER(name, sign, ms_us, i64_loop, int64_t, int64_t) \
  static inline uint64_t name##_scaled(const void *data, vs_i128 a, vs_i128 b, uint8_t *r) { *r = order_scaled(data, a, b) sign 0; return 0; } \
  VS_BINARY_KERNEL(eval_##name##_scaled, i128_loop, name##_scaled, vs_report_overflow)
ORDERS(X)
#undef X
/* Equality looks at size and prefix as one word first. Short strings are their two words, as vs_string_of clears what
 * is not used; order needs the bytes. */
static inline bool is_same_string(struct vs_string a, struct vs_string b) {
  uint64_t x[2], y[2];
  memcpy(x, &a, sizeof x);
  memcpy(y, &b, sizeof y);
  if (x[0] != y[0] || a.size <= VS_STRING_INLINE) return x[0] == y[0] && x[1] == y[1];
  return memcmp(a.tail.data, b.tail.data, a.size) == 0;
}
static inline uint64_t equal_string(const void *data, struct vs_string a, struct vs_string b, uint8_t *r) { (void)data; *r = is_same_string(a, b); return 0; }
static inline uint64_t not_equal_string(const void *data, struct vs_string a, struct vs_string b, uint8_t *r) { (void)data; *r = !is_same_string(a, b); return 0; }
VS_BINARY_KERNEL(eval_equal_string, string_loop, equal_string, vs_report_overflow)
VS_BINARY_KERNEL(eval_not_equal_string, string_loop, not_equal_string, vs_report_overflow)
BY_ORDER(less, <, string, string_loop, struct vs_string, struct vs_string)
BY_ORDER(less_equal, <=, string, string_loop, struct vs_string, struct vs_string)
BY_ORDER(greater, >, string, string_loop, struct vs_string, struct vs_string)
BY_ORDER(greater_equal, >=, string, string_loop, struct vs_string, struct vs_string)

/* `turned` is the same comparison with its sides swapped. */
struct order_row {
  const char *sign, *turned;
  vs_scalar_eval boolean, i64, f64, i128, string, interval, i64_f64, us_ms, ms_us, scaled;
};
#define ROW(sign, turned, name) \
  {sign, turned, eval_##name##_bool, eval_##name##_i64, eval_##name##_f64, eval_##name##_i128, eval_##name##_string, \
   eval_##name##_interval, eval_##name##_i64_f64, eval_##name##_us_ms, eval_##name##_ms_us, eval_##name##_scaled}
static const struct order_row order_rows[] = {
  ROW("=", "=", equal), ROW("<>", "<>", not_equal), ROW("<", ">", less), ROW("<=", ">=", less_equal),
  ROW(">", "<", greater), ROW(">=", "<=", greater_equal),
};
/* clang-format on */

static const struct order_row *order_find(const char *sign) {
  for (size_t i = 0; i < VS_COUNT_OF(order_rows); i++)
    if (strcmp(order_rows[i].sign, sign) == 0) return &order_rows[i];
  return NULL;
}

static vs_scalar_eval eval_of(const struct order_row *row, struct vs_type type) {
  switch (vs_type_physical(type)) {
  case VS_PHYSICAL_BOOL: return row->boolean;
  case VS_PHYSICAL_I64: return row->i64;
  case VS_PHYSICAL_F64: return row->f64;
  case VS_PHYSICAL_I128: return row->i128;
  case VS_PHYSICAL_STRING: return row->string;
  case VS_PHYSICAL_INTERVAL: return row->interval;
  }
  return NULL;
}

/* FLOAT against INTEGER: the turned comparison over swapped arguments. */
struct turned {
  vs_scalar_eval eval;
};
static vs_status eval_turned(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                             uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  const struct turned *turned = call->data;
  struct vs_vector swapped[2] = {arguments[1], arguments[0]};
  return turned->eval(eval, call, swapped, row_count, ret, err);
}

static bool is_calendar(vs_type_id id) {
  return id == VS_TYPE_TIMESTAMP || id == VS_TYPE_DATE;
}
static bool is_millis(vs_type_id id) {
  return id == VS_TYPE_TIMESTAMP_MS || id == VS_TYPE_INTEGER;
}

/* A calendar time against epoch milliseconds: neither side is converted, so none can overflow. */
static bool bind_millis(const struct order_row *row, struct vs_type *types, struct vs_call_bound *ret_call) {
  if (is_calendar(types[0].id) && is_millis(types[1].id)) {
    types[0] = VS_TYPE(TIMESTAMP);
    ret_call->eval = row->us_ms;
  } else if (is_millis(types[0].id) && is_calendar(types[1].id)) {
    types[1] = VS_TYPE(TIMESTAMP);
    ret_call->eval = row->ms_us;
  } else {
    return false;
  }
  return true;
}

static vs_status bind_integer_float(const struct order_row *row, struct vs_binding *binding,
                                    struct vs_call_bound *ret_call, struct vs_error *err) {
  if (binding->arguments[1].id == VS_TYPE_FLOAT) {
    ret_call->eval = row->i64_f64;
    return VS_OK;
  }
  struct turned *turned = VS_ARENA_NEW(binding->arena, struct turned);
  if (!turned) return vs_fail_memory(err);
  turned->eval = order_find(row->turned)->i64_f64;
  ret_call->data = turned;
  ret_call->eval = eval_turned;
  return VS_OK;
}

static vs_status bind_decimals(const struct order_row *row, struct vs_binding *binding, struct vs_call_bound *ret_call,
                               struct vs_error *err) {
  struct vs_type a = vs_bind_decimal(binding, 0), b = vs_bind_decimal(binding, 1), common;
  int whole = VS_MAX(a.precision - a.scale, b.precision - b.scale);
  if (whole + VS_MAX(a.scale, b.scale) <= VS_DECIMAL_MAX && vs_type_common(a, b, &common)) {
    binding->arguments[0] = binding->arguments[1] = common;
    ret_call->eval = eval_of(row, common);
    return VS_OK;
  }
  struct decimal_scales *scales = VS_ARENA_NEW(binding->arena, struct decimal_scales);
  if (!scales) return vs_fail_memory(err);
  *scales = (struct decimal_scales){a.scale, b.scale};
  ret_call->data = scales;
  ret_call->eval = row->scaled;
  binding->arguments[0] = vs_decimal_widen(a);
  binding->arguments[1] = vs_decimal_widen(b);
  return VS_OK;
}

/* What a text is read as beside `other`; false when it is compared as a text. */
static bool text_becomes(struct vs_type other, struct vs_type *ret_type) {
  switch (other.id) {
  case VS_TYPE_DATE:
  case VS_TYPE_TIMESTAMP:
  case VS_TYPE_TIMESTAMP_MS: *ret_type = VS_TYPE(TIMESTAMP); return true;
  case VS_TYPE_TIME:
  case VS_TYPE_INTERVAL:
  case VS_TYPE_FLOAT: *ret_type = other; return true;
  case VS_TYPE_INTEGER: *ret_type = vs_type_decimal(38, 18); return true;
  case VS_TYPE_DECIMAL: *ret_type = vs_type_decimal(38, VS_MAX(other.scale, 18)); return true;
  default: return false;
  }
}

static void read_texts(struct vs_type *types) {
  struct vs_type becomes;
  for (int side = 0; side < 2; side++)
    if (types[side].id == VS_TYPE_STRING && text_becomes(types[1 - side], &becomes))
      types[side] = becomes;
    else if (types[side].id == VS_TYPE_NULL)
      types[side] = types[1 - side];
}

static vs_status bind_order(const struct order_row *row, const struct vs_scalar *self, struct vs_binding *binding,
                            struct vs_call_bound *ret_call, struct vs_error *err) {
  struct vs_type *types = binding->arguments, common;
  struct vs_type written[2] = {types[0], types[1]};
  ret_call->result = VS_TYPE(BOOLEAN);
  read_texts(types);
  if (bind_millis(row, types, ret_call)) return VS_OK;
  bool numeric = vs_type_is_numeric(types[0]) && vs_type_is_numeric(types[1]);
  if (numeric && types[0].id != types[1].id && (types[0].id == VS_TYPE_FLOAT || types[1].id == VS_TYPE_FLOAT) &&
      types[0].id != VS_TYPE_DECIMAL && types[1].id != VS_TYPE_DECIMAL)
    return bind_integer_float(row, binding, ret_call, err);
  if (!vs_type_common(types[0], types[1], &common)) {
    types[0] = written[0], types[1] = written[1];
    return vs_bind_refuse(self->name, self->signature, binding, err);
  }
  if (common.id == VS_TYPE_DECIMAL) return bind_decimals(row, binding, ret_call, err);
  types[0] = types[1] = common;
  ret_call->eval = eval_of(row, common);
  return VS_OK;
}

static vs_status bind_comparison(const struct vs_scalar *self, struct vs_binding *binding,
                                 struct vs_call_bound *ret_call, struct vs_error *err) {
  return bind_order(order_find(self->name), self, binding, ret_call, err);
}

/* IS [NOT] DISTINCT FROM: the comparison over all rows, then the NULLs put right. */
struct null_safe {
  struct vs_call_bound inner;
  bool wants_distinct;
};
static vs_status eval_null_safe(struct vs_eval *eval, const struct vs_call_bound *call,
                                const struct vs_vector *arguments, uint32_t row_count, struct vs_vector *ret,
                                struct vs_error *err) {
  const struct null_safe *data = call->data;
  VS_TRY(data->inner.eval(eval, &data->inner, arguments, row_count, ret, err));
  uint8_t *r = ret->data;
  for (uint32_t i = 0; i < row_count; i++) {
    bool left = vs_vector_is_null(&arguments[0], i), right = vs_vector_is_null(&arguments[1], i);
    if (left || right) r[i] = (left != right) == data->wants_distinct;
  }
  return VS_OK;
}

static vs_status bind_null_safe(const struct vs_scalar *self, struct vs_binding *binding,
                                struct vs_call_bound *ret_call, struct vs_error *err) {
  struct null_safe *data = VS_ARENA_NEW(binding->arena, struct null_safe);
  if (!data) return vs_fail_memory(err);
  data->wants_distinct = strcmp(self->name, "IS DISTINCT FROM") == 0;
  data->inner = *ret_call;
  VS_TRY(bind_order(order_find(data->wants_distinct ? "<>" : "="), self, binding, &data->inner, err));
  ret_call->result = VS_TYPE(BOOLEAN);
  ret_call->eval = eval_null_safe;
  ret_call->data = data;
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"=", "==", "a = b", 2, 2, VS_FN_HIDDEN | VS_FN_DICTIONARY, bind_comparison, "Equal in value; NULL when a side is NULL.", "(1.0 = 1) = TRUE"},
  {"<>", "!=", "a <> b", 2, 2, VS_FN_HIDDEN | VS_FN_DICTIONARY, bind_comparison, "Different in value; NULL when a side is NULL.", "(1 <> 2) = TRUE"},
  {"<", "", "a < b", 2, 2, VS_FN_HIDDEN | VS_FN_DICTIONARY, bind_comparison, "Less.", "(1 < 1.5) = TRUE"},
  {"<=", "", "a <= b", 2, 2, VS_FN_HIDDEN | VS_FN_DICTIONARY, bind_comparison, "Less or equal.", "(1 <= 1.0) = TRUE"},
  {">", "", "a > b", 2, 2, VS_FN_HIDDEN | VS_FN_DICTIONARY, bind_comparison, "Greater.", "('b' > 'a') = TRUE"},
  {">=", "", "a >= b", 2, 2, VS_FN_HIDDEN | VS_FN_DICTIONARY, bind_comparison, "Greater or equal.", "(2 >= 3) = FALSE"},
  {"IS DISTINCT FROM", "", "a IS DISTINCT FROM b", 2, 2, VS_FN_HIDDEN | VS_FN_HANDLES_NULL, bind_null_safe, "Different, where two NULLs are alike.", "(1 IS DISTINCT FROM NULL) = TRUE"},
  {"IS NOT DISTINCT FROM", "", "a IS NOT DISTINCT FROM b", 2, 2, VS_FN_HIDDEN | VS_FN_HANDLES_NULL, bind_null_safe, "Alike, where two NULLs are alike.", "(NULL IS NOT DISTINCT FROM NULL) = TRUE"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_comparison = {"comparison", rows, VS_COUNT_OF(rows)};
