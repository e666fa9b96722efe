/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/iopub.h"
#include "kernel/wire/socket.h"

#include <errno.h>
#include <zmq.h>

#include <stdio.h>
enum { STALL_LIMIT_US = 10000000, FROZEN_LIMIT_US = 200000, STALL_TICK_MS = 5, DRAIN_LIMIT_US = 1000000 };
/* Without NODROP a healthy reader could lose too if a backlog left at once: 800 messages a second it can read. */
enum { SEND_BATCH = 100, DROPPING_BATCH = 4 };

static struct vs_log *log_of(const struct vsk_iopub *iopub) {
  return iopub->env->log;
}

vs_status vsk_iopub_init(struct vsk_iopub *iopub, const struct vs_env *env, struct vsk_author *author, void *socket,
                         struct vs_error *err) {
  *iopub = (struct vsk_iopub){.env = env, .author = author, .socket = socket, .stop = {-1}};
  VS_TRY(vsk_queue_init(&iopub->queue, env->memory, VSK_QUEUE_LIMIT, err));
  return vs_wake_open(&iopub->stop, err);
}

void vsk_iopub_release(struct vsk_iopub *iopub) {
  while (iopub->welcomes) {
    struct vsk_packet *next = iopub->welcomes->next;
    vsk_packet_free(iopub->welcomes);
    iopub->welcomes = next;
  }
  vsk_packet_free(iopub->current);
  vsk_socket_close(iopub->socket);
  vs_wake_close(&iopub->stop);
  vsk_queue_release(&iopub->queue);
}

/* --- subscriptions --- */

static void queue_welcome(struct vsk_iopub *iopub, struct vs_str topic) {
  struct vs_text content VS_CLEANUP(vs_text_release);
  vs_text_init(&content, iopub->env->memory, 1 << 20);
  vs_text_puts(&content, "{\"subscription\":");
  vs_text_json(&content, topic);
  vs_text_put(&content, '}');
  struct vsk_outgoing outgoing = {
      .identities = &topic, .identity_count = 1, .type = "iopub_welcome", .content_text = vs_text_view(&content)};
  struct vsk_packet *packet = NULL;
  if (content.is_failed || vsk_packet_encode(iopub->env->memory, iopub->author, &outgoing, &packet, NULL) != VS_OK)
    return;
  struct vsk_packet **end = &iopub->welcomes;
  while (*end)
    end = &(*end)->next;
  *end = packet;
}

/* The socket is in manual mode: a subscription takes effect when we repeat it here, for the client that asked last. */
static void accept_subscription(struct vsk_iopub *iopub, const char *event, size_t size) {
  if (size == 0) return;
  bool is_subscribe = event[0] == 1;
  zmq_setsockopt(iopub->socket, is_subscribe ? ZMQ_SUBSCRIBE : ZMQ_UNSUBSCRIBE, event + 1, size - 1);
  if (is_subscribe) queue_welcome(iopub, (struct vs_str){event + 1, size - 1});
}

static void serve_subscriptions(struct vsk_iopub *iopub) {
  for (;;) {
    zmq_msg_t event;
    zmq_msg_init(&event);
    int size = zmq_msg_recv(&event, iopub->socket, ZMQ_DONTWAIT);
    if (size >= 0) accept_subscription(iopub, zmq_msg_data(&event), (size_t)size);
    zmq_msg_close(&event);
    if (size < 0 && errno != EINTR) return;
  }
}

/* --- sending --- */

static void print_stream(struct vs_text *content, const struct vsk_entry *entry) {
  vs_text_printf(content, "{\"name\":\"%s\",\"text\":", entry->stream_name);
  vs_text_json(content, vs_text_view(&entry->content));
  vs_text_put(content, '}');
}

static struct vsk_packet *encode_entry(struct vsk_iopub *iopub, const struct vsk_entry *entry) {
  struct vs_text content VS_CLEANUP(vs_text_release);
  vs_text_init(&content, iopub->env->memory, SIZE_MAX / 4);
  if (entry->kind == VSK_OUTPUT_STREAM) print_stream(&content, entry);
  char topic_text[96];
  snprintf(topic_text, sizeof topic_text, "kernel.%s.%s", iopub->author->session_id, entry->type);
  struct vs_str topic = vs_str_of(topic_text);
  struct vsk_outgoing outgoing = {.identities = &topic,
                                  .identity_count = 1,
                                  .type = entry->type,
                                  .parent_text = entry->parent_text,
                                  .content_text = vs_text_view(content.size ? &content : &entry->content),
                                  .buffers = entry->buffers,
                                  .buffer_count = entry->buffer_count,
                                  .time_us = entry->time_us};
  struct vsk_packet *packet = NULL;
  struct vs_error err;
  if (content.is_failed || vsk_packet_encode(iopub->env->memory, iopub->author, &outgoing, &packet, &err) != VS_OK)
    vs_log_line(log_of(iopub), VS_LOG_ERROR, "wire", "no memory to send a %s message", entry->type);
  return packet;
}

static void set_nodrop(struct vsk_iopub *iopub, int value) {
  zmq_setsockopt(iopub->socket, ZMQ_XPUB_NODROP, &value, sizeof value);
  iopub->is_dropping = !value;
}

/* Called when a send was refused because some client's pipe is full. */
static void note_stall(struct vsk_iopub *iopub, int64_t now_us) {
  if (!iopub->stalled_since_us) iopub->stalled_since_us = now_us;
  int64_t limit_us = iopub->has_frozen_client ? FROZEN_LIMIT_US : STALL_LIMIT_US;
  if (now_us - iopub->stalled_since_us < limit_us) return;
  if (!iopub->has_frozen_client)
    vs_log_line(log_of(iopub), VS_LOG_WARNING, "wire",
                "a client has not read output for 10 seconds; it loses output until it reads again");
  iopub->has_frozen_client = true;
  iopub->stalled_since_us = 0;
  set_nodrop(iopub, 0);
}

static bool send_packet(struct vsk_iopub *iopub, struct vsk_packet *packet, int64_t now_us) {
  if (!vsk_socket_send(iopub->socket, packet)) {
    if (errno == EAGAIN) {
      note_stall(iopub, now_us);
      return false;
    }
    vs_log_line(log_of(iopub), VS_LOG_ERROR, "wire", "cannot publish: %s", zmq_strerror(errno));
  }
  iopub->stalled_since_us = 0;
  if (!iopub->is_dropping) iopub->has_frozen_client = false;
  return true;
}

static bool send_welcomes(struct vsk_iopub *iopub, int64_t now_us) {
  while (iopub->welcomes) {
    struct vsk_packet *packet = iopub->welcomes;
    if (!send_packet(iopub, packet, now_us)) return false;
    iopub->welcomes = packet->next;
    vsk_packet_free(packet);
  }
  return true;
}

/* Sends until the queue has nothing due, the socket is full or a batch is done. Returns how long to wait, in ms; -1 for
 * as long as nothing happens. */
static long send_batch(struct vsk_iopub *iopub) {
  for (int sent = 0; sent < (iopub->is_dropping ? DROPPING_BATCH : SEND_BATCH); sent++) {
    int64_t now_us = vsk_steady_us(), wait_us = 0;
    serve_subscriptions(iopub);
    if (iopub->current) {
      /* A message half sent ends before a welcome may go out; one not begun waits behind it. */
      if (iopub->current->sent_count == 0 && !send_welcomes(iopub, now_us)) return STALL_TICK_MS;
      if (!send_packet(iopub, iopub->current, now_us)) return STALL_TICK_MS;
      vsk_packet_free(iopub->current);
      iopub->current = NULL;
    }
    if (!send_welcomes(iopub, now_us)) return STALL_TICK_MS;
    struct vsk_entry *entry = vsk_queue_take(&iopub->queue, now_us, &wait_us);
    if (!entry) {
      if (iopub->is_dropping && wait_us < 0) set_nodrop(iopub, 1);
      return wait_us < 0 ? -1 : (long)(wait_us / 1000 + 1);
    }
    iopub->current = encode_entry(iopub, entry);
    vsk_entry_free(entry, iopub->env->memory);
  }
  return iopub->is_dropping ? STALL_TICK_MS : 0;
}

static bool is_finished(struct vsk_iopub *iopub) {
  if (!iopub->stop_at_us && vs_wake_is_set(&iopub->stop)) iopub->stop_at_us = vsk_steady_us() + DRAIN_LIMIT_US;
  if (!iopub->stop_at_us) return false;
  return (!iopub->current && vsk_queue_is_empty(&iopub->queue)) || vsk_steady_us() > iopub->stop_at_us;
}

/* While the socket is full, or the pace is kept, only its own events and the tick count. */
static void wait_for_work(struct vsk_iopub *iopub, long timeout_ms) {
  bool is_blocked = iopub->current || iopub->welcomes || iopub->is_dropping;
  zmq_pollitem_t items[] = {{.socket = iopub->socket, .events = ZMQ_POLLIN},
                            {.fd = iopub->queue.filled.fd, .events = ZMQ_POLLIN},
                            {.fd = iopub->stop.fd, .events = ZMQ_POLLIN}};
  if (iopub->stop_at_us) timeout_ms = timeout_ms < 0 || timeout_ms > STALL_TICK_MS ? STALL_TICK_MS : timeout_ms;
  zmq_poll(items, is_blocked ? 1 : iopub->stop_at_us ? 2 : 3, timeout_ms);
}

static void *run(void *argument) {
  struct vsk_iopub *iopub = argument;
  while (!is_finished(iopub)) {
    long timeout_ms = send_batch(iopub);
    if (timeout_ms != 0 && !is_finished(iopub)) wait_for_work(iopub, timeout_ms);
  }
  return NULL;
}

vs_status vsk_iopub_start(struct vsk_iopub *iopub, struct vs_error *err) {
  if (pthread_create(&iopub->thread, NULL, run, iopub) != 0)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "cannot start the iopub thread");
  iopub->is_started = true;
  return VS_OK;
}

void vsk_iopub_stop(struct vsk_iopub *iopub) {
  if (!iopub->is_started) return;
  vs_wake_set(&iopub->stop);
  pthread_join(iopub->thread, NULL);
  iopub->is_started = false;
}
