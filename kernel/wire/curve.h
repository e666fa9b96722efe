/* SPDX-License-Identifier: Apache-2.0
 * CURVE: the encryption a client asks for by putting a key pair into the connection file.
 *
 * The client knows the pair too and needs its public half to connect; who cannot read the file gets no further than the
 * handshake. Without keys nothing is encrypted; with keys nothing is ever served plain. */
#ifndef VSK_WIRE_CURVE_H
#define VSK_WIRE_CURVE_H

#include "kernel/wire/connection.h"

enum { VSK_CURVE_KEY_SIZE = 40 }; /* of the Z85 text */

/* Whether `text` can be a key: 40 characters of Z85. */
bool vsk_curve_is_key(const char *text);
/* Before a socket binds: makes it a CURVE server when the connection has keys, does nothing otherwise.
 * Errors: VELO-5005 this libzmq has no CURVE; VELO-6004 the two keys are no pair. */
vs_status vsk_curve_protect(void *socket, const struct vsk_connection *connection, struct vs_error *err) VS_NODISCARD;

#endif
