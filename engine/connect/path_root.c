/* SPDX-License-Identifier: Apache-2.0
 * The folder that files.root limits reading and writing to. Links and dots are resolved before comparing, since neither
 * the text of a path nor the place of a link says where it leads. */
#include "engine/connect/connector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A part that does not exist yet cannot be resolved, so it must not climb. */
static bool climbs(const char *rest) {
  for (const char *part = rest; *part;) {
    size_t size = strcspn(part, "/");
    if (size == 2 && part[0] == '.' && part[1] == '.') return true;
    part += size + (part[size] == '/');
  }
  return false;
}

static bool make_absolute(const char *path, char ret_path[PATH_MAX]) {
  char here[PATH_MAX];
  if (path[0] == '/') return snprintf(ret_path, PATH_MAX, "%s", path) < PATH_MAX;
  return getcwd(here, sizeof here) && snprintf(ret_path, PATH_MAX, "%s/%s", here, path) < PATH_MAX;
}

/* The longest part that exists is resolved, the rest kept as it is. A link that leads to nothing yet is refused:
 * opening for writing would follow it. */
static bool resolve(const char *path, char ret_real[PATH_MAX]) {
  char whole[PATH_MAX], head[PATH_MAX], real[PATH_MAX];
  struct stat facts;
  if (!make_absolute(path, whole)) return false;
  size_t size = strlen(whole);
  memcpy(head, whole, size + 1);
  while (!realpath(head, real)) {
    if (errno != ENOENT || lstat(head, &facts) == 0) return false;
    while (size > 1 && head[size - 1] != '/')
      size--;
    while (size > 1 && head[size - 1] == '/')
      size--;
    head[size] = '\0';
  }
  const char *rest = whole + size + strspn(whole + size, "/");
  const char *between = *rest && real[1] ? "/" : "";
  return !climbs(rest) && snprintf(ret_real, PATH_MAX, "%s%s%s", real, between, rest) < PATH_MAX;
}

bool vs_path_is_within_root(const struct vs_folders *folders, const char *path, char ret_real[PATH_MAX]) {
  if (!folders->root) return snprintf(ret_real, PATH_MAX, "%s", path) < PATH_MAX;
  size_t size = strlen(folders->root);
  if (!resolve(path, ret_real) || strncmp(ret_real, folders->root, size) != 0) return false;
  return size == 1 || ret_real[size] == '/' || ret_real[size] == '\0';
}
