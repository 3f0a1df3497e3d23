"""What automations may ask of deals' facts beyond the pipeline or stage."""

from __future__ import annotations

from typing import Annotated

import msgspec

from waypost.kernel.model import Model
from waypost.kernel.registry import TriggerWord

Id = Annotated[int, msgspec.Meta(ge=1)]
Value = str | int | float


class DealStageChange(Model):
    """Into a stage, out of a stage; what is left out is any."""

    stage_id: Id | None = None
    from_stage_id: Id | None = None


class DealFieldChange(Model):
    """From a value, to a value; what is left out is any."""

    deal_field_id: Id | None = None
    from_value: Value | None = None
    to_value: Value | None = None


TRIGGERS = (
    TriggerWord("deal_stage_changed", "", DealStageChange, {"from_stage_id": "old"}),
    TriggerWord("deal_field_changed", "", DealFieldChange, {"from_value": "old", "to_value": "new"}),
)
