/* SPDX-License-Identifier: Apache-2.0
 * What the operators of one job share: environment, memory by lifetime, row errors, counters. Private to the room.
 *
 * Lifetimes: `query` dies with the job and holds operator runs, programs and their registers; `eval.arena` holds the
 * batch in flight and is reset by whoever drives it (the scan, or an operator that emits many batches at once and puts
 * its own arena there meanwhile); operator state takes its memory from `state`, whose ceiling is the query's budget. */
#ifndef VS_EXEC_CONTEXT_H
#define VS_EXEC_CONTEXT_H

#include "engine/exec/late_rows.h"
#include "engine/exec/operator.h"

struct vs_job_context {
  const struct vs_env *env;
  struct vs_memory *memory; /* whatever is no state: batches, plans of execution */
  struct vs_memory state;   /* the query's budget */
  struct vs_arena query;
  struct vs_row_errors errors;
  struct vs_eval eval;
  atomic_bool is_stopping;
  uint32_t thread_count;     /* that may read the source, this one included */
  uint32_t part_bytes;       /* 0: as the connector likes */
  bool ends_at_once;         /* LIMIT 0: no source is read */
  bool wants_row_watermarks; /* a window decides lateness by the watermark in line */
  int64_t watermark_us;      /* of the scan; VS_TIME_NONE before the first */
  uint64_t late, open_windows;
  struct vs_aside failed_rows; /* what errors.aside points to */
  struct vs_late_rows late_rows;
};

/* VS_CANCELLED once a stop is asked for; polled by loops that may run longer than a batch. */
static inline vs_status vs_context_check(const struct vs_job_context *context) {
  return atomic_load_explicit(&context->is_stopping, memory_order_relaxed) ? VS_CANCELLED : VS_OK;
}

/* VELO-5002 naming the clause whose state has reached the budget. */
vs_status vs_fail_state(const struct vs_job_context *context, const char *clause, struct vs_span span,
                        struct vs_error *err) VS_NODISCARD;

/* Times saturate instead of wrapping: VS_TIME_NONE stays the smallest, INT64_MAX the end of time. */
static inline int64_t vs_time_minus(int64_t time_us, int64_t delta_us) {
  int64_t result;
  if (time_us == VS_TIME_NONE || time_us == INT64_MAX) return time_us;
  return __builtin_sub_overflow(time_us, delta_us, &result) ? (delta_us > 0 ? VS_TIME_NONE + 1 : INT64_MAX - 1)
                                                            : result;
}

/* Hands a batch on: nothing is pushed when no row is selected. */
vs_status vs_push(struct vs_operator_run *to, const struct vs_batch *batch, struct vs_error *err);

/* vs_batch_compact that carries watermark_us along too. */
vs_status vs_compact(const struct vs_batch *batch, struct vs_arena *arena, struct vs_batch *ret_batch,
                     struct vs_error *err) VS_NODISCARD;
/* The bitmap of the selected rows, or NULL when all are. */
vs_status vs_selection_bits(const struct vs_batch *batch, struct vs_arena *arena, uint64_t **ret_bits,
                            struct vs_error *err) VS_NODISCARD;
/* Rows [begin, end) of a batch as a batch of their own; for tests of batch-size invariance and for bounded rounds. */
vs_status vs_batch_slice(const struct vs_batch *batch, uint32_t begin, uint32_t end, struct vs_arena *arena,
                         struct vs_batch *ret_batch, struct vs_error *err) VS_NODISCARD;
/* `batch` without the failed rows of context->errors; the same batch when none failed. */
vs_status vs_drop_failed(struct vs_job_context *context, const struct vs_batch *batch, struct vs_batch *ret_batch,
                         struct vs_error *err) VS_NODISCARD;

/* Makes the run of one node; `next` is the operator towards the root. Allocated in context->query. */
typedef vs_status vs_operator_new(struct vs_job_context *context, const struct vs_node *node,
                                  struct vs_operator_run *next, struct vs_operator_run **ret_run, struct vs_error *err);
vs_operator_new vs_filter_new, vs_project_new, vs_aggregate_new, vs_distinct_new, vs_sort_new, vs_limit_new;

/* Ordinary ends of the chain for operators that keep nothing. */
vs_status vs_forward_watermark(struct vs_operator_run *run, int64_t watermark_us, struct vs_error *err);
vs_status vs_forward_finish(struct vs_operator_run *run, struct vs_error *err);

#endif
