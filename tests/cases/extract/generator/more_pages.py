"""More shapes: those whose text differs from the plain story, walls and stubs, forums and lists, and the seed article."""

from __future__ import annotations

from dataclasses import replace

from .markup import NOISE, blocks, comments, div_figure, figure, footer, json_ld, lead, nav, newsletter, open_graph, page, related, share
from .pages import PAGES, Case, case, plain_head
from .stories import BRIDGE, COMPILER, HARVEST, INTERVIEW, ISLAND, Story, p

LIVE = replace(
    ISLAND,
    title="Storm on the outer islands: as it happened",
    lead=None,
    blocks=p(
        "20:41 The mayor says that the last of the residents of Hamre have reached the school in Sund, and that everybody has been counted twice.",
        "19:30 The grid operator confirms that the cable has parted in the Tarr sound. Nineteen hundred households are without power, and repair ships cannot leave port before Wednesday.",
        "18:05 Gusts of 160 kilometres an hour have been measured at the Ness light. The harbour master has closed both quays and asks everybody to stay away from the containers.",
        "17:12 The evening ferry has been cancelled. Passengers who are stranded on the mainland may sleep in the old customs house, where the volunteers are lighting the stove.",
        "16:20 Reports of a power cut on the three outer islands are coming in. The telephone exchange at Sund is running on its batteries.",
    ),
)


@case("live-blog", LIVE)
def _(s: Story) -> str:
    posts = "".join(
        f'<div class="live-post"><h3 class="time">{text[:5]}</h3><div class="post-text"><p>{text[6:]}</p></div>{share(s)}</div>'
        for _, text in s.blocks
    )
    return page(s, f'{nav()}<main><h1>{s.title}</h1><div class="live-feed">{posts}</div></main>{related(s)}{footer(s)}', json_ld(s, **{"@type": "LiveBlogPosting"}))


_GALLERY = [(f"/media/gallery/walk-{n}-1000.jpg", f"View {n}", f"Station {n} of the old towpath, photographed in the {season}.") for n, season in enumerate(("spring", "summer", "autumn", "winter"), 1)]
GALLERY = replace(
    HARVEST, title="A year along the towpath in four pictures", standfirst="", lead=None,
    blocks=p("The towpath between the lock and the paper mill is four kilometres long, and I have walked it with the same camera on the first Sunday of every month for a year.")
    + tuple(("figure", each) for each in _GALLERY)
    + p("Nothing much happens there, which is the point. The reeds grow, somebody cuts them, and the heron moves from one side of the weir to the other."),
)  # fmt: skip


@case("gallery", GALLERY)
def _(s: Story) -> str:
    return page(s, f"{nav()}<article><h1>{s.title}</h1><div class='gallery-story'>{blocks(s)}</div></article>{related(s)}{footer(s)}", plain_head(s))


@case("gallery-divs", GALLERY)
def _(s: Story) -> str:
    return page(s, f"{nav()}<div class='post'><h1>{s.title}</h1><div class='post-content'>{blocks(s, div_figure)}</div></div>{related(s)}{footer(s)}", plain_head(s))


LIST = replace(
    INTERVIEW, title="Five benches worth a detour", standfirst="", lead=None, authors=("Nia Farrow",),
    blocks=p("Benches are the cheapest buildings a town can own, and the ones it thinks about least. These five were thought about.")
    + tuple(
        item
        for n, (name, text) in enumerate(
            (
                ("The tram driver's bench, Orlo", "It stands where the line used to end, and drivers still park themselves there between shifts. The left armrest is worn to the width of a forearm, and nobody has dared to replace it."),
                ("The long oak at Vell", "Eleven metres from a single trunk, with room for a school class. It was felled by a storm and moved forty steps to where you find it now."),
                ("The hospital roof", "Ask at the desk for the key. There is only one bench up there and it faces away from the car park, towards the hills."),
                ("Platform nine", "The station has eight platforms. The bench stands on the embankment where the ninth was planned, and it is swept every morning."),
                ("The bench with a view of the other bench", "A joke by a sculptor that became a place to wave at strangers. Both benches are usually taken on Sundays."),
            ), 1,
        )
        for item in (("h2", f"{n}. {name}"), ("p", text))
    ),
)  # fmt: skip


@case("list-article", LIST)
def _(s: Story) -> str:
    return page(s, f"{nav()}<main><h1>{s.title}</h1><p class='author-line'>By {s.authors[0]}</p><div class='listicle'>{blocks(s)}</div></main>{related(s)}{footer(s)}", plain_head(s))


STUB = replace(ISLAND, blocks=ISLAND.blocks[:1], lead=None)


@case("paywall-stub", STUB, signs=["paywall"], must_not=["Subscribe to continue reading"])
def _(s: Story) -> str:
    wall = '<div class="paywall"><h3>Subscribe to continue reading</h3><p>Already a subscriber? <a href="/login">Log in</a>. From $2 a week, cancel any time you like.</p></div>'
    return page(s, f"{nav()}<article><h1>{s.title}</h1><div class='story'>{blocks(s)}</div>{wall}</article>{related(s)}{footer(s)}", json_ld(s, isAccessibleForFree=False) + open_graph(s))


CONSENT = replace(
    ISLAND, title="Before you continue", authors=(), date="", time="", lead=None,
    blocks=p("We and our 412 partners use cookies to store and access personal data. With your consent we show personalised ads and content. Accept all cookies or choose privacy settings. Some partners rely on legitimate interest."),
)  # fmt: skip


@case("consent-wall", CONSENT, signs=["consent-wall"], authors=[], must_not=[])
def _(s: Story) -> str:
    return page(s, f"<div class='box'><h1>{s.title}</h1><p>{s.blocks[0][1]}</p><button>Accept all</button><button>Reject all</button></div>", f'<meta property="og:site_name" content="{s.site}">')


FORUM = replace(
    COMPILER, title="My sourdough smells of acetone, what now?", site="Crumb Talk", authors=("millstone_77",), date="2022-08-14",
    blocks=p(
        "I have kept this starter for six years and never had trouble until the heat in July. Since then it smells of nail varnish about four hours after feeding, and the bread has become flat and sour.",
        "I feed it once a day with equal weights of rye flour and water, and it lives on the windowsill. Should I throw it away and begin again, or can it be saved?",
        "It is hungry, not ill. At thirty degrees a starter eats a day's flour in five hours and then begins to complain. Feed it twice a day, or move it to the cellar, and the smell will be gone by Thursday.",
        "Agreed. I would also drop the share of old starter: ten grams to a hundred of flour and a hundred of water. It sounds mean, but in summer it is all it needs.",
    ),
)  # fmt: skip


@case("forum-thread", FORUM, authors=None, date=None)
def _(s: Story) -> str:
    posts = "".join(
        f'<div class="post" id="p{n}"><div class="post-author"><a href="/u/{n}">user{n}</a></div><div class="post-body"><p>{text}</p></div></div>'
        for n, (_, text) in enumerate(s.blocks)
    )
    return page(s, f"{nav()}<h1>{s.title}</h1><div class='thread'>{posts}</div>{footer(s)}", f'<meta property="og:site_name" content="{s.site}">')


@case("question-and-answer", replace(FORUM, site="Ask the Kitchen"), authors=None, date=None)
def _(s: Story) -> str:
    (_, ask1), (_, ask2), (_, one), (_, two) = s.blocks
    body = f"""{nav()}<div id="question-header"><h1>{s.title}</h1></div><div class="question"><div class="s-prose"><p>{ask1}</p><p>{ask2}</p></div></div>
<div id="answers"><h2>2 Answers</h2><div class="answer"><div class="s-prose"><p>{one}</p></div></div><div class="answer"><div class="s-prose"><p>{two}</p></div></div></div>{footer(s)}"""
    return page(s, body, f'<meta property="og:site_name" content="{s.site}">')


WIKI = replace(
    HARVEST, title="Lindmouth Bridge", standfirst="", lead=None, authors=(), date="", time="", site="Openpedia",
    blocks=p("The <b>Lindmouth Bridge</b> is a swing bridge over the estuary of the Lind, built between 1884 and 1887 and rebuilt after a collision in 2015. It carries a road, a footpath and, until 1951, carried a tramway.")
    + (("h2", "History"),)
    + p("The bridge replaced a chain ferry that had been licensed in 1640. Its designer, the engineer Agnes Pell, chose a swing span because the shipyard upstream refused to accept any limit on the height of masts.")
    + (("h2", "Dimensions"), ("table", [["Part", "Length", "Weight"], ["East span", "48 m", "310 t"], ["West span", "48 m", "305 t"], ["Approach", "120 m", "n/a"]]))
    + p("The spans are turned by hand in an emergency, which takes eleven people about forty minutes. This was last done in the winter of 1963, when the hydraulic oil froze."),
)  # fmt: skip


@case("wiki-page", WIKI, authors=[])
def _(s: Story) -> str:
    text = blocks(s).replace("</h2>", '</h2><span class="mw-editsection">[<a href="/edit">edit</a>]</span>')
    body = f"""<div id="mw-navigation">{NOISE["nav"]}</div><div id="content"><h1 id="firstHeading">{s.title}</h1><div id="bodyContent"><div class="mw-parser-output">{text}</div></div></div>{footer(s)}"""
    return page(s, body, f'<meta property="og:site_name" content="{s.site}">', title=f"{s.title} - Openpedia")


@case("newsletter-tables", replace(ISLAND, lead=None), authors=None)
def _(s: Story) -> str:
    rows = "".join(f'<tr><td style="padding:10px"><p style="font-size:16px">{text}</p></td></tr>' for _, text in s.blocks)
    body = f"""<table width="100%"><tr><td align="center"><table width="600"><tr><td><h1>{s.title}</h1></td></tr>{rows}
<tr><td><p>You receive this letter because you signed up for it. <a href="/u">Unsubscribe</a></p></td></tr></table></td></tr></table>"""
    return page(s, body, json_ld(s))


@case("br-paragraphs", replace(ISLAND, lead=None))
def _(s: Story) -> str:
    text = "<br><br>\n".join(text for _, text in s.blocks)
    return page(s, f"{nav()}<div id='main'><h1>{s.title}</h1><font size='3'>{text}</font></div>{footer(s)}", plain_head(s))


@case("segments-between-advertisements", replace(HARVEST, standfirst=""))
def _(s: Story) -> str:
    ad = '<div class="ad-slot"><p>Advertisement</p></div>'
    parts = "".join(f'<div class="chunk"><div class="col">{blocks(replace(s, blocks=(item,)))}</div></div>{ad if n % 3 == 2 else ""}' for n, item in enumerate(s.blocks))
    return page(s, f"{nav()}<article><h1>{s.title}</h1>{lead(s)}<div class='chunks'>{parts}</div></article>{related(s)}{footer(s)}", plain_head(s))


@case("embedded-player-and-post", replace(BRIDGE, standfirst=""), must=["youtube.com/watch?v=aBcDeFgHiJk", "The owls have voted"],
      more_text=["The owls have voted, and they would like the cabin. — Harbour owls (@harbourowls) March 18, 2024"])
def _(s: Story) -> str:
    post = '<blockquote class="twitter-tweet"><p>The owls have voted, and they would like the cabin.</p>— Harbour owls (@harbourowls) <a href="https://social.example/1">March 18, 2024</a></blockquote>'
    player = '<div class="video-embed"><iframe src="https://www.youtube.com/embed/aBcDeFgHiJk" title="The opening of the bridge"></iframe></div>'
    return page(s, f"{nav()}<article><h1>{s.title}</h1>{lead(s)}{blocks(s, between={2: player, 7: post})}</article>{footer(s)}", plain_head(s))


@case("infinite-scroll", replace(BRIDGE, standfirst=""))
def _(s: Story) -> str:
    other = "".join(f"<p>{text}</p>" for text in (
        "A second story has been loaded below the first, as readers scroll, and it is about something else entirely.",
        "It has paragraphs of its own, which an archive must not mix up with the article that was clipped."))
    return page(s, f"{nav()}<main><article class='story'><h1>{s.title}</h1>{lead(s)}<div class='story-text'>{blocks(s)}</div></article><aside class='next-up related'><h2>{NOISE['teasers'][1]}</h2>{other}</aside></main>{footer(s)}", plain_head(s))


@case("comments-longer-than-article", replace(COMPILER))
def _(s: Story) -> str:
    many = "".join(f'<div class="comment"><p>{NOISE["comment"]} And I have a good deal more to say about it, which I shall do at some length, in several sentences, number {n}.</p></div>' for n in range(30))
    return page(s, f"{nav()}<article><h1>{s.title}</h1><div class='post-body'>{blocks(s)}</div></article><section id='comments'>{many}</section>{footer(s)}", json_ld(s))
