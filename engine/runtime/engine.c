/* SPDX-License-Identifier: Apache-2.0
 * An engine from its beginning to its end, scripts, and the check of a whole cell before anything of it runs. */
#include "engine/runtime/workspace.h"
#include "engine/sql/parser.h"
#include <unistd.h>

/* ---- life ---- */

/* The notebook's folder first, then the working directory (design: Contract 15). */
static vs_status find_folders(struct vs_engine *engine, const char *notebook_path, struct vs_error *err) {
  char here[4096];
  const char *slash = notebook_path ? strrchr(notebook_path, '/') : NULL;
  if (slash) {
    size_t size = VS_MAX((size_t)(slash - notebook_path), (size_t)1);
    engine->folders.items[engine->folders.count++] = vs_arena_copy(&engine->arena, notebook_path, size);
  }
  if (!getcwd(here, sizeof here))
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "the working directory cannot be found");
  engine->folders.items[engine->folders.count++] = vs_arena_copy(&engine->arena, here, strlen(here));
  for (uint32_t i = 0; i < engine->folders.count; i++)
    if (!engine->folders.items[i]) return vs_fail_memory(err);
  return VS_OK;
}

static vs_status init(struct vs_engine *engine, const struct vs_engine_options *options, struct vs_error *err) {
  VS_TRY(vs_settings_init(engine, options->read_environment, err));
  VS_TRY(vs_catalog_new(engine->env, &engine->catalog, err));
  VS_TRY(find_folders(engine, options->notebook_path, err));
  VS_TRY(vs_inference_cache_new(&engine->memory, &engine->folders.cache, err));
  return options->read_environment ? vs_parameters_read_environment(engine, err) : VS_OK;
}

vs_status vs_engine_new(const struct vs_engine_options *options, struct vs_engine **ret_engine, struct vs_error *err) {
  struct vs_engine *engine = vs_memory_alloc(options->env->memory, sizeof *engine);
  if (!engine) return vs_fail_memory(err);
  *engine = (struct vs_engine){.env = options->env};
  vs_memory_init(&engine->memory, options->env->memory, 0);
  vs_arena_init(&engine->arena, &engine->memory, 0);
  pthread_mutex_init(&engine->lock, NULL);
  vs_status status = init(engine, options, err);
  if (status != VS_OK)
    vs_engine_free(engine);
  else
    *ret_engine = engine;
  return status;
}

void vs_engine_free(struct vs_engine *engine) {
  if (!engine) return;
  vs_kept_free_all(engine);
  if (engine->catalog) vs_catalog_free(engine->catalog);
  vs_inference_cache_free(engine->folders.cache);
  vs_arena_release(&engine->arena);
  pthread_mutex_destroy(&engine->lock);
  vs_memory_free(engine->env->memory, engine, sizeof *engine);
}

const struct vs_env *vs_engine_env(const struct vs_engine *engine) {
  return engine->env;
}

struct vs_catalog *vs_engine_catalog(struct vs_engine *engine) {
  return engine->catalog;
}

/* ---- scripts ---- */

static vs_status parse(struct vs_engine_script *script, struct vs_str text, uint32_t source, struct vs_error *err) {
  const struct vs_parse_options options = {.source = source};
  script->text.data = vs_arena_copy(&script->arena, text.data ? text.data : "", text.size);
  if (!script->text.data) return vs_fail_memory(err);
  script->text.size = text.size;
  return vs_parse(script->text, &options, &script->arena, &script->tree, err);
}

vs_status vs_engine_parse(struct vs_engine *engine, struct vs_str text, uint32_t source,
                          struct vs_engine_script **ret_script, struct vs_error *err) {
  struct vs_engine_script *script = vs_memory_alloc(engine->env->memory, sizeof *script);
  if (!script) return vs_fail_memory(err);
  *script = (struct vs_engine_script){0};
  vs_arena_init(&script->arena, engine->env->memory, 0);
  vs_status status = parse(script, text, source, err);
  if (status != VS_OK)
    vs_engine_script_free(script);
  else
    *ret_script = script;
  return status;
}

void vs_engine_script_free(struct vs_engine_script *script) {
  if (!script) return;
  struct vs_memory *memory = script->arena.memory;
  vs_arena_release(&script->arena);
  vs_memory_free(memory, script, sizeof *script);
}

/* ---- objects of a cell ---- */

vs_status vs_engine_forget(struct vs_engine *engine, struct vs_str owner, struct vs_error *err) {
  struct vs_change *change;
  if (!owner.size) return VS_OK;
  VS_TRY(vs_change_begin(engine->catalog, &change, err));
  vs_change_remove_owner(change, owner);
  return vs_change_publish(change, err);
}
