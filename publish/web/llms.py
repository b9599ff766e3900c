"""`/llms.txt`: where a program that reads for people begins, in the words that it reads best.

The form is that of llmstxt.org: a title, a summary, and lists of links with what is behind each.
All of it is computed from the data set and the addresses of this server.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response

from publish import terms
from publish.web import rendering, signposts
from publish.web.site import Site

_MEDIA = "text/markdown; charset=utf-8"


def router(site: Site) -> APIRouter:
    """Give the route of the text."""
    routes = APIRouter()

    @routes.get("/llms.txt", summary="Where assistants begin")
    async def llms(request: Request) -> Response:
        """Tell what the data are and where to read and ask, as llmstxt.org has it."""
        text = await site.made(_text, site, site.home(request))
        return rendering.reply(site, text.encode(), _MEDIA)

    return routes


def _text(site: Site, home: str) -> str:
    about = site.dataset.description
    said = " ".join(about.description.split()) if about else "An RDF file, served as it stands."
    lines = [f"# {_plain(site.title)}", "", f"> {said}", ""]
    if about:
        lines += [
            f"Version {about.version}; licence <{about.licence}>. Each thing has an address below "
            f"<{about.uri_space}>, which this server answers below <{home}{site.things}>; its data "
            "come as Turtle or JSON-LD by the header Accept, or by `.ttl` or `.jsonld` behind the "
            "address of its document. Each statement stands in a layer, a named graph: what the "
            "text says, how it is read, and what outside sources add are kept apart.",
            "",
        ]
    for title, links in _sections(site, home):
        lines += [f"## {title}", "", *links, ""]
    return "\n".join(lines)


def _sections(site: Site, home: str) -> Iterator[tuple[str, list[str]]]:
    about, records = site.dataset.description, site.records
    asking = [
        _link("Questions", f"{home}/questions", "questions that the editors saved, with queries"),
        _link(
            "SPARQL",
            f"{home}/sparql",
            "reads SPARQL 1.1, by GET or POST; `prefixes=dataset` "
            "declares the prefixes of the data, `labels=en` adds labels beside IRIs",
        ),
        _link("Help", f"{home}/help", "layers, formats, limits, errors"),
        _link("OpenAPI", f"{home}/openapi.json", "every address with its parameters"),
    ]
    if not site.source.distant:
        asking.insert(
            0, _link("Search", f"{home}/search?format=json&q=", "things by name, as JSON")
        )
    yield "Asking", asking
    if about:
        documents = [
            _link(site.vocabularies[iri], home + _below(site, iri), "each explained")
            for iri in terms.documents(records)
        ]
        whole = home + _below(site, about.iri)
        yield (
            "The data model",
            [
                *documents,
                _link(
                    "Description", f"{whole}.ttl", "what the data set says of itself: DCAT, VoID"
                ),
                _link("Files", f"{home}/dump/", "the whole, in six formats"),
                _link("Interfaces", f"{home}{signposts.CATALOG}", "as a link set"),
            ],
        )
    kinds = [
        _link(kind.label.value, f"{home}/browse/{kind.name}", f"{len(kind.members)} of them")
        for kind in records.kinds()
    ]
    if kinds:
        yield "Kinds of things", kinds
    questions = [
        _link(
            one.label.value, home + _below(site, one.iri), one.comment.value if one.comment else ""
        )
        for one in records.questions()
    ]
    if questions:
        yield "Saved questions", questions


def _below(site: Site, iri: str) -> str:
    """Give the path of a document below the address of the server."""
    return site.addresses.document(iri).removeprefix(site.prefix)


def _link(title: str, address: str, what: str) -> str:
    return f"- [{_plain(title)}]({address})" + (f": {' '.join(what.split())}" if what else "")


def _plain(text: str) -> str:
    """Write a text on one line, without what Markdown takes for a link."""
    return " ".join(text.split()).replace("[", "(").replace("]", ")")
