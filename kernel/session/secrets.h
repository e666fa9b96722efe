/* SPDX-License-Identifier: Apache-2.0
 * What a session must not show, in what it sends as JSON. Any thread. */
#ifndef VSK_SESSION_SECRETS_H
#define VSK_SESSION_SECRETS_H

#include "engine/base/secret_list.h"
#include <jansson.h>

/* A copy of `value` without secrets in its texts, or NULL when it holds none. */
json_t *vsk_secrets_conceal_json(struct vs_secret_list *secrets, const json_t *value);

#endif
