/* SPDX-License-Identifier: Apache-2.0
 * A table of text for a terminal: one line of names, one of dashes, numbers right and text left. */
#include "engine/base/utf8.h"
#include "engine/cli/cli.h"
#include "engine/types/time.h"

struct cell {
  uint32_t offset, size, width; /* in the text of all cells */
};

struct printing {
  const struct vs_batch *batch;
  struct vs_arena arena;
  struct vs_text cells;
  struct cell *grid; /* rows x columns; row 0 is the header */
  uint32_t *widths;
  uint32_t rows, columns;       /* columns: those shown, and the window in front when its bounds are hidden */
  int window_start, window_end; /* hidden columns; -1: none */
};

static uint32_t row_number(const struct vs_batch *batch, uint32_t index) {
  return batch->selection ? batch->selection[index] : index;
}

/* A line break or a tab would tear the table apart. */
static void put_visible(struct vs_text *text, struct vs_str value) {
  for (size_t i = 0; i < value.size; i++) {
    char c = value.data[i];
    const char *escape = c == '\n' ? "\\n" : c == '\t' ? "\\t" : c == '\r' ? "\\r" : NULL;
    if (escape)
      vs_text_puts(text, escape);
    else
      vs_text_put(text, (unsigned char)c < 0x20 || c == 0x7f ? '?' : c);
  }
}

static void add_cell(struct printing *printing, uint32_t row, uint32_t column, struct vs_str value) {
  struct cell *cell = &printing->grid[(size_t)row * printing->columns + column];
  cell->offset = (uint32_t)printing->cells.size;
  put_visible(&printing->cells, value);
  cell->size = (uint32_t)printing->cells.size - cell->offset;
  cell->width = (uint32_t)vs_utf8_width(printing->cells.data + cell->offset, cell->size);
  printing->widths[column] = VS_MAX(printing->widths[column], cell->width);
}

static void add_value(struct printing *printing, uint32_t row, uint32_t column, uint32_t from,
                      struct vs_text *scratch) {
  const struct vs_vector *vector = &printing->batch->columns[from];
  vs_text_clear(scratch);
  if (vector->encoding == VS_VECTOR_FLAT && vector->type.id == VS_TYPE_STRING &&
      !vs_vector_is_null(vector, row_number(printing->batch, row - 1))) {
    /* An inline string lives in the vector; no value copy is needed to print it. */
    vs_text_str(scratch,
                vs_string_view(&((const struct vs_string *)vector->data)[row_number(printing->batch, row - 1)]));
  } else {
    struct vs_value value = vs_value_get(vector, row_number(printing->batch, row - 1));
    vs_value_print(&value, VS_STYLE_TABLE, scratch);
  }
  add_cell(printing, row, column, vs_text_view(scratch));
}

/* "2026-01-01 09:00:00" without the fraction when it has none. */
static void put_time(struct vs_text *text, int64_t ms) {
  char time[32];
  size_t size = vs_timestamp_print(ms * 1000, time);
  bool is_whole = size > 4 && memcmp(time + size - 4, ".000", 4) == 0;
  vs_text_append(text, time, is_whole ? size - 4 : size);
}

static void add_window(struct printing *printing, uint32_t row, struct vs_text *scratch) {
  const struct vs_vector *columns = printing->batch->columns;
  uint32_t from = row_number(printing->batch, row - 1);
  struct vs_value start = vs_value_get(&columns[printing->window_start], from);
  struct vs_value end = vs_value_get(&columns[printing->window_end], from);
  vs_text_clear(scratch);
  if (!start.is_null && !end.is_null) {
    put_time(scratch, start.as.integer);
    vs_text_puts(scratch, " to ");
    put_time(scratch, end.as.integer);
  }
  add_cell(printing, row, 0, vs_text_view(scratch));
}

static void fill_window(struct printing *printing, bool has_header, struct vs_text *scratch) {
  if (has_header) add_cell(printing, 0, 0, VS_STR("window"));
  for (uint32_t row = 1; row <= printing->rows; row++)
    add_window(printing, row, scratch);
}

static bool fill(struct printing *printing, bool has_header) {
  struct vs_text scratch;
  uint32_t first = printing->window_start >= 0;
  size_t cells = (size_t)(printing->rows + 1) * printing->columns;
  printing->grid = VS_ARENA_ARRAY(&printing->arena, struct cell, cells + 1);
  printing->widths = VS_ARENA_ARRAY(&printing->arena, uint32_t, printing->columns + 1);
  if (!printing->grid || !printing->widths) return false;
  vs_text_init(&scratch, printing->arena.memory, (size_t)16 << 20);
  if (first) fill_window(printing, has_header, &scratch);
  for (uint32_t column = first; column < printing->columns; column++) {
    if (has_header) add_cell(printing, 0, column, printing->batch->schema->fields[column - first].name);
    for (uint32_t row = 1; row <= printing->rows; row++)
      add_value(printing, row, column, column - first, &scratch);
  }
  vs_text_release(&scratch);
  return true;
}

static void put_spaces(struct vs_text *text, uint32_t count) {
  while (count--)
    vs_text_put(text, ' ');
}

static bool is_right(const struct printing *printing, uint32_t column) {
  uint32_t first = printing->window_start >= 0;
  if (column < first) return false;
  struct vs_type type = printing->batch->schema->fields[column - first].type;
  return vs_type_is_numeric(type) && type.id != VS_TYPE_TIMESTAMP_MS;
}

static void print_row(const struct printing *printing, uint32_t row, struct vs_text *text) {
  for (uint32_t column = 0; column < printing->columns; column++) {
    const struct cell *cell = &printing->grid[(size_t)row * printing->columns + column];
    uint32_t padding = printing->widths[column] - cell->width;
    bool is_last = column + 1 == printing->columns;
    vs_text_puts(text, column ? "  " : "");
    if (is_right(printing, column)) put_spaces(text, padding);
    vs_text_append(text, printing->cells.data + cell->offset, cell->size);
    if (!is_right(printing, column) && !is_last) put_spaces(text, padding);
  }
  vs_text_put(text, '\n');
}

static void print_line(const struct printing *printing, struct vs_text *text) {
  for (uint32_t column = 0; column < printing->columns; column++) {
    vs_text_puts(text, column ? "  " : "");
    for (uint32_t i = 0; i < printing->widths[column]; i++)
      vs_text_put(text, '-');
  }
  vs_text_put(text, '\n');
}

static void find_window(struct printing *printing) {
  const struct vs_schema *schema = printing->batch->schema;
  int start = vs_schema_find_role(schema, VS_ROLE_WINDOW_START), end = vs_schema_find_role(schema, VS_ROLE_WINDOW_END);
  bool are_hidden = start >= (int)schema->shown_count && end >= (int)schema->shown_count;
  printing->window_start = are_hidden ? start : -1;
  printing->window_end = are_hidden ? end : -1;
  printing->columns += are_hidden;
}

void vs_cli_print_table(const struct vs_batch *batch, bool has_header, struct vs_text *ret_text) {
  struct printing printing = {.batch = batch, .rows = batch->selected_count, .columns = batch->schema->shown_count};
  find_window(&printing);
  vs_arena_init(&printing.arena, ret_text->memory, 0);
  vs_text_init(&printing.cells, ret_text->memory, (size_t)1 << 30);
  if (fill(&printing, has_header) && !printing.cells.is_failed) {
    if (has_header) {
      print_row(&printing, 0, ret_text);
      print_line(&printing, ret_text);
    }
    for (uint32_t row = 1; row <= printing.rows; row++)
      print_row(&printing, row, ret_text);
  } else {
    ret_text->is_failed = true;
  }
  vs_text_release(&printing.cells);
  vs_arena_release(&printing.arena);
}
