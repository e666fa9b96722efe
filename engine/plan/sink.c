/* SPDX-License-Identifier: Apache-2.0
 * INTO: where every emitted row is written beside being shown. */
#include "engine/plan/binder.h"

vs_status vs_properties_check(struct vs_binder *binder, const struct vs_query *query, struct vs_error *err) {
  (void)binder;
  (void)query;
  (void)err;
  return VS_OK;
}

vs_status vs_sink_bind(struct vs_binder *binder, const struct vs_query *query, const struct vs_schema *schema,
                       struct vs_endpoint **ret_sink, struct vs_error *err) {
  (void)binder;
  (void)schema;
  *ret_sink = NULL;
  if (query->has_into) return vs_not_yet(err, query->into.span, "INTO");
  return VS_OK;
}
