"""A news page as a reader copied it, noise and all: once as plain text, once as the page it came from.

The shape is that of a real clip (share line doubled, caption doubled with its credit, a promotion among the paragraphs,
a registration pitch, other stories with their captions, a strip in another script, an end cut short); the words are ours.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from .markup import json_ld, open_graph, page
from .pages import PAGES, Case
from .stories import Story, p

CAPTION = "Fisheries Minister Anna Torvald, right, and Envoy Luis Carmo shake hands before their talks in Ostmark, October 9, 2020."
CLIP = Story(
    title="Velland Sends Patrol Boats to Disputed Strait Facing Renewed Fishing Clashes",
    standfirst="The deployment comes amid upcoming talks between Velland and Carmia and clashes this month between trawler crews and coast guards",
    authors=("The Coast Agency",),
    date="2020-10-12",
    time="2020-10-12T10:15:00+02:00",
    site="The Straits Herald",
    lead=("https://img.straitsherald.example/image/upload/w_1200/torvald-carmo.jpg", "Two ministers", CAPTION),
    blocks=p(
        "Velland said late on Sunday it had sent more patrol boats to an area in the northern strait where trawlers backed by Carmia have clashed with coast guards near a shipping lane watched by both navies.",
        "The deployment comes ahead of talks in Ostmark on Tuesday between Minister Anna Torvald and her counterpart, Luis Carmo. They are expected to focus in part on herring quotas, which both sides regard as a matter of honour.",
        "Quarrels between the crews erupted this month near the skerries of Hald, which lie on the route that links the two largest harbours of the region.",
        "Carmian vessels and their allies from the southern ports took over the eastern banks in a campaign last year against the small boats of Hald, which hold licences for the northern and western grounds.",
        "A senior Carmian official said the capital would use Tuesday's meeting to press its demand for the withdrawal of the small boats, which it calls a nuisance to navigation.",
        "\"The boats must leave the skerries and we are ready to take every step to this end,\" the official said, requesting anonymity.",
        "Captain Yosef Hamlin, spokesman for the trawler crews' association whose members fish closest to the skerries, told the agency that the small boats had used the shoals to cut dozens of nets this year.",
        "The small boats form the backbone of the Hald Cooperative, which in recent years brought back the herring with the help of university biologists. Carmia says the cooperative is close to smugglers on its own coast.",
        "The Vellish defence ministry said it had sent more patrol boats to the area on Sunday.",
        "\"Earlier, during negotiations with the Carmian side, agreements were reached on the placement of joint observation buoys. Additional units have arrived near the skerries today (Sunday) to step up efforts to calm the situation,\" it said.",
        "Hamlin said his crews had not seen any new deployment near the skerries so far.",
        "Velland, whose aircraft also patrol the strait, called on both sides to stop ramming each other and to step back.",
        "It said it had not recorded any collision with Carmian trawlers in the last 24 hours.",
    ),
)

PROMO = "How the harbour master pushed a fourth election, and how we found his secret ferry tickets. LISTEN"
OTHERS = (
    ("The Coral nebula, drawn in 2009 by the observatory at Pell.", "What If the Sea Never Actually Had a Bottom?"),
    ("Relatives wait during the search for four young sailors from the Nim family, who were lost in fog off the northern point, August 7.", "Why So Many Distress Flares Fail"),
    ("", "Harbours vs. Owners: The Costly Victories of the Dredging Lobby"),
    ("Minister Turla Visk speaks during a press conference in Sarn, in May.", "‘This Is Madness’: Embassy Memo Stirs a Storm on the Coast"),
    ("Boats take part in a parade off the Gant pier.", "Velland Rewards the Pilots for Their Restraint"),
)
STRIP = "נמל הצפון"
STRIP_TITLE = "'Strangers at My Mooring': Letters of an Expelled Pilot, Revealed"
PITCHES = ("Click the bell icon to follow topics:", "Automatic approval of subscriber comments.", "From $1 for the first month", "Already signed up? LOG IN")


def as_text() -> str:
    """What one gets by selecting the whole page and copying it."""
    lines = [CLIP.title, "", CLIP.standfirst, "", "Send in e-mailSend in e-mail", CAPTION, f"{CAPTION}Credit: ,CA", ""]
    for number, (_, text) in enumerate(CLIP.blocks):
        lines += [text, ""]
        if number == 1:
            lines += [PROMO, ""]
    lines += [PITCHES[0], "", "", "", *PITCHES[1:3], "", PITCHES[3], "", ""]
    for number, (caption, headline) in enumerate(OTHERS):
        lines += [line for line in (caption, "", headline, "") if line or lines[-1]]
        if number == 1:
            lines += [STRIP, "", STRIP_TITLE, "", ""]
    return "\n".join(lines).rstrip() + "\n"


def as_page() -> str:
    paragraphs = "".join(
        f'<p class="z-par">{escape(text)}</p>' + (f'<p class="z-par"><strong><a href="https://www.straitsherald.example/podcasts/1">{PROMO}</a></strong></p>' if n == 1 else "")
        for n, (_, text) in enumerate(CLIP.blocks)
    )
    share = '<div class="z-share"><ul><li><button>Send in e-mail</button><span>Send in e-mail</span></li></ul></div>'
    media = (
        f'<div class="z-media"><picture><img src="{CLIP.lead[0]}" alt="{CAPTION}"></picture>'
        f'<div class="z-caption"><span>{CAPTION}</span></div><div class="z-caption"><span>{CAPTION}</span><span>Credit: ,CA</span></div></div>'
    )
    strip = f'<div class="z-teaser"><img src="/t/strip.jpg" alt=""><div>{STRIP}</div><h4>{STRIP_TITLE}</h4></div>'
    others = "".join(f'<div class="z-teaser"><a href="/t/{n}"><img src="/t/{n}.jpg" alt=""><div class="z-caption">{a}</div><h4>{b}</h4></a></div>' for n, (a, b) in enumerate(OTHERS))
    pitch = f'<div class="z-alert"><span>{PITCHES[0]}</span></div><div class="z-comments"><div>{PITCHES[1]}</div><div>{PITCHES[2]}</div><div>{PITCHES[3]}</div></div>'
    body = f"""<div class="z-top"><a href="/">Home</a><a href="/news">News</a><a href="/opinion">Opinion</a></div><div class="z-main">
<h1 class="z-head">{CLIP.title}</h1><p class="z-sub">{CLIP.standfirst}</p>{share}{media}<div class="z-body">{paragraphs}</div>{pitch}<div class="z-more">{others}{strip}</div>"""
    whole = page(CLIP, body, open_graph(CLIP, CLIP.standfirst) + json_ld(CLIP))
    return whole[: whole.rindex("</h4>") - 12]  # the connection was lost


PAGES["clipped-news-page"] = Case(CLIP, as_page(), {"must_not": [PROMO[:40], "Send in e-mail", STRIP, *PITCHES, *(b for _, b in OTHERS)]})


def write_text(folder: Path) -> None:
    """The plain text, beside its own expectations."""
    told = {
        "title": CLIP.title, "standfirst": CLIP.standfirst, "language": "en", "direction": "ltr",
        "text": [text for _, text in CLIP.blocks], "captions": [CAPTION],
        "must_not": [PROMO[:40], "Send in e-mail", "Credit", STRIP, STRIP_TITLE, *PITCHES, *(b for _, b in OTHERS), *(a for a, _ in OTHERS if a)],
    }  # fmt: skip
    (folder / "clipped-news-text.txt").write_text(as_text(), encoding="utf-8")
    (folder / "clipped-news-text.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
