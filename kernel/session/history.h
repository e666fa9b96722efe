/* SPDX-License-Identifier: Apache-2.0
 * History of executed cells: the newest of this session in memory, older ones and earlier sessions in SQLite under the
 * state folder.
 *
 * The file is opened on the first cell that is to be kept, by a thread of its own, because opening and syncing cost
 * more than a cell may; without a file (VELO_HISTORY=off, no folder, no disk) the newest cells of this session still
 * answer. `add` is for the executor, `answer` for the shell thread. */
#ifndef VSK_SESSION_HISTORY_H
#define VSK_SESSION_HISTORY_H

#include "engine/base/env.h"
#include <jansson.h>

struct vsk_history;

enum {
  VSK_HISTORY_KEPT_CELLS = 10000,        /* in the file, and the most one answer holds */
  VSK_HISTORY_MEMORY_BYTES = 256 * 1024, /* of this session's cells in memory, besides what is not written yet */
};

vs_status vsk_history_open(const struct vs_env *env, struct vsk_history **ret_history,
                           struct vs_error *err) VS_NODISCARD;
void vsk_history_close(struct vsk_history *history); /* writes what is pending; NULL allowed */
/* `output` may be NULL. A cell that is not `kept` stays in memory: runs by nbclient or papermill fill no file. */
void vsk_history_add(struct vsk_history *history, uint32_t line, struct vs_str input, const char *output, bool is_kept);
/* A new history_reply content for a history_request content. */
json_t *vsk_history_answer(struct vsk_history *history, const json_t *request);

/* `*` any text, `?` any one character, everything else itself; the whole input must match. */
bool vsk_glob_match(struct vs_str pattern, struct vs_str text);

#endif
