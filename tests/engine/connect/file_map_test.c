/* SPDX-License-Identifier: Apache-2.0
 * A map of a file that becomes shorter reads as zeros and says so; the source makes an error of it, and no rows. */
#include "engine/connect/file_map.h"
#include "folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

static int make_file(struct test_folder *folder, size_t size) {
  char path[128];
  folder_open(folder);
  snprintf(path, sizeof path, "%s/file", folder->path);
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  char *text = malloc(size);
  memset(text, 'a', size);
  cr_assert_eq(write(fd, text, size), (ssize_t)size);
  free(text);
  return fd;
}

static void end(struct test_folder *folder, int fd) {
  close(fd);
  folder_close(folder);
}

static char at(const struct vs_file_map *map, size_t place) {
  return ((const volatile char *)map->bytes)[place];
}

Test(connect_file_map, bytes_behind_the_file_are_zeros_whatever_its_size) {
  static const size_t sizes[] = {1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE};
  for (size_t i = 0; i < VS_COUNT_OF(sizes); i++) {
    struct test_folder folder;
    struct vs_file_map map;
    int fd = make_file(&folder, sizes[i]);
    cr_assert(vs_file_map_open(&map, fd, sizes[i]));
    cr_expect_eq(at(&map, sizes[i] - 1), 'a');
    for (size_t behind = 0; behind < PAGE; behind++)
      cr_assert_eq(at(&map, sizes[i] + behind), 0, "%zu bytes behind %zu", behind, sizes[i]);
    cr_expect(vs_file_map_is_whole(&map));
    vs_file_map_close(&map);
    end(&folder, fd);
  }
}

Test(connect_file_map, a_file_cut_within_a_page_is_not_whole_though_nothing_faults) {
  struct test_folder folder;
  struct vs_file_map map;
  int fd = make_file(&folder, PAGE);
  cr_assert(vs_file_map_open(&map, fd, PAGE));
  cr_assert_eq(ftruncate(fd, 100), 0);
  cr_expect_eq(at(&map, 99), 'a');
  cr_expect_eq(at(&map, 100), 0);
  cr_expect_not(vs_file_map_is_whole(&map));
  vs_file_map_close(&map);
  end(&folder, fd);
}

Test(connect_file_map, pages_that_are_gone_read_as_zeros_even_if_the_file_grows_back) {
  struct test_folder folder;
  struct vs_file_map map, other;
  int fd = make_file(&folder, 8 * PAGE);
  cr_assert(vs_file_map_open(&map, fd, 8 * PAGE));
  cr_assert(vs_file_map_open(&other, fd, 8 * PAGE));
  cr_assert_eq(ftruncate(fd, PAGE), 0);
  cr_expect_eq(at(&map, PAGE - 1), 'a');
  for (size_t place = PAGE; place < 8 * PAGE; place += 100)
    cr_expect_eq(at(&map, place), 0);
  cr_assert_eq(ftruncate(fd, 8 * PAGE), 0);
  cr_expect_not(vs_file_map_is_whole(&map));
  cr_expect(vs_file_map_is_whole(&other), "nobody read what was gone");
  vs_file_map_close(&map);
  vs_file_map_close(&other);
  cr_assert(vs_file_map_open(&map, fd, 8 * PAGE));
  cr_expect(vs_file_map_is_whole(&map), "a slot begins anew");
  vs_file_map_close(&map);
  end(&folder, fd);
}

static sigjmp_buf back;
static void jump_back(int number) {
  siglongjmp(back, number);
}

Test(connect_file_map, faults_elsewhere_go_to_the_handler_there_was) {
  struct test_folder folder;
  struct vs_file_map map;
  int fd = make_file(&folder, 2 * PAGE);
  signal(SIGBUS, jump_back);
  cr_assert(vs_file_map_open(&map, fd, 2 * PAGE));
  volatile char *mine = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
  cr_assert_eq(ftruncate(fd, 0), 0);
  cr_expect_eq(at(&map, PAGE), 0);
  int number = sigsetjmp(back, 1);
  if (!number) (void)mine[PAGE];
  cr_expect_eq(number, SIGBUS);
  number = sigsetjmp(back, 1);
  if (!number) raise(SIGBUS);
  cr_expect_eq(number, SIGBUS, "a signal that was sent");
  munmap((void *)(uintptr_t)mine, 2 * PAGE);
  vs_file_map_close(&map);
  end(&folder, fd);
}

Test(connect_file_map, more_maps_than_there_is_room_for_are_refused) {
  static struct vs_file_map maps[1024];
  struct test_folder folder;
  int fd = make_file(&folder, 1), count = 0;
  while (count < 1024 && vs_file_map_open(&maps[count], fd, 1))
    count++;
  cr_expect(count >= 64 && count < 1024, "%d maps", count);
  vs_file_map_close(&maps[7]);
  cr_expect(vs_file_map_open(&maps[7], fd, 1), "one was given back");
  for (int i = 0; i < count; i++)
    vs_file_map_close(&maps[i]);
  cr_expect_not(vs_file_map_open(&maps[0], fd, 0), "an empty file is read");
  cr_expect_not(vs_file_map_open(&maps[0], -1, 5));
  end(&folder, fd);
}

/* ---- as a source ---- */

static struct vs_field fields[] = {{.name = {"n", 1}, .type = {VS_TYPE_INTEGER, 0, 0}}};
static const struct vs_schema schema = {fields, 1, 1};

struct source {
  struct test_folder folder;
  struct vs_endpoint endpoint;
  struct vs_source_reader *reader;
  struct vs_text text;
};

static void open_source(struct source *source, int rows) {
  folder_open(&source->folder);
  vs_text_init(&source->text, &source->folder.memory, 0);
  vs_text_puts(&source->text, "n\n");
  for (int row = 1; row <= rows; row++)
    vs_text_printf(&source->text, "%d\n", row);
  folder_put(&source->folder, "m.csv", "w", source->text.data);
  struct vs_error err;
  char *path = vs_arena_printf(&source->folder.arena, "%s/m.csv", source->folder.path);
  source->endpoint = (struct vs_endpoint){.connector = &vs_connector_file,
                                          .format = vs_format_find(VS_STR("csv")),
                                          .path = vs_str_of(path),
                                          .shown_path = VS_STR("m.csv"),
                                          .time_column = -1,
                                          .is_bounded = true,
                                          .is_mapped = true};
  vs_format_options_default(&source->endpoint.format_options);
  source->endpoint.schema = &schema;
  cr_assert_eq(vs_connector_file.open_source(&source->endpoint, NULL, &source->folder.env, &source->reader, &err),
               VS_OK);
}

/* Rows are 1, 2, 3... Returns the number of the last one; *err tells how it ended. */
static int64_t poll_to_end(struct source *source, int64_t from, vs_status *ret_status, struct vs_error *err) {
  struct vs_row_errors errors = {0};
  for (;;) {
    struct vs_batch batch;
    vs_poll poll;
    int64_t wait_us;
    *ret_status = source->reader->ops->poll(source->reader, &errors, &batch, &poll, &wait_us, err);
    if (*ret_status != VS_OK || poll == VS_POLL_END) return from;
    const int64_t *values = batch.columns[0].data;
    for (uint32_t row = 0; row < batch.row_count; row++)
      cr_assert_eq(values[row], ++from, "%lld where %lld should be", (long long)values[row], (long long)from);
  }
}

static void close_source(struct source *source) {
  source->reader->ops->close(source->reader);
  vs_text_release(&source->text);
  folder_close(&source->folder);
}

Test(connect_file_map, a_mapped_source_reads_on_where_the_file_has_grown) {
  struct source source;
  vs_status status;
  open_source(&source, 100000);
  folder_put(&source.folder, "m.csv", "a", "100001\n100002\n");
  cr_expect_eq(poll_to_end(&source, 0, &status, NULL), 100002);
  cr_expect_eq(status, VS_OK);
  close_source(&source);
}

/* Cut between two polls, in the middle of a page and of a number, and down to nothing. */
Test(connect_file_map, a_mapped_source_that_is_cut_is_an_error_and_gives_no_rows_of_zeros) {
  for (int i = 0; i < 3; i++) {
    struct source source;
    struct vs_error err;
    vs_status status;
    struct vs_batch batch;
    struct vs_row_errors errors = {0};
    vs_poll poll;
    int64_t wait_us;
    open_source(&source, 200000);
    cr_assert_eq(source.reader->ops->poll(source.reader, &errors, &batch, &poll, &wait_us, &err), VS_OK);
    const off_t sizes[] = {0, 300000, (off_t)source.text.size - 3};
    cr_assert_eq(truncate(source.endpoint.path.data, sizes[i]), 0);
    poll_to_end(&source, batch.row_count, &status, &err);
    cr_assert_neq(status, VS_OK);
    cr_expect_str_eq(err.message, "'m.csv' was truncated while it was read");
    close_source(&source);
  }
}
