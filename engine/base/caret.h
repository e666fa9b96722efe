/* SPDX-License-Identifier: Apache-2.0
 * An error shown at its place: message, position, the quoted line with a caret under it, the hint. The kernel's
 * traceback and the shell's stderr both come from here. */
#ifndef VS_BASE_CARET_H
#define VS_BASE_CARET_H

#include "engine/base/text.h"

/* Both count from 1, columns in code points. An offset beyond the text is its end. */
void vs_line_column(struct vs_str text, uint32_t offset, uint32_t *ret_line, uint32_t *ret_column);
/* Appends
 *   VELO-1005 expected FROM ..., found 'FORM'
 *   cell:2:10
 *     SELECT a FORM trades
 *              ^~~~
 *   hint: did you mean FROM?
 * `source_text` is the whole text the error's span counts in; an error without a span shows no line. A second span
 * that explains the first is quoted below it. Colour is ANSI. */
void vs_caret_print(struct vs_str source_text, struct vs_str source_name, const struct vs_error *err, bool use_color,
                    struct vs_text *ret_text);

#endif
