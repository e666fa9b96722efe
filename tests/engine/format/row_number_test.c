/* SPDX-License-Identifier: Apache-2.0
 * Every row of a batch has the number of the line it begins on, however far apart the lines are. Column n is that line.
 */
#include "tests/engine/format/decoding.h"

#include <stdio.h>

static struct vs_field fields[] = {{.name = {"n", 1}, .type = {VS_TYPE_INTEGER, 0, 0}}};
static const struct vs_schema schema = {fields, 1, 1};

struct numbering {
  uint64_t batches, rows, offsets; /* offsets: batches that say their lines row by row */
};

static struct numbering number_rows(const char *format_name, const struct vs_text *text, bool has_header) {
  struct test_env test;
  struct vs_decoder *decoder;
  struct vs_arena arena;
  struct vs_row_errors errors = {0};
  struct vs_format_options options;
  struct numbering numbering = {0};
  size_t at = 0, consumed = 1;
  struct vs_batch batch = {0};
  test_env_init(&test);
  vs_arena_init(&arena, &test.memory, 0);
  vs_format_options_default(&options);
  options.has_header = has_header;
  const struct vs_format *format = vs_format_find(vs_str_of(format_name));
  cr_assert_eq(format->decoder_new(&options, &schema, NULL, &test.env, &decoder, NULL), VS_OK);
  while (consumed || batch.row_count) {
    vs_arena_reset(&arena);
    cr_assert_eq(
        decoder->ops->decode(decoder, text->data + at, text->size - at, true, &arena, &errors, &consumed, &batch, NULL),
        VS_OK);
    at += consumed;
    for (uint32_t i = 0; i < batch.row_count; i++)
      cr_assert_eq((int64_t)vs_batch_row_number(&batch, i), ((const int64_t *)batch.columns[0].data)[i]);
    numbering.batches += batch.row_count > 0;
    numbering.offsets += batch.row_count > 0 && batch.row_offsets != NULL;
    numbering.rows += batch.row_count;
  }
  decoder->ops->free(decoder);
  vs_arena_release(&arena);
  return numbering;
}

/* Rows with so many lines between them that two, or three, do not fit one batch. */
static void expect_far_rows_numbered(const char *format, const char *row, int gap) {
  struct test_env test;
  struct vs_text text;
  test_env_init(&test);
  vs_text_init(&text, &test.memory, 0);
  int line = 1;
  for (int i = 0; i < 6; i++) {
    vs_text_puts(&text, row);
    vs_text_printf(&text, strcmp(format, "csv") == 0 ? "%d\n" : "%d}\n", line++);
    for (int blank = 0; blank < gap; blank++, line++)
      vs_text_puts(&text, "\n");
  }
  struct numbering numbering = number_rows(format, &text, false);
  cr_expect_eq(numbering.rows, 6, "%s with gaps of %d", format, gap);
  vs_text_release(&text);
}

Test(format_row_number, rows_far_apart_have_their_lines) {
  static const int gaps[] = {0, 1, 2047, 2048, 32000, 63486, 63487, 63488, 65534, 65535, 65536, 140000};
  for (size_t i = 0; i < VS_COUNT_OF(gaps); i++) {
    expect_far_rows_numbered("csv", "", gaps[i]);
    expect_far_rows_numbered("jsonl", "{\"n\":", gaps[i]);
    expect_far_rows_numbered("json", "{\"n\":", gaps[i]);
  }
}

Test(format_row_number, rows_one_below_the_other_need_no_offsets) {
  struct test_env test;
  struct vs_text text;
  test_env_init(&test);
  vs_text_init(&text, &test.memory, 0);
  for (int line = 1; line < 5000; line++)
    vs_text_printf(&text, "{\"n\":%d}\n", line);
  struct numbering numbering = number_rows("jsonl", &text, false);
  cr_expect(numbering.rows == 4999 && numbering.batches == 3 && numbering.offsets == 0);
  vs_text_clear(&text);
  vs_text_puts(&text, "n\n");
  for (int line = 2; line < 5000; line++)
    vs_text_printf(&text, line % 3 ? "%d\n" : "\"%d\"\n", line);
  numbering = number_rows("csv", &text, true);
  cr_expect(numbering.rows == 4998 && numbering.batches == 3 && numbering.offsets == 0);
  vs_text_release(&text);
}
