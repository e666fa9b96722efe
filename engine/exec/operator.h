/* SPDX-License-Identifier: Apache-2.0
 * Operators: push pipelines. One operator is one file with one vtable; sources drive; watermarks and the end of input
 * travel in line with the data. Run state only: the plan node stays frozen. One job thread. */
#ifndef VS_EXEC_OPERATOR_H
#define VS_EXEC_OPERATOR_H

#include "engine/exec/tap.h"

struct vs_operator_run;
struct vs_partial; /* engine/exec/partial.h */
struct vs_operator_ops {
  const char *name;
  /* VS_STOP: no more rows are wanted upstream. The batch is borrowed; its arena is reset after the push returns. */
  vs_status (*push)(struct vs_operator_run *run, const struct vs_batch *batch, struct vs_error *err);
  vs_status (*watermark)(struct vs_operator_run *run, int64_t watermark_us, struct vs_error *err);
  vs_status (*finish)(struct vs_operator_run *run, struct vs_error *err); /* end of input: flush, then finish next */
  void (*free)(struct vs_operator_run *run);
  /* NULL: rows only come one by one. Takes the groups of rows that were aggregated elsewhere as if the rows had come;
   * *ret_is_taken false: they must come, since some of them may be late. */
  vs_status (*merge)(struct vs_operator_run *run, struct vs_partial *partial, bool *ret_is_taken, struct vs_error *err);
};
struct vs_job_context; /* environment, row errors, counters, arenas of one job */
struct vs_operator_run {
  const struct vs_operator_ops *ops;
  struct vs_operator_run *next; /* towards the root; the last one is the fan-out to the taps */
  struct vs_job_context *job;
};

#endif
