/* SPDX-License-Identifier: Apache-2.0
 * LIKE and ILIKE: % stands for any characters, _ for one; there is no escape character unless one is given.
 *
 * A pattern is cut at its % into segments. Segments are found one after the other, each at the earliest place, which
 * finds a match whenever there is one; so a text is walked forward only. Segments without _ are found by memmem. */
#include "engine/base/utf8.h"
#include "engine/function/kernel.h"
#include <utf8proc.h>

enum { ANY_ONE = 0 }; /* a NUL byte stands for _ in a segment that has one */

struct segment {
  const char *bytes;
  uint32_t size;
  bool has_any;
};
struct pattern {
  struct segment *segments;
  uint32_t segment_count;
  bool is_anchored_begin, is_anchored_end;
};

/* `escape` 0: none. False when the pattern ends with its escape character. */
static bool pattern_parse(struct vs_str text, uint32_t escape, char *bytes, struct segment *segments,
                          struct pattern *ret_pattern) {
  struct pattern pattern = {.segments = segments, .is_anchored_begin = true};
  struct segment current = {bytes, 0, false};
  bool is_after_any = false;
  for (size_t at = 0, size; at < text.size; at += size) {
    uint32_t code_point = vs_utf8_decode(text.data + at, text.size - at, &size);
    bool is_escaped = escape && code_point == escape;
    if (is_escaped) {
      at += size;
      if (at >= text.size) return false;
      code_point = vs_utf8_decode(text.data + at, text.size - at, &size);
    }
    is_after_any = !is_escaped && code_point == '%';
    if (is_after_any) {
      if (pattern.segment_count == 0 && current.size == 0) pattern.is_anchored_begin = false;
      if (current.size) segments[pattern.segment_count++] = current;
      bytes += current.size;
      current = (struct segment){bytes, 0, false};
    } else if (!is_escaped && code_point == '_') {
      bytes[current.size++] = ANY_ONE;
      current.has_any = true;
    } else {
      memcpy(bytes + current.size, text.data + at, size);
      current.size += (uint32_t)size;
    }
  }
  if (current.size) segments[pattern.segment_count++] = current;
  pattern.is_anchored_end = !is_after_any;
  *ret_pattern = pattern;
  return true;
}

/* Bytes of `text` the segment covers when it stands at its beginning; -1 when it does not. */
static ptrdiff_t segment_covers(const struct segment *segment, struct vs_str text) {
  size_t at = 0;
  for (uint32_t i = 0; i < segment->size; i++) {
    if (at >= text.size) return -1;
    if (segment->has_any && segment->bytes[i] == ANY_ONE) {
      size_t size;
      (void)vs_utf8_decode(text.data + at, text.size - at, &size);
      at += size;
    } else if (segment->bytes[i] != text.data[at++]) {
      return -1;
    }
  }
  return (ptrdiff_t)at;
}

/* The rest of `text` behind the earliest place of the segment; false when there is none. */
static bool segment_skip(const struct segment *segment, struct vs_str *text) {
  if (!segment->has_any) {
    const char *found = memmem(text->data, text->size, segment->bytes, segment->size);
    if (!found) return false;
    size_t used = (size_t)(found - text->data) + segment->size;
    *text = (struct vs_str){text->data + used, text->size - used};
    return true;
  }
  for (size_t at = 0, step; at < text->size; at += step) {
    struct vs_str rest = {text->data + at, text->size - at};
    ptrdiff_t covered = segment_covers(segment, rest);
    if (covered >= 0) {
      *text = (struct vs_str){rest.data + covered, rest.size - (size_t)covered};
      return true;
    }
    (void)vs_utf8_decode(rest.data, rest.size, &step);
  }
  return false;
}

/* The last segment of a pattern without a % behind it must end the text: characters are counted from the end. */
static bool segment_ends(const struct segment *segment, struct vs_str text) {
  size_t begin = text.size;
  for (uint32_t i = segment->size; i > 0; i--) {
    if (begin == 0) return false;
    begin--;
    if (segment->has_any && segment->bytes[i - 1] == ANY_ONE) {
      while (begin > 0 && ((unsigned char)text.data[begin] & 0xc0) == 0x80)
        begin--;
    } else if (segment->bytes[i - 1] != text.data[begin]) {
      return false;
    }
  }
  return true;
}

static bool pattern_matches(const struct pattern *pattern, struct vs_str text) {
  uint32_t first = 0, count = pattern->segment_count;
  if (count == 0) return !pattern->is_anchored_begin || text.size == 0;
  if (pattern->is_anchored_begin) {
    ptrdiff_t covered = segment_covers(&pattern->segments[0], text);
    if (covered < 0) return false;
    text = (struct vs_str){text.data + covered, text.size - (size_t)covered};
    first = 1;
    if (count == 1) return !pattern->is_anchored_end || text.size == 0;
  }
  uint32_t last = pattern->is_anchored_end ? count - 1 : count;
  for (uint32_t i = first; i < last; i++)
    if (!segment_skip(&pattern->segments[i], &text)) return false;
  return !pattern->is_anchored_end || segment_ends(&pattern->segments[last], text);
}

/* What bind knows: the compiled pattern when it is constant. */
struct like {
  bool ignores_case, has_escape, is_compiled;
  struct pattern pattern;
};

static uint32_t escape_of(const struct vs_rows *rows, uint32_t row) {
  const struct like *like = rows->call->data;
  size_t size;
  struct vs_str text = like->has_escape ? vs_rows_str(rows, 2, row) : (struct vs_str){"", 0};
  return text.size ? vs_utf8_decode(text.data, text.size, &size) : 0;
}

static struct vs_str folded(struct vs_text *text, struct vs_str source) {
  vs_text_clear(text);
  for (size_t at = 0, size; at < source.size; at += size) {
    char bytes[4];
    uint32_t code_point = vs_utf8_decode(source.data + at, source.size - at, &size);
    vs_text_append(text, bytes, vs_utf8_encode((uint32_t)utf8proc_tolower((int32_t)code_point), bytes));
  }
  return vs_text_view(text);
}

/* A pattern that differs by row is compiled into the batch's memory. */
static vs_status compile_row(struct vs_rows *rows, uint32_t row, struct vs_str text, struct pattern *ret_pattern,
                             bool *ret_is_bad) {
  char *bytes = vs_arena_alloc(rows->eval->arena, text.size + 1);
  struct segment *segments = vs_arena_alloc(rows->eval->arena, (text.size + 1) * sizeof *segments);
  if (!bytes || !segments) return vs_fail_memory(rows->err);
  *ret_is_bad = !pattern_parse(text, escape_of(rows, row), bytes, segments, ret_pattern);
  return VS_OK;
}

static vs_status like_row(struct vs_rows *rows, uint32_t row) {
  const struct like *like = rows->call->data;
  struct pattern own;
  const struct pattern *pattern = &like->pattern;
  if (!like->is_compiled) {
    struct vs_str source = vs_rows_str(rows, 1, row);
    bool is_bad = false;
    VS_TRY(compile_row(rows, row, like->ignores_case ? folded(&rows->text, source) : source, &own, &is_bad));
    if (is_bad) return vs_rows_fail(rows, row, VS_CODE_BAD_ARGUMENT, "the LIKE pattern ends with its escape character");
    pattern = &own;
  }
  struct vs_str text = vs_rows_str(rows, 0, row);
  ((uint8_t *)rows->ret->data)[row] = pattern_matches(pattern, like->ignores_case ? folded(&rows->text, text) : text);
  return VS_OK;
}
VS_ROW_KERNEL(eval_like, like_row)

static vs_status bind_escape(const struct vs_binding *binding, struct like *like, uint32_t *ret_escape,
                             bool *ret_is_constant, struct vs_error *err) {
  struct vs_str text;
  *ret_escape = 0;
  *ret_is_constant = true;
  like->has_escape = binding->argument_count == 3;
  if (!like->has_escape) return VS_OK;
  *ret_is_constant = vs_bind_constant_str(binding, 2, &text);
  if (!*ret_is_constant) return VS_OK;
  size_t size = 0;
  *ret_escape = text.size ? vs_utf8_decode(text.data, text.size, &size) : 0;
  if (size != text.size)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_WRONG_ARGUMENTS, binding->argument_spans[2], "ESCAPE takes one character"),
                        "as in ESCAPE '!'");
  return VS_OK;
}

static vs_status bind_pattern(struct vs_binding *binding, struct like *like, uint32_t escape, struct vs_error *err) {
  struct vs_str text;
  if (!vs_bind_constant_str(binding, 1, &text)) return VS_OK;
  struct vs_text lower;
  vs_text_init(&lower, binding->arena->memory, 64u << 20);
  if (like->ignores_case) text = folded(&lower, text);
  char *bytes = vs_arena_alloc(binding->arena, text.size + 1);
  struct segment *segments = vs_arena_alloc(binding->arena, (text.size + 1) * sizeof *segments);
  bool is_full = !bytes || !segments || lower.is_failed;
  bool is_fine = !is_full && pattern_parse(text, escape, bytes, segments, &like->pattern);
  vs_text_release(&lower);
  if (is_full) return vs_fail_memory(err);
  if (!is_fine)
    return vs_fail_hint(
        err,
        vs_fail(err, VS_CODE_WRONG_ARGUMENTS, binding->argument_spans[1], "the pattern ends with its escape character"),
        "write the escape character twice");
  like->is_compiled = true;
  return VS_OK;
}

static vs_status bind_like(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  struct like *like = VS_ARENA_NEW(binding->arena, struct like);
  uint32_t escape;
  bool is_constant;
  if (!like) return vs_fail_memory(err);
  VS_TRY(vs_bind_all(self, binding, VS_TYPE(STRING), err));
  like->ignores_case = self->name[0] == 'I';
  VS_TRY(bind_escape(binding, like, &escape, &is_constant, err));
  if (is_constant) VS_TRY(bind_pattern(binding, like, escape, err));
  ret_call->result = VS_TYPE(BOOLEAN);
  ret_call->eval = eval_like;
  ret_call->data = like;
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"LIKE", "", "s LIKE pattern [ESCAPE c]", 2, 3, VS_FN_HIDDEN | VS_FN_DICTIONARY, bind_like, "Whether a text fits a pattern, % any characters, _ one.", "('BTCUSDT' LIKE 'BTC%') = TRUE"},
  {"ILIKE", "", "s ILIKE pattern [ESCAPE c]", 2, 3, VS_FN_HIDDEN | VS_FN_DICTIONARY, bind_like, "LIKE without regard to capital letters.", "('BTCUSDT' ILIKE 'btc%') = TRUE"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_like = {"patterns", rows, VS_COUNT_OF(rows)};
