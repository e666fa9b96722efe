/* links: vs_format */
/* SPDX-License-Identifier: Apache-2.0
 * Decoding alone: the front of a file is kept in memory and decoded again and again, all columns or those named.
 * Prints the best round of many, since other work on the machine only ever adds time. No threshold. */
#include "engine/format/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FRONT_BYTES = 16 << 20, WINDOW_BYTES = 256 << 10, ROUNDS = 60 };

struct front {
  char *bytes;
  size_t size;
};

static vs_status read_front(void *context, uint64_t offset, char *buffer, size_t capacity, size_t *ret_size,
                            struct vs_error *err) {
  const struct front *front = context;
  (void)err;
  *ret_size = offset < front->size ? VS_MIN(capacity, front->size - (size_t)offset) : 0;
  if (*ret_size) memcpy(buffer, front->bytes + offset, *ret_size);
  return VS_OK;
}

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Decodes all of the front, in windows as a source hands them out. */
static uint64_t decode_once(struct vs_decoder *decoder, const struct front *front, struct vs_arena *arena) {
  uint64_t rows = 0;
  size_t begin = 0, end = 0, consumed;
  struct vs_row_errors errors = {0};
  struct vs_batch batch;
  for (;;) {
    vs_arena_reset(arena);
    if (decoder->ops->decode(decoder, front->bytes + begin, end - begin, false, arena, &errors, &consumed, &batch,
                             NULL) != VS_OK)
      exit(1);
    begin += consumed;
    rows += batch.row_count;
    if (!consumed && end == front->size) break;
    if (!consumed) end = VS_MIN(end + WINDOW_BYTES, front->size);
  }
  if (errors.count) fprintf(stderr, "%llu bad rows\n", (unsigned long long)errors.count);
  return rows;
}

int main(int argc, char **argv) {
  struct front front = {malloc(FRONT_BYTES), 0};
  FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
  if (!file) return fprintf(stderr, "usage: decode_bench FILE [DELIMITER] [COLUMN...]\n"), 2;
  front.size = fread(front.bytes, 1, FRONT_BYTES, file);
  struct vs_memory memory;
  struct vs_arena arena, batch;
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 0);
  vs_arena_init(&batch, &memory, 0);
  const struct vs_env env = {.memory = &memory};
  const struct vs_format *format = vs_format_of_path(vs_str_of(argv[1]));
  struct vs_format_options options;
  vs_format_options_default(&options);
  int first = 2;
  if (argc > 2 && strlen(argv[2]) == 1) options.delimiter = argv[first++][0];
  struct vs_inferred inferred;
  struct vs_error err = {0};
  const struct vs_bytes_reader reader = {&front, (int64_t)front.size, read_front};
  if (!format || format->infer(&options, &reader, &arena, &inferred, &err) != VS_OK)
    return fprintf(stderr, "%s\n", err.message), 1;
  bool *projection = VS_ARENA_ARRAY(&arena, bool, inferred.schema.field_count);
  for (uint32_t i = 0; i < inferred.schema.field_count; i++)
    for (int k = first; k < argc; k++)
      projection[i] |= vs_str_equal(inferred.schema.fields[i].name, vs_str_of(argv[k]));
  double best = 1e9;
  uint64_t rows = 0;
  for (int round = 0; round < ROUNDS; round++) {
    struct vs_decoder *decoder;
    double begin = cpu_seconds();
    if (format->decoder_new(&options, &inferred.schema, first < argc ? projection : NULL, &env, &decoder, &err) !=
        VS_OK)
      return 1;
    rows = decode_once(decoder, &front, &batch);
    decoder->ops->free(decoder);
    best = VS_MIN(best, cpu_seconds() - begin);
  }
  printf("%llu rows, %.1f ns/row, %.2f M rows/s, %.2f GB/s\n", (unsigned long long)rows, best / (double)rows * 1e9,
         (double)rows / best * 1e-6, (double)front.size / best * 1e-9);
  return 0;
}
