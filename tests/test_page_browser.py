"""The injection test in headless Chromium (Debian's `chromium`); skipped where it is not installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pages
import pytest
from lxml import html
from test_evaluation_reports import hostile as hostile_evaluation

from framing import evaluation_page
from framing.page import index, to_html

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --enable-logging=stderr"
).split()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium")


def dump(page: str, folder: Path) -> tuple[html.HtmlElement, str]:
    """Open a page in Chromium; return the document as it stands afterwards, and the browser's log."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return html.document_fromstring(done.stdout.decode()), done.stderr.decode(errors="replace")


def test_the_browser_would_run_what_is_injected(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><title>calm</title>" + "".join(pages.ATTACKS[:2])
    document, _ = dump(page, tmp_path)
    assert document.findtext(".//title") == "pwned"


def test_the_policy_stops_what_slips_through(tmp_path: Path) -> None:
    page = to_html(pages.plain()).replace("</footer>", "".join(pages.ATTACKS[:2]) + "</footer>")
    document, log = dump(page, tmp_path)
    assert document.findtext(".//title") == "Heroes hailed – framing"
    assert "Content Security Policy" in log


@pytest.mark.parametrize("kind", ["page", "index"])
def test_nothing_is_injected(tmp_path: Path, kind: str) -> None:
    hostile = pages.hostile()
    page = to_html(hostile) if kind == "page" else index([("javascript:alert(1)", hostile)])
    document, log = dump(page, tmp_path)
    title = document.findtext(".//title")
    assert title != "pwned"
    assert title == ("1 article – framing" if kind == "index" else html.document_fromstring(page).findtext(".//title"))
    for name in ("script", "img", "iframe", "base", "object", "embed", "form", "link"):
        assert not list(document.iter(name))
    for element in document.iter("*"):
        assert not [name for name in element.attrib if name.startswith("on") or name in ("style", "src", "srcdoc")]
        assert element.get("href", "#").startswith(("#", "./javascript%3A"))
    assert len(document.findall(".//meta")) == 4
    # the style sheet's hash is right: the browser refused nothing
    assert "Content Security Policy" not in log


def test_nothing_is_injected_into_an_evaluation(tmp_path: Path) -> None:
    document, log = dump(evaluation_page.to_html(hostile_evaluation()), tmp_path)
    assert document.findtext(".//title") != "pwned"
    assert len(document.findall(".//svg")) == 5
    for element in document.iter("*"):
        assert element.tag not in ("script", "img", "iframe", "base", "object", "embed", "form", "link", "a")
        assert not [
            name for name in element.attrib if name.startswith("on") or name in ("style", "src", "srcdoc", "href")
        ]
    assert "Content Security Policy" not in log
