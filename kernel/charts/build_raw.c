/* SPDX-License-Identifier: Apache-2.0
 * Charts of raw rows: scatter and binned scatter (18), histogram (19), points over time. */
#include "kernel/charts/chart_build.h"

#include <math.h>

enum { BINS = 30, GRID_X = 40, GRID_Y = 25 };

static void range_of(const double *values, uint32_t count, double *low, double *high) {
  *low = INFINITY, *high = -INFINITY;
  for (uint32_t i = 0; i < count; i++)
    *low = fmin(*low, values[i]), *high = fmax(*high, values[i]);
  if (*low > *high) *low = 0, *high = 1;
}

/* ---- points ---- */
static const uint32_t *color_series(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_key *key = &build->shape->keys[0];
  if (!build->shape->key_count || key->count > VSK_CHART_SERIES) return NULL;
  if (vsk_build_series(build, key->labels, key->count, err) != VS_OK) return NULL;
  build->chart->has_legend = true;
  build->chart->legend_title = key->name;
  return key->codes;
}

static vs_status add_points(struct vsk_build *build, struct vsk_panel *panel, const double *x, const double *y,
                            struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  const uint32_t *series_of = color_series(build, err);
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_POINT, shape->row_count);
  if (!layer) return vs_fail_memory(err);
  for (uint32_t i = 0; i < shape->row_count; i++) {
    if (isnan(x[i]) || isnan(y[i])) continue;
    struct vsk_point point = vsk_point_at(x[i], y[i]);
    if (series_of) point.series = series_of[i], point.rgb = build->chart->series[point.series].rgb;
    vsk_build_add(layer, point);
  }
  layer->size = layer->point_count > 500 ? 2 : 3;
  layer->opacity = layer->point_count > 500 ? 0.5 : 0.75;
  layer->point_count = vsk_sample_extremes(layer->points, layer->point_count, VSK_CHART_POINTS);
  return VS_OK;
}

/* ---- binned: colour says how many rows lie in a cell ---- */
static uint32_t bin_of(double value, const struct vsk_axis *axis, uint32_t bins) {
  double share = (value - axis->low) / (axis->high - axis->low);
  return (uint32_t)fmin(fmax(floor(share * bins), 0), bins - 1);
}

static vs_status add_bins(struct vsk_build *build, struct vsk_panel *panel, const double *x, const double *y,
                          struct vs_error *err) {
  uint32_t *counts = VS_ARENA_ARRAY(build->arena, uint32_t, GRID_X * GRID_Y);
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_RECT, GRID_X * GRID_Y);
  if (!counts || !layer) return vs_fail_memory(err);
  uint32_t most = 0;
  for (uint32_t i = 0; i < build->shape->row_count; i++) {
    if (isnan(x[i]) || isnan(y[i])) continue;
    uint32_t *count = &counts[bin_of(y[i], &panel->y, GRID_Y) * GRID_X + bin_of(x[i], &panel->x, GRID_X)];
    ++*count;
    most = VS_MAX(most, *count);
  }
  struct vsk_axis axis = {0};
  if (!vsk_axis_number(&axis, 0, most, 5, false, build->arena)) return vs_fail_memory(err);
  build->chart->colors =
      (struct vsk_color_scale){true, axis.low, axis.high, VS_STR("rows"), axis.ticks, axis.tick_count};
  double wide = (panel->x.high - panel->x.low) / GRID_X, high = (panel->y.high - panel->y.low) / GRID_Y;
  for (uint32_t i = 0; i < GRID_X * GRID_Y; i++) {
    if (!counts[i]) continue;
    struct vsk_point cell = vsk_point_at(panel->x.low + i % GRID_X * wide, panel->y.low + i / GRID_X * high);
    cell.x2 = cell.x + wide, cell.y2 = cell.y + high, cell.value = counts[i];
    cell.rgb = vsk_scale_rgb(cell.value / axis.high);
    vsk_build_add(layer, cell);
  }
  return VS_OK;
}

/* The measure a hint names for x, else the first. */
static uint32_t across(const struct vsk_shape *shape) {
  struct vs_str wanted = shape->input->hint.x;
  for (uint32_t i = 0; wanted.data && i < shape->measure_count; i++)
    if (vs_str_equal_nocase(shape->measures[i].name, wanted)) return i;
  return 0;
}

vs_status vsk_build_scatter(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  uint32_t first = across(shape);
  const struct vsk_measure *x = &shape->measures[first], *y = &shape->measures[first == 0 ? 1 : 0];
  double low, high;
  VS_TRY(vsk_build_title(build, y->name, x->name, err));
  struct vsk_panel *panel = vsk_build_panel(build, 300);
  range_of(x->values, shape->row_count, &low, &high);
  bool is_set = vsk_axis_number(&panel->x, low, high, 6, false, build->arena);
  range_of(y->values, shape->row_count, &low, &high);
  if (!is_set || !vsk_axis_number(&panel->y, low, high, 5, false, build->arena)) return vs_fail_memory(err);
  panel->x.title = x->name, panel->y.title = y->name;
  return shape->row_count > VSK_CHART_POINTS ? add_bins(build, panel, x->values, y->values, err)
                                             : add_points(build, panel, x->values, y->values, err);
}

vs_status vsk_build_points(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  double low, high;
  VS_TRY(vsk_build_title(build, shape->measures[0].name, (struct vs_str){0}, err));
  struct vsk_panel *panel = vsk_build_panel(build, 240);
  range_of(shape->measures[0].values, shape->row_count, &low, &high);
  panel->y.title = shape->measures[0].name;
  if (!vsk_axis_number(&panel->y, low, high, 5, vsk_is_percent(shape, 0), build->arena)) return vs_fail_memory(err);
  VS_TRY(vsk_build_time_axis(build, panel, shape->instants[0], shape->instants[shape->instant_count - 1], err));
  return add_points(build, panel, shape->times, shape->measures[0].values, err);
}

/* ---- histogram ---- */
static vs_status add_histogram(struct vsk_build *build, struct vsk_panel *panel, uint32_t bins, struct vs_error *err) {
  const struct vsk_measure *measure = &build->shape->measures[0];
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_BAR, bins);
  uint32_t *counts = VS_ARENA_ARRAY(build->arena, uint32_t, bins + 1), most = 0;
  if (!layer || !counts) return vs_fail_memory(err);
  for (uint32_t i = 0; i < build->shape->row_count; i++)
    if (!isnan(measure->values[i])) counts[bin_of(measure->values[i], &panel->x, bins)]++;
  for (uint32_t i = 0; i < bins; i++)
    most = VS_MAX(most, counts[i]);
  double wide = (panel->x.high - panel->x.low) / bins;
  for (uint32_t i = 0; i < bins; i++) {
    struct vsk_point bar = vsk_point_at(panel->x.low + (i + 0.04) * wide, counts[i]);
    bar.x2 = panel->x.low + (i + 0.96) * wide, bar.y2 = 0;
    if (counts[i]) vsk_build_add(layer, bar);
  }
  return vsk_axis_number(&panel->y, 0, most, 5, false, build->arena) ? VS_OK : vs_fail_memory(err);
}

vs_status vsk_build_histogram(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_measure *measure = &build->shape->measures[0];
  struct vs_str what = vs_str_of(vs_arena_printf(build->arena, "distribution of %.*s", VS_STR_ARG(measure->name)));
  VS_TRY(vsk_build_title(build, what, (struct vs_str){0}, err));
  struct vsk_panel *panel = vsk_build_panel(build, 240);
  double low, high;
  range_of(measure->values, build->shape->row_count, &low, &high);
  if (!vsk_axis_number(&panel->x, low, high, 8, false, build->arena)) return vs_fail_memory(err);
  panel->x.title = measure->name, panel->y.title = VS_STR("rows");
  uint32_t steps = panel->x.tick_count - 1; /* whole bins between two ticks, so that edges are round numbers */
  uint32_t bins = steps * VS_MAX(1, BINS / VS_MAX(steps, 1));
  return add_histogram(build, panel, VS_MAX(bins, 1), err);
}
