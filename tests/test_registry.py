from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from command import framing

from framing import registry
from framing.mentions import Finder
from framing.registry import FACTS_FOLDER, SOURCE_CLASSES, TABLE_COLUMNS, builtin, read_table
from framing.schema import FramingError

REGISTRY = builtin()


def test_the_tables_are_as_large_as_promised() -> None:
    sizes = Counter(fact.table for fact in REGISTRY.facts)
    assert sizes["outlets"] >= 400
    assert len({f.country for f in REGISTRY.facts if f.table == "states"}) >= 190
    assert sizes["people"] >= 500


@pytest.mark.parametrize("table", TABLE_COLUMNS)
def test_every_row_is_well_formed(table: registry.Table) -> None:
    states = {fact.country for fact in REGISTRY.facts if fact.table == "states"}
    for fact in read_table(FACTS_FOLDER / f"{table}.tsv"):
        assert fact.name.strip() == fact.name != ""
        assert all(
            len(when) in (0, 4, 7, 10) and when[:4].isdigit() | (when == "") for when in (fact.since, fact.until)
        )
        if fact.table == "people" and fact.country not in ("-", "INT", ""):
            assert fact.country in states, fact.name
        if fact.table != "states":
            assert REGISTRY.classify(fact, "2020-01-01") in SOURCE_CLASSES, fact.name


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("Noticias Caracol", "Caracol Televisión"),
        ("CNBC Indonesia", "CNBC Indonesia"),
        ("france inter", "France Inter"),
        ("https://www.themarker.com/news", "TheMarker"),
        ("Kavkaz.Realii", "Radio Free Europe/Radio Liberty"),
        ("BBC Persian", "BBC"),
    ],
)
def test_an_outlet_is_not_called_by_anothers_name(name: str, outlet: str) -> None:
    fact = REGISTRY.outlet(name)
    assert fact is not None
    assert fact.name == outlet


@pytest.mark.parametrize(
    "name",
    "International Crisis Group;Crisis Group;Council on Foreign Relations;MEMRI;MERICS;Pacific Forum;OSW;ASPI".split(
        ";"
    ),
)
def test_a_think_tank_speaks_as_one_whose_articles_have_an_outlet(finder: Finder, name: str) -> None:
    assert REGISTRY.named(name)[0].kind == "think_tank"
    assert [m.cls for m in finder.find(f"It is so, {name} said.")] == ["analyst"]
    assert REGISTRY.outlet_class(name) == "independent"


def test_no_name_of_a_state_is_an_outlets(finder: Finder) -> None:
    places = [name for fact in REGISTRY.facts for name in fact.places]
    assert [name for name in places if any(m.cls in ("media", "state_media") for m in finder.find(name))] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("KCNA", "state"),
        ("Korean Central News Agency", "state"),
        ("the Global Times", "state"),
        ("China Daily (column)", "state"),
        ("https://tass.com/world/1", "state"),
        ("Anadolu", "state"),
        ("TRT World", "state"),
        ("BelTA", "state"),
        ("Yonhap", "independent"),
        ("Reuters", "independent"),
        ("BBC", "independent"),
        ("Voice of America", "independent"),
        ("Al Jazeera", "independent"),
        ("Meduza", "independent"),
        ("AP (via ABC News)", "independent"),
        ("The Village Bugle", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_outlets_speak_for_whom_the_guide_says(name: str | None, expected: str) -> None:
    assert REGISTRY.outlet_class(name) == expected


@pytest.mark.parametrize(
    ("country", "date", "tier"),
    [
        ("KP", None, "closed"),
        ("RU", "2024", "closed"),
        ("CN", "1995-06-04", "closed"),
        ("SU", "1988-02-01", "closed"),
        ("SY", "2015-01-01", "closed"),
        ("SY", "2025-06-01", "contested"),
        ("MM", "2023-01-01", "closed"),
        ("IQ", "1998-12-16", "closed"),
        ("TR", "2024-01-01", "contested"),
        ("RS", "2024-01-01", "contested"),
        ("UA", "2024-01-01", "open"),
        ("KR", "2024-01-01", "open"),
        ("US", None, "open"),
        ("XX", None, "open"),
    ],
)
def test_tiers_hold_on_their_dates(country: str, date: str | None, tier: str) -> None:
    assert REGISTRY.tier(country, date) == tier


def test_a_users_table_extends_the_registry_and_wins(tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("\t".join(TABLE_COLUMNS["outlets"]) + "\nThe Village Bugle\tBY\tstate\t-\tnewspaper\tBugle\tbugle.example\t\n"
                    "Yonhap News Agency\tKR\tstate\t-\tagency\tYonhap\t\t\n")  # fmt: skip
    mine = REGISTRY.extended(file)
    assert mine.outlet_class("The Village Bugle") == "state"
    assert mine.outlet_class("bugle.example") == "state"
    assert mine.outlet_class("Yonhap") == "state"
    assert REGISTRY.outlet_class("Yonhap") == "independent"


def test_a_users_table_may_be_a_spreadsheets(tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("phrase\tclass\nmilkmen\twitness\n", encoding="utf-8-sig")
    assert [fact.kind for fact in REGISTRY.extended(file).named("milkmen")] == ["witness"]


def test_today_is_the_date_of_an_article_without_one(tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    rows = "Ann Lee\tFR\tofficial\tMinister\t2000\t2999\nJo Marsh\tFR\tofficial\tMinister\t2999\n"
    file.write_text("\t".join(TABLE_COLUMNS["people"]) + f"\n{rows}")
    mine = REGISTRY.extended(file)
    assert [mine.offices(name, "FR") for name in ("Ann Lee", "Jo Marsh")] == [["minister"], []]


def test_a_users_state_has_the_users_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("\t".join(TABLE_COLUMNS["states"]) + "\nRU\tMuscovy\topen\t\t\tMuscovy\tMuscovite\tMoscow\t\n")
    mine = REGISTRY.extended(file)
    assert (mine.state("RU"), mine.tier("RU")) == ("Muscovy", "open")


def test_a_dash_in_a_list_of_a_users_table_is_no_name(tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    cells = "Norland Post\tNL\tindependent\t\t\t-\t-\t-\n"
    table.write_text("name\tcountry\tvoice\tsmm\tkind\taliases\tdomains\tstrict\n" + cells)
    assert registry.builtin().extended(table).outlet("--") is None


@pytest.mark.parametrize(
    ("date", "cls"), [("2024-12-07", "state"), ("2024", "state"), ("2025", "state"), (None, "state")]
)
def test_out_of_office_one_speaks_for_what_one_ruled(date: str | None, cls: str) -> None:
    (assad,) = [fact for fact in REGISTRY.named("Bashar al-Assad") if fact.table == "people"]
    assert REGISTRY.classify(assad, date) == cls


@pytest.mark.parametrize(("name", "cls"), [("RT [en]", "state"), ("[Reuters", "independent"), ("A℀", "unknown")])
def test_an_outlets_name_may_hold_anything(name: str, cls: str) -> None:
    assert REGISTRY.outlet_class(name) == cls


OUTLETS = "\t".join(TABLE_COLUMNS["outlets"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\tb\n", "mine.tsv:1: the header"),
        ("phrase\tclass\nx\ty\tz\tw\n", "mine.tsv:2: 4 cells"),
        ("", "mine.tsv:1"),
        ("phrase\tclass\n\tmedia\n", "mine.tsv:2: a row without a phrase"),
        (f"{OUTLETS}\nA\tFR\tState\n", "mine.tsv:2: voice 'State' is none of state, independent"),
        ("phrase\tclass\nx\tpress\n", "mine.tsv:2: class 'press' is none of state_media"),
        ("name\tcountry\tkind\taliases\nX\tFR\tthinktank\n", "mine.tsv:2: kind 'thinktank' is none of"),
        (f"phrase\tclass\n{'x' * 200_000}\tmedia\n", "cannot be read as a registry table"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "mine.tsv").write_text(content)
    with pytest.raises(FramingError, match=message):
        REGISTRY.extended(tmp_path / "mine.tsv")


def found(finder: Finder, text: str, date: str | None = "2025-12-25") -> dict[str, tuple[str, str]]:
    return {text[m.start : m.end]: (m.entity, m.cls) for m in finder.find(text, date)}


def test_names_are_found_with_whom_they_speak_for(finder: Finder) -> None:
    text = (
        "Putin met Kim Jong-un in Beijing, the North's state media and Yonhap said. Zelenskyy, NATO's Mark Rutte and "
        "Amnesty International disagreed; analysts at CSIS and residents of Kyiv did too."
    )
    names = found(finder, text)
    assert names["Putin"] == ("Vladimir Putin", "state")
    assert names["Kim Jong-un"] == ("Kim Jong Un", "state")
    assert names["Beijing"][1] == "place"
    assert names["Yonhap"][1] == "media"
    assert names["Zelenskyy"] == ("Volodymyr Zelensky", "government")
    assert names["NATO"][1] == "international"
    assert names["Amnesty International"][1] == "ngo"
    assert names["analysts"][1] == "analyst"
    assert names["residents"][1] == "witness"


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("Luka\u00adshenko came.", "Alexander Lukashenko"),
        ("Mr. Xi came.", "Xi Jinping"),
        ("Bela\u200brus said no.", "Belarus"),
        ("Mari\u0301a Corina Machado came.", "Maria Corina Machado"),
    ],
)
def test_a_name_may_hold_what_is_not_seen_or_a_title(finder: Finder, text: str, entity: str) -> None:
    (mention,) = finder.find(text)
    assert (mention.entity, mention.start) == (entity, 0)


def test_a_surname_is_his_who_has_it_with_its_accent_set_apart_too(finder: Finder) -> None:
    found = finder.find("Volker Tu\u0308rk came. Tu\u0308rk said no.")
    assert [mention.entity for mention in found] == ["Volker Turk"] * 2  # and not Turkey


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Trump administration said no.", "Trump administration"),
        ("The Kherson regional military administration said no.", "Kherson regional military administration"),
        ("Researchers tied Kimsuky to it.", "Kimsuky"),
        ("The U.S. 5th Fleet said no.", "US Fifth Fleet"),
        ("The UN fact-finding mission on Venezuela said no.", "UN Fact-Finding Mission on Venezuela"),
        ("The SAPO said no.", "Specialised Anti-Corruption Prosecutor's Office"),
        ("Säpo said no.", "SAPO of Sweden"),
        ("The Lords, or House of Lords, said no.", "House of Lords"),
    ],
)
def test_a_body_is_not_called_by_anothers_name(finder: Finder, text: str, name: str) -> None:
    assert name in [m.entity for m in finder.find(text)]


@pytest.mark.parametrize(
    ("text", "name", "cls"),
    [
        ("Fed Chair Jerome Powell said so.", "Jerome Powell", "government"),
        ("Larry Summers said so.", "Lawrence Summers", "government"),
        ("Jean-Claude Trichet said so.", "Jean-Claude Trichet", "international"),
        ("Nguyen Van Linh said so.", "Nguyen Van Linh", "state"),
        ("Wolfgang Schäuble said so.", "Wolfgang Schaeuble", "government"),
    ],
)
def test_people_wires_quote_are_known(finder: Finder, text: str, name: str, cls: str) -> None:
    assert {m.entity: m.cls for m in finder.find(text, "1990-01-01") if m.person} == {name: cls}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("U.S. President Clinton said so.", "Bill Clinton"),
        ("President al-Sharaa said so.", "Ahmed al-Sharaa"),
        ("Prime Minister Abe said so.", "Shinzo Abe"),
        ("Chancellor Schröder said so.", "Gerhard Schroeder"),
        ("President Petro Poroshenko said so.", "Petro Poroshenko"),
        ("Vice President Duterte said so.", None),
        ("President Bush said so.", None),
    ],
)
def test_a_surname_with_its_title_is_one_leaders(finder: Finder, text: str, name: str | None) -> None:
    assert next((m.entity for m in finder.find(text) if m.person), None) == name


def test_an_office_speaks_for_the_state_beside_it(finder: Finder) -> None:
    names = found(
        finder, "The Russian defence ministry denied it. Ukraine's general staff and the Polish army did not."
    )
    assert names["defence ministry"][1] == "state"
    assert names["general staff"][1] == "government"
    assert names["army"][1] == "government"


@pytest.mark.parametrize(
    ("text", "office", "country"),
    [
        ("The foreign ministry in Beijing said no.", "foreign ministry", "CN"),
        ("The army of Iran said no.", "army", "IR"),
        ("The ambassador in Moscow said no.", "ambassador", ""),
        ("A spokesman for the Kremlin said no.", "spokesman", "RU"),
        ("The spokesperson of the PLA said no.", "spokesperson", "CN"),
    ],
)
def test_an_office_speaks_for_the_state_or_body_behind_it(finder: Finder, text: str, office: str, country: str) -> None:
    assert {text[m.start : m.end]: m.country for m in finder.find(text)}[office] == country


def test_an_office_named_again_keeps_its_state(finder: Finder) -> None:
    text = "Iran's foreign ministry said it was ready. In Paris it rained. The ministry gave no date."
    ministry = [m for m in finder.find(text, None) if text[m.start : m.end] == "ministry"]
    assert [(m.cls, m.country) for m in ministry] == [("state", "IR")]


def test_people_the_registry_does_not_know_are_read_from_the_text(finder: Finder) -> None:
    text = (
        "Russian Deputy Defence Minister Pyotr Zasyadkin spoke. Mei-ling Oduya, a political scientist at a college in "
        "Oslo, was not so sure. Zasyadkin smiled, Oduya said."
    )
    names = found(finder, text)
    assert names["Pyotr Zasyadkin"][1] == "state"
    assert names["Zasyadkin"] == ("Pyotr Zasyadkin", "state")
    assert names["Oduya"] == ("Mei-ling Oduya", "analyst")


@pytest.mark.parametrize(
    ("text", "name", "cls", "country"),
    [
        ("Kremlin spokesperson Gleb Marushin said no.", "Gleb Marushin", "state", "RU"),
        ("State Department spokesman Ken Lowery said no.", "Ken Lowery", "government", "US"),
        ("NATO spokesman Jens Hald said no.", "Jens Hald", "international", ""),
        ("A company spokesman, Neil Garrity, said no.", "Neil Garrity", "company", ""),
        ("It is cold, said Rep. Carl Underhill, who wrote it.", "Carl Underhill", "government", ""),
        ("It is cold, said Nadia Kryva, 52, who queued.", "Nadia Kryva", "witness", ""),
        ("It is cold, said Ann Lee, who studies ice.", "Ann Lee", "analyst", ""),
    ],
)
def test_people_speak_for_whom_they_are_introduced_as(
    finder: Finder, text: str, name: str, cls: str, country: str
) -> None:
    found = {m.entity: (m.cls, m.country) for m in finder.find(text)}
    assert found[name] == (cls, country)


def test_several_introduce_nobody(finder: Finder) -> None:
    text = "So said the Board of Civil Protection, who was there to greet the drivers."
    assert not any(m.person for m in finder.find(text))


def test_an_office_behind_a_verb_is_not_of_the_state_before_it(finder: Finder) -> None:
    office = next(m for m in finder.find("China said that officials had left.") if m.office)
    assert (office.cls, office.country) == ("official", "")


def test_a_guarded_name_needs_the_full_one(finder: Finder) -> None:
    assert "the North" not in found(finder, "Winters in the North are cold.")
    assert found(finder, "North Korea fired. Later the North denied it.")["the North"] == ("North Korea", "place")


def test_names_need_their_capitals(finder: Finder) -> None:
    assert not found(finder, "they gave us turkey and who knows what")


def test_leaders_of_the_past_speak_for_what_they_ruled(finder: Finder) -> None:
    assert found(finder, "Saddam Hussein said so.", "1998-12-16")["Saddam Hussein"][1] == "state"
    assert found(finder, "Saddam Hussein had said so.", "2015-01-01")["Saddam Hussein"][1] == "state"
    assert found(finder, "Mikhail Gorbachev said so.", "1988-05-01")["Mikhail Gorbachev"][1] == "state"


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("In Ho Chi Minh City, St. Petersburg and Rio Grande do Sul", ["VN", "RU", "BR"]),
        ("Mazar-i-Sharif’s roads; Xi'an’s too", ["AF", "CN"]),
        ("West Bengal and Baja California", ["IN", "MX"]),  # not the California that the second ends with
        ("a texas of its own, in Paris", []),
    ],
)
def test_provinces_and_cities_are_of_their_states(text: str, states: list[str]) -> None:
    assert REGISTRY.regions_in(text) == states


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("KCNA", ["Korean Central News Agency (outlet)", "speaks as: state_media"]),
        ("Ortega", ["Daniel Ortega (person)", "Nicaragua (closed)"]),  # by a word of the name
        ("Wagner", ["Wagner Group (body)"]),
        ("Kharkiv", ["Ukraine (state)"]),
    ],
)
def test_the_command_says_what_is_known(name: str, told: list[str]) -> None:
    done = framing("registry", name)
    assert done.returncode == 0
    assert all(piece in done.stdout for piece in told)


def test_the_command_says_so_where_nothing_is_known() -> None:
    done = framing("registry", "Qqqq Zzzz")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing is known of 'Qqqq Zzzz'" in done.stderr
