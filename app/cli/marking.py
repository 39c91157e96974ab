"""``tag``, ``untag``, ``assign``: what the team says to itself about orders."""

from __future__ import annotations

from app.cli.command import Answer, Call, Command, argument
from app.cli.orders import wanted_order
from app.cli.receipts import receipt
from app.errors import RefusedError


def tag(call: Call) -> Answer:
    """Put a word on orders."""
    return _marked(call, "tag_orders", tag=call.args.tag)


def untag(call: Call) -> Answer:
    """Take a word off orders."""
    return _marked(call, "untag_orders", tag=call.args.tag)


def assign(call: Call) -> Answer:
    """Ask someone to take care of orders, or nobody in particular."""
    args = call.args
    if bool(args.to) == args.nobody:
        raise RefusedError("It is not clear who is meant; nothing was assigned.",
                           "Add --to NAME, or --nobody.")  # fmt: skip
    return _marked(call, "assign_orders", to=args.to or "")


def _marked(call: Call, operation: str, **given: str) -> Answer:
    ids = [wanted_order(call, text) for text in call.args.orders]
    return receipt(call.desk.run(operation, order_ids=ids, **given))


_ORDERS = argument("orders", nargs="+", metavar="ORDER", help="numbers, or the channel's own ids")
_TAG = argument("--tag", required=True, metavar="WORD", help="a word or two; only the team sees it")

COMMANDS = (
    Command("tag", "put a word on orders, for the team", 'tag 7165 7166 --tag "gift wrap"', tag,
            (_ORDERS, _TAG)),
    Command("untag", "take a word off orders", 'untag 7165 --tag "gift wrap"', untag,
            (_ORDERS, _TAG)),
    Command("assign", "ask someone at the desk to take care of orders", "assign 7165 --to Ann",
            assign,
            (_ORDERS, argument("--to", metavar="NAME", help="who; someone who works here"),
             argument("--nobody", action="store_true", help="they are everybody's again"))),
)  # fmt: skip
