"""The whole site as files, for hosts that can give files and nothing else.

Every address that a page or the site map names is asked of the application, in this process, and
its answer becomes the file that a host of files gives there: the page of `/doc/person/x` is
`doc/person/x/index.html`, which GitHub Pages, nginx and `python -m http.server` alike give at
that address; its documents are `doc/person/x.ttl` and `doc/person/x.jsonld`. Of an address with a
query, only a page of a list and the description of an IRI from elsewhere have files, under names
of their own. Links lead to these files; where a link would lead to nothing, there is none.

The folder takes the place of an earlier one when it is complete (`folders`), and the same data
give the same bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin

import httpx
import lxml.etree
import lxml.html
from starlette.types import ASGIApp

from publish import errors, folders
from publish.graphs import Progress
from publish.release import Release
from publish.version import __version__
from publish.web import indexes
from publish.web.site import STATIC

MARK = ".folkmote-export"
"""The file by which an export is known as one."""
_NOT_JEKYLL = ".nojekyll"
"""Keeps GitHub Pages from leaving out what begins with a dot (GitHub Pages documentation)."""
_MISSING = "/404.html"
_BEGINNINGS = ("/", "/robots.txt", "/sitemap.xml", "/context.jsonld")
_FOR_SCRIPTS = (
    *("/completions.json", "/questions?format=json"),
    *(indexes.OFFLINE, indexes.NAMES),
)
"""What the scripts of pages read."""
_ASKED = ("/sparql", "/search")
"""The pages whose scripts read what an address asks."""
_HERE = "http://localhost"
"""Below what the application is asked: it knows for itself where its pages are to stand."""
_THINGS, _DOCUMENTS = "/id/", "/doc/"
_PAGE = "text/html"
_MAP = re.compile(r"/sitemap(-\d+)?\.xml")
_BLOCKS = (
    *("html", "head", "body", "header", "main", "nav", "article", "section", "footer"),
    *("ul", "ol", "dl", "table", "thead", "tbody", "tr"),
)
"""Elements whose children are blocks; what divides these is not shown (CSS 2, 9.2.2.1)."""
_LINKS = ("href", "src", "action", "data-index")
_LONGEST = 255
"""How many bytes the name of a file may have on most systems (POSIX, NAME_MAX)."""


@dataclass(frozen=True)
class Written:
    """What was written: how many pages and files, and the bytes of the dumps and of all else."""

    pages: int
    files: int
    size: int
    dumps: int


def export(
    app: ASGIApp,
    out: Path,
    home: str,
    release: Release | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write what an application answers that is not `served` into a folder.

    `home` is the address at which the folder is to stand, without a slash at its end; the files
    of `release` are copied as they are. Raises `OutputError` where the folder cannot be written
    or holds anything but an earlier export, and where an answer fails.
    """
    out = folders.resolved(out)
    with folders.writing(out):
        _judge(out)
        with folders.replacing(out) as new:
            mirror = _Mirror(app, new, home, release, progress)
            return asyncio.run(mirror.write())


def _judge(out: Path) -> None:
    """Refuse a place where something would be lost."""
    if out.exists() and not out.is_dir():
        raise errors.OutputError(f"`{out}` is a file; name a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise errors.OutputError(
            f"`{out}` holds something else than an earlier export, which would be lost; "
            "name a new folder or move what is in it"
        )


class _Mirror:
    """The writing of one site."""

    def __init__(
        self,
        app: ASGIApp,
        folder: Path,
        home: str,
        release: Release | None,
        progress: Progress | None,
    ) -> None:
        self._app = app
        self._folder = folder
        self._home = home
        self._prefix = httpx.URL(home).path.rstrip("/")
        self._release = release
        self._progress = progress
        scripts = (f"/static/scripts/{path.name}" for path in STATIC.glob("scripts/*"))
        self._waiting = dict.fromkeys((*_BEGINNINGS, *_FOR_SCRIPTS, *sorted(scripts)))
        self._places: dict[str, str] = {}
        """Where each address is found, below the home; nothing for those that have no file."""
        self._maps: list[str] = []
        self._pages: dict[str, str] = {}
        """The address of the page that stands at each place."""

    async def write(self) -> Written:
        """Ask for all, then set the links of all pages, which are known only then."""
        transport = httpx.ASGITransport(self._app)
        accept = {"Accept": _PAGE, "Accept-Encoding": "identity"}
        async with httpx.AsyncClient(
            transport=transport, headers=accept, base_url=_HERE
        ) as self._client:
            while self._waiting:
                address = next(iter(self._waiting))
                del self._waiting[address]
                self._places[address] = ""  # a page that names itself is not asked again
                self._places[address] = await self._taken(address)
                self._tell()
            missing = await self._client.get(_MISSING)
        for place, address in self._pages.items():
            path = self._file(place)
            path.write_bytes(self._linked(path.read_bytes(), address))
        self._put(_MISSING, self._linked(missing.content, "/"))
        for place in self._maps:
            self._map(place)
        self._put(f"/{_NOT_JEKYLL}", b"")
        self._put(f"/{MARK}", f"{self._home}/ as files, by folkmote {__version__}\n".encode())
        return self._counted()

    # --- what there is -------------------------------------------------------------------------

    async def _taken(self, address: str) -> str:
        """Ask for an address and write the answer; give the place where it is found."""
        place = place_of(address)
        if not place:
            return ""
        if held := self._held(place):
            self._file(place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(held, self._file(place))
            return place
        answer = await self._client.get(address)
        if answer.is_redirect:
            return await self._followed(place, answer.headers["location"])
        if answer.is_server_error:
            # A page that is left out would be missed by nobody until a reader looks for it.
            raise errors.OutputError(
                f"`{address}` gave {answer.status_code}; if a query of it takes long, "
                "give queries more time (FOLKMOTE_QUERY_SECONDS)"
            )
        # What is retired has a page that says so (410), which is as good a file as any.
        if not (answer.is_success or answer.status_code == httpx.codes.GONE):
            return ""
        if not answer.headers["content-type"].startswith(_PAGE):
            self._put(place, answer.content)
            if _MAP.fullmatch(place):
                self._maps.append(place)
                self._await(self._address(one.text or "", "/") for one in _located(answer.content))
            return place
        place = place.rstrip("/") + "/"
        self._put(place, answer.content)
        self._pages[place] = address
        self._meet(answer.content, address)
        return place

    async def _followed(self, place: str, location: str) -> str:
        """Let an address that leads on to a file be another name of that file."""
        target = self._address(location, "/")
        if target is None or target in self._waiting:
            return await self._taken(target) if target else ""
        if target not in self._places:
            self._places[target] = await self._taken(target)
        found = self._places[target]
        if found and not found.endswith("/") and PurePosixPath(place).suffix:
            self._file(place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._file(found), self._file(place))
            return place
        return found

    def _meet(self, body: bytes, address: str) -> None:
        """Note what a page leads to."""
        found = [self._address(link, address) for _, _, link in _links(_read(body))]
        if address.startswith(_DOCUMENTS):
            found.append(_THINGS + address.removeprefix(_DOCUMENTS))
        self._await(found)

    def _await(self, addresses: Iterable[str | None]) -> None:
        """Note what is to be asked, once each."""
        for one in filter(None, addresses):
            bare = one.partition("?")[0]
            wanted = bare if bare in _ASKED else one
            if wanted not in self._places:
                self._waiting.setdefault(wanted)

    def _found(self, address: str) -> str:
        """Give the place where an address is found, with what it asks where a script reads that."""
        bare, asks, query = address.partition("?")
        if asks and bare in _ASKED and self._places.get(bare):
            return f"{self._places[bare]}?{query}"
        return self._places.get(address, "")

    def _held(self, place: str) -> Path | None:
        """Give the file of the release that stands at a place."""
        if self._release is None:
            return None
        folder = f"/release/{self._release.version}/"
        name = unquote(place.removeprefix(folder))
        inside = place.startswith(folder) and name in self._release.files
        return self._release.root / name if inside else None

    def _tell(self) -> None:
        if self._progress is not None:
            done = len(self._places)
            self._progress(done, done + len(self._waiting))

    # --- links -----------------------------------------------------------------------------------

    def _address(self, link: str, page: str) -> str | None:
        """Give the address on this site that a link on a page leads to, without its fragment."""
        if link.startswith(f"{self._prefix}/") and not link.startswith("//") and "/." not in link:
            # So nearly all are written, and to read them by the standard takes a while.
            return link.partition("#")[0][len(self._prefix) :]
        try:
            whole = urldefrag(urljoin(self._home + page, link)).url
        except ValueError:
            return None  # the data may hold anything
        if whole == self._home:
            return "/"
        return whole[len(self._home) :] if whole.startswith(f"{self._home}/") else None

    def _linked(self, body: bytes, page: str) -> bytes:
        """Let the links of a page lead to the files, and take away those that lead nowhere."""
        tree = _read(body)
        for element, name, link in _links(tree):
            address = None if link.startswith("#") else self._address(link, page)
            if element.tag == "form" and address not in _ASKED:
                # Nobody is there who would read what it sends.
                element.drop_tree()
            elif address is not None:
                fragment = link.partition("#")[2]
                place = self._found(address)
                there = f"{place}#{fragment}" if fragment else place
                if place:
                    element.set(name, (self._home if "//" in link else self._prefix) + there)
                else:
                    _take_away(element)
        _close_up(tree)
        for element in tree.iter("meta"):
            seconds, leads, link = element.get("content", "").partition("; url=")
            if leads:
                address = self._address(link, page)
                place = self._places.get(address or "", "/")
                element.set("content", f"{seconds}{leads}{self._prefix}{place}")
        written: bytes = lxml.html.tostring(tree, encoding="utf-8", doctype="<!doctype html>")
        return written + b"\n"

    def _map(self, place: str) -> None:
        """Let a site map name each page where it stands."""
        root = lxml.etree.fromstring(self._file(place).read_bytes())
        for url in [*root.iterfind("{*}*")]:
            for where in url.iterfind("{*}loc"):
                found = self._places.get((where.text or "").removeprefix(self._home), "")
                where.text = self._home + found
                if not found:
                    root.remove(url)
        self._put(place, lxml.etree.tostring(root, encoding="UTF-8", xml_declaration=True))

    # --- files -----------------------------------------------------------------------------------

    def _file(self, place: str) -> Path:
        return self._folder / unquote(f"{place}index.html" if place.endswith("/") else place)[1:]

    def _put(self, place: str, body: bytes) -> None:
        path = self._file(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def _counted(self) -> Written:
        sizes = {path.name: 0 for path in self._folder.iterdir()}
        count = 0
        for path in self._folder.rglob("*"):
            if path.is_file():
                count += 1
                sizes[path.relative_to(self._folder).parts[0]] += path.stat().st_size
        dumps = sizes.pop("release", 0)
        return Written(len(self._pages), count, sum(sizes.values()), dumps)


def place_of(address: str) -> str:
    """Give the place below the site at which an address has its file; nothing where it has none.

    The place of a page gets a slash at its end when it is known to be one.
    """
    path, _, query = address.partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    if query and not given.keys() <= {"iri", "format", "page"}:
        return ""
    place = path
    if "iri" in given:
        place += f"/{_name(given['iri'])}"
    if given.get("page", "1") != "1":
        place = f"{place.rstrip('/')}/page-{given['page']}"
    if "format" in given:
        place += f".{given['format']}"
    return place if _is_safe(place) else ""


def _is_safe(place: str) -> bool:
    """Say whether a place can be that of a file: data may name anything."""
    parts = unquote(place).split("/")
    return not any(
        part in (".", "..") or "\0" in part or len(part.encode()) > _LONGEST for part in parts
    )


def _name(iri: str) -> str:
    """Name the description of an IRI: by its last word, told apart by a digest."""
    word = re.sub(r"[^A-Za-z0-9]+", "-", re.split(r"[#/]", iri.rstrip("#/"))[-1])[:60].strip("-")
    digest = hashlib.sha256(iri.encode()).hexdigest()[:10]
    return f"{word}-{digest}" if word else digest


def _located(body: bytes) -> Iterator[lxml.etree._Element]:
    """Give the addresses of a site map, or of a list of them (sitemaps.org)."""
    return lxml.etree.fromstring(body).iterfind("{*}*/{*}loc")


def _read(body: bytes) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8"))


def _links(tree: lxml.html.HtmlElement) -> list[tuple[lxml.html.HtmlElement, str, str]]:
    """Give each element of a page that leads somewhere, with the attribute that says where."""
    return [
        (element, name, element.attrib[name])
        for element in tree.iter("*")
        for name in _LINKS
        if name in element.attrib
    ]


def _close_up(tree: lxml.html.HtmlElement) -> None:
    """Take away the ends of lines that stand between blocks, where nobody sees them."""
    for element in tree.iter(*_BLOCKS):
        if not (element.text or "").strip():
            element.text = None
        for child in element:
            if not (child.tail or "").strip():
                child.tail = None


def _take_away(element: lxml.html.HtmlElement) -> None:
    """Take a link away that would lead nowhere: the words stay where they say something else."""
    if element.tag != "a":
        element.drop_tree()
        return
    parent = element.getparent()
    alone = (
        parent.tag in ("li", "p")
        and parent.text_content().strip() == element.text_content().strip()
    )
    if alone:
        parent.drop_tree()
    elif not {"asks", "button"}.isdisjoint(element.classes):
        element.drop_tree()
    else:
        element.drop_tag()
