/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/json_walk.h"

#include "engine/format/bad_row.h"

void vs_json_walk_init(struct vs_json_walk *walk, vs_json_container container) {
  *walk = (struct vs_json_walk){.container = container, .line = 1};
}

/* One row of JSON lines: [begin, end) without the line end. */
static void read_line(struct vs_json_walk *walk, const struct vs_json_visitor *visitor, const char *begin,
                      const char *end) {
  const char *at = vs_json_space(begin, end);
  if (at == end) return;
  walk->row = (struct vs_str){begin, (size_t)(end - begin)};
  if (*at != '{') {
    visitor->refuse(visitor->context, walk->line, 0, "not a JSON object");
    walk->row.data = NULL;
    return;
  }
  vs_json_outcome outcome = visitor->object(visitor->context, &at, end);
  if (outcome == VS_JSON_CUT)
    visitor->refuse(visitor->context, walk->line, 0, "the JSON object is cut");
  else if (outcome == VS_JSON_BROKEN)
    visitor->refuse(visitor->context, walk->line, (uint64_t)(at - begin) + 1, "broken JSON");
  walk->row.data = NULL;
}

static size_t run_lines(struct vs_json_walk *walk, const struct vs_json_visitor *visitor, const char *bytes,
                        size_t size, bool is_end) {
  size_t at = 0;
  while (at < size && !visitor->is_full(visitor->context)) {
    if (visitor->plain_lines && !walk->is_skipping)
      at = (size_t)(visitor->plain_lines(visitor->context, bytes + at, bytes + size) - bytes);
    if (at == size || visitor->is_full(visitor->context)) break;
    const char *line = memchr(bytes + at, '\n', size - at);
    if (!line && !is_end && size - at <= VS_ROW_LIMIT && !walk->is_skipping) break;
    if (!line && !is_end && !walk->is_skipping) visitor->refuse(visitor->context, walk->line, 0, "longer than 16 MiB");
    bool is_row = !walk->is_skipping && (line || is_end);
    walk->is_skipping = !line;
    if (is_row) read_line(walk, visitor, bytes + at, line ? line : bytes + size);
    walk->line += line != NULL;
    at = line ? (size_t)(line - bytes) + 1 : size;
  }
  return at;
}

static uint64_t count_lines(const char *at, const char *end) {
  uint64_t lines = 0;
  for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
    lines++;
  return lines;
}

/* Everything before `to` is done with: keeps count of lines and of where the current one began. */
static void pass(struct vs_json_walk *walk, const char *from, const char *to) {
  uint64_t lines = count_lines(from, to);
  const char *last = lines ? memrchr(from, '\n', (size_t)(to - from)) : NULL;
  walk->line += lines;
  walk->passed = last ? (uint64_t)(to - last) - 1 : walk->passed + (uint64_t)(to - from);
}

static bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Does an object that begins at `at` seem to be a row of its own? Only what stands before it can tell. */
static bool looks_like_row(const struct vs_json_walk *walk, const char *begin, const char *at) {
  bool has_line = false;
  while (at > begin && is_space(at[-1]))
    has_line |= *--at == '\n';
  if (at == begin) return has_line && walk->container == VS_JSON_SEQUENCE;
  if (walk->container == VS_JSON_SEQUENCE) return has_line || at[-1] == '}';
  return at[-1] == ',' && (has_line || (at - begin >= 2 && at[-2] == '}'));
}

/* Where the next row may begin behind a broken one; NULL when it is not in sight. */
static const char *next_row(const struct vs_json_walk *walk, const char *begin, const char *end) {
  for (const char *at = begin; at < end && (at = memchr(at, '{', (size_t)(end - at))); at++)
    if (looks_like_row(walk, begin, at)) return at;
  return NULL;
}

/* The end of `from`..`end` that may belong to what stands before the next row: "}, " */
static const char *row_edge(const char *from, const char *end) {
  while (end > from && (is_space(end[-1]) || end[-1] == ','))
    end--;
  return end > from && end[-1] == '}' ? end - 1 : end;
}

/* Steps over the rest of a broken row, or over all that is in sight of it. */
static const char *resume(struct vs_json_walk *walk, const char *from, const char *end, bool is_end) {
  const char *next = next_row(walk, from, end);
  walk->is_skipping = !next;
  walk->is_refused_end |= !next && is_end;
  if (!next) next = is_end ? end : row_edge(from, end);
  pass(walk, from, next);
  return next;
}

/* White space and commas between rows, the brackets around them. */
static const char *between_rows(struct vs_json_walk *walk, const char *at, const char *end) {
  const char *begin = at;
  for (; at < end; at++) {
    if (*at == '[' && walk->container == VS_JSON_DETECT)
      walk->container = VS_JSON_ARRAY;
    else if (*at == ']' && walk->container == VS_JSON_ARRAY && !walk->is_closed)
      walk->is_closed = true;
    else if (!is_space(*at) && (*at != ',' || walk->container != VS_JSON_ARRAY || walk->is_closed))
      break;
  }
  if (at < end && walk->container == VS_JSON_DETECT) walk->container = VS_JSON_SEQUENCE;
  pass(walk, begin, at);
  return at;
}

/* The character of `at` within its line; the row under way began at `begin`. */
static uint64_t character_of(const struct vs_json_walk *walk, const char *begin, const char *at) {
  const char *line = at > begin ? memrchr(begin, '\n', (size_t)(at - begin)) : NULL;
  return (line ? (uint64_t)(at - line) - 1 : walk->passed + (uint64_t)(at - begin)) + 1;
}

/* Reads the row at `at`. NULL: more bytes are needed. */
static const char *read_row(struct vs_json_walk *walk, const struct vs_json_visitor *visitor, const char *at,
                            const char *end, bool is_end) {
  const char *begin = at;
  if (*at == '{' && !walk->is_closed) {
    vs_json_outcome outcome = visitor->object(visitor->context, &at, end);
    if (outcome == VS_JSON_DONE) {
      pass(walk, begin, at);
      return at;
    }
    if (outcome == VS_JSON_CUT && !is_end && end - begin <= VS_ROW_LIMIT) return NULL;
    if (outcome == VS_JSON_BROKEN)
      visitor->refuse(visitor->context, walk->line + count_lines(begin, at), character_of(walk, begin, at),
                      "broken JSON");
    else
      visitor->refuse(visitor->context, walk->line, 0, is_end ? "the JSON object is cut" : "longer than 16 MiB");
  } else {
    visitor->refuse(visitor->context, walk->line, character_of(walk, begin, at),
                    walk->is_closed ? "text behind the end of the array" : "not a JSON object");
  }
  return resume(walk, begin, end, is_end);
}

static size_t run_objects(struct vs_json_walk *walk, const struct vs_json_visitor *visitor, const char *bytes,
                          size_t size, bool is_end) {
  const char *at = bytes, *end = bytes + size;
  if (walk->is_skipping) at = resume(walk, at, end, is_end);
  while (!walk->is_skipping && !visitor->is_full(visitor->context)) {
    at = between_rows(walk, at, end);
    if (at == end || visitor->is_full(visitor->context)) break;
    const char *next = read_row(walk, visitor, at, end, is_end);
    if (!next) break;
    at = next;
  }
  bool is_open = walk->container == VS_JSON_ARRAY && !walk->is_closed && !walk->is_refused_end;
  if (is_end && at == end && is_open) {
    walk->is_refused_end = true;
    visitor->refuse(visitor->context, walk->line, 0, "the array is never closed: the file may be cut");
  }
  return (size_t)(at - bytes);
}

size_t vs_json_walk_run(struct vs_json_walk *walk, const struct vs_json_visitor *visitor, const char *bytes,
                        size_t size, bool is_end) {
  size_t mark = 0;
  if (!walk->is_started && size < 3 && !is_end) return 0;
  if (!walk->is_started && size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) mark = 3;
  walk->is_started = true;
  bytes += mark;
  size -= mark;
  return mark + (walk->container == VS_JSON_LINES ? run_lines(walk, visitor, bytes, size, is_end)
                                                  : run_objects(walk, visitor, bytes, size, is_end));
}
