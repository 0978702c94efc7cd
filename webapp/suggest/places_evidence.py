"""From tallies to suggestions: the role of each tag, how sure it is, and the evidence that a reader sees."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.evidence import Evidence, Memory, Mention, Role, Suggestion, Where
from webapp.model import TagKind
from webapp.suggest.places_confidence import confidence, smaller_confidence
from webapp.suggest.places_lexicon import Lexicon
from webapp.suggest.places_text import Manner
from webapp.suggest.places_weigh import Tally, ranked_countries

PLACES_MAKER = "places/1"
ABOUT_FROM = 0.36  # confidence from which a country that is not the primary one is ABOUT; best F1 on two kinds of news
# Of the best score, from which the country that the headline names first is the primary one: where the headline names
# the best one as well, and where it does not. On 163 web reports of 2019 and 2020 it puts three right and none wrong.
_LEADS_FROM, _LEADS_UNNAMED_FROM = 0.9, 0.5
_MOST_MENTIONS, _MOST_SURFACES = 40, 8  # that a suggestion carries
_MOST_SMALLER, _MOST_MENTIONED = 8, 12  # suggestions of areas and places; of what is merely mentioned
_TWICE = 2  # mentions from which an area or place is offered when the title does not name it
_LEAST_SCORE, _LEAST_SHARE = 1.0, 0.06  # of such an offer, the share being that of the primary country's score
_OUTLET_SHARE = 0.5  # of the reader's articles, from which a region is what the outlet is about
_OUTLET_CONFIDENCE = 0.3  # of a region that the text does not name at all, times its share; taste


def suggestions(
    tallies: Mapping[str, Tally], lexicon: Lexicon, memory: Memory, outlet: str, *, manner: Manner
) -> tuple[Suggestion, ...]:
    """ABOUT (countries, then areas and places), DATELINE, OUTLET, MENTIONED; each best first.

    What only stands in the chrome of a page is no suggestion at all.
    """
    ranked = ranked_countries(tallies)
    by_role: dict[Role, list[Suggestion]] = {role: [] for role in Role}
    for tally in ranked:
        if lexicon.today(tally.tag_id) and (tally is ranked[0] or not tally.is_stray):
            sure = confidence(tally, ranked, manner=manner)
            role = _role(tally, ranked, sure, manner=manner)
            by_role[role].append(_suggestion(tally, role, sure, memory, outlet))
    top = ranked[0].score if ranked else 0.0
    for tally in _smaller(tallies, lexicon):
        role = Role.ABOUT if _is_worth_a_tag(tally, top) else Role.MENTIONED
        by_role[role].append(_suggestion(tally, role, smaller_confidence(tally, top), memory, outlet))
    by_role[Role.OUTLET] = _of_outlet(tallies, lexicon, memory, outlet)
    by_role[Role.MENTIONED].sort(key=lambda each: (-each.score, each.tag_id))
    places = [each for each in by_role[Role.ABOUT] if each.tag_id not in {tally.tag_id for tally in ranked}]
    countries = [each for each in by_role[Role.ABOUT] if each not in places]
    return (
        *(countries if manner.is_wire_copy else _headline_first(countries, tallies)),
        *places[:_MOST_SMALLER],
        *by_role[Role.DATELINE],
        *by_role[Role.OUTLET],
        *by_role[Role.MENTIONED][:_MOST_MENTIONED],
    )


def _headline_first(countries: list[Suggestion], tallies: Mapping[str, Tally]) -> list[Suggestion]:
    """The one that the headline names first is the primary where another leads by little, or by less than half without
    being named there: "French inventor crosses the Channel", in a story full of Dover. But "Russia sends forces to
    Syria" is about Syria."""
    if not countries:
        return countries
    least = _LEADS_FROM if tallies[countries[0].tag_id].in_title else _LEADS_UNNAMED_FROM
    named = [
        (min(where), each)
        for each in countries
        if each.score >= least * countries[0].score
        and (where := [one.span.start for one in tallies[each.tag_id].references if one.span.where is Where.TITLE])
    ]
    first = min(named, key=lambda one: one[0])[1] if named else countries[0]
    return [first, *(each for each in countries if each is not first)]


def _role(tally: Tally, ranked: list[Tally], sure: float, *, manner: Manner) -> Role:
    if tally.is_dateline_only and not manner.is_wire_copy and any(not each.is_dateline_only for each in ranked):
        return Role.DATELINE
    leader = next((each for each in ranked if manner.is_wire_copy or not each.is_dateline_only), ranked[0])
    if tally is leader or (sure >= ABOUT_FROM and not tally.is_stray):
        return Role.ABOUT
    return Role.DATELINE if tally.is_dateline_only else Role.MENTIONED


def _smaller(tallies: Mapping[str, Tally], lexicon: Lexicon) -> list[Tally]:
    """Tags that are no countries, best first."""
    found = [
        tally for tally in tallies.values() if not tally.country and not tally.is_stray and lexicon.today(tally.tag_id)
    ]
    return sorted(found, key=lambda tally: (-tally.score, tally.tag_id))


def _is_worth_a_tag(tally: Tally, top: float) -> bool:
    """Named in the title, or twice in what counts as the story; a capital only where it is a place."""
    times = tally.locative if set(tally.sorts) == {"capital"} else tally.solid
    is_named = times >= _TWICE or (tally.in_title > 0 and times > 0)
    return is_named and tally.score >= max(_LEAST_SCORE, _LEAST_SHARE * top) and not tally.is_dateline_only


def _of_outlet(tallies: Mapping[str, Tally], lexicon: Lexicon, memory: Memory, outlet: str) -> list[Suggestion]:
    """What the outlet is mostly about, when the text does not name it."""
    if not memory.outlet_articles:
        return []
    return [
        _suggestion(Tally(tag_id), Role.OUTLET, _OUTLET_CONFIDENCE * times / memory.outlet_articles, memory, outlet)
        for tag_id, times in sorted(memory.outlet_regions.items(), key=lambda item: (-item[1], item[0]))
        if times / memory.outlet_articles >= _OUTLET_SHARE and tag_id not in tallies and lexicon.today(tag_id)
    ]


def _suggestion(tally: Tally, role: Role, sure: float, memory: Memory, outlet: str) -> Suggestion:
    return Suggestion(
        tag_id=tally.tag_id,
        kind=TagKind.REGION,
        role=role,
        score=round(tally.score, 2),
        confidence=round(sure, 3),
        evidence=_evidence(tally, memory, outlet),
    )


def _evidence(tally: Tally, memory: Memory, outlet: str) -> Evidence:
    mentions = [
        Mention(each.span.where, each.span.start, each.span.end, each.span.quote, each.sort)
        for each in tally.references
    ]
    times: dict[tuple[str, str], int] = {}
    for mention in mentions:
        surface = " ".join(mention.quote.split()), mention.sort
        times[surface] = times.get(surface, 0) + 1
    surfaces = sorted(times.items(), key=lambda item: -item[1])[:_MOST_SURFACES]
    return Evidence(
        maker=PLACES_MAKER,
        total=len(mentions),
        mentions=tuple(mentions[:_MOST_MENTIONS]),
        surfaces=tuple((quote, sort, count) for (quote, sort), count in surfaces),
        prior=_prior_sentence(tally.tag_id, memory, outlet),
    )


def _prior_sentence(tag_id: str, memory: Memory, outlet: str) -> str:
    times, articles = memory.outlet_regions.get(tag_id, 0), memory.outlet_articles
    if not times or not articles:
        return ""
    noun = "article" if articles == 1 else "articles"
    return f"{times} of your {articles} {noun} from {outlet or 'this outlet'}"
