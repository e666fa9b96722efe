/* SPDX-License-Identifier: Apache-2.0
 * The decision table: the first row whose shape matches draws the chart. A new rule is one row here and a builder. */
#include "engine/base/suggest.h"
#include "kernel/charts/chart_build.h"

#include <math.h>
#include <stdio.h>

enum { FEW_WINDOWS = 48, TABLE_COLUMNS = 12, HISTOGRAM_ROWS = 20 };

/* ---- shapes ---- */
static bool has_time(const struct vsk_shape *s) {
  return s->times && s->instant_count > 0;
}
static bool has_times(const struct vsk_shape *s) {
  return s->times && s->instant_count >= 2;
}
static bool is_additive(const struct vsk_shape *s) {
  return s->measure_count > 0 && s->measures[0].kind == VS_MEASURE_ADDITIVE;
}
/* A window that came once orders nothing. */
static bool is_timeless(const struct vsk_shape *s) {
  return !has_times(s);
}

static bool is_empty(const struct vsk_shape *s) {
  return s->row_count == 0;
}
static bool is_number(const struct vsk_shape *s) {
  return s->row_count == 1 && s->measure_count == 1 && !isnan(s->measures[0].values[0]);
}
/* A large NULL says no more than the table does, and the rules below need more than one value. */
static bool is_null(const struct vsk_shape *s) {
  return s->row_count == 1 && s->measure_count == 1;
}
static bool is_candles(const struct vsk_shape *s) {
  return s->open >= 0 && has_time(s) && s->key_count == 0;
}
static bool is_alert(const struct vsk_shape *s) {
  return s->has_aggregate && s->alert && has_times(s) && s->key_count <= 1;
}
static bool is_key_lines(const struct vsk_shape *s) {
  return s->has_aggregate && has_times(s) && s->key_count == 1 && s->keys[0].count <= VSK_CHART_SERIES &&
         s->measure_count == 1 && !is_additive(s);
}
static bool is_key_sums(const struct vsk_shape *s) {
  return s->has_aggregate && has_time(s) && s->key_count == 1 && s->keys[0].count <= VSK_CHART_SERIES &&
         s->measure_count == 1 && is_additive(s);
}
static bool is_few_windows(const struct vsk_shape *s) {
  return s->has_aggregate && has_time(s) && s->key_count == 0 && s->measure_count == 1 && is_additive(s) &&
         s->instant_count <= FEW_WINDOWS;
}
static bool is_one_line(const struct vsk_shape *s) {
  return s->has_aggregate && has_times(s) && s->key_count == 0 && s->measure_count == 1;
}
static bool is_many_measures(const struct vsk_shape *s) {
  return s->has_aggregate && has_times(s) && s->key_count <= 1 && s->measure_count >= 2;
}
static bool is_many_keys(const struct vsk_shape *s) {
  return s->has_aggregate && has_times(s) && s->key_count == 1 && s->keys[0].count > VSK_CHART_SERIES &&
         s->measure_count == 1;
}
static bool is_key_pairs(const struct vsk_shape *s) {
  return s->has_aggregate && has_times(s) && s->key_count == 2 && s->measure_count == 1;
}
static bool is_key_bars(const struct vsk_shape *s) {
  return s->has_aggregate && is_timeless(s) && s->key_count == 1 && s->measure_count == 1;
}
static bool is_measure_bars(const struct vsk_shape *s) {
  return s->has_aggregate && is_timeless(s) && s->key_count == 1 && s->measure_count >= 2 && s->measure_count <= 4;
}
static bool is_grid(const struct vsk_shape *s) {
  return s->has_aggregate && is_timeless(s) && s->key_count == 2 && s->measure_count >= 1;
}
static bool is_scatter(const struct vsk_shape *s) {
  return !s->has_aggregate && !s->times && s->measure_count == 2 && s->row_count >= 2;
}
static bool is_histogram(const struct vsk_shape *s) {
  return !s->has_aggregate && !s->times && s->measure_count == 1 && s->row_count >= HISTOGRAM_ROWS;
}
static bool is_raw_lines(const struct vsk_shape *s) {
  bool is_one_key = s->key_count == 1 && s->measure_count == 1 && s->keys[0].count <= VSK_CHART_SERIES;
  return !s->has_aggregate && has_times(s) && s->measure_count >= 1 && s->measure_count <= 4 &&
         (is_one_key || s->key_count == 0);
}
static bool is_anything(const struct vsk_shape *s) {
  return s != NULL;
}

/* clang-format off */
static const struct rule {
  uint32_t number;
  const char *mark;
  bool (*fits)(const struct vsk_shape *shape);
  vsk_builder *build;
  const char *reason;
} rules[] = {
  { 2, "none",        is_empty,         vsk_build_nothing,      "the result has no rows"},
  { 3, "stat",        is_number,        vsk_build_number,       "one row with one number: the number itself"},
  { 3, "none",        is_null,          vsk_build_nothing,      "one row whose only number is NULL"},
  { 4, "candlestick", is_candles,       vsk_build_candles,      "open, high, low and close over time: candles"},
  { 7, "line",        is_alert,         vsk_build_lines,        "a measure with an alert over time: lines, the threshold and the rows that ring"},
  { 8, "line",        is_key_lines,     vsk_build_lines,        "an average, ratio or extreme by one key over time: a line per key"},
  { 9, "bar",         is_key_sums,      vsk_build_newest,       "a sum or count by one key over time: bars of the newest window over its history"},
  {10, "bar",         is_few_windows,   vsk_build_time_bars,    "one sum or count over few windows: a bar per window"},
  {10, "line",        is_one_line,      vsk_build_lines,        "one measure over time: a line"},
  {11, "line",        is_many_measures, vsk_build_lines,        "several measures over time: lines of one unit together, others below each other"},
  {12, "line",        is_many_keys,     vsk_build_lines,        "more than 12 keys over time: the ten largest and the rest as one"},
  {13, "line",        is_key_pairs,     vsk_build_lines,        "two keys over time: a line per pair"},
  {15, "bar",         is_key_bars,      vsk_build_key_bars,     "one measure by one key: bars"},
  {16, "bar",         is_measure_bars,  vsk_build_measure_bars, "several measures by one key: bars side by side, or below each other when units differ"},
  {17, "heatmap",     is_grid,          vsk_build_grid,         "one measure by two keys: a heatmap, or grouped bars when both keys are short"},
  {18, "point",       is_scatter,       vsk_build_scatter,      "two raw measures: a scatter plot, binned beyond 2,000 rows"},
  {19, "histogram",   is_histogram,     vsk_build_histogram,    "one raw measure: its distribution"},
  {20, "line",        is_raw_lines,     vsk_build_lines,        "raw rows over time: a line per measure or key"},
  {22, "none",        is_anything,      vsk_build_nothing,      "no chart fits this shape; the table tells more"},
};

/* ---- hints: what each mark needs at least ---- */
static bool can_line(const struct vsk_shape *s) { return has_times(s) && s->measure_count && s->key_count <= 2; }
static bool can_key_bars(const struct vsk_shape *s) { return s->key_count == 1 && s->measure_count && is_timeless(s); }
static bool can_newest(const struct vsk_shape *s) { return s->key_count == 1 && s->measure_count && has_times(s); }
static bool can_time_bars(const struct vsk_shape *s) { return s->key_count == 0 && s->measure_count && has_time(s); }
static bool can_groups(const struct vsk_shape *s) { return s->key_count == 2 && s->measure_count && is_timeless(s); }
static bool can_scatter(const struct vsk_shape *s) { return s->measure_count >= 2; }
static bool can_points(const struct vsk_shape *s) { return has_times(s) && s->measure_count; }
static bool can_histogram(const struct vsk_shape *s) { return s->measure_count && s->row_count >= 2; }
static bool can_heatmap(const struct vsk_shape *s) { return s->key_count >= 2 && s->measure_count; }
static bool can_candles(const struct vsk_shape *s) { return s->open >= 0 && has_time(s); }
static bool can_number(const struct vsk_shape *s) { return s->measure_count && s->row_count; }

static const struct mark {
  const char *name, *shown;
  bool (*can)(const struct vsk_shape *shape);
  vsk_builder *build;
  const char *needs;
} marks[] = {
  {"area",        "area",        can_line,      vsk_build_areas,     "a time column with two or more values, a measure, and at most two keys"},
  {"bar",         "bar",         can_key_bars,  vsk_build_key_bars,  "a key or a time column, and a measure"},
  {"bar",         "bar",         can_newest,    vsk_build_newest,    "a key or a time column, and a measure"},
  {"bar",         "bar",         can_time_bars, vsk_build_time_bars, "a key or a time column, and a measure"},
  {"bar",         "bar",         can_groups,    vsk_build_grid,      "a key or a time column, and a measure"},
  {"candlestick", "candlestick", can_candles,   vsk_build_candles,   "a time column and columns open, high, low and close"},
  {"gauge",       "stat",        can_number,    vsk_build_number,    "a measure"},
  {"heatmap",     "heatmap",     can_heatmap,   vsk_build_heatmap,   "two keys and a measure"},
  {"histogram",   "histogram",   can_histogram, vsk_build_histogram, "a measure and at least two rows"},
  {"line",        "line",        can_line,      vsk_build_lines,     "a time column with two or more values, a measure, and at most two keys"},
  {"point",       "point",       can_scatter,   vsk_build_scatter,   "two measures, or a time column and a measure"},
  {"point",       "point",       can_points,    vsk_build_points,    "two measures, or a time column and a measure"},
  {"scatter",     "point",       can_scatter,   vsk_build_scatter,   "two measures"},
  {"stat",        "stat",        can_number,    vsk_build_number,    "a measure"},
  {"table",       "none",        is_anything,   vsk_build_nothing,   ""},
};
const char *const vsk_chart_mark_names[] = {"area", "bar", "candlestick", "gauge", "heatmap", "histogram", "line",
                                            "point", "scatter", "stat", "table", NULL};
/* clang-format on */

vs_status vsk_build_nothing(struct vsk_build *build, struct vs_error *err) {
  (void)err;
  build->chart->panel_count = 0;
  return VS_OK;
}

/* ---- reasons ---- */
static const char *empty_reason(const struct vsk_chart_input *input) {
  if (input->open_windows)
    return "the result has no rows yet: its windows are still open, and close when the watermark passes their end";
  return input->has_aggregate ? "the result has no rows: the source is empty, or a filter or HAVING leaves nothing"
                              : "the result has no rows: the source is empty, or the filter leaves nothing";
}

static const char *nothing_reason(const struct vsk_shape *shape) {
  if (shape->measure_count == 0) return "no column to draw is numeric; the table tells more";
  if (shape->input->schema->shown_count > TABLE_COLUMNS) return "more than 12 columns; the table tells more";
  return "no chart fits this shape; the table tells more";
}

static struct vs_str reason_of(const struct vsk_shape *shape, const struct rule *rule, struct vs_arena *arena) {
  const char *text = rule->number == 2    ? empty_reason(shape->input)
                     : rule->number == 22 ? nothing_reason(shape)
                                          : rule->reason;
  return vs_str_of(vs_arena_printf(arena, "row %u: %s", rule->number, text));
}

/* ---- hints ---- */
static vs_status fail_column(struct vs_str wanted, const char *hint, const struct vs_schema *schema,
                             struct vs_error *err) {
  struct vs_suggest suggest;
  char nearest[256];
  vs_suggest_init(&suggest, wanted);
  for (uint32_t i = 0; i < schema->shown_count; i++)
    vs_suggest_offer(&suggest, schema->fields[i].name);
  vs_status status =
      vs_fail(err, VS_CODE_NO_CHART, VS_NO_SPAN, "the chart hint %s names '%.*s', which the result does not have", hint,
              VS_STR_ARG(wanted));
  return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, nearest, sizeof nearest));
}

static vs_status check_hint(const struct vsk_chart_input *input, struct vs_error *err) {
  const struct {
    struct vs_str name;
    const char *hint;
  } columns[] = {{input->hint.x, "x"}, {input->hint.y, "y"}, {input->hint.color, "color"}};
  for (size_t i = 0; i < VS_COUNT_OF(columns); i++)
    if (columns[i].name.data && vs_schema_find(input->schema, columns[i].name) < 0)
      return fail_column(columns[i].name, columns[i].hint, input->schema, err);
  return VS_OK;
}

static vs_status fail_mark(struct vs_str wanted, struct vs_error *err) {
  struct vs_suggest suggest;
  char nearest[256];
  vs_suggest_init(&suggest, wanted);
  for (size_t i = 0; vsk_chart_mark_names[i]; i++)
    vs_suggest_offer(&suggest, vs_str_of(vsk_chart_mark_names[i]));
  vs_status status = vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "no chart mark is named '%.*s'", VS_STR_ARG(wanted));
  return vs_fail_hint(err, status,
                      "%s%sknown are area bar candlestick gauge heatmap histogram line point scatter stat table",
                      vs_suggest_print(&suggest, nearest, sizeof nearest), suggest.count ? " " : "");
}

vs_status vsk_chart_mark_check(struct vs_str mark, struct vs_error *err) {
  for (size_t i = 0; vsk_chart_mark_names[i]; i++)
    if (vs_str_equal_nocase(mark, vs_str_of(vsk_chart_mark_names[i]))) return VS_OK;
  return fail_mark(mark, err);
}

/* An empty result has nothing to draw whatever was asked; that is no error. */
static vs_status find_mark(const struct vsk_shape *shape, const struct mark **ret_mark, struct vs_error *err) {
  struct vs_str wanted = shape->input->hint.mark;
  const struct mark *named = NULL;
  for (size_t i = 0; i < VS_COUNT_OF(marks); i++) {
    if (!vs_str_equal_nocase(wanted, vs_str_of(marks[i].name))) continue;
    named = &marks[i];
    if (marks[i].can(shape)) {
      *ret_mark = &marks[i];
      return VS_OK;
    }
  }
  if (!named) return fail_mark(wanted, err);
  vs_status status = vs_fail(err, VS_CODE_NO_CHART, VS_NO_SPAN, "the result cannot be drawn as %s: it needs %s",
                             named->name, named->needs);
  struct vs_str roles = vsk_shape_print(shape);
  return vs_fail_hint(err, status, "found: %.*s", (int)VS_MIN(roles.size, 200), roles.data ? roles.data : "");
}

static vs_status build_hinted(struct vsk_build *build, struct vs_error *err) {
  const struct mark *mark = NULL;
  VS_TRY(find_mark(build->shape, &mark, err));
  build->chart->rule = 1;
  build->chart->mark_name = mark->shown;
  build->chart->reason = vs_str_of(vs_arena_printf(build->arena, "row 1: %s, as asked", mark->name));
  return mark->build(build, err);
}

static vs_status build_first_fit(struct vsk_build *build, struct vs_error *err) {
  const struct rule *rule = rules;
  while (!rule->fits(build->shape))
    rule++;
  build->chart->rule = rule->number;
  build->chart->mark_name = rule->mark;
  build->chart->reason = reason_of(build->shape, rule, build->arena);
  return rule->build(build, err);
}

vs_status vsk_chart_choose(const struct vsk_chart_input *input, struct vs_arena *arena, struct vsk_chart **ret_chart,
                           struct vs_error *err) {
  struct vsk_shape *shape;
  VS_TRY(check_hint(input, err));
  VS_TRY(vsk_shape_read(input, arena, &shape, err));
  struct vsk_build build = {.shape = shape, .chart = VS_ARENA_NEW(arena, struct vsk_chart), .arena = arena};
  if (!build.chart) return vs_fail_memory(err);
  bool is_hinted = input->hint.mark.size && shape->row_count;
  VS_TRY(is_hinted ? build_hinted(&build, err) : build_first_fit(&build, err));
  if (build.chart->panel_count && input->total_rows > shape->row_count)
    VS_TRY(vsk_build_subtitle(&build, err, "%u of %llu rows drawn", shape->row_count,
                              (unsigned long long)input->total_rows));
  build.chart->roles = vsk_shape_print(shape);
  if (arena->is_failed) return vs_fail_memory(err);
  vsk_chart_place(build.chart);
  *ret_chart = build.chart;
  return VS_OK;
}

void vsk_chart_explain(const struct vsk_chart *chart, struct vs_text *ret_text) {
  vs_text_printf(ret_text, "chart: %s\n%.*s\nfound: %.*s", chart->mark_name, VS_STR_ARG(chart->reason),
                 VS_STR_ARG(chart->roles));
}
