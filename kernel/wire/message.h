/* SPDX-License-Identifier: Apache-2.0
 * Messages and their frames: [identity ...] <IDS|MSG> signature header parent metadata content [buffer ...].
 *
 * A received message owns a copy of its frames and the parsed objects; it may be handed to another thread. A packet is
 * the frames of one message ready to send, in one arena of its own; it may be handed to the thread that owns the
 * socket. */
#ifndef VSK_WIRE_MESSAGE_H
#define VSK_WIRE_MESSAGE_H

#include "kernel/wire/seen_signatures.h"
#include "kernel/wire/sign.h"
#include <jansson.h>

#define VSK_PROTOCOL_VERSION "5.6"

struct vsk_message {
  struct vs_arena arena;    /* everything below, and whatever the request needs while it is answered */
  struct vsk_message *next; /* for the queue that holds it */
  struct vs_str *identities;
  uint32_t identity_count, buffer_count;
  struct vs_str *buffers;
  struct vs_str header_text; /* as received: it becomes the parent of every answer, unknown keys included */
  const char *type, *id;     /* msg_type and msg_id */
  json_t *header, *parent, *metadata, *content;
};

/* Checks structure, signature and replay, then parses. The caller logs an error and drops the frames:
 * VELO-6004 says what is malformed, VELO-5001 that memory is missing. `replay` may be NULL. */
vs_status vsk_message_decode(struct vs_memory *memory, const struct vs_str *frames, uint32_t frame_count,
                             const struct vsk_signer *signer, struct vsk_replay *replay,
                             struct vsk_message **ret_message, struct vs_error *err) VS_NODISCARD;
void vsk_message_free(struct vsk_message *message); /* NULL allowed */

/* Who we are in every header. The counter makes message ids unique; safe from any thread. */
struct vsk_author {
  char session_id[37];
  struct vsk_signer signer;
  atomic_uint_least64_t sent_count;
};
void vsk_author_init(struct vsk_author *author, const struct vsk_connection *connection);

struct vsk_outgoing {
  const struct vs_str *identities; /* or the one topic frame on iopub */
  uint32_t identity_count;
  const char *type;
  struct vs_str parent_text, metadata_text, content_text; /* JSON objects; empty ones become {} */
  const struct vs_str *buffers;
  uint32_t buffer_count;
  int64_t time_us; /* of the header's date; 0 for now */
};
struct vsk_packet {
  struct vs_arena arena;
  struct vsk_packet *next; /* for the queue that holds it */
  const char *id;          /* its msg_id */
  struct vs_str *frames;
  uint32_t frame_count, sent_count; /* sent_count: how far a blocked send got */
};
vs_status vsk_packet_encode(struct vs_memory *memory, struct vsk_author *author, const struct vsk_outgoing *outgoing,
                            struct vsk_packet **ret_packet, struct vs_error *err) VS_NODISCARD;
void vsk_packet_free(struct vsk_packet *packet); /* NULL allowed */

void vsk_text_json(struct vs_text *text, const json_t *value); /* appends compact JSON; `is_failed` when it cannot */
void vsk_date_print(int64_t time_us, char ret_text[32]);       /* 2026-01-02T03:04:05.000006Z */
void vsk_uuid_new(char ret_text[37]);                          /* random, from the system; any thread */
int64_t vsk_wall_us(void);   /* protocol dates are real also when the engine's clock is virtual */
int64_t vsk_steady_us(void); /* for deadlines and rates */

#endif
