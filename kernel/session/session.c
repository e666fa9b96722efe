/* SPDX-License-Identifier: Apache-2.0
 * Opening and closing of a session: sockets before threads, threads in the order in which they depend on each other. */
#include "kernel/session/state.h"
#include "kernel/wire/registration.h"

#include <sodium.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum { EXECUTOR_LIMIT_MS = 1200 };

static vs_status open_wakes(struct vsk_session *session, struct vs_error *err) {
  VS_TRY(vs_wake_open(&session->outbox_filled, err));
  VS_TRY(vs_wake_open(&session->waiting, err));
  VS_TRY(vs_wake_open(&session->cancel, err));
  VS_TRY(vs_wake_open(&session->quit, err));
  return vs_wake_open(&session->stop, err);
}

/* A registered kernel serves its launcher also where nobody can find it by a file. */
static vs_status write_ports(struct vsk_session *session, struct vs_error *err) {
  struct vsk_connection *connection = &session->connection;
  if (!connection->launcher) return vsk_connection_write_ports(connection, &session->arena, err);
  struct vs_error error;
  vs_error_clear(&error);
  if (vsk_connection_write_ports(connection, &session->arena, &error) != VS_OK)
    vs_log_line(session->env->log, VS_LOG_WARNING, "session", "no connection file for later clients: %s",
                error.message);
  return VS_OK;
}

static vs_status open_sockets(struct vsk_session *session, struct vs_error *err) {
  struct vsk_connection *connection = &session->connection;
  VS_TRY(vsk_connection_read(session->options->connection_file, &session->arena, connection, err));
  session->zmq_context = zmq_ctx_new();
  if (!session->zmq_context) return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot start ZeroMQ");
  void *iopub_socket = NULL;
  VS_TRY(vsk_socket_open(session->zmq_context, VSK_SHELL, connection, &session->shell_socket, err));
  VS_TRY(vsk_socket_open(session->zmq_context, VSK_CONTROL, connection, &session->control_socket, err));
  VS_TRY(vsk_socket_open(session->zmq_context, VSK_STDIN, connection, &session->stdin_socket, err));
  VS_TRY(vsk_heartbeat_open(&session->heartbeat, connection, err));
  VS_TRY(vsk_socket_open(session->zmq_context, VSK_IOPUB, connection, &iopub_socket, err));
  vsk_author_init(&session->author, connection);
  VS_TRY(vsk_iopub_init(&session->iopub, session->env, &session->author, iopub_socket, err));
  VS_TRY(vsk_registration_announce(session->zmq_context, connection, session->signal_fd, session->env->memory, err));
  return write_ports(session, err);
}

static vs_status start_thread(pthread_t *thread, bool *ret_has_thread, void *(*run)(void *),
                              struct vsk_session *session, struct vs_error *err) {
  if (pthread_create(thread, NULL, run, session) != 0)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot start a thread");
  *ret_has_thread = true;
  return VS_OK;
}

static vs_status start_threads(struct vsk_session *session, struct vs_error *err) {
  VS_TRY(vsk_heartbeat_start(&session->heartbeat, err));
  VS_TRY(vsk_iopub_start(&session->iopub, err));
  json_auto_t *starting = json_pack("{s:s}", "execution_state", "starting");
  vsk_publish(session, (struct vs_str){0}, "status", starting);
  VS_TRY(start_thread(&session->executor_thread, &session->has_executor_thread, vsk_executor_run, session, err));
  VS_TRY(start_thread(&session->control_thread, &session->has_control_thread, vsk_control_run, session, err));
  return start_thread(&session->shell_thread, &session->has_shell_thread, vsk_shell_run, session, err);
}

static bool conceal_log(void *context, struct vs_str message, struct vs_text *ret_message) {
  return vs_secret_list_conceal(context, message, ret_message);
}

static void conceal_logs(struct vsk_session *session, bool is_on) {
  session->env->log->conceal_context = &session->secrets;
  session->env->log->conceal = is_on ? conceal_log : NULL;
}

void vsk_session_hide(struct vsk_session *session, struct vs_str value) {
  vs_secret_list_add(&session->secrets, value);
}

static vs_status open_session(struct vsk_session *session, struct vs_error *err) {
  if (sodium_init() < 0) return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot start libsodium");
  json_object_seed(0);
  VS_TRY(vsk_watch_block_signals(&session->signal_fd, err));
  VS_TRY(open_wakes(session, err));
  VS_TRY(open_sockets(session, err));
  VS_TRY(vsk_history_open(session->env, &session->history, err));
  return start_threads(session, err);
}

/* False when the cell does not end in time; then the process must, because the cell still uses what would be freed. */
static bool stop_executor(struct vsk_session *session) {
  pthread_mutex_lock(&session->lock);
  session->is_stopping = true;
  vs_wake_set(&session->cancel);
  pthread_cond_broadcast(&session->changed);
  pthread_mutex_unlock(&session->lock);
  if (!session->has_executor_thread) return true;
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec += EXECUTOR_LIMIT_MS / 1000;
  limit.tv_nsec += EXECUTOR_LIMIT_MS % 1000 * 1000000L;
  limit.tv_sec += limit.tv_nsec / 1000000000;
  limit.tv_nsec %= 1000000000;
  return pthread_timedjoin_np(session->executor_thread, NULL, &limit) == 0;
}

static void stop_threads(struct vsk_session *session) {
  bool has_ended = stop_executor(session);
  vs_wake_set(&session->stop);
  if (session->has_control_thread) pthread_join(session->control_thread, NULL);
  if (session->has_shell_thread) pthread_join(session->shell_thread, NULL);
  vsk_iopub_stop(&session->iopub);
  if (!has_ended) {
    vs_log_line(session->env->log, VS_LOG_WARNING, "session", "a cell did not stop in time; leaving without it");
    vsk_connection_remove_files(&session->connection);
    _exit(0);
  }
}

static void free_waiting(struct vsk_session *session) {
  while (session->jobs) {
    struct vsk_message *next = session->jobs->next;
    vsk_message_free(session->jobs);
    session->jobs = next;
  }
  while (session->outbox) {
    struct vsk_packet *next = session->outbox->next;
    vsk_packet_free(session->outbox);
    session->outbox = next;
  }
}

static void close_session(struct vsk_session *session) {
  stop_threads(session);
  vsk_history_close(session->history);
  free_waiting(session);
  vsk_comms_release(&session->comms, session->env->memory);
  vsk_socket_close(session->shell_socket);
  vsk_socket_close(session->control_socket);
  vsk_socket_close(session->stdin_socket);
  vsk_iopub_release(&session->iopub);
  vsk_heartbeat_close(&session->heartbeat);
  if (session->zmq_context) zmq_ctx_term(session->zmq_context);
  vsk_connection_remove_files(&session->connection);
  struct vs_wake *wakes[] = {&session->outbox_filled, &session->waiting, &session->cancel, &session->quit,
                             &session->stop};
  for (size_t i = 0; i < VS_COUNT_OF(wakes); i++)
    vs_wake_close(wakes[i]);
  if (session->signal_fd >= 0) close(session->signal_fd);
  vsk_replay_release(&session->replay);
  conceal_logs(session, false);
  vs_secret_list_release(&session->secrets);
  vs_arena_release(&session->arena);
  pthread_cond_destroy(&session->changed);
  pthread_mutex_destroy(&session->lock);
}

vs_status vsk_session_run(const struct vsk_session_options *options, struct vs_error *err) {
  struct vsk_session *session = vs_memory_alloc(options->env->memory, sizeof *session);
  if (!session) return vs_fail_memory(err);
  *session = (struct vsk_session){.options = options,
                                  .env = options->env,
                                  .started_us = vsk_steady_us(),
                                  .signal_fd = -1,
                                  .outbox_filled = {-1},
                                  .waiting = {-1},
                                  .cancel = {-1},
                                  .quit = {-1},
                                  .stop = {-1},
                                  .heartbeat = {.stop = {-1}},
                                  .iopub = {.stop = {-1}, .queue = {.filled = {-1}, .room = {-1}}}};
  session->outbox_end = &session->outbox;
  session->jobs_end = &session->jobs;
  pthread_mutex_init(&session->lock, NULL);
  pthread_cond_init(&session->changed, NULL);
  vs_arena_init(&session->arena, options->env->memory, 0);
  vs_secret_list_init(&session->secrets, options->env->memory);
  conceal_logs(session, true);
  vsk_replay_init(&session->replay, options->env->memory, VSK_REPLAY_CAPACITY);
  vs_status status = open_session(session, err);
  if (status == VS_OK) status = vsk_watch_until_end(session, err);
  close_session(session);
  vs_memory_free(options->env->memory, session, sizeof *session);
  return status;
}
