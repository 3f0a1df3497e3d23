"""Which column is what: suggestions from headers in many languages and from the values themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

from waypost.contacts.errors import PlaceInvalid
from waypost.contacts.places import PARTS, Part, normalise_part
from waypost.contacts.types import CHOICE_TYPES, Field, FieldType
from waypost.contacts.values import order_of, to_date, to_datetime, to_number
from waypost.imports.convert import to_csv
from waypost.imports.errors import EmailColumnMissing
from waypost.imports.parse import find_delimiter, find_encoding, read_head
from waypost.imports.types import Column, FieldColumn, Inspection, Options, Plan, Target
from waypost.kernel.errors import Invalid, Problem

TYPES: tuple[str, ...] = get_args(FieldType)
SINGLE = ("email", "first_name", "last_name", "full_name", "phone", "company", "job_title", *PARTS)
TRUE_WORDS = frozenset("yes y true 1 ja j oui o si sì sí sim tak да on opt-in x".split())
FALSE_WORDS = frozenset("no n false 0 nein non não nao nie нет off opt-out".split())

_WORDS: dict[str, str] = {
    "email": "email e mail|email|e mail|mail|email address|e mail address|mail address|e mail adresse|emailadresse|mailadresse"
    "|adresse e mail|adresse mail|courriel|correo|correo electronico|direccion de correo|posta elettronica|indirizzo email"
    "|endereco de e mail|endereco de email|adres e mail|epost|e post|e postadress|sahkoposti|eposta|почта|электронная почта|メール|メールアドレス|邮箱|이메일",
    "first_name": "first name|firstname|given name|forename|vorname|prenom|nombre|nome|imie|fornamn|fornavn|voornaam|etunimi|ad|имя|名|名前",
    "last_name": "last name|lastname|surname|family name|nachname|familienname|nom|nom de famille|apellido|apellidos|cognome"
    "|sobrenome|nazwisko|efternamn|etternavn|efternavn|achternaam|sukunimi|soyad|фамилия|姓",
    "full_name": "name|full name|fullname|contact name|contact|kontakt|nom complet|nombre completo|nome completo|氏名",
    "phone": "phone|phone number|telephone|tel|mobile|mobile phone|cell|telefon|telefonnummer|handy|mobil|mobiltelefon"
    "|telefono|telefone|celular|movil|portable|numero de telephone|puhelin|телефон|電話|电话",
    "tags": "tags|tag|labels|label|schlagworte|schlagworter|etiquetas|etiquettes|etichette|etykiety|taggar|метки|タグ",
}
_PLACES: dict[str, str] = {
    "company": "company|company name|organization|organisation|org|employer|firma|unternehmen|entreprise|societe|empresa|azienda"
    "|firmenname|bedrijf|foretag|会社|компания",
    "job_title": "job title|jobtitle|position|berufsbezeichnung|stelle|funktion|poste|cargo|puesto|funzione|stanowisko",
    "city": "city|town|ort|stadt|wohnort|ville|ciudad|citta|cidade|miasto|plaats|woonplaats|stad|by|kaupunki|город|市",
    "region": "region|state|province|county|bundesland|kanton|provincia|departement|estado|regione|wojewodztwo",
    "country": "country|country code|land|pays|pais|paese|kraj|maa|страна|国",
    "postal_code": "postal code|postcode|zip|zip code|postleitzahl|plz|code postal|codigo postal|cap|kod pocztowy|postnummer",
    "language": "language|locale|lang|sprache|langue|idioma|lingua|jezyk|taal|sprak|язык",
    "time_zone": "time zone|timezone|tz|zeitzone|fuseau horaire|zona horaria|fuso orario|strefa czasowa",
}
_PLACED = {word: target for target, words in _PLACES.items() for word in words.split("|")}
_COMPANY = frozenset(_PLACES["company"].split("|"))
_KNOWN = {word: target for target, words in _WORDS.items() for word in words.split("|")}
_CONSENT = re.compile(
    r"\b(?:consent|opt ?in|gdpr|dsgvo|einwilligung|consentement|consentimiento|consenso|zgoda|permission)\b"
)
_MONEY = re.compile(r"[€$£¥]|\b(?:eur|usd|gbp|chf)\b", re.IGNORECASE)
_MONEY_HEADER = re.compile(
    r"\b(?:value|amount|price|revenue|spent|total|ltv|umsatz|betrag|preis|wert|montant|prix|importe|precio|valor|valore|prezzo)\b"
)
_LOOKS = {"email": re.compile(r"[^@\s]+@[^@\s]+$"), "phone": re.compile(r"(?:\+|00)[\d\s()/.-]{7,20}$")}
_TIME = re.compile(r"\d[T ]\d{1,2}:\d{2}")


def plain(header: str) -> str:
    """A header without case, accents and punctuation."""
    text = unicodedata.normalize("NFKD", header.strip().casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", text).strip()


def inspect(path: Path, fields: Sequence[Field] = ()) -> Inspection:
    """Everything a person needs to map the file; raises a typed failure for what cannot be imported.

    A workbook or a file of address cards becomes CSV in its place.
    """
    form = to_csv(path)
    encoding = find_encoding(path)
    delimiter = find_delimiter(path, encoding)
    header, rows = read_head(path, encoding, delimiter)
    columns = _columns(header, rows, fields)
    if not any(column.target == "email" for column in columns):
        raise EmailColumnMissing
    dates = [
        cell
        for column in columns
        if column.target.startswith(("new_field:date", "field:"))
        for cell in _cells(rows, column.index)
    ]
    size = path.stat().st_size
    sample = sum(len(cell) + 1 for row in rows for cell in row) or 1
    width = 2 if encoding.startswith("utf-16") else 1
    estimate = len(rows) if len(rows) < 500 else max(len(rows), round(size / width / sample * len(rows)))
    form = "tsv" if form == "csv" and delimiter == "\t" else form
    return Inspection(encoding, delimiter, columns, estimate, order_of(dates), form)


def _cells(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    return [row[index].strip() for row in rows if len(row) > index and row[index].strip()]


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]], fields: Sequence[Field]) -> list[Column]:
    by_name = {plain(field.name): field for field in fields} | {plain(field.key): field for field in fields}
    taken: set[str] = set()
    columns: list[Column] = []
    for index, name in enumerate(header):
        cells = _cells(rows, index)
        target = _suggest(name, cells, by_name)
        if target in taken and (target in SINGLE or target.startswith("field:")):
            target = "skip" if not cells else f"new_field:{_type_of(name, cells)}:{name or f'Column {index + 1}'}"
        if target == "job_title" and not any(plain(other) in _COMPANY for other in header):
            target = f"new_field:text:{name}"
        taken.add(target)
        samples = list(dict.fromkeys(cell[:120] for cell in cells))[:5]
        columns.append(Column(index, name or f"Column {index + 1}", samples, target))
    for target, looks in _LOOKS.items():
        if target not in taken:
            columns = _by_values(columns, rows, target, looks)
    return columns


def _by_values(
    columns: list[Column], rows: Sequence[Sequence[str]], target: str, looks: re.Pattern[str]
) -> list[Column]:
    """No header says so: the column whose values mostly look like it, if there is one."""
    for column in columns:
        cells = _cells(rows, column.index)
        is_free = column.target == "skip" or column.target.startswith("new_field:text:")
        if is_free and cells and sum(looks.match(cell) is not None for cell in cells) > len(cells) / 2:
            found = Column(column.index, column.header, column.samples, target)
            return [found if item is column else item for item in columns]
    return columns


def _suggest(name: str, cells: Sequence[str], by_name: dict[str, Field]) -> str:
    word = plain(name)
    known = _KNOWN.get(word)
    if known:
        return known
    if word in by_name:
        return f"field:{by_name[word].id}"
    if not cells or not word:
        return "skip"
    if word in _PLACED and _fits(_PLACED[word], cells):
        return _PLACED[word]
    return f"new_field:{_type_of(name, cells)}:{name}"


def _fits(target: str, cells: Sequence[str]) -> bool:
    """Whether most of the values are understood."""
    parts: dict[str, Part] = {part: part for part in PARTS}
    return target not in parts or _share(cells, lambda cell: normalise_part(parts[target], cell)) > 0.5


def _type_of(name: str, cells: Sequence[str]) -> FieldType:
    word = plain(name)
    values = {cell.casefold() for cell in cells}
    is_boolean = bool(values) and values <= TRUE_WORDS | FALSE_WORDS
    if is_boolean and (_CONSENT.search(word) or not values <= {"0", "1"}):
        return "radio"
    if _share(cells, to_date) > 0.8:
        timed = sum(bool(_TIME.search(cell)) for cell in cells)
        return "datetime" if timed > len(cells) / 2 and _share(cells, to_datetime) > 0.8 else "date"
    if _share(cells, to_number) > 0.9 and not any(cell.startswith(("+", "0")) and len(cell) > 6 for cell in cells):
        money = any(_MONEY.search(cell) for cell in cells) or bool(_MONEY_HEADER.search(word))
        return "currency" if money else "number"
    if any(len(cell) > 250 or "\n" in cell for cell in cells):
        return "textarea"
    return "text"


def _share(cells: Sequence[str], convert: object) -> float:
    fits = 0
    for cell in cells:
        try:
            fits += convert(cell) is not None  # type: ignore[operator]
        except (ValueError, PlaceInvalid):
            continue
    return fits / len(cells) if cells else 0.0


def check_mapping(mapping: Sequence[Target], columns: Sequence[Column], fields: Sequence[Field]) -> None:
    """Raise every problem of a mapping at once."""
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    known = {f"field:{field.id}" for field in fields}
    indexes: set[int] = set()
    for place, item in enumerate(mapping):
        pointer = f"/mapping/{place}/target"
        if not 0 <= item.index < len(columns) or item.index in indexes:
            problems.append(
                Problem(
                    f"/mapping/{place}/index",
                    f"There is no column {item.index}, or it is named twice.",
                    "column_unknown",
                )
            )
            continue
        indexes.add(item.index)
        message = _target_problem(item.target, known)
        if message:
            problems.append(Problem(pointer, message, "target_unknown"))
        elif item.target in seen and item.target not in ("skip", "tags"):
            problems.append(Problem(pointer, f"Two columns go to {item.target}.", "target_twice"))
        seen[item.target] = place
    if "email" not in seen:
        problems.append(Problem("/mapping", EmailColumnMissing.template, EmailColumnMissing.code))
    if "full_name" in seen and ("first_name" in seen or "last_name" in seen):
        problems.append(Problem("/mapping", "Map either the full name or its parts.", "target_twice"))
    if "job_title" in seen and "company" not in seen:
        place = seen["job_title"]
        problems.append(
            Problem(f"/mapping/{place}/target", "A job title needs a column with the company.", "company_missing")
        )
    if problems:
        raise Invalid(problems)


def _target_problem(target: str, known: set[str]) -> str | None:
    if target in SINGLE or target in ("tags", "skip"):
        return None
    if target.startswith("field:"):
        return None if target in known else f"There is no field {target.removeprefix('field:')}."
    kind, _, rest = target.partition(":")
    field_type, _, name = rest.partition(":")
    if kind == "new_field" and field_type in TYPES and name.strip():
        return None
    if kind == "new_field":
        return f"A new field is named like new_field:text:City; {target} is not."
    return f"{target} is no place to put a column."


def new_fields(mapping: Sequence[Target]) -> list[tuple[int, FieldType, str]]:
    """(column, type, name) of the fields the mapping asks to make."""
    found: list[tuple[int, FieldType, str]] = []
    for item in mapping:
        kind, _, rest = item.target.partition(":")
        if kind == "new_field":
            field_type, _, name = rest.partition(":")
            found.append((item.index, cast("FieldType", field_type), name.strip()))
    return found


def make_plan(
    mapping: Sequence[Target], columns: Sequence[Column], fields: dict[int, FieldColumn], options: Options
) -> Plan:
    """The mapping with its fields resolved; `fields` has them by column."""
    by_target = {item.target: item.index for item in mapping}
    return Plan(
        width=len(columns),
        email=by_target["email"],
        first_name=by_target.get("first_name"),
        last_name=by_target.get("last_name"),
        full_name=by_target.get("full_name"),
        phone=by_target.get("phone"),
        company=by_target.get("company"),
        job_title=by_target.get("job_title"),
        place=tuple((part, by_target[part]) for part in PARTS if part in by_target),
        tags=tuple(item.index for item in mapping if item.target == "tags"),
        fields=tuple(fields[index] for index in sorted(fields)),
        date_order=options.date_order,
    )


def is_boolean(values: Sequence[str]) -> bool:
    """Whether all of them say yes or no."""
    return bool(values) and {value.casefold() for value in values} <= TRUE_WORDS | FALSE_WORDS


def needs_options(kind: FieldType) -> bool:
    return kind in CHOICE_TYPES
