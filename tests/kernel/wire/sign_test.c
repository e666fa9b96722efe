/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/seen_signatures.h"
#include "kernel/wire/sign.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* RFC 4231, test case 2, its data cut into four frames. */
static const struct vs_str frames[4] = {{"what do ", 8}, {"ya want ", 8}, {"", 0}, {"for nothing?", 12}};
static const char *const expected256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
static const char *const expected512 = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994"
                                       "a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";

Test(wire_sign, sha256_of_four_frames_is_the_hmac_of_their_bytes) {
  struct vsk_signer signer = {VSK_HMAC_SHA256, VS_STR("Jefe")};
  char signature[VSK_SIGNATURE_SIZE];
  vsk_sign(&signer, frames, signature);
  cr_assert_str_eq(signature, expected256);
}

Test(wire_sign, sha512_of_four_frames_is_the_hmac_of_their_bytes) {
  struct vsk_signer signer = {VSK_HMAC_SHA512, VS_STR("Jefe")};
  char signature[VSK_SIGNATURE_SIZE];
  vsk_sign(&signer, frames, signature);
  cr_assert_str_eq(signature, expected512);
}

Test(wire_sign, a_key_may_be_longer_than_a_block) {
  char key[200], signature[VSK_SIGNATURE_SIZE];
  memset(key, 'k', sizeof key);
  struct vsk_signer signer = {VSK_HMAC_SHA256, {key, sizeof key}};
  const struct vs_str empty[4] = {VS_STR("{}"), VS_STR("{}"), VS_STR("{}"), VS_STR("{}")};
  vsk_sign(&signer, empty, signature);
  cr_assert_str_eq(signature, "158c2ebcf21d8a12969eb1d722fe092b2a799b333da5f808dcd196956bd50e33");
}

Test(wire_sign, only_the_whole_signature_is_valid) {
  struct vsk_signer signer = {VSK_HMAC_SHA256, VS_STR("Jefe")};
  cr_assert(vsk_signature_is_valid(&signer, frames, vs_str_of(expected256)));
  cr_assert_not(vsk_signature_is_valid(&signer, frames, (struct vs_str){expected256, 63}));
  cr_assert_not(vsk_signature_is_valid(&signer, frames, (struct vs_str){"", 0}));
  cr_assert_not(vsk_signature_is_valid(&signer, frames, vs_str_of(expected512)));
}

Test(wire_sign, without_a_key_everything_is_valid_and_nothing_signed) {
  struct vsk_signer signer = {VSK_UNSIGNED, {0}};
  char signature[VSK_SIGNATURE_SIZE];
  vsk_sign(&signer, frames, signature);
  cr_assert_str_empty(signature);
  cr_assert(vsk_signature_is_valid(&signer, frames, VS_STR("anything")));
}

static struct vs_str numbered(int number, char *text) {
  snprintf(text, 65, "%08x%056x", (unsigned)number * 2654435761u, (unsigned)number);
  return vs_str_of(text);
}

Test(wire_replay, a_signature_is_new_once) {
  struct vs_memory memory;
  struct vsk_replay replay;
  char text[65];
  vs_memory_init(&memory, NULL, 0);
  vsk_replay_init(&replay, &memory, VSK_REPLAY_CAPACITY);
  for (int i = 0; i < 5000; i++)
    cr_assert(vsk_replay_add(&replay, numbered(i, text)));
  for (int i = 0; i < 5000; i++)
    cr_assert_not(vsk_replay_add(&replay, numbered(i, text)));
  vsk_replay_release(&replay);
  cr_assert_eq(vs_memory_used(&memory), 0);
}

Test(wire_replay, the_oldest_is_forgotten_when_full) {
  struct vs_memory memory;
  struct vsk_replay replay;
  char text[65];
  vs_memory_init(&memory, NULL, 0);
  vsk_replay_init(&replay, &memory, 1024);
  for (int i = 0; i < 1025; i++)
    cr_assert(vsk_replay_add(&replay, numbered(i, text)));
  cr_assert_not(vsk_replay_add(&replay, numbered(1, text)));
  cr_assert(vsk_replay_add(&replay, numbered(0, text)));
  cr_assert(vsk_replay_add(&replay, numbered(1, text)));
  for (int i = 2000; i < 20000; i++)
    cr_assert(vsk_replay_add(&replay, numbered(i, text)));
  vsk_replay_release(&replay);
}

Test(wire_replay, memory_is_paid_as_it_fills) {
  struct vs_memory memory;
  struct vsk_replay replay;
  char text[65];
  vs_memory_init(&memory, NULL, 0);
  vsk_replay_init(&replay, &memory, VSK_REPLAY_CAPACITY);
  cr_assert_eq(vs_memory_used(&memory), 0);
  cr_assert(vsk_replay_add(&replay, numbered(1, text)));
  cr_assert_lt(vs_memory_used(&memory), 32768);
  vsk_replay_release(&replay);
}
