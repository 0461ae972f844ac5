"""Sources by rule, resolution and inheritance; the field's known failures are cases here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.attribution import Reading, attribute, contradicts
from framing.document import read_document
from framing.mentions import Finder
from framing.schema import LABELS, Article, Label, Source
from framing.split import split

S, I, A = LABELS


def sources(
    finder: Finder, text: str, labels: list[Label] | None = None, outlet: str | None = None
) -> list[Source | None]:
    article = Article(text, outlet=outlet, date="2025-12-25")
    sentences = split(article)[0]
    found = labels or [I] * len(sentences)
    readings = [Reading(label, 0.9, None, has_spans=False) for label in found]
    return attribute(read_document(finder, article, sentences), readings, finder.registry)


def pointed(finder: Finder, article: Article, words: str | None, label: Label = S) -> Source:
    """The source of an article of one sentence in which a model points at words, or the rules look for it."""
    document = read_document(finder, article, split(article)[0])
    at = article.text.index(words) if words else 0
    reading = Reading(label, 0.9, (at, at + len(words)) if words else None, has_spans=words is not None)
    (source,) = attribute(document, [reading], finder.registry)
    assert source is not None
    assert source.text == article.text[source.start : source.end]
    return source


def named(finder: Finder, sentence: str) -> str | None:
    (source, *_) = sources(finder, f"{sentence} It rained all day in the valley.")
    return source.text if source else None


@pytest.mark.parametrize(
    ("sentence", "mention"),
    [
        # cue before, inside, after
        ("Putin said on Monday that the talks would go on.", "Putin"),
        ("The talks, Putin said, would go on.", "Putin"),
        ("The talks would go on, Putin said.", "Putin"),
        ("“The talks will go on,” said Putin.", "Putin"),
        # according to, passive, possessive chains, told reporters
        ("According to KCNA, the test was a success.", "KCNA"),
        ("The test was a success, according to the defence ministry.", "defence ministry"),
        ("The picture was released by KCNA on Tuesday.", "KCNA"),
        ("Olena Petrenko told reporters that the roads were open.", "Olena Petrenko"),
        # an appositive between name and verb or quotation
        ("Michael Madden, an expert on the North Korean leadership, said it was significant.", "Michael Madden"),
        ("“It will pass,” said Ann Lee, a nurse at the city hospital.", "Ann Lee"),
        ("Trump, who met Putin in Alaska, said the talks went well.", "Trump"),
        # the speaker behind the verb, without quotation marks
        ("Twelve people died in the strike, said Ivan Petrov, a resident.", "Ivan Petrov"),
        ("The troops killed 40 people in the city, said Hamas.", "Hamas"),
        # initials and titles
        ("Gen. J. R. Smith said that the road was clear.", "J. R. Smith"),
        ("U.S. Sen. Ann Lee told the BBC that she would vote against it.", "Ann Lee"),
        # nested quotations: the outer speaker vouches
        ("“She told me ‘go home’ and I went,” Putin said.", "Putin"),
        # nobody vouches
        ("The hall was decked with flags.", None),
        ("“Nothing said in here counts for anything at all.”", None),
    ],
)
def test_rules_find_who_vouches(finder: Finder, sentence: str, mention: str | None) -> None:
    found = named(finder, sentence)
    if mention is None:
        assert found is None
    else:
        assert found is not None
        assert mention in found or found in mention


def test_a_headline_colon_names_its_source(finder: Finder) -> None:
    (headline, *_) = sources(finder, "North Korea can build bomb: Yonhap\n\nThe report came late on a Monday evening.")
    assert headline is not None
    assert (headline.text, headline.cue) == ("Yonhap", ":")


def test_the_first_of_two_speakers_in_the_main_clause_wins(finder: Finder) -> None:
    found = named(finder, "Putin said the West had lied, while Zelensky told parliament the opposite.")
    assert found == "Putin"


def test_pronouns_and_the_statement_stand_for_who_spoke_last(finder: Finder) -> None:
    text = "Putin said the talks would go on. He told reporters so. The statement said no date was set."
    found = sources(finder, text, [S, S, S])
    assert [s.entity for s in found if s] == ["Vladimir Putin"] * 3
    assert not any(s.inherited for s in found if s)


def test_a_plural_at_the_start_of_a_sentence_is_no_he(finder: Finder) -> None:
    text = "Ann Lee told us to wait. Monitors say the ships came back. He said so too, she recalled."
    assert [s.entity for s in sources(finder, text) if s][-1] == "Ann Lee"


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
        (I, "The ministry said that Cuba, China and Iran had met.", "Reuters", "ministry", "government"),
        (I, "The ambassador said that Cuba, Cuba and Cuba had met.", "Reuters", "ambassador", "government"),
        (I, "Two sources said that the road was open.", "Reuters", "two sources", "unknown"),
        (S, "In Cuba, Cuba and Cuba it rained, state media said.", "Reuters", "Cuba: state media", "state_media"),
        (S, "In Cuba, Iran and China it rained, state media said.", "Reuters", "state media", "state_media"),
    ],
)
def test_an_unnamed_states_office_is_of_the_state_the_article_is_about_and_the_label_allows(
    finder: Finder, label: Label, text: str, outlet: str, entity: str, cls: str
) -> None:
    source = pointed(finder, Article(text, outlet=outlet), None, label)
    assert (source.entity, source.cls) == (entity, cls)


def test_who_is_not_known_speaks_for_the_state_on_whose_word_the_sentence_is(finder: Finder) -> None:
    text = "Ivan Petrov said no."
    assert pointed(finder, Article(text, outlet="Reuters"), "Ivan Petrov", S).cls == "state"
    assert pointed(finder, Article(text, outlet="Reuters"), "Ivan Petrov", I).cls == "unknown"
    assert pointed(finder, Article(text, outlet="TASS"), "Ivan Petrov", S).cls == "unknown"


def test_he_is_the_last_speaker_whom_the_label_allows(finder: Finder) -> None:
    text = "Zelensky said no. Putin said yes. It was a lie, he said."
    assert [s.entity for s in sources(finder, text, [I, S, I]) if s][-1] == "Volodymyr Zelensky"
    assert [s.entity for s in sources(finder, text, [I, S, S]) if s][-1] == "Vladimir Putin"


def test_on_a_states_word_he_and_it_are_the_state_s_who_spoke(finder: Finder) -> None:
    text = "A deputy head of Russia's post said yes. Scholar Ann Lee said no. It was a lie, he said."
    assert [s.cls for s in sources(finder, text, [S, A, S]) if s] == ["state", "analyst", "state"]
    assert [s.entity for s in sources(finder, text, [S, A, A]) if s][-1] == "Ann Lee"
    text = "The IAEA said no. The plant's management said yes. It told reporters more."
    assert [s.entity for s in sources(finder, text, [I, S, S]) if s][-1] == "plant's management"


def test_in_a_states_outlet_its_word_is_not_an_outsiders(finder: Finder) -> None:
    text = "The foreign ministry said yes. The EU said no. The statement said more."
    assert [s.cls for s in sources(finder, text, [S, I, S], "Xinhua") if s][-1] == "state"
    assert [s.cls for s in sources(finder, text, [S, I, I], "Xinhua") if s][-1] == "international"


def test_he_is_never_an_outlet(finder: Finder) -> None:
    text = "Kim Jong Un visited the plant, KCNA said. He praised the workers."
    assert [s.entity for s in sources(finder, text, [S, S]) if s] == ["Korean Central News Agency", "Kim Jong Un"]
    text = "The minister was tired, KCNA said. Russia's foreign minister smiled, TASS said. He praised the workers."
    assert [s.cls for s in sources(finder, text, [S, S, S]) if s][-1] == "state"


def test_a_former_official_who_gives_his_view_is_an_analyst(finder: Finder) -> None:
    text = "It may fail, said former Russian ambassador Ivan Petrov."
    assert pointed(finder, Article(text), "Ivan Petrov", A).cls == "analyst"
    assert pointed(finder, Article(text), "Ivan Petrov", I).cls == "state"
    assert pointed(finder, Article(text.replace("former ", "")), "Ivan Petrov", A).cls != "analyst"


@pytest.mark.parametrize(
    ("source", "cls"), [("The newspaper", "state_media"), ("Chinese paper", "state_media"), ("The notice", "state")]
)
def test_what_speaks_on_a_states_word_is_the_states(finder: Finder, source: str, cls: str) -> None:
    article = Article(f"{source} said no.", outlet="Reuters")
    assert pointed(finder, article, source, S).cls == cls
    assert pointed(finder, article, source, I).cls not in ("state_media", "state")


@pytest.mark.parametrize("name", ["G.K. Marsh", "J. R. Marsh", "John F. Marsh", "A. Marsh"])
def test_initials_are_part_of_a_name(finder: Finder, name: str) -> None:
    article = Article(f"Analyst {name} said no.")
    assert pointed(finder, article, name, I).entity == name
    assert pointed(finder, article, name, I).cls == "analyst"


def test_a_surname_is_its_persons_though_a_country_is_called_so(finder: Finder) -> None:
    text = "The UN rights chief, Volker Türk, said no. Türk said it was late."
    assert [s.entity for s in sources(finder, text) if s] == ["Volker Turk", "Volker Turk"]


def test_a_named_witness_who_gives_his_view_is_an_analyst(finder: Finder) -> None:
    article = Article("It may fail, said lawyer Ivan Petrov.")
    assert pointed(finder, article, "Ivan Petrov", A).cls == "analyst"
    assert pointed(finder, article, "Ivan Petrov", I).cls == "witness"


def test_someone_nothing_is_known_of_who_gives_his_view_is_an_analyst(finder: Finder) -> None:
    assert pointed(finder, Article("It may fail, said Ivan Petrov."), "Ivan Petrov", A).cls == "analyst"
    assert pointed(finder, Article("It may fail, said the Unity Party."), "the Unity Party", A).cls == "government"
    retired = Article("It may fail, said Russian General Ivan Petrov (retd.).")
    assert pointed(finder, retired, "Ivan Petrov", A).cls == "analyst"


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
    readings = [Reading(I, 0.9, span, has_spans=True) for span in spans]
    found = attribute(read_document(finder, article, split(article)[0]), readings, finder.registry)
    assert [s.cls for s in found if s] == ["international", "international"]


def test_the_agency_is_the_one_named_before(finder: Finder) -> None:
    found = sources(finder, "KCNA said the launch went well. The agency said it was the third.", [S, S])
    assert [s.entity for s in found if s] == ["Korean Central News Agency"] * 2


@pytest.mark.parametrize(
    ("text", "span", "mention"),
    [
        ("It was a success, North Korea's state media said.", "state media", "North Korea's state media"),
        ("Two senior officials said no.", "officials", "Two senior officials"),
        ("Russian President Vladimir Putin said no.", "Vladimir Putin", "Vladimir Putin"),
        ("It flew, the Korean Central News Agency (KCNA) said.", "KCNA)", "the Korean Central News Agency (KCNA)"),
        ("It flew, the Korean Central News Agency (KCNA) said.", "KCNA", "the Korean Central News Agency (KCNA)"),
        ("It rose, the UK Health Safety Agency (UKHSA) said.", "UKHSA", "the UK Health Safety Agency (UKHSA)"),
        ("It was what a Kremlin official said.", "official", "official"),
        ("In a text carried by KCNA, Putin said no.", "KCNA, Putin", "Putin"),
        ("In a text (carried by KCNA), Putin said no.", "KCNA), Putin", "Putin"),
        ("In Moscow the ministry said no.", "the ministry", "the ministry"),
        ("In Russia he said no.", "he", "he"),
        ("ERBIL (Kurdistan24) said the minister arrived.", "Kurdistan24", "Kurdistan24"),
        ("SEOUL (AP) said the minister arrived.", "AP", "AP"),
    ],
)
def test_a_mention_is_shown_with_what_belongs_to_its_noun(finder: Finder, text: str, span: str, mention: str) -> None:
    assert pointed(finder, Article(text), span).text == mention


def test_the_leader_is_whom_the_article_introduced_as_such(finder: Finder) -> None:
    text = "Russian President Vladimir Putin arrived on Monday. The Russian leader said so. Russia's president agreed."
    found = sources(finder, text, [I, S, S])
    assert {(s.entity, s.cls) for s in found if s} == {("Vladimir Putin", "state")}


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
        ("Industry circles in Berlin", "Industry circles in Berlin", "unknown"),
        ("London and Paris", "United Kingdom", "government"),
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
        ("Kremlin critics", "critics", "analyst"),
        ("Putin critics", "critics", "analyst"),
        ("The Russian\u00a0foreign ministry", "Russia: foreign ministry", "state"),
        ("Police unions", "Police unions", "unknown"),
        ("An Office of Land and Statistics", "Office of Land and Statistics", "government"),
        ("Analysts at the Federal Reserve", "Analysts at the Federal Reserve", "analyst"),
        ("Turkey's Presidency of Roads", "Turkey: presidency of Roads", "government"),
    ],
)
def test_a_mention_is_resolved_to_the_one_who_speaks(finder: Finder, mention: str, entity: str, cls: str) -> None:
    source = pointed(finder, Article(f"{mention} said no.", date="2002-01-01"), mention, I)
    assert (source.entity, source.cls) == (entity, cls)


def test_a_quotation_runs_on_over_paragraphs(finder: Finder) -> None:
    text = (
        "“We will not yield,” Putin said on Monday.\n\n“Our people stand behind us. They always will.\n\n"
        "“And that is that.”\n\nThe square was empty on Tuesday morning."
    )
    found = sources(finder, text, [S, S, S, S, I])
    assert [s.inherited if s else None for s in found] == [False, True, True, True, None]
    assert {s.entity for s in found if s} == {"Vladimir Putin"}


def test_another_label_ends_what_runs_on(finder: Finder) -> None:
    text = "KCNA said the launch went well. Rain fell. Seoul was quiet."
    assert sources(finder, text, [S, I, S])[2] is None


def test_an_inherited_source_points_at_the_mention_it_comes_from(finder: Finder) -> None:
    text = "Putin said so. This will serve the nations."
    first, second = sources(finder, text, [S, S])
    assert first is not None
    assert second is not None
    assert second.inherited
    assert (second.start, second.end) == (first.start, first.end)
    assert text[second.start : second.end] == second.text == "Putin"


@pytest.mark.parametrize(
    ("cls", "label", "outlet_is_state", "expected"),
    [
        ("state_media", I, False, True),
        ("state", I, True, True),
        ("state", S, False, False),
        ("government", S, False, True),
        ("government", S, True, False),
        ("analyst", A, False, False),
        ("unknown", S, False, False),
    ],
)
def test_source_and_label_do_not_contradict_each_other_silently(
    cls: str, label: Label, outlet_is_state: bool, expected: bool
) -> None:
    source = Source("x", 0, 1, "x", cls)
    assert contradicts(source, label, 0.95, outlet_is_state) is expected
    assert not contradicts(None, label, 0.95, outlet_is_state)


@given(st.text(alphabet="Putin said he “”\"'‘’. \nKCNA:,", max_size=80))
def test_any_text_gets_sources_inside_it(finder: Finder, text: str) -> None:
    for source in sources(finder, text + " x"):
        if source:
            assert (text + " x")[source.start : source.end] == source.text


def test_a_surname_in_the_headline_is_whom_the_article_names_in_full(finder: Finder) -> None:
    text = "North's Kim hails troops\n\nNorth Korean leader Kim Jong-un said on Monday that he was proud."
    found = [s for s in sources(finder, text) if s]
    assert {(s.entity, s.cls) for s in found} == {("Kim Jong Un", "state")}
