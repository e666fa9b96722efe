/* SPDX-License-Identifier: Apache-2.0
 * An eventfd: how one thread wakes another that waits in poll. Set and clear are safe from any thread and from signal
 * handlers; setting twice before a clear counts once. */
#ifndef VS_BASE_WAKE_H
#define VS_BASE_WAKE_H

#include "engine/base/error.h"

struct vs_wake {
  int fd; /* readable while set; -1 when closed */
};
vs_status vs_wake_open(struct vs_wake *wake, struct vs_error *err) VS_NODISCARD;
void vs_wake_close(struct vs_wake *wake);
void vs_wake_set(const struct vs_wake *wake);
void vs_wake_clear(const struct vs_wake *wake);
bool vs_wake_is_set(const struct vs_wake *wake);

#endif
