/* SPDX-License-Identifier: Apache-2.0
 * Open comms: which id belongs to which target. Shell thread only. */
#ifndef VSK_SESSION_COMM_H
#define VSK_SESSION_COMM_H

#include "kernel/session/session.h"
#include "kernel/wire/message.h"

struct vsk_comm;
struct vsk_comms {
  struct vsk_comm *first;
};

void vsk_comms_release(struct vsk_comms *comms, struct vs_memory *memory);
void vsk_comm_open(struct vsk_session *session, const struct vsk_message *message);
void vsk_comm_message(struct vsk_session *session, const struct vsk_message *message);
void vsk_comm_close(struct vsk_session *session, const struct vsk_message *message);
json_t *vsk_comm_info(struct vsk_session *session, const json_t *content); /* a new comm_info_reply */

#endif
