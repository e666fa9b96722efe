# SPDX-License-Identifier: Apache-2.0
"""Ports for servers that are started later than they are named."""
import random
import socket


def is_free(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) != 0


def free_ports(count):
    """Below the range the system hands out, so that nobody gets them in the meantime: a port of that range may even go
    to the very socket that tries to connect to it while nobody listens."""
    return [port for port in random.sample(range(20000, 32000), 8 * count) if is_free(port)][:count]
