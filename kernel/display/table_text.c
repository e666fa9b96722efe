/* SPDX-License-Identifier: Apache-2.0
 * The text printer: columns padded by display width, two passes so that nothing is kept but widths. */
#include "engine/base/utf8.h"
#include "kernel/display/table_layout.h"

static void put_repeated(struct vs_text *text, const char *what, size_t count) {
  while (count--)
    vs_text_puts(text, what);
}

static size_t width_of(struct vs_str text) {
  return vs_utf8_width(text.data, text.size);
}

static void measure(const struct vsk_table_layout *layout, struct vs_text *scratch, size_t *ret_widths) {
  uint32_t rows = vsk_table_row_count(layout);
  for (uint32_t i = 0; i < layout->column_count; i++) {
    ret_widths[i] = width_of(vsk_table_name(layout, i));
    for (uint32_t row = 0; row < rows; row++) {
      vs_text_clear(scratch);
      vsk_table_cell(layout, i, vsk_table_row_at(layout, row), VSK_TABLE_CELL_TEXT, scratch);
      ret_widths[i] = VS_MAX(ret_widths[i], width_of(vs_text_view(scratch)));
    }
  }
}

static void put_padded(struct vs_str words, size_t width, bool is_right, bool is_last, struct vs_text *text) {
  size_t used = width_of(words), padding = width > used ? width - used : 0;
  if (is_right) put_repeated(text, " ", padding);
  vs_text_str(text, words);
  if (!is_right && !is_last) put_repeated(text, " ", padding);
}

static void put_head(const struct vsk_table_layout *layout, const size_t *widths, struct vs_text *text) {
  const char *indent = layout->table->has_alerts ? "  " : "";
  vs_text_puts(text, indent);
  for (uint32_t i = 0; i < layout->column_count; i++) {
    bool is_last = i + 1 == layout->column_count;
    put_padded(vsk_table_name(layout, i), widths[i], vsk_table_is_right(layout, i), is_last, text);
    vs_text_puts(text, is_last ? "\n" : "  ");
  }
  vs_text_puts(text, indent);
  for (uint32_t i = 0; i < layout->column_count; i++) {
    put_repeated(text, "\u2500", widths[i]);
    vs_text_puts(text, i + 1 == layout->column_count ? "\n" : "  ");
  }
}

static void put_row(const struct vsk_table_layout *layout, struct vsk_table_row row, const size_t *widths,
                    struct vs_text *scratch, struct vs_text *text) {
  if (layout->table->has_alerts) vs_text_puts(text, vsk_table_alert(layout, row) >= 0 ? "! " : "  ");
  for (uint32_t i = 0; i < layout->column_count; i++) {
    bool is_last = i + 1 == layout->column_count;
    vs_text_clear(scratch);
    vsk_table_cell(layout, i, row, VSK_TABLE_CELL_TEXT, scratch);
    put_padded(vs_text_view(scratch), widths[i], vsk_table_is_right(layout, i), is_last, text);
    vs_text_puts(text, is_last ? "\n" : "  ");
  }
}

static void put_gap(const struct vsk_table_layout *layout, struct vs_text *text) {
  vsk_table_gap(layout, text);
  vs_text_put(text, '\n');
}

static void put_rows(const struct vsk_table_layout *layout, const size_t *widths, size_t limit, struct vs_text *scratch,
                     struct vs_text *text) {
  uint32_t count = vsk_table_row_count(layout);
  size_t row_bytes = 16;
  for (uint32_t i = 0; i < layout->column_count; i++)
    row_bytes += 4 * widths[i] + 2;
  for (uint32_t row = 0; row < count; row++) {
    if (text->size + row_bytes > limit) {
      vsk_table_cut_note(count - row, text);
      vs_text_put(text, '\n');
      return;
    }
    if (row == layout->head_rows && layout->gap_rows) put_gap(layout, text);
    put_row(layout, vsk_table_row_at(layout, row), widths, scratch, text);
  }
  if (layout->gap_rows && !layout->tail_rows) put_gap(layout, text);
}

static void put_line(struct vs_str line, struct vs_text *text) {
  if (!line.size) return;
  vs_text_str(text, line);
  vs_text_put(text, '\n');
}

static void put_below(const struct vsk_table_layout *layout, struct vs_text *scratch, struct vs_text *text) {
  if (!layout->table->is_list) {
    put_line(vs_str_of(layout->table->note), text);
    vsk_table_footer(layout->table, text);
    vs_text_put(text, '\n');
  }
  for (uint32_t i = 0; i < vsk_table_note_count(layout); i++) {
    vs_text_clear(scratch);
    vsk_table_note(layout, i, scratch);
    put_line(vs_text_view(scratch), text);
  }
}

void vsk_table_text(const struct vsk_table *table, size_t limit_bytes, struct vs_text *ret_text) {
  struct vsk_table_layout layout;
  vsk_table_layout_init(&layout, table);
  struct vs_text scratch;
  vs_text_init(&scratch, ret_text->memory, 0);
  size_t widths[VSK_TABLE_COLUMNS + 1], limit = ret_text->size + limit_bytes;
  measure(&layout, &scratch, widths);
  put_line(vs_str_of(table->label), ret_text);
  if (table->is_list) put_line(vs_str_of(table->note), ret_text);
  if (table->is_live) {
    vsk_table_live_line(table, ret_text);
    vs_text_put(ret_text, '\n');
  }
  put_head(&layout, widths, ret_text);
  put_rows(&layout, widths, limit, &scratch, ret_text);
  put_below(&layout, &scratch, ret_text);
  while (ret_text->size && ret_text->data[ret_text->size - 1] == '\n')
    ret_text->data[--ret_text->size] = '\0';
  vs_text_release(&scratch);
}
