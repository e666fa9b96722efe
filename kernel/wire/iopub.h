/* SPDX-License-Identifier: Apache-2.0
 * The IOPub thread: sole owner of the XPUB socket. It welcomes subscribers, sends what the queue gives, and keeps one
 * stalled client from hurting the others: nothing is dropped for 10 seconds without progress, then only that client
 * loses. Order: init, push to `queue` from anywhere, start, stop (drains for at most a second), release. */
#ifndef VSK_WIRE_IOPUB_H
#define VSK_WIRE_IOPUB_H

#include "engine/base/env.h"
#include "kernel/wire/queue.h"

struct vsk_iopub {
  struct vsk_queue queue;
  const struct vs_env *env;
  struct vsk_author *author;
  void *socket; /* taken: closed by release */
  pthread_t thread;
  bool is_started;
  struct vs_wake stop;
  int64_t stop_at_us; /* 0: running; then the end of draining */
  /* the thread's own */
  struct vsk_packet *welcomes, *current;
  bool is_dropping;         /* NODROP is cleared until the queue is empty */
  bool has_frozen_client;   /* it stalled us before and has not read since: wait for it only briefly */
  int64_t stalled_since_us; /* 0: not stalled */
};

vs_status vsk_iopub_init(struct vsk_iopub *iopub, const struct vs_env *env, struct vsk_author *author, void *socket,
                         struct vs_error *err) VS_NODISCARD;
vs_status vsk_iopub_start(struct vsk_iopub *iopub, struct vs_error *err) VS_NODISCARD;
void vsk_iopub_stop(struct vsk_iopub *iopub);
void vsk_iopub_release(struct vsk_iopub *iopub);

#endif
