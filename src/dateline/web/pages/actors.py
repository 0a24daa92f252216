"""Actors: who is named, most told of first, and of each what tables and ledger know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.knowledge.own_actors import OwnActorsError
from dateline.ledger import named
from dateline.ledger.named import Dealing, Dealt, Named, Names, Standing, read_names
from dateline.ledger.rows import ClaimRow
from dateline.views import pictures
from dateline.views import wording as say
from dateline.views.actor_page import ActorPage, Side, Spelling, Term, names_like, read_actor_page
from dateline.views.markup import Html, Part, join, scrolling, tag
from dateline.views.wording import Wording
from dateline.web import lists
from dateline.web.filters import moment_of
from dateline.web.lists import Pages
from dateline.web.pages.one_actor import one_actor_section, same_address
from dateline.web.sharing.rows import about_list
from dateline.web.shell import page, problem
from dateline.web.site import site_of

ALL = 10**9
"""More names than there can be."""

LATEST = 20
"""Records that an actor's page shows."""

AROUND = 12
"""Others that it lists under each heading."""

STANDINGS = {Standing.PARTY: "Who did it, and to whom", Standing.TELLER: "Who tells of it"}


# ---------------------------------------------------------------- the list


def list_page(request: Request) -> Response:
    """Names by how often they are told of; any part of a name finds it."""
    moment, wording = moment_of(request), say.load_wording()
    words, standing = _asked(request)
    pages, found = _page(request, lists.SIZE)
    rows = [_row(request, actor, standing, wording) for actor in found]
    heads = ("Name", "Mostly taken for", "Did it", "Done to", "Tells", "First day", "Last day")
    numbers = {2, 3, 4}
    table = tag(
        "table",
        tag("caption", f"{pages.total:,} names. Figures are records, as they were read."),
        tag(
            "thead",
            tag(
                "tr",
                *(tag("th", head, scope="col", class_="number" if n in numbers else None) for n, head in enumerate(heads)),
            ),
        ),
        tag("tbody", *rows),
    )
    nothing = f"No name has “{words}” in it." if words else "The ledger names nobody yet."
    return page(
        request,
        "Actors",
        tag("h1", "Actors"),
        lists.then(request, moment),
        _form(request, words),
        _standings(request, standing),
        scrolling("Actors", table) if found else tag("p", nothing, class_="empty"),
        lists.pager(request, pages),
        lists.as_data(request, "/actors"),
        here="actors",
        styles=("records",),
    )


def _asked(request: Request) -> tuple[str | None, Standing]:
    words = " ".join(request.query_params.get("q", "").split()) or None
    standing = request.query_params.get("as", "")
    return words, Standing(standing) if standing in set(Standing) else Standing.PARTY


def _names(request: Request) -> Names:
    """All names at the moment that the address asks for; to count them is the slow part, so they are kept."""
    site, moment = site_of(request), moment_of(request)
    names = site.kept("names", moment, lambda: read_names(site.ledger, moment))
    return names.under(site.judged(moment).shown_names)


def _page(request: Request, size: int) -> tuple[Pages, list[Named]]:
    """The page that is asked for; one that lies behind the last gives the last."""
    words, standing = _asked(request)
    names = _names(request)
    total, _ = names.page(standing, words, limit=0)
    pages = lists.pages_of(request, total, size)
    return pages, names.page(standing, words, limit=size, offset=pages.offset)[1]


def _row(request: Request, actor: Named, standing: Standing, wording: Wording) -> Html:
    return tag(
        "tr",
        tag("th", tag("a", actor.name, href=actor_address(request, actor.name), dir="auto"), scope="row"),
        tag("td", _side(actor, wording)),
        *(tag("td", f"{n:,}" if n else "–", class_="number") for n in (actor.as_actor, actor.as_recipient, actor.as_teller)),
        tag("td", actor.first_day.isoformat() if actor.first_day else "–"),
        tag("td", actor.last_day.isoformat() if actor.last_day else "–"),
    )


def _side(actor: Named, wording: Wording) -> str:
    sector = wording.sectors.get(actor.sector or "", actor.sector)
    return ", ".join(part for part in (actor.country, sector) if part) or "–"


def actor_address(request: Request, name: str, **fields: str | None) -> str:
    """Where an actor's page is."""
    return lists.to(request, f"/actors/{quote(name, safe='')}", **fields)


def _form(request: Request, words: str | None) -> Html:
    kept = [
        tag("input", type="hidden", name=name, value=value) for name in ("as", "as_of") if (value := request.query_params.get(name))
    ]
    return tag(
        "form",
        *kept,
        tag(
            "p",
            tag("label", "Any part of a name", for_="of-q"),
            tag("input", type="search", name="q", id="of-q", value=words or "", autocomplete="off"),
        ),
        tag("button", "Show", type="submit"),
        class_="row find",
        action="/actors",
        role="search",
        aria_label="Actors",
    )


def _standings(request: Request, standing: Standing) -> Html:
    links = (
        tag(
            "li",
            tag(
                "a",
                words,
                href=lists.with_query(request, **{"as": None if one is Standing.PARTY else one.value}),
                aria_current="page" if one is standing else None,
            ),
        )
        for one, words in STANDINGS.items()
    )
    return tag("nav", tag("ul", *links, class_="shelves"), aria_label="Which actors")


def list_json(request: Request) -> Response:
    """A page of names with their figures."""
    pages, found = _page(request, lists.MOST)
    return lists.json_page(request, pages, [asdict(actor) for actor in found], about_list(request, pages.total, "names"))


def list_csv(request: Request) -> Response:
    """All names that fit."""
    words, standing = _asked(request)
    _, found = _names(request).page(standing, words, limit=ALL)
    said = about_list(request, len(found), "names")
    return lists.csv_answer("actors.csv", tuple(Named.__dataclass_fields__), map(asdict, found), said)


# ---------------------------------------------------------------- one actor


def actor_page(request: Request) -> Response:
    """What tables and ledger know of an actor: names, offices, sides, what they did to whom, with whom, and the latest records."""
    found = _read(request)
    if isinstance(found, Response):
        return found
    moment, wording = moment_of(request), say.load_wording()
    ledger = site_of(request).ledger
    known_as = {(spelling.name, country) for spelling in found.spellings for country in (*found.countries, None)}
    around = named.dealings(ledger, known_as, limit=AROUND, as_of=moment) if known_as else []
    by_day = named.days(ledger, known_as, as_of=moment) if known_as else []
    judged = site_of(request).judged(moment)
    claims = [row.claim_id for row in found.latest]
    events = ledger.membership(claims, judged=judged.events, as_of=moment) if claims else {}
    event_of = {claim: event for event, members in events.items() for claim in members}
    explore = f"/?{urlencode([('actor', spelling.name) for spelling in found.spellings[:20]] + _as_of(request))}"
    parties = sum(side.claims for side in found.sides)
    return page(
        request,
        found.name,
        tag("h1", tag("bdi", found.name)),
        lists.then(request, moment),
        tag("p", _who(found, wording), class_="sum"),
        tag("p", tag("a", "Its events on map and timeline", href=explore, class_="button")) if parties else None,
        _when(by_day),
        tag(
            "div",
            _known_as(found, wording),
            _terms(found.terms, wording),
            _side_list(found.sides, wording),
            class_="facts-of",
        ),
        one_actor_section(request, judged, request.path_params["name"], found),
        _around(request, found, around),
        _counts(found, wording),
        _latest(request, found, event_of, wording),
        tag("p", "As data: ", tag("a", "JSON", href=lists.with_query(request, f"{request.url.path}.json")), class_="note twins"),
        here="actors",
        styles=("records",),
    )


def _as_of(request: Request) -> list[tuple[str, str]]:
    said = request.query_params.get("as_of")
    return [("as_of", said)] if said else []


def _read(request: Request) -> ActorPage | Response:
    """The actor whom the address names; nobody knows one, or the users' own table is not as it should be: a page that says so."""
    site, moment = site_of(request), moment_of(request)
    names = site.judged(moment).names_of(request.path_params["name"])
    name, also = names[0], names if len(names) > 1 else ()
    country = request.query_params.get("country", "").upper() or None
    try:
        named_actors = site.kept("named actors", moment, lambda: site.ledger.named_actors(moment))
        found = read_actor_page(
            site.ledger, site.actors, name, country=country, limit=LATEST, as_of=moment, named=named_actors, also=also
        )
    except OwnActorsError as fault:
        return problem(request, 409, "The table of your own actors has mistakes", str(fault), here="actors")
    if found is not None:
        return found
    like = names_like(site.ledger, name)
    hint: Part = "Look for a part of the name among the actors."
    if like:
        links = (tag("a", one, href=actor_address(request, one), dir="auto") for one in like)
        hint = join(["Names like it: ", join(links, ", "), "."])
    words = join(["Neither the tables nor the ledger know an actor called ", tag("bdi", name), ". ", hint])
    return problem(request, 404, "No such actor", words, here="actors")


def _who(found: ActorPage, wording: Wording) -> Html:
    parts: list[Part] = []
    if found.countries:
        parts.append(" or ".join(found.countries))
    if found.id:
        parts.append(join(["known in the tables as ", tag("code", found.id)]))
    else:
        parts.append("known in this ledger only")
    as_party, as_teller = sum(side.claims for side in found.sides), sum(spelling.as_teller for spelling in found.spellings)
    parts.append(join([tag("b", say.tally(as_party, "record")), " as a party"]))
    if as_teller:
        parts.append(join([tag("b", say.tally(as_teller, "record")), " on their word"]))
    return join(parts, " · ")


def _known_as(found: ActorPage, wording: Wording) -> Html:
    rows: list[Part] = [
        tag("li", tag("bdi", spelling.name), " ", tag("span", _as_what(spelling), class_="note")) for spelling in found.spellings
    ]
    parts: list[Part] = [
        tag("h2", "Names that were taken for the same"),
        tag("ul", *rows) if rows else tag("p", "None in this ledger."),
    ]
    if found.aliases:
        parts.append(tag("p", "The tables also know: ", join((tag("bdi", alias) for alias in found.aliases), ", "), class_="note"))
    if found.namesakes:
        others = join(
            (
                join(
                    [
                        tag("a", tag("bdi", one.name), href=same_address(found.name, one.name)),
                        f" ({one.country})" if one.country else "",
                        f" {one.as_actor + one.as_recipient + one.as_teller:,}",
                    ]
                )
                for one in found.namesakes[:AROUND]
            ),
            ", ",
        )
        more = f" and {len(found.namesakes) - AROUND} more" if len(found.namesakes) > AROUND else ""
        parts.append(tag("p", "Perhaps the same, and not counted: ", others, more, ".", class_="note"))
    return tag("section", *parts)


def _as_what(spelling: Spelling) -> str:
    told = ((spelling.as_actor, "did it"), (spelling.as_recipient, "done to"), (spelling.as_teller, "tells"))
    return ", ".join(f"{words} {number:,}" for number, words in told if number)


def _terms(terms: Sequence[Term], wording: Wording) -> Html | None:
    if not terms:
        return None
    items = (
        tag(
            "li",
            ", ".join(
                part for part in (term.office or "on the list", term.country, wording.sectors.get(term.sector, term.sector)) if part
            ),
            " ",
            tag("span", f"{term.since or '…'} to {term.until or 'now'}, {term.table}", class_="note"),
        )
        for term in terms
    )
    return tag("section", tag("h2", "Offices by the tables"), tag("ul", *items))


def _side_list(sides: Sequence[Side], wording: Wording) -> Html | None:
    if not sides:
        return None
    items = (
        tag(
            "li",
            ", ".join(
                (
                    side.country or "country not known",
                    wording.sectors.get(side.sector or "", side.sector or "") or "sector not known",
                )
            ),
            " ",
            tag("span", f"{say.tally(side.claims, 'record')}, {_days(side)}", class_="note"),
        )
        for side in sides
    )
    return tag("section", tag("h2", "Taken for"), tag("ul", *items))


def _days(side: Side) -> str:
    return say.days(side.first_day, side.last_day) or "undated"


DEALINGS = {
    Dealing.TO: "Did it to",
    Dealing.BY: "Done to them by",
    Dealing.WITH: "Together with",
    Dealing.WORD: "On the word of",
}


def _around(request: Request, found: ActorPage, around: Sequence[Dealt]) -> Html | None:
    """Four short lists; each line leads to the events of both."""
    sections = []
    for dealing, title in DEALINGS.items():
        dealt = [one for one in around if one.dealing is dealing]
        if not dealt:
            continue
        items = (
            tag(
                "li",
                tag("a", one.name, href=actor_address(request, one.name), dir="auto"),
                " ",
                tag("a", f"{one.type} {one.claims:,}".strip(), href=_both(request, found, one), class_="note"),
            )
            for one in dealt
        )
        sections.append(tag("section", tag("h3", title), tag("ol", *items)))
    return tag("div", tag("h2", "With whom"), tag("div", *sections, class_="facts-of")) if sections else None


def _both(request: Request, found: ActorPage, one: Dealt) -> str:
    """The events of that type in which the actor stands: values of one facet are alternatives, so the other one is a word."""
    fields = [("actor", spelling.name) for spelling in found.spellings[:20]] + [("q", one.name)]
    fields += [("type", one.type)] if one.type else []
    return f"/?{urlencode(fields + _as_of(request))}"


def _counts(found: ActorPage, wording: Wording) -> Html | None:
    if not found.counts:
        return None
    years = sorted({count.year for count in found.counts}, key=lambda year: (year is None, year or 0))
    said = {"actor": "did it", "recipient": "done to", "teller": "tells"}
    head = tag(
        "tr",
        tag("th", "As", scope="col"),
        tag("th", "Type", scope="col"),
        *(tag("th", str(year or "undated"), scope="col", class_="number") for year in years),
        tag("th", "all", scope="col", class_="number"),
    )
    rows = []
    for party, type in dict.fromkeys((count.party, count.type) for count in found.counts):
        own = {count.year: count.claims for count in found.counts if (count.party, count.type) == (party, type)}
        cells = [tag("td", f"{own[year]:,}" if year in own else "–", class_="number") for year in years]
        rows.append(
            tag(
                "tr",
                tag("th", said.get(party, party), scope="row"),
                tag("td", type),
                *cells,
                tag("td", f"{sum(own.values()):,}", class_="number"),
            )
        )
    table = tag("table", tag("caption", "Records by year of their first day"), tag("thead", head), tag("tbody", *rows))
    return join([tag("h2", "What, and when"), scrolling("Records by type and year", table)])


def _latest(request: Request, found: ActorPage, event_of: dict[str, str], wording: Wording) -> Html | None:
    if not found.latest:
        return None
    items = (_record(request, row, event_of.get(row.claim_id, row.claim_id), wording) for row in found.latest)
    return join([tag("h2", "Latest records"), tag("ol", *items, class_="texts")])


def _record(request: Request, row: ClaimRow, event: str, wording: Wording) -> Html:
    noun = wording.nouns.get(f"{row.type} {row.mode}") or wording.nouns.get(row.type, row.type.lower())
    who = ", ".join(row.actor_names) or "nobody named"
    whom = ", ".join(row.recipient_names)
    place = ", ".join(part for part in (row.place_name, row.place_country) if part)
    facts: list[Part] = [
        say.days(row.first_day, row.last_day) or "undated",
        tag("bdi", place) if place else None,
        row.status,
        tag("bdi", row.publisher) if row.publisher else None,
    ]
    line = join([tag("bdi", who), " – ", noun, *([" – ", tag("bdi", whom)] if whom else [])])
    return tag(
        "li",
        tag("p", tag("a", line, href=lists.to(request, f"/events/{quote(event)}")), class_="title"),
        tag("p", tag("a", tag("q", row.evidence, dir="auto"), href=lists.words_of(request, row))),
        tag("p", join([fact for fact in facts if fact], " · "), class_="note"),
    )


# ---------------------------------------------------------------- when, as a picture


def _when(by_day: Sequence[tuple[date, int]]) -> Html | None:
    """A bar for every day, week, month or year, whichever the span allows, with the same figures as a table."""
    bars = lists.binned(by_day)
    if len(bars) < 2:
        return None
    largest = max(number for _, number in bars)
    step = min(28.0, 900 / len(bars))
    height = 64
    drawn = (
        tag(
            "rect",
            x=f"{n * step:.1f}",
            y=f"{height - number / largest * height:.1f}",
            width=f"{max(1.0, step - 2):.1f}",
            height=f"{number / largest * height:.1f}",
        )
        for n, (_, number) in enumerate(bars)
        if number
    )
    total = sum(number for _, number in bars)
    picture = pictures.svg(
        step * len(bars), height, *drawn, class_="strip", label=f"{total:,} dated records, {bars[0][0]} to {bars[-1][0]}"
    )
    rows = (tag("tr", tag("th", label, scope="row"), tag("td", f"{number:,}", class_="number")) for label, number in bars if number)
    table = tag("table", tag("tbody", *rows))
    return tag(
        "figure",
        tag("figcaption", f"Dated records, {bars[0][0]} to {bars[-1][0]}", class_="note"),
        scrolling("Records over time", picture),
        tag("details", tag("summary", "As a table"), table),
        class_="when",
    )


def actor_json(request: Request) -> Response:
    """The same as data."""
    found = _read(request)
    if isinstance(found, Response):
        return found
    return lists.json_answer({"about": about_list(request, len(found.latest), "claims"), **asdict(found)})


ROUTES = [
    Route("/actors", list_page),
    Route("/actors.json", list_json),
    Route("/actors.csv", list_csv),
    Route("/actors/{name:path}.json", actor_json),
    Route("/actors/{name:path}", actor_page),
]
