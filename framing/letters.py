"""Capitals and small letters for character classes of regular expressions, with those of names like Šefčovič."""

from __future__ import annotations

# In Latin Extended (Ā-ɏ) capitals and small letters take turns, and to list each would make a pattern ten times as slow
# to compile; no English word begins with one of its small ones.
CAPITAL = "A-ZÀ-ÖØ-ÞĀ-ɏ"
SMALL = "a-zß-öø-ÿĀ-ɏ"
