"""The journal cannot be changed: the database itself refuses, and where the refusal is taken away, the chain tells."""

from __future__ import annotations

import pytest

from .company import Company

TRY = """
from django.db import connection, DatabaseError, transaction
def tried(sql):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        return "done"
    except DatabaseError as error:
        return str(error)
"""


@pytest.mark.parametrize("table", ["journal_entry", "journal_rowchange"])
def test_update_and_delete_are_refused_by_the_database(company: Company, table: str):
    company.run(
        "from pacesetter.journal.models import Entry, RowChange\n"
        "e = Entry.objects.first()\n"
        "RowChange.objects.filter(entry=e).exists() or "
        "RowChange.objects.create(entry=e, entity='x', row_id=1, after={})"
    )
    column = "act" if table == "journal_entry" else "entity"
    for sql in (f"UPDATE {table} SET {column} = 'nothing'", f"DELETE FROM {table}"):
        said = company.value(f"tried({sql!r})", TRY)
        assert "append-only" in said
    # SQLite knows no such statement
    emptied = company.value(f"tried('TRUNCATE {table} CASCADE')", TRY)
    assert ("append-only" if company.home.database else "syntax") in emptied
    entry = table == "journal_entry"
    for way in (
        "Entry.objects.update(reason='x')" if entry else "RowChange.objects.update(entity='y')",
        "Entry.objects.all()._raw_delete('default')" if entry else "RowChange.objects.all().delete()",
    ):
        said = company.run(
            "from django.db import DatabaseError\nfrom pacesetter.journal.models import Entry, RowChange\n"
            f"try:\n    {way}\n    print('done')\n"
            "except DatabaseError as error:\n    print(error)"
        )
        assert "append-only" in said
    company.whole()


def test_without_the_triggers_the_chain_finds_the_changed_line(company: Company):
    """The control: triggers dropped, one letter changed; the digest of that line no longer fits."""
    off = """
with connection.cursor() as cursor:
    if connection.vendor == "sqlite":
        cursor.execute("DROP TRIGGER journal_entry_update")
    else:
        cursor.execute("DROP TRIGGER journal_entry_append_only ON journal_entry")
    cursor.execute("SELECT id, label FROM journal_entry ORDER BY id LIMIT 1 OFFSET 3")
    key, label = cursor.fetchone()
    cursor.execute("UPDATE journal_entry SET label = 'x' WHERE id = %s", [key])
from pacesetter.journal.acts import broken_lines
found = broken_lines()
with connection.cursor() as cursor:
    cursor.execute("UPDATE journal_entry SET label = %s WHERE id = %s", [label, key])
from pacesetter.journal.apps import install_triggers
install_triggers(None)
print(found == [key], broken_lines() == [])
"""
    assert company.run("from django.db import connection" + off).split() == ["True", "True"]
    assert "append-only" in company.value("tried(\"UPDATE journal_entry SET act = 'x'\")", TRY)
