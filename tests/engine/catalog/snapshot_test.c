/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/catalog/catalog.h"

#include <criterion/criterion.h>
#include <stdio.h>

struct test_catalog {
  struct vs_memory memory;
  struct vs_env env;
  struct vs_catalog *catalog;
};

static void catalog_open(struct test_catalog *test) {
  struct vs_error err;
  memset(test, 0, sizeof *test);
  vs_memory_init(&test->memory, NULL, 0);
  test->env.memory = &test->memory;
  cr_assert_eq(vs_catalog_new(&test->env, &test->catalog, &err), VS_OK);
}

static void catalog_close(struct test_catalog *test) {
  vs_catalog_free(test->catalog);
  cr_expect_eq(vs_memory_used(&test->memory), 0, "memory is given back");
}

static void put(struct vs_change *change, const char *name, const char *owner, struct vs_rows *rows) {
  struct vs_arena *arena;
  struct vs_error err;
  cr_assert_eq(vs_change_arena(change, &arena, &err), VS_OK);
  struct vs_object *object = VS_ARENA_NEW(arena, struct vs_object);
  object->name = (struct vs_str){vs_arena_copy(arena, name, strlen(name)), strlen(name)};
  object->owner = (struct vs_str){vs_arena_copy(arena, owner, strlen(owner)), strlen(owner)};
  object->rows = rows;
  cr_assert_eq(vs_change_put(change, object, &err), VS_OK);
}

static struct vs_change *begin(struct test_catalog *test) {
  struct vs_change *change;
  struct vs_error err;
  cr_assert_eq(vs_change_begin(test->catalog, &change, &err), VS_OK);
  return change;
}

static void publish(struct vs_change *change) {
  struct vs_error err;
  cr_assert_eq(vs_change_publish(change, &err), VS_OK);
}

static void expect_names(struct test_catalog *test, const char *wanted) {
  char names[256] = "";
  struct vs_snapshot *snapshot = vs_catalog_current(test->catalog);
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++)
    snprintf(names + strlen(names), sizeof names - strlen(names), "%.*s ",
             VS_STR_ARG(vs_snapshot_at(snapshot, i)->name));
  vs_snapshot_unref(snapshot);
  cr_expect_str_eq(names, wanted);
}

Test(catalog_snapshot, a_change_is_seen_at_once_or_never) {
  struct test_catalog test;
  catalog_open(&test);
  expect_names(&test, "");
  struct vs_change *change = begin(&test);
  put(change, "a", "1", NULL);
  put(change, "b", "2", NULL);
  expect_names(&test, "");
  publish(change);
  expect_names(&test, "a b ");
  change = begin(&test);
  put(change, "c", "1", NULL);
  vs_change_remove(change, VS_STR("a"));
  vs_change_drop(change);
  expect_names(&test, "a b ");
  change = begin(&test);
  put(change, "c", "1", NULL);
  put(change, "a", "3", NULL);
  vs_change_remove(change, VS_STR("nothing"));
  publish(change);
  expect_names(&test, "b c a ");
  change = begin(&test);
  vs_change_remove_owner(change, VS_STR("1"));
  vs_change_remove(change, VS_STR("b"));
  publish(change);
  expect_names(&test, "a ");
  vs_change_drop(NULL);
  catalog_close(&test);
}

Test(catalog_snapshot, an_old_snapshot_keeps_what_it_holds) {
  static struct vs_field fields[] = {{.name = {"k", 1}, .type = {VS_TYPE_INTEGER, 0, 0}}};
  static const struct vs_schema schema = {fields, 1, 1};
  struct test_catalog test;
  struct vs_rows *rows;
  struct vs_error err;
  catalog_open(&test);
  cr_assert_eq(vs_rows_new(&schema, &test.memory, &rows, &err), VS_OK);
  struct vs_change *change = begin(&test);
  put(change, "a", "1", rows);
  vs_rows_unref(rows); /* the catalogue holds them */
  publish(change);
  struct vs_snapshot *old = vs_catalog_current(test.catalog);
  change = begin(&test);
  vs_change_remove(change, VS_STR("a"));
  publish(change);
  expect_names(&test, "");
  const struct vs_object *object = vs_snapshot_find(old, VS_STR("a"));
  cr_assert(object != NULL);
  cr_expect(vs_str_equal(object->name, VS_STR("a")));
  cr_expect_eq(vs_rows_count(object->rows), 0);
  vs_snapshot_unref(old);
  catalog_close(&test);
}

Test(catalog_snapshot, a_snapshot_may_outlive_its_catalogue) {
  struct test_catalog test;
  catalog_open(&test);
  struct vs_change *change = begin(&test);
  put(change, "a", "1", NULL);
  publish(change);
  struct vs_snapshot *snapshot = vs_catalog_current(test.catalog);
  vs_catalog_free(test.catalog);
  cr_expect(vs_snapshot_find(snapshot, VS_STR("A")) != NULL);
  vs_snapshot_unref(snapshot);
  cr_expect_eq(vs_memory_used(&test.memory), 0);
}

Test(catalog_snapshot, names_are_found_exactly_else_ignoring_case_when_that_is_unique) {
  struct test_catalog test;
  catalog_open(&test);
  struct vs_change *change = begin(&test);
  put(change, "Trades", "1", NULL);
  put(change, "x", "1", NULL);
  put(change, "X", "1", NULL);
  publish(change);
  struct vs_snapshot *snapshot = vs_catalog_current(test.catalog);
  cr_expect_eq(vs_snapshot_find(snapshot, VS_STR("trades")), vs_snapshot_at(snapshot, 0));
  cr_expect_eq(vs_snapshot_find(snapshot, VS_STR("X")), vs_snapshot_at(snapshot, 2));
  cr_expect_null(vs_snapshot_find(snapshot, VS_STR("y")));
  cr_expect_null(vs_snapshot_at(snapshot, 3));
  vs_snapshot_unref(snapshot);
  catalog_close(&test);
}

/* More readers than the word can count. */
Test(catalog_snapshot, any_number_of_readers_may_hold_one) {
  enum { READERS = 100000 };
  static struct vs_snapshot *held[READERS];
  struct test_catalog test;
  catalog_open(&test);
  for (int i = 0; i < READERS; i++)
    held[i] = vs_catalog_current(test.catalog);
  publish(begin(&test));
  for (int i = 0; i < READERS; i++)
    vs_snapshot_unref(held[i]);
  for (int i = 0; i < READERS; i++)
    vs_snapshot_unref(vs_catalog_current(test.catalog));
  catalog_close(&test);
}
