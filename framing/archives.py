"""What archives, mail programs and wires set around an article: their fields, counts, marks and page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from framing.patterns import any_of

# Held against small letters. What an archive's or a mail's field is, on a line of its own:
_FIELD = any_of(
    # Nexis, Factiva, FBIS: "LENGTH: 543 words", "LOAD-DATE: March 4, 2014"
    r"(?:by-?line|section|length|load-date|publication(?:-type)?|pub-?type|language|dateline|subject|geographic|graphic"
    r"|url|article type|document type|journal-code|series|edition|columns?|slug|keywords?|priority"
    r"|accession(?: number)?|word count|company|industry|organization|person|descriptors?|document number"
    r"|report (?:type|number|date)) ?:.{0,250}",
    r"(?:from|to|cc|bcc|sent|date|reply-to|subject|betreff) ?: ?.{1,200}",
    r"-{2,} ?(?:forwarded|original) message ?-{2,}|begin forwarded message:?",
)
_FIELD_LINE = re.compile(_FIELD)
_FIELDS = re.compile(
    any_of(
        _FIELD,
        r"\d{1,3}(?:,\d{3})? words",
        r"(?:document )?\d{1,4} of \d{1,4}(?: documents?)?",
        r"document [a-z]{3,}0[a-z0-9]{12,}",
        r"(?:end of document|body|classification|full text|text|all rights reserved|english)(?: ?:)?",
        r"(?:late|early|final|first|second|third|city|national|morning|evening|sunday|weekend|asia|europe|us)"
        r" (?:city )?edition\b.{0,40}",
        # Mail
        r"on (?=.{0,60}(?:\d{4}|\d\d:\d\d)).{6,80} wrote:|sent from my .{3,40}|get outlook for \w+",
        r"[>\s]+",
        # BBC Monitoring
        r"bbc mon(?:itoring)? [^.]{3,100}",
        r"(?:text|excerpts?|transcript) (?:of|from) .{0,40}"
        r"\b(?:report|commentary|article|interview|statement|speech)\b (?:by|in|on|from|published)\b[^.]{3,200}",
        r"\[description of source: .{3,400}\]",
        # Wires: "BC-Norland-Gas, 1st Ld-Writethru,0543", "^By ANN LEE=", "Eds: Adds quotes."
        r"(?:[a-z]\d{3,4} )?(?:bc|am|pm|us|eu|as|af|ml|un|rs|a)-{1,2}[\w&’'-]+,.{0,60}|\^.{1,120}",
        r"(?:\d+(?:st|nd|rd|th)|first|second) (?:ld|lead|take|update|writethru)\b[^:]{0,40}",
        r"(?:urgent|bulletin|flash|newsalert|reuter|eds?: .{3,200})",
        r"(?:with )?ap photos? .{2,60}|for (?:immediate )?release(?::? .{0,30}\d.{0,20})?",
        r"end adv\b.{0,40}|adv\d+.{0,40}",
        # Pages of print
        r"(?:page|pg\.?|p\.) ?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?|[-–—] ?\d{1,4} ?[-–—]|\d{1,4}",
        r"\[\^?\d{1,3}\]:? .{1,500}",  # a note's text: "[^1]: Ministry of Energy"
    )
)
# Before a paragraph's dateline: "[FBIS Translated Text]", and what quotes it in mail.
PREFIX = re.compile(
    r"(?:>[> ]*)?(?:\[(?:(?:FBIS|FBIS Translated|Editorial) )?(?:Text|Excerpts?|Report)\] ?|\[\d{1,2}/\d{1,2}\] ?)?"
)
# Behind its last sentence.
AFTER = r"\[(?:ellipsis|words?|sentence|passage|end|begin|as)\b[^\]]{0,40}\]"
_SURE = re.compile(r"\[|E(?:ds|DS):|[A-Z][A-Z -]+:|Byline:")  # "BYLINE: By Ann Lee; Bo Nilsson contributed reporting."
_SENTENCE = re.compile(r"[a-z]{2}[.!?][\"”’)]*$")
_TELLS = re.compile(r"\b(?:said|says|told|was|were|had|have)\b")
_PAGED = re.compile(r"^\d{1,3}\s+|\s+\d{1,3}$")
_RUNNING = 80  # characters of a page's head or foot
_MASTHEAD = re.compile(
    r"The (?:[A-Z][\w.&’'-]+ ){1,3}(?:News|Press|Mail|Review|Standard|Star|Sun|Globe|Independent|Observer|Journal)"
    r"|(?:The )?(?:[A-Z][\w.&’'-]+ ){1,3}(?:Times|Herald|Tribune|Gazette|Chronicle|Telegraph|Post)"
    r"|(?:The )?(?:[A-Z][\w.&’'-]+ ){1,3}News (?:Agency|Service)"
)


def is_set_around(paragraph: str) -> bool:
    """Whether archives, mail or wires set a whole paragraph around an article; "US-led, the force left." is none."""
    if not _FIELDS.fullmatch(paragraph.lower()):
        return False
    return bool(_SURE.match(paragraph)) or not (
        _TELLS.search(paragraph) or (_SENTENCE.search(paragraph) and paragraph.count(" ") > 2)
    )


def is_field(line: str) -> bool:
    """Whether a line is an archive's or a mail's field, which no other line goes on."""
    return bool(_FIELD_LINE.fullmatch(line.lower()))


def is_masthead(block: str) -> bool:
    """Whether a paragraph above the headline is a newspaper's name."""
    return len(block) <= 60 and bool(_MASTHEAD.fullmatch(block))


def running(paragraphs: Iterable[str]) -> set[str]:
    """Heads and feet that pages of print repeat but for the page's number: "The Norland Review 12"."""
    forms: dict[str, list[str]] = {}
    for paragraph in paragraphs:
        if len(paragraph) <= _RUNNING and (form := _PAGED.sub("", paragraph)) != paragraph and len(form.split()) > 2:
            forms.setdefault(form, []).append(paragraph)
    return {paragraph for found in forms.values() if len(set(found)) > 1 for paragraph in found}
