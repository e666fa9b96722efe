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

#endif
