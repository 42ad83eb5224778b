"""The frame of every page: navigation (context "place"), sign-in, errors, shared parts."""

TEXTS: dict[str | tuple[str, str], str] = {
    "领跑": "Pacesetter",
    # places
    ("place", "今日"): "Today",
    ("place", "客户"): "Customers",
    ("place", "线索"): "Leads",
    ("place", "商机"): "Deals",
    ("place", "应收与回款"): "Receivables & collections",
    ("place", "产品"): "Products",
    ("place", "过程"): "Process",
    ("place", "跟进记录"): "Activities",
    ("place", "洞察"): "Insights",
    ("place", "团队看板"): "Team board",
    ("place", "漏斗分析"): "Funnel",
    ("place", "指标目录"): "Metrics",
    ("place", "管理"): "Manage",
    ("place", "人员"): "People",
    ("place", "数据导入"): "Import",
    ("place", "权限说明"): "Who sees what",
    ("place", "审计日志"): "Audit log",
    ("place", "团队"): "Teams",
    ("place", "公司"): "Company",
    ("place", "工作日历"): "Work calendars",
    ("place", "结账"): "Close periods",
    ("place", "联系人"): "Contacts",
    ("place", "跟进"): "Activities",
    # one of them
    ("one", "人员"): "Person",
    ("one", "客户"): "Customer",
    ("one", "产品"): "Product",
    # frame
    "跳到内容": "Skip to content",
    "导航": "Navigation",
    "主导航": "Main",
    "底部导航": "Bottom bar",
    "搜索": "Search",
    "搜索客户、商机、人员": "Search customers, deals, people",
    "客户、商机、人员，或页面": "Customers, deals, people, or a page",
    "范围": "Scope",
    "期间": "Period",
    "语言": "Language",
    "外观": "Appearance",
    "跟随系统": "As the system",
    "浅色": "Light",
    "深色": "Dark",
    "密度": "Density",
    "紧凑": "Compact",
    "标准": "Normal",
    "宽松": "Loose",
    "我的": "Me",
    "我的资料与设备": "My profile and devices",
    "登录安全": "Sign-in security",
    "修改密码": "Change password",
    "键盘快捷键": "Keyboard shortcuts",
    "退出": "Sign out",
    "记跟进": "Log",
    "全部": "All",
    "关闭": "Close",
    "口径说明": "What this number means",
    "单独打开": "Open as a page",
    "撤销": "Undo",
    "看表格": "Show table",
    "看图": "Show chart",
    "占上一步": "of previous",
    "占第一步": "of first",
    "搜索与跳转": "Search and go",
    "去 今日 · 客户 · 过程 · 洞察 · 管理": "Go to Today · Customers · Process · Insights · Manage",
    "下一行 · 上一行": "Next row · previous row",
    "选中这一行": "Select this row",
    "这个数怎么算的": "How this number is made",
    "选择期间 · 上一期 · 下一期": "Choose period · previous · next",
    "这张表": "This list",
    # parts
    "必填": "required",
    "：": ": ",
    "取消": "Cancel",
    "保存": "Save",
    "筛选": "Filter",
    "没有叫“%(asked)s”的客户、商机、线索或人员。": "No customer, deal, lead or person called “%(asked)s”.",
    ("open", "筛选"): "Filters",
    ("button", "推进"): "Move",
    "分页": "Pages",
    "上一页": "Previous",
    "下一页": "Next",
    "第 %(first)s–%(last)s 条，共 %(total)s 条": "%(first)s–%(last)s of %(total)s",
    "还差一点，改好下面这些再保存": "Almost there: put these right, then save",
    "%(ratio)s，样本太少": "%(ratio)s, too few cases",
    "%(number)s，怎么算的": "%(number)s, how it is made",
    "超前": "Ahead",
    "正常": "On pace",
    "关注": "Watch",
    "落后": "Behind",
    # sign-in
    "登录": "Sign in",
    "手机号、工号或邮箱": "Mobile, employee number or email",
    "密码": "Password",
    "今天做哪几件事，月底就能到？": "Which few things today put you on pace?",
    "忘了密码？请系统管理员给你一个一次性链接。": "Forgot it? Your admin can give you a one-time link.",
    "账号或密码不对。核对手机号、工号或邮箱后再试一次。": (
        "Account or password is wrong. Check the mobile, employee number or email and try again."
    ),
    "试的次数太多了，过一会儿再来。": "Too many tries. Come back in a while.",
    "用通行密钥登录": "Sign in with a passkey",
    "同一件事只填一次，每个数都能打开看怎么算的。": "Type everything once. Every number opens to how it was made.",
    # errors
    "没有这一页": "There is no such page",
    "地址可能写错了，这条记录可能已经移走，或者不在你的查看范围。核对一下地址，或从首页重新找。": (
        "The address may be mistyped, the record may have moved, or it is outside what you can see. "
        "Check the address, or look for it from your home page."
    ),
    "回首页": "Go to my home page",
    "重新打开这张表": "Open the form again",
    "这一步要别人来做": "Somebody else has to do this",
    "你的角色不包括这个操作。需要的话，请主管或系统管理员来做，或请他调整你的角色。": (
        "Your role does not include this. If you need it, ask your manager or an admin to do it or to change your role."
    ),
    "这张表放得太久了": "This form was open too long",
    "为安全起见没有提交。回到上一页，刷新后再提交一次；你填的内容多半还在。": (
        "To be safe, nothing was sent. Go back, refresh and send it again; what you typed is probably still there."
    ),
    "这一页没有打开": "This page did not open",
    "是我们这边出了错，你的数据没有变。再试一次；若仍不行，把编号发给管理员。": (
        "Something broke on our side; your data did not change. Try again. If it fails, send the code to your admin."
    ),
    "再试一次": "Try again",
    "编号": "Code",
    "先等 15 分钟": "Wait 15 minutes",
    "密码连续输错了 5 次，这个账号在这台设备上暂停登录 15 分钟。忘了密码，请系统管理员给你一个一次性链接。": (
        "The password was wrong 5 times, so this account is paused on this device for 15 minutes. "
        "If you forgot it, your admin can give you a one-time link."
    ),
    "回登录页": "Back to sign-in",
    "现在没有网络": "You are offline",
    "连上后刷新这一页。已经打开的页面还能看，数字停在打开的那一刻。": (
        "Refresh once you are connected. Pages already open still work; their numbers are from when you opened them."
    ),
    "现在没有网络，刚才的操作没有送达。": "You are offline; the last step was not sent.",
    "没保存成功，内容还在这页。再试一次；若仍不行，把编号发给管理员：": (
        "Not saved; your text is still here. Try again. If it fails, send this code to your admin:"
    ),
    "这一步没有完成：内容已经变化。刷新后再看。": "This was not done: something has changed. Refresh and look again.",
}
