/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/secret.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(base_secret, keys_are_known_by_their_words) {
  static const char *const secret[] = {"password",
                                       "s.sasl.password",
                                       "PASSWORD",
                                       "db_password",
                                       "client-secret",
                                       "aws.secret.access.key",
                                       "api_key",
                                       "ssl.key.pem",
                                       "access_token",
                                       "token",
                                       "schema.registry.auth.password",
                                       "private.key",
                                       "apikey"};
  static const char *const open[] = {
      "primary.key", "key", "kafka.key.field", "symbol", "tokens", "keyboard", "passwords_seen", "", "."};
  for (size_t i = 0; i < VS_COUNT_OF(secret); i++)
    cr_expect(vs_secret_key_is(vs_str_of(secret[i])), "%s", secret[i]);
  for (size_t i = 0; i < VS_COUNT_OF(open); i++)
    cr_expect_not(vs_secret_key_is(vs_str_of(open[i])), "%s", open[i]);
}

/* The values found, each in brackets. */
static const char *found(const char *text) {
  static char line[512];
  size_t size = 0;
  struct vs_str value;
  line[0] = '\0';
  for (size_t position = 0; vs_secret_find(vs_str_of(text), &position, &value);)
    size += (size_t)snprintf(line + size, sizeof line - size, "[%.*s]", VS_STR_ARG(value));
  return line;
}

Test(base_secret, values_are_found_where_they_are_written) {
  static const struct {
    const char *text, *values;
  } cases[] = {
      {"SELECT * FROM s WITH ('s.sasl.password' = 'hunter2', 'format' = 'csv')", "[hunter2]"},
      {"WITH ('password'='it''s', \"api_key\" = \"x y\")", "[it''s][x y]"},
      {"SET registry.token = 'abc';\nSET bound.rows = 5", "[abc]"},
      {"%param password = 'p w'\n%config a.secret=bare,b", "[p w][bare]"},
      {"# Parameters\ntoken: str = \"t1\"\npin_secret = 123456\nn = 5", "[t1][123456]"},
      {"-- Parameters\nn = 5\ntoken = bare\nb = 6\n\nSELECT * FROM t WHERE\ntoken = other", "[bare]"},
      {"-- Parameters of old\ntoken = column", ""},
      {"%param password --ask --secret", ""},
      {"SELECT * FROM a JOIN b ON a.token = b.token AND a.key = 'AAPL'", ""},
      {"WITH ('password' = :pw, 'token' = '${env:TOKEN}')", ""},
      {"WITH ('password' = 'open", "[open]"},
      {"'password' = ", ""},
      {"password = ''", ""},
      {"=", ""},
      {"= 'x'", ""},
      {"'' = 'x'", ""},
  };
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++)
    cr_expect_str_eq(found(cases[i].text), cases[i].values, "%s: %s", cases[i].text, found(cases[i].text));
}

Test(base_secret, a_long_text_of_signs_takes_no_long_time, .timeout = 10) {
  static const char *const pieces[] = {":", "token=", "a", "password:", "="};
  static char text[2000001];
  for (size_t i = 0; i < VS_COUNT_OF(pieces); i++) {
    size_t size = strlen(pieces[i]);
    for (size_t at = 0; at + size < sizeof text; at += size)
      memcpy(text + at, pieces[i], size);
    text[sizeof text - 1] = '\0';
    struct vs_str value;
    size_t position = 0;
    while (vs_secret_find((struct vs_str){text, sizeof text - 1}, &position, &value))
      cr_expect_leq(position, sizeof text - 1);
  }
}
