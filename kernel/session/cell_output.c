/* SPDX-License-Identifier: Apache-2.0
 * Output of the running cell. Everything goes into the IOPub queue; a producer over its budget waits here, and an
 * interrupt ends that wait: the cell's last words then pass without budget. */
#include "kernel/session/state.h"

#include <poll.h>

static void wait_for_room(struct vsk_session *session, int64_t wait_us) {
  struct pollfd fds[] = {{.fd = session->cancel.fd, .events = POLLIN},
                         {.fd = session->iopub.queue.room.fd, .events = POLLIN}};
  struct timespec limit = {wait_us / 1000000, wait_us % 1000000 * 1000};
  ppoll(fds, wait_us == INT64_MAX ? 2 : 1, wait_us == INT64_MAX ? NULL : &limit, NULL);
}

/* Of a cell that goes on printing after its interrupt only what fits into the queue is kept. */
static void push_last_words(struct vsk_session *session, const struct vsk_output *output) {
  if (vsk_queue_is_full(&session->iopub.queue))
    vs_log_line(session->env->log, VS_LOG_DEBUG, "session", "output of an interrupted cell is left out");
  else
    vsk_queue_push(&session->iopub.queue, output, NULL, vsk_steady_us());
}

static void push(struct vsk_session *session, struct vsk_output *output) {
  struct vsk_cell *cell = session->cell;
  if (!cell || cell->request.is_silent) return;
  output->parent_text = cell->message->header_text;
  for (;;) {
    int64_t wait_us = vsk_queue_push(&session->iopub.queue, output, &cell->budget, vsk_steady_us());
    if (wait_us == 0) return;
    wait_for_room(session, wait_us);
    if (vs_wake_is_set(&session->cancel)) {
      push_last_words(session, output);
      return;
    }
  }
}

/* The longest piece of at most a chunk that ends between characters. Bytes that are no UTF-8 may be cut anywhere. */
static size_t piece_size(const char *text, size_t size) {
  if (size <= VSK_STREAM_CHUNK) return size;
  size_t piece = VSK_STREAM_CHUNK;
  while (piece > VSK_STREAM_CHUNK - 4 && ((unsigned char)text[piece] & 0xc0) == 0x80)
    piece--;
  return piece;
}

void vsk_out_stream(struct vsk_session *session, vsk_stream stream, const char *text, size_t size) {
  static const char *const names[] = {[VSK_STDOUT] = "stdout", [VSK_STDERR] = "stderr"};
  struct vs_text concealed VS_CLEANUP(vs_text_release);
  vs_text_init(&concealed, session->env->memory, VSK_FRAME_LIMIT);
  if (vs_secret_list_conceal(&session->secrets, (struct vs_str){text, size}, &concealed)) {
    text = concealed.data;
    size = concealed.size;
  }
  while (size > 0) {
    size_t piece = piece_size(text, size);
    struct vsk_output output = {
        .kind = VSK_OUTPUT_STREAM, .type = "stream", .stream_name = names[stream], .content_text = {text, piece}};
    push(session, &output);
    text += piece;
    size -= piece;
  }
}

static void push_json(struct vsk_session *session, struct vsk_output output, const struct vs_text *content) {
  if (content->is_failed) {
    vs_log_line(session->env->log, VS_LOG_ERROR, "session", "a %s is too large or cannot be encoded", output.type);
    return;
  }
  output.content_text = vs_text_view(content);
  push(session, &output);
}

/* `transient` is an object or absent, `metadata` always the same empty object: clients replace more than they should
 * when either differs between frames. */
static void put_display(struct vsk_session *session, vsk_output_kind kind, const char *type, const json_t *bundle,
                        const char *display_id) {
  struct vs_text content VS_CLEANUP(vs_text_release);
  json_auto_t *concealed = vsk_secrets_conceal_json(&session->secrets, bundle);
  vs_text_init(&content, session->env->memory, VSK_FRAME_LIMIT);
  vs_text_puts(&content, "{\"data\":");
  vsk_text_json(&content, concealed ? concealed : bundle);
  vs_text_puts(&content, ",\"metadata\":{},\"transient\":{");
  if (display_id) {
    vs_text_puts(&content, "\"display_id\":");
    vs_text_json(&content, vs_str_of(display_id));
  }
  vs_text_puts(&content, "}}");
  push_json(session, (struct vsk_output){.kind = kind, .type = type, .display_id = display_id}, &content);
}

void vsk_out_display(struct vsk_session *session, const json_t *bundle, const char *display_id) {
  put_display(session, VSK_OUTPUT_PLAIN, "display_data", bundle, display_id);
}

void vsk_out_update(struct vsk_session *session, const json_t *bundle, const char *display_id) {
  put_display(session, VSK_OUTPUT_UPDATE, "update_display_data", bundle, display_id);
}

void vsk_out_result(struct vsk_session *session, const json_t *bundle) {
  struct vsk_cell *cell = session->cell;
  if (!cell) return;
  struct vs_text content VS_CLEANUP(vs_text_release);
  json_auto_t *concealed = vsk_secrets_conceal_json(&session->secrets, bundle);
  bundle = concealed ? concealed : bundle;
  vs_text_init(&content, session->env->memory, VSK_FRAME_LIMIT);
  vs_text_printf(&content, "{\"execution_count\":%u,\"metadata\":{},\"data\":", cell->request.execution_count);
  vsk_text_json(&content, bundle);
  vs_text_put(&content, '}');
  const json_t *plain = json_object_get(bundle, "text/plain");
  if (json_is_string(plain))
    cell->result_text = vs_arena_copy(&cell->message->arena, json_string_value(plain), json_string_length(plain));
  push_json(session, (struct vsk_output){.kind = VSK_OUTPUT_PLAIN, .type = "execute_result"}, &content);
}

void vsk_out_clear(struct vsk_session *session, bool wait) {
  struct vsk_output output = {.kind = VSK_OUTPUT_PLAIN,
                              .type = "clear_output",
                              .content_text = vs_str_of(wait ? "{\"wait\":true}" : "{\"wait\":false}")};
  push(session, &output);
}

void vsk_session_new_id(struct vsk_session *session, char ret_id[37]) {
  (void)session;
  vsk_uuid_new(ret_id);
}
