"""Words of the spoken line on the log sheet."""

TEXTS: dict[str | tuple[str, str], str] = {
    "拜访 海川机械 王总 有意向 下周二报价": "visit Haichuan, Mr Wang, interested, next Tuesday quote",
    "是哪一个客户？": "Which customer is it?",
    "这一句要有信号才能识别。下面的表照常能填。": "Reading this line needs a signal. The form below works as usual.",
    "没识别成功，再试一次，或直接填下面的表。": "The line could not be read. Try again, or fill in the form below.",
    "填进表里": "Fill in",
    "没说到：%(parts)s。": "Not mentioned: %(parts)s.",
}
