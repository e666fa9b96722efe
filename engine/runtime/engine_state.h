/* SPDX-License-Identifier: Apache-2.0
 * struct vs_engine from the inside: one notebook's or one script's settings, parameters, catalogue and kept results.
 *
 * The executor thread owns everything here. Completion and inspection run on other threads, so whoever changes settings
 * or parameters holds `lock`, and whoever reads them from another thread does too; the catalogue needs no lock. */
#ifndef VS_RUNTIME_ENGINE_STATE_H
#define VS_RUNTIME_ENGINE_STATE_H

#include "engine/velo.h"
#include <pthread.h>

enum { VS_SETTING_TEXT_MAX = 1024 };
struct vs_setting_state {
  const struct vs_setting *row;
  struct vs_option_value value;
  char text[VS_SETTING_TEXT_MAX];
  const char *origin;
};

/* What is remembered about a parameter beside what plan reads. */
struct vs_parameter_state {
  vs_parameter_origin origin;
  bool is_secret;
};

/* A SELECT's folded rows under their names, oldest first. */
struct vs_kept;

struct vs_engine {
  const struct vs_env *env;
  struct vs_memory memory; /* of the session: kept rows, catalogue texts */
  struct vs_arena arena;   /* lives as long as the engine */
  struct vs_catalog *catalog;
  struct vs_folders folders;
  pthread_mutex_t lock;
  struct vs_setting_state *settings;
  struct vs_parameter *parameters;
  struct vs_parameter_state *parameter_states;
  uint32_t parameter_count, parameter_capacity;
  struct vs_kept *kept;                  /* oldest first, linked */
  uint64_t kept_version, object_version; /* last given out */
};

/* ---- settings.c ---- */
extern const struct vs_setting vs_engine_settings[];
extern const uint32_t vs_engine_setting_rows;
vs_status vs_settings_init(struct vs_engine *engine, bool read_environment, struct vs_error *err) VS_NODISCARD;
/* The state of `key`; it must exist. */
const struct vs_setting_state *vs_settings_get(const struct vs_engine *engine, const char *key);
bool vs_settings_is(const struct vs_engine *engine, const char *key, const char *value);
/* "bound.rows" -> "VELO_BOUND_ROWS"; "files.root" -> "VELO_ROOT" */
void vs_setting_environment_name(const char *key, char ret_name[64]);

/* ---- files_root.c ---- */
/* Limits files to `value`, a folder inside the present limit; ret_shown lives as long as the engine. VELO-2015. */
vs_status vs_files_root_set(struct vs_engine *engine, struct vs_str value, struct vs_span span,
                            struct vs_str *ret_shown, struct vs_error *err) VS_NODISCARD;
/* Takes `path` unchecked. One that is no folder's real path allows no file at all. */
vs_status vs_files_root_keep(struct vs_engine *engine, struct vs_str path, struct vs_error *err) VS_NODISCARD;

/* ---- parameters.c ---- */
vs_status vs_parameters_read_environment(struct vs_engine *engine, struct vs_error *err) VS_NODISCARD;

/* ---- literal.c ---- */
/* One literal as a parameter cell writes it: number, quoted text, True, False, None, [list]; ret_parameter's name is
 * left alone. `is_bare`: any other text is taken as a CSV field would be (velo -p). False when the text is no literal.
 */
bool vs_literal_parse(struct vs_str text, bool is_bare, struct vs_arena *arena, struct vs_parameter *ret_parameter);

/* ---- kept.c ---- */
void vs_kept_free_all(struct vs_engine *engine);

#endif
