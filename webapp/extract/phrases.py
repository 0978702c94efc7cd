"""The words by which noise is known, in the languages we could check, as patterns: one alternative a line.

Each pattern is tried at the start of a line unless it says otherwise; none names a publication.
"""

from __future__ import annotations

import re


def _any_of(alternatives: str) -> str:
    return "(?:" + "|".join(line.strip() for line in alternatives.strip().splitlines()) + ")"


PROMO_LABEL = re.compile(
    r"^\W*"
    + _any_of(r"""
        related(?: (?:stories|articles?|coverage|content|video|news|links?|posts?|topics?))?
        (?:read|see)(?: more| also| next| on)?
        also(?: read| see| on .{2,30})?
        more(?: on this| from| stories| news| coverage)?
        watch(?: (?:now|live|more|also|below|video))?
        listen(?: now| here| to)?
        don['’]?t miss
        must read
        recommended
        you (?:may|might) (?:also )?(?:like|be interested)
        go deeper
        in case you missed it
        editor['’]?s['’]? picks?
        explore
        (?:from the archives?|photos|gallery|video)
        lesen sie auch
        mehr zum thema
        (?:à )?lire aussi
        voir aussi
        lea también
        lee también
        te puede interesar
        leia (?:também|mais)
        veja também
        leggi anche
        lees ook
        läs också
        читайте также
        читайте ще
        смотрите также
        קראו גם
        לכתבה המלאה
        اقرأ أيض[اً]+
        بیشتر بخوانید
        関連記事
        あわせて読みたい
        相关阅读
        延伸阅读
        관련기사
    """)
    + r"\s*(?:[:：|»>→…-]|$)",
    re.IGNORECASE,
)
PROMO_CALL = re.compile(
    r"(?:[.?!]|\s|^)\s*"
    r"(?:LISTEN|WATCH|READ(?: MORE)?|SUBSCRIBE|SIGN UP|CLICK HERE|FIND OUT MORE|JOIN NOW)(?: HERE| NOW)?\W*$"
)
PITCH = re.compile(
    r"^\W*"
    + _any_of(r"""
        sign up (?:for|to|now|here)
        subscribe (?:to|now|today|for)
        get (?:the |our )?(?:latest|daily|weekly|free|best)\b.{0,60}\b(?:inbox|newsletter|e-?mail|app|update)
        get .{3,80} delivered\b
        already (?:a )?(?:signed up|subscri\w+|(?:have|got) an account)
        log ?in to
        (?:to )?continue reading
        create (?:a free|an) account
        (?:please )?(?:enable|turn on) javascript
        support (?:our|independent|quality) journalism
        become a (?:member|subscriber|supporter|patron)
        if you (?:enjoyed|liked|like) (?:this|what you)
        (?:like|love|enjoy)(?:d)? this (?:story|article|post|page)\?
        tell us what you think
        let us know (?:what you think|your thoughts) in the comments
        (?:have|got) a (?:news )?tip\?
        join (?:our|the) (?:newsletter|mailing list|conversation|discussion|whatsapp|telegram)
        download (?:the|our) (?:\w+ )?app\b
        follow .{2,50} on (?:twitter|facebook|instagram|x\b|telegram|tiktok|whatsapp|google news|mastodon)
        like us on facebook
        (?:click|tap|press) (?:here|the link)? ?(?:below )?to (?:follow|subscribe|sign|join|read|get)
        (?:click|tap|press) (?:on )?the (?:\w+ ){0,2}(?:icon|button|bell)\b.{0,60}
        this (?:article|story|post) (?:first |was )?(?:originally )?(?:appeared|published) (?:on|in|at)\b
        you (?:are receiving|receive|received) this
        .{0,60}\bunsubscribe\b
        newsletter abonnieren
        jetzt abonnieren
        abonnez-vous
        inscrivez-vous
        suscríbete
        suscríbase
        assine (?:a|nossa|já)
        iscriviti
        подпишитесь
        подписывайтесь
        הירשמו
        להרשמה
        עקבו אחרינו
        اشترك
        登録はこちら
        订阅
        구독하
        .{0,40}\bsubscribers?'? comments?\b
        comments? (?:by|from|of) \w+(?: \w+)? (?:appear|are|is|will)\b
        .{0,40}\bcomments? (?:are (?:closed|moderated|off)|policy|section)\b
        from [$€£₪¥]\d+(?:\.\d+)? (?:for|a|per)\b
    """),
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^\W{0,3}"
    + _any_of(r"""
        (?:additional |further )?(?:reporting|writing|editing|translation|graphics?) (?:in \w+ )?by\b.{3,250}
        (?:compiled|edited|written|produced) (?:in \w+ )?by\b.{3,250}
        (?:©|\(c\)|copyright)\s.{0,250}
        .{0,80}\ball rights reserved\b.{0,200}
        our standards:.{0,120}
        (?:first published|last updated|last modified):?\s.{0,60}\d.{0,20}
        with (?:files|reporting) from\b.{2,120}
        (?:the )?associated press (?:writers?|contributed).{0,200}
        .{2,120}\bcontributed (?:to this|reporting)\b.{0,60}
        (?:follow|reach|write to|contact|e-?mail)\b.{0,120}(?:@\w|https?:|\bat \S+\.\w{2,3}\b).{0,120}
        more .{2,60}: https?:.{0,120}
        filed under:?.{0,120}
        tags?:.{0,200}
    """)
    + r"\W*$",
    re.IGNORECASE,
)
SHARE_WORDS = re.compile(
    r"\b(?:facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|e-?mail|mail|print|share|tweet|pin|copy|link"
    r"|copied|save|send|in|on|this|the|article|story|via|by|to|a|friend|flipboard|messenger|sms|tumblr|pocket|viber"
    r"|line|vk|bluesky|mastodon|threads|bookmark|comments?|follow|like|views?|listen|\d+)\b",
    re.IGNORECASE,
)
SHARE_HINT = re.compile(r"share|facebook|twitter|e-?mail|whatsapp|tweet|print|linkedin|telegram", re.IGNORECASE)
LABEL = re.compile(
    r"^\W*"
    + _any_of(r"""
        advertisement|advertising|ad|sponsored(?: content)?|anzeige|werbung|publicité|publicidad|publicidade|pubblicità
        iklan|reklama?|реклама|פרסומת|إعلان|広告|广告|광고
        story continues below(?: advertisement)?
        (?:article|advertisement) continues.{0,40}
        scroll (?:down )?(?:for|to) (?:more|continue).{0,30}
        loading(?:\.\.\.|…)?
        skip (?:to|past) .{0,30}
        share|print|comments?|show (?:more|comments?)|view (?:more|gallery|comments)|enlarge(?: image)?|expand
        edit(?: source)?|bearbeiten|modifier|править|עריכה
        play(?: video)?|close|back to top|top|tags?|topics?
        (?:\d+|two|three|four|five|six|seven|eight|ten)[ -]?min(?:ute)?s?\.?[ -](?:read|to read|lesezeit|de lecture)
        \d+ (?:minutos? de (?:leitura|lectura)|мин\w* чтения)
        (?:reading time|tempo de leitura|lesezeit|tiempo de lectura|temps de lecture)\W.{0,20}
    """)
    + r"\W*$",
    re.IGNORECASE,
)
