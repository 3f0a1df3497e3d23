"""Links, meta, echo and the shapes of errors."""

import orjson

from waypost.contacts.errors import ContactNotFound, EmailTaken, ListNotFound
from waypost.dialects.activecampaign import errors
from waypost.dialects.activecampaign.coerce import Unreadable
from waypost.dialects.activecampaign.envelope import Links, dump, echo, meta
from waypost.kernel.errors import Failure, NotAllowed

BASE = "https://mail.example.com/api/3"


def test_links_are_absolute_and_differ_only_in_the_id():
    links = Links("contacts", ("deals", "contactAutomations"))
    first, second = (orjson.loads(dump({"links": links.of(BASE, number)}))["links"] for number in (7, 8))
    assert first == {
        "deals": f"{BASE}/contacts/7/deals",
        "contactAutomations": f"{BASE}/contacts/7/contactAutomations?limit=2500&orders%5Blastdate%5D=DESC",
    }
    assert second["deals"] == f"{BASE}/contacts/8/deals"


def test_no_relations_make_an_empty_array():
    assert orjson.loads(dump({"links": Links("fieldRels", ()).of(BASE, 1)})) == {"links": []}


def test_totals_are_numeric_strings():
    assert meta(3) == {"total": "3"}


def test_writes_echo_numbers_in_the_type_they_came_in():
    row = {"status": "1", "list": "4", "id": "9", "links": []}
    assert echo(row, {"status": 1, "list": "4", "unknown": 5}) == {"status": 1, "list": "4", "id": "9", "links": []}


def shape(failure: Failure | Unreadable) -> tuple[int, object]:
    answer = errors.answer_for(failure)
    return answer.status, answer.body


def test_unknown_ids_name_the_model():
    assert shape(ContactNotFound(contact_id=7)) == (404, {"message": "No Result found for Subscriber with id 7"})
    assert shape(ListNotFound(list_id=7)) == (404, {"message": "No Result found for _List with id 7"})


def test_a_taken_address_is_a_duplicate_on_email():
    status, body = shape(EmailTaken(email="a@b.example", pointer="/email"))
    assert status == 422
    assert body == {
        "errors": [
            {
                "title": "Another contact has the address a@b.example.",
                "detail": "",
                "code": "duplicate",
                "source": {"pointer": "/data/attributes/email"},
            }
        ]
    }


def test_missing_columns_are_listed_each():
    status, body = shape(errors.missing("name", "stringid"))
    assert status == 422
    assert [(e["code"], e["source"]["pointer"]) for e in body["errors"]] == [  # type: ignore[index]
        ("field_missing", "/data/attributes/name"),
        ("field_missing", "/data/attributes/stringid"),
    ]


def test_native_columns_are_renamed_in_pointers():
    _, body = shape(errors.missing("x"))
    assert body["errors"][0]["source"]["pointer"] == "/data/attributes/x"  # type: ignore[index]
    failure = Failure(pointer="/first_name")
    assert shape(failure)[1]["errors"][0]["source"]["pointer"] == "/data/attributes/firstName"  # type: ignore[index]


def test_roles_refuse_with_403():
    assert shape(NotAllowed()) == (403, {"message": "Your role does not allow this."})
