/* SPDX-License-Identifier: Apache-2.0
 * What the parts of the JSON formats share. Private to this room. */
#ifndef VS_FORMAT_JSON_H
#define VS_FORMAT_JSON_H

#include "engine/format/format.h"
#include "engine/format/json_walk.h"

vs_status vs_json_infer(vs_json_container container, const struct vs_format_options *options,
                        const struct vs_bytes_reader *reader, struct vs_arena *arena, struct vs_inferred *ret_inferred,
                        struct vs_error *err);
vs_status vs_json_decoder_new(vs_json_container container, const struct vs_format_options *options,
                              const struct vs_schema *schema, const bool *projection, const struct vs_env *env,
                              struct vs_decoder **ret_decoder, struct vs_error *err);
/* `is_array`: brackets around the rows and commas between them. */
vs_status vs_json_encoder_new(bool is_array, const struct vs_format_options *options, const struct vs_schema *schema,
                              const struct vs_env *env, struct vs_encoder **ret_encoder, struct vs_error *err);

#endif
