"""What the words of a source mention say of who it is: one person, an office of a state's, an outlet."""

from __future__ import annotations

import re

from framing.patterns import CAPITAL, SMALL

_HELD_BY_A_PERSON = re.compile(  # who is "he" or "she" later
    r"\b(?:official|officer|minister|spokes(?:man|woman|person)|ambassador|envoy|diplomat|president|premier|chancellor"
    r"|leader|king|emir|general|commander|commissioner|chief|governor|mayor|senator|lawmaker|mp|aide|adviser|source"
    r"|secretary|director|head|chairman|chairwoman|judge|prosecutor|captain|inspector|editor(?:-in-chief)?|representative)$"
)
_SPEAKS = re.compile(r"spokes(?:man|woman|person)")
_PERSON = re.compile(rf"[{CAPITAL}][\w’'.-]+(?: (?:[a-z]{{2,3}} |[{CAPITAL}]\.? )?[{CAPITAL}][\w’'-]*[{SMALL}]){{1,3}}")
_BODY_NAME = re.compile(
    r"\b(?:Alliance|Army|Association|Bank|Board|Capital|Cent(?:er|re)|Command|Committee|Company|Congress|Corporation"
    r"|Council|Federation|Forces?|Foundation|Front|Fund|Group|House|Institute|League|Media|Movement|Network|News"
    r"|Organi[sz]ation|Post|Press|Radio|Research|Securities|Senate|Service|Society|TV|Times|Union|University|Watch)\b"
)
_OFFICIAL = re.compile(
    r"\b(?:administration|agency|authority|bureau|commission|court|department|directorate|inspectorate|ministry"
    r"|office|parliament|party|police|regulator|(?:city|county|district|municipal|town) council)$",
    re.IGNORECASE,
)
_LEGISLATOR = re.compile(r"(?:Rep|Sen)\. [A-Z]")
_NO_STATES = re.compile(r"\b(?:european|international|law|news|press|rating|travel|world)\b", re.IGNORECASE)
_OUTLET = re.compile(  # without a name
    r"\b(?<!white )(?:media|press|news agenc(?:y|ies)|newspapers?|papers?|television|tv|broadcasters?|channel|radio"
    r"|reporter|correspondent|presenter|anchor|program(?:me)?|bulletin)\b",
    re.IGNORECASE,
)
_SENT_ABROAD = re.compile(r"\b(?:ambassador|embassy|envoy|consul|consulate|mission|diplomat|representative)s?\b")
_NOT_ITS_OWN = re.compile(  # who are named with a body and are none of its people
    r"\b(?:brokers?|campaigners?|critics?|defectors?|dissidents?|foes|lobbyists?|observers?|opponents?|rivals?"
    r"|s[ck]eptics?|supporters?|unions?|veterans?|watchers?)$"
)
_OPPOSES = re.compile(r"^(?:the )?(?:main )?opposition\b|\b(?:opposition|opponents?|dissidents?)$", re.IGNORECASE)
_OF_OPPOSITION = re.compile(
    r"(?:figures|leaders?|members?|parties|politicians?) (?:in|of) .*\bopposition", re.IGNORECASE
)
_FOREIGN = re.compile(r"\b(?:foreign|international|overseas|western)\b", re.IGNORECASE)
_LEFT = re.compile(r"(?:(?:former|retired|exiled|defected|fugitive) |ex-)", re.IGNORECASE)
_RECORD = re.compile(
    r"\b(?:analysis|audit|data|documents?|e-?mails?|figures|polls?|records?|review|stud(?:y|ies)|survey)$"
)
_SHOWN = re.compile(r" (?:obtained|reviewed|seen|viewed) by ")
_BODY_NOUN = re.compile(r"\b(?:charity|consultancy|firm|group|organi[sz]ation|think[ -]tank|watchdog)$", re.IGNORECASE)
_NAMED_BEFORE = re.compile(
    r"(?:the|this|that) (?:same )?(?:[\w-]+ ){0,3}(?:"
    r"(?P<agency>(?<!news )agency)"
    r"|(?P<media>news agency|(?:news)?paper|daily|tabloid|broadcaster|channel|network|website|magazine)"
    r"|(?P<armed>movement|rebels|militants|militia|insurgents|fighters|gunmen)"
    r"|(?P<ngo>group|organi[sz]ation|charity|watchdog)|(?P<analyst>think[ -]tank)"
    r"|(?P<company>company|firm)|(?P<body>body|board|commission|committee|council))",
    re.IGNORECASE,
)
_KINDS = {
    "media": ("media", "state_media"),
    "agency": ("media", "state_media", "international", "government"),
    "ngo": ("ngo", "international", "armed"),
    "analyst": ("analyst", "ngo"),
    "body": ("international", "government", "state", "ngo"),
}
_KIND_OF = re.compile(  # the class of a source by its noun, where neither a name nor the registry's nouns tell
    r"""\b(?:
    (?P<record> analysis|annex|article\ \d+|banner|coverage|(?:head)?counts?|footage|guidelines|minutes|plan
        |screenshots?|sheet|videos?|(?-i:act|bill|budget|filing|law|ruling|transcript))
    |(?P<analyst> academics?|analysts?|authors?|astronomers?|consultancy|economists?|engineers?|experts?|lawyers?
        |observers?|optimists|pessimists|professors?|scholars?|\w+ologists?|\w*physicists?|\w*scientists?|trackers?)
    |(?P<media> broadcaster|columnist|correspondents?|editors?(?:-in-chief)?|journalists?|newspapers?|presenter
        |publisher|reporters?|(?-i:Chronicle|Courier|Gazette|Herald|Inquirer|Post|Telegraph|Times|Tribune))
    |(?P<company> (?-i:Group|Holdings|Corp|GmbH|Inc|LLC|Ltd)|airlines?|bank|brokers?|brokerage|carriers?|chamber|company
        |contractors?|dealers?|exchange|executives|exporters?|firms?|importers?|insurers?|makers?|manufacturers?|operators?
        |platform|producers?|retailers?|shippers?|suppliers?|traders?|(?:web)?site|wholesalers?
        |(?:industry|trade|market)\ (?:association|body|circles|group|insiders?|sources?))
    |(?P<opposition> opposition\ \w+)
    |(?P<ngo> associations?|campaign|charity|charities|coalition|federation|foundation|groups?|organi[sz]ations?|society
        |unions?)
    |(?P<official> administrator|bureau|capitals|commissioner|councillor|countries|department|fire\ chief|governments
        |lawmakers?
        |leaders|magistrate|nations|(?<!executive\ )(?<!financial\ )(?<!investment\ )officers?|officials?|prefect
        |sheriff|states
        |(?-i:(?:National|Federal|State|Central|Higher|Provincial|Statistical|Steering)\ (?:\w+\ ){0,3}
            (?:Service|Cent(?:er|re)|Committee|Board|Council|Commission|Institute))
        |(?:defence|defense|diplomatic|intelligence|military|police|security)\ sources?
        |(?:cabinet|defence|defense|foreign|home|interior|treasury)\ secretary)
    |(?P<witness> activists?|clerks?|demonstrators?|drivers?|employees?|family|farmers?|father|fisherm[ae]n|marchers?
        |mother|neighbou?rs?|nurses?|owners?|parents?|pensioners?|protesters?|pupils?|relatives?|shepherds?|shopkeepers?|speakers?
        |staff|students?|supporters?|survivors?|teachers?|vendors?|villagers?|volunteers?|widow|workers?)
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_LEADS = re.compile(  # of a body: "president of the Texas Hospital Association", "Amnesty's Asia director"
    r"\b(?:CEO|Chair(?:wo)?man|Director|President|Secretary|advis[eo]r|aide|ally|chair(?:man|woman|person)?|chief"
    r"|(?:co-?)?founder|director|executive|head|lawyer|leader|manager|member|officer|president|secretary|spokes(?:man|woman|person)|treasurer)\b"
)
_LED = re.compile(_LEADS.pattern + r"[^,]*? (?:of|at|for|to|with) (?:the )?(.+)")
_LED_BEFORE = re.compile(rf"(.+?)(?:['’]s)? {_LEADS.pattern}", re.DOTALL)
_SCHOLAR = re.compile(r"\b(?:economist|fellow|lecturer|professor|researcher|scholar)\b")
_BODY_KIND = re.compile(  # of a name that no registry has
    r"\b(?:(?P<analyst>Academy|Cent(?:er|re)|College|Institut(?:e|ion)|Laboratory|Observatory|Program(?:me)?|Project|School"
    r"|University)|(?P<company>Airlines|Airways|Company|Holdings|LLC|Partners|plc))$"
)
_BEHIND = re.compile(r" (?:\(|(?:of|for|at|in|on|from|to|with|who|whose|which|that|and (?:an?|the))\b)")


def kind_of(source: str) -> str | None:
    """The class a source's noun gives it, or None: "industry sources" are companies'; "official" is some state's."""
    found = _KIND_OF.search(head(source))
    return found.lastgroup if found else None


def leads(office: str) -> bool:
    """Whether it is an office that any body has, or a scholar's: "director", "chief executive", "senior fellow"."""
    return bool(_LEADS.search(office) or _SCHOLAR.search(office))


def led(office: str) -> str | None:
    """The body that an office is of, as far as its noun: "Acme Labs" for "chief of Acme Labs in Bonn"."""
    found = _LED.search(office) or _LED_BEFORE.fullmatch(office)
    return head(found[1]).rstrip(".") if found else None


def led_body(office: str) -> str | None:
    """The class of the body that an office is of, by the body's noun; None where there is none or it does not tell."""
    if _SCHOLAR.search(office):
        return "analyst"
    body = led(office)
    if body is None:
        return None
    if opposes(body):
        return "opposition"
    found = _KIND_OF.search(body) or _BODY_KIND.search(body)
    return found.lastgroup if found else "official" if is_official(body) else None


def holds_office(source: str) -> bool:
    """Whether it is one person by office: "an official of …", "the Kremlin's spokesman"."""
    return bool(_HELD_BY_A_PERSON.search(head(source)))


def speaks_for_others(office: str) -> bool:
    """Whether an office is a spokesperson's and no more is said of it."""
    return bool(_SPEAKS.fullmatch(office))


def heads_a_body(office: str) -> bool:
    """Whether it is an office that bodies of several states have, and no state: "secretary-general"."""
    return office in ("secretary general", "secretary-general")


def is_sent_abroad(office: str) -> bool:
    """Whether it is one in a state that is not its own."""
    return bool(_SENT_ABROAD.search(office))


def apart_from(source: str) -> int:
    """Where a noun ends whose people are not of the body named before it: "Kremlin critics"; 0 where there is none."""
    noun = head(source)
    return len(noun) if _NOT_ITS_OWN.search(noun) else 0


def kinds(source: str) -> tuple[str, ...]:
    """The classes of body that "the newspaper" or "the aid group" can stand for; none where it is no such noun."""
    found = _NAMED_BEFORE.fullmatch(source)
    return _KINDS.get(found.lastgroup, (found.lastgroup,)) if found and found.lastgroup else ()


def opposes(source: str) -> bool:
    """Whether it is a state's opponents by its noun: "Venezuela's opposition", "foreign opponents of the regime"."""
    return bool(_OPPOSES.search(head(source)) or _OF_OPPOSITION.fullmatch(source))


def is_foreign(source: str) -> bool:
    """Whether it is said to be none of the speaker's own country: "Western media"."""
    return bool(_FOREIGN.search(source))


def has_left(source: str) -> bool:
    """Whether it is someone who left an office: "former North Korean trade official"."""
    return bool(_LEFT.match(source))


def is_record(source: str) -> bool:
    """Whether its noun is a text or figures, whoever they are of: "a review of the senator's emails"."""
    return bool(_RECORD.search(head(source)))


def is_shown(source: str) -> bool:
    """Whether it is a text that an outlet only saw: "court documents seen by Reuters"."""
    return is_record(_SHOWN.split(source)[0]) and bool(_SHOWN.search(source))


def is_body(noun: str) -> bool:
    """Whether a noun beside a name says that it is no person's: "a think tank"."""
    return bool(_BODY_NOUN.search(noun))


def is_person(name: str) -> bool:
    """Whether a name nothing is known of is a person's rather than a body's or an office's."""
    title = holds_office(name.lower()) or _OFFICIAL.search(head(name))
    return bool(_PERSON.fullmatch(name)) and not title and not _BODY_NAME.search(name)


def is_official(name: str) -> bool:
    """Whether a name nothing is known of is an office of some state's: "Mine Action Agency"."""
    office = _OFFICIAL.search(head(name)) and not _NO_STATES.search(name)
    return bool(office or _LEGISLATOR.match(name))


def is_outlet(source: str) -> bool:
    """Whether it is a news outlet or its people, without a name."""
    return bool(_OUTLET.search(source))


def head(source: str) -> str:
    """A noun phrase up to what stands behind its noun."""
    return _BEHIND.split(source)[0]
