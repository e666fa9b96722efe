/* SPDX-License-Identifier: Apache-2.0
 * Lines over time: one per key, per pair of keys, or per measure (rows 7, 8, 10, 11, 12, 13, 20). */
#include "kernel/charts/chart_build.h"

#include <math.h>
#include <stdlib.h>

enum { ALERT_POINTS = 300, LINE_LABELS = 8 };

/* ---- series of a key ---- */
/* The newest value of each label; ties in time go to the later row. */
static double *last_values(struct vsk_build *build, const struct vsk_key *key, const double *values) {
  const struct vsk_shape *shape = build->shape;
  double *lasts = VS_ARENA_ARRAY(build->arena, double, key->count + 1);
  double *when = VS_ARENA_ARRAY(build->arena, double, key->count + 1);
  if (!lasts || !when) return NULL;
  for (uint32_t i = 0; i < key->count; i++)
    when[i] = -INFINITY;
  for (uint32_t i = 0; i < shape->row_count; i++)
    if (!isnan(values[i]) && shape->times[i] >= when[key->codes[i]])
      when[key->codes[i]] = shape->times[i], lasts[key->codes[i]] = fabs(values[i]);
  return lasts;
}

static bool is_in_top(const double *values, uint32_t count, uint32_t index, uint32_t top) {
  uint32_t before = 0;
  for (uint32_t i = 0; i < count; i++)
    before += values[i] > values[index] || (values[i] == values[index] && i < index);
  return before < top;
}

/* places[code]: the series of a label, VSK_CHART_TOP for "other". */
static vs_status choose_top(struct vsk_build *build, const struct vsk_key *key, const struct vsk_measure *measure,
                            uint32_t *places, struct vs_str *names, struct vs_error *err) {
  const double *lasts = last_values(build, key, measure->values);
  if (!lasts) return vs_fail_memory(err);
  uint32_t count = 0;
  for (uint32_t i = 0; i < key->count; i++) {
    bool is_top = count < VSK_CHART_TOP && is_in_top(lasts, key->count, i, VSK_CHART_TOP);
    places[i] = is_top ? count : VSK_CHART_TOP;
    if (is_top) names[count++] = key->labels[i];
  }
  bool is_sum = measure->kind == VS_MEASURE_ADDITIVE;
  names[VSK_CHART_TOP] = is_sum ? VS_STR("other") : VS_STR("other (mean)");
  return vsk_build_subtitle(build, err, "top %d of %u by newest value, the rest as \"%.*s\"", VSK_CHART_TOP, key->count,
                            VS_STR_ARG(names[VSK_CHART_TOP]));
}

vs_status vsk_build_key_series(struct vsk_build *build, const struct vsk_key *key, const struct vsk_measure *measure,
                               uint32_t **ret_series_of, struct vs_error *err) {
  uint32_t *series_of = VS_ARENA_ARRAY(build->arena, uint32_t, build->shape->row_count + 1);
  uint32_t *places = VS_ARENA_ARRAY(build->arena, uint32_t, key->count + 1);
  if (!series_of || !places) return vs_fail_memory(err);
  struct vs_str names[VSK_CHART_SERIES + 1];
  uint32_t count = VS_MIN(key->count, VSK_CHART_SERIES);
  for (uint32_t i = 0; i < count; i++)
    places[i] = i, names[i] = key->labels[i];
  if (key->count > VSK_CHART_SERIES) {
    VS_TRY(choose_top(build, key, measure, places, names, err));
    count = VSK_CHART_TOP + 1;
  }
  for (uint32_t i = 0; i < build->shape->row_count; i++)
    series_of[i] = places[key->codes[i]];
  VS_TRY(vsk_build_series(build, names, count, err));
  if (key->count > VSK_CHART_SERIES) build->chart->series[VSK_CHART_TOP].rgb = VSK_GREY_RGB;
  build->chart->legend_title = key->name;
  *ret_series_of = series_of;
  return VS_OK;
}

/* ---- one layer ---- */
static int by_time(const void *left, const void *right) {
  const struct vsk_point *a = left, *b = right;
  if (a->x != b->x) return a->x < b->x ? -1 : 1;
  return a->value < b->value ? -1 : a->value > b->value;
}

/* Rows of one instant in one line ("other", or raw rows) become their mean, or their sum when they may be added up. */
static uint32_t merge_instants(struct vsk_point *points, uint32_t count, bool is_sum) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count;) {
    double sum = 0;
    uint32_t end = i, known = 0;
    for (; end < count && points[end].x == points[i].x; end++)
      if (!isnan(points[end].y)) sum += points[end].y, known++;
    points[kept] = points[i];
    points[kept++].y = known ? (is_sum ? sum : sum / known) : NAN;
    i = end;
  }
  return kept;
}

static vs_status collect(struct vsk_build *build, uint32_t series, const uint32_t *series_of, const double *values,
                         struct vsk_point *points, uint32_t *ret_count) {
  const struct vsk_shape *shape = build->shape;
  uint32_t count = 0;
  for (uint32_t i = 0; i < shape->row_count; i++) {
    if ((series_of && series_of[i] != series) || isnan(shape->times[i])) continue;
    points[count] = vsk_point_at(shape->times[i], values[i]);
    points[count].value = i; /* keeps rows of one instant in order */
    points[count].series = series;
    points[count++].rgb = build->chart->series[series].rgb;
  }
  qsort(points, count, sizeof *points, by_time);
  *ret_count = count;
  return VS_OK;
}

static bool is_merged(const struct vsk_build *build, uint32_t series) {
  return build->shape->has_aggregate || series == VSK_CHART_TOP;
}

vs_status vsk_build_line_layer(struct vsk_build *build, struct vsk_panel *panel, vsk_mark mark,
                               const uint32_t *series_of, const double *values, uint32_t budget, struct vs_error *err) {
  struct vsk_layer *layer = vsk_build_layer(build, panel, mark, build->shape->row_count + 4);
  if (!layer) return vs_fail_memory(err);
  bool is_sum = false;
  for (uint32_t m = 0; m < build->shape->measure_count; m++)
    is_sum |= build->shape->measures[m].values == values && build->shape->measures[m].kind == VS_MEASURE_ADDITIVE;
  uint32_t series_count = series_of ? build->chart->series_count : 1;
  for (uint32_t s = 0; s < series_count; s++) {
    struct vsk_point *points = layer->points + layer->point_count;
    uint32_t count;
    VS_TRY(collect(build, s, series_of, values, points, &count));
    if (is_merged(build, s)) count = merge_instants(points, count, is_sum);
    layer->point_count += vsk_sample_extremes(points, count, budget / series_count);
  }
  return VS_OK;
}

/* A line of one point is invisible; it gets a dot. */
static vs_status add_dots(struct vsk_build *build, struct vsk_panel *panel, const struct vsk_layer *lines,
                          struct vs_error *err) {
  uint32_t alone[VSK_CHART_SERIES + 1] = {0};
  for (uint32_t i = 0; i < lines->point_count; i++)
    alone[lines->points[i].series] += !isnan(lines->points[i].y);
  struct vsk_layer *dots = NULL;
  for (uint32_t i = 0; i < lines->point_count; i++) {
    if (alone[lines->points[i].series] != 1 || isnan(lines->points[i].y)) continue;
    if (!dots && !(dots = vsk_build_layer(build, panel, VSK_MARK_POINT, VSK_CHART_SERIES + 1)))
      return vs_fail_memory(err);
    dots->size = 3;
    vsk_build_add(dots, lines->points[i]);
  }
  return VS_OK;
}

/* ---- labels at line ends ---- */
struct end_label {
  double pixel;
  const struct vsk_point *point;
};

static int by_pixel(const void *left, const void *right) {
  const struct end_label *a = left, *b = right;
  return a->pixel < b->pixel ? -1 : a->pixel > b->pixel;
}

static uint32_t find_ends(const struct vsk_panel *panel, const struct vsk_layer *lines, struct end_label *ends) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < lines->point_count; i++) {
    const struct vsk_point *point = &lines->points[i];
    if (isnan(point->y)) continue;
    if (!count || ends[count - 1].point->series != point->series) count++;
    ends[count - 1].point = point;
    ends[count - 1].pixel = (point->y - panel->y.low) / (panel->y.high - panel->y.low) * panel->height;
  }
  qsort(ends, count, sizeof *ends, by_pixel);
  return count;
}

/* Pushes labels apart to `room` pixels, upwards first, then back below the top. */
static void spread(struct end_label *ends, uint32_t count, double height, double room) {
  for (uint32_t i = 1; i < count; i++)
    ends[i].pixel = fmax(ends[i].pixel, ends[i - 1].pixel + room);
  double top = height + 4;
  for (uint32_t i = count; i-- > 0; top = ends[i].pixel - room)
    ends[i].pixel = fmin(ends[i].pixel, top);
}

static vs_status add_ends(struct vsk_build *build, struct vsk_panel *panel, const struct end_label *ends,
                          uint32_t count, struct vs_error *err) {
  struct vsk_layer *text = vsk_build_layer(build, panel, VSK_MARK_TEXT, count);
  if (!text) return vs_fail_memory(err);
  text->size = 11, text->anchor = VSK_ANCHOR_START, text->gap = 7;
  for (uint32_t i = 0; i < count; i++) {
    double y = panel->y.low + ends[i].pixel / panel->height * (panel->y.high - panel->y.low);
    struct vsk_point point = vsk_point_at(panel->x.high, y);
    point.series = ends[i].point->series;
    point.rgb = ends[i].point->rgb;
    point.label = build->chart->series[point.series].name;
    vsk_build_add(text, point);
  }
  return VS_OK;
}

vs_status vsk_build_line_labels(struct vsk_build *build, struct vsk_panel *panel, struct vs_error *err) {
  const struct vsk_layer *lines = &panel->layers[0];
  struct end_label ends[VSK_CHART_SERIES + 1];
  double room = 13;
  for (uint32_t i = 0; i < build->chart->series_count; i++)
    if (vsk_text_width(build->chart->series[i].name, 11) > 110) room = panel->height; /* long names: rather a legend */
  uint32_t count = find_ends(panel, lines, ends);
  if (count > LINE_LABELS || count * room > panel->height) {
    build->chart->has_legend = true;
    return VS_OK;
  }
  spread(ends, count, panel->height, room);
  return add_ends(build, panel, ends, count, err);
}

/* ---- a panel per measure ---- */
static void range_of(const struct vsk_layer *layer, double *low, double *high) {
  *low = INFINITY, *high = -INFINITY;
  for (uint32_t i = 0; i < layer->point_count; i++)
    *low = fmin(*low, layer->points[i].y), *high = fmax(*high, layer->points[i].y);
  if (*low > *high) *low = 0, *high = 1;
}

static vs_status set_axes(struct vsk_build *build, struct vsk_panel *panel, uint32_t measure, vsk_mark mark,
                          struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  double low, high;
  range_of(&panel->layers[0], &low, &high);
  vsk_build_join_threshold(build, measure, &low, &high);
  if (mark == VSK_MARK_AREA || (shape->has_aggregate && shape->measures[measure].kind == VS_MEASURE_ADDITIVE))
    low = fmin(low, 0), high = fmax(high, 0);
  if (!vsk_axis_number(&panel->y, low, high, panel->height < 150 ? 3 : 5, vsk_is_percent(shape, measure), build->arena))
    return vs_fail_memory(err);
  return vsk_build_time_axis(build, panel, shape->instants[0], shape->instants[shape->instant_count - 1], err);
}

static vs_status add_alert_points(struct vsk_build *build, struct vsk_panel *panel, const uint32_t *series_of,
                                  struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  const double *values = shape->measures[shape->alert_measure].values;
  struct vsk_layer *points = vsk_build_layer(build, panel, VSK_MARK_POINT, shape->row_count);
  if (!points) return vs_fail_memory(err);
  points->size = 3.5;
  for (uint32_t i = 0; i < shape->row_count; i++) {
    if (isnan(values[i]) || isnan(shape->times[i]) || !vsk_shape_is_alert(shape, i)) continue;
    struct vsk_point point = vsk_point_at(shape->times[i], values[i]);
    point.rgb = VSK_ALERT_RGB;
    point.series = series_of ? series_of[i] : 0;
    vsk_build_add(points, point);
  }
  uint32_t count = points->point_count;
  points->point_count = vsk_sample_extremes(points->points, count, ALERT_POINTS);
  return count ? vsk_build_subtitle(build, err, "%u alert%s", count, count == 1 ? "" : "s") : VS_OK;
}

static vs_status build_panel(struct vsk_build *build, vsk_mark mark, uint32_t measure, const uint32_t *series_of,
                             double height, uint32_t budget, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  struct vsk_panel *panel = vsk_build_panel(build, height);
  bool has_alert = shape->alert && shape->alert_measure == measure;
  uint32_t points = has_alert ? budget - VS_MIN(budget / 4, ALERT_POINTS) : budget;
  VS_TRY(vsk_build_line_layer(build, panel, mark, series_of, shape->measures[measure].values, points, err));
  panel->y.title = shape->measures[measure].name;
  VS_TRY(set_axes(build, panel, measure, mark, err));
  VS_TRY(add_dots(build, panel, &panel->layers[0], err));
  if (has_alert) {
    VS_TRY(vsk_build_alert_rule(build, panel, err));
    VS_TRY(add_alert_points(build, panel, series_of, err));
  }
  if (series_of && !build->chart->has_legend) VS_TRY(vsk_build_line_labels(build, panel, err));
  return VS_OK;
}

/* ---- several measures in one panel: the same unit, no key ---- */
static bool share_unit(const struct vsk_shape *shape, uint32_t count) {
  for (uint32_t i = 1; i < count; i++)
    if (!vsk_shape_same_unit(&shape->measures[0], &shape->measures[i], shape->row_count)) return false;
  return true;
}

static struct vs_str joined_names(struct vsk_build *build, uint32_t count) {
  struct vs_str names = build->shape->measures[0].name;
  for (uint32_t i = 1; i < count; i++)
    names = vs_str_of(vs_arena_printf(build->arena, "%.*s%s%.*s", VS_STR_ARG(names), i + 1 == count ? " and " : ", ",
                                      VS_STR_ARG(build->shape->measures[i].name)));
  return names;
}

/* The measures stand below each other as one long shape: row r of measure m is series m. */
static vs_status append_measure(struct vsk_build *build, struct vsk_layer *layer, uint32_t measure, uint32_t budget) {
  struct vsk_point *points = layer->points + layer->point_count;
  uint32_t count;
  VS_TRY(collect(build, 0, NULL, build->shape->measures[measure].values, points, &count));
  if (build->shape->has_aggregate)
    count = merge_instants(points, count, build->shape->measures[measure].kind == VS_MEASURE_ADDITIVE);
  count = vsk_sample_extremes(points, count, budget);
  for (uint32_t i = 0; i < count; i++)
    points[i].series = measure, points[i].rgb = build->chart->series[measure].rgb;
  layer->point_count += count;
  return VS_OK;
}

static vs_status build_folded(struct vsk_build *build, vsk_mark mark, uint32_t count, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  struct vs_str names[VSK_SHAPE_MEASURES];
  for (uint32_t i = 0; i < count; i++)
    names[i] = shape->measures[i].name;
  VS_TRY(vsk_build_series(build, names, count, err));
  struct vsk_panel *panel = vsk_build_panel(build, 240);
  struct vsk_layer *layer = vsk_build_layer(build, panel, mark, shape->row_count * count + 4);
  if (!layer) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++)
    VS_TRY(append_measure(build, layer, i, VSK_CHART_POINTS / count));
  VS_TRY(set_axes(build, panel, 0, mark, err));
  panel->y.title = vs_str_of(*shape->measures[0].unit ? shape->measures[0].unit : "value");
  VS_TRY(add_dots(build, panel, layer, err));
  return vsk_build_line_labels(build, panel, err);
}

static vs_status pair_key(struct vsk_build *build, struct vsk_key *ret_key, struct vs_error *err);

static vs_status build_split(struct vsk_build *build, vsk_mark mark, uint32_t count, struct vs_error *err) {
  static const double heights[VSK_CHART_PANELS] = {240, 150, 120, 100};
  const struct vsk_shape *shape = build->shape;
  uint32_t *series_of = NULL;
  if (shape->key_count) {
    struct vsk_key key = shape->keys[0];
    if (shape->key_count > 1) VS_TRY(pair_key(build, &key, err));
    VS_TRY(
        vsk_build_key_series(build, &key, &shape->measures[shape->alert ? shape->alert_measure : 0], &series_of, err));
  } else {
    VS_TRY(vsk_build_series(build, &shape->measures[0].name, 1, err));
  }
  for (uint32_t i = 0; i < count; i++) {
    uint32_t measure = shape->alert && count == 1 ? shape->alert_measure : i;
    VS_TRY(build_panel(build, mark, measure, series_of, heights[count - 1], VSK_CHART_POINTS / count, err));
    if (i + 1 < count) build->chart->panels[i].x.title = (struct vs_str){0}; /* one title serves all */
  }
  if (!shape->key_count) build->chart->series_count = 0;
  return VS_OK;
}

/* Two keys at once: "ADA, buy". */
static vs_status pair_key(struct vsk_build *build, struct vsk_key *ret_key, struct vs_error *err) {
  const struct vsk_key *a = &build->shape->keys[0], *b = &build->shape->keys[1];
  uint32_t places = a->count * b->count;
  struct vsk_key key = {
      .name = vs_str_of(vs_arena_printf(build->arena, "%.*s, %.*s", VS_STR_ARG(a->name), VS_STR_ARG(b->name)))};
  uint32_t *seen = VS_ARENA_ARRAY(build->arena, uint32_t, places + 1);
  key.codes = VS_ARENA_ARRAY(build->arena, uint32_t, build->shape->row_count + 1);
  key.labels = VS_ARENA_ARRAY(build->arena, struct vs_str, build->shape->row_count + 1);
  if (!seen || !key.codes || !key.labels || !key.name.data) return vs_fail_memory(err);
  for (uint32_t i = 0; i < build->shape->row_count; i++) {
    uint32_t place = a->codes[i] * b->count + b->codes[i];
    if (!seen[place]) {
      key.labels[key.count] = vs_str_of(vs_arena_printf(build->arena, "%.*s, %.*s", VS_STR_ARG(a->labels[a->codes[i]]),
                                                        VS_STR_ARG(b->labels[b->codes[i]])));
      seen[place] = ++key.count;
    }
    key.codes[i] = seen[place] - 1;
  }
  *ret_key = key;
  return VS_OK;
}

static vs_status build(struct vsk_build *build, vsk_mark mark, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  uint32_t count = shape->alert ? 1 : VS_MIN(shape->measure_count, 4);
  struct vs_str what = shape->alert ? shape->measures[shape->alert_measure].name : joined_names(build, count);
  struct vs_str by = shape->key_count ? shape->keys[0].name : (struct vs_str){0};
  if (shape->key_count > 1)
    by = vs_str_of(vs_arena_printf(build->arena, "%.*s and %.*s", VS_STR_ARG(by), VS_STR_ARG(shape->keys[1].name)));
  VS_TRY(vsk_build_title(build, what, by, err));
  if (count > 1 && !shape->key_count && share_unit(shape, count)) return build_folded(build, mark, count, err);
  return build_split(build, mark, count, err);
}

vs_status vsk_build_lines(struct vsk_build *the_build, struct vs_error *err) {
  return build(the_build, VSK_MARK_LINE, err);
}

vs_status vsk_build_areas(struct vsk_build *the_build, struct vs_error *err) {
  return build(the_build, VSK_MARK_AREA, err);
}
