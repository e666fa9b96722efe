/* SPDX-License-Identifier: Apache-2.0
 * A source read by several threads that looks like one read by one: its batches come in the source's order, with the
 * row numbers, bad rows and watermarks of a reader that began at the beginning. One job thread. */
#ifndef VS_EXEC_PART_SCAN_H
#define VS_EXEC_PART_SCAN_H

#include "engine/exec/part_queue.h"

struct vs_part_scan;

/* *ret_scan NULL: this source is better read by poll alone. `reader` is borrowed. */
vs_status vs_part_scan_open(struct vs_job_context *context, struct vs_source_reader *reader, uint32_t thread_count,
                            struct vs_part_scan **ret_scan, struct vs_error *err) VS_NODISCARD;
void vs_part_scan_close(struct vs_part_scan *scan); /* before the reader; NULL allowed */
/* As the op of vs_source_reader_ops; `head` is where the batches go. *ret_partial not NULL: no batch yet, but the
 * groups of a whole part; whoever takes them skips its rows, else the next polls give its batches. */
vs_status vs_part_scan_poll(struct vs_part_scan *scan, const struct vs_operator_run *head, struct vs_batch *ret_batch,
                            struct vs_partial **ret_partial, vs_poll *ret_poll, int64_t *ret_wait_us,
                            struct vs_error *err) VS_NODISCARD;
uint64_t vs_part_scan_skip(struct vs_part_scan *scan); /* after a partial; the part's rows */

#endif
