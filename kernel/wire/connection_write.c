/* SPDX-License-Identifier: Apache-2.0
 * What a kernel leaves in folders for its clients, and takes away at its end. */
#include "kernel/wire/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void vsk_connection_remove_files(const struct vsk_connection *connection) {
  char endpoint[VSK_ENDPOINT_SIZE];
  for (int channel = 0; connection->is_ipc && channel < VSK_CHANNEL_COUNT; channel++)
    if (connection->is_bound[channel] &&
        vsk_connection_endpoint(connection, (vsk_channel)channel, endpoint, NULL) == VS_OK)
      unlink(endpoint + strlen("ipc://"));
  if (connection->written_path) unlink(connection->written_path);
}

/* A client may read the file at any moment, so it is replaced in one step. */
static vs_status replace_file(const char *path, const json_t *file, struct vs_error *err) {
  char draft[4096];
  if ((size_t)snprintf(draft, sizeof draft, "%s.new", path) >= sizeof draft)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "the connection file's path is too long");
  int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool is_written = fd >= 0 && json_dumpfd(file, fd, JSON_INDENT(2)) == 0;
  int write_errno = errno;
  if (fd >= 0 && close(fd) != 0) is_written = false;
  if (!is_written || rename(draft, path) != 0) {
    write_errno = is_written ? errno : write_errno;
    unlink(draft);
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "cannot write the picked ports to %s: %s", path,
                   strerrordesc_np(write_errno));
  }
  return VS_OK;
}

static void set_ports(json_t *file, const struct vsk_connection *connection) {
  for (int channel = 0; channel < VSK_CHANNEL_COUNT; channel++)
    json_object_set_new(file, vsk_channel_key((vsk_channel)channel), json_integer(connection->ports[channel]));
}

/* A launcher may keep its registration file under the very name; it is needed again at a restart. */
static const char *own_path(const struct vsk_connection *connection, struct vs_arena *arena) {
  const char *slash = strrchr(connection->path, '/');
  int folder_size = slash ? (int)(slash + 1 - connection->path) : 0;
  const char *path = vs_arena_printf(arena, "%.*skernel-%s.json", folder_size, connection->path, connection->kernel_id);
  struct stat registration, own;
  if (path && stat(path, &own) == 0 && stat(connection->path, &registration) == 0 && own.st_ino == registration.st_ino)
    path = vs_arena_printf(arena, "%.*skernel-%s-channels.json", folder_size, connection->path, connection->kernel_id);
  return path;
}

vs_status vsk_connection_write_ports(struct vsk_connection *connection, struct vs_arena *arena, struct vs_error *err) {
  if (!connection->has_picked_port) return VS_OK;
  json_auto_t *file = json_load_file(connection->path, 0, NULL);
  if (!json_is_object(file))
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s changed while the kernel started", connection->path);
  set_ports(file, connection);
  if (!connection->launcher) return replace_file(connection->path, file, err);
  json_object_del(file, "registration_ip");
  json_object_del(file, "registration_port");
  json_object_set_new(file, "ip", json_string(connection->ip));
  const char *path = own_path(connection, arena);
  if (!path) return vs_fail_memory(err);
  VS_TRY(replace_file(path, file, err));
  connection->written_path = path;
  return VS_OK;
}
