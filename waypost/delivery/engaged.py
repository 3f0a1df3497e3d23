"""What counts as opened and as clicked, over a ledger row `l`: one definition for reports, segments and triggers.

Only people count. A click tells that the mail was read, even where images were blocked.
"""

from __future__ import annotations

from waypost.kernel.sql import sql

OPENED = sql("(l.open_count > 0 or l.click_count > 0)")
CLICKED = sql("l.click_count > 0")
OPENED_BY_MACHINE = sql("(l.machine_open_count > 0 and l.open_count = 0 and l.click_count = 0)")
"""Fetched by machines alone."""
