"""Articles as archives, mail programs, wires and print leave them: what is around the text is none of it."""

from __future__ import annotations

import textwrap

import pytest

from framing.schema import Article
from framing.split import split

P1 = "Norland signed a ten-year gas supply deal with Ostria on Wednesday, the energy ministry said in a statement."
P2 = "Ostria had asked for a tenth more than Norland was ready to pay, two people close to the talks said later on."
P3 = "The ministry did not disclose the price, and a spokesman for it did not answer calls on Wednesday evening."
HEAD = "Norland Signs Gas Deal"
WHOLE = [("headline", HEAD), ("body", P1), ("body", P2), ("body", P3)]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(s.kind, " ".join(s.text.replace("\n>", "").split())) for s in split(Article(text))[0]]


@pytest.mark.parametrize(
    ("above", "between", "below"),
    [
        (  # Nexis
            "1 of 12 DOCUMENTS\n\nCopyright 2014 The Norland Times Company\nAll Rights Reserved\n\nThe Norland Times\n\n"
            "March 4, 2014 Tuesday\nLate Edition - Final\n\n",
            "BYLINE: By ANN LEE; Kim Roe contributed reporting from Turku.\n\nSECTION: Section A; Foreign Desk; Pg. 4\n\n"
            "LENGTH: 543 words\n\nDATELINE: OSLO\n\nBODY:\n\n",
            "URL: http://www.example.org/\n\nGRAPHIC: PHOTO: Carl Berg in Oslo on Tuesday. (PHOTOGRAPH BY KIM ROE)\n\n"
            "LANGUAGE: ENGLISH\n\nLOAD-DATE: March 4, 2014\n\nPUBLICATION-TYPE: Newspaper\n",
        ),
        (  # Nexis Uni
            "",
            "The Norland Times\nMarch 4, 2014 Tuesday\nCopyright 2014 The Norland Times All Rights Reserved\nSection: WORLD; Pg. 4\n"
            "Length: 543 words\nByline: Ann Lee\nBody\n\n",
            "Classification\n\nLanguage: ENGLISH\nPublication-Type: Newspaper\nSubject: GAS INDUSTRY (90%)\n"
            "Geographic: OSLO, NORLAND (79%)\nLoad-Date: March 4, 2014\n\nEnd of Document\n",
        ),
        (  # Factiva
            "",
            "By Ann Lee\n543 words\n4 March 2014\n06:12\nReuters News\nLBA\nEnglish\n(c) 2014 Reuters Limited\n\n",
            "Document LBA0000020140304ea340012x\n",
        ),
        (  # BBC Monitoring
            "",
            "BBC Monitoring Former Soviet Union - Political\nSupplied by BBC Worldwide Monitoring\n\nMarch 4, 2014 Tuesday\n\n"
            "Text of report by Ostrian official news agency ONA\n\n",
            "[Description of Source: Lunden ONA in English -- official news agency of the government of Ostria, founded in the year"
            " 1951]\n\nSource: ONA news agency, Lunden, in English 0955 gmt 4 Mar 14\n\nBBC Mon FS1 FsuPol 040314 al/bo\n",
        ),
        ("Language: English\nArticle Type:BFN\n\n", "[FBIS Translated Text] ", "\n"),
        (  # a wire
            "BC-Norland-Gas, 1st Ld-Writethru,0543\nURGENT\n\n",
            "^By ANN LEE=\n^Associated Press Writer=\n\n",
            "^End Adv for Sunday, March 5<\n\nAP-ES-03-04-94 1412EST<\n\nREUTER\n",
        ),
    ],
    ids=["nexis", "nexis uni", "factiva", "bbc monitoring", "fbis", "wire"],
)
def test_what_an_archive_sets_around_an_article_is_skipped(above: str, between: str, below: str) -> None:
    assert kinds(f"{above}{HEAD}\n\n{between}{P1}\n\n{P2}\n\n{P3}\n\n{below}") == WHOLE


def test_a_mail_s_quoted_lines_are_read_as_paragraphs() -> None:
    quoted = "\n>\n".join(textwrap.fill(p, 70, initial_indent="> ", subsequent_indent="> ") for p in (HEAD, P1, P2, P3))
    text = (
        "---------- Forwarded message ---------\nFrom: Ann Lee <ann@example.org>\nDate: Wed, Mar 4, 2026 at 6:12 PM\n"
        f"Subject: Fwd: Norland\nTo: Bo <bo@example.org>\n\n{quoted}\n>\n> Sent from my phone\n"
    )
    assert kinds(text) == WHOLE


def test_heads_and_feet_of_printed_pages_are_skipped() -> None:
    text = f"{HEAD}\n\n{P1}\n\nThe Norland Review 2\n\n{P2}\n\nThe Norland Review 3\n\nPage 3 of 7\n\n- 4 -\n\n{P3}"
    assert kinds(text) == WHOLE


def test_numbered_headings_are_no_pages() -> None:
    text = f"{HEAD}\n\n{P1}\n\nPart 1\n\n{P2}\n\nPart 2\n\n{P3}"
    assert [kind for kind, _ in kinds(text)] == ["headline", "body", "subhead", "body", "subhead", "body"]


def test_a_wire_in_capitals_is_read_as_any() -> None:
    text = f"{HEAD.upper()}\n\nBY ANN LEE\n\nOSLO, MARCH 4 - {P1.upper()} HE LEFT. THE U.S. EMBASSY STAYED.\n\n{P2.upper()}\n\nREUTER"
    assert kinds(text) == [
        ("headline", HEAD.upper()),
        ("body", P1.upper()),
        ("body", "HE LEFT."),
        ("body", "THE U.S. EMBASSY STAYED."),
        ("body", P2.upper()),
    ]


@pytest.mark.parametrize(
    "line",
    ["2nd Ld: Minister arrives", "The Good News", "Body of evidence", "From Oslo with love", "5,000 words of wisdom"],
)
def test_a_heading_that_begins_like_a_field_is_kept(line: str) -> None:
    assert kinds(f"{HEAD}\n\n{P1}\n\n{line}\n\n{P2}")[2] == ("subhead", line)
