/* SPDX-License-Identifier: Apache-2.0
 * Inference with memory. Private to this room. */
#ifndef VS_CATALOG_INFERENCE_H
#define VS_CATALOG_INFERENCE_H

#include "engine/catalog/catalog.h"

/* What the endpoint's bytes suggest, in `arena`; from `cache` (NULL: none) when the file has not changed. */
vs_status vs_inference_get(struct vs_inference_cache *cache, const struct vs_endpoint *endpoint,
                           const struct vs_env *env, struct vs_arena *arena, struct vs_inferred *ret_inferred,
                           struct vs_error *err) VS_NODISCARD;

#endif
