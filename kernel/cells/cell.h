/* SPDX-License-Identifier: Apache-2.0
 * A running cell, shared by the files of this room. One per execute_request, on the executor. */
#ifndef VSK_CELLS_CELL_H
#define VSK_CELLS_CELL_H

#include "kernel/cells/split.h"
#include "kernel/cells/studio.h"

enum { VSK_SOURCES_MAX = 32 };

struct vsk_cell {
  struct vsk_studio *studio;
  const struct vsk_request *request;
  struct vs_arena *arena;
  struct vsk_context context;             /* what magics see; context.cell points back */
  struct vs_str sources[VSK_SOURCES_MAX]; /* texts by span.source: the cell first, then made-up statements */
  uint32_t source_count;
  char owner_label[32];
  uint32_t statement_index, statement_count; /* [2/3] */
};

/* --- run_statement.c --- */
/* Runs one statement to its end, showing what it emits; VELO-9001 when interrupted (what was shown stays). */
vs_status vsk_run_statement(struct vsk_cell *cell, const struct vs_engine_script *script, uint32_t index,
                            struct vs_error *err) VS_NODISCARD;

/* --- frame.c: a view -> outputs --- */
struct vsk_frames {
  struct vsk_cell *cell;
  struct vsk_viz_hint hint;
  char table_id[37], chart_id[37];
  bool has_live_table, has_live_chart;
  char label[24]; /* "[2/3]", or empty */
};
void vsk_frames_init(struct vsk_frames *frames, struct vsk_cell *cell);
vs_status vsk_frames_live(struct vsk_frames *frames, struct vs_run *run, struct vs_error *err) VS_NODISCARD;
vs_status vsk_frames_final(struct vsk_frames *frames, struct vs_run *run, struct vs_error *err) VS_NODISCARD;

/* --- fail.c --- */
/* The reply's ename, evalue and traceback from an error; carets under the cell's own text. */
void vsk_reply_fail(struct vsk_cell *cell, const struct vs_error *error, struct vsk_reply *ret_reply);

/* --- handlers --- */
void vsk_execute(void *context, const struct vsk_request *request, struct vs_arena *arena, struct vsk_reply *ret_reply);
json_t *vsk_evaluate(void *context, struct vs_str expression);
json_t *vsk_complete(void *context, struct vs_str code, size_t position);
json_t *vsk_inspect(void *context, struct vs_str code, size_t position, int detail_level);
json_t *vsk_is_complete(void *context, struct vs_str code);

#endif
