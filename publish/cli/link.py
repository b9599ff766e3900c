"""`folkmote link`: propose links to another data set, or take over those that others publish."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publish import errors, folders, settings
from publish.cli import distant, sources, terminal

if TYPE_CHECKING:
    from publish.candidates import Reconciler
    from publish.dataset import Dataset
    from publish.linking import Elsewhere, Link
    from publish.sources import Source
    from publish.stores.endpoint import Bounds
    from publish.stores.services import Service

_TABLE = Path("data", "links", "proposed.sssom.tsv")


def link(
    folder: sources.Folder = None,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="SOURCE",
            help="Where to look for the same things: an RDF file, a release or folder, a SPARQL "
            "endpoint, or a reconciliation service.",
        ),
    ] = "",
    taken: Annotated[
        Path | None,
        typer.Option(
            "--import",
            metavar="FILE",
            help="Take over the links to our things in FILE: a table (SSSOM, .tsv) or RDF.",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The table to be reviewed; by default FOLDER/" + _TABLE.as_posix()
        ),
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only things of this kind; may be given again.")
    ] = None,
) -> int:
    """Propose links to another data set, with reasons, in a table to be reviewed.

    What is proposed makes no triple. To accept a row, raise its confidence above 0.7; to reject it,
    write `Not` into predicate_modifier: either way it is not proposed again. User and password of
    an endpoint are FOLKMOTE_STORE_USER and FOLKMOTE_STORE_PASSWORD in the environment.
    """
    if bool(against) == (taken is not None):
        raise errors.SettingError("name one of --against and --import")
    from publish import linking

    data = sources.read(folder)
    place = to or sources.place(folder) / _TABLE
    ours = _reconciler(data)
    if taken is not None:
        found = _imported(taken, data, ours)
    else:
        found = _proposed(against, data, ours, place, kind or [])
    about = data.description
    head = linking.Head(
        id=f"{about.base}links/{place.name}" if about else place.name,
        licence=about.licence if about else "https://w3id.org/sssom/license/unspecified",
        date=_today(),
        prefixes=data.prefixes,
    )
    before = _before(place)
    text, fresh = linking.merged(before, str(place), found, head)
    if fresh:
        _write(place, text)
    terminal.say(f"{terminal.counted(fresh, 'link')} to be reviewed in {place}")
    return terminal.FINE


def _proposed(
    against: str, data: Dataset, ours: Reconciler, place: Path, kinds: list[str]
) -> list[Link]:
    from publish import linking, mappings

    wanted = [one for one in linking.KINDS if not kinds or one.value in kinds]
    if unknown := sorted(set(kinds) - {one.value for one in linking.KINDS}):
        raise errors.SettingError(
            f"there is no kind `{unknown[0]}` to link; there are {', '.join(linking.KINDS)}"
        )
    decided = linking.known(data)
    if before := _before(place):
        rows = mappings.parse(before, str(place)).matches
        decided |= {(one.subject, one.object) for one in rows}
    with _elsewhere(against, ours) as other, terminal.progress(f"comparing with {against}") as tell:
        return linking.proposed(ours, wanted, other, decided, tell)


def _imported(taken: Path, data: Dataset, ours: Reconciler) -> list[Link]:
    from publish import linking, mappings

    about = data.description
    if about is None:
        raise errors.FolderError(
            "a bare file has no things of its own; name the folder of a data set"
        )
    version = f"{taken.name}, taken over {_today()}"
    if taken.suffix == ".tsv":
        table = mappings.parse(_before(taken, must=True), str(taken))
        found = linking.of_table(table, ours, about.uri_space, version)
    else:
        found = linking.of_triples(sources.read(taken), ours, about.uri_space, version)
    decided = linking.known(data)
    return [one for one in found if (one.subject, one.object) not in decided]


@contextmanager
def _elsewhere(against: str, ours: Reconciler) -> Iterator[Elsewhere]:
    """Open what the links are to lead to."""
    from publish import linking

    about = ours.catalogue.records.dataset.description
    space = about.uri_space if about else ""
    if not against.startswith(("http://", "https://")):
        other = sources.read(Path(against))
        said = other.description
        version = f"{said.iri} {said.version}" if said else Path(against).name
        yield linking.Others(_reconciler(other), ours, f"{version}, read {_today()}", space)
        return
    chosen = settings.read(os.environ, {})
    with ExitStack() as open_:
        service = _service(against, distant.bounds(chosen))
        if service is not None:
            open_.enter_context(service)
            version = " ".join(filter(None, (against, service.version)))
            yield linking.Answered(service, f"{version}, asked {_today()}")
            return
        from publish.sources import opening
        from publish.stores.endpoint import Endpoint

        asked = Endpoint(against, distant.login(chosen), distant.bounds(chosen))
        endpoint = open_.enter_context(asked)
        theirs = _reconciler(opening.open_store(endpoint, against, _today()))
        yield linking.Others(theirs, ours, f"{against}, asked {_today()}", space)


def _service(address: str, bounds: Bounds) -> Service | None:
    """Open a reconciliation service; nothing where the address is one of something else."""
    from publish.stores.services import Service

    try:
        return Service(address, bounds)
    except errors.StoreAnswerError:
        # A SPARQL endpoint does not answer to no query in this way.
        return None


def _reconciler(data: Dataset | Source) -> Reconciler:
    from publish.candidates import Reconciler
    from publish.catalogue import Catalogue
    from publish.records import Records
    from publish.search import Index

    records = Records(data)
    return Reconciler(Catalogue(records), Index(records.source))


def _before(place: Path, *, must: bool = False) -> bytes:
    """Read a table; one that need not be there is empty."""
    try:
        return place.read_bytes() if must or place.exists() else b""
    except OSError as error:
        raise errors.FolderError(f"cannot read `{place}`: {error.strerror}") from error


def _write(place: Path, text: bytes) -> None:
    """Write a table at once: whoever is interrupted leaves the one that was there."""
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    with folders.writing(place, "name another file with --to"):
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(text)
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
