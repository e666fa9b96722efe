/* SPDX-License-Identifier: Apache-2.0
 * The figures below and above a table. Separators are middle dots; a figure that says nothing is left out. */
#include "kernel/display/figure.h"
#include "kernel/display/table.h"

static void separate(size_t begin, struct vs_text *text) {
  if (text->size > begin) vs_text_puts(text, " \u00B7 ");
}

static void put_figure(size_t begin, uint64_t count, const char *noun, bool has_plural, struct vs_text *text) {
  separate(begin, text);
  if (has_plural) {
    vsk_print_plural(count, noun, text);
  } else {
    vsk_print_count(count, text);
    vs_text_printf(text, " %s", noun);
  }
}

/* Within the first millisecond a rate is noise. */
static void put_rate(size_t begin, const struct vsk_table *table, struct vs_text *text) {
  if (!table->has_timing || table->elapsed_us < 1000 || !table->rows_in) return;
  separate(begin, text);
  vsk_print_compact((double)table->rows_in * 1e6 / (double)table->elapsed_us, text);
  vs_text_puts(text, " rows/s");
}

static void put_elapsed(size_t begin, const struct vsk_table *table, struct vs_text *text) {
  if (!table->has_timing) return;
  separate(begin, text);
  vsk_print_duration(table->elapsed_us, text);
}

static void put_rows(const struct vsk_table *table, struct vs_text *text) {
  vsk_print_plural(table->folded_rows, "row", text);
  if (table->is_keyed && table->emitted_rows != table->folded_rows) {
    vs_text_puts(text, " from ");
    vsk_print_plural(table->emitted_rows, "change", text);
  }
  if (table->rows_in && table->rows_in != table->folded_rows && table->rows_in != table->emitted_rows) {
    vs_text_puts(text, table->is_keyed && table->emitted_rows != table->folded_rows ? ", " : " from ");
    vsk_print_count(table->rows_in, text);
    vs_text_puts(text, " read");
  }
}

void vsk_table_footer(const struct vsk_table *table, struct vs_text *ret_text) {
  size_t begin = ret_text->size;
  put_rows(table, ret_text);
  if (table->has_alerts) put_figure(begin, table->alerts, "alert", true, ret_text);
  if (table->has_event_time || table->late) put_figure(begin, table->late, "late", false, ret_text);
  if (table->failed) put_figure(begin, table->failed, "failed", false, ret_text);
  if (table->division_by_zero) {
    put_figure(begin, table->division_by_zero, "division", true, ret_text);
    vs_text_puts(ret_text, " by zero gave NULL");
  }
  if (table->is_live) return; /* the line above says the rest */
  put_rate(begin, table, ret_text);
  put_elapsed(begin, table, ret_text);
}

void vsk_table_live_line(const struct vsk_table *table, struct vs_text *ret_text) {
  size_t begin = ret_text->size;
  vs_text_puts(ret_text, "LIVE");
  put_rate(begin, table, ret_text);
  put_figure(begin, table->rows_in ? table->rows_in : table->emitted_rows, "row", true, ret_text);
  put_elapsed(begin, table, ret_text);
}
