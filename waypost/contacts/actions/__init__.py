"""Writes to contacts and what belongs to them, by noun. Every write about contacts takes a set."""

from waypost.contacts.actions.contacts import create_contact, sync_contact, update_contact
from waypost.contacts.actions.fields import create_field, delete_field, set_field, update_field
from waypost.contacts.actions.subscriptions import (
    create_list,
    delete_list,
    remove_subscriptions,
    subscribe,
    unsubscribe,
    update_list,
)
from waypost.contacts.actions.tags import add_tag, create_tag, delete_tag, ensure_tags, remove_tag, update_tag
from waypost.contacts.actions.trash import delete_contacts, restore_contacts

__all__ = [
    "add_tag",
    "create_contact",
    "create_field",
    "create_list",
    "create_tag",
    "delete_contacts",
    "delete_field",
    "delete_list",
    "delete_tag",
    "ensure_tags",
    "remove_subscriptions",
    "remove_tag",
    "restore_contacts",
    "set_field",
    "subscribe",
    "sync_contact",
    "unsubscribe",
    "update_contact",
    "update_field",
    "update_list",
    "update_tag",
]
