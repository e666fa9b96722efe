/* SPDX-License-Identifier: Apache-2.0
 * Parts: byte ranges of a source that several threads decode at once. Part n holds the rows that begin in bytes
 * [n * size, (n + 1) * size), where a row begins behind a line end. A part is decoded as if nothing were known of those
 * before it, so whoever takes the parts in order checks that each is sound; what is not is read again in line, through
 * the source's poll, which alone counts lines and bad rows.
 *
 * Threads: `vs_source_reader` belongs to the job thread, a `vs_part_reader` to one thread each, and a `vs_part` to
 * whoever holds it: it may be handed on together with its batches. */
#ifndef VS_CONNECT_PART_H
#define VS_CONNECT_PART_H

#include "engine/connect/connector.h"

struct vs_part {
  struct vs_memory *memory;
  struct vs_arena arena; /* batches, their columns and copies of dictionaries; a reader adds to it */
  char *bytes;           /* what strings of the batches point into */
  size_t capacity;
  struct vs_batch *batches; /* batches[batch_count], as poll gives them; first_row counts from 0 at the part's begin */
  uint32_t batch_count;
  uint64_t row_count, line_count, byte_count;
  bool is_sound; /* no row is bad, and the last one ends where the part does; else the batches mean nothing */
};
/* A part's batches live until it is read again or released, or its reader, which owns their dictionaries, is closed. */
void vs_part_init(struct vs_part *part, struct vs_memory *memory);
void vs_part_release(struct vs_part *part);

struct vs_part_reader;
struct vs_part_reader_ops {
  /* Fills *part, whose former batches are gone then. A part that cannot be read well is no error but unsound; errors
   * are of memory only. */
  vs_status (*read)(struct vs_part_reader *reader, uint64_t number, struct vs_part *part, struct vs_error *err);
  void (*close)(struct vs_part_reader *reader);
};
struct vs_part_reader {
  const struct vs_part_reader_ops *ops;
};

/* What a source that can be read in parts offers beside poll. Parts 0 and part_count - 1 are always read in line: the
 * one may have a header, the other is read until the file's end, wherever that is by then. */
struct vs_part_source_ops {
  /* 0: not in parts (too small, endless, or rows that can only be told apart from the beginning on). */
  uint64_t (*count)(const struct vs_source_reader *reader);
  /* Once part 0 was read in line: a reader for one more thread, closed before the source is. *ret_reader NULL: rows can
   * only be told apart from the beginning on after all. */
  vs_status (*open)(struct vs_source_reader *reader, struct vs_part_reader **ret_reader, struct vs_error *err);
  /* From now on poll reads part `number`, whose first line is `line`, and says END behind it. */
  vs_status (*enter)(struct vs_source_reader *reader, uint64_t number, uint64_t line, struct vs_error *err);
  /* After that END: the part to go on with and its first line. It lies further on than the next when a row reached over
   * the part's end: poll goes on until a row ends where a part does. It is part_count when the source is read to its
   * end. */
  void (*next)(const struct vs_source_reader *reader, uint64_t *ret_number, uint64_t *ret_line);
  /* A part was taken elsewhere: counters show it. */
  void (*took)(struct vs_source_reader *reader, const struct vs_part *part);
};

#endif
