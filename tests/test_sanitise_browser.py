"""What Chromium makes of sanitised attacks: nothing acts. And of raw ones: the oracle sees each way of acting."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests import xss_oracle
from tests.xss_oracle import MODES
from webapp.sanitise import LocalImage, sanitise

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(xss_oracle.CHROMIUM).exists(), reason=f"needs {xss_oracle.CHROMIUM}"),
]

PAYLOADS = [
    entry["payload"]
    for entry in json.loads(
        (Path(__file__).parent / "cases" / "sanitise" / "payloads.json").read_text(encoding="utf-8")
    )
]
IMAGES = {"x": LocalImage("5f" * 32, 10, 10), "//evil.example/x": LocalImage("6e" * 32)}
RAW = {  # raw HTML, by what the oracle must see it do, in documents and in fragments
    "calls": ["<img src=x onerror=alert(1)>", "<p onclick=alert(1)>x</p>", "<svg onload=prompt(1)></svg>"],
    "script": [
        "<a href='javascript:alert(1)'>x</a>",
        "<p onmouseover=alert(1)>x</p>",
        "<details open ontoggle=x()>y</details>",
    ],
    "request": [
        "<img src=//evil.example/x>",
        "<iframe src=//evil.example/></iframe>",
        "<link rel=stylesheet href=//evil.example/>",
    ],
    "element": [
        "<form><input></form>",
        "<p style='x:y'>z</p>",
        "<p hx-get=/x>y</p>",
        "<svg></svg>",
        "<a href='data:text/html,x'>y</a>",
    ],
}
RAW_DOCUMENTS = {
    "calls": ["<script>alert(1)</script>", "<style><img title='</style><img src=x onerror=alert(1)>'></style>"],
    "escape": ["</section></main></body><p>outside", "</section><p>x", "<textarea>"],
}


@pytest.fixture(scope="module")
def oracle():
    with xss_oracle.opened() as opened:
        yield opened


def mutated(count):
    """Sanitised pieces of payloads cut and joined anew."""
    chance = random.Random(20261124)
    for _ in range(count):
        parts = [chance.choice(PAYLOADS) for _ in range(3)]
        cuts = sorted(chance.randrange(len(part) + 1) for part in parts)
        yield "".join(part[:cut] for part, cut in zip(parts, cuts, strict=True)) + parts[0][cuts[0] :]


@pytest.mark.parametrize("kind", sorted(RAW))
@pytest.mark.parametrize("mode", MODES)
def test_the_oracle_sees_raw_html_act(oracle, kind, mode):
    for html in RAW[kind]:
        found = oracle.findings([html], mode)
        assert kind in {finding.kind for finding in found.get(0, ())}, html


@pytest.mark.parametrize("kind", sorted(RAW_DOCUMENTS))
def test_the_oracle_sees_raw_documents_act(oracle, kind):
    for html in RAW_DOCUMENTS[kind]:
        assert kind in {finding.kind for finding in oracle.findings([html], "document").get(0, ())}, html


def test_the_oracle_finds_the_one_that_acts_among_many(oracle):
    cases = ["<p>harmless</p>"] * 100
    cases[57] = "<img src=x onerror=alert(1)>"
    assert list(oracle.findings(cases, "document")) == [57]


@pytest.mark.parametrize("mode", MODES)
def test_no_payload_acts_once_it_is_sanitised(oracle, mode):
    cases = [sanitise(payload, images=IMAGES) for payload in PAYLOADS]
    assert oracle.findings(cases, mode) == {}


@pytest.mark.parametrize("mode", MODES)
def test_no_mixture_of_payloads_acts_once_it_is_sanitised(oracle, mode):
    cases = [sanitise(html, images=IMAGES) for html in mutated(600)]
    assert oracle.findings(cases, mode) == {}
