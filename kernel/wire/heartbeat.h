/* SPDX-License-Identifier: Apache-2.0
 * The heartbeat: echoes every frame unchanged, on a context and a thread of its own, so that no load delays it. */
#ifndef VSK_WIRE_HEARTBEAT_H
#define VSK_WIRE_HEARTBEAT_H

#include "engine/base/wake.h"
#include "kernel/wire/connection.h"
#include <pthread.h>

struct vsk_heartbeat {
  void *zmq_context, *socket;
  struct vs_wake stop;
  pthread_t thread;
  bool is_started;
};

vs_status vsk_heartbeat_open(struct vsk_heartbeat *heartbeat, struct vsk_connection *connection,
                             struct vs_error *err) VS_NODISCARD;
vs_status vsk_heartbeat_start(struct vsk_heartbeat *heartbeat, struct vs_error *err) VS_NODISCARD;
void vsk_heartbeat_close(struct vsk_heartbeat *heartbeat); /* stops the thread first */

#endif
