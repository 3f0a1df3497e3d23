"""Messages and the local mailbox, senders and relays: one file a noun."""

from __future__ import annotations

from waypost.delivery.routes import inbound, inbound_mailboxes, limits, mail, senders

ROUTES = (*mail.ROUTES, *senders.ROUTES, *limits.ROUTES, *inbound.ROUTES, *inbound_mailboxes.ROUTES)
