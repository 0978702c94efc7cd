"""The commands `dateline vocabulary …` and `dateline rules …`: the trees as files, rules over the archive."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from webapp import indexing, rule_runs, rules, vocabulary_transfer
from webapp.access import accounts
from webapp.errors import ArchiveError
from webapp.model import TagKind
from webapp.services import Services, open_services
from webapp.settings import Settings
from webapp.vocabulary_files import format_of

KINDS = [kind.value for kind in TagKind]


@click.group()
def vocabulary() -> None:
    """The trees of regions and topics as files: a table (.csv) or SKOS (.ttl)."""


@vocabulary.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE|-")
@click.option("--kind", type=click.Choice(KINDS), help="Only this tree.  [default: both]")
@click.option("--skos", is_flag=True, help="Write SKOS, whatever the file's ending.")
@click.pass_obj
def export(settings: Settings, file: Path, kind: str | None, skos: bool) -> None:
    """Write the trees into FILE, or to standard output."""
    name = "skos" if skos or format_of(file.name, "").ending == "ttl" else "csv"
    with _opened(settings) as services:
        kinds = [TagKind(kind)] if kind else list(TagKind)
        _, content, _ = vocabulary_transfer.write(services, name, kinds)
    if str(file) == "-":
        click.echo(content, nl=False)
        return
    try:
        file.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    click.echo(f"written to {file}", err=True)


@vocabulary.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="Of rows that do not say.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
@click.pass_obj
def take_in(settings: Settings, file: Path, kind: str, dry_run: bool) -> None:
    """Take FILE in as one change, which can be undone in the history."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} cannot be read as UTF-8 text: {error}") from error
    with _opened(settings) as services:
        owner = accounts.ensure_account(services).id
        taken = vocabulary_transfer.look_at(services, owner, file.name, text, TagKind(kind))
        for problem in taken.problems:
            click.echo(f"line {problem.line}: {problem.text}" if problem.line else problem.text, err=True)
        for line in taken.preview.lines:
            click.echo(line)
        if dry_run:
            click.echo(f"{taken.added} would be new, {taken.changed} would change; nothing was changed", err=True)
            return
        deed = vocabulary_transfer.take_in(services, owner, file.name, text, TagKind(kind))
        indexing.drain(services)
        click.echo("The file says nothing new." if deed is None else f"{deed.summary}.", err=True)


@click.group("rules")
def rules_group() -> None:
    """Rules that file articles: list them, apply them to what is there."""


@rules_group.command("list")
@click.pass_obj
def list_them(settings: Settings) -> None:
    """Each rule with its number, whether it is on, and its query."""
    with _opened(settings) as services:
        owner = accounts.ensure_account(services).id
        for rule in rules.list_rules(services, owner):
            problem = rules.problem_of(rule, services.vocabulary())
            state = "on " if rule.enabled else "off"
            click.echo(f"{rule.id:>6}  {state}  {rule.name}  [{rule.query}]" + (f"  ! {problem}" if problem else ""))


@rules_group.command("run")
@click.argument("names", nargs=-1, metavar="[NAME|NUMBER]...")
@click.option("--dry-run", is_flag=True, help="Only tell how many articles would change.")
@click.pass_obj
def run(settings: Settings, names: tuple[str, ...], dry_run: bool) -> None:
    """Apply rules to the articles that are there: those named, or all that are on."""
    failed = False
    with _opened(settings) as services:
        owner = accounts.ensure_account(services).id
        listed = rules.list_rules(services, owner)
        wanted = [
            rule for rule in listed if (rule.name in names or str(rule.id) in names or (not names and rule.enabled))
        ]
        unknown = [
            name for name in names if name not in {each for rule in wanted for each in (rule.name, str(rule.id))}
        ]
        if unknown:
            raise click.ClickException(f"There is no rule called {unknown[0]}; `dateline rules list` lists them.")
        for rule in wanted:
            try:
                if dry_run:
                    tried = rule_runs.trial(services, owner, rule.query, rule.steps)
                    click.echo(f"{rule.name}: {tried.changed} of {tried.matched} articles would change")
                else:
                    done = rule_runs.run_now(services, owner, rule.id)
                    click.echo(f"{rule.name}: {done.changed} of {done.total} articles changed")
            except ArchiveError as error:
                failed = True
                click.echo(f"{rule.name}: {error}", err=True)
        indexing.drain(services)
    if failed:
        sys.exit(1)


@contextmanager
def _opened(settings: Settings) -> Iterator[Services]:
    services = open_services(settings)
    try:
        yield services
    finally:
        services.close()
