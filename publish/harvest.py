"""OAI-PMH 2.0: what a harvester asks and what it is answered, as values and XML; no HTTP here.

Items are the things that catalogues have records of, under their own IRIs. Every record is as
old as its release: a record holds names and titles of other things, so any of them may change
with a release, and a harvester that comes back gets all that may have. Things that were
withdrawn stay as deleted records for good. A resumption token says where a list was left, by the
last IRI given, and holds no state here: after a new release the list goes on from there.

Follows The Open Archives Initiative Protocol for Metadata Harvesting 2.0, sections 2 to 4.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import islice
from types import MappingProxyType

from publish import crosswalks, errors, names
from publish.catalogue import Catalogue, Entry, Kind
from publish.crosswalks import Profile, Release, trees

SPACE = "http://www.openarchives.org/OAI/2.0/"
PAGE = 100
"""How many records one answer holds."""
NOBODY = "nobody@example.invalid"
"""The address of an administrator where none is set: by its name (RFC 2606) it is nobody's."""

_MOST = 10**12
"""Beyond how many records no list goes; of longer numbers Python writes none."""
_S = f"{{{SPACE}}}"
_EMPTY = (
    f'<OAI-PMH xmlns="{SPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{SPACE} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"/>'
)
_NAME = re.compile(r"[A-Za-z0-9_.!~*'()-]+")
_SET = re.compile(r"[A-Za-z0-9_.!~*'()-]+(?::[A-Za-z0-9_.!~*'()-]+)*")
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\[\]]+|[!#-9;=?-Z_a-z~]+"  # RFC 3986, 4.1
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_DAY = "1970-01-01"
"""The day of a release that does not say its own."""
_LISTING = frozenset({"from", "until", "set", "metadataPrefix", "resumptionToken"})
_ARGUMENTS = MappingProxyType(
    {
        "Identify": frozenset[str](),
        "ListMetadataFormats": frozenset({"identifier"}),
        "ListSets": frozenset({"resumptionToken"}),
        "ListIdentifiers": _LISTING,
        "ListRecords": _LISTING,
        "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    }
)


class Refusal(Exception):
    """An error of the protocol (3.6): its code, and what is wrong."""

    def __init__(self, code: str, said: str) -> None:
        self.code = code
        super().__init__(said)


@dataclass(frozen=True)
class Place:
    """Where a list was left: what was asked for, the last IRI given, and how many were."""

    verb: str
    prefix: str
    set: str = ""
    since: str = ""
    until: str = ""
    after: str = ""
    given: int = 0

    def token(self) -> str:
        """Write the place so that it passes through an address."""
        said = json.dumps(list(asdict(self).values()), ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, token: str, verb: str) -> Place:
        """Read a token; raise `Refusal` for one that no answer to this verb has given."""
        try:
            padded = token + "=" * (-len(token) % 4)
            said = json.loads(base64.b64decode(padded.encode("ascii"), b"-_", validate=True))
            place = cls(*said)
            # Half of a pair of surrogates, say, could not be written again.
            given_here = place.token() == token
        except (binascii.Error, ValueError, TypeError, RecursionError) as error:
            raise _broken() from error
        texts = (place.verb, place.prefix, place.set, place.since, place.until, place.after)
        if not given_here or not all(isinstance(one, str) for one in texts):
            raise _broken()
        if place.verb != verb or type(place.given) is not int or not 0 <= place.given <= _MOST:
            raise _broken()
        return place


def _broken() -> Refusal:
    return Refusal("badResumptionToken", "this token was not given here; begin the list anew")


def _harvested() -> tuple[Profile, ...]:
    wanted = ("oai_dc", "marc21", "mods")
    found = {one.name: one for one in crosswalks.profiles()}
    return tuple(found[name] for name in wanted)


@dataclass(frozen=True)
class Repository:
    """A catalogue as harvesters see it.

    `email` is where its administrator can be written to, `shown` the day since when readers see
    the release, where that is later than the day that the release names.
    """

    catalogue: Catalogue
    name: str
    release: Release
    email: str = NOBODY
    page: int = PAGE
    shown: str = ""
    profiles: tuple[Profile, ...] = field(default_factory=_harvested)

    @property
    def day(self) -> str:
        """The day of the release, which is that of each record.

        Who came between the day that it names and the day of its coming has to get it too.
        """
        found = max(self.release.modified[:10], self.shown)
        return found if _DAY.fullmatch(found) else _FIRST_DAY

    def answer(self, asked: Sequence[tuple[str, str]], address: str, now: str) -> bytes:
        """Answer a request; `address` is where it came to, `now` the time in UTC.

        Errors of the protocol are answers too (3.6).
        """
        top = trees.read(_EMPTY)
        trees.child(top, _S + "responseDate", now)
        request = trees.child(top, _S + "request", names.clean(address))
        try:
            given = _checked(asked)
            verb = given.pop("verb")
            made = self._verbs(address)[verb](given)
            for name, value in {"verb": verb, **given}.items():
                request.set(name, value)
            top.append(made)
        except Refusal as refusal:
            if refusal.code not in ("badVerb", "badArgument"):
                for name, value in asked:
                    request.set(name, value)
            said = names.clean(str(refusal))
            trees.child(top, _S + "error", said, code=refusal.code)
        return trees.written(top, declared=True)

    def _verbs(self, address: str) -> dict[str, Callable[[dict[str, str]], trees.Element]]:
        return {
            "Identify": lambda given: self._identify(address),
            "ListMetadataFormats": lambda given: self._formats(given.get("identifier", "")),
            "ListSets": self._sets,
            "ListIdentifiers": lambda given: self._list("ListIdentifiers", given),
            "ListRecords": lambda given: self._list("ListRecords", given),
            "GetRecord": self._get,
        }

    # --- the six verbs -------------------------------------------------------------------------

    def _identify(self, address: str) -> trees.Element:
        top = trees.element(_S + "Identify")
        for name, value in (
            ("repositoryName", names.clean(self.name)),
            ("baseURL", names.clean(address)),
            ("protocolVersion", "2.0"),
            ("adminEmail", self.email),
            ("earliestDatestamp", self.day),
            ("deletedRecord", "persistent"),
            ("granularity", "YYYY-MM-DD"),
        ):
            trees.child(top, _S + name, value)
        return top

    def _formats(self, identifier: str) -> trees.Element:
        entry = self._entry(identifier) if identifier else None
        top = trees.element(_S + "ListMetadataFormats")
        for one in self.profiles:
            if entry is None or entry.kind in one.kinds:
                made = trees.child(top, _S + "metadataFormat")
                trees.child(made, _S + "metadataPrefix", one.name)
                trees.child(made, _S + "schema", crosswalks.schema_of(one))
                trees.child(made, _S + "metadataNamespace", one.iri)
        return top

    def _sets(self, given: dict[str, str]) -> trees.Element:
        if "resumptionToken" in given:
            raise _broken()
        top = trees.element(_S + "ListSets")
        for kind in Kind:
            made = trees.child(top, _S + "set")
            trees.child(made, _S + "setSpec", kind.value)
            trees.child(made, _S + "setName", f"Things of the kind {kind.value}")
        return top

    def _get(self, given: dict[str, str]) -> trees.Element:
        for name in ("identifier", "metadataPrefix"):
            if name not in given:
                raise Refusal("badArgument", f"GetRecord needs the argument `{name}`")
        profile = self._profile(given["metadataPrefix"])
        entry = self._entry(given["identifier"])
        if entry.kind not in profile.kinds:
            raise Refusal(
                "cannotDisseminateFormat",
                f"a thing of the kind {entry.kind} has no {profile.title}",
            )
        top = trees.element(_S + "GetRecord")
        top.append(self._record(entry, profile))
        return top

    def _list(self, verb: str, given: dict[str, str]) -> trees.Element:
        place = self._place(verb, given)
        profile = self._profile(place.prefix)
        kinds = self._kinds(profile, place)
        found = self.catalogue.entries(self.catalogue.iris(place.after), kinds)
        entries = list(islice(found, self.page + 1))
        if not entries:
            raise Refusal("noRecordsMatch", "no record is of that set, format and time")
        top = trees.element(_S + verb)
        shown = entries[: self.page]
        for entry in shown:
            listing = verb == "ListIdentifiers"
            top.append(self._header(entry) if listing else self._record(entry, profile))
        more = len(entries) > len(shown)
        if more or place.after:
            rest = replace(place, after=shown[-1].iri, given=place.given + len(shown))
            token = trees.child(top, _S + "resumptionToken", rest.token() if more else "")
            token.set("cursor", str(place.given))
        return top

    # --- what they share -----------------------------------------------------------------------

    def _place(self, verb: str, given: dict[str, str]) -> Place:
        if "resumptionToken" in given:
            if len(given) > 1:
                raise Refusal("badArgument", "`resumptionToken` stands alone; leave the rest out")
            return Place.read(given["resumptionToken"], verb)
        if "metadataPrefix" not in given:
            raise Refusal("badArgument", f"{verb} needs the argument `metadataPrefix`")
        since, until = given.get("from", ""), given.get("until", "")
        if since and until and since > until:
            raise Refusal("badArgument", "`from` is later than `until`")
        return Place(verb, given["metadataPrefix"], given.get("set", ""), since, until)

    def _kinds(self, profile: Profile, place: Place) -> tuple[Kind, ...]:
        """Give the kinds that a list has; none where no record is of that time."""
        if place.set and place.set not in [kind.value for kind in Kind]:
            raise Refusal("noRecordsMatch", f"there is no set `{place.set}`; ListSets gives all")
        # Who goes on with a list that a release came into gets the rest of what there is now.
        if not place.after and not (place.since or self.day) <= self.day <= (
            place.until or self.day
        ):
            return ()
        return tuple(kind for kind in profile.kinds if place.set in ("", kind.value))

    def _profile(self, prefix: str) -> Profile:
        found = next((one for one in self.profiles if one.name == prefix), None)
        if found is None:
            known = ", ".join(one.name for one in self.profiles)
            raise Refusal("cannotDisseminateFormat", f"there is no format `{prefix}`, only {known}")
        return found

    def _entry(self, identifier: str) -> Entry:
        try:
            return self.catalogue.entry(identifier)
        except errors.NotFound as error:
            raise Refusal("idDoesNotExist", f"there is no item `{identifier}`") from error

    def _header(self, entry: Entry) -> trees.Element:
        top = trees.element(_S + "header", **({"status": "deleted"} if entry.retired else {}))
        trees.child(top, _S + "identifier", entry.iri)
        trees.child(top, _S + "datestamp", self.day)
        trees.child(top, _S + "setSpec", entry.kind.value)
        return top

    def _record(self, entry: Entry, profile: Profile) -> trees.Element:
        top = trees.element(_S + "record")
        top.append(self._header(entry))
        if not entry.retired:
            inside = trees.child(top, _S + "metadata")
            inside.append(crosswalks.element(profile, entry, self.release))
        return top


def _checked(asked: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Take the arguments of a request, each once and each one that its verb knows."""
    pairs = list(asked)
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _ARGUMENTS:
        raise Refusal("badVerb", f"give one `verb` of {', '.join(_ARGUMENTS)}")
    given = dict(pairs)
    if len(given) < len(pairs):
        raise Refusal("badArgument", "an argument was given twice; give each once")
    for name, value in given.items():
        if name != "verb" and name not in _ARGUMENTS[verbs[0]]:
            raise Refusal("badArgument", f"{verbs[0]} has no argument `{name[:80]}`")
        _judge(name, value)
    return given


def _judge(name: str, value: str) -> None:
    """Refuse what cannot stand in an answer as the protocol writes it."""
    patterns = {"metadataPrefix": _NAME, "set": _SET, "identifier": _URI}
    if name in patterns and not patterns[name].fullmatch(value):
        raise Refusal("badArgument", f"`{name}` is not written as the protocol has it")
    if name in ("from", "until") and not _is_day(value):
        raise Refusal("badArgument", f"`{name}` must be a day, YYYY-MM-DD")
    if name == "identifier" and names.clean(value) != value:
        raise Refusal("badArgument", "`identifier` has characters that XML cannot hold")
    if name == "resumptionToken" and not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        # It could not be repeated in the answer, as errors of this kind have it.
        raise _broken() if names.clean(value) == value else Refusal("badArgument", "no token")


def _is_day(value: str) -> bool:
    if not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
