"""Delivery owns what leaves: the ledger (one row per message and recipient), the outbox that sends it,
SMTP, the local mailbox, and what comes back as opens, clicks and unsubscriptions.

It records message_sent, message_failed, message_opened, link_clicked, unsubscribed and message_bounced,
and offers the step `send_email` and the conditions `was_sent`, `opened_message` and `clicked_link`.
"""
