/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/utf8.h"

#include <string.h>
#include <utf8proc.h>

static bool is_tail(char c) {
  return ((unsigned char)c & 0xC0) == 0x80;
}

size_t vs_utf8_size(const char *data, size_t size) {
  if (size == 0) return 0;
  unsigned char first = (unsigned char)data[0];
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  size_t wanted = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (size < wanted) return 0;
  for (size_t i = 1; i < wanted; i++)
    if (!is_tail(data[i])) return 0;
  unsigned char second = (unsigned char)data[1];
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
      (first == 0xF4 && second > 0x8F))
    return 0;
  return wanted;
}

uint32_t vs_utf8_decode(const char *data, size_t size, size_t *ret_size) {
  size_t length = vs_utf8_size(data, size);
  const unsigned char *d = (const unsigned char *)data;
  *ret_size = length ? length : 1;
  switch (length) {
  case 1: return d[0];
  case 2: return (uint32_t)(d[0] & 0x1F) << 6 | (d[1] & 0x3F);
  case 3: return (uint32_t)(d[0] & 0x0F) << 12 | (uint32_t)(d[1] & 0x3F) << 6 | (d[2] & 0x3F);
  case 4:
    return (uint32_t)(d[0] & 0x07) << 18 | (uint32_t)(d[1] & 0x3F) << 12 | (uint32_t)(d[2] & 0x3F) << 6 | (d[3] & 0x3F);
  default: return 0xFFFD;
  }
}

size_t vs_utf8_encode(uint32_t code_point, char ret_data[4]) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = 0xFFFD;
  return (size_t)utf8proc_encode_char((utf8proc_int32_t)code_point, (utf8proc_uint8_t *)ret_data);
}

bool vs_utf8_is_valid(const char *data, size_t size) {
  size_t i = 0;
  while (i < size) {
    uint64_t word;
    if (size - i >= sizeof word && (memcpy(&word, data + i, sizeof word), !(word & 0x8080808080808080u))) {
      i += sizeof word;
      continue;
    }
    size_t length = vs_utf8_size(data + i, size - i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

size_t vs_utf8_count(const char *data, size_t size) {
  size_t count = 0;
  for (size_t i = 0; i < size; count++) {
    size_t length = vs_utf8_size(data + i, size - i);
    i += length ? length : 1;
  }
  return count;
}

size_t vs_utf8_offset(const char *data, size_t size, size_t characters) {
  size_t i = 0;
  while (i < size && characters--) {
    size_t length = vs_utf8_size(data + i, size - i);
    i += length ? length : 1;
  }
  return i;
}

size_t vs_utf8_width(const char *data, size_t size) {
  size_t width = 0;
  for (size_t i = 0, length = 0; i < size; i += length) {
    int columns = utf8proc_charwidth((utf8proc_int32_t)vs_utf8_decode(data + i, size - i, &length));
    width += columns > 0 ? (size_t)columns : 0;
  }
  return width;
}

bool vs_utf8_is_letter(uint32_t code_point) {
  utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code_point);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}
