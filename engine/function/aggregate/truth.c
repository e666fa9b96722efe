/* SPDX-License-Identifier: Apache-2.0
 * BOOL_AND and BOOL_OR: both follow from how many values are TRUE and how many FALSE. */
#include "engine/function/fold.h"

struct votes {
  int64_t for_count, against_count;
};
static inline void vote_in(struct votes *votes, uint8_t value, const struct vs_aggregate_run *run) {
  (void)run;
  votes->for_count += value;
  votes->against_count += !value;
}
static inline void vote_out(struct votes *votes, uint8_t value, const struct vs_aggregate_run *run) {
  (void)run;
  votes->for_count -= value;
  votes->against_count -= !value;
}
VS_FOLD(votes_add, struct votes, uint8_t, vote_in)
VS_FOLD(votes_undo, struct votes, uint8_t, vote_out)

static vs_status votes_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  (void)run, (void)err;
  struct votes *votes = (struct votes *)(void *)to;
  votes->for_count += VS_STATE(struct votes, from, 0)->for_count;
  votes->against_count += VS_STATE(struct votes, from, 0)->against_count;
  return VS_OK;
}

static void votes_write(char *const *groups, size_t offset, uint32_t count, bool wants_all, struct vs_vector *ret,
                        uint32_t ret_begin) {
  for (uint32_t i = 0; i < count; i++) {
    const struct votes *votes = VS_STATE(struct votes, groups[i], offset);
    if (votes->for_count + votes->against_count == 0)
      vs_finish_null(ret, ret_begin + i);
    else
      ((uint8_t *)ret->data)[ret_begin + i] = wants_all ? votes->against_count == 0 : votes->for_count > 0;
  }
}
static vs_status all_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                            struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)run, (void)err;
  votes_write(groups, offset, count, true, ret, ret_begin);
  return VS_OK;
}
static vs_status any_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                            struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)run, (void)err;
  votes_write(groups, offset, count, false, ret, ret_begin);
  return VS_OK;
}

static vs_status bind_truth(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                            struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  vs_type_id id = binding->arguments[0].id;
  if (id != VS_TYPE_BOOLEAN && id != VS_TYPE_NULL) return vs_bind_refuse(self->name, self->signature, binding, err);
  binding->arguments[0] = VS_TYPE(BOOLEAN);
  bool wants_all = strcmp(self->name, "BOOL_AND") == 0;
  *ret_bound = (struct vs_aggregate_bound){.aggregate = self,
                                           .result = VS_TYPE(BOOLEAN),
                                           .state_size = sizeof(struct votes),
                                           .add = votes_add,
                                           .undo = votes_undo,
                                           .merge = votes_merge,
                                           .finish = wants_all ? all_finish : any_finish,
                                           .span = binding->span};
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"BOOL_AND", "EVERY", "(condition) -> BOOLEAN", 1, 1, VS_AGG_IGNORES_DISTINCT, VS_MEASURE_RAW, bind_truth, "Whether every value that is not NULL is TRUE.", "BOOL_AND(TRUE, FALSE) = FALSE"},
  {"BOOL_OR", "SOME", "(condition) -> BOOLEAN", 1, 1, VS_AGG_IGNORES_DISTINCT, VS_MEASURE_RAW, bind_truth, "Whether a value is TRUE.", "BOOL_OR(TRUE, FALSE) = TRUE"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_truth = {"truth", rows, VS_COUNT_OF(rows)};
