/* SPDX-License-Identifier: Apache-2.0
 * Kernels that go row by row, and the reading of instants they share. */
#include "engine/function/kernel.h"
#include "engine/types/time.h"
#include <stdio.h>

enum { FIELD_MAX = 16 << 20 };

vs_status vs_each_row(vs_row_operator op, struct vs_eval *eval, const struct vs_call_bound *call,
                      const struct vs_vector *arguments, uint32_t row_count, struct vs_vector *ret,
                      struct vs_error *err) {
  struct vs_rows rows = {eval, call, arguments, row_count, ret, err, {.arena = eval->arena}, {0}};
  vs_text_init(&rows.text, eval->env->memory, FIELD_MAX);
  size_t size = vs_physical_size(vs_type_physical(ret->type));
  memset(ret->data, 0, size * row_count);
  vs_status status = VS_OK;
  for (uint32_t row = 0; status == VS_OK && row < row_count; row++)
    if (vs_row_counts(eval, ret, row)) status = op(&rows, row);
  vs_text_release(&rows.text);
  return status;
}

vs_status vs_rows_put_text(struct vs_rows *rows, uint32_t row) {
  size_t size = rows->text.size;
  if (rows->text.is_failed) {
    rows->text.is_failed = false;
    vs_text_clear(&rows->text);
    return vs_rows_fail(rows, row, VS_CODE_FIELD_LIMIT, "%s makes a text over 16 MiB", rows->call->function->name);
  }
  char *room = vs_bytes_reserve(&rows->bytes, size);
  if (!room) return vs_fail_memory(rows->err);
  if (size) memcpy(room, rows->text.data, size);
  ((struct vs_string *)rows->ret->data)[row] = vs_bytes_take(&rows->bytes, size);
  vs_text_clear(&rows->text);
  return VS_OK;
}

vs_status vs_rows_null(struct vs_rows *rows, uint32_t row) {
  uint64_t *bits = vs_vector_validity(rows->ret, rows->row_count, rows->eval->arena);
  if (!bits) return vs_fail_memory(rows->err);
  vs_bit_clear(bits, row);
  return VS_OK;
}

vs_status vs_rows_fail(struct vs_rows *rows, uint32_t row, vs_code code, const char *format, ...) {
  char message[200] = "";
  if (vs_row_errors_keep(rows->eval->errors)) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
  }
  vs_eval_fail_row(rows->eval, row, code, rows->call->span, message);
  return VS_OK;
}

bool vs_bind_constant_str(const struct vs_binding *binding, uint32_t argument, struct vs_str *ret_text) {
  const struct vs_value *value = binding->constants ? binding->constants[argument] : NULL;
  if (!value || value->is_null || value->type.id != VS_TYPE_STRING) return false;
  *ret_text = value->as.string;
  return true;
}

bool vs_bind_instant(struct vs_binding *binding, uint32_t argument) {
  struct vs_type *type = &binding->arguments[argument];
  switch (type->id) {
  case VS_TYPE_NULL:
  case VS_TYPE_STRING:
  case VS_TYPE_DATE:
  case VS_TYPE_TIMESTAMP: *type = VS_TYPE(TIMESTAMP); return true;
  case VS_TYPE_INTEGER:
  case VS_TYPE_TIMESTAMP_MS: return true;
  default: return false;
  }
}

bool vs_rows_instant(const struct vs_rows *rows, uint32_t argument, uint32_t row, int64_t *ret_us) {
  int64_t value = vs_rows_i64(rows, argument, row);
  if (rows->arguments[argument].type.id != VS_TYPE_TIMESTAMP) return vs_epoch_to_us(value, VS_EPOCH_MILLIS, ret_us);
  *ret_us = value;
  return true;
}
