/* SPDX-License-Identifier: Apache-2.0
 * Every request but execute_request, one row each: answered on the thread that received it, also while a cell runs. */
#include "engine/base/utf8.h"
#include "kernel/session/state.h"

typedef json_t *vsk_answer(struct vsk_session *session, const struct vsk_message *message);

static json_t *answer_kernel_info(struct vsk_session *session, const struct vsk_message *message) {
  (void)message;
  return vsk_info_kernel(session);
}

static json_t *answer_connect(struct vsk_session *session, const struct vsk_message *message) {
  (void)message;
  return vsk_info_connect(session);
}

static json_t *answer_usage(struct vsk_session *session, const struct vsk_message *message) {
  (void)message;
  return vsk_info_usage(session);
}

static json_t *answer_interrupt(struct vsk_session *session, const struct vsk_message *message) {
  (void)message;
  vsk_interrupt(session);
  return json_object();
}

static json_t *answer_shutdown(struct vsk_session *session, const struct vsk_message *message) {
  bool is_restart = json_is_true(json_object_get(message->content, "restart"));
  json_t *content = json_pack("{s:s, s:b}", "status", "ok", "restart", is_restart);
  vsk_publish(session, message->header_text, "shutdown_reply", content);
  return content;
}

/* The request's code and its cursor in bytes. Clients count code points, or UTF-16 units; either is clamped. */
static struct vs_str code_of(const struct vsk_message *message, size_t *ret_position) {
  const json_t *code = json_object_get(message->content, "code");
  const json_t *cursor = json_object_get(message->content, "cursor_pos");
  struct vs_str text = {json_is_string(code) ? json_string_value(code) : "", json_string_length(code)};
  *ret_position = text.size;
  if (json_is_integer(cursor))
    *ret_position = vs_utf8_offset(text.data, text.size, (size_t)VS_MAX(json_integer_value(cursor), (json_int_t)0));
  return text;
}

static json_t *answer_complete(struct vsk_session *session, const struct vsk_message *message) {
  const struct vsk_handlers *handlers = &session->options->handlers;
  size_t position;
  struct vs_str code = code_of(message, &position);
  json_t *content = handlers->complete ? handlers->complete(handlers->context, code, position) : NULL;
  json_int_t cursor = (json_int_t)vs_utf8_count(code.data, position);
  return content
             ? content
             : json_pack("{s:[], s:I, s:I, s:{}}", "matches", "cursor_start", cursor, "cursor_end", cursor, "metadata");
}

static json_t *answer_inspect(struct vsk_session *session, const struct vsk_message *message) {
  const struct vsk_handlers *handlers = &session->options->handlers;
  size_t position;
  struct vs_str code = code_of(message, &position);
  int detail = (int)json_integer_value(json_object_get(message->content, "detail_level"));
  json_t *content = handlers->inspect ? handlers->inspect(handlers->context, code, position, detail) : NULL;
  return content ? content : json_pack("{s:b, s:{}, s:{}}", "found", 0, "data", "metadata");
}

static json_t *answer_is_complete(struct vsk_session *session, const struct vsk_message *message) {
  const struct vsk_handlers *handlers = &session->options->handlers;
  size_t position;
  struct vs_str code = code_of(message, &position);
  json_t *content = handlers->is_complete ? handlers->is_complete(handlers->context, code) : NULL;
  return content ? content : json_pack("{s:s}", "status", "unknown");
}

static json_t *answer_history(struct vsk_session *session, const struct vsk_message *message) {
  return vsk_history_answer(session->history, message->content);
}

static json_t *answer_comm_info(struct vsk_session *session, const struct vsk_message *message) {
  return vsk_comm_info(session, message->content);
}

static json_t *answer_comm_open(struct vsk_session *session, const struct vsk_message *message) {
  vsk_comm_open(session, message);
  return NULL;
}

static json_t *answer_comm_msg(struct vsk_session *session, const struct vsk_message *message) {
  vsk_comm_message(session, message);
  return NULL;
}

static json_t *answer_comm_close(struct vsk_session *session, const struct vsk_message *message) {
  vsk_comm_close(session, message);
  return NULL;
}

/* clang-format off */
enum { ON_SHELL = 1, ON_CONTROL = 2, ON_BOTH = 3 };
static const struct route {
  const char *type, *reply_type; /* NULL: no reply, busy and idle alone */
  vsk_answer *answer;
  int channels;
} routes[] = {
  {"comm_close",          NULL,                answer_comm_close,  ON_SHELL},
  {"comm_info_request",   "comm_info_reply",   answer_comm_info,   ON_SHELL},
  {"comm_msg",            NULL,                answer_comm_msg,    ON_SHELL},
  {"comm_open",           NULL,                answer_comm_open,   ON_SHELL},
  {"complete_request",    "complete_reply",    answer_complete,    ON_SHELL},
  {"connect_request",     "connect_reply",     answer_connect,     ON_SHELL},
  {"history_request",     "history_reply",     answer_history,     ON_SHELL},
  {"inspect_request",     "inspect_reply",     answer_inspect,     ON_SHELL},
  {"interrupt_request",   "interrupt_reply",   answer_interrupt,   ON_BOTH},
  {"is_complete_request", "is_complete_reply", answer_is_complete, ON_SHELL},
  {"kernel_info_request", "kernel_info_reply", answer_kernel_info, ON_BOTH},
  {"shutdown_request",    "shutdown_reply",    answer_shutdown,    ON_BOTH},
  {"usage_request",       "usage_reply",       answer_usage,       ON_CONTROL},
};
/* clang-format on */

static const struct route *find_route(const char *type, vsk_channel channel) {
  int wanted = channel == VSK_CONTROL ? ON_CONTROL : ON_SHELL;
  for (size_t i = 0; i < VS_COUNT_OF(routes); i++)
    if (strcmp(routes[i].type, type) == 0 && (routes[i].channels & wanted)) return &routes[i];
  return NULL;
}

void vsk_route_serve(struct vsk_session *session, void *socket, vsk_channel channel,
                     const struct vsk_message *message) {
  const struct route *route = find_route(message->type, channel);
  vsk_queue_begin(&session->iopub.queue, message->header_text, false);
  if (channel == VSK_SHELL) session->shell_message = message;
  json_t *content = route ? route->answer(session, message) : NULL;
  if (channel == VSK_SHELL) session->shell_message = NULL;
  if (content && !json_object_get(content, "status")) json_object_set_new(content, "status", json_string("ok"));
  content = vsk_conceal(session, content); /* a page of help or the history may hold what became secret later */
  if (content) vsk_reply_send(session, socket, message, route->reply_type, content, NULL);
  vsk_queue_end(&session->iopub.queue, message->header_text, false);
  if (!route)
    vs_log_line(session->env->log, VS_LOG_DEBUG, "session", "no answer to a message of an unknown type");
  else if (route->answer == answer_shutdown)
    vs_wake_set(&session->quit);
}
