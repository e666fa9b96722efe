/* links: vsk_wire */
/* SPDX-License-Identifier: Apache-2.0
 * Any text as a connection file: an error that names the file, or five endpoints that can be printed. */
#include "kernel/wire/connection.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An ipc number that is left open would be claimed by a file, wherever the input says. */
static void check_endpoints(struct vsk_connection *connection) {
  for (int channel = 0; channel < VSK_CHANNEL_COUNT; channel++) {
    if (connection->ports[channel] == 0) connection->ports[channel] = channel + 1;
    char text[VSK_ENDPOINT_SIZE];
    struct vs_error err;
    if (vsk_connection_endpoint(connection, (vsk_channel)channel, text, &err) == VS_OK &&
        (strnlen(text, sizeof text) == sizeof text || !strstr(text, "://")))
      abort();
    if (connection->ports[channel] < 0 || connection->ports[channel] > 65535) abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vsk_connection connection;
  struct vs_error err;
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 0);
  const struct vs_str text = {(const char *)data, size};
  if (vsk_connection_parse("kernel.json", text, &arena, &connection, &err) == VS_OK)
    check_endpoints(&connection);
  else if (!err.message[0])
    abort();
  vs_arena_release(&arena);
  if (vs_memory_used(&memory)) abort();
  return 0;
}
