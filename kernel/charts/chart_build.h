/* SPDX-License-Identifier: Apache-2.0
 * Building a model from a shape. One function per family of charts; each fills panels, series and titles. A builder
 * never fails but for memory: rules and hints have checked the roles before. Private to this room. */
#ifndef VSK_CHARTS_CHART_BUILD_H
#define VSK_CHARTS_CHART_BUILD_H

#include "kernel/charts/chart_scale.h"
#include "kernel/charts/chart_shape.h"

struct vsk_build {
  const struct vsk_shape *shape;
  struct vsk_chart *chart;
  struct vs_arena *arena;
};
typedef vs_status vsk_builder(struct vsk_build *build, struct vs_error *err);

/* ---- the builders, by file ---- */
vsk_builder vsk_build_lines; /* build_lines.c: T, keys or measures as series; alerts */
vsk_builder vsk_build_areas;
vsk_builder vsk_build_newest;       /* build_newest.c: bars of the newest window over its history */
vsk_builder vsk_build_time_bars;    /* build_newest.c: one bar per window */
vsk_builder vsk_build_candles;      /* build_candles.c */
vsk_builder vsk_build_key_bars;     /* build_bars.c: one key, one measure */
vsk_builder vsk_build_measure_bars; /* build_bars.c: one key, several measures */
vsk_builder vsk_build_grid;         /* build_grid.c: two keys: heatmap or grouped bars */
vsk_builder vsk_build_heatmap;      /* build_grid.c: two keys, always a heatmap */
vsk_builder vsk_build_scatter;      /* build_raw.c: two raw measures; many rows: binned */
vsk_builder vsk_build_histogram;    /* build_raw.c */
vsk_builder vsk_build_points;       /* build_raw.c: T and one measure as points */
vsk_builder vsk_build_number;       /* build_number.c: one big number, with a gauge below an alert */
vsk_builder vsk_build_nothing;      /* no chart, the reason alone */

/* ---- what they share ---- */
/* Adds a panel at the bottom; there is room for VSK_CHART_PANELS. */
struct vsk_panel *vsk_build_panel(struct vsk_build *build, double height);
/* A layer with room for `capacity` points; NULL when the arena is full. */
struct vsk_layer *vsk_build_layer(struct vsk_build *build, struct vsk_panel *panel, vsk_mark mark, uint32_t capacity);
void vsk_build_add(struct vsk_layer *layer, struct vsk_point point);
/* The bare point: every coordinate NAN, series 0, colour of series 0. */
struct vsk_point vsk_point_at(double x, double y);
vs_status vsk_build_series(struct vsk_build *build, const struct vs_str *names, uint32_t count, struct vs_error *err);
/* "turnover by symbol per hour, side buy" unless a hint names the title; `by` may be empty. */
vs_status vsk_build_title(struct vsk_build *build, struct vs_str what, struct vs_str by, struct vs_error *err);
vs_status vsk_build_subtitle(struct vsk_build *build, struct vs_error *err, const char *format, ...) VS_PRINTF(3, 4);
vs_status vsk_build_time_axis(struct vsk_build *build, struct vsk_panel *panel, double low, double high,
                              struct vs_error *err);
bool vsk_is_percent(const struct vsk_shape *shape, uint32_t measure);
/* A rule at the alert's threshold with its label, or the label alone at the edge. Call when both axes are set. */
vs_status vsk_build_alert_rule(struct vsk_build *build, struct vsk_panel *panel, struct vs_error *err);
/* Low and high of a line's axis with the threshold joined within 4x of the data. */
void vsk_build_join_threshold(const struct vsk_build *build, uint32_t measure, double *low, double *high);

/* Lines of `series_of[row]` (UINT32_MAX: left out) for one measure, at most `budget` points. */
vs_status vsk_build_line_layer(struct vsk_build *build, struct vsk_panel *panel, vsk_mark mark,
                               const uint32_t *series_of, const double *values, uint32_t budget, struct vs_error *err);
/* Names at the right end of every line when they fit, else the legend. */
vs_status vsk_build_line_labels(struct vsk_build *build, struct vsk_panel *panel, struct vs_error *err);
/* Series of one key: all, or top 10 and "other" beyond 12. Sets the chart's series and gives a row's series. */
vs_status vsk_build_key_series(struct vsk_build *build, const struct vsk_key *key, const struct vsk_measure *measure,
                               uint32_t **ret_series_of, struct vs_error *err);

/* Keeps the first, the last and each bucket's extremes; returns the new count, at most VS_MAX(budget, 4). */
uint32_t vsk_sample_extremes(struct vsk_point *points, uint32_t count, uint32_t budget);
/* Pixels: margins and the plot's width. The last step. */
void vsk_chart_place(struct vsk_chart *chart);
double vsk_text_width(struct vs_str text, double font_size); /* pixels, estimated */

#endif
