"""What can go wrong with campaigns."""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind


class CampaignNotFound(Failure):
    kind = Kind.NOT_FOUND
    code = "campaigns.campaign_not_found"
    template = "There is no campaign {campaign_id}."


class CampaignStarted(Failure):
    kind = Kind.CONFLICT
    code = "campaigns.campaign_started"
    template = "The campaign is {state}. Only a draft, or one that has not begun, can be changed."


class CampaignUnready(Failure):
    kind = Kind.CONFLICT
    code = "campaigns.campaign_unready"
    template = "{message}"


class ApprovalOutdated(Failure):
    kind = Kind.CONFLICT
    code = "campaigns.approval_outdated"
    template = "The campaign or its message was changed since you looked at it. Look again."


class StepRefused(Failure):
    kind = Kind.CONFLICT
    code = "campaigns.step_refused"
    template = "A campaign that is {state} cannot be {verb}."


class VariantNotSent(Failure):
    kind = Kind.NOT_FOUND
    code = "campaigns.variant_not_sent"
    template = "Campaign {campaign_id} has sent no variant {variant}."
