/* SPDX-License-Identifier: Apache-2.0
 * Asking the user: input_request to the client that sent the cell, its input_reply or an interrupt. */
#include "kernel/session/state.h"

#include <errno.h>
#include <zmq.h>

enum { UNROUTABLE_TRIES = 100, UNROUTABLE_WAIT_MS = 50 };

static bool is_cancelled(const struct vsk_session *session) {
  return vs_wake_is_set(&session->cancel);
}

static vs_status interrupted(struct vs_error *err) {
  return vs_fail(err, VS_CODE_INTERRUPTED, VS_NO_SPAN, "interrupted while waiting for input");
}

/* Waits for the stdin socket or the interrupt; `timeout_ms` -1 for ever. */
static void wait_for_input(struct vsk_session *session, bool is_reading, long timeout_ms) {
  zmq_pollitem_t items[] = {{.fd = session->cancel.fd, .events = ZMQ_POLLIN},
                            {.socket = session->stdin_socket, .events = ZMQ_POLLIN}};
  zmq_poll(items, is_reading ? 2 : 1, timeout_ms);
}

static void drop_stale(struct vsk_session *session) {
  for (struct vsk_message *message; (message = vsk_receive(session, session->stdin_socket, VSK_STDIN));)
    vsk_message_free(message);
}

static vs_status encode_question(struct vsk_session *session, const char *prompt, bool is_password,
                                 struct vsk_packet **ret_packet, struct vs_error *err) {
  const struct vsk_message *request = session->cell->message;
  struct vs_text content VS_CLEANUP(vs_text_release);
  vs_text_init(&content, session->env->memory, 1 << 20);
  vs_text_puts(&content, "{\"prompt\":");
  vs_text_json(&content, vs_str_of(prompt));
  vs_text_printf(&content, ",\"password\":%s}", is_password ? "true" : "false");
  VS_TRY(vs_text_check(&content, err));
  struct vsk_outgoing outgoing = {.identities = request->identities,
                                  .identity_count = request->identity_count,
                                  .type = "input_request",
                                  .parent_text = request->header_text,
                                  .content_text = vs_text_view(&content)};
  return vsk_packet_encode(session->env->memory, &session->author, &outgoing, ret_packet, err);
}

/* A client connects its stdin socket beside the others, so the first question may come a moment too early. */
static vs_status send_question(struct vsk_session *session, struct vsk_packet *packet, struct vs_error *err) {
  for (int tries = 0; tries < UNROUTABLE_TRIES; tries++) {
    if (vsk_socket_send(session->stdin_socket, packet)) return VS_OK;
    if (errno != EHOSTUNREACH && errno != EAGAIN) break;
    wait_for_input(session, false, UNROUTABLE_WAIT_MS);
    if (is_cancelled(session)) return interrupted(err);
  }
  return vs_fail(err, VS_CODE_NO_INPUT, VS_NO_SPAN, "the client's stdin channel cannot be reached");
}

/* An answer belongs to this question when it comes from the client that was asked and, where it names a parent, names
 * the question; jupyter_client names none. */
static bool is_answer(const struct vsk_session *session, const struct vsk_message *message, const char *question_id) {
  const struct vsk_message *request = session->cell->message;
  if (strcmp(message->type, "input_reply") != 0 || message->identity_count != request->identity_count) return false;
  for (uint32_t i = 0; i < message->identity_count; i++)
    if (!vs_str_equal(message->identities[i], request->identities[i])) return false;
  const char *parent_id = json_string_value(json_object_get(message->parent, "msg_id"));
  return !parent_id || strcmp(parent_id, question_id) == 0;
}

static vs_status take_answer(const struct vsk_message *message, struct vs_arena *arena, struct vs_str *ret_answer,
                             struct vs_error *err) {
  const json_t *value = json_object_get(message->content, "value");
  size_t size = json_string_length(value);
  const char *text = vs_arena_copy(arena, size ? json_string_value(value) : "", size);
  if (!text) return vs_fail_memory(err);
  *ret_answer = (struct vs_str){text, size};
  return VS_OK;
}

static vs_status await_answer(struct vsk_session *session, const char *question_id, struct vs_arena *arena,
                              struct vs_str *ret_answer, struct vs_error *err) {
  for (;;) {
    if (is_cancelled(session)) return interrupted(err);
    struct vsk_message *message = vsk_receive(session, session->stdin_socket, VSK_STDIN);
    if (!message) {
      wait_for_input(session, true, -1);
      continue;
    }
    bool is_mine = is_answer(session, message, question_id);
    vs_status status = is_mine ? take_answer(message, arena, ret_answer, err) : VS_OK;
    vsk_message_free(message);
    if (is_mine) return status;
  }
}

vs_status vsk_session_ask(struct vsk_session *session, const char *prompt, bool is_password, struct vs_arena *arena,
                          struct vs_str *ret_answer, struct vs_error *err) {
  if (!session->cell || !session->cell->request.allow_stdin)
    return vs_fail_hint(
        err,
        vs_fail(err, VS_CODE_NO_INPUT, VS_NO_SPAN, "'%s' must be asked for, and this client allows no input", prompt),
        "give the value in the cell or as VELO_PARAM_NAME");
  struct vsk_packet *packet = NULL;
  drop_stale(session);
  VS_TRY(encode_question(session, prompt, is_password, &packet, err));
  vs_status status = send_question(session, packet, err);
  if (status == VS_OK) status = await_answer(session, packet->id, arena, ret_answer, err);
  vsk_packet_free(packet);
  return status;
}
