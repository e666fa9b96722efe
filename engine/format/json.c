/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/json.h"

static vs_status lines_infer(const struct vs_format_options *options, const struct vs_bytes_reader *reader,
                             struct vs_arena *arena, struct vs_inferred *ret_inferred, struct vs_error *err) {
  return vs_json_infer(VS_JSON_LINES, options, reader, arena, ret_inferred, err);
}

static vs_status lines_decoder_new(const struct vs_format_options *options, const struct vs_schema *schema,
                                   const bool *projection, const struct vs_env *env, struct vs_decoder **ret_decoder,
                                   struct vs_error *err) {
  return vs_json_decoder_new(VS_JSON_LINES, options, schema, projection, env, ret_decoder, err);
}

static vs_status lines_encoder_new(const struct vs_format_options *options, const struct vs_schema *schema,
                                   const struct vs_env *env, struct vs_encoder **ret_encoder, struct vs_error *err) {
  return vs_json_encoder_new(false, options, schema, env, ret_encoder, err);
}

static vs_status json_infer(const struct vs_format_options *options, const struct vs_bytes_reader *reader,
                            struct vs_arena *arena, struct vs_inferred *ret_inferred, struct vs_error *err) {
  return vs_json_infer(VS_JSON_DETECT, options, reader, arena, ret_inferred, err);
}

static vs_status json_decoder_new(const struct vs_format_options *options, const struct vs_schema *schema,
                                  const bool *projection, const struct vs_env *env, struct vs_decoder **ret_decoder,
                                  struct vs_error *err) {
  return vs_json_decoder_new(VS_JSON_DETECT, options, schema, projection, env, ret_decoder, err);
}

static vs_status json_encoder_new(const struct vs_format_options *options, const struct vs_schema *schema,
                                  const struct vs_env *env, struct vs_encoder **ret_encoder, struct vs_error *err) {
  return vs_json_encoder_new(true, options, schema, env, ret_encoder, err);
}

const struct vs_format vs_format_jsonl = {
    .name = "jsonl",
    .aliases = "ndjson json_lines",
    .extensions = ".jsonl .ndjson",
    .doc = "one JSON object per line",
    .infer = lines_infer,
    .decoder_new = lines_decoder_new,
    .encoder_new = lines_encoder_new,
};

const struct vs_format vs_format_json = {
    .name = "json",
    .aliases = "",
    .extensions = ".json",
    .doc = "an array of JSON objects, or objects one after the other",
    .infer = json_infer,
    .decoder_new = json_decoder_new,
    .encoder_new = json_encoder_new,
};
