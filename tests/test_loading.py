from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from framing.document import read_document
from framing.inputs import Tokens
from framing.lexicon import builtin, read_lexicon
from framing.loading import find_terms
from framing.mentions import Finder
from framing.registry import FACTS_FOLDER
from framing.schema import Article, FramingError, Prediction, Term
from framing.split import split
from framing.transformer import LOADING, OUTPUTS, pool


def terms(finder: Finder, text: str, grade: int = 2, stretch: str | None = None) -> list[Term]:
    article = Article(text)
    sentences, _ = split(article)
    document = read_document(finder, article, sentences)
    at = (text.index(stretch), text.index(stretch) + len(stretch)) if stretch else None
    prediction = Prediction((0.2, 0.2, 0.6), grade, grade / 2, stretch=at)
    return [term for sentence in sentences for term in find_terms(document, sentence, prediction, builtin())]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The puppet regime has lost, the paper wrote.", "adopted"),
        ("The paper wrote that the \u201cpuppet regime\u201d has lost.", "quoted"),
        ("It accused what it calls the puppet regime of treason.", "distanced"),
        ("The so-called puppet regime replied on Monday.", "distanced"),
        ("Beijing called on the puppet regime to stop.", "adopted"),
        ("It called off the puppet regime's parade.", "adopted"),
        ("In terms of the puppet regime nothing changed.", "adopted"),
    ],
)
def test_whose_a_term_is(finder: Finder, text: str, stance: str) -> None:
    found = next(term for term in terms(finder, text) if "puppet" in term.text)
    assert (found.text, found.stance, found.technique) == ("puppet regime", stance, "name_calling")
    assert found.quoted == (stance == "quoted")
    assert found.reason
    assert text[found.start : found.end] == found.text


def test_a_plain_sentence_has_no_terms(finder: Finder) -> None:
    assert terms(finder, "The puppet regime has lost.", grade=0) == []


@pytest.mark.parametrize(
    ("stretch", "term", "stance"),
    [
        (" for tomorrow like i", "tomorrow like ice", "adopted"),
        (" for tomorrow like ice in the s", None, None),  # so many words tell no more than the sentence does
        ("He said “ice is on", "ice", "quoted"),
        ("is on the", None, None),
    ],
)
def test_where_no_term_is_listed_the_models_own_words_are_shown(
    finder: Finder, stretch: str, term: str | None, stance: str | None
) -> None:
    text = "He said “ice is on the” lakes for tomorrow like ice in the sun."
    found = [(t.text, t.stance, t.technique) for t in terms(finder, text, 1, stretch)]
    assert found == ([(term, stance, "loaded_language")] if term else [])


@pytest.mark.parametrize(("stretch", "term"), [("China always lines up", "always lines up"), ("China", None)])
def test_a_name_is_not_what_raises_a_grade(finder: Finder, stretch: str, term: str | None) -> None:
    found = [t.text for t in terms(finder, "For China always lines up with us.", 1, stretch)]
    assert found == ([term] if term else [])


@pytest.mark.parametrize(
    ("stretch", "term"),
    [
        ("drenching of northern", "drenching of northern hill towns"),
        ("northern hill towns", "northern hill towns"),  # what follows is a small word
        ("people", "people say"),  # and no further than the comma
    ],
)
def test_the_models_words_are_not_cut_before_their_noun(finder: Finder, stretch: str, term: str) -> None:
    text = "The drenching of northern hill towns was odd, people say, again."
    assert [t.text for t in terms(finder, text, 1, stretch)] == [term]


def test_the_words_that_raise_a_grade_are_the_stretch_with_the_greatest_share() -> None:
    offsets = [(0, 3), (4, 7), (8, 11), (12, 15)]
    tokens = np.zeros((5, OUTPUTS), np.float32)  # four words and the separator, all of one weight
    tokens[:, LOADING] = [[-2, -2], [3, 3], [2, 4], [-2, -2], [0, 0]]
    raw = pool(tokens, Tokens((1, 2, 3, 4), (0,) * 4, tuple(offsets)))
    assert raw.stretch == (4, 11)
    assert pool(tokens[4:], Tokens((), (), ())).stretch is None


def test_listed_terms_stand_before_the_models_words(finder: Finder) -> None:
    assert [t.text for t in terms(finder, "The puppet regime has lost.", 2, "has lost")] == ["puppet regime"]


def test_a_name_is_not_a_loaded_term(finder: Finder) -> None:
    assert terms(finder, "The revolutionary guard corps of the heroic met on Monday.")
    assert terms(finder, "The Islamic Revolutionary Guard Corps met on Monday.") == []


def test_the_longest_term_wins_and_none_overlap(finder: Finder) -> None:
    found = terms(finder, "Heroic, invincible and dear respected leaders crushed the traitors and their puppet regime.")
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert "puppet regime" in [term.text for term in found]


def test_so_called_keeps_what_it_stands_before_at_a_distance_alone(finder: Finder) -> None:
    found = terms(finder, "The so-called puppet regime vilified the henchmen.")
    assert [(term.text, term.stance) for term in found if term.text != "so-called"] == [
        ("puppet regime", "distanced"),
        ("vilified", "adopted"),
        ("henchmen", "adopted"),
    ]


def test_a_term_in_someone_s_turn_is_quoted(finder: Finder) -> None:
    turns = "Ann Lee: No.\n\nQ: Why?\n\nAnn Lee: They are henchmen."
    assert [t.stance for t in terms(finder, f"Lee on henchmen\n\nIt rained.\n\n{turns}")] == ["adopted", "quoted"]


@pytest.mark.parametrize(
    "word",
    [
        "cronies",
        "henchmen",
        "barbarically",
        "deplorably",
        "bloodily",
        "vilified",
        "oligarchs",
        "heroes",
        "enemies of Allah",
    ],
)
def test_terms_are_listed_in_the_forms_they_have(word: str) -> None:
    assert [word[start:end] for start, end, _ in builtin().find(word)] == [word]


def test_every_form_of_a_term_begins_as_the_term_does_so_that_it_is_found() -> None:
    entries = list(read_lexicon(FACTS_FOLDER / "loaded.tsv"))
    assert len(entries) > 12000
    for entry in entries:
        for form in entry.forms():
            text = " ".join(form)
            assert next(builtin().find(text))[:2] == (0, len(text))


def test_what_colours_a_sentence_mildly_is_shown_where_nothing_stronger_stands(finder: Finder) -> None:
    mild = "It was a terrific day."
    assert [(t.text, t.reason) for t in terms(finder, mild)] == [
        ("terrific", "listed as loaded language, mildly coloured")
    ]
    assert [t.text for t in terms(finder, "It was a terrific day for the henchmen.")] == ["henchmen"]


@pytest.mark.parametrize(
    "row",
    [
        "hero\tslogan\t12\tword",
        "hero\tslogan\t\tword",
        "hero\tglory\t1\tword",
        "hero\tslogan\t3\tword",
        "hero\tslogan",
        "hero\tslogan\t1\todd",
    ],
)
def test_a_bad_lexicon_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    (tmp_path / "terms.tsv").write_text(f"term\ttechnique\tstrength\tform\nbrave\tslogan\t1\tadj\n{row}\n")
    with pytest.raises(FramingError, match=r"terms\.tsv:3: expected"):
        list(read_lexicon(tmp_path / "terms.tsv"))
