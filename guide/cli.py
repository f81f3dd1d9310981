"""The guide command: serve, bring content in and out, codes and symbols, backups."""

import json
import os
import resource
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
import uvicorn
from pydantic import BaseModel
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from guide.accounts.api_tokens import (
    NoSuchTokenError,
    TokenIsThereError,
    make_token,
    revoke_named,
)
from guide.accounts.appointing import (
    NoSuchAccountError,
    NoSuchRoleError,
    appoint,
    close_samples,
    let_back_in,
    open_samples,
    role_named,
    roles_named,
)
from guide.accounts.emails import UnfitEmailError, canonical_email
from guide.accounts.model import Account, EmailIsTakenError
from guide.accounts.office import LANGUAGES
from guide.accounts.queries import api_tokens
from guide.app import serve_printed
from guide.db import Database
from guide.durable import write_whole
from guide.exhibits.folder import BrokenFolderError
from guide.languages.queries import offer
from guide.media.cabinet import Cabinet
from guide.media.refusals import NoRoomError
from guide.qr import deeds
from guide.qr.code import canonical, grouped
from guide.qr.kept import KeptSymbols
from guide.qr.labels import record_check, record_prints
from guide.qr.model import AliasRefusedError, Carrier, Code, Verdict
from guide.qr.printing import print_run
from guide.qr.proof import UnprovedSheetError
from guide.qr.queries import codes_of, printed
from guide.qr.registry import CodeIsTakenError, things_called
from guide.qr.run import Run, faces_of, languages_named
from guide.qr.stock_file import read_stock
from guide.qr.stocks import STOCKS, LabelsRefusedError, stock_named
from guide.qr.symbols import Symbol, UnfitAddressError, UnreadableSymbolError, in_terminal
from guide.settings import Settings, SettingsError
from guide.tours.practice import Practice
from guide.tours.sample import sample_tour
from guide.upkeep.backup import back_up, restore
from guide.upkeep.content import Side, export_folder, import_folder
from guide.upkeep.lock import AlreadyServingError, only_server
from guide.upkeep.purge import Purged, Purging
from guide.upkeep.refusal import UpkeepError
from guide.upkeep.schema import bring_up_to_date, check_integrity, sqlite_warning
from guide.upkeep.serving import fill_if_empty, own_address
from guide.web import logs
from guide.web.forms import Line, Rejected, read
from guide.web.protocol import GuardedProtocol

LOOPBACK = "127.0.0.1"
DRAIN_SECONDS = 10
SECONDS_TO_BEGIN = 60
"""A worker that has not answered by then is started anew; on a busy machine one that imports
the guide takes longer than uvicorn's five seconds, and none would ever begin."""

MOST_CONNECTIONS = 16_384
"""Files that we ask to have open: many systems give 1,024 unless they are asked."""

app = typer.Typer(
    name="guide",
    help="The web guide of the Heydar Aliyev Center.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

staff = typer.Typer(
    help="Who works here.\n\nExample: guide staff link aysel@example.org",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(staff, name="staff")

token = typer.Typer(
    help="Tokens for other systems.\n\nExample: guide token add front-desk --role planner",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(token, name="token")

codes = typer.Typer(rich_markup_mode=None)
app.add_typer(codes, name="codes")


class TokenName(BaseModel):
    """What a token is called."""

    name: Line


class NoPublicAddressError(Exception):
    """A symbol for print was asked for, and no public address is set."""


class NoSuchCodeError(Exception):
    """Nothing was ever printed with this code."""


REFUSALS = (
    SettingsError,
    UpkeepError,
    BrokenFolderError,
    CodeIsTakenError,
    UnfitAddressError,
    UnreadableSymbolError,
    LabelsRefusedError,
    UnprovedSheetError,
    NoPublicAddressError,
    NoSuchCodeError,
    AliasRefusedError,
    NoSuchRoleError,
    NoSuchAccountError,
    UnfitEmailError,
    EmailIsTakenError,
    NoRoomError,
    TokenIsThereError,
    NoSuchTokenError,
)


@contextmanager
def plainly() -> Iterator[None]:
    """Say a refusal as it stands on standard error, and end with 1."""
    try:
        yield
    except REFUSALS as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
    except (OperationalError, ArgumentError) as failed:
        reason = str(failed.orig) if isinstance(failed, OperationalError) else str(failed)
        typer.echo(f"the database cannot be used: {reason.strip()}", err=True)
        raise typer.Exit(1) from None
    except OSError as failed:
        typer.echo(f"{failed.filename or 'the system'}: {failed.strerror}", err=True)
        raise typer.Exit(1) from None


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """Open the database that the settings name, its schema up to date."""
    with plainly():
        settings = Settings.from_environment()
        settings.prepare_data_dir()
        database = Database.open(settings.database)
        try:
            bring_up_to_date(settings, database, datetime.now(UTC))
            yield settings, database
        finally:
            database.close()


@contextmanager
def progress(steps: int, what: str) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal; what it gives is called after each step."""
    is_seen = sys.stderr.isatty()
    with typer.progressbar(
        length=steps, label=what, file=sys.stderr, hidden=not is_seen
    ) as bar:
        yield lambda: bar.update(1)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOOPBACK,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes; more than one on PostgreSQL.")
    ] = 1,
    *,
    lan: Annotated[
        bool, typer.Option(help="Listen on this network, for phones nearby.")
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Sample accounts, on this machine alone.")
    ] = False,
) -> None:
    """Migrate, import exhibitions/ if the database is empty, and serve.

    Example: guide serve --lan
    """
    bound = own_address() if lan else host
    address = f"http://{bound}:{port}"
    with plainly():
        settings = Settings.from_environment()
        settings = settings.model_copy(
            update={"serving_url": address, "allowed_hosts": (*settings.allowed_hosts, bound)}
        )
        if workers > 1 and settings.sqlite_file:
            raise SettingsError("several workers need PostgreSQL; set GUIDE_DATABASE_URL")
        settings.prepare_data_dir()
        if settings.sqlite_file and (warning := sqlite_warning()):
            typer.echo(warning, err=True)
        with only_server(settings.data_dir):
            _prepare(
                settings, with_samples=demo and bound == LOOPBACK and not settings.public_url
            )
            _serve(settings, bound, port, workers)


def _prepare(settings: Settings, *, with_samples: bool) -> None:
    """Bring the database up to date, fill an empty one, and say what there is to open."""
    now = datetime.now(UTC)
    database = Database.open(settings.database)
    try:
        check_integrity(database)
        bring_up_to_date(settings, database, now)
        fill_if_empty(database, settings.exhibitions, now, Cabinet.of(settings))
        Purging(settings, database).purge_quietly(now)
        settings.secret()
        with database.reading() as db:
            _greet(settings.serving_url, [one for one in codes_of(db) if one.exhibit][:1])
        with database.writing() as db:
            if with_samples:
                sample_tour(db, now)
                _introduce(db, settings, now)
            else:
                close_samples(db, now)
        typer.echo("Ctrl-C ends it.")
    finally:
        database.close()


def _greet(address: str, codes: Sequence[Code]) -> None:
    typer.echo(f"The guide is at    {address}/")
    for code in codes:
        leads_to = f"{address}/q/{code.code}"
        typer.echo(f"One exhibit's code {leads_to}\n\n{in_terminal(leads_to)}\n")


def _introduce(db: Session, settings: Settings, at: datetime) -> None:
    address, password = settings.serving_url, secrets.token_urlsafe(12)
    typer.echo(f"The office is at   {address}/staff")
    for email in open_samples(db, password, at):
        typer.echo(f"Sample account     {email}")
    typer.echo(f"Their password     {password}   (until the next start)\n")
    zone = ZoneInfo(settings.timezone)
    if practice := Practice.prepared(db, settings.secret(), at, zone):
        typer.echo(f"A tour to walk     {address}/staff/walk/en#{practice.tour}   as the guide")
        typer.echo(f"Its guests' page   {address}/d/{practice.token}   on another phone\n")


def _serve(settings: Settings, host: str, port: int, workers: int) -> None:
    logs.configure()
    _have_room_for_connections()
    if workers > 1:
        os.environ["GUIDE_ALLOWED_HOSTS"] = ",".join(settings.allowed_hosts)
        os.environ["GUIDE_SERVING_URL"] = settings.serving_url
    uvicorn.run(
        serve_printed(settings) if workers == 1 else "guide.app:from_environment",
        factory=workers > 1,
        workers=workers,
        host=host,
        port=port,
        http=GuardedProtocol,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=DRAIN_SECONDS,
        timeout_worker_healthcheck=SECONDS_TO_BEGIN,
    )


def _have_room_for_connections() -> None:
    """Raise what may be open at once to what phones that follow a visit may need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):  # then it stays as it is
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@app.command()
def migrate() -> None:
    """Bring the schema up to date; a backup is made first.

    Example: guide migrate
    """
    with opened():
        typer.echo("The schema is up to date.")


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="A folder like exhibitions/.")],
    prefer: Annotated[Side | None, typer.Option(help="Who is right where both differ.")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say, but write nothing.")] = False,
) -> None:
    """Bring a folder's content into the database; importing twice changes nothing.

    Example: guide import exhibitions --dry-run
    """
    with opened() as (settings, database):
        if not folder.is_dir():
            raise SettingsError(f"{folder} is not a folder")
        with database.writing() as db:
            cabinet = Cabinet.of(settings)
            done = import_folder(db, folder, datetime.now(UTC), prefer, cabinet)
            if dry_run:
                db.rollback()
    would = "would be " if dry_run else ""
    told = f"{done.added} files {would}added, {done.changed} {would}changed, "
    typer.echo(f"{told}{done.minted} codes {would}minted.")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist, or an export.")],
) -> None:
    """Write the database's content as files, the same content always as the same bytes.

    Example: guide export exhibitions
    """
    with opened() as (settings, database), database.reading() as db:
        written = export_folder(db, folder, Cabinet.of(settings))
        typer.echo(f"{written} files written to {folder}.")


@codes.callback(invoke_without_command=True)
def list_codes(
    context: typer.Context,
    exhibition: Annotated[str | None, typer.Option(help="Only this exhibition's slug.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For a script.")] = False,
) -> None:
    """List the printed codes: code, address and exhibit, a line each.

    Example: guide codes --exhibition classic-cars
    """
    if context.invoked_subcommand:
        return
    with opened() as (settings, database), database.reading() as db:
        base = settings.public_url or settings.serving_url
        listed = [
            {
                "code": grouped(code.code),
                "address": f"{base}/q/{code.code}",
                "exhibit": code.thing.slug,
                "name": code.name_in((settings.default_language, "en")).text,
                "carrier": code.label.carrier,
                "place": code.label.place,
            }
            for code in codes_of(db, exhibition)
        ]
    if as_json:
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for one in listed:
        typer.echo(f"{one['code']}  {one['address']}  {one['exhibit']}  {one['name']}")


@codes.command("mint")
def mint_code(
    slug: Annotated[str, typer.Argument(help="Of an exhibit, or of an exhibition: a poster.")],
    place: Annotated[str, typer.Option(help="Where it should hang.")] = "",
    *,
    nfc: Annotated[bool, typer.Option("--nfc", help="For a tag, not for print.")] = False,
) -> None:
    """Mint a further code.

    Example: guide codes mint tar --place "at the door"
    """
    with opened() as (_, database), database.writing() as db:
        found = (*things_called(db, "exhibit", slug), *things_called(db, "exhibition", slug))
        if not found:
            raise NoSuchCodeError(f"{slug} is neither an exhibit nor an exhibition")
        carrier = Carrier.NFC if nfc else Carrier.PRINT
        now = datetime.now(UTC)
        minted = deeds.mint_further(db, found[0], at=now, carrier=carrier, place=place)
        typer.echo(grouped(minted.code))


@codes.command()
def retire(code: Annotated[str, typer.Argument(help="A code whose label is gone.")]) -> None:
    """Retire a label: it is not printed again, and its code leads on.

    Example: guide codes retire AB12-N
    """
    with opened() as (_, database), database.writing() as db:
        deeds.retire(db, _known(db, code), at=datetime.now(UTC))


@codes.command()
def merge(
    code: Annotated[str, typer.Argument(help="The code that follows.")],
    into: Annotated[str, typer.Argument(help="The code that it leads to.")],
) -> None:
    """Make a code the alias of another: two records were one exhibit.

    Example: guide codes merge AB12-N CD34-P
    """
    with opened() as (_, database), database.writing() as db:
        deeds.merge(db, _known(db, code), _known(db, into), at=datetime.now(UTC))


@codes.command()
def damaged(code: Annotated[str, typer.Argument(help="A code that is hard to read.")]) -> None:
    """Say that a label is damaged, so that a reprint is suggested.

    Example: guide codes damaged AB12-N
    """
    with opened() as (_, database), database.writing() as db:
        found = _known(db, code)
        record_check(db, found.code, Verdict.DAMAGED, at=datetime.now(UTC))


def _known(db: Session, typed: str) -> Code:
    """Find a code that somebody typed; raises NoSuchCodeError."""
    known = printed(db, canonical(typed) or "")
    if known is None:
        raise NoSuchCodeError(f"{typed} is not a code of this guide; guide codes lists them")
    return known


@app.command()
def symbol(
    code: Annotated[str, typer.Argument(help="A printed code, as AB12-N or ab12n.")],
    out: Annotated[Path, typer.Option(help="FILE.svg or FILE.png.")],
    *,
    draft: Annotated[
        bool, typer.Option("--draft", help="Marked DRAFT; serving address.")
    ] = False,
) -> None:
    """Draw one QR symbol; it has been read by a second library before it is written.

    Example: guide symbol AB12-N --out tar.svg --draft
    """
    form = out.suffix.removeprefix(".")
    if form not in {"svg", "png"}:
        raise typer.BadParameter("the file must end in .svg or .png", param_hint="--out")
    with opened() as (settings, database):
        with database.reading() as db:
            known = _known(db, code)
        if draft:
            drawn = Symbol.draft_of(f"{settings.serving_url}/q/{known.code}")
        elif settings.public_url:
            drawn = Symbol.of(f"{settings.public_url}/q/{known.code}")
        else:
            raise NoPublicAddressError(
                "set GUIDE_PUBLIC_URL to draw a symbol for print, or ask for a --draft"
            )
        write_whole(out, drawn.proved("svg" if form == "svg" else "png"))
        typer.echo(f"{out}: {drawn.payload}, version {drawn.version}, read back.")


@app.command()
def labels(  # noqa: PLR0913 (each is an option of the command)
    out: Annotated[Path, typer.Option(help="FILE.pdf.")],
    exhibition: Annotated[str | None, typer.Option(help="Only this exhibition's slug.")] = None,
    stock: Annotated[
        str | None,
        typer.Option(help=f"{', '.join(STOCKS)}, or a FILE.toml; else L7173, posters A3."),
    ] = None,
    languages: Annotated[str, typer.Option(help="Of the names, one to three.")] = "az,en",
    start: Annotated[int, typer.Option(help="First free label of a sheet, from 1.")] = 1,
    *,
    poster: Annotated[bool, typer.Option("--poster", help="Those of exhibitions.")] = False,
    slip: Annotated[Path | None, typer.Option(help="FILE.json: what was proved.")] = None,
    crop_marks: Annotated[
        bool, typer.Option("--crop-marks", help="Hairlines for the knife.")
    ] = False,
    calibration: Annotated[
        bool, typer.Option("--calibration", help="First a page with 100 mm to measure.")
    ] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Marked DRAFT; serving address.")
    ] = False,
) -> None:
    """Set labels on sheets or cards; the PDF is read back and proved before it is written.

    Example: guide labels --out cars.pdf --stock L7165 --languages az,en,ru
    """
    if out.suffix != ".pdf":
        raise typer.BadParameter("the file must end in .pdf", param_hint="--out")
    if slip and slip.suffix != ".json":
        raise typer.BadParameter("the file must end in .json", param_hint="--slip")
    chosen = stock or ("A3" if poster else "L7173")
    with opened() as (settings, database):
        if not (draft or settings.public_url):
            raise NoPublicAddressError(
                "set GUIDE_PUBLIC_URL to set labels for print, or ask for a --draft"
            )
        kept_in = settings.data_dir / "symbols.json"
        kept = KeptSymbols.read(kept_in)
        draw = Symbol.draft_of if draft else kept.of
        base = settings.serving_url if draft else str(settings.public_url)
        with database.reading() as db:
            offered = offer(db, settings.default_language)
            tongues = languages_named(offered, languages)
            faces = faces_of(db, tongues, draw, base, exhibition, posters=poster)
        run = Run.of(
            faces,
            tongues,
            offered,
            datetime.now(ZoneInfo(settings.timezone)).date(),
            read_stock(Path(chosen)) if chosen.endswith(".toml") else stock_named(chosen),
            start=start,
            has_crop_marks=crop_marks,
            has_calibration=calibration,
        )
        with progress(run.pages, "Labels") as page_turned:
            made = print_run(run, page_turned)
        write_whole(out, made.pdf)
        write_whole(kept_in, kept.written())
        if not draft:
            with database.writing() as db:
                record_prints(
                    db,
                    run.titles,
                    stock=run.stock.name,
                    languages=run.languages,
                    at=datetime.now(UTC),
                )
        if slip:
            write_whole(slip, made.proof.slip().encode())
        reach = run.stock.reach(faces[0].symbol) / 10
        typer.echo(
            f"{out}: {len(faces)} labels, {len(run.sheets)} sheets, each code read back; "
            f"to be scanned from up to {reach:.0f} cm."
        )


@staff.command()
def add(
    email: Annotated[str, typer.Argument(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="What they are called.")],
    role: Annotated[
        str, typer.Option(help="guide, planner, curator, admin; several by comma.")
    ],
    language: Annotated[str, typer.Option(help="What the office speaks: az or en.")] = "az",
) -> None:
    """Make an account; prints a link to set the password, good once and for 72 hours.

    Example: guide staff add aysel@example.org --name Aysel --role curator,admin
    """
    if language not in LANGUAGES:
        raise typer.BadParameter("the office speaks az and en", param_hint="--language")
    if not name.strip() or not name.isprintable():
        raise typer.BadParameter("it cannot be read", param_hint="--name")
    with opened() as (settings, database):
        now = datetime.now(UTC)
        account = Account(
            email=canonical_email(email), name=name.strip(), language=language, made_at=now
        )
        account.give_roles(roles_named(role))
        with database.writing() as db:
            token = appoint(db, account, now)
        _hand_over(settings, token)


@staff.command()
def link(email: Annotated[str, typer.Argument(help="Of an account.")]) -> None:
    """Let somebody back in who lost the password or the phone; prints a new link.

    Example: guide staff link aysel@example.org
    """
    with opened() as (settings, database):
        with database.writing() as db:
            token = let_back_in(db, settings.secret(), email, datetime.now(UTC))
        _hand_over(settings, token)


def _hand_over(settings: Settings, token: str) -> None:
    base = settings.public_url or settings.serving_url
    typer.echo(f"{base}/staff/invitations/{token}")
    typer.echo("It sets the password, once, within 72 hours.", err=True)


@token.command("add")
def add_token(
    name: Annotated[str, typer.Argument(help="What the trail calls it.")],
    role: Annotated[
        str, typer.Option(help="guide, planner, curator or admin: what it may do.")
    ],
) -> None:
    """Make a token for another system; prints it, once.

    Example: guide token add front-desk --role planner
    """
    named = read(TokenName, {"name": name})
    if isinstance(named, Rejected):
        raise typer.BadParameter("it cannot be read", param_hint="NAME")
    with opened() as (_, database):
        with database.writing() as db:
            made = make_token(db, named.name, role_named(role), None, datetime.now(UTC))
        typer.echo(made)
        typer.echo("It is shown only now: Authorization: Bearer …", err=True)


@token.command("list")
def list_tokens(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For a script.")] = False,
) -> None:
    """List the tokens: name, role, since when, the day of the last use, until when.

    Example: guide token list --json
    """
    with opened() as (_, database), database.reading() as db:
        listed = [
            {
                "name": one.name,
                "role": ", ".join(sorted(one.account.roles)),
                "made": one.made_at.date().isoformat(),
                "used": one.last_used_on.isoformat() if one.last_used_on else None,
                "revoked": one.revoked_at.date().isoformat() if one.revoked_at else None,
            }
            for one in api_tokens(db)
        ]
    if as_json:
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for one in listed:
        end = f"  revoked {one['revoked']}" if one["revoked"] else ""
        used = one["used"] or "never used"
        typer.echo(f"{one['name']}  {one['role']}  {one['made']}  {used}{end}")


@token.command("revoke")
def revoke_token(name: Annotated[str, typer.Argument(help="Of a token in use.")]) -> None:
    """Let a token do nothing more, from its next request on.

    Example: guide token revoke front-desk
    """
    with opened() as (_, database), database.writing() as db:
        revoke_named(db, name, datetime.now(UTC))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The tar file to write.")]) -> None:
    """Write the database and the media into one verified file, without any secret.

    Example: guide backup guide-2026-11-24.tar
    """
    with opened() as (settings, database):
        back_up(settings, database, file, datetime.now(UTC))
        typer.echo(f"{file}: {file.stat().st_size / 1_000_000:.1f} MB, verified.")


@app.command("restore")
def restore_(
    file: Annotated[Path, typer.Argument(help="A file that guide backup wrote.")],
) -> None:
    """Put a backup in place of the present data, which is backed up first.

    Example: guide restore guide-2026-11-24.tar
    """
    with plainly():
        settings = Settings.from_environment()
        settings.prepare_data_dir()
        restore(settings, file, datetime.now(UTC))
        typer.echo(f"{file} is restored.")


@app.command()
def purge(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a script.")] = False,
) -> None:
    """Forget the persons of tours whose days are over; a guide that serves does so hourly.

    Example: guide purge --dry-run
    """
    logs.configure()
    with opened() as (settings, database):
        purging, now = Purging(settings, database), datetime.now(UTC)
        purged = purging.would_purge(now) if dry_run else purging.purge(now)
        is_swept = dry_run or _swept(settings, purging)
    typer.echo(_told(purged, dry_run=dry_run, as_json=as_json))
    if not is_swept:
        typer.echo("The guide that is running clears its log within the hour.", err=True)


def _swept(settings: Settings, purging: Purging) -> bool:
    """Leave nothing in the database's bytes, unless a guide serves, which does it itself."""
    if not settings.sqlite_file:
        return True
    try:
        with only_server(settings.data_dir):
            return purging.sweep()
    except AlreadyServingError:
        return False


def _told(purged: Purged, *, dry_run: bool, as_json: bool) -> str:
    forgotten = purged.forgotten
    if as_json:
        told = {"tours": forgotten.tours, **forgotten.counts, "backups": purged.backups}
        return json.dumps(told, indent=2)
    would = " would be" if dry_run else ""
    kinds = "".join(f"\n  {name}: {count}" for name, count in sorted(forgotten.counts.items()))
    tours = "1 tour" if forgotten.tours == 1 else f"{forgotten.tours} tours"
    backups = "1 old backup" if purged.backups == 1 else f"{purged.backups} old backups"
    ends = ":" if kinds else "."
    return f"{tours}{would} forgotten{ends}{kinds}\n{backups}{would} deleted."
