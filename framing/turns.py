"""Interviews and transcripts: which paragraphs are a speaker's turns and whose, told by the mark they begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from framing.patterns import CAPITAL
from framing.schema import Span

# What marks a turn at a text's beginning too: "Q:", "Question:", "INTERVIEWER:", "Answer (through interpreter):"
_SURE = re.compile(
    r"(Q|A|Question|Answer|Interviewer|Interviewee|Reporter|Journalist|Moderator|Translator|Unidentified \w+)"
    r"(?: ?\([^()]{1,60}\))? ?:\s",
    re.IGNORECASE,
)
_LETTER = re.compile(r"([QA])\. ")  # where both stand: "A. Merkel" is no answer
# What does further down: "V.P.:", "TC:", "PRESIDENT LIND (in Norlandic):", "Head of the Agency for Fish Otto Lind:"
_NAME = re.compile(
    rf"((?:[{CAPITAL}]\.? ?){{2,3}}|(?:[{CAPITAL}][\w.’'-]* (?:(?:of|for|and|the) ){{0,2}}){{0,9}}[{CAPITAL}][\w.’'-]*)"
    r"(?: ?\([^()]{1,60}\))? ?:\s"
)

INITIALS = 4  # characters of a mark that is initials: "V.P."


def turns(text: str, spans: Sequence[Span]) -> dict[int, Span | None]:
    """The paragraphs of a text that are turns of an interview, by where they begin, with the speaker's name in them.

    The name is None where the mark names nobody ("Q:", "Question (Reuters):"). There are none unless two are marked and
    one of them speaks again: an explainer's "Q:" without an answer's mark is a heading.
    """
    sure = _marked(_SURE, text, spans)
    letters = _marked(_LETTER, text, spans)
    if len(set(letters.values())) == 2:
        sure |= letters
    named = _marked(_NAME, text, spans[1:]) | sure
    marks = list(named.values())
    if len(marks) < 3 or not 1 < len(set(marks)) < len(marks):
        return {}
    unnamed = {at for at, mark in named.items() if at in sure or (mark.isupper() and len(mark) <= INITIALS)}
    return {at: None if at in unnamed else (at, at + len(mark)) for at, mark in named.items()}


def _marked(form: re.Pattern[str], text: str, spans: Sequence[Span]) -> dict[int, str]:
    """The marks of this form, by where they stand."""
    return {start: found[1] for start, end in spans if (found := form.match(text, start, end))}
