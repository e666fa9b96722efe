/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/guess.h"

#include <stdlib.h>

enum {
  SEEN_INTEGER = 1,
  SEEN_BIG = 2, /* an integer beyond int64 */
  SEEN_DECIMAL = 4,
  SEEN_FLOAT = 8, /* with an exponent */
  SEEN_BOOLEAN = 16,
  SEEN_DATE = 32,
  SEEN_TIMESTAMP = 64,
  SEEN_TEXT = 128,
  SEEN_NESTED = 256,
  SEEN_EXACT = SEEN_INTEGER | SEEN_BIG | SEEN_DECIMAL,
  SEEN_NUMBER = SEEN_EXACT | SEEN_FLOAT
};

/* Integers below this are counts rather than times: 1973 in seconds. */
static const uint64_t smallest_time = 100000000;

void vs_guess_init(struct vs_guess *guess, struct vs_str name) {
  *guess = (struct vs_guess){.name = name, .smallest = UINT64_MAX};
}

struct number {
  uint32_t whole, decimals; /* digits */
  bool has_exponent;
};

static size_t count_digits(struct vs_str text, size_t from) {
  size_t i = from;
  while (i < text.size && text.data[i] >= '0' && text.data[i] <= '9')
    i++;
  return i - from;
}

/* "-12.50e3" into its parts; false for anything else, "007", "+1" and "5." among it. */
static bool split_number(struct vs_str text, struct number *ret_number) {
  size_t i = text.size && text.data[0] == '-', whole = count_digits(text, i), decimals = 0;
  if (whole > 1 && text.data[i] == '0') return false;
  *ret_number = (struct number){.whole = (uint32_t)whole};
  i += whole;
  if (i < text.size && text.data[i] == '.') {
    decimals = count_digits(text, i + 1);
    if (!decimals) return false;
    i += decimals + 1;
    ret_number->decimals = (uint32_t)decimals;
  }
  if (whole + decimals && i < text.size && (text.data[i] | 0x20) == 'e') {
    i++;
    i += i < text.size && (text.data[i] == '-' || text.data[i] == '+');
    size_t digits = count_digits(text, i);
    ret_number->has_exponent = digits > 0;
    i += digits ? digits : text.size;
  }
  return i == text.size && whole + decimals > 0;
}

/* |text| as an integer; false beyond int64. */
static bool magnitude(struct vs_str text, uint64_t *ret_value) {
  bool is_negative = text.data[0] == '-';
  vs_u128 value = 0;
  for (size_t i = is_negative; i < text.size && value <= UINT64_MAX; i++)
    value = value * 10 + (unsigned)(text.data[i] - '0');
  if (value > (vs_u128)INT64_MAX + is_negative) return false;
  *ret_value = (uint64_t)value;
  return true;
}

static void add_split(struct vs_guess *guess, struct vs_str text, struct number number) {
  uint64_t value;
  guess->whole_digits = VS_MAX(guess->whole_digits, number.whole);
  if (number.has_exponent) {
    guess->kinds |= SEEN_FLOAT;
  } else if (number.decimals) {
    uint32_t whole = number.whole == 1 && text.data[text.data[0] == '-'] == '0' ? 0 : number.whole;
    guess->kinds |= SEEN_DECIMAL;
    guess->scale = VS_MAX(guess->scale, number.decimals);
    guess->significant = VS_MAX(guess->significant, whole + number.decimals);
  } else if (magnitude(text, &value)) {
    guess->kinds |= SEEN_INTEGER;
    guess->largest = VS_MAX(guess->largest, value);
    guess->smallest = VS_MIN(guess->smallest, value);
  } else {
    guess->kinds |= SEEN_BIG;
  }
}

void vs_guess_add_number(struct vs_guess *guess, struct vs_str text) {
  struct number number;
  if (split_number(text, &number))
    add_split(guess, text, number);
  else
    guess->kinds |= SEEN_TEXT;
}

static bool could_be_time(struct vs_str text) {
  return text.size >= 8 && text.size <= 40 && text.data[0] >= '0' && text.data[0] <= '9' &&
         (memchr(text.data, '-', text.size) || memchr(text.data, '/', text.size));
}

void vs_guess_add_string(struct vs_guess *guess, struct vs_str text) {
  int64_t value;
  if (guess->kinds & SEEN_TEXT) return;
  if (!could_be_time(text))
    guess->kinds |= SEEN_TEXT;
  else if (vs_date_parse(text, &value))
    guess->kinds |= SEEN_DATE;
  else
    guess->kinds |= vs_timestamp_parse(text, &value) ? SEEN_TIMESTAMP : SEEN_TEXT;
}

static bool is_boolean(struct vs_str text) {
  return vs_str_equal_nocase(text, VS_STR("true")) || vs_str_equal_nocase(text, VS_STR("false"));
}

void vs_guess_add_text(struct vs_guess *guess, struct vs_str text) {
  struct number number;
  if (guess->kinds & SEEN_TEXT) return;
  if (split_number(text, &number))
    add_split(guess, text, number);
  else if (is_boolean(text))
    guess->kinds |= SEEN_BOOLEAN;
  else
    vs_guess_add_string(guess, text);
}

void vs_guess_add_boolean(struct vs_guess *guess) {
  guess->kinds |= SEEN_BOOLEAN;
}

void vs_guess_add_nested(struct vs_guess *guess) {
  guess->kinds |= SEEN_NESTED;
}

static struct vs_type decimal_of(const struct vs_guess *guess, const struct vs_guess_rules *rules) {
  uint32_t scale = guess->scale + (rules->is_whole || !guess->scale ? 0 : 2);
  if (guess->whole_digits + scale <= VS_DECIMAL_I64_MAX) return vs_type_decimal(VS_DECIMAL_I64_MAX, (uint8_t)scale);
  if (rules->floats_beyond_18_digits && guess->significant > VS_DECIMAL_I64_MAX) return VS_TYPE(FLOAT);
  if (guess->whole_digits + scale <= VS_DECIMAL_MAX) return vs_type_decimal(VS_DECIMAL_MAX, (uint8_t)scale);
  return VS_TYPE(FLOAT);
}

static struct vs_type type_of(const struct vs_guess *guess, const struct vs_guess_rules *rules) {
  uint32_t kinds = guess->kinds;
  if (kinds & SEEN_NESTED) return VS_TYPE(JSON);
  if (!kinds || kinds & SEEN_TEXT) return VS_TYPE(STRING);
  if (kinds == SEEN_INTEGER) return VS_TYPE(INTEGER);
  if (kinds == SEEN_BIG || kinds == (SEEN_BIG | SEEN_INTEGER))
    return guess->whole_digits <= VS_DECIMAL_MAX ? vs_type_decimal(VS_DECIMAL_MAX, 0) : VS_TYPE(STRING);
  if (!(kinds & ~(uint32_t)SEEN_EXACT)) return decimal_of(guess, rules);
  if (!(kinds & ~(uint32_t)SEEN_NUMBER)) return VS_TYPE(FLOAT);
  if (kinds == SEEN_BOOLEAN) return VS_TYPE(BOOLEAN);
  if (kinds == SEEN_DATE) return VS_TYPE(DATE);
  return kinds & ~(uint32_t)(SEEN_DATE | SEEN_TIMESTAMP) ? VS_TYPE(STRING) : VS_TYPE(TIMESTAMP);
}

int vs_time_name_rank(struct vs_str name) {
  static const char *const names[] = {"event_time", "timestamp", "ts", "time"};
  for (size_t i = 0; i < VS_COUNT_OF(names); i++)
    if (vs_str_equal_nocase(name, vs_str_of(names[i]))) return (int)i + 1;
  if (name.size > 3 && vs_str_equal_nocase((struct vs_str){name.data + name.size - 3, 3}, VS_STR("_at"))) return 5;
  return vs_str_equal_nocase(name, VS_STR("date")) ? 6 : 0;
}

static bool holds_times(const struct vs_guess *guess, struct vs_type type) {
  return type.id == VS_TYPE_TIMESTAMP || type.id == VS_TYPE_DATE ||
         (type.id == VS_TYPE_INTEGER && guess->smallest >= smallest_time);
}

static int find_time(const struct vs_guess *guesses, const struct vs_schema *schema) {
  int best = -1, best_rank = 7;
  for (uint32_t i = 0; i < schema->field_count; i++) {
    int rank = vs_time_name_rank(guesses[i].name);
    if (rank && rank < best_rank && holds_times(&guesses[i], schema->fields[i].type)) {
      best = (int)i;
      best_rank = rank;
    }
  }
  return best;
}

vs_status vs_guess_finish(const struct vs_guess *guesses, uint32_t count, const struct vs_guess_rules *rules,
                          struct vs_arena *arena, struct vs_inferred *ret_inferred, struct vs_error *err) {
  struct vs_field *fields = VS_ARENA_ARRAY(arena, struct vs_field, count);
  vs_epoch_unit *units = VS_ARENA_ARRAY(arena, vs_epoch_unit, count);
  for (uint32_t i = 0; fields && units && i < count; i++) {
    fields[i].name =
        (struct vs_str){vs_arena_copy(arena, guesses[i].name.data, guesses[i].name.size), guesses[i].name.size};
    fields[i].type = type_of(&guesses[i], rules);
    fields[i].is_nullable = true;
    bool could_be_epoch = fields[i].type.id == VS_TYPE_INTEGER && guesses[i].smallest >= smallest_time;
    units[i] =
        could_be_epoch ? vs_epoch_unit_of((int64_t)VS_MIN(guesses[i].largest, (uint64_t)INT64_MAX)) : VS_EPOCH_AUTO;
  }
  if (arena->is_failed) return vs_fail_memory(err);
  *ret_inferred = (struct vs_inferred){
      .schema = {fields, count, count}, .units = units, .sampled_rows = rules->row_count, .is_whole = rules->is_whole};
  ret_inferred->time_column = find_time(guesses, &ret_inferred->schema);
  return VS_OK;
}
