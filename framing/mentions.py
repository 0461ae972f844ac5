"""Known names in an article: where they stand, whom they name and for whom those speak.

Two passes over one text. The first finds the registry's names, longest first. The second reads
what the article itself says of people the registry does not know ("Russian Deputy Defence Minister
Ivan Petrov", "Mei Lin, a scholar at …") and then follows surnames ("Petrov said").
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, zip_longest

from framing import naming
from framing.registry import Fact, Registry, Tier, fold

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[ \t\u00a0.\-–’'&]{0,3}")
_SMALL = {"al", "bin", "ibn", "von", "van", "de", "del", "der", "la", "ul", "el", "da", "dos"}
_FAMILY_FIRST = {"KP", "KR", "CN", "TW", "VN", "HK", "MO", "KH"}
_TITLES = frozenset(
    """
    mr mrs ms dr gen general col colonel lt maj major adm admiral prof professor president prime foreign
    defence defense deputy vice chief minister ministry spokesman spokeswoman spokesperson ambassador envoy
    leader secretary sir chairman chairwoman governor senator sen rep king prince crown supreme first the a
    an capt captain marshal brig brigadier sgt senior sheikh ayatollah party state department government republic
    security council in on at by but and as after it he she they this that for from with to when while like unlike
    """.split()
)
_WEEK = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december
    """.split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text; offsets into it.

    `cls` is one of registry.CLASSES, or "place" for a country, its people or its capital; `tier`
    is that of the country the name belongs to, None where it belongs to none.
    """

    start: int
    end: int
    entity: str
    cls: str
    country: str
    tier: Tier | None
    person: bool = False
    office: bool = False  # a generic noun, its state taken from beside it


@dataclass(frozen=True, slots=True)
class _Pattern:
    words: tuple[str, ...]  # folded
    upper: tuple[str, ...]  # per word: "x" any case, "X" capitalised, "XX" all capitals
    fact: Fact
    place: bool
    guarded: bool  # holds only where the fact is named in full elsewhere ("the North")


def _pattern(name: str, fact: Fact, place: bool) -> _Pattern | None:
    """A name as it is looked for; None where it is a letter."""
    found = _WORD.findall(name)
    if len("".join(found)) < 2:
        return None
    case = tuple("XX" if w.isupper() and 1 < len(w) <= 6 else "X" if w[0].isupper() else "x" for w in found)
    return _Pattern(tuple(map(fold, found)), case, fact, place, guarded=place and name.startswith("the "))


class Finder:
    """Finds a registry's names in texts; built once a registry, safe to share by threads."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._names: dict[str, list[tuple[str, Fact, bool]]] = {}  # by their first word
        self._built: dict[str, dict[str, list[_Pattern]]] = {}
        for fact in registry.facts:
            for name in (fact.name, *fact.aliases):
                if name not in fact.places:
                    self._add(name, fact, place=False)
            for name in fact.places:
                self._add(name, fact, place=True)

    def _add(self, name: str, fact: Fact, place: bool) -> None:
        if first := _WORD.search(name):
            self._names.setdefault(fold(first[0]), []).append((name, fact, place))

    def _patterns(self, first: str) -> dict[str, list[_Pattern]]:
        """The names that begin with a word, by their second word, "" for those without; longest first, a user's first.

        Made when a text has the word: most of the registry's names no article names.
        """
        if first not in self._built:
            made: dict[str, list[_Pattern]] = {}
            for pattern in (_pattern(*name) for name in reversed(self._names.get(first, ()))):
                if pattern is not None:
                    made.setdefault(pattern.words[1] if len(pattern.words) > 1 else "", []).append(pattern)
            for patterns in made.values():
                patterns.sort(key=lambda p: -len(p.words))  # stable
            self._built[first] = made
        return self._built[first]

    def find(self, text: str, date: str | None = None) -> list[Mention]:
        """Return the mentions of a text in order; they do not overlap."""
        tokens = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        folded = [fold(text[start:end]) for start, end in tokens]
        hits = self._known(text, tokens, folded)
        named = {id(p.fact) for _, _, p in hits if not p.guarded}
        mentions = [
            self._mention(tokens[a][0], tokens[b - 1][1], p, date)
            for a, b, p in hits
            if not p.guarded or id(p.fact) in named
        ]
        mentions = [_in_full(text, m, after) for m, after in zip_longest(mentions, mentions[1:])]
        mentions = self._with_offices(text, mentions)
        mentions = sorted([*mentions, *_introduced(text, mentions)], key=lambda m: m.start)
        found = {m.start: m for m in (*mentions, *_surnames(text, tokens, mentions))}
        return [found[start] for start in sorted(found)]

    def _known(
        self, text: str, tokens: Sequence[tuple[int, int]], folded: Sequence[str]
    ) -> list[tuple[int, int, _Pattern]]:
        hits = []
        at = 0
        while at < len(tokens):
            pattern = self._match(text, tokens, folded, at)
            if pattern is None:
                at += 1
                continue
            hits.append((at, at + len(pattern.words), pattern))
            at += len(pattern.words)
        return hits

    def _match(self, text: str, tokens: Sequence[tuple[int, int]], folded: Sequence[str], at: int) -> _Pattern | None:
        if folded[at] not in self._names:
            return None
        begun = self._patterns(folded[at])
        second = folded[at + 1] if at + 1 < len(folded) else ""
        known: list[_Pattern] = [*begun.get(second, ()), *begun.get("", ())]
        for pattern in known:
            size = len(pattern.words)
            if size > 2 and tuple(folded[at : at + size]) != pattern.words:
                continue
            spans = tokens[at : at + size]
            if any(not _GAP.fullmatch(text, a[1], b[0]) for a, b in pairwise(spans)):
                continue
            # the second half of "Jong-un" may be in small letters
            if all(
                text[a - 1 : a] == "-" or _case(text[a:b], want)
                for (a, b), want in zip(spans, pattern.upper, strict=True)
            ):
                return pattern
        return None

    def _mention(self, start: int, end: int, pattern: _Pattern, date: str | None) -> Mention:
        fact = pattern.fact
        cls = "place" if pattern.place else self.registry.classify(fact, date)
        tier = self.registry.tier(fact.country, date) if fact.country not in ("", "-", "INT") else None
        office = fact.table == "generic"
        name = fact.detail or fact.name if office else fact.name
        return Mention(start, end, name, cls, fact.country, tier, fact.table == "people", office)

    def _with_offices(self, text: str, mentions: list[Mention]) -> list[Mention]:
        """Give "defence ministry" or "state media" the state named beside it, else that of its last namesake."""
        out: list[Mention] = []
        namesake: dict[str, Mention] = {}  # by the last word of a name: "the agency", "the ministry"
        for i, mention in enumerate(mentions):
            if mention.office and mention.cls in ("official", "state_media", "media"):
                mention = _owned(text, mention, mentions, i) or _again(text, mention, namesake) or mention
            if mention.country:
                namesake[_head(text[mention.start : mention.end])] = mention
                if not mention.office and not mention.person:
                    namesake[_head(mention.entity)] = mention
            out.append(mention)
        return out


_WHOSE_NAME = re.compile(r" (?:of|for) (?:the )?[A-Z][\w-]+(?:(?:,? and|,)? [A-Z][\w-]+)*")


def _in_full(text: str, mention: Mention, after: Mention | None) -> Mention:
    """A body's name as far as it goes on: "the Presidency of Defense Industries" is not the president's office."""
    named = mention.office and mention.cls == "official" and text[mention.start].isupper()
    full = _WHOSE_NAME.match(text, mention.end) if named and not naming.holds_office(mention.entity) else None
    if full is None or (after and after.start < full.end()):
        return mention
    return replace(mention, entity=text[mention.start].lower() + text[mention.start + 1 : full.end()])


def _case(word: str, want: str) -> bool:
    if want == "x":
        return True
    return word.isupper() if want == "XX" else word[0].isupper()


BODIES = ("international", "ngo", "company")  # whose spokesmen speak for them, and for no state
_OF_PLACE = re.compile(r"(?:['’]s?)?(?:[ -]+[\w-]+){0,3}[ -]+")
_OF_PERSON = re.compile(r"['’]s? (?:\w+ ){0,2}")
_OF_BODY = re.compile(r"(?:['’]s? (?:\w+ ){0,2}| (?:(?:chief|senior|deputy|top|former) )?)")
_IN_PLACE = re.compile(
    r"(?:.{0,2}[.\n“”\"] ?)?In [^\n,.;]{2,40}, (?:the|its) (?:\w+ )?", re.DOTALL
)  # "In Moscow, the "
_OF = re.compile(r" of (?:the )?")
_OF_OR_IN = re.compile(r" (?:of|in) (?:the )?")
_OF_OR_FOR = re.compile(r" (?:of|for) (?:the )?")
_SPEAKS_FOR = re.compile(r"spokes|executive", re.IGNORECASE)
_SAID = re.compile(
    r"\b(?:said|says|told|tells|warn(?:s|ed)|that|and|but|to|by|with|when|where|as|if|is|was|are|were|has|have|had|will|would)\b"
)


def _can_own(mention: Mention) -> bool:
    return mention.tier is not None or (mention.cls in BODIES and not mention.office)


def _owned(text: str, mention: Mention, mentions: Sequence[Mention], i: int) -> Mention | None:
    """The mention with the state whose it is: "Russian …", "Putin's …", "… of Iran"; None where none is named."""
    if mention.cls == "media":
        return None  # "a Russian newspaper" need not be the state's
    owner = None
    if i and _can_own(before := mentions[i - 1]):
        if before.office and i > 1 and mentions[i - 2].cls == "place":
            before = mentions[i - 2]  # "Russian [foreign ministry] [spokeswoman]"
        gap = text[before.end : mention.start]
        gap = gap.removeprefix("." if "." in text[before.start : before.end] else "")  # "U.K. officials"
        form = _OF_PLACE if before.cls == "place" or before.office else _OF_PERSON if before.person else _OF_BODY
        there = before.cls == "place" and _IN_PLACE.fullmatch(text, max(0, before.start - 5), mention.start)
        owner = before if there or (form.fullmatch(gap) and not _SAID.search(gap)) else None
    if owner is None:
        after = mentions[i + 1] if i + 1 < len(mentions) else None
        if after is None or not _owns_before(after, mention, text[mention.end : after.start]):
            return None
        owner = after
    if owner.cls in BODIES:
        return replace(mention, entity=f"{owner.entity}: {mention.entity}", cls=owner.cls)
    if mention.cls == "state_media":
        cls = "media" if owner.tier == "open" else "state_media"
    else:
        cls = "state" if owner.tier == "closed" else "government"
    return replace(mention, cls=cls, country=owner.country, tier=owner.tier)


def _owns_before(owner: Mention, mention: Mention, gap: str) -> bool:
    """Whether an office is of the state or body named behind it: "… of Iran", "… in Beijing", "… for the PLA"."""
    if owner.cls == "place":
        return bool((_OF if naming.is_sent_abroad(mention.entity) else _OF_OR_IN).fullmatch(gap))
    named = _can_own(owner) and not owner.office and not owner.person
    return named and bool(_SPEAKS_FOR.search(mention.entity)) and bool(_OF_OR_FOR.fullmatch(gap))


def _again(text: str, mention: Mention, namesake: dict[str, Mention]) -> Mention | None:
    """The mention as what was last called so: "the ministry" after "the Russian defence ministry"."""
    known = namesake.get(_head(text[mention.start : mention.end]))
    if known is None or not re.search(
        r"\b(?:the|that|this|same)\s(?:\w+\s)?$", text[max(0, mention.start - 24) : mention.start], re.IGNORECASE
    ):
        return None
    return replace(
        mention, entity=known.entity, cls=known.cls, country=known.country, tier=known.tier, office=known.office
    )


def _head(name: str) -> str:
    """The last word of a name, folded, without its plural."""
    words = _WORD.findall(name)
    return fold(words[-1]).removesuffix("s") if words else ""


_PART = r"[A-Z][\w’'.-]{0,40}\w"  # bounded: a page may hold a word without end
_JOINT = r"(?:[A-Z]\.|al|bin|ibn|von|van|de|del|der|la|ul|el|da|dos)[ -]"
_NAME = rf"(?:(?:[A-Z]\. ?){{1,3}})?{_PART}(?: (?:{_JOINT})?{_PART}){{0,3}}"
_AFTER = re.compile(rf"[, ]{{1,2}}((?:(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|Adm|Prof)\.? )?{_NAME})")
_BEFORE = re.compile(rf"({_NAME}),? (?:\(?\d\d\)?,? )?(?:who is |is )?(?:an? |the )?[^,.;:!?\n“”\"()]{{0,60}}$")


_BODY_BEFORE = re.compile(  # "the Center on Budget and Policy Priorities, a liberal think tank"
    rf"((?:{_PART} (?:(?:of|on|for|and|in) )?(?:the )?){{0,7}}{_PART}), an? [^,.;:!?\n“”\"()]{{0,60}}$"
)
_AT_WORD = r"(?<![\w’'.-])"
_AGED = re.compile(rf"{_AT_WORD}({_NAME}), (?:aged )?\d\d, ")
_LEGISLATOR = re.compile(rf"\b(?:Rep|Sen)\. ({_NAME})")
_STUDIES = re.compile(rf"{_AT_WORD}({_NAME}), who (?:studies|teaches|researches|lectures|analy[sz]es|follows|tracks)\b")
_NOT_BESIDE = ("record", "media", "state_media", "company")  # classes of nouns that do not say who a name beside is


def _introduced(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """People named beside an office, a trade or an age ("spokesman X", "X, a scholar at", "X, 52,")."""
    taken = [(m.start, m.end) for m in mentions]  # in order, none over another
    found: list[Mention] = []

    def take(like: Mention, start: int, end: int) -> None:
        span = _person(text, start, end)
        if span and _free(taken, span):
            insort(taken, span)
            name = text[span[0] : span[1]]
            person = not naming.is_body(text[like.start : like.end])
            found.append(replace(like, start=span[0], end=span[1], entity=name, person=person, office=False))

    for mention in mentions:
        if not mention.office:
            continue
        noun = text[mention.start : mention.end]
        if mention.cls in _NOT_BESIDE and not _SPEAKS_FOR.search(noun):
            continue
        if (after := _AFTER.match(text, mention.end)) and not _in_capitals(text, mention.start):
            take(mention, *after.span(1))
        if noun.endswith("s"):
            continue  # "Ann Lee, who met drivers"
        window = max(0, mention.start - 110)
        form = _BODY_BEFORE if naming.is_body(noun) else _BEFORE
        if (comma := form.search(text[window : mention.start])) and "," in comma[0]:
            take(mention, window + comma.start(1), window + comma.end(1))
    for form, cls in ((_LEGISLATOR, "government"), (_STUDIES, "analyst"), (_AGED, "witness")):
        for match in form.finditer(text):
            take(Mention(0, 0, "", cls, "", None), *match.span(1))
    return found


HEADLINE = 120  # characters on either side that are looked at


def _in_capitals(text: str, at: int) -> bool:
    """Whether a line's words all have capitals, so that "Minister Attends Forum" is no name."""
    before, after = text[max(0, at - HEADLINE) : at], text[at : at + HEADLINE]
    line = before[before.rfind("\n") + 1 :] + after.partition("\n")[0]
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    return len(words) > 3 and all(word[0].isupper() for word in words)


def _free(taken: Sequence[tuple[int, int]], span: tuple[int, int]) -> bool:
    at = bisect_left(taken, span)
    return (at == 0 or taken[at - 1][1] <= span[0]) and (at == len(taken) or taken[at][0] >= span[1])


def _person(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Trim titles from a name; None unless two words of a name are left."""
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", text[start:end])]
    while words and is_title(text[start + words[0][0] : start + words[0][1]]):
        words.pop(0)
    if len(words) < 2 or any(fold(text[start + a : start + b]) in _WEEK for a, b in words):
        return None
    first, last = start + words[0][0], start + words[-1][1]
    if text[last - 2 : last] in ("'s", "’s"):
        last -= 2
    return first, last


def is_title(word: str) -> bool:
    """Whether a word before a name is no part of it."""
    initial = len(word) == 2 and word[1] == "."  # "A. Marsh"
    return not initial and fold(word).strip(".,") in _TITLES | _WEEK


def _surnames(text: str, tokens: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> list[Mention]:
    """Later bare surnames of the people named in full so far, also where they are another's name: Mr Türk's."""
    if not any(m.person for m in mentions):
        return []
    covered = {m.start: m for m in mentions}
    known: dict[str, Mention] = {}
    found: list[Mention] = []
    skip_until = 0
    for start, end in tokens:
        here = covered.get(start)
        if here and (here.person or here.end > end):
            skip_until = here.end
            known |= {fold(surname): here for surname in surnames(here) if here.person}
        if start < skip_until or not text[start].isupper():
            continue
        if whose := known.get(fold(text[start:end])):
            found.append(replace(whose, start=start, end=end))
    return found


@lru_cache(1024)  # hit within an article; without a bound it would hold every mention of a corpus
def surnames(mention: Mention) -> tuple[str, ...]:
    """What a person named in full is called later in an article."""
    parts = _WORD.findall(mention.entity)
    parts = [p for p in parts if p[0].isupper() or len(parts) == 1]
    if len(parts) < 2:
        return ()
    first, last = parts[0], parts[-1]
    if mention.country in _FAMILY_FIRST and mention.country != "HK":
        return (first,) if len(first) > 1 else ()
    return (last,) if len(last) > 2 else ()
