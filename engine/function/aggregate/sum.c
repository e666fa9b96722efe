/* SPDX-License-Identifier: Apache-2.0
 * SUM and AVG. INTEGER and narrow DECIMAL add up in 128 bits, wide DECIMAL in 192, FLOAT as double-double, so the
 * order of rows, batch size and merging do not show. */
#include "engine/function/fold.h"
#include "engine/types/decimal.h"
#include <math.h>
#include <stdio.h>

struct exact_sum {
  struct vs_wide_sum sum;
  int64_t count;
};
struct float_sum {
  struct vs_twin sum;
  int64_t count;
};

static inline void exact_in(struct exact_sum *state, vs_i128 value, const struct vs_aggregate_run *run) {
  (void)run;
  vs_wide_add(&state->sum, value);
  state->count++;
}
static inline void exact_out(struct exact_sum *state, vs_i128 value, const struct vs_aggregate_run *run) {
  (void)run;
  vs_wide_subtract(&state->sum, value);
  state->count--;
}
static inline void float_in(struct float_sum *state, double value, const struct vs_aggregate_run *run) {
  (void)run;
  vs_twin_add(&state->sum, value);
  state->count++;
}
/* An emptied group starts over, so that no rounding is left behind. */
static inline void float_out(struct float_sum *state, double value, const struct vs_aggregate_run *run) {
  (void)run;
  vs_twin_add(&state->sum, -value);
  if (--state->count == 0) state->sum = (struct vs_twin){0, 0};
}
VS_FOLD(narrow_add, struct exact_sum, int64_t, exact_in)
VS_FOLD(narrow_undo, struct exact_sum, int64_t, exact_out)
VS_FOLD(wide_add, struct exact_sum, vs_i128, exact_in)
VS_FOLD(wide_undo, struct exact_sum, vs_i128, exact_out)
VS_FOLD(float_add, struct float_sum, double, float_in)
VS_FOLD(float_undo, struct float_sum, double, float_out)

static vs_status exact_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  (void)run, (void)err;
  struct exact_sum *state = (struct exact_sum *)(void *)to;
  const struct exact_sum *other = VS_STATE(struct exact_sum, from, 0);
  state->sum.high += other->sum.high + __builtin_add_overflow(state->sum.low, other->sum.low, &state->sum.low);
  state->count += other->count;
  return VS_OK;
}
static vs_status float_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  (void)run, (void)err;
  struct float_sum *state = (struct float_sum *)(void *)to;
  vs_twin_merge(&state->sum, &VS_STATE(struct float_sum, from, 0)->sum);
  state->count += VS_STATE(struct float_sum, from, 0)->count;
  return VS_OK;
}

static void fail_overflow(struct vs_aggregate_run *run, struct vs_vector *ret, uint32_t row) {
  char type[32], message[160];
  vs_finish_null(ret, row);
  snprintf(message, sizeof message, "%s does not fit %s%s", run->bound->aggregate->name, vs_type_print(ret->type, type),
           ret->type.id == VS_TYPE_INTEGER ? "; write SUM(CAST(x AS DECIMAL(38,0)))" : "");
  vs_eval_fail_row(run->eval, row, VS_CODE_OVERFLOW, run->bound->span, message);
}

static vs_status sum_finish_integer(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                                    struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)err;
  for (uint32_t i = 0; i < count; i++) {
    const struct exact_sum *state = VS_STATE(struct exact_sum, groups[i], offset);
    vs_i128 value;
    if (state->count == 0)
      vs_finish_null(ret, ret_begin + i);
    else if (!vs_wide_value(&state->sum, &value) || value != (int64_t)value)
      fail_overflow(run, ret, ret_begin + i);
    else
      ((int64_t *)ret->data)[ret_begin + i] = (int64_t)value;
  }
  return VS_OK;
}

static vs_status sum_finish_decimal(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                                    struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)err;
  for (uint32_t i = 0; i < count; i++) {
    const struct exact_sum *state = VS_STATE(struct exact_sum, groups[i], offset);
    vs_i128 value;
    if (state->count == 0)
      vs_finish_null(ret, ret_begin + i);
    else if (!vs_wide_value(&state->sum, &value) || !vs_decimal_fits(value, VS_DECIMAL_MAX))
      fail_overflow(run, ret, ret_begin + i);
    else
      ((vs_i128 *)ret->data)[ret_begin + i] = value;
  }
  return VS_OK;
}

static void finish_float(struct vs_aggregate_run *run, struct vs_vector *ret, uint32_t row, int64_t count,
                         double value) {
  if (count == 0)
    vs_finish_null(ret, row);
  else if (!isfinite(value))
    fail_overflow(run, ret, row);
  else
    ((double *)ret->data)[row] = value;
}

static vs_status sum_finish_float(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                                  struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)err;
  for (uint32_t i = 0; i < count; i++) {
    const struct float_sum *state = VS_STATE(struct float_sum, groups[i], offset);
    finish_float(run, ret, ret_begin + i, state->count, vs_twin_value(&state->sum));
  }
  return VS_OK;
}

static vs_status average_finish_integer(struct vs_aggregate_run *run, char *const *groups, size_t offset,
                                        uint32_t count, struct vs_vector *ret, uint32_t ret_begin,
                                        struct vs_error *err) {
  (void)err;
  for (uint32_t i = 0; i < count; i++) {
    const struct exact_sum *state = VS_STATE(struct exact_sum, groups[i], offset);
    vs_i128 sum; /* of 64-bit values: always within 128 bits */
    (void)vs_wide_value(&state->sum, &sum);
    double value = (double)((long double)sum / (long double)VS_MAX(state->count, 1));
    finish_float(run, ret, ret_begin + i, state->count, value);
  }
  return VS_OK;
}

static vs_status average_finish_float(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                                      struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)err;
  for (uint32_t i = 0; i < count; i++) {
    const struct float_sum *state = VS_STATE(struct float_sum, groups[i], offset);
    double value = vs_twin_value(&state->sum) / (double)VS_MAX(state->count, 1);
    finish_float(run, ret, ret_begin + i, state->count, value);
  }
  return VS_OK;
}

struct average { /* DECIMAL only */
  uint32_t scale;
};
static vs_status average_finish_decimal(struct vs_aggregate_run *run, char *const *groups, size_t offset,
                                        uint32_t count, struct vs_vector *ret, uint32_t ret_begin,
                                        struct vs_error *err) {
  (void)err;
  const struct average *average = run->bound->data;
  for (uint32_t i = 0; i < count; i++) {
    const struct exact_sum *state = VS_STATE(struct exact_sum, groups[i], offset);
    vs_i128 sum, value;
    if (state->count == 0)
      vs_finish_null(ret, ret_begin + i);
    else if (!vs_wide_value(&state->sum, &sum) ||
             !vs_decimal_divide(sum, average->scale, state->count, 0, ret->type.scale, &value))
      fail_overflow(run, ret, ret_begin + i);
    else
      ((vs_i128 *)ret->data)[ret_begin + i] = value;
  }
  return VS_OK;
}

static void bind_state(const struct vs_aggregate *self, struct vs_binding *binding,
                       struct vs_aggregate_bound *ret_bound) {
  struct vs_aggregate_bound bound = {.aggregate = self, .span = binding->span};
  struct vs_type *type = &binding->arguments[0];
  if (type->id == VS_TYPE_TIMESTAMP_MS || type->id == VS_TYPE_NULL) *type = VS_TYPE(INTEGER);
  if (type->id == VS_TYPE_FLOAT) {
    bound.state_size = sizeof(struct float_sum);
    bound.add = float_add, bound.undo = float_undo, bound.merge = float_merge;
  } else {
    bool is_wide = vs_type_physical(*type) == VS_PHYSICAL_I128;
    bound.state_size = sizeof(struct exact_sum);
    bound.add = is_wide ? wide_add : narrow_add, bound.undo = is_wide ? wide_undo : narrow_undo;
    bound.merge = exact_merge;
  }
  *ret_bound = bound;
}

static vs_status refuse_text(const struct vs_aggregate *self, struct vs_binding *binding, struct vs_error *err) {
  if (vs_type_is_numeric(binding->arguments[0]) || binding->arguments[0].id == VS_TYPE_NULL) return VS_OK;
  return vs_bind_refuse(self->name, self->signature, binding, err);
}

static vs_status bind_sum(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                          struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  VS_TRY(refuse_text(self, binding, err));
  bind_state(self, binding, ret_bound);
  struct vs_type type = binding->arguments[0];
  ret_bound->result = type.id == VS_TYPE_DECIMAL ? vs_type_decimal(VS_DECIMAL_MAX, type.scale) : type;
  ret_bound->finish = type.id == VS_TYPE_DECIMAL ? sum_finish_decimal
                      : type.id == VS_TYPE_FLOAT ? sum_finish_float
                                                 : sum_finish_integer;
  return VS_OK;
}

static vs_status bind_average(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                              struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  VS_TRY(refuse_text(self, binding, err));
  bind_state(self, binding, ret_bound);
  struct vs_type type = binding->arguments[0];
  ret_bound->result = VS_TYPE(FLOAT);
  ret_bound->finish = type.id == VS_TYPE_FLOAT ? average_finish_float : average_finish_integer;
  if (type.id != VS_TYPE_DECIMAL) return VS_OK;
  struct average *average = VS_ARENA_NEW(binding->arena, struct average);
  if (!average) return vs_fail_memory(err);
  average->scale = type.scale;
  ret_bound->data = average;
  ret_bound->finish = average_finish_decimal;
  if (!vs_decimal_result(VS_DECIMAL_DIVIDE, type, vs_type_decimal(1, 0), &ret_bound->result))
    return vs_bind_refuse(self->name, self->signature, binding, err);
  ret_bound->result = vs_decimal_widen(ret_bound->result);
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"SUM", "", "(number) -> the number's type", 1, 1, 0, VS_MEASURE_ADDITIVE, bind_sum, "The sum; decimals are added exactly, FLOAT with compensation, and an INTEGER sum beyond 64 bits fails its row.", "SUM(1.50, 2, NULL) = 3.5"},
  {"AVG", "", "(number) -> FLOAT, or DECIMAL of a DECIMAL", 1, 1, 0, VS_MEASURE_RATIO, bind_average, "The mean of the values that are there.", "AVG(1, 2) = 1.5"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_sum = {"sum", rows, VS_COUNT_OF(rows)};
