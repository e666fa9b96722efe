/* SPDX-License-Identifier: Apache-2.0
 * The Vega-Lite printer (v5, the newest JupyterLab knows).
 *
 * Data columns are renamed, since names with . [ ] need escapes in field paths; the real names are titles:
 *   c0 x  c1 y  c2 series  c3 x2  c4 y2  c5 value or label  c6 low  c7 high  c8 colour  c9 wick
 * Domains, ticks and tick labels are the model's, given as scale.domain, axis.values and a labelExpr. No background and
 * no text colour is set, so that the client's theme decides those. */
#include "kernel/charts/chart_build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SCHEMA "https://vega.github.io/schema/vega-lite/v5.json"
enum { HOVER_POINTS = 600 };

/* jansson's constructors return NULL without memory and its setters pass that on as -1, so one flag is enough. */
struct printer {
  const struct vsk_chart *chart;
  bool is_linear_time; /* of the current panel, see has_spans */
  bool is_failed;
};

static void set(struct printer *p, json_t *object, const char *key, json_t *value) {
  if (json_object_set_new(object, key, value) != 0) p->is_failed = true;
}
static void append(struct printer *p, json_t *array, json_t *value) {
  if (json_array_append_new(array, value) != 0) p->is_failed = true;
}

/* ---- values ---- */
static json_t *number(double value) {
  if (!isfinite(value)) return json_null();
  if (value == floor(value) && fabs(value) < 9e15) return json_integer((json_int_t)value);
  return json_real(value);
}

static json_t *string(struct vs_str text) {
  json_t *value = json_stringn(text.size ? text.data : "", text.size);
  return value ? value : json_string("?"); /* not UTF-8: the table shows it, repaired */
}

static json_t *color(uint32_t rgb) {
  char text[8];
  (void)snprintf(text, sizeof text, "#%06x", rgb & 0xFFFFFF);
  return json_string(text);
}

static json_t *place(const struct vsk_axis *axis, double value) {
  if (axis->kind == VSK_AXIS_BAND && value >= 0 && value < axis->tick_count)
    return string(axis->ticks[(uint32_t)value].label);
  return axis->kind == VSK_AXIS_TIME ? number(round(value)) : number(value);
}

/* ---- axes and scales ---- */
static json_t *tick_values(struct printer *p, const struct vsk_axis *axis) {
  json_t *values = json_array();
  for (uint32_t i = 0; i < axis->tick_count; i += axis->label_every)
    append(p, values, place(axis, axis->ticks[i].value));
  return values;
}

/* The shortest text that reads back as the same number. */
static void put_number(double value, struct vs_text *text) {
  char digits[40];
  for (int precision = 15; precision <= 17; precision++) {
    (void)snprintf(digits, sizeof digits, "%.*g", precision, value);
    if (strtod(digits, NULL) == value) break;
  }
  vs_text_puts(text, digits);
}

/* ["0","1 K"][indexof([0,1000],datum.value)]: labels hold letters, digits, spaces and signs only. */
static json_t *label_expression(const struct vsk_axis *axis, struct vs_text *text) {
  vs_text_clear(text);
  vs_text_put(text, '[');
  for (uint32_t i = 0; i < axis->tick_count; i++) {
    vs_text_puts(text, i ? "," : "");
    vs_text_json(text, axis->ticks[i].label);
  }
  vs_text_puts(text, "][indexof([");
  for (uint32_t i = 0; i < axis->tick_count; i++) {
    vs_text_puts(text, i ? "," : "");
    put_number(axis->ticks[i].value, text);
  }
  vs_text_puts(text, axis->kind == VSK_AXIS_TIME ? "],time(datum.value))]" : "],datum.value)]");
  return json_stringn(text->data, text->size);
}

static json_t *axis_of(struct printer *p, const struct vsk_axis *axis) {
  json_t *result = json_object();
  set(p, result, "title", axis->title.size ? string(axis->title) : json_null());
  set(p, result, "values", tick_values(p, axis));
  set(p, result, "labelOverlap", json_false());
  if (axis->kind == VSK_AXIS_BAND) {
    set(p, result, "labelLimit", json_integer(172));
    set(p, result, "labelAngle", json_integer(0));
    set(p, result, "ticks", json_false());
    set(p, result, "domain", json_false());
    return result;
  }
  struct vs_memory memory;
  struct vs_text text;
  vs_memory_init(&memory, NULL, 0);
  vs_text_init(&text, &memory, 0);
  set(p, result, "labelExpr", label_expression(axis, &text));
  vs_text_release(&text);
  return result;
}

static json_t *scale_of(struct printer *p, const struct vsk_axis *axis, bool is_grid) {
  json_t *scale = json_object(), *domain = json_array();
  if (axis->kind == VSK_AXIS_BAND) {
    for (uint32_t i = 0; i < axis->tick_count; i++)
      append(p, domain, string(axis->ticks[i].label));
    set(p, scale, "paddingInner", json_real(is_grid ? 0.04 : 0.28));
    set(p, scale, "paddingOuter", json_real(is_grid ? 0.02 : 0.14));
  } else {
    append(p, domain, place(axis, axis->low));
    append(p, domain, place(axis, axis->high));
    set(p, scale, "nice", json_false());
    if (axis->kind == VSK_AXIS_TIME && !p->is_linear_time)
      set(p, scale, "type", json_string("utc"));
    else
      set(p, scale, "zero", json_false());
  }
  set(p, scale, "domain", domain);
  return scale;
}

static json_t *channel(struct printer *p, const struct vsk_axis *axis, const char *field, bool is_grid) {
  static const char *const types[] = {"quantitative", "quantitative", "temporal", "nominal"};
  json_t *result = json_object();
  set(p, result, "field", json_string(field));
  bool is_linear = axis->kind == VSK_AXIS_TIME && p->is_linear_time;
  set(p, result, "type", json_string(is_linear ? "quantitative" : types[axis->kind]));
  if (axis->kind == VSK_AXIS_BAND) set(p, result, "sort", json_null());
  set(p, result, "scale", scale_of(p, axis, is_grid));
  set(p, result, "axis", axis_of(p, axis));
  return result;
}

static json_t *field_only(const char *field) {
  return json_pack("{s:s}", "field", field);
}

/* ---- colours ---- */
static bool is_one_color(const struct vsk_layer *layer) {
  for (uint32_t i = 1; i < layer->point_count; i++)
    if (layer->points[i].rgb != layer->points[0].rgb) return false;
  return true;
}

static json_t *series_color(struct printer *p) {
  const struct vsk_chart *chart = p->chart;
  json_t *domain = json_array(), *range = json_array();
  for (uint32_t i = 0; i < chart->series_count; i++) {
    append(p, domain, string(chart->series[i].name));
    append(p, range, color(chart->series[i].rgb));
  }
  json_t *legend = json_null();
  if (chart->has_legend)
    legend = json_pack("{s:s, s:o, s:i, s:i}", "orient", "top", "title",
                       chart->legend_title.size ? string(chart->legend_title) : json_null(), "columns", 6, "labelLimit",
                       160);
  return json_pack("{s:s, s:s, s:{s:o, s:o}, s:o}", "field", "c2", "type", "nominal", "scale", "domain", domain,
                   "range", range, "legend", legend);
}

static json_t *value_color(struct printer *p) {
  const struct vsk_color_scale *colors = &p->chart->colors;
  json_t *domain = json_array(), *range = json_array(), *values = json_array();
  for (uint32_t i = 0; i < VSK_SCALE_STOPS; i++) {
    append(p, domain, number(colors->low + (colors->high - colors->low) * i / (VSK_SCALE_STOPS - 1)));
    append(p, range, color(vsk_scale_stop(i)));
  }
  for (uint32_t i = 0; i < colors->tick_count; i++)
    append(p, values, number(colors->ticks[i].value));
  return json_pack("{s:s, s:s, s:{s:s, s:o, s:o}, s:{s:o, s:o}}", "field", "c5", "type", "quantitative", "scale",
                   "type", "linear", "domain", domain, "range", range, "legend", "title", string(colors->title),
                   "values", values);
}

static bool has_series_name(const struct printer *p, const struct vsk_layer *layer) {
  return p->chart->series_count > 1 && layer->mark != VSK_MARK_TEXT && layer->mark != VSK_MARK_RULE;
}

/* Series colours go through a scale, for the legend; single marks of their own colour carry it in c8. */
static void set_color(struct printer *p, const struct vsk_layer *layer, json_t *mark, json_t *encoding) {
  bool has_series = has_series_name(p, layer) && layer->mark != VSK_MARK_CANDLE;
  if (layer->mark == VSK_MARK_RECT)
    set(p, encoding, "color", value_color(p));
  else if (has_series && !(layer->mark == VSK_MARK_POINT && is_one_color(layer)))
    set(p, encoding, "color", series_color(p));
  else if (is_one_color(layer))
    set(p, mark, "color", color(layer->point_count ? layer->points[0].rgb : vsk_series_rgb(0)));
  else
    set(p, encoding, "color", json_pack("{s:s, s:s, s:n, s:n}", "field", "c8", "type", "nominal", "scale", "legend"));
}

/* ---- data ---- */

static json_t *row_of(struct printer *p, const struct vsk_panel *panel, const struct vsk_layer *layer,
                      const struct vsk_point *point) {
  json_t *row = json_object();
  if (!isnan(point->x)) set(p, row, "c0", place(&panel->x, point->x));
  if (!isnan(point->y) || layer->mark == VSK_MARK_LINE || layer->mark == VSK_MARK_AREA)
    set(p, row, "c1", isnan(point->y) ? json_null() : place(&panel->y, point->y));
  if (has_series_name(p, layer) && point->series < p->chart->series_count)
    set(p, row, "c2", string(p->chart->series[point->series].name));
  if (!isnan(point->x2)) set(p, row, "c3", place(&panel->x, point->x2));
  if (!isnan(point->y2)) set(p, row, "c4", place(&panel->y, point->y2));
  if (layer->mark == VSK_MARK_RECT) set(p, row, "c5", number(point->value));
  if (layer->mark == VSK_MARK_TEXT || layer->mark == VSK_MARK_CANDLE) set(p, row, "c5", string(point->label));
  if (layer->mark == VSK_MARK_CANDLE) {
    set(p, row, "c6", number(point->low));
    set(p, row, "c7", number(point->high));
    set(p, row, "c9", number(round((point->x + point->x2) / 2)));
  }
  if (!is_one_color(layer) && !has_series_name(p, layer) && layer->mark != VSK_MARK_RECT)
    set(p, row, "c8", color(point->rgb));
  return row;
}

static json_t *data_of(struct printer *p, const struct vsk_panel *panel, const struct vsk_layer *layer) {
  json_t *values = json_array();
  for (uint32_t i = 0; i < layer->point_count; i++)
    append(p, values, row_of(p, panel, layer, &layer->points[i]));
  return json_pack("{s:o}", "values", values);
}

/* ---- what a pointer over a mark reads ---- */
static json_t *tip(const char *field, const char *type, struct vs_str title) {
  return json_pack("{s:s, s:s, s:o}", "field", field, "type", type, "title", title.size ? string(title) : json_null());
}

/* A time in a tooltip would be local time; a calculated text is UTC as the axis is. */
static void set_tooltip(struct printer *p, const struct vsk_panel *panel, const struct vsk_layer *layer, json_t *unit,
                        json_t *encoding) {
  json_t *tips = json_array();
  if (panel->x.kind == VSK_AXIS_TIME) {
    set(p, unit, "transform",
        json_pack("[{s:s, s:s}]", "calculate", "utcFormat(datum.c0,'%Y-%m-%d %H:%M:%S')", "as", "t0"));
    append(p, tips, tip("t0", "nominal", panel->x.title));
  } else {
    append(p, tips, tip("c0", panel->x.kind == VSK_AXIS_BAND ? "nominal" : "quantitative", panel->x.title));
  }
  if (has_series_name(p, layer))
    append(p, tips, tip("c2", "nominal", p->chart->legend_title.size ? p->chart->legend_title : VS_STR("series")));
  append(p, tips, tip("c1", panel->y.kind == VSK_AXIS_BAND ? "nominal" : "quantitative", panel->y.title));
  if (layer->mark == VSK_MARK_RECT) append(p, tips, tip("c5", "quantitative", p->chart->colors.title));
  set(p, encoding, "tooltip", tips);
}

/* ---- marks ---- */
static json_t *text_mark(const struct vsk_layer *layer) {
  static const char *const aligns[] = {"center", "left", "right"};
  double side = layer->anchor == VSK_ANCHOR_START ? layer->gap : layer->anchor == VSK_ANCHOR_END ? -layer->gap : 0;
  return json_pack("{s:s, s:s, s:s, s:f, s:f, s:f, s:s}", "type", "text", "align", aligns[layer->anchor], "baseline",
                   "middle", "dx", side, "dy", -layer->rise, "fontSize", layer->size, "fontWeight",
                   layer->size > 20 ? "bold" : "normal");
}

static json_t *line_mark(const struct vsk_layer *layer) {
  bool is_area = layer->mark == VSK_MARK_AREA;
  json_t *mark = json_pack("{s:s, s:f, s:s}", "type", is_area ? "area" : "line", "strokeWidth", layer->size,
                           "strokeJoin", "round");
  if (is_area && json_object_update_new(mark, json_pack("{s:b, s:f}", "line", 1, "fillOpacity", 0.25)) != 0)
    return NULL;
  if (!is_area && layer->point_count <= HOVER_POINTS &&
      json_object_set_new(mark, "point", json_string("transparent")) != 0)
    return NULL;
  return mark;
}

static json_t *mark_of(const struct vsk_layer *layer) {
  switch (layer->mark) {
  case VSK_MARK_LINE:
  case VSK_MARK_AREA: return line_mark(layer);
  case VSK_MARK_POINT:
    return json_pack("{s:s, s:f, s:f, s:b}", "type", "point", "size", layer->size * layer->size * M_PI, "opacity",
                     layer->opacity, "filled", 1);
  case VSK_MARK_BAR: return json_pack("{s:s, s:f}", "type", "bar", "opacity", layer->opacity);
  case VSK_MARK_RECT: return json_pack("{s:s}", "type", "rect");
  case VSK_MARK_CANDLE: return json_pack("{s:s}", "type", "rect");
  case VSK_MARK_RULE:
    return json_pack("{s:s, s:f, s:[i,i]}", "type", "rule", "strokeWidth", layer->size, "strokeDash", 5, 4);
  case VSK_MARK_TEXT: return text_mark(layer);
  }
  return NULL;
}

static bool has_any(const struct vsk_layer *layer, bool is_x) {
  return layer->mark != VSK_MARK_TEXT && layer->point_count && !isnan(is_x ? layer->points[0].x2 : layer->points[0].y2);
}

static void set_places(struct printer *p, const struct vsk_panel *panel, const struct vsk_layer *layer,
                       json_t *encoding) {
  bool is_grid = p->chart->colors.is_used;
  if (panel->x.kind == VSK_AXIS_NONE) { /* the big number */
    set(p, encoding, "x", json_pack("{s:i}", "value", 0));
    set(p, encoding, "y", json_pack("{s:f}", "value", panel->height * 0.55));
    return;
  }
  bool is_level = layer->mark == VSK_MARK_RULE && layer->point_count && !isnan(layer->points[0].y);
  bool is_steep = layer->mark == VSK_MARK_RULE && !is_level;
  if (!is_level) set(p, encoding, "x", channel(p, &panel->x, "c0", is_grid));
  if (!is_steep) set(p, encoding, "y", channel(p, &panel->y, "c1", is_grid));
  if (has_any(layer, true)) set(p, encoding, "x2", field_only("c3"));
  if (has_any(layer, false)) set(p, encoding, "y2", field_only("c4"));
}

static void set_group(struct printer *p, const struct vsk_panel *panel, const struct vsk_layer *layer,
                      json_t *encoding) {
  if (layer->group_count < 2) return;
  json_t *domain = json_array();
  for (uint32_t i = 0; i < p->chart->series_count; i++)
    append(p, domain, string(p->chart->series[i].name));
  set(p, encoding, panel->y.kind == VSK_AXIS_BAND ? "yOffset" : "xOffset",
      json_pack("{s:s, s:s, s:{s:o}, s:n}", "field", "c2", "type", "nominal", "scale", "domain", domain, "sort"));
}

static json_t *unit_of(struct printer *p, const struct vsk_panel *panel, const struct vsk_layer *layer) {
  json_t *unit = json_object(), *encoding = json_object(), *mark = mark_of(layer);
  set(p, unit, "data", data_of(p, panel, layer));
  set_places(p, panel, layer, encoding);
  set_group(p, panel, layer, encoding);
  set_color(p, layer, mark, encoding);
  if (layer->mark == VSK_MARK_TEXT)
    set(p, encoding, "text", json_pack("{s:s, s:s}", "field", "c5", "type", "nominal"));
  else if (layer->mark != VSK_MARK_RULE && layer->mark != VSK_MARK_CANDLE)
    set_tooltip(p, panel, layer, unit, encoding);
  if (layer->mark == VSK_MARK_CANDLE) {
    set(p, encoding, "stroke", json_pack("{s:s, s:s, s:n, s:n}", "field", "c8", "type", "nominal", "scale", "legend"));
    set(p, encoding, "tooltip", json_pack("{s:s, s:s}", "field", "c5", "type", "nominal"));
  }
  set(p, unit, "mark", mark);
  set(p, unit, "encoding", encoding);
  return unit;
}

static json_t *wick_of(struct printer *p, const struct vsk_panel *panel, const struct vsk_layer *layer) {
  json_t *encoding = json_object(), *unit = json_object();
  set(p, encoding, "x", channel(p, &panel->x, "c9", false));
  set(p, encoding, "y", channel(p, &panel->y, "c6", false));
  set(p, encoding, "y2", field_only("c7"));
  set(p, encoding, "color", json_pack("{s:s, s:s, s:n, s:n}", "field", "c8", "type", "nominal", "scale", "legend"));
  set(p, unit, "data", data_of(p, panel, layer));
  set(p, unit, "mark", json_pack("{s:s, s:f}", "type", "rule", "strokeWidth", 1.2));
  set(p, unit, "encoding", encoding);
  return unit;
}

/* ---- the whole ---- */
/* Marks from x to x2 cannot stand on a temporal scale with a fixed domain: Vega-Lite reads the domain as dates for x
 * and as numbers for x2, and warns of the conflict. Ticks and labels are ours, so a linear scale of milliseconds draws
 * the same axis there. */
static bool has_spans(const struct vsk_panel *panel) {
  for (uint32_t i = 0; i < panel->layer_count; i++)
    if (has_any(&panel->layers[i], true)) return true;
  return false;
}

static json_t *panel_of(struct printer *p, const struct vsk_panel *panel) {
  json_t *result = json_object(), *layers = json_array();
  p->is_linear_time = has_spans(panel);
  set(p, result, "width", number(round(p->chart->plot_width)));
  set(p, result, "height", number(round(panel->height)));
  if (panel->title.size)
    set(p, result, "title",
        json_pack("{s:o, s:s, s:i, s:s}", "text", string(panel->title), "anchor", "start", "fontSize", 11, "fontWeight",
                  "normal"));
  for (uint32_t i = 0; i < panel->layer_count; i++) {
    if (!panel->layers[i].point_count) continue;
    if (panel->layers[i].mark == VSK_MARK_CANDLE) append(p, layers, wick_of(p, panel, &panel->layers[i]));
    append(p, layers, unit_of(p, panel, &panel->layers[i]));
  }
  set(p, result, "layer", layers);
  return result;
}

static void set_title(struct printer *p, json_t *spec) {
  json_t *title = json_pack("{s:o, s:s, s:s, s:i, s:i}", "text", string(p->chart->title), "anchor", "start", "frame",
                            "bounds", "fontSize", 14, "offset", 8);
  if (p->chart->subtitle.size) set(p, title, "subtitle", string(p->chart->subtitle));
  set(p, spec, "title", title);
}

static json_t *config(void) {
  return json_pack("{s:{s:i, s:i, s:s, s:f}, s:{s:n}, s:{s:i, s:i, s:s}}", "axis", "labelFontSize", 11, "titleFontSize",
                   11, "titleFontWeight", "normal", "gridOpacity", 0.4, "view", "stroke", "legend", "labelFontSize", 11,
                   "titleFontSize", 11, "titleFontWeight", "normal");
}

json_t *vsk_chart_vegalite(const struct vsk_chart *chart) {
  struct printer p = {.chart = chart};
  json_t *spec;
  if (chart->panel_count == 1) {
    spec = panel_of(&p, &chart->panels[0]);
  } else {
    json_t *panels = json_array();
    for (uint32_t i = 0; i < chart->panel_count; i++)
      append(&p, panels, panel_of(&p, &chart->panels[i]));
    spec = json_pack("{s:o, s:i}", "vconcat", panels, "spacing", 18);
  }
  set(&p, spec, "$schema", json_string(SCHEMA));
  set_title(&p, spec);
  set(&p, spec, "config", config());
  if (p.is_failed) {
    json_decref(spec);
    return NULL;
  }
  return spec;
}
