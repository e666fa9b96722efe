/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/runtime/cursor.h"

static bool is_text_token(const struct vs_token *token) {
  return token->kind == VS_TOKEN_STRING ||
         (token->kind == VS_TOKEN_ERROR && token->text.size && token->text.data[0] == '\'');
}

static bool is_word_token(const struct vs_token *token) {
  return token->kind == VS_TOKEN_WORD || token->kind == VS_TOKEN_PARAMETER || token->kind == VS_TOKEN_INTEGER;
}

static bool is_end_of_statement(const struct vs_token *token) {
  return token->kind == VS_TOKEN_SIGN && vs_str_equal(token->text, VS_STR(";"));
}

static void drop_comments(struct vs_cursor *cursor, size_t position) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < cursor->token_count; i++) {
    const struct vs_token *token = &cursor->tokens[i];
    if (token->kind != VS_TOKEN_COMMENT)
      cursor->tokens[count++] = *token;
    else if (token->span.begin < position && position <= token->span.end)
      cursor->is_in_comment = true;
  }
  cursor->token_count = count;
}

/* The word the cursor touches from behind, or nothing at the cursor itself. */
static void find_word(struct vs_cursor *cursor, uint32_t position) {
  cursor->begin = cursor->end = position;
  cursor->before = cursor->last;
  for (uint32_t i = cursor->first; i < cursor->last; i++) {
    const struct vs_token *token = &cursor->tokens[i];
    if (token->span.end < position && !(is_text_token(token) && token->kind == VS_TOKEN_ERROR)) continue;
    if (token->span.begin >= position) {
      cursor->before = i;
      return;
    }
    bool is_inside = position < token->span.end || token->kind == VS_TOKEN_ERROR;
    cursor->is_in_text = is_text_token(token) && is_inside;
    if (cursor->is_in_text || is_word_token(token)) {
      bool has_mark = cursor->is_in_text || token->kind == VS_TOKEN_PARAMETER;
      cursor->begin = token->span.begin + (has_mark ? 1 : 0);
      cursor->before = i;
      return;
    }
  }
}

static void find_statement(struct vs_cursor *cursor, size_t position) {
  cursor->first = 0;
  for (cursor->last = 0; cursor->last < cursor->token_count; cursor->last++) {
    const struct vs_token *token = &cursor->tokens[cursor->last];
    if (token->kind == VS_TOKEN_END) return;
    if (!is_end_of_statement(token)) continue;
    if (token->span.begin >= position) return;
    cursor->first = cursor->last + 1;
  }
}

vs_status vs_cursor_find(struct vs_str text, size_t position, struct vs_arena *arena, struct vs_cursor *ret_cursor,
                         struct vs_error *err) {
  const struct vs_parse_options options = {.recover = true};
  struct vs_cursor cursor = {.text = text};
  position = VS_MIN(position, text.size);
  VS_TRY(vs_lex(text, &options, arena, &cursor.tokens, &cursor.token_count, err));
  drop_comments(&cursor, position);
  find_statement(&cursor, position);
  find_word(&cursor, (uint32_t)position);
  cursor.word = (struct vs_str){text.data + cursor.begin, cursor.end - cursor.begin};
  *ret_cursor = cursor;
  return VS_OK;
}

struct vs_str vs_cursor_token(const struct vs_cursor *cursor, uint32_t back) {
  return cursor->before >= cursor->first + back ? cursor->tokens[cursor->before - back].text : VS_STR("");
}

bool vs_cursor_follows(const struct vs_cursor *cursor, uint32_t back, const char *word) {
  return vs_str_equal_nocase(vs_cursor_token(cursor, back), vs_str_of(word));
}

struct vs_str vs_cursor_call(const struct vs_cursor *cursor) {
  uint32_t depth = 0;
  for (uint32_t i = cursor->before; i > cursor->first + 1; i--) {
    struct vs_str sign = cursor->tokens[i - 1].text;
    depth += vs_str_equal(sign, VS_STR(")"));
    if (!vs_str_equal(sign, VS_STR("("))) continue;
    if (depth == 0) return cursor->tokens[i - 2].text;
    depth--;
  }
  return VS_STR("");
}

/* ---- sources ---- */

static struct vs_str unquoted(const struct vs_token *token) {
  bool is_quoted =
      token->kind == VS_TOKEN_STRING || token->kind == VS_TOKEN_QUOTED_NAME || token->kind == VS_TOKEN_DOUBLE_QUOTED;
  return is_quoted && token->text.size >= 2 ? (struct vs_str){token->text.data + 1, token->text.size - 2} : token->text;
}

static struct vs_str stem_of(struct vs_str path) {
  const char *slash = memrchr(path.data, '/', path.size);
  if (slash) path = (struct vs_str){slash + 1, (size_t)(path.data + path.size - slash - 1)};
  const char *dot = memrchr(path.data, '.', path.size);
  return dot && dot > path.data ? (struct vs_str){path.data, (size_t)(dot - path.data)} : path;
}

static struct vs_str alias_after(const struct vs_cursor *cursor, uint32_t token, struct vs_str fallback) {
  const struct vs_token *next = &cursor->tokens[token + 1];
  if (token + 2 < cursor->last && vs_str_equal_nocase(next->text, VS_STR("AS"))) return unquoted(next + 1);
  const struct vs_keyword *keyword = vs_keyword_find(next->text);
  bool is_alias = token + 1 < cursor->last && next->kind == VS_TOKEN_WORD &&
                  !(keyword && (keyword->is_reserved || keyword->is_never_alias));
  return is_alias ? next->text : fallback;
}

const struct vs_schema *vs_cursor_file(struct vs_str path, struct vs_engine *engine, struct vs_arena *arena) {
  struct vs_endpoint endpoint;
  const struct vs_folders folders = vs_engine_folders(engine);
  const struct vs_endpoint_request request = {
      .path = path, .span = VS_NO_SPAN, .scope = stem_of(path), .folders = &folders, .env = engine->env};
  vs_status status = vs_endpoint_resolve(&request, arena, &endpoint, NULL);
  return status == VS_OK ? endpoint.schema : NULL;
}

static const struct vs_schema *schema_of(const struct vs_token *token, struct vs_engine *engine,
                                         const struct vs_snapshot *snapshot, struct vs_arena *arena) {
  struct vs_str name = unquoted(token);
  if (token->kind != VS_TOKEN_STRING) {
    const struct vs_object *object = vs_snapshot_find(snapshot, name);
    return object ? object->schema : NULL;
  }
  return vs_cursor_file(name, engine, arena);
}

/* ---- FROM ( query ) ---- */

static bool is_sign(const struct vs_cursor *cursor, uint32_t token, const char *sign) {
  return token < cursor->last && vs_str_equal_nocase(cursor->tokens[token].text, vs_str_of(sign));
}

/* The token that closes the parenthesis at `open`; `last` when none does. */
static uint32_t closing_of(const struct vs_cursor *cursor, uint32_t open) {
  uint32_t depth = 0;
  for (uint32_t i = open; i < cursor->last; i++) {
    depth += is_sign(cursor, i, "(");
    if (is_sign(cursor, i, ")") && --depth == 0) return i;
  }
  return cursor->last;
}

static bool holds_cursor(const struct vs_cursor *cursor, uint32_t open, uint32_t close) {
  return cursor->tokens[open].span.end <= cursor->begin &&
         (close == cursor->last || cursor->end <= cursor->tokens[close].span.begin);
}

/* The tokens of the innermost query in parentheses around the cursor, else of the statement. */
static void find_query(const struct vs_cursor *cursor, uint32_t *ret_first, uint32_t *ret_last) {
  *ret_first = cursor->first;
  *ret_last = cursor->last;
  for (uint32_t i = cursor->first; i < cursor->last; i++) {
    if (!is_sign(cursor, i, "(") || !is_sign(cursor, i + 1, "SELECT")) continue;
    uint32_t close = closing_of(cursor, i);
    if (!holds_cursor(cursor, i, close)) continue;
    *ret_first = i + 1;
    *ret_last = close;
  }
}

/* Bound by itself, so it may not name parameters: those belong to the thread that runs cells. NULL: it does not bind.
 */
static const struct vs_schema *query_schema(struct vs_str text, struct vs_engine *engine,
                                            const struct vs_snapshot *snapshot, struct vs_arena *arena) {
  const struct vs_parse_options options = {0};
  const struct vs_schema *schema = NULL;
  struct vs_script script;
  struct vs_plan *plan;
  if (vs_parse(text, &options, arena, &script, NULL) != VS_OK || script.statement_count != 1 ||
      script.statements[0]->kind != VS_STATEMENT_QUERY)
    return NULL;
  const struct vs_plan_context context = {
      .env = engine->env, .snapshot = snapshot, .folders = vs_engine_folders(engine)};
  const struct vs_annotations none = {0};
  if (vs_plan_query(&context, script.statements[0]->as.query, &none, &plan, NULL) != VS_OK) return NULL;
  if (vs_schema_copy(plan->root->schema, arena, &schema, NULL) != VS_OK) schema = NULL;
  vs_plan_free(plan);
  return schema;
}

static uint32_t add_derived(const struct vs_cursor *cursor, uint32_t open, uint32_t close, struct vs_engine *engine,
                            const struct vs_snapshot *snapshot, struct vs_arena *arena,
                            struct vs_cursor_source *ret_source) {
  uint32_t begin = cursor->tokens[open].span.end;
  struct vs_str text = {cursor->text.data + begin, cursor->tokens[close].span.begin - begin};
  const struct vs_schema *schema = query_schema(text, engine, snapshot, arena);
  if (schema) *ret_source = (struct vs_cursor_source){alias_after(cursor, close, VS_STR("")), schema};
  return schema != NULL;
}

uint32_t vs_cursor_sources(const struct vs_cursor *cursor, struct vs_engine *engine, const struct vs_snapshot *snapshot,
                           struct vs_arena *arena, struct vs_cursor_source ret_sources[VS_CURSOR_SOURCES_MAX]) {
  uint32_t count = 0, first, last;
  find_query(cursor, &first, &last);
  for (uint32_t i = first; i + 1 < last && count < VS_CURSOR_SOURCES_MAX; i++) {
    const struct vs_token *word = &cursor->tokens[i], *source = word + 1;
    if (!vs_str_equal_nocase(word->text, VS_STR("FROM")) && !vs_str_equal_nocase(word->text, VS_STR("JOIN"))) continue;
    if (is_sign(cursor, i + 1, "(") && is_sign(cursor, i + 2, "SELECT")) {
      uint32_t close = closing_of(cursor, i + 1);
      if (close < last) count += add_derived(cursor, i + 1, close, engine, snapshot, arena, &ret_sources[count]);
      i = close;
      continue;
    }
    const struct vs_schema *schema = schema_of(source, engine, snapshot, arena);
    struct vs_str name = unquoted(source);
    if (source->kind == VS_TOKEN_STRING) name = stem_of(name);
    if (schema) ret_sources[count++] = (struct vs_cursor_source){alias_after(cursor, i + 1, name), schema};
  }
  return count;
}
