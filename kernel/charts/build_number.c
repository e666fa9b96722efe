/* SPDX-License-Identifier: Apache-2.0
 * One row, one measure (row 3): the number, large; with an alert a gauge below it. */
#include "kernel/charts/chart_build.h"

#include <math.h>

static double value_of(const struct vsk_shape *shape) {
  return shape->measures[0].values[shape->row_count - 1];
}

static vs_status build_figure(struct vsk_build *build, uint32_t rgb, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  struct vsk_panel *panel = vsk_build_panel(build, 64);
  struct vsk_layer *text = vsk_build_layer(build, panel, VSK_MARK_TEXT, 1);
  if (!text) return vs_fail_memory(err);
  struct vsk_point point = vsk_point_at(0, 0);
  panel->x.high = panel->y.high = 1;
  point.y = 0.45;
  point.rgb = rgb;
  point.label = isnan(value_of(shape)) ? VS_STR("NULL")
                                       : vsk_number_label(value_of(shape), vsk_is_percent(shape, 0), build->arena);
  text->size = 44, text->anchor = VSK_ANCHOR_START;
  vsk_build_add(text, point);
  return VS_OK;
}

static vs_status add_bar(struct vsk_build *build, struct vsk_panel *panel, double value, uint32_t rgb, double opacity,
                         double size, struct vs_error *err) {
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_BAR, 1);
  if (!layer) return vs_fail_memory(err);
  struct vsk_point bar = vsk_point_at(value, 0);
  bar.x2 = 0, bar.rgb = rgb;
  layer->opacity = opacity, layer->size = size;
  vsk_build_add(layer, bar);
  return VS_OK;
}

static vs_status build_gauge(struct vsk_build *build, uint32_t rgb, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  double value = value_of(shape), threshold = shape->alert->threshold;
  struct vsk_panel *panel = vsk_build_panel(build, 30);
  static const struct vs_str none[] = {{"", 0}};
  if (!vsk_axis_number(&panel->x, fmin(0, fmin(value, threshold)), fmax(0, fmax(value, threshold * 1.25)), 5,
                       vsk_is_percent(shape, 0), build->arena) ||
      !vsk_axis_band(&panel->y, none, 1, build->arena))
    return vs_fail_memory(err);
  VS_TRY(add_bar(build, panel, panel->x.high, VSK_GREY_RGB, 0.25, 0, err));
  VS_TRY(add_bar(build, panel, value, rgb, 1, 0, err));
  struct vsk_layer *rule = vsk_build_layer(build, panel, VSK_MARK_RULE, 1);
  if (!rule) return vs_fail_memory(err);
  struct vsk_point tick = vsk_point_at(threshold, NAN);
  tick.rgb = VSK_ALERT_RGB;
  rule->size = 2;
  vsk_build_add(rule, tick);
  struct vs_str number = vsk_number_label(threshold, vsk_is_percent(shape, 0), build->arena);
  return vsk_build_subtitle(build, err, "alert at %.*s", VS_STR_ARG(number));
}

vs_status vsk_build_number(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  bool has_gauge = shape->alert && !isnan(value_of(shape));
  uint32_t rgb = has_gauge && vsk_shape_is_alert(shape, shape->row_count - 1) ? VSK_ALERT_RGB : vsk_series_rgb(0);
  VS_TRY(vsk_build_title(build, shape->measures[0].name, (struct vs_str){0}, err));
  VS_TRY(build_figure(build, rgb, err));
  return has_gauge ? build_gauge(build, rgb, err) : VS_OK;
}
