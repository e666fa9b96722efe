/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/display/bundle.h"

#include "engine/base/utf8.h"

void vsk_bundle_init(struct vsk_bundle *bundle) {
  *bundle = (struct vsk_bundle){.data = json_object()};
  bundle->is_failed = !bundle->data;
}

void vsk_bundle_release(struct vsk_bundle *bundle) {
  json_decref(bundle->data);
  *bundle = (struct vsk_bundle){.is_failed = true};
}

/* jansson refuses a text that is not UTF-8; a user's bytes must not cost the whole output. */
static json_t *repaired(struct vs_str text) {
  json_t *string = json_stringn(text.size ? text.data : "", text.size);
  if (string) return string;
  struct vs_memory memory;
  struct vs_text clean;
  vs_memory_init(&memory, NULL, 0);
  vs_text_init(&clean, &memory, 0);
  for (size_t at = 0, size; at < text.size; at += size) {
    char encoded[4];
    uint32_t code_point = vs_utf8_decode(text.data + at, text.size - at, &size);
    vs_text_append(&clean, encoded, vs_utf8_encode(code_point, encoded));
  }
  string = json_stringn(clean.data ? clean.data : "", clean.size);
  vs_text_release(&clean);
  return string;
}

void vsk_bundle_set(struct vsk_bundle *bundle, const char *mime, struct vs_str text) {
  bundle->text_bytes += text.size;
  vsk_bundle_take(bundle, mime, repaired(text));
}

void vsk_bundle_take(struct vsk_bundle *bundle, const char *mime, json_t *value) {
  if (!bundle->data || json_object_set_new(bundle->data, mime, value) != 0) bundle->is_failed = true;
}

vs_status vsk_bundle_finish(struct vsk_bundle *bundle, json_t **ret_data, struct vs_error *err) {
  vs_status status = VS_OK;
  if (bundle->is_failed)
    status = vs_fail_memory(err);
  else if (bundle->text_bytes > VSK_OUTPUT_BYTES)
    status = vs_fail(err, VS_CODE_OUTPUT_LIMIT, VS_NO_SPAN, "an output of %zu bytes is over the limit of %zu",
                     bundle->text_bytes, VSK_OUTPUT_BYTES);
  if (status == VS_OK) *ret_data = json_incref(bundle->data);
  vsk_bundle_release(bundle);
  return status;
}

vs_status vsk_bundle_plain(struct vs_str plain, json_t **ret_data, struct vs_error *err) {
  struct vsk_bundle bundle;
  vsk_bundle_init(&bundle);
  vsk_bundle_set(&bundle, VSK_MIME_PLAIN, plain);
  return vsk_bundle_finish(&bundle, ret_data, err);
}

vs_status vsk_bundle_html(struct vs_str html, struct vs_str plain, json_t **ret_data, struct vs_error *err) {
  struct vsk_bundle bundle;
  vsk_bundle_init(&bundle);
  vsk_bundle_set(&bundle, VSK_MIME_HTML, html);
  vsk_bundle_set(&bundle, VSK_MIME_PLAIN, plain);
  return vsk_bundle_finish(&bundle, ret_data, err);
}
