/* SPDX-License-Identifier: Apache-2.0
 * The engine for everyday use: what the kernel and `velo` see. Implemented by engine/runtime.
 *
 * A text becomes a script (vs_engine_parse); its statements run one by one (vs_run_start ... vs_run_finish). Every
 * statement is a run: SHOW and SET are done at once, a SELECT runs on a job thread until it ends or is stopped. The
 * caller waits on the run's fd and its own, and renders from copies (vs_run_view).
 *
 * Threads: one executor thread calls everything; vs_engine_complete, vs_engine_inspect and snapshots of
 * vs_engine_catalog may be taken from any thread. */
#ifndef VS_VELO_H
#define VS_VELO_H

#include "engine/base/env.h"
#include "engine/exec/job.h"

struct vs_engine;
struct vs_engine_options {
  const struct vs_env *env;
  const char *notebook_path; /* JPY_SESSION_NAME or NULL: paths resolve against its folder first */
  bool read_environment;     /* VELO_* settings and VELO_PARAM_* */
};
vs_status vs_engine_new(const struct vs_engine_options *options, struct vs_engine **ret_engine,
                        struct vs_error *err) VS_NODISCARD;
void vs_engine_free(struct vs_engine *engine);
const struct vs_env *vs_engine_env(const struct vs_engine *engine);
struct vs_catalog *vs_engine_catalog(struct vs_engine *engine);
/* Where paths are looked for, and the root that limits them, as they are now; any thread. */
struct vs_folders vs_engine_folders(struct vs_engine *engine);

/* ---- settings: one table of rows with unit, range, default ---- */
struct vs_engine_setting {
  struct vs_setting row;
  const char *value;  /* current, as text; lives until it is next set */
  const char *origin; /* "default", "environment", "cell" */
};
uint32_t vs_engine_setting_count(const struct vs_engine *engine);
void vs_engine_setting_at(const struct vs_engine *engine, uint32_t index, struct vs_engine_setting *ret_setting);
/* VELO-2023 with suggestion, VELO-2015 */
vs_status vs_engine_set(struct vs_engine *engine, struct vs_str key, struct vs_str value, struct vs_span span,
                        struct vs_error *err);
int64_t vs_engine_integer(const struct vs_engine *engine, const char *key); /* key must exist */

/* ---- parameters (:name) ---- */
typedef enum {
  VS_PARAMETER_DEFAULT,
  VS_PARAMETER_ENVIRONMENT,
  VS_PARAMETER_INJECTED,
  VS_PARAMETER_SET
} vs_parameter_origin;
/* `text` is one literal: number, quoted text, a word, True/False/None, list of those, or (velo -p) any bare text, typed
 * as a CSV field; a secret one is a text as it stands). An origin of lower rank does not replace one of higher rank
 * (DEFAULT < ENVIRONMENT < INJECTED; SET always). A name that means a secret (engine/base/secret.h) makes the value
 * one. */
vs_status vs_engine_parameter_set(struct vs_engine *engine, struct vs_str name, struct vs_str text, bool is_literal,
                                  bool is_secret, vs_parameter_origin origin, struct vs_error *err) VS_NODISCARD;
uint32_t vs_engine_parameter_count(const struct vs_engine *engine);
const struct vs_parameter *vs_engine_parameter_at(const struct vs_engine *engine, uint32_t index, bool *ret_is_secret);
/* Calls `hear` with the text of every secret parameter's values, as they print; borrowed until it returns. */
typedef void vs_secret_hear(void *context, struct vs_str value);
void vs_engine_tell_secrets(const struct vs_engine *engine, vs_secret_hear *hear, void *context);
/* A text whose first line is `# Parameters` or `-- Parameters` and which holds only `name = literal` lines. */
bool vs_engine_is_parameter_text(struct vs_str text);
vs_status vs_engine_parameter_text(struct vs_engine *engine, struct vs_str text, uint32_t source, bool is_injected,
                                   struct vs_error *err) VS_NODISCARD;

/* ---- running ---- */
struct vs_engine_script {
  struct vs_arena arena;
  struct vs_str text; /* copy in arena */
  struct vs_script tree;
};
vs_status vs_engine_parse(struct vs_engine *engine, struct vs_str text, uint32_t source,
                          struct vs_engine_script **ret_script, struct vs_error *err) VS_NODISCARD;
void vs_engine_script_free(struct vs_engine_script *script); /* NULL allowed */
/* Binds every statement in order against a scratch catalogue without running or publishing: validate, re-run checks. */
vs_status vs_engine_check(struct vs_engine *engine, const struct vs_engine_script *script, struct vs_str owner,
                          struct vs_error *err) VS_NODISCARD;
/* The same, and EXPLAIN of every query on the way. */
vs_status vs_engine_explain(struct vs_engine *engine, const struct vs_engine_script *script, struct vs_str owner,
                            struct vs_text *ret_text, struct vs_error *err) VS_NODISCARD;

/* Forgets what a cell owned, in one snapshot; before a re-run, and for deletedCells. */
vs_status vs_engine_forget(struct vs_engine *engine, struct vs_str owner, struct vs_error *err) VS_NODISCARD;

struct vs_run;
struct vs_run_options {
  struct vs_str owner;       /* cell id */
  struct vs_str owner_label; /* "cell [3]" */
  uint32_t execution_count;  /* names the result _<n>; 0: none */
  bool is_headless;          /* defaults of bounds */
  struct vs_tap **taps;      /* beside the result fold; borrowed until finish */
  uint32_t tap_count;
  bool keep_result;     /* publish _, _<n>, @name at the end */
  bool without_preview; /* CREATE STREAM shows no rows (a shell) */
};
typedef enum {
  VS_RUN_NOTHING, /* SET, DROP: vs_run_note says what happened */
  VS_RUN_QUERY,   /* rows, live: chart and table */
  VS_RUN_SCALAR,  /* one row without FROM: execute_result */
  VS_RUN_LIST,    /* SHOW, DESCRIBE: a table, no chart */
  VS_RUN_TEXT,    /* EXPLAIN: vs_run_note */
  VS_RUN_OBJECT   /* CREATE: note line, schema as list, preview rows */
} vs_run_kind;

vs_status vs_run_start(struct vs_engine *engine, const struct vs_engine_script *script, uint32_t statement,
                       const struct vs_run_options *options, struct vs_run **ret_run,
                       struct vs_error *err) VS_NODISCARD;
vs_run_kind vs_run_is(const struct vs_run *run);
const struct vs_plan *vs_run_plan(const struct vs_run *run); /* NULL without a query */
int vs_run_fd(const struct vs_run *run);                     /* -1 when it is done already */
bool vs_run_is_done(const struct vs_run *run);
void vs_run_acknowledge(struct vs_run *run);
typedef enum { VS_BOUND_NONE, VS_BOUND_ROWS, VS_BOUND_SECONDS, VS_BOUND_WAITING_CELL, VS_BOUND_INTERRUPT } vs_run_bound;
void vs_run_stop(struct vs_run *run, vs_run_bound why);

/* What to show now, copied into `arena`. */
struct vs_view {
  struct vs_result_view result; /* QUERY, SCALAR, LIST; OBJECT: preview rows */
  struct vs_job_counters counters;
  vs_run_bound bound; /* what ended it before its time */
  bool is_final, is_bounded;
  const char *note;             /* "stream s: 3 columns, event time ts, bounded", EXPLAIN text; "" */
  struct vs_result_view schema; /* OBJECT: columns as rows; schema.schema NULL otherwise */
  const char *const *warnings;
  uint32_t warning_count;
};
vs_status vs_run_view(struct vs_run *run, uint32_t head, uint32_t tail, uint32_t chart, struct vs_arena *arena,
                      struct vs_view *ret_view, struct vs_error *err) VS_NODISCARD;
/* Waits for the end, publishes objects and results, gives the query's error. The view stays readable until free. */
vs_status vs_run_finish(struct vs_run *run, struct vs_error *err);
void vs_run_free(struct vs_run *run); /* NULL allowed */

/* The newest result (`_`, or last when nothing is called so) or a named one as a view, for `%viz` alone and %export;
 * VELO-6005. Its plan facts (roles, has_aggregate, viz hints, alerts) are kept with it. */
struct vs_kept_result {
  const struct vs_env *env;
  struct vs_rows *rows; /* borrowed until the next statement ends */
  const struct vs_schema *schema;
  bool has_aggregate, is_partial;
  struct vs_viz viz;
  const struct vs_alert_plan *alerts;
  uint32_t alert_count;
  uint64_t version;
};
vs_status vs_engine_kept(struct vs_engine *engine, struct vs_str name, struct vs_kept_result *ret_kept,
                         struct vs_error *err) VS_NODISCARD;
/* The kept rows as one FLAT batch in `arena`, at most `limit` rows evenly chosen. */
vs_status vs_kept_batch(const struct vs_kept_result *kept, uint32_t limit, struct vs_arena *arena,
                        struct vs_batch *ret_batch, struct vs_error *err) VS_NODISCARD;

/* Writes a kept result's or a table's rows to a file whose extension names the format. VELO-6008 when the file exists
 * and `force` is not set; VELO-6005, 4003, 4005. */
struct vs_export_facts {
  uint64_t rows, bytes;
  struct vs_str path; /* resolved; in `arena` */
  bool is_partial;
};
vs_status vs_engine_export(struct vs_engine *engine, struct vs_str name, struct vs_str path, bool force,
                           struct vs_arena *arena, struct vs_export_facts *ret_facts,
                           struct vs_error *err) VS_NODISCARD;

/* ---- completion and inspection (any thread) ---- */
typedef enum {
  VS_IS_KEYWORD,
  VS_IS_TABLE,
  VS_IS_COLUMN,
  VS_IS_FUNCTION,
  VS_IS_FILE,
  VS_IS_SETTING,
  VS_IS_PARAMETER
} vs_completion_is;
struct vs_completion {
  vs_completion_is is;
  struct vs_str label, text; /* text is inserted */
  struct vs_str detail;      /* type, signature */
};
struct vs_completions {
  struct vs_completion *items;
  uint32_t count;
  uint32_t begin, end; /* bytes of the text to replace */
};
vs_status vs_engine_complete(struct vs_engine *engine, struct vs_str text, size_t position, struct vs_arena *arena,
                             struct vs_completions *ret_completions, struct vs_error *err) VS_NODISCARD;
/* Markdown and plain text about the name at `position`; false when there is nothing to say. */
bool vs_engine_inspect(struct vs_engine *engine, struct vs_str text, size_t position, struct vs_text *ret_markdown,
                       struct vs_text *ret_plain);

/* JSON of a reference table: functions, settings, errors. VELO-6002. */
vs_status vs_engine_reference(struct vs_engine *engine, struct vs_str table, struct vs_text *ret_text,
                              struct vs_error *err) VS_NODISCARD;

#endif
