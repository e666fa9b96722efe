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

/* One field, in quotes for one in `quoted`. */
static void put_csv_field(struct vs_random *random, uint32_t quoted, const char *value, const char *end,
                          struct vs_text *text) {
  const char *quote = quoted && vs_random_below(random, quoted) == 0 ? "\"" : "";
  vs_text_printf(text, "%s%s%s%s", quote, value, quote, end);
}

struct csv_shape {
  uint32_t odds;    /* one row in so many is not plain, or not sound */
  uint32_t quoted;  /* one field in so many has quotes; 0: none */
  uint32_t strings; /* distinct ones */
};

static void put_csv_row(struct vs_random *random, const struct csv_shape *shape, struct vs_text *text) {
  static const char *const numbers[] = {"0", "7", "-12", "1234567", "-12345678", "123456789012"};
  static const char *const decimals[] = {"2.50", "-0.05", "12", "", "7.", ".5", "1234567.89", "-3.1", "-999999.99"};
  static const char *const times[] = {"2026-01-01T00:00:59.123456", "2026-01-01T00:00:07.000001", "", "1767225600"};
  static const char *const odd[] = {"1,\"2.50\",x,\n",
                                    "1,2,\"a \"\"b\"\"\",\n",
                                    "1,2\n",
                                    "1,2,3,4,5\n",
                                    "\n",
                                    ",2,x,\n",
                                    "1.5,2,x,\n",
                                    "1,2.505,x,\n",
                                    "1,.,x,\n",
                                    "1,-,x,\n",
                                    "1,2,\xff,\n",
                                    "1,2,x,then\n",
                                    "1,2,\"x\n",
                                    "1,2,\"two\nlines\",\n",
                                    "9,1.00,x,2026-01-01T00:00:00\r\n",
                                    "--1,2,x,\n",
                                    "1,2,a\"b,\n",
                                    "1,2,a\"b\"c,\n",
                                    "1,2,\"a\"b,\n",
                                    "1,2,\",\n",
                                    "1,2,\"a,b,\n\"1\",2,c\",\n",
                                    "1,2,\"a\"\"\",\n",
                                    "1,2,\"\"\"\",\n",
                                    "1,2,x,\"\"\r\n",
                                    "1,2,x,\"2026-01-01\"\r\n",
                                    "1,9223372036854775808,x,\n",
                                    "1,-99999999999999999999,x,\n",
                                    "123456789012345678,1,x,\n",
                                    "1,2,a\",\"b\n",
                                    "\"1,2\",3,x,\n",
                                    "1,2,\"\"a\"\",\n",
                                    "1,2, \"x\",\n"};
  char string[32] = "";
  if (vs_random_below(random, shape->odds) == 0) {
    vs_text_puts(text, odd[vs_random_below(random, VS_COUNT_OF(odd))]);
    return;
  }
  uint32_t number = (uint32_t)vs_random_below(random, shape->strings);
  if (number) snprintf(string, sizeof string, number % 3 ? "s%u" : "a longer string %u", number);
  put_csv_field(random, shape->quoted, numbers[vs_random_below(random, VS_COUNT_OF(numbers))], ",", text);
  put_csv_field(random, shape->quoted, decimals[vs_random_below(random, VS_COUNT_OF(decimals))], ",", text);
  if (shape->quoted && vs_random_below(random, 5) == 0)
    vs_text_puts(text, "\"with, a comma\",");
  else
    put_csv_field(random, shape->quoted, string, ",", text);
  put_csv_field(random, shape->quoted, times[vs_random_below(random, VS_COUNT_OF(times))], "\n", text);
}

/* Many plain rows are read column by column. Given a byte more at a time, each row goes the long way alone. Also with
 * more distinct strings than a dictionary takes, and with columns left out. */
Test(format_plain, csv_rows_together_are_read_as_each_alone) {
  static const uint32_t odds[] = {2, 20, 300, 100000}, counts[] = {40, 400, 700, 6000}, quoted[] = {0, 2, 100};
  static struct vs_field required[4];
  static const struct vs_schema all = {required, 4, 4}, two = {required + 1, 2, 2};
  struct decoding csv = decoding_of("csv");
  struct vs_memory memory;
  struct vs_random random;
  memcpy(required, fields, sizeof fields);
  required[0].is_nullable = false;
  csv.options.has_declared_schema = true;
  vs_memory_init(&memory, NULL, 0);
  vs_random_seed(&random, 4713);
  for (uint32_t round = 0; round < 24; round++) {
    const struct csv_shape shape = {odds[round / 4 % 4], quoted[round % 3], round % 4 == 3 ? 60000 : 9};
    struct vs_text text;
    vs_text_init(&text, &memory, 0);
    vs_text_puts(&text, "i,d,s,t\n");
    for (uint32_t row = 0; row < counts[round % 4]; row++)
      put_csv_row(&random, &shape, &text);
    csv.schema = round % 5 == 1 ? &two : &all;
    csv.step = csv.first_cut = 1;
    char *alone = decode(&csv, text.data, text.size);
    csv.step = csv.first_cut = 0;
    char *together = decode(&csv, text.data, text.size);
    cr_assert_str_eq(together, alone, "round %u", round);
    free(alone);
    free(together);
    vs_text_release(&text);
  }
}

#define LONG_NAME "a_name_that_is_longer_than_any_lane_of_bytes"
#define LONGER_NAME LONG_NAME "_and_than_what_every_step_may_read_ahead"

/* One member of a row, mostly as its name wants it; unwanted ones may be anything sound. */
static void put_member(struct vs_random *random, uint32_t which, const char *space, struct vs_text *text) {
  static const char *const names[] = {"i", "s", LONG_NAME, "t", "x", LONGER_NAME, "y"};
  static const char *const integers[] = {"1", "-12", "123456789012", "null", "0", "12345678", "7.0", "\"5\"", "1e1"};
  static const char *const strings[] = {"\"abc\"", "\"\"",       "\"twelve bytes\"",
                                        "null",    "\"a\\\"b\"", "\"a text that does not fit into the string itself\""};
  static const char *const times[] = {"\"2026-01-01T00:00:59.123456\"", "\"2026-01-01T00:00:07.000001\"",
                                      "\"2026-01-01T00:01:00\"", "null", "1767225600"};
  static const char *const others[] = {"12",   "-1.5e3", "\"text\"", "\"a \\\\ \\\" b\"", "[1, {\"i\": 2}]",
                                       "true", "{}"};
  vs_text_printf(text, "\"%s\":%s", names[which], space);
  switch (which) {
  case 0:
  case 2: vs_text_puts(text, integers[vs_random_below(random, VS_COUNT_OF(integers))]); break;
  case 1: vs_text_puts(text, strings[vs_random_below(random, VS_COUNT_OF(strings))]); break;
  case 3: vs_text_puts(text, times[vs_random_below(random, VS_COUNT_OF(times))]); break;
  default: vs_text_puts(text, others[vs_random_below(random, VS_COUNT_OF(others))]); break;
  }
}

/* How rows look for a while: members in the usual order or some left out, moved or said twice; spaces or none. */
struct shape {
  uint32_t order[7], count;
  const char *space, *end;
};

static struct shape shape_of(struct vs_random *random) {
  struct shape shape = {{0, 4, 1, 2, 5, 3, 6},
                        7,
                        vs_random_below(random, 4) == 0 ? " " : "",
                        vs_random_below(random, 4) == 0 ? "}\r\n" : "}\n"};
  if (vs_random_below(random, 2)) return shape;
  shape.order[vs_random_below(random, 7)] = shape.order[vs_random_below(random, 7)];
  uint32_t kept = 0;
  for (uint32_t i = 0; i < shape.count; i++)
    if (vs_random_below(random, 4)) shape.order[kept++] = shape.order[i];
  shape.count = kept;
  return shape;
}

static void put_row(struct vs_random *random, const struct shape *shape, struct vs_text *text) {
  vs_text_puts(text, "{");
  for (uint32_t i = 0; i < shape->count; i++) {
    if (i) vs_text_printf(text, ",%s", shape->space);
    put_member(random, shape->order[i], shape->space, text);
  }
  vs_text_puts(text, shape->end);
}

Test(format_plain, json_lines_together_are_read_as_each_alone) {
  static struct vs_field wanted[] = {
      {.name = {"i", 1}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
      {.name = {"s", 1}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true},
      {.name = {LONG_NAME, sizeof LONG_NAME - 1}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
      {.name = {"t", 1}, .type = {VS_TYPE_TIMESTAMP, 0, 0}, .is_nullable = true}};
  static const struct vs_schema four = {wanted, 4, 4}, two = {wanted + 1, 2, 2};
  struct decoding lines = decoding_of("jsonl");
  struct vs_memory memory;
  struct vs_random random;
  struct vs_text text, alone;
  vs_memory_init(&memory, NULL, 0);
  vs_random_seed(&random, 4712);
  for (int round = 0; round < 240; round++) {
    struct shape shape = shape_of(&random);
    lines.schema = round % 2 ? &four : &two;
    vs_text_init(&text, &memory, 0);
    vs_text_init(&alone, &memory, 0);
    for (int row = 0; row < 50; row++) {
      size_t begin = text.size;
      if (vs_random_below(&random, 6) == 0) shape = shape_of(&random);
      put_row(&random, &shape, &text);
      char *rows = decode(&lines, text.data + begin, text.size - begin);
      vs_text_puts(&alone, rows);
      free(rows);
    }
    char *together = decode(&lines, text.data, text.size);
    cr_assert_str_eq(together, alone.data, "from:\n%s", text.data);
    free(together);
    vs_text_release(&text);
    vs_text_release(&alone);
  }
}
