from __future__ import annotations

import time
from itertools import pairwise

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from framing.lines import spaced
from framing.schema import Article
from framing.split import split

BODY = "The talks went on until late on Tuesday evening in the capital."


def texts(text: str) -> list[str]:
    return [s.text for s in split(Article(text))[0]]


def skipped(text: str) -> list[str]:
    return [s.text for s in split(Article(text))[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was signed on Sept. 4 in Oslo. He left.", ["It was signed on Sept. 4 in Oslo.", "He left."]),
        ("Gen. Mark Hill spoke. It ended.", ["Gen. Mark Hill spoke.", "It ended."]),
        ("The U.S. Navy sailed. It rained.", ["The U.S. Navy sailed.", "It rained."]),
        ("They live in the U.S. The rest left.", ["They live in the U.S.", "The rest left."]),
        (
            "The ministry claims “courage and skill.’ This line is new.",
            ["The ministry claims “courage and skill.’", "This line is new."],
        ),
        (
            "He called it ‘courage and skill.’ The region was calm.",
            ["He called it ‘courage and skill.’", "The region was calm."],
        ),
        ('"We want peace. We said so," she said. Rain fell.', ['"We want peace. We said so," she said.', "Rain fell."]),
        ("He said: “Go.” Then he left.", ["He said: “Go.”", "Then he left."]),
        ("He said: “Go on. Stay here.” They left.", ["He said: “Go on. Stay here.”", "They left."]),
        (  # never closed: another begins
            "He was “sorry for it. He left. The hall was shut. They say it was a “lie” at last.",
            ["He was “sorry for it.", "He left.", "The hall was shut.", "They say it was a “lie” at last."],
        ),
        ("The meeting starts at 9 a.m. Friday. Bring coats.", ["The meeting starts at 9 a.m. Friday.", "Bring coats."]),
        ("No. 5 won. No. 7 lost.", ["No. 5 won.", "No. 7 lost."]),
        ("He posted it on X. Many agreed.", ["He posted it on X.", "Many agreed."]),
        ("It came at 3 a.m. Witnesses fled.", ["It came at 3 a.m.", "Witnesses fled."]),
        ("At 3 a.m. Moscow time it began.", ["At 3 a.m. Moscow time it began."]),
        ("(He denied it.) The toll rose.", ["(He denied it.)", "The toll rose."]),
        ("Col. (res.) Ann Lee left.", ["Col. (res.) Ann Lee left."]),
        ("“Is this war?” President Putin asked.", ["“Is this war?” President Putin asked."]),
        ("It closed in 1985.¹ By 2023 it was gone.", ["It closed in 1985.¹", "By 2023 it was gone."]),
        ("It closed.[2] By May it was gone.[^3]", ["It closed.[2]", "By May it was gone.[^3]"]),
        ("It closed.[^2] By May it was gone.", ["It closed.[^2]", "By May it was gone."]),
        ("It closed.* By May it was gone.†", ["It closed.*", "By May it was gone.†"]),
        (
            "It has nine plants.2 Tehran denies that.14 He left.",
            ["It has nine plants.2", "Tehran denies that.14", "He left."],
        ),
        ("See vol.2 Chapter 4. It cost Rs.5 Million.", ["See vol.2 Chapter 4.", "It cost Rs.5 Million."]),
        ('"Is it war?" He said no more.', ['"Is it war?"', "He said no more."]),
        ('It landed, he wrote on X. "We won," he said.', ["It landed, he wrote on X.", '"We won," he said.']),
    ],
)
def test_sentences_end_where_news_ends_them(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    "line",
    [
        "2 hours ago",
        "Published: 25 Dec. 2025, 12:50",
        "By Ann Lee",
        "By ANN LEE and Bo Nilsson",
        "Yonhap",
        "/TASS/.",
        "(END)",
        "[RODONG SINMUN]",
        "Reporting by Ann Lee; Editing by Bo Nilsson",
        "© 2026 AFP",
        "09:12 GMT",
        "hol/dhc/fox",
        "https://example.org/x",
        "(Reporting by Ann Lee; Editing by Bo Nilsson)",
        "(Reporting by Ann Lee in Oslo and Kim Roe in Turku; Writing by Bo Nilsson; Editing by Al He)",
        f"(Reporting by {'Ann Lee in Oslo, ' * 20}Al He in Turku; Editing by Bo Nilsson)",
        "(Additional reporting by the bureau in Turku)",
        "(Xinhua/Ann Lee) ■",
        "Additional reporting by Agence France-Presse",
        "With assistance from Ann Lee and Bo Nilsson",
        "--With assistance from Ann Lee.",
        "Associated Press writers Ann Lee in Oslo and Bo Nilsson in Turku contributed.",
        "Associated Press writers Ann Lee in Oslo, Bo Nilsson in Turku and Kim Roe in Riga contributed to this report.",
        "This article was amended on 4 May 2026. An earlier version said that the talks were held in Turku.",
        "Correction: an earlier version of this article said that the talks were held in Turku.",
        "Share",
        "Share | Save",
        "Copied to clipboard",
        "Follow him on X @annlee",
        "Click here to subscribe to our newsletter",
        "Home > World > Asia",
        "Topics: Norway, Talks",
        "1h ago",
        "14h32",
        "- 30 -",
        "APTV-12-11-94 1412EST",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "REUTERS/Stringer/File Photo",
        "KCNA via REUTERS",
    ],
)
def test_lines_that_are_not_sentences_are_skipped(line: str) -> None:
    text = f"Ministers meet\n\n{line}\n\n{BODY}\n\n{line}"
    assert texts(text) == ["Ministers meet", BODY]
    assert skipped(text) == [line, line]


@pytest.mark.parametrize(
    "end",
    [
        "(Reporting by Ann Lee; Editing by Bo Nilsson)",
        "Read more: Ministers meet in N. Norway",
        "REUTERS/Stringer/File Photo",
        "(Xinhua/Ann Lee) ■",
        "■",
        "/END/",
        "(END)",
        "Enditem",
    ],
)
def test_what_follows_a_paragraphs_last_sentence_is_skipped(end: str) -> None:
    text = f"Ministers meet\n\n{BODY} {end}"
    assert texts(text) == ["Ministers meet", BODY]
    assert skipped(text) == [end]


@pytest.mark.parametrize(
    "line",
    [
        "By Monday, the army had taken the town.",
        "Reporting by the BBC showed that the army had used mines.",
        "Updated figures showed 43 people had been killed.",
        "Posted on Telegram, the video shows a burning tank.",
        "Video: the minister said that the strike had killed 40 people.",
        "The statements from Moscow are false, Zelensky said.",
        "With assistance from Iran, the group rebuilt its camps on the border.",
        "This report was published by the ministry on Monday.",
        "Associated Press writers in Gaza have gone hungry.",
        "Monday, 4 May – Talks begin in the capital and go on for a week.",
        "Oslo, 4 May, a day after the talks – it rained.",
        "(Laughter) We all had a good time in the capital.",
        "Share prices fell in Oslo on Monday.",
    ],
)
def test_a_sentence_that_begins_like_a_credit_is_kept(line: str) -> None:
    assert texts(f"{BODY}\n\n{line}\n\n{BODY}") == [BODY, line, BODY]


def test_kinds_are_told_apart() -> None:
    text = (
        "Leader hails troops\n\nA picture released by the agency on Sept. 4 shows the leader in a car. [KCNA]\n\n"
        f"{BODY}\n\nWhat happens next\n\n{BODY}"
    )
    found = split(Article(text))[0]
    assert [s.kind for s in found] == ["headline", "caption", "body", "subhead", "body"]
    assert skipped(text) == ["[KCNA]"]


@pytest.mark.parametrize(
    "line",
    [
        "The harbour in a still from state television.",
        "Screen shot of the page on Monday.",
        "The quay in a screengrab of Monday.",
        "Image caption The quay on Monday.",
        "The quay at dawn. Getty Images",
        "A handout photo of the quay.",
    ],
)
def test_a_caption_is_known_by_its_words(line: str) -> None:
    found = split(Article(f"Harbour opens\n\n{BODY}\n\n{line}\n\n{BODY}"))[0]
    assert [s.kind for s in found if s.text[:8] == line[:8]] == ["caption"]


def test_a_heading_that_runs_into_its_paragraph_is_cut_off() -> None:
    text = f"{BODY}\n\nWishes for health and prosperity The leader extended his wishes to the people of both countries."
    assert texts(text)[1] == "Wishes for health and prosperity"
    quoted = (
        f"{BODY}\n\n“Alliance of Blood, Life and Death” Lee highlighted the bond between the two countries on Monday."
    )
    assert texts(quoted)[1] == "“Alliance of Blood, Life and Death”"


def test_a_headline_that_begins_with_a_quotation_is_whole() -> None:
    headline = "“We will never give up our land” Lee vowed on a Monday visit"
    assert texts(f"{headline}\n\n{BODY}")[0] == headline


def test_a_name_in_mid_sentence_is_no_heading() -> None:
    sentence = "Members of the opposition caucus led by Brown staged a protest in the hall of the parliament."
    assert texts(sentence) == [sentence]


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee",
        "Ann Lee and Bo van Nilsson",
        "Ann Lee in Oslo",
        "Ann Lee / Digital Europe editor",
        "Ann Lee, Oslo",
        "Ann Lee | Oslo | May 4, 2026 11:48",
        "Norway News Agency",
        "NNA",
        "EXCLUSIVE",
        "WORLD NEWS",
        "Opinion / Middle East & North Africa",
        "By NNA staff reporters",
        "Mark Evening",
        "Dina Sayed, Capital News",
    ],
)
def test_a_bare_byline_below_the_headline_is_skipped(line: str) -> None:
    text = f"Ministers meet in the capital\n\n{line}\n\n{BODY}\n\nMutual Pride\n\n{BODY}\n\nAnn Lee\n\n{BODY}"
    found, left = split(Article(text))
    assert [s.kind for s in found] == ["headline", "body", "subhead", "body", "subhead", "body"]
    assert [s.text for s in left] == [line]


@pytest.mark.parametrize("label", ["Opinion", "EXCLUSIVE", "World News", "Analysis:"])
@pytest.mark.parametrize("headline", ["Not So Fast", "The West must stop pretending", "Kim Jong Un", "Peace Now"])
def test_a_sections_name_is_no_headline(label: str, headline: str) -> None:
    for text in (f"{label}\n\n{headline}\n\nAnn Lee\n\n{BODY}", f"{headline}\n\n{label}\n\nAnn Lee\n\n{BODY}"):
        found, left = split(Article(text))
        assert [(s.kind, s.text) for s in found] == [("headline", headline), ("body", BODY)]
        assert {s.text for s in left} == {label, "Ann Lee"}


@pytest.mark.parametrize(
    "line",
    [
        "What is new?",
        "What To Know",
        "Leaders praise friendship",
        "Peace In Our Time",
        "A Legacy of Influence",
        "Growing Economic Pressure",
        "Mutual Pride",
        "Late Talks",
        "Rights and Freedoms",
        "Sanctions Bite",
        "Great Parade Held in Lunden",
    ],
)
def test_a_heading_below_the_headline_stays(line: str) -> None:
    found = split(Article(f"Ministers meet in the capital\n\n{line}\n\n{BODY}"))[0]
    assert [s.kind for s in found] == ["headline", "subhead", "body"]


@pytest.mark.parametrize("mark", ["[2]", "²", "[^2]", "*", "2", "[2][3]", "”[2]"])
def test_a_notes_mark_behind_a_full_stop_makes_no_subhead(mark: str) -> None:
    last = f"By May there were nine plants.{mark}"
    found = split(Article(f"{BODY}\n\n{last}\n\n{BODY}"))[0]
    assert [(s.kind, s.text) for s in found] == [("body", BODY), ("body", last), ("body", BODY)]


@pytest.mark.parametrize(
    "table",
    [
        "Month     Killed    Wounded\nJan       1,200     3,400\nFeb         900     2,100",
        "Month\tKilled\tWounded\nJan\t1,200\t3,400\n\nFeb\t900\tn/a",
        "Name\tParty\nAnn Lee\tLabour\nBo Nilsson\tCentre",
        "| Month | Killed |\n|---|---|\n| Jan | 1,200 |",
        "| Month | Killed |\n\n|:---|---:|\n\n| Jan | 1,200 |",
    ],
)
def test_a_tables_rows_are_no_sentences(table: str) -> None:
    text = f"Ministers meet\n\n{BODY}\n\n{table}\n\n{BODY}"
    assert texts(text) == ["Ministers meet", BODY, BODY]
    assert skipped(text) == [table]


@pytest.mark.parametrize(
    "prose",
    [
        "The talks ended.  He left.  It rained in Oslo.\nThe rest stayed.  It rained on.",
        "The talks  went on  until late  on Tuesday\nand  the  ministers met  again in the\nold town  hall of  the capital  on Friday.",
        "Ann Lee  May 2026",
    ],
)
def test_wide_gaps_make_no_table(prose: str) -> None:
    assert not skipped(f"Ministers meet\n\n{prose}\n\n{BODY}")


@pytest.mark.parametrize("mark", ["\u200b", "\u2060", "\ufeff", "\u200b\u200b", " \u200b "])
def test_a_space_of_no_width_is_white_space(mark: str) -> None:
    text = f"{mark}Ministers meet{mark}\n\n{mark}\n\nIt closed.{mark} He left.{mark}\n{mark}It rained.{mark}\n\n{BODY}"
    found, left = split(Article(text))
    assert [(s.kind, s.text) for s in found] == [
        ("headline", "Ministers meet"), *(("body", t) for t in ("It closed.", "He left.", "It rained.", BODY)),
    ]  # fmt: skip
    assert not left


@pytest.mark.parametrize(
    "text", ["Peace", "PEACE AT LAST. THE WAR IS OVER, SAYS THE KING.", "By Ann Lee", "Yonhap", "\u200b"]
)
def test_odd_articles_keep_something_to_label(text: str) -> None:
    assert texts(text)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda p: p.stem[:3])
def test_seeds_are_covered_once(seed: object) -> None:
    check(seed.read_text(encoding="utf-8"))  # type: ignore[attr-defined]


@given(st.text())
def test_any_text_is_covered_once(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", ["He “" + "He said b. " * 8000 + "” ok.", "Q: Why?\n\nA: He said.\n\n" * 4000])
def test_a_quotation_or_an_interview_without_end_is_split_in_no_time(text: str) -> None:
    began = time.perf_counter()
    split(Article(text))
    assert time.perf_counter() - began < 5


def check(text: str) -> None:
    found, left = split(Article(text))
    spans = sorted((s.start, s.end) for s in (*found, *left))
    assert all(text[s.start : s.end] == s.text for s in (*found, *left))
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    covered = "".join("".join(spaced(text[a:b]).split()) for a, b in spans)
    assert covered == "".join(spaced(text).split())
