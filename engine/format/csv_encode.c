/* SPDX-License-Identifier: Apache-2.0
 * Rows as CSV: header, SELECT order, NULL as nothing, the empty string as "", quotes only where needed. */
#include "engine/format/csv.h"
#include "engine/types/value.h"

struct csv_encoder {
  struct vs_encoder base;
  struct vs_memory *memory;
  const struct vs_schema *schema;
  struct vs_text scratch; /* one value */
  char delimiter, quote;
  bool has_header;
};

static bool needs_quotes(const struct csv_encoder *encoder, struct vs_str text) {
  bool found = text.size == 0;
  for (size_t i = 0; i < text.size && !found; i++)
    found = text.data[i] == encoder->delimiter || text.data[i] == encoder->quote || text.data[i] == '\n' ||
            text.data[i] == '\r';
  return found;
}

static void put_quoted(const struct csv_encoder *encoder, struct vs_str text, struct vs_text *ret_text) {
  vs_text_put(ret_text, encoder->quote);
  for (size_t at = 0; at < text.size;) {
    const char *quote = memchr(text.data + at, encoder->quote, text.size - at);
    size_t size = quote ? (size_t)(quote - text.data) + 1 - at : text.size - at;
    vs_text_append(ret_text, text.data + at, size);
    if (quote) vs_text_put(ret_text, encoder->quote);
    at += size;
  }
  vs_text_put(ret_text, encoder->quote);
}

static void put_text(const struct csv_encoder *encoder, struct vs_str text, struct vs_text *ret_text) {
  if (needs_quotes(encoder, text))
    put_quoted(encoder, text, ret_text);
  else
    vs_text_append(ret_text, text.data, text.size);
}

static void put_cell(struct csv_encoder *encoder, const struct vs_vector *vector, uint32_t row,
                     struct vs_text *ret_text) {
  if (vs_vector_is_null(vector, row)) return;
  if (vs_type_physical(vector->type) == VS_PHYSICAL_STRING) {
    struct vs_string string = vs_vector_string(vector, row);
    put_text(encoder, vs_string_view(&string), ret_text);
    return;
  }
  struct vs_value value = vs_value_get(vector, row);
  vs_text_clear(&encoder->scratch);
  vs_value_print(&value, VS_STYLE_PLAIN, &encoder->scratch);
  ret_text->is_failed |= encoder->scratch.is_failed;
  put_text(encoder, vs_text_view(&encoder->scratch), ret_text);
}

static void begin(struct vs_encoder *base, struct vs_text *ret_text) {
  const struct csv_encoder *encoder = (const struct csv_encoder *)base;
  for (uint32_t i = 0; i < encoder->schema->shown_count && encoder->has_header; i++) {
    if (i) vs_text_put(ret_text, encoder->delimiter);
    put_text(encoder, encoder->schema->fields[i].name, ret_text);
  }
  if (encoder->has_header) vs_text_put(ret_text, '\n');
}

static void rows(struct vs_encoder *base, const struct vs_batch *batch, struct vs_text *ret_text) {
  struct csv_encoder *encoder = (struct csv_encoder *)base;
  for (uint32_t k = 0; k < batch->selected_count; k++) {
    uint32_t row = batch->selection ? batch->selection[k] : k;
    for (uint32_t i = 0; i < batch->schema->shown_count; i++) {
      if (i) vs_text_put(ret_text, encoder->delimiter);
      put_cell(encoder, &batch->columns[i], row, ret_text);
    }
    vs_text_put(ret_text, '\n');
  }
}

static void encoder_free(struct vs_encoder *base) {
  struct csv_encoder *encoder = (struct csv_encoder *)base;
  vs_text_release(&encoder->scratch);
  vs_memory_free(encoder->memory, encoder, sizeof *encoder);
}

vs_status vs_csv_encoder_new(const struct vs_format_options *options, const struct vs_schema *schema,
                             const struct vs_env *env, struct vs_encoder **ret_encoder, struct vs_error *err) {
  static const struct vs_encoder_ops ops = {begin, rows, NULL, encoder_free};
  struct csv_encoder *encoder = vs_memory_alloc(env->memory, sizeof *encoder);
  if (!encoder) return vs_fail_memory(err);
  *encoder = (struct csv_encoder){.base.ops = &ops,
                                  .memory = env->memory,
                                  .schema = schema,
                                  .delimiter = options->delimiter,
                                  .quote = options->quote ? options->quote : '"',
                                  .has_header = options->has_header};
  vs_text_init(&encoder->scratch, env->memory, 0);
  *ret_encoder = &encoder->base;
  return VS_OK;
}
