/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/env.h"
#include "kernel/session/secrets.h"

#include <criterion/criterion.h>
#include <unistd.h>

struct fixture {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vsk_secrets secrets;
  struct vs_text text;
};

static void open_fixture(struct fixture *f) {
  vs_memory_init(&f->memory, NULL, 0);
  vs_arena_init(&f->arena, &f->memory, 0);
  vsk_secrets_init(&f->secrets, &f->memory);
  vs_text_init(&f->text, &f->memory, 1 << 20);
}

static void close_fixture(struct fixture *f) {
  vs_text_release(&f->text);
  vs_arena_release(&f->arena);
  vsk_secrets_release(&f->secrets);
  cr_expect_eq(vs_memory_used(&f->memory), 0);
}

static const char *concealed(struct fixture *f, const char *text) {
  vs_text_clear(&f->text);
  return vsk_secrets_conceal(&f->secrets, vs_str_of(text), &f->text) ? f->text.data : text;
}

Test(session_secrets, every_place_of_a_value_is_replaced) {
  struct fixture f;
  open_fixture(&f);
  cr_expect_str_eq(concealed(&f, "hunter22"), "hunter22");
  vsk_secrets_add(&f.secrets, VS_STR("hunter22"));
  cr_expect_str_eq(concealed(&f, "hunter22"), "(secret)");
  cr_expect_str_eq(concealed(&f, "a hunter22hunter22 z hunter2"), "a (secret)(secret) z hunter2");
  cr_expect_str_eq(concealed(&f, ""), "");
  close_fixture(&f);
}

Test(session_secrets, a_secret_within_another_leaves_no_rest) {
  struct fixture f;
  open_fixture(&f);
  vsk_secrets_add(&f.secrets, VS_STR("hunter22"));
  vsk_secrets_add(&f.secrets, VS_STR("hunter22-and-more"));
  vsk_secrets_add(&f.secrets, VS_STR("hunter22"));
  cr_expect_str_eq(concealed(&f, "hunter22-and-more hunter22"), "(secret) (secret)");
  close_fixture(&f);
}

Test(session_secrets, short_values_are_left_alone) {
  struct fixture f;
  open_fixture(&f);
  vsk_secrets_add(&f.secrets, VS_STR("short"));
  vsk_secrets_add(&f.secrets, VS_STR(""));
  cr_expect_str_eq(concealed(&f, "short"), "short");
  vsk_secrets_add(&f.secrets, VS_STR("shorts"));
  cr_expect_str_eq(concealed(&f, "shorts"), "(secret)");
  close_fixture(&f);
}

Test(session_secrets, html_and_json_spellings_are_known) {
  struct fixture f;
  open_fixture(&f);
  vsk_secrets_add(&f.secrets, VS_STR("a<b&\"c\\d"));
  cr_expect_str_eq(concealed(&f, "<td>a&lt;b&amp;&quot;c\\d</td>"), "<td>(secret)</td>");
  cr_expect_str_eq(concealed(&f, "{\"x\":\"a<b&\\\"c\\\\d\"}"), "{\"x\":\"(secret)\"}");
  close_fixture(&f);
}

Test(session_secrets, code_is_concealed_by_key_and_by_value) {
  struct fixture f;
  open_fixture(&f);
  struct vs_str code = VS_STR("SELECT 'it''s-mine' FROM s WITH ('s.password' = 'abc', 's.token' = 'it''s-mine');");
  vsk_secrets_add_from(&f.secrets, code);
  struct vs_str shown = vsk_secrets_conceal_code(&f.secrets, code, &f.arena);
  cr_expect(
      vs_str_equal(shown, VS_STR("SELECT '(secret)' FROM s WITH ('s.password' = '(secret)', 's.token' = '(secret)');")),
      "%.*s", VS_STR_ARG(shown));
  cr_expect_str_eq(concealed(&f, "its value: it's-mine; abc"), "its value: (secret); abc");
  struct vs_str plain = VS_STR("SELECT 1");
  cr_expect_eq(vsk_secrets_conceal_code(&f.secrets, plain, &f.arena).data, plain.data, "no copy without a secret");
  close_fixture(&f);
}

Test(session_secrets, bundles_are_copied_only_when_they_hold_one) {
  struct fixture f;
  open_fixture(&f);
  json_auto_t *bundle = json_pack("{s:s, s:{s:[s,i,{s:s}]}}", "text/plain", "clean", "application/json", "rows", "a", 7,
                                  "deep", "x hunter22 y");
  cr_expect_null(vsk_secrets_conceal_json(&f.secrets, bundle));
  vsk_secrets_add(&f.secrets, VS_STR("hunter22"));
  json_auto_t *copy = vsk_secrets_conceal_json(&f.secrets, bundle);
  char *text = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS);
  cr_expect_str_eq(text,
                   "{\"application/json\":{\"rows\":[\"a\",7,{\"deep\":\"x (secret) y\"}]},\"text/plain\":\"clean\"}");
  free(text);
  json_object_del(bundle, "application/json");
  cr_expect_null(vsk_secrets_conceal_json(&f.secrets, bundle));
  close_fixture(&f);
}

static bool conceal(void *context, struct vs_str message, struct vs_text *ret_message) {
  return vsk_secrets_conceal(context, message, ret_message);
}

Test(session_secrets, the_log_shows_none) {
  struct fixture f;
  int ends[2];
  char line[512];
  struct vs_log log;
  open_fixture(&f);
  cr_assert_eq(pipe(ends), 0);
  vs_log_init(&log, ends[1], VS_LOG_DEBUG);
  log.conceal = conceal;
  log.conceal_context = &f.secrets;
  vsk_secrets_add(&f.secrets, VS_STR("hunter22"));
  vs_log_line(&log, VS_LOG_WARNING, "session", "cannot connect with %s", "hunter22");
  ssize_t size = read(ends[0], line, sizeof line - 1);
  cr_assert_gt(size, 0);
  line[size] = '\0';
  cr_expect(strstr(line, "cannot connect with (secret)\"") && !strstr(line, "hunter22"), "%s", line);
  close(ends[0]);
  close(ends[1]);
  close_fixture(&f);
}
