"""A fault names choices and kinds of records in the reader's language, and what it names can be written so."""

from __future__ import annotations

import pytest
from django.utils import translation

from pacesetter.imports import vocabulary
from pacesetter.imports.cells import plain_word
from pacesetter.imports.checking.base import ENTITY_NAMES
from pacesetter.imports.faults import sentences

CHOICES = {name.removesuffix("_SHOWN"): shown for name, shown in vars(vocabulary).items() if name.endswith("_SHOWN")}


def remedy_of(shown: str) -> str:
    return sentences("unknown_word", {"allowed": shown})


def test_there_are_choices_to_look_at():
    assert len(CHOICES) >= 11
    assert CHOICES["ROLES"].startswith("销售、")


@pytest.mark.parametrize("name", CHOICES)
def test_the_choices_of_a_fault_are_words_that_a_file_may_hold_in_both_languages(name: str):
    known = {plain_word(form): word for form, word in getattr(vocabulary, name).items()}
    chinese = CHOICES[name].split("、")
    assert CHOICES[name] in remedy_of(CHOICES[name])
    with translation.override("en"):
        english = [remedy_of(word) for word in chinese]
        assert not any(word in said for word, said in zip(chinese, english, strict=True) if word != "HRBP")
        told = [translation.pgettext("in files", word) for word in chinese]
        assert ", ".join(told) in remedy_of(CHOICES[name])
    assert [known[plain_word(word)] for word in told] == [known[plain_word(word)] for word in chinese]


@pytest.mark.parametrize("entity", ENTITY_NAMES.values())
def test_a_record_that_is_missing_is_named_in_english_on_english_pages(entity: str):
    with translation.override("en"):
        said = sentences("unknown_reference", {"entity": entity, "value": "X"})
    assert entity not in said
    assert said.isascii() or "“" in said
