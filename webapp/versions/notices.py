"""Paragraphs in which a newsroom says that it corrected or amended an article, in the languages of the archive."""

from __future__ import annotations

import re

_LABELS = (  # with a colon, dash or line end after them
    "corrections?|clarifications?|corrected|amended|updated?|editor[’']?s['’]? note|erratum|errata|"  # English
    "korrektur|richtigstellung|berichtigung|klarstellung|aktualisierung|anmerkung der redaktion|"
    "rectificatif|rectification|mise à jour|précision|note de la rédaction|"
    "corrección|rectificación|fe de erratas?|fe de errores|aclaración|actualización|nota del editor|"
    "correção|retificação|nota da redação|rettifica|errata corrige|precisazione|aggiornamento|"
    "correctie|rectificatie|naschrift|sprostowanie|korekta|aktualizacja|rättelse|rettelse|oikaisu|"
    "исправление|поправка|уточнение|обновлено|обновление|виправлення|уточнення|оновлено|"
    "düzeltme|güncelleme|تصحيح|تصويب|توضيح|تنويه|تحديث|استدراك|اصلاحیه|توضیح|"
    "תיקון|תיקון טעות|הבהרה|עדכון|"
    "更正|更正启事|勘误|勘誤|编者注|編者註|訂正|お詫びと訂正|おわびと訂正|修正|追記|정정|정정보도|바로잡습니다|수정"
)
_LABEL = re.compile(
    rf"^\W{{0,3}}(?:{_LABELS})(?!\w)(?:[,\s(]+(?=[^:：\n]{{0,25}}\d)[^:：\n]{{2,40}}?\)?)?\s*(?:[:：]|[—–]|-\s|$)",
    re.IGNORECASE,
)
_SAYINGS = re.compile(
    r"\b(?:this|the) (?:article|story|post|report|headline|piece|page|item)(?:[’']s headline)? (?:was|has been|is) "
    r"(?:\w+ )?(?:amended|corrected|updated|revised|changed|edited|modified)\b"
    r"|\b(?:an? (?:earlier|previous)|the original) version of (?:this|the) (?:article|story|post|report|headline|piece)"
    r"|\bthis (?:article|story|report) (?:originally|initially|previously) (?:said|stated|misstated|reported)"
    r"|\bin einer (?:früheren|vorherigen|ersten) (?:version|fassung)\b"
    r"|\b(?:dieser (?:artikel|text|beitrag)|diese meldung) wurde\b.{0,60}\b(?:aktualisiert|korrigiert|geändert|ergänzt)"
    r"|\bune (?:première |précédente )?version (?:précédente |antérieure |initiale )?de (?:cet article|ce texte)\b"
    r"|\bcet article a été\b.{0,40}\b(?:modifié|corrigé|mis à jour|actualisé)"
    r"|\buna versión (?:anterior|previa) de (?:este|esta)\b"
    r"|\best[ea] (?:artículo|nota|noticia|texto) (?:ha sido|fue)\b.{0,30}\b(?:corregid|actualizad|modificad)"
    r"|\b(?:uma )?versão anterior (?:desta|deste)\b|\best[ea] (?:texto|reportagem|matéria) foi (?:corrigid|atualizad)"
    r"|\buna versione precedente di questo\b|\bquesto articolo è stato (?:corretto|aggiornato|modificato)"
    r"|\bin een eerdere versie\b|\bdit artikel (?:is|werd) (?:\w+ )?(?:aangepast|gecorrigeerd|bijgewerkt)"
    r"|\bwe wcześniejszej wersji\b|\ben tidigare version av\b|\ben tidligere (?:versjon|version) av\b"
    r"|\bв (?:предыдущей|ранней|более ранней|первоначальной) версии\b"
    r"|\b(?:текст|заголовок|материал|новость|статья) (?:был[аи]? )?"
    r"(?:исправлен|изменен|изменён|обновлен|обновлён|дополнен)"
    r"|\bу (?:попередній|ранішій) версії\b|\bhaberin (?:önceki|eski|ilk) (?:sürüm|hâl|hal)"
    r"|\bbu (?:haber|makale|yazı) (?:güncellen|düzeltil)"
    r"|(?:في نسخة سابقة|في الإصدار السابق|تم (?:تعديل|تصحيح|تحديث) (?:هذا|هذه))"
    r"|(?:בגרסה (?:קודמת|מוקדמת)|(?:הכתבה|הידיעה|הכותרת) (?:תוקנה|עודכנה|שונתה))"
    r"|本文.{0,12}(?:更正|更新|修改|修订)|(?:较早|早前|早先|先前|之前|此前)(?:的)?版本"
    r"|(?:記事|見出し).{0,12}(?:訂正|修正|更新)し|以前の(?:版|バージョン|記事)"
    r"|(?:기사|제목)(?:가|는|를|은|이|을) .{0,12}(?:수정|정정|업데이트)|이전 (?:버전|기사)",
    re.IGNORECASE,
)
_LONGEST = 1_500  # characters; a longer paragraph is the article's own (taste)


def is_notice(text: str) -> bool:
    """Whether a paragraph says that the article was corrected, clarified or updated."""
    if len(text) > _LONGEST:
        return False
    return bool(_LABEL.match(text) or _SAYINGS.search(text))
