/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/format/decoding.h"

#include <stdio.h>

Test(format_json, lines_arrays_and_sequences_give_the_same_rows) {
  struct decoding lines = decoding_of("jsonl"), any = decoding_of("json");
  const char *wanted = "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":null}\n";
  EXPECT_ROWS(&lines, "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":null}\n", wanted);
  EXPECT_ROWS(&lines, "\xEF\xBB\xBF{\"a\":1,\"b\":\"x\"}\r\n\r\n  {\"a\" : 2}  ", wanted);
  EXPECT_ROWS(&any, "[{\"a\":1,\"b\":\"x\"},{\"a\":2}]", wanted);
  EXPECT_ROWS(&any, " [\n {\"a\": 1,\n  \"b\": \"x\"} ,\n {\"a\":2}\n]\n", wanted);
  EXPECT_ROWS(&any, "{\"a\":1,\"b\":\"x\"}{\"a\":2}", wanted);
  EXPECT_ROWS(&any, "{\"a\":1,\"b\":\"x\"}\n{\n\"a\":2}", wanted);
  EXPECT_ROWS(&any, "{\"b\":\"x\",\"a\":1}", "{\"b\":\"x\",\"a\":1}\n");
}

Test(format_json, names_may_come_in_any_order_and_be_escaped) {
  struct decoding lines = decoding_of("jsonl");
  EXPECT_ROWS(
      &lines, "{\"a\":1,\"b\":2}\n{\"b\":3,\"a\":4}\n{\"\\u0061\":5,\"b\" :6}\n{}\n{\"b\":7,\"b\":8}\n",
      "{\"a\":1,\"b\":2}\n{\"a\":4,\"b\":3}\n{\"a\":5,\"b\":6}\n{\"a\":null,\"b\":null}\n{\"a\":null,\"b\":7}\n");
}

Test(format_json, strings_are_unescaped) {
  struct decoding lines = decoding_of("jsonl");
  EXPECT_ROWS(&lines, "{\"s\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"}\n",
              "{\"s\":\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\xC3\xA9\xF0\x9F\x98\x80\"}\n");
}

Test(format_json, nested_values_keep_their_text) {
  struct decoding lines = decoding_of("jsonl");
  EXPECT_ROWS(
      &lines, "{\"a\":1,\"n\":{\"x\":[1,2,{\"y\":\"}\"}]}}\n{\"a\":2,\"n\":[]}\n{\"a\":3,\"n\":\"s\"}\n{\"a\":4}\n",
      "{\"a\":1,\"n\":{\"x\":[1,2,{\"y\":\"}\"}]}}\n{\"a\":2,\"n\":[]}\n{\"a\":3,\"n\":\"s\"}\n{\"a\":4,\"n\":null}\n");
}

Test(format_json, broken_lines_are_bad_and_the_others_arrive) {
  struct decoding lines = decoding_of("jsonl");
  EXPECT_ROWS(&lines,
              "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"\n[1,2]\n{\"a\":3,,\"b\":\"y\"}\n{\"a\":04,\"b\":\"y\"}\n"
              "{\"a\":5,\"b\":\"z\"} {}\n{\"a\":6,\"b\":\"w\"}\n",
              "{\"a\":1,\"b\":\"x\"}\n{\"a\":6,\"b\":\"w\"}\nbad 5\n"
              "VELO-3003 line 2: the JSON object is cut\n"
              "VELO-3003 line 3: not a JSON object\n"
              "VELO-3003 line 4, character 8: broken JSON\n"
              "VELO-3003 line 5, character 8: broken JSON\n"
              "VELO-3003 line 6, character 17: broken JSON\n");
}

Test(format_json, a_broken_element_of_an_array_costs_itself) {
  struct decoding any = decoding_of("json");
  EXPECT_ROWS(&any, "[{\"a\":1},{\"a\":2,},{\"a\":3}]",
              "{\"a\":1}\n{\"a\":3}\nbad 1\nVELO-3003 line 1, character 17: broken JSON\n");
  EXPECT_ROWS(&any, "[{\"a\":1},\n 7,\n{\"a\":3}]",
              "{\"a\":1}\n{\"a\":3}\nbad 1\nVELO-3003 line 2, character 2: not a JSON object\n");
  EXPECT_ROWS(&any, "[{\"a\":1},\n{\"a\":3", "{\"a\":1}\nbad 1\nVELO-3003 line 2: the JSON object is cut\n");
  EXPECT_ROWS(&any, "[{\"a\":1},\n{\"a\":3}\n",
              "{\"a\":1}\n{\"a\":3}\nbad 1\nVELO-3003 line 3: the array is never closed: the file may be cut\n");
  EXPECT_ROWS(&any, "{\"a\":1}\n{\"a\":\n{\"a\":3}\n",
              "{\"a\":1}\n{\"a\":3}\nbad 1\nVELO-3003 line 2: the JSON object is cut\n");
}

static const char ugly[] = "[ {\"id\": 1, \"name\": \"plain\", \"price\": 1.50},\n"
                           "  {\"id\": 2, \"name\": \"esc\\u00e9 \\\"q\\\" and more than twelve\", \"price\": -2},\n"
                           "  {\"id\": \"x\", \"name\": \"misfit\", \"price\": 1},\n"
                           "  {\"id\": 4, \"name\": \"bro\"ken\", \"price\": 1},\n"
                           "  {\"price\": null, \"extra\": {\"a\": [1, \"]}\"]}, \"name\": \"\", \"id\": 5}\n"
                           "]\n";
static struct vs_field ugly_fields[] = {{.name = {"id", 2}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
                                        {.name = {"name", 4}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true},
                                        {.name = {"price", 5}, .type = {VS_TYPE_DECIMAL, 18, 2}, .is_nullable = true}};
static const struct vs_schema ugly_schema = {ugly_fields, 3, 3};
static const char ugly_rows[] =
    "{\"id\":1,\"name\":\"plain\",\"price\":\"1.50\"}\n"
    "{\"id\":2,\"name\":\"esc\xC3\xA9 \\\"q\\\" and more than twelve\",\"price\":\"-2.00\"}\n"
    "{\"id\":5,\"name\":\"\",\"price\":null}\n"
    "bad 2\n"
    "VELO-3001 line 3, column id: 'x' is no INTEGER; declare it STRING, then CAST\n"
    "VELO-3003 line 4, character 26: broken JSON\n";

Test(format_json, every_split_gives_the_same_rows) {
  struct decoding any = decoding_of("json");
  any.schema = &ugly_schema;
  EXPECT_ROWS(&any, ugly, ugly_rows);
  for (any.first_cut = 1; any.first_cut < sizeof ugly - 1; any.first_cut++) {
    for (any.step = 0; any.step < 3; any.step++)
      EXPECT_ROWS(&any, ugly, ugly_rows);
  }
}

Test(format_json, every_split_of_lines_gives_the_same_rows) {
  struct decoding lines = decoding_of("jsonl");
  static const char text[] =
      "{\"id\":1,\"name\":\"a\",\"price\":1}\n{\"id\":2,\"name\":\"b\"\n\n{\"price\":2.5,\"id\":3}\n{\"id\":4}";
  static const char wanted[] =
      "{\"id\":1,\"name\":\"a\",\"price\":\"1.00\"}\n{\"id\":3,\"name\":null,\"price\":\"2.50\"}\n"
      "{\"id\":4,\"name\":null,\"price\":null}\nbad 1\nVELO-3003 line 2: the JSON object is cut\n";
  lines.schema = &ugly_schema;
  for (lines.first_cut = 1; lines.first_cut < sizeof text - 1; lines.first_cut++)
    for (lines.step = 0; lines.step < 3; lines.step++)
      EXPECT_ROWS(&lines, text, wanted);
}

Test(format_json, the_rest_of_a_line_is_not_read_once_all_is_there) {
  struct decoding lines = decoding_of("jsonl");
  const bool projection[] = {true, false, false};
  struct test_env test;
  struct vs_arena arena;
  struct vs_error err;
  struct vs_decoder *decoder;
  struct vs_row_errors errors = {0};
  struct vs_batch batch;
  size_t consumed;
  static const char text[] = "{\"id\":1,\"name\":nonsense}\n{\"id\":2,\"name\":\"cut\n";
  test_env_init(&test);
  vs_arena_init(&arena, &test.memory, 0);
  cr_assert_eq(
      vs_format_find(VS_STR("jsonl"))->decoder_new(&lines.options, &ugly_schema, projection, &test.env, &decoder, &err),
      VS_OK);
  cr_assert_eq(decoder->ops->decode(decoder, text, sizeof text - 1, true, &arena, &errors, &consumed, &batch, &err),
               VS_OK);
  cr_expect_eq(batch.row_count, 1, "the second line has no closing brace, which is looked at");
  cr_expect_eq(errors.count, 1);
  decoder->ops->free(decoder);
  vs_arena_release(&arena);
}

Test(format_json, nesting_has_a_limit) {
  struct decoding lines = decoding_of("jsonl");
  char text[1024] = "{\"a\":1}\n{\"a\":", *at = text + strlen(text);
  memset(at, '[', 300);
  memset(at + 300, ']', 300);
  memcpy(at + 600, "}\n{\"a\":3}\n", 11);
  char *rows = decode(&lines, text, strlen(text));
  cr_expect(strstr(rows, "{\"a\":3}") && strstr(rows, "bad 1"), "%s", rows);
  free(rows);
}
