"""What the scripts of pages read where no server answers: everything that they look up, as JSON.

The names of things for the search, the values by which a list is narrowed, and how queries are
answered: with which engine, of which dump, and what the sections of pages ask.
"""

from __future__ import annotations

import json
from urllib.parse import quote

from fastapi import APIRouter, Response

from publish import errors, facets, portraits
from publish.records import Kind
from publish.web import rendering
from publish.web.site import Site

OFFLINE, NAMES = "/offline.json", "/search/names.json"
_MEDIA = "application/json"
_THING = "thing:"
"""What stands in the query of a section for the thing that it is about; no IRI has only a scheme."""


def router(site: Site) -> APIRouter:
    """Give the routes of what scripts read."""
    routes = APIRouter()

    def written(told: object) -> Response:
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return rendering.reply(site, text.encode(), _MEDIA)

    @routes.get(OFFLINE, summary="How queries are answered in the browser")
    async def offline() -> Response:
        """With an engine and a dump, whose graph of rules is kept apart."""
        about = site.dataset.description
        dump = f"/release/{quote(site.version)}/{about.prefix}.nq.gz" if about else ""
        return written(
            {
                "engine": site.script("engine"),
                "dump": site.prefix + dump,
                "base": site.dataset.base,
                "apart": site.dataset.shapes_graph,
                "thing": _THING,
                "space": about.uri_space if about else "",
                "sections": dict(portraits.queries(site.portraits.roles, _THING)),
            }
        )

    @routes.get(NAMES, summary="All that things are called")
    async def names() -> Response:
        """For a search that runs in the browser."""
        return written(_named(site))

    @routes.get("/browse/{kind}/values.json", summary="By what a list is narrowed")
    async def values(kind: str) -> Response:
        """Give the things of a list, and which of them have each value, by their numbers from 0."""
        found = next((one for one in site.records.kinds() if one.name == kind), None)
        if found is None:
            raise errors.NotFound(f"there is no list `{kind[:80]}`; see all of them at /browse")
        return written(_values(site, found))

    return routes


def _place(site: Site, iri: str) -> str:
    """Give the place of a page below the site, as hosts of files give it."""
    return site.addresses.document(iri).removeprefix(site.prefix) + "/"


def _named(site: Site) -> dict[str, object]:
    """Give each thing with its label, its other names and where its page stands, below its kind."""
    called: dict[str, set[str]] = {}
    for one in site.source.names(site.index.properties):
        called.setdefault(one.iri, set()).add(one.text)
    space = site.dataset.description.uri_space if site.dataset.description else ""
    things = []
    for iri in sorted(iri for iri in called if iri.startswith(space)):
        label = site.records.label(iri).value
        names = sorted(called[iri] - {label})
        things.append(
            {"iri": iri, "label": label, "place": _place(site, iri)}
            | ({"names": names} if names else {})
        )
    kinds = {
        one.name: [one.label.value, *([one.label.language] if one.label.language else [])]
        for one in site.records.kinds()
    }
    return {"things": things, "kinds": kinds}


def _values(site: Site, kind: Kind) -> dict[str, object]:
    site.source.meet(kind.members)
    numbers = {iri: number for number, iri in enumerate(kind.members)}
    names = [site.names.name(iri) for iri in kind.members]
    return {
        "things": [
            [name.value, _place(site, iri), *([name.language] if name.language else [])]
            for iri, name in zip(kind.members, names, strict=True)
        ],
        "facets": [
            {
                "name": facet.name,
                # What catalogues know has no property; the script names it.
                "label": site.records.label(facet.property_).value if facet.property_ else "",
                "values": [
                    {
                        "name": value.name,
                        "label": site.wording.gettext(value.label.value)
                        if facet.name == facets.LINKED
                        else value.label.value,
                        "things": sorted(numbers[iri] for iri in value.members),
                    }
                    for value in facet.values
                ],
            }
            for facet in site.browser.facets(kind)
        ],
    }
