/* SPDX-License-Identifier: Apache-2.0
 * Inspection: what is known about the name under the cursor. Written once, in Markdown; the plain text is the same
 * without its marks. Any thread. */
#include "engine/runtime/cursor.h"
#include "engine/runtime/keyword_help.h"
#include <ctype.h>

struct page {
  struct vs_text *markdown, *plain;
};

static void title(struct page *page, struct vs_str name, const char *detail) {
  vs_text_printf(page->markdown, "**%.*s** `%s`\n\n", VS_STR_ARG(name), detail);
  vs_text_printf(page->plain, "%.*s %s\n\n", VS_STR_ARG(name), detail);
}

static void line(struct page *page, const char *text) {
  vs_text_printf(page->markdown, "%s\n\n", text);
  vs_text_printf(page->plain, "%s\n", text);
}

static void example(struct page *page, const char *text) {
  if (!text) return;
  vs_text_printf(page->markdown, "```sql\n%s\n```\n", text);
  vs_text_printf(page->plain, "Example: %s\n", text);
}

static bool about_function(struct page *page, struct vs_str word) {
  const struct vs_scalar *scalar = vs_scalar_find(word);
  const struct vs_aggregate *aggregate = vs_aggregate_find(word);
  if (aggregate) {
    title(page, vs_str_of(aggregate->name), aggregate->signature);
    line(page, aggregate->doc);
    example(page, aggregate->example);
  } else if (scalar && !(scalar->flags & VS_FN_HIDDEN)) {
    title(page, vs_str_of(scalar->name), scalar->signature);
    line(page, scalar->doc);
    example(page, scalar->example);
  } else {
    return false;
  }
  return true;
}

static void columns(struct page *page, const struct vs_schema *schema) {
  vs_text_puts(page->markdown, "| column | type |\n|---|---|\n");
  for (uint32_t i = 0; i < schema->shown_count; i++) {
    char type[32];
    struct vs_str name = schema->fields[i].name;
    vs_type_print(schema->fields[i].type, type);
    vs_text_printf(page->markdown, "| %.*s | %s |\n", VS_STR_ARG(name), type);
    vs_text_printf(page->plain, "  %-24.*s %s\n", VS_STR_ARG(name), type);
  }
}

static bool about_object(struct page *page, const struct vs_snapshot *snapshot, struct vs_str word) {
  const struct vs_object *object = vs_snapshot_find(snapshot, word);
  if (!object) return false;
  static const char *const words[] = {[VS_OBJECT_IS_SOURCE] = "source",
                                      [VS_OBJECT_IS_VIEW] = "stream",
                                      [VS_OBJECT_IS_TABLE] = "table",
                                      [VS_OBJECT_IS_RESULT] = "result"};
  title(page, object->name, words[object->is]);
  columns(page, object->schema);
  if (object->definition.size) {
    vs_text_printf(page->markdown, "\n```sql\n%.*s\n```\n", VS_STR_ARG(object->definition));
    vs_text_printf(page->plain, "\n%.*s\n", VS_STR_ARG(object->definition));
  }
  return true;
}

static bool about_column(struct page *page, const struct vs_cursor *cursor, struct vs_engine *engine,
                         const struct vs_snapshot *snapshot, struct vs_arena *arena, struct vs_str word) {
  struct vs_cursor_source sources[VS_CURSOR_SOURCES_MAX];
  uint32_t count = vs_cursor_sources(cursor, engine, snapshot, arena, sources);
  for (uint32_t i = 0; i < count; i++) {
    int column = vs_schema_find(sources[i].schema, word);
    if (column < 0) continue;
    char type[32];
    vs_type_print(sources[i].schema->fields[column].type, type);
    title(page, sources[i].schema->fields[column].name, type);
    const char *text = vs_arena_printf(arena, "Column of %.*s.", VS_STR_ARG(sources[i].name));
    line(page, text ? text : "");
    return true;
  }
  return false;
}

static bool about_setting(struct page *page, struct vs_engine *engine, struct vs_str word, struct vs_arena *arena) {
  const struct vs_setting_state *state = NULL;
  for (uint32_t i = 0; i < vs_engine_setting_rows && !state; i++)
    if (vs_str_equal_nocase(vs_str_of(vs_engine_settings[i].key), word)) state = &engine->settings[i];
  if (!state) return false;
  pthread_mutex_lock(&engine->lock);
  const char *value =
      vs_arena_printf(arena, "%s%s%s (default %s, from %s)", state->text, state->row->unit[0] ? " " : "",
                      state->row->unit, state->row->fallback, state->origin);
  pthread_mutex_unlock(&engine->lock);
  title(page, word, value ? value : "");
  line(page, state->row->doc);
  return true;
}

static bool about_keyword(struct page *page, struct vs_str word) {
  const struct vs_keyword *keyword = vs_keyword_find(word);
  if (!keyword) return false;
  const struct vs_keyword_help *help = vs_keyword_help_find(word);
  title(page, vs_str_of(keyword->text), "keyword");
  if (help) {
    line(page, help->doc);
    example(page, help->example);
    return true;
  }
  line(page, keyword->is_reserved ? "A reserved word: quote it with back-quotes to use it as a name."
                                  : "A keyword that may also be a name.");
  return true;
}

static bool about_file(struct page *page, const struct vs_cursor *cursor, struct vs_engine *engine, size_t position,
                       struct vs_arena *arena) {
  for (uint32_t i = cursor->first; i < cursor->last; i++) {
    const struct vs_token *token = &cursor->tokens[i];
    if (token->kind != VS_TOKEN_STRING || position < token->span.begin || position > token->span.end) continue;
    struct vs_str path = {token->text.data + 1, token->text.size - VS_MIN(token->text.size, (size_t)2)};
    const struct vs_schema *schema = vs_cursor_file(path, engine, arena);
    if (!schema) return false;
    title(page, path, "file");
    columns(page, schema);
    return true;
  }
  return false;
}

/* :symbol; its value may be a secret. */
static bool about_parameter(struct page *page, struct vs_engine *engine, struct vs_str text, struct vs_str word) {
  bool is_parameter =
      word.data > text.data && word.data[-1] == ':' && (word.data < text.data + 2 || word.data[-2] != ':');
  bool is_found = false;
  pthread_mutex_lock(&engine->lock);
  for (uint32_t i = 0; is_parameter && !is_found && i < engine->parameter_count; i++) {
    const struct vs_parameter *parameter = &engine->parameters[i];
    char type[32];
    is_found = vs_str_equal(parameter->name, word);
    if (!is_found) continue;
    const char *what = parameter->list ? "list" : vs_type_print(parameter->value.type, type);
    title(page, word, what);
    line(page, "A parameter: %param shows its value.");
  }
  pthread_mutex_unlock(&engine->lock);
  return is_found;
}

/* The whole name around the cursor, dots included for settings. */
static struct vs_str word_at(struct vs_str text, size_t position, bool with_dots) {
  size_t begin = VS_MIN(position, text.size), end = begin;
  while (begin > 0 && (isalnum((unsigned char)text.data[begin - 1]) || text.data[begin - 1] == '_' ||
                       (unsigned char)text.data[begin - 1] >= 0x80 || (with_dots && text.data[begin - 1] == '.')))
    begin--;
  while (end < text.size && (isalnum((unsigned char)text.data[end]) || text.data[end] == '_' ||
                             (unsigned char)text.data[end] >= 0x80 || (with_dots && text.data[end] == '.')))
    end++;
  return (struct vs_str){text.data + begin, end - begin};
}

static bool inspect(struct vs_engine *engine, struct vs_str text, size_t position, struct vs_arena *arena,
                    struct page *page) {
  struct vs_cursor cursor;
  struct vs_str word = word_at(text, position, false), key = word_at(text, position, true);
  if (vs_cursor_find(text, position, arena, &cursor, NULL) != VS_OK) return false;
  if (about_file(page, &cursor, engine, position, arena)) return true;
  if (!word.size) return about_function(page, vs_cursor_call(&cursor));
  struct vs_snapshot *snapshot = vs_catalog_current(engine->catalog);
  size_t end = (size_t)(word.data - text.data) + word.size;
  bool is_call = end < text.size && text.data[end] == '(';
  bool is_found = about_parameter(page, engine, text, word) || (is_call && about_function(page, word)) ||
                  about_setting(page, engine, key, arena) ||
                  about_column(page, &cursor, engine, snapshot, arena, word) || about_object(page, snapshot, word) ||
                  about_function(page, word) || about_keyword(page, word) ||
                  about_function(page, vs_cursor_call(&cursor));
  vs_snapshot_unref(snapshot);
  return is_found;
}

bool vs_engine_inspect(struct vs_engine *engine, struct vs_str text, size_t position, struct vs_text *ret_markdown,
                       struct vs_text *ret_plain) {
  struct page page = {ret_markdown, ret_plain};
  struct vs_arena arena;
  vs_arena_init(&arena, engine->env->memory, (size_t)64 << 20);
  bool is_found = inspect(engine, text, position, &arena, &page);
  vs_arena_release(&arena);
  return is_found;
}
