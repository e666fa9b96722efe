/* SPDX-License-Identifier: Apache-2.0
 * Comments -> annotations. An annotation is a line of a comment whose first character is @; everything between the
 * former `;` and the statement's own end belongs to the statement. */
#include "engine/sql/parse.h"

static bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

static struct vs_str unquoted(struct vs_str value) {
  bool has_quotes = value.size >= 2 && (value.data[0] == '\'' || value.data[0] == '"') &&
                    value.data[value.size - 1] == value.data[0] &&
                    !memchr(value.data + 1, value.data[0], value.size - 2);
  return has_quotes ? (struct vs_str){value.data + 1, value.size - 2} : value;
}

static vs_status lower_key(struct vs_parser *parser, struct vs_str written, struct vs_str *ret_key) {
  char *key = vs_arena_copy(parser->arena, written.data, written.size);
  if (!key) return vs_parser_no_memory(parser);
  for (size_t i = 0; i < written.size; i++)
    if (key[i] >= 'A' && key[i] <= 'Z') key[i] = (char)(key[i] - 'A' + 'a');
  *ret_key = (struct vs_str){key, written.size};
  return VS_OK;
}

static struct vs_span span_of(const struct vs_parser *parser, struct vs_str slice) {
  uint32_t begin = parser->options.base + (uint32_t)(slice.data - parser->text.data);
  return (struct vs_span){parser->options.source, begin, begin + (uint32_t)slice.size};
}

/* One line without its comment marks. */
static vs_status read_line(struct vs_parser *parser, struct vs_str line, struct vs_statement *statement) {
  struct vs_annotation annotation = {0};
  size_t size = 1;
  line = vs_str_trim(line);
  if (line.size < 2 || line.data[0] != '@') return VS_OK;
  while (size < line.size && is_key_character(line.data[size]))
    size++;
  struct vs_str rest = vs_str_trim((struct vs_str){line.data + size, line.size - size});
  if (size == 1) return VS_OK;
  if (rest.size && rest.data[0] == ':') rest = vs_str_trim((struct vs_str){rest.data + 1, rest.size - 1});
  VS_TRY(lower_key(parser, (struct vs_str){line.data + 1, size - 1}, &annotation.key));
  annotation.value = unquoted(rest);
  annotation.span = span_of(parser, line);
  annotation.value_span = rest.size ? span_of(parser, annotation.value) : annotation.span;
  if (!vs_list_push(parser->arena, (void **)&statement->annotations, statement->annotation_count, &annotation,
                    sizeof annotation))
    return vs_parser_no_memory(parser);
  statement->annotation_count++;
  return VS_OK;
}

static vs_status read_block(struct vs_parser *parser, struct vs_str text, struct vs_statement *statement) {
  while (text.size) {
    const char *end = memchr(text.data, '\n', text.size);
    size_t size = end ? (size_t)(end - text.data) : text.size;
    struct vs_str line = vs_str_trim((struct vs_str){text.data, size});
    if (line.size && line.data[0] == '*') line = (struct vs_str){line.data + 1, line.size - 1};
    VS_TRY(read_line(parser, line, statement));
    size += end != NULL;
    text = (struct vs_str){text.data + size, text.size - size};
  }
  return VS_OK;
}

vs_status vs_annotations_collect(struct vs_parser *parser, uint32_t from_offset, uint32_t to_offset,
                                 struct vs_statement *statement) {
  uint32_t low = 0, high = parser->comment_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (parser->comments[middle].span.begin < from_offset)
      low = middle + 1;
    else
      high = middle;
  }
  for (uint32_t i = low; i < parser->comment_count && parser->comments[i].span.begin < to_offset; i++) {
    struct vs_str text = parser->comments[i].text;
    bool is_block = text.data[0] == '/';
    struct vs_str inner = {text.data + 2, text.size - (is_block ? 4 : 2)};
    VS_TRY(is_block ? read_block(parser, inner, statement) : read_line(parser, inner, statement));
  }
  return VS_OK;
}
