/* SPDX-License-Identifier: Apache-2.0
 * Shared by the decoder targets, which define FUZZ_FORMAT: all bytes at once, in two parts, and with blank lines behind
 * them, so that the last rows have the room the short ways ask for, must give the same rows. */
#ifndef VELO_FUZZ_DECODE_TWICE_H
#define VELO_FUZZ_DECODE_TWICE_H

struct fuzz_bytes {
  const char *data;
  size_t size;
};

static vs_status fuzz_read(void *context, uint64_t offset, char *buffer, size_t capacity, size_t *ret_size,
                           struct vs_error *err) {
  const struct fuzz_bytes *bytes = context;
  (void)err;
  *ret_size = offset < bytes->size ? VS_MIN(capacity, bytes->size - (size_t)offset) : 0;
  if (*ret_size) memcpy(buffer, bytes->data + offset, *ret_size);
  return VS_OK;
}

/* Rows and bad rows when the first `cut` bytes come alone. */
static uint64_t decode_cut(const struct vs_schema *schema, const struct vs_env *env, const char *data, size_t size,
                           size_t cut, struct vs_text *out) {
  const struct vs_format *format = vs_format_find(VS_STR(FUZZ_FORMAT));
  struct vs_format_options options;
  struct vs_decoder *decoder;
  struct vs_encoder *encoder;
  struct vs_row_errors errors = {0};
  struct vs_arena arena;
  struct vs_batch batch;
  size_t begin = 0, there = cut, consumed;
  vs_format_options_default(&options);
  vs_arena_init(&arena, env->memory, 0);
  if (format->decoder_new(&options, schema, NULL, env, &decoder, NULL) != VS_OK ||
      vs_format_find(VS_STR("jsonl"))->encoder_new(&options, schema, env, &encoder, NULL) != VS_OK)
    abort();
  for (;;) {
    char *window = malloc(there - begin + 1);
    memcpy(window + 1, data + begin, there - begin);
    vs_arena_reset(&arena);
    vs_status status = decoder->ops->decode(decoder, window + 1, there - begin, there == size, &arena, &errors,
                                            &consumed, &batch, NULL);
    if (status == VS_OK) encoder->ops->rows(encoder, &batch, out);
    free(window);
    begin += status == VS_OK ? consumed : 0;
    if (status != VS_OK || (!consumed && !batch.row_count && there == size)) break;
    if (!consumed && !batch.row_count) there = size;
  }
  decoder->ops->free(decoder);
  encoder->ops->free(encoder);
  vs_arena_release(&arena);
  return errors.count;
}

struct fuzz_rows {
  struct vs_text text;
  uint64_t bad;
};

static void expect_same(const struct fuzz_rows *a, struct fuzz_rows *b) {
  if (a->bad != b->bad || a->text.size != b->text.size ||
      (a->text.size && memcmp(a->text.data, b->text.data, a->text.size) != 0))
    abort();
  vs_text_release(&b->text);
}

static struct fuzz_rows rows_of(const struct vs_schema *schema, const struct vs_env *env, const char *data, size_t size,
                                size_t cut) {
  struct fuzz_rows rows;
  vs_text_init(&rows.text, env->memory, 0);
  rows.bad = decode_cut(schema, env, data, size, cut, &rows.text);
  return rows;
}

/* A blank line is no row, but for a file of one column, where it is a NULL. */
static struct fuzz_rows rows_before_blanks(const struct vs_schema *schema, const struct vs_env *env, const char *data,
                                           size_t size) {
  enum { BLANKS = 300 };
  char *longer = malloc(size + BLANKS);
  memcpy(longer, data, size);
  memset(longer + size, '\n', BLANKS);
  struct fuzz_rows rows = rows_of(schema, env, longer, size + BLANKS, size + BLANKS);
  free(longer);
  return rows;
}

static int decode_twice(const char *data, size_t size) {
  struct fuzz_bytes bytes = {data, size};
  const struct vs_bytes_reader reader = {&bytes, (int64_t)size, fuzz_read};
  struct vs_memory memory;
  struct vs_arena arena;
  struct vs_inferred inferred;
  struct vs_format_options options;
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 0);
  vs_format_options_default(&options);
  const struct vs_env env = {.memory = &memory};
  if (vs_format_find(VS_STR(FUZZ_FORMAT))->infer(&options, &reader, &arena, &inferred, NULL) == VS_OK) {
    struct fuzz_rows whole = rows_of(&inferred.schema, &env, data, size, size);
    struct fuzz_rows parts = rows_of(&inferred.schema, &env, data, size, size / 2);
    expect_same(&whole, &parts);
    if (inferred.schema.field_count > 1 && data[size - 1] == '\n') {
      struct fuzz_rows roomy = rows_before_blanks(&inferred.schema, &env, data, size);
      expect_same(&whole, &roomy);
    }
    vs_text_release(&whole.text);
  }
  vs_arena_release(&arena);
  if (vs_memory_used(&memory)) abort();
  return 0;
}

#endif
