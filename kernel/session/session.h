/* SPDX-License-Identifier: Apache-2.0
 * The session: everything between the sockets and the cells. It owns the protocol's state (counter, history, comms,
 * aborts, interrupts, stdin) and calls the cells through `struct vsk_handlers`.
 *
 * Threads: `execute` runs on the executor, one at a time; the other handlers run on the shell thread, also while a cell
 * runs, so they read only what is published without locks (the catalogue snapshot). All vsk_out_* functions may be
 * called from the executor only; they enqueue and return, and wait only when the IOPub queue is over its budget (an
 * interrupt ends that wait). JSON objects passed in are borrowed; bundles are `{mime: text-or-object}`. */
#ifndef VSK_SESSION_SESSION_H
#define VSK_SESSION_SESSION_H

#include "engine/base/env.h"
#include "engine/base/wake.h"
#include <jansson.h>

struct vsk_session;

/* One execute_request while its cell runs. Plain data, borrowed from the session. */
struct vsk_request {
  struct vsk_session *session;
  struct vs_str code;
  const char *cell_id;         /* JupyterLab's or VS Code's id; "#<execution count>" when the client sends none */
  const json_t *deleted_cells; /* array of cell ids or NULL */
  uint32_t execution_count;
  bool is_silent, allow_stdin, store_history;
  const struct vs_wake *cancel; /* set when the cell is to stop; poll its fd in every wait */
};

/* What a cell's run comes to; the session turns it into the execute_reply and, on error, the one `error` output. */
struct vsk_reply {
  bool is_error;
  char *ename, *evalue;   /* owned by the request arena */
  const char **traceback; /* lines, ANSI colours allowed */
  uint32_t traceback_count;
  json_t *payload; /* array, taken; NULL for none: {"source": "page", ...} or set_next_input */
};

struct vsk_handlers {
  void *context; /* passed as the first argument */
  void (*execute)(void *context, const struct vsk_request *request, struct vs_arena *arena,
                  struct vsk_reply *ret_reply);
  /* A value for one user_expressions entry: a new {"status": ...} object, NULL for none. On the executor, after
   * success. */
  json_t *(*evaluate)(void *context, struct vs_str expression);
  /* Shell thread. `position` is in bytes, on a character boundary; the reply's cursor_start and cursor_end are in code
   * points. Return a new content object; NULL answers empty (no matches, not found, unknown). "status" is added unless
   * present: only is_complete must bring its own. Each of the handlers may be NULL. */
  json_t *(*complete)(void *context, struct vs_str code, size_t position);
  json_t *(*inspect)(void *context, struct vs_str code, size_t position, int detail_level);
  json_t *(*is_complete)(void *context, struct vs_str code);
};

struct vsk_comm_target {
  const char *name; /* "velo.echo" */
  /* Shell thread. `buffers` as they came; replies go through vsk_comm_send. */
  void (*message)(void *context, struct vsk_session *session, const char *comm_id, const json_t *data,
                  const struct vs_str *buffers, uint32_t buffer_count);
  void *context;
};
struct vsk_session_options {
  const struct vs_env *env;
  const char *connection_file;
  const char *implementation_version, *banner;
  struct vsk_handlers handlers;
  const struct vsk_comm_target *targets; /* borrowed for the whole run */
  uint32_t target_count;
};

/* Opens the sockets, starts the threads, serves until shutdown, SIGTERM or the parent's death; returns then.
 * Must be called on the main thread with no other threads running (it sets the signal mask).
 * Errors: VELO-6004 connection file; VELO-5005 ports taken. */
vs_status vsk_session_run(const struct vsk_session_options *options, struct vs_error *err) VS_NODISCARD;

/* --- output of the running cell --- */
typedef enum { VSK_STDOUT, VSK_STDERR } vsk_stream;
void vsk_out_stream(struct vsk_session *session, vsk_stream stream, const char *text, size_t size);
/* display_id may be NULL. Metadata is always {}. */
void vsk_out_display(struct vsk_session *session, const json_t *bundle, const char *display_id);
void vsk_out_update(struct vsk_session *session, const json_t *bundle, const char *display_id);
void vsk_out_result(struct vsk_session *session, const json_t *bundle); /* execute_result */
void vsk_out_clear(struct vsk_session *session, bool wait);
void vsk_session_new_id(struct vsk_session *session, char ret_id[37]); /* unique, for display ids and comms */

/* From now on `value`, of 6 or more characters, is shown as (secret) in all that the session sends, stores or logs.
 * What a cell's text writes under a secret key ('sasl.password' = '...') is found without help. Any thread. */
void vsk_session_hide(struct vsk_session *session, struct vs_str value);

/* Asks the user. VELO-6003 when the client allows no input, VELO-9001 when interrupted. The answer is in `arena`. */
vs_status vsk_session_ask(struct vsk_session *session, const char *prompt, bool is_password, struct vs_arena *arena,
                          struct vs_str *ret_answer, struct vs_error *err) VS_NODISCARD;

/* True once another execute_request waits behind the running cell (Run All). */
bool vsk_session_has_waiting(struct vsk_session *session);

/* --- comms: an open comm of one of the targets. Secrets in `data` are replaced; buffers go out as they are. --- */
void vsk_comm_send(struct vsk_session *session, const char *comm_id, const json_t *data, const struct vs_str *buffers,
                   uint32_t buffer_count);

#endif
