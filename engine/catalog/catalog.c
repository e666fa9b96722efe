/* SPDX-License-Identifier: Apache-2.0
 * The current snapshot in one atomic word: its address in the upper 48 bits, in the lower 16 how many readers took it
 * from there. Taking it is therefore one addition, which no replacement can slip into; a reader who leaves counts down
 * in the snapshot itself. When the snapshot is replaced, the readers counted in the word are moved into its own count,
 * from which a large bias is taken off at the same time: it cannot reach zero before. */
#include "engine/catalog/snapshot.h"

#include <assert.h>

enum { READER_BITS = 16, READERS_MOVED_AT = 1 << 14 };

struct vs_catalog {
  struct vs_memory *memory;
  atomic_uint_fast64_t current;
};

static uint64_t word_of(const struct vs_snapshot *snapshot) {
  uint64_t address = (uint64_t)(uintptr_t)snapshot;
  assert(address >> (64 - READER_BITS) == 0);
  return address << READER_BITS;
}

static struct vs_snapshot *snapshot_of(uint64_t word) {
  return (struct vs_snapshot *)(uintptr_t)(word >> READER_BITS); /* NOLINT: the address put in by word_of */
}

static int64_t readers_of(uint64_t word) {
  return (int64_t)(word & ((1u << READER_BITS) - 1));
}

vs_status vs_catalog_new(const struct vs_env *env, struct vs_catalog **ret_catalog, struct vs_error *err) {
  struct vs_snapshot *empty;
  struct vs_catalog *catalog = vs_memory_alloc(env->memory, sizeof *catalog);
  if (!catalog) return vs_fail_memory(err);
  vs_status status = vs_snapshot_new(env->memory, NULL, 0, &empty, err);
  if (status != VS_OK) {
    vs_memory_free(env->memory, catalog, sizeof *catalog);
    return status;
  }
  catalog->memory = env->memory;
  atomic_init(&catalog->current, word_of(empty));
  *ret_catalog = catalog;
  return VS_OK;
}

struct vs_memory *vs_catalog_memory(const struct vs_catalog *catalog) {
  return catalog->memory;
}

static void retire(uint64_t word) {
  vs_snapshot_settle(snapshot_of(word), readers_of(word) - VS_SNAPSHOT_BIAS);
}

void vs_catalog_free(struct vs_catalog *catalog) {
  if (!catalog) return;
  retire(atomic_load_explicit(&catalog->current, memory_order_acquire));
  vs_memory_free(catalog->memory, catalog, sizeof *catalog);
}

/* The word's count is small: before it can overflow, its readers are moved into the snapshot. Whoever wins the exchange
 * moves them; the bias keeps the snapshot alive meanwhile, and the reader's own reference does too. */
static void move_readers(struct vs_catalog *catalog, uint64_t word) {
  uint64_t seen = atomic_load_explicit(&catalog->current, memory_order_relaxed);
  while (snapshot_of(seen) == snapshot_of(word) && readers_of(seen) >= READERS_MOVED_AT) {
    int64_t moved = readers_of(seen);
    vs_snapshot_settle(snapshot_of(word), moved);
    if (atomic_compare_exchange_weak_explicit(&catalog->current, &seen, word_of(snapshot_of(seen)),
                                              memory_order_acq_rel, memory_order_relaxed))
      return;
    vs_snapshot_settle(snapshot_of(word), -moved);
  }
}

struct vs_snapshot *vs_catalog_current(struct vs_catalog *catalog) {
  uint64_t word = atomic_fetch_add_explicit(&catalog->current, 1, memory_order_acq_rel);
  if (readers_of(word) >= READERS_MOVED_AT) move_readers(catalog, word);
  return snapshot_of(word);
}

void vs_catalog_publish(struct vs_catalog *catalog, struct vs_snapshot *snapshot) {
  retire(atomic_exchange_explicit(&catalog->current, word_of(snapshot), memory_order_acq_rel));
}
