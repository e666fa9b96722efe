/* SPDX-License-Identifier: Apache-2.0
 * The WITH keys of sources and sinks (spec/sql.md 2.3), one row each. A planned key is known and answers "not yet". */
#include "engine/base/suggest.h"
#include "engine/connect/connector.h"
#include "engine/format/field.h"

#include <stdio.h>

#define TYPES "file_source|file_source_mmap|file_sink"
#define FAILURES "LogAndContinue|SendToDLQ|FailBatch|RetryWithBackoff"
#define LATER_TYPES                                                                                                    \
  "kafka_source|kafka_sink|s3_source|s3_sink|database_source|database_sink|iceberg_sink|memory_source|memory_sink|"    \
  "generator_source|stdout_sink"
#define LATER(key, aliases, doc)                                                                                       \
  { key, aliases, VS_SET_TEXT, NULL, 0, 0, NULL, "", doc, false, true }

/* clang-format off */
static const struct vs_setting rows[] = {
  /* key                              aliases             kind             choices  min max  fallback  unit  doc */
  {"type",                            "",                 VS_SET_CHOICE,   TYPES,   0, 0, NULL,      "",    "kind of source or sink; told from the path when absent", false, false},
  {"path",                            "file.path",        VS_SET_TEXT,     NULL,    0, 0, NULL,      "",    "file, against the notebook's folder, then the working directory", false, false},
  {"format",                          "",                 VS_SET_CHOICE,   "csv|csv_no_header|tsv|json|jsonl|ndjson|json_lines", 0, 0, NULL, "", "how rows are written; told from the extension when absent", false, false},
  {"delimiter",                       "",                 VS_SET_CHAR,     NULL,    0, 0, ",",       "",    "CSV: the character between fields; \\t for a tab", false, false},
  {"quote",                           "",                 VS_SET_CHAR,     NULL,    0, 0, "\"",      "",    "CSV: the character around fields", false, false},
  {"has_headers",                     "header",           VS_SET_BOOL,     NULL,    0, 0, "true",    "",    "CSV: the first line names the columns", false, false},
  {"skip_lines",                      "",                 VS_SET_INTEGER,  NULL,    0, 1000000, "0", "lines", "CSV: lines in front of the header", false, false},
  {"watch",                           "watching",         VS_SET_BOOL,     NULL,    0, 0, "false",   "",    "goes on reading when the file grows; the query has no end then", false, false},
  {"polling_interval",                "",                 VS_SET_DURATION, NULL,    1000, INT64_C(86400000000), "1000", "ms", "how often a watched file is looked at", false, false},
  {"replay",                          "",                 VS_SET_NUMBER,   NULL,    0, 1000000000, "0", "",  "event time that passes in a second: 1 is as recorded, 600 ten minutes a second, 0 as fast as it reads", false, false},
  {"append",                          "",                 VS_SET_BOOL,     NULL,    0, 0, "false",   "",    "sink: adds to the file instead of replacing it", false, false},
  {"event.time.field",                "",                 VS_SET_TEXT,     NULL,    0, 0, NULL,      "",    "column with the event time; found by name when absent", false, false},
  {"event.time.format",               "",                 VS_SET_TEXT,     NULL,    0, 0, NULL,      "",    "epoch_seconds, epoch_millis, epoch_micros, epoch_nanos, iso8601 or a pattern; detected when absent", false, false},
  {"watermark.max_out_of_orderness",  "",                 VS_SET_DURATION, NULL,    0, 0, "0",       "s",   "how late a row may come and still count", false, false},
  LATER("config_file", "", "YAML file with more keys"),
  LATER("topic", "topic.name", "Kafka topic"),
  LATER("bootstrap.servers", "brokers", "Kafka brokers"),
  LATER("group.id", "consumer.group", "Kafka consumer group"),
  LATER("auto.offset.reset", "", "where a new Kafka group begins"),
  LATER("value.serializer", "key.serializer", "format of Kafka values and keys"),
  LATER("schema.file", "value.schema.file avro.schema avro.schema.file protobuf.schema protobuf.schema.file json.schema", "schema text or file"),
  LATER("schema.registry.url", "", "schema registry"),
  LATER("schema.registry.auth.type", "auth.type", "none, basic or oauth2"),
  LATER("schema.registry.auth.username", "auth.username", "user of the schema registry"),
  {"schema.registry.auth.password",   "auth.password",    VS_SET_TEXT,     NULL,    0, 0, NULL,      "",    "password of the schema registry", true, true},
  LATER("key.field", "message.key.field", "column that becomes the message key"),
  LATER("json.decimal.strings", "", "texts such as '12.50' become decimals"),
  LATER("max_records", "", "rows to read at most"),
  LATER("end", "", "latest, offset or timestamp at which a topic is done"),
  LATER("file.wait.timeout", "", "how long to wait for the file to appear"),
  LATER("file.retry.interval", "", "how often to look for the file"),
  LATER("buffer_size", "", "bytes a sink keeps before it writes"),
  LATER("compression", "", "compression of a sink's file"),
  LATER("max_file_size_bytes", "", "size at which a sink begins a new file"),
  LATER("rotation_interval_ms", "", "time after which a sink begins a new file"),
  LATER("max_records_per_file", "", "rows after which a sink begins a new file"),
  LATER("watermark.strategy", "", "bounded_out_of_orderness, ascending, punctuated or none"),
  LATER("watermark.idle.timeout", "", "idle partitions are ignored after this"),
  LATER("window.grace", "", "extra wait before a window is final"),
  LATER("allowed.lateness", "", "how long a final window can be corrected"),
  LATER("late.data.strategy", "", "drop, dead_letter, include_in_next_window or update_previous"),
  LATER("mode", "", "processing mode"),
  LATER("max_batch_size", "", "rows of a batch"),
  LATER("batch_timeout", "", "time of a batch"),
  LATER("use_transactions", "", "Kafka transactions"),
  LATER("partitioning_strategy", "", "how work is spread"),
  {"failure_strategy", "source.failure_strategy sink.failure_strategy", VS_SET_CHOICE, FAILURES, 0, 0, "LogAndContinue", "", "what a bad row does", false, true},
  LATER("max_retries", "", "attempts of a source or sink"),
  LATER("retry_backoff", "", "wait between attempts"),
  LATER("retry.max.attempts", "", "attempts of a source or sink"),
  LATER("retry.backoff.strategy", "", "fixed, linear or exponential"),
  LATER("retry.initial.delay", "", "first wait between attempts"),
  LATER("retry.max.delay", "", "longest wait between attempts"),
  LATER("retry.multiplier", "", "growth of the wait"),
  LATER("retry.jitter", "", "waits vary by chance"),
  LATER("dead.letter.queue.enabled", "", "bad rows go to a topic"),
  LATER("dead.letter.queue.topic", "error.topic", "topic for bad rows"),
  LATER("dead.letter.queue.max.retries", "", "attempts before a row is given up"),
  LATER("error.handling", "", "what a bad row does"),
  LATER("circuit.breaker.enabled", "", "breaker on sinks and lookups"),
  LATER("circuit.breaker.failure.threshold", "", "failures that open the breaker"),
  LATER("circuit.breaker.success.threshold", "", "successes that close the breaker"),
  LATER("circuit.breaker.timeout", "", "how long the breaker stays open"),
  LATER("circuit.breaker.slow.call.threshold", "", "what counts as slow"),
  LATER("circuit.breaker.slow.call.rate.threshold", "", "share of slow calls that opens the breaker"),
  LATER("max.memory.mb", "", "memory of the query"),
  LATER("max.groups", "", "groups at most"),
  LATER("max.joins", "", "joins at most"),
  LATER("max.session.windows", "", "open sessions at most"),
  LATER("spill.to.disk", "", "state over its budget goes to disk"),
  LATER("memory.pressure.threshold", "", "share of memory that counts as pressure"),
  LATER("join.timeout", "", "how long a join waits"),
  LATER("join.retention", "", "how long join rows are kept"),
  LATER("join.lower_bound", "", "time bound of a join"),
  LATER("join.upper_bound", "", "time bound of a join"),
  LATER("table.wait.timeout", "", "how long to wait for a table"),
  LATER("cache.enabled", "", "cache of lookups"),
  LATER("cache.ttl_seconds", "", "age of cached lookups"),
  LATER("delivery.guarantee", "", "at_most_once, at_least_once or exactly_once"),
  LATER("performance_profile", "", "bundle of client settings"),
  LATER("delivery_profile", "", "bundle of delivery settings"),
  LATER("table_model", "", "normal or compact"),
  LATER("retention", "", "age at which table rows go"),
  LATER("refresh_interval", "", "how often a table is loaded again"),
  LATER("kafka.batch.size", "", "rows of a Kafka batch"),
  LATER("observability.metrics.enabled", "", "metrics of the job"),
  LATER("observability.tracing.enabled", "", "traces of the job"),
  LATER("observability.profiling.enabled", "", "profiles of the job"),
  LATER("observability.span.name", "", "name of the job's spans"),
  LATER("observability.alerts.enabled", "", "alerts of the job"),
  LATER("observability.custom.metrics", "", "own metrics of the job"),
  LATER("prometheus.port", "", "port for metrics"),
  LATER("prometheus.histogram.buckets", "", "buckets of histograms"),
  LATER("tracing.otlp_endpoint", "", "where traces go"),
  LATER("sink.batch.enable", "", "a sink collects rows"),
  LATER("sink.batch.strategy", "", "fixed_size, time_window, memory_based, adaptive_size or low_latency"),
  LATER("sink.batch.size", "", "rows a sink collects"),
  LATER("sink.batch.timeout", "", "how long a sink collects"),
  LATER("sink.batch.window", "", "how long a sink collects"),
  LATER("sink.batch.memory_size", "", "bytes a sink collects"),
  LATER("sink.batch.min_size", "", "rows a sink collects at least"),
  LATER("sink.batch.max_size", "", "rows a sink collects at most"),
  LATER("sink.batch.target_latency", "", "delay a sink aims at"),
  LATER("source_config", "sink_config monitoring_config security_config", "YAML file of a whole job"),
};
/* clang-format on */

const struct vs_setting *vs_source_settings(uint32_t *ret_count) {
  *ret_count = VS_COUNT_OF(rows);
  return rows;
}

static bool is_listed(const char *list, char separator, struct vs_str word) {
  const char separators[2] = {separator, '\0'};
  while (*list) {
    size_t size = strcspn(list, separators);
    if (vs_str_equal_nocase((struct vs_str){list, size}, word)) return true;
    list += size + (list[size] != '\0');
  }
  return false;
}

const struct vs_setting *vs_setting_find(const struct vs_setting *settings, uint32_t count, struct vs_str key) {
  for (uint32_t i = 0; i < count; i++)
    if (vs_str_equal_nocase(vs_str_of(settings[i].key), key) || is_listed(settings[i].aliases, ' ', key))
      return &settings[i];
  return NULL;
}

static bool check_bool(struct vs_str text, bool *ret_value) {
  *ret_value = is_listed("true|on|yes|1", '|', text);
  return *ret_value || is_listed("false|off|no|0", '|', text);
}

static int64_t unit_us(const char *unit) {
  return strcmp(unit, "ms") == 0 ? 1000 : VS_US_PER_SECOND;
}

int64_t vs_setting_in_unit(const struct vs_setting *setting, int64_t value) {
  return setting->kind == VS_SET_DURATION ? value / unit_us(setting->unit) : value;
}

/* A plain number counts in the key's own unit. */
static bool check_duration(const struct vs_setting *setting, struct vs_str text, int64_t *ret_us) {
  struct vs_interval interval;
  int64_t number;
  if (vs_field_integer(text, &number)) return !__builtin_mul_overflow(number, unit_us(setting->unit), ret_us);
  if (!vs_duration_parse(text, &interval) || interval.months) return false;
  *ret_us = interval.nanoseconds / 1000;
  return true;
}

static bool is_within(const struct vs_setting *setting, double value) {
  return value >= (double)setting->min && (!setting->max || value <= (double)setting->max);
}

static bool check_char(struct vs_str text, struct vs_str *ret_text) {
  if (vs_str_equal(text, VS_STR("\\t")) || vs_str_equal_nocase(text, VS_STR("tab")))
    *ret_text = VS_STR("\t");
  else
    *ret_text = text;
  return ret_text->size == 1 && ret_text->data[0] != '\n' && ret_text->data[0] != '\r' && !(ret_text->data[0] & 0x80);
}

static bool check_value(const struct vs_setting *setting, struct vs_str text, struct vs_option_value *value) {
  switch (setting->kind) {
  case VS_SET_TEXT: return true;
  case VS_SET_BOOL: return check_bool(text, &value->boolean);
  case VS_SET_INTEGER: return vs_field_integer(text, &value->integer) && is_within(setting, (double)value->integer);
  case VS_SET_NUMBER: return vs_field_float(text, &value->number) && is_within(setting, value->number);
  case VS_SET_DURATION:
    return check_duration(setting, text, &value->integer) && is_within(setting, (double)value->integer);
  case VS_SET_CHAR: return check_char(text, &value->text);
  case VS_SET_CHOICE: return is_listed(setting->choices, '|', text);
  }
  return false;
}

/* What the key takes, for the hint. */
static void print_allowed(const struct vs_setting *setting, char *ret_text, size_t capacity) {
  static const char *const kinds[] = {[VS_SET_TEXT] = "a text",
                                      [VS_SET_BOOL] = "true or false",
                                      [VS_SET_INTEGER] = "a whole number",
                                      [VS_SET_NUMBER] = "a number",
                                      [VS_SET_DURATION] = "a duration such as 5s, 1 minute",
                                      [VS_SET_CHAR] = "one character",
                                      [VS_SET_CHOICE] = "one of "};
  bool is_duration = setting->kind == VS_SET_DURATION;
  bool has_range = setting->max && (setting->kind == VS_SET_INTEGER || setting->kind == VS_SET_NUMBER || is_duration);
  if (has_range)
    snprintf(ret_text, capacity, "%s%s from %lld to %lld%s%s", kinds[setting->kind], is_duration ? "," : "",
             (long long)vs_setting_in_unit(setting, setting->min), (long long)vs_setting_in_unit(setting, setting->max),
             is_duration ? " " : "", is_duration ? setting->unit : "");
  else
    snprintf(ret_text, capacity, "%s%s", kinds[setting->kind], setting->kind == VS_SET_CHOICE ? setting->choices : "");
}

vs_status vs_setting_check(const struct vs_setting *setting, struct vs_str text, struct vs_span span,
                           struct vs_option_value *ret_value, struct vs_error *err) {
  struct vs_option_value value = {.text = text, .is_given = true};
  char allowed[160];
  if (setting->is_planned)
    return vs_fail_hint(err, vs_fail(err, VS_CODE_NOT_YET, span, "'%s' is known but does not run yet", setting->key),
                        "leave it out; velo reference settings lists what runs");
  if (setting->kind == VS_SET_CHOICE && is_listed(LATER_TYPES, '|', text))
    return vs_fail_hint(err, vs_fail(err, VS_CODE_NOT_YET, span, "%.*s does not run yet", VS_STR_ARG(text)),
                        "'%s' takes one of %s today", setting->key, setting->choices);
  if (!check_value(setting, text, &value)) {
    print_allowed(setting, allowed, sizeof allowed);
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_BAD_VALUE, span, "'%s' cannot be '%.*s'", setting->key, VS_STR_ARG(text)),
                        "it takes %s", allowed);
  }
  *ret_value = value;
  return VS_OK;
}
