"""Looks for keys, tokens and passwords in every tracked text; ends with 1 and names file and line when one is found.

A line that only looks like a secret ends with `pragma: allowlist secret`.
"""

import subprocess
import sys
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).resolve().parents[2]
# Locks are full of hashes; the words "password" and "key" stand in every second line of a product with sign-in.
SKIPPED = {"package-lock.json", "requirements.txt", "requirements-dev.txt"}
PLUGINS = [
    "ArtifactoryDetector",
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "BasicAuthDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "JwtTokenDetector",
    "NpmDetector",
    "OpenAIDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SendGridDetector",
    "SlackDetector",
    "StripeDetector",
]


def main() -> int:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = []
    settings = {
        "plugins_used": [{"name": name} for name in PLUGINS],
        "filters_used": [{"path": "detect_secrets.filters.allowlist.is_line_allowlisted"}],
    }
    with transient_settings(settings):
        for name in filter(None, tracked.split("\0")):
            path = ROOT / name
            if path.is_file() and path.name not in SKIPPED:
                found += [f"{name}:{secret.line_number}: {secret.type}" for secret in scan_file(str(path))]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
