/* SPDX-License-Identifier: Apache-2.0
 * How many decimals the numbers of a column are shown with, so that their points stand below each other. A DECIMAL
 * keeps every digit and is padded with zeros; a FLOAT is rounded for the eye: six digits of the largest value, three of
 * the smallest. What is exported is never rounded. */
#include "engine/types/decimal.h"
#include "engine/types/value.h"
#include "kernel/display/table_layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DIGITS_OF_LARGEST = 6, DIGITS_OF_SMALLEST = 3, MOST_DIGITS = 15 };

static bool value_at(const struct vsk_table_layout *layout, uint32_t column, uint32_t index,
                     struct vs_value *ret_value) {
  struct vsk_table_row row = vsk_table_row_at(layout, index);
  if (vsk_table_is_null(layout, column, row)) return false;
  *ret_value = vs_value_get(&row.batch->columns[layout->columns[column]], row.row);
  return true;
}

/* Decimals behind the point without trailing zeros. */
static int decimals_in(const char *text, size_t size) {
  const char *point = memchr(text, '.', size);
  if (!point) return 0;
  while (text[size - 1] == '0')
    size--;
  return (int)(text + size - point) - 1;
}

static int decimals_of_decimal(const struct vsk_table_layout *layout, uint32_t column) {
  int most = 0;
  struct vs_value value;
  for (uint32_t i = 0; i < vsk_table_row_count(layout); i++) {
    char text[48];
    if (!value_at(layout, column, i, &value)) continue;
    size_t size = vs_decimal_print(value.as.decimal, value.type.scale, 0, text);
    most = VS_MAX(most, decimals_in(text, size));
  }
  return most;
}

static int magnitude(double value) {
  return (int)floor(log10(value));
}

/* The most decimals any value needs once it is rounded to `decimals`. */
static int needed(const struct vsk_table_layout *layout, uint32_t column, int decimals) {
  int most = 0;
  struct vs_value value;
  for (uint32_t i = 0; i < vsk_table_row_count(layout); i++) {
    char text[64];
    if (!value_at(layout, column, i, &value)) continue;
    int size = snprintf(text, sizeof text, "%.*f", decimals, value.as.real);
    most = VS_MAX(most, decimals_in(text, (size_t)size));
  }
  return most;
}

static int decimals_of_float(const struct vsk_table_layout *layout, uint32_t column) {
  double largest = 0, smallest = INFINITY;
  struct vs_value value;
  for (uint32_t i = 0; i < vsk_table_row_count(layout); i++) {
    if (!value_at(layout, column, i, &value)) continue;
    double size = fabs(value.as.real);
    if (!isfinite(size)) return VSK_AS_IT_IS;
    largest = VS_MAX(largest, size);
    if (size > 0) smallest = VS_MIN(smallest, size);
  }
  if (largest == 0) return VSK_AS_IT_IS;
  int decimals = VS_MAX(DIGITS_OF_LARGEST - 1 - magnitude(largest), DIGITS_OF_SMALLEST - 1 - magnitude(smallest));
  decimals = VS_MAX(decimals, 0);
  if (VS_MAX(magnitude(largest), 0) + 1 + decimals > MOST_DIGITS) return VSK_AS_IT_IS;
  return VS_MAX(needed(layout, column, decimals), 1);
}

int vsk_table_decimals(const struct vsk_table_layout *layout, uint32_t column) {
  struct vs_type type = layout->table->schema->fields[layout->columns[column]].type;
  if (type.id == VS_TYPE_DECIMAL) return decimals_of_decimal(layout, column);
  return type.id == VS_TYPE_FLOAT ? decimals_of_float(layout, column) : VSK_AS_IT_IS;
}

bool vsk_table_is_rounded(const struct vsk_table_layout *layout, uint32_t column, struct vsk_table_row row,
                          struct vs_text *ret_exact) {
  if (layout->columns[column] == VSK_WINDOW_COLUMN || layout->decimals[column] < 0) return false;
  const struct vs_vector *vector = &row.batch->columns[layout->columns[column]];
  if (vector->type.id != VS_TYPE_FLOAT || vsk_table_is_null(layout, column, row)) return false;
  struct vs_value value = vs_value_get(vector, row.row);
  char text[64];
  snprintf(text, sizeof text, "%.*f", layout->decimals[column], value.as.real);
  if (strtod(text, NULL) == value.as.real) return false;
  vs_value_print(&value, VS_STYLE_TABLE, ret_exact);
  return true;
}

void vsk_table_number(const struct vs_value *value, int decimals, struct vs_text *ret_text) {
  char text[64];
  int size = value->type.id == VS_TYPE_DECIMAL
                 ? (int)vs_decimal_print(value->as.decimal, value->type.scale, (uint32_t)decimals, text)
                 : snprintf(text, sizeof text, "%.*f", decimals, value->as.real);
  vs_text_append(ret_text, text, (size_t)VS_MIN(size, (int)sizeof text - 1));
}
