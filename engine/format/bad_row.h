/* SPDX-License-Identifier: Apache-2.0
 * Rows that never make it into a batch: counted and sampled like any row error, without a bit in the batch's bitmap. */
#ifndef VS_FORMAT_BAD_ROW_H
#define VS_FORMAT_BAD_ROW_H

#include "engine/types/row_error.h"

enum { VS_ROW_LIMIT = 16 << 20 }; /* a row longer than 16 MiB is bad */

/* Takes errors->text and errors->values as the row's and clears them. `line` counts from 1. The message is formatted
 * only when it is kept. */
void vs_bad_row_add(struct vs_row_errors *errors, uint64_t line, vs_code code, const char *format, ...) VS_PRINTF(4, 5);

/* A value for a message: at most 40 bytes of it, control characters as '?', "..." when cut. Returns ret_text. */
enum { VS_SHOWN_VALUE = 48 };
const char *vs_shown_value(struct vs_str value, char ret_text[VS_SHOWN_VALUE]);

#endif
