"""The languages of a vocabulary: tags that mean nothing, texts without one, concepts that a language leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from heapq import nsmallest

from kg.check import measure
from kg.check.graph import Checked, GraphRule, family
from kg.check.measure import SHOWN
from kg.report import Finding
from kg.rule import finding
from kg.terms import Term
from kg.vocab import SKOS

#: The codes of ISO 639-1, two letters each: a language that has one is written with it (BCP 47, section 2.2.1).
_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el "
    "en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja "
    "jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd "
    "ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr "
    "ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_KNOWN = frozenset(_TWO_LETTERS.split())
#: Codes that were withdrawn, with what stands in their place (IANA Language Subtag Registry).
_WITHDRAWN: Mapping[str, str] = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro"}


def tags(checked: Checked) -> Iterator[Finding]:
    """Each language tag begins with a registered language; its form is seen to by the parser."""
    names, languages = checked.terms, checked.languages
    # A tag is looked at once, and its texts only when it is wrong.
    problems = {tag: said for tag in set(languages) if tag and (said := _problem(tag))}
    if not problems:
        return
    texts: dict[str, list[int]] = {}
    for row, number in enumerate(checked.rows.objects):
        if (tag := languages[number]) in problems:
            texts.setdefault(tag, []).append(row)
    subjects, predicates, objects = checked.rows[1:]
    for tag, rows in sorted(texts.items()):
        found = sorted((names[subjects[row]], names[predicates[row]], names[objects[row]]) for row in rows)
        words = {"tag": tag, "problem": problems[tag], "count": f"{len(rows):,}"}
        yield measure.told(checked, "quality.language-tag", found[:6], None, None, found[0][2], **words)


def _problem(tag: str) -> str:
    """Say what is wrong with the language of a tag.

    >>> _problem("us"), _problem("en-GB"), _problem("gsw"), _problem("iw")
    ('us is no language', '', '', 'withdrawn: write he')
    """
    first, _, rest = tag.lower().partition("-")
    if first in _WITHDRAWN:
        return f"withdrawn: write {_WITHDRAWN[first]}"
    if len(first) == 2 and first not in _KNOWN:
        return f"{first} is no language"
    # One letter is i or x, three a code of ISO 639-2 or 639-3; longer ones are reserved or one by one registered.
    if len(first) > 3 or (len(first) == 1 and (first not in "ix" or not rest)):
        return f"{first} is no language"
    return ""


def is_wrong_tag(tag: str) -> bool:
    """Tell whether a language tag begins with no language."""
    return bool(_problem(tag))


def untagged_notes(checked: Checked) -> Iterator[Finding]:
    """Each note names its language; a label does, too, by `glossary.label-language`."""
    names, found, whole = checked.terms, list[measure.Numbered](), 0
    for predicate in family(SKOS.note):
        for one, text in checked.pairs(predicate):
            term = names[text]
            if term[-1] == '"':
                found.append((one, predicate, text))
            whole += term[0] == '"'
    yield from measure.statements(checked, "quality.note-language", found, whole, "notes")


def coverage(checked: Checked) -> Iterator[Finding]:
    """Every concept has a text in every language of the vocabulary, and all have one in common.

    As in qSKOS, every literal said of a concept counts, not labels alone. A language that one concept
    alone has is not the vocabulary's. Where none is common to all, the one that comes closest is told as that.
    """
    spoken, whole = _spoken(checked), len(checked.concepts)
    closest = max(sorted(spoken), key=lambda tag: len(spoken[tag]), default="")
    for tag in sorted(spoken):
        having = spoken[tag]
        if tag == closest and len(spoken) > 1 and len(having) < whole:
            yield _partly(checked, "quality.common-language", tag, having)
        elif 1 < len(having) < whole:
            yield _partly(checked, "quality.language-coverage", tag, having)


def _partly(checked: Checked, code: str, tag: str, having: set[int]) -> Finding:
    names, whole = checked.terms, len(checked.concepts)
    told = having if is_rare(len(having), whole) else checked.concepts - having
    first = [names[number] for number in nsmallest(SHOWN, told, key=names.__getitem__)]
    return partly(checked, code, tag, first, len(having), whole)


def is_rare(having: int, whole: int) -> bool:
    """Tell whether those that have a language are named, since they are fewer than those that lack it."""
    return having < whole - having


def partly(checked: Checked, code: str, tag: str, first: list[Term], having: int, whole: int) -> Finding:
    """Tell of a language that some concepts have: which lack it, or which have it when these are few."""
    rare, lacking = is_rare(having, whole), whole - having
    words = f"on {having:,} of {whole:,} concepts only" if rare else f"missing on {lacking:,} of {whole:,}"
    left = (having if rare else lacking) - len(first)
    which = f"{words}: {checked.wording.names(first)}{f' and {left:,} more' if left else ''}"
    places = [place for concept in first if (place := measure.place_of(checked, concept))]
    made = finding(code, places[0] if places else None, also=tuple(places[1:]), tag=tag, which=which)
    return made._replace(value=f'"{tag}"')


class _Speakers(dict[str, "Callable[[int], None]"]):
    """What takes the next concept with a text in each language: one look-up a text."""

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[str, set[int]] = {}

    def __missing__(self, tag: str) -> Callable[[int], None]:
        self[tag] = add = self.take(tag).add
        return add

    def take(self, tag: str) -> set[int]:
        """Return the concepts of a language, to add to them."""
        return self.members.setdefault(tag, set())


def _spoken(checked: Checked) -> dict[str, set[int]]:
    """Return the concepts that have a text in each language."""
    concepts, languages = checked.concepts, checked.languages
    spoken = _Speakers()
    for predicate in checked.predicates:
        pairs = checked.pairs(predicate)
        tags = list(map(languages.__getitem__, pairs.objects))
        if tags.count(tags[0]) == len(tags):
            spoken.take(tags[0]).update(pairs.subjects if tags[0] else ())
            continue
        for one, tag in zip(pairs.subjects, tags, strict=True):
            spoken[tag](one)
    found = {tag: members & concepts for tag, members in spoken.members.items() if tag}
    return {tag: members for tag, members in found.items() if members}


#: The rules, in the order they run.
GRAPH_RULES = (
    GraphRule(("quality.language-tag",), tags),
    GraphRule(("quality.note-language",), untagged_notes),
    GraphRule(("quality.language-coverage", "quality.common-language"), coverage),
)
