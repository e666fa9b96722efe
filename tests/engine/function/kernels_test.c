/* SPDX-License-Identifier: Apache-2.0
 * Dense kernels against one value at a time: random full batches with NULLs and constants, extremes among the values.
 */
#include "calls.h"

static int64_t random_i64(struct vs_random *random) {
  static const int64_t extremes[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
  uint64_t kind = vs_random_below(random, 4);
  if (kind == 0) return extremes[vs_random_below(random, VS_COUNT_OF(extremes))];
  return (int64_t)(vs_random_next(random) >> (kind == 1 ? 0 : kind * 16));
}

static struct vs_vector random_column(struct vs_random *random, uint32_t rows, bool is_constant,
                                      struct vs_arena *arena) {
  struct vs_vector column;
  cr_assert_eq(vs_vector_init(&column, VS_TYPE(INTEGER), rows, arena, NULL), VS_OK);
  for (uint32_t i = 0; i < rows; i++)
    ((int64_t *)column.data)[i] = random_i64(random);
  if (is_constant) {
    column.encoding = VS_VECTOR_CONSTANT;
  } else if (vs_random_below(random, 2)) {
    cr_assert(vs_vector_validity(&column, rows, arena));
    for (uint32_t i = 0; i < rows; i++)
      if (vs_random_below(random, 5) == 0) vs_bit_clear(column.validity, i);
  }
  return column;
}

struct expectation {
  bool is_null, fails;
  int64_t value;
};
static struct expectation expected_of(char op, int64_t a, int64_t b) {
  vs_i128 x = a, y = b, r = 0;
  switch (op) {
  case '+': r = x + y; break;
  case '-': r = x - y; break;
  case '*': r = x * y; break;
  case '%': return (struct expectation){b == 0, false, b == 0 || b == -1 ? 0 : a % b};
  case '<': r = a < b; break;
  case '=': r = a == b; break;
  default: r = a >= b; break;
  }
  return (struct expectation){false, r != (int64_t)r, (int64_t)r};
}

static void check_batch(const char *name, struct vs_random *random) {
  struct call_fixture fixture;
  struct vs_vector arguments[2], ret;
  struct vs_type types[2] = {VS_TYPE(INTEGER), VS_TYPE(INTEGER)};
  fixture_open(&fixture);
  uint32_t rows = (uint32_t)vs_random_below(random, VS_BATCH_ROWS) + 1;
  uint64_t which = vs_random_below(random, 3);
  for (uint32_t i = 0; i < 2; i++)
    arguments[i] = random_column(random, rows, which == i, &fixture.arena);
  struct vs_binding binding = {
      .arguments = types, .argument_count = 2, .span = VS_NO_SPAN, .arena = &fixture.arena, .env = &fixture.env};
  const struct vs_scalar *row = vs_scalar_find(vs_str_of(name));
  struct vs_call_bound call = {.function = row, .span = VS_NO_SPAN};
  cr_assert_eq(row->bind(row, &binding, &call, NULL), VS_OK);
  cr_assert_eq(vs_call_run(&call, &fixture.eval, arguments, 2, rows, &ret, NULL), VS_OK);
  for (uint32_t i = 0; i < rows; i++) {
    bool is_null = vs_vector_is_null(&arguments[0], i) || vs_vector_is_null(&arguments[1], i);
    struct expectation expected =
        expected_of(name[0], vs_value_get(&arguments[0], i).as.integer, vs_value_get(&arguments[1], i).as.integer);
    cr_assert_eq(vs_bit_get(fixture.errors.failed, i), !is_null && expected.fails, "%s row %u", name, i);
    cr_assert_eq(vs_vector_is_null(&ret, i), is_null || expected.is_null, "%s row %u", name, i);
    if (is_null || expected.is_null || expected.fails) continue;
    struct vs_value value = vs_value_get(&ret, i);
    cr_assert_eq(value.type.id == VS_TYPE_BOOLEAN ? value.as.boolean : value.as.integer, expected.value, "%s row %u",
                 name, i);
  }
  fixture_close(&fixture);
}

Test(function_kernels, agree_with_one_value_at_a_time) {
  static const char *const names[] = {"+", "-", "*", "%", "<", "=", ">="};
  struct vs_random random;
  vs_random_seed(&random, 20260131);
  for (int round = 0; round < 30; round++)
    for (size_t i = 0; i < VS_COUNT_OF(names); i++)
      check_batch(names[i], &random);
}

/* AND and OR over full batches, whose NULLs are mended word by word. */
Test(function_kernels, logic_agrees_with_three_valued_tables) {
  struct vs_random random;
  vs_random_seed(&random, 5);
  for (int round = 0; round < 20; round++) {
    struct call_fixture fixture;
    struct vs_vector arguments[2], ret;
    struct vs_type types[2] = {VS_TYPE(BOOLEAN), VS_TYPE(BOOLEAN)};
    fixture_open(&fixture);
    uint32_t rows = (uint32_t)vs_random_below(&random, VS_BATCH_ROWS) + 1;
    for (int side = 0; side < 2; side++) {
      cr_assert_eq(vs_vector_init(&arguments[side], VS_TYPE(BOOLEAN), rows, &fixture.arena, NULL), VS_OK);
      if (side || round % 2) cr_assert(vs_vector_validity(&arguments[side], rows, &fixture.arena));
      for (uint32_t i = 0; i < rows; i++) {
        ((uint8_t *)arguments[side].data)[i] = (uint8_t)vs_random_below(&random, 2);
        if (arguments[side].validity && vs_random_below(&random, 3) == 0) vs_bit_clear(arguments[side].validity, i);
      }
    }
    for (int is_or = 0; is_or < 2; is_or++) {
      struct vs_binding binding = {
          .arguments = types, .argument_count = 2, .span = VS_NO_SPAN, .arena = &fixture.arena};
      const struct vs_scalar *row = vs_scalar_find(is_or ? VS_STR("OR") : VS_STR("AND"));
      struct vs_call_bound call = {.function = row, .span = VS_NO_SPAN};
      cr_assert_eq(row->bind(row, &binding, &call, NULL), VS_OK);
      cr_assert_eq(vs_call_run(&call, &fixture.eval, arguments, 2, rows, &ret, NULL), VS_OK);
      for (uint32_t i = 0; i < rows; i++) {
        /* 0 FALSE, 1 NULL, 2 TRUE: AND is the minimum, OR the maximum. */
        int x = vs_vector_is_null(&arguments[0], i) ? 1 : 2 * ((uint8_t *)arguments[0].data)[i];
        int y = vs_vector_is_null(&arguments[1], i) ? 1 : 2 * ((uint8_t *)arguments[1].data)[i];
        int wanted = is_or ? VS_MAX(x, y) : VS_MIN(x, y);
        int actual = vs_vector_is_null(&ret, i) ? 1 : 2 * ((uint8_t *)ret.data)[i];
        cr_assert_eq(actual, wanted, "%s row %u of %u", row->name, i, rows);
      }
    }
    fixture_close(&fixture);
  }
}
