"""``link`` and ``codes``: what channels call things."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.command import Answer, Call, Command, argument, whole_number
from app.cli.deciding import moment_of
from app.cli.receipts import receipt
from app.cli.terminal import table, visible
from app.cli.wording import counted, moment, number
from app.errors import NotFoundError
from app.queries import codes
from app.queries.codes import AliasRow, UnknownCode
from app.queries.settings import account_rows, channel_rows
from app.services.linking import UnknownCodeError
from app.services.setup import account_for


def link(call: Call) -> Answer:
    """Remember which SKU a channel's code means, and let the orders go on that waited for it."""
    args = call.args
    account_id = _account(call, args.channel, args.account)
    try:
        changes = call.desk.run(
            "link", account_id=account_id, alias=args.code, sku_code=args.sku,
            listing_id=args.listing, variant=args.variant, pack=args.pack,
            valid_from=moment_of(args.since) if args.since else None, only_known=not args.new,
        )  # fmt: skip
    except UnknownCodeError as error:
        advice = f"{error.advice} For a code that is yet to come, add --new."
        raise NotFoundError(error.title, advice) from error
    return receipt(changes)


def _account(call: Call, channel: str, name: str) -> int:
    """Return the account that is meant; a channel's first one is opened when there is none.

    Raises:
        NotFoundError: there is no such channel or account.
    """
    known = [row.code for row in call.desk.read(channel_rows)]
    if channel not in known:
        raise NotFoundError(
            f"There is no channel “{visible(channel)}”; nothing was linked.",
            f"Channels: {', '.join(known)}.",
        )
    accounts = [row for row in call.desk.read(account_rows) if row.channel == channel]
    if not accounts and not call.args.new:
        raise NotFoundError(
            f"Nothing of {channel} is here yet; nothing was linked.",
            "Import its orders first. For a code that is yet to come, add --new.",
        )
    if not name:
        return call.desk.write(lambda db: account_for(db, channel, now=call.desk.now()))
    for row in accounts:
        if row.name == name:
            return row.id
    raise NotFoundError(
        f"There is no account “{visible(name)}” on {channel}; nothing was linked.",
        f"Accounts: {', '.join(row.name for row in accounts) or 'none yet'}.",
    )


def links(call: Call) -> Answer:
    """List what channels call things."""
    rows = call.desk.read(codes.aliases, call.args.sku)
    return Answer(rows, lambda: alias_lines(rows))


def alias_lines(rows: Sequence[AliasRow]) -> list[str]:
    """Say what channels call things."""
    if not rows:
        return ["No channel has a code of its own for it."]
    return table(
        ("Link", "Channel", "Code", "Listing", "Variant", "SKU", ">Pack", "From", "To"),
        [
            (str(row.id), row.account, row.code, row.listing_id, row.variant, row.sku,
             number(row.pack), moment(row.valid_from) if row.valid_from else "",
             moment(row.valid_to) if row.valid_to else "")
            for row in rows
        ],
    )  # fmt: skip


def unlink(call: Call) -> Answer:
    """Forget what a channel's code means."""
    return receipt(call.desk.run("unlink", alias_id=call.args.link))


def unknown(call: Call) -> Answer:
    """List the codes that nobody knows, what they may mean, and what linking them frees."""
    rows = call.desk.read(codes.unknown_codes)
    return Answer(rows, lambda: _unknown(rows))


def _unknown(rows: Sequence[UnknownCode]) -> list[str]:
    if not rows:
        return ["Every code that orders came with is known."]
    lines: list[str] = []
    for row in rows:
        name = row.code or f"listing {row.listing_id}"
        lines.append(visible(f"{row.channel}: “{name}” ({row.title}): linking it fixes "
                             f"{counted(row.orders, 'order')}"))  # fmt: skip
        lines += [
            visible(f"    {each.score:>3}  {each.sku}  {each.title}: {each.why}")
            for each in row.suggestions
        ]
    return lines


COMMANDS = (
    Command("link", "say which SKU a channel's code means; orders that waited for it go on",
            "link --channel etsy --code mug-blau --sku MUG-TID-012", link,
            (argument("--channel", required=True, metavar="CODE", help="such as etsy"),
             argument("--account", default="", metavar="NAME", help="default: the channel's first"),
             argument("--code", default="", metavar="TEXT", help="what the channel calls it"),
             argument("--listing", default="", metavar="ID", help="only in this listing; or the listing alone"),
             argument("--variant", default="", metavar="TEXT", help="only this variant of the listing"),
             argument("--sku", required=True, metavar="SKU", help="what it is here"),
             argument("--pack", type=whole_number, default=1, metavar="N", help="units in one that is sold"),
             argument("--since", metavar="DATE", help="for orders placed from then; earlier ones mean what they meant"),
             argument("--new", action="store_true",
                      help="a code that no order and no listing has had so far"))),
    Command("codes list", "what channels call things", "codes list --sku TEA-BRK-100", links,
            (argument("--sku", metavar="SKU", help="only of this one"),)),
    Command("codes forget", "forget what a channel's code means", "codes forget 12", unlink,
            (argument("link", type=whole_number, metavar="LINK", help="its number in “codes list”"),)),
    Command("codes unknown", "codes that orders wait for, and what they may mean", "codes unknown",
            unknown),
)  # fmt: skip
