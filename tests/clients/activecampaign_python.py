"""What `activecampaign-python` does, in its own environment: `python activecampaign_python.py ADDRESS KEY`."""

import sys

from activecampaign.client import Client

CALLS: list[object] = []


def said(answer, *path):
    """Follow the path into an answer; a missing key is a failure."""
    CALLS.append(answer)
    for name in path:
        answer = answer[name]
    return answer


def about_users(users):
    me = said(users.retrieve_logged_in_user(), "user")
    assert said(users.retrieve_a_user(me["id"]), "user", "id") == me["id"]
    assert said(users.retrieve_a_user_by_email(me["email"]), "user", "id") == me["id"]
    assert said(users.retrieve_a_user_by_username(me["username"]), "user", "id") == me["id"]
    assert said(users.list_all_users(limit=1), "meta", "total") == "1"


def about_contacts(contacts):
    contact = said(
        contacts.create_a_contact({"contact": {"email": "jdoe@example.com", "firstName": "John"}}), "contact"
    )
    again = said(
        contacts.create_or_update_contact({"contact": {"email": "jdoe@example.com", "lastName": "Doe"}}), "contact"
    )
    assert again["id"] == contact["id"]
    assert said(contacts.retrieve_a_contact(contact["id"]), "contact", "lastName") == "Doe"
    assert said(contacts.update_a_contact(contact["id"], {"contact": {"phone": "5"}}), "contact", "phone") == "5"
    assert said(contacts.list_all_contacts(email="jdoe@example.com"), "contacts", 0, "id") == contact["id"]
    assert said(contacts.list_all_contacts(limit=5, **{"filters[email]": "x@example.com"}), "meta", "total") == "0"
    return contact


def about_tags_and_lists(contacts, tags, lists, contact):
    tag = said(tags.create_a_tag({"tag": {"tag": "vip", "tagType": "contact", "description": "d"}}), "tag")
    assert said(tags.retrieve_a_tag(tag["id"]), "tag", "tag") == "vip"
    assert said(tags.update_a_tag(tag["id"], {"tag": {"tag": "vips"}}), "tag", "tag") == "vips"
    assert said(tags.list_all_tags(search="vip"), "tags", 0, "id") == tag["id"]
    given = said(
        contacts.add_a_tag_to_contact({"contactTag": {"contact": contact["id"], "tag": tag["id"]}}), "contactTag"
    )
    assert said(contacts.retrieve_contact_tags(contact["id"]), "contactTags", 0, "id") == given["id"]

    body = {"name": "News", "stringid": "news", "sender_url": "https://example.com", "sender_reminder": "You asked."}
    made = said(lists.create_a_list({"list": body}), "list")
    assert said(lists.retrieve_a_list(made["id"]), "list", "name") == "News"
    assert said(lists.retrieve_all_lists(limit=10), "meta", "total") == "1"
    permission = {"listGroup": {"listid": made["id"], "groupid": 3}}
    assert said(lists.create_a_list_group_permission(permission), "listGroup", "list") == made["id"]
    subscription = {"contactList": {"list": made["id"], "contact": contact["id"], "status": 1}}
    assert said(contacts.update_list_status_for_a_contact(subscription), "contactList", "status") == 1
    removed = (
        contacts.remove_a_tag_from_a_contact(given["id"]),
        tags.delete_a_tag(tag["id"]),
        lists.delete_a_list(made["id"]),
    )
    assert [said(answer) for answer in removed] == [{}, {}, {}]


def about_fields(contacts, contact):
    field = said(contacts.create_a_custom_field({"field": {"type": "radio", "title": "Size", "visible": 1}}), "field")
    said(
        contacts.create_a_custom_field_relationship_to_list({"fieldRel": {"field": field["id"], "relid": 0}}),
        "fieldRel",
    )
    options = [{"field": field["id"], "label": word, "value": word} for word in ("s", "m")]
    said(contacts.create_custom_field_options({"fieldOptions": options}), "fieldOptions", 1)
    assert len(said(contacts.retrieve_field_options(field["id"]), "fieldOptions")) == 2
    assert said(contacts.retrieve_a_custom_field(field["id"]), "field", "perstag") == "SIZE"
    assert said(contacts.update_a_custom_field(field["id"], {"field": {"title": "Sizes"}}), "field", "title") == "Sizes"
    assert said(contacts.list_all_custom_fields(limit=100), "fieldOptions", 0, "field") == field["id"]
    value = {"fieldValue": {"contact": contact["id"], "field": field["id"], "value": "s"}}
    value_id = said(contacts.create_a_custom_field_value(value), "fieldValue", "id")
    assert said(contacts.retrieve_a_custom_field_value(value_id), "fieldValue", "value") == "s"
    value["fieldValue"]["value"] = "m"
    assert said(contacts.update_a_custom_field_value_for_contact(value, value_id), "fieldValue", "value") == "m"
    assert said(contacts.list_all_custom_field_values(), "meta", "total") == "1"
    assert said(contacts.retrieve_a_contacts_field_values(contact["id"]), "fieldValues", 0, "value") == "m"
    assert said(contacts.delete_a_custom_field_value(value_id)) == {}
    assert said(contacts.delete_a_custom_field(field["id"])) == {}


def about_notes(notes, contact):
    note = said(
        notes.create_a_note({"note": {"note": "Called", "relid": contact["id"], "reltype": "Subscriber"}}), "note"
    )
    assert said(notes.retrieve_a_note(note["id"]), "note", "note") == "Called"
    assert said(notes.update_a_note(note["id"], {"note": {"note": "Met"}}), "note", "note") == "Met"
    assert said(notes.list_all_notes(), "meta", "total") == 1
    assert said(notes.delete_a_note(note["id"])) == {}


def about_other_users(users):
    sent = {"username": "grace", "email": "grace@navy.example", "firstName": "Grace", "lastName": "Hopper"}
    user = said(users.create_a_user({"user": {**sent, "group": 3, "password": "long enough"}}), "user")
    assert said(users.update_a_user(user["id"], {"user": {"lastName": "M Hopper"}}), "user", "lastName") == "M Hopper"
    assert said(users.delete_a_user(user["id"])) == {}


def about_parts(contacts, contact):
    said(contacts.list_all_automations_the_contacts_is_in(contact["id"]), "contactAutomations")
    said(contacts.list_all_automations_a_contact_is_in(), "contactAutomations")
    said(contacts.retrieve_a_contacts_score_value(contact["id"]), "scoreValues")
    said(contacts.retrieve_a_contacts_tracking_logs(contact["id"]), "trackingLogs")
    said(contacts.retrieve_a_contacts_data(contact["id"]), "contactDatum")
    said(contacts.retrieve_a_contacts_bounce_logs(contact["id"]), "bounceLogs")
    said(contacts.retrieve_a_contacts_geo_ips(contact["id"]), "geoIps")
    said(contacts.retrieve_a_contacts_organization(contact["id"]), "organization")
    said(contacts.retrieve_a_contacts_account_contacts(contact["id"]), "accountContacts")
    said(contacts.retrieve_a_contacts_automation_entry_counts(contact["id"]), "automationEntryCounts")


def about_mail(client):
    assert said(client.campaigns.list_all_campaigns(limit=5), "campaigns") == []
    assert said(client.messages.list_all_messages(limit=5), "messages") == []
    assert said(client.emailActivities.list_all_email_activities(), "emailActivities") == []
    place = {"company_name": "Acme", "address_1": "1 Quay Street", "city": "Bristol", "zip": "BS1", "country": "GB"}
    made = said(client.addresses.create_an_address({"address": place}), "address")
    assert said(client.addresses.retrieve_address(made["id"]), "address", "companyName") == "Acme"
    moved = client.addresses.update_address({"address": {"city": "Bath"}}, made["id"])
    assert said(moved, "address", "city") == "Bath"
    assert said(client.addresses.delete_address_associated_with_list(19), "message").endswith("AddressList with id 19")
    assert said(client.addresses.retrieve_all_addresses(), "meta", "total") == "1"


def about_custom_objects(objects, contact):
    words = {"singular": "Pet", "plural": "Pets"}
    owner = {"id": "primary-contact", "labels": {"singular": "Owner", "plural": "Owners"}, "namespace": "contacts"}
    field = {"id": "name", "labels": {"singular": "Name", "plural": "Names"}, "type": "text"}
    sent = {"slug": "pets", "labels": words, "fields": [field], "relationships": [{**owner, "hasMany": False}]}
    schema = said(objects.create_a_schema({"schema": sent}), "schema")
    assert said(objects.retrieve_a_schema(schema["id"], True), "schema", "slug") == "pets"
    changed = objects.update_a_schema(schema["id"], {"schema": {"description": "Theirs"}}, True)
    assert said(changed, "schema", "description") == "Theirs"
    assert said(objects.list_all_schemas("contact"), "schemas", 0, "id") == schema["id"]
    record = {"externalId": "p1", "fields": [{"id": "name", "value": "Rex"}]}
    record["relationships"] = {"primary-contact": [int(contact["id"])]}
    made = said(objects.create_or_update_record(schema["id"], {"record": record}), "record")
    assert said(objects.retrieve_a_record(schema["id"], made["id"]), "record", "externalId") == "p1"
    assert said(objects.retrieve_a_record_by_external_id(schema["id"], "p1"), "record", "id") == made["id"]
    assert said(objects.list_all_records(schema["id"], contact_id=contact["id"]), "records", 0, "id") == made["id"]
    said(objects.delete_a_record_by_external_id(schema["id"], "p1"))
    assert said(objects.list_all_records(schema["id"], contact_id=contact["id"]), "records") == []
    said(objects.create_a_child_schema(schema["id"]))
    said(objects.delete_a_schema(schema["id"]))


def said_of_deals(objects, deal):
    words = {"singular": "Quote", "plural": "Quotes"}
    belongs = {"id": "deal", "labels": {"singular": "Deal", "plural": "Deals"}, "namespace": "deals", "hasMany": False}
    field = {"id": "name", "labels": {"singular": "Name", "plural": "Names"}, "type": "text"}
    sent = {"slug": "quotes", "labels": words, "fields": [field], "relationships": [belongs]}
    schema = said(objects.create_a_schema({"schema": sent}), "schema")
    assert said(objects.list_all_schemas("deal"), "schemas", 0, "id") == schema["id"]
    record = {"fields": [{"id": "name", "value": "First"}], "relationships": {"deal": [int(deal["id"])]}}
    made = said(objects.create_or_update_record(schema["id"], {"record": record}), "record")
    found = said(objects.list_all_records(schema["id"], deal_id=deal["id"]), "records")
    assert [one["id"] for one in found] == [made["id"]]
    said(objects.delete_a_record(schema["id"], made["id"]))


def about_deals(client, contact, owner_id):
    deals, tasks = client.deals, client.tasks
    # This client has no calls of its own for making a pipeline.
    sent = {"dealGroup": {"title": "Sales", "currency": "eur"}}
    pipeline = said(client._post("/dealGroups", json=sent), "dealGroup")
    assert said(deals.list_all_pipelines(), "dealGroups", 0, "id") == pipeline["id"]
    assert len(said(deals.list_all_stages(**{"filters[d_groupid]": pipeline["id"]}), "dealStages")) == 3
    sent = {"title": "Roof", "value": 12_550, "currency": "eur", "contact": contact["id"], "group": pipeline["id"]}
    deal = said(deals.create_a_deal({"deal": {**sent, "owner": owner_id}}), "deal")
    assert said(deals.update_a_deal(deal["id"], {"deal": {"title": "New roof"}}), "deal", "title") == "New roof"
    assert said(deals.retrieve_a_deal(deal["id"]), "deal", "value") == "12550"
    assert said(deals.list_all_deals(**{"filters[search]": "roof"}), "deals", 0, "id") == deal["id"]
    note = said(deals.create_a_deal_note(deal["id"], {"note": {"note": "Called"}}), "note")
    assert said(deals.update_a_deal_note(deal["id"], note["id"], {"note": {"note": "Met"}}), "note", "note") == "Met"
    assert said(deals.retrieve_custom_fields_by_id(deal["id"]), "dealCustomFieldData") == []
    assert said(deals.list_all_custom_fields(), "dealCustomFieldMeta") == []
    assert said(deals.list_all_custom_field_values(), "dealCustomFieldData") == []
    said(client.dealActivities.list_all_deal_activities(), "dealActivities")
    said_of_deals(client.customobjects, deal)
    sent = {"title": "Call", "relid": deal["id"], "dealTasktype": "1", "duedate": "2030-01-02T10:00:00+00:00"}
    task = said(tasks.create_a_task({"dealTask": {**sent, "owner": {"id": deal["id"], "type": "deal"}}}), "dealTask")
    assert said(tasks.update_a_task(task["id"], {"dealTask": {"title": "Visit"}}), "dealTask", "title") == "Visit"
    assert said(tasks.retrieve_a_task(task["id"]), "dealTask", "title") == "Visit"
    assert said(tasks.list_all_tasks(), "dealTasks", 0, "id") == task["id"]
    assert [said(tasks.delete_a_task(task["id"])), said(deals.delete_a_deal(deal["id"]))] == [{}, {}]


def about_what_is_not_here(client):
    """As an account answers that has none of it."""
    assert said(client.webhooks.list_all_webhooks(), "webhooks") == []
    assert said(client.webhooks.list_all_webhook_events(), "webhookEvents") == []
    assert said(client.brandings.list_all_brandings(), "brandings") == []
    assert said(client.events.list_all_events(), "eventTrackingEvents") == []
    shops = client.deepdataintegrations
    gone = (
        client.webhooks.retrieve_a_webhook(7),
        client.webhooks.delete_a_webhook(7),
        shops.retrieve_a_connection(7),
        shops.retrieve_an_ecommerce_customer(7),
        shops.retrieve_an_ecommerce_order(7),
    )
    assert all(said(answer, "message").endswith("with id 7") for answer in gone)


def main(address: str, key: str) -> int:
    client = Client(address, key)
    contacts = client.contacts
    about_users(client.users)
    contact = about_contacts(contacts)
    about_tags_and_lists(contacts, client.tags, client.lists, contact)
    about_fields(contacts, contact)
    about_notes(client.notes, contact)
    about_other_users(client.users)
    about_parts(contacts, contact)
    about_mail(client)
    about_custom_objects(client.customobjects, contact)
    about_deals(client, contact, client.users.retrieve_logged_in_user()["user"]["id"])
    about_what_is_not_here(client)
    said(client.activities.list_all_activities(contact["id"]), "activities")
    said(client.automations.list_all_automations(limit=10), "automations")
    assert said(contacts.delete_a_contact(contact["id"])) == {}
    assert said(contacts.retrieve_a_contact(contact["id"]), "message").startswith("No Result found for Subscriber")
    print(f"activecampaign-python: {len(CALLS)} calls, all as it expects")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
