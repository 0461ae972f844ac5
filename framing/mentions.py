"""Known names in an article: where they stand, whom they name and for whom those speak.

The registry's names are found first, longest first, and offices get the state they are of; then
come the people whom the article itself introduces (framing.introduced).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from framing import naming
from framing.introduced import SPEAKS_FOR, by_surname, introduced
from framing.patterns import CAPITAL, WEEKDAY
from framing.registry import Fact, Registry, fold
from framing.schema import Mention, Span

_WORD = re.compile(r"[^\W_]+")
_UNSEEN = "\u00ad\u200b-\u200d\u2060\u0300-\u036f"  # soft hyphens, zero-width characters, accents set apart
_WRITTEN = re.compile(rf"[^\W_]+(?:[{_UNSEEN}][^\W_]*)*")  # a word with what is not seen in it
_HIDDEN = re.compile(rf"[{_UNSEEN}]")
_GAP = re.compile(r"[ \t\u00a0.\-–’'&]{0,3}")


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
        tokens = [m.span() for m in _WRITTEN.finditer(text)]
        words = [text[start:end] for start, end in tokens]
        folded = [word.lower() if word.isascii() else fold(_HIDDEN.sub("", word)) for word in words]
        hits = self._known(text, tokens, folded)
        named = {id(p.fact) for _, _, p in hits if not p.guarded}
        mentions = [
            self._mention(tokens[a][0], tokens[b - 1][1], p, date)
            for a, b, p in hits
            if not p.guarded or id(p.fact) in named
        ]
        mentions = [m for m in mentions if not (_is_in_name(text, m) or _is_half(text, m))]
        mentions = [_in_full(text, m, after) for m, after in zip_longest(mentions, mentions[1:])]
        mentions = self._with_offices(text, mentions)
        mentions = sorted([*mentions, *introduced(text, mentions)], key=lambda m: m.start)
        found = {m.start: m for m in (*mentions, *by_surname(text, tokens, folded, mentions))}
        return [found[start] for start in sorted(found)]

    def _known(self, text: str, tokens: Sequence[Span], folded: Sequence[str]) -> list[tuple[int, int, _Pattern]]:
        hits = []
        end = 0
        for at in [at for at, word in enumerate(folded) if word in self._names]:
            pattern = self._match(text, tokens, folded, at) if at >= end else None
            if pattern and not self._goes_on(text, tokens, folded, at + len(pattern.words) - 1, pattern):
                end = at + len(pattern.words)
                hits.append((at, end, pattern))
        return hits

    def _goes_on(self, text: str, tokens: Sequence[Span], folded: Sequence[str], last: int, pattern: _Pattern) -> bool:
        """Whether a longer name begins with the last word of a name: "the South Korean" is not "the South"."""
        if len(pattern.words) == 1 or folded[last] not in self._names:
            return False
        after = self._match(text, tokens, folded, last)
        longer = after and len(after.words) > (1 if pattern.guarded else len(pattern.words))
        return bool(longer) and text[tokens[last][0] - 1] != "-"  # "ITAR-Tass news agency"

    def _match(self, text: str, tokens: Sequence[Span], folded: Sequence[str], at: int) -> _Pattern | None:
        begun = self._patterns(folded[at])
        second = folded[at + 1] if at + 1 < len(folded) else ""
        known: list[_Pattern] = [*begun.get(second, ()), *begun.get("", ())]
        for pattern in known:
            size = len(pattern.words)
            if size > 2 and tuple(folded[at : at + size]) != pattern.words:
                continue
            if _is_written(text, tokens[at : at + size], pattern.upper):
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
            known = mention.cls in ("official", "state_media", "media")
            if mention.office and (known or naming.is_sent_abroad(mention.entity)):  # "North Korea's UN mission"
                mention = _owned(text, mention, mentions, i) or _again(text, mention, namesake) or mention
            if mention.country or (mention.office and mention.cls in BODIES):
                namesake[_last_word(text[mention.start : mention.end])] = mention
                if not mention.office and not mention.person:
                    namesake[_last_word(mention.entity)] = mention
            out.append(mention)
        return out


_WHOSE_NAME = re.compile(rf" (?:of|for) (?:the )?[{CAPITAL}][\w-]+(?:(?:,? and|,)? [{CAPITAL}][\w-]+)*")


_OF_A_BODY = re.compile(
    rf"(?:['’]s?)?(?: [{CAPITAL}][\w’'-]+){{0,2}} (?:Alliance|Association|Committee|Confederation|Council|Federation"
    r"|Forum|Guild|League|Movement|Network|Organi[sz]ation|Society|Syndicate|Union)\b"
)


def _is_in_name(text: str, mention: Mention) -> bool:
    """Whether a noun is a word of a body's name: "the Teachers Union" is no teachers."""
    people = mention.office and mention.cls in ("witness", "analyst")
    return people and text[mention.start].isupper() and bool(_OF_A_BODY.match(text, mention.end))


# Where two syllables are someone's name and three someone else's: Kim Song and Kim Song Il, Soe Win and Soe Win Maung.
_SYLLABLES = ("KP", "KR", "MM", "VN", "KH", "LA")
_THIRD = re.compile(
    rf" (?!{WEEKDAY})[{CAPITAL}][a-z]+(?:, (?:an? |the |\d)| (?:said|says|told|University|Square|Stadium|Airport)\b)"
)


def _is_half(text: str, mention: Mention) -> bool:
    """Whether a person's name is the first half of another's: "Kim Song Il, a farmer", "Kim Il Sung University"."""
    whole = mention.person and mention.country in _SYLLABLES and " " in text[mention.start : mention.end]
    return whole and bool(_THIRD.match(text, mention.end))


def _in_full(text: str, mention: Mention, after: Mention | None) -> Mention:
    """A body's name as far as it goes on: "the Presidency of Defense Industries" is not the president's office."""
    named = mention.office and mention.cls == "official" and text[mention.start].isupper()
    full = _WHOSE_NAME.match(text, mention.end) if named and not naming.holds_office(mention.entity) else None
    if full is None or (after and after.start < full.end()):
        return mention
    return replace(mention, entity=text[mention.start].lower() + text[mention.start + 1 : full.end()])


def _is_written(text: str, spans: Sequence[Span], upper: Sequence[str]) -> bool:
    """Whether words stand beside each other, with the capitals a name has."""
    last = -1
    for (start, end), want in zip(spans, upper, strict=True):
        if last >= 0 and not _GAP.fullmatch(text, last, start):
            return False
        # the second half of "Jong-un" may be in small letters
        if text[start - 1 : start] != "-" and not _case(text[start:end], want):
            return False
        last = end
    return True


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
    return named and bool(SPEAKS_FOR.search(mention.entity)) and bool(_OF_OR_FOR.fullmatch(gap))


def _again(text: str, mention: Mention, namesake: dict[str, Mention]) -> Mention | None:
    """The mention as what was last called so: "the ministry" after "the Russian defence ministry"."""
    known = namesake.get(_last_word(text[mention.start : mention.end]))
    if known is None or not re.search(
        r"\b(?:the|that|this|same)\s(?:\w+\s)?$", text[max(0, mention.start - 24) : mention.start], re.IGNORECASE
    ):
        return None
    if not known.office and known.entity.endswith("s") != (text[mention.end - 1] == "s"):
        return (
            None  # "the head of state" is not the United States, "the journalist" no Committee to Protect Journalists
        )
    return replace(
        mention, entity=known.entity, cls=known.cls, country=known.country, tier=known.tier, office=known.office
    )


def _last_word(name: str) -> str:
    """The last word of a name, folded, without its plural."""
    words = _WORD.findall(name)
    return fold(words[-1]).removesuffix("s") if words else ""
