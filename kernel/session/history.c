/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/session/history.h"
#include "engine/base/map.h"
#include "kernel/session/history_store.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { PATH_SIZE = 4096, NUMBER_WAIT_SECONDS = 1 };

struct remembered {
  uint32_t line;
  bool is_kept;
  struct vs_str input, output; /* output.data NULL for none; both in this block */
};

struct vsk_history {
  const struct vs_env *env;
  pthread_mutex_t lock; /* everything below except the two stores */
  pthread_cond_t changed;
  struct remembered **cells; /* oldest first */
  uint32_t cell_count, cell_capacity;
  size_t bytes;           /* of the cells */
  uint32_t written_count; /* cells before it are in the file, or are not to be */
  bool has_path, has_writer, is_closing, has_failed;
  int64_t session; /* in the file; 0 until the writer knows */
  pthread_t thread;
  char path[PATH_SIZE];
  struct vsk_store *reader; /* shell thread */
};

vs_status vsk_history_open(const struct vs_env *env, struct vsk_history **ret_history, struct vs_error *err) {
  struct vsk_history *history = vs_memory_alloc(env->memory, sizeof *history);
  if (!history) return vs_fail_memory(err);
  memset(history, 0, sizeof *history);
  history->env = env;
  pthread_mutex_init(&history->lock, NULL);
  pthread_cond_init(&history->changed, NULL);
  history->has_path = vsk_store_path(history->path, sizeof history->path);
  *ret_history = history;
  return VS_OK;
}

static size_t cell_bytes(const struct remembered *cell) {
  return sizeof *cell + cell->input.size + cell->output.size + 2;
}

void vsk_history_close(struct vsk_history *history) {
  if (!history) return;
  pthread_mutex_lock(&history->lock);
  history->is_closing = true;
  pthread_cond_broadcast(&history->changed);
  pthread_mutex_unlock(&history->lock);
  if (history->has_writer) pthread_join(history->thread, NULL);
  vsk_store_close(history->reader);
  struct vs_memory *memory = history->env->memory;
  for (uint32_t i = 0; i < history->cell_count; i++)
    vs_memory_free(memory, history->cells[i], cell_bytes(history->cells[i]));
  vs_memory_free(memory, history->cells, history->cell_capacity * sizeof *history->cells);
  pthread_cond_destroy(&history->changed);
  pthread_mutex_destroy(&history->lock);
  vs_memory_free(memory, history, sizeof *history);
}

/* --- the writer --- */

/* The next cell for the file, copied out of reach of the lock; NULL when closing. Called and returns under the lock. */
static struct remembered *next_unwritten(struct vsk_history *history) {
  for (;;) {
    while (history->written_count < history->cell_count) {
      struct remembered *cell = history->cells[history->written_count];
      if (cell->is_kept && !history->has_failed) return cell;
      history->written_count++;
    }
    if (history->is_closing) return NULL;
    pthread_cond_wait(&history->changed, &history->lock);
  }
}

static void fall_back(struct vsk_history *history, const struct vs_error *err) {
  vs_log_line(history->env->log, VS_LOG_WARNING, "session", "history is kept in memory only: %s", err->message);
  history->has_failed = true;
  pthread_cond_broadcast(&history->changed);
}

/* A cell stays where it is while it is written: only this thread moves written_count, and trimming stops before it. */
static void write_cells(struct vsk_history *history, struct vsk_store *store) {
  struct vs_error err;
  for (struct remembered *cell; (cell = next_unwritten(history));) {
    struct vsk_stored_cell row = {history->session, cell->line, cell->input, cell->output};
    pthread_mutex_unlock(&history->lock);
    vs_status status = vsk_store_add(store, &row, &err);
    pthread_mutex_lock(&history->lock);
    history->written_count++;
    if (status != VS_OK) fall_back(history, &err);
  }
}

static void *run_writer(void *argument) {
  struct vsk_history *history = argument;
  struct vsk_store *store = NULL;
  struct vs_error err;
  int64_t session = 0;
  vs_status status = vsk_store_open(history->env->memory, history->path, true, &store, &session, &err);
  pthread_mutex_lock(&history->lock);
  if (status != VS_OK) fall_back(history, &err);
  history->session = session;
  pthread_cond_broadcast(&history->changed);
  write_cells(history, store);
  pthread_mutex_unlock(&history->lock);
  vsk_store_close(store);
  return NULL;
}

/* --- adding --- */

static struct remembered *remember(struct vs_memory *memory, uint32_t line, struct vs_str input, const char *output,
                                   bool is_kept) {
  size_t output_size = output ? strlen(output) : 0;
  struct remembered *cell = vs_memory_alloc(memory, sizeof *cell + input.size + output_size + 2);
  if (!cell) return NULL;
  char *text = (char *)(cell + 1);
  memcpy(text, input.data, input.size);
  text[input.size] = '\0';
  *cell = (struct remembered){.line = line, .is_kept = is_kept, .input = {text, input.size}};
  if (output) {
    memcpy(text + input.size + 1, output, output_size + 1);
    cell->output = (struct vs_str){text + input.size + 1, output_size};
  }
  return cell;
}

/* The oldest go, as long as they are written: an answer finds them in the file. */
static void trim(struct vsk_history *history) {
  uint32_t gone = 0;
  for (; gone < history->written_count && history->bytes > VSK_HISTORY_MEMORY_BYTES; gone++) {
    size_t bytes = cell_bytes(history->cells[gone]);
    history->bytes -= bytes;
    vs_memory_free(history->env->memory, history->cells[gone], bytes);
  }
  history->cell_count -= gone;
  history->written_count -= gone;
  memmove(history->cells, history->cells + gone, history->cell_count * sizeof *history->cells);
}

static bool make_room(struct vsk_history *history) {
  if (history->bytes > VSK_HISTORY_MEMORY_BYTES) trim(history);
  if (history->cell_count < history->cell_capacity) return true;
  uint32_t capacity = history->cell_capacity ? history->cell_capacity * 2 : 64;
  struct remembered **cells = vs_memory_resize(history->env->memory, history->cells,
                                               history->cell_capacity * sizeof *cells, capacity * sizeof *cells);
  if (!cells) return false;
  history->cells = cells;
  history->cell_capacity = capacity;
  return true;
}

/* Called under the lock. Without a writer everything counts as written, so that trimming works. */
static void wake_writer(struct vsk_history *history, bool is_kept) {
  if (is_kept && history->has_path && !history->has_writer && !history->has_failed) {
    history->has_writer = pthread_create(&history->thread, NULL, run_writer, history) == 0;
    history->has_failed = !history->has_writer;
  }
  if (!history->has_writer) history->written_count = history->cell_count;
  pthread_cond_broadcast(&history->changed);
}

void vsk_history_add(struct vsk_history *history, uint32_t line, struct vs_str input, const char *output,
                     bool is_kept) {
  struct remembered *cell = remember(history->env->memory, line, input, output, is_kept);
  if (!cell) return;
  pthread_mutex_lock(&history->lock);
  if (make_room(history)) {
    history->cells[history->cell_count++] = cell;
    history->bytes += cell_bytes(cell);
    wake_writer(history, is_kept);
  } else {
    vs_memory_free(history->env->memory, cell, cell_bytes(cell));
  }
  pthread_mutex_unlock(&history->lock);
}

/* --- answering --- */

struct answer {
  json_t *newest_first;
  struct vs_map seen; /* inputs, for `unique`; keys are texts of newest_first */
  struct vs_str pattern;
  bool is_search, is_unique, has_output, is_range;
  int64_t count_limit, start, stop;
};

static json_t *print_cell(const struct answer *answer, const struct vsk_stored_cell *cell) {
  json_t *input = json_stringn(cell->input.data, cell->input.size);
  json_t *output = cell->output.data ? json_stringn(cell->output.data, cell->output.size) : NULL;
  json_t *what = answer->has_output ? json_pack("[o, o]", input, output ? output : json_null()) : input;
  if (!answer->has_output) json_decref(output);
  return json_pack("[I, I, o]", (json_int_t)cell->session, (json_int_t)cell->line, what);
}

static bool is_wanted(struct answer *answer, const struct vsk_stored_cell *cell) {
  if (answer->is_range && ((int64_t)cell->line < answer->start || (int64_t)cell->line >= answer->stop)) return false;
  if (answer->is_search && !vsk_glob_match(answer->pattern, cell->input)) return false;
  return !answer->is_unique || !vs_map_find(&answer->seen, cell->input);
}

/* The set borrows its keys, so they are the texts inside the answer itself. */
static void note_seen(struct answer *answer, json_t *triple) {
  const json_t *input = json_array_get(triple, 2);
  input = json_is_array(input) ? json_array_get(input, 0) : input;
  struct vs_str key = {json_string_value(input), json_string_length(input)};
  vs_status status = key.data ? vs_map_put(&answer->seen, key, answer, NULL) : VS_OK;
  (void)status; /* without memory a duplicate may show */
}

static bool visit(void *context, const struct vsk_stored_cell *cell) {
  struct answer *answer = context;
  if (!is_wanted(answer, cell)) return true;
  json_t *triple = print_cell(answer, cell);
  json_array_append_new(answer->newest_first, triple);
  if (answer->is_unique) note_seen(answer, triple);
  return (int64_t)json_array_size(answer->newest_first) < answer->count_limit;
}

static struct vsk_store *open_reader(struct vsk_history *history) {
  if (!history->reader && history->has_path &&
      vsk_store_open(history->env->memory, history->path, false, &history->reader, NULL, NULL) != VS_OK)
    history->reader = NULL;
  return history->reader;
}

/* This session's number: the writer's, for which we wait a moment while it opens the file; else the next one free. */
static int64_t session_number(struct vsk_history *history) {
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec += NUMBER_WAIT_SECONDS;
  pthread_mutex_lock(&history->lock);
  int waited = 0;
  while (history->has_writer && !history->session && !history->has_failed && waited == 0)
    waited = pthread_cond_timedwait(&history->changed, &history->lock, &limit);
  int64_t number = history->session;
  pthread_mutex_unlock(&history->lock);
  struct vsk_store *reader = number ? NULL : open_reader(history);
  return number ? number : reader ? vsk_store_last_session(reader) + 1 : 1;
}

/* This session's cells: the newest from memory, those before them from the file. */
static bool visit_own(struct vsk_history *history, int64_t session, struct answer *answer) {
  bool goes_on = true;
  int64_t oldest_line = INT64_MAX;
  pthread_mutex_lock(&history->lock);
  for (uint32_t i = history->cell_count; goes_on && i > 0; i--) {
    const struct remembered *cell = history->cells[i - 1];
    goes_on = visit(answer, &(struct vsk_stored_cell){session, cell->line, cell->input, cell->output});
    oldest_line = cell->line;
  }
  bool is_written = history->session == session;
  pthread_mutex_unlock(&history->lock);
  if (!goes_on || !is_written || !open_reader(history)) return goes_on;
  return vsk_store_scan_session(history->reader, session, oldest_line, visit, answer);
}

static int64_t integer_of(const json_t *request, const char *key, int64_t fallback) {
  const json_t *value = json_object_get(request, key);
  return json_is_integer(value) ? json_integer_value(value) : fallback;
}

static void read_question(const json_t *request, struct answer *ret_answer) {
  const char *type = json_string_value(json_object_get(request, "hist_access_type"));
  const json_t *pattern = json_object_get(request, "pattern");
  type = type ? type : "tail";
  *ret_answer = (struct answer){.newest_first = json_array(),
                                .has_output = json_is_true(json_object_get(request, "output")),
                                .is_range = strcmp(type, "range") == 0,
                                .is_search = strcmp(type, "search") == 0,
                                .start = integer_of(request, "start", 0),
                                .stop = integer_of(request, "stop", INT64_MAX)};
  int64_t wanted = ret_answer->is_range ? VSK_HISTORY_KEPT_CELLS : integer_of(request, "n", VSK_HISTORY_KEPT_CELLS);
  ret_answer->count_limit = VS_MIN(wanted, (int64_t)VSK_HISTORY_KEPT_CELLS);
  ret_answer->is_unique = ret_answer->is_search && json_is_true(json_object_get(request, "unique"));
  ret_answer->pattern =
      json_is_string(pattern) ? (struct vs_str){json_string_value(pattern), json_string_length(pattern)} : VS_STR("*");
}

static void collect(struct vsk_history *history, const json_t *request, struct answer *answer) {
  if (answer->count_limit <= 0) return;
  int64_t own = session_number(history), only = -1;
  if (answer->is_range) {
    int64_t session = integer_of(request, "session", 0);
    only = session > 0 ? session : own + session;
    if (only <= 0) return;
  }
  if ((only < 0 || only == own) && !visit_own(history, own, answer)) return;
  if (only == own || !open_reader(history)) return;
  if (only < 0)
    vsk_store_scan_others(history->reader, own, visit, answer);
  else
    vsk_store_scan_session(history->reader, only, INT64_MAX, visit, answer);
}

json_t *vsk_history_answer(struct vsk_history *history, const json_t *request) {
  struct answer answer;
  read_question(request, &answer);
  vs_map_init(&answer.seen, history->env->memory);
  collect(history, request, &answer);
  vs_map_release(&answer.seen);
  json_t *cells = json_array();
  for (size_t i = json_array_size(answer.newest_first); i > 0; i--)
    json_array_append(cells, json_array_get(answer.newest_first, i - 1));
  json_decref(answer.newest_first);
  return json_pack("{s:o}", "history", cells);
}
