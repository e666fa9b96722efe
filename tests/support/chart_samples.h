/* SPDX-License-Identifier: Apache-2.0
 * Results of every shape the decision table knows, built by hand: for the unit tests of charts and for the program that
 * dumps their specifications. Values come from a fixed generator, so every run draws the same charts. */
#ifndef TESTS_SUPPORT_CHART_SAMPLES_H
#define TESTS_SUPPORT_CHART_SAMPLES_H

#include "kernel/charts/chart.h"

#include <math.h>

#define SAMPLE_START 1516795200000.0 /* 2018-01-24 12:00 UTC */
#define SAMPLE_HOUR 3600e3

struct sample {
  struct vs_arena *arena;
  struct vs_schema schema;
  struct vs_field fields[24];
  struct vs_vector columns[24];
  struct vs_batch batch;
  uint64_t random;
  struct vsk_chart_alert alert;
};

static inline void sample_init(struct sample *sample, struct vs_arena *arena, uint32_t row_count) {
  *sample = (struct sample){.arena = arena, .random = 42};
  sample->schema.fields = sample->fields;
  sample->batch = (struct vs_batch){.schema = &sample->schema, .columns = sample->columns, .row_count = row_count};
}

static inline double sample_random(struct sample *sample) { /* 0..1 */
  sample->random = sample->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(sample->random >> 33) / 2147483648.0;
}

static inline void *sample_column(struct sample *sample, const char *name, struct vs_type type, vs_role role,
                                  bool is_hidden) {
  uint32_t index = sample->schema.field_count++;
  sample->schema.shown_count += !is_hidden;
  sample->fields[index] =
      (struct vs_field){.name = vs_str_of(name), .type = type, .role = role, .is_hidden = is_hidden};
  uint32_t rows = sample->batch.row_count + 1;
  void *data = vs_arena_zalloc(sample->arena, vs_physical_size(vs_type_physical(type)) * rows);
  uint64_t *validity = vs_arena_zalloc(sample->arena, (rows / 64 + 1) * sizeof(uint64_t));
  for (uint32_t i = 0; i < rows; i++)
    vs_bit_set(validity, i);
  sample->columns[index] =
      (struct vs_vector){.type = type, .encoding = VS_VECTOR_FLAT, .validity = validity, .data = data};
  return data;
}

static inline double *sample_measure(struct sample *sample, const char *name, vs_measure_kind kind) {
  double *data = sample_column(sample, name, VS_TYPE(FLOAT), VS_ROLE_MEASURE, false);
  sample->fields[sample->schema.field_count - 1].measure = kind;
  sample->fields[sample->schema.field_count - 1].measure_input = kind == VS_MEASURE_RAW ? 0 : 7;
  return data;
}

/* names[count] repeat over the rows; each stays for `run` rows. */
static inline void sample_key(struct sample *sample, const char *name, vs_role role, const char *const *names,
                              uint32_t count, uint32_t run) {
  struct vs_string *data = sample_column(sample, name, VS_TYPE(STRING), role, false);
  for (uint32_t i = 0; i < sample->batch.row_count; i++) {
    const char *text = names[i / run % count];
    data[i] = vs_string_of(text, strlen(text));
  }
}

/* Hidden bounds of windows of `length_ms`; each stays for `run` rows. Call after the shown columns. */
static inline void sample_windows(struct sample *sample, double length_ms, uint32_t run) {
  int64_t *starts = sample_column(sample, "_window_start", VS_TYPE(TIMESTAMP_MS), VS_ROLE_WINDOW_START, true);
  int64_t *ends = sample_column(sample, "_window_end", VS_TYPE(TIMESTAMP_MS), VS_ROLE_WINDOW_END, true);
  for (uint32_t i = 0; i < sample->batch.row_count; i++) {
    starts[i] = (int64_t)(SAMPLE_START + i / run * length_ms);
    ends[i] = (int64_t)(SAMPLE_START + (i / run + 1) * length_ms);
  }
}

static inline void sample_alert(struct sample *sample, int measure_column, double threshold, const char *text) {
  uint32_t index = sample->schema.field_count;
  uint8_t *data = sample_column(sample, "_alert", VS_TYPE(BOOLEAN), VS_ROLE_ALERT, true);
  const double *values = sample->columns[measure_column].data;
  for (uint32_t i = 0; i < sample->batch.row_count; i++)
    data[i] = values[i] > threshold;
  sample->alert = (struct vsk_chart_alert){
      .column = (int)index, .measure_column = measure_column, .threshold = threshold, .text = vs_str_of(text)};
}

static inline struct vsk_chart_input sample_input(struct sample *sample, bool has_aggregate) {
  return (struct vsk_chart_input){.schema = &sample->schema,
                                  .rows = &sample->batch,
                                  .has_aggregate = has_aggregate,
                                  .alerts = &sample->alert,
                                  .alert_count = sample->alert.text.size ? 1 : 0,
                                  .total_rows = sample->batch.row_count};
}

static const char *const sample_coins[] = {"ADA", "DASH", "ETH",  "XLM",  "XMR", "BTC", "LTC", "EOS",
                                           "NEO", "TRX",  "IOTA", "QTUM", "ZEC", "BNB", "LSK", "OMG"};
static const char *const sample_sides[] = {"buy", "sell"};
static const char *const sample_weather[] = {"drizzle", "fog", "rain", "snow", "sun"};
static const char *const sample_airports[] = {"ATL", "ORD", "DFW", "LAX", "PHX", "DEN", "IAH", "LAS", "DTW",
                                              "STL", "MSP", "SFO", "EWR", "PHL", "CLT", "LGA", "MCO", "SEA",
                                              "BOS", "CVG", "PIT", "BWI", "SLC", "SAN", "IAD", "DCA", "TPA",
                                              "MEM", "CLE", "MIA", "FLL", "PDX", "JFK", "OAK"};

/* ---- one function per shape; each returns whether the rows are aggregated ---- */
static inline bool shape_empty(struct sample *s) {
  sample_init(s, s->arena, 0);
  sample_measure(s, "price", VS_MEASURE_RATIO);
  return true;
}

static inline bool shape_number(struct sample *s) {
  sample_init(s, s->arena, 1);
  *sample_measure(s, "turnover", VS_MEASURE_ADDITIVE) = 1234567.89;
  return true;
}

static inline bool shape_gauge(struct sample *s) {
  sample_init(s, s->arena, 1);
  *sample_measure(s, "volatility", VS_MEASURE_RATIO) = 0.0123;
  sample_alert(s, 0, 0.01, "volatility > 1 %");
  return true;
}

static inline void fill_candles(struct sample *s, const char *const *names, bool by_kind) {
  static const vs_measure_kind kinds[] = {VS_MEASURE_FIRST, VS_MEASURE_EXTREME, VS_MEASURE_EXTREME, VS_MEASURE_LAST};
  double *columns[4], price = 0.0000521;
  for (int i = 0; i < 4; i++)
    columns[i] = sample_measure(s, names[i], by_kind ? kinds[i] : VS_MEASURE_RAW);
  for (uint32_t i = 0; i < s->batch.row_count; i++) {
    double open = price, close = price * (1 + 0.012 * (sample_random(s) - 0.48));
    columns[0][i] = open, columns[3][i] = close, price = close;
    columns[1][i] = fmax(open, close) * (1 + 0.004 * sample_random(s));
    columns[2][i] = fmin(open, close) * (1 - 0.004 * sample_random(s));
  }
}

static inline bool shape_candles(struct sample *s) {
  static const char *const names[] = {"open", "high", "low", "close"};
  sample_init(s, s->arena, 48);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 1, 1);
  fill_candles(s, names, false);
  sample_windows(s, SAMPLE_HOUR / 2, 1);
  return true;
}

static inline bool shape_candles_by_kind(struct sample *s) {
  static const char *const names[] = {"first_price", "max_price", "min_price", "last_price"};
  sample_init(s, s->arena, 63);
  fill_candles(s, names, true);
  sample_windows(s, 120e3, 1);
  return true;
}

static inline bool shape_alert_of(struct sample *s, double threshold, const char *text) {
  sample_init(s, s->arena, 120);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 5, 1);
  double *values = sample_measure(s, "volatility", VS_MEASURE_RATIO);
  for (uint32_t i = 0; i < 120; i++)
    values[i] = 0.002 + 0.0075 * pow(sample_random(s), 3) + (i % 5 == 0 ? 0.003 : 0) + (i == 55 || i == 58 ? 0.006 : 0);
  sample_windows(s, SAMPLE_HOUR, 5);
  sample_alert(s, 1, threshold, text);
  return true;
}
static inline bool shape_alert(struct sample *s) {
  return shape_alert_of(s, 0.01, "volatility > 1 %");
}
static inline bool shape_alert_far(struct sample *s) {
  return shape_alert_of(s, 0.2, "volatility > 20 %");
}

static inline bool shape_key_lines(struct sample *s) {
  sample_init(s, s->arena, 24 * 3);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 3, 1);
  double *values = sample_measure(s, "avg_price", VS_MEASURE_RATIO), price[3] = {0.0651, 0.0695, 0.0678};
  for (uint32_t i = 0; i < s->batch.row_count; i++)
    values[i] = price[i % 3] *= 1 + 0.01 * (sample_random(s) - 0.5);
  sample_windows(s, SAMPLE_HOUR, 3);
  return true;
}

static inline bool shape_key_sums_of(struct sample *s, uint32_t windows) {
  sample_init(s, s->arena, windows * 5);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 5, 1);
  double *values = sample_measure(s, "turnover", VS_MEASURE_ADDITIVE);
  for (uint32_t i = 0; i < s->batch.row_count; i++)
    values[i] = (20 + 60.0 * (i % 5 == 2)) * (0.4 + sample_random(s)) + 3 * (i % 5);
  sample_windows(s, SAMPLE_HOUR, 5);
  return true;
}
static inline bool shape_key_sums(struct sample *s) {
  return shape_key_sums_of(s, 24);
}
static inline bool shape_key_sums_short(struct sample *s) {
  return shape_key_sums_of(s, 2);
}

static inline bool shape_sides(struct sample *s) {
  sample_init(s, s->arena, 252);
  sample_key(s, "side", VS_ROLE_KEY, sample_sides, 2, 1);
  double *values = sample_measure(s, "volume", VS_MEASURE_ADDITIVE);
  for (uint32_t i = 0; i < 252; i++)
    values[i] = 4 + 60 * pow(sample_random(s), 4);
  sample_windows(s, 60e3, 2);
  return true;
}

static inline bool shape_time_bars(struct sample *s) {
  sample_init(s, s->arena, 24);
  double *values = sample_measure(s, "trades", VS_MEASURE_ADDITIVE);
  for (uint32_t i = 0; i < 24; i++)
    values[i] = floor(12000 * (0.3 + sample_random(s)));
  sample_windows(s, SAMPLE_HOUR, 1);
  return true;
}

static inline bool shape_one_line(struct sample *s) {
  sample_init(s, s->arena, 200);
  double *values = sample_measure(s, "avg_price", VS_MEASURE_RATIO), price = 9680;
  for (uint32_t i = 0; i < 200; i++)
    values[i] = price += 4 * (sample_random(s) - 0.5);
  vs_bit_clear(s->columns[0].validity, 100);
  sample_windows(s, 60e3, 1);
  return true;
}

static inline bool shape_same_unit(struct sample *s) {
  sample_init(s, s->arena, 48);
  double *high = sample_measure(s, "temp_max", VS_MEASURE_RATIO),
         *low = sample_measure(s, "temp_min", VS_MEASURE_RATIO);
  for (uint32_t i = 0; i < 48; i++) {
    high[i] = 15 - 9 * cos(i * M_PI / 6) + 2 * sample_random(s);
    low[i] = high[i] - 6 - 2 * sample_random(s);
  }
  sample_windows(s, 30 * 24 * SAMPLE_HOUR, 1);
  return true;
}

static inline bool shape_other_units(struct sample *s) {
  sample_init(s, s->arena, 72);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 3, 1);
  double *price = sample_measure(s, "avg_price", VS_MEASURE_RATIO),
         *volume = sample_measure(s, "volume", VS_MEASURE_ADDITIVE);
  for (uint32_t i = 0; i < 72; i++) {
    price[i] = 0.06 + 0.004 * sample_random(s);
    volume[i] = 52000 * sample_random(s);
  }
  sample_windows(s, SAMPLE_HOUR, 3);
  return true;
}

static inline bool shape_many_keys(struct sample *s) {
  sample_init(s, s->arena, 24 * 16);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 16, 1);
  double *values = sample_measure(s, "avg_spread", VS_MEASURE_RATIO);
  for (uint32_t i = 0; i < s->batch.row_count; i++)
    values[i] = 1 + i % 16 * 0.7 + sample_random(s);
  sample_windows(s, SAMPLE_HOUR, 16);
  return true;
}

static inline bool shape_key_pairs(struct sample *s) {
  sample_init(s, s->arena, 24 * 4);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 2, 1);
  sample_key(s, "side", VS_ROLE_KEY, sample_sides, 2, 2);
  double *values = sample_measure(s, "volume", VS_MEASURE_ADDITIVE);
  for (uint32_t i = 0; i < s->batch.row_count; i++)
    values[i] = 10 + i % 4 * 5 + 8 * sample_random(s);
  sample_windows(s, SAMPLE_HOUR, 4);
  return true;
}

static inline bool shape_key_bars(struct sample *s) {
  sample_init(s, s->arena, 2);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 2, 1);
  double *values = sample_measure(s, "alerts", VS_MEASURE_ADDITIVE);
  values[0] = 5, values[1] = 6;
  return true;
}

static inline bool shape_airports(struct sample *s) {
  sample_init(s, s->arena, 34);
  sample_key(s, "origin", VS_ROLE_KEY, sample_airports, 34, 1);
  double *values = sample_measure(s, "avg_delay", VS_MEASURE_RATIO);
  for (uint32_t i = 0; i < 34; i++)
    values[i] = -4 + 24 * sample_random(s);
  return true;
}

static inline int64_t *sample_integer_key(struct sample *s, const char *name) {
  return sample_column(s, name, VS_TYPE(INTEGER), VS_ROLE_KEY, false);
}

static inline bool shape_months(struct sample *s) {
  sample_init(s, s->arena, 12);
  int64_t *months = sample_integer_key(s, "month");
  double *values = sample_measure(s, "rain", VS_MEASURE_ADDITIVE);
  for (uint32_t i = 0; i < 12; i++) {
    months[i] = (i + 7) % 12 + 1;
    values[i] = 90 + 70 * cos((double)months[i] * M_PI / 6);
  }
  return true;
}

static inline bool shape_measure_bars_of(struct sample *s, const char *second, double factor) {
  sample_init(s, s->arena, 6);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 6, 1);
  double *bid = sample_measure(s, "avg_bid", VS_MEASURE_RATIO), *ask = sample_measure(s, second, VS_MEASURE_RATIO);
  for (uint32_t i = 0; i < 6; i++)
    bid[i] = 4 + 3 * sample_random(s), ask[i] = bid[i] * factor;
  return true;
}
static inline bool shape_measure_bars(struct sample *s) {
  return shape_measure_bars_of(s, "avg_ask", 1.08);
}
static inline bool shape_measure_panels(struct sample *s) {
  return shape_measure_bars_of(s, "volume", 5200);
}

static inline bool shape_heatmap(struct sample *s) {
  sample_init(s, s->arena, 60);
  sample_key(s, "weather", VS_ROLE_KEY, sample_weather, 5, 12);
  int64_t *months = sample_integer_key(s, "month");
  double *values = sample_measure(s, "days", VS_MEASURE_ADDITIVE);
  for (uint32_t i = 0; i < 60; i++) {
    months[i] = i % 12 + 1;
    values[i] = floor(20 * sample_random(s)) + (i / 12 == 2   ? 20 + 12 * cos(i * M_PI / 6)
                                                : i / 12 == 4 ? 30 - 20 * cos(i * M_PI / 6)
                                                              : 0);
    values[i] = floor(values[i]);
  }
  return true;
}

static inline bool shape_groups(struct sample *s) {
  sample_init(s, s->arena, 6);
  sample_key(s, "symbol", VS_ROLE_KEY, sample_coins, 3, 2);
  sample_key(s, "side", VS_ROLE_KEY, sample_sides, 2, 1);
  double *values = sample_measure(s, "volume", VS_MEASURE_ADDITIVE);
  for (uint32_t i = 0; i < 6; i++)
    values[i] = 1500 + 4000 * sample_random(s);
  return true;
}

static inline bool shape_scatter_of(struct sample *s, uint32_t rows) {
  sample_init(s, s->arena, rows);
  double *x = sample_column(s, "distance", VS_TYPE(FLOAT), VS_ROLE_NONE, false);
  double *y = sample_column(s, "delay", VS_TYPE(FLOAT), VS_ROLE_NONE, false);
  for (uint32_t i = 0; i < rows; i++) {
    x[i] = 200 + 2200 * sample_random(s);
    y[i] = -20 + 40 * sample_random(s) * sample_random(s) + x[i] / 100;
  }
  return false;
}
static inline bool shape_scatter(struct sample *s) {
  return shape_scatter_of(s, 400);
}
static inline bool shape_binned(struct sample *s) {
  return shape_scatter_of(s, 5000);
}

static inline bool shape_histogram(struct sample *s) {
  sample_init(s, s->arena, 1000);
  double *values = sample_column(s, "delay", VS_TYPE(FLOAT), VS_ROLE_NONE, false);
  for (uint32_t i = 0; i < 1000; i++)
    values[i] = 30 * (sample_random(s) + sample_random(s) + sample_random(s)) - 45;
  return false;
}

static inline bool shape_raw_lines(struct sample *s) {
  sample_init(s, s->arena, 5000);
  sample_key(s, "side", VS_ROLE_NONE, sample_sides, 2, 1);
  int64_t *times = sample_column(s, "timestamp", VS_TYPE(INTEGER), VS_ROLE_NONE, false);
  double *values = sample_column(s, "price", VS_TYPE(FLOAT), VS_ROLE_NONE, false), price = 9680;
  for (uint32_t i = 0; i < 5000; i++) {
    times[i] = INT64_C(1582329602111000) + i * INT64_C(1500000);
    values[i] = (price += sample_random(s) - 0.5) + (i % 2) * 4 + (i == 2500 ? 90 : 0);
  }
  return false;
}

/* A day's weather per row, with a text beside the measures. */
static inline bool shape_raw_measures(struct sample *s) {
  sample_init(s, s->arena, 90);
  int64_t *days = sample_column(s, "date", VS_TYPE(DATE), VS_ROLE_NONE, false);
  double *high = sample_column(s, "temp_max", VS_TYPE(FLOAT), VS_ROLE_NONE, false);
  double *wind = sample_column(s, "wind", VS_TYPE(FLOAT), VS_ROLE_NONE, false);
  sample_key(s, "weather", VS_ROLE_NONE, sample_weather, 5, 1);
  for (uint32_t i = 0; i < 90; i++)
    days[i] = 15340 + i, high[i] = 8 + i * 0.1 + 4 * sample_random(s), wind[i] = 5 * sample_random(s);
  return false;
}

static inline bool shape_nothing(struct sample *s) {
  sample_init(s, s->arena, 4);
  sample_key(s, "origin", VS_ROLE_NONE, sample_airports, 4, 1);
  sample_key(s, "destination", VS_ROLE_NONE, sample_airports, 3, 1);
  return false;
}

struct chart_case {
  const char *name;
  uint32_t rule;
  const char *mark;
  bool (*fill)(struct sample *sample);
  const char *hint; /* mark asked for; NULL */
};

/* clang-format off */
static const struct chart_case chart_cases[] = {
  {"01_area_as_asked",      1, "area",        shape_one_line,       "area"},
  {"01_points_as_asked",    1, "point",       shape_one_line,       "point"},
  {"02_no_rows",            2, "none",        shape_empty,          NULL},
  {"03_number",             3, "stat",        shape_number,         NULL},
  {"03_gauge",              3, "stat",        shape_gauge,          NULL},
  {"04_candles",            4, "candlestick", shape_candles,        NULL},
  {"04_candles_by_kind",    4, "candlestick", shape_candles_by_kind, NULL},
  {"07_alert",              7, "line",        shape_alert,          NULL},
  {"07_alert_far",          7, "line",        shape_alert_far,      NULL},
  {"08_key_lines",          8, "line",        shape_key_lines,      NULL},
  {"09_newest_history",     9, "bar",         shape_key_sums,       NULL},
  {"09_newest_alone",       9, "bar",         shape_key_sums_short, NULL},
  {"09_sides",              9, "bar",         shape_sides,          NULL},
  {"10_time_bars",         10, "bar",         shape_time_bars,      NULL},
  {"10_one_line",          10, "line",        shape_one_line,       NULL},
  {"11_same_unit",         11, "line",        shape_same_unit,      NULL},
  {"11_other_units",       11, "line",        shape_other_units,    NULL},
  {"12_many_keys",         12, "line",        shape_many_keys,      NULL},
  {"13_key_pairs",         13, "line",        shape_key_pairs,      NULL},
  {"15_key_bars",          15, "bar",         shape_key_bars,       NULL},
  {"15_airports",          15, "bar",         shape_airports,       NULL},
  {"15_months",            15, "bar",         shape_months,         NULL},
  {"16_same_unit",         16, "bar",         shape_measure_bars,   NULL},
  {"16_other_units",       16, "bar",         shape_measure_panels, NULL},
  {"17_heatmap",           17, "heatmap",     shape_heatmap,        NULL},
  {"17_groups",            17, "heatmap",     shape_groups,         NULL},
  {"18_scatter",           18, "point",       shape_scatter,        NULL},
  {"18_binned",            18, "point",       shape_binned,         NULL},
  {"19_histogram",         19, "histogram",   shape_histogram,      NULL},
  {"20_raw_lines",         20, "line",        shape_raw_lines,      NULL},
  {"20_raw_measures",      20, "line",        shape_raw_measures,   NULL},
  {"22_nothing",           22, "none",        shape_nothing,        NULL},
};
/* clang-format on */

static inline struct vsk_chart_input chart_case_input(const struct chart_case *the_case, struct sample *sample,
                                                      struct vs_arena *arena) {
  sample->arena = arena;
  bool has_aggregate = the_case->fill(sample);
  struct vsk_chart_input input = sample_input(sample, has_aggregate);
  input.hint.mark = vs_str_of(the_case->hint);
  return input;
}

#endif
