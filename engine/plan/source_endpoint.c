/* SPDX-License-Identifier: Apache-2.0
 * Scans of endpoints: files named in FROM or declared by WITH, and streams declared in the catalogue. */
#include "engine/plan/binder.h"

static vs_status remember_scope(struct vs_binder *binder, struct vs_str name, struct vs_error *err) {
  if (!vs_binder_grow(binder, (void **)&binder->scopes, binder->scope_count, &binder->scope_capacity, sizeof name))
    return vs_fail_memory(err);
  binder->scopes[binder->scope_count++] = name;
  return VS_OK;
}

struct vs_node *vs_scan_new(struct vs_binder *binder, const struct vs_schema *schema, struct vs_str name,
                            struct vs_span span) {
  struct vs_node *node = VS_ARENA_NEW(binder->arena, struct vs_node);
  bool *projection = vs_binder_alloc(binder, sizeof *projection, schema->field_count);
  if (!node || !projection) return NULL;
  for (uint32_t i = 0; i < schema->field_count; i++)
    projection[i] = true;
  *node =
      (struct vs_node){.is = VS_NODE_SCAN, .schema = schema, .mode = VS_MODE_APPEND, .is_bounded = true, .span = span};
  node->as.scan.name = vs_binder_copy(binder, name);
  node->as.scan.projection = projection;
  node->as.scan.offset_column = -1;
  return node;
}

vs_status vs_source_one_row(struct vs_binder *binder, struct vs_span span, struct vs_relation *ret_relation,
                            struct vs_error *err) {
  struct vs_schema *schema = VS_ARENA_NEW(binder->arena, struct vs_schema);
  struct vs_node *node = schema ? vs_scan_new(binder, schema, VS_STR(""), span) : NULL;
  if (!node) return vs_fail_memory(err);
  node->as.scan.from = VS_SCAN_ONE_ROW;
  *ret_relation = (struct vs_relation){.node = node, .time_column = -1, .qualifier = VS_STR("")};
  return VS_OK;
}

/* ---- endpoints ---- */
/* A copy of the endpoint's schema with the roles a reader of rows wants: what is a time, what is a number. */
struct vs_schema *vs_scan_schema(struct vs_binder *binder, const struct vs_schema *from, int time_column) {
  struct vs_schema *schema = VS_ARENA_NEW(binder->arena, struct vs_schema);
  struct vs_field *fields = vs_binder_alloc(binder, sizeof *fields, from->field_count);
  if (!schema || !fields) return NULL;
  for (uint32_t i = 0; i < from->field_count; i++) {
    fields[i] = from->fields[i];
    fields[i].name = vs_binder_copy(binder, from->fields[i].name);
    if (fields[i].role != VS_ROLE_NONE) continue;
    if ((int)i == time_column || vs_type_is_temporal(fields[i].type))
      fields[i].role = VS_ROLE_TIME;
    else if (vs_type_is_numeric(fields[i].type))
      fields[i].role = VS_ROLE_MEASURE;
  }
  *schema = (struct vs_schema){fields, from->field_count, from->shown_count};
  return schema;
}

static vs_status endpoint_relation(struct vs_binder *binder, const struct vs_endpoint *endpoint, struct vs_str name,
                                   struct vs_str qualifier, struct vs_span span, struct vs_relation *ret_relation,
                                   struct vs_error *err) {
  struct vs_schema *schema = vs_scan_schema(binder, endpoint->schema, endpoint->time_column);
  struct vs_node *node = schema ? vs_scan_new(binder, schema, name, span) : NULL;
  /* One more than there are columns: _offset may join them. */
  vs_epoch_unit *units = node ? vs_binder_alloc(binder, sizeof *units, schema->field_count + 1) : NULL;
  if (!node || !units) return vs_fail_memory(err);
  node->is_bounded = endpoint->is_bounded;
  node->as.scan.from = VS_SCAN_ENDPOINT;
  node->as.scan.endpoint = *endpoint;
  node->as.scan.watermark_delay_us = endpoint->has_watermark ? endpoint->watermark_delay_us : 0;
  if (endpoint->time_column >= 0) units[endpoint->time_column] = endpoint->time_unit;
  *ret_relation = (struct vs_relation){.node = node,
                                       .qualifier = qualifier,
                                       .has_event_time = endpoint->time_column >= 0,
                                       .has_own_watermark = endpoint->has_watermark,
                                       .time_column = endpoint->time_column,
                                       .units = units};
  return VS_OK;
}

vs_status vs_source_endpoint(struct vs_binder *binder, struct vs_str name, struct vs_str path, struct vs_str scope,
                             struct vs_span span, struct vs_relation *ret_relation, struct vs_error *err) {
  struct vs_endpoint endpoint;
  VS_TRY(remember_scope(binder, scope, err));
  const struct vs_endpoint_request request = {.path = path,
                                              .span = span,
                                              .scope = scope,
                                              .properties = binder->properties,
                                              .properties_count = binder->properties_count,
                                              .folders = &binder->context->folders,
                                              .env = binder->context->env};
  VS_TRY(vs_endpoint_resolve(&request, binder->arena, &endpoint, err));
  return endpoint_relation(binder, &endpoint, name, scope, span, ret_relation, err);
}

/* Keys of the query for a declared source: its pace may be set anew, the rest belongs into the declaration. */
static vs_status override_endpoint(struct vs_binder *binder, const struct vs_object *object,
                                   struct vs_endpoint *endpoint, struct vs_error *err) {
  uint32_t setting_count = 0;
  const struct vs_setting *settings = vs_source_settings(&setting_count);
  for (uint32_t i = 0; i < binder->properties_count; i++)
    for (uint32_t j = 0; j < binder->properties[i]->count; j++) {
      const struct vs_property *property = &binder->properties[i]->items[j];
      struct vs_str key = property->key, name = object->name;
      bool is_scoped = key.size > name.size && key.data[name.size] == '.' && vs_str_starts_nocase(key, name);
      if (is_scoped) key = (struct vs_str){key.data + name.size + 1, key.size - name.size - 1};
      const struct vs_setting *setting = vs_setting_find(settings, setting_count, key);
      if (!setting) continue;
      if (strcmp(setting->key, "replay") != 0)
        return vs_fail_hint(err,
                            vs_fail(err, VS_CODE_NOT_YET, property->key_span,
                                    "'%.*s' of a declared stream cannot be changed by a query yet", VS_STR_ARG(key)),
                            "write it into CREATE STREAM %.*s", VS_STR_ARG(name));
      struct vs_text text;
      struct vs_option_value value;
      vs_text_init(&text, binder->context->env->memory, 256);
      vs_value_print(&property->value, VS_STYLE_PLAIN, &text);
      vs_status status = vs_setting_check(setting, vs_text_view(&text), property->value_span, &value, err);
      if (status == VS_OK) endpoint->replay_speed = value.number;
      vs_text_release(&text);
      VS_TRY(status);
    }
  return VS_OK;
}

vs_status vs_source_declared(struct vs_binder *binder, const struct vs_object *object, struct vs_span span,
                             struct vs_relation *ret_relation, struct vs_error *err) {
  struct vs_endpoint endpoint = object->endpoint;
  VS_TRY(remember_scope(binder, object->name, err));
  VS_TRY(override_endpoint(binder, object, &endpoint, err));
  return endpoint_relation(binder, &endpoint, object->name, vs_binder_copy(binder, object->name), span, ret_relation,
                           err);
}
