"""English for every Chinese text of the product: one file per area, each with `TEXTS = {"中文": "English"}`.

`python -m pacesetter.web.english` writes the catalogue that Django reads; `--check` says what is missing. A key may be
(context, 中文) for what the code marks with `pgettext`. Chinese is written first and English is rewritten, not
translated; placeholders are the same in both.
"""
