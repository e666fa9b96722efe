/* SPDX-License-Identifier: Apache-2.0
 * Rows kept beyond their batch: columns that grow, with text of their own. Under the folded result, ORDER BY and the
 * memory of delete marks. Rows are addressed by number; a row may be overwritten. One thread at a time.
 *
 * Overwriting leaves dead text behind; it is swept once it outweighs what lives. */
#ifndef VS_EXEC_ROWSET_H
#define VS_EXEC_ROWSET_H

#include "engine/types/batch.h"

struct vs_rowset {
  struct vs_memory *memory;
  struct vs_vector *columns; /* FLAT with validity; room for `capacity` rows */
  uint8_t *sizes;            /* bytes of a cell, per column */
  bool *is_text;             /* the cell is a vs_string */
  uint32_t column_count, row_count, capacity;
  struct vs_arena frame; /* `columns` itself */
  struct vs_arena text;  /* bytes of long strings */
  size_t live_text_bytes;
};

/* Failing leaves a zeroed one. */
vs_status vs_rowset_init(struct vs_rowset *rowset, const struct vs_type *types, uint32_t column_count,
                         struct vs_memory *memory, struct vs_error *err) VS_NODISCARD;
void vs_rowset_release(struct vs_rowset *rowset); /* a zeroed one is allowed */
void vs_rowset_clear(struct vs_rowset *rowset);   /* keeps the memory of columns */
/* Room for `row_count` rows in all. Failing leaves the rows as they are. */
vs_status vs_rowset_reserve(struct vs_rowset *rowset, uint32_t row_count, struct vs_error *err) VS_NODISCARD;
/* Writes rows[0..count) (NULL: the first `count`) of vectors[column_count] in any encoding from row `at` on, over what
 * is there or appending; at <= row_count. */
vs_status vs_rowset_write(struct vs_rowset *rowset, uint32_t at, const struct vs_vector *vectors, const uint16_t *rows,
                          uint32_t count, struct vs_error *err) VS_NODISCARD;
/* Overwrites one row. */
vs_status vs_rowset_put(struct vs_rowset *rowset, uint32_t row, const struct vs_vector *vectors, uint32_t from_row,
                        struct vs_error *err) VS_NODISCARD;
/* FLAT copies in `arena` of rows[0..count); text is copied too when `copies_text`, else borrowed from the rowset. */
vs_status vs_rowset_gather(const struct vs_rowset *rowset, const uint32_t *rows, uint32_t count, bool copies_text,
                           struct vs_arena *arena, struct vs_vector *ret_vectors, struct vs_error *err) VS_NODISCARD;
/* Rows [begin, begin + count) without a copy; `begin` is a multiple of 64. */
void vs_rowset_view(const struct vs_rowset *rowset, uint32_t begin, struct vs_vector *ret_vectors);
/* Moves one row over another; the text of the one it replaces must have been forgotten. */
void vs_rowset_move(struct vs_rowset *rowset, uint32_t to, uint32_t from);
void vs_rowset_forget_text(struct vs_rowset *rowset, uint32_t row); /* the row is dead: its text no longer counts */
size_t vs_rowset_width(const struct vs_rowset *rowset);             /* bytes of one row without its long text */

#endif
