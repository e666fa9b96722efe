/* SPDX-License-Identifier: Apache-2.0
 * What all builders share: panels, layers, titles, the time axis, alert rules, sampling, placing. */
#include "kernel/charts/chart_build.h"

#include "engine/base/utf8.h"

#include <math.h>
#include <stdio.h>

struct vsk_panel *vsk_build_panel(struct vsk_build *build, double height) {
  struct vsk_panel *panel = &build->chart->panels[build->chart->panel_count++];
  *panel = (struct vsk_panel){.height = height};
  return panel;
}

struct vsk_layer *vsk_build_layer(struct vsk_build *build, struct vsk_panel *panel, vsk_mark mark, uint32_t capacity) {
  struct vsk_point *points = VS_ARENA_ARRAY(build->arena, struct vsk_point, capacity + 1);
  if (!points || panel->layer_count == VSK_PANEL_LAYERS) return NULL;
  struct vsk_layer *layer = &panel->layers[panel->layer_count++];
  *layer = (struct vsk_layer){.mark = mark, .points = points, .group_count = 1, .size = 2, .opacity = 1};
  return layer;
}

void vsk_build_add(struct vsk_layer *layer, struct vsk_point point) {
  layer->points[layer->point_count++] = point;
}

struct vsk_point vsk_point_at(double x, double y) {
  return (struct vsk_point){
      .x = x, .y = y, .x2 = NAN, .y2 = NAN, .low = NAN, .high = NAN, .value = NAN, .rgb = vsk_series_rgb(0)};
}

vs_status vsk_build_series(struct vsk_build *build, const struct vs_str *names, uint32_t count, struct vs_error *err) {
  build->chart->series = VS_ARENA_ARRAY(build->arena, struct vsk_series, count + 1);
  if (!build->chart->series) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++)
    build->chart->series[i] = (struct vsk_series){names[i], vsk_series_rgb(i)};
  build->chart->series_count = count;
  return VS_OK;
}

vs_status vsk_build_title(struct vsk_build *build, struct vs_str what, struct vs_str by, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  struct vs_str hint = shape->input->hint.title;
  struct vs_str length = shape->window_ms > 0 ? vsk_length_label(shape->window_ms, build->arena) : (struct vs_str){0};
  char *title = hint.data
                    ? vs_arena_copy(build->arena, hint.data, hint.size)
                    : vs_arena_printf(build->arena, "%.*s%s%.*s%s%.*s%s%.*s", VS_STR_ARG(what), by.size ? " by " : "",
                                      VS_STR_ARG(by), length.size ? " per " : "", VS_STR_ARG(length),
                                      shape->constants.size ? ", " : "", VS_STR_ARG(shape->constants));
  if (!title) return vs_fail_memory(err);
  build->chart->title = vs_str_of(title);
  return VS_OK;
}

vs_status vsk_build_subtitle(struct vsk_build *build, struct vs_error *err, const char *format, ...) {
  char words[256];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  struct vs_str before = build->chart->subtitle;
  char *text = vs_arena_printf(build->arena, "%.*s%s%s", VS_STR_ARG(before), before.size ? " \u00B7 " : "", words);
  if (!text) return vs_fail_memory(err);
  build->chart->subtitle = vs_str_of(text);
  return VS_OK;
}

static bool has_date_tick(const struct vsk_axis *axis) {
  for (uint32_t i = 0; i < axis->tick_count; i++)
    if (memchr(axis->ticks[i].label.data, ':', axis->ticks[i].label.size) == NULL) return true;
  return false;
}

/* Ticks that only show a clock leave the day to the title. */
vs_status vsk_build_time_axis(struct vsk_build *build, struct vsk_panel *panel, double low, double high,
                              struct vs_error *err) {
  if (!vsk_axis_time(&panel->x, low, high, build->arena)) return vs_fail_memory(err);
  struct vs_str day = vsk_time_label(low, build->arena);
  bool needs_day = !has_date_tick(&panel->x) && day.size >= 10;
  /* A mark from start to end stands over its window, not at the window's end. */
  bool is_span = panel->layer_count && panel->layers[0].point_count && !isnan(panel->layers[0].points[0].x2);
  struct vs_str name = is_span && build->shape->is_window ? VS_STR("window") : build->shape->time_name;
  char *title = vs_arena_printf(build->arena, "%.*s, UTC%s%.*s", VS_STR_ARG(name), needs_day ? ", " : "",
                                needs_day ? 10 : 0, day.data ? day.data : "");
  if (!title) return vs_fail_memory(err);
  panel->x.title = vs_str_of(title);
  return VS_OK;
}

/* ---- alerts ---- */
bool vsk_is_percent(const struct vsk_shape *shape, uint32_t measure) {
  const struct vsk_chart_alert *alert = shape->alert;
  return alert && shape->alert_measure == measure && alert->text.size && fabs(alert->threshold) <= 1 &&
         memchr(alert->text.data, '%', alert->text.size);
}

void vsk_build_join_threshold(const struct vsk_build *build, uint32_t measure, double *low, double *high) {
  const struct vsk_shape *shape = build->shape;
  if (!shape->alert || shape->alert_measure != measure) return;
  double threshold = shape->alert->threshold, span = *high - *low;
  double reach = span > 0 ? 4 * span : 4 * fmax(fabs(*low), fabs(*high));
  if (fmax(*high, threshold) - fmin(*low, threshold) > reach) return;
  *low = fmin(*low, threshold);
  *high = fmax(*high, threshold);
}

/* How much of the lines runs through a label at `x`: points and the middles between them, in the label's box. */
static uint32_t crowd_at(const struct vsk_panel *panel, double x, double y) {
  const struct vsk_layer *lines = &panel->layers[0];
  double wide = (panel->x.high - panel->x.low) * 0.17, high = (panel->y.high - panel->y.low) * 9 / panel->height;
  uint32_t count = 0;
  for (uint32_t i = 0; i < lines->point_count; i++) {
    const struct vsk_point *a = &lines->points[i], *b = i + 1 < lines->point_count ? a + 1 : a;
    for (int part = 0; part < 4 && a->series == b->series; part++) {
      double at = a->x + (b->x - a->x) * part / 4, value = a->y + (b->y - a->y) * part / 4;
      count += at >= x && at <= x + wide && fabs(value - y) <= high;
    }
  }
  return count;
}

static double quiet_place(const struct vsk_panel *panel, double y) {
  double best = panel->x.low, span = panel->x.high - panel->x.low;
  uint32_t least = UINT32_MAX;
  for (int i = 0; i <= 10; i++) {
    double x = panel->x.low + span * 0.083 * i;
    uint32_t crowd = crowd_at(panel, x, y);
    if (crowd < least) least = crowd, best = x;
  }
  return best;
}

static vs_status add_alert_label(struct vsk_build *build, struct vsk_panel *panel, double y, const char *arrow,
                                 struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  struct vs_str number =
      vsk_number_label(shape->alert->threshold, vsk_is_percent(shape, shape->alert_measure), build->arena);
  char *label = vs_arena_printf(build->arena, "alert at %.*s%s", VS_STR_ARG(number), arrow);
  struct vsk_layer *text = vsk_build_layer(build, panel, VSK_MARK_TEXT, 1);
  if (!label || !text) return vs_fail_memory(err);
  double rise = y == panel->y.high ? -6 : 8;
  double middle = y + rise / panel->height * (panel->y.high - panel->y.low);
  struct vsk_point point = vsk_point_at(quiet_place(panel, middle), y);
  point.label = vs_str_of(label), point.rgb = VSK_ALERT_RGB;
  text->size = 11, text->anchor = VSK_ANCHOR_START, text->gap = 4, text->rise = rise;
  vsk_build_add(text, point);
  return VS_OK;
}

vs_status vsk_build_alert_rule(struct vsk_build *build, struct vsk_panel *panel, struct vs_error *err) {
  double threshold = build->shape->alert->threshold;
  if (threshold > panel->y.high) return add_alert_label(build, panel, panel->y.high, " \u2191", err);
  if (threshold < panel->y.low) return add_alert_label(build, panel, panel->y.low, " \u2193", err);
  struct vsk_layer *rule = vsk_build_layer(build, panel, VSK_MARK_RULE, 1);
  if (!rule) return vs_fail_memory(err);
  struct vsk_point point = vsk_point_at(NAN, threshold);
  point.rgb = VSK_ALERT_RGB;
  rule->size = 1.5;
  vsk_build_add(rule, point);
  return add_alert_label(build, panel, threshold, "", err);
}

/* ---- sampling ---- */
static uint32_t keep_extremes(const struct vsk_point *points, uint32_t begin, uint32_t end, struct vsk_point *to) {
  uint32_t low = begin, high = begin;
  for (uint32_t i = begin; i < end; i++) {
    if (!(points[i].y >= points[low].y)) low = i;
    if (!(points[i].y <= points[high].y)) high = i;
  }
  struct vsk_point first = points[VS_MIN(low, high)], second = points[VS_MAX(low, high)];
  to[0] = first;
  to[1] = second;
  return low == high ? 1 : 2;
}

uint32_t vsk_sample_extremes(struct vsk_point *points, uint32_t count, uint32_t budget) {
  budget = VS_MAX(budget, 4);
  if (count <= budget) return count;
  uint32_t buckets = (budget - 2) / 2, kept = 1, inner = count - 2;
  struct vsk_point last = points[count - 1];
  for (uint32_t i = 0; i < buckets; i++) {
    uint32_t begin = 1 + (uint32_t)((uint64_t)inner * i / buckets),
             end = 1 + (uint32_t)((uint64_t)inner * (i + 1) / buckets);
    kept += keep_extremes(points, begin, end, points + kept);
  }
  points[kept++] = last;
  return kept;
}

/* ---- placing ---- */
double vsk_text_width(struct vs_str text, double font_size) {
  return (double)vs_utf8_width(text.data, text.size) * font_size * 0.59;
}

static double tick_width(const struct vsk_axis *axis) {
  double width = 0;
  for (uint32_t i = 0; i < axis->tick_count; i++)
    width = fmax(width, vsk_text_width(axis->ticks[i].label, 11));
  return axis->kind == VSK_AXIS_BAND ? fmin(width, 170) : width;
}

/* How far labels stand out of the plot to the right. */
static double overhang(const struct vsk_panel *panel) {
  double result = 0;
  for (uint32_t i = 0; i < panel->layer_count; i++) {
    const struct vsk_layer *layer = &panel->layers[i];
    if (layer->mark != VSK_MARK_TEXT || layer->anchor != VSK_ANCHOR_START || panel->x.kind == VSK_AXIS_NONE) continue;
    for (uint32_t p = 0; p < layer->point_count; p++) {
      double share = (layer->points[p].x - panel->x.low) / (panel->x.high - panel->x.low);
      if (share > 0.6)
        result = fmax(result, vsk_text_width(layer->points[p].label, layer->size) + layer->gap - (1 - share) * 480);
    }
  }
  return result;
}

/* Twelve names of lines end to end would not fit beside each other: each n-th stays. */
static void thin_bands(struct vsk_axis *axis, double width) {
  if (axis->kind != VSK_AXIS_BAND || !axis->tick_count) return;
  double needed = tick_width(axis) + 8, step = width / axis->tick_count;
  axis->label_every = (uint32_t)fmax(1, ceil(needed / step));
}

/* Half of the last label stands beyond a tick at the right end. */
static double last_label(const struct vsk_axis *axis) {
  if (!axis->tick_count || (axis->kind != VSK_AXIS_NUMBER && axis->kind != VSK_AXIS_TIME)) return 0;
  const struct vsk_tick *last = &axis->ticks[axis->tick_count - 1];
  double share = (last->value - axis->low) / (axis->high - axis->low);
  return vsk_text_width(last->label, 11) / 2 - (1 - share) * 480;
}

void vsk_chart_place(struct vsk_chart *chart) {
  double left = 8, right = 14;
  for (uint32_t i = 0; i < chart->panel_count; i++) {
    const struct vsk_panel *panel = &chart->panels[i];
    double title = panel->y.title.size ? 20 : 0;
    if (panel->y.kind != VSK_AXIS_NONE) left = fmax(left, tick_width(&panel->y) + 14 + title);
    right = fmax(right, fmax(overhang(panel), last_label(&panel->x)) + 10);
  }
  chart->plot_left = left;
  chart->plot_width = VSK_CHART_WIDTH - left - right - (chart->colors.is_used ? 76 : 0);
  for (uint32_t i = 0; i < chart->panel_count; i++)
    thin_bands(&chart->panels[i].x, chart->plot_width);
}
