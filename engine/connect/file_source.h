/* SPDX-License-Identifier: Apache-2.0
 * The parts of the file connector. Private to this room. */
#ifndef VS_CONNECT_FILE_SOURCE_H
#define VS_CONNECT_FILE_SOURCE_H

#include "engine/connect/file_map.h"
#include "engine/connect/part.h"
#include "engine/connect/reader_time.h"

vs_status vs_file_infer(const struct vs_endpoint *endpoint, const struct vs_env *env, struct vs_arena *arena,
                        struct vs_inferred *ret_inferred, struct vs_error *err);
vs_status vs_file_open_source(const struct vs_endpoint *endpoint, const bool *projection, const struct vs_env *env,
                              struct vs_source_reader **ret_reader, struct vs_error *err);
vs_status vs_file_open_sink(const struct vs_endpoint *endpoint, const struct vs_schema *schema,
                            const struct vs_env *env, struct vs_sink_writer **ret_writer, struct vs_error *err);

/* ---- parts ---- */

enum { VS_FILE_PART_BYTES = 256 << 10 };

/* What a part reader gets from its source, whose fd and map stay meanwhile. */
struct vs_file_part_input {
  struct vs_memory *memory;
  int fd;
  const struct vs_file_map *map; /* its bytes NULL: parts are read */
  uint64_t part_bytes;
  struct vs_event_time time;
};
/* Takes `decoder`, also when it fails. */
vs_status vs_file_part_open(const struct vs_file_part_input *input, struct vs_decoder *decoder,
                            struct vs_part_reader **ret_reader, struct vs_error *err);

#endif
