"""What stands beside the records: observations of joint visits, needs reports with a file, a recording with consent."""

from __future__ import annotations

import hashlib
import io
import wave
from contextlib import suppress
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pacesetter.activity import acts as activity
from pacesetter.activity import reads
from pacesetter.activity.models import Activity
from pacesetter.activity.rules.evidence import REPORT, SCORECARD
from pacesetter.lib.refusal import Refusal
from pacesetter.lib.sheets import write_xlsx

from .played import ZONE, Played
from .story.days import months_back
from .story.dice import Dice
from .story.plan import Story

LOOK_BACK = timedelta(days=25)
OBSERVED, REPORTED, RECORDED = 6, 8, 2
DID_WELL = ("开场三句话说清来意，客户坐下来谈了四十分钟。", "追问了停线一次损失多少，客户自己算出了数。",
            "先复述客户的三个问题，再给方案。", "现场约好下次谁来、看什么数据。")  # fmt: skip
TO_TRY = (
    "先问影响，再讲功能。",
    "报价前先确认谁来拍板。",
    "每讲完一点停一下，等客户反应。",
    "离开前把下一步写在白板上。",
)
RIVALS = {
    "key": "rivals", "zh": "应对竞品", "en": "Against competitors",
    "anchors": {"1": ["贬低对方", "Ran them down"],
                "3": ["说了不同，没说对客户有什么用", "Named differences, not their use"],
                "5": ["请客户说看重什么，再对着比", "Asked what matters to them, then compared on that"]},
}  # fmt: skip
ANSWERS = {
    "situation": "两条产线，三班倒，质量数据记在纸上，月底由两个人录进表格。",
    "needs": "停线要十分钟以上才有人知道；客户投诉时两天才能追溯到批次。",
    "decision": "生产总监提需求，总经理拍板，信息部看接口。",
    "budget": "今年预算三十万左右，希望旺季前上线。",
    "rivals": "看过智川软件的演示，嫌二次开发要另外收费。",
    "proposal": "先上质量追溯模块一条线，八周见到停线时间下降；下周带实施顾问看现场。",
}
FILE = (("工序", "现在怎么记", "想要的"), (
    ("来料检验", "纸质单，月底录入", "扫码，当场判定"), ("过程巡检", "白板", "平板，超限提醒"),
    ("停线", "打电话", "三分钟内通知到班组长"), ("追溯", "翻两天的单子", "一小时内到批次"),
))  # fmt: skip
REPLIES = ("方向对。下次把停线的损失写成金额，拍板的人才看得懂。", "可以报。预算这一条请再确认一次。")


def play(story: Story, played: Played, *, at: datetime) -> None:
    """Each by whoever would write it, some left to be written by whoever opens the demo."""
    observed(story, played, at=at)
    reported(story, played, at=at)
    recorded(played, at=at)


def scorecard(story: Story, played: Played) -> None:
    """A month ago the director put a question to the scorecard; earlier visits keep the shorter one."""
    on = months_back(story.today, 1)
    activity.set_scorecard(
        valid_from=on, questions=[*SCORECARD, RIVALS], reason="丢给竞品的单子多了，陪访时看这一条",
        by=played.people["zhou"], at=datetime.combine(on, time(9), tzinfo=ZoneInfo(ZONE)),
    )  # fmt: skip


def observed(story: Story, played: Played, *, at: datetime) -> None:
    """Companions of the last weeks wrote what they saw; those of the last days still have to."""
    dice, first = Dice(story.today.toordinal()), (at - LOOK_BACK).date()
    joint = Activity.objects.filter(kind="joint_visit", on__lt=story.today, companion__isnull=False)
    joint = joint.select_related("companion", "person")
    mine = list(joint.filter(person=played.people["e11"]).order_by("-on", "-id")[:2])
    rows = joint.filter(on__gte=first).exclude(pk__in=[row.pk for row in mine]).order_by("on", "id")
    for row in [*mine, *rows[:OBSERVED]]:
        if row.companion is None:
            continue
        card = reads.questions_of(reads.scorecard_on(row.on))
        scores = {part["key"]: dice.roll(2, 5) for part in card if dice.chance(850)}
        evening = min(at, row.entered_at + timedelta(hours=2))
        activity.observe_visit(row, scores=scores, did_well=dice.pick(DID_WELL), to_try=dice.pick(TO_TRY),
                               by=row.companion, at=evening)  # fmt: skip


def reported(story: Story, played: Played, *, at: datetime) -> None:
    """Reports of the last weeks for the manager: the older ones read and answered, the newest not yet."""
    rows = Activity.objects.filter(kind="needs_report", on__gte=(at - LOOK_BACK).date(), manager__isnull=False,
                                   person__left_on=None)  # fmt: skip
    found = list(rows.select_related("person", "manager").order_by("-on", "-id")[:REPORTED])
    best = rows.filter(person=played.people["e11"]).order_by("-on", "-id").first()
    if best is not None and best not in found:
        found.append(best)
    for place, row in enumerate(found):
        if row.person is None or row.manager is None:
            continue
        sent = min(at, row.entered_at + timedelta(minutes=20))
        report = activity.write_report(row, answers={part["key"]: ANSWERS[part["key"]] for part in REPORT},
                                       reader=row.manager, by=row.person, at=sent)  # fmt: skip
        activity.add_file(row, kind="document", name="现场工序与需求.xlsx", content=(sheet := workbook()),
                          size=len(sheet.getvalue()), by=row.person, at=sent)  # fmt: skip
        if place > 1:
            activity.answer_report(report, reply=REPLIES[place % 2], by=row.manager,
                                   at=min(at, sent + timedelta(hours=3)))  # fmt: skip


def recorded(played: Played, *, at: datetime) -> None:
    """Two visits that the customer agreed to have recorded; the sound is a tone, nobody's voice."""
    best, sound = played.people["e11"], tone()
    visits = Activity.objects.filter(person=best, kind="visit", customer__isnull=False, contact__isnull=False)
    for row in visits.select_related("customer", "contact").order_by("-on", "-id")[:RECORDED]:
        if row.customer is None or row.contact is None:
            continue
        noted = min(at, row.entered_at + timedelta(minutes=10))
        with suppress(Refusal):
            consent = activity.note_consent(customer=row.customer, contact=row.contact, who=row.contact.name,
                                            how="spoken", given_on=row.on, by=best, at=noted)  # fmt: skip
            made = activity.begin_recording(row, name="拜访录音（样例）.wav", size=len(sound), consent=consent, by=best,
                                            sha256=hashlib.sha256(sound).hexdigest(), at=noted)  # fmt: skip
            activity.receive_part(made, offset=0, data=sound, by=best)
            activity.complete_recording(made, by=best, at=noted)


def workbook() -> io.BytesIO:
    """A small sheet as somebody would bring it from a factory."""
    made = io.BytesIO()
    write_xlsx(made, FILE[0], FILE[1], "需求")
    made.seek(0)
    return made


def tone(seconds: int = 12, rate: int = 8_000) -> bytes:
    """Two soft tones in turn, once a second, in whole numbers: something a player can play."""
    made, samples = io.BytesIO(), bytearray()
    for second in range(seconds):
        half = 10 if second % 2 else 8
        samples += bytes(128 + (18 if (place // half) % 2 else -18) for place in range(rate))
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(bytes(samples))
    return made.getvalue()
