"""Datelines: where, when and by whom a report was filed, before its first sentence or on a line of their own."""

from __future__ import annotations

import re
from functools import cache

from framing.patterns import CAPITAL, DAY, MONTH, WEEKDAY, any_of

ZONE = r"(?:gmt|utc|et|est|edt|bst|cet|cest|jst|kst|ist)(?:\s?[+-]\d+)?"
CLOCK = rf"\d{{1,2}}[:.h]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s?{ZONE})?"
DATE = rf"(?:{DAY},? )?" + any_of(
    rf"\d{{1,2}}(?:st|nd|rd|th)?[ /.-]{MONTH}[ ,/.-]*(?:\d{{4}})?",
    rf"{MONTH} \d{{1,2}}(?:,? \d{{4}})?",
    r"\d{4}[-.]\d\d(?:[-.]\d\d)?",
    r"\d{1,2}[/.]\d{1,2}[/.]\d{4}",
)
AGENCIES = (
    "Yonhap|Reuters|REUTERS|AFP|AP|UPI|TASS|KCNA|Xinhua|VNA|ANI|PTI|EFE|dpa|Kyodo|SANA|SPA|WAM|Interfax|Ukrinform"
    "|CNN|IRNA|Sputnik|KAZINFORM|Kazinform|BelTA|Bernama|NNA|RIA Novosti"
)
_PLACE = rf"[{CAPITAL}][\w.’'-]*(?: (?:[a-z]{{2,3}} )?[{CAPITAL}][\w.’'-]*){{0,3}}"
_CAPS = rf"[{CAPITAL}](?:[{CAPITAL}./'’ -]|(?<=M)c){{2,40}}"
_IN = rf"(?:, ?{_PLACE}){{0,2}}"  # its state, its country: "SEOUL, South Korea", "SCRANTON, Pa."
_AGENCY = r"(?:\((?:dpa|[A-Z][\w./& -]{1,24})\)|/(?:TASS|Xinhua|PRNewswire|CNW)/\.?)"
_SIGNED = rf"(?:\((?:{AGENCIES})\)|(?:{AGENCIES}))"
_DASH = r"[-–—_]{1,2}"
_REGION = r"(?: /[A-Z][\w ]{2,30}/)?"  # "IGORA /Leningrad Region/, December 26. /TASS/."
_NO_DAY = rf"(?!(?:On |{WEEKDAY}))"  # "Monday, 4 May – …" is a timeline's entry
_BEGINS = rf"(?=[“\"‘'(]{{0,2}}(?:[{CAPITAL}]|\d))"
# Cities that news is filed from: what the capitals and a dash, a colon or nothing mean beside them is no question.
_CITIES = frozenset(
    (
        "Abidjan|Abu Dhabi|Abuja|Accra|Addis Ababa|Aleppo|Algiers|Almaty|Amman|Amsterdam|Ankara|Ashgabat|Asmara"
        "|Astana|Athens|Baghdad|Baku|Bamako|Bangkok|Bangui|Beijing|Beirut|Belgrade|Berlin|Bern|Bishkek|Bogota"
        "|Bogotá|Boston|Brasilia|Bratislava|Brussels|Bucharest|Budapest|Buenos Aires|Bujumbura|Cairo|Canberra"
        "|Caracas|Chicago|Chisinau|Colombo|Conakry|Copenhagen|Dakar|Damascus|Delhi|Dhaka|Doha|Donetsk|Dubai|Dublin"
        "|Dushanbe|Erbil|Frankfurt|Gaborone|Gaza|Gaza City|Geneva|Grozny|Guangzhou|The Hague|Hague|Hanoi|Harare"
        "|Havana|Helsinki|Hong Kong|Honolulu|Houston|Islamabad|Istanbul|Jakarta|Jeddah|Jerusalem|Johannesburg|Juba"
        "|Kabul|Kampala|Karachi|Kathmandu|Kharkiv|Khartoum|Kherson|Kiev|Kigali|Kinshasa|Kuala Lumpur|Kuwait"
        "|Kuwait City|Kyiv|Lagos|Lahore|Lima|Lisbon|Ljubljana|London|Luanda|Lusaka|Lviv|Macau|Madrid|Managua"
        "|Manama|Manila|Mariupol|Mexico City|Miami|Milan|Minsk|Mogadishu|Montreal|Moscow|Mosul|Mumbai|Munich"
        "|Muscat|N'Djamena|Nairobi|Naypyidaw|Naypyitaw|New Delhi|New York|Niamey|Nicosia|Novosibirsk|Odesa|Odessa"
        "|Oslo|Ottawa|Ouagadougou|Panama City|Panmunjom|Paris|Peshawar|Phnom Penh|Podgorica|Prague|Pretoria"
        "|Pristina|Pyongyang|Quito|Rabat|Ramallah|Rangoon|Reykjavik|Riga|Rio de Janeiro|Riyadh|Rome|San Francisco"
        "|San Salvador|Sanaa|Santiago|Sao Paulo|São Paulo|Sarajevo|Sevastopol|Seoul|Shanghai|Shenzhen|Simferopol"
        "|Singapore|Skopje|Sofia|St. Petersburg|St Petersburg|Stockholm|Strasbourg|Sydney|Taipei|Tallinn|Tashkent"
        "|Tbilisi|Tegucigalpa|Tehran|Tel Aviv|Tirana|Tokyo|Toronto|Tripoli|Tunis|Ulaanbaatar|Ulan Bator"
        "|United Nations|Vienna|Vientiane|Vilnius|Vladivostok|Warsaw|Washington|Wellington|Yangon|Yerevan|Zagreb"
        "|Zurich"
    ).split("|")
)
_CITY = rf"(?P<city>{_PLACE}(?:/{_PLACE}){{0,2}})"
_CAPITALS = frozenset(city.upper() for city in _CITIES)
# At any paragraph's start.
_ANYWHERE = any_of(
    # "ERBIL (Kurdistan24) - ", "Pyongyang, August 4 (KCNA) -- ", "MOSCOW, May 21. /TASS/. ", "Oslo, May 4 (EFE).- "
    rf"{_PLACE}{_REGION}(?:[,/] ?{_PLACE}){{0,3}}[,.]? (?:(?i:{DATE})[,.]? )?"
    rf"{_AGENCY}(?:\.?\s?{_DASH}\s?|: |(?<=/\.) )",
    rf"{_PLACE}{_IN}, (?i:{DATE})[,.]? {_AGENCY} {_BEGINS}",  # "Havana, Oct 17 (PL) "
    # "Oslo, May 4, 2026, SPA -- ", "MOSCOW July 29 TASS - "
    rf"{_PLACE}[,.]? (?i:{DATE})[,.]? (?:{AGENCIES}) ?{_DASH} ",
    rf"{_PLACE}, (?i:{DATE}) ?{_DASH} (?:{AGENCIES})\. ",
    rf"{_PLACE}{_IN}, ?{_SIGNED} ?{_DASH} ?{_BEGINS}",  # "DAMASCUS, (SANA)- "
    rf"{_PLACE}{_IN} {{1,2}}(?:{AGENCIES}) {{1,2}}[–—] {{1,2}}{_BEGINS}",  # "Seoul, South Korea CNN  — "
    # "Oslo, 8 April 2026 – "
    rf"{_NO_DAY}{_PLACE}(?:, {_PLACE})?, (?i:{DATE}) ?{_DASH} {_BEGINS}",
    rf"{_PLACE}{_IN} \((?i:{DATE})\) ?{_DASH} {_BEGINS}",  # "GENEVA (5 May 2026) – "
    rf"{_CAPS}{_IN}, (?i:{MONTH} \d{{1,2}}(?:, \d{{4}})?)\. {_BEGINS}",  # "BAKU, Azerbaijan, May 5. "
    rf"{_CAPS}{_IN} ?(?:(?:[–—]|--| _) {{1,2}}|—){_BEGINS}",  # "TOKYO -- ", "DUBAI, United Arab Emirates — ", "CAIRO—"
    rf"(?:(?i:{DATE}) )?\((?:{AGENCIES})\) ?{_DASH} ",  # "(Reuters) - ", "Sept. 5 (UPI) -- "
)
# Above the first paragraph alone; further down "(Laughter) We all …" looks like it.
_BRACKETED = any_of(
    # "(Oslo) ", "(Oslo, 4 May 2026) – "
    rf"\((?=[^()]*[a-zà-ÿ]){_PLACE}(?:[,/] ?{_PLACE}){{0,2}}(?:, (?i:{DATE}))?\)(?: ?{_DASH})? (?=[“\"‘'{CAPITAL}])",
    rf"(?:{_PLACE}{_IN} )?\((?:{AGENCIES}|[A-Z]{{3,6}})\) ?{_BEGINS}",  # "(KPL) ", "Hong Kong (CNN)"
)
# The same, and before a whole sentence alone: headlines begin so too ("Moscow: no talks before May").
_PLAIN = any_of(
    rf"(?:[Bb]y |From )?[Oo]ur (?:\w+ )?(?:Correspondent|Reporter|Bureau)s?,? {_PLACE}: ",
    rf"{_NO_DAY}{_CAPS}{_IN}(?:, (?i:{DATE}))?(?: ?- | -|: ){_BEGINS}",  # "BANDAR ABBAS - ", "KOTA, MAY 13: "
    rf"{_NO_DAY}{_PLACE}, {_PLACE} ?[–—] {_BEGINS}(?![^.]* [–—] )",  # "Homs, Syria – "
)
# The same, behind a city that is known.
_AT_CITY = (
    rf"\[{_CITY}{_IN}(?:, (?i:{DATE}))?\](?: ?{_DASH})? {_BEGINS}",  # "[Beijing] "
    rf"{_CITY}{_IN}(?: [-–—] |: ){_BEGINS}",  # "Beirut – ", "Moscow: "
    # "SEOUL North Korea said …", as a page leaves it that sets the dateline apart; not "LONDON Mayor Ann Lee said …"
    r"(?P<city>[A-Z][A-Z.'/ ]{3,40}?) (?=[“\"]?(?:[A-Z][a-z’']|U\.|A |I ))"
    r"(?!(?:Accords?|Agreement|Airport|City|Club|Convention|Court|Declaration|Fashion|Governor|Hilton|Hospital|Marathon"
    r"|Mayor|Metro|Museum|Olympics?|Police|Post|Saint|State|Stock|Street|Summit|Times|University|Wall|Zoo)\b)",
)
_ONLY = any_of(
    rf"{_PLACE}{_REGION}(?:[,/] ?{_PLACE}){{0,2}},? (?i:\d{{1,2}} {MONTH}|{MONTH} \d{{1,2}})[.,]?",
    rf"{_PLACE}(?:/{_PLACE}){{1,2}}, (?i:{DATE})",  # "Port Sudan/Nairobi/Brussels, 18 June 2025"
    rf"{_PLACE}(?:[,/]? ?{_PLACE})?[,.]? .{{0,20}}{_AGENCY}[.\s–—_-]*",
    rf"{_PLACE}, (?i:{DATE}) ?{_DASH} (?:{AGENCIES})\.",
)
# No place: who speaks or is spoken of, in capitals too, and what says so of the place behind it.
_NO_PLACE = re.compile(
    r"(?:NATO|OPEC|ASEAN|BRICS|DPRK|USSR|KCNA|TASS|UNESCO|UNICEF|[A-Z]{1,2}|[A-Z]\.[A-Z.]*)(?: ?[–—:]| [-_] | ?--)"
    r"|(?:Question|Answer|Reporter|Journalist|Correspondent|Moderator|Interviewer)\b"
    r"|(?:Tel Aviv|Moscow|Beijing|Kyiv) ?[-–—] ?(?:Jerusalem|Kyiv|Moscow|Taipei|Washington)\b"
)
# Spares most paragraphs the rest.
_MAY_BE = re.compile(rf"[“\"(\[{CAPITAL}][^-–—_(/\[:]{{0,78}}[-–—_(/:]|[(\[]|[A-Z]{{3}}")
_CLOSED = re.compile(r"[.!?…][\"'”’)\]»]*$")
# "ERBIL (Kurdistan24) - ", "Caracas, Aug 21 (EFE).- ", "MOSCOW, May 21. /TASS/.", "Havana, Oct 17 (PL) ", "(KPL) ",
# "Riyadh, May 4, 2026, SPA --", "MOSCOW July 29 TASS -", "MOSCOW, 14 Nov — RIA Novosti."
_AGENT = re.compile(
    rf"(?:[(/]([^()/]+)[)/]\.?:?|, ([^,()/]+?)|(?:^|\s)({AGENCIES}))\s*[-–—_]+\s*$|\w[., ]+/([^()/]+)/\.?$"
    r"|[–—-] ([A-Z][\w ]+)\.$|\((?!\d)([^()]+)\):?$"
)
_LONGEST = 80  # characters
_LEAD = re.compile(r"[(\[:–—_]|\s-|-\s|--|-$")
_SURE = re.compile(rf"\b(?i:{DATE})|\b(?:{AGENCIES})\b|^(?:By |From )?[Oo]ur ")
_TAGS = ("ANALYSIS", "BREAKING", "COMMENT", "CORRECTION", "EDITORIAL", "EXCLUSIVE", "EXPLAINER", "OPINION", "UPDATE")


@cache
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(form)


def is_dateline(block: str) -> bool:
    """Whether a whole paragraph is a dateline."""
    return bool(_pattern(_ONLY).fullmatch(block))


def dateline(block: str, start: int, opening: bool) -> int:
    """Where the dateline ends that stands at `start`, before a sentence; `start` where there is none."""
    if not _MAY_BE.match(block, start) or _NO_PLACE.match(block, start):
        return start
    whole = opening and bool(_CLOSED.search(block)) and block.count(" ", start) > 5
    for form in (_ANYWHERE, *((_BRACKETED,) if opening else ()), *((_PLAIN,) if whole else ())):
        found = _pattern(form).match(block, start)
        if found and found.end() < len(block) and found.end() - start <= _LONGEST and _is_placed(found[0]):
            return found.end()
    for form in _AT_CITY if whole else ():
        found = _pattern(form).match(block, start)
        if found and all(city in _CITIES or city in _CAPITALS for city in found["city"].split("/")):
            return found.end()
    return start


def _is_placed(piece: str) -> bool:
    """Whether what has a dateline's form is of a place: "ISIS — ", "TRUMP: " and "Human Rights Watch (HRW) - " not."""
    places = [place.strip(" .") for place in re.split(r"[,/]", _LEAD.split(piece, maxsplit=1)[0])]
    if any(place in _CITIES or place in _CAPITALS for place in places) or piece[0] in "([" or _SURE.search(piece):
        return True
    if ("(" in piece or len(places) > 1) and not any(" " in place for place in places):
        return True  # "Qamishli (North Press) – ", "Homs, Syria – ", but not "Ann Lee, Bo Nilsson – "
    return places[0].isupper() and (
        len(places) > 1 or (":" not in piece and len(places[0]) > 5 and places[0] not in _TAGS)
    )


def agency(piece: str) -> str | None:
    """The agency that a dateline names, as it stands."""
    found = _AGENT.search(piece)
    return found[found.lastindex or 0] if found else None
