/* SPDX-License-Identifier: Apache-2.0
 * The shell and control threads: each owns its socket, answers what can be answered at once and never waits for a cell.
 * Execute requests go to the executor; its replies come back through the outbox. */
#include "kernel/session/state.h"

#include <zmq.h>

static void queue_job(struct vsk_session *session, struct vsk_message *message) {
  pthread_mutex_lock(&session->lock);
  *session->jobs_end = message;
  session->jobs_end = &message->next;
  vs_wake_set(&session->waiting);
  pthread_cond_broadcast(&session->changed);
  pthread_mutex_unlock(&session->lock);
}

static void receive_all(struct vsk_session *session) {
  for (struct vsk_message *message; (message = vsk_receive(session, session->shell_socket, VSK_SHELL));) {
    if (strcmp(message->type, "execute_request") == 0) {
      queue_job(session, message);
      continue;
    }
    vsk_route_serve(session, session->shell_socket, VSK_SHELL, message);
    vsk_message_free(message);
  }
}

/* Sends the executor's replies, except that of a failed cell before its successors are known: end_failed_cell. */
static void send_outbox(struct vsk_session *session, bool is_drained) {
  pthread_mutex_lock(&session->lock);
  bool is_ready = is_drained || !session->failed;
  struct vsk_packet *packet = is_ready ? session->outbox : NULL;
  if (is_ready) {
    session->outbox = NULL;
    session->outbox_end = &session->outbox;
  }
  pthread_mutex_unlock(&session->lock);
  while (packet) {
    struct vsk_packet *next = packet->next;
    if (!vsk_socket_send(session->shell_socket, packet))
      vs_log_line(session->env->log, VS_LOG_WARNING, "session", "a reply could not be sent");
    vsk_packet_free(packet);
    packet = next;
  }
}

static void abort_job(struct vsk_session *session, struct vsk_message *message) {
  json_t *content = vsk_error_content("ExecutionAborted", "an earlier cell failed while this one waited");
  json_object_set_new(content, "execution_count", json_integer((json_int_t)atomic_load(&session->shown_count)));
  vsk_queue_begin(&session->iopub.queue, message->header_text, false);
  vsk_reply_send(session, session->shell_socket, message, "execute_reply", content, NULL);
  vsk_queue_end(&session->iopub.queue, message->header_text, false);
  vsk_message_free(message);
}

static struct vsk_message *take_jobs(struct vsk_session *session) {
  pthread_mutex_lock(&session->lock);
  struct vsk_message *jobs = session->jobs;
  session->jobs = NULL;
  session->jobs_end = &session->jobs;
  session->is_next_interrupted = false;
  vs_wake_clear(&session->waiting);
  pthread_mutex_unlock(&session->lock);
  return jobs;
}

/* Ends a failed cell: what has been received by now is aborted. The drain comes before the reply, because a client that
 * has seen the reply may send its next cell, and that one is to run. */
static void end_failed_cell(struct vsk_session *session, const struct vsk_message *failed) {
  receive_all(session);
  struct vsk_message *job = take_jobs(session);
  send_outbox(session, true);
  vsk_queue_end(&session->iopub.queue, failed->header_text, true);
  while (job) {
    struct vsk_message *next = job->next;
    abort_job(session, job);
    job = next;
  }
  pthread_mutex_lock(&session->lock);
  session->failed = NULL;
  pthread_cond_broadcast(&session->changed);
  pthread_mutex_unlock(&session->lock);
}

static const struct vsk_message *failed_cell(struct vsk_session *session) {
  pthread_mutex_lock(&session->lock);
  const struct vsk_message *failed = session->failed;
  pthread_mutex_unlock(&session->lock);
  return failed;
}

void *vsk_shell_run(void *argument) {
  struct vsk_session *session = argument;
  while (!vs_wake_is_set(&session->stop)) {
    zmq_pollitem_t items[] = {{.socket = session->shell_socket, .events = ZMQ_POLLIN},
                              {.fd = session->outbox_filled.fd, .events = ZMQ_POLLIN},
                              {.fd = session->stop.fd, .events = ZMQ_POLLIN}};
    zmq_poll(items, 3, -1);
    vs_wake_clear(&session->outbox_filled);
    const struct vsk_message *failed = failed_cell(session);
    if (failed) end_failed_cell(session, failed);
    send_outbox(session, false);
    receive_all(session);
  }
  send_outbox(session, true);
  return NULL;
}

void *vsk_control_run(void *argument) {
  struct vsk_session *session = argument;
  while (!vs_wake_is_set(&session->stop)) {
    zmq_pollitem_t items[] = {{.socket = session->control_socket, .events = ZMQ_POLLIN},
                              {.fd = session->stop.fd, .events = ZMQ_POLLIN}};
    zmq_poll(items, 2, -1);
    for (struct vsk_message *message; (message = vsk_receive(session, session->control_socket, VSK_CONTROL));) {
      vsk_route_serve(session, session->control_socket, VSK_CONTROL, message);
      vsk_message_free(message);
    }
  }
  return NULL;
}
