/* SPDX-License-Identifier: Apache-2.0
 * The aggregate operator's parts, shared by op_aggregate.c (rows in), aggregate_emit.c (rows out), slice.c, local.c and
 * partial.c (two phases) only.
 *
 * State is cut into slices: one per open window, or a single one without a window. A slice is a group table whose
 * blocks hold the states of all aggregates side by side; closing a window drops its table. */
#ifndef VS_EXEC_AGGREGATE_H
#define VS_EXEC_AGGREGATE_H

#include "engine/exec/groups.h"
#include "engine/exec/partial.h"
#include "engine/exec/program.h"
#include "engine/exec/row_time.h"

struct vs_slice {
  int64_t start_us; /* of the window; 0 without one */
  struct vs_groups groups;
  struct vs_groups *distinct; /* per item; values seen per group, of DISTINCT items only */
  uint64_t batch;             /* the batch that met it last, and its place among that batch's slices */
  uint32_t place;
};

struct vs_item_run {
  const struct vs_aggregate_item *item;
  size_t offset;           /* of the state in a group's block */
  uint32_t first_argument; /* in the program's values */
  int filter;              /* in the program's values; -1 */
  bool is_distinct;
  struct vs_group_layout distinct; /* group number, then the arguments */
};

struct vs_aggregate_op {
  struct vs_operator_run run;
  const struct vs_node *node;
  const struct vs_aggregate_plan *plan;
  const struct vs_window_plan *window; /* NULL: none */
  struct vs_program *program;
  struct vs_vector *values; /* keys, arguments and filters per item, window time */
  uint32_t value_count;
  int time_value; /* in values; -1: the batch's event time */
  struct vs_group_layout layout;
  struct vs_item_run *items;
  struct vs_slice **open; /* by start */
  uint32_t open_count, open_capacity;
  vs_epoch_unit unit;
  struct vs_watermark own; /* when the window's time drives the watermark */
  int64_t watermark_us;    /* the last one sent in line or reached by `own` */
  uint64_t sequence;       /* rows that came so far */
  uint64_t batch_count;
  uint32_t stamp;
  bool is_local; /* the first of two phases: rows count whatever the watermark, and nothing is sent on */
};

/* One batch on its way in. Row numbers are those of the batch the program ran over, until vs_work_compact. */
struct vs_work {
  struct vs_vector *values;
  uint32_t row_count;
  uint64_t first_row; /* numbers of the rows in their source, as in vs_batch */
  const uint16_t *row_offsets;
  const int64_t *times_us; /* NULL: none */
  uint16_t *rows;          /* those that count, ascending */
  uint32_t live_count;
  int64_t *starts_us;       /* window start per row; NULL without a window */
  struct vs_slice **slices; /* per row */
  struct vs_group_keys keys;
  struct vs_group **groups; /* per row; NULL: the row does not count */
};

/* slice.c: the open windows. */
vs_status vs_slice_get(struct vs_aggregate_op *aggregate, int64_t start_us, struct vs_slice **ret_slice,
                       struct vs_error *err) VS_NODISCARD;
void vs_slice_close_first(struct vs_aggregate_op *aggregate);
void vs_slices_free(struct vs_aggregate_op *aggregate);
void vs_slice_free(const struct vs_aggregate_op *aggregate, struct vs_slice *slice);
static inline int64_t vs_slice_end(const struct vs_aggregate_op *aggregate, const struct vs_slice *slice) {
  return slice->start_us + aggregate->window->size_us;
}

static inline bool vs_window_is_closed(const struct vs_window_plan *window, int64_t start_us, int64_t watermark_us) {
  return watermark_us != VS_TIME_NONE && start_us + window->size_us + window->grace_us <= watermark_us;
}

/* partial.c: the second phase. */
vs_status vs_aggregate_merge_slices(struct vs_aggregate_op *aggregate, const struct vs_partial *partial,
                                    struct vs_error *err) VS_NODISCARD;

/* aggregate_add.c: the rows of a batch into their groups. */
vs_status vs_aggregate_find_groups(struct vs_aggregate_op *aggregate, struct vs_work *work,
                                   struct vs_error *err) VS_NODISCARD;
/* Rows [begin, end), all of one slice where groups are set, through every aggregate. `masks` as made below. */
vs_status vs_aggregate_add_rows(struct vs_aggregate_op *aggregate, const struct vs_work *work, struct vs_slice *slice,
                                struct vs_group *const *groups, char *const *const *masks, uint32_t begin, uint32_t end,
                                struct vs_error *err) VS_NODISCARD;
/* Per item the groups its FILTER and DISTINCT leave, or NULL when it takes every row. */
vs_status vs_aggregate_masks(struct vs_aggregate_op *aggregate, const struct vs_work *work, char *const **ret_masks,
                             struct vs_error *err) VS_NODISCARD;
struct vs_aggregate_run vs_aggregate_run_of(struct vs_aggregate_op *aggregate, uint32_t item, struct vs_slice *slice,
                                            const struct vs_work *work); /* work NULL: when finishing */

/* aggregate_emit.c: rows out. */
/* EMIT CHANGES: adds the rows one run of distinct groups at a time and emits every row's new values. */
vs_status vs_aggregate_change(struct vs_aggregate_op *aggregate, struct vs_work *work,
                              struct vs_error *err) VS_NODISCARD;
/* All groups of a slice in order of first sight. */
vs_status vs_aggregate_fire(struct vs_aggregate_op *aggregate, struct vs_slice *slice,
                            struct vs_error *err) VS_NODISCARD;
vs_status vs_aggregate_fail(struct vs_aggregate_op *aggregate, vs_status status, struct vs_error *err);

#endif
