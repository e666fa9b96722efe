/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/connection.h"
#include "kernel/wire/curve.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

/* clang-format off */
static const struct {
  const char *name, *key;
} channels[VSK_CHANNEL_COUNT] = {
  [VSK_SHELL]     = {"shell",     "shell_port"},
  [VSK_IOPUB]     = {"iopub",     "iopub_port"},
  [VSK_STDIN]     = {"stdin",     "stdin_port"},
  [VSK_CONTROL]   = {"control",   "control_port"},
  [VSK_HEARTBEAT] = {"heartbeat", "hb_port"},
};
static const struct {
  const char *name;
  vsk_scheme scheme;
} schemes[] = {
  {"hmac-sha256", VSK_HMAC_SHA256},
  {"hmac-sha512", VSK_HMAC_SHA512},
};
/* clang-format on */

const char *vsk_channel_name(vsk_channel channel) {
  return channels[channel].name;
}

const char *vsk_channel_key(vsk_channel channel) {
  return channels[channel].key;
}

static vs_status parse_port(const char *path, const json_t *file, const char *key, int *ret_port,
                            struct vs_error *err) {
  const json_t *value = json_object_get(file, key);
  long port = -1;
  if (json_is_integer(value)) {
    port = (long)json_integer_value(value);
  } else if (json_is_string(value)) {
    char *end = NULL;
    port = strtol(json_string_value(value), &end, 10);
    port = *end || end == json_string_value(value) ? -1 : port;
  }
  if (port < 0 || port > 65535)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s: %s must be a port number from 0 to 65535", path, key);
  *ret_port = (int)port;
  return VS_OK;
}

static vs_status parse_scheme(const char *path, const json_t *file, vsk_scheme *ret_scheme, struct vs_error *err) {
  const char *name = json_string_value(json_object_get(file, "signature_scheme"));
  name = name && *name ? name : "hmac-sha256";
  for (size_t i = 0; i < VS_COUNT_OF(schemes); i++) {
    if (strcmp(schemes[i].name, name) == 0) {
      *ret_scheme = schemes[i].scheme;
      return VS_OK;
    }
  }
  return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN,
                 "%s: signature_scheme '%s' is not supported; known are hmac-sha256 and hmac-sha512", path, name);
}

static vs_status parse_transport(const char *path, const json_t *file, bool *ret_is_ipc, struct vs_error *err) {
  const char *name = json_string_value(json_object_get(file, "transport"));
  name = name ? name : "tcp";
  if (strcmp(name, "tcp") != 0 && strcmp(name, "ipc") != 0)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN,
                   "%s: transport '%s' is not supported; known are tcp and ipc", path, name);
  *ret_is_ipc = strcmp(name, "ipc") == 0;
  return VS_OK;
}

static vs_status parse_curve_key(const char *path, const json_t *file, const char *name, struct vs_arena *arena,
                                 const char **ret_key, struct vs_error *err) {
  const json_t *value = json_object_get(file, name);
  if (!value || json_is_null(value)) return VS_OK;
  const char *text = json_string_value(value);
  if (!vsk_curve_is_key(text))
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s: %s must be a key of 40 Z85 characters", path, name);
  *ret_key = vs_arena_copy(arena, text, VSK_CURVE_KEY_SIZE);
  return *ret_key ? VS_OK : vs_fail_memory(err);
}

/* One key alone is a mistake of the client's: serving it plain would leave it waiting for ever. */
static vs_status parse_curve(const char *path, const json_t *file, struct vs_arena *arena,
                             struct vsk_connection *connection, struct vs_error *err) {
  VS_TRY(parse_curve_key(path, file, "curve_publickey", arena, &connection->curve_publickey, err));
  VS_TRY(parse_curve_key(path, file, "curve_secretkey", arena, &connection->curve_secretkey, err));
  if (!connection->curve_publickey != !connection->curve_secretkey)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s: %s is missing beside the other CURVE key", path,
                   connection->curve_publickey ? "curve_secretkey" : "curve_publickey");
  return VS_OK;
}

/* It becomes a file's name. */
static bool is_kernel_id(const char *text) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  size_t size = text ? strlen(text) : 0;
  return size > 0 && size <= 128 && text[0] != '.' && strspn(text, letters) == size;
}

/* The ports stay 0, so that binding picks them. Without an `ip` of its own the kernel serves where it registers. */
static vs_status parse_registration(const char *path, const json_t *file, struct vs_arena *arena,
                                    struct vsk_connection *connection, struct vs_error *err) {
  const char *ip = json_string_value(json_object_get(file, "registration_ip"));
  const char *id = json_string_value(json_object_get(file, "kernel_id"));
  if (!ip || !*ip)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s: registration_ip must be an address", path);
  if (!is_kernel_id(id))
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN,
                   "%s: kernel_id must be 1 to 128 letters, digits, '.', '-' and '_'", path);
  int port = 0;
  VS_TRY(parse_port(path, file, "registration_port", &port, err));
  if (!json_object_get(file, "ip")) connection->ip = vs_arena_copy(arena, ip, strlen(ip));
  ip = strcmp(ip, "*") == 0 ? "127.0.0.1" : ip;
  bool is_bare_ipv6 = strchr(ip, ':') && ip[0] != '[';
  connection->launcher = connection->is_ipc
                             ? vs_arena_printf(arena, "ipc://%s-%d", ip, port)
                             : vs_arena_printf(arena, is_bare_ipv6 ? "tcp://[%s]:%d" : "tcp://%s:%d", ip, port);
  connection->kernel_id = vs_arena_copy(arena, id, strlen(id));
  return VS_OK;
}

static vs_status parse_ports(const char *path, const json_t *file, struct vs_arena *arena,
                             struct vsk_connection *connection, struct vs_error *err) {
  if (json_object_get(file, "registration_ip")) return parse_registration(path, file, arena, connection, err);
  for (int channel = 0; channel < VSK_CHANNEL_COUNT; channel++)
    VS_TRY(parse_port(path, file, channels[channel].key, &connection->ports[channel], err));
  return VS_OK;
}

static vs_status parse_object(const char *path, const json_t *file, struct vs_arena *arena,
                              struct vsk_connection *connection, struct vs_error *err) {
  connection->path = vs_arena_copy(arena, path, strlen(path));
  VS_TRY(parse_transport(path, file, &connection->is_ipc, err));
  const char *ip = json_string_value(json_object_get(file, "ip"));
  ip = ip && *ip ? ip : "127.0.0.1";
  connection->ip = vs_arena_copy(arena, ip, strlen(ip));
  VS_TRY(parse_ports(path, file, arena, connection, err));
  const json_t *key = json_object_get(file, "key");
  size_t key_size = json_string_length(key);
  connection->key = (struct vs_str){vs_arena_copy(arena, key_size ? json_string_value(key) : "", key_size), key_size};
  VS_TRY(parse_scheme(path, file, &connection->scheme, err));
  if (key_size == 0) connection->scheme = VSK_UNSIGNED;
  VS_TRY(parse_curve(path, file, arena, connection, err));
  return arena->is_failed ? vs_fail_memory(err) : VS_OK;
}

vs_status vsk_connection_parse(const char *path, struct vs_str text, struct vs_arena *arena,
                               struct vsk_connection *ret_connection, struct vs_error *err) {
  json_error_t where;
  json_auto_t *file = json_loadb(text.data ? text.data : "", text.size, 0, &where);
  if (!json_is_object(file))
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s: not a JSON object (%s at line %d)", path,
                   file ? "another value" : where.text, where.line);
  struct vsk_connection connection = {0};
  VS_TRY(parse_object(path, file, arena, &connection, err));
  *ret_connection = connection;
  return VS_OK;
}

static vs_status read_whole(const char *path, struct vs_text *text, struct vs_error *err) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "connection file %s: %s", path, strerrordesc_np(errno));
  char block[4096];
  ssize_t got;
  while ((got = read(fd, block, sizeof block)) > 0)
    vs_text_append(text, block, (size_t)got);
  int read_errno = errno;
  close(fd);
  if (got < 0)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "connection file %s: %s", path,
                   strerrordesc_np(read_errno));
  return vs_text_check(text, err);
}

vs_status vsk_connection_read(const char *path, struct vs_arena *arena, struct vsk_connection *ret_connection,
                              struct vs_error *err) {
  struct vs_text text VS_CLEANUP(vs_text_release);
  vs_text_init(&text, arena->memory, 1 << 20);
  VS_TRY(read_whole(path, &text, err));
  return vsk_connection_parse(path, vs_text_view(&text), arena, ret_connection, err);
}

/* An ipc endpoint has no ports of the system to pick from: the first number whose file can be made is taken. The file
 * holds the number until libzmq puts the socket in its place; who loses it then tries again (bind_endpoint). */
static int claim_ipc_number(const char *prefix) {
  char name[VSK_ENDPOINT_SIZE];
  for (int number = 1; number < 65536; number++) {
    snprintf(name, sizeof name, "%s-%d", prefix, number);
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
    if (fd >= 0 || errno != EEXIST) return number; /* of a folder that cannot be written, binding will tell */
  }
  return 65535;
}

static vs_status ipc_endpoint(const struct vsk_connection *connection, int port, char *ret_endpoint,
                              struct vs_error *err) {
  port = port ? port : claim_ipc_number(connection->ip);
  int size = snprintf(ret_endpoint, VSK_ENDPOINT_SIZE, "ipc://%s-%d", connection->ip, port);
  struct sockaddr_un address;
  if (size >= VSK_ENDPOINT_SIZE || (size_t)size - strlen("ipc://") >= sizeof address.sun_path)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s: the socket path %s-%d is longer than %zu bytes",
                   connection->path, connection->ip, port, sizeof address.sun_path - 1);
  return VS_OK;
}

vs_status vsk_connection_endpoint(const struct vsk_connection *connection, vsk_channel channel,
                                  char ret_endpoint[VSK_ENDPOINT_SIZE], struct vs_error *err) {
  int port = connection->ports[channel];
  if (connection->is_ipc) return ipc_endpoint(connection, port, ret_endpoint, err);
  bool is_bare_ipv6 = strchr(connection->ip, ':') && connection->ip[0] != '[';
  char number[8] = "*";
  if (port) snprintf(number, sizeof number, "%d", port);
  int size =
      snprintf(ret_endpoint, VSK_ENDPOINT_SIZE, is_bare_ipv6 ? "tcp://[%s]:%s" : "tcp://%s:%s", connection->ip, number);
  if (size >= VSK_ENDPOINT_SIZE)
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s: ip is too long", connection->path);
  return VS_OK;
}

void vsk_connection_note_port(struct vsk_connection *connection, vsk_channel channel, int port) {
  connection->has_picked_port |= connection->ports[channel] != port;
  connection->ports[channel] = port;
  connection->is_bound[channel] = true;
}
