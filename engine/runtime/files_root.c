/* SPDX-License-Identifier: Apache-2.0
 * files.root: the folder that the files of cells must lie in. What a cell may set it may not lift, or the limit would
 * be none: once there is a root, only a folder inside it can take its place. */
#include "engine/runtime/engine_state.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static vs_status refuse(struct vs_str value, const char *reason, struct vs_span span, struct vs_error *err) {
  return vs_fail_hint(
      err, vs_fail(err, VS_CODE_BAD_VALUE, span, "files.root cannot be '%.*s': %s", VS_STR_ARG(value), reason),
      "name a folder that exists; a cell may narrow the limit, not lift it");
}

/* As any path of a cell: against the notebook's folder first, and inside the root of before. */
static vs_status find_folder(struct vs_engine *engine, struct vs_str value, char ret_real[PATH_MAX],
                             struct vs_span span, struct vs_error *err) {
  struct vs_str path;
  struct vs_error error;
  struct stat facts;
  if (vs_path_resolve(&engine->folders, value, false, &engine->arena, &path, &error) != VS_OK)
    return refuse(value, error.message, span, err);
  if (!realpath(path.data, ret_real) || stat(ret_real, &facts) != 0)
    return refuse(value, strerrordesc_np(errno), span, err);
  return S_ISDIR(facts.st_mode) ? VS_OK : refuse(value, "it is no folder", span, err);
}

vs_status vs_files_root_keep(struct vs_engine *engine, struct vs_str path, struct vs_error *err) {
  const char *root = vs_arena_copy(&engine->arena, path.data, path.size);
  if (!root) return vs_fail_memory(err);
  pthread_mutex_lock(&engine->lock);
  engine->folders.root = root;
  pthread_mutex_unlock(&engine->lock);
  return VS_OK;
}

vs_status vs_files_root_set(struct vs_engine *engine, struct vs_str value, struct vs_span span,
                            struct vs_str *ret_shown, struct vs_error *err) {
  char real[PATH_MAX];
  if (!value.size && !engine->folders.root) return *ret_shown = value, VS_OK;
  VS_TRY(find_folder(engine, value, real, span, err));
  VS_TRY(vs_files_root_keep(engine, vs_str_of(real), err));
  *ret_shown = vs_str_of(engine->folders.root);
  return VS_OK;
}

struct vs_folders vs_engine_folders(struct vs_engine *engine) {
  pthread_mutex_lock(&engine->lock);
  struct vs_folders folders = engine->folders;
  pthread_mutex_unlock(&engine->lock);
  return folders;
}
