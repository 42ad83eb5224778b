"""The parts pages are made of, as they come out of a template."""

import json

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation


def drawn(source: str, **context: object) -> str:
    request = RequestFactory().get("/deals/?q=海川&page=2")
    template = engines["django"].from_string(source)
    return template.render(context, request).strip()


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def part(markup: str, **context: object) -> str:
    """Components are compiled by the loader, so the markup goes through a file's way in."""
    from django_cotton.compiler_regex import CottonCompiler

    return drawn(CottonCompiler().process(markup), **context)


def test_a_number_opens_to_its_definition_and_says_the_exact_amount():
    html = part('<c-number :minor="x" why="/why/won_amount/" short="yes" />', x=864_000_00)
    assert 'href="/why/won_amount/"' in html
    assert "data-why" in html
    assert ">¥86.40万</a>" in html
    assert 'title="¥864,000.00"' in html


def test_a_rate_of_few_cases_is_shown_as_a_count_and_says_so():
    html = part('<c-number :ratio="x" />', x=(3, 7))
    assert ">3/7</span>" in html
    assert "样本太少" in html


def test_nothing_known_reads_as_a_dash_and_zero_as_zero():
    assert ">—</span>" in part('<c-number :minor="x" />', x=None)
    assert ">¥0.00</span>" in part('<c-number :minor="x" />', x=0)
    assert ">0</span>" in part('<c-number :count="x" />', x=0)


def test_judgement_is_colour_sign_and_word():
    html = part('<c-chip status="behind" />')
    assert 'class="chip bad"' in html
    assert "●" in html
    assert "落后" in html


def test_no_status_draws_no_chip():
    assert part('<c-chip status="none" />') == ""


def test_direction_has_an_arrow_and_a_sign():
    assert "▲ +12.4%" in part('<c-change :now="1124" :before="1000" />')
    assert "▼ −8.0%" in part('<c-change :now="920" :before="1000" />')


def test_the_bullet_draws_widths_as_attributes_because_styles_are_refused():
    html = part('<c-bullet :actual="50" :target="100" :due="60" tone="watch" />')
    assert 'width="50.0"' in html
    assert 'x="60.0"' in html
    assert "style=" not in html


def test_a_chart_carries_its_description_escaped():
    spec = {"kind": "bar", "sentence": '成交额 <b> "x"', "labels": ["李想"], "series": []}
    html = part('<c-chart :spec="spec" />', spec=spec)
    inside = html.split('data-chart="')[1].split('"')[0]
    assert "<b>" not in inside
    plain = inside.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")
    assert json.loads(plain) == spec


def test_paging_keeps_the_question():
    html = part('<c-pages :page="page" />', page=Paginator(range(120), 50).page(2))
    assert "第 51–100 条，共 120 条" in html
    assert "q=%E6%B5%B7%E5%B7%9D&amp;page=1" in html


class Deal(forms.Form):
    name = forms.CharField(label="名称", help_text="与合同一致")
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")], required=False)
    agreed = forms.BooleanField(label="含税", required=False)


def test_a_form_says_required_in_words_and_puts_the_fault_beside_the_field():
    html = part('<c-form :form="form" cancel="/deals/" />', form=Deal({}))
    assert '<span class="must">必填</span>' in html
    assert html.count("必填</span>") == 1
    assert 'href="#id_name"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html or 'aria-describedby="id_name_helptext"' in html
    assert 'class="form-select"' in html
    assert 'aria-invalid="true"' in html


def test_an_icon_is_decoration_unless_it_has_a_name():
    assert 'aria-hidden="true"' in drawn('{% icon "users" %}')
    assert 'role="img"' in drawn('{% icon "users" 16 "成员" %}')
