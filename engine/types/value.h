/* SPDX-License-Identifier: Apache-2.0
 * One value of any type: literals, parameters, defaults, printing. Never on the data path.
 *
 * Printing is one place for the whole product: table cells, CSV, JSON and text all call vs_value_print with a style. */
#ifndef VS_TYPES_VALUE_H
#define VS_TYPES_VALUE_H

#include "engine/types/vector.h"

struct vs_value {
  struct vs_type type;
  bool is_null;
  union {
    bool boolean;
    int64_t integer; /* INTEGER, DATE, TIME, TIMESTAMP, TIMESTAMP_MS */
    double real;
    vs_i128 decimal; /* DECIMAL of any precision, scaled by 10^scale */
    struct vs_str string;
    struct vs_interval interval;
  } as;
};

typedef enum {
  VS_STYLE_PLAIN, /* CSV, sinks, CAST to STRING: exact; DECIMAL with its declared scale trimmed of nothing; TIMESTAMP_MS
                     as integer */
  VS_STYLE_TABLE  /* shown to people: DECIMAL trimmed, TIMESTAMP_MS as a time, FLOAT shortest form */
} vs_style;

struct vs_value vs_value_null(struct vs_type type);
struct vs_value vs_value_get(const struct vs_vector *vector, uint32_t row); /* a string shares bytes with the vector */
/* A CONSTANT vector of the value; strings are copied into `arena`. */
vs_status vs_vector_constant(struct vs_vector *vector, const struct vs_value *value, struct vs_arena *arena,
                             struct vs_error *err) VS_NODISCARD;
/* NULL prints as nothing (PLAIN) or "NULL" (TABLE). */
void vs_value_print(const struct vs_value *value, vs_style style, struct vs_text *ret_text);
/* JSON: numbers bare, DECIMAL as text with its declared scale unless `decimal_as_number`, NULL as null, times as text.
 */
void vs_value_print_json(const struct vs_value *value, bool decimal_as_number, struct vs_text *ret_text);
/* Equal in type, NULLness and value. */
bool vs_value_equal(const struct vs_value *a, const struct vs_value *b);

#endif
