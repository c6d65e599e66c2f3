"""The facts that licenses ask for; None where nobody has told them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the product, of the component in it, and of the company.

    `mau` are users a month (now, and in the month before a model's release), `annual_revenue_usd` US dollars.
    `entitlements` are licenses bought, `additional_use_grant` whether a grant (BUSL) covers this use, or the grant's
    own words where nobody has said whether they do. `shipped` and `present_in_artifact` are whether the component
    really is in what is passed on; `exposes_functionality` whether third parties get the component's own functions as a
    service; `store` the store that an app goes through. `reserved_font_name_kept` is whether a changed font still has a
    name that its owner reserved.
    """

    mau: int | None = None
    mau_at_model_release: int | None = None
    annual_revenue_usd: int | None = None
    eu_domiciled: bool | None = None
    commercial: bool | None = None
    entitlements: frozenset[str] = frozenset()
    additional_use_grant: bool | str | None = None
    component_has_notice: bool | None = None
    consumer_product: bool | None = None
    present_in_artifact: bool | None = None
    shipped: bool | None = None
    exposes_functionality: bool | None = None
    sold_alone: bool | None = None
    eula_forbids_reverse_engineering: bool | None = None
    store: str | None = None
    reserved_font_name_kept: bool | None = None

    @property
    def is_there(self) -> bool | None:
        """Whether it is in what is passed on; where the two facts contradict each other, the worse one counts."""
        told = {self.shipped, self.present_in_artifact} - {None}
        return True if True in told else False if told else None


NO_FACTS = Facts()
