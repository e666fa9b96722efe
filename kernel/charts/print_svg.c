/* SPDX-License-Identifier: Apache-2.0
 * The SVG printer: our own drawing for clients without Vega (nbconvert, GitHub) and for live frames.
 *
 * Marks carry a class (m-line, m-bar, ...) so that tests can count them; there is no style sheet, because inside <img>
 * and in sanitised pages none applies. */
#include "engine/base/utf8.h"
#include "kernel/charts/chart_build.h"

#include <math.h>
#include <stdio.h>

#define FONT "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"
enum {
  LABEL_SIZE = 11,
  PADDING = 14,
  LEGEND_ROW = 19,
  PANEL_TITLE = 20,
  AXIS_LABELS = 20,
  AXIS_TITLE = 17,
  PANEL_GAP = 16
};

struct canvas {
  const struct vsk_chart *chart;
  const struct vsk_svg_style *style;
  struct vs_text *text;
  const char *ink, *dim, *grid; /* attributes */
};

struct frame { /* one panel's plot, pixels */
  const struct vsk_panel *panel;
  double left, top, width, height;
};

/* ---- scales ---- */
static double share_of(const struct vsk_axis *axis, double value) {
  if (axis->kind == VSK_AXIS_BAND) value += 0.5;
  return axis->high > axis->low ? (value - axis->low) / (axis->high - axis->low) : 0.5;
}
static double at_x(const struct frame *frame, double value) {
  return frame->left + share_of(&frame->panel->x, value) * frame->width;
}
/* Bands run downwards, numbers upwards. */
static double at_y(const struct frame *frame, double value) {
  double share = share_of(&frame->panel->y, value);
  return frame->top + (frame->panel->y.kind == VSK_AXIS_BAND ? share : 1 - share) * frame->height;
}
static double band_of(const struct vsk_axis *axis, double pixels) {
  return axis->tick_count ? pixels / axis->tick_count : pixels;
}

/* ---- text ---- */
static void put_text(const struct canvas *canvas, double x, double y, const char *anchor, double size,
                     const char *attributes, struct vs_str words) {
  vs_text_printf(canvas->text, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%.0f\" %s>", x, y, anchor,
                 size, attributes);
  vs_text_html(canvas->text, words);
  vs_text_puts(canvas->text, "</text>\n");
}

static void put_cut_text(const struct canvas *canvas, double x, double y, const char *anchor, double size,
                         const char *attributes, struct vs_str words, double width) {
  if (vsk_text_width(words, size) <= width) {
    put_text(canvas, x, y, anchor, size, attributes, words);
    return;
  }
  char cut[512];
  size_t kept = vs_utf8_offset(words.data, words.size, (size_t)fmax(1, width / (size * 0.59)) - 1);
  int length = snprintf(cut, sizeof cut, "%.*s\u2026", (int)VS_MIN(kept, sizeof cut - 8), words.data);
  put_text(canvas, x, y, anchor, size, attributes, (struct vs_str){cut, (size_t)length});
}

/* ---- axes ---- */
static void put_x_axis(const struct canvas *canvas, const struct frame *frame) {
  const struct vsk_axis *axis = &frame->panel->x;
  double bottom = frame->top + frame->height;
  for (uint32_t i = 0; i < axis->tick_count; i++) {
    double x = at_x(frame, axis->ticks[i].value);
    if (axis->kind != VSK_AXIS_BAND)
      vs_text_printf(canvas->text, "<line class=\"tick-x\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" %s/>\n", x,
                     x, frame->top, bottom, canvas->grid);
    if (i % axis->label_every == 0)
      put_cut_text(canvas, x, bottom + 15, "middle", LABEL_SIZE, canvas->dim, axis->ticks[i].label, 150);
  }
  if (axis->title.size)
    put_text(canvas, frame->left + frame->width / 2, bottom + 15 + AXIS_TITLE, "middle", LABEL_SIZE, canvas->dim,
             axis->title);
}

static void put_y_axis(const struct canvas *canvas, const struct frame *frame) {
  const struct vsk_axis *axis = &frame->panel->y;
  for (uint32_t i = 0; i < axis->tick_count; i++) {
    double y = at_y(frame, axis->ticks[i].value);
    if (axis->kind != VSK_AXIS_BAND)
      vs_text_printf(canvas->text, "<line class=\"tick-y\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" %s/>\n",
                     frame->left, frame->left + frame->width, y, y, canvas->grid);
    put_cut_text(canvas, frame->left - 8, y + 4, "end", LABEL_SIZE, canvas->dim, axis->ticks[i].label, 172);
  }
  if (!axis->title.size) return;
  char attributes[160];
  double x = 13, y = frame->top + frame->height / 2;
  (void)snprintf(attributes, sizeof attributes, "transform=\"rotate(-90 %.1f %.1f)\" %s", x, y, canvas->dim);
  put_cut_text(canvas, x, y, "middle", LABEL_SIZE, attributes, axis->title, fmax(frame->height + 30, 60));
}

/* ---- marks ---- */
static void put_rect(const struct canvas *canvas, const char *class_name, double x1, double y1, double x2, double y2,
                     double opacity, const struct vsk_point *point) {
  vs_text_printf(canvas->text, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#%06x\"",
                 class_name, fmin(x1, x2), fmin(y1, y2), fmax(fabs(x2 - x1), 0.5), fmax(fabs(y2 - y1), 1), point->rgb);
  if (opacity < 1) vs_text_printf(canvas->text, " fill-opacity=\"%.2f\"", opacity);
  if (!point->label.size) {
    vs_text_puts(canvas->text, "/>\n");
    return;
  }
  vs_text_puts(canvas->text, "><title>");
  vs_text_html(canvas->text, point->label);
  vs_text_puts(canvas->text, "</title></rect>\n");
}

static void put_bar(const struct canvas *canvas, const struct frame *frame, const struct vsk_layer *layer,
                    const struct vsk_point *point) {
  bool is_lying = frame->panel->y.kind == VSK_AXIS_BAND, is_upright = frame->panel->x.kind == VSK_AXIS_BAND;
  double band = is_lying ? band_of(&frame->panel->y, frame->height) : band_of(&frame->panel->x, frame->width);
  double room = band * (layer->group_count > 1 ? 0.8 : 0.72), part = room / layer->group_count;
  double offset = -room / 2 + part * (layer->group_count > 1 ? point->series : 0);
  if (is_lying) {
    double y = at_y(frame, point->y) + offset;
    put_rect(canvas, "m-bar", at_x(frame, point->x2), y, at_x(frame, point->x), y + part, layer->opacity, point);
  } else if (is_upright) {
    double x = at_x(frame, point->x) + offset;
    put_rect(canvas, "m-bar", x, at_y(frame, point->y2), x + part, at_y(frame, point->y), layer->opacity, point);
  } else {
    put_rect(canvas, "m-bar", at_x(frame, point->x), at_y(frame, point->y2), at_x(frame, point->x2),
             at_y(frame, point->y), layer->opacity, point);
  }
}

static void put_cell(const struct canvas *canvas, const struct frame *frame, const struct vsk_point *point) {
  if (frame->panel->x.kind == VSK_AXIS_BAND) {
    double wide = band_of(&frame->panel->x, frame->width) / 2 - 0.7,
           high = band_of(&frame->panel->y, frame->height) / 2 - 0.7;
    double x = at_x(frame, point->x), y = at_y(frame, point->y);
    put_rect(canvas, "m-rect", x - wide, y - high, x + wide, y + high, 1, point);
  } else {
    put_rect(canvas, "m-rect", at_x(frame, point->x), at_y(frame, point->y), at_x(frame, point->x2),
             at_y(frame, point->y2), 1, point);
  }
}

static void put_candle(const struct canvas *canvas, const struct frame *frame, const struct vsk_point *point) {
  double x1 = at_x(frame, point->x), x2 = at_x(frame, point->x2), middle = (x1 + x2) / 2;
  vs_text_printf(canvas->text,
                 "<line class=\"m-wick\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#%06x\" "
                 "stroke-width=\"1.2\"/>\n",
                 middle, middle, at_y(frame, point->low), at_y(frame, point->high), point->rgb);
  put_rect(canvas, "m-candle", x1, at_y(frame, point->y), x2, at_y(frame, point->y2), 1, point);
}

static uint32_t end_of_series(const struct vsk_layer *layer, uint32_t begin) {
  uint32_t end = begin;
  while (end < layer->point_count && layer->points[end].series == layer->points[begin].series)
    end++;
  return end;
}

static void put_path(const struct canvas *canvas, const struct frame *frame, const struct vsk_point *points,
                     uint32_t count) {
  bool is_drawing = false;
  for (uint32_t i = 0; i < count; i++) {
    if (isnan(points[i].y)) {
      is_drawing = false;
      continue;
    }
    vs_text_printf(canvas->text, "%c%.1f %.1f", is_drawing ? 'L' : 'M', at_x(frame, points[i].x),
                   at_y(frame, points[i].y));
    is_drawing = true;
  }
}

static void put_area(const struct canvas *canvas, const struct frame *frame, const struct vsk_point *points,
                     uint32_t count) {
  double base = at_y(frame, fmin(fmax(0, frame->panel->y.low), frame->panel->y.high));
  vs_text_puts(canvas->text, "<path class=\"m-area\" d=\"");
  for (uint32_t begin = 0, end; begin < count; begin = end + 1) {
    for (end = begin; end < count && !isnan(points[end].y);)
      end++;
    if (end == begin) continue;
    put_path(canvas, frame, points + begin, end - begin);
    vs_text_printf(canvas->text, "L%.1f %.1fL%.1f %.1fZ", at_x(frame, points[end - 1].x), base,
                   at_x(frame, points[begin].x), base);
  }
  vs_text_printf(canvas->text, "\" fill=\"#%06x\" fill-opacity=\"0.25\"/>\n", points[0].rgb);
}

static void put_lines(const struct canvas *canvas, const struct frame *frame, const struct vsk_layer *layer) {
  for (uint32_t begin = 0, end; begin < layer->point_count; begin = end) {
    end = end_of_series(layer, begin);
    const struct vsk_point *points = layer->points + begin;
    if (layer->mark == VSK_MARK_AREA) put_area(canvas, frame, points, end - begin);
    vs_text_puts(canvas->text, "<path class=\"m-line\" d=\"");
    put_path(canvas, frame, points, end - begin);
    vs_text_printf(canvas->text,
                   "\" fill=\"none\" stroke=\"#%06x\" stroke-width=\"%.1f\" stroke-linejoin=\"round\" "
                   "stroke-linecap=\"round\"/>\n",
                   points[0].rgb, layer->size);
  }
}

static void put_circle(const struct canvas *canvas, const struct frame *frame, const struct vsk_layer *layer,
                       const struct vsk_point *point) {
  vs_text_printf(canvas->text, "<circle class=\"m-point\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#%06x\"",
                 at_x(frame, point->x), at_y(frame, point->y), layer->size, point->rgb);
  if (layer->opacity < 1) vs_text_printf(canvas->text, " fill-opacity=\"%.2f\"", layer->opacity);
  vs_text_puts(canvas->text, "/>\n");
}

static void put_rule(const struct canvas *canvas, const struct frame *frame, const struct vsk_layer *layer,
                     const struct vsk_point *point) {
  bool is_level = !isnan(point->y);
  double x = is_level ? 0 : at_x(frame, point->x), y = is_level ? at_y(frame, point->y) : 0;
  vs_text_printf(
      canvas->text,
      "<line class=\"m-rule\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#%06x\" stroke-width=\"%.1f\" "
      "stroke-dasharray=\"5 4\"/>\n",
      is_level ? frame->left : x, is_level ? frame->left + frame->width : x, is_level ? y : frame->top,
      is_level ? y : frame->top + frame->height, point->rgb, layer->size);
}

static void put_label(const struct canvas *canvas, const struct frame *frame, const struct vsk_layer *layer,
                      const struct vsk_point *point) {
  static const char *const anchors[] = {"middle", "start", "end"};
  double side = layer->anchor == VSK_ANCHOR_START ? layer->gap : layer->anchor == VSK_ANCHOR_END ? -layer->gap : 0;
  char attributes[80];
  (void)snprintf(attributes, sizeof attributes, "class=\"m-text\" fill=\"#%06x\"%s", point->rgb,
                 layer->size > 20 ? " font-weight=\"600\"" : "");
  put_text(canvas, at_x(frame, point->x) + side, at_y(frame, point->y) - layer->rise + layer->size * 0.35,
           anchors[layer->anchor], layer->size, attributes, point->label);
}

static void put_layer(const struct canvas *canvas, const struct frame *frame, const struct vsk_layer *layer) {
  if (layer->mark == VSK_MARK_LINE || layer->mark == VSK_MARK_AREA) {
    put_lines(canvas, frame, layer);
    return;
  }
  for (uint32_t i = 0; i < layer->point_count; i++) {
    const struct vsk_point *point = &layer->points[i];
    switch (layer->mark) {
    case VSK_MARK_LINE:
    case VSK_MARK_AREA: break;
    case VSK_MARK_POINT: put_circle(canvas, frame, layer, point); break;
    case VSK_MARK_BAR: put_bar(canvas, frame, layer, point); break;
    case VSK_MARK_RECT: put_cell(canvas, frame, point); break;
    case VSK_MARK_CANDLE: put_candle(canvas, frame, point); break;
    case VSK_MARK_RULE: put_rule(canvas, frame, layer, point); break;
    case VSK_MARK_TEXT: put_label(canvas, frame, layer, point); break;
    }
  }
}

/* ---- legends ---- */
/* Draws (or, without a canvas, only measures) the row of names; returns its height. */
static double put_legend(const struct canvas *canvas, const struct vsk_chart *chart, double left, double top) {
  double x = left, y = top;
  if (!chart->has_legend) return 0;
  if (chart->legend_title.size) {
    if (canvas) put_text(canvas, x, y + 12, "start", LABEL_SIZE, canvas->dim, chart->legend_title);
    x += vsk_text_width(chart->legend_title, LABEL_SIZE) + 12;
  }
  for (uint32_t i = 0; i < chart->series_count; i++) {
    double width = fmin(vsk_text_width(chart->series[i].name, LABEL_SIZE), 160) + 30;
    if (x + width > VSK_CHART_WIDTH && x > left) x = left, y += LEGEND_ROW;
    if (canvas) {
      vs_text_printf(
          canvas->text,
          "<rect class=\"legend\" x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" rx=\"2\" fill=\"#%06x\"/>\n", x,
          y + 3, chart->series[i].rgb);
      put_cut_text(canvas, x + 15, y + 12, "start", LABEL_SIZE, canvas->ink, chart->series[i].name, 160);
    }
    x += width;
  }
  return y - top + LEGEND_ROW + 4;
}

static void put_color_scale(const struct canvas *canvas, const struct frame *frame) {
  const struct vsk_color_scale *colors = &canvas->chart->colors;
  double x = frame->left + frame->width + 16, height = fmin(frame->height, 180), top = frame->top;
  vs_text_printf(canvas->text, "<defs><linearGradient id=\"%s-scale\" x1=\"0\" x2=\"0\" y1=\"1\" y2=\"0\">",
                 canvas->style->id_prefix);
  for (uint32_t i = 0; i < VSK_SCALE_STOPS; i++)
    vs_text_printf(canvas->text, "<stop offset=\"%.3f\" stop-color=\"#%06x\"/>", i / (VSK_SCALE_STOPS - 1.0),
                   vsk_scale_stop(i));
  vs_text_printf(
      canvas->text,
      "</linearGradient></defs>\n<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"%.1f\" fill=\"url(#%s-scale)\"/>\n",
      x, top, height, canvas->style->id_prefix);
  for (uint32_t i = 0; i < colors->tick_count; i++) {
    double share = (colors->ticks[i].value - colors->low) / (colors->high - colors->low);
    put_text(canvas, x + 15, top + (1 - share) * height + 4, "start", 10, canvas->dim, colors->ticks[i].label);
  }
}

/* ---- the whole ---- */
static double axis_height(const struct vsk_axis *axis) {
  if (axis->kind == VSK_AXIS_NONE) return 0;
  return AXIS_LABELS + (axis->title.size ? AXIS_TITLE : 0);
}

static double head_height(const struct vsk_chart *chart) {
  return PADDING + (chart->title.size ? 20 : 0) + (chart->subtitle.size ? 16 : 0) +
         put_legend(NULL, chart, chart->plot_left, 0) + 4;
}

static double panel_height(const struct vsk_panel *panel) {
  return (panel->title.size ? PANEL_TITLE : 4) + panel->height + axis_height(&panel->x);
}

static double whole_height(const struct vsk_chart *chart) {
  double height = head_height(chart) + PADDING;
  for (uint32_t i = 0; i < chart->panel_count; i++)
    height += panel_height(&chart->panels[i]) + (i ? PANEL_GAP : 0);
  return ceil(height);
}

static void put_head(const struct canvas *canvas) {
  const struct vsk_chart *chart = canvas->chart;
  char bold[160];
  double y = PADDING;
  (void)snprintf(bold, sizeof bold, "font-weight=\"600\" %s", canvas->ink);
  if (chart->title.size) {
    put_cut_text(canvas, PADDING - 2, y + 12, "start", 14, bold, chart->title, VSK_CHART_WIDTH - 2 * PADDING);
    y += 20;
  }
  if (chart->subtitle.size) {
    put_cut_text(canvas, PADDING - 2, y + 10, "start", LABEL_SIZE, canvas->dim, chart->subtitle,
                 VSK_CHART_WIDTH - 2 * PADDING);
    y += 16;
  }
  (void)put_legend(canvas, chart, chart->plot_left, y);
}

static void put_panel(const struct canvas *canvas, const struct vsk_panel *panel, double top) {
  const struct vsk_chart *chart = canvas->chart;
  double title = panel->title.size ? PANEL_TITLE : 4;
  struct frame frame = {panel, chart->plot_left, top + title, chart->plot_width, panel->height};
  if (panel->title.size) put_text(canvas, frame.left, top + 11, "start", LABEL_SIZE, canvas->dim, panel->title);
  put_x_axis(canvas, &frame);
  put_y_axis(canvas, &frame);
  if (chart->colors.is_used) put_color_scale(canvas, &frame);
  for (uint32_t i = 0; i < panel->layer_count; i++)
    put_layer(canvas, &frame, &panel->layers[i]);
}

void vsk_chart_svg(const struct vsk_chart *chart, const struct vsk_svg_style *style, struct vs_text *ret_text) {
  bool is_inline = style->is_inline;
  struct canvas canvas = {chart,
                          style,
                          ret_text,
                          is_inline ? "fill=\"currentColor\"" : "fill=\"#24292f\"",
                          is_inline ? "fill=\"currentColor\" fill-opacity=\"0.72\"" : "fill=\"#57606a\"",
                          is_inline ? "stroke=\"currentColor\" stroke-opacity=\"0.14\"" : "stroke=\"#e6e8eb\""};
  double height = whole_height(chart), top = head_height(chart);
  vs_text_printf(
      ret_text,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" height=\"%.0f\" role=\"img\" "
      "aria-labelledby=\"%s-title\" font-family=\"" FONT
      "\" style=\"max-width:100%%;height:auto\">\n<title id=\"%s-title\">",
      VSK_CHART_WIDTH, height, VSK_CHART_WIDTH, height, style->id_prefix, style->id_prefix);
  vs_text_html(ret_text, chart->title);
  vs_text_puts(ret_text, "</title>\n");
  if (!is_inline)
    vs_text_printf(ret_text, "<rect width=\"%d\" height=\"%.0f\" rx=\"6\" fill=\"#ffffff\"/>\n", VSK_CHART_WIDTH,
                   height);
  put_head(&canvas);
  for (uint32_t i = 0; i < chart->panel_count; i++) {
    put_panel(&canvas, &chart->panels[i], top);
    top += panel_height(&chart->panels[i]) + PANEL_GAP;
  }
  vs_text_puts(ret_text, "</svg>");
}
