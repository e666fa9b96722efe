/* SPDX-License-Identifier: Apache-2.0
 * What both table printers agree on: which columns and rows are shown and how a cell reads. Private to this room. */
#ifndef VSK_DISPLAY_TABLE_LAYOUT_H
#define VSK_DISPLAY_TABLE_LAYOUT_H

#include "engine/types/value.h"
#include "kernel/display/table.h"

/* Column VSK_WINDOW_COLUMN is made from the two hidden bounds. */
#define VSK_WINDOW_COLUMN UINT32_MAX

enum { VSK_AS_IT_IS = -1 };

struct vsk_table_row {
  const struct vs_batch *batch;
  uint32_t row;
};

struct vsk_table_layout {
  const struct vsk_table *table;
  uint32_t columns[VSK_TABLE_COLUMNS + 1], column_count;
  uint32_t columns_left_out;
  int window_start, window_end; /* hidden bounds, or -1 */
  bool window_has_date;
  bool has_fraction[VSK_TABLE_COLUMNS + 1]; /* of a time column: some shown value is not a whole second */
  int decimals[VSK_TABLE_COLUMNS + 1];      /* of a number with a point; VSK_AS_IT_IS: no common form */
  uint32_t head_rows, tail_rows, tail_skip;
  uint64_t gap_rows; /* left out between head and tail */
};

void vsk_table_layout_init(struct vsk_table_layout *layout, const struct vsk_table *table);
uint32_t vsk_table_row_count(const struct vsk_table_layout *layout);
struct vsk_table_row vsk_table_row_at(const struct vsk_table_layout *layout, uint32_t index);
bool vsk_table_is_right(const struct vsk_table_layout *layout, uint32_t column);
bool vsk_table_is_null(const struct vsk_table_layout *layout, uint32_t column, struct vsk_table_row row);
struct vs_str vsk_table_name(const struct vsk_table_layout *layout, uint32_t column);
/* The value on one line, cut to `characters`; control characters read as spaces. */
void vsk_table_cell(const struct vsk_table_layout *layout, uint32_t column, struct vsk_table_row row, size_t characters,
                    struct vs_text *ret_text);
/* --- table_number.c --- */
int vsk_table_decimals(const struct vsk_table_layout *layout, uint32_t column);
void vsk_table_number(const struct vs_value *value, int decimals, struct vs_text *ret_text);
/* Whether the shown number is not the value itself; then its shortest exact form is appended. */
bool vsk_table_is_rounded(const struct vsk_table_layout *layout, uint32_t column, struct vsk_table_row row,
                          struct vs_text *ret_exact);
/* The first alert the row satisfies: its index in the statement; -1: none. */
int vsk_table_alert(const struct vsk_table_layout *layout, struct vsk_table_row row);
/* "95 rows left out", and what stands in place of rows that would pass the size limit. */
void vsk_table_gap(const struct vsk_table_layout *layout, struct vs_text *ret_text);
void vsk_table_cut_note(uint32_t row_count, struct vs_text *ret_text);
/* Notes under the table: failed rows, bound, open windows, cut columns, dropped rows, warnings; one call per line. */
uint32_t vsk_table_note_count(const struct vsk_table_layout *layout);
void vsk_table_note(const struct vsk_table_layout *layout, uint32_t index, struct vs_text *ret_text);

#endif
