"""Makes a release of this repository: its version, its part of the changelog, a commit and a tag.

Promises that a release is of a clean tree, greater than the last one, says what changed, and runs
beside the release before it. Talks to git; changes nothing if it refuses.
"""
