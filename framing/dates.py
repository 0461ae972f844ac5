"""Dates as people write them → ISO 8601."""

from __future__ import annotations

import datetime
import re

from framing.datelines import dateline
from framing.schema import FramingError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>0?[1-9]|1[0-2])", r"(?P<day>0?[1-9]|[12]\d|3[01])"
# Whole words: "Decision 3, 2025" is no date in December.
_WORD = (
    r"\b(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_TH, _GAP, _PAST_12 = r"(?:st|nd|rd|th)?", r"[\s\xa0-]{1,2}", r"1[3-9]|2\d|3[01]"
_FLAGS = re.IGNORECASE | re.ASCII  # ISO 8601 has no other script's digits
# With a day, a month and a year; day and month in figures only where they tell which is which.
_FULL = tuple(
    re.compile(form, _FLAGS)
    for form in (
        rf"\b{_YEAR}[-/.年]{_MONTH}[-/.月]{_DAY}(?!\d)",
        rf"\b{_DAY}{_TH}{_GAP}{_WORD},?{_GAP}{_YEAR}(?!\d)",
        rf"{_WORD}{_GAP}{_DAY}{_TH},?{_GAP}{_YEAR}(?!\d)",
        rf"\b(?P<day>{_PAST_12})(?P<sign>[-/.]){_MONTH}(?P=sign){_YEAR}(?!\d)",
        rf"\b{_MONTH}(?P<sign>[-/.])(?P<day>{_PAST_12}|(?P=month))(?P=sign){_YEAR}(?!\d)",
    )
)
_ISO = re.compile(rf"{_YEAR}(?:[-/.年]{_MONTH}(?:[-/.月]{_DAY})?)?(?!\d)", _FLAGS)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])?(?!\d)", _FLAGS)
_MONTH_YEAR = re.compile(rf"{_WORD},?{_GAP}{_YEAR}(?!\d)", _FLAGS)
_ANY_YEAR = re.compile(r"\b(?:19|20)\d\d\b", _FLAGS)
_TIME = re.compile(r"(?<=^....-..-..)[T ]\d\d(?::?\d\d\S{0,30})?$", _FLAGS)
_STAMP = re.compile(
    r"\b(?:(?:published|posted|updated|issued on|date(?=\W{0,6}\d{4}-\d\d-\d\d))\b|(?:^|load-)date ?:)",
    re.ASCII | re.MULTILINE,
)
# What stands beside a date on a line of its own, as archives and pages set it below the headline.
_BESIDE = re.compile(
    r"[\W\d]*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)?[\W\d]*(?:[ap]\.?m\.?\W*)?"
    r"(?:(?:gmt|utc|et|[ec][sd]t|bst|ces?t|[ijk]st|msk)[\W\d]*)?(?:updated .{0,30})?",
    re.ASCII,
)
_LINE = 80  # characters behind a stamp; a paragraph that something is published in goes on to other dates


def iso_date(written: str) -> str | None:
    """A date as people write it in ISO 8601; None where there is none.

    It is the month alone where no day is given, and the year alone where day and month cannot be told
    apart. Of several it is the first. A day that its month does not have is left out.
    """
    written = written.strip()
    begins = _ISO.match(written) or _COMPACT.match(written)
    if begins and begins["month"]:
        return _written(begins)
    return _first(written) or (begins["year"] if begins else _month_or_year(written))


def _month_or_year(written: str) -> str | None:
    """The first year of a text, with its month where that is a word before it."""
    year, month = _ANY_YEAR.search(written), _MONTH_YEAR.search(written)
    if year and month and month.start("year") == year.start():
        return _written(month)
    return year and year[0]


def is_iso(written: str, date: str) -> bool:
    """Whether nothing but a date's ISO 8601 is written, or that and a time of the day."""
    return _TIME.sub("", written.strip()) == date


def given(written: str) -> str:
    """A date that someone gives to a command, as it is; raises FramingError where it is not in ISO 8601.

    It may be a month or a year alone.
    """
    if iso_date(written) != written:
        raise FramingError(f"--date {written!r} is no date as YYYY-MM-DD, YYYY-MM or YYYY")
    return written


def find_date(text: str) -> str | None:
    """The date an article's opening lines give it (ISO), or None."""
    opening = text[:1500].lower()  # ten times as fast as a search without regard to case
    for stamp in _STAMP.finditer(opening):
        if found := _first(opening[stamp.end() :][:_LINE].split("\n", 1)[0]):
            return found
    for line, written in zip(opening.splitlines()[:15], text[:1500].splitlines(), strict=False):
        if len(line) < _LINE and (form := _earliest(line)) and _BESIDE.fullmatch(line.replace(form[0], "")):
            return _written(form)
        if (form := _earliest(line[:_LINE])) and form.end() < dateline(written, 0, opening=True):
            return _written(form)
    return None


def _first(text: str) -> str | None:
    """The first date of a text that has day, month and year."""
    return _written(form) if (form := _earliest(text)) else None


def _earliest(text: str) -> re.Match[str] | None:
    found = [match for form in _FULL if (match := form.search(text))]
    return min(found, key=re.Match.start, default=None)


def _written(found: re.Match[str]) -> str:
    """What a form found in ISO, or its month where that has no such day."""
    year, month, day = found["year"], found["month"].lower(), found.groupdict().get("day")
    month = f"{year}-{_MONTHS.index(month[:3]) + 1 if month.isalpha() else int(month):02}"
    try:
        return f"{datetime.date.fromisoformat(f'{month}-{int(day):02}')}" if day else month
    except ValueError:
        return month
