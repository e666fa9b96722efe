/* SPDX-License-Identifier: Apache-2.0
 * A sink is a tap like any other: it gets every row the query emits, and is flushed at least every second so that a
 * reader of the file follows a running query. */
#include "engine/runtime/insertions.h"
#include "engine/runtime/run.h"

struct sink_tap {
  struct vs_tap tap;
  const struct vs_endpoint *endpoint;
  const struct vs_env *env;
  struct vs_sink_writer *writer;
  int64_t flushed_us;
  uint64_t rows;
  vs_status status; /* of closing */
  struct vs_error error;
};

static vs_status sink_open(struct vs_tap *tap, const struct vs_schema *schema, vs_change_mode mode,
                           struct vs_error *err) {
  struct sink_tap *sink = (struct sink_tap *)tap;
  (void)mode;
  sink->flushed_us = vs_clock_steady_us(sink->env->clock);
  return sink->endpoint->connector->open_sink(sink->endpoint, schema, sink->env, &sink->writer, err);
}

static vs_status sink_batch(struct vs_tap *tap, const struct vs_batch *batch, struct vs_error *err) {
  struct sink_tap *sink = (struct sink_tap *)tap;
  uint16_t rows[VS_BATCH_ROWS];
  struct vs_batch insertions;
  vs_batch_insertions(batch, rows, &insertions);
  VS_TRY(sink->writer->ops->write(sink->writer, &insertions, err));
  sink->rows += insertions.selected_count;
  int64_t now_us = vs_clock_steady_us(sink->env->clock);
  if (now_us - sink->flushed_us < VS_US_PER_SECOND) return VS_OK;
  sink->flushed_us = now_us;
  return sink->writer->ops->flush(sink->writer, err);
}

static void sink_close(struct vs_tap *tap, vs_status status, const struct vs_error *err) {
  struct sink_tap *sink = (struct sink_tap *)tap;
  (void)err;
  if (sink->writer)
    sink->status = sink->writer->ops->close(sink->writer, status == VS_OK || status == VS_STOP, &sink->error);
  sink->writer = NULL;
}

static const struct vs_tap_ops sink_ops = {sink_open, sink_batch, NULL, sink_close};

vs_status vs_sink_tap_new(const struct vs_endpoint *endpoint, const struct vs_env *env, struct vs_tap **ret_tap,
                          struct vs_error *err) {
  struct sink_tap *sink = vs_memory_alloc(env->memory, sizeof *sink);
  if (!sink) return vs_fail_memory(err);
  *sink = (struct sink_tap){.tap = {&sink_ops}, .endpoint = endpoint, .env = env};
  *ret_tap = &sink->tap;
  return VS_OK;
}

vs_status vs_sink_tap_finish(struct vs_tap *tap, uint64_t *ret_rows, struct vs_error *err) {
  struct sink_tap *sink = (struct sink_tap *)tap;
  if (sink->status != VS_OK && err)
    *err = sink->error;
  else
    *ret_rows = sink->rows;
  return sink->status;
}

void vs_sink_tap_free(struct vs_tap *tap) {
  struct sink_tap *sink = (struct sink_tap *)tap;
  if (!sink) return;
  sink_close(tap, VS_STOP, NULL);
  vs_memory_free(sink->env->memory, sink, sizeof *sink);
}
