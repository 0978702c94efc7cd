"""What stands among an article's paragraphs without being part of it: promotions, share bars, pitches, agency lines.

Rules are about form first (a line that is only a link), words second; no rule knows a site. They serve pages and
plain text alike.
"""

from __future__ import annotations

import re

from webapp.extract.tree import Element, elements, marks_of, squeeze, text_of

_NOISY_BOX = re.compile(
    r"(?:^|[\s_-])(?:related\w*|recommend\w*|recirc\w*|promo\w*|newsletter\w*|share\w*|sharing|social\w*|comments?|disqus\w*"
    r"|sidebar|side-?bar|advert\w*|ads?|adslot|sponsor\w*|outbrain\w*|taboola\w*|teasers?|more-?(?:stories|news|from|on)"
    r"|read-?(?:more|next|also)|most-?(?:read|popular)|trending|popular|subscri\w*|paywall\w*|cookies?|consent\w*|nav\w*"
    r"|menu|breadcrumbs?|author-?(?:bio|box|card)|byline|tag-?(?:list|cloud|s)|topics|toolbar|pagination|pager|footer"
    r"|masthead|signup|sign-up|donat\w*|widget|trc|rail|up-?next|playlist|upsell|print-?only|sr-only"
    r"|visually-?hidden|screen-reader\w*)(?:[\s_-]|$)"
)
_PROMO_LABEL = re.compile(
    r"^\W*(?:related(?: (?:stories|articles?|coverage|content|video|news|links?))?|read(?: more| also| next| on)?|see also|also(?: read| see)?"
    r"|more(?: on this| from| stories| news)?|watch(?: (?:now|live|more|also|below|video))?|listen(?: now| here| to)?|don'?t miss|must read|recommended"
    r"|you (?:may|might) (?:also )?(?:like|be interested)|go deeper|in case you missed it|editor'?s picks?|explore|photos|gallery|video|from the archives?"
    r"|lesen sie auch|mehr zum thema|lire aussi|à lire aussi|voir aussi|lea también|lee también|te puede interesar|leia (?:também|mais)|veja também"
    r"|leggi anche|lees ook|читайте также|читайте ще|смотрите также|קראו גם|לכתבה המלאה|اقرأ أيضا|اقرأ أيضًا|بیشتر بخوانید|関連記事|あわせて読みたい|相关阅读|延伸阅读|관련기사)"
    r"\s*(?:[:：|»>→…-]|$)",
    re.IGNORECASE,
)
_PROMO_CALL = re.compile(
    r"(?:\.|\?|!|\s|^)\s*(?:LISTEN|WATCH|READ(?: MORE)?|SUBSCRIBE|SIGN UP|CLICK HERE|FIND OUT MORE|JOIN NOW)(?: HERE| NOW)?\W*$"
)
_PITCH = re.compile(
    r"^\W*(?:sign up (?:for|to|now|here)|subscribe (?:to|now|today|for)|get (?:the |our )?(?:latest|daily|weekly|free|best)\b.{0,60}\b(?:inbox|newsletter|e-?mail|app)"
    r"|(?:already (?:a )?(?:signed up|subscri\w+|(?:have|got) an account))|log ?in to|to continue reading|continue reading|create (?:a free|an) account"
    r"|(?:please )?(?:enable|turn on) javascript|support (?:our|independent) journalism|become a (?:member|subscriber|supporter|patron)"
    r"|join (?:our|the) (?:newsletter|mailing list|conversation|discussion|whatsapp|telegram)|download (?:the|our) (?:\w+ )?app\b|follow (?:us|\w+(?: \w+)?) on (?:twitter|facebook|instagram|x\b|telegram|tiktok|whatsapp|google news)"
    r"|like us on facebook|(?:click|tap|press) (?:here|(?:on )?the \w+(?: \w+)? (?:icon|button|bell)|the link)? ?(?:below )?to (?:follow|subscribe|sign|join|read|get)|this (?:article|story|post) (?:first |was )?(?:originally )?(?:appeared|published) (?:on|in|at)\b"
    r"|newsletter abonnieren|jetzt abonnieren|abonnez-vous|inscrivez-vous|suscríbete|suscríbase|assine (?:a|nossa|já)|iscriviti|подпишитесь|подписывайтесь|הירשמו|להרשמה|اشترك|עקבו אחרינו|登録はこちら|订阅|구독하"
    r"|.{0,40}\bsubscribers?'? comments?\b|.{0,40}\bcomments? (?:are (?:closed|moderated|off)|policy|section)\b|from \W?\d+(?:\.\d+)? (?:for|a|per) )",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"^\W{0,3}(?:(?:additional |further )?(?:reporting|writing|editing|compiled|edited|written|translation|graphics?|produced) (?:in \w+ )?by\b.{3,250}"
    r"|(?:©|\(c\)|copyright)\s.{0,150}|all rights reserved\b.{0,150}|our standards:.{0,120}|(?:first published|last updated|last modified):?\s.{0,60}\d.{0,20}"
    r"|with (?:files|reporting) from\b.{2,120}|(?:the )?associated press (?:writers?|contributed).{0,200})\W*$",
    re.IGNORECASE,
)
_SHARE_WORDS = re.compile(
    r"\b(?:facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|e-?mail|mail|print|share|tweet|pin|copy|link|copied|save|send|in|on|this|the|article|story|via|by|to|a|friend|flipboard|messenger|sms|tumblr"
    r"|pocket|viber|line|vk|bluesky|mastodon|threads|bookmark|comments?|follow|like|views?|listen|\d+)\b",
    re.IGNORECASE,
)
_AD_LABEL = re.compile(
    r"^\W*(?:advertisement|advertising|ad|sponsored(?: content)?|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|реклама|פרסומת|إعلان|広告|广告|광고"
    r"|story continues below(?: advertisement)?|article continues (?:below|after).{0,30}|scroll (?:down )?(?:for|to) (?:more|continue).{0,30}|loading(?:\.\.\.|…)?|skip (?:to|past) .{0,30}"
    r"|share|print|comments?|show (?:more|comments?)|view (?:more|gallery|comments)|advertisement continues.{0,30}|enlarge(?: image)?|expand|play(?: video)?|close|back to top|top|tags?|topics?)\W*$",
    re.IGNORECASE,
)
_SHORT = 60  # words; longer text is prose even when it begins like a pitch (taste)


def in_noisy_box(element: Element) -> bool:
    """Whether an element stands in a box that its page calls navigation, promotion, sharing or the like."""
    for box in (element, *element.iterancestors()):
        if box.tag in ("body", "html", "main", "article"):
            return False
        if box.tag in ("nav", "footer", "aside") or _NOISY_BOX.search(marks_of(box)):
            return True
    return False


def is_noise_line(text: str) -> bool:
    """Whether a line of words by itself is no part of an article: a pitch, a share bar, a label over an advertisement."""
    if len(text.split()) > _SHORT:
        return False
    return bool(_PITCH.match(text) or _AD_LABEL.match(text) or _PROMO_CALL.search(text)) or is_share_line(text)


def is_share_line(text: str) -> bool:
    """Whether the words are only those of buttons that send a page on, perhaps run together twice."""
    once = text[: len(text) // 2] if len(text) % 2 == 0 and text[: len(text) // 2] == text[len(text) // 2 :] else text
    if len(once) > 160 or not re.search(
        r"(?i)share|facebook|twitter|e-?mail|whatsapp|tweet|print|linkedin|telegram", once
    ):
        return False
    return not re.sub(r"[\W_]+", "", _SHARE_WORDS.sub("", once))


def is_closing_line(text: str) -> bool:
    """Agency and copyright lines, which stand at an article's end."""
    return bool(_AGENCY.match(text))


def is_promo(element: Element) -> bool:
    """Whether a block is a link to another article: a label and a link, or nothing but a link with a call."""
    text = text_of(element)
    linked = linked_share(element)
    if _PROMO_LABEL.match(text):
        return linked >= 0.3 or (len(text.split()) <= 4 and element.tag != "li" and text.rstrip().endswith(":"))
    return linked >= 0.9 and bool(_PROMO_CALL.search(text))


def is_promo_label(text: str) -> bool:
    """Whether a line of plain text is, or begins with, a label such as "Related:" or "READ MORE"."""
    return bool(_PROMO_LABEL.match(text)) and len(text.split()) <= 25


def linked_share(element: Element) -> float:
    """The share of a block's letters that are inside links with an address (0 to 1)."""
    total = len(text_of(element))
    linked = sum(len(text_of(link)) for link in elements(element, "a") if (link.get("href") or "").startswith("http"))
    return linked / total if total else 0.0


def is_doubled(text: str) -> bool:
    """Whether a line says the same thing twice in a row."""
    words = squeeze(text)
    half = len(words) // 2
    return len(words) >= 8 and (words[:half].strip() == words[half:].strip())
