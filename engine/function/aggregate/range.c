/* SPDX-License-Identifier: Apache-2.0
 * DELTA: the largest value minus the smallest. */
#include "engine/function/fold.h"
#include "engine/types/decimal.h"
#include <math.h>

struct exact_range {
  vs_i128 least, most;
  bool is_set;
};
struct float_range {
  double least, most;
  bool is_set;
};
#define RANGE_IN(kind, A)                                                                                              \
  static inline void kind##_in(struct kind##_range *range, A value, const struct vs_aggregate_run *run) {              \
    (void)run;                                                                                                         \
    range->least = !range->is_set || value < range->least ? value : range->least;                                      \
    range->most = !range->is_set || value > range->most ? value : range->most;                                         \
    range->is_set = true;                                                                                              \
  }                                                                                                                    \
  static vs_status kind##_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {      \
    (void)err;                                                                                                         \
    const struct kind##_range *other = VS_STATE(struct kind##_range, from, 0);                                         \
    if (other->is_set) {                                                                                               \
      kind##_in((struct kind##_range *)(void *)to, other->least, run);                                                 \
      kind##_in((struct kind##_range *)(void *)to, other->most, run);                                                  \
    }                                                                                                                  \
    return VS_OK;                                                                                                      \
  }
RANGE_IN(exact, vs_i128)
RANGE_IN(float, double)
VS_FOLD(narrow_add, struct exact_range, int64_t, exact_in)
VS_FOLD(wide_add, struct exact_range, vs_i128, exact_in)
VS_FOLD(float_add, struct float_range, double, float_in)

static void fail_overflow(struct vs_aggregate_run *run, struct vs_vector *ret, uint32_t row) {
  vs_finish_null(ret, row);
  vs_eval_fail_row(run->eval, row, VS_CODE_OVERFLOW, run->bound->span, "DELTA does not fit the type of its argument");
}

static vs_status exact_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                              struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)err;
  bool is_wide = vs_type_physical(ret->type) == VS_PHYSICAL_I128;
  for (uint32_t i = 0; i < count; i++) {
    const struct exact_range *range = VS_STATE(struct exact_range, groups[i], offset);
    vs_i128 delta = 0;
    bool is_over = __builtin_sub_overflow(range->most, range->least, &delta);
    is_over = is_over || (is_wide ? !vs_decimal_fits(delta, VS_DECIMAL_MAX) : delta != (int64_t)delta);
    if (!range->is_set)
      vs_finish_null(ret, ret_begin + i);
    else if (is_over)
      fail_overflow(run, ret, ret_begin + i);
    else if (is_wide)
      ((vs_i128 *)ret->data)[ret_begin + i] = delta;
    else
      ((int64_t *)ret->data)[ret_begin + i] = (int64_t)delta;
  }
  return VS_OK;
}

static vs_status float_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                              struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)err;
  for (uint32_t i = 0; i < count; i++) {
    const struct float_range *range = VS_STATE(struct float_range, groups[i], offset);
    double delta = range->most - range->least;
    if (!range->is_set)
      vs_finish_null(ret, ret_begin + i);
    else if (!isfinite(delta))
      fail_overflow(run, ret, ret_begin + i);
    else
      ((double *)ret->data)[ret_begin + i] = delta;
  }
  return VS_OK;
}

static vs_status bind_delta(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                            struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  struct vs_type *type = &binding->arguments[0], result;
  if (!vs_type_is_numeric(*type) && type->id != VS_TYPE_NULL)
    return vs_bind_refuse(self->name, self->signature, binding, err);
  if (type->id == VS_TYPE_NULL || type->id == VS_TYPE_TIMESTAMP_MS) *type = VS_TYPE(INTEGER);
  result = *type;
  if (type->id == VS_TYPE_DECIMAL && !vs_decimal_result(VS_DECIMAL_ADD, *type, *type, &result))
    return vs_bind_refuse(self->name, self->signature, binding, err);
  bool is_float = type->id == VS_TYPE_FLOAT, is_wide = vs_type_physical(*type) == VS_PHYSICAL_I128;
  *ret_bound =
      (struct vs_aggregate_bound){.aggregate = self,
                                  .result = result,
                                  .state_size = is_float ? sizeof(struct float_range) : sizeof(struct exact_range),
                                  .add = is_float  ? float_add
                                         : is_wide ? wide_add
                                                   : narrow_add,
                                  .merge = is_float ? float_merge : exact_merge,
                                  .finish = is_float ? float_finish : exact_finish,
                                  .span = binding->span};
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"DELTA", "", "(x) -> type of x", 1, 1, VS_AGG_IGNORES_DISTINCT, VS_MEASURE_EXTREME, bind_delta, "The largest value minus the smallest.", "DELTA(3, 10, 5) = 7"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_range = {"ranges", rows, VS_COUNT_OF(rows)};
