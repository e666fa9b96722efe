/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/wake.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

vs_status vs_wake_open(struct vs_wake *wake, struct vs_error *err) {
  wake->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake->fd < 0) return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "eventfd: %s", strerrordesc_np(errno));
  return VS_OK;
}

void vs_wake_close(struct vs_wake *wake) {
  if (wake->fd >= 0) close(wake->fd);
  wake->fd = -1;
}

void vs_wake_set(const struct vs_wake *wake) {
  uint64_t one = 1;
  ssize_t written = write(wake->fd, &one, sizeof one); /* a full counter is set already */
  (void)written;
}

void vs_wake_clear(const struct vs_wake *wake) {
  uint64_t count;
  ssize_t taken = read(wake->fd, &count, sizeof count);
  (void)taken;
}

bool vs_wake_is_set(const struct vs_wake *wake) {
  struct pollfd poll_fd = {.fd = wake->fd, .events = POLLIN};
  return poll(&poll_fd, 1, 0) > 0;
}
