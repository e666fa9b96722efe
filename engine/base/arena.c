/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/arena.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { ALIGNMENT = 16, FIRST_CHUNK = 4096, LARGEST_CHUNK = 1 << 20 };

struct vs_arena_chunk {
  struct vs_arena_chunk *older;
  size_t bytes; /* with this header */
};
_Static_assert(sizeof(struct vs_arena_chunk) % ALIGNMENT == 0, "chunk header keeps the alignment");

void vs_arena_init(struct vs_arena *arena, struct vs_memory *memory, size_t limit_bytes) {
  assert(memory);
  *arena = (struct vs_arena){.memory = memory, .limit_bytes = limit_bytes};
}

static bool grow(struct vs_arena *arena, size_t bytes) {
  size_t size = arena->chunks ? VS_MIN(arena->chunks->bytes * 2, (size_t)LARGEST_CHUNK) : FIRST_CHUNK;
  if (vs_memory_is_failing(arena->memory)) size = 0;
  size = VS_MAX(size, bytes + sizeof(struct vs_arena_chunk));
  struct vs_arena_chunk *chunk = vs_memory_alloc(arena->memory, size);
  if (!chunk) return false;
  *chunk = (struct vs_arena_chunk){.older = arena->chunks, .bytes = size};
  arena->chunks = chunk;
  arena->next = (char *)(chunk + 1);
  arena->end = (char *)chunk + size;
  return true;
}

void *vs_arena_alloc(struct vs_arena *arena, size_t bytes) {
  if (bytes > SIZE_MAX / 4) return arena->is_failed = true, NULL;
  size_t rounded = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
  if (arena->limit_bytes && arena->used_bytes + rounded > arena->limit_bytes) return arena->is_failed = true, NULL;
  if ((size_t)(arena->end - arena->next) < rounded && !grow(arena, rounded)) return arena->is_failed = true, NULL;
  void *block = arena->next;
  arena->next += rounded;
  arena->used_bytes += rounded;
  return block;
}

void *vs_arena_zalloc(struct vs_arena *arena, size_t bytes) {
  void *block = vs_arena_alloc(arena, bytes);
  return block ? memset(block, 0, bytes) : NULL;
}

char *vs_arena_copy(struct vs_arena *arena, const char *data, size_t size) {
  char *copy = vs_arena_alloc(arena, size + 1);
  if (!copy) return NULL;
  if (size) memcpy(copy, data, size);
  copy[size] = '\0';
  return copy;
}

char *vs_arena_printf(struct vs_arena *arena, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text = size < 0 ? NULL : vs_arena_alloc(arena, (size_t)size + 1);
  if (text) vsnprintf(text, (size_t)size + 1, format, again);
  va_end(again);
  return text;
}

/* The largest chunk survives a reset: the next batch of the same size then needs no heap at all. */
void vs_arena_reset(struct vs_arena *arena) {
  struct vs_arena_chunk *keep = arena->chunks, *chunk = keep ? keep->older : NULL;
  while (chunk) {
    struct vs_arena_chunk *older = chunk->older;
    vs_memory_free(arena->memory, chunk, chunk->bytes);
    chunk = older;
  }
  if (keep) {
    keep->older = NULL;
    arena->next = (char *)(keep + 1);
    arena->end = (char *)keep + keep->bytes;
  }
  arena->used_bytes = 0;
  arena->is_failed = false;
}

void vs_arena_release(struct vs_arena *arena) {
  if (!arena->memory) return;
  vs_arena_reset(arena);
  if (arena->chunks) vs_memory_free(arena->memory, arena->chunks, arena->chunks->bytes);
  vs_arena_init(arena, arena->memory, arena->limit_bytes);
}

vs_status vs_fail_memory(struct vs_error *err) {
  return vs_fail(err, VS_CODE_OUT_OF_MEMORY, VS_NO_SPAN, "the query ran out of memory");
}

vs_status vs_arena_check(const struct vs_arena *arena, vs_status status, struct vs_error *err) {
  return arena->is_failed ? vs_fail_memory(err) : status;
}
