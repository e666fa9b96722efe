/* SPDX-License-Identifier: Apache-2.0
 * UTF-8: validation, code points and display width. Jupyter counts positions in code points, the engine in bytes. */
#ifndef VS_BASE_UTF8_H
#define VS_BASE_UTF8_H

#include "engine/base/macros.h"

/* Bytes of the well-formed character at `data`, 1 to 4; 0 when it is malformed or cut, or size is 0. */
size_t vs_utf8_size(const char *data, size_t size);
/* Decodes the character at `data`; U+FFFD and *ret_size 1 when malformed. */
uint32_t vs_utf8_decode(const char *data, size_t size, size_t *ret_size);
size_t vs_utf8_encode(uint32_t code_point, char ret_data[4]); /* bytes written; U+FFFD for an invalid one */
bool vs_utf8_is_valid(const char *data, size_t size);
size_t vs_utf8_count(const char *data, size_t size); /* characters; a malformed byte counts as one */
size_t vs_utf8_offset(const char *data, size_t size, size_t characters); /* bytes of the first n characters, clamped */
size_t vs_utf8_width(const char *data, size_t size);                     /* terminal columns */
bool vs_utf8_is_letter(uint32_t code_point);

#endif
