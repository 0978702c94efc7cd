"""Every error that Dateline raises on purpose. Its text may be shown to the reader: what, which, what to do.

ArchiveError
├── BadClip                 the clip cannot be accepted (answers 422)
│   ├── ClipTooLarge        more bytes than the settings allow (413)
│   ├── ClipEmpty           nothing in it
│   └── ClipUnreadable      not text, not HTML, not MHTML; truncated beyond use
├── BadAddress              not an address that may be kept or fetched
├── FetchFailed             a page or picture could not be brought home
├── ExtractionFailed        no article could be taken out of a page
│   ├── PageTooLarge        more mark-up than the settings allow
│   └── TookTooLong         the confined maker was stopped
├── BadPicture              bytes that are not a picture we keep
├── StoreUnavailable        the database is locked, full or away (503)
│   └── DiskFull            no room for what should be kept (507)
├── IndexAway               the search index is being made anew, and this needs it (503)
├── NotFound                no such article, version, asset, tag, device (404)
├── Conflict                somebody else changed it first (409)
├── BadTag                  a tag that is not in the vocabulary, or a change to it that cannot be (422)
├── BadRule                 a rule that cannot be kept or applied (422)
├── BadCorrection           a fact that cannot be what the reader wrote (422)
├── BadSearch               a search that cannot be saved (422)
├── JobGaveOut              a job that stopped its worker too often
├── NotSignedIn             nobody is signed in, or the token is unknown (401)
├── NotAllowed              signed in, but this is not permitted (403)
├── TooManyTries            wrong too often; wait (429)
└── BadSetting              a setting that cannot be used (start-up only)
"""

from __future__ import annotations


class ArchiveError(Exception):
    """The root. `status` is the HTTP status a counter answers with."""

    status = 500

    @property
    def text(self) -> str:
        return str(self)


def in_megabytes(size_bytes: int) -> str:
    """The size in words, to two significant digits at least: "50 MB", "1.2 MB", "0.004 MB"."""
    return f"{size_bytes / 1e6:.{0 if size_bytes >= 10e6 else 1 if size_bytes >= 1e6 else 3}f} MB"


class BadClip(ArchiveError):
    status = 422


class ClipTooLarge(BadClip):
    status = 413

    def __init__(self, *, size_bytes: int | None, limit_bytes: int, what: str = "the clip") -> None:
        size = "more" if size_bytes is None else in_megabytes(size_bytes)
        super().__init__(
            f"{what} is {size}, and this archive accepts {in_megabytes(limit_bytes)}. "
            "Clip a selection of the page, or raise the limit in the settings."
        )
        self.size_bytes, self.limit_bytes = size_bytes, limit_bytes


class ClipEmpty(BadClip):
    pass


class ClipUnreadable(BadClip):
    pass


class BadAddress(ArchiveError):
    status = 422

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address[:200]!r}: {reason}")
        self.address, self.reason = address, reason


class FetchFailed(ArchiveError):
    status = 502

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"could not fetch {address[:200]}: {reason}")
        self.address, self.reason = address, reason


class ExtractionFailed(ArchiveError):
    status = 422


class PageTooLarge(ExtractionFailed):
    def __init__(self, *, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(
            f"the page has {in_megabytes(size_bytes)} of mark-up without its pictures; "
            f"{in_megabytes(limit_bytes)} are read"
        )
        self.size_bytes, self.limit_bytes = size_bytes, limit_bytes


class TookTooLong(ExtractionFailed):
    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what} was stopped: {reason}")
        self.what, self.reason = what, reason


class BadPicture(ArchiveError):
    status = 422


class StoreUnavailable(ArchiveError):
    status = 503


class DiskFull(StoreUnavailable):
    status = 507


class IndexAway(ArchiveError):
    status = 503

    def __init__(self) -> None:
        super().__init__("The search index is being made anew. Try again in a moment: nothing was changed.")


class NotFound(ArchiveError):
    status = 404


class Conflict(ArchiveError):
    status = 409


class BadTag(ArchiveError):
    status = 422


class BadRule(ArchiveError):
    status = 422


class BadCorrection(ArchiveError):
    """`field` names the fact."""

    status = 422

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason[:1].upper() + reason[1:] + ".")
        self.field = field


class BadSearch(ArchiveError):
    status = 422


class JobGaveOut(ArchiveError):
    def __init__(self, attempts: int) -> None:
        super().__init__(f"the worker stopped in the middle of it, {attempts} times")
        self.attempts = attempts


class NotSignedIn(ArchiveError):
    status = 401


class NotAllowed(ArchiveError):
    status = 403


class TooManyTries(ArchiveError):
    """`wait_s` says how long nothing is tried for whoever asked."""

    status = 429

    def __init__(self, what: str, wait_s: int) -> None:
        wait = f"{wait_s} seconds" if wait_s < 120 else f"{wait_s // 60} minutes"
        super().__init__(f"{what} Wait {wait}, then try again.")
        self.wait_s = wait_s


class BadSetting(ArchiveError):
    pass
