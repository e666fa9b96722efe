/* SPDX-License-Identifier: Apache-2.0
 * The file sink by itself: what it leaves out, when it writes, and that it tells when it could not. */
#include "engine/format/format.h"
#include "folder.h"

static struct vs_field fields[] = {{.name = {"k", 1}, .type = {VS_TYPE_INTEGER, 0, 0}}};
static const struct vs_schema schema = {fields, 1, 1};

static struct vs_sink_writer *open_sink(struct test_folder *folder, const char *path) {
  struct vs_endpoint endpoint = {.connector = &vs_connector_file,
                                 .format = vs_format_of_path(VS_STR("k.csv")),
                                 .path = vs_str_of(path),
                                 .shown_path = VS_STR("k.csv"),
                                 .time_column = -1};
  struct vs_sink_writer *writer;
  struct vs_error err;
  vs_format_options_default(&endpoint.format_options);
  cr_assert_eq(vs_connector_file.open_sink(&endpoint, &schema, &folder->env, &writer, &err), VS_OK, "%s", err.message);
  return writer;
}

static char *path_in(struct test_folder *folder, const char *name) {
  return vs_arena_printf(&folder->arena, "%s/%s", folder->path, name);
}

/* k = 0, 1, 2, ... */
static struct vs_batch rows_of(struct test_folder *folder, uint32_t count) {
  struct vs_batch batch;
  cr_assert_eq(vs_batch_init(&batch, &schema, count, &folder->arena, NULL), VS_OK);
  batch.row_count = batch.selected_count = count;
  for (uint32_t i = 0; i < count; i++)
    ((int64_t *)batch.columns[0].data)[i] = i;
  return batch;
}

Test(connect_file_sink, leaves_deletions_out) {
  struct test_folder folder;
  int8_t weight[] = {1, -1, 1, -1};
  folder_open(&folder);
  struct vs_sink_writer *writer = open_sink(&folder, path_in(&folder, "k.csv"));
  struct vs_batch batch = rows_of(&folder, 4);
  batch.weight = weight;
  cr_assert_eq(writer->ops->write(writer, &batch, NULL), VS_OK);
  cr_expect_eq(writer->ops->close(writer, true, NULL), VS_OK);
  cr_expect_str_eq(folder_get(&folder, "k.csv"), "k\n0\n2\n");
  folder_close(&folder);
}

Test(connect_file_sink, writes_after_a_second_at_the_latest) {
  struct test_folder folder;
  folder_open(&folder);
  struct vs_sink_writer *writer = open_sink(&folder, path_in(&folder, "k.csv"));
  struct vs_batch batch = rows_of(&folder, 1);
  cr_assert_eq(writer->ops->write(writer, &batch, NULL), VS_OK);
  cr_expect_str_eq(folder_get(&folder, "k.csv"), "", "a few bytes wait for more");
  vs_clock_sleep_until(&folder.clock, 1000000, -1);
  cr_assert_eq(writer->ops->write(writer, &batch, NULL), VS_OK);
  cr_expect_str_eq(folder_get(&folder, "k.csv"), "k\n0\n0\n");
  cr_expect_eq(writer->ops->close(writer, true, NULL), VS_OK);
  folder_close(&folder);
}

Test(connect_file_sink, a_full_disk_is_told_at_the_latest_by_close) {
  struct test_folder folder;
  struct vs_error err = {0};
  folder_open(&folder);
  struct vs_sink_writer *writer = open_sink(&folder, "/dev/full");
  struct vs_batch batch = rows_of(&folder, 3);
  cr_assert_eq(writer->ops->write(writer, &batch, &err), VS_OK);
  cr_expect_neq(writer->ops->close(writer, true, &err), VS_OK);
  cr_expect_eq(err.code, VS_CODE_WRITE_FAILED);
  cr_expect(strstr(err.message, "'k.csv'"), "%s", err.message);
  folder_close(&folder);
}
