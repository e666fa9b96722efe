/* links: vs_exec
 * SPDX-License-Identifier: Apache-2.0
 * Jobs started, copied from and stopped in a loop, while another thread reads counters and the result: run under TSan.
 */
#include "engine/exec/job.h"
#include "engine/sql/parser.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROUNDS = 60, ROWS = 4000 };

struct shared {
  struct vs_env *env;
  struct vs_job *job;
  struct vs_result *result;
  atomic_bool is_over;
  uint64_t copies;
};

static void die(const char *what, const struct vs_error *error) {
  fprintf(stderr, "%s: %s\n", what, error->message);
  exit(1);
}

static void *read_all(void *argument) {
  struct shared *shared = argument;
  struct vs_arena arena;
  struct vs_error error;
  vs_arena_init(&arena, shared->env->memory, 0);
  while (!atomic_load(&shared->is_over)) {
    struct vs_job_counters counters;
    struct vs_result_view view;
    vs_job_count(shared->job, &counters);
    if (vs_result_copy(shared->result, 20, 5, 100, &arena, &view, &error) != VS_OK) die("copy", &error);
    if (view.totals.folded > view.totals.emitted) die("more rows than changes", &error);
    vs_arena_reset(&arena);
    shared->copies++;
  }
  vs_arena_release(&arena);
  return NULL;
}

static void write_rows(const char *path) {
  FILE *file = fopen(path, "w");
  fputs("ts,k,x\n", file);
  for (int i = 0; i < ROWS; i++)
    fprintf(file, "%d,key %d,%d\n", 1767258000 + i, i % 97, i);
  fclose(file);
}

static struct vs_plan *bind(const struct vs_env *env, struct vs_catalog *catalog, const char *folder, const char *sql,
                            struct vs_arena *arena) {
  struct vs_parse_options options = {0};
  struct vs_script script;
  struct vs_error error;
  struct vs_annotations annotations = {0};
  struct vs_plan *plan;
  if (vs_parse(vs_str_of(sql), &options, arena, &script, &error) != VS_OK) die("parse", &error);
  struct vs_snapshot *snapshot = vs_catalog_current(catalog);
  struct vs_plan_context context = {.env = env,
                                    .catalog = catalog,
                                    .snapshot = snapshot,
                                    .folders = {.items = {folder}, .count = 1},
                                    .is_strict = true};
  if (vs_plan_query(&context, script.statements[0]->as.query, &annotations, &plan, &error) != VS_OK)
    die("bind", &error);
  vs_snapshot_unref(snapshot);
  return plan;
}

/* Every third round runs to the end, the others are stopped at some moment. */
static void run_round(struct vs_env *env, const struct vs_plan *plan, int round) {
  struct shared shared = {.env = env};
  struct vs_error error;
  struct vs_job_counters counters = {0};
  pthread_t reader;
  if (vs_result_new(plan, env, &shared.result, &error) != VS_OK) die("result", &error);
  struct vs_tap *taps[] = {vs_result_tap(shared.result)};
  struct vs_job_options options = {.env = env, .taps = taps, .tap_count = 1, .batch_rows = 64};
  if (vs_job_start(plan, &options, &shared.job, &error) != VS_OK) die("start", &error);
  pthread_create(&reader, NULL, read_all, &shared);
  while (round % 3 && counters.rows_in < (uint64_t)(round * 64) && !vs_job_is_done(shared.job))
    vs_job_count(shared.job, &counters);
  if (round % 3) vs_job_stop(shared.job);
  if (vs_job_join(shared.job, &error) != VS_OK) die("join", &error);
  atomic_store(&shared.is_over, true);
  pthread_join(reader, NULL);
  vs_job_count(shared.job, &counters);
  if (round % 3 == 0 && counters.rows_in != ROWS) die("rows are missing", &error);
  vs_job_free(shared.job);
  vs_result_free(shared.result);
}

int main(void) {
  struct vs_env env;
  struct vs_env_parts parts;
  struct vs_error error;
  struct vs_catalog *catalog;
  struct vs_arena arena;
  char folder[] = "/tmp/velo-job-XXXXXX", path[64];
  if (vs_env_init(&env, &parts, &error) != VS_OK) die("environment", &error);
  if (!mkdtemp(folder) || vs_catalog_new(&env, &catalog, &error) != VS_OK) return 1;
  snprintf(path, sizeof path, "%s/t.csv", folder);
  write_rows(path);
  vs_arena_init(&arena, env.memory, 0);
  struct vs_plan *changes = bind(
      &env, catalog, folder,
      "SELECT k, SUM(x) AS s FROM 't.csv' GROUP BY k HAVING SUM(x) > 10 ORDER BY s DESC LIMIT 10 EMIT CHANGES", &arena);
  struct vs_plan *rows = bind(&env, catalog, folder, "SELECT k, x FROM 't.csv' WHERE x > 5", &arena);
  for (int round = 0; round < ROUNDS; round++)
    run_round(&env, round % 2 ? changes : rows, round);
  vs_plan_free(changes);
  vs_plan_free(rows);
  vs_arena_release(&arena);
  vs_catalog_free(catalog);
  unlink(path);
  rmdir(folder);
  if (vs_memory_used(env.memory)) return fprintf(stderr, "memory is missing\n"), 1;
  puts("ok");
  return 0;
}
