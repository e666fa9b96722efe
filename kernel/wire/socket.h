/* SPDX-License-Identifier: Apache-2.0
 * ZeroMQ sockets of the five channels: opening with the right options, receiving and sending whole messages.
 * A socket belongs to one thread at a time; it is opened on the main thread and handed over at thread start. */
#ifndef VSK_WIRE_SOCKET_H
#define VSK_WIRE_SOCKET_H

#include "kernel/wire/message.h"

enum { VSK_FRAME_LIMIT = 64 << 20, VSK_LINGER_MS = 1000 };

/* Binds the channel and notes a picked port in `connection`. Errors: VELO-5005 "port 5555 (shell) is taken". */
vs_status vsk_socket_open(void *zmq_context, vsk_channel channel, struct vsk_connection *connection, void **ret_socket,
                          struct vs_error *err) VS_NODISCARD;
void vsk_socket_close(void *socket); /* NULL allowed */

/* Takes one whole message without waiting, as borrowed frames in `arena`; false when there is none. */
bool vsk_socket_receive(void *socket, struct vs_arena *arena, struct vs_str **ret_frames, uint32_t *ret_frame_count);
/* Sends without waiting; false with errno EAGAIN when the socket is full (call again later) or EHOSTUNREACH. */
bool vsk_socket_send(void *socket, struct vsk_packet *packet);

#endif
