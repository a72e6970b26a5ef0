"""The group `kg`, with commands that are imported when they are called, and `kgexport`."""

from __future__ import annotations

from typing import Any

import click

from kg.cli.export import export

_COMMANDS = {
    "claims": "kg.cli.claims:claims",
    "convert": "kg.cli.convert:convert",
    "export": "kg.cli.export:export",
    "load": "kg.cli.load:load",
    "query": "kg.cli.query:query",
    "unload": "kg.cli.versions:unload",
    "validate": "kg.cli.validate:validate",
    "verify": "kg.cli.verify:verify",
    "versions": "kg.cli.versions:versions",
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called, or its help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import one command."""
        if cmd_name not in _COMMANDS:
            return None
        from importlib import import_module

        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


def _version(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"kgexport {version('kgexport')}")
        ctx.exit()


VERSION = click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit."
)

kg = VERSION(
    LazyGroup(
        "kg",
        help="A glossary in, linked data that every consumer accepts out.",
        epilog="Exit codes: 0 done and conforming, 1 findings, 2 wrong use, 3 a source or target failed.",
    )
)
kgexport = VERSION(export)
