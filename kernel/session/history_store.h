/* SPDX-License-Identifier: Apache-2.0
 * The history file. A writer owns one connection, a reader another; WAL keeps them out of each other's way. */
#ifndef VSK_SESSION_HISTORY_STORE_H
#define VSK_SESSION_HISTORY_STORE_H

#include "engine/base/env.h"

struct vsk_store;
struct vsk_stored_cell {
  int64_t session;
  uint32_t line;
  struct vs_str input, output; /* output.data NULL when there is none */
};

/* $XDG_STATE_HOME/velo/history.db, else below ~/.local/state; false when neither is set or VELO_HISTORY=off. */
bool vsk_store_path(char *ret_path, size_t capacity);
/* A writer creates folder and file and registers a session; a reader fails when there is no file yet. */
vs_status vsk_store_open(struct vs_memory *memory, const char *path, bool is_writer, struct vsk_store **ret_store,
                         int64_t *ret_session, struct vs_error *err) VS_NODISCARD;
void vsk_store_close(struct vsk_store *store); /* NULL allowed */
vs_status vsk_store_add(struct vsk_store *store, const struct vsk_stored_cell *cell, struct vs_error *err) VS_NODISCARD;

/* Both visit cells newest first until `visit` returns false, and return false then. Slices are valid during the visit.
 */
typedef bool vsk_store_visit(void *context, const struct vsk_stored_cell *cell);
bool vsk_store_scan_session(struct vsk_store *store, int64_t session, int64_t before_line, vsk_store_visit *visit,
                            void *context);
bool vsk_store_scan_others(struct vsk_store *store, int64_t session, vsk_store_visit *visit, void *context);
int64_t vsk_store_last_session(struct vsk_store *store); /* 0 when empty */

#endif
