/* SPDX-License-Identifier: Apache-2.0
 * Binding one statement in a catalogue of its own, over the files of notebooks/ and tests/data. */
#ifndef TESTS_ENGINE_PLAN_BINDING_H
#define TESTS_ENGINE_PLAN_BINDING_H

#include "engine/plan/plan.h"
#include "engine/sql/parser.h"

#include <criterion/criterion.h>
#include <stdio.h>

struct bench {
  struct vs_env env;
  struct vs_env_parts parts;
  struct vs_arena arena;
  struct vs_catalog *catalog;
  struct vs_snapshot *snapshot;
  struct vs_plan_context context;
  struct vs_annotations annotations;
  struct vs_plan *plan;
  struct vs_error err;
  const char *text;
};

static inline void bench_open(struct bench *bench) {
  memset(bench, 0, sizeof *bench);
  setenv("VELO_CLOCK", "virtual:2026-01-01T00:00:00Z", 1);
  cr_assert(vs_env_init(&bench->env, &bench->parts, NULL) == VS_OK);
  vs_arena_init(&bench->arena, bench->env.memory, (size_t)64 << 20);
  cr_assert(vs_catalog_new(&bench->env, &bench->catalog, &bench->err) == VS_OK);
  bench->context = (struct vs_plan_context){.env = &bench->env, .catalog = bench->catalog, .is_strict = true};
  bench->context.folders.items[0] = VELO_SOURCE_DIR "/notebooks";
  bench->context.folders.items[1] = VELO_SOURCE_DIR "/tests/data";
  bench->context.folders.count = 2;
}

static inline void bench_close(struct bench *bench) {
  vs_plan_free(bench->plan);
  vs_arena_release(&bench->arena);
  vs_catalog_free(bench->catalog);
  cr_assert_eq(vs_memory_used(bench->env.memory), 0, "memory is given back");
}

static inline const struct vs_query *bench_parse(struct bench *bench, const char *text) {
  struct vs_script script;
  const struct vs_parse_options options = {0};
  vs_status status = vs_parse(vs_str_of(text), &options, &bench->arena, &script, &bench->err);
  cr_assert(status == VS_OK, "%s: %s", text, bench->err.message);
  cr_assert_eq(script.statement_count, 1);
  status = vs_annotations_read(script.statements[0], &bench->arena, &bench->annotations, &bench->err);
  cr_assert(status == VS_OK, "%s: %s", text, bench->err.message);
  if (script.statements[0]->kind == VS_STATEMENT_CREATE) return script.statements[0]->as.create->query;
  return script.statements[0]->as.query;
}

static inline vs_status bench_try(struct bench *bench, const char *text) {
  const struct vs_query *query = bench_parse(bench, text);
  vs_plan_free(bench->plan);
  bench->plan = NULL;
  bench->text = text;
  struct vs_snapshot *snapshot = vs_catalog_current(bench->catalog);
  bench->context.snapshot = snapshot;
  memset(&bench->err, 0, sizeof bench->err);
  vs_status status = vs_plan_query(&bench->context, query, &bench->annotations, &bench->plan, &bench->err);
  vs_snapshot_unref(snapshot);
  return status;
}

static inline const struct vs_plan *bench_bind(struct bench *bench, const char *text) {
  vs_status status = bench_try(bench, text);
  cr_assert(status == VS_OK, "%s\n  %s\n  %s", text, bench->err.message, bench->err.hint);
  return bench->plan;
}

/* "symbol STRING KEY, volatility FLOAT MEASURE/RATIO | _window_start ..." */
static inline void bench_schema(const struct vs_schema *schema, char *ret_text, size_t capacity) {
  static const char *const roles[] = {"", " KEY", " START", " END", " TIME", "", " ALERT"};
  static const char *const measures[] = {"", " additive", " ratio", " extreme", " first", " last"};
  char type[32];
  size_t used = 0;
  ret_text[0] = '\0';
  for (uint32_t i = 0; i < schema->field_count && used < capacity; i++) {
    const struct vs_field *field = &schema->fields[i];
    used += (size_t)snprintf(ret_text + used, capacity - used, "%s%.*s %s%s%s",
                             i == 0                     ? ""
                             : i == schema->shown_count ? " | "
                                                        : ", ",
                             VS_STR_ARG(field->name), vs_type_print(field->type, type), roles[field->role],
                             measures[field->measure]);
  }
}

#define EXPECT_SCHEMA(bench, sql, expected)                                                                            \
  do {                                                                                                                 \
    char text_[2000];                                                                                                  \
    bench_schema(bench_bind(bench, sql)->root->schema, text_, sizeof text_);                                           \
    cr_expect_str_eq(text_, expected, "%s\n  got  %s\n  want %s", sql, text_, expected);                               \
  } while (0)

static inline void bench_expect_error(struct bench *bench, const char *sql, int code, const char *place,
                                      const char *message, const char *hint) {
  vs_status status = bench_try(bench, sql);
  cr_expect(status != VS_OK, "%s binds", sql);
  if (status == VS_OK) return;
  cr_expect_eq((int)bench->err.code, code, "%s\n  VELO-%d %s", sql, (int)bench->err.code, bench->err.message);
  cr_expect(strstr(bench->err.message, message), "%s\n  message: %s", sql, bench->err.message);
  cr_expect(strstr(bench->err.hint, hint), "%s\n  hint: %s\n  message: %s", sql, bench->err.hint, bench->err.message);
  size_t size = bench->err.span.end - bench->err.span.begin;
  bool is_inside = vs_span_is_known(bench->err.span) && bench->err.span.end <= strlen(sql);
  cr_expect(is_inside && strlen(place) == size && !strncmp(sql + bench->err.span.begin, place, size),
            "%s\n  place: '%.*s'\n  message: %s", sql, is_inside ? (int)size : 0,
            sql + (is_inside ? bench->err.span.begin : 0), bench->err.message);
}

#endif
