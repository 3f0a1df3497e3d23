"""Writes about contacts: exact counts, facts for what changed and nothing for what did not."""

from __future__ import annotations

import pytest

from tests.make import Make
from waypost.activities.queries import list_timeline
from waypost.activities.types import Audience
from waypost.contacts.actions import (
    add_tag,
    create_contact,
    create_field,
    create_list,
    create_tag,
    delete_contacts,
    delete_field,
    delete_list,
    delete_tag,
    ensure_tags,
    remove_subscriptions,
    remove_tag,
    set_field,
    subscribe,
    sync_contact,
    unsubscribe,
    update_contact,
    update_field,
    update_list,
    update_tag,
)
from waypost.contacts.audience import these
from waypost.contacts.counts import CONTACTS, LIST, TAG, count_of, fold_counts, list_changed_workspaces
from waypost.contacts.errors import (
    ContactNotFound,
    EmailInvalid,
    EmailTaken,
    FieldNotFound,
    FieldRequired,
    KeyInvalid,
    ListNotFound,
    NameTaken,
    OptionsMissing,
    TagNotFound,
    ValueInvalid,
)
from waypost.contacts.jobs import FoldCounts
from waypost.contacts.queries.contacts import find_contact, find_contact_by_email, get_contact
from waypost.contacts.queries.lists import list_subscriptions
from waypost.contacts.queries.tags import get_tag, list_contact_tags, list_tags
from waypost.contacts.types import Status
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import Work


def nobody() -> Audience:
    return sql("select id as contact_id from contacts.contact where workspace_id = {workspace} and false")


async def kinds(tx: Tx, contact_id: int) -> list[str]:
    """The names of a contact's facts, oldest first."""
    page = await list_timeline(tx, contact_id, limit=200)
    return [entry.kind for entry in sorted(page.items, key=lambda entry: entry.id)]


async def test_adding_a_tag_to_a_set_counts_those_who_lacked_it(tx: Tx, make: Make) -> None:
    tag = (await create_tag(tx, name="VIP")).id
    ada, grace, linus = await make.contacts(tx, 3)
    assert await add_tag(tx, tag, nobody()) == 0
    assert await add_tag(tx, tag, these([ada])) == 1
    assert await add_tag(tx, tag, these([ada, grace, linus, linus])) == 2
    assert await add_tag(tx, tag, these([ada, grace, linus])) == 0
    assert await kinds(tx, ada) == ["tag_added"]
    assert await count_of(tx, TAG, tag) == 3
    assert (await get_tag(tx, tag)).contact_count == 3


async def test_removing_a_tag_counts_those_who_had_it(tx: Tx, make: Make) -> None:
    tag = (await create_tag(tx, name="VIP")).id
    ada, grace, linus = await make.contacts(tx, 3)
    await add_tag(tx, tag, these([ada, grace]))
    assert await remove_tag(tx, tag, nobody()) == 0
    assert await remove_tag(tx, tag, these([ada])) == 1
    assert await remove_tag(tx, tag, these([ada, grace, linus])) == 1
    assert await kinds(tx, ada) == ["tag_added", "tag_removed"]
    assert await kinds(tx, linus) == []
    assert await count_of(tx, TAG, tag) == 0


async def test_an_unknown_tag_is_refused(tx: Tx, make: Make) -> None:
    contact = await make.contact(tx)
    for action in (add_tag, remove_tag):
        with pytest.raises(TagNotFound):
            await action(tx, 999_999, these([contact]))


async def test_subscribing_a_set_counts_changes_and_records_becoming_active(tx: Tx, make: Make) -> None:
    news = (await create_list(tx, name="News")).id
    ada, grace, linus = await make.contacts(tx, 3)
    assert await subscribe(tx, news, nobody()) == 0
    assert await subscribe(tx, news, these([ada]), source="form") == 1
    assert await subscribe(tx, news, these([ada, grace, linus])) == 2
    assert await subscribe(tx, news, these([ada, grace, linus])) == 0
    assert await count_of(tx, LIST, news) == 3
    assert await unsubscribe(tx, news, these([grace])) == 1
    assert await unsubscribe(tx, news, these([grace])) == 0
    assert await subscribe(tx, news, these([grace]), is_forced=False) == 0
    assert await count_of(tx, LIST, news) == 2
    assert await subscribe(tx, news, these([grace])) == 1
    assert await kinds(tx, grace) == ["list_subscribed", "list_unsubscribed", "list_subscribed"]
    (row,) = await list_subscriptions(tx, [grace])
    assert (row.status, row.unsubscribed_at) == (Status.ACTIVE, None)


async def test_a_pending_subscription_is_no_fact_until_confirmed(tx: Tx, make: Make) -> None:
    news = (await create_list(tx, name="News")).id
    ada = await make.contact(tx)
    assert await subscribe(tx, news, these([ada]), status=Status.UNCONFIRMED) == 1
    assert (await kinds(tx, ada), await count_of(tx, LIST, news)) == ([], 0)
    assert await subscribe(tx, news, these([ada])) == 1
    assert (await kinds(tx, ada), await count_of(tx, LIST, news)) == (["list_subscribed"], 1)
    assert await subscribe(tx, news, these([ada]), status=Status.BOUNCED) == 1
    assert (await kinds(tx, ada))[-1] == "list_unsubscribed"


async def test_unsubscribing_from_every_list_at_once(tx: Tx, make: Make) -> None:
    news, offers = (await create_list(tx, name="News")).id, (await create_list(tx, name="Offers")).id
    ada = await make.contact(tx, lists=[news, offers])
    assert await unsubscribe(tx, None, these([ada])) == 2
    assert {row.status for row in await list_subscriptions(tx, [ada])} == {Status.UNSUBSCRIBED}


async def test_forgetting_subscriptions(tx: Tx, make: Make) -> None:
    news = (await create_list(tx, name="News")).id
    ada = await make.contact(tx)
    await subscribe(tx, news, these([ada]))
    pairs = sql("select {contact} as contact_id, {list} as list_id", contact=ada, list=news)
    assert await remove_subscriptions(tx, pairs) == 1
    assert await remove_subscriptions(tx, pairs) == 0
    assert (await list_subscriptions(tx, [ada]), await count_of(tx, LIST, news)) == ([], 0)


async def test_setting_a_field_for_a_set_records_old_and_new(tx: Tx, make: Make) -> None:
    city = (await create_field(tx, name="City")).id
    ada, grace, linus = await make.contacts(tx, 3)
    assert await set_field(tx, city, "Rome", nobody()) == 0
    assert await set_field(tx, city, "Rome", these([ada])) == 1
    assert await set_field(tx, city, " Rome ", these([ada, grace, linus])) == 2
    assert await set_field(tx, city, "Oslo", these([ada])) == 1
    assert await set_field(tx, city, None, these([ada])) == 1
    assert (await get_contact(tx, ada)).fields == {}
    assert (await get_contact(tx, grace)).fields == {str(city): "Rome"}
    facts = sorted((await list_timeline(tx, ada)).items, key=lambda entry: entry.id)
    assert [(fact.object_id, fact.data) for fact in facts] == [
        (city, {"new": "Rome"}),
        (city, {"old": "Rome", "new": "Oslo"}),
        (city, {"old": "Oslo"}),
    ]


async def test_sync_creates_then_changes_then_does_nothing(tx: Tx) -> None:
    city = (await create_field(tx, name="City")).id
    ada, is_new = await sync_contact(tx, email=" ADA@Example.com ", first_name="Ada", fields={city: "London"})
    assert (ada.email, ada.first_name, ada.fields, is_new) == ("ada@example.com", "Ada", {str(city): "London"}, True)
    again, is_new = await sync_contact(tx, email="ada@example.com", last_name="Lovelace", fields={city: "Paris"})
    assert (again.id, again.first_name, again.last_name, is_new) == (ada.id, "Ada", "Lovelace", False)
    same, is_new = await sync_contact(tx, email="ada@example.com", last_name="Lovelace", fields={city: "Paris"})
    assert (same, is_new) == (again, False)
    await sync_contact(tx, email="ada@example.com", fields={city: None})
    assert (await get_contact(tx, ada.id)).fields == {}
    assert await kinds(tx, ada.id) == ["contact_created", "contact_updated", "field_changed", "field_changed"]
    assert await count_of(tx, CONTACTS) == 1


async def test_creating_a_known_address_is_refused(tx: Tx) -> None:
    await create_contact(tx, email="ada@example.com")
    with pytest.raises(EmailTaken) as refused:
        await create_contact(tx, email="ADA@example.com")
    assert refused.value.pointer == "/email"
    with pytest.raises(EmailInvalid):
        await create_contact(tx, email="nonsense")
    assert await count_of(tx, CONTACTS) == 1


async def test_contacts_without_address_may_be_many(tx: Tx) -> None:
    one = await create_contact(tx, email=None, phone="+49 30 1")
    two = await create_contact(tx, email=" ", phone="+49 30 2")
    assert one.id != two.id


async def test_updating_changes_only_what_is_given(tx: Tx) -> None:
    ada = await create_contact(tx, email="ada@example.com", first_name="Ada")
    changed = await update_contact(tx, ada.id, last_name="King")
    assert (changed.first_name, changed.last_name, changed.email) == ("Ada", "King", "ada@example.com")
    assert (await update_contact(tx, ada.id, last_name="King")) == changed
    assert (await update_contact(tx, ada.id, is_email_cleared=True)).email is None
    assert await kinds(tx, ada.id) == ["contact_created", "contact_updated", "contact_updated"]
    with pytest.raises(ContactNotFound):
        await update_contact(tx, 999_999, first_name="x")


async def test_moving_to_a_taken_address_is_refused(tx: Tx) -> None:
    await create_contact(tx, email="ada@example.com")
    grace = await create_contact(tx, email="grace@example.com")
    with pytest.raises(EmailTaken):
        await update_contact(tx, grace.id, email="ada@example.com")


async def test_deleting_a_set_takes_links_and_frees_the_address(tx: Tx, make: Make) -> None:
    tag, news = (await create_tag(tx, name="VIP")).id, (await create_list(tx, name="News")).id
    ada = (await create_contact(tx, email="ada@example.com")).id
    grace = (await create_contact(tx, email="grace@example.com")).id
    await add_tag(tx, tag, these([ada, grace]))
    await subscribe(tx, news, these([ada, grace]))
    assert await delete_contacts(tx, nobody()) == 0
    assert await delete_contacts(tx, these([ada])) == 1
    assert await delete_contacts(tx, these([ada, grace])) == 1
    counts = await count_of(tx, CONTACTS), await count_of(tx, TAG, tag), await count_of(tx, LIST, news)
    assert counts == (0, 0, 0)
    assert await find_contact(tx, ada) is None
    assert await kinds(tx, ada) == ["contact_created", "tag_added", "list_subscribed", "contact_deleted"]
    new = await create_contact(tx, email="ada@example.com")
    assert new.id != ada
    assert (await find_contact_by_email(tx, "ada@example.com")) == new


async def test_a_strangers_set_changes_nothing(tx: Tx, make: Make) -> None:
    """Every set action, run from another workspace with this one's contacts, finds nobody."""
    ada = await make.contact(tx)
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    await tx.run(
        sql(
            "insert into identity.workspace (id, name, created_at) values ({id}, 'Stranger', {now})",
            id=stranger.workspace_id,
        )
    )
    tag, news = (await create_tag(stranger, name="VIP")).id, (await create_list(stranger, name="News")).id
    city = (await create_field(stranger, name="City")).id
    who = sql("select {id} as contact_id", id=ada)
    assert await add_tag(stranger, tag, who) == 0
    assert await remove_tag(stranger, tag, who) == 0
    assert await subscribe(stranger, news, who) == 0
    assert await unsubscribe(stranger, None, who) == 0
    assert await set_field(stranger, city, "Rome", who) == 0
    assert await delete_contacts(stranger, who) == 0
    assert await find_contact(stranger, ada) is None
    assert await list_contact_tags(stranger, [ada]) == []
    assert (await get_contact(tx, ada)).fields == {}
    with pytest.raises(TagNotFound):
        await add_tag(tx, tag, who)
    with pytest.raises(ListNotFound):
        await subscribe(tx, news, who)
    with pytest.raises(FieldNotFound):
        await set_field(tx, city, "Rome", who)


async def test_tags_by_name_are_made_once_whatever_their_case(tx: Tx) -> None:
    first = await ensure_tags(tx, ["VIP", "vip ", "Trial", ""])
    again = await ensure_tags(tx, ["Vip", "TRIAL"])
    assert first == again
    assert [tag.name for tag in (await list_tags(tx)).items] == ["Trial", "VIP"]
    with pytest.raises(NameTaken):
        await create_tag(tx, name="tRiAl")
    assert (await update_tag(tx, first["vip"], name="Gold")).name == "Gold"


async def test_deleting_a_tag_or_list_takes_it_from_everyone(tx: Tx, make: Make) -> None:
    tag, news = (await create_tag(tx, name="VIP")).id, (await create_list(tx, name="News")).id
    ada = await make.contact(tx)
    await add_tag(tx, tag, these([ada]))
    await subscribe(tx, news, these([ada]))
    await delete_tag(tx, tag)
    await delete_list(tx, news)
    assert (await list_contact_tags(tx, [ada]), await list_subscriptions(tx, [ada])) == ([], [])
    with pytest.raises(TagNotFound):
        await delete_tag(tx, tag)
    with pytest.raises(ListNotFound):
        await delete_list(tx, news)


async def test_lists_get_slugs_that_do_not_clash(tx: Tx) -> None:
    first, second = await create_list(tx, name="Größe & Co"), await create_list(tx, name="Größe & Co")
    assert (first.slug, second.slug) == ("groe-co", "groe-co-2") or first.slug != second.slug
    with pytest.raises(NameTaken):
        await create_list(tx, name="Other", slug=first.slug)
    assert (await update_list(tx, first.id, sender_reminder="You signed up.")).sender_reminder == "You signed up."


async def test_fields_get_keys_from_their_names(tx: Tx) -> None:
    assert (await create_field(tx, name="Größe (cm)", type="number")).key == "GROSSE_CM"
    assert (await create_field(tx, name="Größe [cm]", type="number")).key == "GROSSE_CM_2"
    assert (await create_field(tx, name="E-Mail")).key == "E_MAIL"
    assert (await create_field(tx, name="Email")).key == "EMAIL_2"
    assert (await create_field(tx, name="都市")).key == "FIELD"
    with pytest.raises(KeyInvalid):
        await create_field(tx, name="x", key="lower case")
    with pytest.raises(OptionsMissing):
        await create_field(tx, name="Plan", type="dropdown")


async def test_required_fields_and_defaults(tx: Tx) -> None:
    plan = await create_field(tx, name="Plan", type="dropdown", options=["Free", "Pro"], default_value="Free")
    made = await create_contact(tx, email="ada@example.com")
    assert made.fields == {str(plan.id): "Free"}
    with pytest.raises(ValueInvalid) as refused:
        await create_contact(tx, email="x@example.com", fields={plan.id: "Gold"})
    assert refused.value.pointer == f"/fields/{plan.id}"
    changed = await update_field(tx, plan.id, {"is_required": True, "default_value": None})
    assert (changed.is_required, changed.default_value) == (True, None)
    with pytest.raises(FieldRequired):
        await create_contact(tx, email="y@example.com")
    with pytest.raises(FieldRequired):
        await update_contact(tx, made.id, fields={plan.id: None})


async def test_deleting_a_field_takes_its_values(tx: Tx) -> None:
    city = await create_field(tx, name="City")
    ada = await create_contact(tx, email="ada@example.com", fields={city.id: "Rome"})
    await delete_field(tx, city.id)
    assert (await get_contact(tx, ada.id)).fields == {}


async def test_folding_keeps_the_totals(tx: Tx) -> None:
    for number in range(3):
        await create_contact(tx, email=f"n{number}@example.com")
    assert await fold_counts(tx) == 3
    await create_contact(tx, email="last@example.com")
    assert await count_of(tx, CONTACTS) == 4
    assert await fold_counts(tx) == 1
    assert await fold_counts(tx) == 0
    assert await count_of(tx, CONTACTS) == 4


async def test_the_minutely_fold_leaves_totals_and_nothing_to_add(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        await create_contact(tx, email="ada@example.com")
    await FoldCounts().run(Work(db, db.settings, db.registry, Files(db.settings), workspace_id=0))
    async with db.read(workspace_id) as read:
        assert await count_of(read, CONTACTS) == 1
        left = "select count(*) from contacts.count_change where workspace_id = {workspace}"
        assert await read.value(sql(left)) == 0
        assert workspace_id not in await list_changed_workspaces(read)
