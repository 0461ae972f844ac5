"""Annotated → one self-contained HTML page, and an index of several.

The pages run no script and fetch nothing; a content security policy says so. Whatever comes from an
article is escaped, and characters that are not seen or turn the direction of writing are spelled out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from framing.layout import Layout, Piece, layout
from framing.markup import (
    badge,
    document,
    footer,
    isolated,
    label_name,
    percent,
    plain,
    share_bar,
    shown,
    tint,
    words,
)
from framing.schema import LABELS, Annotated, Article, Span, Summary, Tagged, Term, letter

DENSE = 36  # more sentences than this, and the cells of the strip are too low for letters at 720 px
_GRADES = ("plain", "coloured", "propagandistic")
_MEANING = (
    "rests on the word of a state that controls its news media",
    "rests on the reporter, a record or a source outside such a state",
    "an inference: motive, meaning, forecast or judgement",
)
_DOUBT = "uncertain: below the model’s threshold, or the named source contradicts the label"
_OUTLETS = {"state": "state outlet", "independent": "independent outlet", "unknown": "unknown outlet"}


def to_html(annotated: Annotated) -> str:
    """One article as a page of its own: laid out as it was, every sentence tinted by its label."""
    article, found = annotated.article, layout(annotated)
    title = _title(article)
    body = (
        f'<div class="page" tabindex="-1">\n'
        f"{_header(annotated, title)}\n"
        f'<main class="sheet">\n{_summary(annotated)}\n{_strip(annotated.sentences)}\n'
        f"{_article(article, found)}\n{_apparatus(annotated.summary, found)}\n</main>\n"
        f"{footer([annotated.model])}\n</div>"
    )
    return document(title, body, article.language)


def index(pages: Sequence[tuple[str, Annotated]]) -> str:
    """The summaries of several pages side by side; each comes with its path relative to the index."""
    rows = "\n".join(_index_row(href, annotated) for href, annotated in pages)
    heads = "".join(
        f'<th scope="col"{kind}>{name}</th>'
        for name, kind in (
            ("Article", ""),
            *((name, ' class="n"') for name in ("Sentences", "S", "I", "A")),
            ("Shares", ""),
            *((name, ' class="n"') for name in ("Loading", "Adopted", "Quoted")),
            ("Rests most on", ""),
            ("Notes", ""),
        )
    )
    key = " ".join(f"<span>{badge(label)} {label_name(label)}</span>" for label in LABELS)
    models = list(dict.fromkeys(annotated.model for _, annotated in pages))
    title = f"{len(pages)} article{'s' * (len(pages) != 1)}"
    body = (
        f'<div class="page wide">\n<header class="top"><p class="kicker"><b>framing</b></p><h1>{title}</h1>'
        f'<p class="key">{key}</p></header>\n<main>\n<table>\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>\n</main>\n{footer(models)}\n</div>"
    )
    return document(title, body, "en")


# The page around the article


def _title(article: Article) -> str:
    """The title, else the name of the file or address it was read from."""
    return article.title or (article.path or "").rstrip("/").rpartition("/")[2] or "Untitled article"


def _header(annotated: Annotated, title: str) -> str:
    article, model = annotated.article, annotated.model
    headlines = {" ".join(t.sentence.text.split()) for t in annotated.sentences if t.sentence.kind == "headline"}
    plainly = not article.title or " ".join(title.split()) in headlines  # small: the article has it, or it is a name
    facts = [f"{isolated(article.outlet)} ({_OUTLETS[annotated.outlet_class]})"] if article.outlet else []
    facts += [isolated(article.date)] if article.date else []
    facts.append(f"read by {isolated(model.name)} {isolated(model.version)}")
    return (
        f'<header class="top{" plain" * plainly}" lang="en">'
        '<p class="kicker"><b>framing</b> <a href="#legend">How to read this page</a></p>'
        f'<h1 dir="auto">{shown(title)}</h1>'
        f'<p class="facts">{" ".join(f"<span>{fact}</span>" for fact in facts)}</p></header>'
    )


def _summary(annotated: Annotated) -> str:
    summary = annotated.summary
    doubtful = sum(t.uncertain for t in annotated.sentences)
    rows = "".join(
        f"{badge(label)}<span>{label_name(label)}</span>"
        f'<span class="n">{percent(summary.shares.get(label, 0.0))}</span>'
        for label in LABELS
    )
    counted = f"{summary.sentences} sentence{'s' * (summary.sentences != 1)}"
    counted += f", {doubtful} of them uncertain" if doubtful else ""
    notes = [*map(isolated, summary.notes), *(f"The reader: {isolated(note)}" for note in annotated.article.notes)]
    listed = "".join(f"<li>{note}</li>" for note in notes)
    told = _section("Notes", f'<ul class="notes">{listed}</ul>' if notes else "")
    return (
        f'<section class="side" lang="en" aria-label="Summary"><h2>{counted}</h2>{share_bar(summary.shares)}'
        f'<div class="rows">{rows}</div>{told}</section>'
    )


def _section(title: str, content: str) -> str:
    return f"<h2>{title}</h2>{content}" if content else ""


def _pairs(title: str, pairs: dict[str, str]) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in pairs.items())
    return _section(title, f'<dl class="pairs">{rows}</dl>' if rows else "")


def _strip(sentences: Sequence[Tagged]) -> str:
    cells = []
    for number, tagged in enumerate(sentences, 1):
        told = _told(number, tagged)
        sign = f"<span>{letter(tagged.label)}{'?' * tagged.uncertain}</span>"
        cells.append(
            f'<li><a class="{tint(tagged)}" href="#s{number}" title="{told}" aria-label="{told}">{sign}</a></li>'
        )
    dense = " dense" * (len(cells) > DENSE)
    return (
        f'<nav class="strip{dense}" lang="en" aria-label="Sentences from top to bottom"><ol>{"".join(cells)}</ol></nav>'
    )


def _told(number: int, tagged: Tagged) -> str:
    told = f"Sentence {number}: {words(tagged.label)}, {percent(tagged.confidence)}"
    return told + ", uncertain" * tagged.uncertain


# The article


def _article(article: Article, found: Layout) -> str:
    blocks = []
    for block in found.blocks:
        name = {"headline": "h2", "subhead": "h3"}.get(block.kind, "p")
        kind = "skip" if block.kind == "boilerplate" else block.kind
        inner, end = [], block.pieces[0].start
        for piece in block.pieces:
            inner.append(" " * (piece.start > end))
            inner.append(_piece(article.text, piece, found))
            end = piece.end
        blocks.append(f'<{name} class="{kind}" dir="auto">{"".join(inner)}</{name}>')
    joined = "\n".join(blocks)
    return f'<article class="article">\n{joined}\n</article>'


def _piece(text: str, piece: Piece, found: Layout) -> str:
    terms = piece.tagged.loading.terms if piece.tagged else ()
    marked = "".join(_run(text, a, b, terms, found) for a, b in found.runs(piece))
    if piece.tagged is None:
        return f'<span class="skip">{marked}</span>'
    tagged, number = piece.tagged, piece.number
    sign = f"{letter(tagged.label)}{'?' * tagged.uncertain}{'+' * tagged.loading.grade}"
    # Not a <button>: as an atom of the line it could stand alone at a line's end, apart from its sentence.
    button = (
        f'<span class="b" role="button" tabindex="0" dir="ltr" lang="en" aria-label="{_told(number, tagged)}"'
        f' aria-describedby="k{number}">{sign}</span>'
    )
    return (
        f'<span class="s {tint(tagged)}" id="s{number}" tabindex="-1">{button}{_card(number, tagged, found)}'
        f'<span class="t">{marked}</span>{_back(tagged, found)}</span>'
    )


def _run(text: str, start: int, end: int, terms: Sequence[Term], found: Layout) -> str:
    """A stretch under the same marks throughout, so that marks which overlap still nest."""
    markup = shown(text[start:end])
    if term := _inner(terms, start, end):
        told = plain(_term(term))
        markup = f'<mark class="term {term.stance}" title="{told}">{markup}</mark>'
    opened = found.opened.get(start, ())
    span = found.mention(start, end)
    if span:
        own = f' id="{found.anchor(span)}"' if span in opened else ""
        to = _target(span, found)
        markup = f'<a class="src"{own} href="#{to}">{markup}</a>' if to else f'<span class="src"{own}>{markup}</span>'
    shadowed = "".join(f'<span id="{found.anchor(other)}"></span>' for other in opened if other != span)
    return shadowed + markup


def _inner(terms: Iterable[Term], start: int, end: int) -> Term | None:
    """The shortest term over a stretch."""
    return min((t for t in terms if t.start <= start and end <= t.end), key=lambda t: t.end - t.start, default=None)


def _target(span: Span, found: Layout) -> str | None:
    """Where a source mention leads: the first sentence that inherits it, else its row in the table."""
    if heirs := found.heirs.get(span):
        return f"s{heirs[0]}"
    row = found.rows.get(found.entities[span])
    return f"source{row}" if row else None


def _term(term: Term) -> str:
    whose = {"quoted": "quoted", "distanced": "not the writer's own", "adopted": "adopted by the writer"}[term.stance]
    return f"{term.technique.replace('_', ' ')}, {whose}" + (f": {term.reason}" if term.reason else "")


def _back(tagged: Tagged, found: Layout) -> str:
    """The way back from a sentence that inherits its source to the mention of it."""
    source = tagged.source
    if source is None or not source.inherited or (source.start, source.end) not in found.homes:
        return ""
    span = (source.start, source.end)
    number = found.sentence(span)
    told = f"Source carried over from {f'sentence {number}' if number else 'above'}: {plain(source.entity)}"
    return (
        f'<a class="back" dir="ltr" lang="en" href="#{found.anchor(span)}" title="{told}" aria-label="{told}">'
        f"↑{number or ''}</a>"
    )


def _card(number: int, tagged: Tagged, found: Layout) -> str:
    """What is known of a sentence, shown on hover and focus."""
    doubt = f"<span>{_DOUBT}</span>" if tagged.uncertain else ""
    head = f"{number}. {label_name(tagged.label)}, {percent(tagged.confidence)}"
    scores = "".join(
        f'<span class="score{" first" * (i == 0)}"><span>{label_name(label)}</span><svg aria-hidden="true">'
        f'<rect class="{letter(label)}" width="{100 * score:.1f}%" height="100%" /></svg>'
        f"<span>{percent(score)}</span></span>"
        for i, (label, score) in enumerate(zip(LABELS, tagged.scores, strict=True))
    )
    loading = tagged.loading
    lines = [f'<span class="part">Wording: {_GRADES[loading.grade]}, {loading.score:.2f}</span>']
    lines += [f"<span>“{isolated(term.text)}” – {shown(_term(term))}</span>" for term in loading.terms]
    lines += _source_lines(number, tagged, found)
    return (
        f'<span class="card" id="k{number}" role="note" dir="ltr" lang="en"><span class="name">{head}</span>'
        f"{doubt}{scores}{''.join(lines)}</span>"
    )


def _source_lines(number: int, tagged: Tagged, found: Layout) -> list[str]:
    source = tagged.source
    if source is None:
        return []
    span = (source.start, source.end)
    line = f"Source: “{isolated(source.text)}”, {isolated(source.entity)} ({words(source.cls)})"
    line += f", cue “{isolated(source.cue)}”" if source.cue else ""
    if source.inherited and span in found.homes:
        origin = found.sentence(span)
        where = f"sentence {origin}" if origin else "above"
        line += f'; carried over from <a href="#{found.anchor(span)}">{where}</a>'
    lines = [f'<span class="part">{line}</span>']
    heirs = [heir for heir in found.heirs.get(span, ()) if heir != number]
    if heirs and not source.inherited:
        lines.append(f'<span class="jumps">Carried over to {_jumps(heirs)}</span>')
    return lines


def _jumps(numbers: Iterable[int]) -> str:
    return " ".join(f'<a href="#s{number}">{number}</a>' for number in numbers)


# Below and beside the article


def _apparatus(summary: Summary, found: Layout) -> str:
    rows = "".join(
        f'<tr id="source{row}"><td>{isolated(source.entity)}<br /><span class="soft">{words(source.cls)}</span></td>'
        f'<td class="n">{source.sentences}</td>'
        f'<td class="jumps">{_jumps(found.users.get(source.entity, ()))}</td></tr>'
        for row, source in enumerate(summary.sources, 1)
    )
    heads = '<th scope="col">Source</th><th scope="col" class="n">Count</th><th scope="col">Sentences</th>'
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    loading = {
        "Mean, from 0 to 1": f"{summary.loading_mean:.2f}",
        "Sentences with adopted terms": percent(summary.loading_adopted),
        "Sentences with quoted terms": percent(summary.loading_quoted),
    }
    reliance = {words(name).capitalize(): percent(share) for name, share in summary.reliance.items()}
    parts = (_pairs("Rests on", reliance), _section("Sources", table), _pairs("Loaded wording", loading), _legend())
    return f'<section class="side" lang="en" aria-label="Sources and wording">{"".join(parts)}</section>'


def _legend() -> str:
    labels = "".join(f"<p>{badge(label)} {label_name(label)}: {_MEANING[i]}.</p>" for i, label in enumerate(LABELS))
    shades = " ".join(
        f'<span class="t I c{bucket}">{sure}%</span>' for bucket, sure in enumerate((40, 60, 75, 85, 95), 1)
    )
    return (
        f'<div class="legend" id="legend"><h2>How to read this page</h2>{labels}'
        f"<p>{shades} The stronger the tint, the surer the model.</p>"
        '<p><span class="b I u">I?</span> <span class="t I u">hatched</span> '
        "Uncertain: too close to call, or at odds with its source.</p>"
        '<p><span class="b S">S+</span> coloured wording, <span class="b S">S++</span> propagandistic.</p>'
        '<p><span class="src">underlined</span> Who vouches for it; leads to where the source carries over. '
        "A small ↑ leads back.</p>"
        '<p><span class="term adopted">solid</span> A loaded term the writer adopts; '
        '<span class="term quoted">dotted</span> one that is quoted or held at a distance.</p>'
        '<p class="live">Point at a sentence, tap it, or tab to its letter for its scores.</p>'
        '<p><span class="skip">Grey</span> Not a sentence of the article; skipped.</p></div>'
    )


def _index_row(href: str, annotated: Annotated) -> str:
    article, summary = annotated.article, annotated.summary
    # Quoted and led by "./", so that no path can name another scheme or host.
    path = "./" + quote(href, errors="surrogateescape")
    title = _title(article)
    facts = ", ".join(isolated(fact) for fact in (article.outlet, article.date) if fact)
    top = "; ".join(f"{isolated(s.entity)} ({s.sentences})" for s in summary.sources[:3])
    figures = [("Sentences", str(summary.sentences))]
    figures += [(letter(label), percent(summary.shares.get(label, 0.0))) for label in LABELS]
    loaded = [
        ("Loading", f"{summary.loading_mean:.2f}"),
        ("Adopted", percent(summary.loading_adopted)),
        ("Quoted", percent(summary.loading_quoted)),
    ]
    return (
        f'<tr><td><a class="story" href="{path}">{isolated(title)}</a><br /><span class="soft">{facts}</span></td>'
        f"{_figures(figures)}<td>{share_bar(summary.shares)}</td>{_figures(loaded)}"
        f'<td class="words" data-name="Rests most on">{top}</td>'
        f'<td class="words" data-name="Notes">{" ".join(map(isolated, summary.notes))}</td></tr>'
    )


def _figures(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<td class="n" data-name="{name}">{value}</td>' for name, value in pairs)
