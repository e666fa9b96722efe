/* SPDX-License-Identifier: Apache-2.0
 * Vectors, batches, values, row errors. */
#include "engine/types/number.h"
#include "engine/types/row_error.h"
#include "engine/types/value.h"
#include <criterion/criterion.h>

static struct vs_memory memory;
static struct vs_arena arena;
static void open_arena(void) {
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 1u << 24);
}
static void close_arena(void) {
  vs_arena_release(&arena);
  cr_expect_eq(vs_memory_used(&memory), 0);
}
TestSuite(types_vector, .init = open_arena, .fini = close_arena);
TestSuite(types_value, .init = open_arena, .fini = close_arena);

static const char *const words[] = {"", "a", "exactly12byt", "thirteen byte", "a longer text than that"};

Test(types_vector, strings_compare_by_bytes_whatever_their_length) {
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    for (size_t j = 0; j < VS_COUNT_OF(words); j++) {
      struct vs_string a = vs_string_of(words[i], strlen(words[i])), b = vs_string_of(words[j], strlen(words[j]));
      int order = vs_string_compare(&a, &b), wanted = strcmp(words[i], words[j]);
      cr_expect_eq((order > 0) - (order < 0), (wanted > 0) - (wanted < 0));
      cr_expect_eq(vs_string_equal(&a, &b), i == j);
    }
}

Test(types_vector, gather_keeps_encodings_and_nulls) {
  struct vs_vector flat, picked;
  cr_assert_eq(vs_vector_init(&flat, VS_TYPE(INTEGER), 70, &arena, NULL), VS_OK);
  cr_assert(vs_vector_validity(&flat, 70, &arena));
  for (int64_t i = 0; i < 70; i++) {
    ((int64_t *)flat.data)[i] = i;
    if (i % 3 == 0) vs_bit_clear(flat.validity, (uint32_t)i);
  }
  uint16_t rows[] = {69, 0, 64, 1};
  cr_assert_eq(vs_vector_gather(&flat, rows, 4, &arena, &picked, NULL), VS_OK);
  for (uint32_t i = 0; i < 4; i++) {
    cr_expect_eq(((int64_t *)picked.data)[i], rows[i]);
    cr_expect_eq(vs_vector_is_null(&picked, i), rows[i] % 3 == 0);
  }
  struct vs_string values[2] = {vs_string_of("x", 1), vs_string_of(words[4], strlen(words[4]))};
  struct vs_dictionary dictionary = {.values = values, .value_count = 2};
  uint16_t codes[3] = {1, 0, 1};
  struct vs_vector coded = {
      .type = VS_TYPE(STRING), .encoding = VS_VECTOR_DICTIONARY, .data = codes, .dictionary = &dictionary};
  uint16_t order[] = {2, 1};
  cr_assert_eq(vs_vector_gather(&coded, order, 2, &arena, &picked, NULL), VS_OK);
  cr_expect_eq(picked.encoding, VS_VECTOR_DICTIONARY);
  struct vs_string first = vs_vector_string(&picked, 0);
  cr_expect(vs_string_equal(&first, &values[1]));
  cr_assert_eq(vs_vector_flatten(&picked, 2, &arena, &flat, NULL), VS_OK);
  cr_expect_eq(flat.encoding, VS_VECTOR_FLAT);
  first = vs_vector_string(&flat, 1);
  cr_expect(vs_string_equal(&first, &values[0]));
}

Test(types_vector, constants_flatten_to_every_row) {
  struct vs_value null = vs_value_null(vs_type_decimal(38, 2));
  struct vs_value value = {.type = vs_type_decimal(38, 2), .as.decimal = -12345};
  struct vs_vector constant, flat;
  cr_assert_eq(vs_vector_constant(&constant, &value, &arena, NULL), VS_OK);
  cr_assert_eq(vs_vector_flatten(&constant, 5, &arena, &flat, NULL), VS_OK);
  struct vs_value last = vs_value_get(&flat, 4);
  cr_expect(vs_value_equal(&last, &value));
  cr_assert_eq(vs_vector_constant(&constant, &null, &arena, NULL), VS_OK);
  cr_expect(vs_vector_is_null(&constant, 77));
  cr_assert_eq(vs_vector_flatten(&constant, 66, &arena, &flat, NULL), VS_OK);
  cr_expect(vs_vector_is_null(&flat, 65));
}

Test(types_vector, copied_rows_own_their_bytes) {
  char bytes[] = "a text that will change";
  struct vs_value value = {.type = VS_TYPE(STRING), .as.string = vs_str_of(bytes)},
                  null = vs_value_null(VS_TYPE(STRING));
  struct vs_vector source, missing, target;
  cr_assert_eq(vs_vector_init(&source, VS_TYPE(STRING), 1, &arena, NULL), VS_OK);
  *(struct vs_string *)source.data = vs_string_of(bytes, strlen(bytes));
  cr_assert_eq(vs_vector_constant(&missing, &null, &arena, NULL), VS_OK);
  cr_assert_eq(vs_vector_init(&target, VS_TYPE(STRING), 2, &arena, NULL), VS_OK);
  cr_assert(vs_vector_validity(&target, 2, &arena));
  cr_assert_eq(vs_vector_copy_row(&target, 1, &source, 0, &arena, NULL), VS_OK);
  cr_assert_eq(vs_vector_copy_row(&target, 0, &missing, 0, &arena, NULL), VS_OK);
  memset(bytes, '#', 5);
  value = vs_value_get(&target, 1);
  cr_expect(vs_str_equal(value.as.string, VS_STR("a text that will change")));
  cr_expect(vs_vector_is_null(&target, 0));
}

Test(types_vector, compacting_a_batch_takes_times_and_weights_along) {
  struct vs_field fields[2] = {{.name = VS_STR("Symbol"), .type = VS_TYPE(STRING)},
                               {.name = VS_STR("n"), .type = VS_TYPE(INTEGER)}};
  struct vs_schema schema = {fields, 2, 2};
  const struct vs_schema *copy;
  struct vs_batch batch, compact, selected;
  cr_assert_eq(vs_schema_copy(&schema, &arena, &copy, NULL), VS_OK);
  cr_expect_eq(vs_schema_find(copy, VS_STR("symbol")), 0);
  cr_expect_eq(vs_schema_find(copy, VS_STR("x")), -1);
  cr_assert_eq(vs_batch_init(&batch, copy, 4, &arena, NULL), VS_OK);
  int64_t times[4] = {10, 20, 30, 40};
  int8_t weights[4] = {1, -1, 1, -1};
  uint16_t rows[2] = {1, 3};
  for (int i = 0; i < 4; i++) {
    ((struct vs_string *)batch.columns[0].data)[i] = vs_string_of(words[i], strlen(words[i]));
    ((int64_t *)batch.columns[1].data)[i] = i;
  }
  batch.row_count = 4, batch.selection = rows, batch.selected_count = 2;
  batch.event_time_us = times, batch.weight = weights;
  cr_assert_eq(vs_batch_compact(&batch, &arena, &compact, NULL), VS_OK);
  cr_expect(compact.row_count == 2 && compact.selected_count == 2 && !compact.selection);
  cr_expect(compact.event_time_us[1] == 40 && compact.weight[0] == -1);
  cr_expect_eq(((int64_t *)compact.columns[1].data)[1], 3);
  cr_expect_eq(vs_batch_row_number(&compact, 1), 3, "its number is still that of row 3");
  batch.row_offsets = (uint16_t[]){0, 5, 6, 9};
  cr_assert_eq(vs_batch_compact(&batch, &arena, &compact, NULL), VS_OK);
  cr_expect(vs_batch_row_number(&compact, 0) == 5 && vs_batch_row_number(&compact, 1) == 9);
  struct vs_schema only = {&fields[1], 1, 1};
  cr_assert_eq(vs_batch_select(&compact, &only, (uint32_t[]){1}, &arena, &selected, NULL), VS_OK);
  cr_expect_eq(selected.columns[0].data, compact.columns[1].data);
}

Test(types_vector, ambiguous_names_are_told) {
  struct vs_field fields[2] = {{.name = VS_STR("A")}, {.name = VS_STR("a")}};
  struct vs_schema schema = {fields, 2, 2};
  cr_expect_eq(vs_schema_find(&schema, VS_STR("a")), 1);
  fields[1].name = VS_STR("aB"), fields[0].name = VS_STR("Ab");
  cr_expect_eq(vs_schema_find(&schema, VS_STR("AB")), -2);
}

static void expect_prints(struct vs_value value, const char *plain, const char *table, const char *json) {
  struct vs_text text;
  vs_text_init(&text, &memory, 1000);
  vs_value_print(&value, VS_STYLE_PLAIN, &text);
  cr_expect_str_eq(text.size ? text.data : "", plain);
  vs_text_clear(&text);
  vs_value_print(&value, VS_STYLE_TABLE, &text);
  cr_expect_str_eq(text.data, table);
  vs_text_clear(&text);
  vs_value_print_json(&value, false, &text);
  cr_expect_str_eq(text.data, json);
  vs_text_release(&text);
}

Test(types_value, every_type_prints_in_three_styles) {
  expect_prints(vs_value_null(VS_TYPE(FLOAT)), "", "NULL", "null");
  expect_prints((struct vs_value){.type = VS_TYPE(BOOLEAN), .as.boolean = true}, "true", "true", "true");
  expect_prints((struct vs_value){.type = VS_TYPE(INTEGER), .as.integer = INT64_MIN}, "-9223372036854775808",
                "-9223372036854775808", "-9223372036854775808");
  expect_prints((struct vs_value){.type = VS_TYPE(FLOAT), .as.real = 0.1}, "0.1", "0.1", "0.1");
  expect_prints((struct vs_value){.type = vs_type_decimal(9, 2), .as.decimal = 1250}, "12.50", "12.5", "\"12.50\"");
  expect_prints((struct vs_value){.type = VS_TYPE(STRING), .as.string = VS_STR("a\"b")}, "a\"b", "a\"b", "\"a\\\"b\"");
  expect_prints((struct vs_value){.type = VS_TYPE(BYTES), .as.string = VS_STR("\x01\xff")}, "\\x01ff", "\\x01ff",
                "\"\\\\x01ff\"");
  expect_prints((struct vs_value){.type = VS_TYPE(JSON), .as.string = VS_STR("{\"a\":1}")}, "{\"a\":1}", "{\"a\":1}",
                "{\"a\":1}");
  expect_prints((struct vs_value){.type = VS_TYPE(DATE), .as.integer = -1}, "1969-12-31", "1969-12-31",
                "\"1969-12-31\"");
  expect_prints((struct vs_value){.type = VS_TYPE(TIME), .as.integer = 3661000000}, "01:01:01", "01:01:01",
                "\"01:01:01\"");
  expect_prints((struct vs_value){.type = VS_TYPE(TIMESTAMP), .as.integer = 1500000}, "1970-01-01 00:00:01.500",
                "1970-01-01 00:00:01.500", "\"1970-01-01 00:00:01.500\"");
  expect_prints((struct vs_value){.type = VS_TYPE(TIMESTAMP_MS), .as.integer = 1500}, "1500", "1970-01-01 00:00:01.500",
                "1500");
  expect_prints((struct vs_value){.type = VS_TYPE(INTERVAL), .as.interval = {90000000000, 0}}, "00:01:30", "00:01:30",
                "\"00:01:30\"");
}

Test(types_value, floats_print_the_shortest_text_that_reads_back) {
  static const struct {
    double value;
    const char *text;
  } cases[] = {{3, "3"},
               {-2.5, "-2.5"},
               {0.30000000000000004, "0.30000000000000004"},
               {1e21, "1e21"},
               {1e20, "100000000000000000000"},
               {0.000001, "0.000001"},
               {1.5e-7, "1.5e-7"},
               {123456.789, "123456.789"},
               {1.7976931348623157e308, "1.7976931348623157e308"}};
  char text[32];
  double back;
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    cr_expect_eq(vs_float_print(cases[i].value, text), strlen(cases[i].text));
    cr_expect_str_eq(text, cases[i].text);
    cr_expect(vs_float_parse(vs_str_of(text), &back) && back == cases[i].value, "%s", text);
  }
  static const char *const refused[] = {"", ".", "e5", "1e", "1e400", "nan", "inf", "0x10", "1 ", "1.2.3", "+-1"};
  for (size_t i = 0; i < VS_COUNT_OF(refused); i++)
    cr_expect(!vs_float_parse(vs_str_of(refused[i]), &back), "%s", refused[i]);
  cr_expect(vs_float_parse(VS_STR("123456789012345678901234567890"), &back) &&
            back == 123456789012345678901234567890.0);
}

Test(types_value, integers_read_their_whole_range) {
  int64_t value;
  cr_expect(vs_integer_parse(VS_STR("-9223372036854775808"), &value) && value == INT64_MIN);
  cr_expect(vs_integer_parse(VS_STR("+9223372036854775807"), &value) && value == INT64_MAX);
  cr_expect(!vs_integer_parse(VS_STR("9223372036854775808"), &value));
  cr_expect(!vs_integer_parse(VS_STR("-"), &value) && !vs_integer_parse(VS_STR("1_0"), &value));
}

Test(types_row_error, a_row_counts_once_and_few_are_kept) {
  struct vs_row_errors errors = {0};
  for (uint32_t batch = 0; batch < 2; batch++) {
    for (uint32_t row = 0; row < 8; row++) {
      vs_row_errors_add(&errors, row, row + 1, VS_CODE_BAD_CAST, VS_NO_SPAN, "row %u", row);
      vs_row_errors_add(&errors, row, row + 1, VS_CODE_OVERFLOW, VS_NO_SPAN, "again");
    }
    cr_expect(errors.has_failed);
    vs_row_errors_next_batch(&errors);
    cr_expect(!errors.has_failed && errors.failed[0] == 0);
  }
  cr_expect_eq(errors.count, 16);
  cr_expect_eq(errors.sample_count, VS_ROW_ERROR_SAMPLES);
  cr_expect_str_eq(errors.samples[4].message, "row 4");
}

Test(types_type, implicit_conversions_meet) {
  struct vs_type type;
  char text[32];
  cr_assert(vs_type_common(vs_type_decimal(5, 2), VS_TYPE(INTEGER), &type));
  cr_expect_str_eq(vs_type_print(type, text), "DECIMAL(21,2)");
  cr_assert(vs_type_common(vs_type_decimal(5, 2), VS_TYPE(FLOAT), &type));
  cr_expect_eq(type.id, VS_TYPE_FLOAT);
  cr_assert(vs_type_common(VS_TYPE(NULL), VS_TYPE(STRING), &type));
  cr_expect_eq(type.id, VS_TYPE_STRING);
  cr_assert(vs_type_common(VS_TYPE(DATE), VS_TYPE(TIMESTAMP_MS), &type));
  cr_expect_eq(type.id, VS_TYPE_TIMESTAMP);
  cr_expect(!vs_type_common(VS_TYPE(BOOLEAN), VS_TYPE(INTEGER), &type));
  cr_expect(!vs_type_common(VS_TYPE(STRING), VS_TYPE(INTEGER), &type));
}
