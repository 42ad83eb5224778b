"""kill -9 of the server while fifty clients log visits: every acknowledged visit is there exactly once."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

import pytest

from .company import WRITERS, Company, Lost, Visitor

CLIENTS, KILLS, FEW = 50, 2, 40
MODELS = "from pacesetter.activity.models import Activity, PlanItem\nfrom pacesetter.journal.models import Entry"


@dataclass
class Client:
    """One phone: logs a visit after the other, each with its own key and customer."""

    visitor: Visitor
    mark: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    open: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)

    def send(self, name: str, key: str) -> bool:
        """Whether an answer came; twin=add leaves every guard but the key out of it."""
        try:
            status, told = self.visitor.log_visit(key, customer_name=name, twin="add")
        except Lost:
            return False
        if status == 200:
            self.acknowledged[name] = key
        else:
            self.wrong.append((name, status, told))
        return True

    def work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            name, key = f"{self.mark}{uuid.uuid4().hex[:12]}", uuid.uuid4().hex
            if not self.send(name, key):
                self.open.append((name, key))
                return


def storm(company: Company, clients: list[Client]) -> None:
    """Everybody logs until the server is killed; FEW visits are acknowledged before, if they come soon."""
    stop, before = threading.Event(), acknowledged(clients)
    threads = [threading.Thread(target=client.work, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 8
    while acknowledged(clients) < before + FEW and time.monotonic() < end:
        time.sleep(0.01)
    assert company.kill() == -9
    stop.set()
    for thread in threads:
        thread.join(30)


def acknowledged(clients: list[Client]) -> int:
    return sum(len(client.acknowledged) for client in clients)


def stored(company: Company, mark: str) -> Counter[str]:
    """Customer → how many visits of it are there."""
    rows = f"Activity.objects.filter(customer__name__startswith={mark!r}).values_list('customer__name', flat=True)"
    return Counter(company.value(f"list({rows})", MODELS))


def together(company: Company) -> list[Client]:
    """Fifty clients of a few people, signed in."""
    company.serve()
    visitors = [company.visitor(login) for login in WRITERS]
    mark = f"访{uuid.uuid4().hex[:6]}"
    return [Client(visitors[n % len(visitors)], mark) for n in range(CLIENTS)]


@pytest.mark.timeout(200)
def test_every_acknowledged_visit_is_there_exactly_once(company: Company):
    """Two kills; after each, whatever had no answer is sent again with its key, as the outbox does."""
    clients, unanswered = together(company), 0
    for _kill in range(KILLS):
        storm(company, clients)
        company.serve()
        for client in clients:
            unanswered += len(client.open)
            assert all(client.send(*visit) for visit in client.open)
            client.open.clear()
    company.kill()

    assert [fault for client in clients for fault in client.wrong] == []
    assert acknowledged(clients) > KILLS * 5
    assert unanswered >= KILLS, "the kills must fall into the middle"
    names = [name for client in clients for name in client.acknowledged]
    assert stored(company, clients[0].mark) == Counter(names), "lost or doubled"
    # the record, its journal line, its next step and the answer live and die together
    mark = clients[0].mark
    lines, plans = company.value(
        f"[Entry.objects.filter(act='log_activity', label__startswith={mark!r}).count(), "
        f"PlanItem.objects.filter(origin__customer__name__startswith={mark!r}).count()]",
        MODELS,
    )
    assert (lines, plans) == (len(names), len(names))
    company.whole()


def test_without_the_key_what_is_sent_again_is_there_twice(company: Company):
    """The control: the same retry against a server that looks at no key."""
    clients = together(company)
    storm(company, clients)
    company.serve("answer_once+sheet_key")
    again = Client(clients[0].visitor, clients[0].mark)
    mine = [visit for client in clients if client.visitor is again.visitor for visit in client.acknowledged.items()]
    assert all(again.send(*visit) for visit in mine[:3])
    company.kill()
    assert again.wrong == []
    assert sorted(stored(company, again.mark).values())[-3:] == [2, 2, 2]
