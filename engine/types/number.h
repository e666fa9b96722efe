/* SPDX-License-Identifier: Apache-2.0
 * INTEGER and FLOAT as text: whole slices only, no white space, independent of the locale. */
#ifndef VS_TYPES_NUMBER_H
#define VS_TYPES_NUMBER_H

#include "engine/base/text.h"

bool vs_integer_parse(struct vs_str text, int64_t *ret_value) VS_NODISCARD; /* optional sign, digits */
/* Digits, at most one dot, optional exponent. False when malformed, infinite or NaN. */
bool vs_float_parse(struct vs_str text, double *ret_value) VS_NODISCARD;
size_t vs_integer_print(int64_t value, char ret_text[24]);
/* The shortest text that reads back as `value`, positional between 1e-7 and 1e21; "3" for 3.0. */
size_t vs_float_print(double value, char ret_text[32]);
/* The digits of that text: value = digits * 10^exponent, sign apart; digits < 10^17. */
uint64_t vs_float_digits(double value, int *ret_exponent);

#endif
