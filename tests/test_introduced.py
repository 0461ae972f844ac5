"""Sources that only the article itself tells of: who "the ambassador" is, what a name nobody knows is."""

from __future__ import annotations

import time

import pytest
from attributing import A, I, S, pointed, sources

from framing.mentions import Finder
from framing.schema import Article, Label


@pytest.mark.parametrize(
    ("text", "label", "entity"),
    [
        ("Russian Ambassador to Vietnam Ivan Petrov arrived. The ambassador said no.", S, "Ivan Petrov"),
        ("Russian Ambassador to Vietnam Ivan Petrov arrived. The diplomat said no.", S, "Ivan Petrov"),
        ("Analyst Mei Lin came. The analyst said no.", A, "Mei Lin"),
        ("Mei Lin, a professor at a college, came. The professor said no.", I, "Mei Lin"),
        ("Analyst Mei Lin met analyst Ann Marsh. The analyst said no.", A, "analyst"),
        ("Cuban ambassador Ivan Petrov arrived. A diplomat said no.", I, "diplomat"),
        ("Cuban ambassador Ivan Petrov arrived. The Russian ambassador said no.", S, "Russia: ambassador"),
        ("Russian officer Ivan Petrov arrived. One officer said no.", I, "One officer"),
    ],
)
def test_the_ambassador_is_the_only_one_the_article_introduces(
    finder: Finder, text: str, label: Label, entity: str
) -> None:
    found = sources(finder, text, [I, label])[-1]
    assert found is not None
    assert found.entity == entity


@pytest.mark.parametrize(
    ("date", "text", "entity"),
    [
        ("2018-05-01", "Donald Trump arrived. The US president said no.", "Donald Trump"),
        ("2010-05-01", "Donald Trump arrived. The US president said no.", "United States: president"),
        ("2018-05-01", "The US president said no.", "United States: president"),
        (
            "2018-05-01",
            "Minister of Defence of Belarus Ivan Petrov came. The Belarusian defence minister said no.",
            "Ivan Petrov",
        ),
        (
            "2024-05-01",
            "Sergei Lavrov arrived. The Russian deputy foreign minister said no.",
            "Russia: deputy foreign minister",
        ),
    ],
)
def test_an_office_is_held_by_whom_the_registry_knows_and_the_article_names(
    finder: Finder, date: str, text: str, entity: str
) -> None:
    found = sources(finder, text, date=date)[-1]
    assert found is not None
    assert found.entity == entity


@pytest.mark.parametrize(
    ("mention", "entity", "cls"),
    [
        ("WHO", "World Health Organization", "international"),
        ("Russia's deputy trade minister", "Russia: deputy trade minister", "state"),
        ("The region's acting governor", "acting governor", "government"),
        ("Two industry sources", "industry sources", "company"),
        ("The video", "video", "record"),
        ("A senior officer", "senior officer", "government"),
        ("The chief investment officer", "chief investment officer", "unknown"),
        ("European nations", "European nations", "government"),
        ("North Korean leaders", "North Korean leaders", "state"),
        ("The roads department", "roads department", "government"),
        ("An opposition organiser", "opposition organiser", "opposition"),
        ("A British arms-tracing group", "British arms-tracing group", "ngo"),
        ("Former pupils", "Former pupils", "witness"),
        ("The National Hurricane Center", "National Hurricane Center", "government"),
        ("The CME Group", "CME Group", "company"),
        ("Sputnik", "Sputnik news agency", "state_media"),
        ("The pair", "pair", "unknown"),
        ("Official newspapers", "newspapers", "media"),
        ("The Iranian UN mission", "Iran: UN mission", "state"),
        ("The UN mission in Mali", "UN mission", "international"),
        ("Court documents seen by Reuters", "Court documents seen by Reuters", "record"),
        ("Ann Marsh (D-Ohio)", "Ann Marsh", "government"),
        ("Representative Ann Marsh", "Ann Marsh", "government"),
        ("An activist monitoring group", "monitoring group", "ngo"),
    ],
)
def test_a_noun_tells_the_class_where_no_name_does(finder: Finder, mention: str, entity: str, cls: str) -> None:
    source = pointed(finder, Article(f"{mention} said no."), mention, I)
    assert (source.entity, source.cls) == (entity, cls)


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("They came from Hollweg, a pump maker. Hollweg said no.", "company"),
        ("They use the listings site Lunova. Lunova said no.", "company"),
        ("We met Rinat, a delivery driver who would not say more. Rinat said no.", "witness"),
        ("Jo Marsh, astrophysicist at a college, came. Jo Marsh said no.", "analyst"),
        ("NASA Administrator Jo Marsh came. Jo Marsh said no.", "government"),
        ("Jo Marsh, another opposition official, came. Jo Marsh said no.", "opposition"),
        ("We saw Hollweg pumps, made of steel. Hollweg said no.", "unknown"),
        ("Jo Marsh, president of the Ohio Hospital Association, came. Jo Marsh said no.", "ngo"),
        ("Jo Marsh, president of the American Society of Roads, came. Jo Marsh said no.", "ngo"),
        ("Jo Marsh, an adviser to opposition leader Ann Lee, came. Jo Marsh said no.", "opposition"),
        ("Jo Marsh, director of the Roads Program at a college, came. Jo Marsh said no.", "analyst"),
        ("Jo Marsh, an adviser to a campaign and a professor of law, came. Jo Marsh said no.", "analyst"),
        ("Human Rights Watch's Asia director Jo Marsh came. Jo Marsh said no.", "ngo"),
        ("Jo Marsh, Asia director at Human Rights Watch, came. Jo Marsh said no.", "ngo"),
        ("Tesla chief executive Elon Musk came. Elon Musk said no.", "company"),
        ("Jo Marsh, director of the National Institute of Roads, came. Jo Marsh said no.", "government"),
    ],
)
def test_what_the_article_says_beside_a_name_tells_its_class(finder: Finder, text: str, cls: str) -> None:
    found = sources(finder, text)[-1]
    assert found is not None
    assert found.cls == cls


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("The rights chief, Volker Türk, came. Sir Volker said no.", "Volker Turk"),
        ("A Steering Committee for Floods said so. The committee said no.", "Steering Committee for Floods"),
        ("Foreign Minister Élisabeth Marsh came. Marsh said no.", "Élisabeth Marsh"),
        ("Minister Łukasz Šimić came. Šimić said no.", "Łukasz Šimić"),
        ("George W. Bush and his wife Laura Bush came. Bush said no.", "George W. Bush"),
    ],
)
def test_a_short_name_is_the_long_ones(finder: Finder, text: str, entity: str) -> None:
    found = sources(finder, text)[-1]
    assert found is not None
    assert found.entity == entity


def test_an_office_in_the_next_paragraph_is_not_a_persons(finder: Finder) -> None:
    found = finder.find("Tehran backs Ann Lee, a beekeeper\nMinister Bo Nilsson said no.")
    assert [mention.entity for mention in found if mention.person] == ["Bo Nilsson"]


def test_names_nobody_knows_are_looked_for_in_time(finder: Finder) -> None:
    letters = "bdfgklmnprst"
    names = [f"{a.upper()}o{b}e{c}a Mi{d}u" for a in letters for b in letters for c in letters for d in "lr"][:2000]
    for speakers in (names, [f"spokeswoman {name}" for name in names], ["spokeswoman Ann Leeson"] * 2000):
        text = " ".join(f"{who} said on the first day that the long road to the old town was open." for who in speakers)
        began = time.monotonic()
        assert len(sources(finder, text)) == len(speakers)
        assert time.monotonic() - began < 10
