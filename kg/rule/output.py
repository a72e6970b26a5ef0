"""Rules for what is written and asked: what a format or a consumer alters, what a store cannot tell."""

from __future__ import annotations

from collections.abc import Mapping

from kg.rule.model import INFO, VIOLATION, WARNING, Rule

RULES: Mapping[str, Rule] = {
    # -- query and export: what a consumer alters or a format cannot hold
    "query.literal-altered": Rule(
        INFO, "the SPARQL store reads {written} as {form}{more}", "compare texts with str(), or mind it in the answer"
    ),
    # -- validation in the store: what it cannot tell
    "store.not-run": Rule(
        INFO, "not run in a store: {codes}", "check the files for these: kg validate SOURCE, with --online for links"
    ),
    # -- export: what is written
    "export.missing": Rule(VIOLATION, "the file is missing", "write it: kgexport --format all -o DIR"),
    "export.stale": Rule(
        VIOLATION, "the file is not what would be written now", "write it anew: kgexport --format all -o DIR"
    ),
    "export.surplus": Rule(
        WARNING, "the set that stood here had this file; it is no longer written", "remove it, or move it elsewhere"
    ),
    "export.format-left-out": Rule(
        WARNING, "no {format} in the set: {reason}", "nothing, if the other files do; else remove what it names"
    ),
    "export.graph-left-out": Rule(
        WARNING,
        "{format} holds one graph; the graph {graph} is left out (statements: {count})",
        "choose a format that holds several: jsonld or nquads",
    ),
}
