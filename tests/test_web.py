"""What mark-up tells of its text: title, standfirst, captions, headings, lists, tables, notes."""

from __future__ import annotations

from framing.read import read_bytes
from framing.schema import Article
from framing.split import split

P1 = "Norland signed a ten-year gas supply deal with Ostria on Wednesday, the energy ministry said in a statement."
P2 = "Ostria had asked for a tenth more than Norland was ready to pay, two people close to the talks said later on."
P3 = "The ministry did not disclose the price, and a spokesman for it did not answer calls on Wednesday evening."


def page(body: str, head: str = "<title>Norland signs gas deal</title>") -> Article:
    (article,) = read_bytes(
        f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode(), "a", ".html"
    )
    return article


def kinds(article: Article) -> list[tuple[str, str]]:
    found, left = split(article)
    return [(s.kind, s.text) for s in sorted((*found, *left), key=lambda s: s.start)]


def test_captions_above_and_in_the_article_are_read() -> None:
    article = page(
        "<main><article><h1>Norland signs gas deal</h1><div class='lead'><figure><img src='a'><figcaption>Pipes lie at the"
        " port of Turku. <span>REUTERS/Kim Roe</span> <a>Purchase Licensing Rights</a></figcaption></figure></div>"
        f"<div class='article-body'><p>OSLO (Reuters) - {P1}</p><div class='captioned-image'><figure><img src='b'>"
        f"<figcaption>The price of gas</figcaption></figure></div><p>{P2}</p><div class='wp-caption'><img src='c'>"
        f"<p class='wp-caption-text'>A tanker at sea</p></div><p>{P3}</p></div></article></main>"
        "<aside><figure><img src='d'><figcaption>Another story</figcaption></figure></aside>"
    )
    assert kinds(article) == [
        ("headline", "Norland signs gas deal"),
        ("caption", "Pipes lie at the port of Turku."),
        ("boilerplate", "REUTERS/Kim Roe"),
        ("boilerplate", "OSLO (Reuters) -"),
        ("body", P1),
        ("caption", "The price of gas"),
        ("body", P2),
        ("caption", "A tanker at sea"),
        ("body", P3),
    ]


def test_headings_lists_quotations_and_tables_are_what_the_page_says() -> None:
    article = page(
        f"<article><h1>Norland signs gas deal</h1><ul><li>Ten years of supply</li><li>Price too high, say critics</li></ul>"
        f"<p>{P1}</p><h2>‘Nobody sleeps here’</h2><p>{P2}</p><blockquote><p>Cheap gas for ever</p></blockquote>"
        "<table><tr><th>Year</th><th>Price</th></tr><tr><td>2025</td><td>31</td></tr></table>"
        f"<table><tr><td>{P3} {P3}</td></tr></table></article>"
    )
    assert kinds(article) == [
        ("headline", "Norland signs gas deal"),
        ("body", "Ten years of supply"),
        ("body", "Price too high, say critics"),
        ("body", P1),
        ("subhead", "‘Nobody sleeps here’"),
        ("body", P2),
        ("body", "Cheap gas for ever"),
        ("boilerplate", "Year | Price"),
        ("boilerplate", "2025 | 31"),
        ("body", P3),
        ("body", P3),
    ]


def test_a_standfirst_stands_below_the_title() -> None:
    body = "<h1>Norland signs gas deal</h1><div class='news-header__lead'>Critics say the price is too high</div>"
    article = page(f"{body}<div class='text-content'><p>{P1}</p><p>{P2}</p><p>{P3}</p></div>")
    assert kinds(article)[:3] == [
        ("headline", "Norland signs gas deal"),
        ("subhead", "Critics say the price is too high"),
        ("body", P1),
    ]


def test_notes_are_marked_in_the_text_and_skipped_below_it() -> None:
    article = page(
        f"<article><h1>Norland signs gas deal</h1><p>{P1}<sup><a href='#fn1'>1</a></sup> {P2}<sup>[2]</sup></p><p>{P3}</p>"
        "<h2>Notes</h2><ol><li id='fn1'>Ministry of Energy, 4 March 2026. <a>↩</a></li><li>Ibid.</li></ol></article>"
    )
    assert kinds(article) == [
        ("headline", "Norland signs gas deal"),
        ("body", f"{P1}¹"),
        ("body", f"{P2}[2]"),
        ("body", P3),
        ("boilerplate", "Notes"),
        ("boilerplate", "Ministry of Energy, 4 March 2026. ↩"),
        ("boilerplate", "Ibid."),
    ]
    footnote = (
        "<div class='footnote'><a>1</a><div class='footnote-content'><p>Statement of the ministry, May.</p></div></div>"
    )
    found = kinds(
        page(f"<article><h1>Norland signs gas deal</h1><p>{P1}</p><p>{P2}</p><p>{P3}</p>{footnote}</article>")
    )
    assert found[-1] == ("boilerplate", "1 Statement of the ministry, May.")


def test_lines_that_breaks_part_are_paragraphs() -> None:
    article = page(
        f"<h1>Norland signs gas deal</h1><div class='text'><b>Briefing of the ministry</b><br><br>{P1}<br><br>{P2}<br>{P3}</div>"
    )
    assert [text for _, text in kinds(article)][1:] == ["Briefing of the ministry", P1, P2, P3]


def test_lines_that_breaks_part_are_not_lost_behind_a_heading() -> None:
    article = page(
        f"<h1>Norland signs gas deal</h1><div class='text'>{P1}<br><br>{P2}<h3>Roads</h3>{P3}<br><h3>Ways</h3>"
        "Nobody else was <i>asked</i> about it.<br>Nor was he.</div>"
    )
    texts = [P1, P2, "Roads", P3, "Ways", "Nobody else was asked about it.", "Nor was he."]
    assert [text for _, text in kinds(article)][1:] == texts


def test_an_exported_channel_gives_its_name_and_day() -> None:
    message = (
        "<div class='message default'><div class='body'><div class='date details' title='05.05.2026 09:10:11'>09:10</div>"
        "<div class='media_wrap clearfix'>Photo<br>Not included, change data exporting settings to download.</div>"
        "<div class='text'><strong>Briefing of the ministry</strong><br><br>{}<br><br>{}</div></div></div>"
    )
    article = page(
        "<div class='page_header'><div class='text bold'>Ministry of Energy</div></div><div class='history'>"
        f"{message.format(P1, P2)}{message.format(P2, P3)}</div>",
        "<title>Exported Data</title>",
    )
    assert (article.title, article.outlet) == (None, "Ministry of Energy")
    assert kinds(article)[0] == ("headline", "Briefing of the ministry")
    assert not [text for _, text in kinds(article) if "Exported" in text or "settings" in text]


def test_a_page_with_a_page_header_is_no_exported_channel() -> None:
    article = page(
        f"<div class='page_header'><div class='header-text'>World</div></div><h1>Talks resume</h1><p>{P1}</p><p>{P2}</p>",
        "<title>Talks resume</title><meta property='og:site_name' content='Norland Daily'>",
    )
    assert (article.title, article.outlet) == ("Talks resume", "Norland Daily")


def test_a_post_of_a_channel_is_its_channel_s() -> None:
    head = "<title>Ministry</title><meta property='og:title' content='Ministry'><meta property='og:site_name' content='Telegram'>"
    article = page(
        f"<div class='tgme_widget_message_text'><b>Summary of the day</b><br/><br/>{P1}<br/><br/>{P2}</div>", head
    )
    assert (article.title, article.outlet) == (None, "Ministry")
    assert kinds(article) == [("headline", "Summary of the day"), ("body", P1), ("body", P2)]


def test_a_picture_s_credit_tells_its_caption() -> None:
    caption = "Norland’s President Erik Dahl meets with Otto Lind in Lunden, May 6, 2026."
    found = split(Article(f"Norland pledges ties\n\n{caption} (Xinhua/Li Ming)\n\nLUNDEN (Xinhua) -- {P1}\n\n{P2}"))[0]
    assert [(s.kind, s.text) for s in found[:2]] == [("headline", "Norland pledges ties"), ("caption", caption)]


def test_a_title_is_the_page_s_own_heading_and_what_follows_names_the_outlet() -> None:
    article = page(
        f"<article><h1>Talks resume</h1><p>{P1}</p><p>{P2}</p></article>",
        "<meta property='og:title' content='Talks resume | Yonhap News Agency'>",
    )
    assert (article.title, article.outlet) == ("Talks resume", "Yonhap News Agency")
    assert kinds(article) == [("headline", "Talks resume"), ("body", P1), ("body", P2)]


def test_a_page_s_headline_is_one_whatever_it_looks_like() -> None:
    heading = "Offensive Campaign Assessment, Turku, July 3"
    article = page(f"<h1>{heading}</h1><p>{P1}</p><p>{P2}</p>", f"<title>{heading}</title>")
    assert kinds(article)[0] == ("headline", heading)


def test_adverts_are_left_out_and_a_body_with_their_class_is_not() -> None:
    advert = "<div class='ad-container'><p>Save 40% on your next cruise.</p></div>"
    article = page(
        f"<h1>Norland signs gas deal</h1><div class='story has-ads'><p>{P1}</p>{advert}<p>{P2}</p><p>{P3}</p></div>"
    )
    assert kinds(article) == [("headline", "Norland signs gas deal"), ("body", P1), ("body", P2), ("body", P3)]


def test_other_articles_beside_the_article_are_left_out_and_a_body_with_their_class_is_not() -> None:
    long = [
        f"{part.removesuffix('.')}, in a text that it put on its website in three languages." for part in (P1, P2, P3)
    ]
    teasers = "<div class='related-stories'><h3>More from us</h3><p>The war and the price of your heating this winter</p></div>"
    link = "<p><a href='/2'>Read: Why Ostria pays more than its neighbours</a></p>"
    link += "<ul><li><figure><figcaption><a href='/4'>The king's new boat</a></figcaption></figure></li></ul>"
    article = page(
        f"<h1>Norland signs gas deal</h1><div class='story related'><p>{long[0]}</p>{link}{teasers}"
        f"<p><a href='/3'>{long[1][:30]}</a>{long[1][30:]}</p><p>{long[2]}</p></div>"
    )
    assert kinds(article) == [("headline", "Norland signs gas deal"), *(("body", part) for part in long)]


def test_a_picture_s_own_text_is_not_read_beside_its_caption() -> None:
    text = "# Bridge opens\n\n![Crowds on the bridge](b.jpg)\nCrowds on the bridge on Sunday.\n\nIt rained.\n"
    (article,) = read_bytes(text.encode(), "a", ".md")
    assert [s.text for s in split(article)[0]] == ["Bridge opens", "Crowds on the bridge on Sunday.", "It rained."]


def test_markdown_tells_headings_pictures_and_lists() -> None:
    text = (
        "# Bridge opens\n\n![Crowds on the new bridge](b.jpg)\n\nIt rained.[^1]\n\n## “No toll for years”\n\n- No toll\n"
        "- Two lanes\n\n| Year | Toll |\n|------|------|\n| 2024 | 0 |\n\n> It is free.\n\n[^1]: City hall, May 2024.\n"
    )
    (article,) = read_bytes(text.encode(), "a", ".md")
    found, left = split(article)
    assert [(s.kind, s.text) for s in found] == [
        ("headline", "Bridge opens"),
        ("caption", "Crowds on the new bridge"),
        ("body", "It rained.[^1]"),
        ("subhead", "“No toll for years”"),
        ("body", "No toll"),
        ("body", "Two lanes"),
        ("body", "It is free."),
    ]
    assert [s.text for s in left] == ["Year | Toll", "2024 | 0", "[^1]: City hall, May 2024."]
