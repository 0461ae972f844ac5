from __future__ import annotations

import codecs
import contextlib
import io
import json
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from framing import fetch, read
from framing.items import Corpus
from framing.limits import LIMITS
from framing.schema import FramingError

HTML = """<!doctype html><html><head><title>Bridge opens</title>
<meta property="og:site_name" content="Example Times"><meta property="article:published_time" content="2024-05-06">
</head><body><nav>Home | News</nav><article><h1>Bridge opens</h1>
<p>The new bridge over the river opened on Monday after six years of work, the city said in a statement to reporters.</p>
<p>Thousands of people walked across it in the first hours, and a band played on the northern bank until the evening.</p>
</article><script>alert(1)</script></body></html>"""


def only(source: Path) -> read.Article:
    (article,) = read.read(str(source))
    return article


def test_plain_text_is_kept_as_it_is(tmp_path: Path) -> None:
    text = " \ufeffA line.\r\n\r\nAnother\tone.\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    assert only(tmp_path / "a.txt").text == text


def test_html_gives_text_title_outlet_and_date(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(HTML)
    article = only(tmp_path / "a.html")
    assert article.text.startswith("Bridge opens\n")
    assert "alert" not in article.text
    assert (article.title, article.outlet, article.date) == ("Bridge opens", "Example Times", "2024-05-06")


def test_html_s_copyright_is_no_date(tmp_path: Path) -> None:
    page = HTML.replace('<meta property="article:published_time" content="2024-05-06">', "")
    (tmp_path / "a.html").write_text(page.replace("</body>", "<footer>© 2025 Example Times</footer></body>"))
    assert only(tmp_path / "a.html").date is None


def test_markdown_gives_its_text_and_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\r\ntitle: Bridge opens\r\nsource: 'Example Times'\r\ndate: 6 May 2024\r\n---\r\n# Bridge opens\n\n"
        "The **new** bridge [opened](http://x.example) on\nMonday.\n\n<script>alert(1)</script>\n\n- It rained.\n"
    )
    article = only(tmp_path / "a.md")
    assert article.text.startswith("Bridge opens\n\nThe new bridge opened on Monday.")
    assert (article.title, article.outlet, article.date) == ("Bridge opens", "Example Times", "2024-05-06")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('Kim hails "great victory"', 'Kim hails "great victory"'),
        ('"Great victory" hailed', '"Great victory" hailed'),
        ('"Great victory", says "Dear Leader"', '"Great victory", says "Dear Leader"'),
        (' "Kim hails a victory" ', "Kim hails a victory"),
        (r'"Kim hails \"great victory\""', 'Kim hails "great victory"'),
        ("'Kim''s victory'", "Kim's victory"),
        ("\"Kim's victory'", "\"Kim's victory'"),
        ('"', '"'),
    ],
)
def test_front_matter_loses_only_the_marks_around_a_value(tmp_path: Path, written: str, title: str) -> None:
    (tmp_path / "a.md").write_text(f"---\ntitle: {written}\n---\nHe said so.\n")
    assert only(tmp_path / "a.md").title == title


def test_json_lines_give_an_article_a_line(tmp_path: Path) -> None:
    rows = [{"text": "One.", "outlet": "AP", "id": 7}, {"text": "Two.", "date": "2020"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = list(read.read(str(tmp_path / "a.jsonl")))
    assert [(a.text, a.outlet, a.date) for a in found] == [("One.", "AP", None), ("Two.", None, "2020")]
    assert found[0].path == "7"


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.txt").write_text("B.")
    (tmp_path / "sub" / "a.md").write_text("A.")
    (tmp_path / "note.pdf").write_text("not read")
    assert [a.text for a in read.read(str(tmp_path))] == ["B.", "A."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_encodings_that_say_so_are_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffAsí fue.".encode(encoding))
    assert only(tmp_path / "a.txt").text == "Así fue."
    assert not only(tmp_path / "a.txt").notes


def test_an_assumed_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Así fue “todo”.".encode("cp1252"))
    article = only(tmp_path / "a.txt")
    assert article.text == "Así fue “todo”."
    assert "Windows-1252" in article.notes[0]


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n", "empty"),
        ("a.jsonl", b'{"text": "cut \\ud83d"}', "half a character"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("a.txt", b"%PDF-1.7 stuff", "binary"),
        ("a.txt", codecs.BOM_UTF32_LE + b"a\0\0", "begins like utf-32-le"),
        ("a.jsonl", b"\n \n", "empty"),
        ("a.txt", bytes(range(1, 32)) * 20 + b"\xff", "binary"),
        ("a.html", b"<html><body></body></html>", "no article text"),
        ("a.md", b"<!-- only a comment -->", "no text in this Markdown"),
        ("a.jsonl", b'{"text": "fine"}\n{"txt": "x"}', 'a.jsonl:2: no "text"'),
        ("a.jsonl", b'{"text": "fine", "title": {"a": 1}}', "a.jsonl:1: the title is no text"),
        ("a.jsonl", b"{oops", "a.jsonl:1: not JSON"),
        ("a.jsonl", b'["text"]', 'a.jsonl:1: no "text"'),
    ],
)
def test_bad_input_is_refused_in_one_line(tmp_path: Path, name: str, body: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(FramingError, match=message) as caught:
        list(read.read(str(tmp_path / name)))
    assert str(tmp_path / name) in str(caught.value)


def test_missing_and_empty_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FramingError, match="no such file"):
        list(read.read(str(tmp_path / "none.txt")))
    with pytest.raises(FramingError, match="no articles in this folder"):
        list(read.read(str(tmp_path)))


@pytest.mark.parametrize("source", ["*.txt", "a.parquet"])
def test_what_only_a_batch_reads_is_said(source: str) -> None:
    with pytest.raises(FramingError, match="in a batch"):
        list(read.read(source))


def test_a_huge_file_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as handle:
        handle.truncate(50_000_000)
    with pytest.raises(FramingError, match="larger than the limit of 10 MB"):
        list(read.read(str(tmp_path / "a.txt")))


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"Hello there.")))
    (article,) = read.read("-")
    assert article.text == "Hello there."


def test_an_article_checked_twice_is_the_same() -> None:
    once = read.from_text("Published 3 May 2017\n\nHe said so.", date="yesterday", path="a")
    assert once.date == "2017-05-03"
    assert once.notes == ("a: date 'yesterday' read as none, the text's is 2017-05-03",)
    assert read.checked(once) == once


@pytest.mark.parametrize("name", ["a.shtml", "a.php", "a.txt", "a"])
def test_a_page_is_one_whatever_its_file_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / "b.html").write_text(HTML)
    (tmp_path / name).write_text(f'<?xml version="1.0"?>\n<!-- saved -->\n{HTML}')
    assert only(tmp_path / name).text == only(tmp_path / "b.html").text


def test_a_page_is_read_in_the_encoding_it_names(tmp_path: Path) -> None:
    page = HTML.replace("<head>", '<head><meta charset="gbk">').replace("bridge", "“bridge”")
    assert "“" in page
    (tmp_path / "a.html").write_bytes(page.encode("gbk"))
    article = only(tmp_path / "a.html")
    assert "“bridge”" in article.text
    assert "gbk" in article.notes[0]


def test_what_was_assumed_of_json_lines_is_said_line_by_line_as_in_a_batch(tmp_path: Path) -> None:
    lines = ['{"text": "Fine."}', '{"text": "Así fue."}', '{"text": "Él.", "date": "yesterday", "path": "p"}']
    file = tmp_path / "a.jsonl"
    file.write_bytes(lines[0].encode() + b"\n" + "\n".join(lines[1:]).encode("cp1252") + b"\r\n")
    found = list(read.read(str(file)))
    assert [a.text for a in found] == ["Fine.", "Así fue.", "Él."]
    assert [len(a.notes) for a in found] == [0, 1, 2]
    assert found[1].notes == (f"{file}:2: not UTF-8 (byte 12), read as Windows-1252",)
    assert found[2].notes[1] == "p: date 'yesterday' read as none"
    (shard,) = Corpus((str(file),)).shards(9)
    assert [item.read(LIMITS) for item in shard.items] == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_json_lines_in_encodings_that_say_so_are_read_one_by_one_and_in_a_batch(tmp_path: Path, encoding: str) -> None:
    # Of U+0A0A, U+010A and U+0D0A a byte is that of a line's end.
    texts = ["Así fue.", "\u0a0a\u010a\u0d0a", "\u0a0a" * 200_000, "Él."]
    body = "\ufeff \r\n\n" + "\r\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in texts)
    file = tmp_path / "a.jsonl"
    file.write_bytes(body.encode(encoding))
    found = list(read.read(str(file)))
    assert [(a.text, a.path, a.notes) for a in found] == [(t, f"{file}:{n}", ()) for n, t in enumerate(texts, 3)]
    corpus = Corpus((str(file),))
    (shard,) = corpus.shards(9)
    assert [item.read(LIMITS) for item in shard.items] == found
    assert corpus.survey(lambda _: None).articles == len(texts)


def test_a_line_that_is_not_in_the_encoding_its_file_says_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(codecs.BOM_UTF16_LE + '{"text": "One."}\n'.encode("utf-16-le") + b"\0\xd8{\0")
    (shard,) = Corpus((str(file),)).shards(9)
    assert shard.items[0].read(LIMITS).text == "One."
    for work in (lambda: list(read.read(str(file))), lambda: shard.items[1].read(LIMITS)):
        with pytest.raises(FramingError, match=r"a\.jsonl:2: begins like utf-16-le but does not go on so"):
            work()


def test_a_servers_word_on_the_encoding_goes_before_the_pages() -> None:
    page = '<meta charset="gbk"> “bridge”'.encode("windows-1252")
    assert "“bridge”" not in read.decode(page, "a")[0]
    text, notes = read.decode(page, "a", "text/html; charset=windows-1252")
    assert "“bridge”" in text
    assert "windows-1252" in notes[0]
    assert read.decode(page, "a", "text/html; charset=rot13") == read.decode(page, "a")


@pytest.mark.parametrize("url", ["http://[::1", "http://example.org:abc/", "http://example.org:99999/"])
def test_addresses_that_are_none_are_refused(url: str) -> None:
    with pytest.raises(FramingError, match="not an address"):
        fetch.fetch(url, 1000)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://localhost:80/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://[fec0::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[64:ff9b:1::1]/",
        "http://[::10.0.0.1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://224.0.0.1/",
    ],
)
def test_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(FramingError, match="private address"):
        fetch.fetch(url, 1000)


def test_a_server_that_drips_its_headers_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            talk, _ = server.accept()
            with talk, contextlib.suppress(OSError):
                for _ in range(100):
                    talk.sendall(b"H")
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(FramingError, match="not read in"):
            fetch.fetch(f"http://127.0.0.1:{server.getsockname()[1]}/", 1000, private=True)
        assert time.monotonic() - began < 5


def test_utf_32_is_not_taken_for_utf_16(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Él said so.", encoding="utf-32")
    assert only(tmp_path / "a.txt").text == "Él said so."


@pytest.mark.parametrize("field", ["text", "title", "outlet", "date"])
def test_half_a_character_is_refused(field: str) -> None:
    row = {"text": "He said so.", field: "x \ud800"}
    with pytest.raises(FramingError, match="half a character"):
        read.from_row(row, "a.jsonl:1")


def test_an_id_of_zero_names_an_article_and_odd_bytes_in_a_path_are_text() -> None:
    assert read.from_row({"text": "He said so.", "id": 0}, "a.jsonl:1").path == "0"
    assert read.from_row({"text": "He said so.", "outlet": float("nan")}, "a.jsonl:1").outlet is None
    (article,) = read.read_bytes(b"He said so.", "caf\udce9.txt", ".txt")
    assert article.path == "caf\ufffd.txt"


def test_a_page_that_breaks_off_is_not_taken_for_a_whole_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            for _ in range(2):
                talk, _ = server.accept()
                with talk:
                    talk.recv(4096)
                    talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nHe said so.")

        threading.Thread(target=answer, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(FramingError, match="broken off, 89 bytes are missing"):
            fetch.fetch(url, 1000, private=True)
        assert fetch.fetch(url, 5, private=True)[0] == b"He sai"  # too long as it is


def test_the_next_address_is_tried_where_the_first_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        known = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]
        monkeypatch.setattr(fetch.socket, "getaddrinfo", lambda *_, **__: known)

        def answer() -> None:
            talk, _ = server.accept()
            with talk:
                talk.recv(4096)
                talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nHe said so.")

        threading.Thread(target=answer, daemon=True).start()
        assert fetch.fetch(f"http://example.org:{port}/", 1000, private=True)[0] == b"He said so."


@pytest.mark.parametrize("key", ["path", "id"])
def test_an_empty_cell_names_no_article_and_a_list_is_no_name(key: str) -> None:
    assert read.from_row({"text": "He said so.", key: float("nan")}, "a.jsonl:1").path == "a.jsonl:1"
    with pytest.raises(FramingError, match=f"^a.jsonl:1: the {key} is no text$"):
        read.from_row({"text": "He said so.", key: ["a"]}, "a.jsonl:1")
