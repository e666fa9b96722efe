/* SPDX-License-Identifier: Apache-2.0
 * What a session must not show: values that are replaced by (secret) in everything that leaves it. Any thread. */
#ifndef VSK_SESSION_SECRETS_H
#define VSK_SESSION_SECRETS_H

#include "engine/base/text.h"
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

/* A shorter value would hide every other word of an output, and say by the holes what it is. */
enum { VSK_SECRET_MIN = 6 };
/* Beyond it no value is added: every output is searched for each. */
enum { VSK_SECRETS_MAX = 4096 };

struct vsk_secrets {
  struct vs_memory *memory;
  pthread_mutex_t lock;
  struct vs_str *items; /* longest first, so that a secret inside another leaves no rest of it */
  uint32_t capacity;
  atomic_uint_least32_t count; /* read without the lock: with none, nothing is ever copied */
};

void vsk_secrets_init(struct vsk_secrets *secrets, struct vs_memory *memory);
void vsk_secrets_release(struct vsk_secrets *secrets);
/* Adds the value as it is, and as HTML and JSON write it. Shorter than VSK_SECRET_MIN: does nothing. */
void vsk_secrets_add(struct vsk_secrets *secrets, struct vs_str value);
/* Adds every value that a cell's text writes under a secret key. */
void vsk_secrets_add_from(struct vsk_secrets *secrets, struct vs_str code);

/* Appends `text` with every secret replaced. False, and nothing appended, when there is none in it. */
bool vsk_secrets_conceal(struct vsk_secrets *secrets, struct vs_str text, struct vs_text *ret_text);
/* The same for a cell's text or a line quoted from it, where short values are known by their keys. In `arena` when
 * something is replaced. */
struct vs_str vsk_secrets_conceal_code(struct vsk_secrets *secrets, struct vs_str code, struct vs_arena *arena);
/* A copy of `value` without secrets in its texts, or NULL when it holds none. */
json_t *vsk_secrets_conceal_json(struct vsk_secrets *secrets, const json_t *value);

#endif
