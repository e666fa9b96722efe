/* SPDX-License-Identifier: Apache-2.0
 * Secrets in texts: which keys name one, and where a text writes one down. Pure functions, any thread. */
#ifndef VS_BASE_SECRET_H
#define VS_BASE_SECRET_H

#include "engine/base/text.h"

/* Whether a key or name means a secret by its words, split at anything that is no letter or digit: `password`,
 * `secret`, `token` and the like anywhere (`s.sasl.password`), `key` only behind the word that makes it one (`api_key`,
 * but not `primary.key`, whose value is a column). */
bool vs_secret_key_is(struct vs_str key);

/* Finds the next value written under a secret key, from *position on: `'sasl.password' = 'x'`, `SET a.token = 'x'`,
 * `%param api_key = x`, `password = "x"`. A bare word is a value in a magic line and under `-- Parameters` only; in SQL
 * it is a column. ret_value: without its quotes, doubled quotes still doubled. *position moves behind it. */
bool vs_secret_find(struct vs_str text, size_t *position, struct vs_str *ret_value);

#endif
