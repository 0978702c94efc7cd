"""Ways to write a story as mark-up, and the noise that stands around it on real pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from .stories import Block, Story

Figure = Callable[[str, str, str], str]

NOISE = {
    "nav": "Front page Politics Culture Weather Puzzles",
    "newsletter": "Sign up for our weekly letter and never miss a tide",
    "cookie": "We use cookies to improve your experience",
    "comment": "First comment! I walked there as a child and the planks were louder.",
    "teasers": (
        "Council votes to keep the night bus after all",
        "How a retired baker mapped every hedge in the county",
        "Opinion: let the sirens sing at noon again",
        "Seven islands you can reach without a car",
    ),
    "footer": "All rights reserved. Imprint and privacy notice",
    "promo": "The podcast that opened the archive of the ferry company. LISTEN",
}


def figure(src: str, alt: str, caption: str) -> str:
    words = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><img src="{escape(src)}" alt="{escape(alt)}" width="900" height="600">{words}</figure>'


def div_figure(src: str, alt: str, caption: str) -> str:
    words = f'<div class="media__caption_x2">{escape(caption)}</div>' if caption else ""
    return f'<div class="media__wrap_9a"><div class="media__inner"><img src="{escape(src)}" alt="{escape(alt)}"></div>{words}</div>'


def block(item: Block, figure_as: Figure = figure, paragraph: str = "<p>{}</p>") -> str:
    kind, value = item
    if kind == "p":
        return paragraph.format(value)
    if kind in ("h2", "h3"):
        return f"<{kind}>{escape(value)}</{kind}>"
    if kind in ("ul", "ol"):
        return f"<{kind}>" + "".join(f"<li>{escape(each)}</li>" for each in value) + f"</{kind}>"
    if kind == "figure":
        return figure_as(*value)
    if kind == "table":
        head, *rows = value
        cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
    if kind == "quote":
        return f"<blockquote><p>{escape(value)}</p></blockquote>"
    if kind == "pre":
        return f'<pre><code class="language-{value[0]}">{escape(value[1])}</code></pre>'
    raise ValueError(kind)


def blocks(story: Story, figure_as: Figure = figure, paragraph: str = "<p>{}</p>", between: dict[int, str] | None = None) -> str:
    """The story's blocks, with `between[n]` put after the n-th."""
    parts = []
    for number, item in enumerate(story.blocks):
        parts.append(block(item, figure_as, paragraph))
        parts.append((between or {}).get(number, ""))
    return "\n".join(part for part in parts if part)


def lead(story: Story, figure_as: Figure = figure) -> str:
    return figure_as(*story.lead) if story.lead else ""


def nav() -> str:
    links = "".join(f'<li><a href="/{word.lower()}">{word}</a></li>' for word in NOISE["nav"].split())
    return f'<header class="site-header"><a class="logo" href="/">Home</a><nav class="main-nav"><ul>{links}</ul></nav></header>'


def share(story: Story) -> str:
    word = story.labels.get("share", "Share on Facebook")
    return (
        f'<div class="share-bar"><a href="https://social.example/s?u=1">{word}</a> <a href="https://social.example/t">Tweet</a>'
        ' <a href="mailto:?subject=x">Send in e-mail</a> <button>Print</button></div>'
    )


def related(story: Story) -> str:
    items = "".join(
        f'<article class="teaser"><a href="/story/{n}"><img src="/thumb/{n}.jpg" alt=""><h3>{escape(text)}</h3></a></article>'
        for n, text in enumerate(NOISE["teasers"])
    )
    return f'<aside class="related-stories"><h2>{story.labels.get("related", "Related stories")}</h2>{items}</aside>'


def newsletter(story: Story) -> str:
    words = story.labels.get("subscribe", NOISE["newsletter"])
    return f'<div class="newsletter-box"><p>{words}</p><form><input type="email"><button>OK</button></form></div>'


def promo() -> str:
    return f'<p><a href="/podcast/ferry">{NOISE["promo"]}</a></p>'


def comments() -> str:
    return f'<section id="comments" class="comments"><h2>Comments</h2><div class="comment"><p>{NOISE["comment"]}</p></div></section>'


def footer(story: Story) -> str:
    return f'<footer class="site-footer"><p>© {escape(story.site)}. {NOISE["footer"]}</p></footer>'


def json_ld(story: Story, **more: object) -> str:
    told: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.time or story.date,
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "Organization", "name": story.site},
        **more,
    }
    return f'<script type="application/ld+json">{json.dumps(told, ensure_ascii=False)}</script>'


def open_graph(story: Story, description: str = "") -> str:
    tags = {"og:title": story.title, "og:site_name": story.site, "og:type": "article"}
    if description:
        tags["og:description"] = description
    if story.lead:
        tags["og:image"] = story.lead[0]
    return "".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in tags.items())


def page(story: Story, body: str, head: str = "", *, title: str | None = None, lang: str | None = None, attributes: str = "") -> str:
    name = f"{story.title} | {story.site}" if title is None else title
    language = story.language if lang is None else lang
    direction = ' dir="rtl"' if story.direction == "rtl" else ""
    return (
        f'<!doctype html>\n<html lang="{language}"{direction}{attributes}>\n<head><meta charset="utf-8">'
        f"{f'<title>{escape(name)}</title>' if name else ''}\n{head}</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
