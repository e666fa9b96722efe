/* SPDX-License-Identifier: Apache-2.0
 * Parts of a file, each by itself: its bytes by pread or from the source's map, its rows by a decoder that starts
 * behind a line end. Whatever is not plain (a bad row, an open quote, a very long row, a file that became shorter)
 * makes the part unsound and nothing else: the source reads it again and says what is wrong. */
#include "engine/connect/file_source.h"

#include "engine/format/digits.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

/* Bytes behind a part that are read along with it: most rows end within them. */
enum { TAIL_BYTES = 4096 };

struct file_part_reader {
  struct vs_part_reader base;
  struct vs_file_part_input input;
  struct vs_decoder *decoder;
  struct vs_row_errors errors; /* one is enough to know */
};

/* Until `capacity` bytes are there or the file ends; negative for an error. */
static ssize_t read_fully(int fd, uint64_t offset, char *buffer, size_t capacity) {
  size_t size = 0;
  while (size < capacity) {
    ssize_t more = pread(fd, buffer + size, capacity - size, (off_t)(offset + size));
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return more;
    if (more == 0) break;
    size += (size_t)more;
  }
  return (ssize_t)size;
}

static void clear(struct vs_part *part) {
  vs_arena_reset(&part->arena);
  part->batches = NULL;
  part->batch_count = 0;
  part->row_count = part->line_count = part->byte_count = 0;
  part->is_sound = false;
}

/* The file from `offset` on up to `wanted` bytes, of which *size are there already; fewer at its end, or for an error.
 */
static vs_status read_on(const struct file_part_reader *reader, uint64_t offset, size_t wanted, struct vs_part *part,
                         size_t *size, struct vs_error *err) {
  if (part->capacity < wanted + VS_SLACK) {
    char *bytes = vs_memory_resize(part->memory, part->bytes, part->capacity, wanted + VS_SLACK);
    if (!bytes) return vs_fail_memory(err);
    part->bytes = bytes;
    part->capacity = wanted + VS_SLACK;
  }
  ssize_t more = read_fully(reader->input.fd, offset + *size, part->bytes + *size, wanted - *size);
  *size += (size_t)VS_MAX(more, 0);
  return VS_OK;
}

/* The rows that begin in the part; data NULL when they cannot be had. A row longer than a part is left to the source.
 */
static vs_status read_bytes(const struct file_part_reader *reader, uint64_t number, struct vs_part *part,
                            struct vs_str *ret_rows, struct vs_error *err) {
  size_t part_bytes = (size_t)reader->input.part_bytes, size = 0, wanted = part_bytes + VS_MIN(part_bytes, TAIL_BYTES);
  uint64_t offset = number * part_bytes - 1; /* a line end just before the part begins its first row */
  *ret_rows = (struct vs_str){NULL, 0};
  VS_TRY(read_on(reader, offset, wanted, part, &size, err));
  if (size < part_bytes) return VS_OK;
  const char *begin = memchr(part->bytes, '\n', part_bytes);
  if (!begin) return *ret_rows = (struct vs_str){part->bytes, 0}, VS_OK; /* it lies within one row */
  size_t before = (size_t)(begin - part->bytes) + 1;
  const char *end = memchr(part->bytes + part_bytes, '\n', size - part_bytes);
  if (!end && size == wanted) {
    VS_TRY(read_on(reader, offset, 2 * part_bytes, part, &size, err));
    end = memchr(part->bytes + part_bytes, '\n', size - part_bytes);
  }
  if (end) *ret_rows = (struct vs_str){part->bytes + before, (size_t)(end + 1 - part->bytes) - before};
  return VS_OK;
}

/* The same in a map, where nothing is copied. A part at the map's end is read. */
static bool find_in_map(const struct file_part_reader *reader, uint64_t number, struct vs_str *ret_rows) {
  const struct vs_file_map *map = reader->input.map;
  size_t part_bytes = (size_t)reader->input.part_bytes, offset = (size_t)number * part_bytes - 1;
  if (map->size < 2 * part_bytes || offset > map->size - 2 * part_bytes) return false;
  const char *bytes = map->bytes + offset, *begin = memchr(bytes, '\n', part_bytes);
  const char *end = memchr(bytes + part_bytes, '\n', part_bytes);
  *ret_rows = (struct vs_str){NULL, 0};
  if (!begin) *ret_rows = (struct vs_str){bytes, 0};
  if (begin && end) *ret_rows = (struct vs_str){begin + 1, (size_t)(end - begin)};
  return true;
}

/* Room for twice as many each time it is full. */
static vs_status add_batch(struct vs_part *part, const struct vs_batch *batch, struct vs_error *err) {
  uint32_t count = part->batch_count;
  if ((count & (count - 1)) == 0) {
    struct vs_batch *batches = VS_ARENA_ARRAY(&part->arena, struct vs_batch, VS_MAX(2 * count, 1u));
    if (!batches) return vs_fail_memory(err);
    if (count) memcpy(batches, part->batches, sizeof *batches * count);
    part->batches = batches;
  }
  part->batches[part->batch_count++] = *batch;
  part->row_count += batch->row_count;
  return VS_OK;
}

static vs_status decode_next(struct file_part_reader *reader, struct vs_str *rows, struct vs_part *part,
                             struct vs_error *err) {
  struct vs_batch batch;
  size_t consumed = 0;
  VS_TRY(reader->decoder->ops->decode(reader->decoder, rows->data, rows->size, false, &part->arena, &reader->errors,
                                      &consumed, &batch, err));
  if (!consumed && !batch.row_count) return reader->errors.count++, VS_OK; /* an open quote */
  rows->data += consumed;
  rows->size -= consumed;
  if (!batch.row_count) return VS_OK;
  VS_TRY(vs_event_time_set(&reader->input.time, &part->arena, &reader->errors, &batch, err));
  return add_batch(part, &batch, err);
}

static vs_status read_part(struct vs_part_reader *base, uint64_t number, struct vs_part *part, struct vs_error *err) {
  struct file_part_reader *reader = (struct file_part_reader *)base;
  vs_epoch_unit unit = reader->input.time.unit;
  struct vs_str rows;
  assert(number > 0); /* part 0 may have a header */
  clear(part);
  bool is_mapped = find_in_map(reader, number, &rows);
  if (!is_mapped) VS_TRY(read_bytes(reader, number, part, &rows, err));
  if (!rows.data) return VS_OK;
  part->byte_count = rows.size;
  reader->errors = (struct vs_row_errors){0};
  reader->decoder->ops->seek(reader->decoder, 0);
  while (rows.size && !reader->errors.count)
    VS_TRY(decode_next(reader, &rows, part, err));
  part->line_count = reader->decoder->ops->line(reader->decoder);
  /* What unit the times have is settled by the first of the source, not of a part. */
  part->is_sound = !reader->errors.count && reader->input.time.unit == unit &&
                   (!is_mapped || vs_file_map_is_whole(reader->input.map));
  reader->input.time.unit = unit;
  return VS_OK;
}

static void close_reader(struct vs_part_reader *base) {
  struct file_part_reader *reader = (struct file_part_reader *)base;
  reader->decoder->ops->free(reader->decoder);
  vs_memory_free(reader->input.memory, reader, sizeof *reader);
}

vs_status vs_file_part_open(const struct vs_file_part_input *input, struct vs_decoder *decoder,
                            struct vs_part_reader **ret_reader, struct vs_error *err) {
  static const struct vs_part_reader_ops ops = {read_part, close_reader};
  struct file_part_reader *reader = vs_memory_alloc(input->memory, sizeof *reader);
  if (!reader) {
    decoder->ops->free(decoder);
    return vs_fail_memory(err);
  }
  *reader = (struct file_part_reader){.base.ops = &ops, .input = *input, .decoder = decoder};
  *ret_reader = &reader->base;
  return VS_OK;
}
