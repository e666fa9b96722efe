/* links: vs_catalog */
/* SPDX-License-Identifier: Apache-2.0
 * Readers take, look and let go while one writer publishes: every snapshot they see is whole. */
#include "engine/catalog/catalog.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { READERS = 4, CHANGES = 2000 };

struct shared {
  struct vs_catalog *catalog;
  atomic_bool is_done;
  atomic_uint_fast64_t looks;
};

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

/* The two objects of a change carry the same version. */
static void *look(void *context) {
  struct shared *shared = context;
  uint64_t last = 0;
  while (!atomic_load(&shared->is_done)) {
    struct vs_snapshot *snapshot = vs_catalog_current(shared->catalog);
    const struct vs_object *a = vs_snapshot_find(snapshot, VS_STR("a")), *b = vs_snapshot_find(snapshot, VS_STR("b"));
    if (!a != !b || (a && a->version != b->version)) fail("half a change was seen");
    if (a && a->version < last) fail("an older snapshot came after a newer one");
    last = a ? a->version : last;
    vs_snapshot_unref(snapshot);
    atomic_fetch_add(&shared->looks, 1);
  }
  return NULL;
}

static void put(struct vs_change *change, const char *name, uint64_t version) {
  struct vs_arena *arena;
  if (vs_change_arena(change, &arena, NULL) != VS_OK) fail("no arena");
  struct vs_object *object = VS_ARENA_NEW(arena, struct vs_object);
  object->name = vs_str_of(name);
  object->version = version;
  if (vs_change_put(change, object, NULL) != VS_OK) fail("not put");
}

int main(void) {
  struct vs_memory memory;
  struct shared shared = {0};
  pthread_t readers[READERS];
  vs_memory_init(&memory, NULL, 0);
  const struct vs_env env = {.memory = &memory};
  if (vs_catalog_new(&env, &shared.catalog, NULL) != VS_OK) fail("no catalogue");
  for (int i = 0; i < READERS; i++)
    pthread_create(&readers[i], NULL, look, &shared);
  for (uint64_t version = 1; version <= CHANGES || atomic_load(&shared.looks) < CHANGES; version++) {
    struct vs_change *change;
    if (vs_change_begin(shared.catalog, &change, NULL) != VS_OK) fail("no change");
    put(change, "a", version);
    put(change, "b", version);
    if (vs_change_publish(change, NULL) != VS_OK) fail("not published");
  }
  atomic_store(&shared.is_done, true);
  for (int i = 0; i < READERS; i++)
    pthread_join(readers[i], NULL);
  vs_catalog_free(shared.catalog);
  if (vs_memory_used(&memory)) fail("memory is left behind");
  return 0;
}
