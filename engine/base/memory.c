/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/memory.h"

#include <stdlib.h>
#include <string.h>

void vs_memory_init(struct vs_memory *memory, struct vs_memory *parent, size_t limit_bytes) {
  memset(memory, 0, sizeof *memory);
  memory->parent = parent;
  memory->limit_bytes = limit_bytes;
}

static void give_back(struct vs_memory *memory, const struct vs_memory *end, size_t bytes) {
  for (; memory != end; memory = memory->parent)
    atomic_fetch_sub_explicit(&memory->used_bytes, bytes, memory_order_relaxed);
}

static bool take(struct vs_memory *memory, size_t bytes) {
  for (struct vs_memory *m = memory; m; m = m->parent) {
    size_t used = atomic_fetch_add_explicit(&m->used_bytes, bytes, memory_order_relaxed) + bytes;
    if (m->limit_bytes && used > m->limit_bytes) {
      atomic_store_explicit(&m->is_over_limit, true, memory_order_relaxed);
      give_back(memory, m->parent, bytes);
      return false;
    }
    if (used > atomic_load_explicit(&m->peak_bytes, memory_order_relaxed))
      atomic_store_explicit(&m->peak_bytes, used, memory_order_relaxed);
    if (!m->parent) {
      uint64_t number = atomic_fetch_add_explicit(&m->allocations, 1, memory_order_relaxed) + 1;
      if (m->fail_at && number == m->fail_at) {
        give_back(memory, NULL, bytes);
        return false;
      }
    }
  }
  return true;
}

void *vs_memory_alloc(struct vs_memory *memory, size_t bytes) {
  if (!take(memory, bytes)) return NULL;
  void *block = malloc(bytes ? bytes : 1);
  if (!block) give_back(memory, NULL, bytes);
  return block;
}

void *vs_memory_resize(struct vs_memory *memory, void *block, size_t old_bytes, size_t new_bytes) {
  if (!block) return vs_memory_alloc(memory, new_bytes);
  if (new_bytes > old_bytes && !take(memory, new_bytes - old_bytes)) return NULL;
  void *moved = realloc(block, new_bytes ? new_bytes : 1);
  if (!moved) {
    if (new_bytes > old_bytes) give_back(memory, NULL, new_bytes - old_bytes);
    return NULL;
  }
  if (new_bytes < old_bytes) give_back(memory, NULL, old_bytes - new_bytes);
  return moved;
}

void vs_memory_free(struct vs_memory *memory, void *block, size_t bytes) {
  if (!block) return;
  free(block);
  give_back(memory, NULL, bytes);
}

bool vs_memory_is_failing(const struct vs_memory *memory) {
  while (memory->parent)
    memory = memory->parent;
  return memory->fail_at > 0;
}

size_t vs_memory_used(const struct vs_memory *memory) {
  return atomic_load_explicit(&memory->used_bytes, memory_order_relaxed);
}
