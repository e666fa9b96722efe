/* SPDX-License-Identifier: Apache-2.0
 * %viz: before a statement its chart hint; alone the chart of the newest result as a new output; `explain` says why. */
#include "kernel/magics/show.h"

#include <stdlib.h>

/* clang-format off */
static const struct vs_option options[] = {
  {"of", 0, VS_OPTION_TEXT, "NAME", NULL, "_", "the result to draw"},
  {"spec", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "print the Vega-Lite specification instead of drawing it"},
};
/* clang-format on */

static vs_status read_mark(struct vsk_context *context, struct vs_str word, struct vsk_viz_hint *hint,
                           struct vs_error *err) {
  struct vs_span span = vsk_magic_span(context, word);
  if (hint->mark.data)
    return vs_fail(err, VS_CODE_BAD_OPTION, span, "%%viz takes one mark: %.*s is a second one", VS_STR_ARG(word));
  vs_status status = vsk_chart_mark_check(word, err);
  if (status != VS_OK && err) err->span = span;
  hint->mark = word;
  return status;
}

static vs_status read_pair(struct vsk_context *context, struct vs_str word, struct vsk_viz_hint *hint,
                           struct vs_error *err) {
  const char *equals = memchr(word.data, '=', word.size);
  if (!equals) return read_mark(context, word, hint, err);
  struct vs_str key = {word.data, (size_t)(equals - word.data)}, value = {equals + 1, word.size - key.size - 1};
  struct {
    const char *key;
    struct vs_str *value;
  } const keys[] = {
      {"x", &hint->x}, {"y", &hint->y}, {"color", &hint->color}, {"by", &hint->color}, {"title", &hint->title}};
  for (size_t i = 0; i < VS_COUNT_OF(keys); i++) {
    if (vs_str_equal_nocase(key, vs_str_of(keys[i].key))) {
      *keys[i].value = value;
      return VS_OK;
    }
  }
  return vs_fail_hint(
      err, vs_fail(err, VS_CODE_BAD_OPTION, vsk_magic_span(context, key), "%%viz has no key %.*s", VS_STR_ARG(key)),
      "keys are x, y, color (or by), title");
}

static vs_status choose(struct vsk_context *context, struct vs_str name, const struct vsk_viz_hint *hint,
                        struct vsk_chart **ret_chart, struct vs_error *err) {
  struct vs_kept_result kept;
  struct vsk_chart_input input;
  struct vs_batch rows;
  VS_TRY(vs_engine_kept(context->engine, name, &kept, err));
  VS_TRY(vsk_chart_input_of(&kept, hint, context->arena, &input, err));
  VS_TRY(vs_kept_batch(&kept, VSK_CHART_POINTS, context->arena, &rows, err));
  input.rows = &rows;
  input.total_rows = vs_rows_count(kept.rows);
  return vsk_chart_choose(&input, context->arena, ret_chart, err);
}

static vs_status explain(struct vsk_context *context, const struct vsk_chart *chart, struct vs_error *err) {
  struct vs_text text;
  vs_text_init(&text, vs_engine_env(context->engine)->memory, 1 << 20);
  vsk_chart_explain(chart, &text);
  vs_status status = vs_text_check(&text, err);
  if (status == VS_OK) vsk_show_text(context, vs_str_trim(vs_text_view(&text)));
  vs_text_release(&text);
  return status;
}

static vs_status show_spec(struct vsk_context *context, const struct vsk_chart *chart, struct vs_error *err) {
  json_t *spec = vsk_chart_vegalite(chart);
  char *text = spec ? json_dumps(spec, JSON_INDENT(2)) : NULL;
  json_decref(spec);
  if (!text) return vs_fail_memory(err);
  vsk_show_text(context, vs_str_of(text));
  free(text);
  return VS_OK;
}

static vs_status show_chart(struct vsk_context *context, const struct vsk_chart *chart, struct vs_error *err) {
  json_t *bundle;
  char id[37];
  if (chart->panel_count == 0)
    return vs_fail(err, VS_CODE_NO_CHART, VS_NO_SPAN, "no chart: %.*s", VS_STR_ARG(chart->reason));
  vsk_session_new_id(context->session, id);
  VS_TRY(vsk_chart_bundle(chart, id, vs_engine_env(context->engine)->memory, &bundle, err));
  vsk_out_display(context->session, bundle, NULL);
  json_decref(bundle);
  return VS_OK;
}

/* Charts know no text; the column they refuse is named in quotes. */
static struct vs_span place_of(struct vsk_context *context, const struct vsk_viz_hint *hint,
                               const struct vs_error *err) {
  const struct vs_str columns[] = {hint->x, hint->y, hint->color};
  for (size_t i = 0; i < VS_COUNT_OF(columns); i++) {
    const char *quoted = vs_arena_printf(context->arena, "'%.*s'", VS_STR_ARG(columns[i]));
    if (columns[i].size && quoted && strstr(err->message, quoted)) return vsk_magic_span(context, columns[i]);
  }
  return VS_NO_SPAN;
}

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body, (void)body_offset;
  struct vsk_viz_hint hint = {.mark = {NULL, 0}};
  struct vsk_chart *chart;
  bool wants_reason = arguments->value_count > 0 && vs_str_equal_nocase(arguments->values[0], VS_STR("explain"));
  for (uint32_t i = wants_reason ? 1 : 0; i < arguments->value_count; i++)
    VS_TRY(read_pair(context, arguments->values[i], &hint, err));
  if (context->has_statement_after && !wants_reason) {
    context->viz = hint;
    return VS_OK;
  }
  vs_status status = choose(context, vs_arguments_get(arguments, "of"), &hint, &chart, err);
  if (status != VS_OK && err) err->span = place_of(context, &hint, err);
  if (status != VS_OK) return status;
  if (wants_reason) return explain(context, chart, err);
  return vs_arguments_has(arguments, "spec") ? show_spec(context, chart, err) : show_chart(context, chart, err);
}

static const char *const column_keys[] = {"x", "y", "color", "by"};

static void offer_columns(const struct vs_object *result, struct vs_arena *arena,
                          void (*offer)(void *sink, struct vs_str word, const char *detail), void *sink) {
  for (size_t k = 0; k < VS_COUNT_OF(column_keys); k++)
    for (uint32_t i = 0; i < result->schema->shown_count; i++) {
      const char *word = vs_arena_printf(arena, "%s=%.*s", column_keys[k], VS_STR_ARG(result->schema->fields[i].name));
      if (word) offer(sink, vs_str_of(word), "column of the newest result");
    }
}

static void complete(struct vs_engine *engine, void (*offer)(void *sink, struct vs_str word, const char *detail),
                     void *sink) {
  struct vs_arena arena;
  vs_arena_init(&arena, vs_engine_env(engine)->memory, 1 << 20);
  struct vs_snapshot *snapshot = vs_catalog_current(vs_engine_catalog(engine));
  const struct vs_object *newest = vs_snapshot_find(snapshot, VS_STR("_"));
  for (size_t k = 0; k < VS_COUNT_OF(column_keys); k++) {
    const char *key = vs_arena_printf(&arena, "%s=", column_keys[k]);
    if (key) offer(sink, vs_str_of(key), "a column of the result");
  }
  offer(sink, VS_STR("title="), "the chart's title");
  if (newest) offer_columns(newest, &arena, offer, sink);
  vs_snapshot_unref(snapshot);
  vs_arena_release(&arena);
  for (uint32_t i = 0; vsk_chart_mark_names[i]; i++)
    offer(sink, vs_str_of(vsk_chart_mark_names[i]), "chart");
  offer(sink, VS_STR("explain"), "why this chart");
}

const struct vsk_magic vsk_magic_viz = {
    .command = {.name = "%viz",
                .arguments = "[MARK|explain] [x=COL] [y=COL] [color=COL] [title=TEXT]",
                .summary = "choose, draw or explain the chart of a result",
                .details =
                    "Before a statement it says how to draw that statement; alone it draws the newest result again.\n"
                    "Marks: line bar area point scatter histogram heatmap candlestick stat gauge table.",
                .examples = "  %viz bar x=symbol y=turnover\n  %viz explain\n  %viz line --of volatility",
                .options = options,
                .option_count = VS_COUNT_OF(options),
                .argument_max = 8},
    .is_line = true,
    .run = run,
    .complete = complete,
};
