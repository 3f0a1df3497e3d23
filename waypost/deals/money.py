"""Amounts of money: people say 12.50, rows hold 1250.

How many digits a currency has behind the point is from ISO 4217.
"""

from __future__ import annotations

from waypost.kernel.sql import Sql, sql

_WHOLE = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THOUSANDTHS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def units_of(currency: str) -> int:
    """How many of the smallest unit make one."""
    return 1 if currency in _WHOLE else 1000 if currency in _THOUSANDTHS else 100


def minor(amount: float, currency: str) -> int:
    """The amount in the currency's smallest unit."""
    return round(amount * units_of(currency))


def units_sql(currency: Sql) -> Sql:
    """`units_of` over a column."""
    return sql(
        "(case when {currency} = any({whole}) then 1 when {currency} = any({thousandths}) then 1000 else 100 end)",
        currency=currency,
        whole=sorted(_WHOLE),
        thousandths=sorted(_THOUSANDTHS),
    )
