"""The quality of labels, notes and notations: empty, invisible, shared, hardly different, missing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kg import terms
from kg.check import measure
from kg.check.graph import Checked, GraphRule, family
from kg.report import Finding
from kg.terms import Term
from kg.text import BIDI
from kg.vocab import ADMS, ADMS_STATUS, DCTERMS, KG, RDFS, SKOS, SKOSXL

_LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
NAMING = (*_LABELS, RDFS.label, DCTERMS.title, SKOSXL.literalForm)
#: What joins letters in Persian, the scripts of India and emoji, and what `text.bidi` is about.
_MEANT = frozenset("\u200c\u200d" + BIDI)
_INVISIBLE = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
#: Signs that do not tell two labels apart; + and # do, as in C++ and C#, and so does the dot of 1.1.
_FOLDED = " -_,;:!?/'()[]\u00a0\u2010\u2011\u2012\u2013\u2014\u2018\u2019\u201c\u201d"
#: Capitals alone of up to this length are an acronym.
_ACRONYM = 6
_PART = 256
_CANDIDATE = ADMS_STATUS.UnderDevelopment


def flawed(checked: Checked) -> Iterator[Finding]:
    """No label is empty, or holds white space that nobody sees, or characters without a sign."""
    names = checked.terms
    for predicate in NAMING:
        pairs = checked.pairs(predicate)
        if doubtful := set(_suspicious(names, list(set(pairs.objects)))):
            for subject, label in sorted((names[one], names[text]) for one, text in pairs if text in doubtful):
                yield from _flaws(checked, subject, predicate, label)


def _suspicious(names: Sequence[Term], labels: list[int]) -> Iterator[int]:
    """Yield the labels that need a look: many are cleared by looking at them as one text."""
    for start in range(0, len(labels), _PART):
        part = labels[start : start + _PART]
        if _is_suspicious("|".join(map(names.__getitem__, part))):
            yield from (label for label in part if _is_suspicious(names[label]))


def _is_suspicious(terms_: str) -> bool:
    return (
        "\\" in terms_
        or "  " in terms_
        or ' "' in terms_
        or terms_.startswith(('" ', '""'))
        or '|" ' in terms_
        or '|""' in terms_
        or not terms_.isprintable()
    )


def _flaws(checked: Checked, subject: Term, predicate: Term, term: Term) -> Iterator[Finding]:
    if term[0] != '"':
        return
    text, found = terms.lexical(term), list[tuple[str, dict[str, str]]]()
    if not text.strip():
        found.append(("quality.label-empty", {}))
    elif text != text.strip():
        found.append(("quality.label-space", {"problem": "white space around it"}))
    elif "  " in text or any(sign in text for sign in "\t\n\r"):
        found.append(("quality.label-space", {"problem": "a line end, a tab or several spaces between words"}))
    for sign in dict.fromkeys(text):
        if _is_invisible(sign):
            character = f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip()
            found.append(("quality.label-unprintable", {"character": character}))
    row, name = (subject, predicate, term), checked.wording.name
    for code, data in found:
        words = {"property": measure.short(predicate), "subject": name(subject), "value": name(term), **data}
        yield measure.told(checked, code, [row], *row, **words)


def _is_invisible(sign: str) -> bool:
    """Tell whether a character has no sign; line ends are white space, other controls `rdf.control-character` tells."""
    return sign >= "\x80" and sign not in _MEANT and unicodedata.category(sign) in _INVISIBLE


# -- labels of several concepts ----------------------------------------------------


def overlaps(checked: Checked) -> Iterator[Finding]:
    """No alternative or hidden label belongs to several concepts of a scheme; letter case does not tell them apart.

    A label that is also a preferred one is told by `glossary.label-clash`.
    """
    names, shared = checked.terms, _shared_aliases(checked)
    for folded in sorted(shared):
        stated = shared[folded]
        for alike in _of_one_scheme(checked, stated):
            rows = [(names[concept], stated[concept][0], names[stated[concept][1]]) for concept in alike]
            words = {"label": checked.wording.name(rows[0][2]), "count": str(len(alike))}
            words["concepts"] = checked.wording.names([row[0] for row in rows])
            yield measure.told(checked, "quality.label-overlap", rows, *rows[0], **words)


def _shared_aliases(checked: Checked) -> dict[str, dict[int, tuple[Term, int]]]:
    """Return the aliases of several concepts that nobody prefers: property and label of each concept."""
    aliases, folded = checked.aliases, checked.folded_aliases
    first: dict[str, int] = {}
    several = {word for _, one, label in aliases if first.setdefault(word := folded[label], one) != one}
    if several:
        several.difference_update(checked.folded_labels.values())
    found: dict[str, dict[int, tuple[Term, int]]] = {}
    concepts = checked.concepts
    for plain, concept, label in aliases:
        if folded[label] in several and concept in concepts:
            found.setdefault(folded[label], {}).setdefault(concept, (plain, label))
    return found


def near_duplicates(checked: Checked) -> Iterator[Finding]:
    """Preferred labels of one scheme and language differ in more than case, plural, hyphens and diacritics.

    Equal labels are told by `glossary.ambiguous-label`. An acronym is not the word it spells (IT and it).
    """
    names, retired = checked.terms, checked.retired
    labels = [label for label in set(checked.pairs(SKOS.prefLabel).objects) if names[label][0] == '"']
    keys = _folded([names[label] for label in labels]) if labels else []
    # First whatever ends in s is taken for a plural, and the few that then meet are looked at one by one.
    few = _colliding(labels, _without_s(keys, set(checked.languages)))
    known = dict(zip(labels, keys, strict=True)) if few else {}
    shared = _colliding(list(few), [_singular(known[label]) for label in few])
    groups: dict[str, dict[int, int]] = {}
    if shared:
        for concept, label in checked.pairs(SKOS.prefLabel):
            meant = label in shared and concept in checked.concepts and concept not in retired
            if meant and not _is_acronym(names[label]):
                groups.setdefault(shared[label], {}).setdefault(concept, label)
    for key in sorted(groups):
        for group in _of_one_scheme(checked, groups[key]):
            told = [groups[key][concept] for concept in group]
            if len(set(told)) > 1:
                rows = [(names[one], SKOS.prefLabel, names[label]) for one, label in zip(group, told, strict=True)]
                words = ", ".join(map(checked.name, checked.by_text(told)))
                focus, path, value = rows[0][0], SKOS.prefLabel, rows[1][0]
                yield measure.told(checked, "quality.near-duplicate", rows, focus, path, value, labels=words)


def folded_labels(labels: Sequence[str]) -> list[str]:
    """Return what labels are compared by, so that those which hardly differ are equal.

    >>> folded_labels(['"Data-Sets"@en', '"dataset"@en'])
    ['"dataset"@en', '"dataset"@en']
    """
    return [_singular(key) for key in _folded(labels)] if labels else []


def _is_acronym(term: str) -> bool:
    text = term[1 : term.rindex('"')]
    return text.isupper() and text.isalpha() and len(text) <= _ACRONYM


def _colliding(labels: Sequence[int], keys: Sequence[str]) -> dict[int, str]:
    """Return the keys of the labels that share theirs with another label."""
    counts = Counter(keys)
    return {label: key for label, key in zip(labels, keys, strict=True) if counts[key] > 1}


def _folded(labels: Sequence[str]) -> list[str]:
    """Return what is left of labels without case, joints and diacritics.

    Many are one text meanwhile; those in ASCII are apart, since one character beyond makes a text dearer.

    >>> _folded(['"Data-Sets"@en', '"façade"@en', '"C++"@en'])
    ['"datasets"@en', '"facade"@en', '"c++"@en']
    """
    plain = iter(_unjoined("\n".join(label for label in labels if label.isascii())).split("\n"))
    others = _unjoined("\n".join(label for label in labels if not label.isascii()))
    rest = iter(re.sub("[\u0300-\u036f]+", _beside_latin, unicodedata.normalize("NFKD", others)).split("\n"))
    return [next(plain if label.isascii() else rest) for label in labels]


def _unjoined(text: str) -> str:
    text = text.casefold()
    for sign in _FOLDED:
        text = text.replace(sign, "")
    return text


def _beside_latin(marks: re.Match[str]) -> str:
    """Drop the marks of a Latin letter; in other scripts they tell letters apart."""
    return "" if "a" <= marks.string[marks.start() - 1] <= "z" else marks[0]


def _without_s(keys: Sequence[str], languages: Iterable[str]) -> list[str]:
    """Return folded labels without a last s, where they are English or in a language that is not named."""
    text = "\n".join((*keys, ""))
    for tag in {"", *(f"@{tag.casefold().replace('-', '')}" for tag in languages if tag[:2] == "en")}:
        text = text.replace(f'ies"{tag}\n', f'y"{tag}\n').replace(f's"{tag}\n', f'"{tag}\n')
    return text.split("\n")[:-1]


def _singular(key: str) -> str:
    """Return a folded label without the end of an English plural.

    >>> _singular('"berries"@en'), _singular('"glass"@en'), _singular('"as"@en'), _singular('"las"@fr')
    ('"berry"@en', '"glass"@en', '"as"@en', '"las"@fr')
    """
    end = key.rindex('"')
    word, tag = key[:end], key[end + 1 :]
    if tag[:3] in ("", "@en") and len(word) > 4 and word[-1] == "s" and word[-2] not in "su":
        word = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return f'{word}"{tag}'


def _of_one_scheme(checked: Checked, concepts: Iterable[int]) -> list[tuple[int, ...]]:
    """Return the groups of several among some concepts that are of one scheme; those of none count as of one."""
    groups: dict[int, list[int]] = {}
    for concept in checked.by_text(concepts):
        for scheme in checked.memberships.get(concept) or (-1,):
            groups.setdefault(scheme, []).append(concept)
    found = {tuple(members) for members in groups.values() if len(members) > 1}
    return sorted(found, key=lambda group: [checked.terms[concept] for concept in group])


# -- notes and notations -----------------------------------------------------------


def undocumented(checked: Checked) -> Iterator[Finding]:
    """Each concept has a definition or another note; SKOS's notes and what is below them count.

    A concept without a definition is told by `glossary.concept-undefined`, where that is asked for.
    """
    found = set(checked.concepts)
    if checked.wanted("glossary.concept-undefined"):
        candidates = (one for one, status in checked.pairs(ADMS.status) if checked.terms[status] == _CANDIDATE)
        found &= checked.instances(KG.Entry).union(candidates)
    for predicate in family(SKOS.note):
        found.difference_update(checked.pairs(predicate).subjects)
    yield from measure.concepts(checked, "quality.undocumented", found, len(checked.concepts))


def notations(checked: Checked) -> Iterator[Finding]:
    """Each notation names one concept of a scheme, and a concept has one notation of a kind."""
    names, concepts = checked.terms, checked.concepts
    named: dict[int, list[int]] = {}
    of_one: dict[tuple[int, str], list[int]] = {}
    for concept, notation in checked.pairs(SKOS.notation):
        if concept in concepts and names[notation][0] == '"':
            named.setdefault(notation, []).append(concept)
            of_one.setdefault((concept, terms.datatype(names[notation])), []).append(notation)
    for notation in checked.by_text(value for value, members in named.items() if len(members) > 1):
        for group in _of_one_scheme(checked, named[notation]):
            rows = [(names[concept], SKOS.notation, names[notation]) for concept in group]
            words = {"notation": checked.name(notation), "concepts": checked.wording.names([row[0] for row in rows])}
            yield measure.told(checked, "quality.notation-shared", rows, *rows[0], count=len(rows), **words)
    for (concept, _), several in sorted(of_one.items(), key=lambda item: names[item[0][0]]):
        if len(several) > 1:
            rows = [(names[concept], SKOS.notation, names[one]) for one in checked.by_text(several)]
            words = {"subject": checked.name(concept), "notations": checked.wording.names([row[2] for row in rows])}
            focus, path = names[concept], SKOS.notation
            yield measure.told(checked, "quality.notation-several", rows, focus, path, count=len(rows), **words)


#: The rules, in the order they run.
GRAPH_RULES = (
    GraphRule(("quality.label-empty", "quality.label-space", "quality.label-unprintable"), flawed),
    GraphRule(("quality.label-overlap",), overlaps),
    GraphRule(("quality.near-duplicate",), near_duplicates),
    GraphRule(("quality.undocumented",), undocumented),
    GraphRule(("quality.notation-shared", "quality.notation-several"), notations),
)
