/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/cells/split.h"

#include "engine/base/suggest.h"
#include "engine/sql/parser.h"
#include <ctype.h>

static struct vs_str line_at(struct vs_str code, size_t begin) {
  const char *newline = memchr(code.data + begin, '\n', code.size - begin);
  size_t end = newline ? (size_t)(newline - code.data) : code.size;
  return (struct vs_str){code.data + begin, end - begin};
}

typedef enum { BETWEEN_STATEMENTS, INSIDE_STATEMENT, INSIDE_TOKEN } vsk_place;

static bool is_open_token(const struct vs_token *token) {
  return token->kind == VS_TOKEN_ERROR && token->text.size && strchr("'\"`/Ee", token->text.data[0]) != NULL;
}

/* Where the end of `before` stands: inside a quote, comment or parenthesis a line cannot be a magic. */
static vs_status place_of(struct vs_str before, struct vs_arena *arena, vsk_place *ret_place, struct vs_error *err) {
  struct vs_token *tokens;
  uint32_t count, depth = 0;
  const struct vs_parse_options options = {0};
  VS_TRY(vs_lex(before, &options, arena, &tokens, &count, err));
  *ret_place = BETWEEN_STATEMENTS;
  for (uint32_t i = 0; i < count; i++) {
    const struct vs_token *token = &tokens[i];
    if (token->kind == VS_TOKEN_COMMENT || token->kind == VS_TOKEN_END) continue;
    char sign = token->kind == VS_TOKEN_SIGN ? token->text.data[0] : 0;
    depth += sign == '(' || sign == '[';
    depth -= (sign == ')' || sign == ']') && depth > 0;
    *ret_place = sign == ';' && depth == 0 ? BETWEEN_STATEMENTS : INSIDE_STATEMENT;
    if (is_open_token(token) && token->span.end >= before.size) *ret_place = INSIDE_TOKEN;
  }
  if (depth) *ret_place = INSIDE_TOKEN;
  return VS_OK;
}

/* An indented `% x` may be the modulo of the line above; in column 1 a `%name` always is a magic. */
static bool is_candidate(struct vs_str line, size_t *ret_indent) {
  size_t i = 0;
  while (i < line.size && (line.data[i] == ' ' || line.data[i] == '\t'))
    i++;
  *ret_indent = i;
  return i + 1 < line.size && line.data[i] == '%' &&
         (isalpha((unsigned char)line.data[i + 1]) || line.data[i + 1] == '%');
}

static void blank(char *text, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++)
    if (text[i] != '\r') text[i] = ' ';
}

struct splitter {
  struct vs_str code;
  char *sql;            /* writable copy */
  size_t segment_begin; /* behind the last magic line */
  struct vs_arena *arena;
  struct vsk_split *split;
};

static vs_status take_line(struct splitter *splitter, struct vs_str line, size_t indent, struct vs_error *err) {
  size_t begin = (size_t)(line.data - splitter->code.data);
  struct vs_str before = {splitter->sql + splitter->segment_begin, begin - splitter->segment_begin};
  struct vsk_magic_line read;
  struct vs_str text = {line.data + indent, line.size - indent};
  vsk_place place;
  VS_TRY(place_of(before, splitter->arena, &place, err));
  if (place == INSIDE_TOKEN || (place == INSIDE_STATEMENT && indent > 0)) return VS_OK;
  if (!vsk_magic_line_read(text, (uint32_t)(begin + indent), &read)) return VS_OK;
  if (read.is_cell)
    return vs_fail(err, VS_CODE_UNKNOWN_MAGIC, read.span, "%%%%%.*s must stand on the first line of its cell",
                   VS_STR_ARG(read.name));
  blank(splitter->sql, begin, begin + line.size);
  if (place == INSIDE_STATEMENT) splitter->sql[begin] = ';';
  splitter->segment_begin = begin;
  splitter->split->lines[splitter->split->line_count++] = read;
  return VS_OK;
}

static bool has_tokens(struct vs_str sql, struct vs_arena *arena) {
  struct vs_token *tokens;
  uint32_t count;
  const struct vs_parse_options options = {0};
  if (vs_lex(sql, &options, arena, &tokens, &count, NULL) != VS_OK) return true;
  for (uint32_t i = 0; i < count; i++)
    if (tokens[i].kind != VS_TOKEN_COMMENT && tokens[i].kind != VS_TOKEN_END) return true;
  return false;
}

static vs_status split_lines(struct vs_str code, struct vs_arena *arena, struct vsk_split *split,
                             struct vs_error *err) {
  struct splitter splitter = {
      .code = code, .sql = vs_arena_copy(arena, code.data, code.size), .arena = arena, .split = split};
  size_t lines = 1, indent;
  for (size_t i = 0; i < code.size; i++)
    lines += code.data[i] == '\n';
  split->lines = VS_ARENA_ARRAY(arena, struct vsk_magic_line, lines);
  if (!splitter.sql || !split->lines) return vs_fail_memory(err);
  for (size_t begin = 0; begin < code.size;) {
    struct vs_str line = line_at(code, begin);
    if (is_candidate(line, &indent)) VS_TRY(take_line(&splitter, line, indent, err));
    begin += line.size + 1;
  }
  split->sql = (struct vs_str){splitter.sql, code.size};
  split->is = split->line_count || has_tokens(split->sql, arena) ? VSK_CELL_SQL : VSK_CELL_EMPTY;
  return VS_OK;
}

vs_status vsk_split_cell(struct vs_str code, struct vs_arena *arena, struct vsk_split *ret_split,
                         struct vs_error *err) {
  struct vsk_split split = {.is = VSK_CELL_EMPTY};
  struct vsk_magic_line *line = VS_ARENA_NEW(arena, struct vsk_magic_line);
  struct vs_str first = line_at(code, 0);
  if (!line) return vs_fail_memory(err);
  if (vs_engine_is_parameter_text(code)) {
    split.is = VSK_CELL_PARAMETERS;
  } else if (vsk_magic_line_read(first, 0, line) && line->is_cell) {
    size_t body = VS_MIN(first.size + 1, code.size);
    split = (struct vsk_split){.is = VSK_CELL_MAGIC,
                               .lines = line,
                               .line_count = 1,
                               .body = {code.data + body, code.size - body},
                               .body_offset = (uint32_t)body};
  } else {
    VS_TRY(split_lines(code, arena, &split, err));
  }
  *ret_split = split;
  return VS_OK;
}

static struct vs_str next_word(struct vs_str *text) {
  *text = vs_str_trim(*text);
  size_t size = 0;
  while (size < text->size && (isalpha((unsigned char)text->data[size]) || (unsigned char)text->data[size] >= 0x80 ||
                               text->data[size] == '\''))
    size++;
  struct vs_str word = {text->data, size};
  *text = (struct vs_str){text->data + size, text->size - size};
  return word;
}

static bool is_english(struct vs_str word) {
  /* Words that are good column names ("a", "all", "by") are left out: SELECT a b c is a mistake in SQL, not English. */
  static const char *const words[] = {"the", "me",  "my",    "this", "these", "please",
                                      "us",  "our", "which", "what", "how"};
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_str_equal_nocase(word, vs_str_of(words[i]))) return true;
  return false;
}

static bool is_near_keyword(struct vs_str word) {
  uint32_t count;
  const struct vs_keyword *keywords = vs_keywords(&count);
  for (uint32_t i = 0; i < count; i++)
    if (keywords[i].starts_statement && word.size > 3 && vs_edit_distance(word, vs_str_of(keywords[i].text)) <= 1)
      return true;
  return false;
}

bool vsk_reads_as_language(struct vs_str code) {
  struct vs_str rest = code, first = next_word(&rest), second = next_word(&rest), third = next_word(&rest);
  if (first.size == 0) return false;
  const struct vs_keyword *keyword = vs_keyword_find(first);
  bool starts = (keyword && keyword->starts_statement) || is_near_keyword(first);
  if (!starts) return second.size > 0;
  return is_english(second) && third.size > 0;
}
