/* SPDX-License-Identifier: Apache-2.0
 * Exact decimals on 128-bit integers: text, rescaling with half-away-from-zero rounding, the operators' result types
 * (spec/sql.md 5). Every function that can overflow says so and leaves its output alone. */
#ifndef VS_TYPES_DECIMAL_H
#define VS_TYPES_DECIMAL_H

#include "engine/types/type.h"

vs_i128 vs_power_of_ten(uint32_t exponent); /* exponent <= 38 */
/* Digits with at most one dot and an optional sign; scale and digit count come from the text. */
bool vs_decimal_parse(struct vs_str text, vs_i128 *ret_value, uint32_t *ret_scale, uint32_t *ret_digits) VS_NODISCARD;
/* Exactly `scale` decimals; `trim` removes trailing zeros behind the point down to `keep` decimals. Returns the size.
 */
size_t vs_decimal_print(vs_i128 value, uint32_t scale, uint32_t keep, char ret_text[48]);
bool vs_decimal_rescale(vs_i128 value, uint32_t from_scale, uint32_t to_scale, vs_i128 *ret_value) VS_NODISCARD;
bool vs_decimal_fits(vs_i128 value, uint32_t precision);
bool vs_decimal_divide(vs_i128 a, uint32_t a_scale, vs_i128 b, uint32_t b_scale, uint32_t to_scale,
                       vs_i128 *ret_value) VS_NODISCARD; /* b != 0 */
double vs_decimal_to_double(vs_i128 value, uint32_t scale);
bool vs_decimal_from_double(double value, uint32_t scale, vs_i128 *ret_value) VS_NODISCARD;

/* Result types; false for a scale above 38 (VELO-2018). INTEGER counts as DECIMAL(19,0). */
typedef enum { VS_DECIMAL_ADD, VS_DECIMAL_MULTIPLY, VS_DECIMAL_DIVIDE, VS_DECIMAL_MODULO } vs_decimal_operator;
bool vs_decimal_result(vs_decimal_operator op, struct vs_type a, struct vs_type b,
                       struct vs_type *ret_type) VS_NODISCARD;

#endif
