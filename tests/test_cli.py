from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from command import framing, refused
from conftest import ROOT, SEEDS

from framing.fetch import fetch

TEXT = "Leader hails troops\n\nThe ministry said on Monday that it was ready. Analysts doubt it.\n"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT)
    return tmp_path / "a.txt"


def test_predict_prints_a_legible_page(article: Path) -> None:
    done = framing("predict", article, "--model", "baseline", "--outlet", "Yonhap")
    assert done.returncode == 0
    assert "Yonhap (independent)" in done.stdout
    assert "3 sentences:" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout


def test_predict_prints_json_by_the_contract(article: Path) -> None:
    done = framing("predict", article, "--model", "baseline", "--format", "json")
    found = json.loads(done.stdout)
    assert found["schema"] == "framing/1"
    for sentence in found["sentences"]:
        assert TEXT[sentence["start"] : sentence["end"]] == sentence["text"]
        assert sum(sentence["scores"].values()) == pytest.approx(1)


def test_json_lines_hold_an_article_each(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(TEXT)
    done = framing("predict", tmp_path, "--model", "baseline", "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(row["article"]["path"]).name for row in rows] == ["a.txt", "b.txt"]


def test_standard_input_and_a_file_for_output(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = framing("predict", "-", "--model", "baseline", "--format", "json", "-o", out, stdin=TEXT)
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads(out.read_text())["article"]["path"] == "-"


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("empty.txt", b"", "empty"),
        ("white.txt", b" \n\n", "empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0", "binary"),
        ("huge.txt", b"x" * 10_000_001, "larger than the limit of 10 MB"),
    ],
)
def test_bad_files_get_one_line_and_exit_2(tmp_path: Path, name: str, body: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(body)
    assert message in refused("predict", tmp_path / name, "--model", "baseline")


def test_missing_things_get_one_line_and_exit_2(tmp_path: Path, article: Path) -> None:
    assert "no such file" in refused("predict", tmp_path / "none.txt", "--model", "baseline")
    (tmp_path / "folder").mkdir()
    assert "no articles" in refused("predict", tmp_path / "folder", "--model", "baseline")
    assert "no model 'best'" in refused("predict", article, "--model", "best")
    assert "cannot be read as a registry" in refused(
        "predict", article, "--model", "baseline", "--registry", tmp_path / "no.tsv"
    )
    assert "No such file" in refused("predict", article, "--model", "baseline", "-o", tmp_path / "no" / "out.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_read_permission_is_refused(article: Path) -> None:
    article.chmod(0)
    assert "Permission denied" in refused("predict", article, "--model", "baseline")


def test_usage_errors_exit_2(article: Path) -> None:
    done = framing("predict", article, "--format", "pdf")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("model", ["baseline", "accurate"])
def test_a_damaged_or_swapped_model_is_refused(article: Path, tmp_path: Path, model: str) -> None:
    shutil.copytree(ROOT / "models" / model, tmp_path / "m")
    weights = max((tmp_path / "m").iterdir(), key=lambda p: p.stat().st_size)
    body = bytearray(weights.read_bytes())
    body[len(body) // 2] ^= 255
    weights.write_bytes(bytes(body))
    assert "not the digest" in refused("predict", article, "--model", tmp_path / "m")


def test_a_bad_article_leaves_no_output_behind(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT)
    (tmp_path / "in" / "b.txt").write_bytes(b"\0")
    assert "binary" in refused("predict", tmp_path / "in", "--model", "baseline", "-o", tmp_path / "out.txt")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in"]


def test_a_wrong_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Así fue, dijo él.".encode("cp1252"))
    done = framing("predict", tmp_path / "a.txt", "--model", "baseline")
    assert done.returncode == 0
    assert "read as Windows-1252" in done.stderr


@pytest.mark.parametrize("model", ["baseline", "accurate"])
@pytest.mark.parametrize(
    "text", ["Peace", "PEACE AT LAST. THE WAR IS OVER, SAYS THE KING.", "no headline here, just this."]
)
def test_odd_articles_work(tmp_path: Path, text: str, model: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    done = framing("predict", tmp_path / "a.txt", "--model", model, "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["sentences"]


def test_terminal_output_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hi\x1b[2J there\u202e reversed\x07.\r\n\nThe end\x9b31m came.")
    done = framing("predict", tmp_path / "a.txt", "--model", "baseline")
    assert not set("\x1b\x07\u202e\x9b") & set(done.stdout)


@pytest.mark.parametrize("command", ["predict", "train", "evaluate", "gate"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = framing(command, "--help")
    assert done.returncode == 0
    assert "Example: framing" in done.stdout
    assert f"framing {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_ten_thousand_sentences_work(tmp_path: Path) -> None:
    seed = SEEDS[0].read_text(encoding="utf-8")
    (tmp_path / "a.txt").write_text("\n\n".join([seed] * 800))
    done = framing("predict", tmp_path / "a.txt", "--model", "baseline", "--format", "json")
    assert len(json.loads(done.stdout)["sentences"]) > 9_000


def test_the_version_names_every_model_by_digest() -> None:
    done = framing("--version")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("framing ")
    assert {line.split()[0] for line in lines[1:]} >= {"accurate", "baseline"}
    assert all(len(line.split()[1]) == 64 for line in lines[1:])


@pytest.fixture
def url() -> Iterator[str]:
    """A page on this machine."""
    page = f"<html><body><article><p>{TEXT * 3}</p></article></body></html>".encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/новости"
        server.shutdown()


def test_pages_of_ones_own_network_are_read_only_when_allowed(url: str) -> None:
    assert "private address" in refused("predict", url, "--model", "baseline")
    done = framing("predict", url, "--model", "baseline", "--allow-private", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "ministry said" in done.stdout


def test_a_page_over_the_limit_is_told_what_the_limit_is(url: str) -> None:
    said = refused("predict", url, "--model", "baseline", "--allow-private", "--max-bytes", 100)
    assert said == f"framing: {url}: larger than the limit of 100 bytes (framing predict --max-bytes raises it)\n"
    assert len(fetch(url, 100, private=True)[0]) == 101
