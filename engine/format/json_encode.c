/* SPDX-License-Identifier: Apache-2.0
 * Rows as JSON objects: one per line, or the elements of one array. Keys in SELECT order, escaped once. */
#include "engine/format/json.h"
#include "engine/types/value.h"

struct json_encoder {
  struct vs_encoder base;
  struct vs_memory *memory;
  const struct vs_schema *schema;
  bool is_array, decimal_as_number, has_rows;
};

static void put_object(const struct json_encoder *encoder, const struct vs_batch *batch, uint32_t row,
                       struct vs_text *ret_text) {
  for (uint32_t i = 0; i < batch->schema->shown_count; i++) {
    struct vs_value value = vs_value_get(&batch->columns[i], row);
    vs_text_put(ret_text, i ? ',' : '{');
    vs_text_json(ret_text, batch->schema->fields[i].name);
    vs_text_put(ret_text, ':');
    vs_value_print_json(&value, encoder->decimal_as_number, ret_text);
  }
  vs_text_put(ret_text, '}');
}

static void rows(struct vs_encoder *base, const struct vs_batch *batch, struct vs_text *ret_text) {
  struct json_encoder *encoder = (struct json_encoder *)base;
  for (uint32_t k = 0; k < batch->selected_count; k++) {
    if (encoder->is_array && encoder->has_rows) vs_text_puts(ret_text, ",\n");
    put_object(encoder, batch, batch->selection ? batch->selection[k] : k, ret_text);
    if (!encoder->is_array) vs_text_put(ret_text, '\n');
    encoder->has_rows = true;
  }
}

static void begin(struct vs_encoder *base, struct vs_text *ret_text) {
  if (((const struct json_encoder *)base)->is_array) vs_text_puts(ret_text, "[\n");
}

static void end(struct vs_encoder *base, struct vs_text *ret_text) {
  const struct json_encoder *encoder = (const struct json_encoder *)base;
  if (encoder->is_array) vs_text_puts(ret_text, encoder->has_rows ? "\n]\n" : "]\n");
}

static void encoder_free(struct vs_encoder *base) {
  struct json_encoder *encoder = (struct json_encoder *)base;
  vs_memory_free(encoder->memory, encoder, sizeof *encoder);
}

vs_status vs_json_encoder_new(bool is_array, const struct vs_format_options *options, const struct vs_schema *schema,
                              const struct vs_env *env, struct vs_encoder **ret_encoder, struct vs_error *err) {
  static const struct vs_encoder_ops ops = {begin, rows, end, encoder_free};
  struct json_encoder *encoder = vs_memory_alloc(env->memory, sizeof *encoder);
  if (!encoder) return vs_fail_memory(err);
  *encoder = (struct json_encoder){.base.ops = &ops,
                                   .memory = env->memory,
                                   .schema = schema,
                                   .is_array = is_array,
                                   .decimal_as_number = options->json_decimal_as_number};
  *ret_encoder = &encoder->base;
  return VS_OK;
}
