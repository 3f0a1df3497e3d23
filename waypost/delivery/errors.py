"""What can go wrong in delivery."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class MailNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.mail_not_found"
    template = "There is no mail {mail_id} in the mailbox."


class SenderMissing(Failure):
    kind = Kind.CONFLICT
    code = "delivery.sender_missing"
    template = (
        "Mail leaves through a real mail server, so it needs an address to come from. Set the sender in Settings."
    )


class TokenInvalid(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.token_invalid"
    template = "This link is not complete or no longer valid."


class MessageGone(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.message_gone"
    template = "The message no longer exists."
