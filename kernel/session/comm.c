/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/session/state.h"

enum { COMM_ID_LIMIT = 256 };

struct vsk_comm {
  struct vsk_comm *next;
  const struct vsk_comm_target *target;
  char id[COMM_ID_LIMIT];
};

void vsk_comms_release(struct vsk_comms *comms, struct vs_memory *memory) {
  while (comms->first) {
    struct vsk_comm *next = comms->first->next;
    vs_memory_free(memory, comms->first, sizeof *comms->first);
    comms->first = next;
  }
}

static struct vsk_comm **find_comm(struct vsk_comms *comms, const char *id) {
  struct vsk_comm **place = &comms->first;
  while (*place && strcmp((*place)->id, id) != 0)
    place = &(*place)->next;
  return place;
}

static const struct vsk_comm_target *find_target(const struct vsk_session *session, const char *name) {
  for (uint32_t i = 0; name && i < session->options->target_count; i++)
    if (strcmp(session->options->targets[i].name, name) == 0) return &session->options->targets[i];
  return NULL;
}

/* On iopub with `data`: nbclient fails without the key, and clients look for it nowhere else. */
static void refuse(struct vsk_session *session, const struct vsk_message *message, const char *id) {
  json_auto_t *content = json_pack("{s:s, s:{}}", "comm_id", id, "data");
  vsk_publish(session, message->header_text, "comm_close", content);
}

static const char *id_of(const struct vsk_message *message) {
  const char *id = json_string_value(json_object_get(message->content, "comm_id"));
  return id && strlen(id) < COMM_ID_LIMIT ? id : NULL;
}

void vsk_comm_open(struct vsk_session *session, const struct vsk_message *message) {
  const char *id = id_of(message);
  if (!id) return;
  const struct vsk_comm_target *target =
      find_target(session, json_string_value(json_object_get(message->content, "target_name")));
  struct vsk_comm **place = find_comm(&session->comms, id);
  struct vsk_comm *comm = *place ? *place : target ? vs_memory_alloc(session->env->memory, sizeof *comm) : NULL;
  if (!target || !comm) {
    refuse(session, message, id);
    return;
  }
  if (!*place) {
    comm->next = NULL;
    memcpy(comm->id, id, strlen(id) + 1);
    *place = comm;
  }
  comm->target = target;
}

void vsk_comm_message(struct vsk_session *session, const struct vsk_message *message) {
  const char *id = id_of(message);
  struct vsk_comm *comm = id ? *find_comm(&session->comms, id) : NULL;
  if (!comm) {
    vs_log_line(session->env->log, VS_LOG_DEBUG, "session", "comm_msg for a comm that is not open");
    return;
  }
  if (comm->target->message)
    comm->target->message(comm->target->context, session, comm->id, json_object_get(message->content, "data"),
                          message->buffers, message->buffer_count);
}

void vsk_comm_close(struct vsk_session *session, const struct vsk_message *message) {
  const char *id = id_of(message);
  struct vsk_comm **place = id ? find_comm(&session->comms, id) : NULL;
  if (!place || !*place) return;
  struct vsk_comm *closed = *place;
  *place = closed->next;
  vs_memory_free(session->env->memory, closed, sizeof *closed);
}

json_t *vsk_comm_info(struct vsk_session *session, const json_t *content) {
  const char *wanted = json_string_value(json_object_get(content, "target_name"));
  json_t *comms = json_object();
  for (struct vsk_comm *comm = session->comms.first; comm; comm = comm->next)
    if (!wanted || strcmp(wanted, comm->target->name) == 0)
      json_object_set_new(comms, comm->id, json_pack("{s:s}", "target_name", comm->target->name));
  return json_pack("{s:o}", "comms", comms);
}

void vsk_comm_send(struct vsk_session *session, const char *comm_id, const json_t *data, const struct vs_str *buffers,
                   uint32_t buffer_count) {
  struct vs_text content VS_CLEANUP(vs_text_release);
  vs_text_init(&content, session->env->memory, VSK_FRAME_LIMIT);
  vs_text_puts(&content, "{\"comm_id\":");
  vs_text_json(&content, vs_str_of(comm_id));
  vs_text_puts(&content, ",\"data\":");
  json_auto_t *concealed = data ? vsk_secrets_conceal_json(&session->secrets, data) : NULL;
  if (data)
    vsk_text_json(&content, concealed ? concealed : data);
  else
    vs_text_puts(&content, "{}");
  vs_text_put(&content, '}');
  if (content.is_failed) return;
  const struct vsk_message *request = session->shell_message;
  struct vsk_output output = {.kind = VSK_OUTPUT_PLAIN,
                              .type = "comm_msg",
                              .parent_text = request ? request->header_text : (struct vs_str){0},
                              .content_text = vs_text_view(&content),
                              .buffers = buffers,
                              .buffer_count = buffer_count};
  vsk_queue_push(&session->iopub.queue, &output, NULL, vsk_steady_us());
}
