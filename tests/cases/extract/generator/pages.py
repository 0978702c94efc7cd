"""The pages: each a story in one real-world shape. `PAGES` maps a name to what `make.py` writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from . import world
from .markup import (
    NOISE, blocks, comments, div_figure, figure, footer, json_ld, lead, nav, newsletter, open_graph, page, promo,
    related, share,
)  # fmt: skip
from .stories import BRIDGE, COMPILER, HARVEST, INTERVIEW, ISLAND, POLICY, RECIPE, Block, Story

ADDRESS = "https://www.gazette.example/2024/03/story"
ALL_NOISE = (NOISE["comment"], NOISE["cookie"], NOISE["footer"], *NOISE["teasers"])


@dataclass
class Case:
    story: Story
    html: str
    expected: dict[str, Any] = field(default_factory=dict)


PAGES: dict[str, Case] = {}


def case(name: str, story: Story, **expected: Any) -> Callable[[Callable[[Story], str]], Callable[[Story], str]]:
    def keep(write: Callable[[Story], str]) -> Callable[[Story], str]:
        PAGES[name] = Case(story, write(story), expected)
        return write

    return keep


def plain_head(story: Story) -> str:
    return open_graph(story, story.standfirst) + json_ld(story)


@case("news-semantic", BRIDGE, must_not=[NOISE["promo"], "Send in e-mail"])
def _(s: Story) -> str:
    body = f"""{nav()}<main><article><header><h1>{s.title}</h1><p class="standfirst">{s.standfirst}</p>
<p class="byline">By <a rel="author" href="/by/1">{s.authors[0]}</a> and <a rel="author" href="/by/2">{s.authors[1]}</a></p>
<time datetime="{s.time}">18 March 2024</time>{share(s)}</header>{lead(s)}
<div class="article-body">{blocks(s, between={1: promo()})}</div>{newsletter(s)}</article>{related(s)}{comments()}</main>{footer(s)}"""
    return page(s, body, plain_head(s))


@case("news-div-soup", BRIDGE, must_not=[NOISE["promo"], NOISE["newsletter"]])
def _(s: Story) -> str:
    body = f"""<div class="hdr"><div class="nav">{NOISE["nav"]}</div></div><div class="wrap"><div class="col-a">
<div class="ttl"><h1>{s.title}</h1></div><div class="sub-title">{s.standfirst}</div><div class="meta">By {s.authors[0]} and {s.authors[1]}</div>
{share(s)}{lead(s, div_figure)}<div class="txt">{blocks(s, div_figure, "<div>{}</div>", {2: promo()})}</div>{newsletter(s)}</div>
<div class="col-b sidebar">{related(s)}</div></div><div class="footer">{NOISE["footer"]}</div>"""
    return page(s, body, plain_head(s))


@case("news-hashed-classes", ISLAND)
def _(s: Story) -> str:
    body = f"""<div class="css-1q2w3e">{nav()}</div><div class="css-9z8y7x"><div class="css-aa11bb"><h1 class="css-t1tl3">{s.title}</h1>
<div class="css-by11n3">{s.authors[0]}</div>{share(s)}<div class="css-m3d1a">{lead(s)}</div>
<div class="css-b0dy">{blocks(s, paragraph='<p class="css-p4r4">{}</p>')}</div></div>
<div class="css-r3l">{related(s)}</div></div>{footer(s)}"""
    return page(s, body, plain_head(s))


@case("blog-wordpress", RECIPE)
def _(s: Story) -> str:
    body = f"""{nav()}<div id="content" class="site-content"><article class="post type-post hentry"><header class="entry-header">
<h1 class="entry-title">{s.title}</h1><span class="posted-on"><time class="entry-date published" datetime="{s.date}T08:00:00+00:00">9 October 2020</time></span>
<span class="author vcard"><a class="url fn n" href="/author/yael/">{s.authors[0]}</a></span></header>
<div class="entry-content"><p><img class="aligncenter size-large wp-image-12" src="{s.lead[0]}" alt="{s.lead[1]}" width="1024" height="683"></p>
{blocks(s)}</div><div class="sharedaddy">{share(s)}</div></article>{comments()}</div>
<aside id="secondary" class="widget-area"><h2>Recent posts</h2><ul><li><a href="/a">{NOISE["teasers"][0]}</a></li></ul></aside>{footer(s)}"""
    return page(s, body, open_graph(s) + f'<meta property="article:published_time" content="{s.date}T08:00:00+00:00"><meta name="author" content="{s.authors[0]}">')


@case("recipe-schema", RECIPE)
def _(s: Story) -> str:
    told = json_ld(s, **{"@type": "Recipe", "name": s.title, "image": s.lead[0]})
    body = f"<main><h1>{s.title}</h1>{lead(s)}<section class='recipe'>{blocks(s)}</section>{newsletter(s)}</main>{related(s)}{footer(s)}"
    return page(s, body, told + open_graph(s))


@case("code-blog", COMPILER)
def _(s: Story) -> str:
    body = f"""{nav()}<div class="content"><h1>{s.title}</h1><p class="post-meta">{s.date}</p>{blocks(s)}</div>{footer(s)}"""
    return page(s, body, json_ld(s, **{"@type": "BlogPosting"}) + f'<meta property="og:site_name" content="{s.site}">')


@case("magazine-table", HARVEST)
def _(s: Story) -> str:
    body = f"""{nav()}<article class="feature"><div class="feature__head"><h1>{s.title}</h1><h2 class="dek">{s.standfirst}</h2>
<p>By <span itemprop="author">{s.authors[0]}</span></p></div>{lead(s)}<section>{blocks(s)}</section></article>{related(s)}{footer(s)}"""
    return page(s, body, plain_head(s))


@case("interview", INTERVIEW)
def _(s: Story) -> str:
    body = f"""{nav()}<main><h1>{s.title}</h1><p class="intro">{s.standfirst}</p><div class="byline">By {s.authors[0]}</div>{lead(s)}
<div class="story-body">{blocks(s)}</div></main>{related(s)}{footer(s)}"""
    return page(s, body, plain_head(s))


@case("government-notice", POLICY, authors=[])
def _(s: Story) -> str:
    body = f"""<div id="skip"><a href="#c">Skip to main content</a></div>{nav()}<div id="c" class="gov-content"><h1>{s.title}</h1>
<p class="date">Published 3 June 2019</p>{blocks(s)}<p><a href="/files/guidance.pdf">Guidance (PDF, 214 kB)</a></p></div>{footer(s)}"""
    return page(s, body, f'<meta name="dcterms.issued" content="{s.date}"><meta property="og:site_name" content="{s.site}">')


@case("press-release", POLICY, authors=[])
def _(s: Story) -> str:
    story_blocks = blocks(s)
    body = f"""{nav()}<section class="press-release"><h1>{s.title}</h1><div class="pr-body">{story_blocks}
<p>###</p></div></section>{footer(s)}"""
    return page(s, body, json_ld(s))


@case("amp-page", BRIDGE, must_not=[NOISE["newsletter"]])
def _(s: Story) -> str:
    def amp(src: str, alt: str, caption: str) -> str:
        words = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f'<figure><amp-img src="{src}" alt="{alt}" width="1200" height="800" layout="responsive"><noscript><img src="{src}"></noscript></amp-img>{words}</figure>'

    body = f"""<header><a href="/">{s.site}</a></header><article><h1>{s.title}</h1><p class="standfirst">{s.standfirst}</p>
<p class="byline">By {s.authors[0]} and {s.authors[1]}</p>{lead(s, amp)}<amp-ad width="300" height="250"></amp-ad>
{blocks(s, amp)}<amp-social-share type="twitter"></amp-social-share></article>{related(s)}{footer(s)}"""
    return page(s, body, plain_head(s) + f'<link rel="canonical" href="{ADDRESS}">', attributes=" amp")


@case("lazy-images", BRIDGE)
def _(s: Story) -> str:
    def lazy(src: str, alt: str, caption: str) -> str:
        return (
            '<figure class="pic"><img class="lazyload" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" '
            f'data-src="{src}" alt="{alt}"><figcaption>{caption}</figcaption></figure>'
        )

    body = f"""{nav()}<article><h1>{s.title}</h1><p class="standfirst">{s.standfirst}</p>{lead(s, lazy)}<div class="body">{blocks(s, lazy)}</div></article>{footer(s)}"""
    return page(s, body, plain_head(s))


@case("picture-srcset", BRIDGE, image_addresses=["https://www.gazette.example/r/1600/piles-divers.jpg"])
def _(s: Story) -> str:
    def picture(src: str, alt: str, caption: str) -> str:
        name = src.rsplit("/", 1)[-1].rsplit("-", 1)[0]
        return (
            f'<figure><picture><source type="image/webp" srcset="/r/400/{name}.jpg 400w, /r/1600/{name}.jpg 1600w, /r/800/{name}.jpg 800w">'
            f'<img src="/r/400/{name}.jpg" alt="{alt}"></picture><figcaption>{caption}</figcaption></figure>'
        )

    body = f"""{nav()}<article><h1>{s.title}</h1><p class="standfirst">{s.standfirst}</p>{lead(s, picture)}<div class="body">{blocks(s, picture)}</div></article>{footer(s)}"""
    return page(s, body, plain_head(s))


@case("noscript-images", BRIDGE)
def _(s: Story) -> str:
    def noscript(src: str, alt: str, caption: str) -> str:
        return f'<figure><span class="js-image" data-id="9"></span><noscript><img src="{src}" alt="{alt}"></noscript><figcaption>{caption}</figcaption></figure>'

    body = f"""{nav()}<article><h1>{s.title}</h1><p class="standfirst">{s.standfirst}</p>{lead(s, noscript)}<div class="body">{blocks(s, noscript)}</div></article>{footer(s)}"""
    return page(s, body, plain_head(s))


@case("json-ld-only-metadata", ISLAND)
def _(s: Story) -> str:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "@id": "#site", "name": s.site},
            {"@type": "Person", "@id": "#kirsten", "name": s.authors[0]},
            {"@type": ["Article", "NewsArticle"], "headline": s.title, "datePublished": s.time, "author": {"@id": "#kirsten"}, "publisher": {"@id": "#site", "@type": "Organization", "name": s.site}, "image": {"@type": "ImageObject", "url": s.lead[0]}},
        ],
    }
    body = f"""{nav()}<main><h2>{s.title}</h2>{lead(s)}{blocks(s)}</main>{related(s)}{footer(s)}"""
    return page(s, body, f'<script type="application/ld+json">{json.dumps(graph)}</script>', title=s.title)


@case("microdata", HARVEST)
def _(s: Story) -> str:
    body = f"""{nav()}<div itemscope itemtype="https://schema.org/Article"><h1 itemprop="headline">{s.title}</h1>
<p itemprop="alternativeHeadline">{s.standfirst}</p><span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">{s.authors[0]}</span></span>
<time itemprop="datePublished" datetime="{s.date}">5 Nov</time>{lead(s)}<div itemprop="articleBody">{blocks(s)}</div></div>{footer(s)}"""
    return page(s, body, f'<meta property="og:site_name" content="{escape(s.site)}">')


@case("no-title", ISLAND, title=None, authors=None, date=None, site=None)
def _(s: Story) -> str:
    return page(s, f"<div>{lead(s)}{blocks(s)}</div>", title="")


@case("deep-nesting", BRIDGE, signs=["deep"], authors=None, standfirst="")
def _(s: Story) -> str:
    body = f"<h1>{s.title}</h1>" + "<div>" * 400 + lead(s) + blocks(s) + "</div>" * 400
    return page(s, body, json_ld(s))


@case("inside-form", POLICY, authors=[])
def _(s: Story) -> str:
    body = f"""<form method="post" action="./default.aspx" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="{"dGVzdA" * 50}">
{nav()}<div id="ctl00_main"><h1>{s.title}</h1><div id="ctl00_main_body">{blocks(s)}</div></div>{footer(s)}</form>"""
    return page(s, body, json_ld(s))


@case("in-template", ISLAND)
def _(s: Story) -> str:
    body = f"""<header><a href="/">Home</a></header><div id="app">Loading…</div><template id="story"><article><h1>{s.title}</h1>{lead(s)}{blocks(s)}</article></template>"""
    return page(s, body, plain_head(s))


@case("footnotes", COMPILER, must=["The trick is older than the railway."], more_text=["1", "The trick is older than the railway. ↩"])
def _(s: Story) -> str:
    note = '<sup id="ref1"><a href="#fn1">1</a></sup>'
    text = blocks(s).replace("I like to begin with the machine,", f"I like to begin with the machine{note},")
    body = f"""{nav()}<article><h1>{s.title}</h1>{text}<ol class="footnotes"><li id="fn1">The trick is older than the railway. <a href="#ref1">↩</a></li></ol></article>{footer(s)}"""
    return page(s, body, json_ld(s))


@case("doubled-captions", BRIDGE)
def _(s: Story) -> str:
    def doubled(src: str, alt: str, caption: str) -> str:
        return f'<figure><img src="{src}" alt="{alt}"><figcaption><span>{caption}</span></figcaption></figure><p class="caption">{caption}</p>'

    body = f"""{nav()}<article><h1>{s.title}</h1><p class="standfirst">{s.standfirst}</p>{lead(s, doubled)}<div class="body">{blocks(s, doubled)}</div></article>{footer(s)}"""
    return page(s, body, plain_head(s))


@case("sidebar-heavy", HARVEST)
def _(s: Story) -> str:
    links = "".join(f'<li><a href="/l/{n}">{NOISE["teasers"][n % 4]} ({n})</a><p>A longer teaser that describes the piece in a sentence or two, number {n}.</p></li>' for n in range(40))
    body = f"""{nav()}<div class="row"><div class="col-left sidebar"><ul>{links}</ul></div><div class="col-main"><h1>{s.title}</h1><p class="dek">{s.standfirst}</p>{lead(s)}{blocks(s)}</div>
<div class="col-right sidebar"><ul>{links}</ul></div></div>{footer(s)}"""
    return page(s, body, plain_head(s))


def _world(name: str, story: Story) -> None:
    body = f"""{nav()}<main><article><h1>{story.title}</h1>{f'<p class="standfirst">{story.standfirst}</p>' if story.standfirst else ""}
{share(story)}{lead(story)}<div class="article-text">{blocks(story)}</div>{newsletter(story)}</article>{related(story)}</main>{footer(story)}"""
    unwanted = [story.labels["subscribe"], story.labels["related"]]
    PAGES[name] = Case(story, page(story, body, plain_head(story)), {"must_not": unwanted})


for _name, _story in (
    ("rtl-hebrew", world.HEBREW), ("rtl-arabic", world.ARABIC), ("rtl-persian", world.PERSIAN), ("chinese", world.CHINESE),
    ("japanese", world.JAPANESE), ("korean", world.KOREAN), ("russian", world.RUSSIAN), ("german", world.GERMAN),
    ("french", world.FRENCH), ("spanish", world.SPANISH),
):  # fmt: skip
    _world(_name, _story)


@case("wrong-language-declared", world.GERMAN)
def _(s: Story) -> str:
    return page(s, f"{nav()}<article><h1>{s.title}</h1><p class='lead intro'>{s.standfirst}</p>{blocks(s)}</article>", plain_head(s), lang="en")


@case("wrong-charset-declared", world.FRENCH)
def _(s: Story) -> str:
    text = page(s, f"{nav()}<article><h1>{s.title}</h1><p class='chapo'>{s.standfirst}</p>{blocks(s)}</article>", plain_head(s))
    return text.replace('charset="utf-8"', 'charset="iso-8859-1"')


def story_with(story: Story, *items: Block, **changes: Any) -> Story:
    from dataclasses import replace

    return replace(story, blocks=(*story.blocks, *items), **changes)
