/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/catalog/snapshot.h"

vs_status vs_holder_new(struct vs_memory *memory, struct vs_holder **ret_holder, struct vs_error *err) {
  struct vs_holder *holder = vs_memory_alloc(memory, sizeof *holder);
  if (!holder) return vs_fail_memory(err);
  memset(holder, 0, sizeof *holder);
  holder->memory = memory;
  vs_arena_init(&holder->arena, memory, 0);
  atomic_init(&holder->references, 1);
  *ret_holder = holder;
  return VS_OK;
}

struct vs_holder *vs_holder_ref(struct vs_holder *holder) {
  atomic_fetch_add_explicit(&holder->references, 1, memory_order_relaxed);
  return holder;
}

void vs_holder_unref(struct vs_holder *holder) {
  if (!holder || atomic_fetch_sub_explicit(&holder->references, 1, memory_order_acq_rel) != 1) return;
  vs_rows_unref(holder->rows);
  vs_arena_release(&holder->arena);
  vs_memory_free(holder->memory, holder, sizeof *holder);
}

static void unref_all(struct vs_holder **holders, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    vs_holder_unref(holders[i]);
}

vs_status vs_snapshot_new(struct vs_memory *memory, struct vs_holder **holders, uint32_t count,
                          struct vs_snapshot **ret_snapshot, struct vs_error *err) {
  size_t bytes = sizeof(struct vs_snapshot) + sizeof(struct vs_holder *) * count;
  struct vs_snapshot *snapshot = vs_memory_alloc(memory, bytes);
  if (!snapshot) {
    unref_all(holders, count);
    return vs_fail_memory(err);
  }
  memset(snapshot, 0, sizeof *snapshot);
  snapshot->memory = memory;
  snapshot->bytes = bytes;
  snapshot->count = count;
  atomic_init(&snapshot->references, VS_SNAPSHOT_BIAS);
  if (count) memcpy(snapshot->holders, holders, sizeof *holders * count);
  *ret_snapshot = snapshot;
  return VS_OK;
}

void vs_snapshot_settle(struct vs_snapshot *snapshot, int64_t change) {
  if (atomic_fetch_add_explicit(&snapshot->references, change, memory_order_acq_rel) + change != 0) return;
  unref_all(snapshot->holders, snapshot->count);
  vs_memory_free(snapshot->memory, snapshot, snapshot->bytes);
}

void vs_snapshot_unref(struct vs_snapshot *snapshot) {
  if (snapshot) vs_snapshot_settle(snapshot, -1);
}

uint32_t vs_snapshot_count(const struct vs_snapshot *snapshot) {
  return snapshot->count;
}

const struct vs_object *vs_snapshot_at(const struct vs_snapshot *snapshot, uint32_t index) {
  return index < snapshot->count ? snapshot->holders[index]->object : NULL;
}

const struct vs_object *vs_snapshot_find(const struct vs_snapshot *snapshot, struct vs_str name) {
  const struct vs_object *found = NULL;
  uint32_t near = 0;
  for (uint32_t i = 0; i < snapshot->count; i++) {
    const struct vs_object *object = snapshot->holders[i]->object;
    if (vs_str_equal(object->name, name)) return object;
    if (vs_str_equal_nocase(object->name, name)) {
      found = object;
      near++;
    }
  }
  return near == 1 ? found : NULL;
}
