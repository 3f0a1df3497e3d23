"""What leaves and what comes back: the ledger, the outbox, SMTP, the local mailbox, tracking.

The ledger has one row per message and recipient; the outbox sends it. Records message_sent,
message_failed, message_opened, link_clicked, unsubscribed and message_bounced; offers the step
`send_email` and the conditions `was_sent`, `opened_message` and `clicked_link`.
"""
