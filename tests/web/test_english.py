"""The English catalogue is made from dictionaries and misses nothing."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import gettext, pgettext

from pacesetter.web.english import __main__ as english


def test_texts_do_not_contradict_each_other_and_keep_their_placeholders():
    assert english.texts()[1] == []


def test_python_texts_are_found_with_their_context():
    source = '_("保存")\nx.gettext("取消")\npgettext_lazy("place", "客户")\nother("不是")\n_(name)'
    assert english.in_python(source) == {"保存", "取消", ("place", "客户")}


def test_python_texts_are_found_under_whatever_name_the_marking_was_imported():
    source = (
        "from django.utils.translation import gettext as now\n"
        "from django.utils.translation import pgettext as said\n"
        'now("保存")\nsaid("place", "客户")\nother("不是")'
    )
    assert english.in_python(source) == {"保存", ("place", "客户")}


def test_no_marked_text_of_the_code_lacks_its_english():
    pairs = english.texts()[0]
    used = english.used()
    assert len(used) > 1000
    assert {text: path for text, path in used.items() if text not in pairs} == {}


def test_template_texts_are_found_with_their_placeholders():
    source = (
        '{% load i18n %}{% translate "保存" %}<a title="{% translate \'取消\' %}">'
        "{% blocktranslate trimmed %}\n 共 {{ n }} 条\n{% endblocktranslate %}"
    )
    assert english.in_template(source) == {"保存", "取消", "共 %(n)s 条"}


@pytest.mark.parametrize(("text", "names"), [("共 %(n)s 条", {"n"}), ("{name} 的 {{x}}", {"name"}), ("100% 对", set())])
def test_placeholders_are_read_in_both_spellings(text: str, names: set[str]):
    assert english.placeholders(text) == names


def test_every_text_of_a_template_reads_english_on_an_english_page():
    """A percent sign is doubled where Django looks a template's text up: those must be found as well."""
    pages = [path for path in english.PACKAGE.rglob("*.html") if "templates" in path.parts]
    asked = {text for path in pages for text in english.marked_in(path.read_text(encoding="utf-8"))}
    assert any("%%" in text for text in asked), "the case is there"
    with translation.override("en"):
        told = {text: gettext(text) for text in asked if english.HAN.search(text)}
        shown = Template("{% load i18n %}{% translate '按什么分给人（合计 100%）' %}").render(Context())
    assert [text for text, word in told.items() if text == word] == []
    assert shown == "What people are weighed by (100% together)"


def unmarked(page: str) -> list[str]:
    """Chinese and its punctuation in a template that no language is chosen for."""
    page = re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", "", page, flags=re.S)
    page = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", page, flags=re.S)
    page = re.sub(r"\{%.*?%\}", "", page, flags=re.S)
    return re.findall(r"[㐀-鿿、。；：，（）「」]+", re.sub(r"""_\((?:"[^"]*"|'[^']*')\)""", "", page))


def test_no_page_says_chinese_whatever_its_language():
    assert unmarked("{% translate '好' %}、{{ x|default:_('没有') }}{{ y|join:'；' }}") == ["、", "；"]
    pages = [path for path in english.PACKAGE.rglob("*.html") if "templates" in path.parts]
    found = {(path.name, part) for path in pages for part in unmarked(path.read_text(encoding="utf-8"))}
    assert found == {("topbar.html", "中文"), ("language.html", "中文")}, "a language is called what it calls itself"


def test_a_place_and_a_record_may_read_differently():
    with translation.override("en"):
        assert pgettext("place", "客户") == "Customers"
        assert gettext("回首页") == "Go to my home page"


def test_chinese_stays_as_written():
    with translation.override("zh-hans"):
        assert gettext("回首页") == "回首页"
