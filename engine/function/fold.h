/* SPDX-License-Identifier: Apache-2.0
 * Inside this room: loops of aggregates, and sums that neither order nor merging shows in. */
#ifndef VS_FUNCTION_FOLD_H
#define VS_FUNCTION_FOLD_H

#include "engine/function/kernel.h"

/* Folds every row that has a value into the state of its group: update(State *, A, run). */
#define VS_FOLD(name, State, A, update)                                                                                \
  static vs_status name(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,          \
                        size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {                           \
    (void)err, (void)run;                                                                                              \
    const A *values = arguments[0].data;                                                                               \
    const uint64_t *validity = arguments[0].validity;                                                                  \
    uint32_t step = arguments[0].encoding != VS_VECTOR_CONSTANT;                                                       \
    for (uint32_t row = begin; row < end; row++)                                                                       \
      if (groups[row] && (!validity || vs_bit_get(validity, row * step)))                                              \
        update((State *)(void *)(groups[row] + offset), values[row * step], run);                                      \
    return VS_OK;                                                                                                      \
  }

/* The state of group `i` in a finish loop. */
#define VS_STATE(State, group, offset) ((const State *)(const void *)((group) + (offset)))

static inline void vs_finish_null(struct vs_vector *ret, uint32_t row) {
  size_t size = vs_physical_size(vs_type_physical(ret->type));
  vs_bit_clear(ret->validity, row);
  memset((char *)ret->data + row * size, 0, size);
}

/* A double-double: the sum and what its rounding lost. */
struct vs_twin {
  double high, low;
};
static inline void vs_twin_add(struct vs_twin *sum, double value) {
  double total = sum->high + value, part = total - sum->high;
  sum->low += (sum->high - (total - part)) + (value - part);
  sum->high = total;
}
static inline void vs_twin_merge(struct vs_twin *to, const struct vs_twin *from) {
  vs_twin_add(to, from->high);
  vs_twin_add(to, from->low);
}
static inline double vs_twin_value(const struct vs_twin *sum) {
  return sum->high + sum->low;
}

/* Exact sum of any number of 128-bit values: 192 bits, two's complement. */
struct vs_wide_sum {
  vs_u128 low;
  int64_t high;
};
static inline void vs_wide_add(struct vs_wide_sum *sum, vs_i128 value) {
  sum->high += (value < 0 ? -1 : 0) + __builtin_add_overflow(sum->low, (vs_u128)value, &sum->low);
}
static inline void vs_wide_subtract(struct vs_wide_sum *sum, vs_i128 value) {
  sum->high -= (value < 0 ? -1 : 0) + __builtin_sub_overflow(sum->low, (vs_u128)value, &sum->low);
}
static inline bool vs_wide_value(const struct vs_wide_sum *sum, vs_i128 *ret_value) {
  vs_i128 value = (vs_i128)sum->low;
  *ret_value = value;
  return sum->high == (value < 0 ? -1 : 0);
}

#endif
