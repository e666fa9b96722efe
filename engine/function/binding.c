/* SPDX-License-Identifier: Apache-2.0
 * What bind functions share: implicit conversions, refusals, reports of flagged rows, bytes of made strings. */
#include "engine/function/kernel.h"
#include "engine/types/number.h"
#include <stdio.h>

bool vs_converts(struct vs_type from, struct vs_type to) {
  struct vs_type common;
  if (to.id == VS_TYPE_DECIMAL && (from.id == VS_TYPE_DECIMAL || from.id == VS_TYPE_INTEGER)) return true;
  if (to.id == VS_TYPE_INTEGER && from.id == VS_TYPE_TIMESTAMP_MS) return true;
  return vs_type_common(from, to, &common) && common.id == to.id;
}

static void put_types(const struct vs_binding *binding, char *text, size_t capacity) {
  size_t size = 0;
  text[0] = 0;
  for (uint32_t i = 0; i < binding->argument_count && size < capacity; i++) {
    char type[32];
    int added =
        snprintf(text + size, capacity - size, "%s%s", i ? ", " : "", vs_type_print(binding->arguments[i], type));
    size += (size_t)VS_MAX(added, 0);
  }
}

static bool is_operator_name(const char *name) {
  return !((name[0] >= 'A' && name[0] <= 'Z') || name[0] == '_') || vs_str_equal(vs_str_of(name), VS_STR("AND")) ||
         vs_str_equal(vs_str_of(name), VS_STR("OR")) || strstr(name, "LIKE") || strchr(name, ' ');
}

/* A column of numbers that holds one word among them is text: this says how to go on. */
static const char *conversion_of(const char *signature, const struct vs_binding *binding) {
  bool wants_number = strncmp(signature, "(number", 7) == 0;
  bool is_text = binding->argument_count && binding->arguments[0].id == VS_TYPE_STRING;
  return wants_number && is_text ? "; TRY_CAST(... AS DECIMAL(18,4)) reads text as numbers, or NULL" : "";
}

vs_status vs_bind_refuse(const char *name, const char *signature, const struct vs_binding *binding,
                         struct vs_error *err) {
  char types[160], left[32], right[32];
  if (is_operator_name(name) && binding->argument_count == 2)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_TYPE_CLASH, binding->span, "%s %s %s: these types do not go together",
                                vs_type_print(binding->arguments[0], left), name,
                                vs_type_print(binding->arguments[1], right)),
                        "CAST one side to the type of the other");
  put_types(binding, types, sizeof types);
  return vs_fail_hint(err, vs_fail(err, VS_CODE_WRONG_ARGUMENTS, binding->span, "%s does not take (%s)", name, types),
                      "the form is %s%s%s", is_operator_name(name) ? "" : name, signature,
                      conversion_of(signature, binding));
}

vs_status vs_bind_all(const struct vs_scalar *self, struct vs_binding *binding, struct vs_type type,
                      struct vs_error *err) {
  for (uint32_t i = 0; i < binding->argument_count; i++) {
    if (!vs_converts(binding->arguments[i], type)) return vs_bind_refuse(self->name, self->signature, binding, err);
  }
  for (uint32_t i = 0; i < binding->argument_count; i++)
    binding->arguments[i] = type;
  return VS_OK;
}

bool vs_bind_common(const struct vs_binding *binding, uint32_t first, struct vs_type *ret_type) {
  struct vs_type common = VS_TYPE(NULL);
  for (uint32_t i = first; i < binding->argument_count; i++)
    if (!vs_type_common(common, binding->arguments[i], &common)) return false;
  *ret_type = common;
  return true;
}

struct vs_type vs_bind_decimal(const struct vs_binding *binding, uint32_t argument) {
  struct vs_type type = binding->arguments[argument];
  if (type.id == VS_TYPE_DECIMAL) return type;
  const struct vs_value *constant = binding->constants ? binding->constants[argument] : NULL;
  if (!constant || constant->is_null || constant->type.id != VS_TYPE_INTEGER) return vs_type_decimal(19, 0);
  char digits[24];
  size_t size = vs_integer_print(constant->as.integer, digits);
  return vs_type_decimal((uint8_t)(size - (constant->as.integer < 0)), 0);
}

void vs_print_operand(const struct vs_flagged *flagged, uint32_t argument, uint32_t row, char *text, size_t capacity) {
  struct vs_text printed;
  vs_text_init(&printed, flagged->eval->env->memory, 4096);
  struct vs_value value = vs_value_get(&flagged->arguments[argument], row);
  vs_value_print(&value, VS_STYLE_TABLE, &printed);
  struct vs_str shown = vs_text_view(&printed);
  if (printed.is_failed && !printed.is_cut) shown = VS_STR("(out of memory)");
  snprintf(text, capacity, "%.*s", (int)VS_MIN(shown.size, capacity - 1), shown.data);
  vs_text_release(&printed);
}

/* "9223372036854775807 + 1" or "POWER(10, 400)". */
static void put_call(const struct vs_flagged *flagged, uint32_t row, char *text, size_t capacity) {
  const char *name = flagged->call->function->name;
  char operands[2][64] = {"", ""};
  uint32_t count = VS_MIN(flagged->argument_count, 2);
  for (uint32_t i = 0; i < count; i++)
    vs_print_operand(flagged, i, row, operands[i], sizeof operands[i]);
  if (!is_operator_name(name))
    snprintf(text, capacity, "%s(%s%s%s)", name, operands[0], count > 1 ? ", " : "", operands[1]);
  else if (count == 1)
    snprintf(text, capacity, "%s%s", name, operands[0]);
  else
    snprintf(text, capacity, "%s %s %s", operands[0], name, operands[1]);
}

vs_status vs_report_overflow(const struct vs_flagged *flagged, uint32_t row) {
  char message[200] = "", call[150], type[32];
  if (vs_row_errors_keep(flagged->eval->errors)) {
    put_call(flagged, row, call, sizeof call);
    snprintf(message, sizeof message, "%s does not fit %s", call, vs_type_print(flagged->call->result, type));
  }
  vs_eval_fail_row(flagged->eval, row, VS_CODE_OVERFLOW, flagged->call->span, message);
  return VS_OK;
}

static bool is_zero(const struct vs_vector *vector, uint32_t row) {
  struct vs_value value = vs_value_get(vector, row);
  if (value.type.id == VS_TYPE_DECIMAL) return value.as.decimal == 0;
  return value.type.id == VS_TYPE_FLOAT ? value.as.real == 0 : value.as.integer == 0;
}

vs_status vs_row_to_null(const struct vs_flagged *flagged, uint32_t row) {
  uint64_t *bits = vs_vector_validity(flagged->ret, flagged->row_count, flagged->eval->arena);
  if (!bits) return vs_fail_memory(flagged->err);
  vs_bit_clear(bits, row);
  return VS_OK;
}

vs_status vs_report_division(const struct vs_flagged *flagged, uint32_t row) {
  struct vs_eval *eval = flagged->eval;
  char message[200] = "", call[150];
  if (!is_zero(&flagged->arguments[1], row)) return vs_report_overflow(flagged, row);
  if (!eval->division_by_zero_fails) {
    eval->division_by_zero_count++;
    return vs_row_to_null(flagged, row);
  }
  if (vs_row_errors_keep(eval->errors)) {
    put_call(flagged, row, call, sizeof call);
    snprintf(message, sizeof message, "%s divides by zero", call);
  }
  vs_eval_fail_row(eval, row, VS_CODE_DIVISION_BY_ZERO, flagged->call->span, message);
  return VS_OK;
}

vs_status vs_report_domain(const struct vs_flagged *flagged, uint32_t row) {
  flagged->eval->domain_count++;
  return vs_row_to_null(flagged, row);
}

enum { BYTES_BLOCK = 32 * 1024 };

char *vs_bytes_reserve(struct vs_bytes *bytes, size_t size) {
  if (bytes->at && (size_t)(bytes->end - bytes->at) >= size) return bytes->at;
  size_t block = VS_MAX(size, BYTES_BLOCK);
  bytes->at = vs_arena_alloc(bytes->arena, block);
  bytes->end = bytes->at ? bytes->at + block : NULL;
  return bytes->at;
}

struct vs_string vs_bytes_take(struct vs_bytes *bytes, size_t size) {
  struct vs_string string = vs_string_of(bytes->at, size);
  if (size > VS_STRING_INLINE) bytes->at += size;
  return string;
}
