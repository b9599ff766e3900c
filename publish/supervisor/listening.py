"""An address to listen on, taken before anything else, or why it cannot be had."""

from __future__ import annotations

import errno
import socket

from publish import errors


def bind(host: str, port: int) -> socket.socket:
    """Take an address without listening yet; raise `ListenError` where that cannot be."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, socket.SOCK_STREAM)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            taken.bind(place)
        except OSError:
            taken.close()
            raise
    except OSError as error:
        raise cannot(error, host, port) from error
    return taken


def cannot(error: OSError, host: str, port: int) -> errors.ListenError:
    """Say why an address cannot be listened on."""
    return errors.ListenError(_why_not(error, host, port))


def _why_not(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror):
        return f"there is no host `{host}`; set another with --host"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use; stop what listens there or set another --port"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than you have; set a --port above 1023"
    return f"cannot listen on port {port} of {host}: {error.strerror}; set another --host or --port"
