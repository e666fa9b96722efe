/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/heartbeat.h"
#include "kernel/wire/socket.h"

#include <errno.h>
#include <zmq.h>

vs_status vsk_heartbeat_open(struct vsk_heartbeat *heartbeat, struct vsk_connection *connection, struct vs_error *err) {
  *heartbeat = (struct vsk_heartbeat){.stop = {-1}};
  heartbeat->zmq_context = zmq_ctx_new();
  if (!heartbeat->zmq_context)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot start ZeroMQ: %s", zmq_strerror(errno));
  VS_TRY(vs_wake_open(&heartbeat->stop, err));
  return vsk_socket_open(heartbeat->zmq_context, VSK_HEARTBEAT, connection, &heartbeat->socket, err);
}

static void echo_parts(void *socket) {
  for (;;) {
    zmq_msg_t part;
    zmq_msg_init(&part);
    if (zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) < 0) {
      zmq_msg_close(&part);
      if (errno == EINTR) continue;
      return;
    }
    int flags = ZMQ_DONTWAIT | (zmq_msg_more(&part) ? ZMQ_SNDMORE : 0);
    if (zmq_msg_send(&part, socket, flags) < 0) zmq_msg_close(&part);
  }
}

static void *run(void *argument) {
  struct vsk_heartbeat *heartbeat = argument;
  while (!vs_wake_is_set(&heartbeat->stop)) {
    zmq_pollitem_t items[] = {{.socket = heartbeat->socket, .events = ZMQ_POLLIN},
                              {.fd = heartbeat->stop.fd, .events = ZMQ_POLLIN}};
    zmq_poll(items, 2, -1);
    echo_parts(heartbeat->socket);
  }
  return NULL;
}

vs_status vsk_heartbeat_start(struct vsk_heartbeat *heartbeat, struct vs_error *err) {
  if (pthread_create(&heartbeat->thread, NULL, run, heartbeat) != 0)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot start the heartbeat thread");
  heartbeat->is_started = true;
  return VS_OK;
}

void vsk_heartbeat_close(struct vsk_heartbeat *heartbeat) {
  if (heartbeat->is_started) {
    vs_wake_set(&heartbeat->stop);
    pthread_join(heartbeat->thread, NULL);
  }
  vsk_socket_close(heartbeat->socket);
  if (heartbeat->zmq_context) zmq_ctx_term(heartbeat->zmq_context);
  vs_wake_close(&heartbeat->stop);
}
