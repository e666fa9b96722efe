/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/sign.h"

#include <sodium.h>

/* The multi-part functions take a key of any length; the one-shot ones insist on 32 bytes. */
static size_t digest256(const struct vsk_signer *signer, const struct vs_str frames[4], unsigned char *ret_digest) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, (const unsigned char *)signer->key.data, signer->key.size);
  for (int i = 0; i < 4; i++)
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)frames[i].data, frames[i].size);
  crypto_auth_hmacsha256_final(&state, ret_digest);
  return crypto_auth_hmacsha256_BYTES;
}

static size_t digest512(const struct vsk_signer *signer, const struct vs_str frames[4], unsigned char *ret_digest) {
  crypto_auth_hmacsha512_state state;
  crypto_auth_hmacsha512_init(&state, (const unsigned char *)signer->key.data, signer->key.size);
  for (int i = 0; i < 4; i++)
    crypto_auth_hmacsha512_update(&state, (const unsigned char *)frames[i].data, frames[i].size);
  crypto_auth_hmacsha512_final(&state, ret_digest);
  return crypto_auth_hmacsha512_BYTES;
}

void vsk_sign(const struct vsk_signer *signer, const struct vs_str frames[4], char ret_signature[VSK_SIGNATURE_SIZE]) {
  unsigned char digest[VSK_DIGEST_MAX];
  size_t size = 0;
  switch (signer->scheme) {
  case VSK_UNSIGNED: break;
  case VSK_HMAC_SHA256: size = digest256(signer, frames, digest); break;
  case VSK_HMAC_SHA512: size = digest512(signer, frames, digest); break;
  }
  sodium_bin2hex(ret_signature, VSK_SIGNATURE_SIZE, digest, size);
}

bool vsk_signature_is_valid(const struct vsk_signer *signer, const struct vs_str frames[4], struct vs_str signature) {
  if (signer->scheme == VSK_UNSIGNED) return true;
  char expected[VSK_SIGNATURE_SIZE];
  vsk_sign(signer, frames, expected);
  size_t size = strlen(expected);
  return signature.size == size && sodium_memcmp(expected, signature.data, size) == 0;
}
