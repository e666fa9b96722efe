/* SPDX-License-Identifier: Apache-2.0
 * Bytes through a decoder, back as text: one JSON object per row, then "bad N" and the samples when rows were bad. */
#ifndef VELO_TESTS_DECODING_H
#define VELO_TESTS_DECODING_H

#include "engine/format/format.h"

#include <criterion/criterion.h>
#include <stdlib.h>

struct decoding {
  const char *format;
  struct vs_format_options options;
  const struct vs_schema *schema; /* NULL: inferred */
  const bool *projection;
  size_t first_cut, step; /* bytes given first, then so many more each time; 0: all at once */
};

static inline struct decoding decoding_of(const char *format) {
  struct decoding decoding = {.format = format};
  vs_format_options_default(&decoding.options);
  return decoding;
}

struct test_env {
  struct vs_env env;
  struct vs_clock clock;
  struct vs_random random;
  struct vs_memory memory;
  struct vs_log log;
};
static inline void test_env_init(struct test_env *test) {
  vs_clock_init_virtual(&test->clock, 0);
  vs_random_seed(&test->random, 7);
  vs_memory_init(&test->memory, NULL, 0);
  vs_log_init(&test->log, -1, VS_LOG_ERROR);
  test->env = (struct vs_env){&test->clock, &test->random, &test->memory, &test->log};
}

struct test_bytes {
  const char *data;
  size_t size;
};
static inline vs_status test_bytes_read(void *context, uint64_t offset, char *buffer, size_t capacity, size_t *ret_size,
                                        struct vs_error *err) {
  const struct test_bytes *bytes = context;
  (void)err;
  size_t rest = offset < bytes->size ? bytes->size - (size_t)offset : 0;
  *ret_size = VS_MIN(rest, capacity);
  if (*ret_size) memcpy(buffer, bytes->data + offset, *ret_size);
  return VS_OK;
}

static inline vs_status infer_bytes(const struct decoding *decoding, const char *data, size_t size,
                                    struct vs_arena *arena, struct vs_inferred *ret_inferred, struct vs_error *err) {
  struct test_bytes bytes = {data, size};
  const struct vs_bytes_reader reader = {&bytes, (int64_t)size, test_bytes_read};
  return vs_format_find(vs_str_of(decoding->format))->infer(&decoding->options, &reader, arena, ret_inferred, err);
}

/* Puts the rows of one decode into `out`. The window is copied to a block of its exact size, so that a sanitizer sees
 * any byte read behind it. */
static inline size_t decode_window(struct vs_decoder *decoder, struct vs_encoder *encoder, const char *bytes,
                                   size_t size, bool is_end, struct vs_arena *arena, struct vs_row_errors *errors,
                                   struct vs_text *out, uint32_t *ret_rows) {
  char *window = malloc(size + 1);
  char *exact = window + 1;
  struct vs_batch batch;
  struct vs_error err;
  size_t consumed = 0;
  memcpy(exact, bytes, size);
  vs_arena_reset(arena);
  cr_assert_eq(decoder->ops->decode(decoder, exact, size, is_end, arena, errors, &consumed, &batch, &err), VS_OK, "%s",
               err.message);
  encoder->ops->rows(encoder, &batch, out);
  *ret_rows = batch.row_count;
  free(window);
  return consumed;
}

static inline void feed(const struct decoding *decoding, struct vs_decoder *decoder, struct vs_encoder *encoder,
                        const char *data, size_t size, struct vs_arena *arena, struct vs_row_errors *errors,
                        struct vs_text *out) {
  size_t begin = 0, there = decoding->first_cut ? VS_MIN(decoding->first_cut, size) : size;
  for (;;) {
    uint32_t rows;
    size_t consumed =
        decode_window(decoder, encoder, data + begin, there - begin, there == size, arena, errors, out, &rows);
    begin += consumed;
    if (rows || consumed) continue;
    if (there == size) break;
    there = decoding->step ? VS_MIN(there + decoding->step, size) : size;
  }
  cr_assert_eq(begin, size, "%zu of %zu bytes are done with", begin, size);
}

/* The result is freed by the caller. */
static inline char *decode(const struct decoding *decoding, const char *data, size_t size) {
  struct test_env test;
  struct vs_arena arena, batch_arena;
  struct vs_inferred inferred;
  struct vs_error err;
  struct vs_decoder *decoder;
  struct vs_encoder *encoder;
  struct vs_row_errors errors = {0};
  struct vs_text out;
  test_env_init(&test);
  vs_arena_init(&arena, &test.memory, 0);
  vs_arena_init(&batch_arena, &test.memory, 0);
  vs_text_init(&out, &test.memory, 0);
  const struct vs_schema *schema = decoding->schema;
  if (!schema) {
    cr_assert_eq(infer_bytes(decoding, data, size, &arena, &inferred, &err), VS_OK, "%s", err.message);
    schema = &inferred.schema;
  }
  const struct vs_format *format = vs_format_find(vs_str_of(decoding->format));
  cr_assert_eq(format->decoder_new(&decoding->options, schema, decoding->projection, &test.env, &decoder, &err), VS_OK);
  cr_assert_eq(vs_format_find(VS_STR("jsonl"))->encoder_new(&decoding->options, schema, &test.env, &encoder, &err),
               VS_OK);
  feed(decoding, decoder, encoder, data, size, &batch_arena, &errors, &out);
  if (errors.count) vs_text_printf(&out, "bad %llu\n", (unsigned long long)errors.count);
  for (uint32_t i = 0; i < errors.sample_count; i++)
    vs_text_printf(&out, "VELO-%d %s\n", (int)errors.samples[i].code, errors.samples[i].message);
  char *result = strdup(out.data ? out.data : "");
  decoder->ops->free(decoder);
  encoder->ops->free(encoder);
  vs_text_release(&out);
  vs_arena_release(&batch_arena);
  vs_arena_release(&arena);
  cr_expect_eq(vs_memory_used(&test.memory), 0, "memory is given back");
  return result;
}

static inline void expect_rows(const struct decoding *decoding, const char *data, size_t size, const char *expected) {
  char *rows = decode(decoding, data, size);
  cr_expect_str_eq(rows, expected, "from:\n%.*s\ngot:\n%s\nwanted:\n%s", (int)size, data, rows, expected);
  free(rows);
}
#define EXPECT_ROWS(decoding, text, expected) expect_rows((decoding), (text), sizeof(text) - 1, (expected))

#endif
