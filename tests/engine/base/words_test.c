/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/env.h"
#include "engine/base/option.h"
#include "engine/base/suggest.h"
#include "engine/base/utf8.h"
#include "engine/base/wake.h"

#include <criterion/criterion.h>

Test(base_error, codes_are_unique_ascending_and_complete) {
  size_t count;
  const struct vs_code_row *rows = vs_code_rows(&count);
  for (size_t i = 0; i < count; i++) {
    cr_expect(i == 0 || rows[i].code > rows[i - 1].code, "%s is out of order", rows[i].name);
    cr_expect(rows[i].cause[0] && rows[i].todo[0] && rows[i].ename[0], "%s lacks a text", rows[i].name);
    cr_expect_neq(rows[i].status, VS_OK);
  }
}

Test(base_error, long_messages_are_cut_not_overrun) {
  struct vs_error error;
  char name[2000];
  memset(name, 'x', sizeof name);
  name[sizeof name - 1] = '\0';
  cr_expect_eq(vs_fail(&error, VS_CODE_UNKNOWN_COLUMN, VS_NO_SPAN, "%s", name), VS_BIND);
  cr_expect_eq(strlen(error.message), sizeof error.message - 1);
  cr_expect_eq(vs_fail_hint(NULL, vs_fail(NULL, VS_CODE_NO_FILE, VS_NO_SPAN, "x"), "y"), VS_SOURCE);
}

Test(base_utf8, malformed_bytes_are_told_from_characters) {
  static const char *const bad[] = {"\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                    "\xf8", "\xc3"};
  for (size_t i = 0; i < VS_COUNT_OF(bad); i++)
    cr_expect_not(vs_utf8_is_valid(bad[i], strlen(bad[i])), "%zu", i);
  const char *text = "aé€😀";
  cr_expect(vs_utf8_is_valid(text, strlen(text)));
  cr_expect_eq(vs_utf8_count(text, strlen(text)), 4);
  cr_expect_eq(vs_utf8_offset(text, strlen(text), 3), 6);
  cr_expect_eq(vs_utf8_offset(text, strlen(text), 99), strlen(text));
  for (size_t i = 0; i < strlen(text);) {
    size_t size;
    char again[4];
    uint32_t point = vs_utf8_decode(text + i, strlen(text) - i, &size);
    cr_expect_eq(vs_utf8_encode(point, again), size);
    cr_expect_eq(memcmp(again, text + i, size), 0);
    i += size;
  }
}

Test(base_suggest, near_names_in_order_and_nothing_when_far) {
  struct vs_suggest suggest;
  char text[128];
  vs_suggest_init(&suggest, VS_STR("pirce"));
  vs_suggest_offer(&suggest, VS_STR("quantity"));
  vs_suggest_offer(&suggest, VS_STR("PRICE"));
  cr_expect_str_eq(vs_suggest_print(&suggest, text, sizeof text), "did you mean PRICE?");
  vs_suggest_init(&suggest, VS_STR("abcdefgh"));
  vs_suggest_offer(&suggest, VS_STR("zzzz"));
  cr_expect_str_eq(vs_suggest_print(&suggest, text, sizeof text), "");
}

static const struct vs_option options[] = {
    {"format", 'f', VS_OPTION_CHOICE, "F", "table|csv", "table", "how"},
    {"rows", 0, VS_OPTION_INTEGER, "N", NULL, "25", "how many"},
    {"force", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "really"},
    {"param", 'p', VS_OPTION_PAIR, "K=V", NULL, NULL, "value"},
};
static const struct vs_command command = {.name = "velo run",
                                          .arguments = "FILE",
                                          .summary = "run a file",
                                          .options = options,
                                          .option_count = VS_COUNT_OF(options),
                                          .argument_min = 1,
                                          .argument_max = 1};

static vs_status parse(const char *line, struct vs_arguments *ret_arguments, struct vs_error *err) {
  static struct vs_memory memory;
  static struct vs_arena arena;
  struct vs_str *words;
  uint32_t count;
  if (!arena.memory) {
    vs_memory_init(&memory, NULL, 0);
    vs_arena_init(&arena, &memory, 0);
  }
  VS_TRY(vs_words_split(vs_str_of(line), &arena, &words, &count, err));
  return vs_arguments_parse(&command, words, count, ret_arguments, err);
}

Test(base_option, values_flags_pairs_and_negative_numbers) {
  struct vs_arguments arguments;
  cr_assert_eq(parse("--format=csv -p a=1 -pb=2 'my file' --rows -5 --force", &arguments, NULL), VS_OK);
  cr_expect(vs_str_equal(vs_arguments_get(&arguments, "format"), VS_STR("csv")));
  cr_expect(vs_str_equal(arguments.values[0], VS_STR("my file")));
  cr_expect_eq(vs_arguments_integer(&arguments, "rows"), -5);
  cr_expect(vs_arguments_has(&arguments, "force"));
  cr_expect(vs_str_equal(arguments.set[2].value, VS_STR("b=2")));
}

Test(base_option, mistakes_are_named_with_the_nearest_option_or_the_usage) {
  static const struct {
    const char *line, *message, *hint;
  } cases[] = {
      {"x --formt csv", "velo run has no option --formt", "did you mean --format?"},
      {"x --format xml", "--format xml: choose one of table|csv", "usage: velo run [OPTIONS] FILE"},
      {"x --rows many", "--rows many: a whole number is expected", "usage: velo run [OPTIONS] FILE"},
      {"", "velo run: an argument is missing: FILE", "usage: velo run [OPTIONS] FILE"},
      {"x y", "velo run: unexpected argument y", "usage: velo run [OPTIONS] FILE"},
      {"x -p novalue", "--param novalue: name=value is expected", "usage: velo run [OPTIONS] FILE"},
      {"x 'open", "a quote is not closed in: x 'open", ""},
  };
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    struct vs_arguments arguments;
    struct vs_error error;
    vs_error_clear(&error);
    cr_expect_eq(parse(cases[i].line, &arguments, &error), VS_USAGE, "%s", cases[i].line);
    cr_expect_str_eq(error.message, cases[i].message);
    cr_expect_str_eq(error.hint, cases[i].hint);
  }
}

Test(base_option, help_wins_over_everything) {
  struct vs_arguments arguments;
  cr_expect_eq(parse("--nonsense --help", &arguments, NULL), VS_OK);
  cr_expect(arguments.is_help);
}

Test(base_env, virtual_clock_moves_only_by_sleeping) {
  struct vs_clock clock;
  struct vs_wake wake;
  cr_assert_eq(vs_wake_open(&wake, NULL), VS_OK);
  vs_clock_init_virtual(&clock, 1000);
  cr_expect_eq(vs_clock_now_us(&clock), 1000);
  cr_expect(vs_clock_sleep_until(&clock, 5000, wake.fd));
  cr_expect_eq(vs_clock_steady_us(&clock), 5000);
  vs_wake_set(&wake);
  vs_wake_set(&wake);
  cr_expect_not(vs_clock_sleep_until(&clock, 6000, wake.fd), "a set wake is seen");
  vs_wake_clear(&wake);
  cr_expect_not(vs_wake_is_set(&wake));
  vs_wake_close(&wake);
}

Test(base_env, a_real_wait_ends_when_woken) {
  struct vs_clock clock;
  struct vs_wake wake;
  cr_assert_eq(vs_wake_open(&wake, NULL), VS_OK);
  vs_clock_init_real(&clock);
  vs_wake_set(&wake);
  cr_expect_not(vs_clock_sleep_until(&clock, vs_clock_steady_us(&clock) + 60000000, wake.fd));
  vs_wake_close(&wake);
}

Test(base_env, same_seed_same_numbers_and_bounds_hold) {
  struct vs_random a, b;
  vs_random_seed(&a, 42);
  vs_random_seed(&b, 42);
  for (int i = 0; i < 1000; i++) {
    cr_expect_eq(vs_random_next(&a), vs_random_next(&b));
    cr_expect_lt(vs_random_below(&a, 7), 7);
    double unit = vs_random_unit(&b);
    cr_expect(unit >= 0 && unit < 1);
    (void)vs_random_next(&b), (void)vs_random_next(&a);
    vs_random_seed(&a, (uint64_t)i);
    vs_random_seed(&b, (uint64_t)i);
  }
}
