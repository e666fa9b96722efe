/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/session/history_store.h"
#include "kernel/session/history.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { WRITER_BUSY_MS = 5000, READER_BUSY_MS = 200, PRUNE_EVERY = 1000 };

struct vsk_store {
  struct vs_memory *memory;
  sqlite3 *database;
};

bool vsk_store_path(char *ret_path, size_t capacity) {
  const char *wish = getenv("VELO_HISTORY"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  if (wish && (strcmp(wish, "off") == 0 || strcmp(wish, "0") == 0)) return false;
  int size = -1;
  if (state && *state == '/')
    size = snprintf(ret_path, capacity, "%s/velo/history.db", state);
  else if (home && *home == '/')
    size = snprintf(ret_path, capacity, "%s/.local/state/velo/history.db", home);
  return size > 0 && (size_t)size < capacity;
}

static void make_folders(const char *path) {
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", path);
  for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(folder, 0700); /* one that exists already is fine; a real failure shows when the file is opened */
    *slash = '/';
  }
}

static vs_status failed(const struct vsk_store *store, struct vs_error *err) {
  return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "history file: %s", sqlite3_errmsg(store->database));
}

static const char *const schema =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-128;"
    "CREATE TABLE IF NOT EXISTS sessions (session INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT);"
    "CREATE TABLE IF NOT EXISTS history (session INTEGER, line INTEGER, input TEXT, output TEXT,"
    " PRIMARY KEY (session, line)) WITHOUT ROWID;";

/* What no answer can hold any more goes. Sessions keep counting: AUTOINCREMENT remembers the last number. */
static const char *const prune_text =
    "DELETE FROM history WHERE (session, line) <"
    " (SELECT session, line FROM history ORDER BY session DESC, line DESC LIMIT 1 OFFSET %d);"
    "DELETE FROM sessions WHERE session < (SELECT min(session) FROM history);";

static vs_status prune(struct vsk_store *store, struct vs_error *err) {
  char text[512];
  snprintf(text, sizeof text, prune_text, VSK_HISTORY_KEPT_CELLS - 1);
  return sqlite3_exec(store->database, text, NULL, NULL, NULL) == SQLITE_OK ? VS_OK : failed(store, err);
}

static vs_status register_session(struct vsk_store *store, int64_t *ret_session, struct vs_error *err) {
  if (sqlite3_exec(store->database, schema, NULL, NULL, NULL) != SQLITE_OK ||
      sqlite3_exec(store->database, "INSERT INTO sessions (started) VALUES (datetime('now'))", NULL, NULL, NULL) !=
          SQLITE_OK)
    return failed(store, err);
  *ret_session = sqlite3_last_insert_rowid(store->database);
  return prune(store, err);
}

static vs_status open_database(struct vsk_store *store, const char *path, bool is_writer, int64_t *ret_session,
                               struct vs_error *err) {
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (is_writer ? SQLITE_OPEN_CREATE : 0);
  if (is_writer) make_folders(path);
  if (sqlite3_open_v2(path, &store->database, flags, NULL) != SQLITE_OK) return failed(store, err);
  sqlite3_busy_timeout(store->database, is_writer ? WRITER_BUSY_MS : READER_BUSY_MS);
  return is_writer ? register_session(store, ret_session, err) : VS_OK;
}

vs_status vsk_store_open(struct vs_memory *memory, const char *path, bool is_writer, struct vsk_store **ret_store,
                         int64_t *ret_session, struct vs_error *err) {
  struct vsk_store *store = vs_memory_alloc(memory, sizeof *store);
  if (!store) return vs_fail_memory(err);
  *store = (struct vsk_store){.memory = memory};
  vs_status status = open_database(store, path, is_writer, ret_session, err);
  if (status != VS_OK) {
    vsk_store_close(store);
    return status;
  }
  *ret_store = store;
  return VS_OK;
}

void vsk_store_close(struct vsk_store *store) {
  if (!store) return;
  sqlite3_close(store->database);
  vs_memory_free(store->memory, store, sizeof *store);
}

vs_status vsk_store_add(struct vsk_store *store, const struct vsk_stored_cell *cell, struct vs_error *err) {
  sqlite3_stmt *insert = NULL;
  if (sqlite3_prepare_v2(store->database, "INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?)", -1, &insert, NULL) !=
      SQLITE_OK)
    return failed(store, err);
  sqlite3_bind_int64(insert, 1, cell->session);
  sqlite3_bind_int64(insert, 2, cell->line);
  sqlite3_bind_text64(insert, 3, cell->input.data, cell->input.size, SQLITE_STATIC, SQLITE_UTF8);
  if (cell->output.data)
    sqlite3_bind_text64(insert, 4, cell->output.data, cell->output.size, SQLITE_STATIC, SQLITE_UTF8);
  bool is_added = sqlite3_step(insert) == SQLITE_DONE;
  sqlite3_finalize(insert);
  if (!is_added) return failed(store, err);
  return cell->line % PRUNE_EVERY == 0 ? prune(store, err) : VS_OK;
}

static struct vs_str column(sqlite3_stmt *select, int index) {
  const char *text = (const char *)sqlite3_column_text(select, index);
  return (struct vs_str){text, (size_t)sqlite3_column_bytes(select, index)};
}

/* ?1 a session, ?2 a line. */
static bool scan(struct vsk_store *store, const char *text, int64_t session, int64_t line, vsk_store_visit *visit,
                 void *context) {
  sqlite3_stmt *select = NULL;
  bool goes_on = true;
  if (sqlite3_prepare_v2(store->database, text, -1, &select, NULL) != SQLITE_OK) return goes_on;
  sqlite3_bind_int64(select, 1, session);
  sqlite3_bind_int64(select, 2, line);
  while (goes_on && sqlite3_step(select) == SQLITE_ROW) {
    struct vsk_stored_cell cell = {.session = sqlite3_column_int64(select, 0),
                                   .line = (uint32_t)sqlite3_column_int64(select, 1),
                                   .input = column(select, 2),
                                   .output = column(select, 3)};
    goes_on = visit(context, &cell);
  }
  sqlite3_finalize(select);
  return goes_on;
}

bool vsk_store_scan_session(struct vsk_store *store, int64_t session, int64_t before_line, vsk_store_visit *visit,
                            void *context) {
  return scan(store,
              "SELECT session, line, input, output FROM history WHERE session = ?1 AND line < ?2 ORDER BY line DESC",
              session, before_line, visit, context);
}

bool vsk_store_scan_others(struct vsk_store *store, int64_t session, vsk_store_visit *visit, void *context) {
  return scan(store,
              "SELECT session, line, input, output FROM history WHERE session <> ?1 ORDER BY session DESC, line DESC",
              session, 0, visit, context);
}

int64_t vsk_store_last_session(struct vsk_store *store) {
  sqlite3_stmt *select = NULL;
  int64_t last = 0;
  if (sqlite3_prepare_v2(store->database, "SELECT max(session) FROM sessions", -1, &select, NULL) == SQLITE_OK &&
      sqlite3_step(select) == SQLITE_ROW)
    last = sqlite3_column_int64(select, 0);
  sqlite3_finalize(select);
  return last;
}
