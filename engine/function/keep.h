/* SPDX-License-Identifier: Apache-2.0
 * Inside this room: one value of any type kept in an aggregate's state. A text lives in the group's memory; a shorter
 * one that follows takes the same room. */
#ifndef VS_FUNCTION_KEEP_H
#define VS_FUNCTION_KEEP_H

#include "engine/function/fold.h"

struct vs_kept {
  union {
    vs_i128 wide;
    int64_t integer;
    double real;
    uint8_t boolean;
    struct vs_interval interval;
    struct vs_string string;
  } value;
  char *room;
  uint32_t room_size;
};
vs_status vs_kept_set(struct vs_aggregate_run *run, struct vs_kept *kept, const struct vs_vector *vector, uint32_t row,
                      struct vs_error *err) VS_NODISCARD;
vs_status vs_kept_set_string(struct vs_aggregate_run *run, struct vs_kept *kept, const struct vs_string *string,
                             struct vs_error *err) VS_NODISCARD;
/* `from` into `to`, as for merging. */
vs_status vs_kept_copy(struct vs_aggregate_run *run, struct vs_kept *to, const struct vs_kept *from,
                       struct vs_type type, struct vs_error *err) VS_NODISCARD;
/* Into row `row` of `ret`; a text is copied to the batch, since the group may change before the batch is read. */
vs_status vs_kept_write(struct vs_aggregate_run *run, const struct vs_kept *kept, struct vs_vector *ret, uint32_t row,
                        struct vs_error *err) VS_NODISCARD;

#endif
