"""Whether HTML acts, as Chromium sees it: puts it on a page, pokes everything on it, and notes what happened.

A page is served from http://reader.test/ within Playwright; every other request is noted and refused, and Chromium's
resolver knows no host, so nothing leaves the machine. HTML is put in three ways: written into the page by the server
("document"), assigned to innerHTML ("inner"), and read out and assigned again twice ("round": mutation XSS).

It acts when
  calls      alert, confirm, prompt, print … were called, or a dialog opened
  script     Chromium's own Content-Security-Policy (script-src 'none', report-only) saw a script, a handler or a
             javascript: address; handlers are fired, and links that lead to no web address are clicked
  request    something other than our own /assets/ was asked for, or the page went elsewhere
  escape     the mark-up left its container
  element    an element or attribute stands in the DOM that is not on the sanitiser's lists, or a link or picture that
             Chromium reads as leading somewhere else than they allow
"""
# ruff: noqa: E501 - the scripts that run in the page

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Error, Page, Request, Route, sync_playwright

from webapp.sanitise import TAGS

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
]  # fmt: skip
MODES = ("document", "inner", "round")
BATCH = 60  # cases on one page; a page that acts is divided until the culprit stands alone
PAGES_PER_CONTEXT = 300
WAIT_MS = 40  # for what happens a moment later: loads that fail, animations, promises

_INIT = """
(() => {
  const seen = window.__seen = [];
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'fetch', 'importScripts'])
    window[name] = () => { seen.push(['calls', name]); return null; };
  document.addEventListener('securitypolicyviolation', event => event.blockedURI === 'eval' ||  // Playwright's own
    seen.push(['script', event.effectiveDirective + ' ' + (event.sample || event.blockedURI || '').slice(0, 80)]), true);
})();
"""
_PUT = """
([cases, round]) => {
  const view = document.getElementById('view');
  for (const [number, html] of cases) {
    const box = document.createElement('section');
    box.dataset.case = number;
    view.append(box);
    box.innerHTML = html;
    if (round) for (let times = 0; times < 2; times++) { const text = box.innerHTML; box.innerHTML = text; }
  }
}
"""
_LOOK = """
async ([numbers, tags, wait]) => {
  const native = (kind, name) => { const get = Object.getOwnPropertyDescriptor(kind, name).get; return node => get.call(node); };
  const children = native(Element.prototype, 'children'), attributes = native(Element.prototype, 'attributes'),
        local = native(Element.prototype, 'localName'), space = native(Element.prototype, 'namespaceURI'),
        bodyOf = native(Document.prototype, 'body'), inner = native(HTMLTemplateElement.prototype, 'content');
  const all = node => Element.prototype.querySelectorAll.call(node, '*');
  const allowedTags = new Set(tags), found = [];
  const everywhere = new Set(['dir', 'lang', 'id', 'title']);
  const own = {a: ['href', 'rel'], img: ['src', 'width', 'height', 'loading', 'decoding', 'alt'], code: ['class'],
    td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan', 'scope'], col: ['span'], colgroup: ['span'], ol: ['start', 'type', 'reversed'],
    li: ['value'], time: ['datetime'], del: ['datetime', 'cite'], ins: ['datetime', 'cite'], details: ['open'], blockquote: ['cite'], q: ['cite']};
  const leads = value => { try { return new URL(value, 'http://reader.test/'); } catch { return null; } };
  const look = (root, number) => {
    for (const node of all(root)) {
      const tag = local(node), add = (kind, words) => found.push([number, kind, words.slice(0, 120)]);
      if (space(node) !== 'http://www.w3.org/1999/xhtml') add('element', 'foreign <' + tag + '>');
      if (!allowedTags.has(tag)) add('element', '<' + tag + '>');
      for (const {name, value} of [...attributes(node)]) {
        if (!everywhere.has(name) && !(own[tag] || []).includes(name)) add('element', tag + ' ' + name);
        if (name === 'id' && !value.startsWith('art-')) add('element', 'id ' + value);
        if (name === 'href' || name === 'cite') {
          const url = leads(value);
          if (!url || !['http:', 'https:', 'mailto:'].includes(url.protocol) || (url.host === 'reader.test' && !value.startsWith('#art-')))
            add('element', tag + ' ' + name + '=' + value);
          if (name === 'href' && !/^(https?|mailto):$/.test(node.protocol || '')) { try { node.click(); } catch {} }
        }
        if (name === 'src' && !/^\\/assets\\/[0-9a-f]{64}$/.test(value)) add('element', tag + ' src=' + value);
        if (name.startsWith('on')) { try { node.dispatchEvent(new Event(name.slice(2), {bubbles: true})); } catch {} }
      }
      for (const kind of ['click', 'mouseover', 'focus', 'toggle']) { try { if (tag !== 'a') node.dispatchEvent(new Event(kind)); } catch {} }
      if (node instanceof HTMLTemplateElement) { for (const child of [...inner(node).children]) look(child, number); }
    }
  };
  const view = Document.prototype.getElementById.call(document, 'view');
  const boxes = view ? [...children(view)] : [];
  const whole = boxes.length === numbers.length && boxes.every((box, place) =>
    local(box) === 'section' && box.dataset.case === String(numbers[place]));
  const body = bodyOf(document), last = body && [...children(body)].at(-1);
  if (!whole || !last || last.id !== 'end' || last.textContent !== 'end' || children(body).length !== 2 || attributes(body).length)
    found.push([-1, 'escape', 'the page is not as it was']);
  for (const box of boxes) look(box, Number(box.dataset.case));
  if (!whole && body) look(body, -1);
  await new Promise(done => setTimeout(done, wait));
  for (const [kind, words] of window.__seen || []) found.push([-1, kind, words]);
  return found;
}
"""


class Finding(NamedTuple):
    kind: str
    words: str


class Oracle:
    """Chromium, kept open; `findings` asks it. Not thread-safe."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages = 0
        self._body, self._served, self._url = "", False, ""
        self._requests: list[str] = []
        self._dialogs: list[str] = []
        self._renew()

    def findings(self, cases: Sequence[str], mode: str) -> dict[int, set[Finding]]:
        """What each of `cases` does, by its place; those that do nothing are not in it."""
        found: dict[int, set[Finding]] = {}
        todo = [list(range(start, min(start + BATCH, len(cases)))) for start in range(0, len(cases), BATCH)]
        while todo:
            places = todo.pop()
            seen = self._look([(place, cases[place]) for place in places], mode)
            if seen and len(places) > 1:
                step = max(1, len(places) // 6)
                todo += [places[start : start + step] for start in range(0, len(places), step)]
            elif seen:
                found[places[0]] = {Finding(kind, words) for kind, words in seen}
        return found

    def _look(self, cases: list[tuple[int, str]], mode: str) -> list[tuple[str, str]]:
        self._pages += 1
        if self._pages % PAGES_PER_CONTEXT == 0:
            self._renew()
        self._requests.clear()
        self._dialogs.clear()
        self._url, self._served = f"http://reader.test/{self._pages}", False
        boxes = "".join(f'<section data-case="{number}">{html}</section>' for number, html in cases)
        self._body = (
            '<!doctype html><html><head><meta charset="utf-8"><title>t</title></head><body><main id="view">'
            f'{boxes if mode == "document" else ""}</main><p id="end">end</p></body></html>'
        )
        seen: list[tuple[str, str]] = []
        try:
            self._page.goto(self._url, wait_until="domcontentloaded", timeout=15_000)
            if mode != "document":
                texts = [
                    [number, html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")]
                    for number, html in cases
                ]
                self._page.evaluate(_PUT, [texts, mode == "round"])
            numbers = [number for number, _ in cases]
            seen += [(kind, words) for _, kind, words in self._page.evaluate(_LOOK, [numbers, sorted(TAGS), WAIT_MS])]
        except Error as error:  # it went elsewhere, hung or crashed
            seen.append(("escape", f"page lost: {error.message.splitlines()[0][:100]}"))
            seen += self._noted()
            self._renew()
            return seen
        return seen + self._noted()

    def _noted(self) -> list[tuple[str, str]]:
        return [("request", address[:120]) for address in self._requests] + [
            ("calls", words) for words in self._dialogs
        ]

    def _renew(self) -> None:
        for context in self._browser.contexts:
            with contextlib.suppress(Error):
                context.close()
        context = self._browser.new_context()
        context.route("**/*", self._route)
        context.add_init_script(_INIT)
        self._page: Page = context.new_page()
        self._page.on("dialog", self._dialog)
        self._page.on("popup", lambda popup: self._requests.append(f"popup {popup.url}"))
        self._page.on("websocket", lambda line: self._requests.append(f"websocket {line.url}"))

    def _dialog(self, dialog: Any) -> None:
        self._dialogs.append(f"dialog {dialog.message[:80]}")
        dialog.dismiss()

    def _route(self, route: Route, request: Request) -> None:
        with contextlib.suppress(Error):
            if request.url == self._url and request.is_navigation_request() and not self._served:
                self._served = True
                route.fulfill(
                    status=200,
                    content_type="text/html; charset=utf-8",
                    body=self._body.encode("utf-8", "surrogatepass"),
                    headers={"Content-Security-Policy-Report-Only": "script-src 'none'; report-uri /csp"},
                )
                return
            if not request.url.startswith(("http://reader.test/csp", "http://reader.test/assets/")):
                self._requests.append(f"{request.resource_type} {request.url}")
            route.abort()


@contextlib.contextmanager
def opened(chromium: str = CHROMIUM) -> Iterator[Oracle]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            yield Oracle(browser)
        finally:
            browser.close()
