"""Where a dateline ends and the first sentence begins."""

from __future__ import annotations

import pytest

from framing.schema import Article
from framing.split import split

BODY = "The talks went on until late on Tuesday evening in the capital."


@pytest.mark.parametrize(
    "dateline",
    [
        "ERBIL (Kurdistan24) - ",
        "Pyongyang, May 13 (KCNA) -- ",
        "MOSCOW, May 21. /TASS/. ",
        "SEOUL/MOSCOW, June 19 (Reuters) - ",
        "Łódź (Xinhua) -- ",
        "ŠIBENIK, May 13 (Hina) - ",
        "TOKYO -- ",
        "WASHINGTON (AP) — ",
        "MOSCOW (AP) _ ",
        "OSLO, Norway _ ",
        "Tehran (dpa) - ",
        "Algiers, 8 April 2025 – ",
        "Oslo, Norway, April 8 - ",
        "(Tehran) ",
        "(Oslo, 4 May 2026) – ",
        "(Reuters) - ",
        "Caracas, Aug 21 (EFE).- ",
        "Riyadh, November 02, 2025, SPA -- ",
        "MOSCOW, 14 Nov — RIA Novosti. ",
        "IGORA /Leningrad Region/, December 26. /TASS/. ",
        "SCRANTON, Pa. — ",
        "AL-MAYADIN, Syria — ",
        "Beirut – ",
        "WASHINGTON—",
        "WASHINGTON - ",
        "TOKYO, Dec. 3 (Xinhua) --",
        "TOKYO, Dec. 3 (Xinhua) -- ",
        "MOSCOW, September 5. /TASS/. ",
        "[Beijing] ",
        "BEIRUT (Reuters) -",
        "By Our Correspondent, Kabul: ",
        "SEOUL, South Korea — ",
        "DUBAI, United Arab Emirates - ",
        "ERBIL, Kurdistan Region - ",
        "BANDAR ABBAS - ",
        "TEHRAN- ",
        "Homs, Syria – ",
        "GENEVA: ",
        "LAHORE: ",
        "Moscow: ",
        "KOTA, MAY 13: ",
        "SEOUL ",
        "BEIRUT/GENEVA ",
        "Havana, Oct 17 (PL) ",
        "(KPL) ",
        "Hong Kong (CNN)",
        "Seoul, South Korea CNN  — ",
        "CNN — ",
        "MOSCOW July 29 TASS - ",
        "MOSCOW. Sept 5 (Interfax) - ",
        "ASTANA. KAZINFORM - ",
        "BAKU, Azerbaijan, May 5. ",
        "Damascus, SANA- ",
        "DAMASCUS, (SANA)- ",
        "GENEVA (5 May 2026) – ",
        "Washington, D.C. – ",
        "WASHINGTON, D.C. — ",
        "MANILA—",
        "Sept. 5 (UPI) -- ",
        "Kabul (AFP): ",
    ],
)
def test_datelines_are_cut_off(dateline: str) -> None:
    found, left = split(Article(f"Ministers meet\n\n{dateline}{BODY}"))
    assert [s.text for s in found] == ["Ministers meet", BODY]
    assert [s.text for s in left] == [dateline.strip()]
    assert [s.text for s in split(Article(dateline + BODY))[0]] == [BODY]


@pytest.mark.parametrize(
    "line",
    [
        "Hezbollah – the Lebanese group – said on Monday that it had fired at the port.",
        "NATO – The alliance of 32 states – said on Monday that it would meet in Oslo.",
        "Beirut – a city of two million – was hit by eleven strikes on Monday night.",
        "Beirut, the capital – was hit by eleven strikes on Monday night.",
        "Moscow – Kyiv talks resumed on Monday after a break of four months.",
        "Q: Why did the talks go on until late on Tuesday evening?",
        "KCNA: Kim Jong Un visited a farm on the coast on Monday with his daughter.",
        "NORTH Korea fired a missile on Monday, the army in the South said.",
        "LONDON Mayor Ann Lee said on Monday that the bridge would be closed.",
        "NATO Secretary General Ann Lee said on Monday that the bridge would be closed.",
        "Xi Jinping – China’s leader – arrived on Monday in the capital.",
        "Monday, 4 May – Talks begin in the capital and go on for a week.",
        "COVID-19 has killed seven million people, the health agency said on Monday.",
        "NATO-Ukraine Council ministers met on Monday in the capital for talks.",
        "ISIS — The group said on Monday that it had fired at the port.",
        "WHO - The agency said on Monday that it had left the port.",
        "UNRWA: Two schools were hit on Monday in the south of the strip.",
        "TRUMP: We will win in May and they will not, I said on Monday.",
        "EXCLUSIVE: Norland plans to leave the talks on Monday, diplomats say.",
        "Human Rights Watch (HRW) - The group said on Monday that it had left the port.",
        "Ann Lee, Bo Nilsson – The two leaders met on Monday in the capital.",
        "Question (Xinhua): Will the president visit the port this year, as he said?",
        "WASHINGTON Post reporters were told on Monday that the bridge would be closed.",
        "Moscow said on Monday – the day of the talks – that it would not attend.",
    ],
)
def test_a_sentence_that_begins_like_a_dateline_is_kept(line: str) -> None:
    assert [s.text for s in split(Article(f"Ministers meet\n\n{line}\n\n{BODY}"))[0]] == ["Ministers meet", line, BODY]


@pytest.mark.parametrize(
    "headline", ["Moscow: no talks before May", "Beirut – The War Comes Back", "UKRAINE: WHAT NOW", "SEOUL Calling"]
)
def test_a_headline_that_begins_like_a_dateline_is_kept(headline: str) -> None:
    assert split(Article(f"{headline}\n\n{BODY}"))[0][0].text == headline
