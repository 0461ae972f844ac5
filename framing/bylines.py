"""What stands between a headline and an article's first sentence: its section's name, and bylines without "By"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from framing import archives
from framing.datelines import CLOCK, DATE, ZONE
from framing.patterns import DAY, MONTH, any_of

# A section's name, with its parent's ("Opinion / Middle East").
_SECTION = any_of(
    r"(?:breaking|world|top|latest|local|national|international|asia|europe|africa) (?:news|story|stories)",
    r"world|news|asia|(?:the )?(?:middle east|americas)|africa|europe|politics|business|economy|markets|security",
    r"defen[cs]e|international|national|opinions?|op-?ed|editorials?|commentary|comment|column|letters|viewpoint",
    r"perspectives?|exclusive|breaking|special report|features?|interview|explainer|fact.?check|summary|toplines",
    r"home|sport|culture|tech(?:nology)?|health|science|video|weather|travel|innovation|menu|search"
    r"|q&a|live|analysis|[\w’'-]+ analysis",
)
_LABEL = re.compile(rf"\[?{_SECTION}(?: ?[/|>·&:-] ?{_SECTION}(?: & [\w ]{{2,20}})?){{0,3}}:?\]?")
_PARTS = re.compile(r"\s*[|·•;]\s*|\s+[/–—-]\s+|\s*,\s+(?:and\s+)?|\s+(?:and|&|in|at|by|for)\s+")
_WORD = re.compile(r"\w+")
_WHEN = re.compile(
    r"(?:(?:published|posted|updated?)(?: on| at)?:? ?)?"
    rf"(?:{DATE}|{MONTH}|{DAY}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}|\d\d?|today)?"
    rf"[ ,]*(?:\d{{4}})?[ ,]*(?:{CLOCK}|{ZONE})?(?:page \d+|\d+ min(?:ute)?s?(?: read)?)?"
)
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|columnist|journalist|analyst|fellow|lecturer|staff|desk|bureau|team)s?\b"
)
_SMALL = frozenset("al bin da de del der di el la le of van von".split())  # inside a name
_NO_NAME = frozenset(  # begins a heading's words, and no one's name
    "A An And Are As At Be But By Can Do Does For From Has How If In Into Is It Its New No Not Of On Or Our Over Out So"
    " The Their Then This To Under Up We Were What When Where Which Who Whom Why Will With".split()
)


_NEWSROOM = re.compile(
    r"(?:Agency|News|Press|Times|Post|Media|Service|Online|TV|Radio|Today|Daily|Network|Observer|Staff|Bureau|Desk|Team)$"
)
# What ends like these is no name's part; some short words of headings end like nothing.
_ABSTRACT = re.compile(
    r"[A-Z][a-z]{2,}(?:[ts]ions?|ments?|ness|ings|ities|[rlsctv]ity|isms?|omics?|ical|ances?|ences?|ships?|ures?|ous|tives?)"
    r"|(?:Growing|Rising|Mutual|New|Old|Next|Last|Nuclear|Military|Foreign|Global|Regional|Public|Political|Final|Deadly)"
    r"|(?:Pride|Peace|War|Wars|Power|Talks|Trade|Crisis|Threats?|Fears?|Hopes?|Concerns?|Links|Ties|Deals?|Aid|Costs?"
    r"|Rights|Losses|Troops|Attacks?|Strikes?|Weapons|Missiles?|Steps|Risks?|Response|Background|Context|Timeline|Toll)"
)
_VERB = re.compile(  # of headlines in capitals: "Great Parade Held in Lunden"
    r"\b(?:Held|Meets?|Met|Visit(?:s|ed)|Says|Said|Opens|Opened|Calls|Vows|Warns|Urges|Sends|Sent|Receives|Gives|Given|Hails|Signs"
    r"|Begins|Ends|Seeks|Faces|Rises?|Falls|Fires|Launch(?:es|ed)|Marked|Makes|Takes|Gets|Goes|Comes|Returns|Arrives)\b"
)
# Whose surname may be any word: "Mark Long", "Rose King".
_GIVEN = frozenset(
    "Aaron Adam Alan Alex Alexander Alice Amy Andrea Andrew Anna Anne Ann Anthony Barbara Ben Benjamin Brian Carl"
    " Caroline Charles Chris Christian Christine Christopher Claire Colin Daniel David Dominic Donald Edward"
    " Elizabeth Emily Emma Eric Frank Gary George Gordon Graham Grant Guy Hannah Harry Helen Henry Hugh Ian Jack"
    " James Jane Jason Jeff Jennifer Jessica Jim Joe John Jonathan Joseph Josh Joshua Julia Julian Julie Justin"
    " Karen Kate Katherine Keith Kelly Ken Kevin Laura Lauren Lee Linda Lisa Louise Lucy Luke Maria Mark Martin"
    " Mary Matt Matthew Melissa Michael Michelle Mike Nancy Natalie Nathan Neil Nicholas Nick Nicole Oliver Olivia"
    " Pamela Patricia Patrick Paul Peter Phil Philip Rachel Ralph Raymond Rebecca Richard Robert Robin Roger"
    " Ronald Rose Ross Ruth Ryan Sam Samuel Sandra Sara Sarah Scott Sean Sharon Simon Sophie Stephanie Stephen"
    " Steve Steven Stuart Susan Terry Thomas Tim Timothy Tom Tony Victoria William".split()
)


def is_label(block: str) -> bool:
    """Whether a paragraph above an article's first is its section's name: "WORLD NEWS", "Opinion / Africa"."""
    return archives.is_masthead(block) or (len(block) <= 60 and bool(_LABEL.fullmatch(block.lower())))


class _Part(NamedTuple):
    """A part of what may be a byline."""

    text: str
    is_role: bool  # "Staff Writer"
    is_time: bool
    names: int  # the words of a name; 0 where it is none

    @property
    def is_told(self) -> bool:
        """Whether it needs no name to belong to a byline."""
        return self.is_role or self.is_time


def is_byline(block: str, text: str) -> bool:
    """Whether a paragraph between headline and first sentence is a name without "By": "Ann Lee in Oslo".

    Names, places, roles and times and nothing else, and no words that the article's text has in small letters.
    Further down, two or three capitalised words are a subhead as often as a name: that is not asked there.
    """
    block = block.rstrip(" -–—")
    if not block or len(block) > 140 or block[-1] in ".?!…:;,”\"'’":
        return False
    parts = [_part(part) for part in _PARTS.split(block) if part]
    if not parts or not all(part.is_told or part.names for part in parts):
        return False
    if all(part.is_told for part in parts):
        return True
    sure = any(part.is_role or part.names > 1 or (part.names and part.text.isupper()) for part in parts)
    told = any(part.is_told for part in parts)
    return sure and (told or not (_VERB.search(block) or all(_is_heading(part.text, text) for part in parts)))


def _part(text: str) -> _Part:
    is_role = bool(_ROLE.search(text)) and len(text.split()) < 8
    is_time = bool(_WHEN.fullmatch(text.lower()))
    return _Part(text, is_role, is_time, 0 if is_role or is_time else _capitals(text))


def _is_heading(part: str, text: str) -> bool:
    """Whether capitalised words are a heading's: "Growing Economic Pressure", "Mutual Pride"; not "Mark Long"."""
    words = part.split()
    if len(words) < 2 or words[0] in _GIVEN or _NEWSROOM.search(part):
        return False
    return any(_ABSTRACT.fullmatch(word) or (word.istitle() and word.lower() in _words(text)) for word in words)


@lru_cache(maxsize=1)  # an article may begin with thousands of names
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def _capitals(part: str) -> int:
    """How many words a name has; 0 where it is none."""
    words = part.split()
    names = [word for word in words if word[0].isupper()]
    if len(names) > 4 or any(word in _NO_NAME or not (word in names or word in _SMALL) for word in words):
        return 0
    return len(names)
