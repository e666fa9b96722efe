/* SPDX-License-Identifier: Apache-2.0
 * Candles (row 4): a body from open to close over the middle of the window, a wick from low to high. */
#include "kernel/charts/chart_build.h"

#include <math.h>
#include <stdlib.h>

enum { CANDLES_MAX = 140 }; /* a body needs about four pixels */

struct candle {
  double start, end, open, high, low, close;
};

static int by_start(const void *left, const void *right) {
  const struct candle *a = left, *b = right;
  return a->start < b->start ? -1 : a->start > b->start;
}

static bool read_candle(const struct vsk_shape *shape, uint32_t row, struct candle *ret_candle) {
  bool has_bounds = shape->starts && shape->ends;
  *ret_candle = (struct candle){.start = has_bounds ? shape->starts[row] : shape->times[row],
                                .end = has_bounds ? shape->ends[row] : NAN,
                                .open = shape->measures[shape->open].values[row],
                                .high = shape->measures[shape->high].values[row],
                                .low = shape->measures[shape->low].values[row],
                                .close = shape->measures[shape->close].values[row]};
  return !isnan(ret_candle->start) && !isnan(ret_candle->open) && !isnan(ret_candle->high) && !isnan(ret_candle->low) &&
         !isnan(ret_candle->close);
}

/* Bars of a file have no end: the smallest distance between two starts is their length. */
static void set_ends(struct candle *candles, uint32_t count) {
  double step = INFINITY;
  for (uint32_t i = 1; i < count; i++)
    if (candles[i].start > candles[i - 1].start) step = fmin(step, candles[i].start - candles[i - 1].start);
  for (uint32_t i = 0; i < count; i++)
    if (isnan(candles[i].end)) candles[i].end = candles[i].start + (isfinite(step) ? step : 60e3);
}

/* Neighbours become one candle: what a chart of a longer interval would show. */
static uint32_t merge(struct candle *candles, uint32_t count) {
  uint32_t group = (count + CANDLES_MAX - 1) / CANDLES_MAX, kept = 0;
  for (uint32_t i = 0; group > 1 && i < count; i += group) {
    struct candle one = candles[i];
    for (uint32_t k = i + 1; k < VS_MIN(i + group, count); k++) {
      one.high = fmax(one.high, candles[k].high), one.low = fmin(one.low, candles[k].low);
      one.close = candles[k].close, one.end = candles[k].end;
    }
    candles[kept++] = one;
  }
  return group > 1 ? kept : count;
}

static struct vs_str describe(struct vsk_build *build, const struct candle *candle) {
  struct vs_arena *arena = build->arena;
  struct vs_str when = vsk_time_label(candle->start, arena);
  return vs_str_of(vs_arena_printf(arena, "%.*s  open %.8g  high %.8g  low %.8g  close %.8g", VS_STR_ARG(when),
                                   candle->open, candle->high, candle->low, candle->close));
}

static void add_candle(struct vsk_build *build, struct vsk_layer *layer, const struct candle *candle) {
  double room = (candle->end - candle->start) * 0.15;
  struct vsk_point point = vsk_point_at(candle->start + room, candle->open);
  point.x2 = candle->end - room;
  point.y2 = candle->close;
  point.low = candle->low, point.high = candle->high;
  point.rgb = candle->close >= candle->open ? VSK_UP_RGB : VSK_DOWN_RGB;
  point.label = describe(build, candle);
  vsk_build_add(layer, point);
}

static vs_status build_panel(struct vsk_build *build, const struct candle *candles, uint32_t count,
                             struct vs_error *err) {
  struct vsk_panel *panel = vsk_build_panel(build, 260);
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_CANDLE, count);
  if (!layer) return vs_fail_memory(err);
  double low = INFINITY, high = -INFINITY;
  for (uint32_t i = 0; i < count; i++) {
    low = fmin(low, candles[i].low), high = fmax(high, candles[i].high);
    add_candle(build, layer, &candles[i]);
  }
  panel->y.title = build->shape->measures[build->shape->close].name;
  if (!vsk_axis_number(&panel->y, count ? low : 0, count ? high : 1, 5, false, build->arena))
    return vs_fail_memory(err);
  return vsk_build_time_axis(build, panel, count ? candles[0].start : 0, count ? candles[count - 1].end : 1, err);
}

vs_status vsk_build_candles(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  struct candle *candles = VS_ARENA_ARRAY(build->arena, struct candle, shape->row_count + 1);
  if (!candles) return vs_fail_memory(err);
  uint32_t count = 0;
  for (uint32_t i = 0; i < shape->row_count; i++)
    count += read_candle(shape, i, &candles[count]);
  qsort(candles, count, sizeof *candles, by_start);
  set_ends(candles, count);
  uint32_t drawn = merge(candles, count);
  VS_TRY(vsk_build_title(build, VS_STR("candles"), (struct vs_str){0}, err));
  if (drawn < count) VS_TRY(vsk_build_subtitle(build, err, "%u rows in %u candles", count, drawn));
  return build_panel(build, candles, drawn, err);
}
