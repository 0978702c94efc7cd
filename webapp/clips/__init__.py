"""Every door of the archive, one shape: whatever arrives becomes a `Clip`, with its page as clean text.

Pure: no network, no clock, no disk. What cannot become a clip is refused here, with the reason, before it is kept.
"""

from webapp.clips.doors import clip_again, clip_from_json, clip_from_page, clip_from_parts, clip_from_text

__all__ = ["clip_again", "clip_from_json", "clip_from_page", "clip_from_parts", "clip_from_text"]
