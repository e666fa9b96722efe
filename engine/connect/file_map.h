/* SPDX-License-Identifier: Apache-2.0
 * A file in memory. Whoever reads bytes that are no longer there, since the file became shorter, reads zeros, and the
 * map is cut from then on: so what was read is good only if vs_file_map_is_whole says so afterwards. Bytes may change
 * while they are looked at when somebody writes into the file.
 *
 * The first map installs a handler of SIGBUS for the process; faults elsewhere go to the handler there was before. */
#ifndef VS_CONNECT_FILE_MAP_H
#define VS_CONNECT_FILE_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct vs_file_map {
  const char *bytes; /* bytes[size], and at least a page of zeros behind; NULL: nothing is mapped */
  size_t size;
  int fd; /* borrowed */
  struct vs_file_map_slot *slot;
};

/* false: this file cannot be mapped, or too many are; it is to be read instead. */
bool vs_file_map_open(struct vs_file_map *map, int fd, size_t size);
/* Any thread. */
bool vs_file_map_is_whole(const struct vs_file_map *map);
void vs_file_map_close(struct vs_file_map *map);

#endif
