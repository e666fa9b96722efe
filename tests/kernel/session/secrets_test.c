/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/env.h"
#include "kernel/session/secrets.h"

#include <criterion/criterion.h>

Test(session_secrets, bundles_are_copied_only_when_they_hold_one) {
  struct vs_memory memory;
  struct vs_secret_list secrets;
  vs_memory_init(&memory, NULL, 0);
  vs_secret_list_init(&secrets, &memory);
  json_auto_t *bundle = json_pack("{s:s, s:{s:[s,i,{s:s}]}}", "text/plain", "clean", "application/json", "rows", "a", 7,
                                  "deep", "x hunter22 y");
  cr_expect_null(vsk_secrets_conceal_json(&secrets, bundle));
  vs_secret_list_add(&secrets, VS_STR("hunter22"));
  json_auto_t *copy = vsk_secrets_conceal_json(&secrets, bundle);
  char *text = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS);
  cr_expect_str_eq(text,
                   "{\"application/json\":{\"rows\":[\"a\",7,{\"deep\":\"x (secret) y\"}]},\"text/plain\":\"clean\"}");
  free(text);
  json_object_del(bundle, "application/json");
  cr_expect_null(vsk_secrets_conceal_json(&secrets, bundle));
  vs_secret_list_release(&secrets);
}
