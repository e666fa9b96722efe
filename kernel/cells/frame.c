/* SPDX-License-Identifier: Apache-2.0
 * A run's view -> outputs: chart first, then table. While it runs a chart is our inline SVG, swapped in place; the
 * final frame is the whole bundle under the same display id, since that is what notebooks, nbconvert and papermill
 * keep. */
#include "kernel/cells/cell.h"
#include "kernel/charts/chart.h"
#include "kernel/display/table.h"
#include "kernel/magics/show.h"

#include <stdio.h>

void vsk_frames_init(struct vsk_frames *frames, struct vsk_cell *cell) {
  *frames = (struct vsk_frames){.cell = cell, .hint = cell->context.viz};
  cell->context.viz = (struct vsk_viz_hint){.mark = {NULL, 0}};
  vsk_session_new_id(cell->request->session, frames->table_id);
  vsk_session_new_id(cell->request->session, frames->chart_id);
  if (cell->statement_count > 1)
    snprintf(frames->label, sizeof frames->label, "[%u/%u]", cell->statement_index, cell->statement_count);
}

static const char *bound_text(vs_run_bound bound, const struct vs_engine *engine, struct vs_arena *arena) {
  switch (bound) {
  case VS_BOUND_NONE: return NULL;
  case VS_BOUND_ROWS:
    return vs_arena_printf(arena, "stopped at %lld rows (bound.rows)",
                           (long long)vs_engine_integer(engine, "bound.rows"));
  case VS_BOUND_SECONDS:
    return vs_arena_printf(arena, "stopped after %lld s (bound.seconds)",
                           (long long)vs_engine_integer(engine, "bound.seconds"));
  case VS_BOUND_WAITING_CELL: return "stopped: another cell was waiting";
  case VS_BOUND_INTERRUPT: return "interrupted";
  }
  return NULL;
}

static double progress_of(const struct vs_job_counters *counters) {
  return counters->total_bytes > 0 ? (double)counters->bytes_in / (double)counters->total_bytes : 0;
}

static const char *text_or_null(const char *text) {
  return text && text[0] ? text : NULL;
}

static struct vsk_table table_of(const struct vsk_frames *frames, struct vs_run *run, const struct vs_view *view,
                                 struct vs_arena *arena) {
  const struct vs_job_counters *counters = &view->counters;
  const struct vs_result_totals *totals = &view->result.totals;
  const struct vs_plan *plan = vs_run_plan(run);
  vs_run_kind kind = vs_run_is(run);
  return (struct vsk_table){.schema = view->result.schema,
                            .head = &view->result.head,
                            .tail = &view->result.tail,
                            .is_list = kind == VS_RUN_LIST || kind == VS_RUN_OBJECT,
                            .folded_rows = totals->folded,
                            .emitted_rows = totals->emitted,
                            .dropped_rows = totals->dropped,
                            .alerts = totals->alerts,
                            .is_keyed = totals->is_keyed,
                            .rows_in = counters->rows_in,
                            .late = counters->late,
                            .failed = counters->failed,
                            .division_by_zero = counters->division_by_zero,
                            .open_windows = view->is_final ? 0 : counters->open_windows,
                            .has_alerts = plan && plan->alert_count > 0,
                            .has_event_time = counters->watermark_us != VS_TIME_NONE,
                            .is_live = !view->is_final,
                            .has_timing = !frames->cell->studio->env->clock->is_virtual,
                            .elapsed_us = counters->elapsed_us,
                            .progress = progress_of(counters),
                            .bound = bound_text(view->bound, frames->cell->studio->engine, arena),
                            .failed_samples = counters->samples,
                            .failed_sample_count = counters->sample_count,
                            .label = text_or_null(frames->label),
                            .note = text_or_null(view->note),
                            .warnings = view->warnings,
                            .warning_count = view->warning_count};
}

static void put(struct vsk_frames *frames, const char *id, bool *has_shown, json_t *bundle, bool will_update) {
  struct vsk_session *session = frames->cell->request->session;
  if (*has_shown)
    vsk_out_update(session, bundle, id);
  else
    vsk_out_display(session, bundle, will_update ? id : NULL);
  *has_shown = true;
  json_decref(bundle);
}

static vs_status choose_chart(struct vsk_frames *frames, struct vs_run *run, const struct vs_view *view,
                              struct vs_arena *arena, struct vsk_chart **ret_chart, struct vs_error *err) {
  const struct vs_plan *plan = vs_run_plan(run);
  struct vsk_chart_input input;
  const struct vs_kept_result facts = {.schema = view->result.schema,
                                       .has_aggregate = plan->has_aggregate,
                                       .viz = plan->annotations.viz,
                                       .alerts = plan->alerts,
                                       .alert_count = plan->alert_count};
  VS_TRY(vsk_chart_input_of(&facts, &frames->hint, arena, &input, err));
  input.rows = &view->result.chart;
  input.total_rows = view->result.totals.folded;
  input.open_windows = view->counters.open_windows;
  return vsk_chart_choose(&input, arena, ret_chart, err);
}

static vs_status show_table(struct vsk_frames *frames, const struct vsk_table *table, struct vs_error *err) {
  json_t *bundle;
  VS_TRY(vsk_table_bundle(table, frames->cell->studio->env->memory, &bundle, err));
  put(frames, frames->table_id, &frames->has_live_table, bundle, table->is_live);
  return VS_OK;
}

static vs_status show_live_chart(struct vsk_frames *frames, const struct vsk_chart *chart, struct vsk_table *table,
                                 struct vs_error *err) {
  struct vs_memory *memory = frames->cell->studio->env->memory;
  struct vs_text line;
  json_t *bundle = NULL;
  if (chart->panel_count == 0 && !frames->has_live_chart) return VS_OK;
  vs_text_init(&line, memory, 4096);
  vsk_table_live_line(table, &line);
  vs_status status = vsk_chart_frame(chart, frames->chart_id, vs_text_view(&line), memory, &bundle, err);
  vs_text_release(&line);
  if (status == VS_OK) put(frames, frames->chart_id, &frames->has_live_chart, bundle, true);
  table->has_line_above |= status == VS_OK;
  return status;
}

static vs_status show_final_chart(struct vsk_frames *frames, const struct vsk_chart *chart, struct vs_error *err) {
  json_t *bundle;
  if (chart->panel_count == 0) {
    if (!frames->has_live_chart) return VS_OK;
    VS_TRY(vsk_bundle_plain(chart->reason, &bundle, err));
  } else {
    VS_TRY(vsk_chart_bundle(chart, frames->chart_id, frames->cell->studio->env->memory, &bundle, err));
  }
  put(frames, frames->chart_id, &frames->has_live_chart, bundle, false);
  return VS_OK;
}

/* display_rows rows at most: the last five of a longer result, and the first ones. */
static vs_status view_of(const struct vsk_frames *frames, struct vs_run *run, struct vs_arena *arena,
                         struct vs_view *ret_view, struct vs_error *err) {
  int64_t rows = vs_engine_integer(frames->cell->studio->engine, "display_rows");
  uint32_t tail = (uint32_t)VS_MIN(rows - 1, (int64_t)VSK_TABLE_TAIL);
  return vs_run_view(run, (uint32_t)rows - tail, tail, VSK_CHART_POINTS, arena, ret_view, err);
}

/* A chart that cannot be drawn as a hint asks must not take the rows away: while live it is left out, at the end it is
 * the cell's error, behind the table. */
static vs_status show_query(struct vsk_frames *frames, struct vs_run *run, const struct vs_view *view,
                            struct vs_arena *arena, struct vs_error *err) {
  struct vsk_chart *chart = NULL;
  struct vsk_table table = table_of(frames, run, view, arena);
  vs_status chosen = choose_chart(frames, run, view, arena, &chart, err);
  if (chosen == VS_OK && view->is_final) VS_TRY(show_final_chart(frames, chart, err));
  if (chosen == VS_OK && !view->is_final) VS_TRY(show_live_chart(frames, chart, &table, err));
  struct vs_error ignored;
  VS_TRY(show_table(frames, &table, chosen == VS_OK ? err : &ignored));
  return view->is_final ? chosen : VS_OK;
}

/* `SELECT 6*7` answers "42" as plain text, so that consoles and user expressions read the value alone. */
static vs_status show_scalar(struct vsk_frames *frames, const struct vs_view *view, const struct vsk_table *table,
                             struct vs_error *err) {
  json_t *bundle;
  if (!view->result.head.row_count) /* it failed: the cell's error says why */
    return VS_OK;
  VS_TRY(vsk_table_bundle(table, frames->cell->studio->env->memory, &bundle, err));
  if (view->result.schema->shown_count == 1 && view->result.head.row_count == 1) {
    struct vs_text text;
    struct vs_value value = vs_value_get(&view->result.head.columns[0], 0);
    vs_text_init(&text, frames->cell->studio->env->memory, VSK_OUTPUT_BYTES);
    vs_value_print(&value, VS_STYLE_TABLE, &text);
    struct vs_str plain = vs_text_view(&text);
    json_object_set_new(bundle, VSK_MIME_PLAIN, json_stringn(plain.data, plain.size));
    vs_text_release(&text);
  }
  vsk_out_result(frames->cell->request->session, bundle);
  json_decref(bundle);
  return VS_OK;
}

static vs_status show_note(struct vsk_frames *frames, const struct vs_view *view, struct vs_arena *arena,
                           struct vs_error *err) {
  const char *note = view->note ? view->note : "";
  json_t *bundle;
  if (!note[0] && !frames->label[0]) return VS_OK;
  if (frames->label[0]) note = vs_arena_printf(arena, "%s%s%s", frames->label, note[0] ? " " : "", note);
  if (!note) return vs_fail_memory(err);
  VS_TRY(vsk_bundle_plain(vs_str_of(note), &bundle, err));
  vsk_out_display(frames->cell->request->session, bundle, NULL);
  json_decref(bundle);
  return VS_OK;
}

/* CREATE: the columns under the note line, then a few rows. */
static vs_status show_object(struct vsk_frames *frames, struct vs_run *run, const struct vs_view *view,
                             struct vs_arena *arena, struct vs_error *err) {
  if (!view->schema.schema) return show_note(frames, view, arena, err);
  struct vsk_table columns = table_of(frames, run, view, arena), rows = columns;
  columns.schema = view->schema.schema;
  columns.head = &view->schema.head;
  columns.tail = &view->schema.tail;
  columns.folded_rows = view->schema.totals.folded;
  VS_TRY(show_table(frames, &columns, err));
  frames->has_live_table = false;
  rows.label = NULL;
  rows.note = "its first rows";
  rows.warning_count = 0;
  return view->result.schema && view->result.head.row_count ? show_table(frames, &rows, err) : VS_OK;
}

vs_status vsk_frames_live(struct vsk_frames *frames, struct vs_run *run, struct vs_error *err) {
  struct vs_arena arena;
  struct vs_view view;
  vs_arena_init(&arena, frames->cell->studio->env->memory, 0);
  vs_status status = view_of(frames, run, &arena, &view, err);
  if (status == VS_OK && !view.is_final && view.result.totals.folded)
    status = show_query(frames, run, &view, &arena, err);
  vs_arena_release(&arena);
  return status;
}

vs_status vsk_frames_final(struct vsk_frames *frames, struct vs_run *run, struct vs_error *err) {
  struct vs_arena arena;
  struct vs_view view;
  vs_arena_init(&arena, frames->cell->studio->env->memory, 0);
  vs_status status = view_of(frames, run, &arena, &view, err);
  if (status == VS_OK) {
    struct vsk_table table = table_of(frames, run, &view, &arena);
    switch (vs_run_is(run)) {
    case VS_RUN_NOTHING:
    case VS_RUN_TEXT: status = show_note(frames, &view, &arena, err); break;
    case VS_RUN_QUERY: status = show_query(frames, run, &view, &arena, err); break;
    case VS_RUN_SCALAR: status = show_scalar(frames, &view, &table, err); break;
    case VS_RUN_LIST: status = show_table(frames, &table, err); break;
    case VS_RUN_OBJECT: status = show_object(frames, run, &view, &arena, err); break;
    }
  }
  vs_arena_release(&arena);
  return status;
}
