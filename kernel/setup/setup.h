/* SPDX-License-Identifier: Apache-2.0
 * The command line of velo-kernel beside serving: install, uninstall, doctor, reference, --version, --help. */
#ifndef VSK_SETUP_SETUP_H
#define VSK_SETUP_SETUP_H

/* Exit codes: 0 done, 1 failed, 2 wrong usage. */
int vsk_setup_main(int argument_count, char **arguments);

#endif
