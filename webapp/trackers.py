"""Which parameters of an address only follow the reader about, and name nothing.

Pure. The lists were gathered from the parameters that the named services document or were seen to add; when in doubt
a parameter stays, since an address that no longer opens the article is worse than one that says too much.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

# Families: every parameter that begins so.
PREFIXES = (
    "utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "_hs", "__hs", "mc_cid", "mc_eid", "oly_", "vero_", "ns_",
    "at_", "fb_", "guce_", "amp_", "lmd_", "htm_", "wt_", "trk_", "iesrc_", "tracking_", "nr_email_", "soc_",
    "_branch_", "sb_referer_", "stm_", "ga_", "cm_mmc", "hmb_", "int_cmp", "_bta_", "ml_subscriber",
)  # fmt: skip

# Single ones: click ids of advertisers, mailers and shares.
NAMES = frozenset(
    {
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid",
        "msclkid", "yclid", "ymclid", "ysclid", "twclid", "ttclid", "igshid", "igsh", "li_fat_id", "epik",
        "rdt_cid", "scclid", "sccid", "mkt_tok", "mibextid", "s_cid", "sc_cid", "sc_campaign", "sc_channel", "icid",
        "cmpid", "cmp", "cvid", "ocid", "ncid", "xtor", "ito", "smid", "smtyp", "emc", "ref_src", "ref_url",
        "refsrc", "referrer_source", "__twitter_impression", "twitter_impression", "_ga", "_gl", "_gac", "_ke",
        "_kx", "__s", "_openstat", "wickedid", "wickedsource", "rb_clickid", "trk", "trkcampaign", "trkinfo",
        "trackingid", "vgo_ee", "zanpid", "irclickid", "irgwc", "awc", "cjevent", "ck_subscriber_id", "dicbo",
        "spm", "scm", "sr_share", "tblci", "usqp", "sfnsn", "wprov", "echobox", "hsctatracking", "mkevt", "mkcid",
        "mkrid", "campid", "elqtrackid", "elqtrack", "elqaid", "elqat", "sref", "srnd", "leadsource", "fsrc",
        "segmentid", "sharetype", "wpisrc", "wpmm", "itid", "pwapi_token", "sara_ref", "maca", "gepc", "guccounter",
        "reflink", "st_source", "feedname", "feedtype", "cx_testid", "cx_testvariant", "cx_artpos",
        "traffic_source", "_unique_id", "adfrom", "mcp_token", "s_kwcid", "ef_id", "cuid", "dm_i", "email_source",
        "emailid", "email_hash", "share_id", "shareadraft", "social_share", "sharetoken", "share_token",
        "unlocked_article_code", "gift", "gift_id", "giftid", "gift_code", "giftcopy", "accesstoken",
    }
)  # fmt: skip

# Names that mean something elsewhere, and follow the reader on these hosts.
BY_HOST = {
    "twitter.com": frozenset({"s", "t", "cxt"}),
    "x.com": frozenset({"s", "t", "cxt"}),
    "youtube.com": frozenset({"si", "feature", "pp", "ab_channel"}),
    "youtu.be": frozenset({"si", "feature"}),
    "spotify.com": frozenset({"si"}),
    "nytimes.com": frozenset({"partner", "rref", "_r", "module", "pgtype", "action", "contentcollection", "region"}),
    "washingtonpost.com": frozenset({"tid", "hpid"}),
    "wsj.com": frozenset({"mod", "st"}),
    "bloomberg.com": frozenset({"cmpid"}),
    "reuters.com": frozenset({"taid", "il"}),
    "google.com": frozenset({"ved", "ei", "usg", "sa", "oc"}),
    "facebook.com": frozenset({"__cft__[0]", "__tn__", "__xts__[0]", "eid", "paipv", "rdid", "share_url"}),
    "instagram.com": frozenset({"img_index"}),
    "reddit.com": frozenset({"share_id", "rdt", "ref_share"}),
    "medium.com": frozenset({"source", "sk"}),
    "theguardian.com": frozenset({"inttcmp"}),
    "substack.com": frozenset({"r", "s", "token", "publication_id", "post_id", "isfreemail", "triedredirect"}),
}

# Names that name a page on one site and a source on another: only these values are trackers.
BY_VALUE = {
    name: re.compile(
        r"(?:rss\d*|feed|atom|share[\w-]*|social[\w-]*|(?:news)?letter|e?mail|(?:face|feed)book|fb|twitter|tw|x|linkedin|whatsapp"
        r"|telegram|reddit|copy|copylink|link|app|ios|android|mobile|desktop|push|notification|home(?:page)?|nav|menu|hp|index"
        r"|top|sidebar|footer|related|recirc|search|google|bing|yahoo|apple_?news|flipboard|pocket|upstract\.com"
        r"|(?:[\w-]+\.)+(?:com|org|net|io|co|de|fr|news))",
        re.IGNORECASE,
    )
    for name in (
        "ref",
        "referer",
        "referrer",
        "source",
        "src",
        "via",
        "from",
        "cid",
        "partner",
        "channel",
        "medium",
        "campaign",
    )
}
BY_VALUE["amp"] = re.compile(r"(?:1|true|yes)?", re.IGNORECASE)
BY_VALUE["outputtype"] = re.compile(r"amp", re.IGNORECASE)
BY_VALUE["output"] = re.compile(r"amp", re.IGNORECASE)


def is_tracker(pair: str, host: str = "") -> bool:
    """Whether `name=value`, as it stands in the query of an address at `host`, names nothing but the reader's way."""
    name, _, value = pair.partition("=")
    name = unquote_plus(name).lower()
    name = name.removeprefix("amp;")  # from "&amp;" that was never decoded
    if name in NAMES or name.startswith(PREFIXES):
        return True
    if name in BY_VALUE and BY_VALUE[name].fullmatch(unquote_plus(value)):
        return True
    return any(name in names for site, names in BY_HOST.items() if host == site or host.endswith("." + site))
