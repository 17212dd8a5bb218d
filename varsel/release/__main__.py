"""`python -m varsel.release 1.2.0`: make a release of the repository that this is started in."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from varsel.release.make_release import differences, make_release, planned
from varsel.release.plan import ReleaseRefused


def main() -> None:
    """Exit 0 if it is made, 1 if it may not be, 2 if used wrongly."""
    parser = argparse.ArgumentParser(
        prog="python -m varsel.release",
        description="Set the version, put what is unreleased in the changelog under it, commit and "
        "tag. Refuses if the tree is not clean, if the version is not greater than the last "
        "release's, if the changelog says nothing, or if the release before could not run on its "
        "data. See docs/developer.md, «To make a release».",
        epilog="Example: python -m varsel.release 1.2.0 --dry-run",
    )
    parser.add_argument("version", help="three numbers, as in 1.2.0")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and stop")
    given = parser.parse_args()
    repo = Path.cwd()
    try:
        release = planned(repo, given.version, datetime.now(UTC).date())
        if given.dry_run:
            sys.stdout.writelines(differences(repo, release))
            sys.stdout.write(f"Would commit «release: {release.version}», tag {release.tag}.\n")
            return
        make_release(repo, release)
    except ReleaseRefused as why:
        sys.stderr.write(f"No release: {why}.\n")
        sys.exit(1)
    sys.stdout.write(
        f"Made {release.tag}. Next: git push --follow-tags, and make image on a machine with "
        "Docker.\n"
    )


if __name__ == "__main__":
    main()
