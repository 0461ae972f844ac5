"""Which sources can have which label: who speaks with a controlling state's voice, and who does not."""

from __future__ import annotations

from framing.schema import Label, Mention, Source

UNKNOWN = "unknown"  # the class of a source nothing is known of
STATE = ("state_media", "state")  # the classes that speak with a controlling state's voice
OFFICIAL = ("government", "state")
OUTSIDERS = ("government", "international", "ngo", "media", "company", "opposition")
SURE = 0.5  # confidence under which a label is unsure by itself, whoever its source is
STATES_WORD: Label = "state_media_claim"


def voice(name: Mention) -> str:
    """The class of a name as a source; a place stands for its government, an armed group for itself."""
    if name.cls == "place":
        return "state" if name.tier == "closed" else "government"
    if name.cls == "official" and not (name.office or name.person):
        return "state" if name.tier == "closed" else "opposition"
    return UNKNOWN if name.cls == "official" else name.cls


def fits(cls: str, label: Label, outlet_is_state: bool) -> bool:
    """Whether "he" or "it" can be of a class: a state's word is its own, or of one whom its outlet puts forward."""
    if label != STATES_WORD:
        return not clash(cls, label, outlet_is_state)
    return cls in STATE or (outlet_is_state and cls not in OUTSIDERS)


def contradicts(source: Source | None, label: Label, confidence: float, outlet_is_state: bool) -> bool:
    """Whether a named source and a confident label can not both be right, by the guide's rules 1 and 5.

    That someone's words run on is a guess, but in his turn of an interview.
    """
    if source is None or (source.inherited and not source.turn) or confidence < SURE:
        return False
    return clash(source.cls, label, outlet_is_state)


def clash(cls: str, label: Label, outlet_is_state: bool) -> bool:
    """Whether a sentence with a label can not be on the word of a class."""
    if label == STATES_WORD:
        return cls in (*OUTSIDERS, "analyst") and not outlet_is_state
    return label == "independent_report" and cls in STATE
