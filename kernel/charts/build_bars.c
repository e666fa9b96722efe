/* SPDX-License-Identifier: Apache-2.0
 * Bars by key (rows 15 and 16). Names lie beside lying bars, sorted by value; keys with an order of their own (months,
 * hours, numbers) stand upright in that order. */
#include "kernel/charts/chart_build.h"

#include <math.h>
#include <stdlib.h>

struct bar {
  uint32_t code;
  double value;
  bool is_alert;
};

static int by_size(const void *left, const void *right) {
  const struct bar *a = left, *b = right;
  if (a->value != b->value && !(isnan(a->value) && isnan(b->value)))
    return isnan(b->value) || a->value > b->value ? -1 : 1;
  return a->code < b->code ? -1 : a->code > b->code;
}

static vs_status read_bars(struct vsk_build *build, uint32_t measure, struct bar **ret_bars, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  const struct vsk_key *key = &shape->keys[0];
  struct bar *bars = VS_ARENA_ARRAY(build->arena, struct bar, key->count + 1);
  if (!bars) return vs_fail_memory(err);
  for (uint32_t i = 0; i < key->count; i++)
    bars[i] = (struct bar){i, NAN, false};
  for (uint32_t i = 0; i < shape->row_count; i++) {
    struct bar *bar = &bars[key->codes[i]];
    bar->value = shape->measures[measure].values[i];
    bar->is_alert = shape->alert && shape->alert_measure == measure && vsk_shape_is_alert(shape, i);
  }
  *ret_bars = bars;
  return VS_OK;
}

static void range_of(const struct bar *bars, uint32_t count, double *low, double *high) {
  *low = 0, *high = 0;
  for (uint32_t i = 0; i < count; i++)
    *low = fmin(*low, bars[i].value), *high = fmax(*high, bars[i].value);
}

static struct vsk_point point_of(const struct bar *bar, uint32_t place, bool is_upright) {
  struct vsk_point point = is_upright ? vsk_point_at(place, bar->value) : vsk_point_at(bar->value, place);
  if (is_upright)
    point.y2 = 0;
  else
    point.x2 = 0;
  point.rgb = bar->is_alert ? VSK_ALERT_RGB : vsk_series_rgb(0);
  return point;
}

static vs_status add_marks(struct vsk_build *build, struct vsk_panel *panel, const struct bar *bars, uint32_t count,
                           bool is_upright, bool is_percent, struct vs_error *err) {
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_BAR, count);
  struct vsk_layer *text = vsk_build_layer(build, panel, VSK_MARK_TEXT, count);
  if (!layer || !text) return vs_fail_memory(err);
  text->size = 11, text->anchor = is_upright ? VSK_ANCHOR_MIDDLE : VSK_ANCHOR_START;
  text->gap = is_upright ? 0 : 5, text->rise = is_upright ? 9 : 0;
  for (uint32_t i = 0; i < count; i++) {
    if (isnan(bars[i].value)) continue;
    struct vsk_point point = point_of(&bars[i], i, is_upright);
    vsk_build_add(layer, point);
    *(is_upright ? &point.y : &point.x) = fmax(bars[i].value, 0);
    point.label = vsk_number_label(bars[i].value, is_percent, build->arena);
    point.rgb = VSK_GREY_RGB;
    if (!is_upright || count <= 16) /* more would run into each other */
      vsk_build_add(text, point);
  }
  return VS_OK;
}

static vs_status build_panel(struct vsk_build *build, uint32_t measure, const struct bar *bars, uint32_t count,
                             double height, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  bool is_upright = shape->keys[0].is_ordinal, is_percent = vsk_is_percent(shape, measure);
  struct vs_str *names = VS_ARENA_ARRAY(build->arena, struct vs_str, count + 1);
  struct vsk_panel *panel = vsk_build_panel(build, height);
  if (!names) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++)
    names[i] = shape->keys[0].labels[bars[i].code];
  struct vsk_axis *values = is_upright ? &panel->y : &panel->x, *bands = is_upright ? &panel->x : &panel->y;
  double low, high;
  range_of(bars, count, &low, &high);
  values->title = shape->measures[measure].name;
  if (is_upright) bands->title = shape->keys[0].name;
  if (!vsk_axis_number(values, low, high, 5, is_percent, build->arena) ||
      !vsk_axis_band(bands, names, count, build->arena))
    return vs_fail_memory(err);
  return add_marks(build, panel, bars, count, is_upright, is_percent, err);
}

static double height_of(const struct vsk_shape *shape, uint32_t count) {
  return shape->keys[0].is_ordinal ? 220 : fmax(50, count * (count > 15 ? 20.0 : 25.0));
}

static vs_status cut(struct vsk_build *build, uint32_t *count, struct vs_error *err) {
  uint32_t all = *count;
  *count = VS_MIN(all, VSK_CHART_BARS);
  return all > *count ? vsk_build_subtitle(build, err, "the %u largest of %u", *count, all) : VS_OK;
}

static vs_status build_one(struct vsk_build *build, uint32_t measure, double height, struct vs_error *err) {
  const struct vsk_key *key = &build->shape->keys[0];
  uint32_t count = key->count;
  struct bar *bars;
  VS_TRY(read_bars(build, measure, &bars, err));
  if (!key->is_ordinal) qsort(bars, count, sizeof *bars, by_size);
  if (!key->is_ordinal && build->chart->panel_count == 0) VS_TRY(cut(build, &count, err));
  count = key->is_ordinal ? VS_MIN(count, 100) : VS_MIN(count, VSK_CHART_BARS);
  return build_panel(build, measure, bars, count, height > 0 ? height : height_of(build->shape, count), err);
}

vs_status vsk_build_key_bars(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  VS_TRY(vsk_build_title(build, shape->measures[0].name, shape->keys[0].name, err));
  return build_one(build, 0, 0, err);
}

/* ---- several measures ---- */
/* The keys of the first measure's order, so that all measures of one key stand together. */
static vs_status build_grouped(struct vsk_build *build, uint32_t measures, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  const struct vsk_key *key = &shape->keys[0];
  struct bar *bars;
  VS_TRY(read_bars(build, 0, &bars, err));
  if (!key->is_ordinal) qsort(bars, key->count, sizeof *bars, by_size);
  uint32_t count = key->count, *places = VS_ARENA_ARRAY(build->arena, uint32_t, key->count + 1);
  struct vs_str *labels = VS_ARENA_ARRAY(build->arena, struct vs_str, key->count + 1), names[VSK_SHAPE_MEASURES];
  VS_TRY(cut(build, &count, err));
  for (uint32_t i = 0; i < measures; i++)
    names[i] = shape->measures[i].name;
  VS_TRY(vsk_build_series(build, names, measures, err));
  build->chart->has_legend = true;
  struct vsk_panel *panel = vsk_build_panel(build, key->is_ordinal ? 230 : fmax(60, count * (10.0 + 12.0 * measures)));
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_BAR, shape->row_count * measures);
  if (!places || !labels || !layer) return vs_fail_memory(err);
  for (uint32_t i = 0; i < key->count; i++)
    places[bars[i].code] = i, labels[i] = key->labels[bars[i].code];
  layer->group_count = measures;
  double low = 0, high = 0;
  for (uint32_t i = 0; i < shape->row_count; i++)
    for (uint32_t m = 0; m < measures; m++) {
      double value = shape->measures[m].values[i];
      uint32_t place = places[key->codes[i]];
      if (isnan(value) || place >= count) continue;
      low = fmin(low, value), high = fmax(high, value);
      struct vsk_point point = point_of(&(struct bar){.value = value}, place, key->is_ordinal);
      point.series = m, point.rgb = build->chart->series[m].rgb;
      vsk_build_add(layer, point);
    }
  struct vsk_axis *values = key->is_ordinal ? &panel->y : &panel->x, *bands = key->is_ordinal ? &panel->x : &panel->y;
  values->title = vs_str_of(*shape->measures[0].unit ? shape->measures[0].unit : "value");
  bands->title = key->is_ordinal ? key->name : (struct vs_str){0};
  return vsk_axis_number(values, low, high, 5, false, build->arena) && vsk_axis_band(bands, labels, count, build->arena)
             ? VS_OK
             : vs_fail_memory(err);
}

static bool share_unit(const struct vsk_shape *shape, uint32_t count) {
  for (uint32_t i = 1; i < count; i++)
    if (!vsk_shape_same_unit(&shape->measures[0], &shape->measures[i], shape->row_count)) return false;
  return true;
}

vs_status vsk_build_measure_bars(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  uint32_t measures = VS_MIN(shape->measure_count, VSK_CHART_PANELS);
  struct vs_str names = shape->measures[0].name;
  for (uint32_t i = 1; i < measures; i++)
    names = vs_str_of(vs_arena_printf(build->arena, "%.*s%s%.*s", VS_STR_ARG(names), i + 1 == measures ? " and " : ", ",
                                      VS_STR_ARG(shape->measures[i].name)));
  VS_TRY(vsk_build_title(build, names, shape->keys[0].name, err));
  if (share_unit(shape, measures)) return build_grouped(build, measures, err);
  for (uint32_t i = 0; i < measures; i++)
    VS_TRY(build_one(build, i, shape->keys[0].is_ordinal ? 120 : 0, err));
  return VS_OK;
}
