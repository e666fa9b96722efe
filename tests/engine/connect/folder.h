/* SPDX-License-Identifier: Apache-2.0
 * A folder of its own for a test, and an environment with a virtual clock. */
#ifndef VELO_TESTS_FOLDER_H
#define VELO_TESTS_FOLDER_H

#include "engine/catalog/catalog.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct test_folder {
  char path[64];
  struct vs_env env;
  struct vs_clock clock;
  struct vs_random random;
  struct vs_memory memory;
  struct vs_log log;
  struct vs_arena arena;
  struct vs_folders folders;
};

static inline void folder_open(struct test_folder *folder) {
  memset(folder, 0, sizeof *folder);
  strncpy(folder->path, "/tmp/velo-test-XXXXXX", sizeof folder->path - 1);
  cr_assert(mkdtemp(folder->path) != NULL);
  vs_clock_init_virtual(&folder->clock, 0);
  vs_random_seed(&folder->random, 7);
  vs_memory_init(&folder->memory, NULL, 0);
  vs_log_init(&folder->log, -1, VS_LOG_ERROR);
  folder->env = (struct vs_env){&folder->clock, &folder->random, &folder->memory, &folder->log};
  vs_arena_init(&folder->arena, &folder->memory, 0);
  folder->folders = (struct vs_folders){.items = {folder->path}, .count = 1};
}

static inline int folder_remove(const char *path, const struct stat *status, int kind, struct FTW *walk) {
  (void)status, (void)kind, (void)walk;
  return remove(path);
}

static inline void folder_close(struct test_folder *folder) {
  vs_arena_release(&folder->arena);
  cr_expect_eq(vs_memory_used(&folder->memory), 0, "memory is given back");
  nftw(folder->path, folder_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void folder_put(const struct test_folder *folder, const char *name, const char *mode, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder->path, name);
  FILE *file = fopen(path, mode);
  cr_assert(file != NULL);
  fputs(text, file);
  fclose(file);
}

static inline char *folder_get(const struct test_folder *folder, const char *name) {
  char path[128];
  static char text[65536];
  snprintf(path, sizeof path, "%s/%s", folder->path, name);
  FILE *file = fopen(path, "r");
  cr_assert(file != NULL, "%s", path);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

/* WITH ('key' = 'value', ...), all texts. */
struct test_with {
  struct vs_property items[8];
  struct vs_properties properties;
  const struct vs_properties *list[1];
};
static inline void with_add(struct test_with *with, const char *key, const char *value) {
  uint32_t at = with->properties.count++;
  with->items[at] = (struct vs_property){
      .key = vs_str_of(key), .key_span = {0, 10 * at, 10 * at + 5}, .value_span = {0, 10 * at + 5, 10 * at + 9}};
  with->items[at].value = (struct vs_value){.type = VS_TYPE(STRING), .as.string = vs_str_of(value)};
  with->properties.items = with->items;
  with->list[0] = &with->properties;
}

static inline vs_status resolve_with(struct test_folder *folder, const char *path, struct test_with *with,
                                     const struct vs_create *create, struct vs_endpoint *ret_endpoint,
                                     struct vs_error *err) {
  const struct vs_endpoint_request request = {.path = vs_str_of(path),
                                              .span = {0, 100, 110},
                                              .scope = VS_STR("s"),
                                              .properties = with ? with->list : NULL,
                                              .properties_count = with ? 1 : 0,
                                              .declaration = create,
                                              .folders = &folder->folders,
                                              .env = &folder->env};
  return vs_endpoint_resolve(&request, &folder->arena, ret_endpoint, err);
}

/* One poll: rows are printed as JSON lines into `out`, "wait N" or "end" else. */
static inline vs_poll poll_once(struct vs_source_reader *reader, const struct vs_env *env, struct vs_row_errors *errors,
                                struct vs_text *out) {
  struct vs_batch batch;
  struct vs_error err;
  struct vs_encoder *encoder;
  struct vs_format_options options;
  vs_poll poll;
  int64_t wait_us = -1;
  vs_format_options_default(&options);
  cr_assert_eq(reader->ops->poll(reader, errors, &batch, &poll, &wait_us, &err), VS_OK, "%s", err.message);
  if (poll == VS_POLL_WAIT) vs_text_printf(out, "wait %lld\n", (long long)wait_us);
  if (poll == VS_POLL_END) vs_text_puts(out, "end\n");
  if (poll != VS_POLL_ROWS) return poll;
  cr_assert_eq(vs_format_find(VS_STR("jsonl"))->encoder_new(&options, batch.schema, env, &encoder, &err), VS_OK);
  encoder->ops->rows(encoder, &batch, out);
  encoder->ops->free(encoder);
  return poll;
}
#define EXPECT_TEXT(text, wanted)                                                                                      \
  do {                                                                                                                 \
    cr_expect_str_eq((text)->data ? (text)->data : "", (wanted), "got:\n%s\nwanted:\n%s", (text)->data, (wanted));     \
    vs_text_clear(text);                                                                                               \
  } while (0)

#endif
