/* SPDX-License-Identifier: Apache-2.0
 * The one way to heap memory: budgets are counted here, and tests make the n-th allocation fail here.
 *
 * Budgets nest: what is taken from a child counts in its parents too. All functions are safe from any thread. */
#ifndef VS_BASE_MEMORY_H
#define VS_BASE_MEMORY_H

#include "engine/base/error.h"
#include <stdatomic.h>

struct vs_memory {
  struct vs_memory *parent; /* NULL for the root */
  size_t limit_bytes;       /* 0: no limit of its own */
  atomic_size_t used_bytes, peak_bytes;
  atomic_uint_fast64_t allocations; /* counted at the root */
  atomic_bool is_over_limit;        /* an allocation was refused for want of budget here, not of memory */
  uint64_t fail_at;                 /* fail the allocation of this number, 0: never; for tests, set before use */
};

void vs_memory_init(struct vs_memory *memory, struct vs_memory *parent, size_t limit_bytes);
/* NULL when over a limit or out of memory; the caller turns that into VELO-5001 or VELO-5002. */
void *vs_memory_alloc(struct vs_memory *memory, size_t bytes) VS_NODISCARD;
void *vs_memory_resize(struct vs_memory *memory, void *block, size_t old_bytes, size_t new_bytes) VS_NODISCARD;
void vs_memory_free(struct vs_memory *memory, void *block, size_t bytes); /* NULL block allowed */
size_t vs_memory_used(const struct vs_memory *memory);
/* fail_at is set: arenas then ask for every block alone, so that each of their allocations can be the one that fails.
 */
bool vs_memory_is_failing(const struct vs_memory *memory);

#endif
