/* SPDX-License-Identifier: Apache-2.0
 * A cell from its text to its reply: split, parse everything, check everything, then run part by part in order. */
#include "kernel/cells/cell.h"

#include <stdio.h>

static vs_status add_source(struct vsk_cell *cell, struct vs_str text, uint32_t *ret_source, struct vs_error *err) {
  if (cell->source_count == VSK_SOURCES_MAX)
    return vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "one cell makes at most %d statements by magics",
                   VSK_SOURCES_MAX);
  cell->sources[cell->source_count] = text;
  *ret_source = cell->source_count++;
  return VS_OK;
}

static vs_status run_line(struct vsk_cell *cell, const struct vsk_magic_line *line, bool has_statement_after,
                          struct vs_error *err) {
  cell->context.has_statement_after = has_statement_after;
  return vsk_magic_run(&cell->context, line, (struct vs_str){NULL, 0}, line->span.end, err);
}

static uint32_t statement_begin(const struct vs_engine_script *script, uint32_t index) {
  return script->tree.statements[index]->span.begin;
}

/* Runs statements and magic lines in the order they stand in; magics before the first statement have run already. */
static vs_status run_parts(struct vsk_cell *cell, const struct vs_engine_script *script, const struct vsk_split *split,
                           uint32_t line, struct vs_error *err) {
  cell->statement_count = script->tree.statement_count;
  for (uint32_t i = 0; i < script->tree.statement_count; i++) {
    for (; line < split->line_count && split->lines[line].span.begin < statement_begin(script, i); line++)
      VS_TRY(run_line(cell, &split->lines[line], true, err));
    cell->statement_index = i + 1;
    VS_TRY(vsk_run_statement(cell, script, i, err));
  }
  cell->statement_index = 0;
  for (; line < split->line_count; line++)
    VS_TRY(run_line(cell, &split->lines[line], false, err));
  return VS_OK;
}

/* Parameters and settings that stand first must take effect before anything is bound. */
static vs_status run_leading_lines(struct vsk_cell *cell, const struct vs_engine_script *script,
                                   const struct vsk_split *split, uint32_t *ret_line, struct vs_error *err) {
  uint32_t line = 0, count = script->tree.statement_count;
  uint32_t first = count ? statement_begin(script, 0) : UINT32_MAX;
  for (; line < split->line_count && split->lines[line].span.begin < first; line++)
    VS_TRY(run_line(cell, &split->lines[line], count > 0, err));
  *ret_line = line;
  return VS_OK;
}

static bool has_inner_lines(const struct vs_engine_script *script, const struct vsk_split *split, uint32_t line) {
  uint32_t count = script->tree.statement_count;
  return count && line < split->line_count && split->lines[line].span.begin < statement_begin(script, count - 1);
}

static vs_status run_script(struct vsk_cell *cell, const struct vs_engine_script *script, const struct vsk_split *split,
                            struct vs_error *err) {
  uint32_t line = 0;
  VS_TRY(run_leading_lines(cell, script, split, &line, err));
  /* A %param between statements may be what a later one needs: then each is bound when its turn comes. */
  if (!has_inner_lines(script, split, line))
    VS_TRY(vs_engine_check(cell->studio->engine, script, cell->context.owner, err));
  VS_TRY(vs_engine_forget(cell->studio->engine, cell->context.owner, err));
  return run_parts(cell, script, split, line, err);
}

static vs_status parse_cell(struct vsk_cell *cell, struct vs_str sql, uint32_t source,
                            struct vs_engine_script **ret_script, struct vs_error *err) {
  vs_status status = vs_engine_parse(cell->studio->engine, sql, source, ret_script, err);
  if (status == VS_SYNTAX && source == 0 && vsk_reads_as_language(sql))
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_NO_LANGUAGE, VS_NO_SPAN,
                                "this cell reads as natural language; this version runs SQL and magics only"),
                        "%%help shows what a cell can be; if SQL was meant, start with SELECT, CREATE, ...");
  return status;
}

static vs_status run_sql_cell(struct vsk_cell *cell, const struct vsk_split *split, struct vs_error *err) {
  struct vs_engine_script *script = NULL;
  VS_TRY(parse_cell(cell, split->sql, 0, &script, err));
  vs_status status = run_script(cell, script, split, err);
  vs_engine_script_free(script);
  return status;
}

/* SQL that a magic hands over: a part of the cell keeps its place, a made-up statement becomes a text of its own. */
static vs_status run_sql(struct vsk_context *context, struct vs_str sql, uint32_t offset, struct vs_error *err) {
  struct vsk_cell *cell = context->cell;
  struct vs_engine_script *script = NULL;
  const struct vsk_split no_lines = {.is = VSK_CELL_SQL};
  uint32_t source = 0;
  struct vs_str text = sql;
  if (offset == UINT32_MAX) {
    VS_TRY(add_source(cell, sql, &source, err));
  } else {
    char *blank = vs_arena_alloc(cell->arena, offset + sql.size + 1);
    if (!blank) return vs_fail_memory(err);
    for (uint32_t i = 0; i < offset; i++)
      blank[i] = cell->request->code.data[i] == '\n' ? '\n' : ' ';
    memcpy(blank + offset, sql.data, sql.size);
    text = (struct vs_str){blank, offset + sql.size};
  }
  VS_TRY(parse_cell(cell, text, source, &script, err));
  vs_status status =
      offset == UINT32_MAX ? run_parts(cell, script, &no_lines, 0, err) : run_script(cell, script, &no_lines, err);
  vs_engine_script_free(script);
  return status;
}

static vs_status forget_deleted(struct vsk_cell *cell, struct vs_error *err) {
  const json_t *ids = cell->request->deleted_cells;
  for (size_t i = 0; ids && i < json_array_size(ids); i++) {
    const char *id = json_string_value(json_array_get(ids, i));
    if (id) VS_TRY(vs_engine_forget(cell->studio->engine, vs_str_of(id), err));
  }
  return VS_OK;
}

static void hide(void *session, struct vs_str value) {
  vsk_session_hide(session, value);
}

static vs_status run_cell(struct vsk_cell *cell, struct vs_error *err) {
  struct vsk_split split;
  vs_engine_tell_secrets(cell->studio->engine, hide, cell->request->session);
  VS_TRY(forget_deleted(cell, err));
  VS_TRY(vsk_split_cell(cell->request->code, cell->arena, &split, err));
  switch (split.is) {
  case VSK_CELL_EMPTY: return vs_engine_forget(cell->studio->engine, cell->context.owner, err);
  case VSK_CELL_PARAMETERS:
    return vs_engine_parameter_text(cell->studio->engine, cell->request->code, 0, cell->request->code.data[0] == '#',
                                    err);
  case VSK_CELL_MAGIC: return vsk_magic_run(&cell->context, &split.lines[0], split.body, split.body_offset, err);
  case VSK_CELL_SQL: return run_sql_cell(cell, &split, err);
  }
  return VS_OK;
}

void vsk_execute(void *context, const struct vsk_request *request, struct vs_arena *arena,
                 struct vsk_reply *ret_reply) {
  struct vsk_studio *studio = context;
  struct vsk_cell cell = {
      .studio = studio, .request = request, .arena = arena, .sources = {request->code}, .source_count = 1};
  struct vs_error error;
  vs_error_clear(&error);
  snprintf(cell.owner_label, sizeof cell.owner_label, "cell [%u]", request->execution_count);
  cell.context = (struct vsk_context){.request = request,
                                      .session = request->session,
                                      .engine = studio->engine,
                                      .arena = arena,
                                      .owner = vs_str_of(request->cell_id),
                                      .payload = json_array(),
                                      .run_sql = run_sql};
  cell.context.cell = &cell;
  vs_status status = run_cell(&cell, &error);
  if (status != VS_OK && status != VS_STOP) {
    vsk_reply_fail(&cell, &error, ret_reply);
    json_decref(cell.context.payload);
    return;
  }
  *ret_reply = (struct vsk_reply){.payload = cell.context.payload};
}
