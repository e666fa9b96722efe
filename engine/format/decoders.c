/* SPDX-License-Identifier: Apache-2.0
 * Decoders are built once per processor variant (engine/base/cpu.h); the one that runs here is chosen where they are
 * made. CMake adds the suffixes. */
#include "engine/base/cpu.h"
#include "engine/format/csv.h"
#include "engine/format/json.h"

#define DECLARE(suffix)                                                                                                \
  vs_status vs_csv_decoder_new_##suffix(const struct vs_format_options *options, const struct vs_schema *schema,       \
                                        const bool *projection, const struct vs_env *env,                              \
                                        struct vs_decoder **ret_decoder, struct vs_error *err);                        \
  vs_status vs_json_decoder_new_##suffix(                                                                              \
      vs_json_container container, const struct vs_format_options *options, const struct vs_schema *schema,            \
      const bool *projection, const struct vs_env *env, struct vs_decoder **ret_decoder, struct vs_error *err)
DECLARE(v1);
#ifdef VS_HAS_V3
DECLARE(v3);
#else
#define vs_csv_decoder_new_v3 vs_csv_decoder_new_v1
#define vs_json_decoder_new_v3 vs_json_decoder_new_v1
#endif

vs_status vs_csv_decoder_new(const struct vs_format_options *options, const struct vs_schema *schema,
                             const bool *projection, const struct vs_env *env, struct vs_decoder **ret_decoder,
                             struct vs_error *err) {
  return (vs_cpu_variant() == VS_CPU_V3 ? vs_csv_decoder_new_v3 : vs_csv_decoder_new_v1)(options, schema, projection,
                                                                                         env, ret_decoder, err);
}

vs_status vs_json_decoder_new(vs_json_container container, const struct vs_format_options *options,
                              const struct vs_schema *schema, const bool *projection, const struct vs_env *env,
                              struct vs_decoder **ret_decoder, struct vs_error *err) {
  return (vs_cpu_variant() == VS_CPU_V3 ? vs_json_decoder_new_v3 : vs_json_decoder_new_v1)(
      container, options, schema, projection, env, ret_decoder, err);
}
