"""Addresses: one spelling each, trackers dropped and meaning kept, and which machines are public."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.addresses import (
    canonical_address,
    endpoint_of,
    is_fetchable_port,
    is_public_ip,
    outlet_of,
    without_trackers,
)
from webapp.errors import BadAddress

# name=value pairs that follow the reader, and the host where they do (any, unless said)
TRACKERS = """
utm_source=rss utm_medium=email utm_campaign=x utm_term=a utm_content=b utm_id=7 utm_name=q utm_reader=feedly
UTM_SOURCE=RSS Utm_Social=1 utm_brand=z utm_viz_id=3 utm_pubreferrer=a.example utm_swu=1 fbclid=IwAR0
fb_action_ids=1 fb_action_types=og fb_source=feed fb_ref=x gclid=Cj0 gclsrc=aw.ds dclid=1 gbraid=0A wbraid=1
gad_source=1 srsltid=AfmBO msclkid=abc yclid=1 ymclid=1 ysclid=l1 twclid=2 ttclid=E.C li_fat_id=u epik=dj0
igshid=Mz igsh=eh mc_cid=1a2b mc_eid=3c4d mkt_tok=Njg _hsenc=p2 _hsmi=88 __hstc=1 __hssc=2 __hsfp=3 hsa_acc=1
hsa_cam=2 hsCtaTracking=x0 vero_id=1 vero_conv=2 oly_anon_id=1 oly_enc_id=2 pk_campaign=a pk_kwd=b pk_source=c
piwik_campaign=d mtm_campaign=e matomo_kwd=f _ga=2.1 _gl=1*x _openstat=eWFu wickedid=1 rb_clickid=2 __s=q1
_ke=eyJ s_cid=9 icid=top cmpid=1 CMP=share_btn_tw cvid=1 ocid=socialflow ncid=newsltus xtor=AL-72 ito=1490
smid=tw-share smtyp=cur emc=rss ref_src=twsrc ref_url=https%3A%2F%2Fa.example ito=social at_medium=RSS
at_campaign=KARANGA at_custom1=link at_link_id=1 at_format=link at_bbc_team=editorial ns_mchannel=social
ns_source=twitter ns_campaign=bbc ns_linkname=x ns_fee=0 guccounter=1 guce_referrer=aHR0 guce_referrer_sig=AQ
spm=a2 scm=1 wpisrc=nl_most itid=hp pwapi_token=eyJ sref=abc srnd=premium fsrc=rss maca=en-rss sara_ref=re-so
lmd_medium=al lmd_campaign=env htm_source=site htm_medium=button wt_zmc=sm.int wt_mc=r.int mibextid=Zxz2cZ
usqp=mq33 amp_js_v=0.1 amp_gsa=1 amp_tf=From ref=rss ref=twitter.com ref=homepage source=twitter
source=newsletter via=email from=rss src=share referrer=google cid=social amp=1 amp= outputType=amp output=amp
amp;utm_source=x echobox=160 unlocked_article_code=1.x gift=abc
"""
BY_HOST = [
    ("twitter.com", "s=20"),
    ("mobile.twitter.com", "t=abc"),
    ("x.com", "s=46"),
    ("www.youtube.com", "si=Q1"),
    ("www.youtube.com", "feature=share"),
    ("youtu.be", "si=x"),
    ("open.spotify.com", "si=1"),
    ("www.nytimes.com", "partner=bloomberg"),
    ("www.washingtonpost.com", "tid=ss_tw"),
    ("www.wsj.com", "mod=hp_lead"),
    ("www.wsj.com", "st=x9"),
    ("www.google.com", "ved=0ah"),
    ("medium.com", "source=post_page"),
    ("someone.substack.com", "r=1abc"),
    ("www.reddit.com", "rdt=123"),
]
KEPT = """
id=7 p=123 page=2 q=utm story_id=9 article=fbclid v=dQw4 t=120 s=hello ref=1234 ref=AB-77 source=archive-12
src=17 from=2020-01-01 cid=55 lang=en utm=1 atom=1 section=world date=2026-11-01 code=gclid download=1 sort=new
output=pdf amp=12v via=123
"""


@pytest.mark.parametrize("pair", TRACKERS.split())
def test_trackers_are_dropped(pair):
    assert without_trackers(f"https://a.example/x?{pair}") == "https://a.example/x"
    assert without_trackers(f"https://a.example/x?id=7&{pair}&b=2#top") == "https://a.example/x?id=7&b=2"


@pytest.mark.parametrize(("host", "pair"), BY_HOST)
def test_some_trackers_are_dropped_only_where_they_are_trackers(host, pair):
    assert without_trackers(f"https://{host}/x?{pair}") == f"https://{host}/x"
    assert without_trackers(f"https://a.example/x?{pair}") == f"https://a.example/x?{pair}"


@pytest.mark.parametrize("pair", KEPT.split())
def test_parameters_that_name_the_page_are_kept(pair):
    assert without_trackers(f"https://a.example/x?{pair}") == f"https://a.example/x?{pair}"


def test_there_are_more_than_eighty_tracker_rows():
    assert len(TRACKERS.split()) + len(BY_HOST) >= 140


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example", "https://a.example/"),
        ("HTTPS://A.Example/Path", "https://a.example/Path"),
        ("  https://a.example/x \n", "https://a.example/x"),
        ("https://a.exa\tmple/x\n/y", "https://a.example/x/y"),
        ("https://a.example:443/", "https://a.example/"),
        ("http://a.example:80/", "http://a.example/"),
        ("http://a.example:8080/", "http://a.example:8080/"),
        ("https://a.example./x", "https://a.example/x"),
        ("https:\\\\a.example\\x", "https://a.example/x"),
        ("https:a.example/x", "https://a.example/x"),
        ("https:////a.example/x", "https://a.example/x"),
        ("https://a.example/x#top", "https://a.example/x"),
        ("https://a.example/x#:~:text=words", "https://a.example/x"),
        ("https://a.example/#!/story/7", "https://a.example/#!/story/7"),
        ("https://a.example/x?", "https://a.example/x"),
        ("https://a.example/x?&&a=1&", "https://a.example/x?a=1"),
        ("https://a.example/x?b=2&a=1", "https://a.example/x?b=2&a=1"),
        ("https://a.example/x/", "https://a.example/x/"),
        ("https://a.example/a/../b/./c", "https://a.example/b/c"),
        ("https://a.example/a/%2e%2E/b", "https://a.example/b"),
        ("https://a.example/a/..", "https://a.example/"),
        ("https://a.example/%7Euser/%e4%b8%ad", "https://a.example/~user/%E4%B8%AD"),
        ("https://a.example/中?q=中", "https://a.example/%E4%B8%AD?q=%E4%B8%AD"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://BÜCHER.example/x", "https://xn--bcher-kva.example/x"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://例え。jp/", "https://xn--r8jz45g.jp/"),
        ("https://ｅxample.com/", "https://example.com/"),
        ("http://127.1/", "http://127.0.0.1/"),
        ("http://0x7f.0.0.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0177.0.0.1/", "http://127.0.0.1/"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("https://www.google.com/amp/s/a.example/news/x", "https://a.example/news/x"),
        ("https://www.google.co.uk/amp/a.example/news/x?id=1", "http://a.example/news/x?id=1"),
        ("https://www.bing.com/amp/s/a.example/news/x", "https://a.example/news/x"),
        ("https://a-example.cdn.ampproject.org/c/s/a.example/n/x", "https://a.example/n/x"),
        ("https://a-example.cdn.ampproject.org/v/s/a.example/n/x?usqp=mq&amp_js_v=0.1", "https://a.example/n/x"),
        ("https://a.example/2020/01/long-title/amp/", "https://a.example/2020/01/long-title/"),
        ("https://a.example/2020/01/long-title/amp", "https://a.example/2020/01/long-title"),
        ("https://a.example/long-title.amp.html", "https://a.example/long-title.html"),
        ("https://a.example/long-title.amp", "https://a.example/long-title"),
        ("https://a.example/x?amp", "https://a.example/x"),
        ("https://a.example/wiki/amp", "https://a.example/wiki/amp"),
        ("https://www.google.com/amp/", "https://www.google.com/amp/"),
    ],
)
def test_each_address_has_one_spelling(address, expected):
    assert canonical_address(address) == expected
    assert canonical_address(expected) == expected


@pytest.mark.parametrize(
    "address",
    [
        "", "   ", "a.example/x", "//a.example/x", "/x", "ftp://a.example/", "javascript:alert(1)", "data:text/html,x",
        "file:///etc/passwd", "about:blank", "chrome://settings", "mailto:a@a.example", "https://",
        "https://?x", "http://.",
        "https://user@a.example/", "https://user:secret@a.example/", "https://a.example:0/", "https://a.example:70000/",
        "https://a.example:port/", "https://a..example/", "https://[::1/", "https://[v1.x]/",
        "http://1.2.3.4.5/", "http://256.1/",
        "http://1.a.3.4/", "https://a b.example/", "https://a%00.example/", "https://a%2fb.example/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/", "https://a.example/" + "x" * 9000, "cid:part1@mhtml",
        "https://exa<mple.com/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(address):
    with pytest.raises(BadAddress) as caught:
        canonical_address(address)
    assert caught.value.reason
    assert "secret" not in str(caught.value)


@given(st.text())
def test_dropping_trackers_twice_changes_nothing(tail):
    once = without_trackers("https://a.example/?" + tail)
    assert without_trackers(once) == once


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_canonical_address_is_its_own_canonical_address(path, query):
    try:
        once = canonical_address(f"https://a.example/{path}?{query}")
    except BadAddress:
        return
    assert canonical_address(once) == once
    assert once.isascii()


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_is_refused(text):
    for address in (text, "https://" + text):
        try:
            once = canonical_address(address)
        except BadAddress:
            assert outlet_of(address) == ""
        else:
            assert canonical_address(once) == once
        without_trackers(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.haaretz.com/x", "haaretz.com"),
        ("https://haaretz.com", "haaretz.com"),
        ("https://m.haaretz.com/", "haaretz.com"),
        ("https://mobile.amp.a.example/", "a.example"),
        ("https://www2.a.example:8080/", "a.example"),
        ("https://amp.theguardian.com/x", "theguardian.com"),
        ("https://edition.cnn.com/x", "edition.cnn.com"),
        ("https://m.me/x", "m.me"),
        ("https://www.com/", "www.com"),
        ("https://www.bücher.example/", "bücher.example"),
        ("http://127.0.0.1:8765/x", "127.0.0.1"),
        ("cid:x@y", ""),
        ("", ""),
    ],
)
def test_the_outlet_is_the_host_without_its_technical_prefix(address, expected):
    assert outlet_of(address) == expected


@pytest.mark.parametrize(
    "ip",
    [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.216.34",
        "2606:4700:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_machines_on_the_open_internet_are_public(ip):
    assert is_public_ip(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.127.255.254", "100.100.100.200", "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "2001::1",
        "2001:db8::1",
        "3fff::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "5f00::1",
        "", "localhost", "a.example", "1.2.3", "::ffff:1.2.3",
    ],
)  # fmt: skip
def test_everything_else_is_not_public(ip):
    assert not is_public_ip(ip)


def test_an_endpoint_is_what_one_connects_to():
    assert endpoint_of("https://A.example/x") == ("https", "a.example", 443)
    assert endpoint_of("http://[::1]:8080/x") == ("http", "::1", 8080)
    with pytest.raises(BadAddress):
        endpoint_of("https://user@a.example/")


def test_only_the_web_s_own_ports_may_be_fetched_from():
    assert [port for port in (22, 25, 80, 443, 3306, 6379, 8080, 8443, 9200) if is_fetchable_port(port)] == [
        80,
        443,
        8080,
        8443,
    ]
