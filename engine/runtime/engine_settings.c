/* SPDX-License-Identifier: Apache-2.0
 * Settings: one table. SET, %config, VELO_* variables, completion, the reference page and SHOW follow from a row. */
#include "engine/base/suggest.h"
#include "engine/runtime/engine_state.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* clang-format off */
const struct vs_setting vs_engine_settings[] = {
  {.key = "batch.rows", .kind = VS_SET_INTEGER, .min = 0, .max = VS_BATCH_ROWS, .fallback = "0", .unit = "rows",
   .doc = "Rows a source hands on at a time; 0: as they come. Results do not depend on it"},
  {.key = "bound.rows", .kind = VS_SET_INTEGER, .min = 1, .max = 1000000000, .fallback = "10000", .unit = "rows",
   .doc = "Rows after which a query without end stops where nobody can interrupt it"},
  {.key = "bound.seconds", .kind = VS_SET_INTEGER, .min = 1, .max = 86400, .fallback = "30", .unit = "s",
   .doc = "Seconds after which a query without end stops where nobody can interrupt it, or once another cell waits behind it"},
  {.key = "display_rows", .kind = VS_SET_INTEGER, .min = 1, .max = 10000, .fallback = "25", .unit = "rows",
   .doc = "Rows a table shows; of longer results the first ones and the last five"},
  {.key = "exec.part_bytes", .kind = VS_SET_INTEGER, .min = 0, .max = 1 << 28, .fallback = "0", .unit = "bytes",
   .doc = "Bytes of a big file that a thread reads at a time; 0: as many as are quickest. Results do not depend on it"},
  {.key = "exec.threads", .kind = VS_SET_INTEGER, .min = 0, .max = 64, .fallback = "0", .unit = "threads",
   .doc = "Threads that read a big file together; 0: one per processor, 8 at most. Results do not depend on it"},
  {.key = "files.root", .kind = VS_SET_TEXT, .fallback = "", .unit = "",
   .doc = "The folder that files read and written must lie in, links resolved; empty: anywhere. A cell can narrow it only"},
  {.key = "json.decimal.output", .kind = VS_SET_CHOICE, .choices = "text|number", .fallback = "text", .unit = "",
   .doc = "How JSON output writes a DECIMAL: as text with its declared scale, or as a number"},
  {.key = "results.count", .kind = VS_SET_INTEGER, .min = 1, .max = 1000000, .fallback = "100", .unit = "cells",
   .doc = "Numbered results (_3) are kept for this many of the newest cells; named ones stay"},
  {.key = "results.limit", .kind = VS_SET_INTEGER, .min = 1, .max = 1048576, .fallback = "512", .unit = "MiB",
   .doc = "Memory for results that later statements may read; the oldest are freed first"},
  {.key = "sql.alias_precedence", .kind = VS_SET_CHOICE, .choices = "column|alias", .fallback = "column", .unit = "",
   .doc = "What a name means that is both an input column and an alias further left"},
  {.key = "sql.division_by_zero", .kind = VS_SET_CHOICE, .choices = "null|error", .fallback = "null", .unit = "",
   .doc = "A division by zero gives NULL and is counted, or fails its row"},
  {.key = "sql.double_quotes", .kind = VS_SET_CHOICE, .choices = "name|string", .fallback = "name", .unit = "",
   .doc = "What double quotes mean in an expression"},
  {.key = "sql.strict", .kind = VS_SET_BOOL, .fallback = "true", .unit = "",
   .doc = "A column that is neither grouped nor aggregated is an error; off: any value of the group, with a warning"},
  {.key = "state.limit", .kind = VS_SET_INTEGER, .min = 1, .max = 1048576, .fallback = "1024", .unit = "MiB",
   .doc = "Memory one query may use for its state; beyond it the query stops and says so"},
};
/* clang-format on */
const uint32_t vs_engine_setting_rows = VS_COUNT_OF(vs_engine_settings);

static bool is_files_root(const struct vs_setting_state *state) {
  return strcmp(state->row->key, "files.root") == 0;
}

void vs_setting_environment_name(const char *key, char ret_name[64]) {
  if (strcmp(key, "files.root") == 0) key = "root";
  if (strcmp(key, "exec.threads") == 0) key = "threads";
  int size = snprintf(ret_name, 64, "VELO_%s", key);
  for (int i = 5; i < size && i < 63; i++)
    ret_name[i] = ret_name[i] == '.' ? '_' : (char)toupper((unsigned char)ret_name[i]);
}

static struct vs_setting_state *find(const struct vs_engine *engine, struct vs_str key) {
  for (uint32_t i = 0; i < vs_engine_setting_rows; i++)
    if (vs_str_equal_nocase(vs_str_of(vs_engine_settings[i].key), key)) return &engine->settings[i];
  return NULL;
}

const struct vs_setting_state *vs_settings_get(const struct vs_engine *engine, const char *key) {
  return find(engine, vs_str_of(key));
}

bool vs_settings_is(const struct vs_engine *engine, const char *key, const char *value) {
  return strcmp(vs_settings_get(engine, key)->text, value) == 0;
}

static vs_status put(struct vs_engine *engine, struct vs_setting_state *state, struct vs_str value, const char *origin,
                     struct vs_span span, struct vs_error *err) {
  struct vs_option_value checked = {0};
  if (value.size >= VS_SETTING_TEXT_MAX)
    return vs_fail(err, VS_CODE_BAD_VALUE, span, "%s: the value is longer than %d bytes", state->row->key,
                   VS_SETTING_TEXT_MAX - 1);
  VS_TRY(vs_setting_check(state->row, value, span, &checked, err));
  if (is_files_root(state)) VS_TRY(vs_files_root_set(engine, value, span, &value, err));
  pthread_mutex_lock(&engine->lock);
  memcpy(state->text, value.data, value.size);
  state->text[value.size] = '\0';
  state->value = checked;
  state->value.text = vs_str_of(state->text);
  state->origin = origin;
  pthread_mutex_unlock(&engine->lock);
  return VS_OK;
}

/* A variable with a bad value must not keep a kernel from starting: it is logged and the default stays. A limit that
 * cannot be read stays a limit, though: then no file is allowed. */
static vs_status read_environment_of(struct vs_engine *engine, struct vs_setting_state *state, struct vs_error *err) {
  char name[64];
  struct vs_error error;
  vs_setting_environment_name(state->row->key, name);
  const char *value = getenv(name);
  if (!value || !*value || put(engine, state, vs_str_of(value), "environment", VS_NO_SPAN, &error) == VS_OK)
    return VS_OK;
  bool is_limit = is_files_root(state);
  vs_log_line(engine->env->log, VS_LOG_WARNING, "runtime", "%s=%s %s: %s", name, value,
              is_limit ? "allows no file" : "is not used", error.message);
  return is_limit ? vs_files_root_keep(engine, vs_str_of(value), err) : VS_OK;
}

vs_status vs_settings_init(struct vs_engine *engine, bool read_environment, struct vs_error *err) {
  engine->settings = VS_ARENA_ARRAY(&engine->arena, struct vs_setting_state, vs_engine_setting_rows);
  if (!engine->settings) return vs_fail_memory(err);
  for (uint32_t i = 0; i < vs_engine_setting_rows; i++) {
    struct vs_setting_state *state = &engine->settings[i];
    state->row = &vs_engine_settings[i];
    VS_TRY(put(engine, state, vs_str_of(state->row->fallback), "default", VS_NO_SPAN, err));
    if (read_environment) VS_TRY(read_environment_of(engine, state, err));
  }
  return VS_OK;
}

uint32_t vs_engine_setting_count(const struct vs_engine *engine) {
  (void)engine;
  return vs_engine_setting_rows;
}

void vs_engine_setting_at(const struct vs_engine *engine, uint32_t index, struct vs_engine_setting *ret_setting) {
  const struct vs_setting_state *state = &engine->settings[index];
  *ret_setting = (struct vs_engine_setting){*state->row, state->text, state->origin};
}

vs_status vs_engine_set(struct vs_engine *engine, struct vs_str key, struct vs_str value, struct vs_span span,
                        struct vs_error *err) {
  struct vs_setting_state *state = find(engine, key);
  if (state) return put(engine, state, value, "cell", span, err);
  struct vs_suggest suggest;
  char near[128];
  vs_suggest_init(&suggest, key);
  for (uint32_t i = 0; i < vs_engine_setting_rows; i++)
    vs_suggest_offer(&suggest, vs_str_of(vs_engine_settings[i].key));
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_SETTING, span, "there is no setting %.*s", VS_STR_ARG(key));
  if (suggest.count) return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, near, sizeof near));
  return vs_fail_hint(err, status, "velo reference settings lists them");
}

int64_t vs_engine_integer(const struct vs_engine *engine, const char *key) {
  return vs_settings_get(engine, key)->value.integer;
}
