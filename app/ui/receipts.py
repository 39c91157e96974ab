"""How is a receipt said: "98 accepted, 2 skipped", and why those two?"""

from __future__ import annotations

from collections import Counter

from app.domain.changes import Changes, Skipped
from app.ui.words import count_of, number, sentence

_PAST = {
    "Accept": "Accepted", "Override": "Overrode", "Split": "Split", "Withdraw": "Took back",
    "Hold": "Held", "Release": "Released", "Cancel": "Cancelled", "Reinstate": "Reinstated",
    "Ship": "Shipped", "Take": "Took", "Keep": "Kept", "Close": "Closed", "Link": "Linked",
    "Receive": "Received", "Adjust": "Adjusted", "Count": "Counted", "Move": "Moved",
    "Correct": "Corrected", "Note": "Kept a note", "Confirm": "Confirmed", "Set": "Set",
    "Settle": "Settled", "Tag": "Tagged", "Untag": "Took a tag off", "Assign": "Assigned", "Suggest": "Suggested",
    "Add": "Added", "Change": "Changed", "Remove": "Removed", "Expect": "Expecting", "Send": "Sent",
    "Wait": "Waiting", "Promise": "Promised", "Grade": "Graded", "Mark": "Marked", "Give": "Gave",
    "Claim": "Claimed", "Leave": "Left", "Open": "Opened",
    "Put": "Put", "Write": "Wrote", "Drop": "Dropped", "Forget": "Forgot", "Export": "Exported",
}  # fmt: skip
SHOWN_REASONS = 4


def done(changes: Changes) -> str:
    """Return what was done, as something that is over."""
    verb, _, rest = changes.label.partition(" ")
    if changes.skipped and not changes.done:
        return f"Nothing done, {number(len(changes.skipped))} skipped"
    words = f"{_PAST.get(verb, verb)} {rest}".strip()
    return f"{words}, {number(len(changes.skipped))} skipped" if changes.skipped else words


def why_skipped(skipped: tuple[Skipped, ...]) -> str:
    """Return the reasons, most frequent first, each with the subjects that it stopped."""
    if not skipped:
        return ""
    if len(skipped) == 1:
        return sentence(f"{skipped[0].subject}: {skipped[0].reason}")
    reasons = Counter(each.reason for each in skipped).most_common()
    lines = [
        sentence(f"{_subjects(reason, skipped, count)}: {reason}")
        for reason, count in reasons[:SHOWN_REASONS]
    ]
    if len(reasons) > SHOWN_REASONS:
        lines.append(f"And {count_of(len(reasons) - SHOWN_REASONS, 'more reason')}.")
    return "\n".join(lines)


def _subjects(reason: str, skipped: tuple[Skipped, ...], count: int) -> str:
    names = [each.subject for each in skipped if each.reason == reason]
    if count <= 3:
        return ", ".join(names)
    return f"{', '.join(names[:2])} and {number(count - 2)} more"
