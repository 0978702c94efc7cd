"""The one blueprint of `/api/v1`, which its files hang their routes on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("api", __name__)
