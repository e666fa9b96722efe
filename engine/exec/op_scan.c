/* SPDX-License-Identifier: Apache-2.0
 * Scan: the source's end of a pipeline. It drives: one poll, its rows pushed batch by batch, the watermark behind each.
 * The watermark is the largest event time seen minus the plan's delay; it never goes back. */
#include "engine/exec/part_scan.h"
#include "engine/exec/pipeline.h"
#include "engine/exec/row_time.h"

struct vs_scan_run {
  struct vs_job_context *context;
  const struct vs_node *node;
  struct vs_source_reader *reader; /* NULL: one row without columns */
  struct vs_part_scan *parts;      /* NULL: the reader is polled by this thread alone */
  uint32_t batch_rows;
  bool is_done; /* the one row has been given */
  uint64_t row_count;
  struct vs_watermark watermark;
  struct vs_arena batch;
};

static vs_status open_reader(const struct vs_scan *scan, const struct vs_job_context *context,
                             struct vs_source_reader **ret_reader, struct vs_error *err) {
  if (scan->from == VS_SCAN_ROWS) return vs_rows_open(scan->rows, context->env, ret_reader, err);
  struct vs_endpoint endpoint = scan->endpoint;
  struct vs_source_reader *reader;
  endpoint.part_bytes = context->part_bytes;
  VS_TRY(endpoint.connector->open_source(&endpoint, scan->projection, context->env, &reader, err));
  if (endpoint.replay_speed > 0) /* takes the reader also when it fails */
    return vs_replay_open(reader, endpoint.replay_speed, context->env, ret_reader, err);
  *ret_reader = reader;
  return VS_OK;
}

static vs_status open_source(struct vs_scan_run *scan, struct vs_error *err) {
  const struct vs_scan *plan = &scan->node->as.scan;
  if (plan->from == VS_SCAN_ONE_ROW) return VS_OK;
  VS_TRY(open_reader(plan, scan->context, &scan->reader, err));
  return vs_part_scan_open(scan->context, scan->reader, scan->context->thread_count, &scan->parts, err);
}

vs_status vs_scan_open(struct vs_job_context *context, const struct vs_node *node, uint32_t batch_rows,
                       struct vs_scan_run **ret_scan, struct vs_error *err) {
  struct vs_scan_run *scan = VS_ARENA_NEW(&context->query, struct vs_scan_run);
  if (!scan) return vs_fail_memory(err);
  scan->context = context;
  scan->node = node;
  scan->batch_rows = batch_rows && batch_rows < VS_BATCH_ROWS ? batch_rows : VS_BATCH_ROWS;
  scan->watermark = (struct vs_watermark){node->as.scan.watermark_delay_us, VS_TIME_NONE};
  const bool *read = node->as.scan.from == VS_SCAN_ONE_ROW ? NULL : node->as.scan.projection;
  VS_TRY(vs_aside_init(&context->failed_rows, node->schema, read, context->memory, err));
  context->errors.aside = &context->failed_rows;
  vs_arena_init(&scan->batch, context->memory, 0);
  context->eval.arena = &scan->batch;
  vs_status status = open_source(scan, err);
  if (status == VS_OK)
    *ret_scan = scan;
  else
    vs_scan_close(scan);
  return status;
}

void vs_scan_close(struct vs_scan_run *scan) {
  if (!scan) return;
  vs_part_scan_close(scan->parts);
  scan->parts = NULL;
  if (scan->reader) scan->reader->ops->close(scan->reader);
  scan->reader = NULL;
  vs_arena_release(&scan->batch);
}

int vs_scan_fd(const struct vs_scan_run *scan) {
  return scan->reader ? scan->reader->wake_fd : -1;
}

void vs_scan_counters(const struct vs_scan_run *scan, struct vs_source_counters *ret_counters) {
  *ret_counters = (struct vs_source_counters){.total_bytes = -1};
  if (scan->reader && scan->reader->ops->counters) scan->reader->ops->counters(scan->reader, ret_counters);
  ret_counters->rows = scan->row_count;
}

/* Positions count from 0, as Kafka's do. */
static vs_status add_offsets(struct vs_scan_run *scan, struct vs_batch *batch, uint32_t column, struct vs_error *err) {
  VS_TRY(vs_vector_init(&batch->columns[column], VS_TYPE(INTEGER), VS_MAX(batch->row_count, 1), &scan->batch, err));
  int64_t *offsets = batch->columns[column].data;
  for (uint32_t i = 0; i < batch->row_count; i++)
    offsets[i] = (int64_t)(scan->row_count + i);
  return VS_OK;
}

/* The reader knows the source's columns; the plan's schema may have the offset behind them. */
static vs_status set_columns(struct vs_scan_run *scan, struct vs_batch *batch, struct vs_error *err) {
  const struct vs_schema *schema = scan->node->schema;
  const struct vs_vector *source = batch->columns;
  uint32_t source_count = batch->schema->field_count;
  batch->schema = schema;
  if (schema->field_count <= source_count) return VS_OK;
  batch->columns = VS_ARENA_ARRAY(&scan->batch, struct vs_vector, schema->field_count);
  if (!batch->columns) return vs_fail_memory(err);
  memcpy(batch->columns, source, source_count * sizeof *source);
  int offset_column = scan->node->as.scan.offset_column;
  return offset_column >= 0 ? add_offsets(scan, batch, (uint32_t)offset_column, err) : VS_OK;
}

static vs_status set_watermark(struct vs_scan_run *scan, struct vs_batch *batch, struct vs_error *err) {
  int64_t *before = NULL;
  if (scan->context->wants_row_watermarks) {
    before = VS_ARENA_ARRAY(&scan->batch, int64_t, VS_MAX(batch->row_count, 1));
    if (!before) return vs_fail_memory(err);
  }
  vs_watermark_advance(&scan->watermark, batch, batch->event_time_us, before);
  batch->watermark_us = before;
  return VS_OK;
}

static vs_status push_watermark(struct vs_scan_run *scan, struct vs_operator_run *head, struct vs_error *err) {
  int64_t now = vs_watermark_now(&scan->watermark);
  if (now == scan->context->watermark_us) return VS_OK;
  scan->context->watermark_us = now;
  return head->ops->watermark(head, now, err);
}

static vs_status push_part(struct vs_scan_run *scan, struct vs_operator_run *head, const struct vs_batch *part,
                           struct vs_error *err) {
  struct vs_batch batch = *part;
  scan->context->eval.now_ms = vs_clock_now_us(scan->context->env->clock) / 1000;
  VS_TRY(set_columns(scan, &batch, err));
  scan->row_count += batch.row_count;
  if (batch.event_time_us) VS_TRY(set_watermark(scan, &batch, err));
  VS_TRY(vs_push(head, &batch, err));
  return push_watermark(scan, head, err);
}

static vs_status push_rows(struct vs_scan_run *scan, struct vs_operator_run *head, const struct vs_batch *batch,
                           struct vs_error *err) {
  if (batch->row_count <= scan->batch_rows) return push_part(scan, head, batch, err);
  for (uint32_t begin = 0; begin < batch->row_count; begin += scan->batch_rows) {
    struct vs_batch part;
    uint32_t end = VS_MIN(begin + scan->batch_rows, batch->row_count);
    VS_TRY(vs_batch_slice(batch, begin, end, &scan->batch, &part, err));
    VS_TRY(push_part(scan, head, &part, err));
    VS_TRY(vs_context_check(scan->context));
    vs_arena_reset(&scan->batch);
  }
  return VS_OK;
}

static vs_status push_one_row(struct vs_scan_run *scan, struct vs_operator_run *head, vs_poll *ret_poll,
                              struct vs_error *err) {
  *ret_poll = scan->is_done ? VS_POLL_END : VS_POLL_ROWS;
  if (scan->is_done) return VS_OK;
  scan->is_done = true;
  struct vs_vector none = {0};
  struct vs_batch batch = {
      .schema = scan->node->schema, .columns = &none, .row_count = 1, .selected_count = 1, .first_row = 0};
  return push_part(scan, head, &batch, err);
}

/* The groups of a part, where the aggregate takes them in place of its rows. */
static vs_status push_partial(struct vs_scan_run *scan, struct vs_operator_run *head, struct vs_partial *partial,
                              struct vs_error *err) {
  struct vs_operator_run *aggregate = head;
  struct vs_watermark behind = scan->watermark;
  bool is_taken;
  while (!aggregate->ops->merge)
    aggregate = aggregate->next;
  behind.max_us = VS_MAX(behind.max_us, partial->max_time_us);
  partial->scan_watermark_us = vs_watermark_now(&behind);
  vs_status status = aggregate->ops->merge(aggregate, partial, &is_taken, err);
  if (!is_taken) return status;
  scan->row_count += vs_part_scan_skip(scan->parts); /* also where a LIMIT behind has had enough */
  scan->watermark = behind;
  return status == VS_OK ? push_watermark(scan, head, err) : status;
}

static vs_status step_parts(struct vs_scan_run *scan, struct vs_operator_run *head, vs_poll *ret_poll,
                            int64_t *ret_wait_us, struct vs_error *err) {
  struct vs_batch batch;
  struct vs_partial *partial;
  VS_TRY(vs_part_scan_poll(scan->parts, head, &batch, &partial, ret_poll, ret_wait_us, err));
  if (partial) return push_partial(scan, head, partial, err);
  return *ret_poll == VS_POLL_ROWS ? push_rows(scan, head, &batch, err) : VS_OK;
}

vs_status vs_scan_step(struct vs_scan_run *scan, struct vs_operator_run *head, vs_poll *ret_poll, int64_t *ret_wait_us,
                       struct vs_error *err) {
  struct vs_row_errors *errors = &scan->context->errors;
  struct vs_batch batch;
  *ret_wait_us = 0;
  vs_arena_reset(&scan->batch);
  if (!scan->reader) return push_one_row(scan, head, ret_poll, err);
  vs_row_errors_next_batch(errors);
  if (scan->parts) return step_parts(scan, head, ret_poll, ret_wait_us, err);
  VS_TRY(scan->reader->ops->poll(scan->reader, errors, &batch, ret_poll, ret_wait_us, err));
  return *ret_poll == VS_POLL_ROWS ? push_rows(scan, head, &batch, err) : VS_OK;
}
