/* SPDX-License-Identifier: Apache-2.0
 * A file as a sink: encoded rows, written in pieces, flushed at least every second while rows come, and at the end. */
#include "engine/connect/file_source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 256 << 10, FLUSH_US = 1000000 };

struct file_sink {
  struct vs_sink_writer base;
  struct vs_env env;
  struct vs_str shown_path;
  int fd;
  struct vs_encoder *encoder;
  struct vs_text text; /* encoded and not written yet */
  int64_t flushed_us;  /* steady time */
};

/* mkdir -p of the path's folder. */
static vs_status make_parents(struct vs_str path, struct vs_str shown, struct vs_error *err) {
  char folder[PATH_MAX];
  if (path.size >= sizeof folder)
    return vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "the path '%.*s' is too long", VS_STR_ARG(shown));
  memcpy(folder, path.data, path.size);
  folder[path.size] = '\0';
  for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
      return vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "folder '%s' cannot be made: %s", folder, strerror(errno));
    *slash = '/';
  }
  return VS_OK;
}

static vs_status write_all(struct file_sink *sink, struct vs_error *err) {
  size_t at = 0;
  VS_TRY(vs_text_check(&sink->text, err));
  while (at < sink->text.size) {
    ssize_t size = write(sink->fd, sink->text.data + at, sink->text.size - at);
    if (size < 0 && errno != EINTR)
      return vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "writing '%.*s' failed: %s", VS_STR_ARG(sink->shown_path),
                     strerror(errno));
    at += size > 0 ? (size_t)size : 0;
  }
  vs_text_clear(&sink->text);
  sink->flushed_us = vs_clock_steady_us(sink->env.clock);
  return VS_OK;
}

static vs_status flush(struct vs_sink_writer *base, struct vs_error *err) {
  return write_all((struct file_sink *)base, err);
}

/* A deletion is no row of a file: only rows that stand are written. */
static const struct vs_batch *without_deletes(const struct vs_batch *batch, uint16_t *rows, struct vs_batch *kept) {
  if (!batch->weight) return batch;
  *kept = *batch;
  kept->selection = rows;
  kept->selected_count = 0;
  for (uint32_t k = 0; k < batch->selected_count; k++) {
    uint16_t row = batch->selection ? batch->selection[k] : (uint16_t)k;
    if (batch->weight[row] > 0) rows[kept->selected_count++] = row;
  }
  return kept;
}

static vs_status write_rows(struct vs_sink_writer *base, const struct vs_batch *batch, struct vs_error *err) {
  struct file_sink *sink = (struct file_sink *)base;
  uint16_t rows[VS_BATCH_ROWS];
  struct vs_batch kept;
  sink->encoder->ops->rows(sink->encoder, without_deletes(batch, rows, &kept), &sink->text);
  bool is_due = sink->text.size >= PIECE_BYTES || vs_clock_steady_us(sink->env.clock) - sink->flushed_us >= FLUSH_US;
  return is_due ? write_all(sink, err) : vs_text_check(&sink->text, err);
}

static void sink_free(struct file_sink *sink) {
  struct vs_memory *memory = sink->env.memory;
  if (sink->encoder) sink->encoder->ops->free(sink->encoder);
  vs_text_release(&sink->text);
  if (sink->fd >= 0) close(sink->fd);
  vs_memory_free(memory, sink, sizeof *sink);
}

/* What was encoded is written also when the query failed; only an array's end says that it is complete. */
static vs_status close_sink(struct vs_sink_writer *base, bool is_complete, struct vs_error *err) {
  struct file_sink *sink = (struct file_sink *)base;
  if (is_complete && sink->encoder->ops->end) sink->encoder->ops->end(sink->encoder, &sink->text);
  vs_status status = write_all(sink, err);
  if (close(sink->fd) != 0 && status == VS_OK)
    status = vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "closing '%.*s' failed: %s", VS_STR_ARG(sink->shown_path),
                     strerror(errno));
  sink->fd = -1;
  sink_free(sink);
  return status;
}

static vs_status check_append(const struct vs_endpoint *endpoint, struct vs_error *err) {
  if (!endpoint->append || !vs_str_equal(vs_str_of(endpoint->format->name), VS_STR("json"))) return VS_OK;
  return vs_fail_hint(err, vs_fail(err, VS_CODE_BAD_VALUE, VS_NO_SPAN, "a JSON array cannot be appended to"),
                      "write format 'jsonl'");
}

static vs_status open_sink(struct file_sink *sink, const struct vs_endpoint *endpoint, const struct vs_schema *schema,
                           struct vs_error *err) {
  struct stat file;
  VS_TRY(check_append(endpoint, err));
  VS_TRY(make_parents(endpoint->path, endpoint->shown_path, err));
  VS_TRY(endpoint->format->encoder_new(&endpoint->format_options, schema, &sink->env, &sink->encoder, err));
  sink->fd = open(endpoint->path.data, O_WRONLY | O_CREAT | O_CLOEXEC | (endpoint->append ? O_APPEND : O_TRUNC), 0666);
  if (sink->fd < 0)
    return vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "'%.*s' cannot be written: %s", VS_STR_ARG(sink->shown_path),
                   strerror(errno));
  bool has_bytes = endpoint->append && fstat(sink->fd, &file) == 0 && file.st_size > 0;
  if (!has_bytes && sink->encoder->ops->begin) sink->encoder->ops->begin(sink->encoder, &sink->text);
  return VS_OK;
}

vs_status vs_file_open_sink(const struct vs_endpoint *endpoint, const struct vs_schema *schema,
                            const struct vs_env *env, struct vs_sink_writer **ret_writer, struct vs_error *err) {
  static const struct vs_sink_writer_ops ops = {write_rows, flush, close_sink};
  struct file_sink *sink = vs_memory_alloc(env->memory, sizeof *sink);
  if (!sink) return vs_fail_memory(err);
  *sink = (struct file_sink){.base = {&ops},
                             .env = *env,
                             .shown_path = endpoint->shown_path,
                             .fd = -1,
                             .flushed_us = vs_clock_steady_us(env->clock)};
  vs_text_init(&sink->text, env->memory, 0);
  vs_status status = open_sink(sink, endpoint, schema, err);
  if (status != VS_OK)
    sink_free(sink);
  else
    *ret_writer = &sink->base;
  return status;
}
