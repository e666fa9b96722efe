/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/caret.h"

#include "engine/base/utf8.h"

enum { LINE_MAX_COLUMNS = 120, BEFORE_CARET = 60 };

static const char red[] = "\033[1;31m", dim[] = "\033[2m", bold[] = "\033[1m", plain[] = "\033[0m";

static const char *paint(bool use_color, const char *color) {
  return use_color ? color : "";
}

static size_t line_begin(struct vs_str text, size_t offset) {
  while (offset > 0 && text.data[offset - 1] != '\n')
    offset--;
  return offset;
}

static size_t line_end(struct vs_str text, size_t offset) {
  while (offset < text.size && text.data[offset] != '\n')
    offset++;
  return offset > 0 && text.data[offset - 1] == '\r' ? offset - 1 : offset;
}

void vs_line_column(struct vs_str text, uint32_t offset, uint32_t *ret_line, uint32_t *ret_column) {
  size_t at = VS_MIN((size_t)offset, text.size), begin = line_begin(text, at);
  uint32_t line = 1;
  for (size_t i = 0; i < begin; i++)
    line += text.data[i] == '\n';
  *ret_line = line;
  *ret_column = (uint32_t)vs_utf8_count(text.data + begin, at - begin) + 1;
}

/* The part of a line that is shown: all of it, or a stretch around the caret cut at whole characters. */
struct excerpt {
  struct vs_str line;
  size_t caret, caret_size; /* bytes in `line` */
  bool is_cut_before, is_cut_after;
};

static struct excerpt excerpt_of(struct vs_str text, size_t at, size_t until) {
  size_t begin = line_begin(text, at), end = VS_MAX(line_end(text, at), at);
  struct excerpt excerpt = {.line = {text.data + begin, end - begin}, .caret = at - begin};
  if (vs_utf8_count(excerpt.line.data, excerpt.caret) > LINE_MAX_COLUMNS - 20) {
    size_t skipped = vs_utf8_count(excerpt.line.data, excerpt.caret) - BEFORE_CARET;
    size_t bytes = vs_utf8_offset(excerpt.line.data, excerpt.line.size, skipped);
    excerpt.line = (struct vs_str){excerpt.line.data + bytes, excerpt.line.size - bytes};
    excerpt.caret -= bytes;
    excerpt.is_cut_before = true;
  }
  size_t shown = vs_utf8_offset(excerpt.line.data, excerpt.line.size, LINE_MAX_COLUMNS);
  excerpt.is_cut_after = shown < excerpt.line.size;
  excerpt.line.size = shown;
  size_t wanted = until > at ? until - at : 0;
  excerpt.caret_size = VS_MIN(wanted, excerpt.line.size - VS_MIN(excerpt.caret, excerpt.line.size));
  return excerpt;
}

/* Tabs stay tabs so that the caret stands right at any tab width; wide characters take two columns. */
static void print_pad(struct vs_str text, struct vs_text *ret_text) {
  for (size_t i = 0, size; i < text.size; i += size) {
    vs_utf8_decode(text.data + i, text.size - i, &size);
    size_t width = text.data[i] == '\t' ? 1 : vs_utf8_width(text.data + i, size);
    for (size_t column = 0; column < width; column++)
      vs_text_put(ret_text, text.data[i] == '\t' ? '\t' : ' ');
  }
}

static void print_excerpt(struct vs_str text, struct vs_span span, char mark, bool use_color,
                          struct vs_text *ret_text) {
  size_t at = VS_MIN((size_t)span.begin, text.size);
  struct excerpt excerpt = excerpt_of(text, at, VS_MIN((size_t)span.end, text.size));
  vs_text_printf(ret_text, "  %s", excerpt.is_cut_before ? "..." : "");
  vs_text_str(ret_text, excerpt.line);
  vs_text_printf(ret_text, "%s\n  %s", excerpt.is_cut_after ? "..." : "", excerpt.is_cut_before ? "   " : "");
  print_pad((struct vs_str){excerpt.line.data, excerpt.caret}, ret_text);
  size_t width = vs_utf8_width(excerpt.line.data + excerpt.caret, excerpt.caret_size);
  vs_text_printf(ret_text, "%s%c", paint(use_color, red), mark);
  for (size_t column = 1; column < width; column++)
    vs_text_put(ret_text, '~');
  vs_text_printf(ret_text, "%s\n", paint(use_color, plain));
}

static void print_place(struct vs_str text, struct vs_str name, struct vs_span span, bool use_color,
                        struct vs_text *ret_text) {
  uint32_t line, column;
  vs_line_column(text, span.begin, &line, &column);
  vs_text_printf(ret_text, "%s%.*s:%u:%u%s\n", paint(use_color, dim), VS_STR_ARG(name), line, column,
                 paint(use_color, plain));
}

void vs_caret_print(struct vs_str source_text, struct vs_str source_name, const struct vs_error *err, bool use_color,
                    struct vs_text *ret_text) {
  vs_text_printf(ret_text, "%sVELO-%04u%s %s\n", paint(use_color, red), (unsigned)err->code, paint(use_color, plain),
                 err->message);
  if (vs_span_is_known(err->span)) {
    print_place(source_text, source_name, err->span, use_color, ret_text);
    print_excerpt(source_text, err->span, '^', use_color, ret_text);
  }
  bool has_other = vs_span_is_known(err->other) && err->other.source == err->span.source;
  if (has_other) {
    print_place(source_text, source_name, err->other, use_color, ret_text);
    print_excerpt(source_text, err->other, '-', use_color, ret_text);
  }
  if (err->hint[0])
    vs_text_printf(ret_text, "%shint:%s %s\n", paint(use_color, bold), paint(use_color, plain), err->hint);
}
