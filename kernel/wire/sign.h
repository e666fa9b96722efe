/* SPDX-License-Identifier: Apache-2.0
 * Signatures of messages: lower-case hex of an HMAC over the four JSON frames as they travel. Safe from any thread. */
#ifndef VSK_WIRE_SIGN_H
#define VSK_WIRE_SIGN_H

#include "kernel/wire/connection.h"

enum { VSK_DIGEST_MAX = 64, VSK_SIGNATURE_SIZE = 2 * VSK_DIGEST_MAX + 1 };
struct vsk_signer {
  vsk_scheme scheme;
  struct vs_str key; /* borrowed */
};

/* Writes the NUL-terminated signature; the empty text when unsigned. `frames` are the four JSON frames. */
void vsk_sign(const struct vsk_signer *signer, const struct vs_str frames[4], char ret_signature[VSK_SIGNATURE_SIZE]);
/* Compares in constant time, the length first. Always true when unsigned. */
bool vsk_signature_is_valid(const struct vsk_signer *signer, const struct vs_str frames[4], struct vs_str signature);

#endif
