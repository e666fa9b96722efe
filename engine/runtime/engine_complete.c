/* SPDX-License-Identifier: Apache-2.0
 * Completion: what may stand at the cursor, by what stands before it. Any thread: the catalogue is a snapshot, settings
 * and parameters are read under their lock. */
#include "engine/runtime/cursor.h"
#include "engine/sql/annotation.h"
#include <ctype.h>

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
  const struct vs_folders folders = vs_engine_folders(offering->engine);
  if (vs_path_list(&folders, offering->arena, &paths, &count, NULL) != VS_OK) return;
  for (uint32_t i = 0; i < count; i++) {
    if (!vs_str_starts_nocase(paths[i], offering->cursor.word)) continue;
    const char *quoted = vs_arena_printf(offering->arena, is_quoted ? "%.*s" : "'%.*s'", VS_STR_ARG(paths[i]));
    struct vs_completion *item = quoted ? grow(offering) : NULL;
    if (item) *item = (struct vs_completion){VS_IS_FILE, paths[i], vs_str_of(quoted), VS_STR("file")};
  }
}

static void offer_functions(struct offering *offering) {
  for (const struct vs_aggregate_family *const *family = vs_aggregate_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_aggregate *row = &(*family)->rows[i];
      offer_text(offering, VS_IS_FUNCTION, vs_str_of(row->name), "(", vs_str_of(row->signature));
    }
  for (const struct vs_scalar_family *const *family = vs_scalar_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_scalar *row = &(*family)->rows[i];
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

static void offer_choices(struct offering *offering, struct vs_str choices, char separator, const char *quote) {
  while (choices.size) {
    const char *end = memchr(choices.data, separator, choices.size);
    size_t size = end ? (size_t)(end - choices.data) : choices.size, used = size + (end != NULL);
    const char *word = vs_arena_printf(offering->arena, "%s%.*s%s", quote, (int)size, choices.data, quote);
    if (word) offer(offering, VS_IS_KEYWORD, vs_str_of(word), VS_STR("value"));
    choices = (struct vs_str){choices.data + used, choices.size - used};
  }
}

/* Behind SET key =. */
static void offer_setting_values(struct offering *offering) {
  struct vs_cursor *cursor = &offering->cursor;
  uint32_t first = cursor->first + 1, equals = first;
  while (equals < cursor->before && !vs_str_equal(cursor->tokens[equals].text, VS_STR("=")))
    equals++;
  if (equals == first || equals >= cursor->before) return;
  uint32_t begin = cursor->tokens[first].span.begin, end = cursor->tokens[equals - 1].span.end;
  struct vs_str key = {cursor->text.data + begin, end - begin};
  for (uint32_t i = 0; i < vs_engine_setting_rows; i++) {
    const struct vs_setting *row = &vs_engine_settings[i];
    if (!vs_str_equal_nocase(vs_str_of(row->key), key)) continue;
    if (row->kind == VS_SET_BOOL) offer_choices(offering, VS_STR("true|false"), '|', "");
    if (row->choices) offer_choices(offering, vs_str_of(row->choices), '|', cursor->is_in_text ? "" : "'");
  }
}

/* WITH ('trades.replay' = ...): the keys of every source the statement names. */
static void offer_source_keys(struct offering *offering) {
  struct vs_cursor_source sources[VS_CURSOR_SOURCES_MAX];
  uint32_t settings_count, count;
  const struct vs_setting *settings = vs_source_settings(&settings_count);
  count = vs_cursor_sources(&offering->cursor, offering->engine, offering->snapshot, offering->arena, sources);
  struct vs_str created = {NULL, 0};
  if (vs_str_equal_nocase(offering->cursor.tokens[offering->cursor.first].text, VS_STR("CREATE")) &&
      offering->cursor.before > offering->cursor.first + 2)
    created = offering->cursor.tokens[offering->cursor.first + 2].text;
  for (uint32_t s = 0; s < count + (created.size > 0); s++)
    for (uint32_t i = 0; i < settings_count; i++) {
      struct vs_str name = s < count ? sources[s].name : created;
      if (!name.size) break; /* a derived table without alias */
      const char *quote = offering->cursor.is_in_text ? "" : "'";
      const char *key =
          vs_arena_printf(offering->arena, "%s%.*s.%s%s", quote, VS_STR_ARG(name), settings[i].key, quote);
      if (key && !settings[i].is_planned) offer(offering, VS_IS_SETTING, vs_str_of(key), vs_str_of(settings[i].doc));
    }
}

/* `-- @na` and `-- @viz: li`: in a comment no token tells where the word begins. */
static void offer_annotations(struct offering *offering) {
  struct vs_cursor *cursor = &offering->cursor;
  const char *text = cursor->text.data;
  size_t at = cursor->end, word = at;
  while (word > 0 && (isalnum((unsigned char)text[word - 1]) || strchr("_.-", text[word - 1])))
    word--;
  size_t key_end = word;
  while (key_end > 0 && (text[key_end - 1] == ' ' || text[key_end - 1] == ':'))
    key_end--;
  size_t key = key_end;
  while (key > 0 && (isalnum((unsigned char)text[key - 1]) || strchr("_.", text[key - 1])))
    key--;
  bool is_key = word > 0 && text[word - 1] == '@', is_value = !is_key && key > 0 && text[key - 1] == '@';
  cursor->begin = (uint32_t)word;
  cursor->word = (struct vs_str){text + word, at - word};
  const char *name, *choices;
  for (uint32_t i = 0; (is_key || is_value) && (name = vs_annotation_key(i, &choices)); i++) {
    if (is_key) offer_text(offering, VS_IS_SETTING, vs_str_of(name), ": ", VS_STR("annotation"));
    bool is_this = is_value && vs_str_equal_nocase(vs_str_of(name), (struct vs_str){text + key, key_end - key});
    if (is_this && choices) offer_choices(offering, vs_str_of(choices), ' ', "");
  }
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

/* A quoted text that is a path: FROM 'da, DESCRIBE 'da, '<n>.path' = 'da. */
static bool is_path_place(const struct vs_cursor *cursor) {
  static const char *const words[] = {"FROM", "JOIN", "INTO", "DESCRIBE", "DESC", "="};
  bool is_path = false;
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    is_path |= vs_cursor_follows(cursor, 1, words[i]);
  if (!vs_cursor_follows(cursor, 1, "=")) return is_path;
  struct vs_str key = vs_cursor_token(cursor, 2);
  return key.size > 6 && memcmp(key.data + key.size - 5, "path'", 5) == 0;
}

static bool is_after_source_word(const struct vs_cursor *cursor) {
  return vs_cursor_follows(cursor, 1, "FROM") || vs_cursor_follows(cursor, 1, "JOIN");
}

static bool begins_with(const struct vs_cursor *cursor, const char *word) {
  return cursor->before > cursor->first && vs_str_equal_nocase(cursor->tokens[cursor->first].text, vs_str_of(word));
}

static bool is_type_place(const struct vs_cursor *cursor) {
  struct vs_str call = vs_cursor_call(cursor);
  bool is_cast = vs_str_equal_nocase(call, VS_STR("CAST")) || vs_str_equal_nocase(call, VS_STR("TRY_CAST"));
  return vs_cursor_follows(cursor, 1, "::") || (is_cast && vs_cursor_follows(cursor, 1, "AS"));
}

/* Words of the grammar where only few may stand. Returns whether this is such a place. */
static bool offer_few(struct offering *offering) {
  const struct vs_cursor *cursor = &offering->cursor;
  static const struct {
    const char *after, *begins, *words;
  } places[] = {
      {"CREATE", NULL, "STREAM TABLE OR"},
      {"REPLACE", "CREATE", "STREAM TABLE"},
      {"OR", "CREATE", "REPLACE"},
      {"DROP", NULL, "STREAM TABLE"},
      {"SHOW", NULL, "STREAMS TABLES FUNCTIONS SCHEMA PROPERTIES"},
      {"LIST", NULL, "STREAMS TABLES FUNCTIONS SCHEMA PROPERTIES"},
      {"EMIT", NULL, "CHANGES FINAL"},
      {"GROUP", NULL, "BY"},
      {"ORDER", NULL, "BY"},
      {"WINDOW", NULL, "TUMBLING("},
      {"EXPLAIN", NULL, "SELECT WITH CREATE"},
      {"AS", "CREATE", "SELECT WITH"},
  };
  if (is_type_place(cursor)) {
    offer_words(offering, VS_STR("BOOLEAN INTEGER FLOAT DECIMAL(18,4) STRING BYTES DATE TIME TIMESTAMP INTERVAL"));
    return true;
  }
  for (size_t i = 0; i < VS_COUNT_OF(places); i++) {
    bool is_second = !places[i].begins || cursor->before <= cursor->first + 2 || vs_cursor_follows(cursor, 2, "CREATE");
    bool is_as = places[i].begins && strcmp(places[i].after, "AS") == 0 && vs_cursor_call(cursor).size == 0 &&
                 cursor->before == cursor->first + 4;
    if (vs_cursor_follows(cursor, 1, places[i].after) &&
        (!places[i].begins ||
         (begins_with(cursor, places[i].begins) && (is_second || is_as || strcmp(places[i].after, "REPLACE") == 0)))) {
      offer_words(offering, vs_str_of(places[i].words));
      return true;
    }
  }
  return false;
}

static void offer_all(struct offering *offering) {
  const struct vs_cursor *cursor = &offering->cursor;
  bool is_at_start = cursor->before == cursor->first;
  bool is_parameter = cursor->begin > 0 && cursor->text.data[cursor->begin - 1] == ':' &&
                      (cursor->begin < 2 || cursor->text.data[cursor->begin - 2] != ':');
  if (cursor->is_in_comment) {
    offer_annotations(offering);
  } else if (begins_with(cursor, "SET")) {
    if (holds_assignment(cursor))
      offer_setting_values(offering);
    else
      offer_settings(offering);
  } else if (vs_str_equal_nocase(vs_cursor_call(cursor), VS_STR("WITH")) && !vs_cursor_follows(cursor, 1, "=")) {
    offer_source_keys(offering);
  } else if (cursor->is_in_text) {
    if (is_path_place(cursor)) offer_files(offering, true);
  } else if (is_parameter) {
    offer_parameters(offering);
  } else if (vs_cursor_follows(cursor, 1, ".")) {
    offer_columns(offering, vs_cursor_token(cursor, 2));
  } else if (is_after_source_word(cursor)) {
    offer_tables(offering);
    offer_files(offering, false);
  } else if (vs_cursor_follows(cursor, 1, "DESCRIBE") || vs_cursor_follows(cursor, 1, "DESC") ||
             vs_cursor_follows(cursor, 2, "DROP") || vs_cursor_follows(cursor, 1, "SCHEMA")) {
    offer_tables(offering);
    if (vs_cursor_follows(cursor, 1, "DESCRIBE")) offer_files(offering, false);
  } else if (is_at_start) {
    offer_keywords(offering, true);
  } else if (offer_few(offering)) {
    return;
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
