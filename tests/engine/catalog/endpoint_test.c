/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/connect/folder.h"

#include <fcntl.h>
#include <sys/stat.h>

static void expect_refused(struct test_folder *folder, const char *path, struct test_with *with,
                           const struct vs_create *create, vs_code code, const char *message, const char *hint) {
  struct vs_endpoint endpoint;
  struct vs_error err;
  cr_expect_neq(resolve_with(folder, path, with, create, &endpoint, &err), VS_OK, "%s", path);
  cr_expect_eq(err.code, code, "%s: VELO-%d %s", path, (int)err.code, err.message);
  cr_expect(strstr(err.message, message), "%s: %s", path, err.message);
  cr_expect(strstr(err.hint, hint), "%s: %s", path, err.hint);
  cr_expect(vs_span_is_known(err.span), "%s", err.message);
}

Test(catalog_endpoint, a_path_that_cannot_be_read_says_why) {
  struct test_folder folder;
  folder_open(&folder);
  folder_put(&folder, "trades.csv", "w", "a\n1\n");
  folder_put(&folder, "empty.csv", "w", "");
  folder_put(&folder, "data.bin", "w", "x");
  char sub[128];
  snprintf(sub, sizeof sub, "%s/sub", folder.path);
  mkdir(sub, 0777);
  folder_put(&folder, "sub/flights.json", "w", "[{\"a\":1}]");
  expect_refused(&folder, "trade.csv", NULL, NULL, VS_CODE_NO_FILE, folder.path, "did you mean trades.csv?");
  expect_refused(&folder, "nothing/at/all.csv", NULL, NULL, VS_CODE_NO_FILE, "no file 'nothing/at/all.csv'",
                 "'sub/flights.json', 'trades.csv'");
  expect_refused(&folder, "empty.csv", NULL, NULL, VS_CODE_EMPTY_FILE, "'empty.csv' is empty", "");
  expect_refused(&folder, "data.bin", NULL, NULL, VS_CODE_UNKNOWN_FORMAT, "'data.bin'", "'s.format' = 'csv'");
  expect_refused(&folder, "sub", NULL, NULL, VS_CODE_NO_FILE, "'sub' is a folder", "name one file in it: 'sub/...'");
  expect_refused(&folder, "kafka://trades", NULL, NULL, VS_CODE_NOT_YET, "kafka://", "files can");
  expect_refused(&folder, "*.csv", NULL, NULL, VS_CODE_NOT_YET, "patterns", "one file");
  expect_refused(&folder, "", NULL, NULL, VS_CODE_NO_FILE, "empty", "");
  struct vs_endpoint endpoint;
  struct vs_error err;
  char url[128];
  cr_expect_eq(resolve_with(&folder, "file://trades.csv", NULL, NULL, &endpoint, &err), VS_OK, "%s", err.message);
  snprintf(url, sizeof url, "file://%s/trades.csv", folder.path);
  cr_expect_eq(resolve_with(&folder, url, NULL, NULL, &endpoint, &err), VS_OK, "%s", err.message);
  folder_close(&folder);
}

Test(catalog_endpoint, keys_are_checked_where_they_stand) {
  static const struct {
    const char *key, *value;
    vs_code code;
    const char *message, *hint;
    uint32_t begin;
  } rows[] = {
      {"s.delimitr", ";", VS_CODE_UNKNOWN_KEY, "no key 'delimitr'", "did you mean delimiter", 0},
      {"s.topic", "t", VS_CODE_NOT_YET, "'topic'", "", 0},
      {"s.type", "kafka_source", VS_CODE_NOT_YET, "kafka_source", "file_source", 5},
      {"s.type", "file_sink", VS_CODE_BAD_VALUE, "no source", "file_source", 5},
      {"s.delimiter", "ab", VS_CODE_BAD_VALUE, "'ab'", "one character", 5},
      {"s.event.time.field", "tt", VS_CODE_UNKNOWN_COLUMN, "tt", "did you mean ts?", 5},
      {"s.replay", "10", VS_CODE_NO_EVENT_TIME, "replay needs an event time", "event.time.field", 100},
  };
  struct test_folder folder;
  folder_open(&folder);
  folder_put(&folder, "t.csv", "w", "a,ts\n1,x\n");
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++) {
    struct test_with with = {0};
    struct vs_endpoint endpoint;
    struct vs_error err;
    with_add(&with, rows[i].key, rows[i].value);
    expect_refused(&folder, "t.csv", &with, NULL, rows[i].code, rows[i].message, rows[i].hint);
    cr_expect_neq(resolve_with(&folder, "t.csv", &with, NULL, &endpoint, &err), VS_OK);
    cr_expect_eq(err.span.begin, rows[i].begin, "%s: %u", rows[i].key, err.span.begin);
  }
  struct test_with other = {0};
  struct vs_endpoint endpoint;
  struct vs_error err;
  with_add(&other, "another.delimitr", "x");
  with_add(&other, "some_job_key", "x");
  cr_expect_eq(resolve_with(&folder, "t.csv", &other, NULL, &endpoint, &err), VS_OK, "keys of others are theirs: %s",
               err.message);
  folder_close(&folder);
}

Test(catalog_endpoint, keys_decide_how_a_file_is_read) {
  struct test_folder folder;
  struct test_with with = {0};
  struct vs_endpoint endpoint;
  struct vs_error err;
  folder_open(&folder);
  folder_put(&folder, "t.data", "w", "# skipped\n1;'x;y'\n");
  with_add(&with, "delimiter", ",");
  with_add(&with, "s.delimiter", ";");
  with_add(&with, "delimiter", "|");
  with_add(&with, "s.quote", "'");
  with_add(&with, "s.format", "csv_no_header");
  with_add(&with, "s.skip_lines", "1");
  cr_assert_eq(resolve_with(&folder, "t.data", &with, NULL, &endpoint, &err), VS_OK, "%s", err.message);
  cr_expect_eq(endpoint.schema->field_count, 2);
  cr_expect(vs_str_equal(endpoint.schema->fields[1].name, VS_STR("column_2")));
  cr_expect_eq(endpoint.format_options.delimiter, ';', "the scoped key wins, wherever it stands");
  folder_put(&folder, "t.tsv", "w", "a\tb\n1\tx\n");
  cr_assert_eq(resolve_with(&folder, "t.tsv", NULL, NULL, &endpoint, &err), VS_OK);
  cr_expect_eq(endpoint.schema->field_count, 2);
  folder_close(&folder);
}

struct declaration {
  struct vs_create create;
  struct vs_column_def columns[4];
};
static void declare(struct declaration *declaration, const char *name, struct vs_type type) {
  struct vs_create *create = &declaration->create;
  create->name.text = VS_STR("s");
  create->columns = declaration->columns;
  create->has_columns = true;
  uint32_t at = create->column_count++;
  declaration->columns[at].name = (struct vs_ident){.text = vs_str_of(name), .span = {0, 200 + at, 201 + at}};
  declaration->columns[at].type = (struct vs_type_node){.type = type, .span = {0, 300 + at, 301 + at}};
  declaration->columns[at].span = (struct vs_span){0, 200 + at, 301 + at};
}

static void expect_endpoint_rows(struct test_folder *folder, const struct vs_endpoint *endpoint, const char *wanted) {
  struct vs_source_reader *reader;
  struct vs_error err;
  struct vs_row_errors errors = {0};
  struct vs_text out;
  vs_text_init(&out, &folder->memory, 0);
  cr_assert_eq(endpoint->connector->open_source(endpoint, NULL, &folder->env, &reader, &err), VS_OK, "%s", err.message);
  while (poll_once(reader, &folder->env, &errors, &out) == VS_POLL_ROWS)
    continue;
  if (errors.count) vs_text_printf(&out, "bad %llu: %s\n", (unsigned long long)errors.count, errors.samples[0].message);
  EXPECT_TEXT(&out, wanted);
  reader->ops->close(reader);
  vs_text_release(&out);
}

Test(catalog_endpoint, declared_columns_are_found_by_name) {
  struct test_folder folder;
  struct declaration declaration = {0};
  struct vs_endpoint endpoint;
  struct vs_error err;
  folder_open(&folder);
  folder_put(&folder, "t.csv", "w", "id,Price,ts,more\n007,1.5,2020-01-01,x\n008,1.255,2020-01-02,y\n");
  declare(&declaration, "price", vs_type_decimal(10, 2));
  declare(&declaration, "id", VS_TYPE(STRING));
  declare(&declaration, "ts", VS_TYPE(TIMESTAMP));
  cr_assert_eq(resolve_with(&folder, "t.csv", NULL, &declaration.create, &endpoint, &err), VS_OK, "%s", err.message);
  cr_expect_eq(endpoint.time_column, 2);
  expect_endpoint_rows(
      &folder, &endpoint,
      "{\"price\":\"1.50\",\"id\":\"007\",\"ts\":\"2020-01-01 00:00:00.000\"}\nend\n"
      "bad 1: line 3, column price: '1.255' is no DECIMAL(10,2); declare it DECIMAL(38,10), or CAST\n");
  declaration.columns[0].name.text = VS_STR("prize");
  expect_refused(&folder, "t.csv", NULL, &declaration.create, VS_CODE_UNKNOWN_COLUMN, "has no column prize",
                 "did you mean Price?");
  declaration.columns[0].name.text = VS_STR("price");
  declaration.columns[0].type.type = VS_TYPE(MAP);
  expect_refused(&folder, "t.csv", NULL, &declaration.create, VS_CODE_NOT_YET, "MAP", "JSON");
  folder_put(&folder, "t.jsonl", "w", "{\"ID\":1,\"extra\":{},\"price\":2.5}\n");
  struct declaration json = {0};
  declare(&json, "price", VS_TYPE(FLOAT));
  declare(&json, "id", VS_TYPE(INTEGER));
  cr_assert_eq(resolve_with(&folder, "t.jsonl", NULL, &json.create, &endpoint, &err), VS_OK, "%s", err.message);
  expect_endpoint_rows(&folder, &endpoint, "{\"price\":2.5,\"id\":1}\nend\n");
  folder_close(&folder);
}

Test(catalog_endpoint, declared_columns_without_a_header_go_by_position) {
  struct test_folder folder;
  struct declaration declaration = {0};
  struct test_with with = {0};
  struct vs_endpoint endpoint;
  struct vs_error err;
  folder_open(&folder);
  folder_put(&folder, "t.csv", "w", "1,x\n2,y\n");
  with_add(&with, "has_headers", "false");
  declare(&declaration, "id", VS_TYPE(INTEGER));
  expect_refused(&folder, "t.csv", &with, &declaration.create, VS_CODE_NO_SCHEMA,
                 "1 columns are declared, 't.csv' has 2", "");
  declare(&declaration, "name", VS_TYPE(STRING));
  declaration.create.name.span = (struct vs_span){0, 1, 2};
  cr_assert_eq(resolve_with(&folder, "t.csv", &with, &declaration.create, &endpoint, &err), VS_OK, "%s", err.message);
  expect_endpoint_rows(&folder, &endpoint, "{\"id\":1,\"name\":\"x\"}\n{\"id\":2,\"name\":\"y\"}\nend\n");
  folder_close(&folder);
}

Test(catalog_endpoint, watermark_is_declared_or_given) {
  struct test_folder folder;
  struct declaration declaration = {0};
  struct test_with with = {0};
  struct vs_endpoint endpoint;
  struct vs_error err;
  struct vs_ident part = {.text = VS_STR("at")};
  struct vs_expr column = {.kind = VS_EXPR_COLUMN, .as.name = {&part, 1, {0, 0, 0}}};
  struct vs_expr interval = {.kind = VS_EXPR_INTERVAL, .as.duration = {.value = {INT64_C(5000000000), 0}}};
  struct vs_expr difference = {.kind = VS_EXPR_BINARY, .as.binary = {VS_OP_SUBTRACT, &column, &interval, {0, 0, 0}}};
  folder_open(&folder);
  folder_put(&folder, "t.csv", "w", "at,ts\n1577836800,2020-01-01\n");
  declare(&declaration, "at", VS_TYPE(INTEGER));
  declare(&declaration, "ts", VS_TYPE(TIMESTAMP));
  declaration.create.watermark_column.text = VS_STR("at");
  declaration.create.watermark = &difference;
  cr_assert_eq(resolve_with(&folder, "t.csv", NULL, &declaration.create, &endpoint, &err), VS_OK, "%s", err.message);
  cr_expect_eq(endpoint.time_column, 0);
  cr_expect_eq(endpoint.time_unit, VS_EPOCH_SECONDS);
  cr_expect(endpoint.has_watermark);
  cr_expect_eq(endpoint.watermark_delay_us, 5000000);
  declaration.create.watermark = &column;
  cr_assert_eq(resolve_with(&folder, "t.csv", NULL, &declaration.create, &endpoint, &err), VS_OK);
  cr_expect_eq(endpoint.watermark_delay_us, 0);
  interval.as.duration.value.months = 1;
  declaration.create.watermark = &difference;
  cr_expect_eq(resolve_with(&folder, "t.csv", NULL, &declaration.create, &endpoint, &err), VS_BIND);
  with_add(&with, "s.watermark.max_out_of_orderness", "90 seconds");
  cr_assert_eq(resolve_with(&folder, "t.csv", &with, NULL, &endpoint, &err), VS_OK);
  cr_expect_eq(endpoint.time_column, 1, "ts is the better name");
  cr_expect_eq(endpoint.watermark_delay_us, 90000000);
  folder_close(&folder);
}

Test(catalog_endpoint, the_recorded_files_infer_sensibly) {
  static const struct {
    const char *path, *types;
    int time_column;
  } rows[] = {
      {"bars.csv",
       "ts TIMESTAMP, symbol STRING, open DECIMAL(18,8), high DECIMAL(18,8), low DECIMAL(18,8), close DECIMAL(18,8), "
       "volume DECIMAL(18,8), ",
       0},
      {"trades.csv",
       "exchange STRING, symbol STRING, timestamp INTEGER, local_timestamp INTEGER, id INTEGER, side STRING, price "
       "DECIMAL(18,2), amount DECIMAL(18,3), ",
       2},
      {"flights.json", "date TIMESTAMP, delay INTEGER, distance INTEGER, origin STRING, destination STRING, ", 0},
      {"seattle-weather.csv",
       "date DATE, precipitation DECIMAL(18,1), temp_max DECIMAL(18,1), temp_min DECIMAL(18,1), wind DECIMAL(18,1), "
       "weather STRING, ",
       0},
  };
  struct test_folder folder;
  folder_open(&folder);
  folder.folders.items[0] = VELO_SOURCE_DIR "/notebooks/data";
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++) {
    struct vs_endpoint endpoint;
    struct vs_error err;
    struct vs_text types;
    char type[32];
    vs_text_init(&types, &folder.memory, 0);
    cr_assert_eq(resolve_with(&folder, rows[i].path, NULL, NULL, &endpoint, &err), VS_OK, "%s", err.message);
    for (uint32_t k = 0; k < endpoint.schema->field_count; k++)
      vs_text_printf(&types, "%.*s %s, ", VS_STR_ARG(endpoint.schema->fields[k].name),
                     vs_type_print(endpoint.schema->fields[k].type, type));
    EXPECT_TEXT(&types, rows[i].types);
    cr_expect_eq(endpoint.time_column, rows[i].time_column);
    vs_text_release(&types);
  }
  folder_close(&folder);
}

/* A file of the same size and time is not read again: its new text would tell. */
Test(catalog_endpoint, inference_is_remembered_until_the_file_changes) {
  struct test_folder folder;
  struct vs_endpoint endpoint;
  struct vs_error err;
  const struct timespec then[2] = {{1000, 0}, {1000, 0}}, later[2] = {{2000, 0}, {2000, 0}};
  char path[128];
  folder_open(&folder);
  snprintf(path, sizeof path, "%s/t.csv", folder.path);
  cr_assert_eq(vs_inference_cache_new(&folder.memory, &folder.folders.cache, &err), VS_OK);
  for (int i = 0; i < 100; i++) { /* more files than are remembered */
    char name[16];
    snprintf(name, sizeof name, "%d.csv", i);
    folder_put(&folder, name, "w", "a\n1\n");
    cr_assert_eq(resolve_with(&folder, name, NULL, NULL, &endpoint, &err), VS_OK);
  }
  folder_put(&folder, "t.csv", "w", "a\n1\n");
  utimensat(AT_FDCWD, path, then, 0);
  cr_assert_eq(resolve_with(&folder, "t.csv", NULL, NULL, &endpoint, &err), VS_OK);
  cr_expect_eq(endpoint.schema->fields[0].type.id, VS_TYPE_INTEGER);
  folder_put(&folder, "t.csv", "w", "a\nx\n");
  utimensat(AT_FDCWD, path, then, 0);
  cr_assert_eq(resolve_with(&folder, "t.csv", NULL, NULL, &endpoint, &err), VS_OK);
  cr_expect_eq(endpoint.schema->fields[0].type.id, VS_TYPE_INTEGER, "remembered");
  utimensat(AT_FDCWD, path, later, 0);
  cr_assert_eq(resolve_with(&folder, "t.csv", NULL, NULL, &endpoint, &err), VS_OK);
  cr_expect_eq(endpoint.schema->fields[0].type.id, VS_TYPE_STRING, "read again");
  vs_inference_cache_free(folder.folders.cache);
  folder_close(&folder);
}

Test(catalog_endpoint, a_watched_file_may_begin_empty_when_its_columns_are_declared) {
  struct test_folder folder;
  struct declaration declaration = {0};
  struct test_with with = {0};
  struct vs_endpoint endpoint;
  struct vs_error err;
  struct vs_row_errors errors = {0};
  struct vs_source_reader *reader;
  struct vs_text out;
  folder_open(&folder);
  vs_text_init(&out, &folder.memory, 0);
  folder_put(&folder, "t.csv", "w", "");
  declare(&declaration, "id", VS_TYPE(INTEGER));
  with_add(&with, "watch", "true");
  cr_assert_eq(resolve_with(&folder, "t.csv", &with, &declaration.create, &endpoint, &err), VS_OK, "%s", err.message);
  cr_assert_eq(endpoint.connector->open_source(&endpoint, NULL, &folder.env, &reader, &err), VS_OK);
  poll_once(reader, &folder.env, &errors, &out);
  folder_put(&folder, "t.csv", "a", "id\n1\n");
  poll_once(reader, &folder.env, &errors, &out);
  EXPECT_TEXT(&out, "wait 1000000\n{\"id\":1}\n");
  reader->ops->close(reader);
  vs_text_release(&out);
  folder_close(&folder);
}
