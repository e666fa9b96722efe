/* SPDX-License-Identifier: Apache-2.0
 * The executor: runs one cell at a time and turns what it comes to into outputs, reply, history and idle. */
#include "kernel/session/state.h"

/* --- the request --- */

static bool flag_of(const json_t *content, const char *key, bool fallback) {
  const json_t *value = json_object_get(content, key);
  return json_is_boolean(value) ? json_is_true(value) : fallback;
}

static void read_request(struct vsk_session *session, struct vsk_message *message, struct vsk_cell *ret_cell) {
  const json_t *content = message->content, *code = json_object_get(content, "code");
  *ret_cell = (struct vsk_cell){.message = message, .stop_on_error = flag_of(content, "stop_on_error", true)};
  struct vsk_request *request = &ret_cell->request;
  request->session = session;
  request->cancel = &session->cancel;
  request->code = (struct vs_str){json_is_string(code) ? json_string_value(code) : "", json_string_length(code)};
  request->is_silent = flag_of(content, "silent", false);
  request->store_history = !request->is_silent && flag_of(content, "store_history", true);
  request->allow_stdin = flag_of(content, "allow_stdin", false);
  const json_t *deleted = json_object_get(message->metadata, "deletedCells");
  request->deleted_cells = json_is_array(deleted) ? deleted : NULL;
  vs_secret_list_add_from(&session->secrets, request->code);
  ret_cell->shown_code = vs_secret_list_conceal_code(&session->secrets, request->code, &message->arena);
}

static bool is_blank(const struct vsk_request *request) {
  return vs_str_trim(request->code).size == 0;
}

/* Only a cell that is stored counts; an empty one is neither. */
static void number_request(struct vsk_session *session, struct vsk_cell *cell) {
  struct vsk_request *request = &cell->request;
  request->store_history = request->store_history && !is_blank(request);
  if (request->store_history) session->execution_count++;
  request->execution_count = session->execution_count;
  const char *id = json_string_value(json_object_get(cell->message->metadata, "cellId"));
  request->cell_id = id && *id ? id : vs_arena_printf(&cell->message->arena, "#%u", request->execution_count);
}

static void publish_input(struct vsk_session *session, const struct vsk_cell *cell) {
  struct vs_str code = cell->shown_code;
  json_auto_t *content = json_pack("{s:s%, s:I}", "code", code.data, code.size, "execution_count",
                                   (json_int_t)cell->request.execution_count);
  vsk_publish(session, cell->message->header_text, "execute_input", content);
}

/* --- the reply --- */

/* An error quotes the cell. */
static json_t *quoted(struct vsk_session *session, const struct vsk_cell *cell, const char *text) {
  struct vs_str shown = vs_secret_list_conceal_code(&session->secrets, vs_str_of(text), &cell->message->arena);
  return json_stringn(shown.data, shown.size);
}

static json_t *traceback_of(struct vsk_session *session, const struct vsk_cell *cell, const struct vsk_reply *reply) {
  json_t *lines = json_array();
  for (uint32_t i = 0; i < reply->traceback_count; i++)
    json_array_append_new(lines, quoted(session, cell, reply->traceback[i]));
  return lines;
}

static json_t *print_error(struct vsk_session *session, const struct vsk_cell *cell, const struct vsk_reply *reply) {
  return json_pack("{s:s, s:o, s:o}", "ename", reply->ename ? reply->ename : "VeloInternalError", "evalue",
                   quoted(session, cell, reply->evalue ? reply->evalue : ""), "traceback",
                   traceback_of(session, cell, reply));
}

static json_t *print_expressions(struct vsk_session *session, const struct vsk_cell *cell) {
  const struct vsk_handlers *handlers = &session->options->handlers;
  json_t *values = json_object(), *wanted = json_object_get(cell->message->content, "user_expressions"), *expression;
  const char *name;
  json_object_foreach(wanted, name, expression) {
    struct vs_str text = {json_string_value(expression), json_string_length(expression)};
    json_t *value = NULL;
    if (handlers->evaluate && text.data) value = handlers->evaluate(handlers->context, text);
    if (!value)
      value = vsk_error_content("VeloUsageError",
                                text.data ? "the expression has no value here" : "a user expression must be a text");
    json_object_set_new(values, name, value);
  }
  return values;
}

static json_t *print_reply(struct vsk_session *session, const struct vsk_cell *cell, struct vsk_reply *reply) {
  json_t *content;
  if (reply->is_error) {
    content = print_error(session, cell, reply);
    if (!cell->request.is_silent) vsk_publish(session, cell->message->header_text, "error", content);
    json_object_set_new(content, "status", json_string("error"));
    json_decref(reply->payload);
  } else {
    content = json_pack("{s:s, s:o, s:o}", "status", "ok", "user_expressions", print_expressions(session, cell),
                        "payload", reply->payload ? reply->payload : json_array());
  }
  reply->payload = NULL;
  content = vsk_conceal(session, content);
  json_object_set_new(content, "execution_count", json_integer((json_int_t)cell->request.execution_count));
  return content;
}

/* --- one cell --- */

static void end_running(struct vsk_session *session) {
  pthread_mutex_lock(&session->lock);
  session->is_cell_running = false;
  pthread_mutex_unlock(&session->lock);
}

static void run_code(struct vsk_session *session, struct vsk_cell *cell, struct vsk_message *message,
                     struct vsk_reply *ret_reply) {
  const struct vsk_handlers *handlers = &session->options->handlers;
  if (!json_is_string(json_object_get(message->content, "code"))) {
    ret_reply->is_error = true;
    ret_reply->ename = vs_arena_printf(&message->arena, "VeloUsageError");
    ret_reply->evalue = vs_arena_printf(&message->arena, "the execute_request has no code");
  } else if (!is_blank(&cell->request) && handlers->execute) {
    handlers->execute(handlers->context, &cell->request, &message->arena, ret_reply);
  }
}

static void store(struct vsk_session *session, const struct vsk_cell *cell) {
  const struct vsk_request *request = &cell->request;
  if (request->store_history)
    vsk_history_add(session->history, request->execution_count, cell->shown_code, cell->result_text,
                    request->allow_stdin);
}

/* A failed cell is ended by the shell thread, which alone can drain the shell socket and abort what it finds. The
 * executor stands still meanwhile, so that no waiting cell begins and the failed cell's message stays. */
static void wait_for_aborts(struct vsk_session *session) {
  pthread_mutex_lock(&session->lock);
  while (session->failed)
    pthread_cond_wait(&session->changed, &session->lock);
  pthread_mutex_unlock(&session->lock);
}

static void run_cell(struct vsk_session *session, struct vsk_message *message) {
  struct vsk_cell cell;
  struct vsk_reply reply = {0};
  char started[32];
  read_request(session, message, &cell);
  vsk_queue_begin(&session->iopub.queue, message->header_text, true);
  vsk_date_print(vsk_wall_us(), started);
  number_request(session, &cell);
  if (!cell.request.is_silent) publish_input(session, &cell);
  session->cell = &cell;
  run_code(session, &cell, message, &reply);
  json_t *content = print_reply(session, &cell, &reply);
  session->cell = NULL;
  end_running(session);
  store(session, &cell);
  json_auto_t *metadata = json_pack("{s:s}", "started", started);
  atomic_store(&session->shown_count, session->execution_count);
  bool is_aborting = reply.is_error && cell.stop_on_error && !cell.request.is_silent;
  vsk_reply_post(session, message, content, metadata, is_aborting);
  if (is_aborting)
    wait_for_aborts(session);
  else
    vsk_queue_end(&session->iopub.queue, message->header_text, true);
}

/* --- the thread --- */

/* The cell runs from the moment it is taken, so that no interrupt falls between its waiting and its running. */
static void begin_running(struct vsk_session *session) {
  vs_wake_clear(&session->cancel);
  if (session->is_next_interrupted) vs_wake_set(&session->cancel);
  session->is_next_interrupted = false;
  session->is_cell_running = true;
}

static struct vsk_message *next_job(struct vsk_session *session) {
  pthread_mutex_lock(&session->lock);
  while (!session->is_stopping && !session->jobs)
    pthread_cond_wait(&session->changed, &session->lock);
  struct vsk_message *job = session->is_stopping ? NULL : session->jobs;
  if (job) {
    begin_running(session);
    session->jobs = job->next;
    if (!session->jobs) {
      session->jobs_end = &session->jobs;
      vs_wake_clear(&session->waiting);
    }
  }
  pthread_mutex_unlock(&session->lock);
  return job;
}

void *vsk_executor_run(void *argument) {
  struct vsk_session *session = argument;
  for (struct vsk_message *job; (job = next_job(session));) {
    run_cell(session, job);
    vsk_message_free(job);
  }
  return NULL;
}

void vsk_interrupt(struct vsk_session *session) {
  pthread_mutex_lock(&session->lock);
  if (session->is_cell_running)
    vs_wake_set(&session->cancel);
  else if (session->jobs && !session->failed)
    session->is_next_interrupted = true;
  pthread_mutex_unlock(&session->lock);
}

bool vsk_session_has_waiting(struct vsk_session *session) {
  return vs_wake_is_set(&session->waiting);
}
