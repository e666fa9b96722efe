/* SPDX-License-Identifier: Apache-2.0
 * INTO: where every emitted row is written beside being shown; and the WITH keys that belong to nobody. */
#include "engine/plan/binder.h"

static vs_status sink_without_path(const struct vs_query *query, struct vs_str name, struct vs_error *err) {
  return vs_fail_hint(
      err, vs_fail(err, VS_CODE_UNKNOWN_TABLE, query->into.span, "the sink '%.*s' is not declared", VS_STR_ARG(name)),
      "INTO 'out.csv', or WITH ('%.*s.type' = 'file_sink', '%.*s.path' = 'out.csv')", VS_STR_ARG(name),
      VS_STR_ARG(name));
}

static bool has_prefix(struct vs_str key, struct vs_str name) {
  return key.size > name.size && key.data[name.size] == '.' && vs_str_starts_nocase(key, name);
}

static bool is_declared(const struct vs_properties *const *lists, uint32_t count, struct vs_str name) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t j = 0; j < lists[i]->count; j++)
      if (has_prefix(lists[i]->items[j].key, name) || lists[i] != lists[0]) return true;
  return false;
}

/* Opening a sink empties its file: a query that reads it would lose its input, and the user's data. */
static vs_status check_not_read(const struct vs_binder *binder, const struct vs_query *query,
                                const struct vs_endpoint *sink, struct vs_error *err) {
  for (const struct vs_node *node = binder->plan->root; node; node = node->input) {
    if (node->is != VS_NODE_SCAN || node->as.scan.from != VS_SCAN_ENDPOINT) continue;
    if (!vs_path_is_same(sink->path, node->as.scan.endpoint.path)) continue;
    vs_status status = vs_fail(err, VS_CODE_BAD_VALUE, query->into.span, "the query reads '%.*s', which it would write",
                               VS_STR_ARG(node->as.scan.endpoint.shown_path));
    return vs_fail_hint(err, status, "write to another file");
  }
  return VS_OK;
}

vs_status vs_sink_bind(struct vs_binder *binder, const struct vs_query *query, struct vs_endpoint **ret_sink,
                       struct vs_error *err) {
  const struct vs_properties *lists[VS_COUNT_OF(binder->seen) + 1];
  uint32_t count = 0;
  struct vs_str path = query->into_is_path ? query->into_path : (struct vs_str){NULL, 0};
  *ret_sink = NULL;
  if (!query->has_into) return VS_OK;
  if (!query->into_is_path && query->into.part_count > 1)
    return vs_not_yet(err, query->into.span, "a sink name with a schema in front");
  struct vs_str name = query->into_is_path ? vs_path_stem(path) : query->into.parts[0].text;
  for (uint32_t i = 0; i < binder->seen_count; i++)
    if (!binder->seen_is_source[i] || is_declared(&binder->seen[i], 1, name)) lists[count++] = binder->seen[i];
  lists[count++] = &query->into_properties;
  if (!query->into_is_path && !query->into_properties.count && !is_declared(lists, count, name))
    return sink_without_path(query, name, err);
  struct vs_endpoint *sink = VS_ARENA_NEW(binder->arena, struct vs_endpoint);
  if (!sink) return vs_fail_memory(err);
  const struct vs_endpoint_request request = {.path = path,
                                              .span = query->into.span,
                                              .scope = name,
                                              .properties = lists,
                                              .properties_count = count,
                                              .folders = &binder->context->folders,
                                              .env = binder->context->env};
  VS_TRY(vs_endpoint_resolve_sink(&request, binder->arena, sink, err));
  VS_TRY(check_not_read(binder, query, sink, err));
  sink->schema = binder->plan->root->schema;
  *ret_sink = sink;
  return VS_OK;
}

/* ---- WITH keys nobody takes ---- */
static bool is_taken(const struct vs_binder *binder, const struct vs_query *query, struct vs_str key) {
  for (uint32_t i = 0; i < binder->scope_count; i++)
    if (has_prefix(key, binder->scopes[i])) return true;
  if (!query->has_into) return false;
  return has_prefix(key, query->into_is_path ? vs_path_stem(query->into_path) : query->into.parts[0].text);
}

static vs_status unknown_key(const struct vs_binder *binder, const struct vs_property *property, struct vs_error *err) {
  struct vs_suggest suggest;
  char text[200];
  struct vs_str key = property->key, prefix = key;
  uint32_t count = 0;
  const struct vs_setting *settings = vs_source_settings(&count);
  const struct vs_setting *setting = vs_setting_find(settings, count, key);
  if (key.size && key.data[0] == '@') return VS_OK; /* annotations written as properties */
  if (setting && binder->scope_count)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_UNKNOWN_KEY, property->key_span, "the key '%.*s' does not say whose it is",
                                VS_STR_ARG(key)),
                        "write '%.*s.%s'", VS_STR_ARG(binder->scopes[0]), setting->key);
  for (size_t i = 0; i < key.size && prefix.size == key.size; i++)
    if (key.data[i] == '.') prefix.size = i;
  vs_suggest_init(&suggest, key);
  for (uint32_t i = 0; i < count; i++)
    vs_suggest_offer(&suggest, vs_str_of(settings[i].key));
  if (!suggest.count) vs_suggest_init(&suggest, prefix);
  for (uint32_t i = 0; i < binder->scope_count; i++)
    vs_suggest_offer(&suggest, binder->scopes[i]);
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_KEY, property->key_span,
                             "the key '%.*s' belongs to no source or sink of the query", VS_STR_ARG(key));
  if (suggest.count) return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, text, sizeof text));
  if (binder->scope_count)
    return vs_fail_hint(err, status, "keys begin with a name: '%.*s.path'", VS_STR_ARG(binder->scopes[0]));
  return status;
}

static bool is_bare_setting(struct vs_str key) {
  uint32_t count = 0;
  const struct vs_setting *settings = vs_source_settings(&count);
  return vs_setting_find(settings, count, key) != NULL;
}

/* At the end of a statement a key without a name speaks of all its sources where it is about their time; of a path or a
 * format nobody could tell whose it is. */
static bool is_about_time(const struct vs_binder *binder, struct vs_str key) {
  return binder->scope_count && is_bare_setting(key) &&
         (vs_str_starts_nocase(key, VS_STR("event.time.")) || vs_str_starts_nocase(key, VS_STR("watermark.")));
}

static vs_status check_list(const struct vs_binder *binder, const struct vs_query *query, uint32_t index,
                            struct vs_error *err) {
  const struct vs_properties *list = binder->seen[index];
  for (uint32_t i = 0; i < list->count; i++) {
    struct vs_str key = list->items[i].key;
    if (!is_taken(binder, query, key) && !(binder->seen_is_source[index] && is_bare_setting(key)) &&
        !is_about_time(binder, key))
      return unknown_key(binder, &list->items[i], err);
  }
  return VS_OK;
}

vs_status vs_properties_check(const struct vs_binder *binder, const struct vs_query *query, struct vs_error *err) {
  for (uint32_t i = 0; i < binder->seen_count; i++)
    VS_TRY(check_list(binder, query, i, err));
  return VS_OK;
}
