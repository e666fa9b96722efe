/* SPDX-License-Identifier: Apache-2.0
 * JSON objects straight into columns. The names of the last object are expected in the same order again, byte for byte;
 * only a surprise is looked up. In JSON lines the rest of a row is not read once every wanted column has its value. */
#include "engine/format/json_decode.h"

const struct vs_json_name vs_json_no_name = {.head_bits = ~UINT64_C(0)};

static struct vs_column *find_column(struct vs_json_decoder *decoder, struct vs_str name) {
  const struct vs_schema *schema = decoder->columns.schema;
  for (uint32_t i = 0; i < schema->field_count; i++)
    if (vs_str_equal(schema->fields[i].name, name)) return &decoder->columns.items[i];
  int index = decoder->needs_exact_names ? -1 : vs_schema_find(schema, name);
  return index >= 0 ? &decoder->columns.items[index] : NULL;
}

static struct vs_json_name *learn(struct vs_json_decoder *decoder, struct vs_str raw,
                                  const struct vs_json_value *text) {
  struct vs_arena *keep = &decoder->columns.keep;
  struct vs_str name = vs_json_unescape(text, keep);
  struct vs_column *column = name.data ? find_column(decoder, name) : NULL;
  column = column && column->is_read ? column : NULL;
  if (!column && decoder->names.entry_count >= VS_JSON_NAMES_MAX) return NULL;
  struct vs_json_name *entry = VS_ARENA_NEW(keep, struct vs_json_name);
  char *copy = vs_arena_copy(keep, raw.data, raw.size), *gap = vs_arena_alloc(keep, raw.size + sizeof ",  ");
  if (!entry || !copy || !gap) return NULL;
  *entry = (struct vs_json_name){.raw = {copy, raw.size}, .column = column, .gap = gap, .head_bits = ~UINT64_C(0)};
  if (vs_map_put(&decoder->names, entry->raw, entry, NULL) == VS_OK) return entry;
  keep->is_failed = true; /* the batch under way is refused for want of memory */
  return NULL;
}

/* The name stands at `begin`, and what follows its colon at `at`. */
static void learn_gap(struct vs_json_name *name, const char *begin, const char *at, const char *end) {
  bool has_space_before = begin[-1] == ' ', has_space_behind = at < end && *at == ' ';
  char first = begin[-1 - has_space_before], *gap = name->gap;
  name->gap_size = 0;
  name->head_bits = ~UINT64_C(0);
  if (first != ',' && first != '{') return;
  gap[name->gap_size++] = ',';
  if (has_space_before) gap[name->gap_size++] = ' ';
  memcpy(gap + name->gap_size, name->raw.data, name->raw.size);
  name->gap_size += name->raw.size;
  if (has_space_behind) gap[name->gap_size++] = ' ';
  size_t size = VS_MIN(name->gap_size, sizeof name->head);
  memset(name->head, 0, sizeof name->head);
  memcpy(name->head, gap, size);
  name->head_bits = ((UINT64_C(1) << size) - 1) | (size < name->gap_size ? VS_JSON_GAP_LONG : 0);
}

/* A name that is not where it was in the last object. *ret_column NULL: not wanted. */
static vs_json_outcome read_name(struct vs_json_decoder *decoder, uint32_t index, const char **at, const char *end,
                                 struct vs_column **ret_column) {
  struct vs_json_value text;
  const char *begin = *at;
  if (*at == end) return VS_JSON_CUT;
  if (**at != '"') return VS_JSON_BROKEN;
  vs_json_outcome outcome = vs_json_string(at, end, &text);
  if (outcome != VS_JSON_DONE) return outcome;
  *at = vs_json_space(*at, end);
  if (*at == end) return VS_JSON_CUT;
  if (**at != ':') return VS_JSON_BROKEN;
  struct vs_str raw = {begin, (size_t)(++*at - begin)};
  struct vs_json_name *name = vs_map_find(&decoder->names, raw);
  if (!name) name = learn(decoder, raw, &text);
  if (name) learn_gap(name, begin, *at, end);
  if (index < VS_JSON_ORDER_MAX) decoder->order[index] = name ? name : &vs_json_no_name;
  *ret_column = name ? name->column : NULL;
  return VS_JSON_DONE;
}

static inline vs_json_outcome expect_name(struct vs_json_decoder *decoder, uint32_t index, const char **at,
                                          const char *end, struct vs_column **ret_column) {
  const struct vs_json_name *name = decoder->order[VS_MIN(index, (uint32_t)VS_JSON_ORDER_MAX)];
  if (name->raw.size && (size_t)(end - *at) > name->raw.size && memcmp(*at, name->raw.data, name->raw.size) == 0) {
    *at += name->raw.size;
    *ret_column = name->column;
    return VS_JSON_DONE;
  }
  return read_name(decoder, index, at, end, ret_column);
}

/* false: the value does not fit; it is counted unless the row was refused before. */
static bool put_value(struct vs_json_decoder *decoder, struct vs_column *column, const struct vs_json_value *value) {
  struct vs_str text = value->text;
  vs_put put;
  if (value->kind == VS_JSON_STRING && value->has_escape && column->field->type.id != VS_TYPE_JSON)
    text = vs_json_unescape(value, decoder->columns.batch);
  if (value->kind == VS_JSON_STRING && column->field->type.id == VS_TYPE_JSON)
    text = (struct vs_str){text.data - 1, text.size + 2};
  if (value->kind == VS_JSON_NULL)
    put = vs_column_put_null(column, decoder->row);
  else
    put = text.data ? vs_column_put(&decoder->columns, column, decoder->row, text) : VS_PUT_MISFIT;
  if (put != VS_PUT_DONE && put != VS_PUT_NO_MEMORY) {
    size_t size = (size_t)(value->text.data + value->text.size - decoder->object);
    decoder->errors->text = decoder->walk.row.data ? decoder->walk.row : (struct vs_str){decoder->object, size};
    vs_column_refuse(column, put, text.data ? text : value->text, decoder->walk.line, decoder->errors);
  }
  return put == VS_PUT_DONE;
}

/* Columns the object did not mention are NULL. */
static bool put_missing(struct vs_json_decoder *decoder) {
  for (uint32_t i = 0; i < decoder->columns.schema->field_count; i++) {
    struct vs_column *column = &decoder->columns.items[i];
    if (!column->is_read || column->seen_row == decoder->row + 1) continue;
    vs_put put = vs_column_put_null(column, decoder->row);
    if (put != VS_PUT_DONE) {
      if (put != VS_PUT_NO_MEMORY) vs_column_refuse(column, put, VS_STR(""), decoder->walk.line, decoder->errors);
      return false;
    }
  }
  return true;
}

void vs_json_end_row(struct vs_json_decoder *decoder, uint32_t seen_count, bool is_refused) {
  if (!is_refused && seen_count < decoder->columns.read_count) is_refused = !put_missing(decoder);
  if (is_refused)
    vs_columns_undo(&decoder->columns, decoder->row);
  else if (decoder->row++ == 0)
    decoder->first_line = decoder->walk.line;
}

/* Behind a value: *ret_is_last at the closing brace. */
static inline vs_json_outcome step(const char **at, const char *end, bool *ret_is_last) {
  *at = vs_json_space(*at, end);
  if (*at == end) return VS_JSON_CUT;
  *ret_is_last = **at == '}';
  if (!*ret_is_last && **at != ',') return VS_JSON_BROKEN;
  *at = *ret_is_last ? *at + 1 : vs_json_space(*at + 1, end);
  return VS_JSON_DONE;
}

struct object_state {
  uint32_t index, seen_count;
  bool is_refused;
};

static inline vs_json_outcome read_member(struct vs_json_decoder *decoder, struct object_state *state, const char **at,
                                          const char *end) {
  struct vs_column *column;
  struct vs_json_value value;
  vs_json_outcome outcome = expect_name(decoder, state->index++, at, end, &column);
  if (outcome != VS_JSON_DONE) return outcome;
  *at = vs_json_space(*at, end);
  outcome = vs_json_value(at, end, &value);
  if (outcome != VS_JSON_DONE || !column || column->seen_row == decoder->row + 1 || state->is_refused) return outcome;
  state->is_refused = !put_value(decoder, column, &value);
  column->seen_row = decoder->row + 1;
  state->seen_count++;
  return VS_JSON_DONE;
}

/* The rest of a line whose wanted columns are all read: only its last character is looked at. */
static bool ends_with_brace(const char *begin, const char *end) {
  while (end > begin && (end[-1] == ' ' || end[-1] == '\r' || end[-1] == '\t'))
    end--;
  return end > begin && end[-1] == '}';
}

static vs_json_outcome read_members(struct vs_json_decoder *decoder, struct object_state *state, const char **at,
                                    const char *end) {
  bool is_last = false;
  *at = vs_json_space(*at + 1, end);
  if (*at < end && **at == '}') return ++*at, VS_JSON_DONE;
  while (!is_last) {
    if (decoder->can_stop_early && state->seen_count == decoder->columns.read_count && ends_with_brace(*at, end))
      return *at = end, VS_JSON_DONE;
    vs_json_outcome outcome = read_member(decoder, state, at, end);
    if (outcome == VS_JSON_DONE) outcome = step(at, end, &is_last);
    if (outcome != VS_JSON_DONE) return outcome;
  }
  return VS_JSON_DONE;
}

static vs_json_outcome read_object(void *context, const char **at, const char *end) {
  struct vs_json_decoder *decoder = context;
  struct object_state state = {0};
  uint64_t errors_before = decoder->errors->count;
  uint32_t samples_before = decoder->errors->sample_count;
  uint32_t aside_before = decoder->errors->aside ? decoder->errors->aside->count : 0;
  decoder->object = *at;
  vs_columns_at_line(&decoder->columns, decoder->row, decoder->walk.line - decoder->first_line);
  vs_json_outcome outcome = read_members(decoder, &state, at, end);
  if (outcome == VS_JSON_DONE && decoder->can_stop_early) {
    *at = vs_json_space(*at, end);
    outcome = *at == end ? VS_JSON_DONE : VS_JSON_BROKEN;
  }
  if (outcome == VS_JSON_DONE) {
    vs_json_end_row(decoder, state.seen_count, state.is_refused);
    return outcome;
  }
  /* The walk counts the row as broken, or comes back to it; either way what was said of its values is taken back. */
  decoder->errors->count = errors_before;
  decoder->errors->sample_count = samples_before;
  if (decoder->errors->aside) decoder->errors->aside->count = aside_before;
  vs_columns_undo(&decoder->columns, decoder->row);
  return outcome;
}

static void refuse_row(void *context, uint64_t line, uint64_t character, const char *what) {
  struct vs_json_decoder *decoder = context;
  unsigned long long at = line, within = character;
  decoder->errors->text = decoder->walk.row;
  if (character)
    vs_bad_row_add(decoder->errors, line, VS_CODE_BROKEN_JSON, "line %llu, character %llu: %s", at, within, what);
  else
    vs_bad_row_add(decoder->errors, line, VS_CODE_BROKEN_JSON, "line %llu: %s", at, what);
}

static const char *read_plain_lines(void *context, const char *at, const char *end) {
  struct vs_json_decoder *decoder = context;
  vs_columns_at_line(&decoder->columns, decoder->row, decoder->walk.line - decoder->first_line);
  return vs_json_plain_lines(decoder, at, end);
}

static bool is_full(void *context) {
  const struct vs_json_decoder *decoder = context;
  if (decoder->row && decoder->walk.line - decoder->first_line >= VS_LINES_MOST) return true;
  return decoder->row == VS_BATCH_ROWS || decoder->columns.batch->is_failed || decoder->columns.keep.is_failed;
}

static vs_status decode(struct vs_decoder *base, const char *bytes, size_t size, bool is_end, struct vs_arena *arena,
                        struct vs_row_errors *errors, size_t *ret_consumed, struct vs_batch *ret_batch,
                        struct vs_error *err) {
  struct vs_json_decoder *decoder = (struct vs_json_decoder *)base;
  const struct vs_json_visitor visitor = {decoder, read_object, refuse_row, is_full,
                                          decoder->can_stop_early ? read_plain_lines : NULL};
  decoder->errors = errors;
  decoder->row = 0;
  decoder->first_line = decoder->walk.line;
  VS_TRY(vs_columns_begin(&decoder->columns, arena, err));
  size_t consumed = vs_json_walk_run(&decoder->walk, &visitor, bytes, size, is_end);
  if (arena->is_failed || decoder->columns.keep.is_failed) return vs_fail_memory(err);
  VS_TRY(vs_columns_finish(&decoder->columns, decoder->row, decoder->first_line, ret_batch, err));
  *ret_consumed = consumed;
  return VS_OK;
}

static void decoder_free(struct vs_decoder *base) {
  struct vs_json_decoder *decoder = (struct vs_json_decoder *)base;
  vs_map_release(&decoder->names);
  vs_columns_release(&decoder->columns);
  vs_memory_free(decoder->memory, decoder, sizeof *decoder);
}

static void decoder_seek(struct vs_decoder *base, uint64_t line) {
  struct vs_json_decoder *decoder = (struct vs_json_decoder *)base;
  decoder->walk.line = line;
  decoder->walk.is_started = true; /* there is no byte order mark here */
  decoder->walk.is_skipping = false;
}

static uint64_t decoder_line(const struct vs_decoder *base) {
  return ((const struct vs_json_decoder *)base)->walk.line;
}

static struct vs_json_decoder *allocate(struct vs_memory *memory, const struct vs_decoder_ops *ops,
                                        vs_json_container container, bool needs_exact_names) {
  struct vs_json_decoder *decoder = vs_memory_alloc(memory, sizeof *decoder);
  if (!decoder) return NULL;
  *decoder = (struct vs_json_decoder){.base.ops = ops,
                                      .memory = memory,
                                      .can_stop_early = container == VS_JSON_LINES,
                                      .needs_exact_names = needs_exact_names};
  for (uint32_t i = 0; i <= VS_JSON_ORDER_MAX; i++)
    decoder->order[i] = &vs_json_no_name;
  vs_json_walk_init(&decoder->walk, container);
  vs_map_init(&decoder->names, memory);
  return decoder;
}

/* The order of names is not handed on: the first row tells it. */
static vs_status decoder_fork(const struct vs_decoder *base, struct vs_decoder **ret_fork, struct vs_error *err) {
  const struct vs_json_decoder *from = (const struct vs_json_decoder *)base;
  struct vs_json_decoder *decoder = allocate(from->memory, base->ops, VS_JSON_LINES, from->needs_exact_names);
  if (!decoder) return vs_fail_memory(err);
  vs_status status = vs_columns_fork(&from->columns, &decoder->columns, err);
  if (status != VS_OK)
    decoder_free(&decoder->base);
  else
    *ret_fork = &decoder->base;
  return status;
}

vs_status vs_json_decoder_new(vs_json_container container, const struct vs_format_options *options,
                              const struct vs_schema *schema, const bool *projection, const struct vs_env *env,
                              struct vs_decoder **ret_decoder, struct vs_error *err) {
  static const struct vs_decoder_ops line_ops = {decode, decoder_free, decoder_fork, decoder_seek, decoder_line};
  static const struct vs_decoder_ops other_ops = {.decode = decode, .free = decoder_free};
  const struct vs_decoder_ops *ops = container == VS_JSON_LINES ? &line_ops : &other_ops;
  struct vs_json_decoder *decoder = allocate(env->memory, ops, container, !options->has_declared_schema);
  if (!decoder) return vs_fail_memory(err);
  vs_status status = vs_columns_init(&decoder->columns, options, schema, projection, env, err);
  if (status != VS_OK)
    decoder_free(&decoder->base);
  else
    *ret_decoder = &decoder->base;
  return status;
}
