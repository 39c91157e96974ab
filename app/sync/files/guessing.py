"""Which of our fields might the columns of an unknown file be? Guessed by name, decided by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

from app.domain.importing import Glimpse, Reading, TargetField
from app.sync.files.amounts import currency_of
from app.sync.files.dates_in_order import likely_order
from app.sync.files.detection import Candidate
from app.sync.files.layout import column_key
from app.sync.files.profiles import MAPPED, header_hash
from app.sync.files.refusals import UnreadableFileError
from app.sync.files.sources import TextSource, opened

_LIKE: Final = 82
_SAMPLES: Final = 4
_MISSING_COSTS: Final = 1.5

# Each field of ours: what people call it, and how others head the column.
_ORDERS: Final[Mapping[str, tuple[str, str]]] = {
    "order_id": ("Order number", "order number,order no,order,order id,reference,bestellnummer,auftrag"),
    "created_at": ("Ordered on", "date,order date,ordered,placed,created,purchase date,datum,bestelldatum"),
    "sku": ("SKU", "sku,item sku,item code,article,article number,product code,artikelnummer,variant sku"),
    "quantity": ("Quantity", "quantity,qty,units,pieces,count,menge,anzahl"),
    "unit_price": ("Unit price", "unit price,price,item price,price each,einzelpreis,preis"),
    "currency": ("Currency", "currency,currency code,waehrung,währung"),
    "title": ("Item", "title,item,item name,product,product name,description,artikel,bezeichnung"),
    "name": ("Recipient", "name,recipient,ship to,customer,customer name,buyer,full name,kunde,empfänger"),
    "company": ("Company", "company,firm,firma"),
    "address1": ("Street", "address,address 1,street,street 1,address line 1,strasse,straße"),
    "address2": ("Street, second line", "address 2,street 2,address line 2,apartment,adresszusatz"),
    "city": ("City", "city,town,ort,stadt"),
    "state": ("State", "state,province,region,state code,bundesland"),
    "zip": ("ZIP", "zip,zip code,postcode,postal code,plz,postleitzahl"),
    "country": ("Country", "country,country code,land"),
    "phone": ("Phone", "phone,telephone,mobile,telefon"),
    "email": ("Email", "email,e-mail,mail,customer email,buyer email"),
    "service": ("Shipping service", "service,shipping method,ship method,delivery,versandart"),
    "ship_by": ("Ship by", "ship by,ship before,dispatch by,deadline,due"),
    "line_id": ("Line number", "line id,line,line number,item id,position"),
    "status": ("Status", "status,order status,state of order"),
    "shipping": ("Shipping paid", "shipping,shipping cost,postage,versandkosten"),
    "tax": ("Tax", "tax,sales tax,vat,steuer,mwst"),
    "discount": ("Discount", "discount,rebate,coupon amount,rabatt"),
    "total": ("Order total", "total,order total,grand total,amount,summe,gesamtbetrag"),
    "note": ("Note", "note,comment,message,gift message,bemerkung,notiz"),
}  # fmt: skip
_STOCK: Final[Mapping[str, tuple[str, str]]] = {
    "sku": _ORDERS["sku"],
    "on_hand": ("Units there", "on hand,quantity,qty,stock,units,available,in stock,bestand,menge"),
    "location": ("Location", "location,warehouse,place,site,lager,standort"),
    "safety_stock": ("Safety stock", "safety stock,reserve,minimum,buffer,mindestbestand"),
}
_CATALOGUE: Final[Mapping[str, tuple[str, str]]] = {
    "sku": _ORDERS["sku"],
    "title": _ORDERS["title"],
    "barcode": ("Barcode", "barcode,ean,upc,gtin"),
    "cost": ("Cost", "cost,unit cost,purchase price,einkaufspreis"),
    "currency": _ORDERS["currency"],
    "weight_g": ("Weight in grams", "weight,weight g,grams,gewicht"),
    "category": ("Category", "category,type,product type,kategorie"),
    "on_hand": _STOCK["on_hand"],
    "location": _STOCK["location"],
}
_REQUIRED: Final = {
    "own-orders": ("order_id", "created_at", "sku", "quantity", "unit_price", "currency"),
    "stock": ("sku", "on_hand"),
    "catalogue": ("sku", "title"),
}
_FIELDS: Final = {"own-orders": _ORDERS, "stock": _STOCK, "catalogue": _CATALOGUE}


def target_fields(format_name: str) -> tuple[TargetField, ...]:
    """Return the fields of ours that a file of this format can fill, the required ones marked."""
    required = _REQUIRED[format_name]
    return tuple(
        TargetField(name, words, name in required)
        for name, (words, _others) in _FIELDS[format_name].items()
    )


def glimpse(data: bytes, reading: Reading) -> Glimpse | None:
    """Return what stands in a file that no export of ours is, or nothing if it is no table."""
    try:
        source = opened(data, reading)
        rows = tuple(source.candidates())
    except UnreadableFileError:
        return None
    head = _header(rows, reading.header)
    if head is None:
        return None
    below = [x.cells for x in rows if _is_below(x, head)][:_SAMPLES]
    width = len(head.cells)
    samples = tuple((*x, *[""] * (width - len(x)))[:width] for x in below)
    encoding = source.encoding if isinstance(source, TextSource) else "xlsx"
    names = tuple(x.strip("\ufeff ") for x in head.cells)
    return Glimpse(names, samples, header_hash(head.cells), head.at + 1, head.delimiter, encoding,
                   guesses(names, samples))  # fmt: skip


def _is_below(row: Candidate, head: Candidate) -> bool:
    return (row.delimiter, row.table) == (head.delimiter, head.table) and row.at > head.at


def _header(rows: Sequence[Candidate], line: int) -> Candidate | None:
    """Return the row that is most likely the header: the first with the most different names."""
    there = [x for x in rows if len(x.names) > 1 and (not line or x.at == line - 1)]
    return max(there, key=lambda x: (len(x.names), -x.at), default=None)


def guesses(columns: Sequence[str], samples: Sequence[Sequence[str]]) -> tuple[Reading, ...]:
    """Return what the columns may be, as readings of each of our formats, the likeliest first."""
    found = [_guess(name, columns, samples) for name in MAPPED]
    return tuple(sorted(found, key=_likelihood, reverse=True))


def _likelihood(guess: Reading) -> float:
    filled = dict(guess.columns).keys() | dict(guess.fixed).keys()
    required = _REQUIRED[guess.format]
    missing = sum(x not in filled for x in required)
    return len(required) - missing - _MISSING_COSTS * missing


def _guess(format_name: str, columns: Sequence[str], samples: Sequence[Sequence[str]]) -> Reading:
    chosen = _matched(_FIELDS[format_name], columns)
    values = {
        field: [row[columns.index(name)] for row in samples] for field, name in chosen.items()
    }
    fixed = {}
    if "currency" in _REQUIRED[format_name] and "currency" not in chosen:
        signs = filter(None, map(currency_of, values.get("unit_price", ())))
        fixed = {"currency": next(signs, "USD")}
    order = likely_order(values.get("created_at", ()))
    return Reading(format=format_name, columns=tuple(sorted(chosen.items())),
                   fixed=tuple(fixed.items()), dates=order)  # fmt: skip


def _matched(fields: Mapping[str, tuple[str, str]], columns: Sequence[str]) -> dict[str, str]:
    """Match fields and columns by name, the surest pair first, each once."""
    scored = sorted(
        (
            (-_score(field, others, column), place, at, field, column)
            for place, (field, (_words, others)) in enumerate(fields.items())
            for at, column in enumerate(columns)
            if column
        ),
    )
    chosen: dict[str, str] = {}
    for score, _place, _at, field, column in scored:
        if -score >= _LIKE and field not in chosen and column not in chosen.values():
            chosen[field] = column
    return chosen


def _score(field: str, others: str, column: str) -> float:
    said = _plain(column)
    names = (field.replace("_", " "), *others.split(","))
    return max(
        100.0 if said == name else min(99.0, fuzz.token_sort_ratio(said, name)) for name in names
    )


def _plain(column: str) -> str:
    """Return a column name as words: "Order-ID" and "orderId" are "order id"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return column_key(re.sub(r"[^\w]+|_", " ", apart))
