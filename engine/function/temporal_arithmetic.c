/* SPDX-License-Identifier: Apache-2.0
 * Times plus and minus intervals, differences of times, intervals among themselves. One table row per combination. */
#include "engine/function/temporal.h"
#include "engine/types/time.h"
#include <math.h>

VS_BINARY_LOOP(time_interval, int64_t, struct vs_interval, int64_t)
VS_BINARY_LOOP(interval_time, struct vs_interval, int64_t, int64_t)
VS_BINARY_LOOP(time_time, int64_t, int64_t, struct vs_interval)
VS_BINARY_LOOP(interval_interval, struct vs_interval, struct vs_interval, struct vs_interval)
VS_BINARY_LOOP(interval_f64, struct vs_interval, double, struct vs_interval)
VS_BINARY_LOOP(f64_interval, double, struct vs_interval, struct vs_interval)
VS_UNARY_LOOP(interval_one, struct vs_interval, struct vs_interval)

static inline struct vs_interval negated(struct vs_interval value) {
  return (struct vs_interval){(int64_t)(0 - (uint64_t)value.nanoseconds), (int64_t)(0 - (uint64_t)value.months)};
}
static inline bool is_lowest(struct vs_interval value) {
  return value.nanoseconds == INT64_MIN || value.months == INT64_MIN;
}

static inline uint64_t add_to_us(const void *data, int64_t us, struct vs_interval by, int64_t *r) {
  (void)data;
  *r = 0;
  return VS_FLAG_IF(!vs_timestamp_add(us, by, r));
}
static inline uint64_t subtract_from_us(const void *data, int64_t us, struct vs_interval by, int64_t *r) {
  (void)data;
  *r = 0;
  return VS_FLAG_IF(is_lowest(by) || !vs_timestamp_add(us, negated(by), r));
}
static inline uint64_t add_us(const void *data, struct vs_interval by, int64_t us, int64_t *r) {
  return add_to_us(data, us, by, r);
}

static inline int64_t floor_divide(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}
/* Epoch milliseconds: exact integer arithmetic unless months are involved, which need a calendar. */
static inline uint64_t add_to_ms(const void *data, int64_t ms, struct vs_interval by, int64_t *r) {
  (void)data;
  *r = 0;
  if (by.months == 0) return VS_FLAG_IF(__builtin_add_overflow(ms, floor_divide(by.nanoseconds, 1000000), r));
  int64_t us;
  if (!vs_epoch_to_us(ms, VS_EPOCH_MILLIS, &us) || !vs_timestamp_add(us, by, &us)) return VS_FLAG;
  *r = floor_divide(us, 1000);
  return 0;
}
static inline uint64_t subtract_from_ms(const void *data, int64_t ms, struct vs_interval by, int64_t *r) {
  return is_lowest(by) ? (*r = 0, VS_FLAG) : add_to_ms(data, ms, negated(by), r);
}
static inline uint64_t add_ms(const void *data, struct vs_interval by, int64_t ms, int64_t *r) {
  return add_to_ms(data, ms, by, r);
}

static inline uint64_t difference(const void *data, int64_t a, int64_t b, struct vs_interval *r) {
  (void)data;
  int64_t us, ns = 0;
  bool is_over = __builtin_sub_overflow(a, b, &us) || __builtin_mul_overflow(us, 1000, &ns);
  *r = (struct vs_interval){is_over ? 0 : ns, 0};
  return VS_FLAG_IF(is_over);
}
static inline uint64_t add_intervals(const void *data, struct vs_interval a, struct vs_interval b,
                                     struct vs_interval *r) {
  (void)data;
  bool is_over = __builtin_add_overflow(a.nanoseconds, b.nanoseconds, &r->nanoseconds);
  is_over |= __builtin_add_overflow(a.months, b.months, &r->months);
  return VS_FLAG_IF(is_over);
}
static inline uint64_t subtract_intervals(const void *data, struct vs_interval a, struct vs_interval b,
                                          struct vs_interval *r) {
  (void)data;
  bool is_over = __builtin_sub_overflow(a.nanoseconds, b.nanoseconds, &r->nanoseconds);
  is_over |= __builtin_sub_overflow(a.months, b.months, &r->months);
  return VS_FLAG_IF(is_over);
}
/* Whole factors stay exact; a fraction of a month is spread over 30 days. */
static inline uint64_t scale_interval(const void *data, struct vs_interval a, double factor, struct vs_interval *r) {
  (void)data;
  *r = (struct vs_interval){0, 0};
  if (factor == trunc(factor) && fabs(factor) < 0x1p63) {
    bool is_over = __builtin_mul_overflow(a.nanoseconds, (int64_t)factor, &r->nanoseconds);
    return VS_FLAG_IF(is_over | __builtin_mul_overflow(a.months, (int64_t)factor, &r->months));
  }
  double months = (double)a.months * factor, whole = trunc(months);
  double ns = (double)a.nanoseconds * factor + (months - whole) * 30 * 86400e9;
  if (!(fabs(ns) < 0x1p63 && fabs(whole) < 0x1p63)) return VS_FLAG;
  *r = (struct vs_interval){(int64_t)round(ns), (int64_t)whole};
  return 0;
}
static inline uint64_t scale_by_interval(const void *data, double factor, struct vs_interval a, struct vs_interval *r) {
  return scale_interval(data, a, factor, r);
}
static inline uint64_t divide_interval(const void *data, struct vs_interval a, double divisor, struct vs_interval *r) {
  uint64_t flag = scale_interval(data, a, 1 / (divisor == 0 ? 1 : divisor), r);
  return flag | VS_FLAG_IF(divisor == 0);
}
static inline uint64_t negate_interval(const void *data, struct vs_interval a, struct vs_interval *r) {
  (void)data;
  *r = negated(a);
  return VS_FLAG_IF(is_lowest(a));
}

VS_BINARY_KERNEL(eval_add_to_us, time_interval, add_to_us, vs_report_overflow)
VS_BINARY_KERNEL(eval_subtract_from_us, time_interval, subtract_from_us, vs_report_overflow)
VS_BINARY_KERNEL(eval_add_us, interval_time, add_us, vs_report_overflow)
VS_BINARY_KERNEL(eval_add_to_ms, time_interval, add_to_ms, vs_report_overflow)
VS_BINARY_KERNEL(eval_subtract_from_ms, time_interval, subtract_from_ms, vs_report_overflow)
VS_BINARY_KERNEL(eval_add_ms, interval_time, add_ms, vs_report_overflow)
VS_BINARY_KERNEL(eval_difference, time_time, difference, vs_report_overflow)
VS_BINARY_KERNEL(eval_add_intervals, interval_interval, add_intervals, vs_report_overflow)
VS_BINARY_KERNEL(eval_subtract_intervals, interval_interval, subtract_intervals, vs_report_overflow)
VS_BINARY_KERNEL(eval_scale, interval_f64, scale_interval, vs_report_overflow)
VS_BINARY_KERNEL(eval_scale_by, f64_interval, scale_by_interval, vs_report_overflow)
VS_BINARY_KERNEL(eval_divide, interval_f64, divide_interval, vs_report_division)
VS_UNARY_KERNEL(eval_negate, interval_one, negate_interval, vs_report_overflow)

vs_status vs_eval_negate_interval(struct vs_eval *eval, const struct vs_call_bound *call,
                                  const struct vs_vector *arguments, uint32_t row_count, struct vs_vector *ret,
                                  struct vs_error *err) {
  return eval_negate(eval, call, arguments, row_count, ret, err);
}

/* Classes of argument types: T a calendar time, M epoch milliseconds, I an interval, N a number, '?' a bare NULL. */
static char class_of(struct vs_type type) {
  switch (type.id) {
  case VS_TYPE_TIMESTAMP:
  case VS_TYPE_DATE: return 'T';
  case VS_TYPE_STRING: return 'S';
  case VS_TYPE_TIMESTAMP_MS: return 'M';
  case VS_TYPE_INTEGER: return 'N';
  case VS_TYPE_FLOAT:
  case VS_TYPE_DECIMAL: return 'F';
  case VS_TYPE_INTERVAL: return 'I';
  case VS_TYPE_NULL: return '?';
  default: return ' ';
  }
}

struct combination {
  char op, a, b;
  vs_type_id cast_a, cast_b, result; /* INTEGER or TIMESTAMP_MS operands of milliseconds keep their own type: NULL */
  vs_scalar_eval eval;
};
#define T VS_TYPE_TIMESTAMP
#define I VS_TYPE_INTERVAL
#define F VS_TYPE_FLOAT
#define OWN VS_TYPE_NULL
/* clang-format off */
static const struct combination combinations[] = {
  {'+', 'T', 'I', T, I, T, eval_add_to_us},      {'+', 'I', 'T', I, T, T, eval_add_us},
  {'+', 'S', 'I', T, I, T, eval_add_to_us},      {'+', 'I', 'S', I, T, T, eval_add_us},
  {'+', 'M', 'I', OWN, I, OWN, eval_add_to_ms},  {'+', 'I', 'M', I, OWN, OWN, eval_add_ms},
  {'+', 'N', 'I', OWN, I, OWN, eval_add_to_ms},  {'+', 'I', 'N', I, OWN, OWN, eval_add_ms},
  {'+', 'I', 'I', I, I, I, eval_add_intervals},
  {'-', 'T', 'I', T, I, T, eval_subtract_from_us},     {'-', 'S', 'I', T, I, T, eval_subtract_from_us},
  {'-', 'M', 'I', OWN, I, OWN, eval_subtract_from_ms}, {'-', 'N', 'I', OWN, I, OWN, eval_subtract_from_ms},
  {'-', 'I', 'I', I, I, I, eval_subtract_intervals},
  {'-', 'T', 'T', T, T, I, eval_difference}, {'-', 'T', 'S', T, T, I, eval_difference},
  {'-', 'S', 'T', T, T, I, eval_difference}, {'-', 'T', 'M', T, T, I, eval_difference},
  {'-', 'M', 'T', T, T, I, eval_difference},
  {'*', 'I', 'N', I, F, I, eval_scale}, {'*', 'I', 'F', I, F, I, eval_scale},
  {'*', 'N', 'I', F, I, I, eval_scale_by}, {'*', 'F', 'I', F, I, I, eval_scale_by},
  {'/', 'I', 'N', I, F, I, eval_divide}, {'/', 'I', 'F', I, F, I, eval_divide},
};
/* clang-format on */
#undef T
#undef I
#undef F

bool vs_bind_temporal(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call) {
  char a = class_of(binding->arguments[0]), b = class_of(binding->arguments[1]);
  for (size_t i = 0; i < VS_COUNT_OF(combinations); i++) {
    const struct combination *row = &combinations[i];
    if (row->op != self->name[0] || !((row->a == a || a == '?') && (row->b == b || b == '?')) ||
        (a != 'T' && b != 'T' && a != 'I' && b != 'I'))
      continue;
    struct vs_type own = row->cast_a == OWN ? binding->arguments[0] : binding->arguments[1];
    ret_call->result = row->result == OWN ? own : (struct vs_type){.id = row->result};
    ret_call->eval = row->eval;
    if (row->cast_a != OWN) binding->arguments[0] = (struct vs_type){.id = row->cast_a};
    if (row->cast_b != OWN) binding->arguments[1] = (struct vs_type){.id = row->cast_b};
    return true;
  }
  return false;
}
