"""One transaction's view of the store: every noun, over one connection."""

from __future__ import annotations

from sqlalchemy import Connection

from webapp.store.accounts import Accounts, Devices, SignInLinks
from webapp.store.articles import Articles
from webapp.store.assets import Assets
from webapp.store.changes import Changes
from webapp.store.clips import Clips
from webapp.store.corrections import Corrections
from webapp.store.decisions import Decisions
from webapp.store.device_codes import DeviceCodes
from webapp.store.highlights import Highlights
from webapp.store.jobs import Jobs
from webapp.store.reviews import Reviews
from webapp.store.rules import Rules
from webapp.store.searches import SavedSearches
from webapp.store.sessions import Sessions
from webapp.store.suggestions import Suggestions
from webapp.store.tags import Tags
from webapp.store.tries import Tries
from webapp.store.versions import Versions
from webapp.store.vocabulary import VocabularyDeeds
from webapp.store.vocabulary_notes import Usage, VocabularyNotes


class Work:
    """What is done through one Work is kept together, or not at all."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changes = Changes(connection)
        self.accounts = Accounts(connection)
        self.sign_in_links = SignInLinks(connection)
        self.sessions = Sessions(connection)
        self.devices = Devices(connection)
        self.device_codes = DeviceCodes(connection)
        self.tries = Tries(connection)
        self.clips = Clips(connection)
        self.articles = Articles(connection, self.changes)
        self.versions = Versions(connection)
        self.corrections = Corrections(connection, self.changes)
        self.highlights = Highlights(connection, self.changes)
        self.assets = Assets(connection)
        self.tags = Tags(connection, self.changes)
        self.jobs = Jobs(connection)
        self.searches = SavedSearches(connection)
        self.suggestions = Suggestions(connection)
        self.reviews = Reviews(connection)
        self.decisions = Decisions(connection)
        self.vocabulary = VocabularyDeeds(connection, self.changes, self.tags)
        self.vocabulary_notes = VocabularyNotes(connection)
        self.usage = Usage(connection)
        self.rules = Rules(connection, self.changes)
