/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sql/annotation.h"
#include "tests/support/sql_text.h"

#include <criterion/criterion.h>

static struct sql_test test;
static struct vs_annotations annotations;
static void setup(void) {
  sql_test_init(&test);
}
static void teardown(void) {
  sql_test_release(&test);
}
TestSuite(sql_annotations, .init = setup, .fini = teardown);

static vs_status read(const char *comments) {
  char sql[1000];
  snprintf(sql, sizeof sql, "%s\nSELECT 1", comments);
  cr_assert(sql_test_parse(&test, sql) == VS_OK, "%s", test.error.message);
  vs_error_clear(&test.error);
  return vs_annotations_read(test.script.statements[0], &test.arena, &annotations, &test.error);
}

Test(sql_annotations, name_alert_metric_and_viz_take_effect) {
  cr_assert(
      read("-- @name: volatility\n-- @alert: volatility > 5 %\n-- @alert_name: high\n-- @alert_severity: Critical\n"
           "-- @metric: v\n-- @metric_type: Gauge\n-- @metric_help: it moves\n-- @metric_labels: symbol, meta.region\n"
           "-- @metric_field: volatility\n-- @metric_condition: volatility > 0 OR n > 3\n-- @metric_buckets: [0.1, "
           "0.5, 1]\n"
           "-- @metric_sample_rate: 0.5\n-- @viz: line\n-- @viz_title: Title here\n-- @viz_x: ts\n-- @viz_y: v\n-- "
           "@viz_color: s") == VS_OK,
      "%s", test.error.message);
  cr_expect(vs_str_equal(annotations.name, VS_STR("volatility")));
  cr_assert(annotations.alert_count == 1 && annotations.metric_count == 1 && annotations.warning_count == 0);
  cr_expect(annotations.alerts[0].condition->kind == VS_EXPR_BINARY);
  cr_expect(vs_str_equal(annotations.alerts[0].name, VS_STR("high")));
  cr_expect(vs_str_equal(annotations.alerts[0].severity, VS_STR("critical")));
  cr_expect(vs_str_equal(annotations.alerts[0].condition_text, VS_STR("volatility > 5 %")));
  struct vs_metric *metric = &annotations.metrics[0];
  cr_expect(metric->has_type && metric->type == VS_METRIC_GAUGE && metric->label_count == 2 &&
            metric->bucket_count == 3);
  cr_expect(metric->sample_rate == 0.5 && metric->condition != NULL &&
            vs_str_equal(metric->field, VS_STR("volatility")));
  cr_expect(vs_str_equal(annotations.viz.mark, VS_STR("line")) &&
            vs_str_equal(annotations.viz.title, VS_STR("Title here")));
}

Test(sql_annotations, keys_modify_the_newest_block) {
  cr_assert(read("-- @metric: a_total\n-- @metric_labels: x\n-- @metric: b\n-- @metric_type: histogram\n-- @alert: a > "
                 "1\n-- @alert: b > 2\n"
                 "-- @alert_severity: info") == VS_OK);
  cr_assert(annotations.metric_count == 2 && annotations.alert_count == 2);
  cr_expect(annotations.metrics[0].label_count == 1 && annotations.metrics[1].label_count == 0);
  cr_expect(annotations.metrics[1].type == VS_METRIC_HISTOGRAM && annotations.metrics[0].type == VS_METRIC_COUNTER);
  cr_expect(vs_str_equal(annotations.alerts[0].severity, VS_STR("warning")));
  cr_expect(vs_str_equal(annotations.alerts[1].severity, VS_STR("info")));
}

Test(sql_annotations, an_unknown_key_is_a_warning_with_the_nearest_name) {
  cr_assert(read("-- @metrc: a\n-- @data.price.type: decimal(2)\n-- @something_else: 1") == VS_OK);
  cr_assert(annotations.warning_count == 2);
  cr_expect(strstr(annotations.warnings[0].message, "@metrc") && strstr(annotations.warnings[0].hint, "metric"));
  cr_expect(annotations.warnings[0].span.begin == 3 && annotations.warnings[0].span.end == 9);
}

Test(sql_annotations, a_wrong_value_is_an_error_at_the_value) {
  static const struct {
    const char *comments;
    uint32_t begin, end;
  } cases[] = {{"-- @name: two words", 10, 19},
               {"-- @metric_type: gauge", 3, 22},
               {"-- @alert_severity: info", 3, 24},
               {"-- @viz: pie", 9, 12},
               {"-- @batch_size: 0", 16, 17},
               {"-- @alert_for: 'soon'\n-- @x: y", 16, 20},
               {"-- @metric: 1x", 12, 14},
               {"-- @alert: a >", 14, 14},
               {"-- @alert: a > 'x", 15, 16},
               {"-- @sla.availability: 101", 22, 25},
               {"-- @metric: m\n-- @metric_buckets: 2, 1", 34, 38},
               {"-- @job_mode: fast -- really", 14, 18},
               {"-- @metric: m\n-- @metric_labels: le", 33, 35}};
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    cr_expect(read(cases[i].comments) != VS_OK, "%s", cases[i].comments);
    cr_expect(test.error.code == VS_CODE_BAD_ANNOTATION, "%s", cases[i].comments);
    cr_expect(test.error.span.begin == cases[i].begin, "%s: begin %u", cases[i].comments, test.error.span.begin);
  }
}

Test(sql_annotations, a_misspelt_choice_lists_what_it_takes) {
  cr_assert(read("-- @viz: lin") != VS_OK);
  cr_expect(strstr(test.error.hint, "did you mean line?") && strstr(test.error.hint, "heatmap"), "%s", test.error.hint);
}

Test(sql_annotations, a_counter_without_total_is_warned_about) {
  cr_assert(read("-- @metric: trades") == VS_OK);
  cr_expect(annotations.warning_count == 1 && strstr(annotations.warnings[0].message, "_total"));
}

Test(sql_annotations, one_metric_with_two_types_is_an_error) {
  cr_expect(read("-- @metric: a_total\n-- @metric: a_total\n-- @metric_type: gauge") != VS_OK);
}
