"""Who has spoken so far in an article, and whom "he", "it" and "the newspaper" stand for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from framing import naming
from framing.document import Document
from framing.introduced import surnames
from framing.registry import Registry, is_group
from framing.schema import Label, Mention, Sentence, Source
from framing.voice import OFFICIAL, STATE, STATES_WORD, fits, voice

FAR = 3000  # characters back to the name that "he" can stand for
RECENT = 4  # speakers back to whom "he" or "it" may go
SUBJECT = 4  # sentences back through which "he" stays the same
QUOTED = 0.6  # share of a sentence inside quotation marks from which it is a quotation that runs on
NEAR = 600  # characters back to the name that "the newspaper" stands for
NO_PERSON = ("record", "media", "state_media")  # who is never "he"
BODY = ("state_media", "media", "international", "ngo", "company", *OFFICIAL)  # who may be "it"
_PERSONAL = re.compile(r"(?:he|she|his|her|i)\b", re.IGNORECASE)
_OTHER = {"he": "she", "his": "she", "she": "he", "her": "he"}  # what is not said of the same person
_SEVERAL = ("they", "their")
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y)\b")
_OF_A_BODY = re.compile(
    r"(?:it|its|(?:the|this|that|its) (?:\w+ )?"
    r"(?:statement|report|announcement|document|dispatch|commentary|editorial))",
    re.IGNORECASE,
)


class Discourse:
    """The speakers of an article so far.

    It is asked sentence by sentence, in order: what a sentence's "he" stands for, and whether it runs on, is
    remembered for those behind it. `heard` adds who spoke.
    """

    def __init__(self, document: Document, registry: Registry) -> None:
        self.last: Source | None = None
        self._document = document
        self._registry = registry
        self._starts = [mention.start for mention in document.mentions]
        people = [m for m in reversed(document.mentions) if m.person]
        self._by_name = {m.entity.split()[0].casefold(): m for m in people}  # "Sir Keir", "Zeid"
        self._by_name |= {name.casefold(): m for m in people for name in _called(m)}
        self._state_outlet = document.outlet_class == "state"
        self._label: Label | None = None  # of the last speaker's sentence, None where something else came between
        self._paragraph = -1
        self._own = False
        self._people: list[Source] = []
        self._by_first_name: dict[str, Source] = {}
        self._bodies: list[Source] = []
        self._person_at = -1  # the sentence in which a person spoke last
        self._genders: dict[str, str] = {}  # "he" or "she", by whom it was said of

    def heard(self, source: Source, sentence: Sentence, label: Label, is_person: bool, own: bool) -> None:
        """Remember who spoke. `own` is whether on a state's word he is its own man, not one its outlet puts forward."""
        self.last, self._label, self._paragraph, self._own = source, label, sentence.paragraph, own
        if is_person:
            self._people.append(source)
            if naming.is_person(source.entity):
                self._by_first_name[source.entity.split()[0].casefold()] = source
            self._person_at = sentence.index
        elif source.cls in BODY:
            self._bodies.append(source)

    def runs_on(self, sentence: Sentence, label: Label) -> Source | None:
        """The speaker whose words run on in a sentence that names no one, or None."""
        if self.last is None or sentence.kind != "body":
            return None
        quoted = self._document.quotations.share(sentence.start, sentence.end) > QUOTED
        same = label == self._label
        near = sentence.paragraph - self._paragraph <= (2 if quoted else 0 if self._ends_here(sentence) else 1)
        # behind the words of an outsider whom a state's outlet puts forward comes its own voice
        state = label == STATES_WORD and self.last.cls in STATE and (self._own or not self._state_outlet)
        if not near or not same or not (quoted or state) or (not quoted and self._tells_of_another(sentence)):
            if not same:
                self._label = None
            return None
        self._paragraph = sentence.paragraph
        return replace(self.last, inherited=True)

    def _ends_here(self, sentence: Sentence) -> bool:
        """Whether what someone said ends with its paragraph: in a state outlet's article the next is its own voice.

        Not so in a statement that it carries, in the first person.
        """
        if not self._state_outlet or self.last not in self._people[-1:]:
            return False
        return not (_FIRST_PERSON.search(sentence.text) or _FIRST_PERSON.fullmatch(self.last.text))

    def _tells_of_another(self, sentence: Sentence) -> bool:
        """Whether a sentence is about what someone else of a controlling state did: "Earlier Putin had written …"."""
        if self.last is None or self.last not in self._people[-1:]:
            return False
        about = self._is_about(sentence)
        return about is not None and about.cls == "state" and about.entity != self.last.entity

    def antecedent(self, text: str, label: Label, sentence: Sentence, at: int) -> Source | None:
        """Whom a pronoun or "the statement" at a place in a sentence stands for; None where nobody spoke."""
        if pronoun := _PERSONAL.match(text):
            known, other = self._he(sentence, at), _OTHER.get(pronoun[0].lower())
            found = self._allowed(
                [s for s in known if not other or self._genders.get(s.entity) != other] or known, label
            )
            if found and other:
                self._genders[found.entity] = _OTHER[other]
            return found
        if _OF_A_BODY.fullmatch(text):
            last = [self.last] if self.last else []
            return self._allowed([*self._bodies[: -RECENT - 1 : -1], *last], label)
        if text.lower() in _SEVERAL and self.last and self.last in self._people[-1:]:
            return self._several(at, label) or self.last
        return self.last

    def _several(self, at: int, label: Label) -> Source | None:
        """Those whom a plural names shortly before a place in the text: "researchers", "Nato leaders"; None if none."""
        near = self._named_before(at, NEAR)
        nouns = (m for m in reversed(near) if m.office and m.cls != "record" and m.entity.endswith("s"))
        named = map(self._as_source, nouns)
        return next((source for source in named if fits(source.cls, label, self._state_outlet)), None)

    def body_before(self, text: str, at: int, label: Label) -> Source | None:
        """The body that "the newspaper" is: the last of its kind named shortly before, else heard; None if none is."""
        kinds = naming.kinds(text)
        if not kinds:
            return None
        near = self._named_before(at, NEAR)
        named = [m for m in reversed(near) if not m.office and not m.person]
        known = [self._as_source(m) for m in named if ("armed" if _is_armed(m) else m.cls) in kinds]
        heard = (body for body in self._bodies[: -RECENT - 1 : -1] if not body.entity.islower())
        known += [body for body in heard if body.cls in kinds]
        return next((body for body in known if fits(body.cls, label, self._state_outlet)), None)

    def namesake(self, name: str) -> tuple[str, str] | None:
        """Entity and class of one who spoke before under a name's last word, or whom a headline's "Kim" names; or None.

        One word may also be the first of a name ("Ahn" for Ahn Byung-soo).
        """
        words = name.casefold().split()
        word = words[-1] if words else ""
        for known in (self.last, *self._people[-1:], *self._bodies[: -RECENT - 1 : -1]):
            if known and word and known.entity.split()[-1].casefold() == word:
                return known.entity, known.cls
        if words == [word] and (first := self._by_first_name.get(word)):
            return first.entity, first.cls
        person = self._by_name.get(word)
        return (person.entity, person.cls) if person else None

    def _he(self, sentence: Sentence, at: int) -> list[Source]:
        """Whom "he" can stand for, likeliest first: who spoke last, but before him who the one between is about."""
        last = self.last if self.last and self.last.cls not in NO_PERSON else None
        known = [*self._people[: -RECENT - 1 : -1], self._just_named(at), last]
        if sentence.index - self._person_at > 1:
            known.insert(0, self._is_about(self._document.sentences[sentence.index - 1]))
        return [source for source in known if source is not None]

    def _is_about(self, sentence: Sentence) -> Source | None:
        """The first person a sentence names; where it begins with "he" or "she", whom the one before is about."""
        for index in range(sentence.index, max(-1, sentence.index - SUBJECT), -1):
            about = self._document.sentences[index]
            if not _PERSONAL.match(about.text):
                named = (m for m in self._document.mentions_in(about.start, about.end) if m.person)
                return next(map(self._as_source, named), None)
        return None

    def _named_before(self, at: int, reach: int) -> tuple[Mention, ...]:
        """The names in so many characters before a place in the text, in order."""
        return self._document.mentions[bisect_right(self._starts, at - reach) : bisect_left(self._starts, at)]

    def _just_named(self, at: int) -> Source | None:
        """The last person named before a place in the text, by name or by a state's office."""
        before = reversed(self._named_before(at, FAR))
        named = (m for m in before if m.person or (m.country and m.office and naming.holds_office(m.entity)))
        return next(map(self._as_source, named), None)

    def _as_source(self, named: Mention) -> Source:
        state = self._registry.state(named.country) if named.office else None
        entity = f"{state}: {named.entity}" if state else named.entity
        for source in reversed(self._people[-RECENT:]):
            if source.entity == entity:
                return source
        return Source("", named.start, named.end, entity, voice(named))

    def _allowed(self, known: Sequence[Source], label: Label) -> Source | None:
        """The likeliest whose word the label allows a sentence to be, else the likeliest."""
        return next((s for s in known if fits(s.cls, label, self._state_outlet)), known[0] if known else None)


def _is_armed(named: Mention) -> bool:
    """Whether a name is an armed group's."""
    return is_group(named.country) or (named.cls == "official" and not named.office)


def _called(person: Mention) -> tuple[str, ...]:
    """What someone named in full is called later: To Lam is Lam, as Vietnamese are."""
    return (*surnames(person), *(person.entity.split()[-1:] if person.country == "VN" else ()))
