"""What a web page's own buttons, boxes, notices and lists of links say between an article's paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from framing.patterns import any_of

_NETWORK = r"(?:x|twitter|facebook|instagram|telegram|bluesky|linkedin|youtube|threads|tiktok|whatsapp)"
_BUTTON = (
    r"(?:share|save|print|e-?mail|bookmark|follow|copy link|(?:link )?copied(?: to clipboard)?|comments?|loading\.*"
    rf"|mailto|facebook|twitter|whatsapp|telegram|linkedin|instagram|share on {_NETWORK})"
)

NOTICE = any_of(  # held against small letters
    # Tools
    rf"{_BUTTON}(?:[ |·•,/]+{_BUTTON}){{0,12}}|share (?:this|or comment)\b.{{0,140}}|follow us\b.{{0,80}}",
    rf"follow [\w .’'-]{{2,40}} (?:on {_NETWORK}\b|at @).{{0,80}}|follow [\w’'& ]{{2,40}} coverage\b.{{0,120}}",
    r"skip to (?:main )?content|(?:log|sign) ?in|register|watch live|(?:stay tuned|get in touch)\b.{0,120}",
    r"you can share this\b.{0,120}|home(?: ?[>›»/|] ?[\w &’'-]{2,40}){1,6}",  # "Home > World > Asia"
    r"listen(?: to (?:this )?article)?(?: \(?\d+ min\w*\)?)?|reading time:? .{0,20}|share full article|link",
    r"(?:view |leave a )?comments?(?: \(\d+\))?|\d+ (?:shares|comments)|back to top|(?:load|explore|show|see) more",
    r"key events|show key events only \(.{0,30}\)|show key events only|list of \d+ items|end of list",
    # Adverts
    r"(?:skip |this )?advertisement|scroll to continue|(?:article|story) continues (?:below|after)\b.{0,40}",
    r"report this ad|ad feedback|sponsored(?: content)?|paid post",
    # Other articles
    r"related (?:stories|articles|news|topics)\b.{0,80}|related content|suggested topics:?|recommended(?: stories)?",
    r"(?:read (?:more|next|also)|also read|see also|click here)\b.{0,140}|read (?:the )?full story\b.{0,20}",
    r"(?:our|we.re (?:pausing|ending|closing) (?:our|this)) live (?:coverage|blog)\b.{0,120}",
    r"live (?:blog|updates?|reporting)|most read|more on this story|newsletter|our standards:.{0,80}",
    # Pictures
    r"image|click to enlarge|photo \d+ ?/ ?\d+|\(?\w{2,8} graphic\)?|illustration by .{3,40}",
    r"purchase licensing rights.{0,30}",
    # Subscriptions and consent
    r"(?:sign up|subscribe)\b.{0,140}|thanks for reading\b.{0,80}|by signing up,? you agree\b.{0,160}",
    r"you have \d+ free articles?\b.{0,40}|already a subscriber\?.{0,40}|we use cookies\b.{0,200}",
    r"(?:please )?(?:turn on|enable) javascript\b.{0,120}",
    r"view (?:this e-?mail )?in (?:your )?browser|unsubscribe\b.{0,120}|you are receiving this e-?mail\b.{0,120}",
    r"a version of this article appear(?:s|ed) in print\b.{0,200}|this article (?:originally|first) appeared\b.{0,120}",
)

_LINKS = re.compile(
    r"(?:read more|more on this (?:story|topic)|more from .{2,40}|most (?:read|popular|viewed)"
    r"|related(?: (?:articles|content|coverage|links|news|reading|stories|topics|videos?))?"
    r"|read next|recommended(?: (?:for you|reading|articles|stories|videos))?|also read|see also"
    r"|you (?:may|might) also like|trending(?: now)?"
    r"|(?:latest|top) (?:news|stories)|what to read next|(?:media |press )?contacts?(?: information)?"
    r"|topics|persons|geography):?"
)


def links(paragraphs: Sequence[str]) -> set[int]:
    """Which paragraphs are a list of other articles: their titles, below a line that announces them.

    One alone before prose is the next part's heading: the links were left behind.
    """
    found: set[int] = set()
    run: list[int] | None = None
    for number, paragraph in enumerate(paragraphs):
        if _LINKS.fullmatch(paragraph.lower()):
            found.update(run or ())
            run = []
        elif run is not None and len(paragraph.split()) <= 16 and paragraph[-1] not in '.!:;,…”"':
            run.append(number)
        else:
            found.update(run if run and len(run) > 1 else ())
            run = None
    return found.union(run or ())
