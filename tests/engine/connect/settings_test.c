/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/connect/connector.h"

#include <criterion/criterion.h>
#include <string.h>

Test(connect_settings, rows_are_unique_documented_and_their_fallbacks_are_allowed) {
  uint32_t count;
  const struct vs_setting *rows = vs_source_settings(&count);
  struct vs_option_value value;
  struct vs_error err;
  for (uint32_t i = 0; i < count; i++) {
    cr_expect(rows[i].key && *rows[i].key && rows[i].aliases && rows[i].doc && *rows[i].doc && rows[i].unit, "row %u",
              i);
    cr_expect_eq(vs_setting_find(rows, count, vs_str_of(rows[i].key)), &rows[i], "%s is found as another row",
                 rows[i].key);
    if (rows[i].fallback && !rows[i].is_planned)
      cr_expect_eq(vs_setting_check(&rows[i], vs_str_of(rows[i].fallback), VS_NO_SPAN, &value, &err), VS_OK, "%s",
                   err.message);
  }
  cr_expect_str_eq(vs_setting_find(rows, count, VS_STR("header"))->key, "has_headers");
  cr_expect_str_eq(vs_setting_find(rows, count, VS_STR("Brokers"))->key, "bootstrap.servers");
  cr_expect_null(vs_setting_find(rows, count, VS_STR("delimitr")));
}

static vs_code check(const char *key, const char *text, struct vs_option_value *ret_value) {
  uint32_t count;
  struct vs_error err;
  const struct vs_setting *rows = vs_source_settings(&count);
  const struct vs_setting *row = vs_setting_find(rows, count, vs_str_of(key));
  cr_assert(row != NULL, "%s", key);
  vs_status status = vs_setting_check(row, vs_str_of(text), VS_NO_SPAN, ret_value, &err);
  cr_expect(status == VS_OK || (*err.hint && *err.message), "%s = %s", key, text);
  return status == VS_OK ? VS_CODE_NONE : err.code;
}

Test(connect_settings, a_range_is_told_in_the_unit_of_its_key) {
  struct vs_option_value value;
  struct vs_error err = {0};
  uint32_t count;
  const struct vs_setting *rows = vs_source_settings(&count);
  const struct vs_setting *row = vs_setting_find(rows, count, VS_STR("polling_interval"));
  cr_expect_neq(vs_setting_check(row, VS_STR("2 days"), VS_NO_SPAN, &value, &err), VS_OK);
  cr_expect(strstr(err.hint, "from 1 to 86400000 ms"), "%s", err.hint);
  row = vs_setting_find(rows, count, VS_STR("skip_lines"));
  cr_expect_neq(vs_setting_check(row, VS_STR("-1"), VS_NO_SPAN, &value, &err), VS_OK);
  cr_expect(strstr(err.hint, "from 0 to 1000000"), "%s", err.hint);
}

Test(connect_settings, values_are_checked) {
  struct vs_option_value value;
  cr_expect_eq(check("polling_interval", "250", &value), VS_CODE_NONE);
  cr_expect_eq(value.integer, 250000, "a plain number is milliseconds");
  cr_expect_eq(check("polling_interval", "5 seconds", &value), VS_CODE_NONE);
  cr_expect_eq(value.integer, 5000000);
  cr_expect_eq(check("polling_interval", "1 month", &value), VS_CODE_BAD_VALUE);
  cr_expect_eq(check("polling_interval", "0", &value), VS_CODE_BAD_VALUE);
  cr_expect_eq(check("watermark.max_out_of_orderness", "2", &value), VS_CODE_NONE);
  cr_expect_eq(value.integer, 2000000, "a plain number is seconds");
  cr_expect_eq(check("delimiter", "\\t", &value), VS_CODE_NONE);
  cr_expect_eq(value.text.data[0], '\t');
  cr_expect_eq(check("delimiter", ";;", &value), VS_CODE_BAD_VALUE);
  cr_expect_eq(check("watch", "TRUE", &value), VS_CODE_NONE);
  cr_expect(value.boolean);
  cr_expect_eq(check("watch", "maybe", &value), VS_CODE_BAD_VALUE);
  cr_expect_eq(check("replay", "0.5", &value), VS_CODE_NONE);
  cr_expect_eq(value.number, 0.5);
  cr_expect_eq(check("replay", "-1", &value), VS_CODE_BAD_VALUE);
  cr_expect_eq(check("skip_lines", "1.5", &value), VS_CODE_BAD_VALUE);
  cr_expect_eq(check("type", "kafka_source", &value), VS_CODE_NOT_YET);
  cr_expect_eq(check("type", "carrier_pigeon", &value), VS_CODE_BAD_VALUE);
  cr_expect_eq(check("topic", "t", &value), VS_CODE_NOT_YET);
}
