/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include <sys/stat.h>

static const char *in(const struct test_folder *folder, const char *name) {
  static char paths[4][128];
  static int next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", folder->path, name);
  return path;
}

/* inside/a.csv, outside.csv, links out of the root and within it; the root is `inside`. */
static void open_root(struct test_folder *folder) {
  folder_open(folder);
  cr_assert_eq(mkdir(in(folder, "inside"), 0777), 0);
  cr_assert_eq(mkdir(in(folder, "inside-too"), 0777), 0);
  folder_put(folder, "inside/a.csv", "w", "a\n1\n");
  folder_put(folder, "outside.csv", "w", "a\n1\n");
  folder_put(folder, "inside-too/a.csv", "w", "a\n1\n");
  cr_assert_eq(symlink(in(folder, "outside.csv"), in(folder, "inside/out.csv")), 0);
  cr_assert_eq(symlink("a.csv", in(folder, "inside/same.csv")), 0);
  cr_assert_eq(symlink("..", in(folder, "inside/up")), 0);
  cr_assert_eq(symlink(in(folder, "not_yet.csv"), in(folder, "inside/dangling.csv")), 0);
  folder->folders.root = vs_arena_copy(&folder->arena, in(folder, "inside"), strlen(in(folder, "inside")));
}

static vs_code resolve(struct test_folder *folder, const char *path, bool is_sink) {
  struct vs_str found;
  struct vs_error err;
  vs_error_clear(&err);
  if (vs_path_resolve(&folder->folders, vs_str_of(path), is_sink, &folder->arena, &found, &err) == VS_OK)
    return VS_CODE_NONE;
  if (err.code == VS_CODE_OUTSIDE_ROOT)
    cr_expect(strstr(err.message, folder->folders.root) && strstr(err.hint, "files.root"), "%s", err.message);
  return err.code;
}

Test(connect_path_root, what_lies_inside_is_read_and_written) {
  struct test_folder folder;
  static const char *const sources[] = {"inside/a.csv", "inside/same.csv", "inside/up/inside/a.csv",
                                        "inside/../inside/./a.csv", "file://inside/a.csv"};
  static const char *const sinks[] = {"inside/new.csv", "inside/a.csv", "inside/new/deep/b.csv", "inside/.hidden.csv"};
  open_root(&folder);
  for (size_t i = 0; i < VS_COUNT_OF(sources); i++)
    cr_expect_eq(resolve(&folder, sources[i], false), VS_CODE_NONE, "%s", sources[i]);
  for (size_t i = 0; i < VS_COUNT_OF(sinks); i++)
    cr_expect_eq(resolve(&folder, sinks[i], true), VS_CODE_NONE, "%s", sinks[i]);
  cr_expect_eq(resolve(&folder, in(&folder, "inside/a.csv"), false), VS_CODE_NONE);
  cr_expect_eq(resolve(&folder, "inside/missing.csv", false), VS_CODE_NO_FILE);
  folder_close(&folder);
}

Test(connect_path_root, no_path_leads_out) {
  struct test_folder folder;
  static const char *const paths[] = {"outside.csv",           "inside/../outside.csv",    "inside/out.csv",
                                      "inside/up/outside.csv", "inside-too/a.csv",         "inside/up/new.csv",
                                      "inside/dangling.csv",   "inside/new/../../new.csv", "/etc/passwd",
                                      "missing.csv",           "file://outside.csv",       "../new.csv"};
  open_root(&folder);
  for (size_t i = 0; i < VS_COUNT_OF(paths); i++) {
    cr_expect_eq(resolve(&folder, paths[i], false), VS_CODE_OUTSIDE_ROOT, "reading %s", paths[i]);
    cr_expect_eq(resolve(&folder, paths[i], true), VS_CODE_OUTSIDE_ROOT, "writing %s", paths[i]);
  }
  folder_close(&folder);
}

Test(connect_path_root, only_readable_files_are_listed) {
  struct test_folder folder;
  struct vs_str *paths;
  uint32_t count;
  open_root(&folder);
  cr_assert_eq(vs_path_list(&folder.folders, &folder.arena, &paths, &count, NULL), VS_OK);
  cr_assert_eq(count, 2);
  cr_expect(vs_str_equal(paths[0], VS_STR("inside/a.csv")) && vs_str_equal(paths[1], VS_STR("inside/same.csv")));
  folder_close(&folder);
}

Test(connect_path_root, without_a_root_nothing_is_refused) {
  struct test_folder folder;
  open_root(&folder);
  folder.folders.root = NULL;
  cr_expect_eq(resolve(&folder, "inside/out.csv", false), VS_CODE_NONE);
  cr_expect_eq(resolve(&folder, "outside.csv", true), VS_CODE_NONE);
  folder_close(&folder);
}

Test(connect_path_root, a_root_that_is_no_folder_allows_nothing) {
  struct test_folder folder;
  open_root(&folder);
  static const char *const roots[] = {"gone", "/gone", "x", "..", "/etc/../"};
  for (size_t i = 0; i < VS_COUNT_OF(roots); i++) {
    folder.folders.root = roots[i];
    cr_expect_eq(resolve(&folder, "inside/a.csv", false), VS_CODE_OUTSIDE_ROOT, "%s", roots[i]);
  }
  folder.folders.root = "/";
  cr_expect_eq(resolve(&folder, "inside/a.csv", false), VS_CODE_NONE);
  folder_close(&folder);
}
