"""What is said on a terminal: one line a thing, and nothing in it that steers the terminal."""

from __future__ import annotations

import re
import sys

WIDTH = 80  # columns that text is wrapped at

# Control and direction characters could rewrite the screen they are shown on.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


def clean(text: str) -> str:
    """Text without line breaks and without characters that steer a terminal."""
    return _CONTROL.sub("\ufffd", " ".join(text.split()))


def tell(message: str) -> None:
    """Say something to the user on stderr; articles may have had a hand in it, in a path or an id."""
    print(f"framing: {clean(message)}", file=sys.stderr)
