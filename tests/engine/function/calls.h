/* SPDX-License-Identifier: Apache-2.0
 * Calls for tests: `call("/", "1.00, 3")` gives "0.3333333333". Arguments are literals: 1 INTEGER, 1.0 DECIMAL, 1e0
 * FLOAT, 'x' STRING, TRUE, NULL, ts'..' TIMESTAMP, ms'..' TIMESTAMP_MS, date'..', time'..', iv'..'. Each call runs with
 * the arguments as constants, as flat vectors and mixed, and as a dictionary when the first is a text; all must agree.
 * A refused bind gives "bind VELO-nnnn", a failed row "row VELO-nnnn". */
#ifndef VS_TEST_CALLS_H
#define VS_TEST_CALLS_H

#include "engine/function/function.h"
#include "engine/types/decimal.h"
#include "engine/types/number.h"
#include "engine/types/time.h"
#include <criterion/criterion.h>
#include <stdio.h>

enum { CALL_ROWS = 67 }; /* more than one bitmap word */

struct call_fixture {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vs_env env;
  struct vs_row_errors errors;
  struct vs_eval eval;
  struct vs_clock clock;
};

static inline void fixture_open(struct call_fixture *fixture) {
  memset(fixture, 0, sizeof *fixture);
  vs_memory_init(&fixture->memory, NULL, 0);
  vs_arena_init(&fixture->arena, &fixture->memory, 1u << 30);
  vs_clock_init_virtual(&fixture->clock, 0);
  fixture->env.memory = &fixture->memory;
  fixture->env.clock = &fixture->clock;
  fixture->eval = (struct vs_eval){.env = &fixture->env,
                                   .arena = &fixture->arena,
                                   .errors = &fixture->errors,
                                   .first_row = 1,
                                   .now_ms = 1769864405123};
}
static inline void fixture_close(struct call_fixture *fixture) {
  vs_arena_release(&fixture->arena);
  cr_assert_eq(vs_memory_used(&fixture->memory), 0);
}

static inline bool literal_prefix(struct vs_str *text, const char *prefix) {
  size_t size = strlen(prefix);
  if (text->size < size + 2 || memcmp(text->data, prefix, size) != 0 || text->data[size] != '\'') return false;
  text->data += size + 1;
  text->size -= size + 2;
  return true;
}

static inline struct vs_value literal_number(struct vs_str text) {
  struct vs_value value = {.type = VS_TYPE(INTEGER)};
  uint32_t scale, digits;
  if (memchr(text.data, 'e', text.size)) {
    value.type = VS_TYPE(FLOAT);
    cr_assert(vs_float_parse(text, &value.as.real), "%.*s", VS_STR_ARG(text));
  } else if (memchr(text.data, '.', text.size)) {
    cr_assert(vs_decimal_parse(text, &value.as.decimal, &scale, &digits), "%.*s", VS_STR_ARG(text));
    value.type = vs_type_decimal((uint8_t)digits, (uint8_t)scale);
  } else {
    cr_assert(vs_integer_parse(text, &value.as.integer), "%.*s", VS_STR_ARG(text));
  }
  return value;
}

static inline struct vs_value literal(struct vs_str text) {
  struct vs_value value = {.type = VS_TYPE(NULL), .is_null = true};
  if (vs_str_equal(text, VS_STR("NULL"))) return value;
  value.is_null = false;
  if (vs_str_equal(text, VS_STR("TRUE")) || vs_str_equal(text, VS_STR("FALSE"))) {
    value.type = VS_TYPE(BOOLEAN);
    value.as.boolean = text.data[0] == 'T';
  } else if (literal_prefix(&text, "ts")) {
    value.type = VS_TYPE(TIMESTAMP);
    cr_assert(vs_timestamp_parse(text, &value.as.integer), "%.*s", VS_STR_ARG(text));
  } else if (literal_prefix(&text, "ms")) {
    value.type = VS_TYPE(TIMESTAMP_MS);
    cr_assert(vs_timestamp_parse(text, &value.as.integer), "%.*s", VS_STR_ARG(text));
    value.as.integer /= 1000;
  } else if (literal_prefix(&text, "date")) {
    value.type = VS_TYPE(DATE);
    cr_assert(vs_date_parse(text, &value.as.integer), "%.*s", VS_STR_ARG(text));
  } else if (literal_prefix(&text, "time")) {
    value.type = VS_TYPE(TIME);
    cr_assert(vs_time_parse(text, &value.as.integer), "%.*s", VS_STR_ARG(text));
  } else if (literal_prefix(&text, "iv")) {
    value.type = VS_TYPE(INTERVAL);
    cr_assert(vs_duration_parse(text, &value.as.interval), "%.*s", VS_STR_ARG(text));
  } else if (literal_prefix(&text, "")) {
    value.type = VS_TYPE(STRING);
    value.as.string = text;
  } else {
    value = literal_number(text);
  }
  return value;
}

/* Splits at ", " outside quotes. */
static inline uint32_t literals(const char *text, struct vs_value *values) {
  uint32_t count = 0;
  const char *begin = text;
  bool quoted = false;
  for (const char *at = text; *text; at++) {
    quoted ^= *at == '\'';
    if (*at && (quoted || at[0] != ',' || at[1] != ' ')) continue;
    values[count++] = literal((struct vs_str){begin, (size_t)(at - begin)});
    if (!*at) break;
    begin = at + 2;
  }
  return count;
}

enum { AS_CONSTANT, AS_FLAT, AS_DICTIONARY };
static inline struct vs_vector spread(const struct vs_value *value, int how, struct vs_arena *arena) {
  struct vs_vector constant, flat;
  cr_assert_eq(vs_vector_constant(&constant, value, arena, NULL), VS_OK);
  if (how == AS_CONSTANT) return constant;
  if (how == AS_DICTIONARY && value->type.id == VS_TYPE_STRING && !value->is_null) {
    struct vs_dictionary *dictionary = VS_ARENA_NEW(arena, struct vs_dictionary);
    *dictionary = (struct vs_dictionary){.values = constant.data, .value_count = 1};
    uint16_t *codes = VS_ARENA_ARRAY(arena, uint16_t, CALL_ROWS);
    return (struct vs_vector){
        .type = value->type, .encoding = VS_VECTOR_DICTIONARY, .data = codes, .dictionary = dictionary};
  }
  cr_assert_eq(vs_vector_flatten(&constant, CALL_ROWS, arena, &flat, NULL), VS_OK);
  return flat;
}

static inline vs_status cast_argument(struct call_fixture *fixture, struct vs_vector *vector, struct vs_type to,
                                      struct vs_error *err) {
  struct vs_call_bound cast;
  if (vs_type_equal(vector->type, to)) return VS_OK;
  VS_TRY(vs_cast_bind(vector->type, to, false, VS_NO_SPAN, &fixture->arena, &cast, err));
  struct vs_vector result;
  VS_TRY(vs_call_run(&cast, &fixture->eval, vector, 1, CALL_ROWS, &result, err));
  *vector = result;
  return VS_OK;
}

static inline void print_value(const struct vs_value *value, bool with_type, struct vs_memory *memory, char *ret_text,
                               size_t capacity) {
  struct vs_text text;
  char type[32];
  vs_text_init(&text, memory, 1u << 20);
  vs_value_print(value, VS_STYLE_TABLE, &text);
  snprintf(ret_text, capacity, "%s%s%s", text.size ? text.data : "", with_type ? " " : "",
           with_type ? vs_type_print(value->type, type) : "");
  vs_text_release(&text);
}

/* how[i] of each argument. */
static inline void call_once(const char *name, const struct vs_value *values, uint32_t count, const int *how,
                             bool with_type, char *ret_text, size_t capacity) {
  struct call_fixture fixture;
  struct vs_type types[16];
  struct vs_vector vectors[16], result;
  const struct vs_value *constants[16];
  struct vs_span spans[16];
  struct vs_error err = {0};
  struct vs_call_bound call = {0};
  fixture_open(&fixture);
  for (uint32_t i = 0; i < count; i++) {
    types[i] = values[i].type;
    constants[i] = how[i] == AS_CONSTANT ? &values[i] : NULL;
    spans[i] = VS_NO_SPAN;
    vectors[i] = spread(&values[i], how[i], &fixture.arena);
  }
  const struct vs_scalar *row = vs_scalar_find(vs_str_of(name));
  cr_assert(row, "no function %s", name);
  struct vs_binding binding = {types, constants, count, VS_NO_SPAN, spans, &fixture.arena, &fixture.env};
  call.function = row;
  call.span = VS_NO_SPAN;
  vs_status status = row->bind(row, &binding, &call, &err);
  for (uint32_t i = 0; status == VS_OK && i < count; i++)
    status = cast_argument(&fixture, &vectors[i], types[i], &err);
  if (status == VS_OK) {
    status = vs_call_run(&call, &fixture.eval, vectors, count, CALL_ROWS, &result, &err);
    cr_assert_eq(status, VS_OK, "%s: %s", name, err.message);
  }
  if (status != VS_OK) {
    snprintf(ret_text, capacity, "bind VELO-%d", err.code);
  } else if (fixture.errors.count) {
    cr_assert_eq(fixture.errors.count, CALL_ROWS);
    snprintf(ret_text, capacity, "row VELO-%d", fixture.errors.samples[0].code);
  } else {
    cr_assert(vs_type_equal(result.type, call.result));
    struct vs_value first = vs_value_get(&result, 0), last = vs_value_get(&result, CALL_ROWS - 1);
    cr_assert(vs_value_equal(&first, &last), "%s: rows differ", name);
    print_value(&first, with_type, &fixture.memory, ret_text, capacity);
  }
  fixture_close(&fixture);
}

static inline const char *call_in(const char *name, const char *arguments, bool with_type, int first_mode) {
  static char text[1024], other[1024];
  struct vs_value values[16];
  uint32_t count = literals(arguments, values);
  for (int mode = first_mode; mode < 5; mode++) {
    int how[16];
    for (uint32_t i = 0; i < count; i++)
      how[i] = mode == 0                       ? AS_CONSTANT
               : mode == 1                     ? AS_FLAT
               : (mode == 4)                   ? (i ? AS_CONSTANT : AS_DICTIONARY)
               : (int)(i + (uint32_t)mode) % 2 ? AS_CONSTANT
                                               : AS_FLAT;
    call_once(name, values, count, how, with_type, mode == first_mode ? text : other, sizeof text);
    if (mode > first_mode && !with_type) cr_assert_str_eq(text, other, "%s(%s), mode %d", name, arguments, mode);
  }
  return text;
}
static inline const char *call(const char *name, const char *arguments) {
  return call_in(name, arguments, false, 0);
}
/* With constant arguments and the result's type behind the value. */
static inline const char *typed(const char *name, const char *arguments) {
  return call_in(name, arguments, true, 0);
}
/* For functions some of whose arguments must be constant: all constant, and all but the first. */
static inline const char *call_fixed(const char *name, const char *arguments) {
  static char text[1024], other[1024];
  struct vs_value values[16];
  uint32_t count = literals(arguments, values);
  int constant[16] = {0}, mixed[16] = {AS_FLAT};
  call_once(name, values, count, constant, false, text, sizeof text);
  call_once(name, values, count, mixed, false, other, sizeof other);
  cr_assert_str_eq(text, other, "%s(%s)", name, arguments);
  return text;
}

#define EXPECT_CALL(name, arguments, expected)                                                                         \
  do {                                                                                                                 \
    const char *actual_text = call(name, arguments);                                                                   \
    cr_expect_str_eq(actual_text, expected, "%s(%s) gave %s, not %s", name, arguments, actual_text, expected);         \
  } while (0)
#define EXPECT_FIXED(name, arguments, expected)                                                                        \
  do {                                                                                                                 \
    const char *actual_text = call_fixed(name, arguments);                                                             \
    cr_expect_str_eq(actual_text, expected, "%s(%s) gave %s, not %s", name, arguments, actual_text, expected);         \
  } while (0)
#define EXPECT_TYPED(name, arguments, expected)                                                                        \
  do {                                                                                                                 \
    const char *actual_text = typed(name, arguments);                                                                  \
    cr_expect_str_eq(actual_text, expected, "%s(%s) gave %s, not %s", name, arguments, actual_text, expected);         \
  } while (0)

#endif
