/* SPDX-License-Identifier: Apache-2.0
 * The session's inside, shared by the files of this room only.
 *
 * `lock` guards what more than one thread touches: the outbox, the jobs, the running flag. Each socket, and each group
 * below named after a thread, belongs to that thread alone. Lock order: session lock, then the queue's. */
#ifndef VSK_SESSION_STATE_H
#define VSK_SESSION_STATE_H

#include "kernel/session/comm.h"
#include "kernel/session/history.h"
#include "kernel/session/secrets.h"
#include "kernel/session/session.h"
#include "kernel/wire/heartbeat.h"
#include "kernel/wire/iopub.h"
#include "kernel/wire/socket.h"

/* One execute_request while its cell runs; made and used on the executor. */
struct vsk_cell {
  struct vsk_request request;
  struct vsk_message *message;
  struct vs_str shown_code; /* without secrets: what is published and stored */
  struct vsk_budget budget;
  bool stop_on_error;
  char *result_text; /* text/plain of the last execute_result, in the message's arena; for the history */
};

struct vsk_session {
  const struct vsk_session_options *options;
  const struct vs_env *env;
  struct vs_arena arena; /* of the session's life */
  int64_t started_us;
  struct vsk_connection connection;
  struct vsk_author author;
  struct vsk_replay replay;
  void *zmq_context;
  struct vsk_heartbeat heartbeat;
  struct vsk_iopub iopub;
  struct vsk_history *history;
  struct vs_secret_list secrets;
  struct vsk_comms comms;                  /* shell thread */
  const struct vsk_message *shell_message; /* shell thread: the request being answered */

  void *shell_socket, *control_socket, *stdin_socket;
  pthread_t shell_thread, control_thread, executor_thread;
  bool has_shell_thread, has_control_thread, has_executor_thread;

  pthread_mutex_t lock;
  pthread_cond_t changed;                  /* jobs, failed, is_stopping */
  struct vsk_packet *outbox, **outbox_end; /* replies of the executor on their way to the shell thread */
  struct vsk_message *jobs, **jobs_end;    /* execute requests in order of arrival */
  bool is_cell_running, is_stopping;
  bool is_next_interrupted;         /* an interrupt came when no cell ran and one was about to begin */
  const struct vsk_message *failed; /* a cell the shell thread is to end, aborting what waits behind it */
  struct vs_wake outbox_filled, waiting, cancel;
  int signal_fd;       /* main thread */
  struct vs_wake quit; /* to the main thread: end the session */
  struct vs_wake stop; /* to shell and control: leave the loop */

  struct vsk_cell *cell; /* executor */
  uint32_t execution_count;
  atomic_uint_least32_t shown_count; /* the same for other threads */
};

/* --- replies (reply.c) --- */
/* Sends a reply at once; called by the thread that owns `socket`. `content` is taken. */
void vsk_reply_send(struct vsk_session *session, void *socket, const struct vsk_message *request, const char *type,
                    json_t *content, const json_t *metadata);
/* Hands an execute_reply to the shell thread; `content` is taken. A failed cell is noted in the same step. */
void vsk_reply_post(struct vsk_session *session, const struct vsk_message *request, json_t *content,
                    const json_t *metadata, bool is_failed);
/* `content`, taken, or what takes its place: the same without secrets. NULL stays NULL. */
json_t *vsk_conceal(struct vsk_session *session, json_t *content);
json_t *vsk_error_content(const char *ename, const char *evalue);
/* Takes and parses one message, logging and leaving out malformed ones; NULL when the socket is empty. */
struct vsk_message *vsk_receive(struct vsk_session *session, void *socket, vsk_channel channel);
void vsk_publish(struct vsk_session *session, struct vs_str parent_text, const char *type, const json_t *content);

/* --- threads --- */
void *vsk_shell_run(void *session);
void *vsk_control_run(void *session);
void *vsk_executor_run(void *session);
/* Any thread. Ends the cell that runs, or the one that waits to begin; nothing happens when there is neither. */
void vsk_interrupt(struct vsk_session *session);
vs_status vsk_watch_until_end(struct vsk_session *session, struct vs_error *err) VS_NODISCARD; /* main thread */
vs_status vsk_watch_block_signals(int *ret_signal_fd, struct vs_error *err) VS_NODISCARD;

/* --- routes (routes.c): every request but execute --- */
/* Answers with busy, reply and idle around it. Called by the owner of `socket`. */
void vsk_route_serve(struct vsk_session *session, void *socket, vsk_channel channel, const struct vsk_message *message);

/* --- info.c --- */
json_t *vsk_info_kernel(struct vsk_session *session);
json_t *vsk_info_connect(struct vsk_session *session);
json_t *vsk_info_usage(struct vsk_session *session);

#endif
