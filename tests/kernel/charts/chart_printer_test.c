/* SPDX-License-Identifier: Apache-2.0
 * Both printers draw the same model: domains, ticks and marks of the specification and of the SVG are those of the
 * chart. Whether Vega draws it so is checked by tests/charts. */
#include "tests/support/chart_samples.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct vs_memory memory;
static struct vs_arena arena;
static struct sample sample;
static struct vs_text svg;
static struct vs_error err;

static void setup(void) {
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 256 << 20);
  vs_text_init(&svg, &memory, 0);
  sample.arena = &arena;
}
static void teardown(void) {
  vs_text_release(&svg);
  vs_arena_release(&arena);
}
TestSuite(charts_printer, .init = setup, .fini = teardown);

static struct vsk_chart *chart_of(size_t index) {
  vs_arena_reset(&arena);
  struct vsk_chart_input input = chart_case_input(&chart_cases[index], &sample, &arena);
  struct vsk_chart *chart = NULL;
  cr_assert_eq(vsk_chart_choose(&input, &arena, &chart, &err), VS_OK, "%s", err.message);
  vs_text_clear(&svg);
  if (chart->panel_count) vsk_chart_svg(chart, &(struct vsk_svg_style){false, "cell1"}, &svg);
  return chart;
}

static uint32_t occurrences(const char *text, const char *what) {
  uint32_t count = 0;
  for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
    count++;
  return count;
}

static uint32_t series_runs(const struct vsk_layer *layer) {
  uint32_t runs = 0;
  for (uint32_t i = 0; i < layer->point_count; i++)
    runs += i == 0 || layer->points[i].series != layer->points[i - 1].series;
  return runs;
}

/* Marks of one kind in the whole model, as the SVG draws them: a line is one path. */
static uint32_t model_marks(const struct vsk_chart *chart, vsk_mark mark) {
  uint32_t count = 0;
  for (uint32_t p = 0; p < chart->panel_count; p++)
    for (uint32_t l = 0; l < chart->panels[p].layer_count; l++) {
      const struct vsk_layer *layer = &chart->panels[p].layers[l];
      if (layer->mark == mark)
        count += mark == VSK_MARK_LINE || mark == VSK_MARK_AREA ? series_runs(layer) : layer->point_count;
    }
  return count;
}

Test(charts_printer, the_svg_draws_every_mark_of_the_model) {
  for (size_t i = 0; i < VS_COUNT_OF(chart_cases); i++) {
    const struct vsk_chart *chart = chart_of(i);
    if (!chart->panel_count) continue;
    const char *name = chart_cases[i].name;
    cr_assert_eq(occurrences(svg.data, "class=\"m-bar\""), model_marks(chart, VSK_MARK_BAR), "%s", name);
    cr_assert_eq(occurrences(svg.data, "class=\"m-rect\""), model_marks(chart, VSK_MARK_RECT), "%s", name);
    cr_assert_eq(occurrences(svg.data, "class=\"m-point\""), model_marks(chart, VSK_MARK_POINT), "%s", name);
    cr_assert_eq(occurrences(svg.data, "class=\"m-candle\""), model_marks(chart, VSK_MARK_CANDLE), "%s", name);
    cr_assert_eq(occurrences(svg.data, "class=\"m-text\""), model_marks(chart, VSK_MARK_TEXT), "%s", name);
    cr_assert_eq(occurrences(svg.data, "class=\"m-rule\""), model_marks(chart, VSK_MARK_RULE), "%s", name);
    cr_assert_eq(occurrences(svg.data, "class=\"m-line\""),
                 model_marks(chart, VSK_MARK_LINE) + model_marks(chart, VSK_MARK_AREA), "%s", name);
    cr_assert_eq(occurrences(svg.data, "NaN") + occurrences(svg.data, "nan") + occurrences(svg.data, "inf\""), 0, "%s",
                 name);
  }
}

static json_t *panel_spec(json_t *spec, const struct vsk_chart *chart, uint32_t panel) {
  return chart->panel_count == 1 ? spec : json_array_get(json_object_get(spec, "vconcat"), panel);
}

static void check_axis(const struct vsk_axis *axis, const json_t *channel, const char *name) {
  json_t *domain = json_object_get(json_object_get(channel, "scale"), "domain");
  json_t *values = json_object_get(json_object_get(channel, "axis"), "values");
  if (axis->kind == VSK_AXIS_BAND) {
    cr_assert_eq(json_array_size(domain), axis->tick_count, "%s", name);
    return;
  }
  cr_assert_float_eq(json_number_value(json_array_get(domain, 0)), axis->low, fabs(axis->low) * 1e-9 + 1e-12, "%s",
                     name);
  cr_assert_float_eq(json_number_value(json_array_get(domain, 1)), axis->high, fabs(axis->high) * 1e-9 + 1e-12, "%s",
                     name);
  cr_assert_eq(json_array_size(values), axis->tick_count, "%s", name);
  for (uint32_t i = 0; i < axis->tick_count; i++) {
    char quoted[80];
    cr_assert_float_eq(json_number_value(json_array_get(values, i)), axis->ticks[i].value,
                       fabs(axis->ticks[i].value) * 1e-9 + 1e-12);
    (void)snprintf(quoted, sizeof quoted, "\"%.*s\"", VS_STR_ARG(axis->ticks[i].label));
    cr_assert(strstr(json_string_value(json_object_get(json_object_get(channel, "axis"), "labelExpr")), quoted),
              "%s %s", name, quoted);
    (void)snprintf(quoted, sizeof quoted, ">%.*s</text>", VS_STR_ARG(axis->ticks[i].label));
    cr_assert(strstr(svg.data, quoted), "%s %s", name, quoted);
  }
}

Test(charts_printer, the_specification_has_the_models_domains_ticks_and_points) {
  for (size_t i = 0; i < VS_COUNT_OF(chart_cases); i++) {
    const struct vsk_chart *chart = chart_of(i);
    if (!chart->panel_count) continue;
    json_t *spec = vsk_chart_vegalite(chart);
    cr_assert_not_null(spec);
    for (uint32_t p = 0; p < chart->panel_count; p++) {
      const struct vsk_panel *panel = &chart->panels[p];
      json_t *layers = json_object_get(panel_spec(spec, chart, p), "layer"), *first = json_array_get(layers, 0);
      size_t candles = panel->layers[0].mark == VSK_MARK_CANDLE;
      cr_assert_eq(json_array_size(json_object_get(json_object_get(json_array_get(layers, candles), "data"), "values")),
                   panel->layers[0].point_count);
      if (panel->x.kind == VSK_AXIS_NONE) continue;
      check_axis(&panel->x, json_object_get(json_object_get(first, "encoding"), "x"), chart_cases[i].name);
      check_axis(&panel->y, json_object_get(json_object_get(first, "encoding"), "y"), chart_cases[i].name);
    }
    json_decref(spec);
  }
}

Test(charts_printer, the_specification_leaves_width_theme_and_names_alone) {
  for (size_t i = 0; i < VS_COUNT_OF(chart_cases); i++) {
    const struct vsk_chart *chart = chart_of(i);
    if (!chart->panel_count) continue;
    json_t *spec = vsk_chart_vegalite(chart);
    char *text = json_dumps(spec, 0);
    cr_assert_null(strstr(text, "\"container\""));
    cr_assert_null(json_object_get(spec, "background"));
    cr_assert_null(strstr(text, "labelColor"));
    cr_assert_null(strstr(text, "\"field\": \"avg_price\""));
    cr_assert_str_eq(json_string_value(json_object_get(spec, "$schema")),
                     "https://vega.github.io/schema/vega-lite/v5.json");
    free(text);
    json_decref(spec);
  }
}

Test(charts_printer, the_panel_is_white_and_the_frame_follows_the_theme) {
  const struct vsk_chart *chart = chart_of(7);
  cr_assert(strstr(svg.data, "xmlns=\"http://www.w3.org/2000/svg\""));
  cr_assert(strstr(svg.data, "viewBox=\"0 0 640 "));
  cr_assert(strstr(svg.data, "<title id=\"cell1-title\">"));
  cr_assert(strstr(svg.data, "fill=\"#ffffff\""));
  cr_assert_null(strstr(svg.data, "currentColor"));
  vs_text_clear(&svg);
  vsk_chart_svg(chart, &(struct vsk_svg_style){true, "cell2"}, &svg);
  cr_assert(strstr(svg.data, "currentColor"));
  cr_assert_null(strstr(svg.data, "#ffffff"));
  cr_assert_null(strstr(svg.data, "cell1"));
}

Test(charts_printer, ids_are_prefixed_per_output) {
  for (size_t i = 0; i < VS_COUNT_OF(chart_cases); i++) {
    if (!chart_of(i)->panel_count) continue;
    cr_assert_eq(occurrences(svg.data, " id=\""), occurrences(svg.data, " id=\"cell1-"));
    cr_assert_eq(occurrences(svg.data, "url(#"), occurrences(svg.data, "url(#cell1-"));
  }
}

Test(charts_printer, hostile_names_and_values_are_escaped) {
  static const char *const names[] = {"</svg><script>alert(1)</script>", "a\"b'c&d\\e", "]][\"+datum.constructor+\"",
                                      "x\xFFy"};
  sample_init(&sample, &arena, 8);
  sample_key(&sample, "<b>key</b>", VS_ROLE_KEY, names, 4, 1);
  double *values = sample_measure(&sample, "a.b[c]\"+alert(1)+\"", VS_MEASURE_RATIO);
  for (uint32_t i = 0; i < 8; i++)
    values[i] = i;
  sample_windows(&sample, SAMPLE_HOUR, 4);
  struct vsk_chart_input input = sample_input(&sample, true);
  struct vsk_chart *chart = NULL;
  cr_assert_eq(vsk_chart_choose(&input, &arena, &chart, &err), VS_OK);
  json_t *data = NULL;
  cr_assert_eq(vsk_chart_bundle(chart, "x", &memory, &data, &err), VS_OK, "%s", err.message);
  const char *drawn = json_string_value(json_object_get(data, "image/svg+xml"));
  cr_assert_null(strstr(drawn, "<script"));
  cr_assert_null(strstr(drawn, "<b>"));
  json_t *layers = json_object_get(json_object_get(data, "application/vnd.vegalite.v5+json"), "layer");
  json_t *axis = json_object_get(json_object_get(json_object_get(json_array_get(layers, 0), "encoding"), "y"), "axis");
  cr_assert_null(strstr(json_string_value(json_object_get(axis, "labelExpr")), "alert"));
  json_decref(data);
}

Test(charts_printer, a_final_chart_has_three_types_and_never_html) {
  json_t *data = NULL;
  cr_assert_eq(vsk_chart_bundle(chart_of(7), "x", &memory, &data, &err), VS_OK);
  cr_assert_eq(json_object_size(data), 3);
  cr_assert(json_object_get(data, "application/vnd.vegalite.v5+json") && json_object_get(data, "image/svg+xml") &&
            json_object_get(data, "text/plain"));
  json_decref(data);
}

Test(charts_printer, a_live_frame_is_html_beside_plain) {
  json_t *data = NULL;
  cr_assert_eq(vsk_chart_frame(chart_of(7), "x", VS_STR("LIVE <1>"), &memory, &data, &err), VS_OK);
  cr_assert_eq(json_object_size(data), 2);
  const char *html = json_string_value(json_object_get(data, "text/html"));
  cr_assert(strstr(html, "LIVE &lt;1&gt;") && strstr(html, "<svg"));
  json_decref(data);
}

Test(charts_printer, no_chart_is_a_reason_in_plain_text) {
  json_t *data = NULL;
  cr_assert_eq(vsk_chart_bundle(chart_of(VS_COUNT_OF(chart_cases) - 1), "x", &memory, &data, &err), VS_OK);
  cr_assert_eq(json_object_size(data), 1);
  cr_assert(strstr(json_string_value(json_object_get(data, "text/plain")), "row 22"));
  json_decref(data);
}

Test(charts_printer, text_ends_with_the_reason) {
  vs_text_clear(&svg);
  vsk_chart_text(chart_of(19), &svg);
  cr_assert(strstr(svg.data, "DASH"), "%s", svg.data);
  cr_assert(strstr(svg.data, "(bar; row 15: "));
}

Test(charts_printer, explain_names_roles_row_and_reason) {
  vs_text_clear(&svg);
  const struct vsk_chart *chart = chart_of(7);
  vs_text_clear(&svg);
  vsk_chart_explain(chart, &svg);
  cr_assert(strstr(svg.data, "row 7: ") && strstr(svg.data, "key: symbol (5)") &&
                strstr(svg.data, "alert: volatility > 1 %"),
            "%s", svg.data);
}
