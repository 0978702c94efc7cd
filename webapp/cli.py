"""The command `dateline`: what a person or a script may ask of the archive from a terminal."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click
import platformdirs
import waitress

from webapp import housekeeping, indexing, jobs, pipeline, searching
from webapp.access import accounts
from webapp.api.shapes import row_as_json
from webapp.app import create_app
from webapp.articles import reading
from webapp.cli_vocabulary import rules_group, vocabulary
from webapp.clipping import clip_address, clip_upload, state_of, wait_for
from webapp.demo import demo_clips, demo_states, demo_tags
from webapp.errors import ArchiveError, BadSetting
from webapp.filing import answering, suggesting, suggesting_runs, tagging
from webapp.model import CameBy, ClipState, ReadingState, TagOrigin
from webapp.services import Services, open_services
from webapp.settings import Settings, read_settings
from webapp.version import VERSION

WAIT_S = 60  # how long `dateline clip` waits for the article before it says "still at work"
BODY_FACTOR = 2  # waitress refuses bodies beyond this many clips before the application is asked


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="dateline")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Where the archive is kept.")
@click.pass_context
def cli(context: click.Context, data_dir: Path | None) -> None:
    """Dateline keeps the articles you meet while reading, and finds them again."""
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"), format="%(levelname)s %(name)s: %(message)s")
    folder = Path(os.environ.get("DATELINE_DATA_DIR") or platformdirs.user_data_dir("dateline", appauthor=False))
    settings = read_settings(os.environ, data_dir=folder)
    context.obj = replace(settings, data_dir=data_dir or settings.data_dir)


@cli.command()
@click.option("--host", help="The address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="The port to listen on; 0 takes a free one.  [default: 8765]")
@click.option("--open/--no-open", "open_browser", default=None, help="Open the sign-in link in a browser.")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None, open_browser: bool | None) -> None:
    """Run the archive on this machine."""
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    with _services(settings, expects_clips=True) as services:
        first_time = not accounts.was_ever_signed_in(services)
        _serve(services, open_browser=first_time if open_browser is None else open_browser)


@cli.command()
@click.option("--port", type=int, default=0, help="The port to listen on.  [default: a free one]")
@click.option("--open/--no-open", "open_browser", default=True, help="Open the archive in a browser.")
@click.pass_obj
def demo(settings: Settings, port: int, open_browser: bool) -> None:
    """Look around in a throw-away archive full of sample articles."""
    with tempfile.TemporaryDirectory(prefix="dateline-demo-") as folder:
        settings = replace(settings, data_dir=Path(folder), database_url="", port=port)
        with _services(settings, expects_clips=True) as services:
            count = _load_demo(services)
            click.echo(f"{count} sample articles in a throw-away archive; it is gone when you stop.")
            _serve(services, open_browser=open_browser)


@cli.command()
@click.pass_obj
def worker(settings: Settings) -> None:
    """Do the archive's waiting jobs, until stopped."""
    with _services(settings, expects_clips=True) as services:
        running = jobs.Worker(services)
        running.start()
        _stop_on_terminate()
        _wait_for_interrupt()
        running.stop()


@cli.command()
@click.argument("source", metavar="FILE|URL|-")
@click.option("--address", default="", help="The web address the page is from.")
@click.option("--title", default="", help="A title, if the page's own does not serve.")
@click.option("--tag", "tags", multiple=True, help="A region or topic: region:syria, topic:diplomacy.")
@click.option("--note", default="", help="A note kept with the article.")
@click.pass_obj
def clip(settings: Settings, source: str, address: str, title: str, tags: tuple[str, ...], note: str) -> None:
    """Put a page into the archive: a file (HTML, SingleFile, MHTML, text), an address, or standard input."""
    with _services(settings, expects_clips=True) as services:
        owner = accounts.ensure_account(services).id
        extra: dict[str, Any] = {"title": title, "tags": tags, "note": note, "came_by": CameBy.COMMAND}
        if source.startswith(("http://", "https://")):
            receipt = clip_address(services, owner, source, **extra)
        elif source == "-":
            receipt = clip_upload(services, owner, "", sys.stdin.buffer.read(), address=address, **extra)
        else:
            path = Path(source)
            receipt = clip_upload(services, owner, path.name, _read(path), address=address, **extra)
        record = wait_for(services, owner, receipt.clip_id, WAIT_S)
        if record.state is ClipState.FAILED:
            raise click.ClickException(f"kept as it came, but no article could be made of it: {record.reason}")
        if record.state is ClipState.RECEIVED:
            click.echo(f"received, still at work: clip {record.clip_id}")
            return
        opened = reading.open_article(services, owner, record.article_id or 0)
        again = "" if opened.article.version_count < 2 else f", version {record.version_number}"
        click.echo(f"{record.article_id}: {opened.article.title} ({opened.article.word_count} words{again})")


@cli.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--limit", default=10, show_default=True, help="How many articles to show.")
@click.pass_obj
def search(settings: Settings, query: tuple[str, ...], as_json: bool, limit: int) -> None:
    """Find articles: words, "phrases", region:syria, topic:diplomacy, after:2020, site:example.org …"""
    with _services(settings) as services:
        owner = accounts.ensure_account(services).id
        indexing.drain(services)
        found = searching.find(services, owner, " ".join(query), per_page=limit)
        for problem in found.problems:
            click.echo(f"{problem.message} {problem.advice}", err=True)
        for row in found.rows:
            if as_json:
                click.echo(json.dumps(row_as_json(row), ensure_ascii=False))
            else:
                click.echo(f"{row.article.id:>6}  {row.dateline.date or '':<10}  {row.article.title}")
        click.echo(f"{found.total} articles, {found.seconds:.3f} s", err=True)


@cli.command("sign-in-link")
@click.pass_obj
def sign_in_link(settings: Settings) -> None:
    """Print a link that signs a browser in, once."""
    with _services(settings) as services:
        click.echo(_base_url(settings, settings.port) + accounts.make_sign_in_link(services))


@cli.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(accounts.SCOPES), help="What it may do.")
@click.pass_obj
def device(settings: Settings, name: str, scopes: tuple[str, ...]) -> None:
    """Make a token for a client called NAME and print it, once."""
    with _services(settings) as services:
        owner = accounts.ensure_account(services).id
        click.echo(accounts.make_device(services, owner, name, scopes or accounts.SCOPES).token)


@cli.command()
@click.pass_obj
def reindex(settings: Settings) -> None:
    """Make the search index anew from the database, beside the old one."""
    with _services(settings) as services, click.progressbar(length=1, label="Indexing", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        count = indexing.rebuild(services, progress)
    click.echo(f"{count} articles indexed")


@cli.command()
@click.argument("article_ids", nargs=-1, type=int, metavar="[ID]...")
@click.option("--all", "all_articles", is_flag=True, help="Every article, newest first; goes on where it was stopped.")
@click.pass_obj
def suggest(settings: Settings, article_ids: tuple[int, ...], all_articles: bool) -> None:
    """Suggest regions and topics for articles; they wait in the review, and nothing is filed unasked."""
    if bool(article_ids) == all_articles:
        raise click.UsageError("Name the articles, or say --all.")
    with _services(settings) as services:
        owner = accounts.ensure_account(services).id
        if all_articles:
            _suggest_all(services, owner)
        for article_id in article_ids:
            suggesting.suggest_for(services, owner, article_id)
            for offer in answering.on_article(services, owner, article_id).open:
                said = f"{offer.tag.kind.value}:{offer.tag.slug}"
                click.echo(f"{article_id:>6}  {offer.confidence:.2f}  {said:<36}  {offer.summary}")


@cli.command()
@click.argument("article_ids", nargs=-1, type=int, metavar="[ID]...")
@click.option("--all", "all_articles", is_flag=True, help="Every article of the archive.")
@click.pass_obj
def reprocess(settings: Settings, article_ids: tuple[int, ...], all_articles: bool) -> None:
    """Make articles again from their clips, with today's extractor; tags, notes and states stay."""
    if bool(article_ids) == all_articles:
        raise click.UsageError("Name the articles, or say --all.")
    with _services(settings, expects_clips=True) as services:
        owner = accounts.ensure_account(services).id
        wanted = article_ids or tuple(reading.all_ids(services))
        failures = []
        with click.progressbar(wanted, label="Making again", file=sys.stderr) as bar:
            for article_id in bar:
                try:
                    pipeline.reprocess(services, owner, article_id)
                except ArchiveError as error:
                    failures.append(f"{article_id}: {error}")
        indexing.drain(services)
    click.echo(f"{len(wanted) - len(failures)} of {len(wanted)} articles made again")
    for failure in failures:
        click.echo(failure)
    if failures:
        sys.exit(1)


@cli.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Hold the index against the database and every kept file against its name."""
    with _services(settings) as services:
        indexing.drain(services)
        problems = [*indexing.check(services), *housekeeping.check_files(services)]
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems)} problems; `dateline reindex` mends the index")
    click.echo("all is well")


@cli.command("settings")
@click.pass_obj
def show_settings(settings: Settings) -> None:
    """List every setting with its value; set them as DATELINE_NAME in the environment."""
    for item in fields(settings):
        click.echo(f"DATELINE_{item.name.upper()}={getattr(settings, item.name)}")


cli.add_command(vocabulary)
cli.add_command(rules_group)


def main() -> None:
    """Run the command; an error raised on purpose is one line, not a stack trace."""
    try:
        cli(prog_name="dateline")
    except ArchiveError as error:
        click.echo(f"dateline: {error}", err=True)
        sys.exit(1)


@contextmanager
def _services(settings: Settings, *, expects_clips: bool = False) -> Iterator[Services]:
    services = open_services(settings, expects_clips=expects_clips)
    try:
        yield services
    finally:
        services.close()


def _serve(services: Services, *, open_browser: bool) -> None:
    settings = services.settings
    app = create_app(services)
    try:
        server = waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            max_request_body_size=BODY_FACTOR * settings.clip_limit_bytes,
            clear_untrusted_proxy_headers=settings.trusted_proxy_count <= 0,
        )
    except OSError as error:
        raise BadSetting(
            f"cannot listen at {settings.host}, port {settings.port}: {error.strerror}. "
            "Is Dateline running already? --port 0 takes a free port."
        ) from error
    base_url = _base_url(settings, server.effective_port)
    link = base_url + accounts.make_sign_in_link(services)
    click.echo(f"Dateline is at {base_url}/\nSign in with this link (it works once): {link}\nStop with Ctrl+C.")
    running = jobs.Worker(services)
    running.start()
    _stop_on_terminate()
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        click.echo("Stopping.")
    finally:
        running.stop()
        server.close()


def _suggest_all(services: Services, owner: int) -> None:
    run = suggesting_runs.begin(services, owner)
    if run.done:
        click.echo(f"Going on after {run.done} of {run.total} articles.", err=True)
    with click.progressbar(length=max(run.total, 1), label="Suggesting", file=sys.stderr) as bar:
        while (step := suggesting_runs.next_batch(services, owner)) is not None:
            bar.update(step.done - bar.pos)
            run = step
    indexing.drain(services)
    for article_id, reason in run.failures:
        click.echo(f"{article_id}: {reason}", err=True)
    click.echo(f"{run.done} articles looked at, {run.failed} could not be read")


def _load_demo(services: Services) -> int:
    owner = accounts.ensure_account(services).id
    samples = demo_clips(services.clock())
    for sample in samples:
        pipeline.receive(services, owner, sample)
    with click.progressbar(length=len(samples), label="Loading samples", file=sys.stderr) as bar:
        while jobs.run_next(services):
            bar.update(1)
    article_of = {sample.clip_id: state_of(services, owner, sample.clip_id).article_id or 0 for sample in samples}
    vocabulary = services.vocabulary()
    for clip_id, tag_ids in demo_tags().items():
        for tag_id in tag_ids:
            kind = vocabulary.get(tag_id).kind
            tagging.add_tag(services, owner, article_of[clip_id], kind, tag_id, origin=TagOrigin.DEMO)
    for clip_id, state in demo_states().items():
        reading.set_reading(services, owner, article_of[clip_id], ReadingState(state.reading))
        reading.set_starred(services, owner, article_of[clip_id], state.starred)
    indexing.drain(services)
    return len(set(article_of.values()))


def _base_url(settings: Settings, port: int) -> str:
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - only compared
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error


def _stop_on_terminate() -> None:
    """Let SIGTERM, which service managers send, stop as Ctrl+C does: the job at hand ends first."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def _wait_for_interrupt() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Stopping.")
