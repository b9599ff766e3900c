"""How many requests one address may send: a bucket of tokens each, refilled as time passes.

An address may send a minute's worth at once, and then one as often as the rate says. Answers
that are repeated from memory cost nothing and are not counted; neither is what watches over the
server. Addresses of IPv6 count by the network of a customer (/64). Those who were not seen for
longest are forgotten.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from publish import errors

_ADDRESSES = 10_000
"""How many addresses are remembered."""
_WATCHERS = frozenset({"/health", "/ready", "/metrics"})
_CUSTOMER = 64


class Buckets:
    """A bucket for each address; `rate` is in requests a minute."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> float:
        """Take a token; where there is none, give the seconds until there is."""
        now = self._clock()
        left, since = self._known.pop(address, (float(self._rate), now))
        left = min(float(self._rate), left + (now - since) * self._rate / 60)
        enough = left >= 1
        self._known[address] = (left - 1 if enough else left, now)
        if len(self._known) > _ADDRESSES:
            self._known.popitem(last=False)
        return 0.0 if enough else (1 - left) * 60 / self._rate


class Limited:
    """Refuses the requests of an address that sends too many; a rate of 0 is no limit."""

    def __init__(
        self, app: ASGIApp, *, requests: int, queries: int, are_queries: Callable[[str], bool]
    ) -> None:
        self._app = app
        self._requests = Buckets(requests) if requests else None
        self._queries = Buckets(queries) if queries else None
        self._are_queries = are_queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or raise `RateExceeded`."""
        if scope["type"] == "http" and scope["path"] not in _WATCHERS:
            asked = self._are_queries(scope["path"])
            buckets = self._queries if asked else self._requests
            wait = buckets.take(_network(scope)) if buckets else 0.0
            if wait:
                raise errors.RateExceeded(
                    "your address sends more than this server takes; "
                    f"ask again in {wait:.1f} seconds, and more slowly",
                    wait,
                )
        await self._app(scope, receive, send)


def _network(scope: Scope) -> str:
    address: str = scope["client"][0] if scope.get("client") else ""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address.partition("%")[0], _CUSTOMER), strict=False))
    except ValueError:
        return address
