/* SPDX-License-Identifier: Apache-2.0
 * Type names. Widths and time precisions that do not change the type are read and dropped. */
#include "engine/sql/parse.h"

#include <stdio.h>

/* clang-format off */
static const struct type_row { const char *name; vs_type_id id; uint32_t max_arguments; } type_rows[] = {
  {"INTEGER", VS_TYPE_INTEGER, 0}, {"INT", VS_TYPE_INTEGER, 0}, {"BIGINT", VS_TYPE_INTEGER, 0},
  {"SMALLINT", VS_TYPE_INTEGER, 0}, {"TINYINT", VS_TYPE_INTEGER, 0},
  {"FLOAT", VS_TYPE_FLOAT, 0}, {"DOUBLE", VS_TYPE_FLOAT, 0}, {"REAL", VS_TYPE_FLOAT, 0},
  {"DECIMAL", VS_TYPE_DECIMAL, 2}, {"NUMERIC", VS_TYPE_DECIMAL, 2}, {"SCALED_INTEGER", VS_TYPE_DECIMAL, 2},
  {"STRING", VS_TYPE_STRING, 0}, {"TEXT", VS_TYPE_STRING, 0}, {"VARCHAR", VS_TYPE_STRING, 1}, {"CHAR", VS_TYPE_STRING, 1},
  {"BOOLEAN", VS_TYPE_BOOLEAN, 0}, {"BOOL", VS_TYPE_BOOLEAN, 0}, {"BYTES", VS_TYPE_BYTES, 0}, {"JSON", VS_TYPE_JSON, 0},
  {"DATE", VS_TYPE_DATE, 0}, {"TIME", VS_TYPE_TIME, 1}, {"TIMESTAMP", VS_TYPE_TIMESTAMP, 1},
  {"DATETIME", VS_TYPE_TIMESTAMP, 1}, {"TIMESTAMP_LTZ", VS_TYPE_TIMESTAMP, 1}, {"TIMESTAMP_MS", VS_TYPE_TIMESTAMP_MS, 0},
  {"INTERVAL", VS_TYPE_INTERVAL, 0},
  {"ARRAY", VS_TYPE_ARRAY, 0}, {"MAP", VS_TYPE_MAP, 0}, {"STRUCT", VS_TYPE_STRUCT, 0}, {"ROW", VS_TYPE_STRUCT, 0},
};
/* clang-format on */
static const char type_words[] = "INTEGER INT BIGINT SMALLINT TINYINT FLOAT DOUBLE REAL DECIMAL NUMERIC STRING TEXT "
                                 "VARCHAR CHAR BOOLEAN BOOL BYTES JSON DATE TIME TIMESTAMP DATETIME INTERVAL ARRAY MAP "
                                 "STRUCT ROW";

static const struct type_row *find_type(const struct vs_parser *parser) {
  for (size_t i = 0; i < VS_COUNT_OF(type_rows); i++)
    if (vs_parser_is_word(parser, 0, type_rows[i].name)) return &type_rows[i];
  return NULL;
}

static vs_status parse_integer(struct vs_parser *parser, int64_t *ret_integer) {
  struct vs_value value;
  if (!vs_parser_is_kind(parser, 0, VS_TOKEN_INTEGER))
    return vs_parser_unexpected(parser, "a whole number in the type", NULL);
  VS_TRY(vs_parse_number(parser, vs_parser_take(parser), false, &value));
  *ret_integer = value.type.id == VS_TYPE_INTEGER ? value.as.integer : INT64_MAX;
  return VS_OK;
}

static vs_status parse_widths(struct vs_parser *parser, uint32_t max, int64_t widths[2], uint32_t *ret_count) {
  uint32_t open = parser->at;
  *ret_count = 0;
  if (max == 0 || !vs_parser_is_sign(parser, 0, "(")) return VS_OK;
  VS_TRY(vs_parser_open(parser, "(", ""));
  do {
    VS_TRY(parse_integer(parser, &widths[(*ret_count)++]));
  } while (*ret_count < max && vs_parser_take_sign(parser, ","));
  return vs_parser_close(parser, ")", open);
}

static vs_status set_decimal(struct vs_parser *parser, uint32_t first, const int64_t widths[2], uint32_t count,
                             struct vs_type *ret_type) {
  int64_t precision = count > 0 ? widths[0] : VS_DECIMAL_MAX, scale = count > 1 ? widths[1] : count ? 0 : 18;
  if (precision >= 1 && precision <= VS_DECIMAL_MAX && scale <= precision) {
    *ret_type = vs_type_decimal((uint8_t)precision, (uint8_t)scale);
    return VS_OK;
  }
  vs_status status = vs_fail(parser->err, VS_CODE_BAD_NUMBER, vs_parser_span(parser, first),
                             "DECIMAL(precision, scale) needs a precision of 1 to 38 and a scale not above it");
  return vs_fail_hint(parser->err, status, "for money write DECIMAL(18, 2)");
}

/* TIMESTAMP WITH TIME ZONE, TIMESTAMP WITHOUT TIME ZONE, DOUBLE PRECISION */
static void skip_type_words(struct vs_parser *parser, const struct type_row *row) {
  if (vs_str_equal(vs_str_of(row->name), VS_STR("DOUBLE"))) (void)vs_parser_take_word(parser, "PRECISION");
  bool is_time = row->id == VS_TYPE_TIMESTAMP || row->id == VS_TYPE_TIME;
  bool has_zone = vs_parser_is_word(parser, 0, "WITH") || vs_parser_is_word(parser, 0, "WITHOUT");
  if (is_time && has_zone && vs_parser_is_word(parser, 1, "TIME") && vs_parser_is_word(parser, 2, "ZONE"))
    parser->at += 3;
}

static vs_status push_item(struct vs_parser *parser, struct vs_type_node *node) {
  struct vs_type_node item = {0};
  VS_TRY(vs_parse_type(parser, &item));
  if (!vs_list_push(parser->arena, (void **)&node->items, node->item_count, &item, sizeof item))
    return vs_parser_no_memory(parser);
  node->item_count++;
  return VS_OK;
}

static vs_status parse_fields(struct vs_parser *parser, struct vs_type_node *node) {
  do {
    struct vs_ident name;
    VS_TRY(vs_parse_ident(parser, "a field's name in STRUCT<name type, ...>", &name));
    if (!vs_list_push(parser->arena, (void **)&node->names, node->item_count, &name, sizeof name))
      return vs_parser_no_memory(parser);
    VS_TRY(push_item(parser, node));
  } while (vs_parser_take_sign(parser, ","));
  return VS_OK;
}

static vs_status parse_nested(struct vs_parser *parser, struct vs_type_node *node) {
  uint32_t open = parser->at;
  bool has_angle = vs_parser_is_sign(parser, 0, "<");
  VS_TRY(vs_parser_open(parser, has_angle ? "<" : "(", "or < after the name of a nested type, as in ARRAY<STRING>"));
  if (node->type.id == VS_TYPE_STRUCT) {
    VS_TRY(parse_fields(parser, node));
  } else {
    VS_TRY(push_item(parser, node));
    if (node->type.id == VS_TYPE_MAP) {
      VS_TRY(vs_parser_expect_sign(parser, ",", "between the key's and the value's type of MAP"));
      VS_TRY(push_item(parser, node));
    }
  }
  return vs_parser_close(parser, has_angle ? ">" : ")", open);
}

vs_status vs_parse_type(struct vs_parser *parser, struct vs_type_node *ret_type) {
  uint32_t first = parser->at, count = 0;
  int64_t widths[2] = {0};
  const struct type_row *row = find_type(parser);
  *ret_type = (struct vs_type_node){.span = vs_parser_place(parser)};
  if (!row) {
    vs_status status = vs_parser_unexpected(parser, "a type", type_words);
    if (parser->err && !parser->err->hint[0])
      return vs_fail_hint(parser->err, status,
                          "types are INTEGER, FLOAT, DECIMAL(p,s), STRING, BOOLEAN, DATE, TIME, "
                          "TIMESTAMP, INTERVAL, BYTES, JSON, ARRAY<t>, MAP<k,v>, STRUCT<name t>");
    return status;
  }
  vs_parser_take(parser);
  ret_type->type = (struct vs_type){.id = row->id};
  VS_TRY(parse_widths(parser, row->max_arguments, widths, &count));
  if (row->id == VS_TYPE_DECIMAL) VS_TRY(set_decimal(parser, first, widths, count, &ret_type->type));
  if (row->id >= VS_TYPE_ARRAY) VS_TRY(parse_nested(parser, ret_type));
  skip_type_words(parser, row);
  ret_type->span = vs_parser_span(parser, first);
  return VS_OK;
}
