/* SPDX-License-Identifier: Apache-2.0
 * The short way through plain rows answers as the long one. The short way needs room behind a row, so a row at the very
 * end of the bytes goes the long way, and the same row with blank lines behind it the short one. */
#include "tests/engine/format/decoding.h"

#include <stdio.h>

enum { PADDING = 300, ROUNDS = 20000 };

static struct vs_field fields[] = {
    {.name = {"i", 1}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
    {.name = {"d", 1}, .type = {VS_TYPE_DECIMAL, 9, 2}, .is_nullable = true},
    {.name = {"s", 1}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true},
    {.name = {"t", 1}, .type = {VS_TYPE_TIMESTAMP, 0, 0}, .is_nullable = true},
};
static const struct vs_schema schema = {fields, 4, 4};

static void expect_same(const struct decoding *decoding, const char *head, const char *row, size_t row_size) {
  char text[1024];
  size_t size = strlen(head);
  memcpy(text, head, size);
  memcpy(text + size, row, row_size);
  size += row_size;
  char *the_long_way = decode(decoding, text, size);
  memset(text + size, '\n', PADDING);
  char *the_short_way = decode(decoding, text, size + PADDING);
  cr_expect_str_eq(the_short_way, the_long_way, "row: %.*s\nthe long way:\n%sthe short way:\n%s", (int)row_size, row,
                   the_long_way, the_short_way);
  free(the_long_way);
  free(the_short_way);
}

/* One to three bytes of a sound row become others, mostly some that mean something. */
static size_t mutate(struct vs_random *random, const char *row, char *ret_row) {
  static const char letters[] = "\"\\,;:{} \r\n\t0123456789.-+eETZntfua\x01\xff";
  size_t size = strlen(row);
  memcpy(ret_row, row, size);
  for (uint64_t i = 0, count = 1 + vs_random_below(random, 3); i < count; i++) {
    size_t at = vs_random_below(random, size);
    switch (vs_random_below(random, 3)) {
    case 0: /* leave one out */
      memmove(ret_row + at, ret_row + at + 1, size - at - 1);
      size--;
      break;
    case 1: /* say one twice */
      memmove(ret_row + at + 1, ret_row + at, size - at);
      size++;
      break;
    default: ret_row[at] = letters[vs_random_below(random, sizeof letters - 1)]; break;
    }
  }
  return size;
}

static void expect_mutations_same(const struct decoding *decoding, const char *head, const char *const *rows,
                                  size_t count) {
  struct vs_random random;
  char row[256];
  vs_random_seed(&random, 4711);
  for (size_t i = 0; i < count; i++)
    expect_same(decoding, head, rows[i], strlen(rows[i]));
  for (int i = 0; i < ROUNDS; i++) {
    size_t size = mutate(&random, rows[vs_random_below(&random, count)], row);
    expect_same(decoding, head, row, size);
  }
}

Test(format_plain, csv_rows_are_read_as_the_long_way_reads_them) {
  static const char *const rows[] = {"1,2.50,abc,2026-01-01T00:00:00\n", "2,0,x,2026-01-01T00:00:59.123456\n",
                                     "-12345678,-0.05,,2026-01-01 10:11:12.5Z\r\n", ",,twelve bytes,\n",
                                     "12345678901234567,1234567.89,\xC3\xA9,1767225600\n"};
  struct decoding csv = decoding_of("csv");
  csv.options.has_declared_schema = true;
  csv.schema = &schema;
  expect_mutations_same(&csv, "i,d,s,t\n7,7.00,x,2026-01-01T00:00:00\n", rows, VS_COUNT_OF(rows));
}

Test(format_plain, json_lines_are_read_as_the_long_way_reads_them) {
  static const char *const rows[] = {"{\"i\":1,\"d\":2.50,\"s\":\"abc\",\"t\":\"2026-01-01T00:00:00\"}\n",
                                     "{\"i\": -12, \"d\": 0.5, \"s\": null, \"t\": null}\r\n",
                                     "{\"i\":null,\"d\":1e1,\"s\":\"a\\\"b\",\"t\":1767225600}\n",
                                     "{\"i\":12345678901234567,\"d\":1,\"s\":\"\"}\n",
                                     "{\"i\":5,\"t\":\"2026-01-01T00:00:59.123456\"}\n"};
  struct decoding lines = decoding_of("jsonl");
  lines.schema = &schema;
  static const char head[] = "{\"i\":7,\"d\":7.00,\"s\":\"x\",\"t\":\"2026-01-01T00:00:00\"}\n";
  static struct vs_field some[] = {{.name = {"i", 1}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
                                   {.name = {"s", 1}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true}};
  static const struct vs_schema two = {some, 2, 2};
  expect_mutations_same(&lines, head, rows, VS_COUNT_OF(rows));
  lines.schema = &two;
  expect_mutations_same(&lines, head, rows, VS_COUNT_OF(rows));
}
