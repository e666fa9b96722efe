/* SPDX-License-Identifier: Apache-2.0
 * MIN and MAX of everything that has an order. Neither can take a row back: the pane is rebuilt instead. */
#include "engine/function/keep.h"

/* clang-format off */
#define EXTREME(kind, A, is_before) \
  struct kind##_extreme { A value; bool is_set; }; \
  static inline void kind##_min(struct kind##_extreme *state, A value, const struct vs_aggregate_run *run) { \
    (void)run; \
    if (!state->is_set || is_before(value, state->value)) { state->value = value; state->is_set = true; } \
  } \
  static inline void kind##_max(struct kind##_extreme *state, A value, const struct vs_aggregate_run *run) { \
    (void)run; \
    if (!state->is_set || is_before(state->value, value)) { state->value = value; state->is_set = true; } \
  } \
  VS_FOLD(kind##_min_add, struct kind##_extreme, A, kind##_min) \
  VS_FOLD(kind##_max_add, struct kind##_extreme, A, kind##_max) \
  static vs_status kind##_min_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) { \
    (void)err; \
    const struct kind##_extreme *other = VS_STATE(struct kind##_extreme, from, 0); \
    if (other->is_set) kind##_min((struct kind##_extreme *)(void *)to, other->value, run); \
    return VS_OK; \
  } \
  static vs_status kind##_max_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) { \
    (void)err; \
    const struct kind##_extreme *other = VS_STATE(struct kind##_extreme, from, 0); \
    if (other->is_set) kind##_max((struct kind##_extreme *)(void *)to, other->value, run); \
    return VS_OK; \
  } \
  static vs_status kind##_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count, \
                                 struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) { \
    (void)run, (void)err; \
    for (uint32_t i = 0; i < count; i++) { \
      const struct kind##_extreme *state = VS_STATE(struct kind##_extreme, groups[i], offset); \
      if (state->is_set) ((A *)ret->data)[ret_begin + i] = state->value; \
      else vs_finish_null(ret, ret_begin + i); \
    } \
    return VS_OK; \
  }
#define IS_LESS(a, b) ((a) < (b))
#define IS_SHORTER(a, b) (vs_interval_order((a), (b)) < 0)
EXTREME(bool, uint8_t, IS_LESS)
EXTREME(i64, int64_t, IS_LESS)
EXTREME(f64, double, IS_LESS)
EXTREME(i128, vs_i128, IS_LESS)
EXTREME(interval, struct vs_interval, IS_SHORTER)
/* clang-format on */

struct text_extreme {
  struct vs_kept kept;
  bool is_set;
};

static vs_status text_offer(struct vs_aggregate_run *run, struct text_extreme *state, const struct vs_string *value,
                            int wanted, struct vs_error *err) {
  if (state->is_set && vs_string_compare(value, &state->kept.value.string) * wanted <= 0) return VS_OK;
  state->is_set = true;
  return vs_kept_set_string(run, &state->kept, value, err);
}

static vs_status text_fold(struct vs_aggregate_run *run, const struct vs_vector *argument, char *const *groups,
                           size_t offset, uint32_t begin, uint32_t end, int wanted, struct vs_error *err) {
  for (uint32_t row = begin; row < end; row++) {
    if (!groups[row] || vs_vector_is_null(argument, row)) continue;
    struct vs_string value = vs_vector_string(argument, row);
    VS_TRY(text_offer(run, (struct text_extreme *)(void *)(groups[row] + offset), &value, wanted, err));
  }
  return VS_OK;
}
static vs_status text_min_add(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                              size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  return text_fold(run, &arguments[0], groups, offset, begin, end, -1, err);
}
static vs_status text_max_add(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                              size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  return text_fold(run, &arguments[0], groups, offset, begin, end, 1, err);
}
static vs_status text_min_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  const struct text_extreme *other = VS_STATE(struct text_extreme, from, 0);
  return other->is_set ? text_offer(run, (struct text_extreme *)(void *)to, &other->kept.value.string, -1, err) : VS_OK;
}
static vs_status text_max_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  const struct text_extreme *other = VS_STATE(struct text_extreme, from, 0);
  return other->is_set ? text_offer(run, (struct text_extreme *)(void *)to, &other->kept.value.string, 1, err) : VS_OK;
}
static vs_status text_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                             struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  for (uint32_t i = 0; i < count; i++) {
    const struct text_extreme *state = VS_STATE(struct text_extreme, groups[i], offset);
    if (state->is_set)
      VS_TRY(vs_kept_write(run, &state->kept, ret, ret_begin + i, err));
    else
      vs_finish_null(ret, ret_begin + i);
  }
  return VS_OK;
}

struct extreme_row {
  size_t state_size;
  vs_aggregate_add add[2]; /* MIN, MAX */
  vs_status (*merge[2])(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err);
  vs_status (*finish)(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                      struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err);
};
#define ROW(kind)                                                                                                      \
  {                                                                                                                    \
    sizeof(struct kind##_extreme), {kind##_min_add, kind##_max_add}, {kind##_min_merge, kind##_max_merge},             \
        kind##_finish                                                                                                  \
  }
static const struct extreme_row extreme_rows[] = {
    [VS_PHYSICAL_BOOL] = ROW(bool), [VS_PHYSICAL_I64] = ROW(i64),     [VS_PHYSICAL_F64] = ROW(f64),
    [VS_PHYSICAL_I128] = ROW(i128), [VS_PHYSICAL_STRING] = ROW(text), [VS_PHYSICAL_INTERVAL] = ROW(interval),
};

static vs_status bind_extreme(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                              struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  struct vs_type type = binding->arguments[0];
  if (type.id >= VS_TYPE_ARRAY || type.id == VS_TYPE_JSON)
    return vs_bind_refuse(self->name, self->signature, binding, err);
  const struct extreme_row *row = &extreme_rows[vs_type_physical(type)];
  int which = self->name[1] == 'A';
  *ret_bound = (struct vs_aggregate_bound){.aggregate = self,
                                           .result = type,
                                           .state_size = row->state_size,
                                           .add = row->add[which],
                                           .merge = row->merge[which],
                                           .finish = row->finish,
                                           .span = binding->span};
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"MIN", "", "(x) -> type of x", 1, 1, VS_AGG_IGNORES_DISTINCT, VS_MEASURE_EXTREME, bind_extreme, "The smallest value: numbers, times, texts by code point.", "MIN(3, 1, NULL) = 1"},
  {"MAX", "", "(x) -> type of x", 1, 1, VS_AGG_IGNORES_DISTINCT, VS_MEASURE_EXTREME, bind_extreme, "The largest value: numbers, times, texts by code point.", "MAX('a', 'b') = 'b'"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_extreme = {"extreme", rows, VS_COUNT_OF(rows)};
