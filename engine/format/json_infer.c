/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/map.h"
#include "engine/format/guess.h"
#include "engine/format/json.h"
#include "engine/format/sample.h"

enum { COLUMNS_MAX = 1024, ROWS_A_CALL = 1000 };

struct inference {
  struct vs_arena arena; /* names until the end */
  struct vs_map names;   /* name -> index + 1 as a pointer-sized number */
  struct vs_guess guesses[COLUMNS_MAX];
  uint32_t column_count;
  struct vs_json_walk walk;
  uint64_t row_count;
  uint32_t rows_this_call;
  bool is_piece; /* an isolated block: names not seen before are not trusted */
};

static struct vs_guess *guess_of(struct inference *inference, struct vs_str name) {
  uintptr_t found = (uintptr_t)vs_map_find(&inference->names, name);
  if (found) return &inference->guesses[found - 1];
  if (inference->column_count == COLUMNS_MAX || inference->is_piece) return NULL;
  char *copy = vs_arena_copy(&inference->arena, name.data, name.size);
  struct vs_str key = {copy, name.size};
  uintptr_t index = ++inference->column_count;
  if (!copy || vs_map_put(&inference->names, key, (void *)index, NULL) != VS_OK) /* NOLINT: a number, not an address */
    return inference->column_count--, NULL;
  struct vs_guess *guess = &inference->guesses[index - 1];
  vs_guess_init(guess, key);
  return guess;
}

static void add_value(struct vs_guess *guess, const struct vs_json_value *value) {
  switch (value->kind) {
  case VS_JSON_NULL: break;
  case VS_JSON_BOOLEAN: vs_guess_add_boolean(guess); break;
  case VS_JSON_NUMBER: vs_guess_add_number(guess, value->text); break;
  case VS_JSON_STRING: vs_guess_add_string(guess, value->text); break;
  case VS_JSON_NESTED: vs_guess_add_nested(guess); break;
  }
}

/* Reads `"name": value` and what is behind it. */
static vs_json_outcome read_member(struct inference *inference, const char **at, const char *end, bool *ret_is_last) {
  struct vs_json_value name, value;
  if (*at == end) return VS_JSON_CUT;
  if (**at != '"') return VS_JSON_BROKEN;
  vs_json_outcome outcome = vs_json_string(at, end, &name);
  *at = outcome == VS_JSON_DONE ? vs_json_space(*at, end) : *at;
  if (outcome != VS_JSON_DONE || *at == end) return outcome == VS_JSON_DONE ? VS_JSON_CUT : outcome;
  if (**at != ':') return VS_JSON_BROKEN;
  *at = vs_json_space(*at + 1, end);
  outcome = vs_json_value(at, end, &value);
  if (outcome != VS_JSON_DONE) return outcome;
  struct vs_str text = vs_json_unescape(&name, &inference->arena);
  struct vs_guess *guess = text.data ? guess_of(inference, text) : NULL;
  if (guess) add_value(guess, &value);
  *at = vs_json_space(*at, end);
  if (*at == end) return VS_JSON_CUT;
  *ret_is_last = **at == '}';
  if (!*ret_is_last && **at != ',') return VS_JSON_BROKEN;
  *at = *ret_is_last ? *at + 1 : vs_json_space(*at + 1, end);
  return VS_JSON_DONE;
}

static vs_json_outcome read_object(void *context, const char **at, const char *end) {
  struct inference *inference = context;
  bool is_last = false;
  *at = vs_json_space(*at + 1, end);
  if (*at < end && **at == '}') {
    is_last = true;
    ++*at;
  }
  while (!is_last) {
    vs_json_outcome outcome = read_member(inference, at, end, &is_last);
    if (outcome != VS_JSON_DONE) return outcome;
  }
  inference->row_count++;
  inference->rows_this_call++;
  return VS_JSON_DONE;
}

static void ignore_row(void *context, uint64_t line, uint64_t character, const char *what) {
  (void)context, (void)line, (void)character, (void)what;
}

static bool is_full(void *context) {
  const struct inference *inference = context;
  return inference->rows_this_call >= ROWS_A_CALL;
}

/* A piece from the middle: as lines from the first line end on, else from where an object seems to begin. */
static void take_piece(struct inference *inference, const struct vs_json_visitor *visitor, const char *bytes,
                       size_t size) {
  struct vs_json_walk walk = inference->walk;
  walk.is_skipping = true;
  walk.is_closed = false;
  inference->is_piece = inference->walk.container != VS_JSON_LINES;
  for (size_t consumed = 1; size && consumed; bytes += consumed, size -= consumed) {
    inference->rows_this_call = 0;
    consumed = vs_json_walk_run(&walk, visitor, bytes, size, false);
  }
}

static vs_status take(void *context, vs_sample_part part, const char *bytes, size_t size, bool is_end,
                      uint64_t *row_count, size_t *ret_consumed, struct vs_error *err) {
  struct inference *inference = context;
  const struct vs_json_visitor visitor = {inference, read_object, ignore_row, is_full, NULL};
  inference->rows_this_call = 0;
  if (part == VS_SAMPLE_BLOCK)
    take_piece(inference, &visitor, bytes, size);
  else
    *ret_consumed = vs_json_walk_run(&inference->walk, &visitor, bytes, size, is_end);
  *row_count = inference->row_count;
  return inference->arena.is_failed ? vs_fail_memory(err) : VS_OK;
}

static vs_status run(struct inference *inference, const struct vs_format_options *options,
                     const struct vs_bytes_reader *reader, struct vs_arena *arena, struct vs_inferred *ret_inferred,
                     struct vs_error *err) {
  struct vs_guess_rules rules = {.floats_beyond_18_digits = true};
  const struct vs_sample sample = {inference, take};
  VS_TRY(vs_sample_run(&sample, reader, options->has_declared_schema, arena->memory, &rules.row_count, &rules.is_whole,
                       err));
  if (!inference->column_count)
    return vs_fail(err, VS_CODE_NO_SCHEMA, VS_NO_SPAN, "no JSON object with a name was found");
  return vs_guess_finish(inference->guesses, inference->column_count, &rules, arena, ret_inferred, err);
}

vs_status vs_json_infer(vs_json_container container, const struct vs_format_options *options,
                        const struct vs_bytes_reader *reader, struct vs_arena *arena, struct vs_inferred *ret_inferred,
                        struct vs_error *err) {
  struct inference *inference = vs_memory_alloc(arena->memory, sizeof *inference);
  if (!inference) return vs_fail_memory(err);
  memset(inference, 0, sizeof *inference);
  vs_arena_init(&inference->arena, arena->memory, 0);
  vs_map_init(&inference->names, arena->memory);
  vs_json_walk_init(&inference->walk, container);
  vs_status status = run(inference, options, reader, arena, ret_inferred, err);
  vs_map_release(&inference->names);
  vs_arena_release(&inference->arena);
  vs_memory_free(arena->memory, inference, sizeof *inference);
  return status;
}
