/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/socket.h"
#include "kernel/wire/curve.h"

#include <errno.h>
#include <stdlib.h>
#include <zmq.h>

enum { IOPUB_SEND_MARK = 2000 };
/* Beyond any number of kernels that start at one moment; each try but the last lost against one of them. */
enum { IPC_TRIES = 1000 };

struct option_row {
  int option, value;
};
/* A ROUTER drops silently at its marks, hence none; HANDOVER lets a client come back under its old identity; MANDATORY
 * on stdin tells us that the asking client's stdin socket is not connected yet. XPUB_MANUAL reports every subscription,
 * not only the first to a topic, and delivers nothing to a subscriber before we accept it: its first message can then
 * be the welcome, whatever is queued. */
/* clang-format off */
static const struct option_row router_options[] = {
  {ZMQ_LINGER, VSK_LINGER_MS}, {ZMQ_ROUTER_HANDOVER, 1}, {ZMQ_SNDHWM, 0}, {ZMQ_RCVHWM, 0}, {0, 0},
};
static const struct option_row stdin_options[] = {
  {ZMQ_LINGER, VSK_LINGER_MS}, {ZMQ_ROUTER_HANDOVER, 1}, {ZMQ_ROUTER_MANDATORY, 1}, {ZMQ_SNDHWM, 0}, {ZMQ_RCVHWM, 0}, {0, 0},
};
static const struct option_row iopub_options[] = {
  {ZMQ_LINGER, VSK_LINGER_MS}, {ZMQ_XPUB_MANUAL, 1}, {ZMQ_XPUB_VERBOSE, 1}, {ZMQ_XPUB_NODROP, 1}, {ZMQ_SNDHWM, IOPUB_SEND_MARK}, {0, 0},
};
static const struct {
  int type;
  const struct option_row *options;
} kinds[VSK_CHANNEL_COUNT] = {
  [VSK_SHELL]     = {ZMQ_ROUTER, router_options},
  [VSK_CONTROL]   = {ZMQ_ROUTER, router_options},
  [VSK_STDIN]     = {ZMQ_ROUTER, stdin_options},
  [VSK_IOPUB]     = {ZMQ_XPUB,   iopub_options},
  [VSK_HEARTBEAT] = {ZMQ_ROUTER, router_options},
};
/* clang-format on */

static vs_status set_options(void *socket, vsk_channel channel, const struct vsk_connection *connection,
                             struct vs_error *err) {
  int64_t frame_limit = VSK_FRAME_LIMIT;
  int is_ipv6 = strchr(connection->ip, ':') != NULL;
  int failed = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_limit, sizeof frame_limit) |
               zmq_setsockopt(socket, ZMQ_IPV6, &is_ipv6, sizeof is_ipv6);
  for (const struct option_row *row = kinds[channel].options; row->option; row++)
    failed |= zmq_setsockopt(socket, row->option, &row->value, sizeof row->value);
  if (failed)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot set up the %s socket: %s", vsk_channel_name(channel),
                   zmq_strerror(errno));
  return VS_OK;
}

static void note_port(void *socket, vsk_channel channel, struct vsk_connection *connection) {
  char bound[VSK_ENDPOINT_SIZE];
  size_t size = sizeof bound;
  if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &size) != 0) return;
  const char *number = strrchr(bound, connection->is_ipc ? '-' : ':');
  if (number) vsk_connection_note_port(connection, channel, (int)strtol(number + 1, NULL, 10));
}

/* libzmq removes the file that claims an ipc number and then makes the socket in its place. In between another kernel
 * may claim the same number: then it is that kernel's, or by the same rule nobody's yet, and the next number is tried.
 * A kernel removes only its own claim, so no socket that serves is ever replaced. */
static vs_status bind_endpoint(void *socket, vsk_channel channel, const struct vsk_connection *connection,
                               struct vs_error *err) {
  bool picks_number = connection->is_ipc && !connection->ports[channel];
  char endpoint[VSK_ENDPOINT_SIZE];
  for (int tries = picks_number ? IPC_TRIES : 1; tries > 0; tries--) {
    VS_TRY(vsk_connection_endpoint(connection, channel, endpoint, err));
    if (zmq_bind(socket, endpoint) == 0) return VS_OK;
    if (errno != EADDRINUSE) break;
  }
  return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot bind the %s socket to %s: %s",
                 vsk_channel_name(channel), endpoint, zmq_strerror(errno));
}

static vs_status bind_socket(void *socket, vsk_channel channel, struct vsk_connection *connection,
                             struct vs_error *err) {
  VS_TRY(set_options(socket, channel, connection, err));
  VS_TRY(vsk_curve_protect(socket, connection, err));
  VS_TRY(bind_endpoint(socket, channel, connection, err));
  note_port(socket, channel, connection);
  return VS_OK;
}

vs_status vsk_socket_open(void *zmq_context, vsk_channel channel, struct vsk_connection *connection, void **ret_socket,
                          struct vs_error *err) {
  void *socket = zmq_socket(zmq_context, kinds[channel].type);
  if (!socket)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot open the %s socket: %s", vsk_channel_name(channel),
                   zmq_strerror(errno));
  vs_status status = bind_socket(socket, channel, connection, err);
  if (status != VS_OK) {
    zmq_close(socket);
    return status;
  }
  *ret_socket = socket;
  return VS_OK;
}

void vsk_socket_close(void *socket) {
  if (socket) zmq_close(socket);
}

static int receive_part(void *socket, zmq_msg_t *part) {
  int size;
  do
    size = zmq_msg_recv(part, socket, ZMQ_DONTWAIT);
  while (size < 0 && errno == EINTR);
  return size;
}

/* Parts beyond memory are still taken off the socket, as empty ones, so that the next message starts at its start. */
static struct vs_str *add_frame(struct vs_arena *arena, struct vs_str *frames, uint32_t count, zmq_msg_t *part) {
  bool is_full = (count & (count - 1)) == 0 && (count >= 8 || count == 0); /* room doubles at 8, 16, 32 ... */
  if (is_full) {
    struct vs_str *larger = VS_ARENA_ARRAY(arena, struct vs_str, VS_MAX(count * 2, 8u));
    if (larger && count) memcpy(larger, frames, count * sizeof *larger);
    frames = larger;
  }
  if (frames) {
    size_t size = zmq_msg_size(part);
    const char *copy = vs_arena_copy(arena, zmq_msg_data(part), size);
    frames[count] = (struct vs_str){copy, copy ? size : 0};
  }
  return frames;
}

bool vsk_socket_receive(void *socket, struct vs_arena *arena, struct vs_str **ret_frames, uint32_t *ret_frame_count) {
  struct vs_str *frames = NULL;
  uint32_t count = 0;
  bool has_more = true;
  while (has_more) {
    zmq_msg_t part;
    zmq_msg_init(&part);
    if (receive_part(socket, &part) < 0) break;
    has_more = zmq_msg_more(&part);
    if (count == 0 || frames) frames = add_frame(arena, frames, count++, &part);
    zmq_msg_close(&part);
  }
  *ret_frames = frames;
  *ret_frame_count = frames ? count : 0;
  return count > 0;
}

static int send_part(void *socket, struct vs_str frame, bool has_more) {
  int sent;
  do
    sent = zmq_send(socket, frame.data, frame.size, ZMQ_DONTWAIT | (has_more ? ZMQ_SNDMORE : 0));
  while (sent < 0 && errno == EINTR);
  return sent;
}

bool vsk_socket_send(void *socket, struct vsk_packet *packet) {
  while (packet->sent_count < packet->frame_count) {
    bool has_more = packet->sent_count + 1 < packet->frame_count;
    if (send_part(socket, packet->frames[packet->sent_count], has_more) < 0) return false;
    packet->sent_count++;
  }
  return true;
}
