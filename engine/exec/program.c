/* SPDX-License-Identifier: Apache-2.0
 * Running a program: one pass over its steps. Compilation is in program_compile.c. */
#include "engine/exec/bits.h"
#include "engine/exec/program_step.h"

static bool is_mask_empty(const struct vs_program *program, uint32_t mask, uint32_t row_count) {
  return !vs_bits_any(program->masks[mask], row_count);
}

/* Milliseconds are floored, also before 1970. */
static int64_t floor_ms(int64_t us) {
  return us / 1000 - (us % 1000 < 0);
}

static vs_status load_event_time(struct vs_vector *ret, struct vs_eval *eval, const struct vs_batch *batch,
                                 struct vs_error *err) {
  uint32_t count = batch->row_count;
  VS_TRY(vs_vector_init(ret, VS_TYPE(TIMESTAMP_MS), VS_MAX(count, 1), eval->arena, err));
  uint64_t *validity = vs_vector_validity(ret, VS_MAX(count, 1), eval->arena);
  if (!validity) return vs_fail_memory(err);
  int64_t *values = ret->data;
  for (uint32_t i = 0; i < count; i++) {
    int64_t us = batch->event_time_us ? batch->event_time_us[i] : VS_TIME_NONE;
    values[i] = us == VS_TIME_NONE ? 0 : floor_ms(us);
    if (us == VS_TIME_NONE) vs_bit_clear(validity, i);
  }
  return VS_OK;
}

static vs_status call(struct vs_program *program, const struct vs_step *step, struct vs_eval *eval, uint32_t row_count,
                      struct vs_error *err) {
  for (uint32_t i = 0; i < step->argument_count; i++)
    program->arguments[i] = program->registers[step->arguments[i]];
  eval->active = step->mask || program->has_base ? program->masks[step->mask] : NULL;
  return vs_call_run(&step->bound->as.call.call, eval, program->arguments, step->argument_count, row_count,
                     &program->registers[step->ret], err);
}

/* The rows of `mask` for which the right side of AND or OR still decides. */
static void narrow(struct vs_program *program, const struct vs_step *step, uint32_t row_count) {
  uint64_t *to = program->masks[step->to_mask];
  const uint64_t *from = program->masks[step->mask];
  vs_bits_of_boolean(&program->registers[step->a], step->is == VS_STEP_NARROW_OR, row_count, to);
  for (uint32_t w = 0; w < vs_bits_words(row_count); w++)
    to[w] = from[w] & ~to[w];
}

static bool is_plain(const struct vs_vector *vector) {
  return vector->encoding == VS_VECTOR_FLAT && !vector->validity;
}

/* Without NULLs both connectives are one byte operation per row, which the compiler turns into SIMD. */
static void combine_plain(const struct vs_step *step, const uint8_t *a, const uint8_t *b, uint32_t row_count,
                          uint8_t *ret) {
  if (step->is == VS_STEP_AND)
    for (uint32_t i = 0; i < row_count; i++)
      ret[i] = a[i] & b[i];
  else
    for (uint32_t i = 0; i < row_count; i++)
      ret[i] = a[i] | b[i];
}

/* Three-valued logic on bitmaps of "is true" and "is false"; a row that is neither is NULL. */
static vs_status combine_bits(const struct vs_step *step, const struct vs_vector *a, const struct vs_vector *b,
                              struct vs_eval *eval, uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  uint64_t a_true[VS_BATCH_WORDS], a_false[VS_BATCH_WORDS], b_true[VS_BATCH_WORDS], b_false[VS_BATCH_WORDS];
  vs_bits_of_boolean(a, true, row_count, a_true);
  vs_bits_of_boolean(a, false, row_count, a_false);
  vs_bits_of_boolean(b, true, row_count, b_true);
  vs_bits_of_boolean(b, false, row_count, b_false);
  uint64_t *validity = vs_vector_validity(ret, VS_MAX(row_count, 1), eval->arena);
  if (!validity) return vs_fail_memory(err);
  bool is_and = step->is == VS_STEP_AND;
  for (uint32_t w = 0; w < vs_bits_words(row_count); w++) {
    uint64_t is_true = is_and ? a_true[w] & b_true[w] : a_true[w] | b_true[w];
    uint64_t is_false = is_and ? a_false[w] | b_false[w] : a_false[w] & b_false[w];
    a_true[w] = is_true;
    validity[w] = is_true | is_false;
  }
  vs_bits_bytes(a_true, row_count, ret->data);
  return VS_OK;
}

static vs_status combine(struct vs_program *program, const struct vs_step *step, struct vs_eval *eval,
                         uint32_t row_count, struct vs_error *err) {
  const struct vs_vector *a = &program->registers[step->a], *b = &program->registers[step->b];
  struct vs_vector ret;
  VS_TRY(vs_vector_init(&ret, VS_TYPE(BOOLEAN), VS_MAX(row_count, 1), eval->arena, err));
  if (is_plain(a) && is_plain(b))
    combine_plain(step, a->data, b->data, row_count, ret.data);
  else
    VS_TRY(combine_bits(step, a, b, eval, row_count, &ret, err));
  program->registers[step->ret] = ret;
  return VS_OK;
}

/* Every row starts as NULL over zeroed data: kernels read all rows, also those no branch writes. */
static vs_status case_begin(struct vs_program *program, const struct vs_step *step, struct vs_eval *eval,
                            uint32_t row_count, struct vs_error *err) {
  struct vs_vector *ret = &program->registers[step->ret];
  VS_TRY(vs_vector_init(ret, step->bound->type, VS_MAX(row_count, 1), eval->arena, err));
  memset(ret->data, 0, vs_physical_size(vs_type_physical(ret->type)) * row_count);
  uint64_t *validity = vs_vector_validity(ret, VS_MAX(row_count, 1), eval->arena);
  if (!validity) return vs_fail_memory(err);
  memset(validity, 0, vs_bits_words(row_count) * sizeof *validity);
  memcpy(program->masks[step->to_mask], program->masks[step->mask], vs_bits_words(row_count) * sizeof(uint64_t));
  return VS_OK;
}

static void case_when(struct vs_program *program, const struct vs_step *step, uint32_t row_count) {
  uint64_t *rest = program->masks[step->mask], *taken = program->masks[step->to_mask];
  vs_bits_of_boolean(&program->registers[step->a], true, row_count, taken);
  for (uint32_t w = 0; w < vs_bits_words(row_count); w++) {
    taken[w] &= rest[w];
    rest[w] &= ~taken[w];
  }
}

VS_INLINE void copy_rows(char *to, const char *from, size_t size, size_t step, const uint64_t *rows, uint32_t words) {
  for (uint32_t w = 0; w < words; w++)
    for (uint64_t word = rows[w]; word; word &= word - 1) {
      size_t row = w * 64 + (size_t)__builtin_ctzll(word);
      memcpy(to + row * size, from + row * step, size);
    }
}

static void copy_sized(char *to, const char *from, size_t size, bool is_constant, const uint64_t *rows,
                       uint32_t words) {
  if (size == 1)
    copy_rows(to, from, 1, is_constant ? 0 : 1, rows, words);
  else if (size == 8)
    copy_rows(to, from, 8, is_constant ? 0 : 8, rows, words);
  else
    copy_rows(to, from, 16, is_constant ? 0 : 16, rows, words);
}

static vs_status case_take(struct vs_program *program, const struct vs_step *step, struct vs_eval *eval,
                           uint32_t row_count, struct vs_error *err) {
  struct vs_vector *ret = &program->registers[step->ret], from = program->registers[step->a];
  const uint64_t *rows = program->masks[step->mask];
  if (from.encoding == VS_VECTOR_DICTIONARY)
    VS_TRY(vs_vector_flatten(&program->registers[step->a], row_count, eval->arena, &from, err));
  bool is_constant = from.encoding == VS_VECTOR_CONSTANT;
  if (is_constant && vs_vector_is_null(&from, 0)) return VS_OK;
  for (uint32_t w = 0; w < vs_bits_words(row_count); w++)
    ret->validity[w] |= from.validity && !is_constant ? rows[w] & from.validity[w] : rows[w];
  copy_sized(ret->data, from.data, vs_physical_size(vs_type_physical(ret->type)), is_constant, rows,
             vs_bits_words(row_count));
  return VS_OK;
}

/* One step; *ret_jump says whether its branch is left out. */
static vs_status run_step(struct vs_program *program, const struct vs_step *step, struct vs_eval *eval,
                          const struct vs_batch *batch, bool *ret_jump, struct vs_error *err) {
  uint32_t row_count = batch->row_count;
  switch (step->is) {
  case VS_STEP_COLUMN: program->registers[step->ret] = batch->columns[step->bound->as.column]; return VS_OK;
  case VS_STEP_EVENT_TIME: return load_event_time(&program->registers[step->ret], eval, batch, err);
  case VS_STEP_CALL: return call(program, step, eval, row_count, err);
  case VS_STEP_NARROW_AND:
  case VS_STEP_NARROW_OR:
    narrow(program, step, row_count);
    if (is_mask_empty(program, step->to_mask, row_count)) {
      program->registers[step->ret] = program->registers[step->a];
      *ret_jump = true;
    }
    return VS_OK;
  case VS_STEP_AND:
  case VS_STEP_OR: return combine(program, step, eval, row_count, err);
  case VS_STEP_CASE_BEGIN: return case_begin(program, step, eval, row_count, err);
  case VS_STEP_CASE_WHEN:
    case_when(program, step, row_count);
    *ret_jump = is_mask_empty(program, step->to_mask, row_count);
    return VS_OK;
  case VS_STEP_CASE_ELSE: *ret_jump = is_mask_empty(program, step->mask, row_count); return VS_OK;
  case VS_STEP_CASE_TAKE: return case_take(program, step, eval, row_count, err);
  }
  return VS_OK;
}

/* The rows whose errors count at all. Without laziness and selection no mask is needed. */
static void set_base(struct vs_program *program, const struct vs_batch *batch) {
  program->has_base = program->is_lazy || batch->selection;
  if (!program->has_base) return;
  uint64_t *base = program->masks[0];
  if (!batch->selection) {
    vs_bits_fill(base, batch->row_count);
    return;
  }
  memset(base, 0, vs_bits_words(batch->row_count) * sizeof *base);
  for (uint32_t i = 0; i < batch->selected_count; i++)
    vs_bit_set(base, batch->selection[i]);
}

vs_status vs_program_run(struct vs_program *program, struct vs_eval *eval, const struct vs_batch *batch,
                         struct vs_vector *ret_vectors, struct vs_error *err) {
  set_base(program, batch);
  eval->errors->batch = batch;
  eval->first_row = batch->first_row;
  eval->row_offsets = batch->row_offsets;
  for (uint32_t i = 0; i < program->step_count; i++) {
    bool jump = false;
    VS_TRY(run_step(program, &program->steps[i], eval, batch, &jump, err));
    if (jump) i = program->steps[i].jump - 1;
  }
  eval->active = NULL;
  eval->errors->batch = NULL;
  for (uint32_t i = 0; i < program->root_count; i++)
    ret_vectors[i] = program->registers[program->roots[i]];
  return VS_OK;
}
