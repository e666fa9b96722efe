/* SPDX-License-Identifier: Apache-2.0
 * Functions of texts: characters, not bytes; NULL rules; patterns. */
#include "calls.h"

Test(function_texts, case_follows_unicode_one_to_one) {
  EXPECT_CALL("UPPER", "'straße über'", "STRAßE ÜBER");
  EXPECT_CALL("LOWER", "'ÀÉÎ ABC'", "àéî abc");
  EXPECT_CALL("INITCAP", "'new YORK o-clock 2nd'", "New York O-Clock 2nd");
  EXPECT_CALL("REVERSE", "'añb€'", "€bña");
  EXPECT_CALL("UPPER", "NULL", "NULL");
  EXPECT_CALL("UPPER", "1", "bind VELO-2006");
}

Test(function_texts, positions_count_characters_from_one) {
  EXPECT_CALL("LENGTH", "'größe'", "5");
  EXPECT_CALL("SUBSTRING", "'größe', 3, 2", "öß");
  EXPECT_CALL("SUBSTRING", "'abcdef', 0", "abcdef");
  EXPECT_CALL("SUBSTRING", "'abcdef', -2", "ef");
  EXPECT_CALL("SUBSTRING", "'abcdef', -9, 2", "ab");
  EXPECT_CALL("SUBSTRING", "'abcdef', 2, -1", "");
  EXPECT_CALL("SUBSTRING", "'abcdef', 9", "");
  EXPECT_CALL("SUBSTRING", "'a text that is longer', 3, 9223372036854775807", "text that is longer");
  EXPECT_CALL("SUBSTRING", "'abc', -9223372036854775808", "abc");
  EXPECT_CALL("LEFT", "'größe', 3", "grö");
  EXPECT_CALL("LEFT", "'abc', -1", "ab");
  EXPECT_CALL("RIGHT", "'größe', 3", "öße");
  EXPECT_CALL("RIGHT", "'abc', -1", "bc");
  EXPECT_CALL("RIGHT", "'abc', 9", "abc");
  EXPECT_CALL("RIGHT", "'abc', -9223372036854775808", "");
  EXPECT_CALL("LEFT", "'abc', NULL", "NULL");
  EXPECT_CALL("POSITION", "'ß', 'größe'", "4");
  EXPECT_CALL("POSITION", "'b', 'abcb', 3", "4");
  EXPECT_CALL("POSITION", "'x', 'abc'", "0");
  EXPECT_CALL("POSITION", "'', 'abc'", "1");
  EXPECT_CALL("STRPOS", "'abc', 'c'", "3");
}

Test(function_texts, trimming_and_padding) {
  EXPECT_CALL("TRIM", "'  a b \t'", "a b");
  EXPECT_CALL("TRIM", "'xxabxx', 'x'", "ab");
  EXPECT_CALL("LTRIM", "'00070', '0'", "70");
  EXPECT_CALL("RTRIM", "'größeßß', 'ße'", "grö");
  EXPECT_CALL("LPAD", "'7', 3, '0'", "007");
  EXPECT_CALL("LPAD", "'abc', 2", "ab");
  EXPECT_CALL("RPAD", "'ä', 4, 'öü'", "äöüö");
  EXPECT_CALL("LPAD", "'a', 3, ''", "a");
  EXPECT_CALL("REPEAT", "'ab', 3", "ababab");
  EXPECT_CALL("REPEAT", "'ab', -1", "");
  EXPECT_CALL("REPEAT", "'ab', 9223372036854775807", "row VELO-5004");
}

Test(function_texts, parts_and_replacement) {
  EXPECT_CALL("SPLIT_PART", "'a,b,c', ',', 2", "b");
  EXPECT_CALL("SPLIT_PART", "'a,b,c', ',', -1", "c");
  EXPECT_CALL("SPLIT_PART", "'a,b,c', ',', 4", "");
  EXPECT_CALL("SPLIT_PART", "'a,b,c', ',', -4", "");
  EXPECT_CALL("SPLIT_PART", "'a--b--c', '--', 3", "c");
  EXPECT_CALL("REPLACE", "'1,234,567', ',', ''", "1234567");
  EXPECT_CALL("REPLACE", "'abc', '', 'x'", "abc");
  EXPECT_CALL("REPLACE", "'aaa', 'a', 'bb'", "bbbbbb");
  EXPECT_CALL("STARTS_WITH", "'BTCUSDT', 'BTC'", "true");
  EXPECT_CALL("ENDS_WITH", "'BTCUSDT', 'BTC'", "false");
  EXPECT_CALL("CONTAINS", "'BTCUSDT', 'CUS'", "true");
}

Test(function_texts, concat_skips_null_and_the_operator_does_not) {
  EXPECT_CALL("||", "'a', NULL", "NULL");
  EXPECT_CALL("||", "'a', 1.50", "a1.50");
  EXPECT_CALL("CONCAT", "'a', NULL, 1", "a1");
  EXPECT_CALL("CONCAT", "NULL, NULL", "");
  EXPECT_CALL("CONCAT_WS", "'-', 'a', NULL, 'b'", "a-b");
  EXPECT_CALL("CONCAT_WS", "NULL, 'a', 'b'", "NULL");
  EXPECT_CALL("JOIN", "', ', 1, TRUE, ts'2026-01-01'", "1, true, 2026-01-01 00:00:00.000");
  EXPECT_CALL("||", "'a text of more than twelve', ' and another'", "a text of more than twelve and another");
}

Test(function_like, percent_and_underscore_are_the_only_signs) {
  EXPECT_CALL("LIKE", "'BTCUSDT', 'BTC%'", "true");
  EXPECT_CALL("LIKE", "'BTCUSDT', '%USD'", "false");
  EXPECT_CALL("LIKE", "'BTCUSDT', '%USD_'", "true");
  EXPECT_CALL("LIKE", "'a.c', 'a.c'", "true");
  EXPECT_CALL("LIKE", "'abc', 'a.c'", "false");
  EXPECT_CALL("LIKE", "'größe', 'gr_ße'", "true");
  EXPECT_CALL("LIKE", "'größe', 'gr__ße'", "false");
  EXPECT_CALL("LIKE", "'', '%'", "true");
  EXPECT_CALL("LIKE", "'', ''", "true");
  EXPECT_CALL("LIKE", "'', '_'", "false");
  EXPECT_CALL("LIKE", "'abc', ''", "false");
  EXPECT_CALL("LIKE", "'aXbXc', 'a%b%c'", "true");
  EXPECT_CALL("LIKE", "'abab', '%ab'", "true");
  EXPECT_CALL("LIKE", "'ab', 'ab%ab'", "false");
  EXPECT_CALL("LIKE", "'aab', '%_ab'", "true");
  EXPECT_CALL("LIKE", "'ab', '%_ab'", "false");
  EXPECT_CALL("LIKE", "'xay', '%a%%y%'", "true");
  EXPECT_CALL("LIKE", "'é', '_'", "true");
  EXPECT_CALL("LIKE", "'aé', '%_'", "true");
  EXPECT_CALL("LIKE", "NULL, 'a'", "NULL");
}

Test(function_like, escape_takes_the_meaning_away) {
  EXPECT_CALL("LIKE", "'50%', '50!%', '!'", "true");
  EXPECT_CALL("LIKE", "'50x', '50!%', '!'", "false");
  EXPECT_CALL("LIKE", "'a_b', 'a!_b', '!'", "true");
  EXPECT_CALL("LIKE", "'a!b', 'a!!b', '!'", "true");
  EXPECT_CALL("LIKE", "'a%', 'a!%', '!'", "true");
  EXPECT_CALL("LIKE", "'ab', 'a!%', '!'", "false");
  EXPECT_FIXED("LIKE", "'a', 'a!', '!'", "bind VELO-2006");
  EXPECT_FIXED("LIKE", "'a', 'a', '!!'", "bind VELO-2006");
  EXPECT_CALL("LIKE", "'a%b', 'a\\%b'", "false");
}

Test(function_like, ilike_ignores_case) {
  EXPECT_CALL("ILIKE", "'BTCUSDT', 'btc%'", "true");
  EXPECT_CALL("ILIKE", "'ÉTÉ', '_té'", "true");
  EXPECT_CALL("ILIKE", "'ÉTÉ', 'ete'", "false");
}

/* The plain definition, exponential in the number of %. */
static bool naive_like(const char *text, const char *pattern) {
  if (!*pattern) return !*text;
  if (*pattern == '%') return naive_like(text, pattern + 1) || (*text && naive_like(text + 1, pattern));
  return *text && (*pattern == '_' || *pattern == *text) && naive_like(text + 1, pattern + 1);
}

Test(function_like, agrees_with_the_definition) {
  struct vs_random random;
  vs_random_seed(&random, 7);
  for (int round = 0; round < 400; round++) {
    char text[10] = "", pattern[10] = "", arguments[40];
    size_t text_size = vs_random_below(&random, 9), pattern_size = vs_random_below(&random, 7);
    for (size_t i = 0; i < text_size; i++)
      text[i] = (char)('a' + (int)vs_random_below(&random, 2));
    for (size_t i = 0; i < pattern_size; i++)
      pattern[i] = "ab%_"[vs_random_below(&random, 4)];
    snprintf(arguments, sizeof arguments, "'%s', '%s'", text, pattern);
    EXPECT_CALL("LIKE", arguments, naive_like(text, pattern) ? "true" : "false");
  }
}
