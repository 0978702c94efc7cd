"""Suggests regions and topics for a story, with evidence. Pure: values in, values out."""

from webapp.places import Gazetteer as Gazetteer
from webapp.suggest.places import PLACES_MAKER as PLACES_MAKER
from webapp.suggest.places import suggest_regions as suggest_regions
