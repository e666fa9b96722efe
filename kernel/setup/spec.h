/* SPDX-License-Identifier: Apache-2.0
 * The kernelspec: where it lives and what it says. */
#ifndef VSK_SETUP_SPEC_H
#define VSK_SETUP_SPEC_H

#include "engine/base/option.h"

enum { VSK_LOGO_COUNT = 3 };
struct vsk_logo {
  const char *name;
  const unsigned char *data;
  size_t size;
};
extern const struct vsk_logo vsk_logos[VSK_LOGO_COUNT];

struct vsk_setup {
  struct vs_memory *memory;
  struct vs_arena *arena;
  struct vs_text *out; /* printed on stdout at the end */
};

/* The options that choose a folder, shared by install and uninstall. */
#define VSK_PLACE_OPTIONS                                                                                              \
  {"user", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "for this user (the default)"},                                        \
      {"sys-prefix", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "into the active conda or virtual environment"},             \
      {"prefix", 0, VS_OPTION_TEXT, "DIR", NULL, NULL, "into DIR/share/jupyter/kernels"},                              \
      {"name", 0, VS_OPTION_TEXT, "NAME", NULL, "velostream", "folder name of the kernelspec"}, {                      \
    "dry-run", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "say what would be done"                                           \
  }

vs_status vsk_spec_folder(struct vsk_setup *setup, const struct vs_arguments *arguments, char **ret_folder,
                          struct vs_error *err) VS_NODISCARD;
vs_status vsk_program_path(struct vsk_setup *setup, char **ret_path, struct vs_error *err) VS_NODISCARD;

vs_status vsk_install(struct vsk_setup *setup, const struct vs_arguments *arguments, struct vs_error *err) VS_NODISCARD;
vs_status vsk_uninstall(struct vsk_setup *setup, const struct vs_arguments *arguments,
                        struct vs_error *err) VS_NODISCARD;
vs_status vsk_doctor(struct vsk_setup *setup, const struct vs_arguments *arguments, struct vs_error *err) VS_NODISCARD;
void vsk_print_versions(struct vs_text *ret_text);

#endif
