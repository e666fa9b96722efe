/* SPDX-License-Identifier: Apache-2.0
 * What every operator needs: handing batches on, dropping rows, slices. */
#include "engine/exec/context.h"
#include "engine/exec/bits.h"

vs_status vs_fail_state(const struct vs_job_context *context, const char *clause, struct vs_span span,
                        struct vs_error *err) {
  if (!atomic_load_explicit(&context->state.is_over_limit, memory_order_relaxed)) return vs_fail_memory(err);
  vs_status status = vs_fail(err, VS_CODE_STATE_LIMIT, span, "the state of %s is over its budget of %zu MiB", clause,
                             context->state.limit_bytes >> 20);
  return vs_fail_hint(err, status, "SET state.limit to more, narrow the query with WHERE, or use a shorter WINDOW");
}

vs_status vs_push(struct vs_operator_run *to, const struct vs_batch *batch, struct vs_error *err) {
  return batch->selected_count ? to->ops->push(to, batch, err) : VS_OK;
}

vs_status vs_forward_watermark(struct vs_operator_run *run, int64_t watermark_us, struct vs_error *err) {
  return run->next->ops->watermark(run->next, watermark_us, err);
}

vs_status vs_forward_finish(struct vs_operator_run *run, struct vs_error *err) {
  return run->next->ops->finish(run->next, err);
}

static vs_status compact_watermarks(const struct vs_batch *batch, struct vs_arena *arena, struct vs_batch *result,
                                    struct vs_error *err) {
  if (!batch->watermark_us) return VS_OK;
  int64_t *watermarks = vs_arena_alloc(arena, VS_MAX(batch->selected_count, 1) * sizeof *watermarks);
  if (!watermarks) return vs_fail_memory(err);
  for (uint32_t i = 0; i < batch->selected_count; i++)
    watermarks[i] = batch->watermark_us[batch->selection[i]];
  result->watermark_us = watermarks;
  return VS_OK;
}

vs_status vs_compact(const struct vs_batch *batch, struct vs_arena *arena, struct vs_batch *ret_batch,
                     struct vs_error *err) {
  struct vs_batch result;
  VS_TRY(vs_batch_compact(batch, arena, &result, err));
  if (batch->selection) VS_TRY(compact_watermarks(batch, arena, &result, err));
  *ret_batch = result;
  return VS_OK;
}

vs_status vs_selection_bits(const struct vs_batch *batch, struct vs_arena *arena, uint64_t **ret_bits,
                            struct vs_error *err) {
  uint64_t *bits = NULL;
  if (batch->selection) {
    bits = VS_ARENA_ARRAY(arena, uint64_t, VS_MAX(vs_bits_words(batch->row_count), 1));
    if (!bits) return vs_fail_memory(err);
    for (uint32_t i = 0; i < batch->selected_count; i++)
      vs_bit_set(bits, batch->selection[i]);
  }
  *ret_bits = bits;
  return VS_OK;
}

static vs_status slice_validity(const uint64_t *from, uint32_t begin, uint32_t end, struct vs_arena *arena,
                                uint64_t **ret_bits, struct vs_error *err) {
  uint64_t *bits = VS_ARENA_ARRAY(arena, uint64_t, VS_MAX(vs_bits_words(end - begin), 1));
  if (!bits) return vs_fail_memory(err);
  for (uint32_t i = begin; i < end; i++)
    if (vs_bit_get(from, i)) vs_bit_set(bits, i - begin);
  *ret_bits = bits;
  return VS_OK;
}

static size_t cell_size(const struct vs_vector *vector) {
  return vector->encoding == VS_VECTOR_DICTIONARY ? sizeof(uint16_t) : vs_physical_size(vs_type_physical(vector->type));
}

static vs_status slice_vector(const struct vs_vector *from, uint32_t begin, uint32_t end, struct vs_arena *arena,
                              struct vs_vector *ret_vector, struct vs_error *err) {
  *ret_vector = *from;
  if (from->encoding == VS_VECTOR_CONSTANT || !from->data) return VS_OK;
  ret_vector->data = (char *)from->data + begin * cell_size(from);
  return from->validity ? slice_validity(from->validity, begin, end, arena, &ret_vector->validity, err) : VS_OK;
}

static vs_status slice_selection(const struct vs_batch *batch, uint32_t begin, uint32_t end, struct vs_arena *arena,
                                 struct vs_batch *result, struct vs_error *err) {
  uint16_t *selection = VS_ARENA_ARRAY(arena, uint16_t, VS_MAX(end - begin, 1));
  if (!selection) return vs_fail_memory(err);
  uint32_t count = 0;
  for (uint32_t i = 0; i < batch->selected_count; i++)
    if (batch->selection[i] >= begin && batch->selection[i] < end)
      selection[count++] = (uint16_t)(batch->selection[i] - begin);
  result->selection = selection;
  result->selected_count = count;
  return VS_OK;
}

vs_status vs_batch_slice(const struct vs_batch *batch, uint32_t begin, uint32_t end, struct vs_arena *arena,
                         struct vs_batch *ret_batch, struct vs_error *err) {
  struct vs_batch result = *batch;
  result.row_count = result.selected_count = end - begin;
  result.columns = VS_ARENA_ARRAY(arena, struct vs_vector, VS_MAX(batch->schema->field_count, 1));
  if (!result.columns) return vs_fail_memory(err);
  for (uint32_t i = 0; i < batch->schema->field_count; i++)
    VS_TRY(slice_vector(&batch->columns[i], begin, end, arena, &result.columns[i], err));
  result.event_time_us = batch->event_time_us ? batch->event_time_us + begin : NULL;
  result.watermark_us = batch->watermark_us ? batch->watermark_us + begin : NULL;
  result.weight = batch->weight ? batch->weight + begin : NULL;
  result.row_offsets = batch->row_offsets ? batch->row_offsets + begin : NULL;
  result.first_row = batch->first_row + (batch->row_offsets ? 0 : begin);
  if (batch->selection) VS_TRY(slice_selection(batch, begin, end, arena, &result, err));
  *ret_batch = result;
  return VS_OK;
}

vs_status vs_drop_failed(struct vs_job_context *context, const struct vs_batch *batch, struct vs_batch *ret_batch,
                         struct vs_error *err) {
  *ret_batch = *batch;
  if (!context->errors.has_failed) return VS_OK;
  uint16_t *selection = VS_ARENA_ARRAY(context->eval.arena, uint16_t, VS_MAX(batch->selected_count, 1));
  if (!selection) return vs_fail_memory(err);
  uint32_t count = 0;
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    uint16_t row = batch->selection ? batch->selection[i] : (uint16_t)i;
    if (!vs_bit_get(context->errors.failed, row)) selection[count++] = row;
  }
  ret_batch->selection = selection;
  ret_batch->selected_count = count;
  return VS_OK;
}
