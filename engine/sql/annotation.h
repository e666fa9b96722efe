/* SPDX-License-Identifier: Apache-2.0
 * What the annotations of a statement mean (spec/sql.md 8). Known keys are one table; an unknown @key is kept and
 * warned about with the nearest known name. */
#ifndef VS_SQL_ANNOTATION_H
#define VS_SQL_ANNOTATION_H

#include "engine/sql/tree.h"

struct vs_alert {
  struct vs_str name;        /* written, or NULL data: the statement's name and a number */
  struct vs_expr *condition; /* over output columns */
  struct vs_str condition_text;
  struct vs_str severity; /* info, warning, critical; default warning */
  struct vs_span span;
};

typedef enum { VS_METRIC_COUNTER, VS_METRIC_GAUGE, VS_METRIC_HISTOGRAM, VS_METRIC_SUMMARY } vs_metric_type;
struct vs_metric {
  struct vs_str name, help, field; /* field NULL data: to be inferred at bind */
  bool has_type;
  vs_metric_type type;
  struct vs_str *labels;
  uint32_t label_count;
  struct vs_expr *condition;
  double *buckets;
  uint32_t bucket_count;
  double sample_rate;
  struct vs_span span;
};

/* @viz: mark and column hints, all optional. */
struct vs_viz {
  struct vs_str mark, title, x, y, color;
  struct vs_span span;
};

struct vs_annotations {
  struct vs_str name; /* @name or @job_name; NULL data: none */
  struct vs_span name_span;
  struct vs_alert *alerts;
  uint32_t alert_count;
  struct vs_metric *metrics;
  uint32_t metric_count;
  struct vs_viz viz;
  struct vs_error *warnings; /* unknown keys and soft rules, in order */
  uint32_t warning_count;
};

/* Errors: VELO-1011 with the place of the value. `text` is the statement's whole text, for condition texts. */
vs_status vs_annotations_read(const struct vs_statement *statement, struct vs_arena *arena,
                              struct vs_annotations *ret_annotations, struct vs_error *err) VS_NODISCARD;

/* The known keys, for completion: NULL behind the last. `ret_choices`: values by spaces, or NULL. */
const char *vs_annotation_key(uint32_t index, const char **ret_choices);

#endif
