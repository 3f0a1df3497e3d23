"""What can go wrong in identity."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class SignInRefused(Failure):
    kind = Kind.UNAUTHENTICATED
    code = "identity.sign_in_refused"
    template = "The e-mail address or the password is not right."


class TooManySignIns(Failure):
    kind = Kind.LIMITED
    code = "identity.too_many_sign_ins"
    template = "Too many failed sign-ins. Try again in {retry_seconds} seconds."


class UserNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "identity.user_not_found"
    template = "There is no user {user_id}."


class UserExists(Failure):
    kind = Kind.CONFLICT
    code = "identity.user_exists"
    template = "{email} already has access to this workspace."


class LastOwner(Failure):
    kind = Kind.CONFLICT
    code = "identity.last_owner"
    template = "A workspace keeps at least one owner."


class OwnerOnly(Failure):
    kind = Kind.FORBIDDEN
    code = "identity.owner_only"
    template = "Only an owner may make or change owners."


class ApiKeyNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "identity.api_key_not_found"
    template = "There is no API key {api_key_id}."


class AddressNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "identity.address_not_found"
    template = "There is no address {address_id}."


class AddressIncomplete(Failure):
    code = "identity.address_missing"
    template = "An address needs a {part}."


class AddressDefault(Failure):
    code = "identity.address_default"
    template = "The default address cannot be deleted. Make another one the default first."
