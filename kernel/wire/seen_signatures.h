/* SPDX-License-Identifier: Apache-2.0
 * Replay memory: the newest 65,536 signatures seen, so that a message recorded on the network cannot be sent again.
 * One memory serves all sockets of the kernel, hence the mutex: a shell message must not be replayed on control. */
#ifndef VSK_WIRE_SEEN_SIGNATURES_H
#define VSK_WIRE_SEEN_SIGNATURES_H

#include "engine/base/text.h"
#include <pthread.h>

enum { VSK_REPLAY_CAPACITY = 65536 };
struct vsk_replay_entry;
struct vsk_replay {
  struct vs_memory *memory;
  pthread_mutex_t lock;
  struct vsk_replay_entry *entries;           /* a ring once it holds `capacity` of them */
  uint32_t *buckets;                          /* 1 + index of a chain's first entry; 0 is empty */
  uint32_t entry_count, next, room, capacity; /* `room` entries are allocated and grow up to capacity */
};

/* `capacity` is a power of two: VSK_REPLAY_CAPACITY in the product. */
void vsk_replay_init(struct vsk_replay *replay, struct vs_memory *memory, uint32_t capacity);
void vsk_replay_release(struct vsk_replay *replay);
/* False when the signature is known already; remembers it otherwise. Without memory to remember, true. */
bool vsk_replay_add(struct vsk_replay *replay, struct vs_str signature);

#endif
