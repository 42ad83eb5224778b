"""Words of goals on the pages of every day: My day, the first pages, the board."""

TEXTS: dict[str | tuple[str, str], str] = {
    "目标 %(target)s 已经达成。": "The goal of %(target)s is reached.",
    "目标 %(target)s，差 %(gap)s": "Goal %(target)s, %(gap)s to go",
    "剩 %(n)s 个工作日，日均需完成 %(day)s": "%(day)s a day over %(n)s working days",
}
