/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/display/table_layout.h"

#include "engine/base/utf8.h"
#include "engine/types/time.h"
#include "engine/types/value.h"
#include "kernel/display/figure.h"

#include <inttypes.h>
#include <stdio.h>

static uint32_t rows_of(const struct vs_batch *batch) {
  if (!batch) return 0;
  return batch->selection ? batch->selected_count : batch->row_count;
}

uint32_t vsk_table_row_count(const struct vsk_table_layout *layout) {
  return layout->head_rows + layout->tail_rows;
}

struct vsk_table_row vsk_table_row_at(const struct vsk_table_layout *layout, uint32_t index) {
  const struct vs_batch *batch = layout->table->head;
  if (index >= layout->head_rows) {
    batch = layout->table->tail;
    index = index - layout->head_rows + layout->tail_skip;
  }
  return (struct vsk_table_row){batch, batch->selection ? batch->selection[index] : index};
}

static void lay_rows(struct vsk_table_layout *layout) {
  const struct vsk_table *table = layout->table;
  uint64_t head = rows_of(table->head), tail = rows_of(table->tail);
  uint64_t folded = table->is_list ? head + tail : VS_MAX(table->folded_rows, head);
  layout->head_rows = (uint32_t)head;
  if (head + tail > folded) layout->tail_skip = (uint32_t)(head + tail - folded);
  layout->tail_rows = (uint32_t)tail - layout->tail_skip;
  layout->gap_rows = folded - head - layout->tail_rows;
}

static bool bound_us(const struct vsk_table_row *row, int column, int64_t *ret_us) {
  const struct vs_vector *vector = &row->batch->columns[column];
  if (!vector->data || vs_vector_is_null(vector, row->row)) return false;
  int64_t value = vs_value_get(vector, row->row).as.integer;
  *ret_us = value;
  return vector->type.id == VS_TYPE_TIMESTAMP || vs_epoch_to_us(value, VS_EPOCH_MILLIS, ret_us);
}

static int64_t day_of(int64_t us) {
  return us >= 0 ? us / VS_US_PER_DAY : -((VS_US_PER_DAY - 1 - us) / VS_US_PER_DAY);
}

/* The date is said once the shown windows do not all lie in one day. */
static bool spans_days(const struct vsk_table_layout *layout) {
  int64_t first = 0;
  for (uint32_t i = 0, seen = 0; i < vsk_table_row_count(layout); i++) {
    struct vsk_table_row row = vsk_table_row_at(layout, i);
    int64_t start, end;
    if (!bound_us(&row, layout->window_start, &start) || !bound_us(&row, layout->window_end, &end)) continue;
    if (!seen++) first = day_of(start);
    if (day_of(start) != first || day_of(end - 1) != first) return true;
  }
  return false;
}

static bool is_instant(struct vs_type type) {
  return type.id == VS_TYPE_TIMESTAMP || type.id == VS_TYPE_TIMESTAMP_MS;
}

static bool scan_fraction(const struct vsk_table_layout *layout, uint32_t column) {
  for (uint32_t i = 0; i < vsk_table_row_count(layout); i++) {
    struct vsk_table_row row = vsk_table_row_at(layout, i);
    int64_t us;
    if (bound_us(&row, (int)column, &us) && us % VS_US_PER_SECOND) return true;
  }
  return false;
}

static int hidden_role(const struct vs_schema *schema, vs_role role) {
  int column = vs_schema_find_role(schema, role);
  return column >= 0 && schema->fields[column].is_hidden ? column : -1;
}

static void lay_columns(struct vsk_table_layout *layout) {
  const struct vs_schema *schema = layout->table->schema;
  layout->window_start = hidden_role(schema, VS_ROLE_WINDOW_START);
  layout->window_end = hidden_role(schema, VS_ROLE_WINDOW_END);
  if (layout->window_start >= 0 && layout->window_end >= 0) layout->columns[layout->column_count++] = VSK_WINDOW_COLUMN;
  for (uint32_t i = 0; i < schema->field_count; i++) {
    if (schema->fields[i].is_hidden) continue;
    if (layout->column_count >= VSK_TABLE_COLUMNS)
      layout->columns_left_out++;
    else
      layout->columns[layout->column_count++] = i;
  }
}

void vsk_table_layout_init(struct vsk_table_layout *layout, const struct vsk_table *table) {
  *layout = (struct vsk_table_layout){.table = table};
  lay_rows(layout);
  lay_columns(layout);
  for (uint32_t i = 0; i < layout->column_count; i++) {
    uint32_t column = layout->columns[i];
    if (column == VSK_WINDOW_COLUMN)
      layout->window_has_date = spans_days(layout);
    else if (is_instant(table->schema->fields[column].type))
      layout->has_fraction[i] = scan_fraction(layout, column);
    layout->decimals[i] = column == VSK_WINDOW_COLUMN ? VSK_AS_IT_IS : vsk_table_decimals(layout, i);
  }
}

bool vsk_table_is_right(const struct vsk_table_layout *layout, uint32_t column) {
  if (layout->columns[column] == VSK_WINDOW_COLUMN) return false;
  struct vs_type type = layout->table->schema->fields[layout->columns[column]].type;
  return vs_type_is_numeric(type) && !is_instant(type);
}

bool vsk_table_is_null(const struct vsk_table_layout *layout, uint32_t column, struct vsk_table_row row) {
  uint32_t source = layout->columns[column];
  if (source == VSK_WINDOW_COLUMN) source = (uint32_t)layout->window_start;
  const struct vs_vector *vector = &row.batch->columns[source];
  return !vector->data || vs_vector_is_null(vector, row.row);
}

struct vs_str vsk_table_name(const struct vsk_table_layout *layout, uint32_t column) {
  uint32_t source = layout->columns[column];
  return source == VSK_WINDOW_COLUMN ? VS_STR("window") : layout->table->schema->fields[source].name;
}

static void print_clock(int64_t us, bool has_date, bool has_seconds, struct vs_text *text) {
  struct vs_civil civil;
  vs_civil_from_us(us, &civil);
  if (has_date) vs_text_printf(text, "%04d-%02u-%02u ", civil.year, civil.month, civil.day);
  vs_text_printf(text, "%02u:%02u", civil.hour, civil.minute);
  if (has_seconds) vs_text_printf(text, ":%02u", civil.second);
  if (has_seconds && civil.microsecond) vs_text_printf(text, ".%03u", civil.microsecond / 1000);
}

/* Whole days read as dates, the end being the last day inside: "2018-01-24", "2018-01-22 - 2018-01-28". */
static void print_days(int64_t start, int64_t end, struct vs_text *text) {
  char date[16];
  vs_text_append(text, date, vs_date_print(day_of(start), date));
  if (day_of(end - 1) == day_of(start)) return;
  vs_text_puts(text, " - ");
  vs_text_append(text, date, vs_date_print(day_of(end - 1), date));
}

static void print_window(const struct vsk_table_layout *layout, struct vsk_table_row row, struct vs_text *text) {
  int64_t start, end;
  if (!bound_us(&row, layout->window_start, &start) || !bound_us(&row, layout->window_end, &end)) {
    vs_text_puts(text, "NULL");
    return;
  }
  if (start % VS_US_PER_DAY == 0 && end % VS_US_PER_DAY == 0 && end > start) {
    print_days(start, end, text);
    return;
  }
  bool has_seconds = start % (60 * VS_US_PER_SECOND) || end % (60 * VS_US_PER_SECOND);
  bool is_long = end - start > VS_US_PER_DAY;
  print_clock(start, layout->window_has_date, has_seconds, text);
  vs_text_puts(text, is_long ? " - " : "-");
  print_clock(end, is_long && layout->window_has_date, has_seconds, text);
}

/* ".000" of every value of a column says nothing; a mixed column keeps it so that the points align. */
static void print_value(const struct vsk_table_layout *layout, uint32_t column, struct vsk_table_row row,
                        struct vs_text *text) {
  const struct vs_vector *vector = &row.batch->columns[layout->columns[column]];
  struct vs_value value = vs_value_get(vector, row.row);
  size_t before = text->size;
  if (layout->decimals[column] >= 0) {
    vsk_table_number(&value, layout->decimals[column], text);
    return;
  }
  vs_value_print(&value, VS_STYLE_TABLE, text);
  if (is_instant(vector->type) && !layout->has_fraction[column] && text->size > before + 4 &&
      memcmp(text->data + text->size - 4, ".000", 4) == 0)
    text->data[text->size -= 4] = '\0';
}

/* One line, no control characters: a value may hold anything and must not break a row or a terminal. */
static void flatten(char *data, size_t size) {
  for (size_t i = 0; i < size; i++)
    if ((unsigned char)data[i] < 0x20 || data[i] == 0x7F) data[i] = ' ';
}

static void cut(struct vs_text *text, size_t begin, size_t characters) {
  if (text->is_failed || text->size - begin <= characters) return;
  size_t kept = vs_utf8_offset(text->data + begin, text->size - begin, characters);
  if (begin + kept >= text->size) return;
  kept = vs_utf8_offset(text->data + begin, text->size - begin, characters - 1);
  text->data[text->size = begin + kept] = '\0';
  vs_text_puts(text, "\u2026");
}

void vsk_table_cell(const struct vsk_table_layout *layout, uint32_t column, struct vsk_table_row row, size_t characters,
                    struct vs_text *ret_text) {
  size_t begin = ret_text->size;
  if (layout->columns[column] == VSK_WINDOW_COLUMN)
    print_window(layout, row, ret_text);
  else if (vsk_table_is_null(layout, column, row))
    vs_text_puts(ret_text, "NULL");
  else
    print_value(layout, column, row, ret_text);
  cut(ret_text, begin, characters);
  if (ret_text->size > begin) flatten(ret_text->data + begin, ret_text->size - begin);
}

int vsk_table_alert(const struct vsk_table_layout *layout, struct vsk_table_row row) {
  const struct vs_schema *schema = layout->table->schema;
  for (uint32_t i = schema->shown_count; i < schema->field_count; i++) {
    const struct vs_vector *vector = &row.batch->columns[i];
    if (schema->fields[i].role == VS_ROLE_ALERT && vector->data && !vs_vector_is_null(vector, row.row) &&
        vs_value_get(vector, row.row).as.boolean)
      return (int)schema->fields[i].alert_index;
  }
  return -1;
}

void vsk_table_gap(const struct vsk_table_layout *layout, struct vs_text *ret_text) {
  vs_text_puts(ret_text, "\u2026 ");
  vsk_print_plural(layout->gap_rows, layout->tail_rows ? "row" : "more row", ret_text);
  vs_text_puts(ret_text, layout->tail_rows ? " left out \u2026" : " \u2026");
}

void vsk_table_cut_note(uint32_t row_count, struct vs_text *ret_text) {
  vsk_print_plural(row_count, "row", ret_text);
  vs_text_puts(ret_text, " not shown: one output holds 2 MiB (VELO-5003)");
}

/* ---- notes ---- */
typedef void note_writer(const struct vsk_table_layout *layout, struct vs_text *text);

static void note_bound(const struct vsk_table_layout *layout, struct vs_text *text) {
  const struct vsk_table *table = layout->table;
  if (!table->bound) return;
  vs_text_puts(text, table->bound);
}

static void note_open(const struct vsk_table_layout *layout, struct vs_text *text) {
  uint64_t open = layout->table->open_windows;
  if (!open) return;
  vsk_print_plural(open, "window", text);
  vs_text_printf(text, " still open and not shown as final");
}

static void note_dropped(const struct vsk_table_layout *layout, struct vs_text *text) {
  uint64_t dropped = layout->table->dropped_rows;
  if (!dropped) return;
  vsk_print_plural(dropped, "older row", text);
  vs_text_puts(text, " no longer kept: the result is partial");
}

static void note_columns(const struct vsk_table_layout *layout, struct vs_text *text) {
  if (!layout->columns_left_out) return;
  vsk_print_plural(layout->columns_left_out, "more column", text);
  vs_text_puts(text, " not shown: name the ones you want");
}

static note_writer *const note_writers[] = {note_bound, note_open, note_dropped, note_columns};

static bool starts_with(const char *text, const char *begin) {
  return strncmp(text, begin, strlen(begin)) == 0;
}

/* "failed: row 17: 'abc' cannot be converted to INTEGER"; the message names the row. */
static void note_failed(const struct vsk_table *table, uint32_t index, struct vs_text *text) {
  if (index == table->failed_sample_count) {
    uint64_t more = table->failed - VS_MIN(table->failed, table->failed_sample_count);
    if (!more) return;
    vs_text_puts(text, "failed: ");
    vsk_print_plural(more, "more row", text);
    return;
  }
  const struct vs_row_error *sample = &table->failed_samples[index];
  vs_text_puts(text, "failed: ");
  vs_text_puts(text, sample->message);
}

static uint32_t failed_lines(const struct vsk_table *table) {
  return table->failed_sample_count ? table->failed_sample_count + 1 : 0;
}

uint32_t vsk_table_note_count(const struct vsk_table_layout *layout) {
  return failed_lines(layout->table) + (uint32_t)VS_COUNT_OF(note_writers) + layout->table->warning_count;
}

void vsk_table_note(const struct vsk_table_layout *layout, uint32_t index, struct vs_text *ret_text) {
  uint32_t failed = failed_lines(layout->table);
  if (index < failed) {
    note_failed(layout->table, index, ret_text);
    return;
  }
  if (index - failed < VS_COUNT_OF(note_writers)) {
    note_writers[index - failed](layout, ret_text);
    return;
  }
  const char *warning = layout->table->warnings[index - failed - VS_COUNT_OF(note_writers)];
  bool is_note = starts_with(warning, "note: ");
  vs_text_puts(ret_text, is_note ? "" : "warning: ");
  vs_text_puts(ret_text, is_note ? warning + strlen("note: ") : warning);
}
