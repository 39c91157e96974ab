"""``routing``: what orders are routed by: objectives, money, places, held units, substitutes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.cli.command import Answer, Call, Command, argument, whole_number
from app.cli.receipts import receipt
from app.cli.rules import previewed
from app.cli.terminal import visible
from app.cli.text_files import read_text, write_text
from app.cli.wording import money
from app.domain.changes import Changes, together
from app.domain.routing.policy_file import policy_from, policy_text
from app.domain.toml_text import read_toml
from app.errors import RefusedError
from app.services.planning.drafts import RoutingNow, preview_routing, routing_now
from app.services.rules.previewing import suggested_otherwise


def routing(call: Call) -> Answer:
    """Show what orders are routed by."""
    found = call.desk.read(routing_now)
    document = {
        "version": found.policy.version, "sentence": _sentence(found), "policy": dict(found.body),
    }  # fmt: skip
    return Answer(document, lambda: [
        f"Version {found.policy.version}. {_sentence(found)}", "",
        *policy_text(found.body).splitlines()[_ABOUT:],
    ])  # fmt: skip


_ABOUT = 6  # lines of the file that explain how it is written


def _sentence(found: RoutingNow) -> str:
    return found.policy.objectives.sentence(lambda minor: money(minor, found.currency))


def set_routing(call: Call) -> Answer:
    """Change single values; ``--preview`` only says which orders that would change."""
    found = call.desk.read(routing_now)
    said: dict[str, Any] = {}
    for text in call.args.changes:
        _put(said, found.body, text)
    return _save(call, said)


def _put(said: dict[str, Any], body: Mapping[str, Any], text: str) -> None:
    """Put "locations.RENO.rank=1" into what is said; the rest of that part stays."""
    path, sign, value = text.partition("=")
    names = path.strip().split(".", 2)
    if (
        not sign
        or names[0] not in body
        or len(names) == 2
        or (isinstance(body[names[0]], list) and names[1:])
    ):
        raise RefusedError(
            f"“{visible(text)}” changes nothing of the routing policy; nothing was changed.",
            "Write packaging=35, objectives='promise; money within 50; parcels; money', "
            "channels.amazon.split=300 or locations.GARAGE.rank=1.",
        )
    if names[0] == "objectives":
        said["objectives"] = [each.strip() for each in value.replace(",", ";").split(";")]
    elif len(names) == 1:
        said[names[0]] = _value(value)
    else:
        part = said.setdefault(names[0], {code: dict(row) for code, row in body[names[0]].items()})
        part.setdefault(names[1], {})[names[2]] = _value(value)


def _value(text: str) -> Any:
    try:
        return read_toml(f"value = {text}")["value"]
    except ValueError:
        return text.strip()


def export_routing(call: Call) -> Answer:
    """Write the routing policy to a file, or show it."""
    found = call.desk.read(routing_now)
    text, target = policy_text(found.body), call.args.out
    if target is not None:
        write_text(target, text)
    version = found.policy.version
    document = {"version": version, "file": str(target) if target else None, "text": text}
    return Answer(document, lambda: [f"Version {version} is in {visible(str(target))}."]
                  if target else text.splitlines())  # fmt: skip


def import_routing(call: Call) -> Answer:
    """Let the routing policy of a file count; ``--preview`` only says what that would change."""
    return _save(
        call,
        policy_from(read_text(call.args.file, "“orderdeck routing export --out FILE” writes one.")),
    )


def _save(call: Call, said: Mapping[str, Any]) -> Answer:
    if call.args.preview:
        found = call.desk.read(preview_routing, said=said, now=call.desk.now())
        return Answer(found, lambda: previewed(found))
    done = call.desk.run("save_routing", said=said, reason=call.args.reason)
    return receipt(done if not call.args.apply else together(done.label, [done, _apply(call)]))


def apply_routing(call: Call) -> Answer:
    """Suggest open orders anew by the policy in force."""
    return receipt(_apply(call))


def _apply(call: Call) -> Changes:
    found = call.desk.read(suggested_otherwise, now=call.desk.now())
    return call.desk.run("refresh_suggestions", **found.anew)


def restore(call: Call) -> Answer:
    """Let an earlier version count again."""
    kind = "rates" if call.args.rates else "routing"
    return receipt(call.desk.run("restore_policy", kind=kind, version=call.args.version))


def propose(call: Call) -> Answer:
    """Propose that one SKU may be sent instead of another."""
    args = call.args
    channels = [each.strip() for each in args.channels.split(",") if each.strip()]
    return receipt(call.desk.run("propose_substitute", sku=args.sku, substitute=args.substitute,
                                 channels=channels, cost=args.cost))  # fmt: skip


def approve(call: Call) -> Answer:
    """Approve a substitute."""
    args = call.args
    return receipt(call.desk.run("approve_substitute", sku=args.sku, substitute=args.substitute))


def drop(call: Call) -> Answer:
    """Take a substitute out."""
    args = call.args
    return receipt(call.desk.run("drop_substitute", sku=args.sku, substitute=args.substitute))


_PREVIEW = argument("--preview", action="store_true", help="only say which orders would change")
_APPLY = argument("--apply", action="store_true", help="and suggest open orders anew by it")
_REASON = argument("--reason", default="", metavar="TEXT", help="kept with the version")
_SKU = argument("sku", metavar="SKU", help="what was ordered")
_SUBSTITUTE = argument("substitute", metavar="SUBSTITUTE", help="what may be sent instead")

COMMANDS = (
    Command("routing", "what orders are routed by: objectives, money, places, substitutes", "routing", routing),
    Command("routing set", "change single values of the routing policy, or preview it",
            'routing set objectives="promise; money within 50; parcels; money; distance" --preview', set_routing,
            (argument("changes", nargs="+", metavar="NAME=VALUE", help="what is to count"),
             _PREVIEW, _APPLY, _REASON)),
    Command("routing export", "write the routing policy to a text file that differs line by line",
            "routing export --out routing.toml", export_routing,
            (argument("--out", type=Path, metavar="FILE", help="default: show it"),)),
    Command("routing import", "let the routing policy of a text file count, or preview it",
            "routing import routing.toml --preview", import_routing,
            (argument("file", type=Path, metavar="FILE", help="as routing export writes it"),
             _PREVIEW, _APPLY, _REASON)),
    Command("routing apply", "suggest open orders anew by the policy in force", "routing apply", apply_routing),
    Command("routing restore", "let an earlier version count again", "routing restore --version 1", restore,
            (argument("--version", type=whole_number, required=True, metavar="N", help="which"),
             argument("--rates", action="store_true", help="of the rate tables"))),
    Command("routing substitute", "propose what may be sent instead of a SKU",
            "routing substitute MUG-TID-012 MUG-DOR-008 --channels shopify --cost 100", propose,
            (_SKU, _SUBSTITUTE,
             argument("--channels", default="", metavar="NAMES", help="default: each that allows it"),
             argument("--cost", type=whole_number, default=0, metavar="CENTS",
                      help="given to the buyer for a unit"))),
    Command("routing approve", "approve a substitute: it is sent from then on", "routing approve MUG-TID-012 MUG-DOR-008",
            approve, (_SKU, _SUBSTITUTE)),
    Command("routing drop", "take a substitute out again", "routing drop MUG-TID-012 MUG-DOR-008", drop,
            (_SKU, _SUBSTITUTE)),
)  # fmt: skip
