/* SPDX-License-Identifier: Apache-2.0
 * The HTML printer. `tex2jax_ignore` (MathJax 2, nbconvert, JupyterLab) and `mathjax_ignore` (MathJax 3) keep clients
 * from reading "$10 and $20" as a formula. */
#include "engine/types/type.h"
#include "kernel/display/table_layout.h"

enum { PROGRESS_WIDTH = 640 }; /* as wide as a chart */

#define DIM "opacity:0.65"
#define ALERT_COLOR "#e5484d"
/* Light enough over white and dark alike; an rgba colour needs no knowledge of the theme. */
#define ALERT_ROW " style=\"background-color:rgba(229,72,77,0.14)\""

static const char *align_of(const struct vsk_table_layout *layout, uint32_t column) {
  return vsk_table_is_right(layout, column) ? "right" : "left";
}

static void put_head(const struct vsk_table_layout *layout, struct vs_text *text) {
  vs_text_puts(text, layout->table->has_alerts ? "<thead><tr><th></th>" : "<thead><tr>");
  for (uint32_t i = 0; i < layout->column_count; i++) {
    uint32_t source = layout->columns[i];
    char name[32];
    const char *type = source == VSK_WINDOW_COLUMN ? "window bounds, end excluded"
                                                   : vs_type_print(layout->table->schema->fields[source].type, name);
    vs_text_printf(text, "<th title=\"%s\" style=\"text-align:%s%s\">", type, align_of(layout, i),
                   source == VSK_WINDOW_COLUMN ? ";" DIM : "");
    vs_text_html(text, vsk_table_name(layout, i));
    vs_text_puts(text, "</th>");
  }
  vs_text_puts(text, "</tr></thead>");
}

static void put_cell(const struct vsk_table_layout *layout, uint32_t column, struct vsk_table_row row,
                     struct vs_text *scratch, struct vs_text *text) {
  vs_text_clear(scratch);
  vsk_table_cell(layout, column, row, VSK_TABLE_CELL, scratch);
  bool is_window = layout->columns[column] == VSK_WINDOW_COLUMN;
  vs_text_printf(text, "<td style=\"text-align:%s%s\"", align_of(layout, column),
                 is_window ? ";white-space:nowrap" : "");
  size_t shown = scratch->size;
  if (vsk_table_is_rounded(layout, column, row, scratch)) vs_text_printf(text, " title=\"%s\"", scratch->data + shown);
  vs_text_put(text, '>');
  bool is_null = vsk_table_is_null(layout, column, row);
  if (is_null)
    vs_text_puts(text, "<em style=\"" DIM "\">");
  else if (is_window)
    vs_text_puts(text, "<span style=\"" DIM "\">");
  vs_text_html(text, (struct vs_str){scratch->data, shown});
  vs_text_puts(text, is_null ? "</em>" : is_window ? "</span>" : "");
  vs_text_puts(text, "</td>");
}

static void put_dot(const struct vsk_table *table, int alert, struct vs_text *text) {
  vs_text_puts(text, "<span style=\"color:" ALERT_COLOR "\" title=\"");
  bool has_label = table->alert_labels && (uint32_t)alert < table->alert_count && table->alert_labels[alert];
  vs_text_html(text, has_label ? vs_str_of(table->alert_labels[alert]) : VS_STR("alert"));
  vs_text_puts(text, "\">\u25CF</span>");
}

/* The dot has a narrow column of its own, so that values stay aligned. */
static void put_row(const struct vsk_table_layout *layout, struct vsk_table_row row, struct vs_text *scratch,
                    struct vs_text *text) {
  int alert = vsk_table_alert(layout, row);
  vs_text_printf(text, "<tr%s>", alert >= 0 ? ALERT_ROW : "");
  if (layout->table->has_alerts) {
    vs_text_puts(text, "<td style=\"padding-right:0\">");
    if (alert >= 0) put_dot(layout->table, alert, text);
    vs_text_puts(text, "</td>");
  }
  for (uint32_t i = 0; i < layout->column_count; i++)
    put_cell(layout, i, row, scratch, text);
  vs_text_puts(text, "</tr>\n");
}

static void put_span_row(const struct vsk_table_layout *layout, struct vs_str words, struct vs_text *text) {
  vs_text_printf(text, "<tr><td colspan=\"%u\" style=\"text-align:center;" DIM "\">",
                 layout->column_count + layout->table->has_alerts);
  vs_text_html(text, words);
  vs_text_puts(text, "</td></tr>\n");
}

static void put_gap(const struct vsk_table_layout *layout, struct vs_text *scratch, struct vs_text *text) {
  vs_text_clear(scratch);
  vsk_table_gap(layout, scratch);
  put_span_row(layout, vs_text_view(scratch), text);
}

/* A row is written aside first: only a whole row that fits is added. Returns the number of rows written. */
static uint32_t put_rows(const struct vsk_table_layout *layout, size_t limit, struct vs_text *scratch,
                         struct vs_text *text) {
  struct vs_text line;
  vs_text_init(&line, text->memory, 0);
  uint32_t row = 0, count = vsk_table_row_count(layout);
  for (; row < count; row++) {
    vs_text_clear(&line);
    if (row == layout->head_rows && layout->gap_rows) put_gap(layout, scratch, &line);
    put_row(layout, vsk_table_row_at(layout, row), scratch, &line);
    if (text->size + line.size > limit) break;
    vs_text_str(text, vs_text_view(&line));
  }
  vs_text_release(&line);
  return row;
}

static void put_body(const struct vsk_table_layout *layout, size_t limit, struct vs_text *scratch,
                     struct vs_text *text) {
  vs_text_puts(text, "<tbody>\n");
  uint32_t count = vsk_table_row_count(layout), written = put_rows(layout, limit, scratch, text);
  if (written < count) {
    vs_text_clear(scratch);
    vsk_table_cut_note(count - written, scratch);
    put_span_row(layout, vs_text_view(scratch), text);
  } else if (layout->gap_rows && !layout->tail_rows) {
    put_gap(layout, scratch, text);
  }
  vs_text_puts(text, "</tbody></table>\n");
}

static void put_live(const struct vsk_table *table, struct vs_text *scratch, struct vs_text *text) {
  vs_text_clear(scratch);
  if (table->has_line_above && table->progress <= 0) return;
  vsk_table_live_line(table, scratch);
  if (table->has_line_above) {
    vs_text_printf(text, "<div><progress value=\"%.3f\" max=\"1\" style=\"width:%dpx\"></progress></div>\n",
                   VS_MIN(table->progress, 1), PROGRESS_WIDTH);
    return;
  }
  vs_text_puts(text, "<div><span style=\"color:#1a9e6f\">\u25CF</span> <b>LIVE</b>");
  struct vs_str line = vs_text_view(scratch);
  vs_text_html(text, (struct vs_str){line.data + 4, line.size - 4});
  if (table->progress > 0)
    vs_text_printf(text, " <progress value=\"%.3f\" max=\"1\" style=\"vertical-align:middle\"></progress>",
                   VS_MIN(table->progress, 1));
  vs_text_puts(text, "</div>\n");
}

static void put_line(struct vs_str line, struct vs_text *text) {
  if (!line.size) return;
  vs_text_puts(text, "<div style=\"font-size:90%;" DIM "\">");
  vs_text_html(text, line);
  vs_text_puts(text, "</div>\n");
}

static void put_above(const struct vsk_table *table, struct vs_text *text) {
  put_line(vs_str_of(table->label), text);
  if (table->is_list) put_line(vs_str_of(table->note), text);
}

static void put_below(const struct vsk_table_layout *layout, struct vs_text *scratch, struct vs_text *text) {
  const struct vsk_table *table = layout->table;
  if (!table->is_list) {
    put_line(vs_str_of(table->note), text);
    vs_text_clear(scratch);
    vsk_table_footer(table, scratch);
    put_line(vs_text_view(scratch), text);
  }
  for (uint32_t i = 0; i < vsk_table_note_count(layout); i++) {
    vs_text_clear(scratch);
    vsk_table_note(layout, i, scratch);
    put_line(vs_text_view(scratch), text);
  }
}

void vsk_table_html(const struct vsk_table *table, size_t limit_bytes, struct vs_text *ret_text) {
  struct vsk_table_layout layout;
  vsk_table_layout_init(&layout, table);
  struct vs_text scratch;
  vs_text_init(&scratch, ret_text->memory, 0);
  size_t limit = ret_text->size + limit_bytes;
  vs_text_puts(ret_text, "<div class=\"velo-table tex2jax_ignore mathjax_ignore\" style=\"overflow-x:auto\">\n");
  put_above(table, ret_text);
  if (table->is_live) put_live(table, &scratch, ret_text);
  vs_text_puts(ret_text, "<table>");
  put_head(&layout, ret_text);
  put_body(&layout, limit, &scratch, ret_text);
  put_below(&layout, &scratch, ret_text);
  vs_text_puts(ret_text, "</div>");
  vs_text_release(&scratch);
}

vs_status vsk_table_bundle(const struct vsk_table *table, struct vs_memory *memory, json_t **ret_data,
                           struct vs_error *err) {
  struct vs_text html, plain;
  vs_text_init(&html, memory, 0);
  vs_text_init(&plain, memory, 0);
  /* Some room is kept for what stands below the rows: footer, notes and warnings. */
  vsk_table_html(table, VSK_OUTPUT_BYTES * 5 / 8, &html);
  vsk_table_text(table, VSK_OUTPUT_BYTES * 1 / 4, &plain);
  vs_status status = html.is_failed || plain.is_failed
                         ? vs_fail_memory(err)
                         : vsk_bundle_html(vs_text_view(&html), vs_text_view(&plain), ret_data, err);
  vs_text_release(&html);
  vs_text_release(&plain);
  return status;
}
