/* SPDX-License-Identifier: Apache-2.0
 * Domains, ticks and colours: everything about an axis that both printers must agree on. Private to this room.
 * The functions return false when the arena is full. */
#ifndef VSK_CHARTS_CHART_SCALE_H
#define VSK_CHARTS_CHART_SCALE_H

#include "kernel/charts/chart.h"

/* Widened to round numbers with about `want` ticks; `is_percent` labels fractions as percentages. low <= high. */
bool vsk_axis_number(struct vsk_axis *axis, double low, double high, uint32_t want, bool is_percent,
                     struct vs_arena *arena) VS_NODISCARD;
/* Epoch milliseconds, not widened; ticks at round clock and calendar times, a date where the day changes. */
bool vsk_axis_time(struct vsk_axis *axis, double low_ms, double high_ms, struct vs_arena *arena) VS_NODISCARD;
bool vsk_axis_band(struct vsk_axis *axis, const struct vs_str *labels, uint32_t count,
                   struct vs_arena *arena) VS_NODISCARD;

/* "1.2 M", "0.00005204", "1 %": three to four digits, for labels on marks. */
struct vs_str vsk_number_label(double value, bool is_percent, struct vs_arena *arena);
struct vs_str vsk_time_label(double ms, struct vs_arena *arena);   /* "2018-01-24 12:00" */
struct vs_str vsk_length_label(double ms, struct vs_arena *arena); /* of a window: "hour", "5 min" */

#define VSK_ALERT_RGB 0xE5484Du
#define VSK_UP_RGB 0x1A9E6Fu
#define VSK_DOWN_RGB 0xE5484Du
#define VSK_GREY_RGB 0x8A94A0u
/* Colours of series: tell-apart for colour-blind eyes in the first eight, at least 3:1 against white and near-black. */
uint32_t vsk_series_rgb(uint32_t index);
uint32_t vsk_scale_rgb(double fraction); /* 0..1 of the sequential scale */
enum { VSK_SCALE_STOPS = 7 };
uint32_t vsk_scale_stop(uint32_t index);
#define VSK_DARK_INK 0x1B1F24u
#define VSK_LIGHT_INK 0xFFFFFFu
uint32_t vsk_ink_rgb(uint32_t background); /* black or white, whichever reads */

#endif
