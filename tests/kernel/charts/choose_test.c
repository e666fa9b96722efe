/* SPDX-License-Identifier: Apache-2.0
 * Which row of the decision table a result meets, and what its model then holds. */
#include "tests/support/chart_samples.h"

#include <criterion/criterion.h>

static struct vs_memory memory;
static struct vs_arena arena;
static struct sample sample;
static struct vs_error err;

static void setup(void) {
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 256 << 20);
  sample.arena = &arena;
}
static void teardown(void) {
  vs_arena_release(&arena);
}
TestSuite(charts_choose, .init = setup, .fini = teardown);

static struct vsk_chart *choose(const struct vsk_chart_input *input) {
  struct vsk_chart *chart = NULL;
  cr_assert_eq(vsk_chart_choose(input, &arena, &chart, &err), VS_OK, "%s", err.message);
  return chart;
}

static struct vsk_chart *choose_shape(bool (*fill)(struct sample *)) {
  bool has_aggregate = fill(&sample);
  struct vsk_chart_input input = sample_input(&sample, has_aggregate);
  return choose(&input);
}

static bool is_str(struct vs_str str, const char *text) {
  return vs_str_equal(str, vs_str_of(text));
}

static const struct vsk_layer *layer_of(const struct vsk_panel *panel, vsk_mark mark) {
  for (uint32_t i = 0; i < panel->layer_count; i++)
    if (panel->layers[i].mark == mark) return &panel->layers[i];
  return NULL;
}

Test(charts_choose, every_sample_meets_its_row_and_mark) {
  for (size_t i = 0; i < VS_COUNT_OF(chart_cases); i++) {
    vs_arena_reset(&arena);
    struct vsk_chart_input input = chart_case_input(&chart_cases[i], &sample, &arena);
    struct vsk_chart *chart = choose(&input);
    cr_assert_eq(chart->rule, chart_cases[i].rule, "%s met row %u", chart_cases[i].name, chart->rule);
    cr_assert_str_eq(chart->mark_name, chart_cases[i].mark, "%s", chart_cases[i].name);
    cr_assert(chart->reason.size > 10);
  }
}

Test(charts_choose, no_rows_name_the_open_windows) {
  bool has_aggregate = shape_empty(&sample);
  struct vsk_chart_input input = sample_input(&sample, has_aggregate);
  input.open_windows = 3;
  struct vsk_chart *chart = choose(&input);
  cr_assert_eq(chart->panel_count, 0);
  cr_assert(strstr(chart->reason.data, "still open"));
}

Test(charts_choose, a_number_that_is_null_is_left_to_the_table) {
  bool has_aggregate = shape_number(&sample);
  uint32_t measure = sample.batch.schema->field_count - 1;
  uint64_t *validity = VS_ARENA_NEW(&arena, uint64_t);
  sample.columns[measure].validity = validity;
  struct vsk_chart_input input = sample_input(&sample, has_aggregate);
  struct vsk_chart *chart = choose(&input);
  cr_assert_eq(chart->panel_count, 0);
  cr_assert_str_eq(chart->mark_name, "none");
  *validity = 1;
  cr_assert_str_eq(choose(&input)->mark_name, "stat");
}

Test(charts_choose, a_key_of_one_value_goes_into_the_title) {
  struct vsk_chart *chart = choose_shape(shape_candles);
  cr_assert(is_str(chart->title, "candles per 30 min, symbol ADA"), "%.*s", VS_STR_ARG(chart->title));
}

Test(charts_choose, candles_are_found_by_aggregates_of_one_input) {
  struct vsk_chart *chart = choose_shape(shape_candles_by_kind);
  const struct vsk_layer *candles = layer_of(&chart->panels[0], VSK_MARK_CANDLE);
  cr_assert_eq(candles->point_count, 63);
  for (uint32_t i = 0; i < candles->point_count; i++) {
    const struct vsk_point *point = &candles->points[i];
    cr_assert(point->high >= fmax(point->y, point->y2) && point->low <= fmin(point->y, point->y2));
    cr_assert_eq(point->rgb, point->y2 >= point->y ? 0x1A9E6Fu : 0xE5484Du);
  }
}

Test(charts_choose, candles_of_several_symbols_are_not_mixed) {
  static const char *const names[] = {"open", "high", "low", "close"};
  sample_init(&sample, &arena, 40);
  sample_key(&sample, "symbol", VS_ROLE_KEY, sample_coins, 2, 1);
  fill_candles(&sample, names, false);
  sample_windows(&sample, SAMPLE_HOUR, 2);
  struct vsk_chart_input input = sample_input(&sample, true);
  cr_assert_neq(choose(&input)->rule, 4);
}

Test(charts_choose, an_alert_marks_its_rows_in_red_over_a_dashed_rule) {
  struct vsk_chart *chart = choose_shape(shape_alert);
  const struct vsk_panel *panel = &chart->panels[0];
  const struct vsk_layer *points = layer_of(panel, VSK_MARK_POINT), *rule = layer_of(panel, VSK_MARK_RULE);
  uint32_t expected = 0;
  const double *values = sample.columns[1].data;
  for (uint32_t i = 0; i < sample.batch.row_count; i++)
    expected += values[i] > 0.01;
  cr_assert(expected > 0);
  cr_assert_eq(points->point_count, expected);
  cr_assert_eq(points->points[0].rgb, 0xE5484Du);
  cr_assert_float_eq(rule->points[0].y, 0.01, 1e-12);
  cr_assert(is_str(layer_of(panel, VSK_MARK_TEXT)->points[0].label, "alert at 1 %"));
  cr_assert(strstr(panel->y.ticks[0].label.data, " %"));
}

Test(charts_choose, a_far_threshold_stays_out_of_the_domain_with_an_arrow) {
  struct vsk_chart *chart = choose_shape(shape_alert_far);
  const struct vsk_panel *panel = &chart->panels[0];
  cr_assert_null(layer_of(panel, VSK_MARK_RULE));
  cr_assert_lt(panel->y.high, 0.05);
  cr_assert(is_str(layer_of(panel, VSK_MARK_TEXT)->points[0].label, "alert at 20 % \u2191"));
}

Test(charts_choose, averages_are_not_forced_to_zero_and_sums_are) {
  cr_assert_gt(choose_shape(shape_key_lines)->panels[0].y.low, 0.05);
  struct vsk_chart *sums = choose_shape(shape_key_sums);
  cr_assert_eq(sums->panels[0].x.low, 0);
  cr_assert_eq(sums->panels[1].y.low, 0);
}

Test(charts_choose, the_newest_window_is_sorted_over_its_history) {
  struct vsk_chart *chart = choose_shape(shape_key_sums);
  cr_assert_eq(chart->panel_count, 2);
  const struct vsk_layer *bars = layer_of(&chart->panels[0], VSK_MARK_BAR);
  cr_assert_eq(bars->point_count, 5);
  for (uint32_t i = 1; i < 5; i++)
    cr_assert(bars->points[i - 1].x >= bars->points[i].x);
  cr_assert(is_str(chart->panels[0].title, "newest window: 2018-01-25 11:00 to 12:00 UTC"));
  cr_assert_eq(layer_of(&chart->panels[1], VSK_MARK_LINE)->point_count, 120);
  cr_assert_eq(chart->series[bars->points[0].series].rgb, bars->points[0].rgb);
}

Test(charts_choose, two_windows_are_no_history) {
  cr_assert_eq(choose_shape(shape_key_sums_short)->panel_count, 1);
}

Test(charts_choose, the_seeds_stage_one_is_a_bar_and_stage_two_a_line) {
  cr_assert_str_eq(choose_shape(shape_sides)->mark_name, "bar");
  cr_assert_str_eq(choose_shape(shape_alert)->mark_name, "line");
}

Test(charts_choose, measures_of_one_unit_share_a_panel_and_others_do_not) {
  struct vsk_chart *same = choose_shape(shape_same_unit);
  cr_assert_eq(same->panel_count, 1);
  cr_assert_eq(same->series_count, 2);
  cr_assert_eq(choose_shape(shape_other_units)->panel_count, 2);
}

Test(charts_choose, beyond_twelve_keys_the_rest_is_one_series) {
  struct vsk_chart *chart = choose_shape(shape_many_keys);
  cr_assert_eq(chart->series_count, 11);
  cr_assert(is_str(chart->series[10].name, "other (mean)"));
  cr_assert(strstr(chart->subtitle.data, "top 10 of 16"));
}

Test(charts_choose, bars_are_sorted_and_cut_at_thirty) {
  struct vsk_chart *chart = choose_shape(shape_airports);
  const struct vsk_layer *bars = layer_of(&chart->panels[0], VSK_MARK_BAR);
  cr_assert_eq(bars->point_count, 30);
  for (uint32_t i = 1; i < 30; i++)
    cr_assert(bars->points[i - 1].x >= bars->points[i].x);
  cr_assert(is_str(chart->subtitle, "the 30 largest of 34"));
}

Test(charts_choose, long_keys_are_cut_and_stay_apart) {
  char one[5000], two[5000];
  memset(one, 'x', sizeof one - 1), memset(two, 'x', sizeof two - 1);
  one[4999] = two[4999] = '\0', two[4998] = 'y';
  const char *names[] = {one, two};
  sample_init(&sample, &arena, 2);
  sample_key(&sample, "path", VS_ROLE_KEY, names, 2, 1);
  double *values = sample_measure(&sample, "hits", VS_MEASURE_ADDITIVE);
  values[0] = 1, values[1] = 2;
  struct vsk_chart_input input = sample_input(&sample, true);
  const struct vsk_axis *bands = &choose(&input)->panels[0].y;
  cr_assert_eq(bands->tick_count, 2);
  cr_assert(bands->ticks[0].label.size < 80 && !vs_str_equal(bands->ticks[0].label, bands->ticks[1].label));
}

Test(charts_choose, months_stand_in_calendar_order_by_name) {
  struct vsk_chart *chart = choose_shape(shape_months);
  cr_assert_eq(chart->panels[0].x.kind, VSK_AXIS_BAND);
  cr_assert(is_str(chart->panels[0].x.ticks[0].label, "Jan"));
  cr_assert(is_str(chart->panels[0].x.ticks[11].label, "Dec"));
}

Test(charts_choose, a_heatmap_has_months_across_and_every_cell) {
  struct vsk_chart *chart = choose_shape(shape_heatmap);
  cr_assert(chart->colors.is_used);
  cr_assert_eq(layer_of(&chart->panels[0], VSK_MARK_RECT)->point_count, 60);
  cr_assert(is_str(chart->panels[0].x.title, "month"));
}

Test(charts_choose, two_short_keys_are_grouped_bars) {
  const struct vsk_layer *bars = layer_of(&choose_shape(shape_groups)->panels[0], VSK_MARK_BAR);
  cr_assert_eq(bars->group_count, 2);
  cr_assert_eq(bars->point_count, 6);
}

Test(charts_choose, many_points_are_binned_and_none_is_lost) {
  const struct vsk_layer *cells = layer_of(&choose_shape(shape_binned)->panels[0], VSK_MARK_RECT);
  double rows = 0;
  for (uint32_t i = 0; i < cells->point_count; i++)
    rows += cells->points[i].value;
  cr_assert_eq(rows, 5000);
}

Test(charts_choose, a_histogram_counts_every_row_once) {
  const struct vsk_layer *bars = layer_of(&choose_shape(shape_histogram)->panels[0], VSK_MARK_BAR);
  double rows = 0;
  for (uint32_t i = 0; i < bars->point_count; i++)
    rows += bars->points[i].y;
  cr_assert_eq(rows, 1000);
}

Test(charts_choose, an_epoch_column_named_like_a_time_is_the_time) {
  struct vsk_chart *chart = choose_shape(shape_raw_lines);
  cr_assert_eq(chart->panels[0].x.kind, VSK_AXIS_TIME);
  cr_assert_float_eq(chart->panels[0].x.low, 1582329602111.0, 1);
}

Test(charts_choose, a_long_line_is_thinned_and_keeps_its_spike) {
  const struct vsk_layer *lines = layer_of(&choose_shape(shape_raw_lines)->panels[0], VSK_MARK_LINE);
  const double *values = sample.columns[2].data;
  double highest = -INFINITY, drawn = -INFINITY;
  for (uint32_t i = 0; i < sample.batch.row_count; i++)
    highest = fmax(highest, values[i]);
  for (uint32_t i = 0; i < lines->point_count; i++)
    drawn = fmax(drawn, lines->points[i].y);
  cr_assert_leq(lines->point_count, VSK_CHART_POINTS);
  cr_assert_eq(drawn, highest);
}

Test(charts_choose, text_beside_raw_measures_splits_no_line_unless_instants_repeat) {
  cr_assert_eq(choose_shape(shape_raw_measures)->panel_count, 2);
  shape_raw_measures(&sample);
  ((int64_t *)sample.columns[0].data)[1] = 15340;
  struct vsk_chart_input input = sample_input(&sample, false);
  cr_assert_eq(choose(&input)->rule, 22);
}

Test(charts_choose, marks_over_windows_say_window_and_lines_the_end) {
  cr_assert(strstr(choose_shape(shape_candles)->panels[0].x.title.data, "window, UTC"));
  cr_assert(strstr(choose_shape(shape_key_lines)->panels[0].x.title.data, "window end, UTC"));
}

Test(charts_choose, an_aggregated_instant_is_a_value_and_no_axis) {
  shape_key_bars(&sample);
  int64_t *seen = sample_column(&sample, "last_seen", VS_TYPE(TIMESTAMP), VS_ROLE_NONE, false);
  sample.fields[2].measure = VS_MEASURE_EXTREME, sample.fields[2].measure_input = 3;
  seen[0] = INT64_C(1516795200000000), seen[1] = INT64_C(1516798800000000);
  struct vsk_chart_input input = sample_input(&sample, true);
  cr_assert_eq(choose(&input)->rule, 15);
}

Test(charts_choose, a_key_of_time_type_is_the_axis) {
  sample_init(&sample, &arena, 30);
  int64_t *days = sample_column(&sample, "day", VS_TYPE(DATE), VS_ROLE_KEY, false);
  double *values = sample_measure(&sample, "avg_delay", VS_MEASURE_RATIO);
  for (uint32_t i = 0; i < 30; i++)
    days[i] = 17000 + i, values[i] = i;
  struct vsk_chart_input input = sample_input(&sample, true);
  struct vsk_chart *chart = choose(&input);
  cr_assert_eq(chart->rule, 10);
  cr_assert_eq(chart->panels[0].x.kind, VSK_AXIS_TIME);
}

Test(charts_choose, fewer_rows_than_the_result_has_are_said) {
  bool has_aggregate = shape_histogram(&sample);
  struct vsk_chart_input input = sample_input(&sample, has_aggregate);
  input.total_rows = 9999;
  cr_assert(strstr(choose(&input)->subtitle.data, "1000 of 9999 rows drawn"));
}

Test(charts_choose, no_null_reaches_a_mark) {
  struct vsk_chart *chart = choose_shape(shape_one_line);
  const struct vsk_layer *line = layer_of(&chart->panels[0], VSK_MARK_LINE);
  uint32_t gaps = 0;
  for (uint32_t i = 0; i < line->point_count; i++)
    gaps += isnan(line->points[i].y) != 0;
  cr_assert_eq(gaps, 1);
}

Test(charts_choose, a_small_arena_is_an_error_and_no_crash) {
  for (size_t limit = 1000; limit < 400000; limit += 7001) {
    struct vs_arena small;
    shape_alert(&sample);
    struct vsk_chart_input input = sample_input(&sample, true);
    vs_arena_init(&small, &memory, limit);
    struct vsk_chart *chart = NULL;
    vs_status status = vsk_chart_choose(&input, &small, &chart, &err);
    cr_assert(status == VS_OK || err.code == VS_CODE_OUT_OF_MEMORY);
    vs_arena_release(&small);
  }
}
