"""Questions about numbers: asking in the Why drawer, answering, the list, the first page."""

TEXTS: dict[str | tuple[str, str], str] = {
    "写下你想问什么。": "Write what you would like to know.",
    "提问的人已经撤回。": "The asker has withdrawn it.",
    "%(name)s 已经回答了。": "%(name)s has already answered.",
    "写下回答。": "Write the answer.",
    "最多 %(longest)s 个字，现在是 %(n)s 个。": "At most %(longest)s characters; this has %(n)s.",
    "过了 %(days)s 天没有回答，已经过期。需要的话再问一次。": (
        "No answer within %(days)s days, so it has run out. Ask again if you still need it."
    ),
    "还没有回答。": "Not answered yet.",
    "你已经问过这个数，还没有回答。要改问题，先撤回。": (
        "You have already asked about this number and wait for an answer. To change the question, withdraw it first."
    ),
    "问题": "Question",
    "回答": "Answer",
    "提问，回答全部提问": "Ask, and answer every question",
    "对看得到的数提问，看这些数上的回答": "Ask about numbers in sight, read the answers on them",
    "对数字的提问": "Questions about numbers",
    "以后能看到这个数的人也会看到这条回答。": "Whoever may see this number later sees this answer too.",
    ("place", "提问"): "Questions",
    "你问的数字": "Numbers you asked about",
    "过期未答": "Ran out",
    "剩 %(n)s 天": "%(n)sd left",
    "都回答了。新的提问会出现在这里。": "All answered. New questions appear here.",
    "已回答": "Answered",
    "等你回答的提问": "Questions waiting for you",
    "全部提问": "All questions",
    "%(day)s 到期": "runs out %(day)s",
    "提问人": "Asked by",
    "30 天没有人回答，已经过期。还需要的话，打开这个数再问一次。": (
        "Nobody answered within 30 days, so it has run out. If you still need it, open the number and ask again."
    ),
    "知道了": "Got it",
    "现在": "Now",
    "数字": "Number",
    "撤回": "Withdraw",
    "已撤回": "Withdrawn",
    "已撤回。": "Withdrawn.",
    "提问": "Ask",
    "提问时": "When asked",
    "这条回答留在这个数上。": "This answer stays with the number.",
    "对数字的疑问和回答；回答留在那个数上。": "Doubts about numbers and their answers; an answer stays with its number.",
    "还没有提问。点开任意一个数，最下面可以问数据分析师。": (
        "No questions yet. Open any number; at the bottom you can ask the analyst."
    ),
    "等待回答": "Waiting",
    "回答人": "Answered by",
    "问数据分析师": "Ask the analyst",
    "问": "Q",
    "答": "A",
    "你问过，等待回答。": "You have asked; waiting for an answer.",
    "已发给数据分析师，有回答会在今日告诉你。": "Sent to the analyst. Today will tell you when there is an answer.",
    "写清哪里和你知道的不一样。回答会留在这个数上，能看到这个数的人都看得到。": (
        "Say what differs from what you know. The answer stays with this number, for everybody who may see it."
    ),
    "这是你几个团队的合计。先选一个团队，再提问。": (
        "This is the sum of several teams of yours. Choose one team, then ask."
    ),
    "%(n)s 个提问等待回答": "%(n)s waiting for an answer",
    "对这个数有疑问": "A question about this number",
    "已回答，提问的人会在今日看到。": "Answered. The asker sees it on Today.",
    "我问的": "Mine",
    ("journal", "回答提问"): "Answered a question",
    ("journal", "看过回答"): "Read an answer",
    ("journal", "对数字提问"): "Asked about a number",
    ("journal", "撤回提问"): "Withdrew a question",
}
