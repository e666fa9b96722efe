/* SPDX-License-Identifier: Apache-2.0
 * Kept results from the inside. */
#ifndef VS_RUNTIME_KEPT_H
#define VS_RUNTIME_KEPT_H

#include "engine/runtime/engine_state.h"

struct vs_kept {
  struct vs_kept *next;
  struct vs_arena arena;
  struct vs_rows *rows;
  struct vs_kept_result facts; /* env, rows and schema are filled in when asked for */
};

/* Hands the kept rows to `visit` batch by batch, in order; a batch is borrowed for the call. The first failure ends it.
 */
typedef vs_status vs_kept_visit(void *context, const struct vs_batch *batch, struct vs_error *err);
vs_status vs_kept_each(const struct vs_kept_result *kept, vs_kept_visit *visit, void *context,
                       struct vs_error *err) VS_NODISCARD;

/* The rows of two halves, the newest VS_ASIDE_ROWS of them, as a table of text with _reason, _line and _text. */
vs_status vs_aside_rows(const struct vs_aside *older, const struct vs_aside *newer, struct vs_memory *memory,
                        struct vs_rows **ret_rows, struct vs_error *err) VS_NODISCARD;

#endif
