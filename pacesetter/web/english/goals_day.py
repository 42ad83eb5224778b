"""Words of goals on the pages of every day: My day, the first pages, the board."""

TEXTS: dict[str | tuple[str, str], str] = {
    "%(who)s本月目标已经达成：%(done)s。": "%(who)s has reached the month's goal: %(done)s.",
    "%(who)s本月完成 %(done)s，应到 %(due)s，差 %(gap)s。": "%(who)s stands at %(done)s of the month and should be at %(due)s: %(gap)s short.",
    "%(who)s本月完成 %(done)s，应到 %(due)s，超出 %(gap)s。": "%(who)s stands at %(done)s of the month and should be at %(due)s: %(gap)s over.",
    "按现在的节奏，月底约 %(amount)s，是目标的 %(made)s。": "Going on like this the month ends at about %(amount)s, %(made)s of the goal.",
    "最差的是 %(name)s，差 %(gap)s。": "Furthest behind is %(name)s, by %(gap)s.",
    "本月能不能完成": "Will the month be made",
    "本月各团队，差得多的在前": "Teams this month, the furthest behind first",
    "本月各人，差得多的在前": "People this month, the furthest behind first",
    "目标分解": "Goal cascade",
    "本月目标": "Goals of the month",
    "已完成": "Done",
    "最费钱的环节（本队 / 全公司）": "Costliest step (team / company)",
    "环节": "Step",
    "没有明显偏低的环节": "No step clearly below the others",
    "下面还没有目标。去“目标”分解到团队和个人。": "There are no goals below yet. Spread them to teams and people under Goals.",
    "目标 %(target)s 已经达成。": "The goal of %(target)s is reached.",
    "目标 %(target)s，差 %(gap)s": "Goal %(target)s, %(gap)s to go",
    "剩 %(n)s 个工作日，日均需完成 %(day)s": "%(day)s a day over %(n)s working days",
}
