"""The addresses under which articles are found: the one they are kept under, and where else they were clipped."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, delete, insert, select, update

from webapp.addresses import canonical_address
from webapp.errors import BadAddress
from webapp.store.reader_tables import article_addresses
from webapp.store.tables import articles


def address_key(address: str) -> str | None:
    """What makes an address unique in the database; None for none."""
    return hashlib.sha256(address.encode("utf-8", "ignore")).hexdigest() if address else None


def keep_address(connection: Connection, owner: int, article_id: int, address: str, *, leads_home: bool) -> None:
    """Remember that the article was seen at `address`, if it is not kept there. The last one seen is found there.

    With `leads_home` what is clipped there is a version of it: an address is said of one article only.
    """
    try:
        key = address_key(canonical_address(address))
    except BadAddress:
        return
    if not leads_home and key == connection.scalar(select(articles.c.address_key).where(articles.c.id == article_id)):
        return
    this = (article_addresses.c.owner == owner, article_addresses.c.address_key == key)
    known = connection.scalar(select(article_addresses.c.leads_home).where(*this))
    if known is None:
        row = {"owner": owner, "address_key": key, "article_id": article_id, "leads_home": leads_home}
        connection.execute(insert(article_addresses).values(**row))
    elif leads_home or not known:
        connection.execute(update(article_addresses).where(*this).values(article_id=article_id, leads_home=leads_home))


def forget_address(connection: Connection, owner: int, address: str) -> None:
    connection.execute(
        delete(article_addresses).where(
            article_addresses.c.owner == owner, article_addresses.c.address_key == address_key(address)
        )
    )


def article_seen_at(connection: Connection, owner: int, address: str, *, leads_home: bool = False) -> int | None:
    """The article that was seen at a canonical address that is not its own."""
    question = (
        select(article_addresses.c.article_id)
        .join(articles, articles.c.id == article_addresses.c.article_id)
        .where(article_addresses.c.owner == owner, article_addresses.c.address_key == address_key(address))
    )
    if leads_home:
        question = question.where(article_addresses.c.leads_home.is_(True))
    return connection.scalar(question)
