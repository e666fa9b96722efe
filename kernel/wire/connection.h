/* SPDX-License-Identifier: Apache-2.0
 * The connection file: where the five sockets bind and with which key messages are signed. A registration file
 * (protocol 5.6) names a launcher's socket instead of ports: all ports are picked here and announced there.
 *
 * Order: read, then one vsk_connection_endpoint and vsk_connection_note_port per channel while binding, then
 * vsk_registration_announce (registration.h), then write_ports. Everything is borrowed from the arena given to read. */
#ifndef VSK_WIRE_CONNECTION_H
#define VSK_WIRE_CONNECTION_H

#include "engine/base/text.h"

typedef enum { VSK_SHELL, VSK_IOPUB, VSK_STDIN, VSK_CONTROL, VSK_HEARTBEAT, VSK_CHANNEL_COUNT } vsk_channel;
typedef enum { VSK_UNSIGNED, VSK_HMAC_SHA256, VSK_HMAC_SHA512 } vsk_scheme;

enum { VSK_ENDPOINT_SIZE = 256 };
struct vsk_connection {
  const char *path;         /* of the file */
  const char *launcher;     /* registration file: the endpoint to announce the ports to; NULL otherwise */
  const char *kernel_id;    /* registration file: under which name; NULL otherwise */
  const char *written_path; /* the connection file written for later clients of a registered kernel, or NULL */
  bool is_ipc;
  const char *ip;               /* address, "*", or the path prefix of an ipc socket */
  int ports[VSK_CHANNEL_COUNT]; /* 0: to be picked while binding */
  bool has_picked_port, is_bound[VSK_CHANNEL_COUNT];
  vsk_scheme scheme;                             /* VSK_UNSIGNED when the key is empty */
  struct vs_str key;                             /* raw bytes */
  const char *curve_publickey, *curve_secretkey; /* Z85; both NULL: the sockets are plain */
};

/* Unknown keys are ignored; ports may be numbers or strings. Errors: VELO-6004 naming file and key. */
vs_status vsk_connection_read(const char *path, struct vs_arena *arena, struct vsk_connection *ret_connection,
                              struct vs_error *err) VS_NODISCARD;
/* The same from the file's text, for tests. */
vs_status vsk_connection_parse(const char *path, struct vs_str text, struct vs_arena *arena,
                               struct vsk_connection *ret_connection, struct vs_error *err) VS_NODISCARD;
/* What to bind: "tcp://127.0.0.1:5555", "tcp://127.0.0.1:*" for port 0, "ipc:///run/k-1". VELO-6004 when too long. */
vs_status vsk_connection_endpoint(const struct vsk_connection *connection, vsk_channel channel,
                                  char ret_endpoint[VSK_ENDPOINT_SIZE], struct vs_error *err) VS_NODISCARD;
/* After binding: remembers the port and that the channel is ours. */
void vsk_connection_note_port(struct vsk_connection *connection, vsk_channel channel, int port);
/* Replaces the file, every other key kept, when a port was picked; does nothing otherwise. After a registration a
 * connection file for later clients is written beside the registration file: kernel-<kernel_id>.json. */
vs_status vsk_connection_write_ports(struct vsk_connection *connection, struct vs_arena *arena,
                                     struct vs_error *err) VS_NODISCARD;
/* Removes what this process has put into folders: the socket files of bound ipc channels, which libzmq leaves behind,
 * and a connection file that only it wrote. After the sockets are closed. */
void vsk_connection_remove_files(const struct vsk_connection *connection);
const char *vsk_channel_name(vsk_channel channel); /* "shell" */
const char *vsk_channel_key(vsk_channel channel);  /* "shell_port" */

#endif
