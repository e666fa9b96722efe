/* SPDX-License-Identifier: Apache-2.0
 * Three-valued logic: AND, OR, NOT and the IS tests. Values are bytes, NULLs bits; where no side has NULLs the bits are
 * not looked at. */
#include "engine/function/kernel.h"

VS_BINARY_LOOP(bool_loop, uint8_t, uint8_t, uint8_t)
VS_UNARY_LOOP(bool_one, uint8_t, uint8_t)

static inline uint64_t both(const void *data, uint8_t a, uint8_t b, uint8_t *r) {
  (void)data;
  *r = a & b;
  return 0;
}
static inline uint64_t either(const void *data, uint8_t a, uint8_t b, uint8_t *r) {
  (void)data;
  *r = a | b;
  return 0;
}
static inline uint64_t negation(const void *data, uint8_t a, uint8_t *r) {
  (void)data;
  *r = !a;
  return 0;
}
VS_UNARY_KERNEL(eval_not, bool_one, negation, vs_report_overflow)

/* 64 bytes of 0 or 1 as bits; the multiplication gathers eight at a time. */
static uint64_t pack_word(const uint8_t *bytes, uint32_t count) {
  uint64_t word = 0, eight;
  uint32_t i = 0;
  for (; i + 8 <= count; i += 8) {
    memcpy(&eight, bytes + i, 8);
    word |= (eight * UINT64_C(0x0102040810204080) >> 56) << i;
  }
  for (; i < count; i++)
    word |= (uint64_t)bytes[i] << i;
  return word;
}

struct side { /* word by word: which rows are known, and which of the known ones decide alone */
  uint64_t valid, decides;
};
static struct side side_of(const struct vs_vector *vector, uint32_t word, uint32_t row_count, uint8_t deciding) {
  const uint8_t *bytes = vector->data;
  if (vector->encoding == VS_VECTOR_CONSTANT) {
    uint64_t valid = vs_vector_is_null(vector, 0) ? 0 : ~UINT64_C(0);
    return (struct side){valid, bytes[0] == deciding ? valid : 0};
  }
  uint64_t valid = vector->validity ? vector->validity[word] : ~UINT64_C(0);
  uint64_t values = pack_word(bytes + word * 64, VS_MIN(row_count - word * 64, 64));
  return (struct side){valid, (deciding ? values : ~values) & valid};
}

/* The result is known where both sides are, or where one known side decides alone: FALSE for AND, TRUE for OR. The
 * value needs no mending: the deciding side forces it whatever stands under the other side's NULL. */
static vs_status mend_validity(struct vs_eval *eval, const struct vs_vector *arguments, uint32_t row_count,
                               struct vs_vector *ret, uint8_t deciding, struct vs_error *err) {
  if (!arguments[0].validity && !arguments[1].validity) return VS_OK;
  uint64_t *bits = vs_vector_validity(ret, row_count, eval->arena);
  if (!bits) return vs_fail_memory(err);
  for (uint32_t word = 0; word < (row_count + 63) / 64; word++) {
    struct side a = side_of(&arguments[0], word, row_count, deciding);
    struct side b = side_of(&arguments[1], word, row_count, deciding);
    bits[word] = (a.valid & b.valid) | a.decides | b.decides;
  }
  return VS_OK;
}

static vs_status eval_and(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                          uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  bool_loop_run(both, call->data, arguments, row_count, ret);
  return mend_validity(eval, arguments, row_count, ret, 0, err);
}
static vs_status eval_or(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                         uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  bool_loop_run(either, call->data, arguments, row_count, ret);
  return mend_validity(eval, arguments, row_count, ret, 1, err);
}

/* IS tests: what a TRUE, a FALSE and a NULL give. */
struct is_test {
  const char *name;
  uint8_t of_true, of_false, of_null;
};
/* clang-format off */
static const struct is_test is_tests[] = {
  {"IS NULL", 0, 0, 1}, {"IS NOT NULL", 1, 1, 0}, {"IS TRUE", 1, 0, 0}, {"IS NOT TRUE", 0, 1, 1},
  {"IS FALSE", 0, 1, 0}, {"IS NOT FALSE", 1, 0, 1}, {"IS UNKNOWN", 0, 0, 1}, {"IS NOT UNKNOWN", 1, 1, 0},
};
/* clang-format on */

static vs_status eval_is(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                         uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  (void)eval, (void)err;
  const struct is_test *test = call->data;
  uint8_t *r = ret->data;
  if (test->of_true == test->of_false) {
    memset(r, test->of_true, row_count);
  } else {
    const uint8_t *a = arguments[0].data;
    for (uint32_t i = 0; i < row_count; i++)
      r[i] = a[i] ? test->of_true : test->of_false;
  }
  if (arguments[0].validity)
    for (uint32_t i = 0; i < row_count; i++)
      r[i] = vs_vector_is_null(&arguments[0], i) ? test->of_null : r[i];
  return VS_OK;
}

/* An INTEGER stands for a condition too: 0 is FALSE, everything else TRUE. */
static vs_status bind_conditions(const struct vs_scalar *self, struct vs_binding *binding, struct vs_error *err) {
  for (uint32_t i = 0; i < binding->argument_count; i++) {
    vs_type_id id = binding->arguments[i].id;
    if (id != VS_TYPE_BOOLEAN && id != VS_TYPE_INTEGER && id != VS_TYPE_NULL)
      return vs_bind_refuse(self->name, self->signature, binding, err);
  }
  for (uint32_t i = 0; i < binding->argument_count; i++)
    binding->arguments[i] = VS_TYPE(BOOLEAN);
  return VS_OK;
}

static vs_status bind_logic(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                            struct vs_error *err) {
  VS_TRY(bind_conditions(self, binding, err));
  ret_call->result = VS_TYPE(BOOLEAN);
  ret_call->eval = self->name[0] == 'A' ? eval_and : self->name[0] == 'O' ? eval_or : eval_not;
  return VS_OK;
}

static vs_status bind_is(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                         struct vs_error *err) {
  const struct is_test *test = is_tests;
  while (strcmp(test->name, self->name) != 0)
    test++;
  if (!strstr(self->name, "NULL")) VS_TRY(bind_conditions(self, binding, err));
  ret_call->result = VS_TYPE(BOOLEAN);
  ret_call->eval = eval_is;
  union { /* bound data is read-only; the contract's pointer is not const */
    const struct is_test *row;
    void *data;
  } pointer = {test};
  ret_call->data = pointer.data;
  return VS_OK;
}

/* clang-format off */
#define NULLS (VS_FN_HIDDEN | VS_FN_HANDLES_NULL)
static const struct vs_scalar rows[] = {
  {"AND", "", "a AND b", 2, 2, NULLS, bind_logic, "TRUE when both are, FALSE when one is FALSE, else NULL.", "(NULL AND FALSE) = FALSE"},
  {"OR", "", "a OR b", 2, 2, NULLS, bind_logic, "FALSE when both are, TRUE when one is TRUE, else NULL.", "(NULL OR TRUE) = TRUE"},
  {"NOT", "", "NOT a", 1, 1, VS_FN_HIDDEN, bind_logic, "The opposite; NULL of NULL.", "(NOT FALSE) = TRUE"},
  {"IS NULL", "", "x IS NULL", 1, 1, NULLS, bind_is, "Whether a value is missing.", "(NULL IS NULL) = TRUE"},
  {"IS NOT NULL", "", "x IS NOT NULL", 1, 1, NULLS, bind_is, "Whether a value is there.", "(0 IS NOT NULL) = TRUE"},
  {"IS TRUE", "", "a IS TRUE", 1, 1, NULLS, bind_is, "TRUE only for TRUE.", "((1 > NULL) IS TRUE) = FALSE"},
  {"IS NOT TRUE", "", "a IS NOT TRUE", 1, 1, NULLS, bind_is, "TRUE for FALSE and NULL.", "((1 > NULL) IS NOT TRUE) = TRUE"},
  {"IS FALSE", "", "a IS FALSE", 1, 1, NULLS, bind_is, "TRUE only for FALSE.", "((1 > 2) IS FALSE) = TRUE"},
  {"IS NOT FALSE", "", "a IS NOT FALSE", 1, 1, NULLS, bind_is, "TRUE for TRUE and NULL.", "((1 > NULL) IS NOT FALSE) = TRUE"},
  {"IS UNKNOWN", "", "a IS UNKNOWN", 1, 1, NULLS, bind_is, "TRUE only for NULL.", "((1 > NULL) IS UNKNOWN) = TRUE"},
  {"IS NOT UNKNOWN", "", "a IS NOT UNKNOWN", 1, 1, NULLS, bind_is, "TRUE for TRUE and FALSE.", "((1 > 2) IS NOT UNKNOWN) = TRUE"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_logic = {"logic", rows, VS_COUNT_OF(rows)};
