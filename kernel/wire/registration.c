/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/registration.h"
#include "kernel/wire/socket.h"

#include <errno.h>
#include <stdlib.h>
#include <zmq.h>

static const struct vs_str delimiter = {"<IDS|MSG>", 9};
enum { CONTENT_FRAME = 1, FRAME_COUNT = 3 }; /* after the delimiter: signature, content */

static vs_status failed(const struct vsk_connection *connection, const char *what, struct vs_error *err) {
  return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "the launcher at %s %s", connection->launcher, what);
}

/* One content instead of a message's four frames: signing the rest as empty gives the same digest. */
static void four_frames(struct vs_str content, struct vs_str ret_frames[4]) {
  ret_frames[0] = content;
  for (int i = 1; i < 4; i++)
    ret_frames[i] = VS_STR("");
}

/* Ports travel as texts, as JEP 106 writes them. */
static char *print_content(const struct vsk_connection *connection) {
  json_auto_t *content = json_pack("{s:s}", "kernel_id", connection->kernel_id);
  for (int channel = 0; channel < VSK_CHANNEL_COUNT; channel++)
    json_object_set_new(content, vsk_channel_key((vsk_channel)channel), json_sprintf("%d", connection->ports[channel]));
  return json_dumps(content, JSON_COMPACT);
}

static vs_status send_announcement(void *socket, const struct vsk_connection *connection, struct vs_error *err) {
  const struct vsk_signer signer = {connection->scheme, connection->key};
  char *content = print_content(connection), signature[VSK_SIGNATURE_SIZE];
  if (!content) return vs_fail_memory(err);
  struct vs_str signed_frames[4];
  four_frames(vs_str_of(content), signed_frames);
  vsk_sign(&signer, signed_frames, signature);
  struct vs_str frames[FRAME_COUNT] = {delimiter, vs_str_of(signature), signed_frames[0]};
  struct vsk_packet packet = {.frames = frames, .frame_count = FRAME_COUNT};
  bool is_sent = vsk_socket_send(socket, &packet);
  free(content);
  return is_sent ? VS_OK : failed(connection, "cannot be reached", err);
}

static vs_status check_answer(const struct vsk_connection *connection, const struct vs_str *frames, uint32_t count,
                              struct vs_error *err) {
  const struct vsk_signer signer = {connection->scheme, connection->key};
  struct vs_str signed_frames[4];
  uint32_t at = 0;
  while (at < count && !vs_str_equal(frames[at], delimiter))
    at++;
  if (count - at != FRAME_COUNT) return failed(connection, "did not answer with an acknowledgement", err);
  four_frames(frames[at + 1 + CONTENT_FRAME], signed_frames);
  if (!vsk_signature_is_valid(&signer, signed_frames, frames[at + 1]))
    return failed(connection, "signed its acknowledgement with another key", err);
  return VS_OK;
}

static vs_status await_answer(void *socket, const struct vsk_connection *connection, int stop_fd,
                              struct vs_arena *arena, struct vs_error *err) {
  int64_t end_us = vsk_steady_us() + VSK_REGISTRATION_WAIT_MS * INT64_C(1000), left_us;
  while ((left_us = end_us - vsk_steady_us()) > 0) {
    zmq_pollitem_t items[] = {{.socket = socket, .events = ZMQ_POLLIN}, {.fd = stop_fd, .events = ZMQ_POLLIN}};
    zmq_poll(items, stop_fd < 0 ? 1 : 2, (long)(left_us / 1000) + 1);
    struct vs_str *frames;
    uint32_t count;
    if (vsk_socket_receive(socket, arena, &frames, &count)) return check_answer(connection, frames, count, err);
    if (items[1].revents) return failed(connection, "had not acknowledged the ports when a signal came", err);
  }
  return failed(connection, "did not acknowledge the ports within 5 seconds", err);
}

/* Nothing lingers: what the launcher has answered it has received. */
static vs_status connect_launcher(void *socket, const struct vsk_connection *connection, struct vs_error *err) {
  int linger = 0, is_ipv6 = strchr(connection->launcher, '[') != NULL;
  int64_t frame_limit = 1 << 20;
  if (zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger) != 0 ||
      zmq_setsockopt(socket, ZMQ_IPV6, &is_ipv6, sizeof is_ipv6) != 0 ||
      zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_limit, sizeof frame_limit) != 0 ||
      zmq_connect(socket, connection->launcher) != 0)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "cannot connect to the launcher at %s: %s",
                   connection->launcher, zmq_strerror(errno));
  return VS_OK;
}

vs_status vsk_registration_announce(void *zmq_context, const struct vsk_connection *connection, int stop_fd,
                                    struct vs_memory *memory, struct vs_error *err) {
  if (!connection->launcher) return VS_OK;
  void *socket = zmq_socket(zmq_context, ZMQ_DEALER);
  if (!socket) return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot open a socket: %s", zmq_strerror(errno));
  struct vs_arena arena;
  vs_arena_init(&arena, memory, 0);
  vs_status status = connect_launcher(socket, connection, err);
  if (status == VS_OK) status = send_announcement(socket, connection, err);
  if (status == VS_OK) status = await_answer(socket, connection, stop_fd, &arena, err);
  vs_arena_release(&arena);
  zmq_close(socket);
  return status;
}
