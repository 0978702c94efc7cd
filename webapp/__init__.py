"""Dateline, a personal archive of articles. Begin reading at `pipeline.py`; `app.py` puts the web application together.

This file imports nothing: the confined child process needs the makers alone, not Flask and the database.
"""
