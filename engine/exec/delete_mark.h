/* SPDX-License-Identifier: Apache-2.0
 * Delete marks: HAVING over changes remembers what it let through per group; when a group stops satisfying it, the last
 * emitted row goes out once more with weight -1, so that tables and the shown result take it back. */
#ifndef VS_EXEC_DELETE_MARK_H
#define VS_EXEC_DELETE_MARK_H

#include "engine/exec/context.h"

struct vs_delete_marks;
/* `node` is the filter; the groups are those of the aggregate below it. */
vs_status vs_delete_marks_new(struct vs_job_context *context, const struct vs_node *node,
                              struct vs_delete_marks **ret_marks, struct vs_error *err) VS_NODISCARD;
void vs_delete_marks_free(struct vs_delete_marks *marks); /* NULL allowed */
/* The rows of `kept`, and a delete mark for every other row whose group was let through before; in order of the rows.
 */
vs_status vs_delete_marks_apply(struct vs_delete_marks *marks, const struct vs_batch *batch, const uint64_t *kept,
                                struct vs_batch *ret_batch, struct vs_error *err) VS_NODISCARD;

#endif
