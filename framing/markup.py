"""What every HTML page of framing is made of: escaping, marks, the bar of shares, the document and its policy.

Whatever comes from an article goes through `shown`, `isolated` or `plain`: escaped, with characters
that are not seen, or turn the direction of writing, spelled out.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from framing.schema import LABELS, Label, ModelInfo, Tagged, letter

PROVISO = "A sentence’s provenance is not its truth."
_BUCKETS = (0.5, 0.65, 0.8, 0.9)  # confidences at which a tint gets stronger
# What is not seen, or turns or hides what is: controls (tab and line breaks apart), bidi, zero width, fillers, tags.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U0001fffe\U0001ffff\U000e0000-\U000e0fff\U0010fffe\U0010ffff]"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def shown(value: str) -> str:
    """A text of the article as markup: escaped, hidden characters in boxes."""
    return _HIDDEN.sub(lambda m: f'<span class="cp" dir="ltr">{_spelled(m)}</span>', escape(value))


def plain(value: str) -> str:
    """A text of the article on one line, for where no markup can stand: attributes and the title."""
    return _HIDDEN.sub(_spelled, escape(" ".join(value.split())))


def _spelled(match: re.Match[str]) -> str:
    return f"⟦U+{ord(match[0]):04X}⟧"


def isolated(value: str) -> str:
    """A text of the article as markup, kept apart from the direction of writing around it."""
    return f"<bdi>{shown(value)}</bdi>"


def words(code: str) -> str:
    """A code such as state_media as words."""
    return shown(code.replace("_", " "))


def label_name(label: Label) -> str:
    """A label as words."""
    return words(label).capitalize()


def percent(share: float) -> str:
    """A share in percent."""
    return f"{share:.0%}"


def badge(label: Label) -> str:
    """A label's letter on its shape."""
    return f'<span class="b {letter(label)}">{letter(label)}</span>'


def tint(tagged: Tagged) -> str:
    """The classes that tint a sentence: label, confidence, doubt."""
    bucket = 1 + sum(tagged.confidence >= edge for edge in _BUCKETS)
    return f"{letter(tagged.label)} c{bucket}" + " u" * tagged.uncertain


def share_bar(shares: dict[str, float]) -> str:
    """The shares of the three labels as one bar."""
    parts, x = [], 0.0
    for label in LABELS:
        width = 100 * shares.get(label, 0.0)
        parts.append(f'<rect class="{letter(label)}" x="{x:.2f}%" width="{width:.2f}%" height="100%" />')
        if width >= 9:
            place = f'x="{x + width / 2:.2f}%" y="50%" dy=".36em"'
            parts.append(f'<text class="{letter(label)}" {place}>{letter(label)}</text>')
        x += width
    told = ", ".join(f"{words(label)} {percent(shares.get(label, 0.0))}" for label in LABELS)
    return f'<svg class="bar" role="img" aria-label="{told}">{"".join(parts)}</svg>'


def footer(models: Iterable[ModelInfo]) -> str:
    """The models a page rests on, and what no model says."""
    rows = "".join(
        f"<p>Model {isolated(m.name)}, version {isolated(m.version)}, SHA-256 <code>{shown(m.sha256)}</code></p>"
        for m in models
    )
    return f'<footer class="foot" lang="en"><p><strong>{PROVISO}</strong></p>{rows}</footer>'


@cache
def _style() -> tuple[str, str]:
    """The style sheet and its hash for the content security policy."""
    style = files("framing").joinpath("page.css").read_text(encoding="utf-8")
    return style, b64encode(sha256(style.encode()).digest()).decode()


def document(title: str, body: str, language: str) -> str:
    """A whole page; its policy lets nothing in but its own style sheet."""
    style, digest = _style()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    lang = language if _LANGUAGE.fullmatch(language) else "en"
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{lang}">\n<head>\n<meta charset="utf-8" />\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}" />\n'
        '<meta name="referrer" content="no-referrer" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"<title>{plain(title)} – framing</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )
