/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/catalog/inference.h"

#include <pthread.h>
#include <sys/stat.h>

enum { ENTRIES = 64 };

struct entry {
  struct vs_arena arena; /* path and result */
  struct vs_str path;
  int64_t size, modified_ns;
  struct vs_format_options options;
  const struct vs_format *format;
  struct vs_inferred inferred;
  uint64_t used; /* 0: free */
};

struct vs_inference_cache {
  struct vs_memory *memory;
  pthread_mutex_t lock;
  struct entry entries[ENTRIES];
  uint64_t uses;
};

vs_status vs_inference_cache_new(struct vs_memory *memory, struct vs_inference_cache **ret_cache,
                                 struct vs_error *err) {
  struct vs_inference_cache *cache = vs_memory_alloc(memory, sizeof *cache);
  if (!cache) return vs_fail_memory(err);
  memset(cache, 0, sizeof *cache);
  cache->memory = memory;
  pthread_mutex_init(&cache->lock, NULL);
  for (uint32_t i = 0; i < ENTRIES; i++)
    vs_arena_init(&cache->entries[i].arena, memory, 0);
  *ret_cache = cache;
  return VS_OK;
}

void vs_inference_cache_free(struct vs_inference_cache *cache) {
  if (!cache) return;
  for (uint32_t i = 0; i < ENTRIES; i++)
    vs_arena_release(&cache->entries[i].arena);
  pthread_mutex_destroy(&cache->lock);
  vs_memory_free(cache->memory, cache, sizeof *cache);
}

static vs_status copy_inferred(const struct vs_inferred *from, struct vs_arena *arena, struct vs_inferred *ret_inferred,
                               struct vs_error *err) {
  const struct vs_schema *schema;
  uint32_t count = from->schema.field_count;
  vs_epoch_unit *units = VS_ARENA_ARRAY(arena, vs_epoch_unit, VS_MAX(count, 1u));
  VS_TRY(vs_schema_copy(&from->schema, arena, &schema, err));
  if (!units) return vs_fail_memory(err);
  memcpy(units, from->units, sizeof *units * count);
  *ret_inferred = *from;
  ret_inferred->schema = *schema;
  ret_inferred->units = units;
  return VS_OK;
}

/* Everything that inference depends on. */
static bool is_same_reading(const struct vs_format_options *a, const struct vs_format_options *b) {
  return a->delimiter == b->delimiter && a->quote == b->quote && a->has_header == b->has_header &&
         a->skip_lines == b->skip_lines && a->has_declared_schema == b->has_declared_schema;
}

static struct entry *find_entry(struct vs_inference_cache *cache, const struct entry *wanted) {
  for (uint32_t i = 0; i < ENTRIES; i++) {
    struct entry *entry = &cache->entries[i];
    if (entry->used && entry->size == wanted->size && entry->modified_ns == wanted->modified_ns &&
        entry->format == wanted->format && is_same_reading(&entry->options, &wanted->options) &&
        vs_str_equal(entry->path, wanted->path))
      return entry;
  }
  return NULL;
}

static bool take_entry(struct vs_inference_cache *cache, const struct entry *wanted, struct vs_arena *arena,
                       struct vs_inferred *ret_inferred) {
  pthread_mutex_lock(&cache->lock);
  struct entry *entry = find_entry(cache, wanted);
  bool is_found = entry && copy_inferred(&entry->inferred, arena, ret_inferred, NULL) == VS_OK;
  if (is_found) entry->used = ++cache->uses;
  pthread_mutex_unlock(&cache->lock);
  return is_found;
}

/* Not remembering for want of memory is no error. */
static void keep_entry(struct vs_inference_cache *cache, const struct entry *made, const struct vs_inferred *inferred) {
  pthread_mutex_lock(&cache->lock);
  struct entry *oldest = &cache->entries[0];
  for (uint32_t i = 1; i < ENTRIES; i++)
    oldest = cache->entries[i].used < oldest->used ? &cache->entries[i] : oldest;
  struct vs_arena arena = oldest->arena;
  vs_arena_release(&arena);
  *oldest = *made;
  oldest->arena = arena;
  oldest->used = 0;
  char *path = vs_arena_copy(&oldest->arena, made->path.data, made->path.size);
  if (path && copy_inferred(inferred, &oldest->arena, &oldest->inferred, NULL) == VS_OK) {
    oldest->path.data = path;
    oldest->used = ++cache->uses;
  }
  pthread_mutex_unlock(&cache->lock);
}

vs_status vs_inference_get(struct vs_inference_cache *cache, const struct vs_endpoint *endpoint,
                           const struct vs_env *env, struct vs_arena *arena, struct vs_inferred *ret_inferred,
                           struct vs_error *err) {
  struct stat file;
  struct entry wanted = {.path = endpoint->path, .options = endpoint->format_options, .format = endpoint->format};
  bool is_known = cache && stat(endpoint->path.data, &file) == 0;
  if (is_known) {
    wanted.size = file.st_size;
    wanted.modified_ns = (int64_t)file.st_mtim.tv_sec * 1000000000 + file.st_mtim.tv_nsec;
    if (take_entry(cache, &wanted, arena, ret_inferred)) return VS_OK;
  }
  VS_TRY(endpoint->connector->infer(endpoint, env, arena, ret_inferred, err));
  if (is_known) keep_entry(cache, &wanted, ret_inferred);
  return VS_OK;
}
