"""Who an article itself introduces: people beside an office, a trade or an age.

"Russian Deputy Defence Minister Ivan Petrov", "Mei Lin, a scholar at …"; later they go by their
surnames ("Petrov said").
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from framing import naming
from framing.patterns import CAPITAL
from framing.registry import fold
from framing.schema import Mention, Span

_WORD = re.compile(r"[^\W_]+")
_FAMILY_FIRST = {"KP", "KR", "CN", "TW", "VN", "MO", "KH"}
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
SPEAKS_FOR = re.compile(  # whose office is any body's
    r"spokes|executive|\bceo\b|chair(?:wo)?man|chairperson", re.IGNORECASE
)
_PART = rf"[{CAPITAL}][\w’'.-]{{0,40}}\w"  # bounded: a page may hold a word without end
_JOINT = rf"(?:[{CAPITAL}]\.|al|bin|ibn|von|van|de|del|der|la|ul|el|da|dos)[ -]"
_NAME = rf"(?:(?:[{CAPITAL}]\. ?){{1,3}})?{_PART}(?: (?:{_JOINT})?{_PART}){{0,3}}"
_AFTER = re.compile(rf"[, ]{{1,2}}((?:(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|Adm|Prof)\.? )?{_NAME})")
_BEFORE = re.compile(rf"({_NAME}),? (?:\(?\d\d\)?,? )?(?:who is |is )?(?:an? |the )?[^,.;:!?\n“”\"()]{{0,60}}\Z")
_BODY_BEFORE = re.compile(  # "the Center on Budget and Policy Priorities, a liberal think tank"
    rf"((?:{_PART} (?:(?:of|on|for|and|in) )?(?:the )?){{0,7}}{_PART}), an? [^,.;:!?\n“”\"()]{{0,60}}\Z"
)
_AT_WORD = r"(?<![\w’'.-])"
_TITLE = r"(?:Rep\.|Sen\.|Representative|Congressman|Congresswoman) "
_PARTY = r" \([DRI]-[A-Z]"  # "Ann Lee (D-Ohio)"
_STUDIES = r", who (?:studies|teaches|researches|lectures|analy[sz]es|follows|tracks)\b"
_AGED = r", (?:aged )?\d\d, "
# What stands beside a name, the name with it, and the class of whom it is said. A text without the first is not
# searched for the second: a name may begin at any word, which is slow. Nor is that compiled before.
_FORMS = (
    (re.compile(_TITLE), rf"\b{_TITLE}({_NAME})", "government"),
    (re.compile(_PARTY), rf"{_AT_WORD}({_NAME}){_PARTY}", "government"),
    (re.compile(_STUDIES), rf"{_AT_WORD}({_NAME}){_STUDIES}", "analyst"),
    (re.compile(_AGED), rf"{_AT_WORD}({_NAME}){_AGED}", "witness"),
)
_MARK = re.compile(r"[.;:!?\n“”\"]")
_BESIDE = 110  # characters before an office in which the name that it is said of begins
_REACH = 120  # characters of a line on either side that are looked at
_NOT_BESIDE = ("record", "media", "state_media", "company")  # classes of nouns that do not say who a name beside is


def introduced(text: str, mentions: Sequence[Mention]) -> list[Mention]:
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

    for i, mention in enumerate(mentions):
        after = mentions[i + 1] if i + 1 < len(mentions) else None
        if not mention.office:
            continue
        noun = text[mention.start : mention.end]
        if mention.cls in _NOT_BESIDE and not SPEAKS_FOR.search(noun):
            continue
        end = after.end if after and _is_of(text, mention, after) else mention.end
        heading = _in_capitals(text, mention.start)
        if (name := _AFTER.match(text, end)) and not heading:
            take(mention, *name.span(1))
        if heading or noun.endswith("s"):
            continue  # "Ann Lee, who met drivers"
        window = max(0, mention.start - _BESIDE)
        form = _BODY_BEFORE if naming.is_body(noun) else _BEFORE
        comma = _behind_a_comma(text, window, mention.start) and form.search(text[window : mention.start])
        if comma and "," in comma[0] and not _has_plural(text, mentions[max(0, i - 3) : i], window + comma.end(1)):
            take(mention, window + comma.start(1), window + comma.end(1))
    for sign, named, cls in _FORMS:
        if not sign.search(text):
            continue
        for match in re.finditer(named, text):
            take(Mention(0, 0, "", cls, "", None), *match.span(1))
    return found


def _behind_a_comma(text: str, start: int, end: int) -> bool:
    """Whether a stretch may say something behind a name's comma: the forms that find it are slow."""
    comma = text.rfind(",", start, end)
    return comma >= 0 and not _MARK.search(text, comma, end)


def _is_of(text: str, office: Mention, place: Mention) -> bool:
    """Whether an office's state stands between it and a name: "Premier of Belarus X", "Ambassador to Cuba X"."""
    between = text[office.end : place.start]
    sent = naming.is_sent_abroad(text[office.start : office.end].lower())
    return place.cls == "place" and (between == " of " or (between == " to " and sent))


def _has_plural(text: str, before: Sequence[Mention], start: int) -> bool:
    """Whether a clause begins behind a name's comma: "…'s report by Ann Lee, the lawmakers told the president"."""
    return any(m.office and m.start >= start and text[m.end - 1] == "s" for m in before)


def _in_capitals(text: str, at: int) -> bool:
    """Whether a line's words all have capitals, so that "Minister Attends Forum" is no name."""
    before, after = text[max(0, at - _REACH) : at], text[at : at + _REACH]
    line = before[before.rfind("\n") + 1 :] + after.partition("\n")[0]
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    return len(words) > 3 and all(word[0].isupper() for word in words)


def _free(taken: Sequence[Span], span: Span) -> bool:
    at = bisect_left(taken, span)
    return (at == 0 or taken[at - 1][1] <= span[0]) and (at == len(taken) or taken[at][0] >= span[1])


def _person(text: str, start: int, end: int) -> Span | None:
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


def by_surname(text: str, tokens: Sequence[Span], folded: Sequence[str], mentions: Sequence[Mention]) -> list[Mention]:
    """Later bare surnames of the people named in full so far, also where they are another's name: Mr Türk's.

    `tokens` are where a text's words stand, `folded` the words without what is not seen in them.
    """
    called = {fold(surname) for m in mentions if m.person for surname in surnames(m)}
    if not called:
        return []
    covered = {m.start: m for m in mentions}
    known: dict[str, Mention] = {}
    found: list[Mention] = []
    skip_until = 0
    for (start, end), word in zip(tokens, folded, strict=True):
        if word not in called and start not in covered:
            continue
        here = covered.get(start)
        if here and (here.person or here.end > end):
            skip_until = here.end
            for surname in map(fold, surnames(here) if here.person else ()):
                # "Bush" is still the president, once his wife is named
                if here.cls != "witness" or surname not in known:
                    known[surname] = here
        if start < skip_until or not text[start].isupper():
            continue
        if whose := known.get(word):
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
    if mention.country in _FAMILY_FIRST:
        return (first,) if len(first) > 1 else ()
    return (last,) if len(last) > 2 else ()
