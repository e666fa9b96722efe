/* SPDX-License-Identifier: Apache-2.0
 * Looking up functions and aggregates by name or alias, in the variant that runs here. */
#include "engine/function/function.h"
#include "engine/base/cpu.h"

/* What is built once per variant. CMake writes the lists and adds the suffixes. */
struct variant {
  const struct vs_scalar_family *const *scalars;
  const struct vs_aggregate_family *const *aggregates;
  vs_status (*cast_bind)(struct vs_type from, struct vs_type to, bool is_try, struct vs_span span,
                         struct vs_arena *arena, struct vs_call_bound *ret_call, struct vs_error *err);
};
#define DECLARE(suffix)                                                                                                \
  extern const struct vs_scalar_family *const vs_scalar_family_all_##suffix[];                                         \
  extern const struct vs_aggregate_family *const vs_aggregate_family_all_##suffix[];                                   \
  vs_status vs_cast_bind_##suffix(struct vs_type from, struct vs_type to, bool is_try, struct vs_span span,            \
                                  struct vs_arena *arena, struct vs_call_bound *ret_call, struct vs_error *err)
#define VARIANT(suffix)                                                                                                \
  { vs_scalar_family_all_##suffix, vs_aggregate_family_all_##suffix, vs_cast_bind_##suffix }

DECLARE(v1);
#ifdef VS_HAS_V3
DECLARE(v3);
#endif

static const struct variant *variant_here(void) {
  static const struct variant variants[] = {
      [VS_CPU_V1] = VARIANT(v1),
#ifdef VS_HAS_V3
      [VS_CPU_V3] = VARIANT(v3),
#endif
  };
  return &variants[vs_cpu_variant()];
}

const struct vs_scalar_family *const *vs_scalar_families(void) {
  return variant_here()->scalars;
}

const struct vs_aggregate_family *const *vs_aggregate_families(void) {
  return variant_here()->aggregates;
}

vs_status vs_cast_bind(struct vs_type from, struct vs_type to, bool is_try, struct vs_span span, struct vs_arena *arena,
                       struct vs_call_bound *ret_call, struct vs_error *err) {
  return variant_here()->cast_bind(from, to, is_try, span, arena, ret_call, err);
}

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
  for (const struct vs_scalar_family *const *family = vs_scalar_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++)
      if (is_named((*family)->rows[i].name, (*family)->rows[i].aliases, name)) return &(*family)->rows[i];
  return NULL;
}

const struct vs_aggregate *vs_aggregate_find(struct vs_str name) {
  for (const struct vs_aggregate_family *const *family = vs_aggregate_families(); *family; family++)
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
