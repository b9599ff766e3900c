"""One process that holds the address, and below it a server for each release.

The supervisor listens, loads nothing and has no threads, so it can fork at any time. Each server
is a fork of it, which loads a release, says so, and waits for its turn. Then the server before it
stops taking connections, hands over those on which nothing is under way, and says that it has
left; only then the next one answers. So no request is dropped, whoever connects in between waits
a moment, and nobody is answered by the old release after somebody was answered by the new. A
server that cannot load is refused, and the one that answers goes on.

Both ends of the pipe between them are here; how connections are handed over is known to the web.
"""

from publish.supervisor.listening import bind, cannot
from publish.supervisor.post import Post
from publish.supervisor.supervising import supervise

__all__ = ["Post", "bind", "cannot", "supervise"]
