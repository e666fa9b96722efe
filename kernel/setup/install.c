/* SPDX-License-Identifier: Apache-2.0
 * Writing and removing the kernelspec. A manifest beside it lists what was written, so that uninstall removes that and
 * nothing else. */
#include "kernel/setup/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

static const char manifest_name[] = "velo-manifest.json";

static vs_status make_folders(const char *folder, struct vs_error *err) {
  char path[4096];
  size_t size = strlen(folder);
  if (size >= sizeof path) return vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "the path is too long: %s", folder);
  memcpy(path, folder, size + 1);
  for (char *p = path + 1; p <= path + size; p++) {
    if (*p != '/' && *p != '\0') continue;
    char kept = *p;
    *p = '\0';
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
      return vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "cannot make the folder %s: %s", path,
                     strerrordesc_np(errno));
    *p = kept;
  }
  return VS_OK;
}

static vs_status write_file(struct vsk_setup *setup, const char *folder, const char *name, const void *data,
                            size_t size, struct vs_error *err) {
  char *path = vs_arena_printf(setup->arena, "%s/%s", folder, name);
  if (!path) return vs_fail_memory(err);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  ssize_t written = fd < 0 ? -1 : write(fd, data, size);
  /* A write that stops short sets no errno: the disk is full. */
  int reason = written == (ssize_t)size ? 0 : written < 0 ? errno : ENOSPC;
  if (fd >= 0 && close(fd) != 0 && !reason) reason = errno;
  if (reason)
    return vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "cannot write %s: %s", path, strerrordesc_np(reason));
  return VS_OK;
}

static json_t *environment_of(const struct vs_arguments *arguments) {
  json_t *environment = json_object();
  for (uint32_t i = 0; i < arguments->set_count; i++) {
    struct vs_str pair = arguments->set[i].value;
    const char *equals = strcmp(arguments->set[i].option->name, "env") == 0 ? memchr(pair.data, '=', pair.size) : NULL;
    if (equals)
      json_object_setn_new(environment, pair.data, (size_t)(equals - pair.data),
                           json_stringn(equals + 1, (size_t)(pair.data + pair.size - equals - 1)));
  }
  return environment;
}

static json_t *spec_of(const char *program, const struct vs_arguments *arguments) {
  struct vs_str display = vs_arguments_get(arguments, "display-name");
  json_t *spec = json_pack("{s:[s,s,s],s:s%,s:s,s:s,s:s,s:{s:b}}", "argv", program, "-f", "{connection_file}",
                           "display_name", display.data, display.size, "language", "sql", "interrupt_mode", "message",
                           "kernel_protocol_version", "5.6.0", "metadata", "debugger", 0);
  /* A client set to `auto` would hand out keys that a libzmq without CURVE cannot serve. */
  if (spec && zmq_has("curve"))
    json_object_set_new(json_object_get(spec, "metadata"), "supported_encryption", json_pack("[s]", "curve"));
  json_t *environment = environment_of(arguments);
  if (spec && json_object_size(environment)) json_object_set(spec, "env", environment);
  json_decref(environment);
  return spec;
}

static vs_status write_json(struct vsk_setup *setup, const char *folder, const char *name, json_t *value,
                            struct vs_error *err) {
  char *text = value ? json_dumps(value, JSON_INDENT(2)) : NULL;
  json_decref(value);
  if (!text) return vs_fail_memory(err);
  vs_status status = write_file(setup, folder, name, text, strlen(text), err);
  free(text);
  return status;
}

static vs_status write_all(struct vsk_setup *setup, const char *folder, const char *program,
                           const struct vs_arguments *arguments, struct vs_error *err) {
  json_auto_t *files = json_array();
  VS_TRY(make_folders(folder, err));
  for (int i = 0; i < VSK_LOGO_COUNT; i++) {
    VS_TRY(write_file(setup, folder, vsk_logos[i].name, vsk_logos[i].data, vsk_logos[i].size, err));
    json_array_append_new(files, json_string(vsk_logos[i].name));
  }
  json_array_append_new(files, json_string("kernel.json"));
  json_array_append_new(files, json_string(manifest_name));
  VS_TRY(
      write_json(setup, folder, manifest_name, json_pack("{s:s,s:O}", "version", VELO_VERSION, "files", files), err));
  return write_json(setup, folder, "kernel.json", spec_of(program, arguments), err);
}

vs_status vsk_install(struct vsk_setup *setup, const struct vs_arguments *arguments, struct vs_error *err) {
  char *folder, *program;
  VS_TRY(vsk_spec_folder(setup, arguments, &folder, err));
  VS_TRY(vsk_program_path(setup, &program, err));
  char *spec = vs_arena_printf(setup->arena, "%s/kernel.json", folder),
       *manifest = vs_arena_printf(setup->arena, "%s/%s", folder, manifest_name);
  if (!spec || !manifest) return vs_fail_memory(err);
  /* Our own kernelspec is refreshed; one that something else wrote is not. */
  if (access(spec, F_OK) == 0 && access(manifest, F_OK) != 0 && !vs_arguments_has(arguments, "replace"))
    return vs_fail_hint(
        err,
        vs_fail(err, VS_CODE_NEEDS_FORCE, VS_NO_SPAN, "%s holds a kernelspec that velo-kernel did not write", folder),
        "--replace overwrites it, --name chooses another folder");
  if (vs_arguments_has(arguments, "dry-run")) {
    vs_text_printf(setup->out, "would install the kernelspec for %s in %s\n", program, folder);
    return VS_OK;
  }
  VS_TRY(write_all(setup, folder, program, arguments, err));
  vs_text_printf(setup->out, "installed the kernelspec in %s\nit starts %s\n", folder, program);
  return VS_OK;
}

static vs_status remove_listed(struct vsk_setup *setup, const char *folder, const json_t *files, bool is_dry,
                               struct vs_error *err) {
  for (size_t i = 0; i < json_array_size(files); i++) {
    const char *name = json_string_value(json_array_get(files, i));
    if (!name || strchr(name, '/')) continue;
    char *path = vs_arena_printf(setup->arena, "%s/%s", folder, name);
    if (!path) return vs_fail_memory(err);
    if (is_dry)
      vs_text_printf(setup->out, "would remove %s\n", path);
    else if (unlink(path) != 0 && errno != ENOENT)
      return vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "cannot remove %s: %s", path, strerrordesc_np(errno));
  }
  if (!is_dry && rmdir(folder) != 0) vs_text_printf(setup->out, "%s holds other files and was left\n", folder);
  return VS_OK;
}

vs_status vsk_uninstall(struct vsk_setup *setup, const struct vs_arguments *arguments, struct vs_error *err) {
  char *folder;
  VS_TRY(vsk_spec_folder(setup, arguments, &folder, err));
  char *path = vs_arena_printf(setup->arena, "%s/%s", folder, manifest_name);
  json_t *manifest = path ? json_load_file(path, 0, NULL) : NULL;
  if (!manifest)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_NO_FILE, VS_NO_SPAN, "no kernelspec written by velo-kernel in %s", folder),
                        "velo-kernel doctor lists the kernelspecs it finds");
  bool is_dry = vs_arguments_has(arguments, "dry-run");
  vs_status status = remove_listed(setup, folder, json_object_get(manifest, "files"), is_dry, err);
  json_decref(manifest);
  if (status == VS_OK && !is_dry) vs_text_printf(setup->out, "removed the kernelspec from %s\n", folder);
  return status;
}
