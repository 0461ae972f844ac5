"""Dates: as people write them, as an article gives its own, as a command takes them."""

from __future__ import annotations

import time

import pytest

from framing import dates, read


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (" date 2025-12-25  Putin sends message", "2025-12-25"),
        ("Title\nPublished: 25 Dec. 2025, 12:50\nText", "2025-12-25"),
        ("Published On 10 Sep 2026\nText", "2026-09-10"),
        ("Published: December 25, 2025\nText", "2025-12-25"),
        ("Published on Wednesday, September 24, 2025\nText", "2025-09-24"),
        ("Posted at 10:30 on 25 December 2025\nText", "2025-12-25"),
        ("UPDATED: 25 DECEMBER 2025\nText", "2025-12-25"),
        ("Issued on: 24/11/2025 - 15:02\nText", "2025-11-24"),
        ("Updated just now\nPublished 2025/11/24\nText", "2025-11-24"),
        ("Published: 45 May 2024\nText", None),
        ("Published: 2025-13-05, 05/03/2025\nText", None),
        ("Published by the ministry\nIt began on 24 February 2022.", None),
        (f"It was published{' by someone' * 9}; it began on 24 February 2022.", None),
        ("Nothing here", None),
        ("Title\nMarch 4, 2014 Tuesday\nText", "2014-03-04"),
        ("Title\n4 March 2014\n06:12\nText", "2014-03-04"),
        ("Title\nTuesday, 4 March 2014, 06:12 GMT\nText", "2014-03-04"),
        ("From: Ann\nDate: Tue, Mar 4, 2014 at 6:12 PM\nText", "2014-03-04"),
        ("Text\nLOAD-DATE: March 4, 2014", "2014-03-04"),
        ("Paris, 13 November 2015\nText", None),
        ("Born 4 March 2014\nText", None),
        ("Title\nMarch 4, 2014, 3:10 a.m. ET\nText", "2014-03-04"),
        ("Title\nMarch 4, 2014 4:52 PM GMT+8 · Updated 3 hours ago\nText", "2014-03-04"),
        ("Title\nTue 4 Mar 2014 17.04 CEST\nText", "2014-03-04"),
        ("Title\n\nOSLO, Norland, March 4, 2014 (AP) — The plant opened.", "2014-03-04"),
        ("TURKU, March 4, 2014 /PRNewswire/ -- The plant opened in 2012.", "2014-03-04"),
        ("OSLO (AP) — The plant opened on March 4, 2014.", None),
    ],
)
def test_dates_are_found_where_the_text_gives_them(text: str, date: str | None) -> None:
    assert dates.find_date(text) == date


@pytest.mark.parametrize(
    ("written", "date", "is_noted"),
    [
        ("2024-05-03T10:00:00Z", "2024-05-03", False),
        (" 2024-05-03 10:00 ", "2024-05-03", False),
        ("2024-05", "2024-05", False),
        ("20240503", "2024-05-03", True),
        ("Fri, 3 May 2024 10:00 GMT", "2024-05-03", True),
        ("May 3, 2024", "2024-05-03", True),
        ("25 DECEMBER 2025", "2025-12-25", True),
        ("DECEMBER 25, 2025", "2025-12-25", True),
        ("Sept. 3rd, 2025", "2025-09-03", True),
        ("December 25, 2025, updated 3 January 2026", "2025-12-25", True),
        ("2025/12/25", "2025-12-25", True),
        ("2025.12.25", "2025-12-25", True),
        ("2025-1-5", "2025-01-05", True),
        ("2025-10-5", "2025-10-05", True),
        ("2025年12月25日", "2025-12-25", True),
        ("25.12.2025", "2025-12-25", True),
        ("12/25/2025", "2025-12-25", True),
        ("05/03/2024", "2024", True),  # of May or of March
        ("2025-13-05", "2025", True),
        ("2025-12-45", "2025-12", True),
        ("2025-02-31", "2025-02", True),
        ("2025 10:30", "2025", True),
        ("Decision 3, 2025", "2025", True),
        ("25/13/2025", "2025", True),
        ("٢٠٢٥-١٢-٢٥", None, True),
        ("yesterday", None, True),
    ],
)
def test_a_given_date_is_written_in_iso(written: str, date: str | None, is_noted: bool) -> None:
    article = read.from_row({"text": "One.", "date": written}, "a:1")
    assert article.date == date
    assert bool(article.notes) == is_noted


def test_a_date_without_end_is_read_in_time() -> None:
    began = time.monotonic()
    for piece in ("1", "1 ", "2025-", "may ", "12/", "3 May ", "published ", " "):
        dates.iso_date(piece * 20_000)
        dates.find_date(f"Published {piece * 20_000}")
    assert time.monotonic() - began < 5


def test_a_day_that_is_none_is_cut_to_its_month() -> None:
    assert dates.iso_date("2025-02-31") == "2025-02"
    assert dates.iso_date("31 April 2025") == "2025-04"


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("May 2025", "2025-05"),
        ("Sept., 2025", "2025-09"),
        ("3rd of May 2025", "2025-05"),
        ("2024, or May 2025", "2024"),
        ("In 1999, then May 2025", "1999"),
        ("maybe 2025", "2025"),
        ("May 0012", None),
    ],
)
def test_a_month_without_a_day_is_kept(written: str, date: str | None) -> None:
    assert dates.iso_date(written) == date
