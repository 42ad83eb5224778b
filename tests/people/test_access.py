"""Signing in and staying in: every guard, each shown to matter."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts
from pacesetter.people.models import Company, DeviceSession, Person
from pacesetter.web.forms.people import FirstCompany
from pacesetter.web.forms.setup import PeopleRows
from tests.world import AT, PASSWORD, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def form(**fields: object) -> dict[str, object]:
    return {"key": uuid.uuid4().hex, **fields}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    assert client.get(reverse("me")).status_code == 200
    return client


def is_out(client: Client) -> bool:
    answer = client.get(reverse("me"))
    return answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")


def with_password(person: Person) -> Person:
    return acts.set_password(person=person, password=PASSWORD, by=None, at=AT)


# --- signing in ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ["mobile", "employee_no", "email"])
def test_mobile_number_and_mail_open_the_same_door(key: str, world: World) -> None:
    person = acts.change_person(person=world.veteran, email="sunhao@example.com", by=None, at=AT)
    with_password(person)
    answer = Client().post("/accounts/login/", {"login": getattr(person, key), "password": PASSWORD})
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")


def wrong(login: str, password: str = "wrong", address: str = "10.0.0.1") -> int:
    """The status of one attempt to sign in."""
    answer = Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": login, "password": password})
    return answer.status_code


def test_five_wrong_passwords_close_the_door_calmly_for_a_while(world: World) -> None:
    with_password(world.veteran)
    client, status = Client(), 0
    for _ in range(5):
        assert status not in (403, 429)
        status = client.post("/accounts/login/", {"login": world.veteran.mobile, "password": "wrong"}).status_code
    assert status in (403, 429)
    right = client.post("/accounts/login/", {"login": world.veteran.mobile, "password": PASSWORD})
    assert right.status_code in (403, 429)
    assert "15" in right.content.decode()


def test_wrong_passwords_are_counted_for_the_person_however_the_name_is_typed(world: World) -> None:
    person = acts.change_person(person=world.veteran, email="sunhao@example.com", by=None, at=AT)
    with_password(person)
    for name in (person.mobile, f" {person.employee_no}", "sunhao@example.com", "SunHao@example.com"):
        assert wrong(name) == 200
    assert wrong("SUNHAO@EXAMPLE.COM") in (403, 429)
    assert wrong(person.mobile, PASSWORD) in (403, 429)
    # another address, and another person at this address, are not shut out with him
    assert wrong(person.mobile, PASSWORD, "10.0.0.2") == 302
    assert wrong(world.rep2.mobile) == 200


def test_a_right_password_forgets_the_wrong_ones_before_it(world: World) -> None:
    with_password(world.veteran)
    for _ in range(2):
        assert [wrong(world.veteran.mobile) for _ in range(4)] == [200] * 4
        assert wrong(world.veteran.mobile, PASSWORD) == 302


def test_one_address_may_not_try_names_without_end(world: World) -> None:
    with_password(world.veteran)
    cache.clear()
    try:
        assert {wrong(f"nobody{n}") for n in range(100)} == {200}
        answer = Client(REMOTE_ADDR="10.0.0.1").post(
            "/accounts/login/", {"login": world.veteran.mobile, "password": PASSWORD}
        )
        assert (answer.status_code, "试的次数太多了" in answer.content.decode()) == (200, True)
        assert wrong(world.veteran.mobile, PASSWORD, "10.0.0.2") == 302
    finally:
        cache.clear()


def test_somebody_who_left_cannot_sign_in(world: World) -> None:
    with_password(world.rep2)
    acts.leave(person=world.rep2, on=TODAY, by=world.admin, at=AT)
    answer = Client().post("/accounts/login/", {"login": world.rep2.mobile, "password": PASSWORD})
    assert answer.status_code != 302


# --- access ends at the next request ---------------------------------------------------------------------------------
def test_a_role_change_ends_the_session(world: World) -> None:
    client = signed_in(world.veteran)
    acts.grant_role(person=world.veteran, role="mentor", on=TODAY, by=world.admin, at=AT)
    assert is_out(client)


def test_leaving_ends_the_session(world: World) -> None:
    client = signed_in(world.veteran)
    acts.leave(person=world.veteran, on=TODAY, by=world.admin, at=AT)
    assert is_out(client)


def test_a_last_day_that_has_passed_ends_the_session(world: World) -> None:
    client = signed_in(world.veteran)
    Person.objects.filter(pk=world.veteran.pk).update(left_on=TODAY - timedelta(days=1))
    assert is_out(client)


def test_signing_out_everywhere_ends_every_device(world: World) -> None:
    one, two = signed_in(world.veteran), signed_in(world.veteran)
    one.post(reverse("me_devices_end"), form())
    assert is_out(one)
    assert is_out(two)


def test_one_device_is_ended_and_the_other_stays(world: World) -> None:
    one, two = signed_in(world.veteran), signed_in(world.veteran)
    other = DeviceSession.objects.filter(person=world.veteran).order_by("id").last()
    assert other is not None
    one.post(reverse("me_device_end", args=[other.pk]), form())
    assert is_out(two)
    assert one.get(reverse("me")).status_code == 200


def test_a_new_password_signs_the_other_devices_out_only(world: World) -> None:
    with_password(world.veteran)
    one, two = Client(), Client()
    for client in (one, two):
        client.post("/accounts/login/", {"login": world.veteran.mobile, "password": PASSWORD})
    fresh = "walnut-harbour-77"
    one.post(reverse("me_password"), form(old=PASSWORD, password=fresh, again=fresh))
    assert one.get(reverse("me")).status_code == 200
    assert is_out(two)


def test_without_a_change_the_session_goes_on(world: World) -> None:
    """The control for all of the above."""
    client = signed_in(world.veteran)
    acts.grant_role(person=world.rep2, role="mentor", on=TODAY, by=world.admin, at=AT)
    assert not is_out(client)


# --- invitations -----------------------------------------------------------------------------------------------------
def test_an_invitation_works_once_and_signs_in(world: World) -> None:
    admin = signed_in(world.admin)
    page = admin.post(reverse("person_invite", args=[world.veteran.pk]), form()).content.decode()
    link = re.search(r"/invite/[\w-]+/", page)
    assert link is not None
    assert "<svg" in page
    guest = Client()
    assert guest.get(link[0]).status_code == 200
    weak = guest.post(link[0], {"password": "1234567890", "again": "1234567890"})
    assert weak.status_code == 422
    assert guest.post(link[0], {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert guest.get(reverse("me")).status_code == 200
    assert Client().get(link[0]).status_code == 404


def test_an_invitation_expires_and_a_newer_one_ends_it(world: World) -> None:
    _row, first = acts.invite(person=world.veteran, by=world.admin, at=AT)
    _row, second = acts.invite(person=world.veteran, by=world.admin, at=AT)
    assert acts.open_invitation(first, AT) is None
    assert acts.open_invitation(second, AT) is not None
    assert acts.open_invitation(second, AT + acts.access.INVITE_LASTS) is None
    with pytest.raises(Refusal, match="链接"):
        acts.accept_invitation(secret=first, password=PASSWORD, at=AT)


def test_secrets_are_kept_as_digests_only(world: World) -> None:
    row, secret = acts.invite(person=world.veteran, by=world.admin, at=AT)
    token, key = acts.make_token(person=world.veteran, name="BI", by=world.veteran, at=AT)
    said = " ".join(str(entry.after) + entry.label for entry in Entry.objects.all())
    assert secret not in (row.digest, said)
    assert key != token.digest
    assert key not in said


def test_hr_invites_but_cannot_reset_a_password(world: World) -> None:
    with_password(world.veteran)
    hr = signed_in(world.hrbp)
    assert hr.post(reverse("person_invite", args=[world.rep2.pk]), form()).status_code == 200
    assert hr.post(reverse("person_invite", args=[world.veteran.pk]), form()).status_code == 404


# --- looking through other eyes ---------------------------------------------------------------------------------------
def test_view_as_shows_their_pages_reads_only_and_is_written_down(world: World) -> None:
    admin = signed_in(world.admin)
    admin.post(reverse("person_view_as", args=[world.veteran.pk]), form(reason="他说看不到客户"))
    page = admin.get(reverse("home")).content.decode()
    assert "孙浩" in page
    assert admin.get(reverse("team_new")).status_code == 404
    assert admin.post(reverse("me_profile"), form(mobile="13900000000")).status_code == 403
    admin.post(reverse("view_as_end"))
    assert admin.get(reverse("team_new")).status_code == 200
    assert list(Entry.objects.filter(act__startswith="view_as").order_by("id").values_list("act", flat=True)) == [
        "view_as",
        "view_as_end",
    ]


def test_only_an_admin_looks_through_others(world: World) -> None:
    hr = signed_in(world.hrbp)
    assert hr.post(reverse("person_view_as", args=[world.veteran.pk]), form(reason="x")).status_code == 404


# --- forms -----------------------------------------------------------------------------------------------------------
def test_a_form_sent_twice_acts_once_and_with_another_body_is_refused(world: World) -> None:
    admin, sent = signed_in(world.admin), form(name="新同事", mobile="13911112222")
    first = admin.post(reverse("person_new"), sent)
    again = admin.post(reverse("person_new"), sent)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first.headers["Location"] == again.headers["Location"]
    assert Person.objects.filter(name="新同事").count() == 1
    assert admin.post(reverse("person_new"), {**sent, "name": "另一位"}).status_code == 422
    assert admin.post(reverse("person_new"), {"name": "没有编号"}).status_code == 422


def test_a_refused_form_comes_back_as_422_and_changes_nothing(world: World) -> None:
    admin = signed_in(world.admin)
    lines = Entry.objects.count()
    answer = admin.post(reverse("person_new"), form(name="重号", employee_no=world.veteran.employee_no))
    assert answer.status_code == 422
    assert "已属于孙浩" in answer.content.decode()
    assert Entry.objects.count() == lines


# --- the first run ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_first_run_leads_from_an_empty_installation_to_a_signed_in_admin() -> None:
    client = Client()
    assert client.get("/").headers["Location"] == "/setup/"
    company = {"name": "海川机械", "currency": "CNY", "zone": "Asia/Shanghai", "fiscal_start_month": 4,
               "performance_start_day": 26, "pattern": "six_day"}  # fmt: skip
    assert client.post("/setup/company/", {**company, "currency": "XXQ"}).status_code == 422
    assert client.post("/setup/company/", company).headers["Location"] == "/setup/admin/"
    admin = {"name": "方正", "login": "13800000001", "password": PASSWORD, "again": PASSWORD}
    assert client.post("/setup/admin/", admin).headers["Location"] == "/setup/calendar/"
    assert client.get("/setup/calendar/").status_code == 200
    rows = "王敏\tE1\t13800000002\t一队\t销售主管\t2024-01-01\n李想\tE2\t13800000003\t一队\t销售\t2026-02-01"
    assert client.post("/setup/people/", {"rows": rows + "\n坏\tE1\t\t\t\t"}).status_code == 422
    assert Person.objects.count() == 1
    assert client.post("/setup/people/", {"rows": rows}).headers["Location"] == "/setup/data/"
    lead, rep = Person.objects.get(name="王敏"), Person.objects.get(name="李想")
    assert rep.memberships.get().manager == lead
    assert client.post("/setup/data/").headers["Location"] == "/"
    assert Client().get("/setup/").status_code == 404
    assert Client().post("/setup/company/", company).status_code in (302, 404)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "hired", "key", "day"),
    [("主管", "2025年3月1日", "manager", "2025-03-01"), ("业务员", "2025/3/1", "rep", "2025-03-01"),
     ("Sales manager", "2025-03-01", "manager", "2025-03-01"), ("销售主管", "", "manager", "None")],
)  # fmt: skip
def test_pasted_people_may_be_written_as_files_write_them(role: str, hired: str, key: str, day: str) -> None:
    sent = PeopleRows({"rows": f"赵一\t0007\t13911110001\t一队\t{role}\t{hired}"})
    assert sent.is_valid(), sent.errors
    row = sent.cleaned_data["rows"][0]
    assert (row["role"], str(row["hire_on"])) == (key, day)


@pytest.mark.parametrize(("role", "hired"), [("飞行员", ""), ("主管", "3/1/25"), ("主管", "2025-02-30")])
def test_pasted_people_with_an_unknown_role_or_an_unclear_day_are_refused(role: str, hired: str) -> None:
    sent = PeopleRows({"rows": f"赵一\t0007\t\t一队\t{role}\t{hired}"})
    assert "第 1 行" in str(sent.errors)


@pytest.mark.django_db
def test_the_first_step_asks_for_five_things_at_most() -> None:
    asked = FirstCompany()
    assert len([field for field in asked.fields.values() if field.required]) <= 5
    client = Client()
    company = {"name": "海川机械", "currency": "CNY", "zone": "Asia/Shanghai", "fiscal_start_month": 4,
               "pattern": "six_day"}  # fmt: skip
    assert client.post("/setup/company/", {**company, "performance_start_day": 29}).status_code == 422
    assert client.post("/setup/company/", company).headers["Location"] == "/setup/admin/"
    made = Company.objects.get()
    assert (made.performance_start_day, made.fiscal_start_month) == (1, 4)


@pytest.mark.django_db
def test_a_set_up_left_after_its_first_step_goes_on_until_somebody_is_there() -> None:
    acts.create_company(name="海川机械", by=None, at=AT)
    left = Client()
    assert left.get("/").headers["Location"] == "/setup/"
    assert left.get("/setup/").headers["Location"] == "/setup/admin/"
    assert left.get("/setup/admin/").status_code == 200
    with_password(acts.add_person(name="方正", mobile="13800000001", by=None, at=AT))
    for visitor in (left, Client()):
        assert visitor.get("/").headers["Location"].startswith("/accounts/login/")
        assert visitor.get("/setup/").status_code == 404
        assert visitor.post("/setup/admin/", form(name="外人", login="13800000002", password=PASSWORD, again=PASSWORD)
                            ).headers["Location"] == "/setup/"  # fmt: skip
    assert Person.objects.count() == 1


def test_nobody_grants_themselves_a_role_and_the_last_admin_stays(world: World) -> None:
    with pytest.raises(Refusal) as own:
        acts.grant_role(person=world.admin, role="director", on=TODAY, reason="x", by=world.admin, at=AT)
    assert own.value.code == "own_role"
    with pytest.raises(Refusal) as last:
        acts.revoke_role(person=world.admin, role="admin", on=TODAY, by=world.director, at=AT)
    assert last.value.code == "last_admin"
