/* SPDX-License-Identifier: Apache-2.0
 * Logical types: what a column means. The physical layout follows from the type alone (vs_type_physical).
 *
 * A type is plain data, compared by value. DECIMAL carries precision and scale; p <= 18 is stored as int64, else as
 * int128. TIMESTAMP is microseconds UTC; TIMESTAMP_MS is the type of _event_time, _timestamp, NOW() and the window
 * bounds: an INTEGER of epoch milliseconds in arithmetic, a time when shown. Nested types exist for the parser only. */
#ifndef VS_TYPES_TYPE_H
#define VS_TYPES_TYPE_H

#include "engine/base/text.h"

/* clang-format off */
#define VS_TYPE_LIST(X) \
  /*  name          SQL name        physical  */ \
  X(NULL,          "NULL",          BOOL)     /* the type of a bare NULL; fits everything */ \
  X(BOOLEAN,       "BOOLEAN",       BOOL)     \
  X(INTEGER,       "INTEGER",       I64)      \
  X(FLOAT,         "FLOAT",         F64)      \
  X(DECIMAL,       "DECIMAL",       I64)      /* or I128, by precision */ \
  X(STRING,        "STRING",        STRING)   \
  X(BYTES,         "BYTES",         STRING)   \
  X(JSON,          "JSON",          STRING)   /* text of one JSON value */ \
  X(DATE,          "DATE",          I64)      /* days since 1970-01-01 */ \
  X(TIME,          "TIME",          I64)      /* microseconds since midnight */ \
  X(TIMESTAMP,     "TIMESTAMP",     I64)      /* microseconds since 1970-01-01 UTC */ \
  X(TIMESTAMP_MS,  "TIMESTAMP_MS",  I64)      /* milliseconds since 1970-01-01 UTC */ \
  X(INTERVAL,      "INTERVAL",      INTERVAL) \
  X(ARRAY,         "ARRAY",         STRING)   \
  X(MAP,           "MAP",           STRING)   \
  X(STRUCT,        "STRUCT",        STRING)
/* clang-format on */

typedef enum {
#define X(name, sql, physical) VS_TYPE_##name,
  VS_TYPE_LIST(X)
#undef X
} vs_type_id;

typedef enum {
  VS_PHYSICAL_BOOL,    /* uint8_t 0 or 1 */
  VS_PHYSICAL_I64,     /* int64_t */
  VS_PHYSICAL_F64,     /* double, never NaN or infinite: such results are NULL or row errors */
  VS_PHYSICAL_I128,    /* vs_i128 */
  VS_PHYSICAL_STRING,  /* struct vs_string */
  VS_PHYSICAL_INTERVAL /* struct vs_interval */
} vs_physical;

struct vs_type {
  vs_type_id id;
  uint8_t precision, scale; /* DECIMAL only, else 0 */
};

enum { VS_DECIMAL_MAX = 38, VS_DECIMAL_I64_MAX = 18 };

#define VS_TYPE(name) ((struct vs_type){.id = VS_TYPE_##name})
static inline struct vs_type vs_type_decimal(uint8_t precision, uint8_t scale) {
  return (struct vs_type){VS_TYPE_DECIMAL, precision, scale};
}

struct vs_interval {
  int64_t nanoseconds;
  int64_t months;
};

vs_physical vs_type_physical(struct vs_type type);
size_t vs_physical_size(vs_physical physical);
bool vs_type_equal(struct vs_type a, struct vs_type b);
bool vs_type_is_numeric(struct vs_type type); /* INTEGER, FLOAT, DECIMAL, and TIMESTAMP_MS, which computes as INTEGER */
bool vs_type_is_temporal(struct vs_type type); /* DATE, TIMESTAMP, TIMESTAMP_MS */
/* "DECIMAL(18,4)". Returns ret_text. */
const char *vs_type_print(struct vs_type type, char ret_text[32]);
/* The type both sides convert to implicitly (spec/sql.md 5: INTEGER -> DECIMAL -> FLOAT, NULL -> anything, DATE ->
 * TIMESTAMP); false when there is none. DECIMALs meet at the larger scale and the larger count of whole digits. */
bool vs_type_common(struct vs_type a, struct vs_type b, struct vs_type *ret_type);

#endif
