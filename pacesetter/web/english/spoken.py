"""Words of the spoken line on the log sheet, and of how a visit was judged."""

TEXTS: dict[str | tuple[str, str], str] = {
    "拜访 海川机械 王总 有意向 下周二报价": "visit Haichuan, Mr Wang, interested, next Tuesday quote",
    "是哪一个客户？": "Which customer is it?",
    "这一句要有信号才能识别。下面的表照常能填。": "Reading this line needs a signal. The form below works as usual.",
    "没识别成功，再试一次，或直接填下面的表。": "The line could not be read. Try again, or fill in the form below.",
    "填进表里": "Fill in",
    "没说到：%(parts)s。": "Not mentioned: %(parts)s.",
    "至少 %(n)s 分钟": "At least %(n)s minutes",
    "规则：%(day)s 起的版本": "Rule: the version from %(day)s",
    "规则：默认版本": "Rule: the default version",
    "%(met)s/%(all)s 条满足 · %(version)s": "%(met)s of %(all)s met · %(version)s",
    "有效拜访的条件": "What an effective visit needs",
    "有照片": "With a photo",
    "满足": "met",
    "不满足": "not met",
    "不清楚": "not known",
}
