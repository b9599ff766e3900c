"""How the answers of a site are written: its pages, its documents, and replies that may be kept."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from publish import description, negotiation, serialization
from publish import namespaces as ns
from publish.web import templating
from publish.web.site import Site

SUFFIXES = (negotiation.HTML, *negotiation.RDF_FORMATS)
"""The formats of what is said of one thing."""


def describe(site: Site, form: negotiation.Format, home: str) -> bytes:
    """Write what a data set says of itself, with the addresses of the server `home`."""
    about = site.dataset.description
    if about is None:
        return b""
    triples = description.at(site.description, about.base, home)
    triples |= description.succession(about, site.before)
    if site.settings.contact:
        triples |= description.reached(about, site.settings.contact)
    return serialization.write(triples, form, {**ns.STANDARD, **site.dataset.prefixes}, [about.iri])


def markup(site: Site, request: Request) -> Markup:
    """Give the description for search engines, so that it can stand in a page as it is."""
    files = site.release.described if site.release else ()
    found = description.schema(site.dataset, files, site.home(request), site.settings.contact)
    return templating.data_block(found)


class Reply(Response):
    """A whole answer; the framework's own takes as long to be made as a small query to be run."""

    def __init__(self, body: bytes, media: str, status: int, headers: Mapping[str, str]) -> None:
        self.body = body
        self.status_code = status
        self.background = None
        said = {name.lower(): value for name, value in headers.items()}
        said |= {"content-length": str(len(body)), "content-type": media}
        self.raw_headers = [
            (name.encode(), value.encode("latin-1")) for name, value in said.items()
        ]


def render(site: Site, template: str, request: Request, **values: object) -> str:
    """Fill a template; what all pages need is there already."""
    filled = site.templates.get_template(template)
    return filled.render(home=site.home(request), path=request.url.path, **values)


def page(
    site: Site,
    template: str,
    request: Request,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> Response:
    """Give a page that may be kept."""
    text = render(site, template, request, **values)
    return reply(site, text.encode(), negotiation.HTML.content_type, status, headers)


def reply(
    site: Site,
    body: bytes,
    media: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give an answer that a client may keep for as long as the settings say."""
    return Reply(body, media, status, {"cache-control": control(site), **(headers or {})})


def control(site: Site) -> str:
    """Say what a client may do with an answer that does not change within a release."""
    seconds = site.settings.cache_seconds
    return f"public, max-age={seconds}" if seconds else "no-cache"
