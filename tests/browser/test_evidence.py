"""What stands beside a visit, in a browser: observation, photo and voice after a log, a recording that breaks off."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_day import Phone, fill, planned
from tests.homes import Home
from tests.lib.test_filetypes import wav
from tests.looks import DESKTOP, Look, obstacles, overhang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ON_PHONE = Look(phone=True)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(400)
# a little over three parts
SOUND = wav(60) + bytes(3 * 1024 * 1024)
FILES = """
import json
from pacesetter.activity.models import Attachment
rows = Attachment.objects.filter(activity__customer={customer}).order_by("id")
print(json.dumps([[row.kind, row.state, row.received, row.path.stat().st_size] for row in rows]))
"""
VISIT = """
from datetime import UTC, datetime
from pacesetter.activity.models import Activity
from pacesetter.activity import acts
from pacesetter.people.models import Person
from pacesetter.pipeline.models import Customer
from tests.world import AT
me = Person.objects.get(name="孙浩")
companion = Person.objects.get(name="李想")
row = acts.log_activity(person=me, kind="visit", customer=Customer.objects.get(pk={customer}), companion=companion,
                        by=me, at=AT)
print(row.pk)
"""

# how many files wait on the phone
KEPT = """
() => new Promise((told, failed) => {
  const opening = indexedDB.open('pace-files');
  opening.onerror = () => failed(opening.error);
  opening.onsuccess = () => {
    const asking = opening.result.transaction('files').objectStore('files').count();
    asking.onsuccess = () => { opening.result.close(); told(asking.result); };
  };
})
"""


@pytest.fixture
def somebody(running: str, signed_in: Callable[[str], str], open_page: Callable[..., Any]) -> Callable[..., Any]:
    """A page of a person; `offline=True` with the service worker."""

    def make(who: str = "孙浩", look: Look = ON_PHONE, *, offline: bool = False) -> Any:
        return open_page(base_url=running, cookies={"pace_session": signed_in(who)}, offline=offline, **look.options)

    return make


def files(home: Home, customer: int) -> list[list[Any]]:
    return list(json.loads(home.python(FILES.format(customer=customer))))


def visit(home: Home, customer: int) -> int:
    return int(home.python(VISIT.format(customer=customer)))


def picture(folder: Path) -> Path:
    folder.joinpath("门头.png").write_bytes(PNG)
    return folder / "门头.png"


def test_who_came_along_is_named_writes_and_is_read(somebody: Callable[..., Any], company_home: Home):
    customer, _plan = planned(company_home, "同行机械")
    author, companion = somebody(), somebody("李想")
    author.goto(f"/log/?customer={customer}")
    fill(Phone(author))
    author.locator(".log-more summary").tap()
    author.locator("[data-log-companion]").select_option(label="李想 · E004")
    author.locator("[data-log-save]").tap()
    expect(author.locator(".toast-s")).to_contain_text("已记")
    companion.goto("/today/")
    companion.locator("[data-waiting] a").filter(has_text="等你写观察").tap()
    companion.get_by_role("link", name="孙浩 · 同行机械").tap()
    companion.get_by_label("提问").select_option("5")
    companion.get_by_label("下次试试").fill("多问一句预算")
    companion.get_by_role("button", name="保存").tap()
    expect(companion.locator(".toast-s")).to_contain_text("观察已保存")
    author.goto("/observations/")
    author.get_by_role("link", name="同行机械").tap()
    expect(author.locator("main")).to_contain_text("多问一句预算")
    assert author.faults == companion.faults == []


def test_a_photo_taken_without_signal_follows_its_log(somebody: Callable[..., Any], company_home: Home, tmp_path: Path):
    customer, _plan = planned(company_home, "照片电气")
    page = somebody(offline=True)
    page.goto(f"/log/?customer={customer}")
    fill(Phone(page))
    page.locator(".log-more summary").tap()
    page.locator('[data-log-files] input[data-kind="photo"]').set_input_files(picture(tmp_path))
    expect(page.locator("[data-log-picked] li")).to_have_count(1)
    page.context.set_offline(True)
    page.locator("[data-log-save]").tap()
    expect(page.locator(".toast-s")).to_contain_text("已存在手机里")
    assert files(company_home, customer) == []
    assert page.evaluate(KEPT) == 1
    page.context.set_offline(False)
    expect(page.locator(".toast-s").filter(has_text="照片和语音已传上")).to_be_visible()
    assert files(company_home, customer) == [["photo", "whole", len(PNG), len(PNG)]]
    page.reload()
    assert page.evaluate(KEPT) == 0, "nothing is left that could be sent again"
    assert len(files(company_home, customer)) == 1


MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => {
  window.sound = new AudioContext();
  const tone = sound.createOscillator();
  const out = sound.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  return out.stream;
};
"""
# once a little of it sounded
HEARD = """
() => new Promise((done) => {
  const listen = () => (window.sound.currentTime > 0.3 ? done() : setTimeout(listen, 20));
  listen();
})
"""


def test_a_voice_note_is_kept_while_held_and_follows_its_log(somebody: Callable[..., Any], company_home: Home):
    customer, _plan = planned(company_home, "语音阀门")
    page = somebody(look=DESKTOP, offline=True)
    page.add_init_script(MICROPHONE)
    page.goto(f"/log/?customer={customer}")
    page.locator(".log-more summary").click()
    button = page.locator("[data-log-talk]")
    button.hover()
    page.mouse.down()
    expect(button).to_contain_text("在听")
    page.evaluate(HEARD)
    page.mouse.up()
    expect(page.locator("[data-log-picked] li")).to_contain_text("语音.webm")
    page.locator("[data-log-save]").click()
    expect(page.locator(".toast-s").filter(has_text="照片和语音已传上")).to_be_visible()
    ((kind, state, received, size),) = files(company_home, customer)
    assert (kind, state, received == size > 0) == ("voice", "whole", True)


def test_without_a_microphone_a_sound_file_can_be_chosen(somebody: Callable[..., Any]):
    page = somebody(look=DESKTOP)
    page.add_init_script("delete window.MediaRecorder")
    page.goto("/log/")
    page.locator(".log-more summary").click()
    expect(page.locator("[data-log-sound]")).to_be_visible()
    expect(page.locator("[data-log-talk]")).to_be_hidden()


def test_a_recording_that_breaks_off_goes_on_where_it_broke(
    somebody: Callable[..., Any], company_home: Home, tmp_path: Path
):
    customer, _plan = planned(company_home, "录音仪表")
    row = visit(company_home, customer)
    sound = tmp_path / "拜访.wav"
    sound.write_bytes(SOUND)
    page = somebody(look=DESKTOP)
    page.goto(f"/activities/{row}/recordings/")
    assert page.locator("[data-recording]").count() == 0
    page.get_by_label("谁同意的").fill("王总")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("[data-recording]")).to_be_visible()
    offsets: list[str] = []

    def break_the_third(route: Any) -> None:
        offsets.append(route.request.url.rpartition("=")[2])
        if len(offsets) == 3:
            route.abort()
        else:
            route.continue_()

    page.route("**/part/**", break_the_third)
    page.get_by_label("录音文件").set_input_files(sound)
    page.locator("[data-recording-go]").click()
    expect(page.locator("[data-recording-says]")).to_contain_text("断在")
    part = 1024 * 1024
    assert files(company_home, customer) == [["recording", "coming", 2 * part, 2 * part]]
    page.reload()
    expect(page.locator("main")).to_contain_text("再选同一个文件")
    page.get_by_label("录音文件").set_input_files(sound)
    page.locator("[data-recording-go]").click()
    expect(page.locator("main")).to_contain_text("保留到")
    assert files(company_home, customer) == [["recording", "whole", len(SOUND), len(SOUND)]]
    assert offsets == [str(n * part) for n in (0, 1, 2, 2, 3)]


def test_the_pages_hold_on_a_light_phone_in_chinese(somebody: Callable[..., Any], company_home: Home):
    """The look that test_every_page.py leaves out."""
    customer, _plan = planned(company_home, "可读机械")
    row = visit(company_home, customer)
    author, companion = somebody(), somebody("李想")
    wrong = []
    for page, path in (
        (companion, f"/activities/{row}/observation/"), (companion, "/observations/"), (author, "/reports/"),
        (author, f"/reports/new/?customer={customer}"), (author, f"/activities/{row}/recordings/"),
        (author, f"/activities/{row}/"), (author, f"/log/?customer={customer}"),
    ):  # fmt: skip
        page.goto(path)
        if path.startswith("/log/"):
            page.locator(".log-more summary").click()
        wrong += [f"{path} {line}" for line in obstacles(page)]
        wrong += [f"{path} {line}" for line in [overhang(page)] if line]
    assert wrong == []
