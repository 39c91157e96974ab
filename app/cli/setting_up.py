"""``location``, ``operator``, ``watch``: places, people, and folders whose files come in."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from app.cli.command import Answer, Call, Command, argument, whole_number
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import counted, money, number
from app.domain.money import exponent
from app.domain.roles import Role
from app.errors import RefusedError
from app.queries.inventory import location_rows
from app.queries.settings import operator_rows
from app.services.planning.rate_versions import rates_now
from app.services.watched import watched_folders


def locations(call: Call) -> Answer:
    """List the places that keep and ship stock."""
    rows, coin = call.desk.read(location_rows), _currency(call)
    return Answer(
        rows,
        lambda: table(
            ("Code", "Name", "ZIP", "State", "Cut-off", ">Handling", "Ships", ">On hand", ">SKUs"),
            [
                (
                    row.code, row.name, row.postcode, row.state, row.cut_off,
                    money(row.handling_cost, coin), "yes" if row.ships else "no",
                    number(row.on_hand), number(row.skus),
                )
                for row in rows
            ],
        ),
    )  # fmt: skip


def add_location(call: Call) -> Answer:
    """Add a location."""
    more = {"channel": call.args.channel} if call.args.channel else {}
    return receipt(call.desk.run("add_location", code=call.args.code, **more, **_said(call)))


def change_location(call: Call) -> Answer:
    """Change what is said of a location."""
    changes = _said(call)
    if call.args.new_code:
        changes["code"] = call.args.new_code
    return receipt(call.desk.run("change_location", code=call.args.code, changes=changes))


def _said(call: Call) -> dict[str, Any]:
    """Return the fields of a location that were given."""
    args = call.args
    names = ("name", "kind", "postcode", "state", "country", "time_zone", "cut_off",
             "working_days", "closed_on", "daily_capacity")  # fmt: skip
    found: dict[str, Any] = {
        name: value for name in names if (value := getattr(args, name)) is not None
    }
    if args.handling is not None:
        found["handling_cost"] = _minor(args.handling, _currency(call))
    if args.ships is not None:
        found["ships"] = args.ships == "yes"
    return found


def _currency(call: Call) -> str:
    """Return what handling is counted in: the currency of the rate tables."""
    return str(call.desk.read(rates_now)[1]["currency"])


def _minor(text: str, coin: str) -> int:
    """Return an amount as minor units.

    Raises:
        RefusedError: it is no amount of money.
    """
    try:
        minor = Decimal(text.lstrip("$")).scaleb(exponent(coin))
        if minor == minor.to_integral_value():
            return int(minor)
    except (InvalidOperation, ValueError, OverflowError):
        pass
    raise RefusedError(f"“{visible(text)}” is no amount of money; nothing was changed.",
                       "Write it like 1.50.")  # fmt: skip


def operators(call: Call) -> Answer:
    """List the people at the desk."""
    rows = call.desk.read(operator_rows)
    return Answer(
        rows,
        lambda: [
            *table(
                ("Name", "Role", "Works here"),
                [(row.name, row.role, "yes" if row.is_active else "no") for row in rows],
            ),
            "",
            counted(len(rows), "person", "people"),
        ],
    )


def add_operator(call: Call) -> Answer:
    """Add someone to the desk."""
    return receipt(call.desk.run("add_operator", name=call.args.name, role=call.args.role))


def change_operator(call: Call) -> Answer:
    """Change what someone may do."""
    args = call.args
    row = next((each for each in call.desk.read(operator_rows) if each.name == args.name), None)
    role = args.role or (row.role if row else Role.VIEWER.value)
    is_active = args.active == "yes" if args.active else (row is None or row.is_active)
    return receipt(call.desk.run("change_operator", name=args.name, role=role, is_active=is_active))


_FIELDS = (
    argument("--name", help="what people call it"),
    argument("--kind", help="warehouse, 3pl, shop, or channel for a channel's own warehouse"),
    argument("--zip", dest="postcode", metavar="ZIP", help="decides zones and postage"),
    argument("--state", help="such as NJ"),
    argument("--country", help="two letters; default US"),
    argument("--time-zone", metavar="NAME", help="such as America/New_York"),
    argument("--cut-off", metavar="HH:MM", help="until then, orders leave the same day"),
    argument("--handling", metavar="AMOUNT", help="what packing one order costs, such as 1.50"),
    argument("--ships", choices=("yes", "no"), help="whether orders leave from here"),
    argument("--working-days", metavar="DAYS", help="seven signs, Monday to Sunday: 1111100"),
    argument("--closed-on", nargs="*", metavar="DATE", help="days on which nobody works"),
    argument(
        "--capacity",
        dest="daily_capacity",
        type=whole_number,
        metavar="N",
        help="orders that can leave in a day",
    ),
)
_ROLES = tuple(role.value for role in Role)
_NAME = argument("name", metavar="NAME", help="the person's name")
_CODE = argument("code", metavar="CODE", help="one word, such as GARAGE")


def folders(call: Call) -> Answer:
    """List the folders whose files come in by themselves."""
    found = call.desk.read(watched_folders)
    return Answer(found, lambda: [visible(name) for name in found] or ["No folder is watched."])


def watch(call: Call) -> Answer:
    """Let a folder's files come in by themselves while the desk's window is open."""
    return receipt(call.desk.run("watch_folder", folder=call.args.folder))


def leave_alone(call: Call) -> Answer:
    """Stop watching a folder."""
    return receipt(call.desk.run("stop_watching", folder=call.args.folder))


_FOLDER = argument("folder", metavar="FOLDER", help="where a marketplace's downloads go to")

COMMANDS = (
    Command("location list", "the places that keep and ship stock", "location list", locations),
    Command("location add", "add a place", "location add SHOP --name Shop --zip 10001 --handling 0.90",
            add_location,
            (_CODE, argument("--channel", default="", metavar="CODE", help="whose own warehouse it is"),
             *_FIELDS)),
    Command("location change", "change what is said of a place",
            "location change MAIN --new-code GARAGE --name Garage --zip 07030 --cut-off 15:00",
            change_location,
            (_CODE, argument("--new-code", metavar="CODE", help="call it this from now on"), *_FIELDS)),
    Command("watch list", "the folders whose files come in by themselves", "watch list", folders),
    Command("watch add", "let a folder's files come in by themselves while the window is open",
            "watch add ~/Downloads/amazon", watch, (_FOLDER,)),
    Command("watch remove", "leave a folder alone again", "watch remove ~/Downloads/amazon",
            leave_alone, (_FOLDER,)),
    Command("operator list", "the people at the desk", "operator list", operators),
    Command("operator add", "add someone", "operator add Ann --role approver", add_operator,
            (_NAME, argument("--role", required=True, choices=_ROLES, help="what they may do"))),
    Command("operator change", "change what someone may do, or let them go",
            "operator change Ann --active no", change_operator,
            (_NAME, argument("--role", choices=_ROLES, help="what they may do"),
             argument("--active", choices=("yes", "no"), help="whether they work here"))),
)  # fmt: skip
