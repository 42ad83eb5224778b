"""The frame of every page: navigation, sign-in, errors, shared parts."""

TEXTS: dict[str, str] = {
    "领跑": "Pacesetter",
    "手机号、工号或邮箱": "Mobile, employee number or email",
    "密码": "Password",
}
