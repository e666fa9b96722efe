/* links: vs_runtime */
/* SPDX-License-Identifier: Apache-2.0
 * One thread runs statements (objects come and go, settings and parameters change) while another completes and
 * inspects. Plain main() for ThreadSanitizer. */
#include "engine/velo.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 60 };

struct shared {
  struct vs_env env;
  struct vs_env_parts parts;
  struct vs_engine *engine;
  atomic_bool is_done;
  atomic_uint looks;
};

static void must(vs_status status, const struct vs_error *error) {
  if (status == VS_OK) return;
  printf("failed: %s\n", error->message);
  exit(1);
}

static void run_text(struct shared *shared, const char *text) {
  struct vs_engine_script *script;
  struct vs_error error = {0};
  must(vs_engine_parse(shared->engine, vs_str_of(text), 0, &script, &error), &error);
  for (uint32_t i = 0; i < script->tree.statement_count; i++) {
    const struct vs_run_options options = {
        .owner = VS_STR("one"), .owner_label = VS_STR("cell [1]"), .keep_result = true};
    struct vs_run *run;
    struct vs_arena arena;
    struct vs_view view;
    must(vs_run_start(shared->engine, script, i, &options, &run, &error), &error);
    while (!vs_run_is_done(run)) {
      vs_arena_init(&arena, &shared->parts.memory, 0);
      must(vs_run_view(run, 10, 5, 100, &arena, &view, &error), &error);
      vs_arena_release(&arena);
      vs_run_acknowledge(run);
    }
    must(vs_run_finish(run, &error), &error);
    vs_run_free(run);
  }
  vs_engine_script_free(script);
}

static void *look(void *argument) {
  static const char text[] = "SELECT s. FROM src s WHERE a = :x; SET bound.rows = 1; SELECT ROUND(b) FROM later; "
                             "SELECT n FROM (SELECT symbol, COUNT(*) AS n FROM src GROUP BY symbol) t";
  struct shared *shared = argument;
  while (!atomic_load(&shared->is_done)) {
    for (size_t at = 0; at < sizeof text; at += 3) {
      struct vs_arena arena;
      struct vs_completions found;
      struct vs_error error;
      struct vs_text markdown, plain;
      vs_arena_init(&arena, &shared->parts.memory, 0);
      vs_text_init(&markdown, &shared->parts.memory, 65536);
      vs_text_init(&plain, &shared->parts.memory, 65536);
      must(vs_engine_complete(shared->engine, vs_str_of(text), at, &arena, &found, &error), &error);
      vs_engine_inspect(shared->engine, vs_str_of(text), at, &markdown, &plain);
      vs_text_release(&markdown);
      vs_text_release(&plain);
      vs_arena_release(&arena);
      atomic_fetch_add(&shared->looks, 1);
    }
  }
  return NULL;
}

int main(void) {
  static struct shared shared;
  struct vs_error error = {0};
  pthread_t looker;
  must(vs_env_init(&shared.env, &shared.parts, &error), &error);
  const struct vs_engine_options options = {&shared.env, VELO_SOURCE_DIR "/notebooks/x.ipynb", false};
  must(vs_engine_new(&options, &shared.engine, &error), &error);
  pthread_create(&looker, NULL, look, &shared);
  for (int i = 0; i < ROUNDS; i++) {
    char value[16];
    snprintf(value, sizeof value, "%d", i);
    must(vs_engine_parameter_set(shared.engine, VS_STR("x"), vs_str_of(value), true, false, VS_PARAMETER_SET, &error),
         &error);
    run_text(&shared,
             "SET display_rows = 30; CREATE STREAM src AS SELECT symbol, close AS a FROM 'data/bars.csv';"
             "CREATE TABLE later AS SELECT symbol, AVG(a) AS b FROM src GROUP BY symbol;"
             "SELECT symbol, COUNT(*) AS n FROM src WHERE a > :x GROUP BY symbol EMIT CHANGES; SET display_rows = 20");
    must(vs_engine_forget(shared.engine, VS_STR("one"), &error), &error);
  }
  while (atomic_load(&shared.looks) < 100)
    continue;
  atomic_store(&shared.is_done, true);
  pthread_join(looker, NULL);
  vs_engine_free(shared.engine);
  printf("%d rounds, %u looks, %zu bytes left\n", ROUNDS, atomic_load(&shared.looks),
         vs_memory_used(&shared.parts.memory));
  return vs_memory_used(&shared.parts.memory) ? 1 : 0;
}
