/* SPDX-License-Identifier: Apache-2.0
 * Names, literals, durations and types as text that lexes back to the same thing. */
#include "engine/sql/parser.h"
#include "engine/sql/print.h"
#include "engine/types/decimal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Names that begin a construct somewhere although they are not reserved: SELECT all, TUMBLING(size - 5m, 1h). */
static bool is_construct_word(struct vs_str name) {
  static const char *const words[] = {"ALL",       "ANY",     "SOME",     "INTERVAL", "CURRENT_TIMESTAMP",
                                      "TRY_CAST",  "SIZE",    "OFFSET",   "ADVANCE",  "GRACE",
                                      "RETENTION", "LEADING", "TRAILING", "BOTH"};
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_str_equal_nocase(name, vs_str_of(words[i]))) return true;
  return false;
}

static void print_quoted(struct vs_str text, char quote, struct vs_text *ret_text) {
  vs_text_put(ret_text, quote);
  for (size_t i = 0; i < text.size; i++) {
    if (text.data[i] == quote) vs_text_put(ret_text, quote);
    vs_text_put(ret_text, text.data[i]);
  }
  vs_text_put(ret_text, quote);
}

void vs_print_name(struct vs_str name, struct vs_text *ret_text) {
  const struct vs_keyword *keyword = vs_keyword_find(name);
  if (vs_lex_is_name(name) && !(keyword && keyword->is_reserved) && !is_construct_word(name))
    vs_text_str(ret_text, name);
  else
    print_quoted(name, '`', ret_text);
}

void vs_print_string(struct vs_str text, struct vs_text *ret_text) {
  print_quoted(text, '\'', ret_text);
}

void vs_print_ident(const struct vs_ident *ident, struct vs_text *ret_text) {
  if (ident->is_double_quoted)
    print_quoted(ident->text, '"', ret_text);
  else
    vs_print_name(ident->text, ret_text);
}

void vs_print_dotted(const struct vs_name *name, struct vs_text *ret_text) {
  for (uint32_t i = 0; i < name->part_count; i++) {
    if (i > 0) vs_text_put(ret_text, '.');
    vs_print_ident(&name->parts[i], ret_text);
  }
}

void vs_print_idents(const struct vs_idents *idents, struct vs_text *ret_text) {
  for (uint32_t i = 0; i < idents->count; i++) {
    if (i > 0) vs_text_puts(ret_text, ", ");
    vs_print_ident(&idents->items[i], ret_text);
  }
}

/* A DECIMAL without decimals keeps its dot, or it would read as INTEGER; beyond int64 it is DECIMAL without one. */
static void print_decimal(const struct vs_value *value, struct vs_text *ret_text) {
  char digits[48];
  size_t size = vs_decimal_print(value->as.decimal, value->type.scale, value->type.scale, digits);
  vs_text_append(ret_text, digits, size);
  if (value->type.scale == 0 && value->as.decimal >= INT64_MIN && value->as.decimal <= INT64_MAX)
    vs_text_put(ret_text, '.');
}

/* The shortest digits that read back; the exponent is what makes it a FLOAT. */
static void print_float(double real, struct vs_text *ret_text) {
  char digits[40];
  for (int precision = 0; precision <= 17; precision++) {
    snprintf(digits, sizeof digits, "%.*e", precision, real);
    if (strtod(digits, NULL) == real) break;
  }
  vs_text_puts(ret_text, digits);
}

void vs_print_literal(const struct vs_value *value, struct vs_text *ret_text) {
  if (value->is_null) {
    vs_text_puts(ret_text, "NULL");
    return;
  }
  switch (value->type.id) {
  case VS_TYPE_BOOLEAN: vs_text_puts(ret_text, value->as.boolean ? "TRUE" : "FALSE"); return;
  case VS_TYPE_FLOAT: print_float(value->as.real, ret_text); return;
  case VS_TYPE_DECIMAL: print_decimal(value, ret_text); return;
  case VS_TYPE_STRING:
  case VS_TYPE_BYTES:
  case VS_TYPE_JSON: vs_print_string(value->as.string, ret_text); return;
  case VS_TYPE_INTEGER:
  case VS_TYPE_TIMESTAMP_MS: vs_text_printf(ret_text, "%" PRId64, value->as.integer); return;
  case VS_TYPE_INTERVAL: vs_print_duration(&(struct vs_duration){.value = value->as.interval}, ret_text); return;
  case VS_TYPE_DATE:
  case VS_TYPE_TIME:
  case VS_TYPE_TIMESTAMP: { /* built by other rooms; the parser writes them as casts */
    char type[32];
    vs_text_printf(ret_text, "%s '", vs_type_print(value->type, type));
    vs_value_print(value, VS_STYLE_PLAIN, ret_text);
    vs_text_put(ret_text, '\'');
    return;
  }
  case VS_TYPE_NULL:
  case VS_TYPE_ARRAY:
  case VS_TYPE_MAP:
  case VS_TYPE_STRUCT: vs_text_puts(ret_text, "NULL"); return;
  }
}

/* The largest unit that divides it. */
void vs_print_duration(const struct vs_duration *duration, struct vs_text *ret_text) {
  static const struct {
    int64_t nanoseconds;
    const char *name;
  } units[] = {{INT64_C(86400000000000), "DAY"}, {INT64_C(3600000000000), "HOUR"}, {INT64_C(60000000000), "MINUTE"},
               {1000000000, "SECOND"},           {1000000, "MILLISECOND"},         {1000, "MICROSECOND"}};
  struct vs_interval value = duration->value;
  if (duration->parameter.text.data) {
    vs_text_printf(ret_text, ":%.*s", VS_STR_ARG(duration->parameter.text));
  } else if (value.months && value.nanoseconds) {
    vs_text_printf(ret_text, "INTERVAL '%" PRId64 " months %" PRId64 " nanoseconds'", value.months, value.nanoseconds);
  } else if (value.months) {
    vs_text_printf(ret_text, "INTERVAL '%" PRId64 "' MONTH", value.months);
  } else {
    for (size_t i = 0; i < VS_COUNT_OF(units); i++)
      if (value.nanoseconds % units[i].nanoseconds == 0 && (value.nanoseconds || units[i].nanoseconds == 1000000000)) {
        vs_text_printf(ret_text, "INTERVAL '%" PRId64 "' %s", value.nanoseconds / units[i].nanoseconds, units[i].name);
        return;
      }
    vs_text_printf(ret_text, "INTERVAL '%" PRId64 "' NANOSECOND", value.nanoseconds);
  }
}

static void print_fields(const struct vs_type_node *type, struct vs_text *ret_text) {
  for (uint32_t i = 0; i < type->item_count; i++) {
    if (i > 0) vs_text_puts(ret_text, ", ");
    if (type->names) {
      vs_print_ident(&type->names[i], ret_text);
      vs_text_put(ret_text, ' ');
    }
    vs_print_type(&type->items[i], ret_text);
  }
}

void vs_print_type(const struct vs_type_node *type, struct vs_text *ret_text) {
  char name[32];
  vs_text_puts(ret_text, vs_type_print(type->type, name));
  if (!type->item_count) return;
  vs_text_put(ret_text, '<');
  print_fields(type, ret_text);
  vs_text_put(ret_text, '>');
}
