/* SPDX-License-Identifier: Apache-2.0
 * MEDIAN, PERCENTILE_CONT, PERCENTILE_DISC, exact: the group keeps its values. CONT interpolates and is FLOAT; DISC is
 * one of the values and keeps their type, so exact types are kept as 128-bit integers and only FLOAT as doubles. */
#include "engine/function/fold.h"
#include "engine/types/decimal.h"
#include <math.h>
#include <stdlib.h>

struct pile {
  void *values; /* double, or vs_i128 where the percentile is exact */
  uint64_t count, capacity;
};

/* Bound with the call. */
struct percentile {
  double fraction;
  bool is_exact;
  vs_physical physical; /* of the argument and, for DISC, of the result */
};

static const struct percentile *percentile_of(const struct vs_aggregate_run *run) {
  return run->bound->data;
}

static size_t value_size(const struct vs_aggregate_run *run) {
  return percentile_of(run)->is_exact ? sizeof(vs_i128) : sizeof(double);
}

static vs_status pile_reserve(struct vs_aggregate_run *run, struct pile *pile, uint64_t more, struct vs_error *err) {
  if (pile->count + more <= pile->capacity) return VS_OK;
  uint64_t capacity = VS_MAX(VS_MAX(8, 2 * pile->capacity), pile->count + more);
  void *grown = vs_arena_alloc(run->arena, capacity * value_size(run));
  if (!grown) return vs_fail_memory(err);
  if (pile->count) memcpy(grown, pile->values, pile->count * value_size(run));
  pile->values = grown;
  pile->capacity = capacity;
  return VS_OK;
}

static void put_value(struct pile *pile, const struct percentile *percentile, const void *data, uint32_t row) {
  if (!percentile->is_exact)
    ((double *)pile->values)[pile->count++] = ((const double *)data)[row];
  else if (percentile->physical == VS_PHYSICAL_I64)
    ((vs_i128 *)pile->values)[pile->count++] = ((const int64_t *)data)[row];
  else
    ((vs_i128 *)pile->values)[pile->count++] = ((const vs_i128 *)data)[row];
}

static vs_status percentile_add(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                                size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  for (uint32_t row = begin; row < end; row++) {
    if (!groups[row] || vs_vector_is_null(&arguments[0], row)) continue;
    struct pile *pile = (struct pile *)(void *)(groups[row] + offset);
    VS_TRY(pile_reserve(run, pile, 1, err));
    put_value(pile, percentile_of(run), arguments[0].data, vs_vector_index(&arguments[0], row));
  }
  return VS_OK;
}

static vs_status percentile_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  struct pile *pile = (struct pile *)(void *)to;
  const struct pile *other = VS_STATE(struct pile, from, 0);
  if (other->count == 0) return VS_OK;
  VS_TRY(pile_reserve(run, pile, other->count, err));
  memcpy((char *)pile->values + pile->count * value_size(run), other->values, other->count * value_size(run));
  pile->count += other->count;
  return VS_OK;
}

static int by_double(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int by_integer(const void *a, const void *b) {
  vs_i128 x = *(const vs_i128 *)a, y = *(const vs_i128 *)b;
  return (x > y) - (x < y);
}

static double interpolated(const struct pile *pile, double fraction) {
  const double *values = pile->values;
  double position = fraction * (double)(pile->count - 1);
  uint64_t below = (uint64_t)position, above = VS_MIN(below + 1, pile->count - 1);
  return values[below] + (values[above] - values[below]) * (position - (double)below);
}

/* The first value whose share of the rows, itself included, reaches the fraction. */
static uint64_t discrete_index(const struct pile *pile, double fraction) {
  double wanted = ceil(fraction * (double)pile->count);
  return wanted < 1 ? 0 : VS_MIN((uint64_t)wanted, pile->count) - 1;
}

static void finish_cont(const struct pile *pile, const struct percentile *percentile, void *data, uint32_t row) {
  qsort(pile->values, pile->count, sizeof(double), by_double);
  ((double *)data)[row] = interpolated(pile, percentile->fraction);
}

static void finish_disc(const struct pile *pile, const struct percentile *percentile, void *data, uint32_t row) {
  uint64_t index = discrete_index(pile, percentile->fraction);
  bool is_exact = percentile->is_exact;
  qsort(pile->values, pile->count, is_exact ? sizeof(vs_i128) : sizeof(double), is_exact ? by_integer : by_double);
  if (!is_exact)
    ((double *)data)[row] = ((const double *)pile->values)[index];
  else if (percentile->physical == VS_PHYSICAL_I64)
    ((int64_t *)data)[row] = (int64_t)((const vs_i128 *)pile->values)[index];
  else
    ((vs_i128 *)data)[row] = ((const vs_i128 *)pile->values)[index];
}

/* Sorting in place is fine: the order of values means nothing to the state. */
static vs_status finish_each(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                             struct vs_vector *ret, uint32_t ret_begin,
                             void (*finish)(const struct pile *, const struct percentile *, void *, uint32_t)) {
  for (uint32_t i = 0; i < count; i++) {
    const struct pile *pile = VS_STATE(struct pile, groups[i], offset);
    if (pile->count == 0)
      vs_finish_null(ret, ret_begin + i);
    else
      finish(pile, percentile_of(run), ret->data, ret_begin + i);
  }
  return VS_OK;
}

static vs_status cont_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                             struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)err;
  return finish_each(run, groups, offset, count, ret, ret_begin, finish_cont);
}

static vs_status disc_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                             struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)err;
  return finish_each(run, groups, offset, count, ret, ret_begin, finish_disc);
}

/* The fraction is the second argument, or 0.5 for MEDIAN: one constant between 0 and 1. */
static vs_status read_fraction(const struct vs_aggregate *self, const struct vs_binding *binding, double *ret_fraction,
                               struct vs_error *err) {
  *ret_fraction = 0.5;
  if (binding->argument_count < 2) return VS_OK;
  const struct vs_value *value = binding->constants[1];
  double fraction = -1;
  if (value && !value->is_null && value->type.id == VS_TYPE_INTEGER) fraction = (double)value->as.integer;
  if (value && !value->is_null && value->type.id == VS_TYPE_FLOAT) fraction = value->as.real;
  if (value && !value->is_null && value->type.id == VS_TYPE_DECIMAL)
    fraction = vs_decimal_to_double(value->as.decimal, value->type.scale);
  *ret_fraction = fraction;
  if (fraction >= 0 && fraction <= 1) return VS_OK;
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_WRONG_ARGUMENTS, binding->argument_spans[1],
                              "the fraction of %s must be a constant between 0 and 1", self->name),
                      "%s%s", self->name, self->signature);
}

static vs_status bind_percentile(const struct vs_aggregate *self, struct vs_binding *binding, bool is_discrete,
                                 struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  struct percentile *percentile = VS_ARENA_NEW(binding->arena, struct percentile);
  if (!percentile) return vs_fail_memory(err);
  VS_TRY(read_fraction(self, binding, &percentile->fraction, err));
  struct vs_type type = is_discrete ? binding->arguments[0] : VS_TYPE(FLOAT);
  percentile->physical = vs_type_physical(type);
  percentile->is_exact = percentile->physical == VS_PHYSICAL_I64 || percentile->physical == VS_PHYSICAL_I128;
  bool is_ordered = percentile->is_exact || percentile->physical == VS_PHYSICAL_F64;
  if (!is_ordered || (!is_discrete && !vs_converts(binding->arguments[0], VS_TYPE(FLOAT))))
    return vs_bind_refuse(self->name, self->signature, binding, err);
  binding->arguments[0] = type;
  *ret_bound = (struct vs_aggregate_bound){.aggregate = self,
                                           .result = type,
                                           .state_size = sizeof(struct pile),
                                           .add = percentile_add,
                                           .merge = percentile_merge,
                                           .finish = is_discrete ? disc_finish : cont_finish,
                                           .data = percentile,
                                           .span = binding->span};
  return VS_OK;
}

static vs_status bind_cont(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                           struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  return bind_percentile(self, binding, false, ret_bound, err);
}

static vs_status bind_disc(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                           struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  return bind_percentile(self, binding, true, ret_bound, err);
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"MEDIAN", "", "(number) -> FLOAT", 1, 1, 0, VS_MEASURE_RATIO, bind_cont, "The middle value; of an even count the mean of the two in the middle.", "MEDIAN(5, 1, 3, 2) = 2.5"},
  {"PERCENTILE_CONT", "", "(x, p), or (p) WITHIN GROUP (ORDER BY x) -> FLOAT", 2, 2, VS_AGG_WITHIN, VS_MEASURE_RATIO, bind_cont, "The value below which the fraction p of the rows lies, interpolated between two of them.", "PERCENTILE_CONT(10, 20, 40; 0.25) = 15"},
  {"PERCENTILE_DISC", "", "(x, p), or (p) WITHIN GROUP (ORDER BY x) -> type of x", 2, 2, VS_AGG_WITHIN, VS_MEASURE_RATIO, bind_disc, "The first value that at least the fraction p of the rows does not exceed.", "PERCENTILE_DISC(10, 20, 40; 0.5) = 20"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_percentile = {"percentile", rows, VS_COUNT_OF(rows)};
