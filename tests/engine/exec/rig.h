/* SPDX-License-Identifier: Apache-2.0
 * Runs one SQL query over CSV text and gives back what its taps saw: every emitted row as `a|b|c` (`-` in front of a
 * delete mark), ` / ` between rows; NULL is ~. Files lie in a folder of the test's own. */
#ifndef VS_TESTS_EXEC_RIG_H
#define VS_TESTS_EXEC_RIG_H

#include "engine/exec/job.h"
#include "engine/sql/parser.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct rig {
  struct vs_env_parts parts;
  struct vs_env env;
  struct vs_arena arena;
  struct vs_catalog *catalog;
  struct vs_plan *plan;
  struct vs_result *result;
  struct vs_text rows;
  struct vs_job_counters counters;
  struct vs_error error;
  vs_status status;
  char folder[32];
  uint32_t batch_rows;
  uint64_t stop_after; /* rows after which the capture tap answers VS_STOP; 0: never */
  size_t state_limit_bytes;
  bool was_closed;
  vs_status close_status;
  struct vs_tap tap;
  uint64_t row_count;
  struct vs_text watermarks;
};

static inline struct rig *rig_of(struct vs_tap *tap) {
  return (struct rig *)((char *)tap - offsetof(struct rig, tap));
}

static inline void rig_print_row(struct vs_text *text, const struct vs_batch *batch, uint32_t row) {
  if (text->size) vs_text_puts(text, " / ");
  if (batch->weight && batch->weight[row] < 0) vs_text_puts(text, "-");
  for (uint32_t c = 0; c < batch->schema->shown_count; c++) {
    struct vs_value value = vs_value_get(&batch->columns[c], row);
    if (c) vs_text_puts(text, "|");
    if (value.is_null) vs_text_puts(text, "~");
    vs_value_print(&value, VS_STYLE_PLAIN, text);
  }
}

static inline vs_status rig_open(struct vs_tap *tap, const struct vs_schema *schema, vs_change_mode mode,
                                 struct vs_error *err) {
  (void)tap, (void)schema, (void)mode, (void)err;
  return VS_OK;
}

static inline vs_status rig_batch(struct vs_tap *tap, const struct vs_batch *batch, struct vs_error *err) {
  struct rig *rig = rig_of(tap);
  (void)err;
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    rig_print_row(&rig->rows, batch, batch->selection ? batch->selection[i] : i);
    rig->row_count++;
    if (rig->stop_after && rig->row_count >= rig->stop_after) return VS_STOP;
  }
  return VS_OK;
}

static inline void rig_close(struct vs_tap *tap, vs_status status, const struct vs_error *err) {
  (void)err;
  cr_assert_not(rig_of(tap)->was_closed, "a tap is closed exactly once");
  rig_of(tap)->was_closed = true;
  rig_of(tap)->close_status = status;
}

static inline void rig_write(const struct rig *rig, const char *name, const char *content) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", rig->folder, name);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  fputs(content, file);
  fclose(file);
}

static inline struct rig *rig_new(void) {
  struct rig *rig = calloc(1, sizeof *rig);
  static const struct vs_tap_ops ops = {rig_open, rig_batch, NULL, rig_close};
  vs_clock_init_virtual(&rig->parts.clock, 0);
  vs_random_seed(&rig->parts.random, 1);
  vs_memory_init(&rig->parts.memory, NULL, 0);
  vs_log_init(&rig->parts.log, -1, VS_LOG_ERROR);
  rig->env = (struct vs_env){&rig->parts.clock, &rig->parts.random, &rig->parts.memory, &rig->parts.log};
  vs_arena_init(&rig->arena, &rig->parts.memory, 0);
  vs_text_init(&rig->rows, &rig->parts.memory, 1 << 24);
  vs_text_init(&rig->watermarks, &rig->parts.memory, 1 << 24);
  cr_assert_eq(vs_catalog_new(&rig->env, &rig->catalog, NULL), VS_OK);
  snprintf(rig->folder, sizeof rig->folder, "/tmp/velo-exec-XXXXXX");
  cr_assert_not_null(mkdtemp(rig->folder));
  rig->tap.ops = &ops;
  return rig;
}

static inline void rig_forget_run(struct rig *rig) {
  vs_result_free(rig->result);
  vs_plan_free(rig->plan);
  rig->result = NULL;
  rig->plan = NULL;
  rig->row_count = 0;
  rig->was_closed = false;
  vs_text_clear(&rig->rows);
}

static inline void rig_free(struct rig *rig) {
  rig_forget_run(rig);
  vs_text_release(&rig->rows);
  vs_text_release(&rig->watermarks);
  vs_catalog_free(rig->catalog);
  vs_arena_release(&rig->arena);
  cr_expect_eq(vs_memory_used(&rig->parts.memory), 0, "everything is given back");
  char command[64];
  snprintf(command, sizeof command, "%s/t.csv", rig->folder);
  unlink(command);
  rmdir(rig->folder);
  free(rig);
}

/* Binds `sql`, whose FROM is 't.csv'. */
static inline void rig_bind(struct rig *rig, const char *sql) {
  struct vs_parse_options options = {0};
  struct vs_script script;
  rig_forget_run(rig);
  vs_error_clear(&rig->error);
  cr_assert_eq(vs_parse(vs_str_of(sql), &options, &rig->arena, &script, &rig->error), VS_OK, "%s", rig->error.message);
  struct vs_snapshot *snapshot = vs_catalog_current(rig->catalog);
  struct vs_plan_context context = {.env = &rig->env,
                                    .catalog = rig->catalog,
                                    .snapshot = snapshot,
                                    .folders = {.items = {rig->folder}, .count = 1},
                                    .is_strict = true};
  struct vs_annotations annotations = {0};
  rig->status = vs_plan_query(&context, script.statements[0]->as.query, &annotations, &rig->plan, &rig->error);
  vs_snapshot_unref(snapshot);
  cr_assert_eq(rig->status, VS_OK, "%s: %s", sql, rig->error.message);
  cr_assert_eq(vs_result_new(rig->plan, &rig->env, &rig->result, &rig->error), VS_OK, "%s", rig->error.message);
}

static inline struct vs_job *rig_start(struct rig *rig, struct vs_tap **taps) {
  struct vs_job *job;
  taps[0] = &rig->tap;
  taps[1] = vs_result_tap(rig->result);
  struct vs_job_options options = {.env = &rig->env,
                                   .taps = taps,
                                   .tap_count = 2,
                                   .batch_rows = rig->batch_rows,
                                   .state_limit_bytes = rig->state_limit_bytes};
  cr_assert_eq(vs_job_start(rig->plan, &options, &job, &rig->error), VS_OK, "%s", rig->error.message);
  return job;
}

/* Runs to the end; what was emitted, in order. */
static inline const char *rig_run(struct rig *rig, const char *sql) {
  struct vs_tap *taps[2];
  rig_bind(rig, sql);
  struct vs_job *job = rig_start(rig, taps);
  rig->status = vs_job_join(job, &rig->error);
  vs_job_count(job, &rig->counters);
  vs_job_free(job);
  return rig->rows.data ? rig->rows.data : "";
}

/* The folded result as it is shown. */
static inline const char *rig_folded(struct rig *rig, struct vs_result_view *ret_view) {
  static char text[65536];
  struct vs_text folded;
  cr_assert_eq(vs_result_copy(rig->result, 100, 0, 100, &rig->arena, ret_view, &rig->error), VS_OK);
  vs_text_init(&folded, &rig->parts.memory, 1 << 24);
  for (uint32_t row = 0; row < ret_view->head.row_count; row++)
    rig_print_row(&folded, &ret_view->head, row);
  snprintf(text, sizeof text, "%s", folded.data ? folded.data : "");
  vs_text_release(&folded);
  return text;
}

/* The same rows whatever the size of batches. */
static inline void rig_check(const char *csv, const char *sql, const char *expected) {
  static const uint32_t sizes[] = {1, 2, 7, 2048};
  struct rig *rig = rig_new();
  rig_write(rig, "t.csv", csv);
  for (uint32_t i = 0; i < VS_COUNT_OF(sizes); i++) {
    rig->batch_rows = sizes[i];
    const char *rows = rig_run(rig, sql);
    cr_expect_eq(rig->status, VS_OK, "%s: %s", sql, rig->error.message);
    cr_expect_str_eq(rows, expected, "%s\nbatches of %u rows:\n  got    %s\n  wanted %s", sql, sizes[i], rows,
                     expected);
    cr_expect(rig->was_closed);
  }
  rig_free(rig);
}

#endif
