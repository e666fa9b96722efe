/* SPDX-License-Identifier: Apache-2.0
 * Limit: OFFSET rows are skipped, then LIMIT rows pass, of the whole input or of every pane. A full whole limit ends
 * what lies behind it at once and answers VS_STOP, so that the source is not read further. Delete marks pass and count
 * neither way. */
#include "engine/exec/context.h"

struct limit {
  struct vs_operator_run run;
  int64_t limit, offset; /* limit -1: none */
  bool is_per_pane, is_done;
  int64_t seen; /* rows of the input, or of the pane */
};

static bool is_full(const struct limit *limit) {
  return limit->limit >= 0 && limit->seen - limit->offset >= limit->limit; /* their sum may not fit */
}

/* Rows that pass; counts them all. */
static uint32_t take_rows(struct limit *limit, const struct vs_batch *batch, uint16_t *ret_rows) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    uint16_t row = batch->selection ? batch->selection[i] : (uint16_t)i;
    bool is_delete = batch->weight && batch->weight[row] < 0;
    if (is_delete || (!is_full(limit) && limit->seen >= limit->offset)) ret_rows[count++] = row;
    limit->seen += !is_delete;
  }
  return count;
}

static vs_status end(struct limit *limit, struct vs_error *err) {
  limit->is_done = true;
  VS_TRY(limit->run.next->ops->finish(limit->run.next, err));
  return VS_STOP;
}

static vs_status limit_push(struct vs_operator_run *run, const struct vs_batch *batch, struct vs_error *err) {
  struct limit *limit = (struct limit *)run;
  if (limit->is_done) return VS_STOP;
  struct vs_batch result = *batch;
  uint16_t *rows = VS_ARENA_ARRAY(run->job->eval.arena, uint16_t, VS_MAX(batch->selected_count, 1));
  if (!rows) return vs_fail_memory(err);
  result.selection = rows;
  result.selected_count = take_rows(limit, batch, rows);
  VS_TRY(vs_push(run->next, &result, err));
  return is_full(limit) && !limit->is_per_pane ? end(limit, err) : VS_OK;
}

static vs_status limit_watermark(struct vs_operator_run *run, int64_t watermark_us, struct vs_error *err) {
  struct limit *limit = (struct limit *)run;
  if (limit->is_per_pane) limit->seen = 0;
  return limit->is_done ? VS_OK : vs_forward_watermark(run, watermark_us, err);
}

static vs_status limit_finish(struct vs_operator_run *run, struct vs_error *err) {
  struct limit *limit = (struct limit *)run;
  if (limit->is_done) return VS_OK;
  limit->is_done = true;
  return vs_forward_finish(run, err);
}

static void limit_free(struct vs_operator_run *run) {
  (void)run;
}

static const struct vs_operator_ops ops = {
    .name = "limit", .push = limit_push, .watermark = limit_watermark, .finish = limit_finish, .free = limit_free};

vs_status vs_limit_new(struct vs_job_context *context, const struct vs_node *node, struct vs_operator_run *next,
                       struct vs_operator_run **ret_run, struct vs_error *err) {
  struct limit *limit = VS_ARENA_NEW(&context->query, struct limit);
  if (!limit) return vs_fail_memory(err);
  limit->run = (struct vs_operator_run){&ops, next, context};
  limit->limit = node->as.limit.limit;
  limit->offset = node->as.limit.offset;
  limit->is_per_pane = node->as.limit.is_per_pane;
  context->ends_at_once |= limit->limit == 0 && !limit->is_per_pane;
  *ret_run = &limit->run;
  return VS_OK;
}
