/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/format/decoding.h"

#include <stdio.h>

static void expect_type(const char *format, const char *bytes, const char *wanted) {
  struct decoding decoding = decoding_of(format);
  struct test_env test;
  struct vs_arena arena;
  struct vs_inferred inferred;
  struct vs_error err;
  char type[32];
  test_env_init(&test);
  vs_arena_init(&arena, &test.memory, 0);
  cr_assert_eq(infer_bytes(&decoding, bytes, strlen(bytes), &arena, &inferred, &err), VS_OK, "%s", err.message);
  const char *got = vs_type_print(inferred.schema.fields[0].type, type);
  cr_expect_str_eq(got, wanted, "%s is %s, wanted %s", bytes, got, wanted);
  vs_arena_release(&arena);
  cr_expect_eq(vs_memory_used(&test.memory), 0);
}

Test(format_infer, csv_types_by_values) {
  static const char *const rows[][2] = {
      {"v\n1\n-2\n", "INTEGER"},
      {"v\n1\n\n", "INTEGER"},
      {"v\n\"1\"\n", "INTEGER"},
      {"v\n0\n10\n", "INTEGER"},
      {"v\n9223372036854775807\n", "INTEGER"},
      {"v\n9223372036854775808\n1\n", "DECIMAL(38,0)"},
      {"v\n1.5\n22.25\n", "DECIMAL(18,2)"},
      {"v\n1\n0.50\n", "DECIMAL(18,2)"},
      {"v\n-0.00000001\n1234567890\n", "DECIMAL(18,8)"},
      {"v\n0.00000001\n12345678901\n", "DECIMAL(38,8)"},
      {"v\n1.12345678901234567890\n", "DECIMAL(38,20)"},
      {"v\n1234567890.123456789012345678901234567890\n", "FLOAT"},
      {"v\n1e3\n2\n", "FLOAT"},
      {"v\n1.5\n2E-3\n", "FLOAT"},
      {"v\n007\n", "STRING"},
      {"v\n-007\n", "STRING"},
      {"v\n0.7\n", "DECIMAL(18,1)"},
      {"v\n+1\n", "STRING"},
      {"v\n1.\n", "STRING"},
      {"v\n1\nx\n", "STRING"},
      {"v\n1\n\"\"\n", "STRING"},
      {"v\n1e\n", "STRING"},
      {"v\n-\n", "STRING"},
      {"v\nnan\n", "STRING"},
      {"v\ntrue\nFALSE\n", "BOOLEAN"},
      {"v\nyes\nno\n", "STRING"},
      {"v\ntrue\n1\n", "STRING"},
      {"v\n2020-01-31\n", "DATE"},
      {"v\n2020-02-31\n", "STRING"},
      {"v\n2020-01-31\n2020-01-31T10:00:00Z\n", "TIMESTAMP"},
      {"v\n2001/01/01 01:10\n", "TIMESTAMP"},
      {"v\n2020-01-31\n5\n", "STRING"},
      {"v\n\n\n", "STRING"},
      {"v\n", "STRING"},
  };
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    expect_type("csv", rows[i][0], rows[i][1]);
}

Test(format_infer, json_types_by_values) {
  static const char *const rows[][2] = {
      {"{\"v\":1}", "INTEGER"},
      {"{\"v\":\"1\"}", "STRING"},
      {"{\"v\":\"12.50\"}", "STRING"},
      {"{\"v\":1.25}{\"v\":3}", "DECIMAL(18,2)"},
      {"{\"v\":0.1234567890123456789}", "FLOAT"},
      {"{\"v\":0.123456789012345678}", "DECIMAL(38,18)"},
      {"{\"v\":1e5}", "FLOAT"},
      {"{\"v\":18446744073709551615}", "DECIMAL(38,0)"},
      {"{\"v\":true}{\"v\":null}", "BOOLEAN"},
      {"{\"v\":true}{\"v\":1}", "STRING"},
      {"{\"v\":\"2020-01-31\"}", "DATE"},
      {"{\"v\":\"2020-01-31\"}{\"v\":\"2020-01-31 10:00\"}", "TIMESTAMP"},
      {"{\"v\":\"2020-01-31\"}{\"v\":\"soon\"}", "STRING"},
      {"{\"v\":{\"a\":1}}", "JSON"},
      {"{\"v\":[1]}{\"v\":2}", "JSON"},
      {"{\"v\":null}", "STRING"},
  };
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    expect_type("json", rows[i][0], rows[i][1]);
}

static void expect_time(const char *bytes, const char *wanted, vs_epoch_unit unit) {
  struct decoding decoding = decoding_of("csv");
  struct test_env test;
  struct vs_arena arena;
  struct vs_inferred inferred;
  struct vs_error err;
  test_env_init(&test);
  vs_arena_init(&arena, &test.memory, 0);
  cr_assert_eq(infer_bytes(&decoding, bytes, strlen(bytes), &arena, &inferred, &err), VS_OK);
  int column = inferred.time_column;
  struct vs_str name = column < 0 ? VS_STR("") : inferred.schema.fields[column].name;
  cr_expect(vs_str_equal(name, vs_str_of(wanted)), "%s: %.*s", bytes, VS_STR_ARG(name));
  if (column >= 0) cr_expect_eq(inferred.units[column], unit, "%s", bytes);
  vs_arena_release(&arena);
}

Test(format_infer, event_time_by_name_order_and_values) {
  expect_time("date,ts\n2020-01-01,2020-01-01T00:00:00Z\n", "ts", VS_EPOCH_AUTO);
  expect_time("time,event_time\n2020-01-01,2020-01-01\n", "event_time", VS_EPOCH_AUTO);
  expect_time("date,created_at\n2020-01-01,2020-01-01\n", "created_at", VS_EPOCH_AUTO);
  expect_time("Timestamp\n1582329602\n", "Timestamp", VS_EPOCH_SECONDS);
  expect_time("timestamp\n1582329602111\n", "timestamp", VS_EPOCH_MILLIS);
  expect_time("timestamp\n1582329602111000\n", "timestamp", VS_EPOCH_MICROS);
  expect_time("timestamp\n1582329602111000000\n", "timestamp", VS_EPOCH_NANOS);
  expect_time("time,date\n17,2020-01-01\n", "date", VS_EPOCH_AUTO);
  expect_time("time\n17\n", "", VS_EPOCH_AUTO);
  expect_time("when\n2020-01-01\n", "", VS_EPOCH_AUTO);
  expect_time("ts\nsoon\n", "", VS_EPOCH_AUTO);
}

/* 80 MiB of rows of 16 bytes that exist only when they are read; one row in the dark has more decimals. */
static vs_status read_large(void *context, uint64_t offset, char *buffer, size_t capacity, size_t *ret_size,
                            struct vs_error *err) {
  static const char header[] = "id_____,price__\n";
  const uint64_t total = *(const uint64_t *)context;
  char row[32];
  (void)err;
  *ret_size = offset < total ? VS_MIN(capacity, (size_t)(total - offset)) : 0;
  for (size_t i = 0; i < *ret_size; i++) {
    uint64_t number = (offset + i) / 16;
    if (i == 0 || (offset + i) % 16 == 0)
      snprintf(row, sizeof row, "%7llu,%s\n", (unsigned long long)(number + 1000000),
               number > 2000000 ? "1234.25" : "1234567");
    buffer[i] = number ? row[(offset + i) % 16] : header[(offset + i) % 16];
  }
  return VS_OK;
}

Test(format_infer, a_large_file_is_sampled_all_over) {
  uint64_t total = UINT64_C(80) << 20;
  struct decoding decoding = decoding_of("csv");
  const struct vs_bytes_reader reader = {&total, (int64_t)total, read_large};
  struct test_env test;
  struct vs_arena arena;
  struct vs_inferred inferred;
  struct vs_error err;
  test_env_init(&test);
  vs_arena_init(&arena, &test.memory, 0);
  cr_assert_eq(vs_format_find(VS_STR("csv"))->infer(&decoding.options, &reader, &arena, &inferred, &err), VS_OK, "%s",
               err.message);
  cr_expect_not(inferred.is_whole);
  cr_expect_gt(inferred.sampled_rows, 10000);
  cr_expect_lt(inferred.sampled_rows, 1000000, "%llu", (unsigned long long)inferred.sampled_rows);
  struct vs_type type = inferred.schema.fields[1].type;
  cr_expect(vs_type_equal(type, vs_type_decimal(18, 4)), "two places more than were seen");
  vs_arena_release(&arena);
  cr_expect_eq(vs_memory_used(&test.memory), 0);
}

static void expect_failure(const char *format, const char *bytes, vs_code code) {
  struct decoding decoding = decoding_of(format);
  struct test_env test;
  struct vs_arena arena;
  struct vs_inferred inferred;
  struct vs_error err;
  test_env_init(&test);
  vs_arena_init(&arena, &test.memory, 0);
  cr_expect_neq(infer_bytes(&decoding, bytes, strlen(bytes), &arena, &inferred, &err), VS_OK, "%s", bytes);
  cr_expect_eq(err.code, code, "%s: %s", bytes, err.message);
  vs_arena_release(&arena);
  cr_expect_eq(vs_memory_used(&test.memory), 0);
}

Test(format_infer, bytes_without_columns_are_refused) {
  expect_failure("csv", "\xEF\xBB\xBF", VS_CODE_NO_SCHEMA);
  expect_failure("csv", "\"a,b\n1,2\n", VS_CODE_BROKEN_QUOTE);
  expect_failure("csv", "a\xff,b\n1,2\n", VS_CODE_NO_SCHEMA);
  expect_failure("json", "[]", VS_CODE_NO_SCHEMA);
  expect_failure("json", "a,b\n1,2\n", VS_CODE_NO_SCHEMA);
  expect_failure("jsonl", "[{\"a\":1}]", VS_CODE_NO_SCHEMA);
}
