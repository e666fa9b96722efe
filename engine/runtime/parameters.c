/* SPDX-License-Identifier: Apache-2.0
 * Parameters: where their values come from and which one wins. A default never replaces a variable of the environment,
 * neither replaces what papermill injected or the command line gave; %param in a cell always sets. */
#include "engine/base/secret.h"
#include "engine/runtime/engine_state.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

extern char **environ;

static int find(const struct vs_engine *engine, struct vs_str name) {
  for (uint32_t i = 0; i < engine->parameter_count; i++)
    if (vs_str_equal_nocase(engine->parameters[i].name, name)) return (int)i;
  return -1;
}

static bool is_name(struct vs_str name) {
  for (size_t i = 0; i < name.size; i++) {
    unsigned char c = (unsigned char)name.data[i];
    if (!(isalpha(c) || c == '_' || c >= 0x80 || (i && isdigit(c)))) return false;
  }
  return name.size > 0;
}

static vs_status grow(struct vs_engine *engine, struct vs_error *err) {
  if (engine->parameter_count < engine->parameter_capacity) return VS_OK;
  uint32_t capacity = engine->parameter_capacity ? engine->parameter_capacity * 2 : 16;
  struct vs_parameter *parameters = VS_ARENA_ARRAY(&engine->arena, struct vs_parameter, capacity);
  struct vs_parameter_state *states = VS_ARENA_ARRAY(&engine->arena, struct vs_parameter_state, capacity);
  if (!parameters || !states) return vs_fail_memory(err);
  if (engine->parameter_count) {
    memcpy(parameters, engine->parameters, sizeof *parameters * engine->parameter_count);
    memcpy(states, engine->parameter_states, sizeof *states * engine->parameter_count);
  }
  engine->parameters = parameters;
  engine->parameter_states = states;
  engine->parameter_capacity = capacity;
  return VS_OK;
}

static vs_status store(struct vs_engine *engine, const struct vs_parameter *parameter, struct vs_parameter_state state,
                       struct vs_error *err) {
  int index = find(engine, parameter->name);
  if (index >= 0 && state.origin < engine->parameter_states[index].origin && state.origin != VS_PARAMETER_SET)
    return VS_OK;
  pthread_mutex_lock(&engine->lock);
  vs_status status = index < 0 ? grow(engine, err) : VS_OK;
  if (status == VS_OK) {
    index = index < 0 ? (int)engine->parameter_count++ : index;
    engine->parameters[index] = *parameter;
    engine->parameter_states[index] = state;
  }
  pthread_mutex_unlock(&engine->lock);
  return status;
}

static vs_status set_text(struct vs_engine *engine, struct vs_parameter parameter, struct vs_str text,
                          struct vs_parameter_state state, struct vs_error *err) {
  const char *copy = vs_arena_copy(&engine->arena, text.data ? text.data : "", text.size);
  if (!copy) return vs_fail_memory(err);
  parameter.value = (struct vs_value){.type = VS_TYPE(STRING), .as.string = {copy, text.size}};
  return store(engine, &parameter, state, err);
}

/* A text that is plainly one word (ETH, eu-west-1, 2026-01-31) needs no quotes, as in a CSV field. Anything that may be
 * a mistake in something longer does: a list left open, a comment behind the value, an expression. */
static bool is_word(struct vs_str text) {
  char number[64], *end = number; /* nan, inf, 1e999: numbers that are none */
  snprintf(number, sizeof number, "%.*s", VS_STR_ARG(text));
  (void)strtod(number, &end);
  if (*end == '\0') return false;
  for (size_t i = 0; i < text.size; i++) {
    unsigned char c = (unsigned char)text.data[i];
    bool is_mark = i > 0 && strchr("-.:/@", c) && c != (unsigned char)text.data[i - 1];
    if (!(isalnum(c) || c == '_' || c >= 0x80 || is_mark)) return false;
  }
  return text.size > 0;
}

static vs_status set(struct vs_engine *engine, struct vs_str name, struct vs_str text, bool is_bare,
                     struct vs_parameter_state state, struct vs_span span, struct vs_error *err) {
  if (!is_name(name)) return vs_fail(err, VS_CODE_BAD_PARAMETER, span, "'%.*s' is no parameter name", VS_STR_ARG(name));
  const char *copy = vs_arena_copy(&engine->arena, name.data, name.size);
  if (!copy) return vs_fail_memory(err);
  struct vs_parameter parameter = {.name = {copy, name.size}};
  bool is_typed_secret = state.is_secret && is_bare; /* a password of digits is a text, and prints as it was typed */
  state.is_secret |= vs_secret_key_is(name);
  if (is_typed_secret) return set_text(engine, parameter, text, state, err);
  if (!vs_literal_parse(text, is_bare || is_word(text), &engine->arena, &parameter)) {
    struct vs_str shown = state.is_secret ? VS_STR("(secret)") : text;
    struct vs_span shown_span = state.is_secret ? VS_NO_SPAN : span; /* no excerpt: it would quote the value */
    vs_status status = vs_fail(err, VS_CODE_BAD_PARAMETER, shown_span, "parameter %.*s: %.*s is no value",
                               VS_STR_ARG(name), (int)VS_MIN(shown.size, (size_t)80), shown.data ? shown.data : "");
    return vs_fail_hint(err, status,
                        "write a number, a text (in quotes unless it is one word), True, False, None or a [list]");
  }
  return store(engine, &parameter, state, err);
}

vs_status vs_engine_parameter_set(struct vs_engine *engine, struct vs_str name, struct vs_str text, bool is_literal,
                                  bool is_secret, vs_parameter_origin origin, struct vs_error *err) {
  struct vs_parameter_state state = {origin, is_secret};
  return set(engine, name, text, !is_literal, state, VS_NO_SPAN, err);
}

uint32_t vs_engine_parameter_count(const struct vs_engine *engine) {
  return engine->parameter_count;
}

const struct vs_parameter *vs_engine_parameter_at(const struct vs_engine *engine, uint32_t index, bool *ret_is_secret) {
  *ret_is_secret = engine->parameter_states[index].is_secret;
  return &engine->parameters[index];
}

static void tell(const struct vs_engine *engine, const struct vs_value *value, vs_secret_hear *hear, void *context) {
  struct vs_text text VS_CLEANUP(vs_text_release);
  vs_text_init(&text, engine->env->memory, 1 << 20);
  vs_value_print(value, VS_STYLE_PLAIN, &text);
  hear(context, vs_text_view(&text));
}

void vs_engine_tell_secrets(const struct vs_engine *engine, vs_secret_hear *hear, void *context) {
  for (uint32_t i = 0; i < engine->parameter_count; i++) {
    const struct vs_parameter *parameter = &engine->parameters[i];
    if (!engine->parameter_states[i].is_secret) continue;
    if (!parameter->list) tell(engine, &parameter->value, hear, context);
    for (uint32_t k = 0; k < parameter->list_count; k++)
      tell(engine, &parameter->list[k], hear, context);
  }
}

/* VELO_PARAM_SYMBOL is :symbol; a name with a small letter in it is taken as it is. */
static struct vs_str parameter_name_of(struct vs_str variable, char ret_name[128]) {
  bool has_lower = false;
  for (size_t i = 0; i < variable.size; i++)
    has_lower |= islower((unsigned char)variable.data[i]) != 0;
  for (size_t i = 0; i < variable.size; i++)
    ret_name[i] = has_lower ? variable.data[i] : (char)tolower((unsigned char)variable.data[i]);
  return (struct vs_str){ret_name, variable.size};
}

vs_status vs_parameters_read_environment(struct vs_engine *engine, struct vs_error *err) {
  static const char prefix[] = "VELO_PARAM_";
  struct vs_parameter_state state = {VS_PARAMETER_ENVIRONMENT, false};
  for (char **entry = environ; *entry; entry++) {
    const char *name = *entry + sizeof prefix - 1, *equals = strchr(*entry, '=');
    if (strncmp(*entry, prefix, sizeof prefix - 1) != 0 || !equals || equals == name || equals - name > 127) continue;
    char lowered[128];
    struct vs_str parameter = parameter_name_of((struct vs_str){name, (size_t)(equals - name)}, lowered);
    VS_TRY(set(engine, parameter, vs_str_of(equals + 1), true, state, VS_NO_SPAN, err));
  }
  return VS_OK;
}

/* ---- parameter cells ---- */

struct line {
  struct vs_str text; /* trimmed */
  uint32_t begin;     /* of the trimmed text, in bytes from the start of the whole */
};

static bool next_line(struct vs_str text, size_t *position, struct line *ret_line) {
  if (*position >= text.size) return false;
  const char *start = text.data + *position, *newline = memchr(start, '\n', text.size - *position);
  size_t size = newline ? (size_t)(newline - start) : text.size - *position;
  ret_line->text = vs_str_trim((struct vs_str){start, size});
  ret_line->begin = (uint32_t)(ret_line->text.size ? (size_t)(ret_line->text.data - text.data) : *position);
  *position += size + (newline != NULL);
  return true;
}

static bool is_comment(struct vs_str line) {
  return line.size == 0 || line.data[0] == '#' || (line.size > 1 && memcmp(line.data, "--", 2) == 0);
}

static bool is_heading(struct vs_str line) {
  if (!line.size || !is_comment(line)) return false;
  size_t marker = line.data[0] == '#' ? 1 : 2;
  struct vs_str word = vs_str_trim((struct vs_str){line.data + marker, line.size - marker});
  return vs_str_equal_nocase(word, VS_STR("parameters")) || vs_str_equal_nocase(word, VS_STR("parameters:"));
}

/* name = literal, with an optional type between (papermill keeps `n: int = 5`) and an optional ; at the end. */
static bool split_assignment(struct vs_str line, struct vs_str *ret_name, struct vs_str *ret_value) {
  const char *equals = memchr(line.data, '=', line.size);
  if (!equals) return false;
  struct vs_str name = vs_str_trim((struct vs_str){line.data, (size_t)(equals - line.data)});
  const char *colon = memchr(name.data, ':', name.size);
  if (colon) name = vs_str_trim((struct vs_str){name.data, (size_t)(colon - name.data)});
  struct vs_str value = {equals + 1, (size_t)(line.data + line.size - equals - 1)};
  value = vs_str_trim(value);
  if (value.size && value.data[value.size - 1] == ';') value = vs_str_trim((struct vs_str){value.data, value.size - 1});
  *ret_name = name;
  *ret_value = value;
  return is_name(name) && value.size > 0;
}

bool vs_engine_is_parameter_text(struct vs_str text) {
  struct line line = {0};
  struct vs_str name, value;
  size_t position = 0;
  while (next_line(text, &position, &line) && line.text.size == 0)
    continue;
  if (!is_heading(line.text)) return false;
  while (next_line(text, &position, &line))
    if (!is_comment(line.text) && !split_assignment(line.text, &name, &value)) return false;
  return true;
}

vs_status vs_engine_parameter_text(struct vs_engine *engine, struct vs_str text, uint32_t source, bool is_injected,
                                   struct vs_error *err) {
  struct vs_parameter_state state = {is_injected ? VS_PARAMETER_INJECTED : VS_PARAMETER_DEFAULT, false};
  struct line line;
  size_t position = 0;
  while (next_line(text, &position, &line)) {
    struct vs_str name, value;
    struct vs_span span = {source, line.begin, line.begin + (uint32_t)line.text.size};
    if (is_comment(line.text)) continue;
    if (!split_assignment(line.text, &name, &value)) {
      vs_status status = vs_fail(err, VS_CODE_BAD_PARAMETER, span, "this is no parameter: %.*s",
                                 (int)VS_MIN(line.text.size, (size_t)80), line.text.data);
      return vs_fail_hint(err, status, "write name = value, one a line");
    }
    VS_TRY(set(engine, name, value, false, state, span, err));
  }
  return VS_OK;
}
