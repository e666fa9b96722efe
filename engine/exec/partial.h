/* SPDX-License-Identifier: Apache-2.0
 * The first of two phases of an aggregation: the groups of one part's rows, made by the thread that decoded them. The
 * job thread merges them in the order of the parts, so groups keep their order of first sight; whether a row is late is
 * not known here, so a partial is taken only where none can be. What a row fails in makes no partial at all: the rows
 * then come one by one, and the errors name them. */
#ifndef VS_EXEC_PARTIAL_H
#define VS_EXEC_PARTIAL_H

#include "engine/connect/part.h"
#include "engine/exec/context.h"

struct vs_slice;
struct vs_aggregate_op;
struct vs_partial {
  bool is_usable;
  const struct vs_aggregate_op *from; /* whose slices they are */
  struct vs_slice **slices;           /* slices[slice_count] by start */
  uint32_t slice_count, slice_capacity;
  int64_t max_time_us;       /* of the rows as the source dated them; VS_TIME_NONE: none was */
  int64_t max_window_us;     /* of the window's own time, where that drives the watermark */
  uint64_t sequence;         /* arrival number of the row behind the last: greater than any of the part's */
  int64_t scan_watermark_us; /* set by who merges: the watermark behind the part */
};
void vs_partial_release(struct vs_partial *partial); /* before the local that made it; a zeroed one is allowed */

/* One thread's own copy of the operators between the scan and the first aggregate, and that aggregate. */
struct vs_local;
/* Whether the plan below `aggregate`'s node can be run per part: nothing in it depends on rows before or on the clock.
 */
bool vs_local_is_possible(const struct vs_operator_run *aggregate);
vs_status vs_local_new(const struct vs_operator_run *aggregate, struct vs_local **ret_local,
                       struct vs_error *err) VS_NODISCARD;
void vs_local_free(struct vs_local *local); /* NULL allowed */
/* The groups of part `number`. Not usable: rows failed, memory was short, or there are too many groups to gain. */
void vs_local_run(struct vs_local *local, const struct vs_part *part, uint64_t number, struct vs_partial *ret_partial);

#endif
