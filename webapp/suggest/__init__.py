"""Suggests regions and topics for a story, with evidence. Pure: values in, values out."""

from webapp.places import Gazetteer as Gazetteer
from webapp.suggest.genre import genre_of as genre_of
from webapp.suggest.learning import Learned as Learned
from webapp.suggest.learning import Precision as Precision
from webapp.suggest.learning import learn as learn
from webapp.suggest.learning_lessons import Lesson as Lesson
from webapp.suggest.learning_names import NameOffer as NameOffer
from webapp.suggest.learning_topics import TopicModel as TopicModel
from webapp.suggest.places import PLACES_MAKER as PLACES_MAKER
from webapp.suggest.places import suggest_regions as suggest_regions
from webapp.suggest.topics import TOPICS_MAKER as TOPICS_MAKER
from webapp.suggest.topics import suggest_topics as suggest_topics
from webapp.suggest.topics_meaning import Meanings as Meanings
from webapp.suggest.topics_meaning import overlap as overlap
