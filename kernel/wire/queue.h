/* SPDX-License-Identifier: Apache-2.0
 * The ordered queue before the IOPub socket: nothing is lost or reordered, little is sent.
 *
 * Producers on any thread push; one consumer takes. While entries wait they coalesce: a stream text joins the entry at
 * the tail when parent and name are the same, a newer display update takes the place of the older one of its display id
 * (at the tail, so that it never overtakes what was pushed between them). A pushed `idle` is therefore always behind
 * everything its parent pushed before.
 *
 * A cell's output passes a budget (at most 40 messages and 500 kB of stream text per second, with small bursts), which
 * keeps a Jupyter server from dropping it; status messages and replies to side requests do not. */
#ifndef VSK_WIRE_QUEUE_H
#define VSK_WIRE_QUEUE_H

#include "engine/base/wake.h"
#include "kernel/wire/message.h"

enum {
  VSK_STREAM_CHUNK = 64 << 10,     /* a stream message is sent at once when it has this size ... */
  VSK_STREAM_INTERVAL_US = 100000, /* ... and otherwise this long after the one before */
  VSK_MESSAGE_INTERVAL_US = 25000, /* 40 messages a second; the promise is 50 */
  VSK_MESSAGE_BURST = 20,
  VSK_STREAM_BYTES_PER_SECOND = 500000,
  VSK_STREAM_BURST_US = 500000,
  VSK_QUEUE_LIMIT = 64 << 20
};

/* One per cell; only touched under the queue's lock. Each field is the earliest steady time at which the average is
 * met. */
struct vsk_budget {
  int64_t message_us, stream_us;
};

typedef enum { VSK_OUTPUT_PLAIN, VSK_OUTPUT_STREAM, VSK_OUTPUT_UPDATE } vsk_output_kind;
struct vsk_output { /* everything is borrowed and copied by push, `type` and `stream_name` are literals */
  vsk_output_kind kind;
  const char *type, *stream_name, *display_id;
  struct vs_str parent_text;  /* the request's header, empty for none */
  struct vs_str content_text; /* JSON object; for STREAM the text itself, at most VSK_STREAM_CHUNK bytes */
  const struct vs_str *buffers;
  uint32_t buffer_count;
};

struct vsk_entry {
  struct vsk_entry *previous, *next;
  vsk_output_kind kind;
  const char *type, *stream_name;
  struct vs_text content; /* as in vsk_output */
  struct vs_arena arena;  /* parent, display id, buffers */
  struct vs_str parent_text, display_id;
  struct vs_str *buffers;
  uint32_t buffer_count;
  int64_t time_us;
  size_t bytes;
};

struct vsk_queue {
  struct vs_memory *memory;
  pthread_mutex_t lock;
  struct vsk_entry *head, *tail;
  size_t used_bytes, limit_bytes;
  int64_t stream_due_us; /* a lone stream at the tail waits until then for more text */
  bool is_cell_running;
  struct vs_wake filled; /* for the consumer: something to take */
  struct vs_wake room;   /* for producers: below the limit */
};

vs_status vsk_queue_init(struct vsk_queue *queue, struct vs_memory *memory, size_t limit_bytes,
                         struct vs_error *err) VS_NODISCARD;
void vsk_queue_release(struct vsk_queue *queue);

/* Pushes at once, or returns how many microseconds to wait before trying again, 0 when done. INT64_MAX: until `room` is
 * set. A NULL budget is never refused. An output that finds no memory is lost; that is the one case, and the caller
 * cannot do better. */
int64_t vsk_queue_push(struct vsk_queue *queue, const struct vsk_output *output, struct vsk_budget *budget,
                       int64_t now_us);
/* `busy` and `idle` of a request. While a cell runs, the end of any other request is followed by one more `busy`
 * without parent, in the same step, because clients take the latest status of any parent for the kernel's. */
void vsk_queue_begin(struct vsk_queue *queue, struct vs_str parent_text, bool is_cell);
void vsk_queue_end(struct vsk_queue *queue, struct vs_str parent_text, bool is_cell);

/* The next entry to send, owned by the caller; or NULL and in *ret_wait_us how long to wait for it, -1 when empty. */
struct vsk_entry *vsk_queue_take(struct vsk_queue *queue, int64_t now_us, int64_t *ret_wait_us);
void vsk_entry_free(struct vsk_entry *entry, struct vs_memory *memory);
bool vsk_queue_is_empty(struct vsk_queue *queue);
bool vsk_queue_is_full(struct vsk_queue *queue); /* over its limit: a push with a budget would be refused */

#endif
