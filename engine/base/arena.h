/* SPDX-License-Identifier: Apache-2.0
 * Arenas: memory by lifetime (session, query, batch, message). Order of calls: init, alloc..., reset..., release.
 *
 * Invariants: blocks are aligned to 16 bytes; nothing is freed singly; reset keeps the first chunk, so a batch arena
 * stops asking the heap after the first batch. An arena belongs to one thread at a time. */
#ifndef VS_BASE_ARENA_H
#define VS_BASE_ARENA_H

#include "engine/base/memory.h"
#include <stdarg.h>

struct vs_arena_chunk;
struct vs_arena {
  struct vs_memory *memory;
  struct vs_arena_chunk *chunks; /* newest first */
  char *next, *end;
  size_t used_bytes, limit_bytes; /* sum of blocks given out since reset, and its ceiling */
  bool is_failed;                 /* sticky until reset: an allocation was refused */
};

void vs_arena_init(struct vs_arena *arena, struct vs_memory *memory, size_t limit_bytes);
void vs_arena_reset(struct vs_arena *arena);
void vs_arena_release(struct vs_arena *arena); /* leaves it as after init */

/* NULL when the ceiling or a budget is reached. vs_arena_zalloc clears the block. */
void *vs_arena_alloc(struct vs_arena *arena, size_t bytes) VS_NODISCARD;
void *vs_arena_zalloc(struct vs_arena *arena, size_t bytes) VS_NODISCARD;
char *vs_arena_copy(struct vs_arena *arena, const char *data, size_t size) VS_NODISCARD; /* NUL-terminated copy */
char *vs_arena_printf(struct vs_arena *arena, const char *format, ...) VS_NODISCARD VS_PRINTF(2, 3);

#define VS_ARENA_NEW(arena, type) ((type *)vs_arena_zalloc((arena), sizeof(type)))
#define VS_ARENA_ARRAY(arena, type, count) ((type *)vs_arena_zalloc((arena), sizeof(type) * (size_t)(count)))

/* VELO-5001 for an allocation that failed; the usual end of `if (!p) return ...`. */
vs_status vs_fail_memory(struct vs_error *err) VS_NODISCARD;
/* The end of work that filled an arena: what follows from a block that was refused, success or any other error, is not
 * believed; it becomes VELO-5001. Else `status` as it is. */
vs_status vs_arena_check(const struct vs_arena *arena, vs_status status, struct vs_error *err) VS_NODISCARD;

#endif
