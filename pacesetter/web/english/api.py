"""English of the API."""

TEXTS = {
    "没有这条记录，或你看不到它。": "There is no such record, or it is out of your reach.",
    "请填写这一项。": "This field is required.",
    "没有这个字段，或它不能写。": "There is no such field, or it cannot be written.",
    "日期请写成 2026-03-16 这样。": "Write a day like 2026-03-16.",
    "这个值不在可选范围内。": "This is not one of the allowed values.",
    "含有不允许的字符。": "This contains characters that are not allowed.",
    "请填 true 或 false。": "Send true or false.",
    "请填文字。": "Send text.",
    "请填整数；金额用最小货币单位，不带小数。": "Send a whole number; amounts are in minor units, without decimals.",
    "最多 %(n)s 个字。": "At most %(n)s characters.",
    "这个数超出了范围。": "This number is out of range.",
    "这个值的格式不对。": "This value has the wrong format.",
    "请带上有效的令牌：Authorization: Bearer …": "Send a valid token: Authorization: Bearer …",
    "另一个人刚刚写入了同样的内容。请重新读取后再试。": "Somebody else just wrote the same. Read it again, then try again.",
    "这个令牌只能读。写入要用可写的令牌。": "This token may only read. Use one that may write.",
    "请求的内容不是有效的 JSON。": "The body is not valid JSON.",
    "没有这个参数。": "There is no such parameter.",
    "维度最多 4 个，且不能重复。": "At most 4 dimensions, none twice.",
    "这个指标没有这种口径。": "This metric has no such basis.",
    "这个指标不能按这个维度分。": "This metric cannot be broken down by this dimension.",
}
