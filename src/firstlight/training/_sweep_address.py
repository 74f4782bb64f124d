"""Whether anything answers at a cluster's address, found out within a time limit."""

from __future__ import annotations

import contextlib
import socket
import struct

from firstlight._errors import UsageError

__all__ = ["ANSWER_SECONDS", "check_grpc", "host_and_port"]

ANSWER_SECONDS = 10.0
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS = 4


def host_and_port(address: str) -> tuple[str, int]:
    """Return the parts of ``host:port``, with or without ``scheme://`` in front.

    Raises
    ------
    UsageError
        It is no such address.

    Examples
    --------
    >>> host_and_port("tcp://10.0.0.1:8786")
    ('10.0.0.1', 8786)
    """
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if not (colon and host and port.isdecimal() and 0 < int(port) < 2**16):
        raise UsageError(f"--address is host:port, such as 10.0.0.1:6379; got {address!r}.")
    return host.strip("[]"), int(port)


def check_grpc(address: str, *, cure: str, seconds: float = ANSWER_SECONDS) -> None:
    """Make sure that a gRPC server answers, as Ray's head is one.

    Ray itself would try for minutes, and ends the process when it gives up. gRPC speaks HTTP/2, whose server
    greets with a SETTINGS frame (RFC 9113, section 3.4).

    Raises
    ------
    UsageError
        Nothing answers in time, or something else does; the message ends with ``cure``.
    """
    place = host_and_port(address)
    try:
        with contextlib.closing(socket.create_connection(place, timeout=seconds)) as connection:
            connection.sendall(PREFACE + struct.pack(">I", SETTINGS) + bytes(5))
            greeting = connection.recv(9)
    except OSError as error:
        raise UsageError(f"Nothing answers at {address} ({error}). {cure}") from error
    if len(greeting) < 4 or greeting[3] != SETTINGS:
        raise UsageError(f"Something answers at {address}, but not as Ray's head does. {cure}")
