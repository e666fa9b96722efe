/* SPDX-License-Identifier: Apache-2.0
 * Which bytes inference looks at: all of a file up to 64 MiB, else its first 10,000 rows and 100 blocks spread over it.
 */
#ifndef VS_FORMAT_SAMPLE_H
#define VS_FORMAT_SAMPLE_H

#include "engine/format/format.h"

typedef enum {
  VS_SAMPLE_HEAD, /* bytes from the front, contiguous from call to call */
  VS_SAMPLE_BLOCK /* a piece from anywhere: it begins and ends within rows */
} vs_sample_part;

struct vs_sample {
  void *context;
  /* Looks at the rows in bytes[0..size) and adds their number to *row_count. HEAD: *ret_consumed bytes are done with;
   * 0 means more are needed, and `is_end` that there are none. */
  vs_status (*take)(void *context, vs_sample_part part, const char *bytes, size_t size, bool is_end,
                    uint64_t *row_count, size_t *ret_consumed, struct vs_error *err);
};

/* `is_brief`: the first rows are enough (names only). */
vs_status vs_sample_run(const struct vs_sample *sample, const struct vs_bytes_reader *reader, bool is_brief,
                        struct vs_memory *memory, uint64_t *ret_row_count, bool *ret_is_whole,
                        struct vs_error *err) VS_NODISCARD;

#endif
