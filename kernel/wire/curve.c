/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/curve.h"

#include <zmq.h>

enum { RAW_KEY_SIZE = 32 };

bool vsk_curve_is_key(const char *text) {
  uint8_t raw[RAW_KEY_SIZE];
  return text && strlen(text) == VSK_CURVE_KEY_SIZE && zmq_z85_decode(raw, text);
}

/* A server has use for its secret key alone, and a client for the public one: keys that are no pair bind without
 * complaint and refuse every client, so the pair is compared here. */
static vs_status check_pair(const struct vsk_connection *connection, struct vs_error *err) {
  char derived[VSK_CURVE_KEY_SIZE + 1];
  if (zmq_curve_public(derived, connection->curve_secretkey) != 0 || strcmp(derived, connection->curve_publickey) != 0)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s: curve_publickey does not belong to curve_secretkey",
                   connection->path);
  return VS_OK;
}

vs_status vsk_curve_protect(void *socket, const struct vsk_connection *connection, struct vs_error *err) {
  if (!connection->curve_secretkey) return VS_OK;
  if (!zmq_has("curve"))
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN,
                                "the connection file asks for CURVE encryption, which this libzmq was built without"),
                        "install a libzmq with libsodium, or set the client's transport_encryption to 'disabled'");
  VS_TRY(check_pair(connection, err));
  int is_server = 1;
  if (zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, connection->curve_secretkey, VSK_CURVE_KEY_SIZE + 1) != 0 ||
      zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, connection->curve_publickey, VSK_CURVE_KEY_SIZE + 1) != 0 ||
      zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &is_server, sizeof is_server) != 0)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot encrypt a socket: %s", zmq_strerror(zmq_errno()));
  return VS_OK;
}
