/* SPDX-License-Identifier: Apache-2.0
 * MEDIAN, exact: the group keeps its values. */
#include "engine/function/fold.h"
#include <stdlib.h>

struct pile {
  double *values;
  uint64_t count, capacity;
};

static vs_status pile_reserve(struct vs_aggregate_run *run, struct pile *pile, uint64_t more, struct vs_error *err) {
  if (pile->count + more <= pile->capacity) return VS_OK;
  uint64_t capacity = VS_MAX(VS_MAX(8, 2 * pile->capacity), pile->count + more);
  double *grown = vs_arena_alloc(run->arena, capacity * sizeof *grown);
  if (!grown) return vs_fail_memory(err);
  if (pile->count) memcpy(grown, pile->values, pile->count * sizeof *grown);
  pile->values = grown;
  pile->capacity = capacity;
  return VS_OK;
}

static vs_status median_add(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                            size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  const double *values = arguments[0].data;
  for (uint32_t row = begin; row < end; row++) {
    if (!groups[row] || vs_vector_is_null(&arguments[0], row)) continue;
    struct pile *pile = (struct pile *)(void *)(groups[row] + offset);
    VS_TRY(pile_reserve(run, pile, 1, err));
    pile->values[pile->count++] = values[vs_vector_index(&arguments[0], row)];
  }
  return VS_OK;
}

static vs_status median_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  struct pile *pile = (struct pile *)(void *)to;
  const struct pile *other = VS_STATE(struct pile, from, 0);
  if (other->count == 0) return VS_OK;
  VS_TRY(pile_reserve(run, pile, other->count, err));
  memcpy(pile->values + pile->count, other->values, other->count * sizeof *other->values);
  pile->count += other->count;
  return VS_OK;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorting in place is fine: the order of values means nothing to the state. */
static double middle_of(const struct pile *pile) {
  qsort(pile->values, pile->count, sizeof *pile->values, by_value);
  double upper = pile->values[pile->count / 2];
  if (pile->count % 2) return upper;
  double lower = pile->values[pile->count / 2 - 1];
  return lower + (upper - lower) / 2;
}

static vs_status median_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                               struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)run, (void)err;
  for (uint32_t i = 0; i < count; i++) {
    const struct pile *pile = VS_STATE(struct pile, groups[i], offset);
    if (pile->count == 0)
      vs_finish_null(ret, ret_begin + i);
    else
      ((double *)ret->data)[ret_begin + i] = middle_of(pile);
  }
  return VS_OK;
}

static vs_status bind_median(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                             struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  if (!vs_converts(binding->arguments[0], VS_TYPE(FLOAT)))
    return vs_bind_refuse(self->name, self->signature, binding, err);
  binding->arguments[0] = VS_TYPE(FLOAT);
  *ret_bound = (struct vs_aggregate_bound){.aggregate = self,
                                           .result = VS_TYPE(FLOAT),
                                           .state_size = sizeof(struct pile),
                                           .add = median_add,
                                           .merge = median_merge,
                                           .finish = median_finish,
                                           .span = binding->span};
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"MEDIAN", "", "(x) -> FLOAT", 1, 1, 0, VS_MEASURE_RATIO, bind_median, "The middle value; of an even count the mean of the two in the middle.", "MEDIAN(5, 1, 3, 2) = 2.5"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_median = {"median", rows, VS_COUNT_OF(rows)};
