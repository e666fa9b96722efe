/* SPDX-License-Identifier: Apache-2.0
 * Random rows through each encoder and back: the decoder reads exactly what was written. */
#include "tests/engine/format/decoding.h"

#include "engine/types/value.h"
#include <stdio.h>

enum { COLUMNS = 9, ROWS = 300 };
static struct vs_field fields[COLUMNS] = {
    {.name = {"i", 1}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
    {.name = {"d", 1}, .type = {VS_TYPE_DECIMAL, 18, 4}, .is_nullable = true},
    {.name = {"w", 1}, .type = {VS_TYPE_DECIMAL, 38, 10}, .is_nullable = true},
    {.name = {"f", 1}, .type = {VS_TYPE_FLOAT, 0, 0}, .is_nullable = true},
    {.name = {"b", 1}, .type = {VS_TYPE_BOOLEAN, 0, 0}, .is_nullable = true},
    {.name = {"t", 1}, .type = {VS_TYPE_TIMESTAMP, 0, 0}, .is_nullable = true},
    {.name = {"day", 3}, .type = {VS_TYPE_DATE, 0, 0}, .is_nullable = true},
    {.name = {"a \"name\", quoted", 16}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true},
    {.name = {"s", 1}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true}};
static const struct vs_schema schema = {fields, COLUMNS, COLUMNS};

static struct vs_string random_string(struct vs_random *random, struct vs_arena *arena) {
  static const char *const pieces[] = {"a",    "bc",   ",",        "\"",
                                       "\n",   "\r\n", "\\",       "{",
                                       "}",    "\t",   "\xC3\xA9", " ",
                                       "\x01", "'",    "1.5",      "longer than twelve",
                                       "]",    "null", ";",        "\xF0\x9F\x98\x80"};
  size_t size = 0, count = vs_random_below(random, 6);
  char *text = vs_arena_alloc(arena, 200);
  for (size_t i = 0; i < count; i++) {
    const char *piece = pieces[vs_random_below(random, VS_COUNT_OF(pieces))];
    memcpy(text + size, piece, strlen(piece));
    size += strlen(piece);
  }
  return vs_string_of(text, size);
}

static void put_random(struct vs_random *random, struct vs_vector *vector, uint32_t row, struct vs_arena *arena) {
  int64_t integer = (int64_t)vs_random_next(random) >> vs_random_below(random, 60);
  int64_t *integers = vector->data;
  switch (vector->type.id) {
  case VS_TYPE_INTEGER: integers[row] = integer; break;
  case VS_TYPE_DECIMAL:
    if (vector->type.precision <= 18)
      integers[row] = integer % 1000000000000000000;
    else
      ((vs_i128 *)vector->data)[row] = (vs_i128)integer * (1 + (int64_t)vs_random_below(random, 1000000000));
    break;
  case VS_TYPE_FLOAT:
    ((double *)vector->data)[row] = (double)integer / (double)(1 + vs_random_below(random, 100000));
    break;
  case VS_TYPE_BOOLEAN: ((uint8_t *)vector->data)[row] = integer & 1; break;
  case VS_TYPE_TIMESTAMP:
    integers[row] = (int64_t)vs_random_below(random, UINT64_C(4000000000000000)) - INT64_C(1000000000000000);
    break;
  case VS_TYPE_DATE: integers[row] = (int64_t)vs_random_below(random, 60000) - 20000; break;
  default: ((struct vs_string *)vector->data)[row] = random_string(random, arena); break;
  }
}

static void fill(struct vs_batch *batch, struct vs_random *random, struct vs_arena *arena) {
  struct vs_error err;
  cr_assert_eq(vs_batch_init(batch, &schema, ROWS, arena, &err), VS_OK);
  batch->row_count = batch->selected_count = ROWS;
  for (uint32_t i = 0; i < COLUMNS; i++) {
    uint64_t *validity = vs_vector_validity(&batch->columns[i], ROWS, arena);
    for (uint32_t row = 0; row < ROWS; row++) {
      put_random(random, &batch->columns[i], row, arena);
      if (vs_random_below(random, 10) == 0) vs_bit_clear(validity, row);
    }
  }
}

static void expect_same(const struct vs_batch *wanted, const struct vs_batch *got, uint32_t offset) {
  for (uint32_t i = 0; i < COLUMNS; i++)
    for (uint32_t row = 0; row < got->row_count; row++) {
      bool is_null = vs_vector_is_null(&wanted->columns[i], offset + row);
      cr_assert_eq(vs_vector_is_null(&got->columns[i], row), is_null, "column %u, row %u", i, row);
      if (is_null) continue;
      if (vs_type_physical(fields[i].type) == VS_PHYSICAL_STRING) {
        struct vs_string a = vs_vector_string(&wanted->columns[i], offset + row),
                         b = vs_vector_string(&got->columns[i], row);
        cr_assert(vs_string_equal(&a, &b), "column %u, row %u", i, row);
      } else {
        struct vs_value a = vs_value_get(&wanted->columns[i], offset + row), b = vs_value_get(&got->columns[i], row);
        cr_assert(vs_value_equal(&a, &b), "column %u, row %u", i, row);
      }
    }
}

static void round_trip(const char *name, uint64_t seed) {
  struct test_env test;
  struct vs_arena arena, batch_arena;
  struct vs_error err;
  struct vs_format_options options;
  struct vs_encoder *encoder;
  struct vs_decoder *decoder;
  struct vs_row_errors errors = {0};
  struct vs_text text;
  struct vs_batch wanted, got;
  test_env_init(&test);
  vs_random_seed(&test.random, seed);
  vs_arena_init(&arena, &test.memory, 0);
  vs_arena_init(&batch_arena, &test.memory, 0);
  vs_text_init(&text, &test.memory, 0);
  vs_format_options_default(&options);
  const struct vs_format *format = vs_format_find(vs_str_of(name));
  fill(&wanted, &test.random, &arena);
  cr_assert_eq(format->encoder_new(&options, &schema, &test.env, &encoder, &err), VS_OK);
  cr_assert_eq(format->decoder_new(&options, &schema, NULL, &test.env, &decoder, &err), VS_OK);
  if (encoder->ops->begin) encoder->ops->begin(encoder, &text);
  encoder->ops->rows(encoder, &wanted, &text);
  if (encoder->ops->end) encoder->ops->end(encoder, &text);
  uint32_t row_count = 0;
  for (size_t begin = 0, consumed = 1; consumed; begin += consumed) {
    vs_arena_reset(&batch_arena);
    cr_assert_eq(decoder->ops->decode(decoder, text.data + begin, text.size - begin, true, &batch_arena, &errors,
                                      &consumed, &got, &err),
                 VS_OK);
    expect_same(&wanted, &got, row_count);
    row_count += got.row_count;
  }
  cr_expect_eq(row_count, ROWS, "%s, seed %llu: %u rows", name, (unsigned long long)seed, row_count);
  cr_expect_eq(errors.count, 0, "%s, seed %llu: %s", name, (unsigned long long)seed, errors.samples[0].message);
  encoder->ops->free(encoder);
  decoder->ops->free(decoder);
  vs_text_release(&text);
  vs_arena_release(&batch_arena);
  vs_arena_release(&arena);
  cr_expect_eq(vs_memory_used(&test.memory), 0);
}

Test(format_round_trip, what_is_written_is_read) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    round_trip("csv", seed);
    round_trip("jsonl", seed);
    round_trip("json", seed);
  }
}

Test(format_registry, formats_are_found_by_name_alias_and_extension) {
  cr_expect_str_eq(vs_format_find(VS_STR("CSV"))->name, "csv");
  cr_expect_str_eq(vs_format_find(VS_STR("csv_no_header"))->name, "csv");
  cr_expect_str_eq(vs_format_find(VS_STR("ndjson"))->name, "jsonl");
  cr_expect_null(vs_format_find(VS_STR("parquet")));
  cr_expect_str_eq(vs_format_of_path(VS_STR("a.b/c.TSV"))->name, "csv");
  cr_expect_str_eq(vs_format_of_path(VS_STR("c.ndjson"))->name, "jsonl");
  cr_expect_null(vs_format_of_path(VS_STR("a.csv/c")));
  cr_expect_null(vs_format_of_path(VS_STR("c")));
  for (const struct vs_format *const *format = vs_format_all; *format; format++)
    cr_expect((*format)->doc && *(*format)->extensions && vs_format_find(vs_str_of((*format)->name)) == *format);
}

/* Every allocation fails once: an error, never a crash or a leak. */
Test(format_memory, every_refused_allocation_is_an_error) {
  static const char text[] = "a,b,c\n1,x,2.5\n2,\"y \"\"z\"\" and more than twelve\",1\n";
  static const char json[] = "{\"a\":1,\"b\":\"x\"}\n{\"b\":\"esc\\naped and more than twelve\",\"a\":2}\n";
  for (int k = 0; k < 2; k++) {
    bool is_done = false;
    for (uint64_t fail_at = 1; !is_done && fail_at < 1000; fail_at++) {
      struct test_env test;
      struct vs_arena arena;
      struct vs_inferred inferred;
      struct vs_error err;
      struct vs_decoder *decoder = NULL;
      struct vs_row_errors errors = {0};
      struct vs_batch batch;
      size_t consumed;
      test_env_init(&test);
      test.memory.fail_at = fail_at;
      vs_arena_init(&arena, &test.memory, 0);
      struct decoding decoding = decoding_of(k ? "jsonl" : "csv");
      const char *data = k ? json : text;
      const struct vs_format *format = vs_format_find(vs_str_of(decoding.format));
      vs_status status = infer_bytes(&decoding, data, strlen(data), &arena, &inferred, &err);
      if (status == VS_OK)
        status = format->decoder_new(&decoding.options, &inferred.schema, NULL, &test.env, &decoder, &err);
      if (status == VS_OK)
        status = decoder->ops->decode(decoder, data, strlen(data), true, &arena, &errors, &consumed, &batch, &err);
      cr_expect(status == VS_OK || err.code == VS_CODE_OUT_OF_MEMORY, "%s", err.message);
      if (status == VS_OK)
        cr_expect(batch.row_count == 2 || atomic_load(&test.memory.allocations) >= fail_at,
                  "no row is lost in silence");
      is_done = status == VS_OK && atomic_load(&test.memory.allocations) < fail_at;
      if (decoder) decoder->ops->free(decoder);
      vs_arena_release(&arena);
      cr_expect_eq(vs_memory_used(&test.memory), 0, "allocation %llu leaves memory behind",
                   (unsigned long long)fail_at);
    }
    cr_expect(is_done);
  }
}
