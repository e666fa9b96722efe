/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/display/bundle.h"

#include <criterion/criterion.h>

Test(display_bundle, html_stands_beside_plain) {
  json_t *data = NULL;
  cr_assert_eq(vsk_bundle_html(VS_STR("<b>x</b>"), VS_STR("x"), &data, NULL), VS_OK);
  cr_assert_eq(json_object_size(data), 2);
  cr_assert_str_eq(json_string_value(json_object_get(data, "text/html")), "<b>x</b>");
  json_decref(data);
}

Test(display_bundle, bytes_that_are_not_utf8_are_repaired) {
  json_t *data = NULL;
  cr_assert_eq(vsk_bundle_plain(VS_STR("a\xFFz"), &data, NULL), VS_OK);
  cr_assert_str_eq(json_string_value(json_object_get(data, "text/plain")), "a\uFFFDz");
  json_decref(data);
}

Test(display_bundle, an_output_over_its_limit_is_refused) {
  static char large[VSK_OUTPUT_BYTES + 2];
  memset(large, 'x', sizeof large - 1);
  json_t *data = NULL;
  struct vs_error err = {0};
  cr_assert_eq(vsk_bundle_plain((struct vs_str){large, sizeof large - 1}, &data, &err), VS_RESOURCE);
  cr_assert_eq(err.code, VS_CODE_OUTPUT_LIMIT);
  cr_assert_null(data);
}

Test(display_bundle, a_failed_value_fails_the_bundle) {
  struct vsk_bundle bundle;
  json_t *data = NULL;
  vsk_bundle_init(&bundle);
  vsk_bundle_take(&bundle, VSK_MIME_VEGALITE, NULL);
  cr_assert_eq(vsk_bundle_finish(&bundle, &data, NULL), VS_RESOURCE);
  cr_assert_null(data);
}
