/* SPDX-License-Identifier: Apache-2.0
 * Compiler attributes and the few macros every room uses. */
#ifndef VS_BASE_MACROS_H
#define VS_BASE_MACROS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VS_NODISCARD __attribute__((warn_unused_result))
#define VS_PRINTF(format_index, first_argument) __attribute__((format(printf, format_index, first_argument)))
#define VS_INLINE static inline __attribute__((always_inline))
#define VS_CLEANUP(function) __attribute__((cleanup(function)))
#define VS_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define VS_MIN(a, b) ((a) < (b) ? (a) : (b))
#define VS_MAX(a, b) ((a) > (b) ? (a) : (b))

__extension__ typedef __int128 vs_i128;
__extension__ typedef unsigned __int128 vs_u128;

#endif
