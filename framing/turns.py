"""Interviews and transcripts: which paragraphs are a speaker's turns, told by the mark they begin with."""

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
# What does further down: "V.P.:", "TC:", "Otto Lind:", "PRESIDENT LIND (in Norlandic):"
_NAME = re.compile(
    rf"((?:[{CAPITAL}]\.? ?){{2,3}}|(?:[{CAPITAL}][\w.’'-]* ){{0,4}}[{CAPITAL}][\w.’'-]*)(?: ?\([^()]{{1,60}}\))? ?:\s"
)


def turns(text: str, spans: Sequence[Span]) -> set[int]:
    """Where the paragraphs of a text begin that are turns of an interview.

    Two speakers, or one who speaks again: an explainer's "Q:" without an answer's mark is a heading.
    """
    sure = _marked(_SURE, text, spans)
    letters = _marked(_LETTER, text, spans)
    if len(set(letters.values())) == 2:
        sure |= letters
    named = _marked(_NAME, text, spans[1:]) | sure
    marks = list(named.values())
    return set(named) if len(marks) > 2 and 1 < len(set(marks)) < len(marks) else set()


def _marked(form: re.Pattern[str], text: str, spans: Sequence[Span]) -> dict[int, str]:
    """The marks of this form, by where they stand."""
    return {start: found[1] for start, end in spans if (found := form.match(text, start, end))}
