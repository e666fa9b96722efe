/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/session/history.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(session_glob, stars_and_question_marks_match_the_whole_text) {
  static const struct {
    const char *pattern, *text;
    bool matches;
  } cases[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "any\nlines", true},
      {"a*", "abc", true},
      {"a*", "ba", false},
      {"*c", "abc", true},
      {"*b*", "abc", true},
      {"a?c", "abc", true},
      {"a?c", "ac", false},
      {"?", "\xc3\xbc", true},
      {"??", "\xc3\xbc", false},
      {"a*b*c", "aXbYc", true},
      {"a*b*c", "aXcYb", false},
      {"*a*a*", "a", false},
      {"*aab", "aaaab", true},
      {"[a]", "a", false},
      {"[a]*", "[a] and", true},
      {"SELECT *", "SELECT * FROM t", true},
      {"select*", "SELECT", false},
      {"**", "x", true},
      {"a**", "a", true},
  };
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++)
    cr_assert_eq(vsk_glob_match(vs_str_of(cases[i].pattern), vs_str_of(cases[i].text)), cases[i].matches, "%s on %s",
                 cases[i].pattern, cases[i].text);
}

Test(session_glob, many_stars_stay_fast) {
  char text[20001], pattern[64] = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
  memset(text, 'a', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  cr_assert_not(vsk_glob_match(vs_str_of(pattern), vs_str_of(text)));
}

static struct vs_env env;
static struct vs_env_parts parts;
static struct vsk_history *history;
static char folder[64];

static void begin(void) {
  snprintf(folder, sizeof folder, "/tmp/velo-history-XXXXXX");
  cr_assert_not_null(mkdtemp(folder));
  setenv("XDG_STATE_HOME", folder, 1);
  unsetenv("VELO_HISTORY");
  cr_assert_eq(vs_env_init(&env, &parts, NULL), VS_OK);
  cr_assert_eq(vsk_history_open(&env, &history, NULL), VS_OK);
}

static void end(void) {
  vsk_history_close(history);
  cr_assert_eq(vs_memory_used(env.memory), 0);
  char command_free_path[128];
  static const char *const files[] = {"velo/history.db", "velo/history.db-wal", "velo/history.db-shm", "velo", ""};
  for (size_t i = 0; i < VS_COUNT_OF(files); i++) {
    snprintf(command_free_path, sizeof command_free_path, "%s/%s", folder, files[i]);
    remove(command_free_path);
  }
}

TestSuite(session_history, .init = begin, .fini = end);

static void add(uint32_t line, const char *input, bool is_kept) {
  vsk_history_add(history, line, vs_str_of(input), NULL, is_kept);
}

static void expect(const char *question, const char *answer) {
  json_t *request = json_loads(question, 0, NULL), *content = vsk_history_answer(history, request);
  char *text = json_dumps(json_object_get(content, "history"), JSON_COMPACT);
  cr_assert_str_eq(text, answer);
  free(text);
  json_decref(request);
  json_decref(content);
}

static void reopen(void) {
  vsk_history_close(history);
  cr_assert_eq(vsk_history_open(&env, &history, NULL), VS_OK);
}

Test(session_history, tail_is_the_newest_oldest_first) {
  expect("{\"hist_access_type\":\"tail\",\"n\":5}", "[]");
  add(1, "a", false);
  add(2, "b", false);
  add(3, "c", false);
  expect("{\"hist_access_type\":\"tail\",\"n\":2}", "[[1,2,\"b\"],[1,3,\"c\"]]");
  expect("{\"hist_access_type\":\"tail\",\"n\":0}", "[]");
  expect("{\"hist_access_type\":\"tail\",\"n\":-1}", "[]");
}

Test(session_history, earlier_sessions_come_from_the_file) {
  add(1, "old", true);
  add(2, "not kept", false);
  vsk_history_add(history, 3, VS_STR("newest old"), "42", true);
  reopen();
  add(1, "now", true);
  expect("{\"hist_access_type\":\"tail\",\"n\":9}", "[[1,1,\"old\"],[1,3,\"newest old\"],[2,1,\"now\"]]");
  expect("{\"hist_access_type\":\"range\",\"session\":-1,\"start\":3,\"stop\":4,\"output\":true}",
         "[[1,3,[\"newest old\",\"42\"]]]");
  expect("{\"hist_access_type\":\"range\",\"session\":2,\"start\":0,\"stop\":9}", "[[2,1,\"now\"]]");
  expect("{\"hist_access_type\":\"range\",\"session\":-9,\"start\":0,\"stop\":9}", "[]");
  expect("{\"hist_access_type\":\"search\",\"pattern\":\"*o*\",\"n\":2}", "[[1,3,\"newest old\"],[2,1,\"now\"]]");
}

Test(session_history, unique_keeps_the_newest_of_equal_inputs) {
  add(1, "x", true);
  reopen();
  add(1, "y", true);
  add(2, "x", true);
  add(3, "y", true);
  expect("{\"hist_access_type\":\"search\",\"pattern\":\"?\",\"unique\":true}", "[[2,2,\"x\"],[2,3,\"y\"]]");
}

Test(session_history, memory_holds_the_newest_and_the_file_the_rest, .timeout = 60) {
  char text[1024] = {0};
  memset(text, 'x', sizeof text - 1);
  uint32_t line = 1;
  for (; line <= 1000; line++)
    add(line, line == 7 ? "seven" : line % 100 ? text : "hundred", true);
  do { /* a cell leaves when another comes and it is written; the search gives the writer time */
    add(line++, "short", true);
    expect("{\"hist_access_type\":\"search\",\"pattern\":\"nothing\"}", "[]");
  } while (vs_memory_used(env.memory) > 2 * VSK_HISTORY_MEMORY_BYTES);
  expect("{\"hist_access_type\":\"range\",\"session\":0,\"start\":7,\"stop\":8}", "[[1,7,\"seven\"]]");
  expect("{\"hist_access_type\":\"search\",\"pattern\":\"hundred\",\"n\":3}",
         "[[1,800,\"hundred\"],[1,900,\"hundred\"],[1,1000,\"hundred\"]]");
  expect("{\"hist_access_type\":\"search\",\"pattern\":\"s*n\"}", "[[1,7,\"seven\"]]");
}

Test(session_history, without_a_file_the_newest_answer) {
  char text[1024] = {0};
  memset(text, 'x', sizeof text - 1);
  for (uint32_t line = 1; line <= 1000; line++)
    add(line, line % 100 ? text : "hundred", false);
  expect("{\"hist_access_type\":\"search\",\"pattern\":\"hundred\"}",
         "[[1,800,\"hundred\"],[1,900,\"hundred\"],[1,1000,\"hundred\"]]");
  cr_assert_lt(vs_memory_used(env.memory), 2 * VSK_HISTORY_MEMORY_BYTES);
}

Test(session_history, the_file_holds_the_newest_ten_thousand) {
  for (uint32_t line = 1; line <= VSK_HISTORY_KEPT_CELLS + 5; line++)
    add(line, "cell", true);
  reopen();
  expect("{\"hist_access_type\":\"range\",\"session\":1,\"start\":1,\"stop\":3}", "[[1,1,\"cell\"],[1,2,\"cell\"]]");
  add(1, "now", true);
  expect("{\"hist_access_type\":\"range\",\"session\":1,\"start\":1,\"stop\":8}", "[[1,6,\"cell\"],[1,7,\"cell\"]]");
  expect("{\"hist_access_type\":\"tail\",\"n\":2}", "[[1,10005,\"cell\"],[2,1,\"now\"]]");
}
