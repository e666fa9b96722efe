/* SPDX-License-Identifier: Apache-2.0
 * The file connector through resolved endpoints: reading, watching, replaying, writing. */
#include "tests/engine/connect/folder.h"

#include <sys/stat.h>

static struct vs_source_reader *open_reader(struct test_folder *folder, const struct vs_endpoint *endpoint) {
  struct vs_source_reader *reader;
  struct vs_error err;
  cr_assert_eq(endpoint->connector->open_source(endpoint, NULL, &folder->env, &reader, &err), VS_OK, "%s", err.message);
  return reader;
}

Test(catalog_file, a_watched_file_goes_on_when_it_grows) {
  struct test_folder folder;
  struct test_with with = {0};
  struct vs_endpoint endpoint;
  struct vs_error err;
  struct vs_row_errors errors = {0};
  struct vs_text out;
  folder_open(&folder);
  vs_text_init(&out, &folder.memory, 0);
  folder_put(&folder, "g.csv", "w", "a,b\n1,x\n2,");
  with_add(&with, "s.watch", "true");
  with_add(&with, "s.polling_interval", "5ms");
  cr_assert_eq(resolve_with(&folder, "g.csv", &with, NULL, &endpoint, &err), VS_OK, "%s", err.message);
  cr_expect_not(endpoint.is_bounded);
  struct vs_source_reader *reader = open_reader(&folder, &endpoint);
  poll_once(reader, &folder.env, &errors, &out);
  poll_once(reader, &folder.env, &errors, &out);
  EXPECT_TEXT(&out, "{\"a\":1,\"b\":\"x\"}\nwait 5000\n");
  folder_put(&folder, "g.csv", "a", "y");
  poll_once(reader, &folder.env, &errors, &out);
  EXPECT_TEXT(&out, "wait 5000\n");
  folder_put(&folder, "g.csv", "a", "z\n3,w\n");
  poll_once(reader, &folder.env, &errors, &out);
  EXPECT_TEXT(&out, "{\"a\":2,\"b\":\"yz\"}\n{\"a\":3,\"b\":\"w\"}\n");
  struct vs_batch batch;
  vs_poll poll;
  int64_t wait_us;
  folder_put(&folder, "g.csv", "w", "a,b\n");
  cr_expect_eq(reader->ops->poll(reader, &errors, &batch, &poll, &wait_us, &err), VS_SOURCE);
  cr_expect(strstr(err.message, "'g.csv' was truncated"), "%s", err.message);
  reader->ops->close(reader);
  vs_text_release(&out);
  folder_close(&folder);
}

Test(catalog_file, a_replaced_file_is_an_error_of_the_watch) {
  struct test_folder folder;
  struct test_with with = {0};
  struct vs_endpoint endpoint;
  struct vs_error err;
  struct vs_row_errors errors = {0};
  struct vs_text out;
  char from[128], to[128];
  folder_open(&folder);
  vs_text_init(&out, &folder.memory, 0);
  folder_put(&folder, "g.csv", "w", "a\n1\n");
  folder_put(&folder, "h.csv", "w", "a\n1\n2\n");
  with_add(&with, "s.watch", "on");
  cr_assert_eq(resolve_with(&folder, "g.csv", &with, NULL, &endpoint, &err), VS_OK);
  struct vs_source_reader *reader = open_reader(&folder, &endpoint);
  poll_once(reader, &folder.env, &errors, &out);
  poll_once(reader, &folder.env, &errors, &out);
  EXPECT_TEXT(&out, "{\"a\":1}\nwait 1000000\n");
  snprintf(from, sizeof from, "%s/h.csv", folder.path);
  snprintf(to, sizeof to, "%s/g.csv", folder.path);
  cr_assert_eq(rename(from, to), 0);
  struct vs_batch batch;
  vs_poll poll;
  int64_t wait_us;
  cr_expect_eq(reader->ops->poll(reader, &errors, &batch, &poll, &wait_us, &err), VS_SOURCE);
  cr_expect(strstr(err.message, "replaced"), "%s", err.message);
  reader->ops->close(reader);
  vs_text_release(&out);
  folder_close(&folder);
}

/* More than one block, so that rows are cut by its end. */
Test(catalog_file, blocks_are_joined) {
  struct test_folder folder;
  struct vs_endpoint endpoint;
  struct vs_error err;
  struct vs_row_errors errors = {0};
  enum { ROWS = 150000 };
  folder_open(&folder);
  char path[128];
  snprintf(path, sizeof path, "%s/big.csv", folder.path);
  FILE *file = fopen(path, "w");
  int64_t wanted = 0, sum = 0, rows = 0;
  fputs("k,v,s\n", file);
  for (int i = 0; i < ROWS; i++) {
    fprintf(file, "%d,%d.%02d,\"text, %d\"\n", i, i, i % 100, i);
    wanted += (int64_t)i * 100 + i % 100;
  }
  fclose(file);
  cr_assert_eq(resolve_with(&folder, "big.csv", NULL, NULL, &endpoint, &err), VS_OK);
  struct vs_source_reader *reader = open_reader(&folder, &endpoint);
  struct vs_batch batch;
  vs_poll poll = VS_POLL_ROWS;
  int64_t wait_us;
  while (reader->ops->poll(reader, &errors, &batch, &poll, &wait_us, &err) == VS_OK && poll == VS_POLL_ROWS)
    for (uint32_t row = 0; row < batch.row_count; row++, rows++) {
      char text[32];
      sum += ((const int64_t *)batch.columns[1].data)[row];
      struct vs_string string = vs_vector_string(&batch.columns[2], row);
      struct vs_str view = vs_string_view(&string);
      cr_assert_eq(((const int64_t *)batch.columns[0].data)[row], rows);
      cr_assert(vs_str_equal(
          view, (struct vs_str){text, (size_t)snprintf(text, sizeof text, "text, %lld", (long long)rows)}));
    }
  struct vs_source_counters counters;
  reader->ops->counters(reader, &counters);
  cr_expect_eq(rows, ROWS);
  cr_expect_eq(counters.rows, ROWS);
  cr_expect_eq((int64_t)counters.bytes, counters.total_bytes);
  cr_expect_eq(sum, wanted);
  cr_expect_eq(errors.count, 0);
  reader->ops->close(reader);
  folder_close(&folder);
}

static void replay_file(struct test_folder *folder, struct vs_endpoint *endpoint, const char *speed) {
  struct test_with with = {0};
  struct vs_error err;
  folder_put(folder, "r.csv", "w",
             "ts,v\n2020-01-01T00:00:00Z,1\n2020-01-01T00:00:00Z,2\n2020-01-01T00:01:00Z,3\n2020-01-01T00:00:30Z,4\n,"
             "5\n2020-01-01T01:00:00Z,6\n");
  with_add(&with, "s.replay", speed);
  cr_assert_eq(resolve_with(folder, "r.csv", &with, NULL, endpoint, &err), VS_OK, "%s", err.message);
}

Test(catalog_file, replay_under_a_virtual_clock_is_at_once_and_moves_it) {
  struct test_folder folder;
  struct vs_endpoint endpoint;
  struct vs_row_errors errors = {0};
  struct vs_text out;
  folder_open(&folder);
  vs_text_init(&out, &folder.memory, 0);
  replay_file(&folder, &endpoint, "600");
  struct vs_source_reader *reader = open_reader(&folder, &endpoint);
  poll_once(reader, &folder.env, &errors, &out);
  poll_once(reader, &folder.env, &errors, &out);
  cr_expect(strstr(out.data, "\"v\":6}\nend\n"), "%s", out.data);
  cr_expect_eq(vs_clock_now_us(&folder.clock), 6 * VS_US_PER_SECOND, "an hour at 600 takes six seconds");
  reader->ops->close(reader);
  vs_text_release(&out);
  folder_close(&folder);
}

Test(catalog_file, replay_holds_rows_back_until_they_are_due) {
  struct test_folder folder;
  struct vs_endpoint endpoint;
  struct vs_row_errors errors = {0};
  struct vs_text out;
  folder_open(&folder);
  vs_text_init(&out, &folder.memory, 0);
  replay_file(&folder, &endpoint, "0.001");
  vs_clock_init_real(&folder.clock);
  struct vs_source_reader *reader = open_reader(&folder, &endpoint);
  cr_expect_eq(poll_once(reader, &folder.env, &errors, &out), VS_POLL_ROWS);
  cr_expect(strstr(out.data, "\"v\":2}") && !strstr(out.data, "\"v\":3}"), "%s", out.data);
  vs_text_clear(&out);
  cr_expect_eq(poll_once(reader, &folder.env, &errors, &out), VS_POLL_WAIT);
  EXPECT_TEXT(&out, "wait 250000\n");
  struct vs_source_counters counters;
  reader->ops->counters(reader, &counters);
  cr_expect_eq(counters.rows, 2, "rows held back are not counted yet");
  reader->ops->close(reader);
  vs_text_release(&out);
  folder_close(&folder);
}

Test(catalog_file, event_times_of_every_type) {
  static const struct {
    const char *header_and_rows, *field, *format;
    int64_t us;
  } rows[] = {
      {"t,v\n1582329602,1\n", "t", NULL, INT64_C(1582329602000000)},
      {"t,v\n1582329602111,1\n", "t", NULL, INT64_C(1582329602111000)},
      {"t,v\n1582329602111,1\n", "t", "epoch_millis", INT64_C(1582329602111000)},
      {"t,v\n17,1\n", "t", "epoch_seconds", INT64_C(17000000)},
      {"t,v\n1582329602.111,1\n", "t", NULL, INT64_C(1582329602111000)},
      {"t,v\n1.5e12,1\n", "t", NULL, INT64_C(1500000000000000)},
      {"t,v\n2020-01-01,1\n", "t", NULL, INT64_C(1577836800000000)},
      {"t,v\n2020-01-01T00:00:01Z,1\n", "t", NULL, INT64_C(1577836801000000)},
      {"t,v\n2020.01.01 00h02,1\n", "t", "%Y.%m.%d %Hh%M", INT64_C(1577836920000000)},
      {"t,v\n2020.01.01 00:02:03.5,1\n", "t", "yyyy.MM.dd HH:mm:ss.S", INT64_C(1577836923500000)},
  };
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++) {
    struct test_folder folder;
    struct test_with with = {0};
    struct vs_endpoint endpoint;
    struct vs_error err;
    struct vs_row_errors errors = {0};
    struct vs_batch batch;
    vs_poll poll;
    int64_t wait_us;
    folder_open(&folder);
    folder_put(&folder, "t.csv", "w", rows[i].header_and_rows);
    with_add(&with, "s.event.time.field", rows[i].field);
    if (rows[i].format) with_add(&with, "s.event.time.format", rows[i].format);
    cr_assert_eq(resolve_with(&folder, "t.csv", &with, NULL, &endpoint, &err), VS_OK, "%s", err.message);
    struct vs_source_reader *reader = open_reader(&folder, &endpoint);
    cr_assert_eq(reader->ops->poll(reader, &errors, &batch, &poll, &wait_us, &err), VS_OK);
    cr_expect_eq(errors.count, 0, "%s: %s", rows[i].header_and_rows, errors.samples[0].message);
    if (poll == VS_POLL_ROWS)
      cr_expect_eq(batch.event_time_us[0], rows[i].us, "%s: %lld", rows[i].header_and_rows,
                   (long long)batch.event_time_us[0]);
    reader->ops->close(reader);
    folder_close(&folder);
  }
}

Test(catalog_file, an_unusable_event_time_fails_its_row_and_a_missing_one_does_not) {
  struct test_folder folder;
  struct test_with with = {0};
  struct vs_endpoint endpoint;
  struct vs_error err;
  struct vs_row_errors errors = {0};
  struct vs_batch batch;
  vs_poll poll;
  int64_t wait_us;
  folder_open(&folder);
  folder_put(&folder, "t.csv", "w", "t,v\n2020-01-01,1\nsoon,2\n,3\n2020-01-02,4\n");
  with_add(&with, "s.event.time.field", "t");
  cr_assert_eq(resolve_with(&folder, "t.csv", &with, NULL, &endpoint, &err), VS_OK, "%s", err.message);
  struct vs_source_reader *reader = open_reader(&folder, &endpoint);
  cr_assert_eq(reader->ops->poll(reader, &errors, &batch, &poll, &wait_us, &err), VS_OK);
  cr_expect_eq(batch.row_count, 3);
  cr_expect_eq(errors.count, 1);
  cr_expect_eq(errors.samples[0].code, VS_CODE_BAD_EVENT_TIME);
  cr_expect_str_eq(errors.samples[0].message, "line 3, column t: 'soon' is no event time");
  cr_expect_eq(batch.event_time_us[1], VS_TIME_NONE);
  cr_expect_eq(batch.event_time_us[2], INT64_C(1577923200000000));
  reader->ops->close(reader);
  folder_close(&folder);
}

static void write_rows(struct test_folder *folder, const char *path, const char *append,
                       const struct vs_endpoint *source) {
  struct test_with with = {0};
  struct vs_endpoint sink;
  struct vs_error err;
  struct vs_sink_writer *writer;
  struct vs_row_errors errors = {0};
  struct vs_batch batch;
  vs_poll poll;
  int64_t wait_us;
  with_add(&with, "out.append", append);
  const struct vs_endpoint_request request = {.path = vs_str_of(path),
                                              .span = VS_NO_SPAN,
                                              .scope = VS_STR("out"),
                                              .properties = with.list,
                                              .properties_count = 1,
                                              .folders = &folder->folders,
                                              .env = &folder->env};
  cr_assert_eq(vs_endpoint_resolve_sink(&request, &folder->arena, &sink, &err), VS_OK, "%s", err.message);
  cr_assert_eq(sink.connector->open_sink(&sink, source->schema, &folder->env, &writer, &err), VS_OK, "%s", err.message);
  struct vs_source_reader *reader = open_reader(folder, source);
  while (reader->ops->poll(reader, &errors, &batch, &poll, &wait_us, &err) == VS_OK && poll == VS_POLL_ROWS)
    cr_assert_eq(writer->ops->write(writer, &batch, &err), VS_OK);
  cr_expect_eq(writer->ops->close(writer, true, &err), VS_OK, "%s", err.message);
  reader->ops->close(reader);
}

Test(catalog_file, sinks_write_csv_json_lines_and_arrays) {
  struct test_folder folder;
  struct vs_endpoint source;
  struct vs_error err;
  folder_open(&folder);
  folder_put(&folder, "in.csv", "w", "a,b,c\n1,\"x,y\",1.50\n2,\"\",\n3,,0.25\n");
  cr_assert_eq(resolve_with(&folder, "in.csv", NULL, NULL, &source, &err), VS_OK);
  write_rows(&folder, "new/folder/out.csv", "false", &source);
  cr_expect_str_eq(folder_get(&folder, "new/folder/out.csv"), "a,b,c\n1,\"x,y\",1.50\n2,\"\",\n3,,0.25\n");
  write_rows(&folder, "new/folder/out.csv", "true", &source);
  cr_expect_str_eq(folder_get(&folder, "new/folder/out.csv"),
                   "a,b,c\n1,\"x,y\",1.50\n2,\"\",\n3,,0.25\n1,\"x,y\",1.50\n2,\"\",\n3,,0.25\n", "one header");
  write_rows(&folder, "out.jsonl", "false", &source);
  cr_expect_str_eq(
      folder_get(&folder, "out.jsonl"),
      "{\"a\":1,\"b\":\"x,y\",\"c\":\"1.50\"}\n{\"a\":2,\"b\":\"\",\"c\":null}\n{\"a\":3,\"b\":null,\"c\":\"0.25\"}\n");
  write_rows(&folder, "out.json", "false", &source);
  cr_expect_str_eq(folder_get(&folder, "out.json"), "[\n{\"a\":1,\"b\":\"x,y\",\"c\":\"1.50\"},\n{\"a\":2,\"b\":\"\","
                                                    "\"c\":null},\n{\"a\":3,\"b\":null,\"c\":\"0.25\"}\n]\n");
  struct vs_endpoint sink;
  struct vs_sink_writer *writer;
  const struct vs_endpoint_request request = {.path = VS_STR("in.csv/x.csv"),
                                              .span = VS_NO_SPAN,
                                              .scope = VS_STR("o"),
                                              .folders = &folder.folders,
                                              .env = &folder.env};
  cr_assert_eq(vs_endpoint_resolve_sink(&request, &folder.arena, &sink, &err), VS_OK);
  cr_expect_eq(sink.connector->open_sink(&sink, source.schema, &folder.env, &writer, &err), VS_SOURCE);
  cr_expect_eq(err.code, VS_CODE_WRITE_FAILED);
  folder_close(&folder);
}
