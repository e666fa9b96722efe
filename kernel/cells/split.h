/* SPDX-License-Identifier: Apache-2.0
 * A cell's text -> its parts in order: magic lines and SQL. Magic lines are blanked out of the SQL text, so that spans
 * of every statement count from the start of the cell. */
#ifndef VSK_CELLS_SPLIT_H
#define VSK_CELLS_SPLIT_H

#include "engine/base/arena.h"
#include "kernel/magics/magic.h"

typedef enum {
  VSK_CELL_EMPTY,      /* nothing, or comments only */
  VSK_CELL_PARAMETERS, /* # Parameters */
  VSK_CELL_MAGIC,      /* %%name on line 1: the whole cell is its body */
  VSK_CELL_SQL         /* statements and line magics */
} vsk_cell_is;

struct vsk_split {
  vsk_cell_is is;
  struct vsk_magic_line *lines; /* line magics in order; for a %%magic the one line */
  uint32_t line_count;
  struct vs_str sql;  /* the cell with its magic lines blanked out; same length */
  struct vs_str body; /* of a %%magic */
  uint32_t body_offset;
};

vs_status vsk_split_cell(struct vs_str code, struct vs_arena *arena, struct vsk_split *ret_split,
                         struct vs_error *err) VS_NODISCARD;

/* True when a text that does not parse as SQL reads as natural language: its first word starts no statement (and is not
 * a misspelt keyword), or what follows is English. */
bool vsk_reads_as_language(struct vs_str code);

#endif
