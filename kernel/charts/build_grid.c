/* SPDX-License-Identifier: Apache-2.0
 * Two keys and one measure (row 17): a heatmap, or grouped bars when both keys are short. */
#include "kernel/charts/chart_build.h"

#include <math.h>

enum { SHORT_KEY = 4, GRID_X = 60, GRID_Y = 40, LABELLED_CELLS = 160 };

struct grid {
  const struct vsk_key *x, *y;
  uint32_t x_count, y_count;
  double *cells; /* cells[y * x_count + x] */
  double low, high;
};

/* An ordered key runs along x (months, hours); else the longer one does, since names read better in a column of rows.
 */
static void orient(const struct vsk_shape *shape, struct grid *grid) {
  const struct vsk_key *a = &shape->keys[0], *b = &shape->keys[1];
  bool is_a_across = a->is_ordinal != b->is_ordinal ? a->is_ordinal : a->count >= b->count;
  grid->x = is_a_across ? a : b;
  grid->y = is_a_across ? b : a;
  grid->x_count = VS_MIN(grid->x->count, GRID_X);
  grid->y_count = VS_MIN(grid->y->count, GRID_Y);
}

static vs_status fill(struct vsk_build *build, struct grid *grid, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  uint32_t count = grid->x_count * grid->y_count;
  grid->cells = VS_ARENA_ARRAY(build->arena, double, count + 1);
  if (!grid->cells) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++)
    grid->cells[i] = NAN;
  for (uint32_t i = 0; i < shape->row_count; i++) {
    uint32_t x = grid->x->codes[i], y = grid->y->codes[i];
    if (x < grid->x_count && y < grid->y_count) grid->cells[y * grid->x_count + x] = shape->measures[0].values[i];
  }
  grid->low = INFINITY, grid->high = -INFINITY;
  for (uint32_t i = 0; i < count; i++)
    grid->low = fmin(grid->low, grid->cells[i]), grid->high = fmax(grid->high, grid->cells[i]);
  if (grid->low > grid->high) grid->low = 0, grid->high = 1;
  if (grid->x_count < grid->x->count || grid->y_count < grid->y->count)
    VS_TRY(vsk_build_subtitle(build, err, "the first %u by %u of %u by %u", grid->x_count, grid->y_count,
                              grid->x->count, grid->y->count));
  return VS_OK;
}

static vs_status set_colors(struct vsk_build *build, const struct grid *grid, struct vs_error *err) {
  struct vsk_axis axis = {0};
  if (!vsk_axis_number(&axis, grid->low, grid->high, 5, false, build->arena)) return vs_fail_memory(err);
  build->chart->colors = (struct vsk_color_scale){.is_used = true,
                                                  .low = axis.low,
                                                  .high = axis.high,
                                                  .title = build->shape->measures[0].name,
                                                  .ticks = axis.ticks,
                                                  .tick_count = axis.tick_count};
  return VS_OK;
}

/* Three digits at most fit a cell. */
static struct vs_str cell_label(struct vsk_build *build, double value) {
  double size = fabs(value);
  int decimals = size >= 99.95 || value == floor(value) ? 0 : 1;
  if (size >= 1e4 || (size > 0 && size < 0.05)) return vsk_number_label(value, false, build->arena);
  return vs_str_of(vs_arena_printf(build->arena, "%.*f", decimals, value));
}

/* Labels of one ink are one layer: in Vega-Lite a second colour field would fight the cells' colour scale. */
static vs_status add_labels(struct vsk_build *build, struct vsk_panel *panel, const struct vsk_layer *cells,
                            uint32_t ink, struct vs_error *err) {
  struct vsk_layer *text = vsk_build_layer(build, panel, VSK_MARK_TEXT, cells->point_count);
  if (!text) return vs_fail_memory(err);
  text->size = 10;
  for (uint32_t i = 0; i < cells->point_count; i++) {
    struct vsk_point point = cells->points[i];
    if (vsk_ink_rgb(point.rgb) != ink) continue;
    point.rgb = ink;
    point.label = cell_label(build, point.value);
    vsk_build_add(text, point);
  }
  return VS_OK;
}

static vs_status add_cells(struct vsk_build *build, struct vsk_panel *panel, const struct grid *grid,
                           struct vs_error *err) {
  uint32_t count = grid->x_count * grid->y_count;
  struct vsk_layer *cells = vsk_build_layer(build, panel, VSK_MARK_RECT, count);
  if (!cells) return vs_fail_memory(err);
  const struct vsk_color_scale *colors = &build->chart->colors;
  for (uint32_t i = 0; i < count; i++) {
    if (isnan(grid->cells[i])) continue;
    struct vsk_point point = vsk_point_at(i % grid->x_count, i / grid->x_count);
    point.value = grid->cells[i];
    point.rgb = vsk_scale_rgb((point.value - colors->low) / (colors->high - colors->low));
    vsk_build_add(cells, point);
  }
  if (count > LABELLED_CELLS || grid->x_count > 16) return VS_OK;
  VS_TRY(add_labels(build, panel, cells, VSK_DARK_INK, err));
  return add_labels(build, panel, cells, VSK_LIGHT_INK, err);
}

vs_status vsk_build_heatmap(struct vsk_build *build, struct vs_error *err) {
  struct grid grid;
  orient(build->shape, &grid);
  struct vs_str by =
      vs_str_of(vs_arena_printf(build->arena, "%.*s and %.*s", VS_STR_ARG(grid.y->name), VS_STR_ARG(grid.x->name)));
  VS_TRY(vsk_build_title(build, build->shape->measures[0].name, by, err));
  VS_TRY(fill(build, &grid, err));
  VS_TRY(set_colors(build, &grid, err));
  struct vsk_panel *panel = vsk_build_panel(build, fmax(56, grid.y_count * (grid.y_count > 12 ? 22.0 : 30.0)));
  panel->x.title = grid.x->name, panel->y.title = grid.y->name;
  if (!vsk_axis_band(&panel->x, grid.x->labels, grid.x_count, build->arena) ||
      !vsk_axis_band(&panel->y, grid.y->labels, grid.y_count, build->arena))
    return vs_fail_memory(err);
  return add_cells(build, panel, &grid, err);
}

static vs_status add_groups(struct vsk_build *build, struct vsk_panel *panel, const struct grid *grid,
                            struct vs_error *err) {
  struct vsk_layer *layer = vsk_build_layer(build, panel, VSK_MARK_BAR, grid->x_count * grid->y_count);
  if (!layer) return vs_fail_memory(err);
  layer->group_count = grid->y_count;
  for (uint32_t x = 0; x < grid->x_count; x++)
    for (uint32_t y = 0; y < grid->y_count; y++) {
      double value = grid->cells[y * grid->x_count + x];
      if (isnan(value)) continue;
      struct vsk_point point = vsk_point_at(x, value);
      point.y2 = 0, point.series = y, point.rgb = build->chart->series[y].rgb;
      vsk_build_add(layer, point);
    }
  return VS_OK;
}

static vs_status build_groups(struct vsk_build *build, struct vs_error *err) {
  struct grid grid;
  orient(build->shape, &grid);
  struct vs_str by =
      vs_str_of(vs_arena_printf(build->arena, "%.*s and %.*s", VS_STR_ARG(grid.x->name), VS_STR_ARG(grid.y->name)));
  VS_TRY(vsk_build_title(build, build->shape->measures[0].name, by, err));
  VS_TRY(fill(build, &grid, err));
  VS_TRY(vsk_build_series(build, grid.y->labels, grid.y_count, err));
  build->chart->has_legend = true;
  build->chart->legend_title = grid.y->name;
  struct vsk_panel *panel = vsk_build_panel(build, 230);
  panel->x.title = grid.x->name, panel->y.title = build->shape->measures[0].name;
  if (!vsk_axis_band(&panel->x, grid.x->labels, grid.x_count, build->arena) ||
      !vsk_axis_number(&panel->y, fmin(0, grid.low), fmax(0, grid.high), 5, false, build->arena))
    return vs_fail_memory(err);
  return add_groups(build, panel, &grid, err);
}

vs_status vsk_build_grid(struct vsk_build *build, struct vs_error *err) {
  const struct vsk_shape *shape = build->shape;
  bool is_short = shape->keys[0].count <= SHORT_KEY && shape->keys[1].count <= SHORT_KEY;
  return is_short ? build_groups(build, err) : vsk_build_heatmap(build, err);
}
