/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/env.h"
#include "engine/base/secret_list.h"

#include <criterion/criterion.h>
#include <unistd.h>

struct fixture {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vs_secret_list secrets;
  struct vs_text text;
};

static void open_fixture(struct fixture *f) {
  vs_memory_init(&f->memory, NULL, 0);
  vs_arena_init(&f->arena, &f->memory, 0);
  vs_secret_list_init(&f->secrets, &f->memory);
  vs_text_init(&f->text, &f->memory, 1 << 20);
}

static void close_fixture(struct fixture *f) {
  vs_text_release(&f->text);
  vs_arena_release(&f->arena);
  vs_secret_list_release(&f->secrets);
  cr_expect_eq(vs_memory_used(&f->memory), 0);
}

static const char *concealed(struct fixture *f, const char *text) {
  vs_text_clear(&f->text);
  return vs_secret_list_conceal(&f->secrets, vs_str_of(text), &f->text) ? f->text.data : text;
}

Test(base_secret_list, every_place_of_a_value_is_replaced) {
  struct fixture f;
  open_fixture(&f);
  cr_expect_str_eq(concealed(&f, "hunter22"), "hunter22");
  vs_secret_list_add(&f.secrets, VS_STR("hunter22"));
  cr_expect_str_eq(concealed(&f, "hunter22"), "(secret)");
  cr_expect_str_eq(concealed(&f, "a hunter22hunter22 z hunter2"), "a (secret)(secret) z hunter2");
  cr_expect_str_eq(concealed(&f, ""), "");
  close_fixture(&f);
}

Test(base_secret_list, a_secret_within_another_leaves_no_rest) {
  struct fixture f;
  open_fixture(&f);
  vs_secret_list_add(&f.secrets, VS_STR("hunter22"));
  vs_secret_list_add(&f.secrets, VS_STR("hunter22-and-more"));
  vs_secret_list_add(&f.secrets, VS_STR("hunter22"));
  cr_expect_str_eq(concealed(&f, "hunter22-and-more hunter22"), "(secret) (secret)");
  close_fixture(&f);
}

Test(base_secret_list, short_values_are_left_alone) {
  struct fixture f;
  open_fixture(&f);
  vs_secret_list_add(&f.secrets, VS_STR("short"));
  vs_secret_list_add(&f.secrets, VS_STR(""));
  cr_expect_str_eq(concealed(&f, "short"), "short");
  vs_secret_list_add(&f.secrets, VS_STR("shorts"));
  cr_expect_str_eq(concealed(&f, "shorts"), "(secret)");
  close_fixture(&f);
}

Test(base_secret_list, html_and_json_spellings_are_known) {
  struct fixture f;
  open_fixture(&f);
  vs_secret_list_add(&f.secrets, VS_STR("a<b&\"c\\d"));
  cr_expect_str_eq(concealed(&f, "<td>a&lt;b&amp;&quot;c\\d</td>"), "<td>(secret)</td>");
  cr_expect_str_eq(concealed(&f, "{\"x\":\"a<b&\\\"c\\\\d\"}"), "{\"x\":\"(secret)\"}");
  close_fixture(&f);
}

Test(base_secret_list, code_is_concealed_by_key_and_by_value) {
  struct fixture f;
  open_fixture(&f);
  struct vs_str code = VS_STR("SELECT 'it''s-mine' FROM s WITH ('s.password' = 'abc', 's.token' = 'it''s-mine');");
  vs_secret_list_add_from(&f.secrets, code);
  struct vs_str shown = vs_secret_list_conceal_code(&f.secrets, code, &f.arena);
  cr_expect(
      vs_str_equal(shown, VS_STR("SELECT '(secret)' FROM s WITH ('s.password' = '(secret)', 's.token' = '(secret)');")),
      "%.*s", VS_STR_ARG(shown));
  cr_expect_str_eq(concealed(&f, "its value: it's-mine; abc"), "its value: (secret); abc");
  struct vs_str plain = VS_STR("SELECT 1");
  cr_expect_eq(vs_secret_list_conceal_code(&f.secrets, plain, &f.arena).data, plain.data, "no copy without a secret");
  close_fixture(&f);
}

static bool conceal(void *context, struct vs_str message, struct vs_text *ret_message) {
  return vs_secret_list_conceal(context, message, ret_message);
}

Test(base_secret_list, the_log_shows_none) {
  struct fixture f;
  int ends[2];
  char line[512];
  struct vs_log log;
  open_fixture(&f);
  cr_assert_eq(pipe(ends), 0);
  vs_log_init(&log, ends[1], VS_LOG_DEBUG);
  log.conceal = conceal;
  log.conceal_context = &f.secrets;
  vs_secret_list_add(&f.secrets, VS_STR("hunter22"));
  vs_log_line(&log, VS_LOG_WARNING, "session", "cannot connect with %s", "hunter22");
  ssize_t size = read(ends[0], line, sizeof line - 1);
  cr_assert_gt(size, 0);
  line[size] = '\0';
  cr_expect(strstr(line, "cannot connect with (secret)\"") && !strstr(line, "hunter22"), "%s", line);
  close(ends[0]);
  close(ends[1]);
  close_fixture(&f);
}
