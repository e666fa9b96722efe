/* SPDX-License-Identifier: Apache-2.0
 * Inside this room: dense loops over vectors and constants.
 *
 * An operator is a static inline function that computes one value and returns a flag word; a loop ORs the flags of a
 * batch and looks at the top bit once. Only a flagged batch is walked again, row by row, to find the rows that count
 * (not NULL, active) and hand each to a report: a row error, or NULL and a counter. Loops are made per type triple by
 * VS_BINARY_LOOP and VS_UNARY_LOOP, kernels are rows of VS_BINARY_KERNEL and VS_UNARY_KERNEL. */
#ifndef VS_FUNCTION_KERNEL_H
#define VS_FUNCTION_KERNEL_H

#include "engine/function/function.h"

#define VS_FLAG ((uint64_t)1 << 63)
#define VS_FLAG_IF(condition) ((uint64_t)(condition) << 63)

/* What a report sees of a flagged batch. */
struct vs_flagged {
  struct vs_eval *eval;
  const struct vs_call_bound *call;
  const struct vs_vector *arguments;
  uint32_t argument_count, row_count;
  struct vs_vector *ret;
  struct vs_error *err;
};
typedef vs_status (*vs_flag_report)(const struct vs_flagged *flagged, uint32_t row);

/* The row is neither NULL nor masked by CASE. */
static inline bool vs_row_counts(const struct vs_eval *eval, const struct vs_vector *ret, uint32_t row) {
  return (!eval->active || vs_bit_get(eval->active, row)) && !vs_vector_is_null(ret, row);
}
vs_status vs_report_overflow(const struct vs_flagged *flagged, uint32_t row); /* VELO-3006 with the operands */
/* A value as a message shows it, cut to `capacity`. */
void vs_print_operand(const struct vs_flagged *flagged, uint32_t argument, uint32_t row, char *text, size_t capacity);
vs_status vs_report_division(const struct vs_flagged *flagged,
                             uint32_t row); /* zero divisor in argument 1, else overflow */
vs_status vs_report_domain(const struct vs_flagged *flagged, uint32_t row); /* NULL and a counter */
vs_status vs_row_to_null(const struct vs_flagged *flagged, uint32_t row);

#define VS_UNUSED __attribute__((unused))

#define VS_BINARY_LOOP(loop, A, B, R)                                                                                  \
  typedef uint64_t (*loop##_operator)(const void *, A, B, R *);                                                        \
  VS_UNUSED VS_INLINE uint64_t loop##_run(loop##_operator op, const void *data, const struct vs_vector *arguments,     \
                                          uint32_t row_count, struct vs_vector *ret) {                                 \
    const A *restrict a = arguments[0].data;                                                                           \
    const B *restrict b = arguments[1].data;                                                                           \
    R *restrict r = ret->data;                                                                                         \
    uint64_t flag = 0;                                                                                                 \
    if (arguments[0].encoding == VS_VECTOR_CONSTANT) {                                                                 \
      const A left = a[0];                                                                                             \
      for (uint32_t i = 0; i < row_count; i++)                                                                         \
        flag |= op(data, left, b[i], &r[i]);                                                                           \
    } else if (arguments[1].encoding == VS_VECTOR_CONSTANT) {                                                          \
      const B right = b[0];                                                                                            \
      for (uint32_t i = 0; i < row_count; i++)                                                                         \
        flag |= op(data, a[i], right, &r[i]);                                                                          \
    } else {                                                                                                           \
      for (uint32_t i = 0; i < row_count; i++)                                                                         \
        flag |= op(data, a[i], b[i], &r[i]);                                                                           \
    }                                                                                                                  \
    return flag;                                                                                                       \
  }                                                                                                                    \
  VS_UNUSED static vs_status loop##_flagged(loop##_operator op, const void *data, const struct vs_flagged *flagged,    \
                                            vs_flag_report report) {                                                   \
    const A *a = flagged->arguments[0].data;                                                                           \
    const B *b = flagged->arguments[1].data;                                                                           \
    R ignored;                                                                                                         \
    for (uint32_t i = 0; i < flagged->row_count; i++) {                                                                \
      uint32_t left = vs_vector_index(&flagged->arguments[0], i), right = vs_vector_index(&flagged->arguments[1], i);  \
      if ((int64_t)op(data, a[left], b[right], &ignored) < 0 && vs_row_counts(flagged->eval, flagged->ret, i))         \
        VS_TRY(report(flagged, i));                                                                                    \
    }                                                                                                                  \
    return VS_OK;                                                                                                      \
  }

#define VS_UNARY_LOOP(loop, A, R)                                                                                      \
  typedef uint64_t (*loop##_operator)(const void *, A, R *);                                                           \
  VS_UNUSED VS_INLINE uint64_t loop##_run(loop##_operator op, const void *data, const struct vs_vector *arguments,     \
                                          uint32_t row_count, struct vs_vector *ret) {                                 \
    const A *restrict a = arguments[0].data;                                                                           \
    R *restrict r = ret->data;                                                                                         \
    uint64_t flag = 0;                                                                                                 \
    for (uint32_t i = 0; i < row_count; i++)                                                                           \
      flag |= op(data, a[i], &r[i]);                                                                                   \
    return flag;                                                                                                       \
  }                                                                                                                    \
  VS_UNUSED static vs_status loop##_flagged(loop##_operator op, const void *data, const struct vs_flagged *flagged,    \
                                            vs_flag_report report) {                                                   \
    const A *a = flagged->arguments[0].data;                                                                           \
    R ignored;                                                                                                         \
    for (uint32_t i = 0; i < flagged->row_count; i++)                                                                  \
      if ((int64_t)op(data, a[i], &ignored) < 0 && vs_row_counts(flagged->eval, flagged->ret, i))                      \
        VS_TRY(report(flagged, i));                                                                                    \
    return VS_OK;                                                                                                      \
  }

#define VS_KERNEL(name, loop, op, count, report)                                                                       \
  static vs_status name(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,     \
                        uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {                             \
    if ((int64_t)loop##_run(op, call->data, arguments, row_count, ret) >= 0) return VS_OK;                             \
    struct vs_flagged flagged = {eval, call, arguments, count, row_count, ret, err};                                   \
    return loop##_flagged(op, call->data, &flagged, report);                                                           \
  }
#define VS_BINARY_KERNEL(name, loop, op, report) VS_KERNEL(name, loop, op, 2, report)
#define VS_UNARY_KERNEL(name, loop, op, report) VS_KERNEL(name, loop, op, 1, report)

/* Bytes of strings made in one batch: blocks from the batch arena, one bump per row. */
struct vs_bytes {
  struct vs_arena *arena;
  char *at, *end;
};
/* Room for `size` bytes at bytes->at; NULL when the arena is full. */
char *vs_bytes_reserve(struct vs_bytes *bytes, size_t size) VS_NODISCARD;
/* Turns the first `size` reserved bytes into a string; short ones cost no room. */
struct vs_string vs_bytes_take(struct vs_bytes *bytes, size_t size);

/* Reads of arguments in kernels that go row by row. */
static inline struct vs_str vs_argument_str(const struct vs_vector *argument, uint32_t row) {
  return vs_string_view(&((const struct vs_string *)argument->data)[vs_vector_index(argument, row)]);
}
static inline int64_t vs_argument_i64(const struct vs_vector *argument, uint32_t row) {
  return ((const int64_t *)argument->data)[vs_vector_index(argument, row)];
}

static inline size_t vs_bitmap_bytes(uint32_t row_count) {
  return (VS_MAX(row_count, 1) + 63) / 64 * sizeof(uint64_t);
}

/* Kernels that go row by row: texts, patterns, calendars. Rows that do not count are zeroed and skipped. */
struct vs_rows {
  struct vs_eval *eval;
  const struct vs_call_bound *call;
  const struct vs_vector *arguments;
  uint32_t row_count;
  struct vs_vector *ret;
  struct vs_error *err;
  struct vs_bytes bytes;
  struct vs_text text; /* scratch */
};
typedef vs_status (*vs_row_operator)(struct vs_rows *rows, uint32_t row);
vs_status vs_each_row(vs_row_operator op, struct vs_eval *eval, const struct vs_call_bound *call,
                      const struct vs_vector *arguments, uint32_t row_count, struct vs_vector *ret,
                      struct vs_error *err);
#define VS_ROW_KERNEL(name, op)                                                                                        \
  static vs_status name(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,     \
                        uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {                             \
    return vs_each_row(op, eval, call, arguments, row_count, ret, err);                                                \
  }
static inline struct vs_str vs_rows_str(const struct vs_rows *rows, uint32_t argument, uint32_t row) {
  return vs_argument_str(&rows->arguments[argument], row);
}
static inline int64_t vs_rows_i64(const struct vs_rows *rows, uint32_t argument, uint32_t row) {
  return vs_argument_i64(&rows->arguments[argument], row);
}
static inline void vs_rows_put_i64(struct vs_rows *rows, uint32_t row, int64_t value) {
  ((int64_t *)rows->ret->data)[row] = value;
}
/* A slice of an argument: bytes are shared, since they live as long as the batch. */
static inline void vs_rows_put_slice(struct vs_rows *rows, uint32_t row, struct vs_str slice) {
  ((struct vs_string *)rows->ret->data)[row] = vs_string_of(slice.data, slice.size);
}
/* The scratch text as the row's value; clears it. */
vs_status vs_rows_put_text(struct vs_rows *rows, uint32_t row) VS_NODISCARD;
vs_status vs_rows_null(struct vs_rows *rows, uint32_t row) VS_NODISCARD;
vs_status vs_rows_fail(struct vs_rows *rows, uint32_t row, vs_code code, const char *format, ...) VS_PRINTF(4, 5);

/* The STRING value of a constant argument; false when it is none. */
bool vs_bind_constant_str(const struct vs_binding *binding, uint32_t argument, struct vs_str *ret_text);
/* An argument that stands for an instant: TIMESTAMP, DATE and ISO text become TIMESTAMP; INTEGER and TIMESTAMP_MS are
 * epoch milliseconds and stay. False when it is none. vs_rows_instant reads either as microseconds. */
bool vs_bind_instant(struct vs_binding *binding, uint32_t argument);
bool vs_rows_instant(const struct vs_rows *rows, uint32_t argument, uint32_t row, int64_t *ret_us) VS_NODISCARD;

/* Help for bind functions. */

/* VELO-2006 naming the function, the types given and the signature. */
vs_status vs_bind_refuse(const char *name, const char *signature, const struct vs_binding *binding,
                         struct vs_error *err);
/* Every argument to `type`, by implicit conversion; refused when one of them does not convert. */
vs_status vs_bind_all(const struct vs_scalar *self, struct vs_binding *binding, struct vs_type type,
                      struct vs_error *err);
/* The common type of arguments [first, argument_count); NULL literals count as nothing. False when there is none. */
bool vs_bind_common(const struct vs_binding *binding, uint32_t first, struct vs_type *ret_type);
/* Implicitly convertible (spec/sql.md 5). */
bool vs_converts(struct vs_type from, struct vs_type to);
/* A constant INTEGER counts as a decimal of its own digits, any other one as DECIMAL(19,0). */
struct vs_type vs_bind_decimal(const struct vs_binding *binding, uint32_t argument);
/* Same scale, but stored in 128 bits. */
static inline struct vs_type vs_decimal_widen(struct vs_type type) {
  return vs_type_decimal(VS_MAX(type.precision, VS_DECIMAL_I64_MAX + 1), type.scale);
}

/* -1, 0 or 1; a month counts as 30 days, so that 1 month > 29 days. */
static inline int vs_interval_order(struct vs_interval a, struct vs_interval b) {
  vs_i128 month = (vs_i128)30 * 86400 * 1000000000;
  vs_i128 x = a.nanoseconds + a.months * month, y = b.nanoseconds + b.months * month;
  return (x > y) - (x < y);
}

/* The top bit is set when `value` is infinite or NaN: its exponent is all ones, and one more overflows into the sign.
 */
static inline uint64_t vs_flag_not_finite(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (bits & INT64_MAX) + (UINT64_C(1) << 52);
}

#endif
