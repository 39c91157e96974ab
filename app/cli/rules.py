"""``rules``: write down what is to be done with which orders, check it, try it, put it in force."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.cli.command import DONE, FOUND_SOMETHING, Answer, Call, Command, argument, whole_number
from app.cli.orders import wanted_order
from app.cli.program import typed
from app.cli.promising import ANYWAY
from app.cli.receipts import receipt
from app.cli.terminal import table
from app.cli.text_files import read_text, write_text
from app.cli.wording import counted, moment, money, number
from app.domain.changes import Changes, together
from app.domain.rulebook.counting import RuleCount, count
from app.domain.rulebook.findings import TITLES, Lint
from app.domain.rulebook.rules import Rulebook
from app.domain.rulebook.text import difference, parsed, written_rule
from app.errors import RefusedError
from app.services.rules import learning, looking
from app.services.rules.answering import held_by_rules
from app.services.rules.in_force import stored_book
from app.services.rules.previewing import BATCH, Preview, preview

SHOWN = 30
RULES_WANTED = "Name a text file that holds rules."


def rules(call: Call) -> Answer:
    """List the rules that are meant, with how many open orders each means."""
    row = call.desk.read(looking.version_of, version=call.args.version)
    book = stored_book(row.version, row.text)
    facts = call.desk.read(looking.open_facts, now=call.desk.now())
    counts = {each.rule: each for each in count(book, facts)}
    document = {
        "version": row.version, "state": row.state, "reason": row.reason,
        "rules": [_rule(book, at, counts) for at in range(len(book.rules))],
    }  # fmt: skip
    return Answer(document, lambda: _listed(row, book, counts))


def _rule(book: Rulebook, at: int, counts: dict[str, RuleCount]) -> dict[str, object]:
    rule = book.rules[at]
    found = counts.get(rule.name)
    return {
        "place": at + 1, "name": rule.name, "on": rule.is_on, "condition": rule.condition,
        "actions": [each.line for each in rule.actions],
        "means": found.means if found else 0, "applies": found.applies if found else 0,
    }  # fmt: skip


def _listed(
    row: looking.RulebookRow, book: Rulebook, counts: dict[str, RuleCount]
) -> Sequence[str]:
    rows = [
        (
            at, rule.name if rule.is_on else f"{rule.name} (off)", rule.condition,
            ", ".join(each.line for each in rule.actions),
            number(counts[rule.name].applies) if rule.name in counts else "–",
        )
        for at, rule in enumerate(book.rules, 1)
    ]  # fmt: skip
    head = f"Version {row.version}, {_STATES[row.state]}."
    return [head, "", *table((">", "Rule", "If", "Then", ">Open orders"), rows)]


_STATES = {"draft": "a draft: it decides nothing yet", "active": "in force", "archived": "kept"}


def _rules_in(text: str) -> str:
    try:
        return str(len(parsed(text).rules))
    except RefusedError:
        return "damaged"


def versions(call: Call) -> Answer:
    """List the versions of the rules."""
    rows = call.desk.read(looking.rulebook_rows)
    return Answer(
        rows,
        lambda: table(
            (">Version", "State", ">Rules", "Written", "By", "Why"),
            [
                (row.version, _STATES[row.state].partition(":")[0], _rules_in(row.text),
                 moment(row.written_at), row.written_by, row.reason)
                for row in rows
            ],
        )
        if rows
        else ["There are no rules yet. Orders go by stock, promise and money alone."],
    )  # fmt: skip


def check(call: Call) -> Answer:
    """Say what is wrong with rules."""
    text = read_text(call.args.file, RULES_WANTED) if call.args.file else _sound(call)
    found = call.desk.read(looking.findings, text=text, now=call.desk.now())
    blocks = any(each.blocks for each in found)
    return Answer(
        {"ok": not found, "blocks": blocks, "findings": found},
        lambda: _found(found, len(parsed(text).rules)),
        FOUND_SOMETHING if found else DONE,
    )


def _found(found: Sequence[Lint], rules_: int) -> Sequence[str]:
    if not found:
        return [f"{counted(rules_, 'rule')}, and nothing to say against them."]
    rows = [(each.rule, TITLES[each.kind], each.sentence) for each in found]
    return [*table(("Rule", "What", "Why"), rows), "", f"{counted(len(found), 'finding')}."]


def export(call: Call) -> Answer:
    """Write rules to a file, or show them."""
    row = _version(call)
    target: Path | None = call.args.out
    if target is not None:
        write_text(target, row.text)
    return Answer(
        {"version": row.version, "file": str(target) if target else None, "text": row.text},
        lambda: [f"Version {row.version} is in {target}."] if target else row.text.splitlines(),
    )


def take_in(call: Call) -> Answer:
    """Take a rulebook in as the draft."""
    text = read_text(call.args.file, RULES_WANTED)
    known = call.desk.read(looking.rulebook_rows)
    active = next((stored_book(row.version, row.text) for row in known if row.state == "active"),
                  Rulebook(()))  # fmt: skip
    changed = difference(active, parsed(text))
    done = call.desk.run("save_rules", text=text, reason=call.args.reason)
    answer = receipt(done, more={"difference": changed})
    return Answer(answer.document, lambda: [*changed, "", *answer.lines(), _NEXT], answer.status)


_NEXT = f"It decides nothing yet. See what it would change: {typed('rules', 'preview')}"


def show_preview(call: Call) -> Answer:
    """Say what rules would change of the orders that are open."""
    found = call.desk.read(preview, text=_sound(call), now=call.desk.now())
    return Answer(found, lambda: previewed(found))


def previewed(found: Preview) -> Sequence[str]:
    """Say which open orders would change, and how."""
    said = (
        f"{counted(len(found.moved), 'order')} of {number(found.asked)} open ones would change. "
        f"{counted(found.left, 'order')} already decided on stay as they are."
    )
    rows = [
        (each.number, each.before or "nowhere", each.after or "nowhere",
         money(each.extra, each.currency), ", ".join((*each.rules, *each.did)))
        for each in found.moved[:SHOWN]
    ]  # fmt: skip
    more = len(found.moved) - SHOWN
    lines = table(("Order", "Now", "Then", ">Difference", "By"), rows) if rows else []
    return [said, *([""] if rows else []), *lines, *([f"… and {more} more."] if more > 0 else [])]


def activate(call: Call) -> Answer:
    """Put the draft, or an earlier version, in force."""
    desk, args = call.desk, call.args
    done = [
        desk.run("activate_rules", version=args.version, reason=args.reason, anyway=args.anyway)
    ]
    if args.apply:
        done.append(_apply(call))
    label = "; ".join(each.label for each in done)
    return receipt(together(label, done))


def apply(call: Call) -> Answer:
    """Ask the rules in force about open orders again."""
    return receipt(_apply(call))


def _apply(call: Call) -> Changes:
    row = call.desk.read(looking.version_of)
    text = row.text if row.state == "active" else _active(call)
    ids = call.desk.read(preview, text=text, now=call.desk.now()).order_ids
    parts = [
        call.desk.run("apply_rules", order_ids=list(ids[at : at + BATCH]))
        for at in range(0, len(ids), BATCH)
    ]
    return together(f"Ask the rules about {counted(len(ids), 'order')}", parts)


def _active(call: Call) -> str:
    rows = call.desk.read(looking.rulebook_rows)
    found = next((row.text for row in rows if row.state == "active"), None)
    if found is None:
        raise RefusedError("No rules are in force; nothing was changed.",
                           f"Put the draft in force: {typed('rules', 'activate')}")  # fmt: skip
    return found


def review(call: Call) -> Answer:
    """Say which rules overrides suggest."""
    found = call.desk.read(learning.drafted_lessons, now=call.desk.now())
    rows = [
        (
            at, len(each.overrides), each.rule.name, each.rule.condition,
            ", ".join(action.line for action in each.rule.actions), each.also,
        )
        for at, each in enumerate(found, 1)
    ]  # fmt: skip
    heads = (">", ">Overrides", "Rule", "If", "Then", ">Accepted otherwise")
    document = [
        {
            "number": at, "pattern": each.pattern, "rule": written_rule(each.rule),
            "overrides": len(each.overrides), "overruled": each.overruled, "also": each.also,
            "extra": each.extra, "late": each.late,
        }
        for at, each in enumerate(found, 1)
    ]  # fmt: skip
    nothing = ["Overrides suggest no rule."]
    return Answer(document, lambda: table(heads, rows) if rows else nothing)


def learn(call: Call) -> Answer:
    """Take over a rule that overrides suggest, or say that people decide it."""
    found = call.desk.read(learning.drafted_lessons, now=call.desk.now())
    at = call.args.number
    if not 1 <= at <= len(found):
        raise RefusedError(f"Overrides suggest no rule number {at}; nothing was changed.",
                           f"See them: {typed('rules', 'review')}")  # fmt: skip
    pattern = found[at - 1].pattern
    if call.args.dismiss:
        return receipt(call.desk.run("dismiss_lesson", pattern=pattern))
    return receipt(call.desk.run("learn", pattern=pattern, in_force=call.args.activate))


def retire(call: Call) -> Answer:
    """Take the rules out of force."""
    done = [call.desk.run("retire_rules")]
    held = [] if call.args.keep_holds else call.desk.read(held_by_rules)
    done += [call.desk.run("apply_rules", order_ids=held[at : at + BATCH])
             for at in range(0, len(held), BATCH)]  # fmt: skip
    return receipt(together("; ".join(each.label for each in done), done))


def answer(call: Call) -> Answer:
    """Say that an order that a rule asked about was looked at."""
    order_id = wanted_order(call, call.args.order)
    return receipt(call.desk.run("answer_rules", order_ids=[order_id]))


def try_one(call: Call) -> Answer:
    """Say what each rule says of one order."""
    text = read_text(call.args.file, RULES_WANTED) if call.args.file else _sound(call)
    found = call.desk.read(looking.trace, text=text, number=call.args.order, now=call.desk.now())
    rows = [
        (
            "yes" if step.is_met else "no", step.rule,
            ", ".join(step.did) if step.is_met else step.unmet,
            "; ".join(f"{line} (“{by}” said it first)" for line, by in step.left),
        )
        for step in found.steps
    ]  # fmt: skip
    return Answer(
        found, lambda: table(("Met", "Rule", "What it did, or what is not so", "Left"), rows)
    )


def _version(call: Call) -> looking.RulebookRow:
    return call.desk.read(looking.version_of, version=getattr(call.args, "version", None))


def _sound(call: Call) -> str:
    """Return the text of the version that is meant, if it can be read."""
    row = _version(call)
    stored_book(row.version, row.text)
    return row.text


_VERSION = argument("--version", type=whole_number, metavar="N",
                    help="this version (default: the draft, else the one in force)")  # fmt: skip
_WHY = argument("--reason", default="", metavar="TEXT", help="kept with the version")
_FILE = argument("file", type=Path, nargs="?", metavar="FILE", help="rules in a file instead")

COMMANDS = (
    Command("rules", "the rules, and how many open orders each applies to", "rules", rules,
            (_VERSION,)),
    Command("rules versions", "every version of the rules", "rules versions", versions),
    Command("rules check", "what is wrong with rules: blank, dead, shadowed, contradictory, unsteady",
            "rules check rules.txt", check, (_FILE, _VERSION)),
    Command("rules try", "what each rule says of one order", "rules try 7165", try_one,
            (argument("order", metavar="ORDER", help="its number"), _FILE, _VERSION)),
    Command("rules export", "write rules to a text file that differs line by line",
            "rules export --out rules.txt", export,
            (argument("--out", type=Path, metavar="FILE", help="default: show them"), _VERSION)),
    Command("rules import", "take rules in from a text file, as the draft",
            "rules import rules.txt", take_in,
            (argument("file", type=Path, metavar="FILE", help="the rules"), _WHY)),
    Command("rules preview", "what rules would change of the open orders; nothing is changed",
            "rules preview", show_preview, (_VERSION,)),
    Command("rules activate", "put the draft, or an earlier version, in force",
            "rules activate --apply", activate,
            (argument("--version", type=whole_number, metavar="N", help="an earlier version"),
             argument("--apply", action="store_true", help="and ask them about open orders again"),
             _WHY, ANYWAY)),
    Command("rules apply", "ask the rules in force about open orders again",
            "rules apply", apply),
    Command("rules answer", "let an order go on that a rule wanted looked at", "rules answer 7165",
            answer, (argument("order", metavar="ORDER", help="its number"),)),
    Command("rules review", "the rules that overrides suggest", "rules review", review),
    Command("rules learn", "take over a rule that overrides suggest", "rules learn 1 --activate",
            learn,
            (argument("number", type=whole_number, metavar="N", help="as in: rules review"),
             argument("--activate", action="store_true", help="in force at once, not as a draft"),
             argument("--dismiss", action="store_true", help="no rule: people decide it"))),
    Command("rules retire", "take the rules out of force, and lift the holds that they asked for",
            "rules retire", retire,
            (argument("--keep-holds", action="store_true", help="orders that rules hold stay on hold"),)),
)  # fmt: skip
