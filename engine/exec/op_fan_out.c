/* SPDX-License-Identifier: Apache-2.0
 * Fan-out: the end of every pipeline. All taps see every batch before one of them may end the query. */
#include "engine/exec/pipeline.h"

static void count_rows(struct vs_fan_out *fan_out, const struct vs_batch *batch) {
  bool is_first = !fan_out->row_count;
  fan_out->row_count += batch->selected_count;
  if (is_first && fan_out->first_row) fan_out->first_row(fan_out->first_row_context);
}

static vs_status fan_out_push(struct vs_operator_run *run, const struct vs_batch *batch, struct vs_error *err) {
  struct vs_fan_out *fan_out = (struct vs_fan_out *)run;
  struct vs_batch shown = *batch;
  vs_status result = VS_OK;
  shown.schema = fan_out->plan->root->schema;
  for (uint32_t i = 0; i < fan_out->tap_count; i++) {
    vs_status status = fan_out->taps[i]->ops->batch(fan_out->taps[i], &shown, err);
    if (status != VS_OK && status != VS_STOP) return status;
    result = status == VS_STOP ? VS_STOP : result;
  }
  count_rows(fan_out, batch);
  return result;
}

static vs_status fan_out_watermark(struct vs_operator_run *run, int64_t watermark_us, struct vs_error *err) {
  (void)err;
  struct vs_fan_out *fan_out = (struct vs_fan_out *)run;
  for (uint32_t i = 0; i < fan_out->tap_count; i++)
    if (fan_out->taps[i]->ops->watermark) fan_out->taps[i]->ops->watermark(fan_out->taps[i], watermark_us);
  return VS_OK;
}

static vs_status fan_out_finish(struct vs_operator_run *run, struct vs_error *err) {
  (void)run;
  (void)err;
  return VS_OK;
}

static void fan_out_free(struct vs_operator_run *run) {
  (void)run;
}

static const struct vs_operator_ops ops = {.name = "taps",
                                           .push = fan_out_push,
                                           .watermark = fan_out_watermark,
                                           .finish = fan_out_finish,
                                           .free = fan_out_free};

void vs_fan_out_init(struct vs_fan_out *fan_out, struct vs_job_context *context, const struct vs_plan *plan,
                     struct vs_tap **taps, uint32_t tap_count) {
  *fan_out = (struct vs_fan_out){.run = {&ops, NULL, context}, .taps = taps, .tap_count = tap_count, .plan = plan};
}

vs_status vs_fan_out_open(struct vs_fan_out *fan_out, struct vs_error *err) {
  const struct vs_node *root = fan_out->plan->root;
  for (; fan_out->open_count < fan_out->tap_count; fan_out->open_count++) {
    struct vs_tap *tap = fan_out->taps[fan_out->open_count];
    VS_TRY(tap->ops->open(tap, root->schema, root->mode, err));
  }
  return VS_OK;
}

void vs_fan_out_close(struct vs_fan_out *fan_out, vs_status status, const struct vs_error *err) {
  bool is_clean = status == VS_OK || status == VS_STOP;
  for (uint32_t i = 0; i < fan_out->open_count; i++)
    fan_out->taps[i]->ops->close(fan_out->taps[i], status, is_clean ? NULL : err);
  fan_out->open_count = 0;
}
