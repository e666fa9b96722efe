/* SPDX-License-Identifier: Apache-2.0
 * Sums per window: bars of the newest window over a small history (row 9), or a bar per window (row 10). */
#include "kernel/charts/chart_build.h"

#include <math.h>
#include <stdlib.h>

struct bar {
  uint32_t series;
  double value;
};

static int by_size(const void *left, const void *right) {
  const struct bar *a = left, *b = right;
  if (a->value != b->value) return a->value > b->value ? -1 : 1;
  return a->series < b->series ? -1 : a->series > b->series;
}

static double newest(const struct vsk_shape *shape) {
  return shape->instants[shape->instant_count - 1];
}

static uint32_t sum_newest(struct vsk_build *build, const uint32_t *series_of, struct bar *bars) {
  const struct vsk_shape *shape = build->shape;
  double sums[VSK_CHART_SERIES + 1];
  for (uint32_t i = 0; i < build->chart->series_count; i++)
    sums[i] = NAN;
  for (uint32_t i = 0; i < shape->row_count; i++)
    if (shape->times[i] == newest(shape) && !isnan(shape->measures[0].values[i]))
      sums[series_of[i]] = (isnan(sums[series_of[i]]) ? 0 : sums[series_of[i]]) + shape->measures[0].values[i];
  uint32_t count = 0;
  for (uint32_t i = 0; i < build->chart->series_count; i++)
    if (!isnan(sums[i])) bars[count++] = (struct bar){i, sums[i]};
  qsort(bars, count, sizeof *bars, by_size);
  return count;
}

static struct vs_str newest_title(struct vsk_build *build) {
  const struct vsk_shape *shape = build->shape;
  struct vs_str end = vsk_time_label(newest(shape), build->arena);
  for (uint32_t i = 0; shape->starts && i < shape->row_count; i++)
    if (shape->times[i] == newest(shape)) {
      struct vs_str start = vsk_time_label(shape->starts[i], build->arena);
      /* The end of the same day needs no date: "2018-01-25 11:00 to 12:00". */
      size_t same = start.size > 11 && end.size > 11 && memcmp(start.data, end.data, 11) == 0 ? 11 : 0;
      return vs_str_of(vs_arena_printf(build->arena, "newest window: %.*s to %.*s UTC", VS_STR_ARG(start),
                                       (int)(end.size - same), end.data + same));
    }
  return vs_str_of(vs_arena_printf(build->arena, "newest: %.*s UTC", VS_STR_ARG(end)));
}

static vs_status add_bars(struct vsk_build *build, struct vsk_panel *panel, const struct bar *bars, uint32_t count,
                          struct vs_error *err) {
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_BAR, count);
  struct vsk_layer *text = vsk_build_layer(build, panel, VSK_MARK_TEXT, count);
  if (!layer || !text) return vs_fail_memory(err);
  text->size = 11, text->anchor = VSK_ANCHOR_START, text->gap = 5;
  for (uint32_t i = 0; i < count; i++) {
    struct vsk_point bar = vsk_point_at(bars[i].value, i);
    bar.x2 = 0;
    bar.series = bars[i].series;
    bar.rgb = build->chart->series[bar.series].rgb;
    vsk_build_add(layer, bar);
    bar.x = fmax(bars[i].value, 0);
    bar.label = vsk_number_label(bars[i].value, false, build->arena);
    bar.rgb = VSK_GREY_RGB;
    vsk_build_add(text, bar);
  }
  return VS_OK;
}

static vs_status build_bars(struct vsk_build *build, const uint32_t *series_of, struct vs_error *err) {
  struct bar bars[VSK_CHART_SERIES + 1];
  struct vs_str names[VSK_CHART_SERIES + 1];
  uint32_t count = sum_newest(build, series_of, bars);
  double low = 0, high = 0;
  for (uint32_t i = 0; i < count; i++) {
    names[i] = build->chart->series[bars[i].series].name;
    low = fmin(low, bars[i].value), high = fmax(high, bars[i].value);
  }
  struct vsk_panel *panel = vsk_build_panel(build, fmax(48, 25.0 * count));
  panel->title = newest_title(build);
  panel->x.title = build->shape->measures[0].name;
  if (!vsk_axis_number(&panel->x, low, high, 5, false, build->arena) ||
      !vsk_axis_band(&panel->y, names, count, build->arena))
    return vs_fail_memory(err);
  return add_bars(build, panel, bars, count, err);
}

static vs_status build_history(struct vsk_build *build, const uint32_t *series_of, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  struct vsk_panel *panel = vsk_build_panel(build, 130);
  panel->title = VS_STR("history");
  VS_TRY(
      vsk_build_line_layer(build, panel, VSK_MARK_LINE, series_of, shape->measures[0].values, VSK_CHART_POINTS, err));
  double low = 0, high = 0;
  for (uint32_t i = 0; i < panel->layers[0].point_count; i++)
    low = fmin(low, panel->layers[0].points[i].y), high = fmax(high, panel->layers[0].points[i].y);
  panel->layers[0].size = 1.6;
  panel->y.title = shape->measures[0].name;
  if (!vsk_axis_number(&panel->y, low, high, 3, false, build->arena)) return vs_fail_memory(err);
  VS_TRY(vsk_build_time_axis(build, panel, shape->instants[0], newest(shape), err));
  return vsk_build_line_labels(build, panel, err);
}

vs_status vsk_build_newest(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  uint32_t *series_of;
  VS_TRY(vsk_build_title(build, shape->measures[0].name, shape->keys[0].name, err));
  VS_TRY(vsk_build_key_series(build, &shape->keys[0], &shape->measures[0], &series_of, err));
  VS_TRY(build_bars(build, series_of, err));
  if (shape->instant_count >= 3) return build_history(build, series_of, err);
  struct vsk_panel *alone = &build->chart->panels[0]; /* one panel has no title beside the chart's */
  struct vs_str words = alone->title;
  alone->title = (struct vs_str){0};
  return vsk_build_subtitle(build, err, "%.*s", VS_STR_ARG(words));
}

/* ---- one bar per window ---- */
/* A bar fills its window but for a gap; without bounds it fills nine tenths of the smallest step between instants. */
static void place_bar(const struct vsk_shape *shape, uint32_t row, double step, struct vsk_point *bar) {
  bool has_bounds = shape->starts && shape->ends && !isnan(shape->starts[row]) && !isnan(shape->ends[row]);
  double begin = has_bounds ? shape->starts[row] : shape->times[row];
  double end = has_bounds ? shape->ends[row] : begin + step;
  bar->x = begin + (end - begin) * 0.08;
  bar->x2 = end - (end - begin) * 0.08;
}

static double smallest_step(const struct vsk_shape *shape) {
  double step = INFINITY;
  for (uint32_t i = 1; i < shape->instant_count; i++)
    step = fmin(step, shape->instants[i] - shape->instants[i - 1]);
  return isfinite(step) ? step : 1000;
}

vs_status vsk_build_time_bars(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  const double *values = shape->measures[0].values;
  VS_TRY(vsk_build_title(build, shape->measures[0].name, (struct vs_str){0}, err));
  struct vsk_panel *panel = vsk_build_panel(build, 240);
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_BAR, shape->row_count);
  if (!layer) return vs_fail_memory(err);
  double low = 0, high = 0, begin = INFINITY, end = -INFINITY, step = smallest_step(shape);
  for (uint32_t i = 0; i < shape->row_count; i++) {
    struct vsk_point bar = vsk_point_at(0, values[i]);
    place_bar(shape, i, step, &bar);
    if (isnan(values[i]) || isnan(bar.x)) continue;
    bar.y2 = 0;
    low = fmin(low, values[i]), high = fmax(high, values[i]);
    begin = fmin(begin, bar.x), end = fmax(end, bar.x2);
    vsk_build_add(layer, bar);
  }
  panel->y.title = shape->measures[0].name;
  if (!vsk_axis_number(&panel->y, low, high, 5, false, build->arena)) return vs_fail_memory(err);
  return vsk_build_time_axis(build, panel, isfinite(begin) ? begin : 0, isfinite(end) ? end : 1, err);
}
