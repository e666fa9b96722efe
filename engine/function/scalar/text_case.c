/* SPDX-License-Identifier: Apache-2.0
 * UPPER, LOWER, INITCAP, REVERSE: character by character, with the simple (one to one) folding of Unicode. */
#include "engine/base/utf8.h"
#include "engine/function/kernel.h"
#include <utf8proc.h>

static bool is_ascii(struct vs_str text) {
  unsigned char any = 0;
  for (size_t i = 0; i < text.size; i++)
    any |= (unsigned char)text.data[i];
  return any < 0x80;
}

static inline char ascii_upper(char c) {
  return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}
static inline char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* utf8proc pairs sharp s with a capital that Unicode's simple folding does not know. */
static uint32_t simple_upper(uint32_t code_point) {
  return code_point == 0xdf ? code_point : (uint32_t)utf8proc_toupper((int32_t)code_point);
}
static uint32_t simple_lower(uint32_t code_point) {
  return (uint32_t)utf8proc_tolower((int32_t)code_point);
}

static void put_code_point(struct vs_text *text, uint32_t code_point) {
  char bytes[4];
  vs_text_append(text, bytes, vs_utf8_encode(code_point, bytes));
}

static vs_status fold_ascii(struct vs_rows *rows, uint32_t row, struct vs_str text, bool is_upper) {
  char *room = vs_bytes_reserve(&rows->bytes, text.size);
  if (!room) return vs_fail_memory(rows->err);
  for (size_t i = 0; i < text.size; i++)
    room[i] = is_upper ? ascii_upper(text.data[i]) : ascii_lower(text.data[i]);
  ((struct vs_string *)rows->ret->data)[row] = vs_bytes_take(&rows->bytes, text.size);
  return VS_OK;
}

static vs_status fold_row(struct vs_rows *rows, uint32_t row, bool is_upper) {
  struct vs_str text = vs_rows_str(rows, 0, row);
  if (is_ascii(text)) return fold_ascii(rows, row, text, is_upper);
  for (size_t at = 0, size; at < text.size; at += size) {
    uint32_t code_point = vs_utf8_decode(text.data + at, text.size - at, &size);
    put_code_point(&rows->text, is_upper ? simple_upper(code_point) : simple_lower(code_point));
  }
  return vs_rows_put_text(rows, row);
}
static vs_status upper_row(struct vs_rows *rows, uint32_t row) {
  return fold_row(rows, row, true);
}
static vs_status lower_row(struct vs_rows *rows, uint32_t row) {
  return fold_row(rows, row, false);
}

/* A word is a run of letters and digits. */
static vs_status initcap_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_rows_str(rows, 0, row);
  bool in_word = false;
  for (size_t at = 0, size; at < text.size; at += size) {
    uint32_t code_point = vs_utf8_decode(text.data + at, text.size - at, &size);
    put_code_point(&rows->text, in_word ? simple_lower(code_point) : simple_upper(code_point));
    in_word = vs_utf8_is_letter(code_point) || (code_point >= '0' && code_point <= '9');
  }
  return vs_rows_put_text(rows, row);
}

static vs_status reverse_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_rows_str(rows, 0, row);
  char *room = vs_bytes_reserve(&rows->bytes, text.size);
  if (!room) return vs_fail_memory(rows->err);
  char *to = room + text.size;
  for (size_t at = 0, size; at < text.size; at += size) {
    (void)vs_utf8_decode(text.data + at, text.size - at, &size);
    to -= size;
    memcpy(to, text.data + at, size);
  }
  ((struct vs_string *)rows->ret->data)[row] = vs_bytes_take(&rows->bytes, text.size);
  return VS_OK;
}
VS_ROW_KERNEL(eval_upper, upper_row)
VS_ROW_KERNEL(eval_lower, lower_row)
VS_ROW_KERNEL(eval_initcap, initcap_row)
VS_ROW_KERNEL(eval_reverse, reverse_row)

static vs_status bind_case(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  VS_TRY(vs_bind_all(self, binding, VS_TYPE(STRING), err));
  ret_call->result = VS_TYPE(STRING);
  switch (self->name[0]) {
  case 'U': ret_call->eval = eval_upper; break;
  case 'L': ret_call->eval = eval_lower; break;
  case 'I': ret_call->eval = eval_initcap; break;
  default: ret_call->eval = eval_reverse; break;
  }
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"UPPER", "UCASE", "(s) -> STRING", 1, 1, VS_FN_DICTIONARY, bind_case, "The text in capital letters.", "UPPER('straße') = 'STRAßE'"},
  {"LOWER", "LCASE", "(s) -> STRING", 1, 1, VS_FN_DICTIONARY, bind_case, "The text in small letters.", "LOWER('ÉTÉ') = 'été'"},
  {"INITCAP", "", "(s) -> STRING", 1, 1, VS_FN_DICTIONARY, bind_case, "The text with each word's first letter a capital.", "INITCAP('new york') = 'New York'"},
  {"REVERSE", "", "(s) -> STRING", 1, 1, VS_FN_DICTIONARY, bind_case, "The characters from last to first.", "REVERSE('abc') = 'cba'"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_text_case = {"strings: case", rows, VS_COUNT_OF(rows)};
