/* SPDX-License-Identifier: Apache-2.0
 * The chart as text: bars of block characters for categories, a sparkline per line, then the reason. It is the alt text
 * of exported pages and all a console shows. */
#include "engine/base/utf8.h"
#include "kernel/charts/chart_build.h"

#include <math.h>

enum { BAR_WIDTH = 30, SPARK_WIDTH = 48, NAME_WIDTH = 20, TEXT_BARS = 12 };

static void put_name(struct vs_str name, struct vs_text *text) {
  size_t kept = vs_utf8_offset(name.data, name.size, NAME_WIDTH);
  size_t width = vs_utf8_width(name.data, kept);
  vs_text_append(text, name.data, kept);
  for (; width < NAME_WIDTH; width++)
    vs_text_put(text, ' ');
}

static void put_number(double value, struct vs_text *text) {
  vs_text_printf(text, "%.6g", value);
}

static void put_block(double share, struct vs_text *text) {
  static const char *const eighths[] = {"", "\u258F", "\u258E", "\u258D", "\u258C", "\u258B", "\u258A", "\u2589"};
  uint32_t units = (uint32_t)lround(fmin(fmax(share, 0), 1) * BAR_WIDTH * 8);
  for (uint32_t i = 0; i < units / 8; i++)
    vs_text_puts(text, "\u2588");
  vs_text_puts(text, eighths[units % 8]);
}

static double extent(double value, double other) {
  return isnan(other) ? value : value - other;
}

/* Bars of a band axis; bars over time or bins are drawn as a sparkline. */
static void put_bars(const struct vsk_panel *panel, const struct vsk_layer *layer, struct vs_text *text) {
  bool is_lying = panel->y.kind == VSK_AXIS_BAND;
  const struct vsk_axis *bands = is_lying ? &panel->y : &panel->x;
  double most = 0;
  for (uint32_t i = 0; i < layer->point_count; i++)
    most = fmax(most, fabs(is_lying ? layer->points[i].x : layer->points[i].y));
  for (uint32_t i = 0; i < VS_MIN(layer->point_count, TEXT_BARS); i++) {
    const struct vsk_point *point = &layer->points[i];
    double value = is_lying ? extent(point->x, point->x2) : extent(point->y, point->y2);
    put_name(bands->ticks[(uint32_t)(is_lying ? point->y : point->x)].label, text);
    vs_text_put(text, ' ');
    put_block(most > 0 ? fabs(value) / most : 0, text);
    vs_text_put(text, ' ');
    put_number(value, text);
    vs_text_put(text, '\n');
  }
  if (layer->point_count > TEXT_BARS) vs_text_printf(text, "... %u more\n", layer->point_count - TEXT_BARS);
}

static void put_spark(const struct vsk_point *points, uint32_t count, struct vs_text *text) {
  static const char *const levels[] = {"\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"};
  double low = INFINITY, high = -INFINITY;
  for (uint32_t i = 0; i < count; i++)
    low = fmin(low, points[i].y), high = fmax(high, points[i].y);
  uint32_t width = VS_MIN(count, SPARK_WIDTH);
  for (uint32_t i = 0; i < width; i++) {
    double value = points[(uint64_t)i * count / width].y;
    double share = high > low ? (value - low) / (high - low) : 0.5;
    vs_text_puts(text, isnan(value) ? " " : levels[(size_t)fmin(share * 8, 7)]);
  }
  if (low > high) return;
  vs_text_puts(text, "  ");
  put_number(low, text);
  vs_text_puts(text, " to ");
  put_number(high, text);
}

static void put_lines(const struct vsk_chart *chart, const struct vsk_panel *panel, const struct vsk_layer *layer,
                      struct vs_text *text) {
  for (uint32_t begin = 0, end; begin < layer->point_count; begin = end) {
    uint32_t series = layer->points[begin].series;
    for (end = begin; end < layer->point_count && layer->points[end].series == series;)
      end++;
    put_name(chart->series_count > series ? chart->series[series].name : panel->y.title, text);
    vs_text_put(text, ' ');
    put_spark(layer->points + begin, end - begin, text);
    vs_text_put(text, '\n');
  }
}

static void put_candles(const struct vsk_layer *layer, struct vs_text *text) {
  if (!layer->point_count) return;
  const struct vsk_point *last = &layer->points[layer->point_count - 1];
  vs_text_printf(text, "%u candles, the last: %.*s\n", layer->point_count, VS_STR_ARG(last->label));
}

static void put_layer(const struct vsk_chart *chart, const struct vsk_panel *panel, const struct vsk_layer *layer,
                      struct vs_text *text) {
  bool is_banded = panel->x.kind == VSK_AXIS_BAND || panel->y.kind == VSK_AXIS_BAND;
  switch (layer->mark) {
  case VSK_MARK_BAR:
    if (is_banded)
      put_bars(panel, layer, text);
    else
      put_spark(layer->points, layer->point_count, text), vs_text_put(text, '\n');
    break;
  case VSK_MARK_LINE:
  case VSK_MARK_AREA: put_lines(chart, panel, layer, text); break;
  case VSK_MARK_CANDLE: put_candles(layer, text); break;
  case VSK_MARK_POINT:
  case VSK_MARK_RECT:
    vs_text_printf(text, "%u %s\n", layer->point_count, layer->mark == VSK_MARK_RECT ? "cells" : "points");
    break;
  case VSK_MARK_TEXT:
    if (panel->x.kind == VSK_AXIS_NONE && layer->point_count)
      vs_text_printf(text, "%.*s\n", VS_STR_ARG(layer->points[0].label));
    break;
  case VSK_MARK_RULE: break;
  }
}

void vsk_chart_text(const struct vsk_chart *chart, struct vs_text *ret_text) {
  if (chart->title.size)
    vs_text_printf(ret_text, "%.*s%s%.*s\n", VS_STR_ARG(chart->title), chart->subtitle.size ? " \u00B7 " : "",
                   VS_STR_ARG(chart->subtitle));
  for (uint32_t i = 0; i < chart->panel_count; i++) {
    const struct vsk_panel *panel = &chart->panels[i];
    if (panel->title.size) vs_text_printf(ret_text, "%.*s\n", VS_STR_ARG(panel->title));
    for (uint32_t l = 0; l < panel->layer_count; l++)
      put_layer(chart, panel, &panel->layers[l], ret_text);
  }
  vs_text_printf(ret_text, "(%s; %.*s)", chart->mark_name, VS_STR_ARG(chart->reason));
}
