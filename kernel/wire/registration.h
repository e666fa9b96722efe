/* SPDX-License-Identifier: Apache-2.0
 * The start-up handshake of protocol 5.6: a kernel that picked its own ports tells them to the launcher that waits for
 * them, and serves only when the launcher has acknowledged. */
#ifndef VSK_WIRE_REGISTRATION_H
#define VSK_WIRE_REGISTRATION_H

#include "kernel/wire/connection.h"

enum { VSK_REGISTRATION_WAIT_MS = 5000 };

/* Does nothing without a launcher. Waits for the acknowledgement, or until `stop_fd` is readable (-1 for none); to be
 * called on the main thread, after the five sockets are bound.
 * Errors: VELO-6004 no acknowledgement in time, or one with a wrong signature. */
vs_status vsk_registration_announce(void *zmq_context, const struct vsk_connection *connection, int stop_fd,
                                    struct vs_memory *memory, struct vs_error *err) VS_NODISCARD;

#endif
