"""Who a source mention is: names, offices and nouns resolved to an entity and its class."""

from __future__ import annotations

import pytest
from attributing import A, I, S, pointed, sources

from framing.attribution import Reading, attribute
from framing.document import read_document
from framing.mentions import Finder
from framing.schema import Article, Label
from framing.split import split


@pytest.mark.parametrize(
    ("label", "text", "outlet", "entity", "cls"),
    [
        (S, "The ministry said that the road was open.", "Granma", "Cuba: ministry", "state"),
        (S, "The ministry said that Seoul and Tokyo had lied.", "KCNA", "North Korea: ministry", "state"),
        (S, "The ministry said that the tax would fall.", "hirado.hu", "Hungary: ministry", "government"),
        (I, "The mayor said in Kyiv that Kyiv was quiet.", "Kyiv Independent", "Ukraine: mayor", "government"),
        (I, "The mayor said that the road was open.", "Kyiv Independent", "Ukraine: mayor", "government"),
        (
            S,
            "In Havana, Cuban cars are old, but Cuba buys none, the ministry said.",
            "Reuters",
            "Cuba: ministry",
            "state",
        ),
        (S, "Spain, Spain, Spain, Cuba, Cuba and Cuba: the ministry said no.", "Reuters", "Cuba: ministry", "state"),
        (
            I,
            "Spain, Spain, Spain, Cuba, Cuba and Cuba: the ministry said no.",
            "Reuters",
            "Spain: ministry",
            "government",
        ),
        (S, "The ministry said that Cuba, China and Iran had met.", "Reuters", "ministry", "state"),
        (S, "Spain, Spain and Spain: the ministry said no.", "Reuters", "Spain: ministry", "government"),
        (S, "Spain, Spain and Spain: the ministry said no.", "Granma", "Spain: ministry", "government"),
        (S, "Iran, Iran and Iran: state media said no.", "Xinhua", "Iran: state media", "state_media"),
        (S, "Iran, Iran, Iran and China: the ministry said no.", "Xinhua", "China: ministry", "state"),
        (I, "The ministry said that Cuba, China and Iran had met.", "Reuters", "ministry", "government"),
        (I, "The ambassador said that Cuba, Cuba and Cuba had met.", "Reuters", "ambassador", "government"),
        (I, "Two sources said that the road was open.", "Reuters", "two sources", "unknown"),
        (S, "In Cuba, Cuba and Cuba it rained, state media said.", "Reuters", "Cuba: state media", "state_media"),
        (S, "In Cuba, Iran and China it rained, state media said.", "Reuters", "state media", "state_media"),
        # provinces and cities are of their states
        (
            I,
            "In Texas, not in New York City or Ohio, officials said no.",
            "Reuters",
            "United States: officials",
            "government",
        ),
        (
            I,
            "Baja California, Oaxaca and Puebla are dry, the governor said.",
            "Reuters",
            "Mexico: governor",
            "government",
        ),
    ],
)
def test_an_unnamed_states_office_is_of_the_state_the_article_is_about_and_the_label_allows(
    finder: Finder, label: Label, text: str, outlet: str, entity: str, cls: str
) -> None:
    source = pointed(finder, Article(text, outlet=outlet), None, label)
    assert (source.entity, source.cls) == (entity, cls)


@pytest.mark.parametrize("name", ["G.K. Marsh", "J. R. Marsh", "John F. Marsh", "A. Marsh"])
def test_initials_are_part_of_a_name(finder: Finder, name: str) -> None:
    article = Article(f"Analyst {name} said no.")
    assert pointed(finder, article, name, I).entity == name
    assert pointed(finder, article, name, I).cls == "analyst"


def test_a_surname_is_its_persons_though_a_country_is_called_so(finder: Finder) -> None:
    text = "The UN rights chief, Volker Türk, said no. Türk said it was late."
    assert [s.entity for s in sources(finder, text) if s] == ["Volker Turk", "Volker Turk"]


def test_a_state_outlets_own_officials_are_its_states(finder: Finder) -> None:
    text = "A vice department director said no."
    assert pointed(finder, Article(text, outlet="KCNA"), "A vice department director", S).cls == "state"


def test_a_family_name_comes_first_or_last(finder: Finder) -> None:
    text = "Analyst Ahn Byung-soo said no. Ahn said the line was slow."
    assert {s.entity for s in sources(finder, text, [A, I]) if s} == {"Ahn Byung-soo"}


def test_a_spokesperson_is_of_the_body_the_sentence_is_about(finder: Finder) -> None:
    text = "The United Nations had no flight due before Thursday, a spokesperson said."
    source = pointed(finder, Article(text), "a spokesperson", I)
    assert (source.entity, source.cls) == ("United Nations: spokesperson", "international")
    source = pointed(finder, Article("The IAEA team heard a bang, its chief said."), "its chief", I)
    assert (source.entity, source.cls) == ("International Atomic Energy Agency: chief", "international")


def test_its_chief_is_of_the_body_that_spoke_last(finder: Finder) -> None:
    article = Article("The IAEA said no. Its director general said more.")
    spans = [(0, len("The IAEA")), (0, len("Its director general"))]
    readings = [Reading(I, span) for span in spans]
    found = attribute(read_document(finder, article, split(article)[0]), readings, finder.registry, finds_spans=True)
    assert [s.cls for s in found if s] == ["international", "international"]


def test_the_agency_is_the_one_named_before(finder: Finder) -> None:
    found = sources(finder, "KCNA said the launch went well. The agency said it was the third.", [S, S])
    assert [s.entity for s in found if s] == ["Korean Central News Agency"] * 2


def test_the_leader_is_whom_the_article_introduced_as_such(finder: Finder) -> None:
    text = "Russian President Vladimir Putin arrived on Monday. The Russian leader said so. Russia's president agreed."
    found = sources(finder, text, [I, S, S])
    assert {(s.entity, s.cls) for s in found if s} == {("Vladimir Putin", "state")}


@pytest.mark.parametrize(
    ("later", "entity"),
    [
        ("The diplomat", "Ivan Marsh"),
        ("The Russian diplomat", "Ivan Marsh"),
        ("The Iranian diplomat", "Iran: diplomat"),
    ],
)
def test_the_diplomat_is_the_ambassador_whose_state_is_named(finder: Finder, later: str, entity: str) -> None:
    found = sources(finder, f"Russian ambassador Ivan Marsh arrived on Monday. {later} said no.", [I, S])
    assert [s.entity for s in found if s] == [entity]


@pytest.mark.parametrize(
    ("introduced", "later", "entity"),
    [
        (
            "Russian foreign ministry spokeswoman Maria Zakharova",
            "The Russian foreign ministry",
            "Russia: foreign ministry",
        ),
        ("Former Russian President Dmitry Medvedev", "Russia's president", "Russia: president"),
        (
            "Russian Deputy Foreign Minister Sergei Ryabkov and Russian Deputy Foreign Minister Andrei Rudenko",
            "The Russian deputy foreign minister",
            "Russia: deputy foreign minister",
        ),
    ],
)
def test_an_office_of_several_or_of_a_former_holder_stays_an_office(
    finder: Finder, introduced: str, later: str, entity: str
) -> None:
    found = sources(finder, f"{introduced} arrived on Monday. {later} said no.", [I, S])
    assert [s.entity for s in found if s] == [entity]


def test_state_media_are_the_one_outlet_the_article_names(finder: Finder) -> None:
    text = "North Korean state media said so on Monday. KCNA said more on Tuesday."
    assert {s.entity for s in sources(finder, text, [S, S]) if s} == {"Korean Central News Agency"}
    both = text + " Rodong Sinmun said the same on Friday."
    assert next(s.entity for s in sources(finder, both, [S] * 3) if s) == "North Korea: state media"


@pytest.mark.parametrize(
    ("mention", "entity", "cls"),
    [
        ("Iraq's ambassador to the United Nations", "Iraq: ambassador", "state"),
        ("Industry circles in Berlin", "Industry circles in Berlin", "company"),
        ("London and Paris", "United Kingdom and France", "government"),
        ("The UN, Iran and Russia", "United Nations, Iran and Russia", "international"),
        ("Two people with access to Kremlin data", "Two people with access to Kremlin data", "unknown"),
        ("Putin's aide Yuri Ushakov", "Yuri Ushakov", "state"),
        ("Mr Putin", "Vladimir Putin", "state"),
        ("Chancellor Scholz", "Olaf Scholz", "government"),
        ("Ann Putin", "Ann Putin", "unknown"),
        ("The Auditor General", "auditor general", "government"),
        ("The ruling Unity Party", "ruling Unity Party", "government"),
        ("The UK Safety Agency (UKSA)", "UK Safety Agency (UKSA)", "government"),
        ("Cuba's bus authority", "Cuba's bus authority", "state"),
        ("The agency", "agency", "unknown"),
        ("A document", "document", "record"),
        ("The mayor of Tianjin", "China: mayor", "state"),
        ("Prosecutors in Lviv", "Ukraine: prosecutors", "government"),
        ("Kremlin critics", "critics", "analyst"),
        ("Putin critics", "critics", "analyst"),
        ("The Russian\u00a0foreign ministry", "Russia: foreign ministry", "state"),
        ("Police unions", "Police unions", "ngo"),
        ("Foreign opponents of the regime", "Foreign opponents of the regime", "opposition"),
        ("Belarus's opposition", "Belarus's opposition", "opposition"),
        ("The opposition movement", "opposition movement", "opposition"),
        ("Members of the Belarusian opposition", "Members of the Belarusian opposition", "opposition"),
        ("U.S. and South Korean officials", "United States and South Korea: officials", "government"),
        ("Russia's Putin and China's President Xi Jinping", "Vladimir Putin and Xi Jinping", "state"),
        ("A review of Putin's emails", "review of Putin's emails", "record"),
        ("Rep. Marsh", "Rep. Marsh", "government"),
        ("U.K. officials", "United Kingdom: officials", "government"),
        ("An Office of Land and Statistics", "Office of Land and Statistics", "government"),
        ("Analysts at the Federal Reserve", "Analysts at the Federal Reserve", "analyst"),
        ("Turkey's Presidency of Roads", "Turkey: presidency of Roads", "government"),
    ],
)
def test_a_mention_is_resolved_to_the_one_who_speaks(finder: Finder, mention: str, entity: str, cls: str) -> None:
    source = pointed(finder, Article(f"{mention} said no.", date="2002-01-01"), mention, I)
    assert (source.entity, source.cls) == (entity, cls)


def test_a_surname_in_the_headline_is_whom_the_article_names_in_full(finder: Finder) -> None:
    text = "North's Kim hails troops\n\nNorth Korean leader Kim Jong-un said on Monday that he was proud."
    found = [s for s in sources(finder, text) if s]
    assert {(s.entity, s.cls) for s in found} == {("Kim Jong Un", "state")}


@pytest.mark.parametrize(
    ("text", "label", "entity"),
    [
        ("A clinic of Médecins Sans Frontières was hit. The aid group said so.", I, "Médecins Sans Frontières"),
        ("The Global Times ran it first. The paper said it was so.", S, "Global Times"),
        ("The Global Times ran it first. The paper said it was so.", I, "paper"),
        ("Cuba's president met Médecins Sans Frontières. The paper said it was so.", I, "paper"),
    ],
)
def test_the_paper_or_the_group_is_the_one_named_before(finder: Finder, text: str, label: Label, entity: str) -> None:
    source = sources(finder, text, [I, label])[-1]
    assert source is not None
    assert source.entity == entity


def test_a_headline_in_capitals_names_no_one_after_an_office(finder: Finder) -> None:
    text = "DPRK Foreign Minister Attends Women's Forum\n\nThe foreign minister said so."
    source = sources(finder, text, [S, S])[-1]
    assert source is not None
    assert source.entity == "North Korea: foreign minister"


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("In Moscow, the Defence Ministry said that Belarus, Minsk and Grodno knew.", "Russia: defence ministry"),
        ("The drill began in Moscow, the Defence Ministry said.", "defence ministry"),
        ("To Lam came, and Lam said it to the Defence Ministry.", "To Lam"),
    ],
)
def test_who_is_meant_is_told_by_what_stands_before(finder: Finder, text: str, entity: str) -> None:
    words = "Lam" if "Lam" in text else "the Defence Ministry"
    assert pointed(finder, Article(text), words, I).entity == entity


@pytest.mark.parametrize(
    ("text", "words", "label", "entity", "cls"),
    [
        ("Ida Roe, a former U.S. air officer, wrote. Roe asked why.", "Roe", I, "Ida Roe", "analyst"),
        ("Ida Roe’s voice is calm. He was drunk, Roe told the BBC.", "Roe", I, "Ida Roe", "unknown"),
        ("His widow, Marina, said so.", "Marina", I, "Marina", "witness"),
        ("Acme CEO Ida Roe said so.", "Ida Roe", I, "Ida Roe", "company"),
        ("Elections Commission Chairman Ida Roe said so.", "Ida Roe", I, "Ida Roe", "government"),
        ("Chechen Elections Commission Chairman Ida Roe said so.", "Ida Roe", S, "Ida Roe", "state"),
        (
            "Ida Roe, founder and director at Roe Africa, a space consultancy, said so.",
            "Ida Roe",
            I,
            "Ida Roe",
            "analyst",
        ),
        ("The envoy, Ida Roe, met students. Roe left, Roe said.", "Roe", I, "Ida Roe", "government"),
        (
            "The vice dean of the China Hymn Institute said so.",
            "The vice dean of the China Hymn Institute",
            S,
            "vice dean of the China Hymn Institute",
            "state",
        ),
        (
            "On Monday the South Korean official said no.",
            "the South Korean official",
            I,
            "South Korea: official",
            "government",
        ),
        ("Russian news agencies said so.", "Russian news agencies", S, "Russia: news agencies", "state_media"),
        ("On Monday Oakland officials said so.", "Oakland officials", I, "Oakland officials", "government"),
        ("On Monday military officials said so.", "military officials", I, "military officials", "government"),
        ("The report's authors said so.", "The report's authors", I, "report's authors", "analyst"),
        ("The state department said so.", "The state department", I, "State Department", "government"),
        ("In Turkey the dissidents said so.", "the dissidents", I, "dissidents", "opposition"),
        (
            "RIA Novosti was blocked, its editor-in-chief said.",
            "its editor-in-chief",
            S,
            "RIA Novosti: editor-in-chief",
            "state_media",
        ),
        ("Former pupils said so. Ida Roe, a teacher, said no. “No,” he said.", "he", I, "Ida Roe", "witness"),
        ("The Free Syrian Army said so.", "The Free Syrian Army", I, "Free Syrian Army", "opposition"),
        ("Its Sunday program said so.", "Its Sunday program", S, "Its Sunday program", "state_media"),
        (
            "A source in Ukraine's Security Service said so.",
            "A source in Ukraine's Security Service",
            S,
            "source in Ukraine's Security Service",
            "government",
        ),
        ("The Houthis fired. The rebels said so.", "The rebels", S, "Houthis", "state"),
        (
            "The IAEA left. On Monday the IAEA spoke, its director general said.",
            "its director general",
            S,
            "International Atomic Energy Agency: director general",
            "international",
        ),
        ("The unification ministry said so.", "The unification ministry", I, "Unification Ministry", "government"),
        (
            "A spokesperson for UNRWA spoke. The spokesperson said so.",
            "The spokesperson",
            I,
            "UNRWA: spokesperson",
            "international",
        ),
        (
            "Reuters said the UN agency UNHCR had left. The agency said so.",
            "The agency",
            I,
            "UN High Commissioner for Refugees",
            "international",
        ),
        ("It showed in the SBS footage.", "the SBS footage", I, "SBS footage", "record"),
    ],
)
def test_a_source_is_what_the_article_says_of_it(
    finder: Finder, text: str, words: str, label: Label, entity: str, cls: str
) -> None:
    article = Article(text, date="2022-04-09")
    document = read_document(finder, article, split(article)[0])
    *others, last = document.sentences
    at = last.text.rindex(words)
    readings = [*(Reading(I) for _ in others), Reading(label, (at, at + len(words)))]
    source = attribute(document, readings, finder.registry, finds_spans=True)[-1]
    assert source is not None
    assert (source.entity, source.cls) == (entity, cls)


def test_they_are_several(finder: Finder) -> None:
    text = "Researchers watched the hens. “It is so,” said teacher Ida Roe. They said that it would take years."
    assert [s.entity for s in sources(finder, text) if s] == ["Ida Roe", "researchers"]
