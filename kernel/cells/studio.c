/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/cells/studio.h"

#include "kernel/cells/cell.h"
#include <stdlib.h>

vs_status vsk_studio_open(struct vsk_studio *studio, const struct vs_env *env, struct vs_error *err) {
  const struct vs_engine_options options = {
      .env = env, .notebook_path = getenv("JPY_SESSION_NAME"), .read_environment = true};
  *studio = (struct vsk_studio){.env = env};
  return vs_engine_new(&options, &studio->engine, err);
}

void vsk_studio_close(struct vsk_studio *studio) {
  vs_engine_free(studio->engine);
  studio->engine = NULL;
}

struct vsk_handlers vsk_studio_handlers(struct vsk_studio *studio) {
  return (struct vsk_handlers){.context = studio,
                               .execute = vsk_execute,
                               .evaluate = vsk_evaluate,
                               .complete = vsk_complete,
                               .inspect = vsk_inspect,
                               .is_complete = vsk_is_complete};
}

static void echo(void *context, struct vsk_session *session, const char *comm_id, const json_t *data,
                 const struct vs_str *buffers, uint32_t buffer_count) {
  (void)context;
  vsk_comm_send(session, comm_id, data, buffers, buffer_count);
}

const struct vsk_comm_target vsk_echo_target = {.name = "velo.echo", .message = echo};
