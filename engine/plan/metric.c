/* SPDX-License-Identifier: Apache-2.0
 * @metric: labels, conditions and fields are checked against the output columns, the field inferred when it is not
 * written (spec/sql.md 8.3). Exporting is the business of later rooms; the caller is told what was understood. */
#include "engine/plan/binder.h"

#include <stdio.h>

static const char *const type_names[] = {[VS_METRIC_COUNTER] = "counter",
                                         [VS_METRIC_GAUGE] = "gauge",
                                         [VS_METRIC_HISTOGRAM] = "histogram",
                                         [VS_METRIC_SUMMARY] = "summary"};

static int find_output(const struct vs_outputs *outputs, struct vs_str name) {
  for (uint32_t i = 0; i < outputs->listed_count; i++)
    if (!outputs->items[i].is_hidden && vs_str_equal_nocase(outputs->items[i].name, name)) return (int)i;
  return -1;
}

static vs_status unknown_column(const struct vs_outputs *outputs, const struct vs_metric *metric, const char *what,
                                struct vs_str name, struct vs_error *err) {
  struct vs_suggest suggest;
  char text[200];
  vs_suggest_init(&suggest, name);
  for (uint32_t i = 0; i < outputs->listed_count; i++)
    if (!outputs->items[i].is_hidden) vs_suggest_offer(&suggest, outputs->items[i].name);
  vs_status status = vs_fail(err, VS_CODE_BAD_ALERT, metric->span, "%s of metric '%.*s': '%.*s' is no output column",
                             what, VS_STR_ARG(metric->name), VS_STR_ARG(name));
  return suggest.count ? vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, text, sizeof text)) : status;
}

/* ---- labels ---- */
static bool is_label_name(struct vs_str name) {
  if (!name.size || (name.size > 1 && name.data[0] == '_' && name.data[1] == '_') || vs_str_equal(name, VS_STR("le")))
    return false;
  for (size_t i = 0; i < name.size; i++) {
    char c = name.data[i];
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!is_letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return true;
}

static vs_status check_labels(const struct vs_outputs *outputs, const struct vs_metric *metric, struct vs_error *err) {
  for (uint32_t i = 0; i < metric->label_count; i++) {
    struct vs_str label = metric->labels[i];
    if (find_output(outputs, label) < 0) return unknown_column(outputs, metric, "a label", label, err);
    if (!is_label_name(label))
      return vs_fail_hint(
          err,
          vs_fail(err, VS_CODE_BAD_ALERT, metric->span, "'%.*s' cannot be a label of metric '%.*s'", VS_STR_ARG(label),
                  VS_STR_ARG(metric->name)),
          "labels are letters, digits and _, do not start with __ and are not 'le': give the column an alias");
  }
  return VS_OK;
}

/* ---- the field ---- */
static bool is_measure(const struct vs_scope *scope, const struct vs_output *output) {
  if (output->is_hidden || !vs_type_is_numeric(output->bound->type) || vs_type_is_temporal(output->bound->type))
    return false;
  return !scope->grouping || output->bound->is != VS_BOUND_COLUMN ||
         output->bound->as.column >= scope->grouping->key_count;
}

struct first_column {
  const struct vs_outputs *outputs;
  int output;
};

static bool visit_column(const struct vs_expr *expr, void *context) {
  struct first_column *first = context;
  if (expr->kind == VS_EXPR_COLUMN && first->output < 0)
    first->output = find_output(first->outputs, expr->as.name.parts[expr->as.name.part_count - 1].text);
  return true;
}

static int alert_column(const struct vs_scope *scope, const struct vs_outputs *outputs) {
  const struct vs_annotations *annotations = &scope->binder->plan->annotations;
  struct first_column first = {outputs, -1};
  for (uint32_t i = 0; i < annotations->alert_count; i++)
    vs_expr_walk(annotations->alerts[i].condition, visit_column, &first);
  return first.output;
}

static vs_status no_field(const struct vs_scope *scope, const struct vs_outputs *outputs,
                          const struct vs_metric *metric, struct vs_error *err) {
  char text[200] = "";
  size_t used = 0;
  for (uint32_t i = 0; i < outputs->listed_count && used < sizeof text; i++)
    if (is_measure(scope, &outputs->items[i])) {
      int size =
          snprintf(text + used, sizeof text - used, "%s%.*s", used ? ", " : "", VS_STR_ARG(outputs->items[i].name));
      used += size > 0 ? (size_t)size : 0;
    }
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_BAD_ALERT, metric->span,
                              "metric '%.*s' needs @metric_field: which column is its value?",
                              VS_STR_ARG(metric->name)),
                      used ? "numeric columns: %s" : "no output column is numeric%s", text);
}

static vs_status infer_field(const struct vs_scope *scope, const struct vs_outputs *outputs, struct vs_metric *metric,
                             struct vs_error *err) {
  int only = find_output(outputs, metric->name);
  if (only < 0) only = alert_column(scope, outputs);
  uint32_t measures = 0, last = 0;
  for (uint32_t i = 0; i < outputs->listed_count; i++)
    if (is_measure(scope, &outputs->items[i])) {
      measures++;
      last = i;
    }
  if (only < 0 && measures == 1) only = (int)last;
  if (only < 0) return no_field(scope, outputs, metric, err);
  metric->field = outputs->items[only].name;
  return VS_OK;
}

static vs_status check_field(const struct vs_scope *scope, const struct vs_outputs *outputs, struct vs_metric *metric,
                             struct vs_error *err) {
  char text[32];
  if (!metric->field.data && metric->type == VS_METRIC_COUNTER) return VS_OK; /* counts rows */
  if (!metric->field.data) VS_TRY(infer_field(scope, outputs, metric, err));
  int output = find_output(outputs, metric->field);
  if (output < 0) return unknown_column(outputs, metric, "@metric_field", metric->field, err);
  if (vs_type_is_numeric(outputs->items[output].bound->type)) return VS_OK;
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_BAD_ALERT, metric->span, "metric '%.*s': '%.*s' is %s, a metric is a number",
                              VS_STR_ARG(metric->name), VS_STR_ARG(metric->field),
                              vs_type_print(outputs->items[output].bound->type, text)),
                      "name a numeric output column with @metric_field");
}

/* ---- conditions ---- */
static vs_status check_condition(const struct vs_scope *scope, const struct vs_metric *metric, struct vs_error *err) {
  struct vs_bound *condition = NULL;
  if (!metric->condition) return VS_OK;
  return vs_bind_output_condition(scope, metric->condition, "@metric_condition", &condition, err);
}

static void note_metric(struct vs_binder *binder, const struct vs_metric *metric) {
  char labels[160] = "";
  size_t used = 0;
  for (uint32_t i = 0; i < metric->label_count && used < sizeof labels; i++) {
    int size =
        snprintf(labels + used, sizeof labels - used, "%s%.*s", i ? ", " : " by ", VS_STR_ARG(metric->labels[i]));
    used += size > 0 ? (size_t)size : 0;
  }
  struct vs_str field = metric->field.data ? metric->field : VS_STR("rows");
  vs_binder_warn(binder, metric->span, "note: metric %.*s: %s of %.*s%s, exported by %%deploy later",
                 VS_STR_ARG(metric->name), type_names[metric->type], VS_STR_ARG(field), labels);
}

vs_status vs_metrics_check(struct vs_scope *scope, const struct vs_outputs *outputs, struct vs_error *err) {
  struct vs_annotations *annotations = &scope->binder->plan->annotations;
  uint32_t count = annotations->metric_count;
  struct vs_metric *metrics = vs_binder_alloc(scope->binder, sizeof *metrics, count);
  if (!metrics) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++) { /* the statement's own annotations are not written to */
    metrics[i] = annotations->metrics[i];
    VS_TRY(check_labels(outputs, &metrics[i], err));
    VS_TRY(check_condition(scope, &metrics[i], err));
    VS_TRY(check_field(scope, outputs, &metrics[i], err));
    note_metric(scope->binder, &metrics[i]);
  }
  annotations->metrics = metrics;
  return VS_OK;
}
