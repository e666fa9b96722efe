/* SPDX-License-Identifier: Apache-2.0
 * A chart as output: the final bundle, and the frame while a cell runs. */
#include "kernel/charts/chart.h"

static vs_status finish(struct vsk_bundle *bundle, struct vs_text *first, struct vs_text *plain, json_t **ret_data,
                        struct vs_error *err) {
  bool is_failed = first->is_failed || plain->is_failed;
  vs_text_release(first);
  vs_text_release(plain);
  if (is_failed) {
    vsk_bundle_release(bundle);
    return vs_fail_memory(err);
  }
  return vsk_bundle_finish(bundle, ret_data, err);
}

vs_status vsk_chart_bundle(const struct vsk_chart *chart, const char *id_prefix, struct vs_memory *memory,
                           json_t **ret_data, struct vs_error *err) {
  struct vsk_bundle bundle;
  struct vs_text svg, plain;
  vsk_bundle_init(&bundle);
  vs_text_init(&svg, memory, 0);
  vs_text_init(&plain, memory, 0);
  vsk_chart_text(chart, &plain);
  vsk_bundle_set(&bundle, VSK_MIME_PLAIN, vs_text_view(&plain));
  if (chart->panel_count) {
    vsk_chart_svg(chart, &(struct vsk_svg_style){false, id_prefix}, &svg);
    vsk_bundle_set(&bundle, VSK_MIME_SVG, vs_text_view(&svg));
    vsk_bundle_take(&bundle, VSK_MIME_VEGALITE, vsk_chart_vegalite(chart));
  }
  return finish(&bundle, &svg, &plain, ret_data, err);
}

vs_status vsk_chart_frame(const struct vsk_chart *chart, const char *id_prefix, struct vs_str live_line,
                          struct vs_memory *memory, json_t **ret_data, struct vs_error *err) {
  struct vsk_bundle bundle;
  struct vs_text html, plain;
  vsk_bundle_init(&bundle);
  vs_text_init(&html, memory, 0);
  vs_text_init(&plain, memory, 0);
  vs_text_puts(&html, "<div class=\"velo-chart tex2jax_ignore mathjax_ignore\">");
  if (live_line.size) {
    vs_text_puts(&html, "<div><span style=\"color:#1a9e6f\">\u25CF</span> ");
    vs_text_html(&html, live_line);
    vs_text_puts(&html, "</div>");
  }
  if (chart->panel_count) vsk_chart_svg(chart, &(struct vsk_svg_style){true, id_prefix}, &html);
  vs_text_puts(&html, "</div>");
  vsk_chart_text(chart, &plain);
  vsk_bundle_set(&bundle, VSK_MIME_HTML, vs_text_view(&html));
  vsk_bundle_set(&bundle, VSK_MIME_PLAIN, vs_text_view(&plain));
  return finish(&bundle, &html, &plain, ret_data, err);
}
