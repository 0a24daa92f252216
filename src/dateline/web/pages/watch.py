"""Watch rules: what is watched for, what was found and on which words it rests, and what rules would have said on any days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.knowledge.watch_rules import FILE_NAME, Rule, WatchRulesError, load_shipped_rules, read_watch_rules
from dateline.ledger.rows import ClaimRow
from dateline.records import Alert
from dateline.runs.watching import Day, alerts_of, backtest
from dateline.views import wording as say
from dateline.views.markup import Html, Part, join, tag
from dateline.views.rules import about_in_words, when_in_words
from dateline.watching.examples import Failure, try_examples
from dateline.watching.watch import tips_of
from dateline.web import lists
from dateline.web.filters import moment_of
from dateline.web.sharing.rows import about_list
from dateline.web.shell import page, problem
from dateline.web.site import Site, site_of

LONGEST = 366
"""Days that a page tries rules on: each day on which something became known means that all events are read anew."""

EVIDENCE = 5
"""Words that an alert is shown to rest on; the rest are told by their number."""

LINE = re.compile(r", line (\d+)")
AROUND = 1
"""Lines of the file that are shown before and after a faulty one."""


@dataclass(frozen=True)
class InForce:
    """The rules of the ledger's file, or those that ship where it has none; `faults`: why there are none of its own."""

    rules: tuple[Rule, ...]
    file: Path
    is_own: bool
    faults: tuple[str, ...] = ()


def _in_force(site: Site) -> InForce:
    path = site.ledger.path / FILE_NAME
    if not path.is_file():
        return InForce(load_shipped_rules(), path, is_own=False)
    try:
        return InForce(read_watch_rules(path), path, is_own=True)
    except WatchRulesError as fault:
        return InForce((), path, is_own=True, faults=fault.faults)


# ---------------------------------------------------------------- the page


def watch_page(request: Request) -> Response:
    """The rules, what is wrong in their file, and the alerts that they gave, the latest first."""
    site, moment = site_of(request), moment_of(request)
    rules = _in_force(site)
    alerts = alerts_of(site.ledger, as_of=moment)
    standing = {alert.id for alert in tips_of(alerts) if alert.holds}
    return page(
        request,
        "Watch rules",
        tag("h1", "Watch rules"),
        lists.then(request, moment),
        _intro(rules, site),
        _told(alerts, standing) if alerts else None,
        _faults(rules) if rules.faults else None,
        tag("ol", *(_rule(request, rule, alerts, standing, rules) for rule in rules.rules), class_="rules")
        if rules.rules
        else None,
        _backtest_form(None, None, is_as_printed=True) if rules.rules else None,
        _alerts(request, alerts, standing, site, moment),
        here="watch",
        styles=("records",),
    )


def _intro(rules: InForce, site: Site) -> Html:
    ledger = str(site.ledger.path)
    if rules.faults:
        said = f"{rules.file.name} has {say.tally(len(rules.faults), 'mistake')}, so none of its rules is asked."
        return tag("p", tag("span", "✗ ", aria_hidden="true"), said, class_="bad")
    if not rules.is_own:
        words: list[Part] = [
            "This ledger has no rules of its own. These ship with Dateline, as examples. To begin with them: ",
            tag("code", f"dateline watch list --shipped > {ledger}/{FILE_NAME}"),
        ]
        return tag("p", *words)
    asked: list[Part] = [
        f"{say.tally(len(rules.rules), 'rule')} in ",
        tag("code", str(rules.file)),
        ". They are asked after every run of the linker; to ask them now: ",
        tag("code", f"dateline watch check --ledger {ledger}"),
    ]
    return tag("p", *asked, class_="sum")


def _told(alerts: Sequence[Alert], standing: set[str]) -> Html:
    link = tag("a", say.tally(len(alerts), "alert"), href="#alerts")
    return tag("p", link, f" so far; {len(standing):,} of them stand.", class_="sum")


def _faults(rules: InForce) -> Html:
    """Each mistake with what to do, and the line that it is in among its neighbours."""
    text = rules.file.read_text(encoding="utf-8", errors="replace").splitlines()
    items = []
    for fault in rules.faults:
        found = LINE.search(fault)
        excerpt: list[Part] = []
        if found and 1 <= int(found[1]) <= len(text):
            number = int(found[1])
            for at in range(max(1, number - AROUND), min(len(text), number + AROUND) + 1):
                words = f"{at:>4}  {text[at - 1]}\n"
                excerpt.append(tag("mark", words) if at == number else words)
        code = tag("pre", tag("code", *excerpt), tabindex=0) if excerpt else None
        items.append(tag("li", tag("p", tag("bdi", fault)), code))
    return tag("ol", *items, class_="faults")


def _rule(request: Request, rule: Rule, alerts: Sequence[Alert], standing: set[str], rules: InForce) -> Html:
    own = [alert for alert in alerts if alert.rule == rule.id]
    stand = sum(alert.id in standing for alert in own)
    rows: list[tuple[str, Part]] = [
        ("about", about_in_words(rule.about)),
        ("each", ", ".join(rule.keys)),
        ("when", when_in_words(rule.when)),
        ("examples", _examples(rule)),
    ]
    if rules.is_own or own:
        said: Part = "none yet"
        if own:
            address = lists.with_query(request, rule=rule.id) + "#alerts"
            said = join([tag("a", say.tally(len(own), "alert"), href=address), f", {stand:,} of them stand"])
        rows.append(("alerts", said))
    return tag(
        "li",
        tag("h2", tag("bdi", rule.says)),
        tag("p", tag("code", rule.id), class_="note"),
        tag("dl", *(tag("div", tag("dt", name), tag("dd", words)) for name, words in rows), class_="change"),
        class_="card",
        id=f"rule-{rule.id}",
    )


def _examples(rule: Rule) -> Part:
    """Whether the rule's own examples come out: a rule without one may be silent for ever and nobody will know."""
    if not rule.examples:
        return tag("span", "none: the rule may be silent for ever and nobody will know", class_="doubt")
    failures = list(try_examples(rule))
    if not failures:
        return f"all {len(rule.examples)} come out" if len(rule.examples) > 1 else "the one there is comes out"
    wrong = (tag("li", _failure(failure)) for failure in failures)
    return join([tag("span", f"{len(failures)} of {len(rule.examples)} do not come out", class_="bad"), tag("ul", *wrong)])


def _failure(failure: Failure) -> str:
    note = f" ({failure.note})" if failure.note else ""
    return f"example {failure.number}{note}: {failure.wrong}"


# ---------------------------------------------------------------- alerts


def _alerts(request: Request, alerts: Sequence[Alert], standing: set[str], site: Site, moment: datetime | None) -> Html:
    fitting = _fitting(request, alerts)[::-1]
    pages = lists.pages_of(request, len(fitting))
    shown = fitting[pages.offset : pages.offset + pages.size]
    claims = {claim for alert in shown for claim in alert.claims[:EVIDENCE]}
    rows = site.ledger.claim_rows(claims, as_of=moment) if claims else {}
    replaced = {alert.replaces: alert for alert in alerts if alert.replaces}
    title = tag("h2", "Alerts", id="alerts")
    rule = request.query_params.get("rule")
    only = (
        tag("p", "Of the rule ", tag("code", rule), ". ", tag("a", "Show all", href=lists.with_query(request, rule=None)))
        if rule
        else None
    )
    if not shown:
        return join([title, only, tag("p", "No rule has found anything yet.", class_="empty")])
    counted = tag("p", f"{say.tally(len(fitting), 'alert')}, the latest first. Each is given once and never edited.", class_="note")
    items = (_alert(request, alert, replaced.get(alert.id), alert.id in standing, rows) for alert in shown)
    return join(
        [
            title,
            only,
            counted,
            tag("ol", *items, class_="log"),
            lists.pager(request, pages) or "",
            lists.as_data(request, "/watch/alerts"),
        ]
    )


def _fitting(request: Request, alerts: Sequence[Alert]) -> list[Alert]:
    rule = request.query_params.get("rule")
    return [alert for alert in alerts if not rule or alert.rule == rule]


def _alert(request: Request, alert: Alert, later: Alert | None, stands: bool, rows: Mapping[str, ClaimRow]) -> Html:
    if stands:
        standing = tag("span", "stands", class_="good")
    elif later is not None:
        standing = tag("span", "brought up to date by ", tag("a", "a later one", href=f"#alert-{later.id}"), class_="doubt")
    else:
        standing = tag("span", "no longer so", class_="doubt")
    before = (
        join([" ", tag("a", "what was said before", href=f"#alert-{alert.replaces}", class_="note")]) if alert.replaces else None
    )
    return tag(
        "li",
        tag("p", tag("b", tag("bdi", alert.title)), " ", standing, class_="head"),
        tag("p", join([tag("b", say.day(alert.day)), ": "]) if alert.day else None, tag("bdi", alert.said), before),
        tag("p", tag("code", alert.rule), f", found {alert.known_at:%Y-%m-%d %H:%M} UTC", class_="note"),
        _grounds(request, alert, rows),
        id=f"alert-{alert.id}",
        class_="entry",
    )


def _grounds(request: Request, alert: Alert, rows: Mapping[str, ClaimRow]) -> Html | None:
    """The events that an alert rests on, and the first few of the words."""
    if not alert.events and not alert.claims:
        return None
    events = join(
        (tag("a", tag("code", event[:8]), href=lists.to(request, f"/events/{quote(event)}")) for event in alert.events[:EVIDENCE]),
        ", ",
    )
    more = f" and {len(alert.events) - EVIDENCE:,} more" if len(alert.events) > EVIDENCE else ""
    words = [
        tag(
            "li",
            tag("a", tag("q", row.evidence, dir="auto"), href=lists.words_of(request, row)),
            " ",
            tag("bdi", row.publisher or ""),
        )
        for claim in alert.claims[:EVIDENCE]
        if (row := rows.get(claim)) is not None
    ]
    rest = len(alert.claims) - EVIDENCE
    summary = f"rests on {say.tally(len(alert.events), 'event')} and {say.tally(len(alert.claims), 'record')}"
    return tag(
        "details",
        tag("summary", summary),
        tag("p", "Events: ", events, more) if alert.events else None,
        tag("ul", *words),
        tag("p", f"and {rest:,} more records", class_="note") if rest > 0 else None,
    )


def alerts_json(request: Request) -> Response:
    """A page of the alerts, the latest first."""
    fitting = _fitting(request, alerts_of(site_of(request).ledger, as_of=moment_of(request)))[::-1]
    pages = lists.pages_of(request, len(fitting), lists.MOST)
    shown = [asdict(alert) for alert in fitting[pages.offset : pages.offset + pages.size]]
    return lists.json_page(request, pages, shown, about_list(request, len(fitting), "alerts"))


COLUMNS = ("id", "rule", "title", "day", "said", "holds", "replaces", "known_at", "events", "claims")


def alerts_csv(request: Request) -> Response:
    """All alerts, the latest first."""
    fitting = _fitting(request, alerts_of(site_of(request).ledger, as_of=moment_of(request)))[::-1]
    return lists.csv_answer("alerts.csv", COLUMNS, map(asdict, fitting), about_list(request, len(fitting), "alerts"))


# ---------------------------------------------------------------- what they would have said


def _backtest_form(first: date | None, last: date | None, *, is_as_printed: bool) -> Html:
    def day(words: str, name: str, value: date | None) -> Html:
        field = tag("input", type="date", name=name, id=f"of-{name}", required=True, value=value.isoformat() if value else None)
        return tag("p", tag("label", words, for_=f"of-{name}"), field)

    printed = tag("input", type="checkbox", name="printed", value="yes", checked=is_as_printed)
    return tag(
        "section",
        tag("h2", "What would they have said?"),
        tag(
            "form",
            day("Asked at the end of every day from", "since", first),
            day("until", "until", last),
            tag("p", tag("label", printed, " as if each report had been entered the day it was published")),
            tag("button", "Try the rules", type="submit"),
            class_="row find",
            action="/watch/test",
            aria_label="Try the rules on past days",
        ),
    )


def test_page(request: Request) -> Response:
    """What the rules would have said at the end of each day between two; nothing is entered."""
    site, rules = site_of(request), _in_force(site_of(request))
    first, last = lists.day_of(request, "since"), lists.day_of(request, "until")
    is_as_printed = request.query_params.get("printed") == "yes"
    if not rules.rules:
        return problem(
            request, 409, "The rules cannot be asked", "Their file has mistakes: the page of rules shows them.", here="watch"
        )
    if first is None or last is None or not 0 <= (last - first).days < LONGEST:
        words = f"Give a first and a last day, at most {LONGEST} days apart. More days: "
        command = tag("code", "dateline watch check --since DAY --until DAY")
        return problem(request, 400, "Which days?", words, command, here="watch")
    found = list(backtest(site.ledger, rules.rules, site.accounts, first, last, is_as_printed=is_as_printed))
    number = sum(len(day.alerts) for day in found)
    said = f"{say.tally(number, 'alert')} on {say.days(first, last)}, by {say.tally(len(rules.rules), 'rule')}"
    how = "as if each report had been entered the day it was published" if is_as_printed else "by what the ledger knew on each day"
    waiting = {one.rule: one.day for day in found for one in day.waiting}
    parts: Iterable[Html] = (_day(request, day) for day in found if day.alerts)
    return page(
        request,
        "What the rules would have said",
        tag("h1", "What the rules would have said"),
        tag("p", tag("b", said), f", {how}. Nothing was entered.", class_="sum"),
        _backtest_form(first, last, is_as_printed=is_as_printed),
        *(
            tag("p", f"{rule} looks further back than there are reports: it can say nothing before {say.day(day)}.", class_="note")
            for rule, day in waiting.items()
        ),
        tag("ol", *parts, class_="log") if number else tag("p", "No rule would have said anything.", class_="empty"),
        tag("p", tag("a", "Back to the rules", href="/watch", class_="button")),
        here="watch",
        styles=("records",),
    )


def _day(request: Request, day: Day) -> Html:
    alerts = (
        tag(
            "li",
            tag("p", tag("bdi", alert.said), " ", tag("code", alert.rule, class_="note")),
            tag(
                "p",
                "Events: ",
                join((tag("a", tag("code", e[:8]), href=f"/events/{quote(e)}") for e in alert.events[:EVIDENCE]), ", "),
                class_="note",
            )
            if alert.events
            else None,
        )
        for alert in day.alerts
    )
    return tag("li", tag("h3", say.day(day.day)), tag("ol", *alerts), class_="entry")


ROUTES = [
    Route("/watch", watch_page),
    Route("/watch/alerts.json", alerts_json),
    Route("/watch/alerts.csv", alerts_csv),
    Route("/watch/test", test_page),
]
