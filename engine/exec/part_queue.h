/* SPDX-License-Identifier: Apache-2.0
 * Parts of one source decoded ahead by several threads and taken in order by the job thread, which decodes one itself
 * rather than wait. At most a few parts more than there are threads are held at a time, so memory is bounded.
 *
 * Order of calls: start, take..., stop; all by the job thread. The threads run until the stop. */
#ifndef VS_EXEC_PART_QUEUE_H
#define VS_EXEC_PART_QUEUE_H

#include "engine/exec/partial.h"

struct vs_part_queue;

/* Parts [first, end) of `reader`, which is borrowed until the stop. `thread_count` counts the caller's thread too.
 * `aggregate` NULL, or the one whose groups are to be made part by part. *ret_queue NULL: the source cannot be read in
 * parts after all. */
vs_status vs_part_queue_start(const struct vs_operator_run *aggregate, struct vs_job_context *context,
                              struct vs_source_reader *reader, uint64_t first, uint64_t end, uint32_t thread_count,
                              struct vs_part_queue **ret_queue, struct vs_error *err) VS_NODISCARD;
/* Part `number`, which is not less than that of the last take; parts left out are let go. Valid until the next take;
 * *ret_partial NULL: its rows are not aggregated. VS_CANCELLED once the query is to stop. */
vs_status vs_part_queue_take(struct vs_part_queue *queue, uint64_t number, struct vs_part **ret_part,
                             struct vs_partial **ret_partial, struct vs_error *err) VS_NODISCARD;
void vs_part_queue_stop(struct vs_part_queue *queue); /* joins its threads; NULL allowed */

#endif
