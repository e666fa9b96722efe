/* SPDX-License-Identifier: Apache-2.0
 * How the studio words numbers for people: footers, headers, axes. Exact values of cells are vs_value_print's. */
#ifndef VSK_DISPLAY_FIGURE_H
#define VSK_DISPLAY_FIGURE_H

#include "engine/base/text.h"

void vsk_print_count(uint64_t count, struct vs_text *ret_text);                    /* 9,999 */
void vsk_print_plural(uint64_t count, const char *noun, struct vs_text *ret_text); /* "1 row", "9,999 rows" */
void vsk_print_compact(double value, struct vs_text *ret_text); /* three digits: 12.5 K, 0.00812, 3.4 M */
void vsk_print_duration(int64_t us, struct vs_text *ret_text);  /* 3 ms, 0.8 s, 2 min 05 s */
/* Fixed decimals, thousands separators before the point; "-" as the sign. */
void vsk_print_fixed(double value, uint32_t decimals, struct vs_text *ret_text);

#endif
