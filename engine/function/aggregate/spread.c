/* SPDX-License-Identifier: Apache-2.0
 * Variance and standard deviation: sums of differences, and of their squares, from the group's first value. The
 * differences of INTEGER and DECIMAL are exact, all sums are double-doubles, so prices far from zero with a small
 * spread keep their digits, and neither order nor merging shows. */
#include "engine/function/fold.h"
#include "engine/types/decimal.h"
#include <math.h>
#include <stdio.h>

struct moments {
  struct vs_twin sum, squares;
  union {
    vs_i128 exact;
    double real;
  } base;
  int64_t count;
};
/* What bind knows. */
struct spread {
  bool is_sample, is_root, is_exact;
  uint32_t scale;
};

static inline void twin_add_twin(struct vs_twin *sum, struct vs_twin value) {
  vs_twin_add(sum, value.high);
  vs_twin_add(sum, value.low);
}
static inline struct vs_twin twin_product(struct vs_twin a, struct vs_twin b) {
  double high = a.high * b.high;
  return (struct vs_twin){high, fma(a.high, b.high, -high) + (a.high * b.low + a.low * b.high)};
}
static inline struct vs_twin twin_negated(struct vs_twin a) {
  return (struct vs_twin){-a.high, -a.low};
}
static inline struct vs_twin twin_normal(struct vs_twin a) {
  double high = a.high + a.low;
  return (struct vs_twin){high, (a.high - high) + a.low};
}
static inline struct vs_twin twin_of_i128(vs_i128 value) {
  double high = (double)value;
  return (struct vs_twin){high, (double)(value - (vs_i128)high)};
}
static inline struct vs_twin twin_difference(double a, double b) {
  double high = a - b, part = high - a;
  return (struct vs_twin){high, (a - (high - part)) + (-b - part)};
}

static inline void moments_in(struct moments *state, struct vs_twin difference) {
  twin_add_twin(&state->sum, difference);
  twin_add_twin(&state->squares, twin_product(difference, difference));
  state->count++;
}
static inline void moments_out(struct moments *state, struct vs_twin difference) {
  twin_add_twin(&state->sum, twin_negated(difference));
  twin_add_twin(&state->squares, twin_negated(twin_product(difference, difference)));
  if (--state->count == 0) *state = (struct moments){0};
}

static inline void exact_in(struct moments *state, vs_i128 value, const struct vs_aggregate_run *run) {
  (void)run;
  if (state->count == 0) state->base.exact = value;
  moments_in(state, twin_of_i128(value - state->base.exact));
}
static inline void exact_out(struct moments *state, vs_i128 value, const struct vs_aggregate_run *run) {
  (void)run;
  moments_out(state, twin_of_i128(value - state->base.exact));
}
static inline void float_in(struct moments *state, double value, const struct vs_aggregate_run *run) {
  (void)run;
  if (state->count == 0) state->base.real = value;
  moments_in(state, twin_difference(value, state->base.real));
}
static inline void float_out(struct moments *state, double value, const struct vs_aggregate_run *run) {
  (void)run;
  moments_out(state, twin_difference(value, state->base.real));
}
VS_FOLD(narrow_add, struct moments, int64_t, exact_in)
VS_FOLD(narrow_undo, struct moments, int64_t, exact_out)
VS_FOLD(wide_add, struct moments, vs_i128, exact_in)
VS_FOLD(wide_undo, struct moments, vs_i128, exact_out)
VS_FOLD(float_add, struct moments, double, float_in)
VS_FOLD(float_undo, struct moments, double, float_out)

/* The other side's sums moved to our base: sum + n d, squares + 2 d sum + n d^2. */
static vs_status spread_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  (void)err;
  const struct spread *spread = run->bound->data;
  struct moments *state = (struct moments *)(void *)to;
  const struct moments *other = VS_STATE(struct moments, from, 0);
  if (other->count == 0) return VS_OK;
  if (state->count == 0) {
    *state = *other;
    return VS_OK;
  }
  struct vs_twin shift = spread->is_exact ? twin_of_i128(other->base.exact - state->base.exact)
                                          : twin_difference(other->base.real, state->base.real);
  struct vs_twin times = {(double)other->count, 0}, twice = {2, 0}, sum = twin_normal(other->sum);
  twin_add_twin(&state->sum, other->sum);
  twin_add_twin(&state->sum, twin_product(times, shift));
  twin_add_twin(&state->squares, other->squares);
  twin_add_twin(&state->squares, twin_product(twice, twin_product(shift, sum)));
  twin_add_twin(&state->squares, twin_product(times, twin_product(shift, shift)));
  state->count += other->count;
  return VS_OK;
}

/* (squares - sum^2 / n) / divisor */
static double variance_of(const struct moments *state, int64_t divisor) {
  double count = (double)state->count;
  struct vs_twin sum = twin_normal(state->sum), product = twin_product(sum, sum), left = state->squares;
  double quotient = product.high / count;
  double rest = (fma(-quotient, count, product.high) + product.low) / count;
  twin_add_twin(&left, (struct vs_twin){-quotient, -rest});
  return fmax(vs_twin_value(&left), 0) / (double)divisor;
}

static vs_status spread_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                               struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)err;
  const struct spread *spread = run->bound->data;
  double unit = (double)vs_power_of_ten(spread->scale);
  for (uint32_t i = 0; i < count; i++) {
    const struct moments *state = VS_STATE(struct moments, groups[i], offset);
    int64_t divisor = state->count - spread->is_sample;
    double value = divisor > 0 ? variance_of(state, divisor) : 0;
    value = spread->is_root ? sqrt(value) / unit : value / unit / unit;
    if (divisor <= 0) {
      vs_finish_null(ret, ret_begin + i);
    } else if (!isfinite(value)) {
      vs_finish_null(ret, ret_begin + i);
      vs_eval_fail_row(run->eval, ret_begin + i, VS_CODE_OVERFLOW, run->bound->span, "the spread does not fit FLOAT");
    } else {
      ((double *)ret->data)[ret_begin + i] = value;
    }
  }
  return VS_OK;
}

static vs_status bind_spread(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                             struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  struct vs_type *type = &binding->arguments[0];
  struct spread *spread = VS_ARENA_NEW(binding->arena, struct spread);
  if (!spread) return vs_fail_memory(err);
  if (!vs_type_is_numeric(*type) && type->id != VS_TYPE_NULL)
    return vs_bind_refuse(self->name, self->signature, binding, err);
  if (type->id == VS_TYPE_NULL || type->id == VS_TYPE_TIMESTAMP_MS) *type = VS_TYPE(INTEGER);
  bool is_float = type->id == VS_TYPE_FLOAT, is_wide = vs_type_physical(*type) == VS_PHYSICAL_I128;
  *spread = (struct spread){.is_sample = !strstr(self->name, "_POP"),
                            .is_root = self->name[0] == 'S',
                            .is_exact = !is_float,
                            .scale = type->scale};
  *ret_bound = (struct vs_aggregate_bound){.aggregate = self,
                                           .result = VS_TYPE(FLOAT),
                                           .state_size = sizeof(struct moments),
                                           .add = is_float  ? float_add
                                                  : is_wide ? wide_add
                                                            : narrow_add,
                                           .undo = is_float  ? float_undo
                                                   : is_wide ? wide_undo
                                                             : narrow_undo,
                                           .merge = spread_merge,
                                           .finish = spread_finish,
                                           .data = spread,
                                           .span = binding->span};
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"STDDEV", "STDDEV_SAMP", "(number) -> FLOAT", 1, 1, 0, VS_MEASURE_RATIO, bind_spread, "The standard deviation of a sample; NULL for fewer than two values.", "STDDEV(1, 2, 3) = 1"},
  {"STDDEV_POP", "", "(number) -> FLOAT", 1, 1, 0, VS_MEASURE_RATIO, bind_spread, "The standard deviation of a whole population.", "STDDEV_POP(1, 3) = 1"},
  {"VARIANCE", "VAR_SAMP", "(number) -> FLOAT", 1, 1, 0, VS_MEASURE_RATIO, bind_spread, "The variance of a sample; NULL for fewer than two values.", "VARIANCE(1, 3) = 2"},
  {"VAR_POP", "", "(number) -> FLOAT", 1, 1, 0, VS_MEASURE_RATIO, bind_spread, "The variance of a whole population.", "VAR_POP(1, 3) = 1"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_spread = {"spread", rows, VS_COUNT_OF(rows)};
