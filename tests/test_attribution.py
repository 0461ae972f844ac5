"""Sources by rule and inheritance; the field's known failures are cases here."""

from __future__ import annotations

import time

import pytest
from attributing import A, I, S, pointed, sources
from hypothesis import given
from hypothesis import strategies as st

from framing.attribution import Reading, attribute
from framing.document import read_document
from framing.mentions import Finder
from framing.schema import Article, Label, Source
from framing.split import split
from framing.voice import contradicts


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


@pytest.mark.parametrize("headline", ["Putin: the West will lose", "The West will lose: Putin"])
def test_a_headline_colon_has_a_known_name_on_one_side(finder: Finder, headline: str) -> None:
    (found, *_) = sources(finder, f"{headline}\n\nThe report came late on a Monday evening.")
    assert found is not None
    assert found.text == "Putin"


def test_a_headline_colon_without_a_name_tells_of_no_source(finder: Finder) -> None:
    (headline, *_) = sources(finder, "Analysis: Why winter is cold\n\nThe report came late on a Monday evening.")
    assert headline is None


@pytest.mark.parametrize("verb", ["has also said", "has since repeatedly said", "on Monday reportedly said"])
def test_what_stands_before_a_verb_is_no_part_of_its_subject(finder: Finder, verb: str) -> None:
    found = sources(finder, f"Putin said the talks would go on. He {verb} the war is over.")
    assert [(s.text, s.entity) for s in found if s][-1] == ("He", "Vladimir Putin")


@pytest.mark.parametrize(
    "text", ["x said " * 4000, "Trump" + ", who met, " * 1500 + " said so.", "a-" * 10000 + "b said"]
)
def test_a_sentence_without_end_is_read_in_no_time(finder: Finder, text: str) -> None:
    began = time.perf_counter()
    sources(finder, text)
    assert time.perf_counter() - began < 5


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


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        (
            "Lukashenko said no. We met activist Marina Novik in Vilnius. She said they came at six.",
            "Marina Novik",
        ),
        ("Ann Lee said no. She pointed to David Cameron. It is late, she said.", "Ann Lee"),
        ("Ann Lee said no. Marina Novik said yes. He said it was late. She said it was not.", "Ann Lee"),
        ("Ann Lee said no. She said it was late. I said so.", "Ann Lee"),
        ("Vladimir Putin visited a farm. He was met by Sergei Lavrov. He said it was a model.", "Vladimir Putin"),
        ("Ann Lee said no. Lee read out letters. Marina Novik, she said, is late.", "Ann Lee"),
    ],
)
def test_he_and_she_are_whom_the_sentence_before_is_about(finder: Finder, text: str, entity: str) -> None:
    assert [s.entity for s in sources(finder, text) if s][-1] == entity


@pytest.mark.parametrize(
    ("goes_on", "inherited"),
    [
        ("The capital's parks drew 3 million visitors.", [False]),  # the outlet's own voice
        ("I shall never give in.", [False, True]),  # a statement it carries
    ],
)
def test_what_someone_said_ends_with_its_paragraph_in_a_state_outlet(
    finder: Finder, goes_on: str, inherited: list[bool]
) -> None:
    text = f'"It is a red line," Mao Ning said.\n\n{goes_on}'
    assert [s.inherited for s in sources(finder, text, [S, S], "Xinhua") if s] == inherited


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("The UN Security Council met. The secretary-general said no.", "United Nations: secretary-general"),
        ("NATO met in Oslo. The secretary general said no.", "NATO: secretary-general"),
    ],
)
def test_a_secretary_general_is_of_the_body_named_before(finder: Finder, text: str, entity: str) -> None:
    *_, source = sources(finder, text)
    assert source is not None
    assert (source.entity, source.cls) == (entity, "international")


@pytest.mark.parametrize(
    ("words", "rest", "cls"),
    [
        ("Kim Song Il", ", a farmer, said no.", "witness"),
        ("students at Kim Il Sung University", " said no.", "witness"),
        ("Harbor Post", " said no.", "media"),
        ("former North Korean trade official", " said no.", "witness"),
        ("exiled Iranian diplomat", " said no.", "witness"),
        ("Teachers Union", " said no.", "ngo"),
        ("Prairie Volt LLC", " said no.", "company"),
    ],
)
def test_who_speaks_is_told_by_all_of_the_name(finder: Finder, words: str, rest: str, cls: str) -> None:
    source = pointed(finder, Article(f"In May {words}{rest}"), words, I)
    assert source.entity == ("students" if "students" in words else words)
    assert source.cls == cls


@pytest.mark.parametrize(
    ("title", "name"), [("Japan's Chief Cabinet Secretary", "Tanaka Ichiro"), ("Fire Chief", "Ron Stahl")]
)
def test_a_title_before_a_name_is_an_official_s(finder: Finder, title: str, name: str) -> None:
    assert pointed(finder, Article(f"{title} {name} said no."), name, I).cls == "government"


@pytest.mark.parametrize(
    ("text", "words", "cue"),
    [
        ("Ann Lee denounced on Monday the United States.", "Ann Lee", "denounced"),
        ("A man who asked to be named Ri told us so.", "A man", "told"),
    ],
)
def test_a_cue_is_a_verb_of_saying(finder: Finder, text: str, words: str, cue: str) -> None:
    assert pointed(finder, Article(text), words, I).cue == cue


@pytest.mark.parametrize(
    ("words", "cls"), [("budget act", "record"), ("52-year-old clerk", "witness"), ("Harbor Statement", "unknown")]
)
def test_a_noun_tells_what_a_source_is(finder: Finder, words: str, cls: str) -> None:
    assert pointed(finder, Article(f"President Ann Lee spoke, the {words} shows."), f"the {words}", I).cls == cls


def test_foreign_media_are_no_state_s_in_a_state_outlet(finder: Finder) -> None:
    source = pointed(finder, Article("Western media reported a fire.", outlet="TASS"), "Western media", S)
    assert source.cls == "media"


def test_a_mention_is_not_cut_in_a_word_or_before_its_bracket(finder: Finder) -> None:
    text = "The semi-official Tasnim news agency said no."
    assert pointed(finder, Article(text), "Tasnim news agency").text == "The semi-official Tasnim news agency"
    text = "Ukraine's Main Intelligence Directorate (GUR) said no."
    found = pointed(finder, Article(text), "Main Intelligence Directorate (GUR", I)
    assert found.text == "Main Intelligence Directorate (GUR)"


def test_an_outsider_s_words_do_not_run_on_into_a_state_outlet_s_own(finder: Finder) -> None:
    text = '"He is a true friend," said scholar Ivan Petrov.\n\nTrade reached a record last year.'
    assert sources(finder, text, [S, S], "Xinhua")[1] is None
    text = text.replace("scholar Ivan Petrov", "the foreign ministry")
    assert [s.inherited for s in sources(finder, text, [S, S], "Xinhua") if s] == [False, True]


def test_a_think_tank_on_a_states_word_is_no_states_and_the_label_is_doubtful(finder: Finder) -> None:
    source = pointed(finder, Article("SIPRI counted 2,300 drones.", outlet="Reuters"), "SIPRI", S)
    assert source.cls == "analyst"
    assert contradicts(source, S, 0.9, outlet_is_state=False)
    assert pointed(finder, Article("Analysts saw 2,300 drones.", outlet="TASS"), "Analysts", S).cls == "state"


def test_the_origin_of_what_an_agency_quotes_speaks(finder: Finder) -> None:
    article = Article("Yonhap quoted a South Korean official as saying no.")
    source = pointed(finder, article, "Yonhap quoted a South Korean official", I)
    assert (source.text, source.entity) == ("a South Korean official", "South Korea: official")


def test_what_has_no_letter_is_no_source(finder: Finder) -> None:
    article = Article("They came at six, she said.")
    document = read_document(finder, article, split(article)[0])
    assert attribute(document, [Reading(I, (len(article.text) - 1, len(article.text)))], finder.registry, True) == [
        None
    ]


def test_he_is_never_an_outlet(finder: Finder) -> None:
    text = "Kim Jong Un visited the plant, KCNA said. He praised the workers."
    assert [s.entity for s in sources(finder, text, [S, S]) if s] == ["Korean Central News Agency", "Kim Jong Un"]
    text = "The minister was tired, KCNA said. Russia's foreign minister smiled, TASS said. He praised the workers."
    assert [s.cls for s in sources(finder, text, [S, S, S]) if s][-1] == "state"


@pytest.mark.parametrize(
    ("source", "cls"), [("The newspaper", "state_media"), ("Chinese paper", "state_media"), ("The notice", "state")]
)
def test_what_speaks_on_a_states_word_is_the_states(finder: Finder, source: str, cls: str) -> None:
    article = Article(f"{source} said no.", outlet="Reuters")
    assert pointed(finder, article, source, S).cls == cls
    assert pointed(finder, article, source, I).cls not in ("state_media", "state")


def test_a_named_witness_who_gives_his_view_is_an_analyst(finder: Finder) -> None:
    article = Article("It may fail, said lawyer Ivan Petrov.")
    assert pointed(finder, article, "Ivan Petrov", A).cls == "analyst"
    assert pointed(finder, article, "Ivan Petrov", I).cls == "witness"


def test_someone_nothing_is_known_of_who_gives_his_view_is_an_analyst(finder: Finder) -> None:
    assert pointed(finder, Article("It may fail, said Ivan Petrov."), "Ivan Petrov", A).cls == "analyst"
    assert pointed(finder, Article("It may fail, said the Unity Party."), "the Unity Party", A).cls == "government"
    retired = Article("It may fail, said Russian General Ivan Petrov (retd.).")
    assert pointed(finder, retired, "Ivan Petrov", A).cls == "analyst"


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


def test_what_another_leader_did_is_not_the_last_speakers_word(finder: Finder) -> None:
    text = "Kim Jong Un said that the road was open. Earlier Putin had sent a letter to Kim Jong Un."
    assert sources(finder, text, [S, S])[1] is None


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
