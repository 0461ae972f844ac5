"""Interviews: a turn is a sentence of its speaker's, however short, and no heading."""

from __future__ import annotations

from dataclasses import replace

import pytest
from attributing import I, S, sources
from conftest import ROOT

from framing import inputs
from framing.document import read_document
from framing.mentions import Finder
from framing.schema import Article
from framing.split import split
from framing.voice import contradicts

INTRO = "Foreign Minister Otto Lind spoke to Channel One about the border on Monday evening in the capital."


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("Q:", "A:"),
        ("Q.", "A."),
        ("Question:", "Otto Lind:"),
        ("QUESTION (through interpreter):", "PRESIDENT LIND:"),
        ("INTERVIEWER:", "LIND:"),
        ("TC:", "V.P.:"),
        ("TC:", "O. L.:"),
        ("Štefan Berg:", "Šime Lind:"),
        ("Channel One:", "Otto Lind:"),
        ("-", "-"),
    ],
)
def test_turns_of_an_interview_are_sentences(asks: str, answers: str) -> None:
    turns = [
        f"{asks} Will the talks with Norland go on?",
        f"{answers} We have never closed the door.",
        f"{asks} And the sanctions?",
        f"{answers} No comment",
        f"{asks} Will there be war?",
        f"{answers} Nobody wants that.",
    ]
    found, left = split(Article("\n\n".join(["Minister: We want peace", INTRO, *turns, "(Laughter)", INTRO])))
    kinds = [(s.kind, s.text) for s in found]
    if asks == "-":  # what is not closed is a list's heading as often
        kinds[5] = ("body", kinds[5][1])
    assert kinds == [("headline", "Minister: We want peace"), *(("body", t) for t in (INTRO, *turns, INTRO))]
    assert [s.text for s in left] == ["(Laughter)"]


def test_a_speakers_name_in_capitals_is_no_dateline() -> None:
    turns = [
        "PRESIDENT LIND: Good evening, dear friends, it is good to see so many of you here.",
        "BERG: Good evening to all of you from the far north of the country of Norland.",
        "PRESIDENT LIND: We have never closed the door.",
    ]
    assert [s.text for s in split(Article("\n\n".join(["Lind meets Berg", *turns])))[0]] == ["Lind meets Berg", *turns]


def test_a_short_question_among_turns_is_a_sentence_unmarked_too() -> None:
    turns = ["Ann Lee: We have never closed the door.", "And now?", "Bo Berg: No.", "Ann Lee: It rained."]
    found, _ = split(Article("\n\n".join(["Lee meets Berg", INTRO, *turns, INTRO])))
    assert [s.kind for s in found] == ["headline", *["body"] * 6]


def test_headings_with_a_colon_stay() -> None:
    lines = ["Washington: a slow start", "Oslo: nobody at home"]
    text = "\n\n".join(["Minister: We want peace", INTRO, lines[0], INTRO, lines[1], INTRO])
    assert [s.kind for s in split(Article(text))[0]] == ["headline", "body", "subhead", "body", "subhead", "body"]


def test_an_explainers_questions_stay_headings() -> None:
    lines = ["Q1: What did the vote turn on?", "Q2: What comes next?"]
    text = "\n\n".join(["Q&A: What did the summit agree?", INTRO, lines[0], INTRO, lines[1], INTRO])
    assert [s.kind for s in split(Article(text))[0]] == ["headline", "body", "subhead", "body", "subhead", "body"]
    text = text.replace("Q1:", "Q:").replace("Q2:", "Q:")
    assert [s.kind for s in split(Article(text))[0]] == ["headline", "body", "subhead", "body", "subhead", "body"]


def test_a_turn_is_its_speaker_s_until_the_next(finder: Finder) -> None:
    text = (
        "Maria Zakharova: We have no such plans. It was on May 3.\n\nFive were wounded.\n\n"
        "Question (Reuters): What of the grain?\n\nMaria Zakharova: That deal is over.\n\n"
        "Question: Is it?\n\nSergei Lavrov said no to us."
    )
    found = sources(finder, f"Briefing in Moscow\n\nIt began at noon.\n\n{text}")
    named = [(source.entity, source.inherited) if source else None for source in found]
    spokeswoman = ("Maria Zakharova", False), ("Maria Zakharova", True), ("Maria Zakharova", True)
    assert named == [None, None, *spokeswoman, None, spokeswoman[0], None, ("Sergei Lavrov", False)]


def test_a_quotation_runs_on_above_the_first_turn(finder: Finder) -> None:
    text = "“We will not yield,” President Vladimir Putin said. “Never again will we yield to anybody.”"
    turn = "Maria Zakharova: We have no such plans.\n\nQ: Why?\n\nMaria Zakharova: It is late."
    _, _, runs_on, *_ = sources(finder, f"Briefing in Moscow\n\n{text}\n\n{turn}", [S] * 6)
    assert runs_on is not None
    assert (runs_on.entity, runs_on.inherited) == ("Vladimir Putin", True)


def test_a_turn_contradicts_a_label_that_its_speaker_cannot_have(finder: Finder) -> None:
    text = "Maria Zakharova: We have no such plans.\n\nQ: Why?\n\nMaria Zakharova: It is late.\n\nFive were hurt."
    *_, last = sources(finder, f"Briefing in Moscow\n\nIt began at noon.\n\n{text}")
    assert last is not None
    assert last.inherited
    assert contradicts(last, I, 0.9, outlet_is_state=False)
    assert not contradicts(replace(last, turn=False), I, 0.9, outlet_is_state=False)


def test_a_model_reads_every_sentence_of_a_turn_behind_its_speaker_s_name(finder: Finder) -> None:
    turns = ["Ann Lee: Never. It rained.", "We left.", "Q: Why?", "It is late.", "Ann Lee: Yes.", "Q: When?"]
    article = Article("\n\n".join(["Lee meets Berg", INTRO, *turns]))
    tokenizer = inputs.load_tokenizer(ROOT / "models" / "fast" / "tokenizer.json")
    document = read_document(finder, article, split(article)[0])
    prepared = inputs.prepare(tokenizer, document)
    texts = [tokenizer.decode(list(row.ids)) for row in prepared.sentences[2:]]
    assert texts[:3] == ["ann lee : never.", "ann lee : it rained.", "ann lee : we left."]
    assert texts[3:] == ["q : why?", "it is late.", "ann lee : yes.", "q : when?"]
    assert prepared.sentences[3].offsets[:4] == ((0, 0), (0, 0), (0, 0), (0, 2))
    assert all(len(row.ids) == len(row.marks) == len(row.offsets) for row in prepared.sentences)
