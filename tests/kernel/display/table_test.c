/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/display/table.h"

#include <criterion/criterion.h>

enum { COLUMNS = 6 };
static struct vs_memory memory;
static struct vs_arena arena;
static struct vs_text text;
static struct vs_field fields[COLUMNS];
static struct vs_schema schema;

static void setup(void) {
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 64 << 20);
  vs_text_init(&text, &memory, 0);
  fields[0] = (struct vs_field){.name = VS_STR("symbol"), .type = VS_TYPE(STRING), .role = VS_ROLE_KEY};
  fields[1] = (struct vs_field){.name = VS_STR("price"), .type = vs_type_decimal(18, 8), .role = VS_ROLE_MEASURE};
  fields[2] = (struct vs_field){.name = VS_STR("seen"), .type = VS_TYPE(TIMESTAMP)};
  fields[3] = (struct vs_field){
      .name = VS_STR("_window_start"), .type = VS_TYPE(TIMESTAMP_MS), .is_hidden = true, .role = VS_ROLE_WINDOW_START};
  fields[4] = (struct vs_field){
      .name = VS_STR("_window_end"), .type = VS_TYPE(TIMESTAMP_MS), .is_hidden = true, .role = VS_ROLE_WINDOW_END};
  fields[5] =
      (struct vs_field){.name = VS_STR("_alert"), .type = VS_TYPE(BOOLEAN), .is_hidden = true, .role = VS_ROLE_ALERT};
  schema = (struct vs_schema){fields, COLUMNS, 3};
}
static void teardown(void) {
  vs_text_release(&text);
  vs_arena_release(&arena);
}
TestSuite(display_table, .init = setup, .fini = teardown);

/* Row i: symbol text, price i + 0.5, seen at noon plus i seconds, one hour's window from hour i, alert on even rows. */
static struct vs_batch batch_of(uint32_t first, uint32_t count, const char *symbol) {
  struct vs_batch batch;
  cr_assert_eq(vs_batch_init(&batch, &schema, count, &arena, NULL), VS_OK);
  batch.row_count = batch.selected_count = count;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t row = first + i;
    ((struct vs_string *)batch.columns[0].data)[i] = vs_string_of(symbol, strlen(symbol));
    ((int64_t *)batch.columns[1].data)[i] = row * INT64_C(100000000) + 50000000;
    ((int64_t *)batch.columns[2].data)[i] = INT64_C(1516795200000000) + row * INT64_C(1000000);
    ((int64_t *)batch.columns[3].data)[i] = INT64_C(1516795200000) + row * INT64_C(3600000);
    ((int64_t *)batch.columns[4].data)[i] = INT64_C(1516795200000) + (row + 1) * INT64_C(3600000);
    ((uint8_t *)batch.columns[5].data)[i] = row % 2 == 0;
  }
  return batch;
}

static uint32_t occurrences(const char *what) {
  uint32_t count = 0;
  for (const char *at = text.data; (at = strstr(at, what)); at += strlen(what))
    count++;
  return count;
}

static void print_html(const struct vsk_table *table) {
  vs_text_clear(&text);
  vsk_table_html(table, VSK_OUTPUT_BYTES, &text);
}

Test(display_table, values_are_escaped) {
  struct vs_batch batch = batch_of(0, 1, "<script>alert(\"1\")</script>&");
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 1});
  cr_assert_null(strstr(text.data, "<script"));
  cr_assert(strstr(text.data, "&lt;script&gt;"));
}

Test(display_table, column_names_are_escaped) {
  fields[0].name = VS_STR("<img src=x onerror=alert(1)>");
  struct vs_batch batch = batch_of(0, 1, "a");
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 1});
  cr_assert_null(strstr(text.data, "<img"));
}

Test(display_table, numbers_stand_right_and_text_left) {
  struct vs_batch batch = batch_of(0, 1, "ADA");
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 1});
  cr_assert(strstr(text.data, "<td style=\"text-align:right\">0.5</td>"), "%s", text.data);
  cr_assert(strstr(text.data, "<td style=\"text-align:left\">ADA</td>"));
  cr_assert(strstr(text.data, "<th title=\"DECIMAL(18,8)\" style=\"text-align:right\">price</th>"));
}

Test(display_table, hidden_bounds_become_a_window_column) {
  struct vs_batch batch = batch_of(0, 2, "ADA");
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 2});
  cr_assert(strstr(text.data, ">12:00-13:00<"), "%s", text.data);
  cr_assert_null(strstr(text.data, "_window_start"));
}

Test(display_table, windows_of_several_days_name_the_date) {
  struct vs_batch batch = batch_of(0, 14, "ADA");
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 14});
  cr_assert(strstr(text.data, ">2018-01-24 12:00-13:00<"), "%s", text.data);
}

Test(display_table, whole_seconds_lose_their_fraction) {
  struct vs_batch batch = batch_of(0, 1, "ADA");
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 1});
  cr_assert(strstr(text.data, ">2018-01-24 12:00:00<"), "%s", text.data);
  ((int64_t *)batch.columns[2].data)[0] += 5000;
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 1});
  cr_assert(strstr(text.data, ">2018-01-24 12:00:00.005<"), "%s", text.data);
}

Test(display_table, null_is_dim_and_italic) {
  struct vs_batch batch = batch_of(0, 1, "ADA");
  vs_bit_clear(vs_vector_validity(&batch.columns[1], 1, &arena), 0);
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 1});
  cr_assert(strstr(text.data, "<em style=\"opacity:0.65\">NULL</em>"), "%s", text.data);
}

Test(display_table, a_gap_row_says_how_many_are_left_out) {
  struct vs_batch head = batch_of(0, 20, "ADA"), tail = batch_of(115, 5, "XLM");
  print_html(&(struct vsk_table){.schema = &schema, .head = &head, .tail = &tail, .folded_rows = 120});
  cr_assert(strstr(text.data, "\u2026 95 rows left out \u2026"), "%s", text.data);
  cr_assert_eq(occurrences("<tr"), 1 + 20 + 1 + 5);
}

Test(display_table, head_and_tail_that_overlap_show_each_row_once) {
  struct vs_batch head = batch_of(0, 20, "ADA"), tail = batch_of(17, 5, "XLM");
  print_html(&(struct vsk_table){.schema = &schema, .head = &head, .tail = &tail, .folded_rows = 22});
  cr_assert_eq(occurrences("<tr"), 1 + 22);
  cr_assert_eq(occurrences("XLM"), 2);
  cr_assert_null(strstr(text.data, "left out"));
}

Test(display_table, rows_that_ring_are_marked) {
  struct vs_batch batch = batch_of(0, 3, "ADA");
  const char *labels[] = {"volatility > 1 %"};
  print_html(&(struct vsk_table){.schema = &schema,
                                 .head = &batch,
                                 .folded_rows = 3,
                                 .has_alerts = true,
                                 .alerts = 2,
                                 .alert_labels = labels,
                                 .alert_count = 1});
  cr_assert_eq(occurrences("\u25CF"), 2);
  cr_assert(strstr(text.data, "title=\"volatility &gt; 1 %\""));
  cr_assert(strstr(text.data, "3 rows \u00B7 2 alerts"));
}

Test(display_table, the_footer_says_what_happened) {
  struct vsk_table table = {.schema = &schema,
                            .folded_rows = 26,
                            .emitted_rows = 9999,
                            .rows_in = 9999,
                            .is_keyed = true,
                            .has_alerts = true,
                            .alerts = 11,
                            .has_event_time = true,
                            .has_timing = true,
                            .elapsed_us = 800000};
  vsk_table_footer(&table, &text);
  cr_assert_str_eq(text.data,
                   "26 rows from 9,999 changes \u00B7 11 alerts \u00B7 0 late \u00B7 12.5 K rows/s \u00B7 0.8 s");
}

Test(display_table, the_virtual_clock_leaves_timing_out) {
  struct vsk_table table = {
      .schema = &schema, .folded_rows = 1, .rows_in = 7, .failed = 2, .division_by_zero = 3, .elapsed_us = 800000};
  vsk_table_footer(&table, &text);
  cr_assert_str_eq(text.data, "1 row from 7 read \u00B7 2 failed \u00B7 3 divisions by zero gave NULL");
}

Test(display_table, the_live_line_leads) {
  struct vs_batch batch = batch_of(0, 1, "ADA");
  struct vsk_table table = {.schema = &schema,
                            .head = &batch,
                            .folded_rows = 1,
                            .rows_in = 50000,
                            .is_live = true,
                            .has_timing = true,
                            .elapsed_us = 4000000,
                            .progress = 0.25};
  vsk_table_live_line(&table, &text);
  cr_assert_str_eq(text.data, "LIVE \u00B7 12.5 K rows/s \u00B7 50,000 rows \u00B7 4.0 s");
  print_html(&table);
  cr_assert(strstr(text.data, "<b>LIVE</b>"));
  cr_assert(strstr(text.data, "<progress value=\"0.250\""));
}

Test(display_table, formulas_are_not_typeset) {
  struct vs_batch batch = batch_of(0, 1, "$10 and $20");
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 1});
  cr_assert(strstr(text.data, "tex2jax_ignore mathjax_ignore"));
}

Test(display_table, long_values_are_cut_at_a_character) {
  char value[1200];
  for (int i = 0; i < 400; i++)
    memcpy(value + 3 * i, "\u20AC", 3);
  value[1199] = '\0';
  value[1197] = '\0';
  struct vs_batch batch = batch_of(0, 1, value);
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 1});
  cr_assert_eq(occurrences("\u20AC"), VSK_TABLE_CELL - 1);
  cr_assert(strstr(text.data, "\u20AC\u2026</td>"));
}

Test(display_table, rows_over_the_limit_are_left_out_with_a_note) {
  struct vs_batch batch = batch_of(0, 2000, "ADA");
  struct vsk_table table = {.schema = &schema, .head = &batch, .folded_rows = 2000};
  vsk_table_html(&table, 20000, &text);
  cr_assert_leq(text.size, 22000);
  cr_assert(strstr(text.data, "(VELO-5003)"), "%s", text.data + text.size - 500);
  vs_text_clear(&text);
  vsk_table_text(&table, 20000, &text);
  cr_assert(strstr(text.data, "(VELO-5003)"));
}

Test(display_table, the_bundle_of_many_rows_fits_one_output) {
  struct vs_batch batch = batch_of(0, 20000, "ADA");
  struct vsk_table table = {.schema = &schema, .head = &batch, .folded_rows = 20000};
  json_t *data = NULL;
  cr_assert_eq(vsk_table_bundle(&table, &memory, &data, NULL), VS_OK);
  json_decref(data);
}

Test(display_table, text_aligns_by_display_width) {
  struct vs_batch batch = batch_of(1, 1, "\u65E5\u672C");
  fields[3].is_hidden = fields[4].is_hidden = true;
  schema.shown_count = 3;
  vsk_table_text(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 1}, VSK_OUTPUT_BYTES, &text);
  cr_assert_str_eq(text.data,
                   "window       symbol  price  seen\n"
                   "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500  "
                   "\u2500\u2500\u2500\u2500\u2500\u2500  \u2500\u2500\u2500\u2500\u2500  "
                   "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
                   "\u2500\u2500\u2500\n"
                   "13:00-14:00  \u65E5\u672C      1.5  2018-01-24 12:00:01\n"
                   "1 row",
                   "%s", text.data);
}

Test(display_table, control_characters_do_not_break_a_line) {
  struct vs_batch batch = batch_of(0, 1, "a\nb\x1b[31m");
  vsk_table_text(&(struct vsk_table){.schema = &schema, .head = &batch, .is_list = true}, VSK_OUTPUT_BYTES, &text);
  cr_assert_eq(occurrences("\n"), 2);
  cr_assert_null(strchr(text.data, '\x1b'));
}

Test(display_table, a_list_has_no_footer) {
  struct vs_batch batch = batch_of(0, 3, "ADA");
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .is_list = true});
  cr_assert_null(strstr(text.data, "3 rows"));
}

Test(display_table, bounds_warnings_and_notes_stand_below) {
  struct vs_batch batch = batch_of(0, 1, "ADA");
  const char *warnings[] = {"result _1 is <partial>"};
  print_html(&(struct vsk_table){.schema = &schema,
                                 .head = &batch,
                                 .folded_rows = 1,
                                 .bound = "stopped at 10,000 rows",
                                 .open_windows = 2,
                                 .dropped_rows = 5,
                                 .note = "note",
                                 .warnings = warnings,
                                 .warning_count = 1});
  cr_assert(strstr(text.data, "stopped at 10,000 rows"));
  cr_assert(strstr(text.data, "2 windows still open"));
  cr_assert(strstr(text.data, "5 older rows no longer kept"));
  cr_assert(strstr(text.data, "warning: result _1 is &lt;partial&gt;"));
}

Test(display_table, a_selection_is_respected) {
  struct vs_batch batch = batch_of(0, 4, "ADA");
  const uint16_t selection[] = {1, 3};
  batch.selection = selection, batch.selected_count = 2;
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 2});
  cr_assert(strstr(text.data, ">1.5<") && strstr(text.data, ">3.5<") && !strstr(text.data, ">0.5<"));
}

Test(display_table, decimals_of_a_column_are_padded_to_one_point) {
  struct vs_batch batch = batch_of(0, 2, "ADA");
  ((int64_t *)batch.columns[1].data)[0] = 5204;
  ((int64_t *)batch.columns[1].data)[1] = 968200000000;
  print_html(&(struct vsk_table){.schema = &schema, .head = &batch, .folded_rows = 2});
  cr_assert(strstr(text.data, ">0.00005204<") && strstr(text.data, ">9682.00000000<"), "%s", text.data);
}

static void print_floats(const double *values, uint32_t count) {
  struct vs_field field = {.name = VS_STR("v"), .type = VS_TYPE(FLOAT)};
  const struct vs_schema floats = {&field, 1, 1};
  struct vs_batch batch;
  cr_assert_eq(vs_batch_init(&batch, &floats, count, &arena, NULL), VS_OK);
  batch.row_count = batch.selected_count = count;
  memcpy(batch.columns[0].data, values, sizeof *values * count);
  print_html(&(struct vsk_table){.schema = &floats, .head = &batch, .folded_rows = count});
}

Test(display_table, floats_are_rounded_for_the_eye_and_exact_on_hover) {
  print_floats((const double[]){0.012666289823166752, 0.5, 0.0018039720030888825}, 3);
  cr_assert(strstr(text.data, " title=\"0.012666289823166752\">0.012666<"), "%s", text.data);
  cr_assert(strstr(text.data, "<td style=\"text-align:right\">0.500000<"), "%s", text.data);
  cr_assert(strstr(text.data, ">0.001804<"), "%s", text.data);
}

Test(display_table, floats_that_need_few_decimals_show_few) {
  print_floats((const double[]){1, 2.5, -3}, 3);
  cr_assert(strstr(text.data, ">1.0<") && strstr(text.data, ">2.5<") && strstr(text.data, ">-3.0<"), "%s", text.data);
}

Test(display_table, floats_of_far_magnitudes_stay_as_they_are) {
  print_floats((const double[]){1e-12, 2.5e9}, 2);
  cr_assert(strstr(text.data, "1e-12<") && strstr(text.data, ">2500000000"), "%s", text.data);
}

Test(display_table, failed_rows_say_why) {
  struct vs_batch batch = batch_of(0, 1, "ADA");
  const struct vs_row_error samples[] = {{.row = 17, .message = "row 17: 'abc' cannot be converted to INTEGER"},
                                         {.row = 3, .message = "line 3: 1 field, the other rows have 2"}};
  print_html(&(struct vsk_table){.schema = &schema,
                                 .head = &batch,
                                 .folded_rows = 1,
                                 .failed = 6898,
                                 .failed_samples = samples,
                                 .failed_sample_count = 2});
  cr_assert(strstr(text.data, ">failed: row 17: 'abc' cannot be converted to INTEGER<") ||
                strstr(text.data, ">failed: row 17: &#39;abc&#39; cannot be converted to INTEGER<"),
            "%s", text.data);
  cr_assert(strstr(text.data, ">failed: line 3: 1 field, the other rows have 2<"), "%s", text.data);
  cr_assert(strstr(text.data, ">failed: 6,896 more rows<"), "%s", text.data);
}

Test(display_table, a_note_among_the_warnings_is_no_warning) {
  struct vs_batch batch = batch_of(0, 1, "ADA");
  const char *warnings[] = {"note: metric m: gauge of price"};
  print_html(&(struct vsk_table){
      .schema = &schema, .head = &batch, .folded_rows = 1, .warnings = warnings, .warning_count = 1});
  cr_assert(strstr(text.data, ">metric m: gauge of price<"), "%s", text.data);
}

Test(display_table, label_and_note_of_a_list_stand_above) {
  struct vs_batch batch = batch_of(0, 1, "ADA");
  print_html(
      &(struct vsk_table){.schema = &schema, .head = &batch, .is_list = true, .label = "[2/3]", .note = "stream s"});
  const char *label = strstr(text.data, "[2/3]"), *note = strstr(text.data, "stream s"),
             *table = strstr(text.data, "<table");
  cr_assert(label && note && table && label < note && note < table, "%s", text.data);
}

Test(display_table, a_live_footer_does_not_repeat_the_line_above) {
  struct vsk_table table = {.schema = &schema,
                            .folded_rows = 2,
                            .emitted_rows = 90,
                            .is_keyed = true,
                            .is_live = true,
                            .rows_in = 90,
                            .has_timing = true,
                            .elapsed_us = 900000};
  vs_text_clear(&text);
  vsk_table_footer(&table, &text);
  cr_assert_str_eq(text.data, "2 rows from 90 changes");
}

Test(display_table, under_a_live_chart_only_the_progress_is_drawn) {
  struct vs_batch batch = batch_of(0, 1, "ADA");
  print_html(&(struct vsk_table){
      .schema = &schema, .head = &batch, .folded_rows = 1, .is_live = true, .has_line_above = true, .progress = 0.25});
  cr_assert_null(strstr(text.data, "LIVE"));
  cr_assert(strstr(text.data, "<progress value=\"0.250\""), "%s", text.data);
}
