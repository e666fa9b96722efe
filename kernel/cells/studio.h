/* SPDX-License-Identifier: Apache-2.0
 * The studio: one engine and what outlives a cell. Created by main, handed to the session as its handlers' context. */
#ifndef VSK_CELLS_STUDIO_H
#define VSK_CELLS_STUDIO_H

#include "engine/velo.h"
#include "kernel/session/session.h"

struct vsk_studio {
  const struct vs_env *env;
  struct vs_engine *engine;
};

vs_status vsk_studio_open(struct vsk_studio *studio, const struct vs_env *env, struct vs_error *err) VS_NODISCARD;
void vsk_studio_close(struct vsk_studio *studio);
struct vsk_handlers vsk_studio_handlers(struct vsk_studio *studio);
extern const struct vsk_comm_target vsk_echo_target; /* velo.echo: sends back what it gets */

#endif
