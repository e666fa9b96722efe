/* SPDX-License-Identifier: Apache-2.0
 * Row 1: what a user asks for, and the errors when the result cannot give it. */
#include "tests/support/chart_samples.h"

#include <criterion/criterion.h>

static struct vs_memory memory;
static struct vs_arena arena;
static struct sample sample;
static struct vs_error err;

static void setup(void) {
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 64 << 20);
  sample.arena = &arena;
}
static void teardown(void) {
  vs_arena_release(&arena);
}
TestSuite(charts_hint, .init = setup, .fini = teardown);

static vs_status ask(bool (*fill)(struct sample *), struct vsk_chart_hint hint, struct vsk_chart **ret_chart) {
  bool has_aggregate = fill(&sample);
  struct vsk_chart_input input = sample_input(&sample, has_aggregate);
  input.hint = hint;
  return vsk_chart_choose(&input, &arena, ret_chart, &err);
}

Test(charts_hint, a_mark_is_drawn_as_asked) {
  struct vsk_chart *chart = NULL;
  cr_assert_eq(ask(shape_key_sums, (struct vsk_chart_hint){.mark = VS_STR("line")}, &chart), VS_OK);
  cr_assert_eq(chart->rule, 1);
  cr_assert_eq(chart->panels[0].layers[0].mark, VSK_MARK_LINE);
}

Test(charts_hint, table_means_no_chart) {
  struct vsk_chart *chart = NULL;
  cr_assert_eq(ask(shape_key_sums, (struct vsk_chart_hint){.mark = VS_STR("TABLE")}, &chart), VS_OK);
  cr_assert_eq(chart->panel_count, 0);
}

Test(charts_hint, a_missing_role_is_named) {
  struct vsk_chart *chart = NULL;
  cr_assert_eq(ask(shape_key_bars, (struct vsk_chart_hint){.mark = VS_STR("candlestick")}, &chart), VS_USAGE);
  cr_assert_eq(err.code, VS_CODE_NO_CHART);
  cr_assert(strstr(err.message, "open, high, low and close"), "%s", err.message);
  cr_assert(strstr(err.hint, "key: symbol (2)"), "%s", err.hint);
}

Test(charts_hint, an_unknown_mark_suggests_the_nearest) {
  struct vsk_chart *chart = NULL;
  cr_assert_eq(ask(shape_key_bars, (struct vsk_chart_hint){.mark = VS_STR("heatmp")}, &chart), VS_USAGE);
  cr_assert_eq(err.code, VS_CODE_BAD_OPTION);
  cr_assert(strstr(err.hint, "heatmap"), "%s", err.hint);
}

Test(charts_hint, an_unknown_column_suggests_the_nearest) {
  struct vsk_chart *chart = NULL;
  cr_assert_eq(ask(shape_key_bars, (struct vsk_chart_hint){.y = VS_STR("alertz")}, &chart), VS_USAGE);
  cr_assert(strstr(err.hint, "alerts"), "%s", err.hint);
}

Test(charts_hint, y_chooses_the_measure) {
  struct vsk_chart *chart = NULL;
  cr_assert_eq(ask(shape_measure_panels, (struct vsk_chart_hint){.y = VS_STR("volume")}, &chart), VS_OK);
  cr_assert_eq(chart->rule, 15);
  cr_assert(vs_str_equal(chart->panels[0].x.title, VS_STR("volume")));
}

Test(charts_hint, a_title_replaces_ours) {
  struct vsk_chart *chart = NULL;
  cr_assert_eq(ask(shape_key_bars, (struct vsk_chart_hint){.title = VS_STR("Who rang?")}, &chart), VS_OK);
  cr_assert(vs_str_equal(chart->title, VS_STR("Who rang?")));
}

Test(charts_hint, an_empty_result_is_no_error_whatever_is_asked) {
  struct vsk_chart *chart = NULL;
  cr_assert_eq(ask(shape_empty, (struct vsk_chart_hint){.mark = VS_STR("line")}, &chart), VS_OK);
  cr_assert_eq(chart->rule, 2);
}

Test(charts_hint, every_mark_on_every_shape_draws_or_says_why) {
  for (size_t i = 0; i < VS_COUNT_OF(chart_cases); i++)
    for (size_t m = 0; vsk_chart_mark_names[m]; m++) {
      vs_arena_reset(&arena);
      struct vsk_chart *chart = NULL;
      struct vsk_chart_hint hint = {.mark = vs_str_of(vsk_chart_mark_names[m])};
      vs_status status = ask(chart_cases[i].fill, hint, &chart);
      cr_assert(status == VS_OK || err.code == VS_CODE_NO_CHART, "%s as %s: %s", chart_cases[i].name,
                vsk_chart_mark_names[m], err.message);
      if (status != VS_OK) continue;
      json_t *data = NULL;
      cr_assert_eq(vsk_chart_bundle(chart, "x", &memory, &data, &err), VS_OK);
      json_decref(data);
    }
}
