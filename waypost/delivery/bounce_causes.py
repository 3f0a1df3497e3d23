"""Why mail came back: from an enhanced status code (RFC 3463), a reply code and the words of the reply.

Codes that say something definite are believed; those that servers use for anything (5.0.0, 5.7.1)
are read together with the text. What nobody can tell counts as soft.
"""

from __future__ import annotations

import re
from enum import Enum, IntEnum


class Severity(IntEnum):
    """What a notice means for the address."""

    HARD = 1
    SOFT = 2
    OTHER = 3
    """Says nothing about the address: too large, a matter of time, or refused because of the sender."""


class Cause(Enum):
    """Why a message was not delivered; the value is stored."""

    UNKNOWN_ADDRESS = "unknown_address"
    UNKNOWN_DOMAIN = "unknown_domain"
    INACTIVE = "inactive"
    MAILBOX_FULL = "mailbox_full"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"
    OVERSIZE = "oversize"
    GREYLISTED = "greylisted"
    TRANSIENT = "transient"
    POLICY = "policy"
    LOOP = "loop"

    @property
    def severity(self) -> Severity:
        return _SEVERITIES.get(self, Severity.OTHER)


_SEVERITIES = {
    Cause.UNKNOWN_ADDRESS: Severity.HARD,
    Cause.UNKNOWN_DOMAIN: Severity.HARD,
    Cause.INACTIVE: Severity.HARD,
    Cause.MAILBOX_FULL: Severity.SOFT,
    Cause.EXPIRED: Severity.SOFT,
    Cause.UNDELIVERABLE: Severity.SOFT,
    Cause.LOOP: Severity.SOFT,
}

_status = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])").search
_reply = re.compile(r"(?<![\d.])([45]\d\d)[ \-#]").search

_BY_STATUS = {
    "1.1": Cause.UNKNOWN_ADDRESS, "1.3": Cause.UNKNOWN_ADDRESS, "1.4": Cause.UNKNOWN_ADDRESS,
    "1.6": Cause.INACTIVE, "1.10": Cause.UNKNOWN_ADDRESS, "1.2": Cause.UNKNOWN_DOMAIN, "4.4": Cause.UNKNOWN_DOMAIN,
    "1.7": Cause.POLICY, "1.8": Cause.POLICY,
    "2.1": Cause.INACTIVE, "2.2": Cause.MAILBOX_FULL, "2.3": Cause.OVERSIZE, "3.4": Cause.OVERSIZE,
    "3.1": Cause.TRANSIENT, "4.5": Cause.TRANSIENT, "4.6": Cause.LOOP, "4.14": Cause.LOOP, "4.7": Cause.EXPIRED,
}  # fmt: skip
"""The second and third number of the status."""

_ANYTHING = {"0.0", "1.0", "2.0", "3.0", "4.0", "4.1", "5.0", "6.0", "7.0", "7.1", "1.5", "5.1", "5.4", "2.1", "3.1"}
"""Codes whose text says more than they do."""

_WORDS: tuple[tuple[Cause, str], ...] = (
    (Cause.GREYLISTED, r"gr[ea]y-?\s?list|postgrey|try again in \d+ (second|minute)|first.time sender"),
    (
        Cause.OVERSIZE,
        (r"message (size|is|was) (exceeds|too (large|big)|larger)|too large|size limit|maximum (message|permitted) size"
        r"|exceeds (the )?(maximum|fixed|size)|message file too big|nachricht ist zu gro|trop volumineux|大きすぎ"),
    ),
    (
        Cause.MAILBOX_FULL,
        (r"mailbox (is |was |ist )?(full|voll|size limit)|over ?quota|quota (is )?(exceeded|full)|exceed\w* (\w+ )?quota"
        r"|out of storage|insufficient (system )?storage|storage (limit|quota)|not enough (disk )?space|user is over"
        r"|postfach (ist )?(voll|überfüllt)|speicherplatz|bo[iî]te .{0,20}pleine|buz[oó]n .{0,20}lleno|casella piena"
        r"|caixa .{0,20}cheia|容量|переполнен|mailbox .{0,20}vol\b"),
    ),
    (
        Cause.TRANSIENT,
        (r"too (quickly|many (connections|messages|emails))|rate.?limit|receiving mail at a rate|temporar"
        r"|try (again )?later|deferred|resources? unavailable|service (is )?not available|\bthrottl"),
    ),
    (
        Cause.UNKNOWN_DOMAIN,
        (r"(host|domain) (name )?(not found|unknown|does(n't| not) exist|or domain name not found)|nxdomain"
        r"|no such (domain|host)|unrouteable (mail )?domain|unrouteable address|name service error"
        r"|couldn't find any host|no mx|name or service not known|bad destination (host|system)|domain not in use"
        r"|dns (error|domain) .{0,40}(not|doesn't)"),
    ),
    (
        Cause.INACTIVE,
        (r"(account|mailbox|user|recipient|address) (\S+ )?(has been |is |was |currently )*(disabled|inactive|suspended"
        r"|deactivated|discontinued|locked|expired|no longer)|no longer (valid|available|with|accept|in use)"
        r"|inactive (user|account|mailbox)|deaktiviert|désactivé|desactivad[oa]|disattivat[oa]"),
    ),
    (
        Cause.UNKNOWN_ADDRESS,
        (r"(user|recipient|mailbox|address|account|alias|mail ?box)\W+(\S+ ){0,4}(unknown|not found|(does|did)(n't| not) exist"
        r"|invalid|not (valid|listed|known)|unavailable|is not a|couldn't be found|doesn't have)"
        r"|(unknown|invalid|no such|bad|nonexistent|non-existent|illegal) (\w+ )?(user|recipient|mailbox|address|account|alias"
        r"|local part|person)|no mailbox here|not (our customer|a valid)|address rejected|does not like recipient"
        r"|wasn't found at|not found at|address couldn't be found|not our user|unknown to us|this user doesn't have"
        r"|(empfänger|benutzer|adresse|postfach).{0,60}(unbekannt|nicht (gefunden|vorhanden|bekannt|gültig)|existiert nicht)"
        r"|(adresse|utilisateur|destinataire|compte).{0,60}(inconnue?|introuvable|n['’]existe pas|n['’]a pas été trouvé)"
        r"|(usuario|destinatario|direcci[oó]n|cuenta|indirizzo|utente|endere[cç]o|usu[aá]rio).{0,60}(desconocid|no existe"
        r"|no se (ha )?encontr|sconosciut|inesistente|non esiste|non (è stato )?trovat|n[aã]o (existe|encontrad|foi encontr)"
        r"|desconhecid)|(gebruiker|adres).{0,40}(onbekend|bestaat niet)|(пользовател|адрес|ящик).{0,60}(не найден|не существует|неизвест)"
        r"|(存在しない|存在しません|見つかりません|不存在|找不到)|(użytkownik|adres).{0,40}(nieznany|nie istnieje)"),
    ),
    (
        Cause.POLICY,
        (r"spam|block(ed|list)|blacklist|reputation|policy|dmarc|dkim|\bspf\b|unauthenticated|authentication|relay(ing)?"
        r"|access denied|not (permitted|allowed|authorized)|unsolicited|banned|content (rejected|filter)|virus|listed (in|at|by)"
        r"|prohibited|sender (address )?(rejected|denied|verify)|ptr record|reverse dns|suspicious|complaint"),
    ),
    (Cause.LOOP, r"mail loop|routing loop|too many hops|hop count|loops back"),
    (
        Cause.EXPIRED,
        (r"retry time(out)? (not reached|exceeded)|delivery time expired|message expired|too long|timed? ?out|connection refused"
        r"|could not be delivered for|all (relevant )?mx|network is unreachable|no route to host|not responding"),
    ),
)  # fmt: skip
_PATTERNS = tuple((cause, re.compile(words, re.IGNORECASE | re.DOTALL).search) for cause, words in _WORDS)


def status_in(text: str) -> str | None:
    """The first enhanced status code of a failure that the text holds."""
    found = _status(text)
    return found[0] if found and found[1] != "2" else None


def code_in(text: str) -> int | None:
    """The first SMTP reply code of a failure that the text holds."""
    found = _reply(text + " ")
    return int(found[1]) if found else None


def by_words(text: str) -> Cause | None:
    """What the text says, whichever language it is in."""
    flat = " ".join(text.split())[:4_000]
    return next((cause for cause, search in _PATTERNS if search(flat)), None)


def judge_failure(status: str | None, code: int | None, text: str) -> Cause:
    """Why a message was refused or given up."""
    inner = status_in(text)
    if inner is not None and (status is None or status.partition(".")[2] in _ANYTHING):
        status = inner
    first, _, tail = (status or "").partition(".")
    said = by_words(text)
    if said in (Cause.OVERSIZE, Cause.MAILBOX_FULL, Cause.GREYLISTED) and tail not in ("1.1", "1.2"):
        return said
    known = _BY_STATUS.get(tail) if tail not in _ANYTHING else None
    is_later = first == "4" or (not first and code is not None and code < 500)
    if known is None and said is not None:
        known = said
    if known is None:
        known = _BY_STATUS.get(tail) or (Cause.POLICY if tail.startswith("7.") else _by_code(code))
    if is_later and known not in (Cause.MAILBOX_FULL, Cause.EXPIRED, Cause.OVERSIZE, Cause.GREYLISTED):
        # A 4 is never the last word: hosts that do not exist have been answered with it for days.
        return Cause.EXPIRED if known is Cause.UNKNOWN_DOMAIN else Cause.TRANSIENT
    return known


def _by_code(code: int | None) -> Cause:
    return {552: Cause.MAILBOX_FULL, 551: Cause.UNKNOWN_ADDRESS, 421: Cause.TRANSIENT, 451: Cause.TRANSIENT}.get(
        code or 0, Cause.UNDELIVERABLE
    )
