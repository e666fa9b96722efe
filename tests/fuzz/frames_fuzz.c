/* links: vsk_wire */
/* SPDX-License-Identifier: Apache-2.0
 * Frames of a message, one per line of the input: nothing breaks the decoder, nothing unsigned passes a key, and what
 * is decoded can be answered with its header as the parent. */
#include "kernel/wire/message.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FRAMES_MAX = 64 };

static uint32_t split(const char *data, size_t size, struct vs_str frames[FRAMES_MAX]) {
  uint32_t count = 0;
  for (const char *end = data + size; count < FRAMES_MAX; count++) {
    const char *newline = memchr(data, '\n', (size_t)(end - data));
    frames[count] = (struct vs_str){data, (size_t)((newline ? newline : end) - data)};
    if (!newline) return count + 1;
    data = newline + 1;
  }
  return count;
}

static void answer(struct vs_memory *memory, struct vsk_author *author, const struct vsk_message *message) {
  const struct vsk_outgoing outgoing = {.identities = message->identities,
                                        .identity_count = message->identity_count,
                                        .type = "comm_msg", /* types of answers are ours */
                                        .parent_text = message->header_text,
                                        .buffers = message->buffers,
                                        .buffer_count = message->buffer_count};
  struct vsk_packet *packet;
  struct vsk_message *back;
  if (vsk_packet_encode(memory, author, &outgoing, &packet, NULL) != VS_OK) return;
  if (vsk_message_decode(memory, packet->frames, packet->frame_count, &author->signer, NULL, &back, NULL) != VS_OK ||
      !json_equal(back->parent, message->header))
    abort();
  vsk_message_free(back);
  vsk_packet_free(packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct vs_memory memory;
  struct vs_str frames[FRAMES_MAX];
  struct vsk_author open = {.session_id = "open"}, closed = {.session_id = "closed"};
  struct vsk_message *message;
  struct vs_error err;
  closed.signer = (struct vsk_signer){VSK_HMAC_SHA256, VS_STR("a key nobody guesses")};
  vs_memory_init(&memory, NULL, 0);
  uint32_t count = split((const char *)data, size, frames);
  if (vsk_message_decode(&memory, frames, count, &closed.signer, NULL, &message, &err) == VS_OK) abort();
  if (vsk_message_decode(&memory, frames, count, &open.signer, NULL, &message, &err) == VS_OK) {
    answer(&memory, &open, message);
    vsk_message_free(message);
  }
  if (vs_memory_used(&memory)) abort();
  return 0;
}
