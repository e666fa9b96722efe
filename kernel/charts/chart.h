/* SPDX-License-Identifier: Apache-2.0
 * From the shape of a result to a chart: vsk_chart_choose applies the decision table and builds one model, three
 * printers draw it. Whatever a printer needs to decide (domains, ticks, order, colours, labels) is decided in the
 * model, so Vega-Lite, SVG and text show the same chart.
 *
 * Memory  a chart lives in the arena given; it borrows names and strings of the input until the arena is reset
 * Thread  any, one per arena */
#ifndef VSK_CHARTS_CHART_H
#define VSK_CHARTS_CHART_H

#include "engine/types/batch.h"
#include "kernel/display/bundle.h"

enum {
  VSK_CHART_WIDTH = 640,   /* pixels of the whole drawing; fixed, since "container" freezes JupyterLab */
  VSK_CHART_POINTS = 2000, /* drawn per chart; the rows to ask the engine for */
  VSK_CHART_SERIES = 12,
  VSK_CHART_TOP = 10, /* of more than 12 series, beside "other" */
  VSK_CHART_BARS = 30,
  VSK_CHART_PANELS = 4
};

/* ---- what goes in ---- */
struct vsk_chart_alert {
  int column;         /* hidden BOOLEAN column: the row satisfies the alert; -1: compare the measure */
  int measure_column; /* column compared with a constant; -1: none, then only points are marked */
  double threshold;
  bool is_below;      /* fires at < or <= */
  struct vs_str text; /* the condition as written, "volatility > 1 %": a % makes the axis a percentage */
};

struct vsk_chart_hint { /* @viz or %viz; NULL data: not given */
  struct vs_str mark;   /* line bar area point scatter histogram heatmap candlestick stat gauge table */
  struct vs_str title, x, y, color;
};

struct vsk_chart_input {
  const struct vs_schema *schema;
  const struct vs_batch *rows; /* hidden columns included; may exceed VS_BATCH_ROWS */
  bool has_aggregate;          /* GROUP BY, WINDOW or an aggregate; false: raw rows */
  struct vsk_chart_hint hint;
  const struct vsk_chart_alert *alerts;
  uint32_t alert_count;
  uint64_t total_rows;   /* of the result; said when rows are fewer */
  uint64_t open_windows; /* why a windowed result may still be empty */
};

/* ---- the model ---- */
typedef enum { VSK_AXIS_NONE, VSK_AXIS_NUMBER, VSK_AXIS_TIME, VSK_AXIS_BAND } vsk_axis_kind;

struct vsk_tick {
  double value; /* NUMBER: in data units; TIME: epoch milliseconds; BAND: index of the band */
  struct vs_str label;
};

struct vsk_axis {
  vsk_axis_kind kind;
  struct vs_str title;
  double low, high;       /* domain; BAND: 0 and tick_count */
  struct vsk_tick *ticks; /* ascending; of a BAND every band, first drawn leftmost or topmost */
  uint32_t tick_count;
  uint32_t label_every; /* BAND: each n-th is labelled; 1 else */
};

typedef enum {
  VSK_MARK_LINE,  /* one path per series, in order of points; NaN y breaks it */
  VSK_MARK_AREA,  /* the same, filled down to 0 or the domain's low end */
  VSK_MARK_POINT, /* circle at x, y */
  VSK_MARK_BAR, /* from base to value: upright (x band, or time x..x2) between y and y2, lying (y band) between x and x2
                 */
  VSK_MARK_RECT,   /* cell x (..x2), y (..y2), coloured by value on the chart's colour scale */
  VSK_MARK_CANDLE, /* body x..x2, y (open) to y2 (close), wick low..high */
  VSK_MARK_RULE,   /* dashed line across the panel at y, or at x when y is NaN */
  VSK_MARK_TEXT    /* label at x, y */
} vsk_mark;

struct vsk_point {
  double x, x2, y, y2; /* data units of the axes; band axes: the band's index */
  double low, high;    /* CANDLE */
  double value;        /* RECT */
  uint32_t series;     /* index into the chart's series; of LINE and AREA ascending */
  uint32_t rgb;        /* 0xRRGGBB */
  struct vs_str label; /* TEXT; else what a pointer over the mark reads, may be empty */
};

typedef enum { VSK_ANCHOR_MIDDLE, VSK_ANCHOR_START, VSK_ANCHOR_END } vsk_anchor;
struct vsk_layer {
  vsk_mark mark;
  struct vsk_point *points;
  uint32_t point_count;
  uint32_t group_count; /* BAR: bars side by side in one band, by series; 1 else */
  double size;          /* LINE, RULE: width; POINT: radius; TEXT: font size; pixels */
  double opacity;
  vsk_anchor anchor; /* TEXT; START and END keep `gap` pixels off the point */
  double gap, rise;  /* TEXT, pixels: to the side, and upwards */
};

enum { VSK_PANEL_LAYERS = 6 };
struct vsk_panel {
  struct vs_str title;
  struct vsk_axis x, y;
  struct vsk_layer layers[VSK_PANEL_LAYERS]; /* drawn in order */
  uint32_t layer_count;
  double height; /* of the plot, pixels */
};

struct vsk_series {
  struct vs_str name;
  uint32_t rgb;
};

struct vsk_color_scale { /* RECT: seven stops between low and high */
  bool is_used;
  double low, high;
  struct vs_str title;
  struct vsk_tick *ticks;
  uint32_t tick_count;
};

struct vsk_chart {
  uint32_t rule;         /* row of the decision table */
  const char *mark_name; /* "line", "bar", ...; "none" for rows 2 and 22 */
  struct vs_str reason;  /* one sentence for %viz explain and text/plain */
  struct vs_str roles;   /* "time: window end; key: symbol (5); measure: turnover (additive)" */
  struct vs_str title, subtitle;
  struct vsk_panel panels[VSK_CHART_PANELS]; /* from top to bottom, sharing left and width */
  uint32_t panel_count;                      /* 0: there is no chart, only the reason */
  struct vsk_series *series;
  uint32_t series_count;
  bool has_legend; /* a row of names above; else series are labelled directly */
  struct vs_str legend_title;
  struct vsk_color_scale colors;
  double plot_left, plot_width; /* pixels of VSK_CHART_WIDTH */
};

/* Errors: VELO-6006 when a hint asks for what the result cannot show (names the missing role); VELO-6002 for an unknown
 * mark; VELO-5001. No chart is not an error: panel_count is 0 then. */
vs_status vsk_chart_choose(const struct vsk_chart_input *input, struct vs_arena *arena, struct vsk_chart **ret_chart,
                           struct vs_error *err) VS_NODISCARD;

/* ---- printers; none fails but for memory ---- */
json_t *vsk_chart_vegalite(const struct vsk_chart *chart); /* a new reference; NULL without memory */
struct vsk_svg_style {
  bool is_inline;        /* for a live frame in text/html: transparent, text in currentColor. Else a white panel */
  const char *id_prefix; /* of every id inside; unique per output */
};
void vsk_chart_svg(const struct vsk_chart *chart, const struct vsk_svg_style *style, struct vs_text *ret_text);
void vsk_chart_text(const struct vsk_chart *chart, struct vs_text *ret_text);

/* The final output: vegalite + svg + plain, never HTML. */
vs_status vsk_chart_bundle(const struct vsk_chart *chart, const char *id_prefix, struct vs_memory *memory,
                           json_t **ret_data, struct vs_error *err) VS_NODISCARD;
/* A live frame: HTML holding the inline SVG under `live_line` (may be empty) + plain. */
vs_status vsk_chart_frame(const struct vsk_chart *chart, const char *id_prefix, struct vs_str live_line,
                          struct vs_memory *memory, json_t **ret_data, struct vs_error *err) VS_NODISCARD;

/* `%viz explain`: the roles found, the row chosen and why. */
void vsk_chart_explain(const struct vsk_chart *chart, struct vs_text *ret_text);
/* VELO-6002 with the nearest names when no mark is called so. */
vs_status vsk_chart_mark_check(struct vs_str mark, struct vs_error *err) VS_NODISCARD;
/* The marks a hint may name, for completion: "line", "bar", ...; NULL at the end. */
extern const char *const vsk_chart_mark_names[];

#endif
