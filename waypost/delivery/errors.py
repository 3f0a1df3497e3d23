"""What can go wrong in delivery."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class MailNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.mail_not_found"
    template = "There is no mail {mail_id} in the mailbox."


class TokenInvalid(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.token_invalid"
    template = "This link is not complete or no longer valid."


class MessageGone(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.message_gone"
    template = "The message no longer exists."
