/* SPDX-License-Identifier: Apache-2.0
 * From a plan to a running pipeline: the scan drives the operators of the plan's chain, the fan-out ends it at the
 * taps. One job thread. */
#ifndef VS_EXEC_PIPELINE_H
#define VS_EXEC_PIPELINE_H

#include "engine/exec/context.h"

/* Makes the operators of all nodes behind the scan; *ret_head takes the scan's batches. */
vs_status vs_pipeline_new(struct vs_job_context *context, const struct vs_plan *plan, struct vs_operator_run *fan_out,
                          struct vs_operator_run **ret_head, struct vs_error *err) VS_NODISCARD;
/* The operators of `node` and below alone: what `node` sends on goes nowhere. */
vs_status vs_pipeline_new_local(struct vs_job_context *context, const struct vs_node *node,
                                struct vs_operator_run **ret_head, struct vs_error *err) VS_NODISCARD;
void vs_pipeline_free(struct vs_operator_run *head); /* NULL allowed; memory of the runs stays in context->query */

/* The last operator: every batch goes to every tap. */
struct vs_fan_out {
  struct vs_operator_run run;
  struct vs_tap **taps;
  uint32_t tap_count, open_count;
  const struct vs_plan *plan;
  uint64_t row_count;
  void (*first_row)(void *context); /* called once */
  void *first_row_context;
};
void vs_fan_out_init(struct vs_fan_out *fan_out, struct vs_job_context *context, const struct vs_plan *plan,
                     struct vs_tap **taps, uint32_t tap_count);
vs_status vs_fan_out_open(struct vs_fan_out *fan_out, struct vs_error *err) VS_NODISCARD;
/* Closes the taps that were opened, each exactly once. */
void vs_fan_out_close(struct vs_fan_out *fan_out, vs_status status, const struct vs_error *err);

/* The source's end: polls, sets the plan's columns, cuts batches, moves the watermark. */
struct vs_scan_run;
vs_status vs_scan_open(struct vs_job_context *context, const struct vs_node *node, uint32_t batch_rows,
                       struct vs_scan_run **ret_scan, struct vs_error *err) VS_NODISCARD;
void vs_scan_close(struct vs_scan_run *scan); /* NULL allowed */
/* One poll; its rows are pushed to `head`. END: nothing has been finished yet. VS_STOP: no more rows are wanted. */
vs_status vs_scan_step(struct vs_scan_run *scan, struct vs_operator_run *head, vs_poll *ret_poll, int64_t *ret_wait_us,
                       struct vs_error *err) VS_NODISCARD;
int vs_scan_fd(const struct vs_scan_run *scan); /* -1: none */
void vs_scan_counters(const struct vs_scan_run *scan, struct vs_source_counters *ret_counters);

#endif
