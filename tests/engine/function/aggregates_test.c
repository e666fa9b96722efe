/* SPDX-License-Identifier: Apache-2.0
 * Aggregates: values by literals, and the same result however rows are split, merged and taken back. */
#include "calls.h"
#include <math.h>

enum { STATE_MAX = 256 };

struct folding {
  struct call_fixture fixture;
  struct vs_aggregate_bound bound;
  struct vs_aggregate_run run;
  struct vs_vector arguments[2];
  int64_t times[64];
  _Alignas(16) char states[2][STATE_MAX];
};

/* One column of literals; a second one holds the constant `second`, unless that is NULL. */
static struct vs_type common_of(const struct vs_value *values, uint32_t count) {
  struct vs_type type = VS_TYPE(NULL);
  for (uint32_t i = 0; i < count; i++)
    cr_assert(vs_type_common(type, values[i].type, &type));
  return type;
}

static struct vs_vector column_of(struct folding *folding, const struct vs_value *values, uint32_t count) {
  struct vs_vector column;
  struct vs_type type = common_of(values, count);
  cr_assert_eq(vs_vector_init(&column, type, 64, &folding->fixture.arena, NULL), VS_OK);
  cr_assert(vs_vector_validity(&column, 64, &folding->fixture.arena));
  for (uint32_t i = 0; i < count; i++) {
    struct vs_vector one;
    cr_assert_eq(vs_vector_constant(&one, &values[i], &folding->fixture.arena, NULL), VS_OK);
    cr_assert_eq(cast_argument(&folding->fixture, &one, type, NULL), VS_OK);
    cr_assert_eq(vs_vector_copy_row(&column, i, &one, 0, &folding->fixture.arena, NULL), VS_OK);
  }
  return column;
}

static vs_status open_folding(struct folding *folding, const char *name, const struct vs_value *values, uint32_t count,
                              const char *second, bool ignore_nulls, struct vs_error *err) {
  memset(folding, 0, sizeof *folding);
  fixture_open(&folding->fixture);
  struct vs_value separator = literal(vs_str_of(second ? second : "NULL"));
  const struct vs_value *constants[2] = {NULL, &separator};
  struct vs_type types[2] = {VS_TYPE(NULL), separator.type};
  struct vs_span spans[2] = {VS_NO_SPAN, VS_NO_SPAN};
  folding->arguments[0] = column_of(folding, values, count);
  folding->arguments[1] = spread(&separator, AS_CONSTANT, &folding->fixture.arena);
  types[0] = folding->arguments[0].type;
  struct vs_binding binding = {
      types, constants, second ? 2 : 1, VS_NO_SPAN, spans, &folding->fixture.arena, &folding->fixture.env};
  const struct vs_aggregate *row = vs_aggregate_find(vs_str_of(name));
  cr_assert(row, "%s", name);
  VS_TRY(row->bind(row, &binding, ignore_nulls, &folding->bound, err));
  VS_TRY(cast_argument(&folding->fixture, &folding->arguments[0], types[0], err));
  cr_assert_leq(folding->bound.state_size, STATE_MAX);
  folding->run = (struct vs_aggregate_run){&folding->bound, &folding->fixture.arena, &folding->fixture.eval, NULL, 1};
  return VS_OK;
}

static void fold_rows(struct folding *folding, vs_aggregate_add add, int state, uint32_t begin, uint32_t end) {
  char *groups[64];
  for (uint32_t i = 0; i < 64; i++)
    groups[i] = folding->states[state];
  cr_assert_eq(add(&folding->run, folding->arguments, groups, 0, begin, end, NULL), VS_OK);
}

static void finish_text(struct folding *folding, int state, bool with_type, char *ret_text, size_t capacity) {
  struct vs_vector ret;
  char *groups[1] = {folding->states[state]};
  cr_assert_eq(vs_vector_init(&ret, folding->bound.result, 4, &folding->fixture.arena, NULL), VS_OK);
  cr_assert(vs_vector_validity(&ret, 4, &folding->fixture.arena));
  cr_assert_eq(folding->bound.finish(&folding->run, groups, 0, 1, &ret, 3, NULL), VS_OK);
  struct vs_value value = vs_value_get(&ret, 3);
  print_value(&value, with_type, &folding->fixture.memory, ret_text, capacity);
  if (folding->fixture.errors.count)
    snprintf(ret_text, capacity, "row VELO-%d", folding->fixture.errors.samples[0].code);
}

/* All rows at once; split in two and merged; with the last rows twice and taken back. */
static const char *aggregate(const char *name, const char *rows, const char *second, bool ignore_nulls,
                             bool typed_too) {
  static char text[300], other[300];
  struct vs_value values[64];
  uint32_t count = literals(rows, values);
  for (int mode = 0; mode < 4; mode++) {
    struct folding folding;
    struct vs_error err = {0};
    if (open_folding(&folding, name, values, count, second, ignore_nulls, &err) != VS_OK) {
      snprintf(text, sizeof text, "bind VELO-%d", err.code);
      fixture_close(&folding.fixture);
      return text;
    }
    uint32_t middle = mode == 0 ? count : mode == 2 ? 0 : count / 2;
    fold_rows(&folding, folding.bound.add, 0, 0, middle);
    fold_rows(&folding, folding.bound.add, 1, middle, count);
    cr_assert_eq(folding.bound.merge(&folding.run, folding.states[0], folding.states[1], NULL), VS_OK);
    if (mode == 3 && folding.bound.undo) {
      fold_rows(&folding, folding.bound.add, 0, 0, count);
      fold_rows(&folding, folding.bound.undo, 0, 0, count);
    }
    finish_text(&folding, 0, typed_too, mode ? other : text, sizeof text);
    if (mode) cr_assert_str_eq(text, other, "%s(%s), mode %d", name, rows, mode);
    fixture_close(&folding.fixture);
  }
  return text;
}

#define EXPECT_AGGREGATE(name, rows, expected)                                                                         \
  do {                                                                                                                 \
    const char *actual_text = aggregate(name, rows, NULL, false, true);                                                \
    cr_expect_str_eq(actual_text, expected, "%s(%s) gave %s, not %s", name, rows, actual_text, expected);              \
  } while (0)

Test(function_aggregates, count_skips_null) {
  EXPECT_AGGREGATE("COUNT", "1, NULL, 3", "2 INTEGER");
  EXPECT_AGGREGATE("COUNT", "NULL, NULL", "0 INTEGER");
  EXPECT_AGGREGATE("COUNT_DISTINCT", "'a', 'b', 'a', NULL, 'a text of more than twelve', 'a text of more than twelve'",
                   "3 INTEGER");
  EXPECT_AGGREGATE("APPROX_COUNT_DISTINCT", "1.0, 1.00, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11", "11 INTEGER");
  EXPECT_AGGREGATE("COUNT_DISTINCT", "0e0, -0e0, 1e0", "2 INTEGER");
}

Test(function_aggregates, sums_are_exact) {
  EXPECT_AGGREGATE("SUM", "1, 2, NULL", "3 INTEGER");
  EXPECT_AGGREGATE("SUM", "NULL, NULL", "NULL INTEGER");
  EXPECT_AGGREGATE("SUM", "9223372036854775807, 1, -1", "9223372036854775807 INTEGER");
  EXPECT_AGGREGATE("SUM", "9223372036854775807, 1", "row VELO-3006");
  EXPECT_AGGREGATE("SUM", "1.50, 2, 0.001", "3.501 DECIMAL(38,3)");
  EXPECT_AGGREGATE("SUM", "99999999999999999999999999999999999.5, 0.5, -0.5",
                   "99999999999999999999999999999999999.5 DECIMAL(38,1)");
  EXPECT_AGGREGATE("SUM", "9999999999999999999999999999999999999.5, 0.5", "row VELO-3006");
  EXPECT_AGGREGATE("SUM", "9999999999999999999999999999999999999.5, 0.5, -0.5",
                   "9999999999999999999999999999999999999.5 DECIMAL(38,1)");
  EXPECT_AGGREGATE("SUM", "1e16, 1e0, 1e0, -1e16", "2 FLOAT");
  EXPECT_AGGREGATE("SUM", "0.1e0, 0.2e0, 0.3e0, -0.6e0", "2.7755575615628914e-17 FLOAT");
  EXPECT_AGGREGATE("SUM", "1.7e308, 1.7e308", "row VELO-3006");
  EXPECT_AGGREGATE("SUM", "'a', 'b'", "bind VELO-2006");
}

Test(function_aggregates, averages) {
  EXPECT_AGGREGATE("AVG", "1, 2", "1.5 FLOAT");
  EXPECT_AGGREGATE("AVG", "9223372036854775807, 9223372036854775807", "9223372036854776000 FLOAT");
  EXPECT_AGGREGATE("AVG", "1.00, 2, 2.00", "1.6666666667 DECIMAL(29,10)");
  EXPECT_AGGREGATE("AVG", "1.50, NULL", "1.5 DECIMAL(19,10)");
  EXPECT_AGGREGATE("AVG", "1e0, 2e0, 4e0", "2.3333333333333335 FLOAT");
  EXPECT_AGGREGATE("AVG", "NULL", "NULL FLOAT");
}

Test(function_aggregates, extremes_of_every_order) {
  EXPECT_AGGREGATE("MIN", "3, 1, NULL, 2", "1 INTEGER");
  EXPECT_AGGREGATE("MAX", "'b', 'a text of more than twelve', 'c text of more than twelve'",
                   "c text of more than twelve STRING");
  EXPECT_AGGREGATE("MIN", "'b text of more than twelve', 'a text of more than twelve', 'aa'",
                   "a text of more than twelve STRING");
  EXPECT_AGGREGATE("MAX", "ts'2026-01-01', ts'2026-01-02'", "2026-01-02 00:00:00.000 TIMESTAMP");
  EXPECT_AGGREGATE("MAX", "FALSE, TRUE", "true BOOLEAN");
  EXPECT_AGGREGATE("MIN", "iv'1 month', iv'29 days'", "29 days INTERVAL");
  EXPECT_AGGREGATE("MAX", "-1.5e0, -2e0", "-1.5 FLOAT");
  EXPECT_AGGREGATE("MIN", "12345678901234567890.5, -1.5", "-1.5 DECIMAL(21,1)");
  EXPECT_AGGREGATE("DELTA", "3, 10, 5", "7 INTEGER");
  EXPECT_AGGREGATE("DELTA", "1.5, 9.9", "8.4 DECIMAL(3,1)");
  EXPECT_AGGREGATE("DELTA", "9223372036854775807, -1", "row VELO-3006");
  EXPECT_AGGREGATE("MEDIAN", "5, 1, 3, 2", "2.5 FLOAT");
  EXPECT_AGGREGATE("MEDIAN", "5.5, NULL, 1", "3.25 FLOAT");
  EXPECT_AGGREGATE("MEDIAN", "NULL", "NULL FLOAT");
}

/* Expectations from Python: statistics.stdev, variance, pvariance, pstdev over decimal.Decimal. */
Test(function_aggregates, spreads_keep_their_digits_far_from_zero) {
  EXPECT_AGGREGATE("STDDEV", "50000.12, 50000.13, 50000.10, 50000.17, 49999.99, 50000.01", "0.07118052168020875 FLOAT");
  EXPECT_AGGREGATE("VAR_POP", "50000.12, 50000.13, 50000.10, 50000.17, 49999.99, 50000.01",
                   "0.004222222222222222 FLOAT");
  EXPECT_AGGREGATE("VARIANCE", "1000000004e0, 1000000007e0, 1000000013e0, 1000000016e0", "30 FLOAT");
  EXPECT_AGGREGATE("STDDEV_POP", "1000000004, 1000000007, 1000000013, 1000000016", "4.743416490252569 FLOAT");
  EXPECT_AGGREGATE("STDDEV", "1, 2, 3", "1 FLOAT");
  EXPECT_AGGREGATE("STDDEV_SAMP", "7", "NULL FLOAT");
  EXPECT_AGGREGATE("STDDEV_POP", "7", "0 FLOAT");
  EXPECT_AGGREGATE("VAR_POP", "NULL", "NULL FLOAT");
  EXPECT_AGGREGATE("VAR_SAMP", "0.1e0, 0.1e0, 0.1e0", "0 FLOAT");
}

Test(function_aggregates, texts_and_truth) {
  EXPECT_AGGREGATE("STRING_AGG", "'a', NULL, 'b', 'c text of more than twelve'",
                   "a,b,c text of more than twelve STRING");
  EXPECT_AGGREGATE("LISTAGG", "1, 2, 3", "1,2,3 STRING");
  EXPECT_AGGREGATE("STRING_AGG", "NULL", "NULL STRING");
  EXPECT_AGGREGATE("STRING_AGG", "''", " STRING");
  cr_expect_str_eq(aggregate("STRING_AGG", "'a', 'b', 'c'", "' | '", false, false), "a | b | c");
  EXPECT_AGGREGATE("BOOL_AND", "TRUE, NULL", "true BOOLEAN");
  EXPECT_AGGREGATE("BOOL_AND", "TRUE, FALSE", "false BOOLEAN");
  EXPECT_AGGREGATE("BOOL_OR", "FALSE, FALSE", "false BOOLEAN");
  EXPECT_AGGREGATE("BOOL_OR", "NULL", "NULL BOOLEAN");
  EXPECT_AGGREGATE("ANY_VALUE", "NULL, 'a', 'b'", "a STRING");
}

Test(function_aggregates, edges_go_by_arrival_without_times) {
  EXPECT_AGGREGATE("FIRST_VALUE", "3, 1, 2", "3 INTEGER");
}

Test(function_aggregates, edges_go_by_event_time_then_arrival) {
  static const int64_t times[] = {50, 10, 10, 90, 90, 20};
  struct vs_value values[64];
  static const struct {
    const char *name;
    bool ignores;
    const char *expected;
  } cases[] = {{"FIRST_VALUE", false, "NULL"},
               {"FIRST_VALUE", true, "c text of more than twelve"},
               {"LAST_VALUE", false, "NULL"},
               {"LAST_VALUE", true, "d"}};
  uint32_t count = literals("'a', NULL, 'c text of more than twelve', 'd', NULL, 'f'", values);
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++)
    for (uint32_t middle = 0; middle <= count; middle++) {
      struct folding folding;
      char actual[100];
      cr_assert_eq(open_folding(&folding, cases[i].name, values, count, NULL, cases[i].ignores, NULL), VS_OK);
      folding.run.event_time_us = times;
      fold_rows(&folding, folding.bound.add, 1, middle, count);
      fold_rows(&folding, folding.bound.add, 0, 0, middle);
      cr_assert_eq(folding.bound.merge(&folding.run, folding.states[1], folding.states[0], NULL), VS_OK);
      finish_text(&folding, 1, false, actual, sizeof actual);
      cr_expect_str_eq(actual, cases[i].expected, "%s %d: %s", cases[i].name, (int)middle, actual);
      fixture_close(&folding.fixture);
    }
}

Test(function_aggregates, float_sums_and_spreads_print_alike_in_any_order) {
  struct vs_random random;
  vs_random_seed(&random, 11);
  static const char *const names[] = {"SUM", "AVG", "STDDEV", "VAR_POP"};
  for (int round = 0; round < 40; round++) {
    struct vs_value values[64];
    for (uint32_t i = 0; i < 64; i++)
      values[i] =
          (struct vs_value){.type = VS_TYPE(FLOAT),
                            .as.real = (vs_random_unit(&random) - 0.3) * pow(10, (double)vs_random_below(&random, 9))};
    for (size_t n = 0; n < VS_COUNT_OF(names); n++) {
      char first[100] = "", text[100];
      for (int shuffle = 0; shuffle < 4; shuffle++) {
        struct folding folding;
        cr_assert_eq(open_folding(&folding, names[n], values, 64, NULL, false, NULL), VS_OK);
        uint32_t middle = (uint32_t)vs_random_below(&random, 65);
        fold_rows(&folding, folding.bound.add, 0, 0, middle);
        fold_rows(&folding, folding.bound.add, 1, middle, 64);
        cr_assert_eq(folding.bound.merge(&folding.run, folding.states[0], folding.states[1], NULL), VS_OK);
        finish_text(&folding, 0, false, text, sizeof text);
        if (shuffle == 0) memcpy(first, text, sizeof first);
        cr_expect_str_eq(text, first, "%s", names[n]);
        fixture_close(&folding.fixture);
        for (uint32_t i = 63; i > 0; i--) {
          uint32_t j = (uint32_t)vs_random_below(&random, i + 1);
          struct vs_value swap = values[i];
          values[i] = values[j], values[j] = swap;
        }
      }
    }
  }
}

Test(function_aggregates, star_counts_rows) {
  struct vs_aggregate_bound bound;
  struct vs_binding binding = {.argument_count = 0, .span = VS_NO_SPAN};
  const struct vs_aggregate *row = vs_aggregate_find(VS_STR("count"));
  cr_assert_eq(row->bind(row, &binding, false, &bound, NULL), VS_OK);
  _Alignas(16) char state[16] = {0};
  char *groups[3] = {state, NULL, state};
  struct vs_aggregate_run run = {.bound = &bound};
  cr_assert_eq(bound.add(&run, NULL, groups, 8, 0, 3, NULL), VS_OK);
  int64_t count;
  memcpy(&count, state + 8, 8);
  cr_expect_eq(count, 2);
}
