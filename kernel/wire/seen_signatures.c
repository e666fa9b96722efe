/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/seen_signatures.h"

#include <sodium.h>
#include <stdlib.h>

enum { DIGEST_SIZE = 32, FIRST_ROOM = 256 };

struct vsk_replay_entry {
  unsigned char digest[DIGEST_SIZE]; /* of a longer signature the first half: still far beyond guessing */
  uint32_t chain;                    /* 1 + index of the next entry in the bucket */
};

void vsk_replay_init(struct vsk_replay *replay, struct vs_memory *memory, uint32_t capacity) {
  *replay = (struct vsk_replay){.memory = memory, .capacity = capacity};
  pthread_mutex_init(&replay->lock, NULL);
}

static void free_tables(struct vsk_replay *replay) {
  vs_memory_free(replay->memory, replay->entries, replay->room * sizeof *replay->entries);
  vs_memory_free(replay->memory, replay->buckets, replay->room * sizeof *replay->buckets);
}

void vsk_replay_release(struct vsk_replay *replay) {
  free_tables(replay);
  pthread_mutex_destroy(&replay->lock);
}

/* The digest is an HMAC, so any four bytes of it are as good as a hash. */
static uint32_t *bucket_of(struct vsk_replay *replay, const unsigned char *digest) {
  uint32_t hash;
  memcpy(&hash, digest, sizeof hash);
  return &replay->buckets[hash & (replay->room - 1)];
}

static void link_entry(struct vsk_replay *replay, uint32_t index) {
  uint32_t *bucket = bucket_of(replay, replay->entries[index].digest);
  replay->entries[index].chain = *bucket;
  *bucket = index + 1;
}

static void unlink_entry(struct vsk_replay *replay, uint32_t index) {
  uint32_t *place = bucket_of(replay, replay->entries[index].digest);
  while (*place != index + 1)
    place = &replay->entries[*place - 1].chain;
  *place = replay->entries[index].chain;
}

/* The tables start small and double, so an idle kernel does not pay the two megabytes of a full memory. */
static bool grow(struct vsk_replay *replay) {
  uint32_t room = replay->room ? replay->room * 2 : VS_MIN((uint32_t)FIRST_ROOM, replay->capacity);
  struct vsk_replay_entry *entries = vs_memory_alloc(replay->memory, room * sizeof *entries);
  uint32_t *buckets = vs_memory_alloc(replay->memory, room * sizeof *buckets);
  if (!entries || !buckets) {
    vs_memory_free(replay->memory, entries, room * sizeof *entries);
    vs_memory_free(replay->memory, buckets, room * sizeof *buckets);
    return false;
  }
  if (replay->entry_count) memcpy(entries, replay->entries, replay->entry_count * sizeof *entries);
  memset(buckets, 0, room * sizeof *buckets);
  free_tables(replay);
  replay->entries = entries;
  replay->buckets = buckets;
  replay->room = room;
  for (uint32_t i = 0; i < replay->entry_count; i++)
    link_entry(replay, i);
  return true;
}

static bool is_known(struct vsk_replay *replay, const unsigned char *digest) {
  if (!replay->room) return false;
  for (uint32_t at = *bucket_of(replay, digest); at; at = replay->entries[at - 1].chain)
    if (memcmp(replay->entries[at - 1].digest, digest, DIGEST_SIZE) == 0) return true;
  return false;
}

static void remember(struct vsk_replay *replay, const unsigned char *digest) {
  if (replay->entry_count == replay->room && replay->room < replay->capacity && !grow(replay)) return;
  uint32_t index = replay->next;
  if (replay->entry_count == replay->capacity)
    unlink_entry(replay, index);
  else
    replay->entry_count++;
  memcpy(replay->entries[index].digest, digest, DIGEST_SIZE);
  link_entry(replay, index);
  replay->next = (index + 1) & (replay->capacity - 1);
}

bool vsk_replay_add(struct vsk_replay *replay, struct vs_str signature) {
  unsigned char digest[DIGEST_SIZE] = {0};
  sodium_hex2bin(digest, sizeof digest, signature.data, VS_MIN(signature.size, (size_t)2 * DIGEST_SIZE), NULL, NULL,
                 NULL);
  pthread_mutex_lock(&replay->lock);
  bool is_new = !is_known(replay, digest);
  if (is_new) remember(replay, digest);
  pthread_mutex_unlock(&replay->lock);
  return is_new;
}
