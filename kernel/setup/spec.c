/* SPDX-License-Identifier: Apache-2.0
 * Where kernelspecs live, and the path of this program as other programs should call it. */
#include "kernel/setup/spec.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static char *join(struct vsk_setup *setup, const char *folder, const char *rest) {
  return vs_arena_printf(setup->arena, "%s/%s", folder, rest);
}

static char *user_data_folder(struct vsk_setup *setup) {
  const char *folder = getenv("JUPYTER_DATA_DIR");
  if (folder && *folder) return vs_arena_printf(setup->arena, "%s", folder);
  folder = getenv("XDG_DATA_HOME");
  if (folder && *folder) return join(setup, folder, "jupyter");
  folder = getenv("HOME");
  return folder && *folder ? join(setup, folder, ".local/share/jupyter") : NULL;
}

/* The first executable of this name on PATH. */
static char *find_on_path(struct vsk_setup *setup, const char *name) {
  const char *path = getenv("PATH");
  while (path && *path) {
    const char *colon = strchrnul(path, ':');
    char *file = vs_arena_printf(setup->arena, "%.*s/%s", (int)(colon - path), path, name);
    if (file && access(file, X_OK) == 0) return file;
    path = *colon ? colon + 1 : colon;
  }
  return NULL;
}

static const char *environment_prefix(struct vsk_setup *setup) {
  const char *prefix = getenv("CONDA_PREFIX");
  if (!prefix || !*prefix) prefix = getenv("VIRTUAL_ENV");
  if (prefix && *prefix) return prefix;
  char *jupyter = find_on_path(setup, "jupyter"), *slash = jupyter ? strrchr(jupyter, '/') : NULL;
  if (!slash) return NULL;
  *slash = '\0';
  slash = strrchr(jupyter, '/');
  if (slash) *slash = '\0';
  return jupyter;
}

static bool is_kernel_name(struct vs_str name) {
  for (size_t i = 0; i < name.size; i++) {
    char c = name.data[i];
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_letter && !strchr("._-", c)) return false;
  }
  return name.size > 0 && name.data[0] != '.';
}

vs_status vsk_spec_folder(struct vsk_setup *setup, const struct vs_arguments *arguments, char **ret_folder,
                          struct vs_error *err) {
  struct vs_str prefix = vs_arguments_get(arguments, "prefix"), name = vs_arguments_get(arguments, "name");
  char *data = NULL;
  if (!is_kernel_name(name))
    return vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "--name %.*s: letters, digits, '.', '-' and '_' only",
                   VS_STR_ARG(name));
  if (prefix.data) {
    data = vs_arena_printf(setup->arena, "%.*s/share/jupyter", VS_STR_ARG(prefix));
  } else if (vs_arguments_has(arguments, "sys-prefix")) {
    const char *environment = environment_prefix(setup);
    if (!environment)
      return vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN,
                     "--sys-prefix: no conda or virtual environment is active and no jupyter is on PATH");
    data = join(setup, environment, "share/jupyter");
  } else {
    data = user_data_folder(setup);
  }
  if (!data) return vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "HOME is not set; give --prefix DIR");
  *ret_folder = vs_arena_printf(setup->arena, "%s/kernels/%.*s", data, VS_STR_ARG(name));
  return *ret_folder ? VS_OK : vs_fail_memory(err);
}

vs_status vsk_program_path(struct vsk_setup *setup, char **ret_path, struct vs_error *err) {
  char resolved[4096], *on_path = find_on_path(setup, "velo-kernel");
  ssize_t size = readlink("/proc/self/exe", resolved, sizeof resolved - 1);
  if (size < 0)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot read /proc/self/exe: %s", strerrordesc_np(errno));
  resolved[size] = '\0';
  /* A PATH entry that leads here outlives an upgrade that moves the versioned folder behind it. */
  char *target = on_path ? realpath(on_path, NULL) : NULL;
  bool is_same = target && strcmp(target, resolved) == 0 && on_path[0] == '/';
  free(target);
  *ret_path = vs_arena_printf(setup->arena, "%s", is_same ? on_path : resolved);
  return *ret_path ? VS_OK : vs_fail_memory(err);
}
