"""Pieces of regular expressions that several modules share: letters, days, months."""

from __future__ import annotations

# Capitals and small letters, for character classes, with those of names like Šefčovič. In Latin Extended (Ā-ɏ) they
# take turns, and to list each would make a pattern ten times as slow to compile; no English word begins with one of
# its small ones.
CAPITAL = "A-ZÀ-ÖØ-ÞĀ-ɏ"
SMALL = "a-zß-öø-ÿĀ-ɏ"

WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# Held against small letters, as stamps and datelines are; shortened too.
MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"


def any_of(*alternatives: str) -> str:
    """A pattern that matches any of these."""
    return "(?:" + "|".join(alternatives) + ")"
