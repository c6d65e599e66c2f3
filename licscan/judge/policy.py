"""What the findings are judged by."""

from __future__ import annotations

from dataclasses import dataclass

from licscan.judge.policies import NO_POLICY, LicensePolicy


@dataclass(frozen=True, slots=True)
class Policy:
    """The product's own license (an SPDX expression, or `proprietary`), how that is known, and the user's rules.

    `offline` is whether the registries were left alone, so that no silence is theirs; `resolve` whether the ecosystems'
    own resolvers were asked.
    """

    outbound: str = "proprietary"
    outbound_reason: str = ""
    licenses: LicensePolicy = NO_POLICY
    offline: bool = False
    resolve: bool = False
