"""``imports``, ``take-back``, ``profile``: what came in from files, and how files like it are read."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.command import Answer, Call, Command, argument, whole_number
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import number
from app.domain.changes import Changes, together
from app.domain.importing import DateOrder, Reading, reading_as_data
from app.errors import RefusedError
from app.queries.files import imports_done
from app.services.desk import Importer
from app.services.profiles import all_profiles
from app.services.taking_imports_back import brought
from app.services.undoing import take_back


def imports(call: Call) -> Answer:
    """List the files that came in, newest first."""
    rows = call.desk.read(imports_done)
    return Answer(
        rows,
        lambda: table(
            (">Import", "File", "Format", "State", "Came in", "By"),
            [(number(x.id), visible(x.name), x.format, x.state.replace("_", " "),
              f"{x.confirmed_at.astimezone():%Y-%m-%d %H:%M}", visible(x.actor)) for x in rows],
        ),
    )  # fmt: skip


def take_back_import(call: Call) -> Answer:
    """Take back what an import brought, as far as nobody has worked on it since."""
    whole = call.desk.read(brought, call.args.number)
    if whole.undo is None:
        return receipt(call.desk.run("take_back_import", import_id=call.args.number))
    receipts = list(take_back(call.desk, whole.undo))
    changes = together(f"Take back the {whole.label[:1].lower()}{whole.label[1:]}", receipts)
    return receipt(Changes(changes.label, changes.touched, changes.done, changes.skipped))


def profiles(call: Call) -> Answer:
    """List the profiles by which files with unknown columns are read."""
    rows = call.desk.read(all_profiles)
    return Answer(
        [{"name": x.name, **reading_as_data(x.reading)} for x in rows],
        lambda: table(
            ("Profile", "Read as", "Columns"),
            [(visible(x.name), x.reading.format or "as found",
              visible(", ".join(f"{ours}={theirs}" for ours, theirs in x.reading.columns)))
             for x in rows],
        ),
    )  # fmt: skip


def add_profile(call: Call) -> Answer:
    """Match a file's columns with ours by their names, and remember it for files with that header."""
    args, importer = call.args, _importer(call)
    preview = importer.preview(args.file, reading=Reading(delimiter=args.separator))
    seen = importer.glimpse(preview)
    if seen is None:
        raise RefusedError(
            f"{visible(args.file.name)} holds no table with column names; nothing was remembered.",
            "Choose a CSV or Excel file with a header line.",
        )
    guess = next((x for x in seen.guesses if x.format == args.format), seen.guesses[0])
    said = dict(guess.columns) | dict(args.column or ())
    columns = tuple((ours, theirs) for ours, theirs in said.items() if theirs)
    _refuse_unknown(importer, guess.format, columns, seen.columns)
    wanted = Reading(dates=args.dates, decimal=args.decimal, delimiter=args.separator,
                     columns=columns, fixed=tuple(args.always or ()))  # fmt: skip
    reading = wanted.over(guess)
    return receipt(
        call.desk.run("save_profile", name=args.name, header_hash=seen.header_hash,
                      reading=reading_as_data(reading))
    )  # fmt: skip


def rename_profile(call: Call) -> Answer:
    """Give a profile another name."""
    return receipt(call.desk.run("rename_profile", name=call.args.name, to=call.args.to))


def remove_profile(call: Call) -> Answer:
    """Forget a profile."""
    return receipt(call.desk.run("delete_profile", name=call.args.name))


def _importer(call: Call) -> Importer:
    if call.desk.importer is None:
        raise RefusedError(
            "This desk cannot read files; nothing was remembered.",
            "Start it as “orderdeck profile”, which brings its file reader.",
        )
    return call.desk.importer


def _refuse_unknown(
    importer: Importer,
    format_name: str,
    columns: tuple[tuple[str, str], ...],
    there: tuple[str, ...],
) -> None:
    known = {field.name for field in importer.target_fields(format_name)}
    for ours, theirs in columns:
        if ours not in known or theirs not in there:
            raise RefusedError(
                f"“{visible(ours)}={visible(theirs)}” names no field of ours and column of the "
                "file; nothing was remembered.",
                f"Fields: {', '.join(sorted(known))}. Columns: {visible(', '.join(there))}.",
            )


def _pair(text: str) -> tuple[str, str]:
    ours, sign, theirs = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"“{text}” is not like sku=Article")
    return ours.strip(), theirs.strip()


_PROFILE = argument("name", metavar="NAME", help="the profile, such as “Web shop”")

COMMANDS = (
    Command("imports", "the files that came in, newest first", "imports", imports),
    Command("take-back", "take back what an import brought, as far as nobody has worked on it since",
            "take-back 12", take_back_import,
            (argument("number", metavar="IMPORT", type=whole_number, help="its number in “imports”"),)),
    Command("profile list", "how files with columns of their own are read", "profile list", profiles),
    Command("profile add", "match a file's columns with ours, and remember it for files like it",
            "profile add Webshop shop.csv --column sku=Article", add_profile,
            (_PROFILE,
             argument("file", type=Path, metavar="FILE", help="a file with that header"),
             argument("--format", choices=("own-orders", "stock", "catalogue"),
                      help="what it is about; default: guessed"),
             argument("--column", action="append", type=_pair, metavar="OURS=THEIRS",
                      help="a column that is not guessed right; repeatable"),
             argument("--always", action="append", type=_pair, metavar="OURS=VALUE",
                      help="a value that no column has, such as currency=USD; repeatable"),
             argument("--dates", default="", choices=tuple(x.value for x in DateOrder),
                      help="the order of dates in figures; default: as they prove it"),
             argument("--decimal", default="", choices=(".", ","), help="the decimal sign"),
             argument("--separator", default="", metavar="SIGN", help="what stands between cells"))),
    Command("profile rename", "give a profile another name", "profile rename Webshop Shop",
            rename_profile, (_PROFILE, argument("to", metavar="NEW", help="its new name"))),
    Command("profile remove", "forget a profile; what it brought stays", "profile remove Webshop",
            remove_profile, (_PROFILE,)),
)  # fmt: skip
