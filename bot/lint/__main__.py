"""`python -m bot.lint`: a line per finding; exit code 1 when one of them is an error."""

import argparse
import json
import sys

from bot.lint.places import add_places
from bot.lint.run import lint


def main(arguments: list[str] | None = None) -> int:
    """Lints; 1 when something has to be mended."""
    options = _parser().parse_args(arguments)
    findings = lint(
        options.config,
        options.domain,
        options.data,
        fast=options.fast,
        thorough=options.thorough,
    )
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    if options.json:
        found = {
            "items": [finding.as_json() for finding in findings],
            "errors": errors,
            "warnings": warnings,
        }
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            print(finding)
        print(f"training data: {errors} errors, {warnings} warnings", file=sys.stderr)
    return 1 if errors else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.lint", description=__doc__)
    add_places(parser)
    parser.add_argument("--json", action="store_true", help="print JSON, for piping")
    parser.add_argument("--fast", action="store_true", help="only what needs no model")
    parser.add_argument("--thorough", action="store_true", help="every label that is doubted")
    return parser


if __name__ == "__main__":
    sys.exit(main())
