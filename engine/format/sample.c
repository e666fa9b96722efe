/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/sample.h"

enum {
  WHOLE_BYTES = 64 << 20,
  HEAD_ROWS = 10000,
  BLOCKS = 100,
  BLOCK_BYTES = 64 << 10,
  READ_BYTES = 1 << 20,
  CARRY_LIMIT = 20 << 20 /* more than the longest row */
};

struct buffer {
  struct vs_memory *memory;
  char *data;
  size_t size, capacity;
  uint64_t offset; /* in the source, of what is read next */
};

static void buffer_release(struct buffer *buffer) {
  vs_memory_free(buffer->memory, buffer->data, buffer->capacity);
}

/* Files are mostly small: no more room than their bytes need. */
static size_t block_bytes(const struct vs_bytes_reader *reader) {
  bool is_small = reader->size >= 0 && reader->size < READ_BYTES;
  return is_small ? (size_t)reader->size + 1 : READ_BYTES;
}

static vs_status fill(struct buffer *buffer, const struct vs_bytes_reader *reader, bool *ret_is_end,
                      struct vs_error *err) {
  size_t block = block_bytes(reader);
  if (buffer->capacity - buffer->size < block) {
    size_t capacity = VS_MAX(buffer->capacity * 2, block);
    char *data = vs_memory_resize(buffer->memory, buffer->data, buffer->capacity, capacity);
    if (!data) return vs_fail_memory(err);
    buffer->data = data;
    buffer->capacity = capacity;
  }
  size_t size;
  VS_TRY(reader->read(reader->context, buffer->offset, buffer->data + buffer->size, block, &size, err));
  buffer->size += size;
  buffer->offset += size;
  *ret_is_end = size == 0;
  return VS_OK;
}

static vs_status run_head(const struct vs_sample *sample, const struct vs_bytes_reader *reader, struct buffer *buffer,
                          uint64_t row_limit, uint64_t *row_count, bool *ret_is_whole, struct vs_error *err) {
  bool is_end = false;
  while (*row_count < row_limit) {
    size_t at = 0, consumed = 1;
    VS_TRY(fill(buffer, reader, &is_end, err));
    while (consumed && at < buffer->size && *row_count < row_limit) {
      VS_TRY(sample->take(sample->context, VS_SAMPLE_HEAD, buffer->data + at, buffer->size - at, is_end, row_count,
                          &consumed, err));
      at += consumed;
    }
    memmove(buffer->data, buffer->data + at, buffer->size - at);
    buffer->size -= at;
    if (is_end || buffer->size > CARRY_LIMIT) break;
  }
  *ret_is_whole = is_end;
  return VS_OK;
}

static vs_status run_blocks(const struct vs_sample *sample, const struct vs_bytes_reader *reader, struct buffer *buffer,
                            uint64_t *row_count, struct vs_error *err) {
  for (uint64_t i = 1; i < BLOCKS; i++) {
    size_t size, consumed;
    uint64_t offset = (uint64_t)reader->size / BLOCKS * i;
    VS_TRY(reader->read(reader->context, offset, buffer->data, BLOCK_BYTES, &size, err));
    VS_TRY(sample->take(sample->context, VS_SAMPLE_BLOCK, buffer->data, size, false, row_count, &consumed, err));
  }
  return VS_OK;
}

vs_status vs_sample_run(const struct vs_sample *sample, const struct vs_bytes_reader *reader, bool is_brief,
                        struct vs_memory *memory, uint64_t *ret_row_count, bool *ret_is_whole, struct vs_error *err) {
  VS_CLEANUP(buffer_release) struct buffer buffer = {.memory = memory};
  bool is_small = reader->size >= 0 && reader->size <= WHOLE_BYTES && !is_brief;
  *ret_row_count = 0;
  VS_TRY(run_head(sample, reader, &buffer, is_small ? UINT64_MAX : HEAD_ROWS, ret_row_count, ret_is_whole, err));
  if (*ret_is_whole || is_small || is_brief || reader->size < 0) return VS_OK;
  return run_blocks(sample, reader, &buffer, ret_row_count, err);
}
