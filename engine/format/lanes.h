/* SPDX-License-Identifier: Apache-2.0
 * Bytes looked at many at once: lanes of 32 bytes (AVX2, the v3 variant), 16 (SSE2) or 8 (everywhere else), and what is
 * found in 64 of them as one word, the first byte in its lowest bit. Little-endian, as strings are in this room. */
#ifndef VS_FORMAT_LANES_H
#define VS_FORMAT_LANES_H

#include "engine/base/macros.h"

#include <stdint.h>
#include <string.h>

enum { VS_BLOCK = 64 };

#if defined __AVX2__
#include <immintrin.h>
typedef __m256i vs_lane;
VS_INLINE vs_lane vs_lane_load(const char *at) {
  return _mm256_loadu_si256((const __m256i_u *)(const void *)at);
}
VS_INLINE vs_lane vs_lane_all(char byte) {
  return _mm256_set1_epi8(byte);
}
VS_INLINE vs_lane vs_lane_or(vs_lane a, vs_lane b) {
  return _mm256_or_si256(a, b);
}
VS_INLINE vs_lane vs_lane_equal(vs_lane a, vs_lane b) {
  return _mm256_cmpeq_epi8(a, b);
}
VS_INLINE vs_lane vs_lane_at_most(vs_lane a, vs_lane b) {
  return _mm256_cmpeq_epi8(_mm256_min_epu8(a, b), a);
}
VS_INLINE uint64_t vs_lane_bits(vs_lane found) {
  return (uint32_t)_mm256_movemask_epi8(found);
}

#elif defined __SSE2__
#include <emmintrin.h>
typedef __m128i vs_lane;
VS_INLINE vs_lane vs_lane_load(const char *at) {
  return _mm_loadu_si128((const __m128i_u *)(const void *)at);
}
VS_INLINE vs_lane vs_lane_all(char byte) {
  return _mm_set1_epi8(byte);
}
VS_INLINE vs_lane vs_lane_or(vs_lane a, vs_lane b) {
  return _mm_or_si128(a, b);
}
VS_INLINE vs_lane vs_lane_equal(vs_lane a, vs_lane b) {
  return _mm_cmpeq_epi8(a, b);
}
VS_INLINE vs_lane vs_lane_at_most(vs_lane a, vs_lane b) {
  return _mm_cmpeq_epi8(_mm_min_epu8(a, b), a);
}
VS_INLINE uint64_t vs_lane_bits(vs_lane found) {
  return (uint32_t)_mm_movemask_epi8(found);
}

#else
typedef uint64_t vs_lane; /* of what is found, the top bit of each byte */
#define VS_LANE_TOP UINT64_C(0x8080808080808080)
VS_INLINE vs_lane vs_lane_load(const char *at) {
  vs_lane lane;
  memcpy(&lane, at, sizeof lane);
  return lane;
}
VS_INLINE vs_lane vs_lane_all(char byte) {
  return UINT64_C(0x0101010101010101) * (unsigned char)byte;
}
VS_INLINE vs_lane vs_lane_or(vs_lane a, vs_lane b) {
  return a | b;
}
VS_INLINE vs_lane vs_lane_equal(vs_lane a, vs_lane b) {
  vs_lane other = a ^ b;
  return ~(((other & ~VS_LANE_TOP) + ~VS_LANE_TOP) | other) & VS_LANE_TOP;
}
/* Every byte of b is below 128. */
VS_INLINE vs_lane vs_lane_at_most(vs_lane a, vs_lane b) {
  return ((b | VS_LANE_TOP) - (a & ~VS_LANE_TOP)) & ~a & VS_LANE_TOP;
}
VS_INLINE uint64_t vs_lane_bits(vs_lane found) {
  return (found >> 7) * UINT64_C(0x0102040810204080) >> 56;
}
#endif

VS_INLINE uint64_t vs_block_equal(const char *at, char byte) {
  uint64_t bits = 0;
  for (unsigned i = 0; i < VS_BLOCK; i += sizeof(vs_lane))
    bits |= vs_lane_bits(vs_lane_equal(vs_lane_load(at + i), vs_lane_all(byte))) << i;
  return bits;
}

/* Every bit behind an odd number of bits, those counted with it: between an opening quote and its closing one. */
VS_INLINE uint64_t vs_block_fill(uint64_t bits) {
  for (unsigned i = 1; i < VS_BLOCK; i *= 2)
    bits ^= bits << i;
  return bits;
}

VS_INLINE uint64_t vs_block_equal_any(const char *at, char first, char second, char third) {
  uint64_t bits = 0;
  for (unsigned i = 0; i < VS_BLOCK; i += sizeof(vs_lane)) {
    vs_lane bytes = vs_lane_load(at + i);
    vs_lane found = vs_lane_or(vs_lane_equal(bytes, vs_lane_all(first)), vs_lane_equal(bytes, vs_lane_all(second)));
    bits |= vs_lane_bits(vs_lane_or(found, vs_lane_equal(bytes, vs_lane_all(third)))) << i;
  }
  return bits;
}

/* In one lane: what may end a JSON string, a quote, a backslash or a control character. */
VS_INLINE uint64_t vs_lane_string_stops(const char *at) {
  vs_lane bytes = vs_lane_load(at);
  vs_lane found = vs_lane_or(vs_lane_equal(bytes, vs_lane_all('"')), vs_lane_equal(bytes, vs_lane_all('\\')));
  return vs_lane_bits(vs_lane_or(found, vs_lane_at_most(bytes, vs_lane_all(0x1f))));
}

#endif
