/* SPDX-License-Identifier: Apache-2.0
 * Completion: what may stand at the cursor, by what stands before it. Any thread: the catalogue is a snapshot, settings
 * and parameters are read under their lock. */
#include "engine/runtime/cursor.h"

struct offering {
  struct vs_engine *engine;
  struct vs_arena *arena;
  struct vs_cursor cursor;
  const struct vs_snapshot *snapshot;
  struct vs_completion *items;
  uint32_t count, capacity;
  bool is_failed;
};

static struct vs_completion *grow(struct offering *offering) {
  if (offering->count < offering->capacity) return &offering->items[offering->count++];
  uint32_t capacity = offering->capacity ? offering->capacity * 2 : 64;
  struct vs_completion *items = VS_ARENA_ARRAY(offering->arena, struct vs_completion, capacity);
  if (!items) {
    offering->is_failed = true;
    return NULL;
  }
  if (offering->count) memcpy(items, offering->items, sizeof *items * offering->count);
  offering->items = items;
  offering->capacity = capacity;
  return &offering->items[offering->count++];
}

static struct vs_str copy(struct offering *offering, struct vs_str text) {
  const char *data = vs_arena_copy(offering->arena, text.data ? text.data : "", text.size);
  offering->is_failed |= !data;
  return (struct vs_str){data, data ? text.size : 0};
}

static void offer_text(struct offering *offering, vs_completion_is is, struct vs_str label, const char *suffix,
                       struct vs_str detail) {
  if (!vs_str_starts_nocase(label, offering->cursor.word)) return;
  struct vs_completion *item = grow(offering);
  if (!item) return;
  const char *text = vs_arena_printf(offering->arena, "%.*s%s", VS_STR_ARG(label), suffix);
  offering->is_failed |= !text;
  *item = (struct vs_completion){is, copy(offering, label), vs_str_of(text), copy(offering, detail)};
}

static void offer(struct offering *offering, vs_completion_is is, struct vs_str label, struct vs_str detail) {
  offer_text(offering, is, label, "", detail);
}

/* ---- what there is ---- */

static void offer_columns_of(struct offering *offering, const struct vs_schema *schema) {
  for (uint32_t i = 0; i < schema->shown_count; i++) {
    char type[32];
    vs_type_print(schema->fields[i].type, type);
    offer(offering, VS_IS_COLUMN, schema->fields[i].name, vs_str_of(type));
  }
}

/* `qualifier` empty: the columns of every source. */
static void offer_columns(struct offering *offering, struct vs_str qualifier) {
  struct vs_cursor_source sources[VS_CURSOR_SOURCES_MAX];
  uint32_t count = vs_cursor_sources(&offering->cursor, offering->engine, offering->snapshot, offering->arena, sources);
  for (uint32_t i = 0; i < count; i++)
    if (!qualifier.size || vs_str_equal_nocase(sources[i].name, qualifier))
      offer_columns_of(offering, sources[i].schema);
}

static void offer_tables(struct offering *offering) {
  static const char *const details[] = {[VS_OBJECT_IS_SOURCE] = "source",
                                        [VS_OBJECT_IS_VIEW] = "stream",
                                        [VS_OBJECT_IS_TABLE] = "table",
                                        [VS_OBJECT_IS_RESULT] = "result"};
  for (uint32_t i = 0; i < vs_snapshot_count(offering->snapshot); i++) {
    const struct vs_object *object = vs_snapshot_at(offering->snapshot, i);
    offer(offering, VS_IS_TABLE, object->name, vs_str_of(details[object->is]));
  }
}

static void offer_files(struct offering *offering, bool is_quoted) {
  struct vs_str *paths;
  uint32_t count;
  const struct vs_folders folders = vs_files_folders(offering->engine);
  if (vs_path_list(&folders, offering->arena, &paths, &count, NULL) != VS_OK) return;
  for (uint32_t i = 0; i < count; i++) {
    if (!vs_str_starts_nocase(paths[i], offering->cursor.word)) continue;
    const char *quoted = vs_arena_printf(offering->arena, is_quoted ? "%.*s" : "'%.*s'", VS_STR_ARG(paths[i]));
    struct vs_completion *item = quoted ? grow(offering) : NULL;
    if (item) *item = (struct vs_completion){VS_IS_FILE, paths[i], vs_str_of(quoted), VS_STR("file")};
  }
}

static void offer_functions(struct offering *offering) {
  for (uint32_t f = 0; vs_aggregate_family_all[f]; f++)
    for (uint32_t i = 0; i < vs_aggregate_family_all[f]->row_count; i++) {
      const struct vs_aggregate *row = &vs_aggregate_family_all[f]->rows[i];
      offer_text(offering, VS_IS_FUNCTION, vs_str_of(row->name), "(", vs_str_of(row->signature));
    }
  for (uint32_t f = 0; vs_scalar_family_all[f]; f++)
    for (uint32_t i = 0; i < vs_scalar_family_all[f]->row_count; i++) {
      const struct vs_scalar *row = &vs_scalar_family_all[f]->rows[i];
      if (!(row->flags & VS_FN_HIDDEN))
        offer_text(offering, VS_IS_FUNCTION, vs_str_of(row->name), "(", vs_str_of(row->signature));
    }
}

static void offer_keywords(struct offering *offering, bool at_start) {
  uint32_t count;
  const struct vs_keyword *keywords = vs_keywords(&count);
  for (uint32_t i = 0; i < count; i++)
    if (!at_start || keywords[i].starts_statement)
      offer(offering, VS_IS_KEYWORD, vs_str_of(keywords[i].text), VS_STR("keyword"));
}

static void offer_words(struct offering *offering, struct vs_str words) {
  while (words.size) {
    const char *space = memchr(words.data, ' ', words.size);
    size_t size = space ? (size_t)(space - words.data) : words.size;
    offer(offering, VS_IS_KEYWORD, (struct vs_str){words.data, size}, VS_STR("keyword"));
    size_t used = size + (space != NULL);
    words = (struct vs_str){words.data + used, words.size - used};
  }
}

static void offer_parameters(struct offering *offering) {
  pthread_mutex_lock(&offering->engine->lock);
  for (uint32_t i = 0; i < offering->engine->parameter_count; i++) {
    const struct vs_parameter *parameter = &offering->engine->parameters[i];
    char type[32];
    vs_type_print(parameter->value.type, type);
    offer(offering, VS_IS_PARAMETER, parameter->name, vs_str_of(parameter->list ? "list" : type));
  }
  pthread_mutex_unlock(&offering->engine->lock);
}

/* A key holds dots, which are tokens of their own: the word begins behind SET. */
static void offer_settings(struct offering *offering) {
  struct vs_cursor *cursor = &offering->cursor;
  if (cursor->before > cursor->first + 1) cursor->begin = cursor->tokens[cursor->first + 1].span.begin;
  cursor->word = (struct vs_str){cursor->text.data + cursor->begin, cursor->end - cursor->begin};
  pthread_mutex_lock(&offering->engine->lock);
  for (uint32_t i = 0; i < vs_engine_setting_rows; i++) {
    const struct vs_setting_state *state = &offering->engine->settings[i];
    offer_text(offering, VS_IS_SETTING, vs_str_of(state->row->key), " = ", vs_str_of(state->text));
  }
  pthread_mutex_unlock(&offering->engine->lock);
}

/* ---- where it may stand ---- */

static bool holds_assignment(const struct vs_cursor *cursor) {
  for (uint32_t i = cursor->first; i < cursor->before; i++)
    if (vs_str_equal(cursor->tokens[i].text, VS_STR("="))) return true;
  return false;
}

static bool is_after_source_word(const struct vs_cursor *cursor) {
  return vs_cursor_follows(cursor, 1, "FROM") || vs_cursor_follows(cursor, 1, "JOIN");
}

static void offer_all(struct offering *offering) {
  const struct vs_cursor *cursor = &offering->cursor;
  bool is_at_start = cursor->before == cursor->first;
  bool is_parameter = cursor->begin > 0 && cursor->text.data[cursor->begin - 1] == ':' &&
                      (cursor->begin < 2 || cursor->text.data[cursor->begin - 2] != ':');
  if (cursor->is_in_comment) return;
  if (cursor->is_in_text) {
    offer_files(offering, true);
  } else if (is_parameter) {
    offer_parameters(offering);
  } else if (!is_at_start && vs_str_equal_nocase(cursor->tokens[cursor->first].text, VS_STR("SET"))) {
    if (!holds_assignment(cursor)) offer_settings(offering);
  } else if (vs_cursor_follows(cursor, 1, ".")) {
    offer_columns(offering, vs_cursor_token(cursor, 2));
  } else if (is_after_source_word(cursor)) {
    offer_tables(offering);
    offer_files(offering, false);
  } else if (vs_cursor_follows(cursor, 1, "DESCRIBE") || vs_cursor_follows(cursor, 1, "DESC") ||
             vs_cursor_follows(cursor, 2, "DROP") || vs_cursor_follows(cursor, 1, "SCHEMA")) {
    offer_tables(offering);
  } else if (vs_cursor_follows(cursor, 1, "SHOW") || vs_cursor_follows(cursor, 1, "LIST")) {
    offer_words(offering, VS_STR("STREAMS TABLES FUNCTIONS SCHEMA PROPERTIES"));
  } else if (vs_cursor_follows(cursor, 1, "EMIT")) {
    offer_words(offering, VS_STR("CHANGES FINAL"));
  } else if (is_at_start) {
    offer_keywords(offering, true);
  } else {
    offer_columns(offering, VS_STR(""));
    offer_functions(offering);
    offer_keywords(offering, false);
  }
}

vs_status vs_engine_complete(struct vs_engine *engine, struct vs_str text, size_t position, struct vs_arena *arena,
                             struct vs_completions *ret_completions, struct vs_error *err) {
  struct offering offering = {.engine = engine, .arena = arena};
  VS_TRY(vs_cursor_find(text, position, arena, &offering.cursor, err));
  struct vs_snapshot *snapshot = vs_catalog_current(engine->catalog);
  offering.snapshot = snapshot;
  offer_all(&offering);
  vs_snapshot_unref(snapshot);
  if (offering.is_failed) return vs_fail_memory(err);
  *ret_completions =
      (struct vs_completions){offering.items, offering.count, offering.cursor.begin, offering.cursor.end};
  return VS_OK;
}
