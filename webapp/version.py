"""The version, in one place for the package, the fetcher's User-Agent and `dateline --version`."""

VERSION = "0.1.0"
