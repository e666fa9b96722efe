/* SPDX-License-Identifier: Apache-2.0
 * An engine over a virtual clock in a folder of its own, and SQL run to its end as text, for tests. */
#ifndef VS_TESTS_ENGINE_RIG_H
#define VS_TESTS_ENGINE_RIG_H

#include "engine/velo.h"
#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct rig {
  struct vs_env env;
  struct vs_env_parts parts;
  struct vs_engine *engine;
  struct vs_error error;
  struct vs_text rows, note, warnings; /* of the last statement: values by |, rows by newline */
  vs_run_kind kind;
  char folder[32];
};

static inline void rig_open_with(struct rig *rig, bool read_environment) {
  char notebook[64];
  *rig = (struct rig){.folder = "/tmp/velo_rig_XXXXXX"};
  cr_assert(mkdtemp(rig->folder));
  vs_memory_init(&rig->parts.memory, NULL, 0);
  vs_clock_init_virtual(&rig->parts.clock, INT64_C(1767258000000000));
  vs_random_seed(&rig->parts.random, 1);
  vs_log_init(&rig->parts.log, -1, VS_LOG_ERROR);
  rig->env = (struct vs_env){&rig->parts.clock, &rig->parts.random, &rig->parts.memory, &rig->parts.log};
  snprintf(notebook, sizeof notebook, "%s/case.ipynb", rig->folder);
  const struct vs_engine_options options = {&rig->env, notebook, read_environment};
  cr_assert_eq(vs_engine_new(&options, &rig->engine, &rig->error), VS_OK, "%s", rig->error.message);
  vs_text_init(&rig->rows, &rig->parts.memory, (size_t)1 << 26);
  vs_text_init(&rig->note, &rig->parts.memory, (size_t)1 << 24);
  vs_text_init(&rig->warnings, &rig->parts.memory, (size_t)1 << 24);
}

static inline void rig_open(struct rig *rig) {
  rig_open_with(rig, false);
}

static inline int rig_remove_one(const char *path, const struct stat *status, int type, struct FTW *place) {
  (void)status, (void)type, (void)place;
  return remove(path);
}

/* Everything is given back, the folder too: an engine that forgets memory fails every test here. */
static inline void rig_close(struct rig *rig) {
  vs_text_release(&rig->rows);
  vs_text_release(&rig->note);
  vs_text_release(&rig->warnings);
  vs_engine_free(rig->engine);
  nftw(rig->folder, rig_remove_one, 8, FTW_DEPTH | FTW_PHYS);
  cr_assert_eq(vs_memory_used(&rig->parts.memory), 0, "%zu bytes left", vs_memory_used(&rig->parts.memory));
}

static inline void rig_write(struct rig *rig, const char *name, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", rig->folder, name);
  FILE *file = fopen(path, "wb");
  cr_assert(file);
  fputs(text, file);
  fclose(file);
}

static inline void rig_print(struct rig *rig, const struct vs_batch *batch) {
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    for (uint32_t column = 0; column < batch->schema->shown_count; column++) {
      struct vs_value value = vs_value_get(&batch->columns[column], batch->selection ? batch->selection[i] : i);
      vs_text_puts(&rig->rows, column ? "|" : "");
      if (value.is_null)
        vs_text_puts(&rig->rows, "NULL");
      else
        vs_value_print(&value, VS_STYLE_PLAIN, &rig->rows);
    }
    vs_text_put(&rig->rows, '\n');
  }
}

static inline vs_status rig_run(struct rig *rig, const struct vs_engine_script *script, uint32_t index,
                                const char *owner, uint32_t execution_count) {
  struct vs_arena arena;
  struct vs_view view;
  struct vs_run *run;
  const struct vs_run_options options = {.owner = vs_str_of(owner),
                                         .owner_label = vs_str_of(owner),
                                         .is_headless = true,
                                         .execution_count = execution_count,
                                         .keep_result = true};
  vs_status status = vs_run_start(rig->engine, script, index, &options, &run, &rig->error);
  if (status != VS_OK) return status;
  while (!vs_run_is_done(run))
    vs_run_acknowledge(run);
  status = vs_run_finish(run, &rig->error);
  vs_arena_init(&arena, &rig->parts.memory, 0);
  cr_assert_eq(vs_run_view(run, 1000, 0, 10, &arena, &view, &rig->error), VS_OK);
  vs_text_clear(&rig->rows), vs_text_clear(&rig->note), vs_text_clear(&rig->warnings);
  rig->kind = vs_run_is(run);
  if (view.result.schema) rig_print(rig, &view.result.head);
  vs_text_puts(&rig->note, view.note);
  for (uint32_t i = 0; i < view.warning_count; i++)
    vs_text_printf(&rig->warnings, "%s\n", view.warnings[i]);
  vs_arena_release(&arena);
  vs_run_free(run);
  return status;
}

/* All statements as one cell; the status of the first that fails. */
static inline vs_status rig_cell(struct rig *rig, const char *text, const char *owner, uint32_t execution_count) {
  struct vs_engine_script *script;
  vs_error_clear(&rig->error);
  vs_status status = vs_engine_parse(rig->engine, vs_str_of(text), 0, &script, &rig->error);
  if (status != VS_OK) return status;
  for (uint32_t i = 0; i < script->tree.statement_count && status == VS_OK; i++)
    status = rig_run(rig, script, i, owner, execution_count);
  vs_engine_script_free(script);
  return status;
}

static inline const char *rig_sql(struct rig *rig, const char *text) {
  cr_assert_eq(rig_cell(rig, text, "", 0), VS_OK, "%s: %s", text, rig->error.message);
  return rig->rows.data ? rig->rows.data : "";
}

#endif
