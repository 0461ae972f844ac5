"""Offices: who no longer holds one speaks for himself."""

from __future__ import annotations

import pytest
from attributing import A, I, pointed, sources

from framing.document import read_document
from framing.mentions import Finder
from framing.offices import out_of_office
from framing.schema import Article
from framing.split import split


def test_a_former_official_who_gives_his_view_is_an_analyst(finder: Finder) -> None:
    text = "It may fail, said former Russian ambassador Ivan Petrov."
    assert pointed(finder, Article(text), "Ivan Petrov", A).cls == "analyst"
    assert pointed(finder, Article(text), "Ivan Petrov", I).cls == "state"
    assert pointed(finder, Article(text.replace("former ", "")), "Ivan Petrov", A).cls != "analyst"


@pytest.mark.parametrize(
    "before",
    [
        "The former envoy met Sergei Lavrov.",
        "He then met foreign minister Sergei Lavrov.",
        "Until late Monday Sergei Lavrov was away.",
    ],
)
def test_a_former_office_is_only_of_whom_it_stands_beside(finder: Finder, before: str) -> None:
    found = sources(finder, f"{before} Lavrov said the war may last.", [I, A])[-1]
    assert found is not None
    assert (found.entity, found.cls) == ("Sergei Lavrov", "state")


@pytest.mark.parametrize("office", ["late president", "then Russian president", "former minister of defence of Russia"])
def test_an_office_no_longer_held_is_of_whom_it_stands_beside(finder: Finder, office: str) -> None:
    article = Article(f"The {office} Sergei Lavrov was there.")
    assert out_of_office(read_document(finder, article, split(article)[0])) == {"Sergei Lavrov"}
