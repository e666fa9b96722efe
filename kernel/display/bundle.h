/* SPDX-License-Identifier: Apache-2.0
 * MIME bundles: the `data` object of display_data, update_display_data and execute_result.
 *
 * Call order: init, set or take..., finish. A bundle is text/html + text/plain, or a chart's vegalite + svg + plain;
 * never both, since JupyterLab prefers HTML and VS Code the chart: one result would look different in each. */
#ifndef VSK_DISPLAY_BUNDLE_H
#define VSK_DISPLAY_BUNDLE_H

#include "engine/base/text.h"
#include <jansson.h>

#define VSK_MIME_HTML "text/html"
#define VSK_MIME_PLAIN "text/plain"
#define VSK_MIME_SVG "image/svg+xml"
#define VSK_MIME_VEGALITE "application/vnd.vegalite.v5+json"

/* One output is at most this large, over all its MIME types. */
#define VSK_OUTPUT_BYTES ((size_t)2 << 20)

struct vsk_bundle {
  json_t *data;
  size_t text_bytes;
  bool is_failed;
};

void vsk_bundle_init(struct vsk_bundle *bundle);
void vsk_bundle_release(struct vsk_bundle *bundle);
/* Bytes that are not UTF-8 become U+FFFD. */
void vsk_bundle_set(struct vsk_bundle *bundle, const char *mime, struct vs_str text);
void vsk_bundle_take(struct vsk_bundle *bundle, const char *mime, json_t *value); /* takes the reference; NULL fails */
/* Hands the object over (a new reference, the caller's) and leaves the bundle released. VELO-5001; VELO-5003 when the
 * texts together pass VSK_OUTPUT_BYTES. */
vs_status vsk_bundle_finish(struct vsk_bundle *bundle, json_t **ret_data, struct vs_error *err) VS_NODISCARD;

/* text/plain alone, and text/html beside text/plain, in one call. */
vs_status vsk_bundle_plain(struct vs_str plain, json_t **ret_data, struct vs_error *err) VS_NODISCARD;
vs_status vsk_bundle_html(struct vs_str html, struct vs_str plain, json_t **ret_data,
                          struct vs_error *err) VS_NODISCARD;

#endif
