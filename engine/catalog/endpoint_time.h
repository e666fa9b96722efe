/* SPDX-License-Identifier: Apache-2.0
 * Event time and watermark of an endpoint. Private to this room. */
#ifndef VS_CATALOG_ENDPOINT_TIME_H
#define VS_CATALOG_ENDPOINT_TIME_H

#include "engine/catalog/options.h"

/* Settles time column, unit, format and watermark: event.time.field, else WATERMARK FOR, else by name. A STRING column
 * that was inferred and has a pattern becomes TIMESTAMP in `inferred`. */
vs_status vs_endpoint_set_time(const struct vs_endpoint_request *request, const struct vs_options_scope *options,
                               struct vs_arena *arena, struct vs_inferred *inferred, struct vs_endpoint *endpoint,
                               struct vs_error *err) VS_NODISCARD;

#endif
