/* SPDX-License-Identifier: Apache-2.0
 * The event time of each row, from the endpoint's time column. Private to this room. */
#ifndef VS_CONNECT_READER_TIME_H
#define VS_CONNECT_READER_TIME_H

#include "engine/connect/connector.h"

struct vs_event_time {
  int column;           /* -1: none */
  vs_epoch_unit unit;   /* AUTO: settled by the first value */
  struct vs_str format; /* of a STRING column; data NULL: every known form */
};
void vs_event_time_init(struct vs_event_time *time, const struct vs_endpoint *endpoint);
/* Fills batch->event_time_us. A NULL gives VS_TIME_NONE; a value that is no time fails its row (VELO-3009), which is
 * then left out of the batch. */
vs_status vs_event_time_set(struct vs_event_time *time, struct vs_arena *arena, struct vs_row_errors *errors,
                            struct vs_batch *batch, struct vs_error *err) VS_NODISCARD;

#endif
