"""Only the difference is sent: what two graphs have in common is copied inside the store.

Statements are told apart by the first digits of their SHA-256, in buckets. Buckets whose
count and sum are alike are left alone; of the others the store tells the digests, page by
page and each page shorter than any cap on rows. So nothing is read back but digests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg.errors import StoreError
from kg.store import sums
from kg.store.prepare import Prepared
from kg.store.session import Store, numbers
from kg.store.stream import Coming

_STEP = "find the difference"
#: Hexadecimal digits of a bucket; 4,096 rows pass under the cap of 10,000 that some stores have.
_WIDTH = 3
#: How many digests one answer may hold, and one update may name: where the dialect caps rows, and where it does not.
_CAPPED, _FREE = (5_000, 400), (500_000, 20_000)
#: Each page, and each update that removes, looks at all statements: with more of them all is sent anew.
_MOST = 8

Tell = Callable[[str, int, int], None]


def send_difference(
    store: Store, prepared: Prepared | Coming, old: str, new: str, tell: Tell
) -> tuple[int, int] | None:
    """Make the graph `new` of what `old` has and what it lacks; return how many were sent, and how many left out.

    None, and nothing is done, where so much differs that it is quicker to send everything.
    """
    here = _buckets_here(prepared)
    there = _buckets_there(store, old)
    different = sorted(bucket for bucket in here.keys() | there.keys() if here.get(bucket) != there.get(bucket))
    held = set[str]()
    page_size, named = _CAPPED if store.dialect.rows else _FREE
    pages = list(_pages(different, there, page_size))
    # A bucket is told whole: one that holds more than a page would go over the cap.
    if len(pages) > _MOST or any(there.get(bucket, (0, 0))[0] > page_size for bucket in different):
        return None
    for done, page in enumerate(pages):
        tell(_STEP, done, len(pages))
        held |= _digests(store, old, page)
    wanted = _marks(prepared, set(different))
    added = [line for mark, line in wanted.items() if mark not in held]
    removed = sorted(held - wanted.keys())
    if len(removed) > _MOST * named:
        return None
    _copy(store, old, new)
    for start in range(0, len(removed), named):
        tell("remove", start, len(removed))
        store.update(_removal(store, new, removed[start : start + named]), "remove what is no more")
    size = store.dialect.piece
    for start in range(0, len(added), size):
        tell("load", start, len(added))
        store.add(new, added[start : start + size], "load")
    return len(added), len(removed)


def _hashed(store: Store) -> str:
    text = sums.KEY
    return f"SHA256({store.dialect.digested.replace('{}', text)})"


def _buckets_here(prepared: Prepared | Coming) -> dict[str, tuple[int, int]]:
    buckets: dict[str, tuple[int, int]] = {}
    for mark, _ in _marked(prepared):
        rows, total = buckets.get(mark[:_WIDTH], (0, 0))
        buckets[mark[:_WIDTH]] = rows + 1, total + sums.digits(mark)
    return buckets


def _buckets_there(store: Store, graph: str) -> dict[str, tuple[int, int]]:
    value = sums.number_of("?d")
    rows = store.rows(
        f"SELECT ?k (COUNT(*) AS ?count) (SUM({value}) AS ?sum) {{ GRAPH <{graph}> {{ ?s ?p ?o }} "
        f"BIND({_hashed(store)} AS ?d) BIND(SUBSTR(?d,1,{_WIDTH}) AS ?k) }} GROUP BY ?k",
        _STEP,
        3,
    )
    found = {}
    for key, *told in rows:
        if key:
            count, total = numbers(store, tuple(told), _STEP)
            found[str(key)[1:-1]] = count, total
    return found


def _pages(buckets: list[str], there: dict[str, tuple[int, int]], most: int) -> Iterator[list[str]]:
    page: list[str] = []
    size = 0
    for bucket in buckets:
        rows = there.get(bucket, (0, 0))[0]
        if page and size + rows > most:
            yield page
            page, size = [], 0
        page.append(bucket)
        size += rows
    if page:
        yield page


def _digests(store: Store, graph: str, buckets: list[str]) -> set[str]:
    named = " ".join(f'"{bucket}"' for bucket in buckets)
    # A join with VALUES: a list after IN would be gone through for each statement.
    rows = store.rows(
        f"SELECT ?k {{ {{ SELECT ?k (SUBSTR(?k,1,{_WIDTH}) AS ?bucket) {{ GRAPH <{graph}> {{ ?s ?p ?o }} "
        f"BIND({_hashed(store)} AS ?k) }} }} VALUES ?bucket {{ {named} }} }}",
        _STEP,
        1,
    )
    if any(row[0] is None for row in rows):
        raise StoreError(store.name, _STEP, "it does not tell the digests it was asked for", "load without --diff")
    return {str(row[0])[1:-1] for row in rows}


def _marked(prepared: Prepared | Coming) -> Iterator[tuple[str, bytes]]:
    """Yield the digest of each statement as the store will hold it, with the line that is sent for it."""
    from hashlib import sha256

    kept = {alteration.written: alteration.kept for alteration in prepared.altered if alteration.what == "literal"}
    seen: dict[str, str] = {}
    with open(prepared.path, "rb") as file:
        for line in file:
            subject, predicate, object_ = line[:-3].decode().split(" ", 2)
            text = seen.get(object_)
            if text is None:
                text = seen[object_] = sums.text_of(kept.get(object_, object_))
            yield sha256(f"{subject[1:-1]} {predicate[1:-1]} {text}".encode()).hexdigest(), line


def _marks(prepared: Prepared | Coming, buckets: set[str]) -> dict[str, bytes]:
    return {mark: line for mark, line in _marked(prepared) if mark[:_WIDTH] in buckets}


def _copy(store: Store, old: str, new: str) -> None:
    if store.dialect.copies:
        store.update(f"COPY GRAPH <{old}> TO GRAPH <{new}>", "copy the version before")
    else:
        text = f"INSERT {{ GRAPH <{new}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{old}> {{ ?s ?p ?o }} }}"
        store.update(text, "copy the version before")


def _removal(store: Store, graph: str, marks: list[str]) -> str:
    named = " ".join(f'"{mark}"' for mark in marks)
    return (
        f"DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ {{ SELECT ?s ?p ?o ?k {{ GRAPH <{graph}> {{ ?s ?p ?o }} "
        f"BIND({_hashed(store)} AS ?k) }} }} VALUES ?k {{ {named} }} }}"
    )
