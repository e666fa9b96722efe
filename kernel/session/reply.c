/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/session/state.h"

#include <errno.h>
#include <zmq.h>

json_t *vsk_error_content(const char *ename, const char *evalue) {
  return json_pack("{s:s, s:s, s:s, s:[]}", "status", "error", "ename", ename, "evalue", evalue, "traceback");
}

json_t *vsk_conceal(struct vsk_session *session, json_t *content) {
  json_t *concealed = content ? vsk_secrets_conceal_json(&session->secrets, content) : NULL;
  if (!concealed) return content;
  json_decref(content);
  return concealed;
}

static struct vsk_packet *encode_reply(struct vsk_session *session, const struct vsk_message *request, const char *type,
                                       const json_t *content, const json_t *metadata) {
  struct vs_text content_text VS_CLEANUP(vs_text_release), metadata_text VS_CLEANUP(vs_text_release);
  vs_text_init(&content_text, session->env->memory, SIZE_MAX / 4);
  vs_text_init(&metadata_text, session->env->memory, SIZE_MAX / 4);
  if (content) vsk_text_json(&content_text, content);
  if (metadata) vsk_text_json(&metadata_text, metadata);
  struct vsk_outgoing outgoing = {.identities = request->identities,
                                  .identity_count = request->identity_count,
                                  .type = type,
                                  .parent_text = request->header_text,
                                  .metadata_text = vs_text_view(&metadata_text),
                                  .content_text = vs_text_view(&content_text)};
  struct vsk_packet *packet = NULL;
  struct vs_error err;
  if (content_text.is_failed || metadata_text.is_failed ||
      vsk_packet_encode(session->env->memory, &session->author, &outgoing, &packet, &err) != VS_OK)
    vs_log_line(session->env->log, VS_LOG_ERROR, "session", "no memory for a %s", type);
  return packet;
}

void vsk_reply_send(struct vsk_session *session, void *socket, const struct vsk_message *request, const char *type,
                    json_t *content, const json_t *metadata) {
  struct vsk_packet *packet = encode_reply(session, request, type, content, metadata);
  json_decref(content);
  if (packet && !vsk_socket_send(socket, packet))
    vs_log_line(session->env->log, VS_LOG_WARNING, "session", "a %s could not be sent: %s", type, zmq_strerror(errno));
  vsk_packet_free(packet);
}

void vsk_reply_post(struct vsk_session *session, const struct vsk_message *request, json_t *content,
                    const json_t *metadata, bool is_failed) {
  struct vsk_packet *packet = encode_reply(session, request, "execute_reply", content, metadata);
  json_decref(content);
  if (!packet) return;
  pthread_mutex_lock(&session->lock);
  *session->outbox_end = packet;
  session->outbox_end = &packet->next;
  if (is_failed) session->failed = request;
  pthread_mutex_unlock(&session->lock);
  vs_wake_set(&session->outbox_filled);
}

struct vsk_message *vsk_receive(struct vsk_session *session, void *socket, vsk_channel channel) {
  struct vsk_message *message = NULL;
  struct vs_arena arena;
  vs_arena_init(&arena, session->env->memory, 0);
  struct vs_str *frames;
  uint32_t frame_count;
  while (!message && vsk_socket_receive(socket, &arena, &frames, &frame_count)) {
    struct vs_error err;
    if (vsk_message_decode(session->env->memory, frames, frame_count, &session->author.signer, &session->replay,
                           &message, &err) != VS_OK)
      vs_log_line(session->env->log, VS_LOG_WARNING, "wire", "dropped a message on %s: %s", vsk_channel_name(channel),
                  err.message);
    vs_arena_reset(&arena);
  }
  vs_arena_release(&arena);
  return message;
}

void vsk_publish(struct vsk_session *session, struct vs_str parent_text, const char *type, const json_t *content) {
  struct vs_text text VS_CLEANUP(vs_text_release);
  vs_text_init(&text, session->env->memory, SIZE_MAX / 4);
  vsk_text_json(&text, content);
  if (text.is_failed) return;
  struct vsk_output output = {
      .kind = VSK_OUTPUT_PLAIN, .type = type, .parent_text = parent_text, .content_text = vs_text_view(&text)};
  vsk_queue_push(&session->iopub.queue, &output, NULL, vsk_steady_us());
}
