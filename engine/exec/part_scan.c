/* SPDX-License-Identifier: Apache-2.0
 * The first and the last part are read in line, by the source's own poll, and so is every part that is not sound. */
#include "engine/exec/part_scan.h"

struct vs_part_scan {
  struct vs_job_context *context;
  struct vs_source_reader *reader;
  struct vs_part_queue *queue; /* NULL until the first part was read */
  uint32_t thread_count;
  uint64_t part_count, number, line; /* the part that comes next, and its first line */
  bool is_in_line, is_alone;         /* alone: no queue can be had, every part is read in line */
  struct vs_part *part;              /* whose batches are handed out; NULL: none */
  struct vs_partial *partial;        /* of all of them, not shown yet; NULL: none */
  uint32_t next_batch;
};

vs_status vs_part_scan_open(struct vs_job_context *context, struct vs_source_reader *reader, uint32_t thread_count,
                            struct vs_part_scan **ret_scan, struct vs_error *err) {
  uint64_t part_count = thread_count > 1 && reader->parts ? reader->parts->count(reader) : 0;
  *ret_scan = NULL;
  if (!part_count) return VS_OK;
  struct vs_part_scan *scan = VS_ARENA_NEW(&context->query, struct vs_part_scan);
  if (!scan) return vs_fail_memory(err);
  *scan = (struct vs_part_scan){.context = context,
                                .reader = reader,
                                .thread_count = thread_count,
                                .part_count = part_count,
                                .line = 1,
                                .is_in_line = true};
  VS_TRY(reader->parts->enter(reader, 0, 1, err));
  *ret_scan = scan;
  return VS_OK;
}

void vs_part_scan_close(struct vs_part_scan *scan) {
  if (scan) vs_part_queue_stop(scan->queue);
}

static vs_status enter(struct vs_part_scan *scan, struct vs_error *err) {
  scan->is_in_line = true;
  return scan->reader->parts->enter(scan->reader, scan->number, scan->line, err);
}

/* The first operator that takes groups instead of rows, if what lies before it lets it. */
static const struct vs_operator_run *find_aggregate(const struct vs_operator_run *head) {
  while (head && !head->ops->merge)
    head = head->next;
  return head;
}

static vs_status start_queue(struct vs_part_scan *scan, const struct vs_operator_run *head, struct vs_error *err) {
  VS_TRY(vs_part_queue_start(find_aggregate(head), scan->context, scan->reader, scan->number, scan->part_count - 1,
                             scan->thread_count, &scan->queue, err));
  scan->is_alone = !scan->queue;
  return VS_OK;
}

/* The next part, from those that were decoded ahead. */
static vs_status take(struct vs_part_scan *scan, const struct vs_operator_run *head, struct vs_error *err) {
  struct vs_part *part;
  struct vs_partial *partial;
  if (!scan->queue && !scan->is_alone) VS_TRY(start_queue(scan, head, err));
  if (scan->is_alone) return enter(scan, err);
  VS_TRY(vs_part_queue_take(scan->queue, scan->number, &part, &partial, err));
  if (!part->is_sound) return enter(scan, err);
  scan->reader->parts->took(scan->reader, part);
  scan->part = part;
  scan->partial = partial;
  scan->next_batch = 0;
  return VS_OK;
}

/* Lines are counted here: a part was decoded without knowing its place. */
static void hand_out(struct vs_part_scan *scan, struct vs_batch *ret_batch) {
  *ret_batch = scan->part->batches[scan->next_batch++];
  ret_batch->first_row += scan->line;
}

static void leave_part(struct vs_part_scan *scan) {
  scan->line += scan->part->line_count;
  scan->number++;
  scan->part = NULL;
}

uint64_t vs_part_scan_skip(struct vs_part_scan *scan) {
  uint64_t row_count = scan->part->row_count;
  leave_part(scan);
  return row_count;
}

static vs_status poll_in_line(struct vs_part_scan *scan, struct vs_batch *ret_batch, vs_poll *ret_poll,
                              int64_t *ret_wait_us, struct vs_error *err) {
  struct vs_source_reader *reader = scan->reader;
  VS_TRY(reader->ops->poll(reader, &scan->context->errors, ret_batch, ret_poll, ret_wait_us, err));
  if (*ret_poll != VS_POLL_END) return VS_OK;
  scan->is_in_line = false;
  reader->parts->next(reader, &scan->number, &scan->line);
  return VS_OK;
}

vs_status vs_part_scan_poll(struct vs_part_scan *scan, const struct vs_operator_run *head, struct vs_batch *ret_batch,
                            struct vs_partial **ret_partial, vs_poll *ret_poll, int64_t *ret_wait_us,
                            struct vs_error *err) {
  *ret_partial = NULL;
  for (;;) {
    if (scan->is_in_line) {
      VS_TRY(poll_in_line(scan, ret_batch, ret_poll, ret_wait_us, err));
      if (scan->is_in_line || scan->number >= scan->part_count) return VS_OK;
    } else if (scan->part && (scan->partial || scan->next_batch < scan->part->batch_count)) {
      *ret_partial = scan->partial;
      scan->partial = NULL;
      if (!*ret_partial) hand_out(scan, ret_batch);
      *ret_poll = VS_POLL_ROWS;
      return VS_OK;
    } else if (scan->part) {
      leave_part(scan);
    } else {
      VS_TRY(scan->number == scan->part_count - 1 ? enter(scan, err) : take(scan, head, err));
    }
  }
}
