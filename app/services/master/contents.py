"""Write down what is in kits, and what was in them before: a past moment is asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from app.models.bulk import insert_rows
from app.models.catalogue import kit_components, skus
from app.models.identity import Identity
from app.models.kits import parts
from app.models.past import kit_changes
from app.models.promising.marks import mark
from app.models.sets import among

_FORGET = kit_components.delete().where(among(kit_components.c.kit_id, "kits"))


def write_contents(
    db: Connection, contents: Mapping[int, Mapping[int, int]], *, now: datetime
) -> None:
    """Replace what is in each of these kits; one without contents is no kit any more."""
    before = parts(db, contents)
    contents = {kit: inside for kit, inside in contents.items() if inside != before.get(kit, {})}
    if not contents:
        return
    db.execute(_FORGET, {"kits": list(contents)})
    ids = Identity(db, kit_components, kit_changes)
    insert_rows(db, kit_components, [
        {"id": ids.take(kit_components), "kit_id": kit, "component_id": part, "quantity": units}
        for kit, inside in contents.items() for part, units in inside.items()
    ])  # fmt: skip
    db.execute(kit_changes.insert(), [
        {"id": ids.take(kit_changes), "kit_id": kit, "before": sorted(before.get(kit, {}).items()),
         "changed_at": now}
        for kit in contents
    ])  # fmt: skip
    for kit, inside in contents.items():
        db.execute(skus.update().where(skus.c.id == kit).values(is_kit=bool(inside)))
    mark(db, list(contents), "kit")
