"""Where a contact is: time zone, language, country and the rest of an address, in one way of writing each.

Time zones are IANA names, languages BCP 47 tags, countries ISO 3166 codes of two letters; a few common
names are understood too. An empty text means unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args
from zoneinfo import available_timezones

from waypost.contacts.errors import PlaceInvalid

Part = Literal["time_zone", "language", "country", "region", "city", "postal_code"]
PARTS: tuple[Part, ...] = get_args(Part)
MAX_TEXT = 120
_LANGUAGE = re.compile(r"([a-z]{2,3})((?:[-_][a-z0-9]{2,8})*)", re.IGNORECASE).fullmatch

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()
)
_NAMES = {
    name: code
    for code, names in {
        "AR": "argentina", "AT": "austria|österreich|oesterreich|autriche", "AU": "australia", "BD": "bangladesh",
        "BE": "belgium|belgien|belgique|belgië", "BG": "bulgaria", "BR": "brazil|brasil|brasilien", "CA": "canada|kanada",
        "CH": "switzerland|schweiz|suisse|svizzera", "CL": "chile", "CN": "china", "CO": "colombia",
        "CY": "cyprus", "CZ": "czechia|czech republic|tschechien|česko", "DE": "germany|deutschland|allemagne|alemania|germania",
        "DK": "denmark|dänemark|danmark", "EE": "estonia", "EG": "egypt", "ES": "spain|spanien|españa|espagne",
        "FI": "finland|finnland|suomi", "FR": "france|frankreich|francia", "GR": "greece|griechenland",
        "GB": "united kingdom|uk|great britain|england|scotland|wales|großbritannien|vereinigtes königreich",
        "HK": "hong kong", "HR": "croatia|kroatien|hrvatska", "HU": "hungary|ungarn", "ID": "indonesia",
        "IE": "ireland|irland", "IL": "israel", "IN": "india|indien", "IS": "iceland", "IT": "italy|italien|italia|italie",
        "JP": "japan", "KE": "kenya", "KR": "south korea|korea", "LT": "lithuania", "LU": "luxembourg|luxemburg",
        "LV": "latvia", "MA": "morocco", "MX": "mexico|méxico|mexiko", "MY": "malaysia", "NG": "nigeria",
        "NL": "netherlands|the netherlands|niederlande|nederland|holland|pays-bas", "NO": "norway|norwegen|norge",
        "NZ": "new zealand", "PE": "peru", "PH": "philippines", "PK": "pakistan", "PL": "poland|polen|polska",
        "PT": "portugal", "RO": "romania", "RS": "serbia", "RU": "russia|russian federation|russland",
        "SA": "saudi arabia", "SE": "sweden|schweden|sverige", "SG": "singapore", "SI": "slovenia", "SK": "slovakia",
        "TH": "thailand", "TR": "turkey|türkiye|türkei", "TW": "taiwan", "UA": "ukraine", "VN": "vietnam",
        "AE": "united arab emirates|uae", "US": "united states|united states of america|usa|u.s.a.|vereinigte staaten",
        "ZA": "south africa|südafrika",
    }.items()
    for name in names.split("|")
}  # fmt: skip


@cache
def _zones() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


def normalise_part(part: Part, text: str) -> str:
    """The value as it is kept; raises PlaceInvalid for what is none."""
    plain = " ".join(text.replace("\x00", "").split())[:MAX_TEXT]
    if not plain:
        return ""
    if part == "time_zone":
        found = _zones().get(plain.lower().replace(" ", "_"))
    elif part == "country":
        upper = plain.upper()
        found = upper if upper in COUNTRIES else _NAMES.get(plain.lower())
    elif part == "language":
        found = _language(plain)
    else:
        found = plain
    if found is None:
        raise PlaceInvalid(part=part.replace("_", " "), value=plain[:80], pointer=f"/{part}")
    return found


def _language(text: str) -> str | None:
    match = _LANGUAGE(text)
    if match is None:
        return None
    # As RFC 5646 recommends: language lower, script titled, region upper.
    rest = [one.upper() if len(one) == 2 else one.title() for one in re.split("[-_]", match[2])[1:]]
    return "-".join([match[1].lower(), *rest])


def normalise_place(given: Mapping[Part, str]) -> dict[Part, str]:
    """Every part that is given, as it is kept."""
    return {part: normalise_part(part, text) for part, text in given.items()}
