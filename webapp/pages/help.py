"""Help: the query language and the keys. `/help/keys` is the part that `?` opens over any page."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from webapp.htmx import page_or_fragment

bp = Blueprint("help", __name__)

KEYS = (
    ("Anywhere", ((("/",), "search"), (("u",), "undo what was just done"), (("g", "l"), "go to the library"),
                  (("g", "r"), "go to the review"), (("g", "p"), "go to the places"), (("g", "t"), "go to the topics"),
                  (("g", "s"), "go to your searches"), (("g", "c"), "go to the clip page"),
                  (("g", ","), "go to the settings"), (("?",), "these keys"))),
    ("In the library", ((("j",), "next article"), (("k",), "previous article"), (("o",), "open it; Enter does too"))),
    ("On an article", ((("s",), "star"), (("e",), "done reading, or not after all"), (("r",), "add a region"),
                       (("t",), "add a topic"), (("a",), "to what is suggested"), (("y",), "accept what is selected"),
                       (("1", "–", "9"), "accept one suggestion"),
                       (("h",), "highlight the words you selected"))),
    ("In the review", ((("y",), "file it, and go on"), (("1", "–", "9"), "take a suggestion, or not"),
                       (("v", "1", "–", "9"), "never suggest that from a word: Enter takes the word"),
                       (("n",), "leave it for later"), (("u",), "undo, and look at it again"),
                       (("r",), "add a region"), (("t",), "add a topic"), (("o",), "read the article whole"))),
)  # fmt: skip


@bp.get("/help")
def index() -> str:
    return render_template("help/index.html", keys=KEYS)


@bp.get("/help/keys")
def keys() -> Response:
    return page_or_fragment("help/index.html", "help/_keys.html", keys=KEYS)
