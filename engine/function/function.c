/* SPDX-License-Identifier: Apache-2.0
 * Looking up functions and aggregates by name or alias. */
#include "engine/function/function.h"

static bool is_alias(const char *aliases, struct vs_str name) {
  for (const char *at = aliases; *at;) {
    size_t size = strcspn(at, " ");
    if (vs_str_equal_nocase((struct vs_str){at, size}, name)) return true;
    at += size + (at[size] == ' ');
  }
  return false;
}

static bool is_named(const char *row_name, const char *aliases, struct vs_str name) {
  return vs_str_equal_nocase(vs_str_of(row_name), name) || is_alias(aliases, name);
}

const struct vs_scalar *vs_scalar_find(struct vs_str name) {
  for (const struct vs_scalar_family *const *family = vs_scalar_family_all; *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++)
      if (is_named((*family)->rows[i].name, (*family)->rows[i].aliases, name)) return &(*family)->rows[i];
  return NULL;
}

const struct vs_aggregate *vs_aggregate_find(struct vs_str name) {
  for (const struct vs_aggregate_family *const *family = vs_aggregate_family_all; *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++)
      if (is_named((*family)->rows[i].name, (*family)->rows[i].aliases, name)) return &(*family)->rows[i];
  return NULL;
}

/* clang-format off */
static const char *const planned_names[] = {
  /* aggregates */
  "CORR", "COVAR_POP", "COVAR_SAMP", "REGR_SLOPE", "REGR_INTERCEPT", "REGR_R2",
  "ARRAY_AGG", "MAP_AGG", "MODE", "TOPK", "MIN_BY", "MAX_BY",
  /* over windows */
  "LAG", "LEAD", "ROW_NUMBER", "RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", "NTILE", "NTH_VALUE",
  /* mathematics */
  "LOG", "LOG2", "SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "ATAN2", "PI", "DEGREES", "RADIANS", "RANDOM",
  "WIDTH_BUCKET", "BITAND",
  /* strings */
  "SPLIT", "REGEXP", "REGEXP_LIKE", "RLIKE", "REGEXP_REPLACE", "REGEXP_EXTRACT", "STRING_TO_ARRAY", "MD5", "SHA256",
  "UUID", "URL_DECODE", "~",
  /* times */
  "TIMESTAMPDIFF", "TIMESTAMPADD", "AT TIME ZONE",
  /* JSON, collections, headers */
  "JSON_VALUE", "JSON_EXTRACT", "JSON_EXTRACT_SCALAR", "JSON_QUERY", "JSON_EXISTS", "JSON_OBJECT", "JSON_ARRAY",
  "TO_JSON", "PARSE_JSON", "JSON_ARRAY_LENGTH", "JSON_KEYS", "->", "->>", "ARRAY", "STRUCT", "MAP", "ARRAY_LENGTH",
  "ARRAY_CONTAINS", "MAP_KEYS", "MAP_VALUES", "UNNEST", "HEADER", "HAS_HEADER", "HEADER_KEYS", "SET_HEADER",
  "REMOVE_HEADER", "KEY", "TOPIC", "PARTITION_ID", "RECORD_OFFSET",
};
/* clang-format on */

bool vs_function_is_planned(struct vs_str name) {
  for (size_t i = 0; i < VS_COUNT_OF(planned_names); i++)
    if (vs_str_equal_nocase(vs_str_of(planned_names[i]), name)) return true;
  return false;
}
