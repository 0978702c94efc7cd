"""The embedded engine, on Whoosh; the only importer of whoosh. `searcher` is the front, `schema` tells what is kept."""

from index.whoosh_engine.searcher import WhooshEngine, open_whoosh_engine

__all__ = ["WhooshEngine", "open_whoosh_engine"]
