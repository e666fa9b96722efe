/* links: vs_format */
/* SPDX-License-Identifier: Apache-2.0
 * JSON bytes: what is inferred can be decoded, and cutting the bytes in two gives the same rows. */
#include "engine/format/format.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_FORMAT "json"
#include "tests/fuzz/decode_twice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return decode_twice((const char *)data, size);
}
