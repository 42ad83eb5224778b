"""Migrations that sum up others (docs/adr/0012): they make what those made, and leave nobody's database behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import product

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import Migration, operations
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Key = tuple[str, str]


@pytest.fixture(scope="module")
def singly() -> MigrationLoader:
    """All files, each for itself: how they are seen where nothing is summed up."""
    return MigrationLoader(None, replace_migrations=False)


@pytest.fixture(scope="module")
def sums(singly: MigrationLoader) -> dict[Key, Migration]:
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("pacesetter.")}
    found = {key: file for key, file in singly.disk_migrations.items() if file.replaces and key[0] in ours}
    assert {app for app, _name in found} >= {"people", "pipeline", "activity", "goals"}
    return found


def left_out(files: list[Key], sums: dict[Key, list[Key]]) -> list[Key]:
    """Files up to the last one of a sum, which is in its name, that stand in no sum or in two."""
    upto: dict[str, int] = {}
    for app, name in sums:
        upto[app] = max(upto.get(app, 0), int(re.findall(r"squashed_(\d+)", name)[0]))
    summed = [part for parts in sums.values() for part in parts]
    return [
        key for key in files if key not in sums and int(key[1][:4]) <= upto.get(key[0], 0) and summed.count(key) != 1
    ]


def test_every_old_file_is_in_exactly_one_sum(singly: MigrationLoader, sums: dict[Key, Migration]):
    parts = {key: list(file.replaces) for key, file in sums.items()}
    assert left_out(sorted(singly.disk_migrations), parts) == []
    key = ("people", "0001_squashed_0004_absence")
    short, twice = parts | {key: parts[key][:-1]}, parts | {("people", "0001_squashed_0001_more"): parts[key][:1]}
    assert left_out(sorted(singly.disk_migrations), short) == [("people", "0004_absence")]
    assert left_out(sorted(singly.disk_migrations), twice) == [("people", "0001_initial")]


def test_a_sum_makes_the_tables_its_files_made(singly: MigrationLoader, sums: dict[Key, Migration]):
    """The same fields in the same order, options, constraints and indexes."""
    summed = MigrationLoader(None)
    for key, file in sums.items():
        one, other = (
            {name: model for (app, name), model in loader.project_state(last).models.items() if app == key[0]}
            for loader, last in ((summed, key), (singly, file.replaces[-1]))
        )
        assert one == other
        assert {name: [*model.fields] for name, model in one.items()} == {
            name: [*model.fields] for name, model in other.items()
        }
        name = max(one, key=lambda name: len(one[name].options.get("indexes", ())))
        lacking = one[name].clone()
        lacking.options["indexes"] = lacking.options["indexes"][1:]
        assert one | {name: lacking} != other


def test_only_tables_were_summed_up(singly: MigrationLoader, sums: dict[Key, Migration]):
    """What an old file did in SQL or Python would have to stand in its sum too."""
    parts = [singly.disk_migrations[part] for file in sums.values() for part in file.replaces]
    made = {type(step) for part in parts for step in part.operations}
    assert made <= {
        operations.CreateModel, operations.AddField, operations.AlterField,
        operations.AddIndex, operations.AddConstraint,
    }  # fmt: skip


@pytest.fixture
def plan_at(
    singly: MigrationLoader, sums: dict[Key, Migration], monkeypatch: pytest.MonkeyPatch
) -> Callable[[set[Key]], list[tuple[Key, set[Key]]]]:
    """What `migrate` would do where these files are applied: each step, and what it needs, in single files."""
    found = {name: vars(singly)[name] for name in ("disk_migrations", "unmigrated_apps", "migrated_apps")}
    monkeypatch.setattr(MigrationLoader, "load_disk", lambda self: vars(self).update(found))

    def plan(standing: set[Key]) -> list[tuple[Key, set[Key]]]:
        # Django notes a sum whose files are all there at the end of any `migrate`, also one that was for another app
        noted = standing | {key for key, file in sums.items() if standing.issuperset(file.replaces)}
        monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self: dict.fromkeys(noted))
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        assert not any(backwards for _step, backwards in steps)
        keys = [(step.app_label, step.name) for step, _backwards in steps]
        return [(key, {parent.key for parent in executor.loader.graph.node_map[key].parents}) for key in keys]

    return plan


def test_a_database_goes_on_from_wherever_it_stood(singly: MigrationLoader, sums: dict[Key, Migration], plan_at):
    """For every set of old files that may have been applied: none again, none left out, none before what it needs."""

    def files(keys: Iterable[Key]) -> set[Key]:
        return {file for key in keys for file in (sums[key].replaces if key in sums else [key])}

    known = files(singly.disk_migrations)
    chains = [sorted(key for key in known if key[0] == room) for room in sorted({app for app, _name in sums})]
    seen = 0
    for counts in product(*(range(len(chain) + 1) for chain in chains)):
        done = {key for chain, count in zip(chains, counts, strict=True) for key in chain[:count]}
        if not {parent.key for key in done for parent in singly.graph.node_map[key].parents} <= done:
            continue
        seen += 1
        for step, needs in plan_at(done):
            assert not files([step]) & done, (counts, step)
            assert files(needs) <= done, (counts, step)
            done |= files([step])
        assert done == known, counts
    assert seen > 100


def test_a_sum_that_needs_more_than_its_files_did_is_noticed(sums: dict[Key, Migration], plan_at, monkeypatch):
    """The control: were pipeline's to need people's, a database with all of pipeline and half of people would stop."""
    people, pipeline = ("people", "0001_squashed_0004_absence"), ("pipeline", "0001_squashed_0003_pool_and_tiers")
    standing = {*sums[people].replaces[:2], *sums[pipeline].replaces}
    assert ("people", "0003_recording_days") in [step for step, _needs in plan_at(standing)]
    monkeypatch.setattr(sums[pipeline], "dependencies", [people])
    with pytest.raises(InconsistentMigrationHistory):
        plan_at(standing)
