/* SPDX-License-Identifier: Apache-2.0
 * The shape of a result: which column is the time, which are keys and measures, how many values each has. Read once
 * from the rows; rules match on it and builders draw from it. Private to this room. */
#ifndef VSK_CHARTS_CHART_SHAPE_H
#define VSK_CHARTS_CHART_SHAPE_H

#include "kernel/charts/chart.h"

enum { VSK_SHAPE_KEYS = 4, VSK_SHAPE_MEASURES = 12 };

struct vsk_key {
  uint32_t column;
  struct vs_str name;
  uint32_t *codes;       /* per row: index into labels */
  struct vs_str *labels; /* in natural order: calendar, numbers, else first seen */
  double *numbers;       /* per label; NAN unless the column is numeric */
  uint32_t count;
  bool is_ordinal; /* numbers, months, weekdays: the order means something */
};

struct vsk_measure {
  uint32_t column;
  struct vs_str name;
  double *values; /* per row; NAN for NULL */
  vs_measure_kind kind;
  uint32_t input;   /* field.measure_input */
  const char *unit; /* guessed from the name: "ratio", "price", ...; "" unknown */
};

struct vsk_shape {
  const struct vsk_chart_input *input;
  struct vs_arena *arena;
  uint32_t row_count, *rows; /* row numbers in the batch, selection applied */
  bool has_aggregate;

  double *times, *starts, *ends; /* epoch milliseconds per row, NAN for NULL; NULL when absent. times: T of the table */
  struct vs_str time_name;
  bool is_window;   /* T is a window bound */
  double window_ms; /* the common length of windows; 0: none or mixed */
  double *instants; /* distinct T, ascending */
  uint32_t instant_count;

  struct vsk_key keys[VSK_SHAPE_KEYS];
  uint32_t key_count;      /* keys with more than one value */
  uint32_t key_columns;    /* keys in all, those of one value included */
  struct vs_str constants; /* "symbol ADA": keys of one value, for the title */

  struct vsk_measure measures[VSK_SHAPE_MEASURES];
  uint32_t measure_count, measure_total; /* total may be larger than what is kept */
  int open, high, low, close;            /* measures that make a candle; -1 */
  const struct vsk_chart_alert *alert;   /* the first alert on a measure of this result */
  uint32_t alert_measure;
};

vs_status vsk_shape_read(const struct vsk_chart_input *input, struct vs_arena *arena, struct vsk_shape **ret_shape,
                         struct vs_error *err) VS_NODISCARD;
/* "time: window end (24); key: symbol (5); measure: turnover (additive)" */
struct vs_str vsk_shape_print(const struct vsk_shape *shape);
bool vsk_shape_same_unit(const struct vsk_measure *a, const struct vsk_measure *b, uint32_t row_count);
/* Whether row `row` satisfies an alert on the measure `alert_measure` compares (by its hidden column, else by value).
 */
bool vsk_shape_is_alert(const struct vsk_shape *shape, uint32_t row);
/* Category codes of one column; VELO-5001. */
vs_status vsk_key_read(const struct vsk_shape *shape, uint32_t column, struct vsk_key *ret_key,
                       struct vs_error *err) VS_NODISCARD;

#endif
