/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/format/decoding.h"

#include <stdio.h>

Test(format_csv, rfc_4180_forms) {
  struct decoding csv = decoding_of("csv");
  EXPECT_ROWS(&csv, "a,b\n1,x\n2,y\n", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n");
  EXPECT_ROWS(&csv, "a,b\r\n1,x\r\n2,y\r\n", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1,x", "{\"a\":1,\"b\":\"x\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1,x\r", "{\"a\":1,\"b\":\"x\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1,\"x,y\"\n", "{\"a\":1,\"b\":\"x,y\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1,\"x\ny\"\n2,z\n", "{\"a\":1,\"b\":\"x\\ny\"}\n{\"a\":2,\"b\":\"z\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1,\"x\r\ny\"\r\n", "{\"a\":1,\"b\":\"x\\r\\ny\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1,\"say \"\"hi\"\"\"\n", "{\"a\":1,\"b\":\"say \\\"hi\\\"\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1,\"\"\"\"\n", "{\"a\":1,\"b\":\"\\\"\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1,5\" pipe\n", "{\"a\":1,\"b\":\"5\\\" pipe\"}\n");
  EXPECT_ROWS(&csv, "a,b\n,\"\"\n1,x\n", "{\"a\":null,\"b\":\"\"}\n{\"a\":1,\"b\":\"x\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1, x \n", "{\"a\":1,\"b\":\" x \"}\n");
  EXPECT_ROWS(&csv, "a,b\n\"1\",x\n", "{\"a\":1,\"b\":\"x\"}\n");
  EXPECT_ROWS(&csv, "a,b\n1,x\n\n2,y\n\n", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n");
  EXPECT_ROWS(&csv, "a\n1\n\n3\n", "{\"a\":1}\n{\"a\":null}\n{\"a\":3}\n");
  EXPECT_ROWS(&csv, "a,b\n", "");
}

Test(format_csv, header_names_are_made_usable) {
  struct decoding csv = decoding_of("csv");
  EXPECT_ROWS(&csv,
              "\xEF\xBB\xBF"
              "a,b\n1,2\n",
              "{\"a\":1,\"b\":2}\n");
  EXPECT_ROWS(&csv, "a,,a,\"b \"\"q\"\"\"\n1,2,3,4\n", "{\"a\":1,\"column_2\":2,\"a_2\":3,\"b \\\"q\\\"\":4}\n");
  csv.options.has_header = false;
  EXPECT_ROWS(&csv, "1,x\n2,y\n", "{\"column_1\":1,\"column_2\":\"x\"}\n{\"column_1\":2,\"column_2\":\"y\"}\n");
  csv.options.has_header = true;
  csv.options.skip_lines = 2;
  EXPECT_ROWS(&csv, "# one\n# \"two\na,b\n1,x\n", "{\"a\":1,\"b\":\"x\"}\n");
  csv = decoding_of("csv");
  csv.options.delimiter = ';';
  csv.options.quote = '\'';
  EXPECT_ROWS(&csv, "a;b\n1;'x;\"''y'\n", "{\"a\":1,\"b\":\"x;\\\"'y\"}\n");
}

static const char ugly[] = "\xEF\xBB\xBF"
                           "id,name,price,at,ok\r\n"
                           "1,plain,1.50,2020-01-02T03:04:05Z,true\r\n"
                           "2,\"quoted, with comma\",2.25,2020-01-02T03:04:06.5Z,FALSE\n"
                           "3,\"two\nlines \"\"and\"\" quotes\",,,\n"
                           "4,\"\",-0.75,2020-01-02T03:04:07Z,true\r\n"
                           "\n"
                           "5,ragged\n"
                           "6,\"never closed,1.00,2020-01-02T03:04:08Z,true\n"
                           "7,\"bad\"tail,1.00,2020-01-02T03:04:08Z,true\n"
                           "x8,not a number,1.00,2020-01-02T03:04:08Z,true\n"
                           "9,\xff\xfe,1.00,2020-01-02T03:04:08Z,true\n"
                           "10,\xC3\xA9 an accent that is longer than twelve bytes,1.0,2020-01-02T03:04:09Z,true";

static struct vs_field ugly_fields[] = {{.name = {"id", 2}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
                                        {.name = {"name", 4}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true},
                                        {.name = {"price", 5}, .type = {VS_TYPE_DECIMAL, 18, 2}, .is_nullable = true},
                                        {.name = {"at", 2}, .type = {VS_TYPE_TIMESTAMP, 0, 0}, .is_nullable = true},
                                        {.name = {"ok", 2}, .type = {VS_TYPE_BOOLEAN, 0, 0}, .is_nullable = true}};
static const struct vs_schema ugly_schema = {ugly_fields, 5, 5};

static const char ugly_rows[] =
    "{\"id\":1,\"name\":\"plain\",\"price\":\"1.50\",\"at\":\"2020-01-02 03:04:05.000\",\"ok\":true}\n"
    "{\"id\":2,\"name\":\"quoted, with comma\",\"price\":\"2.25\",\"at\":\"2020-01-02 03:04:06.500\",\"ok\":false}\n"
    "{\"id\":3,\"name\":\"two\\nlines \\\"and\\\" quotes\",\"price\":null,\"at\":null,\"ok\":null}\n"
    "{\"id\":4,\"name\":\"\",\"price\":\"-0.75\",\"at\":\"2020-01-02 03:04:07.000\",\"ok\":true}\n"
    "{\"id\":10,\"name\":\"\xC3\xA9 an accent that is longer than twelve "
    "bytes\",\"price\":\"1.00\",\"at\":\"2020-01-02 "
    "03:04:09.000\",\"ok\":true}\n"
    "bad 5\n"
    "VELO-3002 line 8: 2 fields, the other rows have 5\n"
    "VELO-3004 line 9: a quoted field is not closed before its delimiter\n"
    "VELO-3004 line 10: a quoted field is not closed before its delimiter\n"
    "VELO-3001 line 11, column id: 'x8' is no INTEGER; declare it STRING, then CAST\n"
    "VELO-3005 line 12, column name: not UTF-8\n";

Test(format_csv, every_split_gives_the_same_rows) {
  struct decoding csv = decoding_of("csv");
  csv.schema = &ugly_schema;
  EXPECT_ROWS(&csv, ugly, ugly_rows);
  for (csv.first_cut = 1; csv.first_cut < sizeof ugly - 1; csv.first_cut++)
    EXPECT_ROWS(&csv, ugly, ugly_rows);
  for (csv.step = 1; csv.step < 20; csv.step++) {
    csv.first_cut = csv.step;
    EXPECT_ROWS(&csv, ugly, ugly_rows);
  }
}

Test(format_csv, an_unclosed_quote_costs_its_own_line) {
  struct decoding csv = decoding_of("csv");
  EXPECT_ROWS(&csv, "a,b\n1,\"x\n2,y\n3,z\n",
              "{\"a\":2,\"b\":\"y\"}\n{\"a\":3,\"b\":\"z\"}\nbad 1\n"
              "VELO-3004 line 2: a quoted field is not closed before its delimiter\n");
  EXPECT_ROWS(&csv, "a,b\n1,y\n2,\"x",
              "{\"a\":1,\"b\":\"y\"}\nbad 1\nVELO-3004 line 3: a quoted field is not closed before its delimiter\n");
}

Test(format_csv, a_row_over_16_mib_is_bad_and_the_rest_arrives) {
  struct decoding csv = decoding_of("csv");
  size_t size = (size_t)17 << 20;
  char *data = malloc(size + 64);
  memset(data, 'x', size);
  memcpy(data, "a,b\n1,y\n2,", 10);
  memcpy(data + size, "\n3,z\n", 5);
  csv.options.has_declared_schema = true; /* the first rows are enough to infer */
  csv.first_cut = 1 << 20;
  csv.step = 8 << 20;
  static struct vs_field fields[] = {{.name = {"a", 1}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
                                     {.name = {"b", 1}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true}};
  static const struct vs_schema schema = {fields, 2, 2};
  csv.schema = &schema;
  expect_rows(&csv, data, size + 5,
              "{\"a\":1,\"b\":\"y\"}\n{\"a\":3,\"b\":\"z\"}\nbad 1\nVELO-5004 line 3: longer than 16 MiB\n");
  data[10] = '"';
  data[100] = '\n';
  memcpy(data + 101, "4,w\n", 4);
  char *rows = decode(&csv, data, size + 5);
  cr_expect(strstr(rows, "{\"a\":4,\"b\":\"w\"}"), "the line behind the broken quote arrives");
  cr_expect(strstr(rows, "VELO-3004 line 3: a quoted field is never closed"), "%s", rows);
  free(rows);
  free(data);
}

Test(format_csv, strings_stay_right_when_the_dictionary_overflows) {
  struct decoding csv = decoding_of("csv");
  enum { ROWS = 9000 };
  char *data = malloc(ROWS * 80), *wanted = malloc(ROWS * 100);
  size_t size = (size_t)snprintf(data, 80, "k,s\n"), wanted_size = 0;
  for (int i = 0; i < ROWS; i++) {
    const char *tail = i % 3 ? "" : " and longer than twelve bytes";
    size += (size_t)snprintf(data + size, 80, "%d,%s%d%s\n", i, i % 7 ? "v" : "w", i % 5000, tail);
    wanted_size += (size_t)snprintf(wanted + wanted_size, 100, "{\"k\":%d,\"s\":\"%s%d%s\"}\n", i, i % 7 ? "v" : "w",
                                    i % 5000, tail);
  }
  char *rows = decode(&csv, data, size);
  cr_expect_str_eq(rows, wanted);
  free(rows);
  free(wanted);
  free(data);
}

Test(format_csv, columns_nobody_reads_are_not_looked_at) {
  struct decoding csv = decoding_of("csv");
  const bool projection[] = {true, false, true, false, false};
  csv.schema = &ugly_schema;
  csv.projection = projection;
  struct test_env test;
  struct vs_arena arena;
  struct vs_error err;
  struct vs_decoder *decoder;
  struct vs_row_errors errors = {0};
  struct vs_batch batch;
  size_t consumed;
  static const char text[] = "price,ok,id,name,at,more\n1.5,maybe,7,x,never,z\n";
  test_env_init(&test);
  vs_arena_init(&arena, &test.memory, 0);
  cr_assert_eq(
      vs_format_find(VS_STR("csv"))->decoder_new(&csv.options, &ugly_schema, projection, &test.env, &decoder, &err),
      VS_OK);
  cr_assert_eq(decoder->ops->decode(decoder, text, sizeof text - 1, true, &arena, &errors, &consumed, &batch, &err),
               VS_OK);
  cr_expect_eq(batch.row_count, 1);
  cr_expect_eq(errors.count, 0, "'maybe' is no BOOLEAN, but nobody reads it");
  cr_expect_null(batch.columns[1].data);
  cr_expect_eq(((int64_t *)batch.columns[0].data)[0], 7, "columns are found by name, not by place");
  cr_expect_eq(((int64_t *)batch.columns[2].data)[0], 150);
  decoder->ops->free(decoder);
  vs_arena_release(&arena);
}

Test(format_csv, values_that_do_not_fit_fail_their_row) {
  static struct vs_field fields[] = {{.name = {"i", 1}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
                                     {.name = {"d", 1}, .type = {VS_TYPE_DECIMAL, 5, 2}, .is_nullable = true},
                                     {.name = {"f", 1}, .type = {VS_TYPE_FLOAT, 0, 0}, .is_nullable = true},
                                     {.name = {"n", 1}, .type = {VS_TYPE_STRING, 0, 0}}};
  static const struct vs_schema schema = {fields, 4, 4};
  struct decoding csv = decoding_of("csv");
  csv.schema = &schema;
  EXPECT_ROWS(&csv,
              "i,d,f,n\n9223372036854775807,999.99,1e3,x\n-9223372036854775808,-1.500,0.1,x\n12.0,1e2,-2,x\n"
              "9223372036854775808,1,1,x\n1,1000,1,x\n1,0.005,1,x\n1,1,1e999,x\n1,1,1,\n",
              "{\"i\":9223372036854775807,\"d\":\"999.99\",\"f\":1000,\"n\":\"x\"}\n"
              "{\"i\":-9223372036854775808,\"d\":\"-1.50\",\"f\":0.1,\"n\":\"x\"}\n"
              "{\"i\":12,\"d\":\"100.00\",\"f\":-2,\"n\":\"x\"}\n"
              "bad 5\n"
              "VELO-3001 line 5, column i: '9223372036854775808' is no INTEGER; declare it DECIMAL(38,10), or CAST\n"
              "VELO-3001 line 6, column d: '1000' is no DECIMAL(5,2); declare it DECIMAL(38,10), or CAST\n"
              "VELO-3001 line 7, column d: '0.005' is no DECIMAL(5,2); declare it DECIMAL(38,10), or CAST\n"
              "VELO-3001 line 8, column f: '1e999' is no FLOAT; declare it STRING, then CAST\n"
              "VELO-3001 line 9, column n: no value, and it is NOT NULL\n");
}
