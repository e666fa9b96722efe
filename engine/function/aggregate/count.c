/* SPDX-License-Identifier: Apache-2.0
 * COUNT: rows, or values that are there. */
#include "engine/function/fold.h"

static vs_status count_rows(const struct vs_vector *argument, char *const *groups, size_t offset, uint32_t begin,
                            uint32_t end, int64_t by) {
  for (uint32_t row = begin; row < end; row++)
    if (groups[row] && (!argument || !vs_vector_is_null(argument, row)))
      *(int64_t *)(void *)(groups[row] + offset) += by;
  return VS_OK;
}

static vs_status star_add(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                          size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  (void)run, (void)arguments, (void)err;
  return count_rows(NULL, groups, offset, begin, end, 1);
}
static vs_status star_undo(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                           size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  (void)run, (void)arguments, (void)err;
  return count_rows(NULL, groups, offset, begin, end, -1);
}
static vs_status count_add(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                           size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  (void)run, (void)err;
  return count_rows(&arguments[0], groups, offset, begin, end, 1);
}
static vs_status count_undo(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                            size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  (void)run, (void)err;
  return count_rows(&arguments[0], groups, offset, begin, end, -1);
}

static vs_status count_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  (void)run, (void)err;
  *(int64_t *)(void *)to += *(const int64_t *)(const void *)from;
  return VS_OK;
}

static vs_status count_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                              struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)run, (void)err;
  int64_t *r = ret->data;
  for (uint32_t i = 0; i < count; i++)
    r[ret_begin + i] = *VS_STATE(int64_t, groups[i], offset);
  return VS_OK;
}

static vs_status bind_count(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                            struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls, (void)err;
  bool is_star = binding->argument_count == 0;
  *ret_bound = (struct vs_aggregate_bound){.aggregate = self,
                                           .result = VS_TYPE(INTEGER),
                                           .state_size = sizeof(int64_t),
                                           .add = is_star ? star_add : count_add,
                                           .undo = is_star ? star_undo : count_undo,
                                           .merge = count_merge,
                                           .finish = count_finish,
                                           .span = binding->span};
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"COUNT", "", "(* | x) -> INTEGER", 0, 1, VS_AGG_STAR, VS_MEASURE_ADDITIVE, bind_count, "Rows of the group, or of COUNT(x) those whose x is not NULL.", "COUNT(1, NULL, 3) = 2"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_count = {"count", rows, VS_COUNT_OF(rows)};
