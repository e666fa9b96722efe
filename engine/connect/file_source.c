/* SPDX-License-Identifier: Apache-2.0
 * A file as a source: blocks of 256 KiB by pread, what a block cuts is carried over to the next. A watched file is read
 * on as it grows; its last line counts once its line end is there.
 *
 * As file_source_mmap the bytes that are there when it begins are mapped and those that come later read. What is
 * decoded from a map counts only if the file turns out to have been whole until then.
 *
 * In parts (part.h) it stops at a limit, where the rows of the part end; parts between are read by file_parts.c. */
#include "engine/connect/file_source.h"

#include "engine/format/bad_row.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK_BYTES = 256 << 10, SEARCH_BYTES = 4096, FEWEST_PARTS = 4 };
/* The widest row that is read in parts: a batch takes its full height, and several parts are held at a time. */
enum { PART_ROW_BYTES = 8 << 10 };

#define NO_LIMIT UINT64_MAX

struct file_source {
  struct vs_source_reader base;
  struct vs_env env;
  struct vs_str path; /* as the user wrote it; the catalogue's memory */
  struct vs_str full_path;
  bool is_watched;
  int64_t polling_interval_us;
  int fd;
  dev_t device;
  ino_t inode;
  int64_t total_bytes;
  struct vs_decoder *decoder;
  struct vs_arena arena; /* the batch handed out */
  struct vs_event_time time;
  struct vs_file_map map; /* bytes NULL: everything is read */
  char *buffer;
  size_t capacity;
  const char *bytes; /* buffer, or the map's; bytes[begin..end) is not decoded yet */
  size_t begin, end;
  uint64_t offset; /* in the file, of what is read next */
  uint64_t row_count;
  bool is_end, is_drained; /* the file is read; the decoder has nothing left */
  uint64_t part_bytes;
  size_t row_bytes; /* of a batch's columns, for each of its rows */
  uint64_t limit;   /* where the part under way ends, behind a line end; NO_LIMIT: the file's end, wherever that is */
};

static void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
}

static vs_status open_file(struct vs_str path, struct vs_str shown, int *ret_fd, struct stat *ret_status,
                           struct vs_error *err) {
  int fd = open(path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return vs_fail(err, VS_CODE_NO_FILE, VS_NO_SPAN, "'%.*s' cannot be opened: %s", VS_STR_ARG(shown), strerror(errno));
  if (fstat(fd, ret_status) != 0 || !S_ISREG(ret_status->st_mode)) {
    close(fd);
    return vs_fail(err, VS_CODE_NO_FILE, VS_NO_SPAN, "'%.*s' is no regular file", VS_STR_ARG(shown));
  }
  *ret_fd = fd;
  return VS_OK;
}

static vs_status read_at(int fd, struct vs_str shown, uint64_t offset, char *buffer, size_t capacity, size_t *ret_size,
                         struct vs_error *err) {
  ssize_t size;
  do
    size = pread(fd, buffer, capacity, (off_t)offset);
  while (size < 0 && errno == EINTR);
  if (size < 0)
    return vs_fail(err, VS_CODE_READ_FAILED, VS_NO_SPAN, "reading '%.*s' failed: %s", VS_STR_ARG(shown),
                   strerror(errno));
  *ret_size = (size_t)size;
  return VS_OK;
}

struct inference_input {
  int fd;
  struct vs_str shown;
};

static void close_input(struct inference_input *input) {
  close_fd(&input->fd);
}

static vs_status read_for_inference(void *context, uint64_t offset, char *buffer, size_t capacity, size_t *ret_size,
                                    struct vs_error *err) {
  const struct inference_input *input = context;
  return read_at(input->fd, input->shown, offset, buffer, capacity, ret_size, err);
}

/* A format knows no file names: the error gets the file's. */
static void name_file(struct vs_error *err, struct vs_str shown) {
  char message[sizeof err->message];
  if (!err || memmem(err->message, strlen(err->message), shown.data, shown.size)) return;
  memcpy(message, err->message, sizeof message);
  struct vs_error former = *err;
  vs_status status = vs_fail(err, former.code, former.span, "'%.*s': %.300s", VS_STR_ARG(shown), message);
  vs_fail_hint(err, status, "%s", former.hint);
}

vs_status vs_file_infer(const struct vs_endpoint *endpoint, const struct vs_env *env, struct vs_arena *arena,
                        struct vs_inferred *ret_inferred, struct vs_error *err) {
  (void)env;
  struct stat file;
  VS_CLEANUP(close_input) struct inference_input input = {-1, endpoint->shown_path};
  VS_TRY(open_file(endpoint->path, endpoint->shown_path, &input.fd, &file, err));
  if (file.st_size == 0)
    return vs_fail(err, VS_CODE_EMPTY_FILE, VS_NO_SPAN, "'%.*s' is empty: not even a header line",
                   VS_STR_ARG(endpoint->shown_path));
  const struct vs_bytes_reader reader = {&input, file.st_size, read_for_inference};
  vs_status status = endpoint->format->infer(&endpoint->format_options, &reader, arena, ret_inferred, err);
  status = vs_arena_check(arena, status, err);
  if (status != VS_OK) name_file(err, endpoint->shown_path);
  return status;
}

static bool is_mapped(const struct file_source *source) {
  return source->map.bytes && source->bytes == source->map.bytes;
}

/* Room in the buffer for one more block behind what is carried over, from the map too. */
static bool make_room(struct file_source *source) {
  size_t carried = source->end - source->begin, capacity = VS_MAX(source->capacity, (size_t)BLOCK_BYTES);
  while (capacity - carried < BLOCK_BYTES)
    capacity *= 2;
  if (capacity > source->capacity) {
    bool was_mapped = is_mapped(source);
    char *buffer = vs_memory_resize(source->env.memory, source->buffer, source->capacity, capacity);
    if (!buffer) return false;
    source->buffer = buffer;
    source->capacity = capacity;
    if (!was_mapped) source->bytes = buffer;
  }
  if (source->begin || is_mapped(source)) memmove(source->buffer, source->bytes + source->begin, carried);
  source->bytes = source->buffer;
  source->begin = 0;
  source->end = carried;
  return true;
}

static vs_status fail_truncated(const struct file_source *source, struct vs_error *err) {
  return vs_fail_hint(
      err,
      vs_fail(err, VS_CODE_READ_FAILED, VS_NO_SPAN, "'%.*s' was truncated while it was read", VS_STR_ARG(source->path)),
      "run the cell again to read it from its beginning");
}

/* At the end of what is there: a file that shrank or was replaced is not the one that was bound. */
static vs_status check_file(const struct file_source *source, struct vs_error *err) {
  struct stat file;
  if (fstat(source->fd, &file) == 0 && (uint64_t)file.st_size < source->offset) return fail_truncated(source, err);
  if (source->is_watched &&
      (stat(source->full_path.data, &file) != 0 || file.st_ino != source->inode || file.st_dev != source->device))
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_READ_FAILED, VS_NO_SPAN,
                                "'%.*s' was removed or replaced while it was watched", VS_STR_ARG(source->path)),
                        "run the cell again to read the new file");
  return VS_OK;
}

/* Where the first row of a part begins: behind the first line end from the byte before the part on, or at the file's
 * end. NO_LIMIT: further off than a row may be long. It is not looked for there, since nobody could stop the search. */
static vs_status find_part(const struct file_source *source, uint64_t number, uint64_t *ret_offset,
                           struct vs_error *err) {
  char bytes[SEARCH_BYTES];
  uint64_t begin = number * source->part_bytes - 1, offset = begin;
  size_t size = 0;
  for (; offset - begin <= VS_ROW_LIMIT; offset += size) {
    VS_TRY(read_at(source->fd, source->path, offset, bytes, sizeof bytes, &size, err));
    const char *end = memchr(bytes, '\n', size);
    *ret_offset = offset + (end ? (size_t)(end + 1 - bytes) : size);
    if (end || !size) return VS_OK;
  }
  *ret_offset = NO_LIMIT;
  return VS_OK;
}

static uint64_t count_parts(const struct file_source *source) {
  return ((uint64_t)source->total_bytes + source->part_bytes - 1) / source->part_bytes;
}

/* The last part ends where the file does, which is known only once it is reached; so does one whose last row is longer
 * than a row may be: all behind it is read in line. */
static vs_status set_limit(struct file_source *source, uint64_t number, struct vs_error *err) {
  source->limit = NO_LIMIT;
  return number + 1 < count_parts(source) ? find_part(source, number + 1, &source->limit, err) : VS_OK;
}

/* In a map nothing is copied: the decoder sees more of it. Not all at once, for an open quote is looked for to the end
 * of what is seen. */
static void widen(struct file_source *source, bool *ret_has_more) {
  uint64_t end = VS_MIN(VS_MIN((uint64_t)source->map.size, source->limit), source->offset + BLOCK_BYTES);
  source->end = (size_t)end;
  source->offset = end;
  *ret_has_more = true;
}

static vs_status fill(struct file_source *source, bool *ret_has_more, struct vs_error *err) {
  size_t size = 0;
  /* A row that reaches over its part's end: the part where it may end is read as well. */
  if (source->offset == source->limit) VS_TRY(set_limit(source, source->limit / source->part_bytes, err));
  if (is_mapped(source) && source->offset < VS_MIN((uint64_t)source->map.size, source->limit))
    return widen(source, ret_has_more), VS_OK;
  bool was_mapped = is_mapped(source);
  if (!make_room(source)) return vs_fail_memory(err);
  if (was_mapped && !vs_file_map_is_whole(&source->map)) return fail_truncated(source, err);
  size_t wanted = (size_t)VS_MIN((uint64_t)BLOCK_BYTES, source->limit - source->offset);
  VS_TRY(read_at(source->fd, source->path, source->offset, source->buffer + source->end, wanted, &size, err));
  source->end += size;
  source->offset += size;
  *ret_has_more = size > 0;
  if (size) return VS_OK;
  VS_TRY(check_file(source, err));
  if (!source->is_watched && source->offset < (uint64_t)source->total_bytes) return fail_truncated(source, err);
  source->is_end = !source->is_watched;
  return VS_OK;
}

/* Decodes from what is in the buffer. *ret_is_stuck: more bytes are needed first. */
static vs_status decode(struct file_source *source, struct vs_row_errors *errors, struct vs_batch *batch,
                        bool *ret_is_stuck, struct vs_error *err) {
  size_t size = source->end - source->begin, consumed = 0;
  vs_arena_reset(&source->arena);
  vs_status status = source->decoder->ops->decode(source->decoder, source->bytes + source->begin, size, source->is_end,
                                                  &source->arena, errors, &consumed, batch, err);
  if (is_mapped(source) && !vs_file_map_is_whole(&source->map)) return fail_truncated(source, err);
  if (status != VS_OK) {
    name_file(err, source->path);
    return status;
  }
  source->begin += consumed;
  *ret_is_stuck = !batch->row_count && !consumed;
  source->is_drained = source->is_end && !batch->row_count && (*ret_is_stuck || source->begin == source->end);
  return VS_OK;
}

static vs_status hand_out(struct file_source *source, struct vs_row_errors *errors, struct vs_batch *batch,
                          struct vs_error *err) {
  source->row_count += batch->row_count;
  return vs_event_time_set(&source->time, &source->arena, errors, batch, err);
}

static bool is_at_limit(const struct file_source *source) {
  return source->begin == source->end && source->offset == source->limit;
}

static vs_status poll(struct vs_source_reader *base, struct vs_row_errors *errors, struct vs_batch *ret_batch,
                      vs_poll *ret_poll, int64_t *ret_wait_us, struct vs_error *err) {
  struct file_source *source = (struct file_source *)base;
  struct vs_batch batch = {0};
  while (!source->is_drained && !is_at_limit(source)) {
    bool is_stuck = source->begin == source->end && !source->is_end, has_more = true;
    if (!is_stuck) VS_TRY(decode(source, errors, &batch, &is_stuck, err));
    if (batch.row_count) VS_TRY(hand_out(source, errors, &batch, err));
    if (batch.row_count) {
      *ret_batch = batch;
      *ret_poll = VS_POLL_ROWS;
      return VS_OK;
    }
    if (is_stuck && !source->is_end) VS_TRY(fill(source, &has_more, err));
    if (!has_more && !source->is_end) {
      *ret_wait_us = source->polling_interval_us;
      *ret_poll = VS_POLL_WAIT;
      return VS_OK;
    }
  }
  *ret_poll = VS_POLL_END;
  return VS_OK;
}

static void counters(const struct vs_source_reader *base, struct vs_source_counters *ret_counters) {
  const struct file_source *source = (const struct file_source *)base;
  *ret_counters = (struct vs_source_counters){source->offset - (source->end - source->begin), source->row_count,
                                              source->is_watched ? -1 : source->total_bytes};
}

static void close_source(struct vs_source_reader *base) {
  struct file_source *source = (struct file_source *)base;
  struct vs_memory *memory = source->env.memory;
  if (source->decoder) source->decoder->ops->free(source->decoder);
  vs_arena_release(&source->arena);
  vs_memory_free(memory, source->buffer, source->capacity);
  vs_file_map_close(&source->map);
  close_fd(&source->fd);
  vs_memory_free(memory, source, sizeof *source);
}

/* ---- parts ---- */

static uint64_t part_count(const struct vs_source_reader *base) {
  const struct file_source *source = (const struct file_source *)base;
  uint64_t count = count_parts(source);
  bool is_possible = source->decoder->ops->fork && !source->is_watched && source->row_bytes <= PART_ROW_BYTES;
  return is_possible && count >= FEWEST_PARTS ? count : 0;
}

static vs_status open_part_reader(struct vs_source_reader *base, struct vs_part_reader **ret_reader,
                                  struct vs_error *err) {
  const struct file_source *source = (const struct file_source *)base;
  const struct vs_file_part_input input = {source->env.memory, source->fd, &source->map, source->part_bytes,
                                           source->time};
  struct vs_decoder *fork;
  VS_TRY(source->decoder->ops->fork(source->decoder, &fork, err));
  if (fork) return vs_file_part_open(&input, fork, ret_reader, err);
  *ret_reader = NULL;
  return VS_OK;
}

/* Nothing is carried over; in a map, places are offsets in the file. */
static void begin_at_offset(struct file_source *source) {
  bool is_in_map = source->offset < source->map.size;
  source->bytes = is_in_map ? source->map.bytes : source->buffer;
  source->begin = source->end = is_in_map ? (size_t)source->offset : 0;
}

/* Where the row before ended there is no line end any more. */
static vs_status fail_rewritten(const struct file_source *source, struct vs_error *err) {
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_READ_FAILED, VS_NO_SPAN, "'%.*s' was written over while it was read",
                              VS_STR_ARG(source->path)),
                      "run the cell again to read it from its beginning");
}

/* Part 0 begins with the file, whose header the decoder has yet to read. */
static vs_status enter_part(struct vs_source_reader *base, uint64_t number, uint64_t line, struct vs_error *err) {
  struct file_source *source = (struct file_source *)base;
  uint64_t offset = 0;
  if (number) VS_TRY(find_part(source, number, &offset, err));
  if (offset == NO_LIMIT) return fail_rewritten(source, err);
  source->offset = offset;
  source->is_end = source->is_drained = false;
  begin_at_offset(source);
  if (number) source->decoder->ops->seek(source->decoder, line);
  return set_limit(source, number, err);
}

static void next_part(const struct vs_source_reader *base, uint64_t *ret_number, uint64_t *ret_line) {
  const struct file_source *source = (const struct file_source *)base;
  uint64_t count = count_parts(source);
  *ret_number = source->is_drained ? count : VS_MIN(source->limit / source->part_bytes, count);
  *ret_line = source->decoder->ops->line(source->decoder);
}

static void took_part(struct vs_source_reader *base, const struct vs_part *part) {
  struct file_source *source = (struct file_source *)base;
  source->offset += part->byte_count;
  source->row_count += part->row_count;
}

static size_t row_bytes(const struct vs_schema *schema, const bool *wanted) {
  size_t bytes = 0;
  for (uint32_t i = 0; i < schema->field_count; i++)
    if (!wanted || wanted[i]) bytes += vs_physical_size(vs_type_physical(schema->fields[i].type));
  return bytes;
}

/* The time column is read whatever the plan reads: the watermark stands on it. */
static vs_status open_decoder(struct file_source *source, const struct vs_endpoint *endpoint, const bool *projection,
                              struct vs_error *err) {
  uint32_t count = endpoint->schema->field_count;
  source->row_bytes = row_bytes(endpoint->schema, projection);
  if (!projection)
    return endpoint->format->decoder_new(&endpoint->format_options, endpoint->schema, NULL, &source->env,
                                         &source->decoder, err);
  bool *wanted = vs_arena_alloc(&source->arena, sizeof *wanted * VS_MAX(count, 1u));
  if (!wanted) return vs_fail_memory(err);
  memcpy(wanted, projection, sizeof *wanted * count);
  if (endpoint->time_column >= 0) wanted[endpoint->time_column] = true;
  return endpoint->format->decoder_new(&endpoint->format_options, endpoint->schema, wanted, &source->env,
                                       &source->decoder, err);
}

static vs_status open_source(struct file_source *source, const struct vs_endpoint *endpoint, const bool *projection,
                             struct vs_error *err) {
  struct stat file;
  VS_TRY(open_file(endpoint->path, endpoint->shown_path, &source->fd, &file, err));
  source->device = file.st_dev;
  source->inode = file.st_ino;
  source->total_bytes = file.st_size;
  posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  if (endpoint->is_mapped && !endpoint->watch) vs_file_map_open(&source->map, source->fd, (size_t)file.st_size);
  begin_at_offset(source);
  return open_decoder(source, endpoint, projection, err);
}

vs_status vs_file_open_source(const struct vs_endpoint *endpoint, const bool *projection, const struct vs_env *env,
                              struct vs_source_reader **ret_reader, struct vs_error *err) {
  static const struct vs_source_reader_ops ops = {poll, counters, close_source};
  static const struct vs_part_source_ops parts = {part_count, open_part_reader, enter_part, next_part, took_part};
  struct file_source *source = vs_memory_alloc(env->memory, sizeof *source);
  if (!source) return vs_fail_memory(err);
  *source = (struct file_source){.base = {&ops, -1, &parts},
                                 .env = *env,
                                 .path = endpoint->shown_path,
                                 .full_path = endpoint->path,
                                 .is_watched = endpoint->watch,
                                 .polling_interval_us = endpoint->polling_interval_us,
                                 .part_bytes = endpoint->part_bytes ? endpoint->part_bytes : VS_FILE_PART_BYTES,
                                 .limit = NO_LIMIT,
                                 .fd = -1};
  vs_arena_init(&source->arena, env->memory, 0);
  vs_event_time_init(&source->time, endpoint);
  vs_status status = open_source(source, endpoint, projection, err);
  if (status != VS_OK) {
    close_source(&source->base);
    return status;
  }
  if (endpoint->replay_speed > 0) return vs_replay_open(&source->base, endpoint->replay_speed, env, ret_reader, err);
  *ret_reader = &source->base;
  return VS_OK;
}
