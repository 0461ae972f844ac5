"""An article as it is read once for everything: names, quotations, whose it is."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from framing import artefact, blocks, inputs
from framing.annotator import Annotator
from framing.document import read_document
from framing.mentions import Finder
from framing.schema import Article
from framing.split import split
from framing.transformer import Transformer


def test_names_and_quotations_go_on_over_wrapped_lines(finder: Finder, baseline: Annotator) -> None:
    text = (
        "The test of the new weapon was a great success, the Korean Central\nNews Agency reported early on Tuesday from"
        " the capital of the North,\nwhere people had gathered in the great square since the morning\nto hear of it."
        ' "We shall defend the fatherland with one\nheart," it said of the day that followed upon the launch.\n'
    )
    document = read_document(finder, Article(text), [])
    assert "Korean Central News Agency" in {mention.entity for mention in document.mentions}
    source = baseline(Article(text)).sentences[0].source
    assert source
    assert source.entity == "Korean Central News Agency"
    assert source.text == text[source.start : source.end] == "the Korean Central\nNews Agency"
    assert document.quotations.inside(text.index("one\nheart"), text.index("heart") + 5)


def test_a_word_without_end_is_passed_over_in_time(finder: Finder) -> None:
    began = time.monotonic()
    for word in ("A" * 50_000, "iVBORw0KGgoAAAANSUhEUgAA" * 2_000, "A’" * 20_000):
        finder.find(f"Ivan Petrov, 52, said so. {word} It rained.")
    finder.find("Foreign Minister Ann Lee said it. " * 5_000)
    blocks.cut(text := f"It{' ' * 50_000}rained.", 0, len(text), place="below", last=False)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("MOSCOW, May 21. /TASS/. The minister arrived on Monday.", "TASS"),
        ("ERBIL (Kurdistan24) - The minister arrived on Monday.", "Kurdistan24"),
        ("MOSCOW (AP) _ The minister arrived on Monday.", "Associated Press"),
        ("Tehran (dpa) - The minister arrived on Monday.", "Deutsche Presse-Agentur"),
        ("Caracas, Aug 21 (EFE).- The minister arrived on Monday.", "EFE"),
        ("Riyadh, November 02, 2025, SPA -- The minister arrived on Monday.", "Saudi Press Agency"),
        ("MOSCOW, 14 Nov — RIA Novosti. The minister arrived on Monday.", "RIA Novosti"),
        ("(Reuters) - The minister arrived on Monday.", "Reuters"),
        ("Hong Kong (CNN)The minister arrived in the old town on Monday.", "CNN"),
        ("Minsk, May 5 (BelTA) The minister arrived on Monday.", "BelTA"),
        ("MOSCOW July 29 TASS - The minister arrived on Monday.", "TASS"),
        ("The minister arrived on Monday and left on Tuesday. (KCNA) He spoke.", None),
        ("Algiers, 8 April 2025 – The minister arrived on Monday.", None),
        ("(Tehran) The minister arrived on Monday.", None),
        ("The minister arrived on Monday.\n\nYonhap\n", "Yonhap News Agency"),
        ("[A missile flies in this photo.]\n\n[RODONG SINMUN]\n\nThe minister arrived on Monday.", None),
        ("The minister arrived on Monday, KCNA said.", None),
        ("By China Daily | Updated: 2025-05-06 10:12\n\nThe minister arrived on Monday.", "China Daily"),
        ("By Global Times Published: Aug 13, 2025 12:22 AM\n\nThe minister arrived on Monday.", "Global Times"),
        ("Author: Granma | internet@granma.cu\n\nThe minister arrived on Monday.", "Granma"),
        ("chinadaily.com.cn | Updated: 2025-05-06 10:12\n\nThe minister arrived on Monday.", "China Daily"),
        ("(People's Daily Online) 10:12, May 06, 2025\n\nThe minister arrived on Monday.", "People's Daily"),
        ("Minister arrives\n\nSource: TASS\n\nThe minister arrived on Monday.", "TASS"),
        ("By: teleSUR/JF\n\nThe minister arrived on Monday.", "teleSUR"),
        ("By Ann Lee, BBC News\n\nThe minister arrived on Monday.", "BBC"),
        ("By: Reporter / @norlanddaily\n\nThe minister arrived on Monday.", None),
        ("The minister arrives.\n\n© Sputnik / Ann Lee\n\nThe minister arrived on Monday.", None),
        ("The minister arrived on Monday.\n\nhttps://www.rt.com/news/601234-minister-visit/", "RT"),
        ("The minister arrived on Monday.\n\n© 2025 Autonomous Nonprofit Organization “TV-Novosti”", "RT"),
        (
            "The minister arrived on Monday.\n\nThe statements, views and opinions expressed in this column are solely"
            " those of the author and do not necessarily represent those of RT.",
            "RT",
        ),
        ("By Ann Lee\n\nMOSCOW, May 21. /TASS/. The minister arrived on Monday.\n\n© Reuters 2025", "TASS"),
        ("The minister arrives in a photo.\n\nPhoto: Xinhua | 2025\n\nThe minister arrived on Monday.", None),
    ],
)
def test_an_article_is_signed_by_its_dateline_or_last_line_not_by_a_picture(
    baseline: Annotator, text: str, outlet: str | None
) -> None:
    assert baseline(text).article.outlet == outlet


def test_a_text_and_an_article_of_it_are_read_with_one_date(baseline: Annotator) -> None:
    text = "Published 3 May 2017\n\nThe American president said on Wednesday that it was so.\n"
    assert baseline(text).article.date == baseline(Article(text)).article.date == "2017-05-03"
    assert baseline(Article(text, date="2001")).article.date == "2001"


def test_a_sentence_that_no_window_answers_for_moves_no_prediction(
    finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = inputs.windows

    def missing(*given: Any) -> list[inputs.Window]:
        first, *others = cut(*given)
        return [replace(first, core=first.core[1:]), *others]

    monkeypatch.setattr(inputs, "windows", missing)
    article = Article("It rained in the capital. The minister said that it would stop.")
    document = read_document(finder, article, split(article)[0])
    with pytest.raises(KeyError):
        Transformer(artefact.named("fast")).raw(document)
