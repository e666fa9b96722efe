/* SPDX-License-Identifier: Apache-2.0
 * Completion, inspection and is_complete. On the shell thread, also while a cell runs: they read the published
 * catalogue and the texts they are given, nothing else. */
#include "engine/base/utf8.h"
#include "engine/sql/parser.h"
#include "kernel/cells/cell.h"

#include <ctype.h>

enum { ARENA_LIMIT = 16 << 20 };

struct offers {
  struct vs_arena *arena;
  json_t *matches, *types;
  struct vs_str prefix;
  struct vs_str code;
  size_t begin, end; /* bytes replaced */
};

static const char *type_word(vs_completion_is is) {
  switch (is) {
  case VS_IS_KEYWORD: return "keyword";
  case VS_IS_TABLE: return "class";
  case VS_IS_COLUMN: return "field";
  case VS_IS_FUNCTION: return "function";
  case VS_IS_FILE: return "file";
  case VS_IS_SETTING: return "property";
  case VS_IS_PARAMETER: return "variable";
  }
  return "text";
}

static size_t points(struct vs_str code, size_t bytes) {
  return vs_utf8_count(code.data, bytes);
}

static void offer(struct offers *offers, const char *type, struct vs_str label, struct vs_str text,
                  struct vs_str detail) {
  (void)label;
  json_t *item =
      json_pack("{s:s%,s:s,s:I,s:I}", "text", text.data, text.size, "type", type, "start",
                (json_int_t)points(offers->code, offers->begin), "end", (json_int_t)points(offers->code, offers->end));
  if (item && detail.size) json_object_set_new(item, "signature", json_stringn(detail.data, detail.size));
  if (item && json_array_append_new(offers->matches, json_stringn(text.data, text.size)) == 0)
    json_array_append_new(offers->types, item);
  else
    json_decref(item);
}

static json_t *finish(struct offers *offers) {
  return json_pack("{s:o,s:I,s:I,s:{s:o}}", "matches", offers->matches, "cursor_start",
                   (json_int_t)points(offers->code, offers->begin), "cursor_end",
                   (json_int_t)points(offers->code, offers->end), "metadata", "_jupyter_types_experimental",
                   offers->types);
}

static void offer_word(void *sink, struct vs_str word, const char *detail) {
  struct offers *offers = sink;
  const char *equals = memchr(word.data, '=', word.size);
  bool is_value = equals && equals + 1 < word.data + word.size;
  if (is_value && !memchr(offers->prefix.data, '=', offers->prefix.size)) return;
  if (vs_str_starts_nocase(word, offers->prefix)) offer(offers, "value", word, word, vs_str_of(detail));
}

static void offer_options(struct offers *offers, const struct vs_command *command) {
  for (uint32_t i = 0; i < command->option_count; i++) {
    char *text = vs_arena_printf(offers->arena, "--%s", command->options[i].name);
    if (text && vs_str_starts_nocase(vs_str_of(text), offers->prefix))
      offer(offers, "property", vs_str_of(text), vs_str_of(text), vs_str_of(command->options[i].doc));
  }
}

static void offer_names(struct offers *offers, bool is_cell) {
  for (uint32_t i = 0; vsk_magic_all[i]; i++) {
    const struct vsk_magic *magic = vsk_magic_all[i];
    if (is_cell ? !magic->is_cell : !magic->is_line) continue;
    char *text = vs_arena_printf(offers->arena, "%s%s", is_cell ? "%" : "", magic->command.name);
    if (text && vs_str_starts_nocase(vs_str_of(text), offers->prefix))
      offer(offers, "function", vs_str_of(text), vs_str_of(text), vs_str_of(magic->command.summary));
  }
}

/* The cursor stands in a magic line: complete its name, then its options and values. */
static bool complete_magic(struct vsk_studio *studio, struct offers *offers, struct vs_str line, size_t line_begin,
                           size_t position) {
  struct vsk_magic_line read;
  size_t at = position - line_begin, word = at;
  if (line.size == 0 || line.data[0] != '%') return false;
  while (word > 0 && !isspace((unsigned char)line.data[word - 1]))
    word--;
  offers->begin = line_begin + word;
  offers->end = position;
  offers->prefix = (struct vs_str){line.data + word, at - word};
  if (word == 0) {
    offer_names(offers, line.size > 1 && line.data[1] == '%');
    return true;
  }
  if (!vsk_magic_line_read(line, (uint32_t)line_begin, &read)) return true;
  const struct vsk_magic *magic = vsk_magic_find(read.name);
  if (magic) offer_options(offers, &magic->command);
  if (magic && magic->complete) magic->complete(studio->engine, offer_word, offers);
  return !magic || !magic->holds_sql || json_array_size(offers->matches) > 0;
}

static struct vs_str line_of(struct vs_str code, size_t position, size_t *ret_begin) {
  size_t begin = position, end = position;
  while (begin > 0 && code.data[begin - 1] != '\n')
    begin--;
  while (end < code.size && code.data[end] != '\n')
    end++;
  *ret_begin = begin;
  return (struct vs_str){code.data + begin, end - begin};
}

/* "%sql SELECT 1": the statement behind the magic's name, which is blanked so that places stay. */
static bool is_sql_line(struct vs_str line, struct vsk_magic_line *ret_line) {
  if (!vsk_magic_line_read(line, 0, ret_line)) return false;
  const struct vsk_magic *magic = vsk_magic_find(ret_line->name);
  return magic && magic->holds_sql;
}

/* Magic lines are blanked so that the SQL around them can be read. */
static struct vs_str sql_of(struct vs_str code, size_t position, struct vs_arena *arena) {
  struct vsk_split split;
  struct vsk_magic_line read;
  size_t begin;
  struct vs_str line = line_of(code, position, &begin);
  if (is_sql_line(line, &read)) {
    char *blank = vs_arena_copy(arena, code.data, code.size);
    if (!blank) return code;
    for (size_t i = 0; i < code.size; i++)
      if ((i < begin || i >= begin + line.size || code.data + i < read.rest.data) && blank[i] != '\n') blank[i] = ' ';
    return (struct vs_str){blank, code.size};
  }
  if (vsk_split_cell(code, arena, &split, NULL) != VS_OK || split.is != VSK_CELL_SQL) return code;
  return split.sql;
}

static void complete_sql(struct vsk_studio *studio, struct offers *offers, size_t position) {
  struct vs_completions found;
  if (vs_engine_complete(studio->engine, sql_of(offers->code, position, offers->arena), position, offers->arena, &found,
                         NULL) != VS_OK)
    return;
  offers->begin = found.begin;
  offers->end = found.end;
  for (uint32_t i = 0; i < found.count; i++)
    offer(offers, type_word(found.items[i].is), found.items[i].label, found.items[i].text, found.items[i].detail);
}

json_t *vsk_complete(void *context, struct vs_str code, size_t position) {
  struct vsk_studio *studio = context;
  struct vs_arena arena;
  vs_arena_init(&arena, studio->env->memory, ARENA_LIMIT);
  struct offers offers = {.arena = &arena,
                          .matches = json_array(),
                          .types = json_array(),
                          .code = code,
                          .begin = position,
                          .end = position};
  size_t line_begin;
  struct vs_str line = line_of(code, position, &line_begin);
  if (!complete_magic(studio, &offers, line, line_begin, position)) complete_sql(studio, &offers, position);
  json_t *reply = finish(&offers);
  vs_arena_release(&arena);
  return reply;
}

static bool inspect_magic(struct vs_str code, size_t position, struct vs_text *markdown, struct vs_text *plain) {
  size_t begin;
  struct vsk_magic_line read;
  struct vs_str line = line_of(code, position, &begin);
  if (!vsk_magic_line_read(line, (uint32_t)begin, &read)) return false;
  const struct vsk_magic *magic = vsk_magic_find(read.name);
  bool is_on_name = position <= begin + (size_t)(read.name.data + read.name.size - line.data);
  if (!magic || (magic->holds_sql && !is_on_name)) return false;
  vs_command_help(&magic->command, plain);
  vs_text_puts(markdown, "```text\n");
  vs_text_str(markdown, vs_text_view(plain));
  vs_text_puts(markdown, "```\n");
  return true;
}

json_t *vsk_inspect(void *context, struct vs_str code, size_t position, int detail_level) {
  (void)detail_level;
  struct vsk_studio *studio = context;
  struct vs_text markdown, plain;
  vs_text_init(&markdown, studio->env->memory, 1 << 20);
  vs_text_init(&plain, studio->env->memory, 1 << 20);
  struct vs_arena arena;
  vs_arena_init(&arena, studio->env->memory, ARENA_LIMIT);
  bool found = inspect_magic(code, position, &markdown, &plain) ||
               vs_engine_inspect(studio->engine, sql_of(code, position, &arena), position, &markdown, &plain);
  vs_arena_release(&arena);
  struct vs_str m = vs_text_view(&markdown), p = vs_text_view(&plain);
  json_t *reply = found ? json_pack("{s:b,s:{s:s%,s:s%},s:{}}", "found", 1, "data", "text/markdown", m.data, m.size,
                                    "text/plain", p.data, p.size, "metadata")
                        : json_pack("{s:b,s:{},s:{}}", "found", 0, "data", "metadata");
  vs_text_release(&markdown);
  vs_text_release(&plain);
  return reply;
}

static const char *completeness_word(struct vs_str code, struct vs_arena *arena) {
  struct vsk_split split;
  if (vsk_split_cell(code, arena, &split, NULL) != VS_OK) return "invalid";
  if (split.is != VSK_CELL_SQL) return "complete";
  switch (vs_completeness_of(split.sql, arena)) {
  case VS_COMPLETE: return "complete";
  case VS_INCOMPLETE: return "incomplete";
  case VS_INVALID: return vsk_reads_as_language(split.sql) ? "complete" : "invalid";
  }
  return "unknown";
}

json_t *vsk_is_complete(void *context, struct vs_str code) {
  struct vsk_studio *studio = context;
  struct vs_arena arena;
  vs_arena_init(&arena, studio->env->memory, ARENA_LIMIT);
  const char *word = completeness_word(code, &arena);
  json_t *reply = json_pack("{s:s}", "status", word);
  if (reply && strcmp(word, "incomplete") == 0) json_object_set_new(reply, "indent", json_string("  "));
  vs_arena_release(&arena);
  return reply;
}
