/* SPDX-License-Identifier: Apache-2.0
 * What annotations mean. One table holds every key of spec/sql.md 8: how its value is checked, and for the few that
 * take effect today which field they fill. An @metric or @alert opens a block; the keys behind it modify the newest
 * one. */
#include "engine/sql/annotation.h"

#include "engine/base/suggest.h"
#include "engine/sql/parser.h"
#include "engine/types/number.h"
#include "engine/types/time.h"

#include <stdio.h>

enum value_kind { TEXT, IDENTIFIER, DURATION, COUNT, WHOLE, SWITCH, CHOICE, FRACTION, PERCENT };
enum effect {
  KEPT,
  NAME,
  ALERT,
  ALERT_NAME,
  ALERT_SEVERITY,
  ALERT_OTHER,
  METRIC,
  METRIC_TYPE,
  METRIC_HELP,
  METRIC_LABELS,
  METRIC_FIELD,
  METRIC_CONDITION,
  METRIC_BUCKETS,
  METRIC_SAMPLE_RATE,
  VIZ,
  VIZ_TITLE,
  VIZ_X,
  VIZ_Y,
  VIZ_COLOR
};

/* clang-format off */
static const struct key_row {
  const char *key;
  enum value_kind kind;
  enum effect effect;
  const char *choices; /* CHOICE: what may stand there, space separated */
} key_rows[] = {
  /* application header */
  {"app", IDENTIFIER, KEPT, NULL}, {"application", IDENTIFIER, KEPT, NULL}, {"version", TEXT, KEPT, NULL},
  {"description", TEXT, KEPT, NULL}, {"author", TEXT, KEPT, NULL}, {"tags", TEXT, KEPT, NULL},
  {"phase", CHOICE, KEPT, "development staging production"}, {"depends_on", TEXT, KEPT, NULL},
  {"name", IDENTIFIER, NAME, NULL}, {"job_name", IDENTIFIER, NAME, NULL},
  {"sla.latency.p99", DURATION, KEPT, NULL}, {"sla.availability", PERCENT, KEPT, NULL},
  {"data_retention", DURATION, KEPT, NULL}, {"compliance", TEXT, KEPT, NULL},
  {"deployment.node_id", TEXT, KEPT, NULL}, {"deployment.node_name", TEXT, KEPT, NULL}, {"deployment.region", TEXT, KEPT, NULL},
  {"observability.metrics.enabled", SWITCH, KEPT, NULL}, {"observability.tracing.enabled", SWITCH, KEPT, NULL},
  {"observability.error_reporting.enabled", SWITCH, KEPT, NULL},
  {"observability.profiling.enabled", CHOICE, KEPT, "off dev prod true false"}, {"dashboard", TEXT, KEPT, NULL},
  /* job */
  {"job_mode", CHOICE, KEPT, "simple transactional adaptive"}, {"batch_size", COUNT, KEPT, NULL},
  {"num_partitions", COUNT, KEPT, NULL}, {"partition-count", COUNT, KEPT, NULL},
  {"partitioning_strategy", CHOICE, KEPT,
   "sticky hash smart roundrobin fanin always_hash smart_repartition sticky_partition round_robin fan_in"},
  {"sticky-partition-id", WHOLE, KEPT, NULL},
  {"failure_strategy", CHOICE, KEPT, "LogAndContinue SendToDLQ FailBatch RetryWithBackoff"},
  {"max_retries", WHOLE, KEPT, NULL}, {"retry_backoff_ms", WHOLE, KEPT, NULL},
  /* metrics */
  {"metric", TEXT, METRIC, NULL}, {"metric_type", CHOICE, METRIC_TYPE, "counter gauge histogram summary"},
  {"metric_help", TEXT, METRIC_HELP, NULL}, {"metric_labels", TEXT, METRIC_LABELS, NULL},
  {"metric_field", TEXT, METRIC_FIELD, NULL}, {"metric_condition", TEXT, METRIC_CONDITION, NULL},
  {"metric_buckets", TEXT, METRIC_BUCKETS, NULL}, {"metric_sample_rate", FRACTION, METRIC_SAMPLE_RATE, NULL},
  /* alerts */
  {"alert", TEXT, ALERT, NULL}, {"alert_name", IDENTIFIER, ALERT_NAME, NULL},
  {"alert_severity", CHOICE, ALERT_SEVERITY, "info warning critical"}, {"alert_for", DURATION, ALERT_OTHER, NULL},
  {"alert_labels", TEXT, ALERT_OTHER, NULL}, {"alert_summary", TEXT, ALERT_OTHER, NULL},
  {"alert_description", TEXT, ALERT_OTHER, NULL}, {"alert_channel", TEXT, ALERT_OTHER, NULL},
  /* charts */
  {"viz", CHOICE, VIZ, "line bar area point scatter histogram heatmap candlestick stat gauge table"}, {"viz_title", TEXT, VIZ_TITLE, NULL},
  {"viz_x", TEXT, VIZ_X, NULL}, {"viz_y", TEXT, VIZ_Y, NULL}, {"viz_color", TEXT, VIZ_COLOR, NULL},
  /* tests and generated data */
  {"test", TEXT, KEPT, NULL},
};
/* clang-format on */

const char *vs_annotation_key(uint32_t index, const char **ret_choices) {
  if (index >= VS_COUNT_OF(key_rows)) return NULL;
  *ret_choices = key_rows[index].choices;
  return key_rows[index].key;
}

struct reader {
  const struct vs_statement *statement;
  struct vs_arena *arena;
  struct vs_annotations *out;
  struct vs_error *err;
};

static const struct key_row *find_row(struct vs_str key) {
  for (size_t i = 0; i < VS_COUNT_OF(key_rows); i++)
    if (vs_str_equal(key, vs_str_of(key_rows[i].key))) return &key_rows[i];
  return NULL;
}

static vs_status fail_value(const struct reader *reader, const struct vs_annotation *annotation, const char *wanted) {
  vs_status status = vs_fail(reader->err, VS_CODE_BAD_ANNOTATION, annotation->value_span, "@%.*s: '%.*s' is not %s",
                             VS_STR_ARG(annotation->key), (int)VS_MIN(annotation->value.size, (size_t)80),
                             annotation->value.data ? annotation->value.data : "", wanted);
  return vs_fail_hint(reader->err, status, "write -- @%.*s: value", VS_STR_ARG(annotation->key));
}

static vs_status no_memory(const struct reader *reader) {
  return vs_fail_memory(reader->err);
}

static vs_status push(const struct reader *reader, void **items, uint32_t *count, const void *item, size_t size) {
  char *grown = vs_arena_alloc(reader->arena, size * (*count + 1u));
  if (!grown) return no_memory(reader);
  if (*count) memcpy(grown, *items, size * *count);
  memcpy(grown + size * *count, item, size);
  *items = grown;
  (*count)++;
  return VS_OK;
}

static VS_PRINTF(3, 4) vs_status warn(const struct reader *reader, struct vs_span span, const char *format, ...) {
  struct vs_error warning;
  va_list arguments;
  vs_error_clear(&warning);
  warning.code = VS_CODE_BAD_ANNOTATION;
  warning.span = span;
  va_start(arguments, format);
  vsnprintf(warning.message, sizeof warning.message, format, arguments);
  va_end(arguments);
  return push(reader, (void **)&reader->out->warnings, &reader->out->warning_count, &warning, sizeof warning);
}

static bool is_name(struct vs_str text, const char *others) {
  for (size_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c && strchr(others, c));
    if (!is_letter && !(i > 0 && c >= '0' && c <= '9')) return false;
  }
  return text.size > 0;
}

static bool is_choice(struct vs_str value, const char *choices, int *ret_index) {
  int index = 0;
  for (const char *at = choices; *at; index++) {
    size_t size = strcspn(at, " ");
    if (vs_str_equal_nocase(value, (struct vs_str){at, size})) {
      *ret_index = index;
      return true;
    }
    at += size + (at[size] == ' ');
  }
  return false;
}

static vs_status fail_choice(const struct reader *reader, const struct vs_annotation *annotation, const char *choices) {
  struct vs_suggest suggest;
  char nearest[200];
  vs_suggest_init(&suggest, annotation->value);
  for (const char *at = choices; *at;) {
    size_t size = strcspn(at, " ");
    vs_suggest_offer(&suggest, (struct vs_str){at, size});
    at += size + (at[size] == ' ');
  }
  vs_suggest_print(&suggest, nearest, sizeof nearest);
  vs_status status = fail_value(reader, annotation, "one of its values");
  return vs_fail_hint(reader->err, status, "%s%sit takes: %s", nearest, suggest.count ? " " : "", choices);
}

static struct vs_str without_percent(struct vs_str value) {
  bool has_sign = value.size && value.data[value.size - 1] == '%';
  return has_sign ? vs_str_trim((struct vs_str){value.data, value.size - 1}) : value;
}

/* A trailing `-- note` is no part of a job key's value. */
static struct vs_str without_note(struct vs_str value) {
  for (size_t i = 1; i + 1 < value.size; i++)
    if (value.data[i] == '-' && value.data[i + 1] == '-' && value.data[i - 1] == ' ')
      return vs_str_trim((struct vs_str){value.data, i});
  return value;
}

static vs_status check_value(const struct reader *reader, const struct key_row *row,
                             const struct vs_annotation *annotation) {
  struct vs_interval interval;
  struct vs_str value = annotation->value;
  int64_t integer = 0;
  double real = 0;
  int index;
  switch (row->kind) {
  case TEXT: return value.size ? VS_OK : fail_value(reader, annotation, "a value; none is written");
  case IDENTIFIER:
    return is_name(value, "-.") ? VS_OK : fail_value(reader, annotation, "a name of letters, digits and _");
  case DURATION:
    return vs_duration_parse(value, &interval) ? VS_OK : fail_value(reader, annotation, "a duration such as 5m");
  case COUNT:
    return vs_integer_parse(value, &integer) && integer >= 1 ? VS_OK
                                                             : fail_value(reader, annotation, "a whole number from 1");
  case WHOLE:
    return vs_integer_parse(value, &integer) && integer >= 0 ? VS_OK
                                                             : fail_value(reader, annotation, "a whole number from 0");
  case SWITCH: return is_choice(value, "true false", &index) ? VS_OK : fail_choice(reader, annotation, "true false");
  case CHOICE: return is_choice(value, row->choices, &index) ? VS_OK : fail_choice(reader, annotation, row->choices);
  case FRACTION:
    return vs_float_parse(value, &real) && real >= 0 && real <= 1
               ? VS_OK
               : fail_value(reader, annotation, "a number from 0 to 1");
  case PERCENT:
    return vs_float_parse(without_percent(value), &real) && real >= 0 && real <= 100
               ? VS_OK
               : fail_value(reader, annotation, "a percentage from 0 to 100");
  }
  return VS_OK;
}

static vs_status parse_condition(const struct reader *reader, const struct vs_annotation *annotation,
                                 struct vs_expr **ret_expr) {
  struct vs_parse_options options = {.source = annotation->value_span.source, .base = annotation->value_span.begin};
  vs_status status = vs_parse_expression(annotation->value, &options, true, reader->arena, ret_expr, reader->err);
  if (status == VS_SYNTAX && reader->err) { /* keep the place and the hint, say whose condition it is */
    struct vs_error reason = *reader->err;
    snprintf(reader->err->message, sizeof reason.message, "@%.*s: %.400s", VS_STR_ARG(annotation->key), reason.message);
    reader->err->code = VS_CODE_BAD_ANNOTATION;
  }
  return status;
}

static vs_status read_alert(const struct reader *reader, const struct vs_annotation *annotation) {
  struct vs_alert alert = {
      .condition_text = annotation->value, .severity = VS_STR("warning"), .span = annotation->span};
  VS_TRY(parse_condition(reader, annotation, &alert.condition));
  return push(reader, (void **)&reader->out->alerts, &reader->out->alert_count, &alert, sizeof alert);
}

static vs_status fail_without_block(const struct reader *reader, const struct vs_annotation *annotation,
                                    const char *opener) {
  vs_status status = vs_fail(reader->err, VS_CODE_BAD_ANNOTATION, annotation->span, "@%.*s stands before any @%s",
                             VS_STR_ARG(annotation->key), opener);
  return vs_fail_hint(reader->err, status, "open the block with -- @%s: ... on a line above", opener);
}

static vs_status read_alert_key(const struct reader *reader, enum effect effect, const char *choices,
                                const struct vs_annotation *annotation) {
  int index = 0;
  if (!reader->out->alert_count) return fail_without_block(reader, annotation, "alert");
  struct vs_alert *alert = &reader->out->alerts[reader->out->alert_count - 1];
  if (effect == ALERT_NAME) alert->name = annotation->value;
  static const char *const severities[] = {"info", "warning", "critical"};
  if (effect == ALERT_SEVERITY && is_choice(annotation->value, choices, &index))
    alert->severity = vs_str_of(severities[index]);
  return VS_OK;
}

static vs_status read_metric(const struct reader *reader, const struct vs_annotation *annotation) {
  struct vs_metric metric = {.name = annotation->value, .sample_rate = 1, .span = annotation->span};
  if (!is_name(annotation->value, ":"))
    return fail_value(reader, annotation, "a metric's name of ASCII letters, digits, _ and :");
  return push(reader, (void **)&reader->out->metrics, &reader->out->metric_count, &metric, sizeof metric);
}

/* The next element of a comma list; false at its end. */
static bool next_element(struct vs_str *rest, struct vs_str *ret_element) {
  if (!rest->data) return false;
  const char *comma = rest->size ? memchr(rest->data, ',', rest->size) : NULL;
  size_t size = comma ? (size_t)(comma - rest->data) : rest->size;
  *ret_element = vs_str_trim((struct vs_str){rest->data, size});
  *rest = comma ? (struct vs_str){comma + 1, rest->size - size - 1} : (struct vs_str){NULL, 0};
  return true;
}

/* metadata.region becomes the label metadata_region, so it is checked in that form. */
static bool is_label(struct vs_str column) {
  bool is_reserved = vs_str_equal(column, VS_STR("le")) || (column.size > 1 && memcmp(column.data, "__", 2) == 0);
  return is_name(column, ".") && column.data[0] != '.' && !is_reserved;
}

static vs_status read_labels(const struct reader *reader, const struct vs_annotation *annotation,
                             struct vs_metric *metric) {
  struct vs_str rest = annotation->value, label;
  while (next_element(&rest, &label)) {
    if (!is_label(label)) return fail_value(reader, annotation, "a comma list of columns that can be label names");
    VS_TRY(push(reader, (void **)&metric->labels, &metric->label_count, &label, sizeof label));
  }
  return VS_OK;
}

static vs_status read_buckets(const struct reader *reader, const struct vs_annotation *annotation,
                              struct vs_metric *metric) {
  struct vs_str rest = annotation->value, element;
  double last = 0, bucket = 0;
  if (rest.size > 1 && rest.data[0] == '[' && rest.data[rest.size - 1] == ']')
    rest = (struct vs_str){rest.data + 1, rest.size - 2};
  while (next_element(&rest, &element)) {
    if (!vs_float_parse(element, &bucket) || bucket <= last)
      return fail_value(reader, annotation, "a list of ascending numbers above 0, as in [0.1, 0.5, 1]");
    last = bucket;
    VS_TRY(push(reader, (void **)&metric->buckets, &metric->bucket_count, &bucket, sizeof bucket));
  }
  return VS_OK;
}

static vs_status read_metric_key(const struct reader *reader, enum effect effect, const char *choices,
                                 const struct vs_annotation *annotation) {
  int index = 0;
  if (!reader->out->metric_count) return fail_without_block(reader, annotation, "metric");
  struct vs_metric *metric = &reader->out->metrics[reader->out->metric_count - 1];
  switch (effect) {
  case METRIC_TYPE:
    metric->has_type = is_choice(annotation->value, choices, &index);
    metric->type = (vs_metric_type)index;
    return VS_OK;
  case METRIC_HELP: metric->help = annotation->value; return VS_OK;
  case METRIC_FIELD: metric->field = annotation->value; return VS_OK;
  case METRIC_LABELS: return read_labels(reader, annotation, metric);
  case METRIC_CONDITION: return parse_condition(reader, annotation, &metric->condition);
  case METRIC_BUCKETS: return read_buckets(reader, annotation, metric);
  case METRIC_SAMPLE_RATE: return vs_float_parse(annotation->value, &metric->sample_rate) ? VS_OK : VS_SYNTAX;
  case KEPT:
  case NAME:
  case ALERT:
  case ALERT_NAME:
  case ALERT_SEVERITY:
  case ALERT_OTHER:
  case METRIC:
  case VIZ:
  case VIZ_TITLE:
  case VIZ_X:
  case VIZ_Y:
  case VIZ_COLOR: break;
  }
  return VS_OK;
}

static vs_status read_viz(const struct reader *reader, enum effect effect, const struct vs_annotation *annotation) {
  struct vs_viz *viz = &reader->out->viz;
  struct vs_str *fields[] = {&viz->mark, &viz->title, &viz->x, &viz->y, &viz->color};
  *fields[effect - VIZ] = annotation->value;
  viz->span = vs_span_is_known(viz->span) ? vs_span_join(viz->span, annotation->span) : annotation->span;
  return VS_OK;
}

static vs_status read_name(const struct reader *reader, const struct vs_annotation *annotation) {
  if (reader->out->name.data)
    VS_TRY(warn(reader, annotation->span, "the statement is named twice; '%.*s' wins", VS_STR_ARG(annotation->value)));
  reader->out->name = annotation->value;
  reader->out->name_span = annotation->value_span;
  return VS_OK;
}

static vs_status read_known(const struct reader *reader, const struct key_row *row,
                            const struct vs_annotation *annotation) {
  VS_TRY(check_value(reader, row, annotation));
  if (row->effect == KEPT) return VS_OK;
  if (row->effect == NAME) return read_name(reader, annotation);
  if (row->effect == ALERT) return read_alert(reader, annotation);
  if (row->effect == METRIC) return read_metric(reader, annotation);
  if (row->effect >= VIZ) return read_viz(reader, row->effect, annotation);
  return row->effect < METRIC ? read_alert_key(reader, row->effect, row->choices, annotation)
                              : read_metric_key(reader, row->effect, row->choices, annotation);
}

/* @data.source, @data.price, @data.price.type: hints for generated data, free in their names. */
static bool is_data_hint(struct vs_str key) {
  return vs_str_starts_nocase(key, VS_STR("data.")) && key.size > 5;
}

static vs_status read_unknown(const struct reader *reader, const struct vs_annotation *annotation) {
  struct vs_suggest suggest;
  char nearest[200];
  vs_suggest_init(&suggest, annotation->key);
  for (size_t i = 0; i < VS_COUNT_OF(key_rows); i++)
    vs_suggest_offer(&suggest, vs_str_of(key_rows[i].key));
  vs_suggest_print(&suggest, nearest, sizeof nearest);
  struct vs_span span = annotation->span;
  span.end = VS_MIN(span.end, span.begin + 1 + (uint32_t)annotation->key.size);
  VS_TRY(warn(reader, span, "@%.*s is not a known annotation", VS_STR_ARG(annotation->key)));
  struct vs_error *warning = &reader->out->warnings[reader->out->warning_count - 1];
  snprintf(warning->hint, sizeof warning->hint, "%s", suggest.count ? nearest : "it is kept and has no effect");
  return VS_OK;
}

static vs_status check_metrics(const struct reader *reader) {
  const struct vs_annotations *out = reader->out;
  for (uint32_t i = 0; i < out->metric_count; i++) {
    const struct vs_metric *metric = &out->metrics[i];
    bool is_counter = !metric->has_type || metric->type == VS_METRIC_COUNTER;
    bool has_total = metric->name.size > 6 && memcmp(metric->name.data + metric->name.size - 6, "_total", 6) == 0;
    for (uint32_t j = 0; j < i; j++)
      if (vs_str_equal(out->metrics[j].name, metric->name) &&
          (out->metrics[j].type != metric->type || out->metrics[j].label_count != metric->label_count))
        return vs_fail(reader->err, VS_CODE_BAD_ANNOTATION, metric->span,
                       "@metric: '%.*s' is written twice with different types or labels", VS_STR_ARG(metric->name));
    if (is_counter && !has_total)
      VS_TRY(warn(reader, metric->span, "the counter '%.*s' does not end in _total, as Prometheus recommends",
                  VS_STR_ARG(metric->name)));
  }
  return VS_OK;
}

vs_status vs_annotations_read(const struct vs_statement *statement, struct vs_arena *arena,
                              struct vs_annotations *ret_annotations, struct vs_error *err) {
  struct vs_annotations out = {.name_span = VS_NO_SPAN, .viz.span = VS_NO_SPAN};
  struct reader reader = {.statement = statement, .arena = arena, .out = &out, .err = err};
  for (uint32_t i = 0; i < statement->annotation_count; i++) {
    struct vs_annotation annotation = statement->annotations[i];
    const struct key_row *row = find_row(annotation.key);
    if (row && row->kind != TEXT) annotation.value = without_note(annotation.value);
    if (row)
      VS_TRY(read_known(&reader, row, &annotation));
    else if (!is_data_hint(annotation.key))
      VS_TRY(read_unknown(&reader, &annotation));
  }
  VS_TRY(check_metrics(&reader));
  *ret_annotations = out;
  return VS_OK;
}
