"""What is known of states, outlets, people and bodies: aliases to entity, class and country.

The facts lie in framing/facts/, one tab-separated table a kind, one row a fact. A user's own file
with the header of one of those tables extends them; its rows win over the built-in ones.
"""

from __future__ import annotations

import csv
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from framing.patterns import CAPITAL
from framing.schema import FramingError, OutletClass, Tier
from framing.terminal import WIDTH, clean

MOST_NAMESAKES = 10
_WORD = re.compile(r"[^\W_]+")
_CAPITALISED = re.compile(rf"[{CAPITAL}][\w’'-]*(?:\.? (?:d[aeo]l? )?[{CAPITAL}][\w’'-]*)*")
FACTS_FOLDER = Path(__file__).parent / "facts"
Table = Literal["states", "outlets", "people", "bodies", "generic"]

# The columns every row of a table must have; they also tell which table a user's file extends.
TABLE_COLUMNS: dict[Table, tuple[str, ...]] = {
    "states": ("code", "name", "tier", "since", "until", "aliases", "demonyms", "capitals", "voices"),
    "outlets": ("name", "country", "voice", "smm", "kind", "aliases", "domains", "strict"),
    "people": ("name", "country", "role", "office", "since", "until", "aliases"),
    "bodies": ("name", "country", "kind", "aliases"),
    "generic": ("phrase", "class"),
}

# Classes a source can have; the first two speak with a controlling state's voice.
SOURCE_CLASSES = (
    "state_media",  # a controlling state's outlet
    "state",  # its leaders, officials, forces, courts
    "government",  # any other government, army or official body
    "media",  # an independent outlet
    "international",  # the UN family, alliances, international courts
    "ngo",
    "analyst",
    "company",
    "record",  # documents, data, imagery, polls
    "witness",  # residents, relatives, activists
    "opposition",  # opponents of a controlling state
    "official",  # an office or source whose state is not named
)

_BODY_CLASS = {
    "international": "international",
    "ngo": "ngo",
    "think_tank": "analyst",
    "company": "company",
    "armed_group": "official",
    "opposition": "opposition",
}
_ROLE_CLASS = {"opposition": "opposition", "analyst": "analyst", "international": "international", "other": "witness"}
_GENERIC_CLASS = {"state_office": "official"}
_GROUPS = {"HAMAS", "HEZB", "HOUTHI", "PIJ", "RSF", "DNR", "LNR", "RU-OCC", "ISIS", "SHABAAB", "WAGNER"}


# Words that decide whom a row speaks for, by table: a slip in one would turn that round without a word.
_WORDS: dict[Table, tuple[str, tuple[str, ...]]] = {
    "states": ("tier", ("closed", "contested", "open")),
    "outlets": ("voice", ("state", "independent")),
    "people": ("role", (*_ROLE_CLASS, *"leader official spokesperson military propagandist".split())),
    "bodies": (
        "kind",
        (
            *_BODY_CLASS,
            *"central_bank court election_body government intelligence military parliament party police".split(),
            "state_company",
        ),
    ),
    "generic": ("class", (*SOURCE_CLASSES, *_GENERIC_CLASS)),
}


# What one row of a table is.
_ONE: dict[Table, str] = {
    "states": "state",
    "outlets": "outlet",
    "people": "person",
    "bodies": "body",
    "generic": "generic",
}


class Fact(NamedTuple):
    """One row: a name with the spellings it is found under.

    `kind` is the tables' own word (tier, voice, role, body kind or generic class); `since` and
    `until` (exclusive) are ISO dates cut to a year or month, empty where always. A tuple, for there
    are eight thousand to make before the first article: a frozen dataclass takes four times as long.
    """

    table: Table
    name: str
    country: str
    kind: str
    aliases: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    detail: str = ""  # an office, a media class
    domains: tuple[str, ...] = ()
    lookup: tuple[str, ...] = ()  # names to look an outlet up by, too ambiguous to find in a text
    places: tuple[str, ...] = ()  # names of the country, its people and capital
    regions: tuple[str, ...] = ()  # its provinces and large cities, which do not speak for it

    def holds(self, date: str | None) -> bool:
        """Whether the fact holds on a date (ISO, or cut to a year or month); None is today."""
        date = date or datetime.now(UTC).date().isoformat()
        begun = not self.since or self.since[: len(date)] <= date
        return begun and (not self.until or date < self.until)


def fold(text: str) -> str:
    """Small letters without diacritics, one character in, one out."""
    if text.isascii():
        return text.lower()
    return "".join((unicodedata.normalize("NFD", c)[0].lower() or c)[0] for c in text)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a name: letters and digits, without punctuation."""
    return tuple(_WORD.findall(fold(text)))


class Registry:
    """The facts, indexed by name; immutable once built."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)
        self._states: dict[str, list[Fact]] = {}
        self._outlets: dict[tuple[str, ...], Fact] = {}
        self._domains: dict[str, Fact] = {}
        self._people: dict[str, list[Fact]] = {}
        for fact in self.facts:
            if fact.table == "states":
                self._states.setdefault(fact.country, []).insert(0, fact)
            if fact.table == "people":
                self._people.setdefault(fact.name, []).append(fact)
            if fact.table == "outlets":
                for name in (fact.name, *fact.aliases, *fact.lookup):
                    self._outlets[_outlet_key(name)] = fact
                for domain in fact.domains:
                    self._domains[domain.lower()] = fact

    @cached_property
    def _names(self) -> dict[tuple[str, ...], list[Fact]]:
        """Every fact by every name of it; only looking a name up needs it."""
        names: dict[tuple[str, ...], list[Fact]] = {}
        for fact in self.facts:
            known = (fact.name, *fact.aliases, *fact.lookup, *fact.places, *fact.regions)
            for name in dict.fromkeys(map(words, known)):  # a state's own name is a place's too
                names.setdefault(name, []).append(fact)
        return names

    @cached_property
    def _regions(self) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        """Provinces and cities with the code of the state they are in, by their name's first word, longest first."""
        regions: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        named = ((words(name), fact.country) for fact in self.facts for name in fact.regions)
        for name, country in sorted(named, key=lambda row: -len(row[0])):
            regions.setdefault(name[0], []).append((name, country))
        return regions

    def regions_in(self, text: str) -> list[str]:
        """The codes of the states whose provinces and large cities a text names, one a name, in order."""
        found = []
        for run in _CAPITALISED.findall(text):
            names, at = words(run), 0
            while at < len(names):
                begun = self._regions.get(names[at], ())
                known = next((row for row in begun if names[at : at + len(row[0])] == row[0]), None)
                found += [known[1]] if known else []
                at += len(known[0]) if known else 1
        return found

    def tier(self, country: str, date: str | None = None) -> Tier:
        """How a country's media stand to its state on a date; a state not listed is open."""
        for fact in self._states.get(country, ()):
            if fact.holds(date):
                return fact.kind  # type: ignore[return-value]
        return "open"

    def knows(self, person: str) -> bool:
        """Whether there are facts on someone, by name in full."""
        return person in self._people

    def offices(self, person: str, country: str, date: str | None = None) -> list[str]:
        """The offices of a state's that someone holds on a date, by the person's entity: "president"."""
        held = (f for f in self._people.get(person, ()) if f.country == country and f.holds(date))
        return [re.split(r" of\b|,", fact.detail)[0].strip().lower() for fact in held]

    def state(self, country: str) -> str | None:
        """The name of a state by its code."""
        rows = self._states.get(country)
        return rows[0].name if rows else None

    def outlet(self, name: str | None) -> Fact | None:
        """Find an outlet by a name, an alias, a domain or a URL; None where it is not known."""
        if not name:
            return None
        labels = _host(name).removeprefix("www.").split(".") if "." in name else []
        for cut in range(len(labels) - 1):
            if fact := self._domains.get(".".join(labels[cut:])):
                return fact
        if fact := self._outlets.get(_outlet_key(name)):
            return fact
        bare = re.sub(r"\s*[(\[/].*", "", name)  # "AP (via ABC News)", "CNN / Opinion"
        return None if bare == name else self._outlets.get(_outlet_key(bare))

    def outlet_class(self, name: str | None) -> OutletClass:
        """Whether an outlet speaks for a state that controls it."""
        fact = self.outlet(name)
        if fact is None:
            return "unknown"
        return "state" if fact.kind == "state" else "independent"

    def named(self, name: str) -> list[Fact]:
        """Every fact a name stands for: exact names before aliases, a user's rows before the built-in.

        Where there is none, the first MOST_NAMESAKES whose names hold its words, leaders first as the tables have them.
        """
        found = list(self._names.get(words(name), ()))
        if (outlet := self.outlet(name)) and outlet not in found:
            found.append(outlet)
        if not found:
            asked = set(words(name))
            return [fact for fact in self.facts if asked and asked <= set(words(fact.name))][:MOST_NAMESAKES]
        exact = [fact for fact in found[::-1] if fold(fact.name) == fold(name)]
        return exact + [fact for fact in found[::-1] if fact not in exact]

    def classify(self, fact: Fact, date: str | None = None) -> str:
        """The source class (one of SOURCE_CLASSES) a fact has on a date."""
        if fact.table == "generic":
            return _GENERIC_CLASS.get(fact.kind, fact.kind)
        if fact.table == "outlets":
            return "state_media" if fact.kind == "state" else "media"
        if fact.table == "people" and fact.kind in _ROLE_CLASS:
            return _ROLE_CLASS[fact.kind]
        if fact.table == "bodies" and fact.kind in _BODY_CLASS:
            return _BODY_CLASS[fact.kind]
        if fact.country == "INT":
            return "international"
        if fact.table == "people" and fact.until and (not date or date >= fact.until):
            date = fact.since or date  # out of office: whoever he spoke for when in it
        return "state" if self.tier(fact.country, date) == "closed" else "government"

    def as_text(self, fact: Fact, date: str | None = None) -> str:
        """What is known of a name on a date, a line each, for a terminal."""
        country = f"{self.state(fact.country) or fact.country} ({self.tier(fact.country, date)})"
        rows = {
            "country": country if fact.country not in ("", "-", "INT") else "",
            "speaks as": self.classify(fact, date) if fact.table != "states" else "",
            "kind": fact.kind,
            "detail": fact.detail if fact.detail != "-" else "",
            "since": fact.since,
            "until": fact.until,
            "also": "; ".join((*fact.aliases, *fact.lookup, *fact.places)),
            "domains": "; ".join(fact.domains),
        }
        lines = [f"{clean(fact.name)} ({_ONE[fact.table]})"]
        for key, value in rows.items():
            if value:
                lines += textwrap.wrap(f"{key + ':':<11}{clean(value)}", WIDTH, subsequent_indent=" " * 11)
        return "\n".join(lines)

    def extended(self, *files: Path) -> Registry:
        """A registry with the rows of a user's files added; they win over the built-in ones."""
        more = [fact for file in files for fact in read_table(file)]
        return Registry([*self.facts, *more])


def is_group(code: str) -> bool:
    """Whether a code of the table of states is an armed group's or an occupation's, of which no place has the name."""
    return code in _GROUPS


def _host(name: str) -> str:
    try:
        return urlsplit(name if "//" in name else f"//{name}").hostname or ""
    except ValueError:  # "RT [en]"
        return ""


def _outlet_key(name: str) -> tuple[str, ...]:
    key = words(name)
    return key[1:] if len(key) > 1 and key[0] == "the" else key


@cache
def builtin() -> Registry:
    """The registry that ships with framing."""
    return Registry(fact for table in TABLE_COLUMNS for fact in read_table(FACTS_FOLDER / f"{table}.tsv"))


def read_table(file: Path) -> Iterator[Fact]:
    """Yield the facts of one table; its header line tells which, and short rows are filled up with empty cells.

    Raises FramingError with file and line where the header is of no table, a row is too long or has no name, or a
    word that decides whom it speaks for is none of those known.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            lines = list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FramingError(f"{file}: cannot be read as a registry table ({error})") from error
    header = tuple(lines[0]) if lines else ()
    table = next((t for t, columns in TABLE_COLUMNS.items() if set(columns) <= set(header)), None)
    if table is None:
        raise FramingError(f"{file}:1: the header is of no registry table ({', '.join(TABLE_COLUMNS)})")
    column, known = _WORDS[table]
    names = "phrase" if table == "generic" else "name"
    for number, cells in enumerate(lines[1:], 2):
        if not any(cells):
            continue
        if len(cells) > len(header):
            raise FramingError(f"{file}:{number}: {len(cells)} cells, the header has {len(header)}")
        row = dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))
        if not row[names].strip():
            raise FramingError(f"{file}:{number}: a row without a {names}")
        if row[column] not in known:
            raise FramingError(f"{file}:{number}: {column} {row[column]!r} is none of {', '.join(known)}")
        yield _fact(table, row)


def _fact(table: Table, row: dict[str, str]) -> Fact:
    if table == "generic":
        return Fact(table, row["phrase"], "", row["class"], detail=row.get("entity", ""))
    name, aliases = row["name"], _parts(row["aliases"])
    if table == "states":
        code = row["code"]
        group = code in _GROUPS
        places = (name, *aliases, *_parts(row["demonyms"]), *_parts(row["capitals"]))
        voices = (*_parts(row["voices"]), *((name, *aliases) if group else ()))
        return Fact(table, name, code, row["tier"], voices, row["since"], row["until"],
                    places=() if group else places, regions=_parts(row.get("regions", "")))  # fmt: skip
    if table == "outlets":
        return Fact(table, name, row["country"], row["voice"], aliases, detail=row["smm"],
                    domains=_parts(row["domains"]), lookup=_parts(row["strict"]))  # fmt: skip
    if table == "people":
        return Fact(table, name, row["country"], row["role"], aliases, row["since"], row["until"], row["office"])
    return Fact(table, name, row["country"], row["kind"], aliases)


def _parts(cell: str) -> tuple[str, ...]:
    """The entries of a cell, parted by semicolons; none in "-"."""
    return tuple([entry for part in cell.split(";") if (entry := part.strip()).strip("-")]) if cell else ()
