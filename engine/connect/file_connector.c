/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/connect/file_source.h"

const struct vs_connector vs_connector_file = {
    .name = "file",
    .doc = "a local file: CSV or JSON, read once, watched or replayed; or written",
    .infer = vs_file_infer,
    .open_source = vs_file_open_source,
    .open_sink = vs_file_open_sink,
};
