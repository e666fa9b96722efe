/* SPDX-License-Identifier: Apache-2.0
 * What a program must not show: values that are replaced by (secret) in everything that leaves it. Any thread. */
#ifndef VS_BASE_SECRET_LIST_H
#define VS_BASE_SECRET_LIST_H

#include "engine/base/text.h"
#include <pthread.h>
#include <stdatomic.h>

/* A shorter value would hide every other word of an output, and say by the holes what it is. */
enum { VS_SECRET_MIN = 6 };
/* Beyond it no value is added: every output is searched for each. */
enum { VS_SECRETS_MAX = 4096 };

struct vs_secret_list {
  struct vs_memory *memory;
  pthread_mutex_t lock;
  struct vs_str *items; /* longest first, so that a secret inside another leaves no rest of it */
  uint32_t capacity;
  atomic_uint_least32_t count; /* read without the lock: with none, nothing is ever copied */
};

void vs_secret_list_init(struct vs_secret_list *list, struct vs_memory *memory);
void vs_secret_list_release(struct vs_secret_list *list);
/* Adds the value as it is, and as HTML and JSON write it. Shorter than VS_SECRET_MIN: does nothing. */
void vs_secret_list_add(struct vs_secret_list *list, struct vs_str value);
/* Adds every value that a cell's text writes under a secret key. */
void vs_secret_list_add_from(struct vs_secret_list *list, struct vs_str code);

/* Appends `text` with every secret replaced. False, and nothing appended, when there is none in it. */
bool vs_secret_list_conceal(struct vs_secret_list *list, struct vs_str text, struct vs_text *ret_text);
/* The same for a cell's text or a line quoted from it, where short values are known by their keys. In `arena` when
 * something is replaced. */
struct vs_str vs_secret_list_conceal_code(struct vs_secret_list *list, struct vs_str code, struct vs_arena *arena);

#endif
