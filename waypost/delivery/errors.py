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
    template = "Mail leaves through a real mail server, so it needs an address to come from. Add a sender in Settings."


class SenderNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.sender_not_found"
    template = "There is no sender {sender_id}."


class SenderExists(Failure):
    kind = Kind.CONFLICT
    code = "delivery.sender_exists"
    template = "There is a sender {from_email} already."


class SenderNeeded(Failure):
    kind = Kind.CONFLICT
    code = "delivery.sender_needed"
    template = "{from_email} is the default sender. Make another one the default first."


class RelayNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.relay_not_found"
    template = "There is no mail server {relay_id}."


class DomainNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.domain_not_found"
    template = "There is no sending domain {name}."


class DomainExists(Failure):
    kind = Kind.CONFLICT
    code = "delivery.domain_exists"
    template = "The domain {name} is there already."


class ServerRefused(Failure):
    kind = Kind.UNAVAILABLE
    code = "delivery.server_refused"
    template = "The mail server {host} did not take the message: {reply}"


class SuppressionNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.suppression_not_found"
    template = "{address} is not on the suppression list."


class MailboxNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "delivery.mailbox_not_found"
    template = "There is no mailbox {mailbox_id}."
